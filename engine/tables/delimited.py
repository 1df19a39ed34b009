"""Delimited: CSV and TSV files as columns of text.

In:   the bytes of a file.    Out: `DelimitedFile`, `Batch`, `open_delimited`.
Uses: diagnostics.            Used by: tables.load.
Not here: what a cell means (cells); which columns are wanted (header); Parquet (parquet.py).

The first line names the columns. Lines whose cells are all empty are not rows: spreadsheets leave them behind.
"""

import csv
import io
import re
from collections.abc import Iterator, Sequence
from itertools import accumulate, islice
from typing import Protocol

from msgspec import Struct

from sequela.engine.diagnostics.model import InputProblem

BATCH = 5_000
"""How many rows are read at a time."""

_LONGEST_CELL = 2**31 - 1
_BREAK = re.compile(r"\r\n|\r|\n")
_UTF_16 = (b"\xff\xfe", b"\xfe\xff")
_ZIP = b"PK\x03\x04"


class Batch(Struct, frozen=True):
    """Some rows as columns of text: one list for each wanted column, all of one length.

    `lines` is the line where each row begins, None where a file has no lines; `misshapen` are the rows (from 0, in the
    batch) that have another number of cells than the header, with that number: they are filled up or cut. `file` is the
    name of the file that the rows stand in, where a table is made of several. `refused` are the rows (from 0) that must
    not become part of a table whatever their cells hold, each with the sentence that says why.
    """

    columns: tuple[Sequence[str], ...]
    lines: Sequence[int] | None
    misshapen: tuple[tuple[int, int], ...] = ()
    file: str | None = None
    refused: tuple[tuple[int, str], ...] = ()


class DelimitedFile(Struct, frozen=True, kw_only=True):
    """A CSV or TSV file of which the header was read."""

    name: str
    header: tuple[str, ...]
    header_line: int
    data: bytes
    delimiter: str

    def __repr__(self) -> str:
        return f"DelimitedFile(name={self.name!r}, header={self.header!r})"

    def batches(self, wanted: Sequence[int]) -> Iterator[Batch | InputProblem]:
        """The rows, some at a time, in the columns whose places in the header are `wanted`; a problem ends them."""
        reader = _reader(self.data, self.delimiter)
        width = len(self.header)
        try:
            _header(reader)
            while True:
                before = reader.line_num
                found = list(islice(reader, BATCH))
                if not found:
                    return
                yield _batch(found, before, reader.line_num, width, wanted)
        except (UnicodeDecodeError, csv.Error) as error:
            yield _text_problem(self.name, self.data, self.delimiter, error)


class _Reader(Protocol):
    """A reader of the csv module; `line_num` counts the lines read so far."""

    @property
    def line_num(self) -> int: ...

    def __iter__(self) -> Iterator[list[str]]: ...

    def __next__(self) -> list[str]: ...


def open_delimited(name: str, data: bytes, delimiter: str) -> DelimitedFile | InputProblem:
    """The file with its header, or why it cannot be read as text; `name` is what messages call it."""
    if data.startswith(_UTF_16):
        hint = "Save it as `CSV UTF-8`."
        return InputProblem(code="SEQ452", message=f"{name} is UTF-16 text, not UTF-8.", file=name, place="", hint=hint)
    if data.startswith(_ZIP):
        message = f"{name} is a workbook or a ZIP archive under another name, not text."
        hint = "Open it in the program that made it and save it as CSV."
        return InputProblem(code="SEQ452", message=message, file=name, place="", hint=hint)
    reader = _reader(data, delimiter)
    try:
        first = _header(reader)
    except (UnicodeDecodeError, csv.Error) as error:
        return _text_problem(name, data, delimiter, error)
    if first is None:
        hint = "The first line names the columns; the rows follow."
        return InputProblem(code="SEQ453", message=f"{name} is empty.", file=name, place="line 1", hint=hint)
    line, header = first
    return DelimitedFile(name=name, header=tuple(header), header_line=line, data=data, delimiter=delimiter)


def _reader(data: bytes, delimiter: str) -> _Reader:
    csv.field_size_limit(_LONGEST_CELL)
    text = io.TextIOWrapper(io.BytesIO(data), encoding="utf-8-sig", newline="")
    return csv.reader(text, delimiter=delimiter, strict=True)


def _header(reader: _Reader) -> tuple[int, list[str]] | None:
    """The first row that is not blank, with the line where it begins; None where there is none."""
    before = 0
    for row in reader:
        if not _blank(row):
            return before + 1, row
        before = reader.line_num
    return None


def _blank(row: list[str]) -> bool:
    return not any(cell and not cell.isspace() for cell in row)


def _batch(found: list[list[str]], before: int, after: int, width: int, wanted: Sequence[int]) -> Batch:
    """Rows, read from the lines after `before` up to `after`, as columns."""
    lines = list(range(before + 1, after + 1))
    if len(lines) != len(found):  # a cell has line breaks in it
        lines = list(
            accumulate((1 + sum(len(_BREAK.findall(cell)) for cell in row) for row in found), initial=before + 1)
        )
    if not all(row and row[0].strip() for row in found):
        kept = [(line, row) for line, row in zip(lines, found, strict=False) if not _blank(row)]
        lines, found = [line for line, _ in kept], [row for _, row in kept]
    misshapen: tuple[tuple[int, int], ...] = ()
    if set(map(len, found)) != {width}:
        misshapen = tuple((at, len(row)) for at, row in enumerate(found) if len(row) != width)
        for at, count in misshapen:
            found[at][width:] = [""] * (width - count)
    columns = list(zip(*found, strict=True)) if found else [()] * width
    return Batch(tuple(columns[place] for place in wanted), lines[: len(found)], misshapen)


def _text_problem(name: str, data: bytes, delimiter: str, error: UnicodeDecodeError | csv.Error) -> InputProblem:
    if isinstance(error, UnicodeDecodeError):
        return _not_utf8(name, data)
    end = "unexpected end" in str(error)
    message = f"In {name} the quotes of a cell are not closed." if end else f"In {name} the quotes of a cell go wrong."
    hint = 'A cell with a comma or a quote stands in quotes, and a quote inside it is doubled: "like ""S52.???A"""'
    place = f"line {_broken_row(data, delimiter)}"
    return InputProblem(code="SEQ457", message=message, file=name, place=place, hint=hint)


def _broken_row(data: bytes, delimiter: str) -> int:
    """The line where the row begins that the csv module cannot read."""
    reader, before = _reader(data, delimiter), 0
    try:
        for _ in reader:
            before = reader.line_num
    except (UnicodeDecodeError, csv.Error):
        pass
    return before + 1


def _not_utf8(name: str, data: bytes) -> InputProblem:
    try:
        data.decode("utf-8")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        seen = data[error.start : error.start + 1].decode("cp1252", errors="replace")
        message = f"{name} is not UTF-8 text; it may be Windows-1252, where the letter would be `{seen}`."
    else:
        line, message = 1, f"{name} is not UTF-8 text."
    hint = "Save it as `CSV UTF-8`."
    return InputProblem(code="SEQ452", message=message, file=name, place=f"line {line}", hint=hint)
