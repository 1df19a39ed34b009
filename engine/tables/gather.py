"""Gather: the text of a table's cells, batch by batch, becomes its columns, and every cell that is wrong is noted.

In:   a table's shape and batches of text.    Out: `Gatherer`, `CellProblem`, and what makes one.
Uses: tables.cells, tables.delimited (`Batch`), tables.memory.    Used by: tables.load.
Not here: opening a file (load); what one cell means (cells).
"""

from array import array
from collections.abc import Callable
from datetime import date
from itertools import compress
from operator import gt
from typing import Any, Final

from msgspec import Struct
from msgspec.structs import replace

from sequela.engine.tables.cells import cell_reader, key_reader, period_end, period_start
from sequela.engine.tables.delimited import Batch
from sequela.engine.tables.faults import CellFault, FaultKind
from sequela.engine.tables.memory import MemoryTable
from sequela.engine.tables.model import OPEN_END, OPEN_START, Covers, TableShape

MOST_SHOWN: Final = 20
"""How many faults of one table are shown one by one; the others are counted."""

_MOST_CACHED = 500_000
_CODES: Final = {
    FaultKind.NOT_A_VALUE: "SEQ463",
    FaultKind.NOT_A_CODE: "SEQ464",
    FaultKind.NOT_A_LIST: "SEQ465",
    FaultKind.EMPTY_KEY: "SEQ467",
    FaultKind.NOT_A_RANGE: "SEQ468",
    FaultKind.NOT_A_PATTERN: "SEQ468",
}


class CellProblem(Struct, frozen=True, kw_only=True):
    """What is wrong with one cell of a table, or with a whole row (`column` None).

    `row` counts the data rows from 1; `column` is the declared name.
    """

    code: str
    message: str
    row: int
    column: str | None
    hint: str | None = None


def cell_problem(row: int, column: str, fault: CellFault) -> CellProblem:
    """What is wrong with one cell."""
    return CellProblem(code=_CODES[fault.kind], message=fault.message, row=row, column=column, hint=fault.hint)


def misshapen_problem(row: int, count: int, width: int) -> CellProblem:
    """A row of `count` cells where `width` are expected."""
    message = f"The row has {count} cell{'' if count == 1 else 's'} where {width} are expected."
    hint = "A cell that holds a comma stands in quotes." if count > width else "Every row has a cell for each column."
    return CellProblem(code="SEQ462", message=message, row=row, column=None, hint=hint)


def reversed_problem(row: int, shape: TableShape) -> CellProblem:
    """A row whose last day is earlier than its first."""
    start, end = shape.in_force or ("", "")
    message = f"The row ends before it starts: `{end}` is earlier than `{start}`."
    hint = "Both days are included; an empty end is open."
    return CellProblem(code="SEQ466", message=message, row=row, column=end, hint=hint)


class _Values(dict[str, Any]):
    """The value of each text that a column held so far: equal cells are read once and share one value."""

    def __init__(self, read: Callable[[str], Any]) -> None:
        super().__init__()
        self.read = read
        self.faulty = False

    def __missing__(self, text: str) -> Any:
        value = self.read(text)
        self.faulty = self.faulty or isinstance(value, CellFault)
        if len(self) < _MOST_CACHED:
            self[text] = value
        return value


class Gatherer:
    """Takes the rows of a table batch by batch; keeps their values and the first faults."""

    def __init__(self, shape: TableShape) -> None:
        self.shape = shape
        self.count = 0
        self.faults: list[CellProblem] = []
        self.unshown = 0
        self.starts, self.ends, self.lines = array("i"), array("i"), array("i")
        self.readers: list[_Values] = []
        self.columns: list[list[Any]] = [[] for _ in (*shape.keys, *shape.values)]
        shared: dict[Any, _Values] = {}
        for key in self.shape.keys:
            self.readers.append(shared.setdefault((key.type, key.match), _Values(key_reader(key))))
        for column in self.shape.values:
            self.readers.append(shared.setdefault(column.type, _Values(cell_reader(column.type))))
        if self.shape.in_force is not None:
            self.readers += [_Values(period_start), _Values(period_end)]

    def add(self, batch: Batch, width: int) -> None:
        """Takes the next rows; `width` is the number of cells that each should have."""
        rows = len(batch.columns[0])
        values = [
            list(map(reader.__getitem__, texts)) for reader, texts in zip(self.readers, batch.columns, strict=True)
        ]
        faults = [self._misshapen(at, count, width) for at, count in batch.misshapen]
        skipped = {at for at, _ in batch.misshapen}
        names = [name for name, _ in self.shape.columns]
        for name, reader, found in zip(names, self.readers, values, strict=True):
            if reader.faulty:
                faults += [
                    self._fault(at, name, value)
                    for at, value in enumerate(found)
                    if isinstance(value, CellFault) and at not in skipped
                ]
        if self.shape.in_force is not None:
            faults += self._periods(values[-2], values[-1], skipped)
        order = {name: place for place, name in enumerate(names)}
        faults.sort(key=lambda problem: (problem.row, order.get(problem.column or "", -1)))
        room = MOST_SHOWN - len(self.faults)
        self.faults += faults[:room]
        self.unshown += len(faults[room:])
        if not self.faults:
            for column, found in zip(self.columns, values, strict=False):
                column.extend(found)
        if batch.lines is not None:
            self.lines.extend(batch.lines)
        self.count += rows

    def _periods(self, starts: list[Any], ends: list[Any], skipped: set[int]) -> list[CellProblem]:
        """Keeps the rows' periods; the faults are those that end before they start."""
        if not (self.readers[-2].faulty or self.readers[-1].faulty):
            self.starts.extend(starts)
            self.ends.extend(ends)
            return [
                self._reversed(at) for at in compress(range(len(starts)), map(gt, starts, ends)) if at not in skipped
            ]
        pairs = enumerate(zip(starts, ends, strict=True))
        return [
            self._reversed(at)
            for at, (start, end) in pairs
            if isinstance(start, int) and isinstance(end, int) and start > end and at not in skipped
        ]

    def _fault(self, at: int, column: str, fault: CellFault) -> CellProblem:
        return cell_problem(self.count + at + 1, column, fault)

    def _misshapen(self, at: int, count: int, width: int) -> CellProblem:
        return misshapen_problem(self.count + at + 1, count, width)

    def _reversed(self, at: int) -> CellProblem:
        return reversed_problem(self.count + at + 1, self.shape)

    def problems(self) -> tuple[CellProblem, ...]:
        """The faults found, at most 20; the last one says how many others there are."""
        if not self.unshown:
            return tuple(self.faults)
        *others, last = self.faults
        message = f"{last.message} In this table {self.unshown:,} more cells or rows cannot be read."
        return (*others, replace(last, message=message))

    def line_of(self, row: int) -> int | None:
        """The line where a row (from 1) begins; None where the file has no lines."""
        return self.lines[row - 1] if self.lines else None

    def table(self, file: str, sha256: str, release: str | None = None, covers: Covers | None = None) -> MemoryTable:
        """The table, when there are no problems.

        The dates that it covers are those of its declaration, else `covers`, else those of its rows.
        """
        names = [name for name, _ in self.shape.columns][: len(self.columns)]
        first = self.lines[0] if self.lines else None
        successive = first is not None and self.lines == array("i", range(first, first + self.count))
        return MemoryTable(
            shape=self.shape,
            file=file,
            sha256=sha256,
            count=self.count,
            covers=self.shape.covers or covers or self._span(),
            release=release,
            cells=dict(zip(names, self.columns, strict=True)),
            starts=self.starts,
            ends=self.ends,
            first_line=first if successive else None,
            lines=None if successive or first is None else self.lines,
        )

    def _span(self) -> Covers | None:
        """From the first start to the last end; every date where rows are not dated; None where there are no rows."""
        if self.shape.in_force is None:
            return Covers(None, None)
        if not self.starts:
            return None
        first, last = min(self.starts), max(self.ends)
        return Covers(
            None if first == OPEN_START else date.fromordinal(first),
            None if last == OPEN_END else date.fromordinal(last),
        )
