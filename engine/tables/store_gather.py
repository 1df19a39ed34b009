"""Store gather: the text of a release's cells, batch by batch, becomes numbers; rows that are wrong are told of.

In:   a table's shape and batches of text.    Out: `StoreGatherer`, `Reject`.
Uses: tables.cells, tables.delimited, tables.gather, tables.store_cells.    Used by: store_write, store_layout.
Not here: sorting the rows, and where they stand in the file (store_layout).

Each column keeps every text that it holds once, and a number for each row: millions of rows need little memory.
"""

from array import array
from collections.abc import Callable, Sequence
from datetime import date
from itertools import compress
from operator import gt
from typing import Any, Final

from attrs import frozen

from sequela.engine.tables.cells import CellReader, cell_reader, key_reader, period_end, period_start
from sequela.engine.tables.delimited import Batch
from sequela.engine.tables.faults import CellFault
from sequela.engine.tables.gather import CellProblem, cell_problem, misshapen_problem, reversed_problem
from sequela.engine.tables.index import KeyMatch
from sequela.engine.tables.model import OPEN_END, OPEN_START, Covers, TableShape
from sequela.engine.tables.store_cells import key_text, stored_text
from sequela.engine.vocabulary.absent import NONE
from sequela.engine.vocabulary.kinds import Type

_FAULTY: Final = -1
_MOST_CACHED: Final = 500_000


@frozen
class Reject:
    """A row that was left out: the file (None: the only one) and the row there, what is wrong, its cells as they came."""

    file: str | None
    row: int
    problems: tuple[CellProblem, ...]
    cells: tuple[str, ...]


class Numbered(dict[str, int]):
    """The number of each cell text that a column held so far; -1 for one that cannot be read."""

    def __init__(self, read: CellReader, number_of: Callable[[Any], int]) -> None:
        super().__init__()
        self.read = read
        self._number_of = number_of

    def __missing__(self, text: str) -> int:
        value = self.read(text)
        number = _FAULTY if isinstance(value, CellFault) else self._number_of(value)
        if len(self) < _MOST_CACHED:
            self[text] = number
        return number


class ColumnNumbers:
    """One column of keys or values: its texts by number (0 is the empty cell), and the number of each row."""

    def __init__(self, name: str, kind: Type, match: KeyMatch | None, reader: CellReader) -> None:
        self.name = name
        self.kind = kind
        self.match = match
        self.texts: dict[str, int] = {"": 0}
        self.rows = array("I")
        self.by_cell = Numbered(reader, self._number_of)
        self._text = key_text if match == "exact" else stored_text

    def _number_of(self, value: Any) -> int:
        return 0 if value is NONE else self.texts.setdefault(self._text(value), len(self.texts))


def _same(day: int) -> int:
    return day


class StoreGatherer:
    """Takes the rows of a release batch by batch and keeps those that can be read."""

    def __init__(self, shape: TableShape) -> None:
        self.shape = shape
        self.count = 0
        self.columns = [
            *(ColumnNumbers(key.name, key.type, key.match, key_reader(key)) for key in shape.keys),
            *(ColumnNumbers(one.name, one.type, None, cell_reader(one.type)) for one in shape.values),
        ]
        self.days = [] if shape.in_force is None else [Numbered(period_start, _same), Numbered(period_end, _same)]
        self.starts = array("i")
        self.ends = array("i")
        self.files: dict[str | None, int] = {}
        self.file_of = array("H")
        self.numbers = array("I")
        self._seen: dict[str | None, int] = {}

    def add(self, batch: Batch) -> list[Reject]:
        """Takes the next rows; those that are left out are handed back."""
        size = len(batch.columns[0])
        readers = [*(column.by_cell for column in self.columns), *self.days]
        found = [list(map(reader.__getitem__, texts)) for reader, texts in zip(readers, batch.columns, strict=True)]
        file = self.files.setdefault(batch.file, len(self.files))
        before = self._seen.get(batch.file, 0)
        self._seen[batch.file] = before + size
        numbers = range(before + 1, before + size + 1) if batch.lines is None else batch.lines
        bad = self._bad(found, batch)
        rejects = [self._reject(at, numbers[at], batch) for at in sorted(bad)]
        if bad:
            kept = [at not in bad for at in range(size)]
            found = [list(compress(column, kept)) for column in found]
            numbers = list(compress(numbers, kept))
        for column, rows in zip(self.columns, found, strict=False):
            column.rows.extend(rows)
        if self.days:
            self.starts.extend(found[-2])
            self.ends.extend(found[-1])
        self.numbers.extend(numbers)
        self.file_of.extend([file] * len(numbers))
        self.count += len(numbers)
        return rejects

    def _bad(self, found: Sequence[list[int]], batch: Batch) -> set[int]:
        """The rows of a batch, from 0, that are left out."""
        bad = {at for at, _ in (*batch.misshapen, *batch.refused)}
        for column in found:
            if column and min(column) < 0:
                bad.update(at for at, number in enumerate(column) if number < 0)
        if self.days:
            bad.update(compress(range(len(found[-1])), map(gt, found[-2], found[-1])))
        return bad

    def _reject(self, at: int, row: int, batch: Batch) -> Reject:
        cells = tuple(column[at] for column in batch.columns)
        names = [name for name, _ in self.shape.columns]
        readers = [*(column.by_cell for column in self.columns), *self.days]
        problems = [misshapen_problem(row, count, len(names)) for place, count in batch.misshapen if place == at]
        problems += [
            CellProblem(code="SEQ488", message=why, row=row, column=None) for place, why in batch.refused if place == at
        ]
        for name, reader, cell in zip(names, readers, cells, strict=True):
            value = reader.read(cell)
            if isinstance(value, CellFault):
                problems.append(cell_problem(row, name, value))
        if not problems:
            problems.append(reversed_problem(row, self.shape))
        return Reject(batch.file, row, tuple(problems), cells)

    def span(self) -> Covers | None:
        """From the first start to the last end; every date where rows are not dated; None where there are no rows."""
        if not self.days:
            return Covers(None, None)
        if not self.count:
            return None
        first, last = min(self.starts), max(self.ends)
        return Covers(
            None if first == OPEN_START else date.fromordinal(first),
            None if last == OPEN_END else date.fromordinal(last),
        )
