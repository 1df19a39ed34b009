"""Flat CSV: the rows of a CSV, TSV or other delimited text.

In:   a stream of bytes.            Out: `CsvRows`, `open_csv`, or why it cannot be read.
Uses: flat_rows, flat_layout.       Used by: from_flat, flat_members.
Not here: what a cell means (flat_cells); reference tables (tables.delimited).
"""

import csv
import io
import os
from collections.abc import Collection, Iterator, Sequence
from typing import BinaryIO, Final

from attrs import field, frozen

from sequela.engine.diagnostics.model import InputProblem
from sequela.engine.encounter.flat_layout import plain_name
from sequela.engine.encounter.flat_rows import FlatRow, Spoiled

DELIMITERS: Final = (",", "\t", ";", "|")
_LONGEST_CELL: Final = 2**31 - 1
_GZIP: Final = 8
"""By about so much a table of claims shrinks when it is packed."""


@frozen(kw_only=True)
class CsvRows:
    """A delimited text of which the header was read; it is gone through from its beginning each time."""

    name: str
    header: tuple[str, ...]
    size: int
    delimiter: str
    _stream: BinaryIO = field(repr=False)

    def rows(self, kept: Sequence[int], id_at: int = 0) -> Iterator[FlatRow | InputProblem]:
        """The rows below the header, in the columns at these places; see `Rows`."""
        width = len(self.header)
        self._stream.seek(0)
        text = _text(self._stream)
        number = 0
        try:
            has_header = False
            for cells in csv.reader(text, delimiter=self.delimiter, strict=True):
                number += 1
                if not any(cells):
                    continue
                if not has_header:
                    has_header = True
                elif len(cells) >= width and not any(cells[width:]):  # spreadsheets leave empty columns behind
                    yield number, [cells[place] for place in kept]
                else:
                    yield number, Spoiled(len(cells), cells[kept[id_at]] if kept[id_at] < len(cells) else "")
        except csv.Error as fault:
            end = "unexpected end" in str(fault)
            yield InputProblem(
                code="SEQ738",
                message=f"The quotes of a cell {'are not closed' if end else 'go wrong'}; nothing is read from there on.",
                file=self.name,
                place=f"row {number + 1}",
                hint='A cell with a comma or a quote stands in quotes, and a quote inside it is doubled: "a ""b"", c".',
            )
        finally:
            text.detach()


def open_csv(stream: BinaryIO, name: str, wanted: Collection[str] = ()) -> CsvRows | InputProblem:
    """The rows of a text, or why there are none.

    Args:
        stream: the bytes, which can be gone through more than once.
        name: what to call it in problems.
        wanted: plain names of columns that are looked for: the delimiter is the one that finds most of them.
    """
    csv.field_size_limit(_LONGEST_CELL)
    stream.seek(0)
    text = _text(stream)
    try:
        first = next((line for line in text if line.strip()), "")
    finally:
        text.detach()
    headers = {one: _split(first, one) for one in DELIMITERS}
    delimiter = max(DELIMITERS, key=lambda one: (_known(headers[one], wanted), len(headers[one])))
    header = headers[delimiter]
    if not any(header):
        return InputProblem(code="SEQ700", message="There is nothing in the file.", file=name, place="the whole file",
                            hint="Was it written to the end?")  # fmt: skip
    return CsvRows(name=name, header=tuple(header), size=_size(stream), delimiter=delimiter, stream=stream)


def _known(header: Sequence[str], wanted: Collection[str]) -> int:
    return sum(plain_name(one) in wanted for one in header)


def _split(line: str, delimiter: str) -> list[str]:
    try:
        return next(csv.reader([line], delimiter=delimiter, strict=True), [])
    except csv.Error:
        return line.rstrip("\r\n").split(delimiter)


def _text(stream: BinaryIO) -> io.TextIOWrapper:
    """The stream as text; a byte that is no UTF-8 stays, and is found where its cell is read."""
    return io.TextIOWrapper(stream, encoding="utf-8-sig", errors="surrogateescape", newline="")


def _size(stream: BinaryIO) -> int:
    """How many bytes a stream holds; of a packed one about how many."""
    try:
        size = os.fstat(stream.fileno()).st_size
    except (OSError, AttributeError):
        size = stream.seek(0, os.SEEK_END)
    return size * _GZIP if hasattr(stream, "mtime") else size
