"""POA-exempt layout: the yearly list of ICD-10-CM codes that need no present-on-admission indicator.

In:   rows of cells of the list (tabs or a sheet).    Out: `PoaEntry`, `poa_entries`, `ListMissing`, `fiscal_year_of`,
      `is_whole_list`.
Uses: nothing of ours.    Used by: imports.poa_exempt.
Not here: the order in which years come (poa_exempt).

The list has a header, and its words change from year to year: `Order2020`, `Order25`; the codes are dotted. Beside the
whole list stand lists of what was added, deleted and revised, which are not taken for it.
Source: CMS, Present on Admission Exempt List.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from attrs import frozen

_CODE: Final = re.compile(r"[A-Z][0-9][0-9A-Z](?:\.?[0-9A-Z]{1,4})?")
_ORDER: Final = re.compile(r"order\s*(?:fy)?\s*(?P<year>20[0-9]{2}|[0-9]{2})", re.IGNORECASE)
_YEAR: Final = re.compile(r"(?:fy|codes|list|poa)[ _-]?(?P<year>20[0-9]{2}|[0-9]{2})(?![0-9])", re.IGNORECASE)
_ANY_YEAR: Final = re.compile(r"(?<![0-9])(?P<year>20[0-9]{2})(?![0-9])")
_CHANGES: Final = re.compile(r"add|delet|revis|readme|summary", re.IGNORECASE)

NOT_A_ROW: Final = "rows that are no codes"


class ListMissing(ValueError):
    """A file in which no column of ICD-10-CM codes is found."""


@frozen
class PoaEntry:
    """One exempt code, as it is written, and its title; `row` counts from 1."""

    row: int
    code: str
    description: str


def is_whole_list(file: str) -> bool:
    """Whether a file's name is that of the whole list, not of what was changed in it."""
    name = file.lower()
    return "poa" in name and _CHANGES.search(re.sub(r"^.*poa", "", name)) is None and not name.startswith("readme")


def fiscal_year_of(file: str, header: Sequence[str]) -> int | None:
    """The fiscal year of a list by the first column's name, else by the file's.

    >>> fiscal_year_of("POAexemptCodesFY25.txt", ()), fiscal_year_of("list.txt", ("Order2020", "POAexemptCode"))
    (2025, 2020)
    """
    for cell in header:
        found = _ORDER.fullmatch(cell.strip())
        if found is not None:
            return int(found["year"]) % 100 + 2000
    found = _YEAR.search(file) or _ANY_YEAR.search(file)
    return None if found is None else int(found["year"]) % 100 + 2000


def poa_entries(rows: Iterable[tuple[int, Sequence[str]]], notes: Counter[str]) -> Iterator[PoaEntry]:
    """The exempt codes. The column of the codes is the first that holds one; the title is the column after it.

    Raises: ListMissing at the end where no row held a code.
    """
    at: int | None = None
    for number, cells in rows:
        if at is None:
            at = next((place for place, cell in enumerate(cells) if _is_code(cell)), None)
        code = cells[at].strip() if at is not None and at < len(cells) else ""
        if at is not None and _is_code(code):
            yield PoaEntry(number, code.upper(), " ".join(cells[at + 1].split()) if at + 1 < len(cells) else "")
        elif any(cell.strip() for cell in cells):
            notes[NOT_A_ROW] += 1
    if at is None:
        raise ListMissing("no column holds ICD-10-CM codes")


def _is_code(cell: str) -> bool:
    return _CODE.fullmatch(cell.strip().upper()) is not None
