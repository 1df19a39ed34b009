"""Grid: the rows of an input as cells of text, batch by batch, whether it is text with commas or tabs, or a workbook.

In:   an `Input`.               Out: `Grid`, `Rows`, `open_grids`.
Uses: csv, imports.xlsx.        Used by: imports.header, the importers of files with rows.
Not here: which row is the header (header); what a cell means (the importers).

Cells are text as they stand in the file, without blanks at their ends. Published files do not follow RFC 4180 to the
letter: rows differ in length, a notice runs over several lines of one cell, a quote stands in the middle of a text.
"""

import csv
import io
import re
from collections.abc import Iterator, Sequence
from itertools import accumulate, islice
from typing import Final

from attrs import frozen

from sequela.engine.diagnostics.model import InputProblem
from sequela.engine.imports.inputs import Input
from sequela.engine.imports.kinds import refused
from sequela.engine.imports.xlsx import SheetUnreadable, sheet_names, sheet_rows

BATCH: Final = 20_000
_LONGEST_CELL: Final = 2**31 - 1
_SAMPLE: Final = 40
_BREAK: Final = re.compile(r"\r\n|\r|\n")


@frozen
class Rows:
    """Some rows: the line of the file (or the row of the sheet) where each begins, and its cells."""

    lines: Sequence[int]
    rows: list[Sequence[str]]


@frozen(eq=False, kw_only=True)
class Grid:
    """The rows of a text file, or of one sheet of a workbook.

    `name` is what messages call it; `is_sheet` says that codes made of digits may have lost their leading zeros.
    """

    name: str
    input: Input
    sheet: str | None = None
    delimiter: str = ","
    encoding: str = "utf-8-sig"

    @property
    def is_sheet(self) -> bool:
        """Whether it is a sheet of a workbook, whose numbers are numbers."""
        return self.sheet is not None

    def batches(self, size: int = BATCH) -> Iterator[Rows | InputProblem]:
        """Its rows from the start, at most `size` at a time; blank rows are left out. A problem ends them."""
        try:
            yield from self._sheet(size) if self.sheet is not None else self._text(size)
        except SheetUnreadable as error:
            hint = "Open it in the spreadsheet program and save it anew, or take the text file of the same edition."
            yield refused("SEQ482", f"{self.name} cannot be read: {error}.", self.input.name, hint=hint)
        except (OSError, EOFError, csv.Error, UnicodeDecodeError) as error:
            yield refused("SEQ482", f"{self.name} cannot be read: {error}.", self.input.name)

    def first(self, count: int = _SAMPLE) -> Rows | InputProblem:
        """Its first rows, at most `count`; none where it is blank."""
        return next(self.batches(count), Rows((), []))

    def _sheet(self, size: int) -> Iterator[Rows]:
        with self.input.seekable() as stream:
            found = ((at, tuple(map(str.strip, cells))) for at, cells in sheet_rows(stream, self.sheet))
            rows = ((at, cells) for at, cells in found if any(cells))
            while batch := list(islice(rows, size)):
                yield Rows([at for at, _ in batch], [cells for _, cells in batch])

    def _text(self, size: int) -> Iterator[Rows]:
        csv.field_size_limit(_LONGEST_CELL)
        with self.input.open() as stream, io.TextIOWrapper(stream, self.encoding, newline="") as text:
            quoted = self.delimiter == ","
            reader = csv.reader(text, delimiter=self.delimiter, quoting=csv.QUOTE_MINIMAL if quoted else csv.QUOTE_NONE)
            before = reader.line_num
            while found := list(islice(reader, size)):
                yield _kept(found, before, reader.line_num, quoted)
                before = reader.line_num


def open_grids(one: Input) -> tuple[Grid, ...] | InputProblem:
    """The grid of a text file, or one for each sheet of a workbook, in their order; or why it cannot be read."""
    try:
        if one.is_workbook:
            with one.seekable() as stream:
                names = sheet_names(stream)
            many = len(names) > 1
            return tuple(
                Grid(name=f"{one.name}, sheet {name}" if many else one.name, input=one, sheet=name) for name in names
            )
        encoding = one.encoding()
    except (SheetUnreadable, OSError, EOFError) as error:
        hint = "Fetch it anew, or take the text file of the same edition." if one.is_workbook else None
        return refused("SEQ482", f"{one.name} cannot be read: {error}.", one.name, hint=hint)
    sample = one.head.decode("utf-16" if encoding == "utf-16" else "latin-1", "replace")
    return (Grid(name=one.name, input=one, delimiter=_delimiter(one.suffix, sample), encoding=encoding),)


def _delimiter(suffix: str, sample: str) -> str:
    """What parts the cells: what a sample of the file holds most of, where the name does not say."""
    counts = {mark: sample.count(mark) for mark in ("\t", ",", ";", "|")}
    if suffix == ".csv" and counts[","]:
        return ","
    lines = sample.splitlines()
    if sum(line.count("\t") > 0 for line in lines) * 2 > len(lines):
        return "\t"
    return max(counts, key=lambda mark: counts[mark]) if any(counts.values()) else "\t"


def _kept(found: list[list[str]], before: int, after: int, quoted: bool) -> Rows:
    """Rows that were read from the lines after `before` up to `after`, without the blank ones."""
    lines: Sequence[int] = range(before + 1, after + 1)
    if len(lines) != len(found):  # a cell has line breaks in it
        breaks = (1 + sum(len(_BREAK.findall(cell)) for cell in row) for row in found)
        lines = list(accumulate(breaks, initial=before + 1))[: len(found)]
    rows: list[Sequence[str]] = [[cell.strip() for cell in row] for row in found]
    if not quoted and any('"' in cell for row in rows for cell in row):
        rows = [[_unquoted(cell) for cell in row] for row in rows]
    if all(row and row[0] for row in rows):
        return Rows(lines, rows)
    kept = [(line, row) for line, row in zip(lines, rows, strict=True) if any(row)]
    return Rows([line for line, _ in kept], [row for _, row in kept])


def _unquoted(cell: str) -> str:
    """A cell of a file with tabs, without the quotes that a spreadsheet program puts around a text with commas."""
    if len(cell) > 1 and cell[0] == '"' == cell[-1]:
        return cell[1:-1].replace('""', '"').strip()
    return cell
