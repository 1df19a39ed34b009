"""Columns: rows of a published file as columns of a table's batch, and what is wrong with a row as a whole.

In:   rows of cells and where the wanted columns stand.    Out: `wanted_columns`, `with_zeros`, `Once`.
Uses: imports.grid, imports.header, vocabulary.            Used by: the importers of files with rows.
Not here: what one cell means (tables.cells).
"""

from collections.abc import Callable, Sequence
from typing import Final

from attrs import frozen

from sequela.engine.imports.grid import Rows
from sequela.engine.imports.header import Header
from sequela.engine.vocabulary.kinds import CodeOf, Type
from sequela.engine.vocabulary.systems import System

_DIGITS: Final = {
    System.HCPCS: 5,
    System.CPT: 5,
    System.POS: 2,
    System.REVENUE: 4,
    System.DRG: 3,
    System.NDC: 11,
    System.MODIFIER: 2,
    System.CONDITION: 2,
    System.OCCURRENCE: 2,
    System.VALUE: 2,
    System.SPECIALTY: 2,
    System.BILL_TYPE: 4,
    System.DISCHARGE_STATUS: 2,
    System.ICD10PCS: 7,
}
"""How many characters a code has that may be made of digits alone."""


class Once(dict[str, str]):
    """A function of texts that is asked once for each text, since columns repeat a few values millions of times."""

    def __init__(self, read: Callable[[str], str]) -> None:
        super().__init__()
        self._read = read

    def __missing__(self, text: str) -> str:
        made = self[text] = self._read(text)
        return made


@frozen
class Wanted:
    """The wanted columns of some rows, by name; `refused` are rows (from 0) that are out of shape, and why."""

    columns: dict[str, Sequence[str]]
    lines: Sequence[int]
    refused: tuple[tuple[int, str], ...]


def wanted_columns(rows: Rows, header: Header, needed: Sequence[str]) -> Wanted:
    """The columns of the header out of some rows.

    A row that ends before the last of the `needed` columns, or goes on beyond the header, is refused: its cells may stand
    in the wrong columns. Cells that are missing after that are empty.
    """
    width = header.width
    least = max(header.places[name] for name in needed) + 1
    refused: list[tuple[int, str]] = []
    found = rows.rows
    if any(len(row) != width for row in found):
        found = list(found)
        for at, row in enumerate(found):
            if len(row) < least or any(row[width:]):
                many = f"{len(row)} cell{'' if len(row) == 1 else 's'}"
                refused.append((at, f"The row has {many} where {width} are expected."))
            if len(row) != width:
                found[at] = [*row[:width], *[""] * (width - len(row))]
    columns = list(zip(*found, strict=True)) if found else [()] * width
    return Wanted({name: columns[place] for name, place in header.places.items()}, rows.lines, tuple(refused))


def with_zeros(kind: Type, texts: Sequence[str]) -> Sequence[str]:
    """Codes of a workbook with the leading zeros that it takes from codes made of digits: 100 of HCPCS is 00100."""
    digits = _DIGITS.get(kind.system) if isinstance(kind, CodeOf) else None
    if digits is None:
        return texts
    return [text.zfill(digits) if len(text) < digits and text.isdigit() else text for text in texts]
