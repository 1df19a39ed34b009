"""MPFS layout: the relative value file of the physician fee schedule (`PPRRVU`), as one entry for each code and modifier.

In:   rows of the csv or the sheet.    Out: `MpfsEntry`, `MpfsColumns`, `find_columns`, `mpfs_entries`, `edition_of`.
Uses: nothing of ours.                 Used by: imports.mpfs.
Not here: which tables the entries become (mpfs).

The names of the columns are written over up to five rows, and the last of them alone does not tell them apart (four columns
end in `SURG`). So the parts that stand above each other are joined, and a column is known by the whole: `MULT PROC`. The
columns move: `PRIC IND` is not there in earlier years. The column of the descriptions is never read: their text is not free.
A code has a row of its own and, where it has components, one for each of the modifiers 26, TC and 53.
Source: CMS, National Physician Fee Schedule Relative Value File.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Final

from attrs import frozen

_HEADER_ROWS: Final = 5
_CODE: Final = re.compile(r"[A-Z0-9]{5}")
_LETTERS: Final = re.compile(r"[^A-Z]")

NOT_A_ROW: Final = "rows that are no codes"

COLUMNS: Final[Mapping[str, str]] = {
    "status": "STATUSCODE",
    "work": "WORKRVU",
    "total-nonfacility": "NONFACILITYTOTAL",
    "total-facility": "FACILITYTOTAL",
    "pctc": "PCTCIND",
    "global": "GLOBDAYS",
    "pre": "PREOP",
    "intra": "INTRAOP",
    "post": "POSTOP",
    "multiple": "MULTPROC",
    "bilateral": "BILATSURG",
    "assistant": "ASSTSURG",
    "co-surgeon": "COSURG",
    "team": "TEAMSURG",
    "endoscopy-base": "ENDOBASE",
    "supervision": "PHYSICIANSUPERVISIONOFDIAGNOSTICPROCEDURES",
    "imaging-family": "DIAGNOSTICIMAGINGFAMILYINDICATOR",
}
"""The columns that are read, by the letters of their stacked names."""

_OPTIONAL: Final = frozenset({"work", "total-nonfacility", "total-facility", "imaging-family"})
_WIDTHS: Final = {"global": 3, "supervision": 2, "imaging-family": 2}


class HeaderMissing(ValueError):
    """A file without the stacked header of the relative value file, or without one of its columns."""


@frozen
class MpfsColumns:
    """Where the columns stand, from 0: the code, the modifier and those of `COLUMNS`; `row` is the header's last row."""

    row: int
    code: int
    modifier: int
    places: Mapping[str, int]


@frozen
class MpfsEntry:
    """One row: the code, its modifier (empty for the code itself) and the cells of `COLUMNS` by name."""

    row: int
    code: str
    modifier: str
    cells: Mapping[str, str]


def find_columns(rows: Iterable[tuple[int, Sequence[str]]]) -> tuple[MpfsColumns, str]:
    """The columns of a file and the text above them, from `rows` up to the header's last row, which is consumed.

    Raises: HeaderMissing.
    """
    above: list[Sequence[str]] = []
    for number, cells in rows:
        names = [cell.strip().upper() for cell in cells]
        if "HCPCS" in names and "MOD" in names:
            stacked = _stacked([*above[1 - _HEADER_ROWS :], cells])
            places = _places(stacked)
            columns = MpfsColumns(number, names.index("HCPCS"), names.index("MOD"), places)
            return columns, " ".join(cell for row in above for cell in row if cell.strip())
        above.append(cells)
        if len(above) > 50:
            break
    raise HeaderMissing("no row holds the column names HCPCS and MOD")


def _stacked(rows: Sequence[Sequence[str]]) -> list[str]:
    """The letters of each column's name, read downwards."""
    width = max(map(len, rows))
    parts = [[row[at] if at < len(row) else "" for row in rows] for at in range(width)]
    return [_LETTERS.sub("", "".join(part).upper()) for part in parts]


def _places(stacked: Sequence[str]) -> Mapping[str, int]:
    places: dict[str, int] = {}
    for column, name in COLUMNS.items():
        found = [at for at, given in enumerate(stacked) if given == name]
        found = found or [at for at, given in enumerate(stacked) if given.endswith(name)]
        if len(found) == 1:
            places[column] = found[0]
        elif column not in _OPTIONAL:
            what = "no column" if not found else f"{len(found)} columns"
            raise HeaderMissing(f"the stacked header has {what} for `{column}` ({name})")
    return places


def mpfs_entries(
    rows: Iterable[tuple[int, Sequence[str]]], columns: MpfsColumns, notes: Counter[str]
) -> Iterator[MpfsEntry]:
    """The entries below the header. Codes that a spreadsheet program took for numbers get their zeros back."""
    for number, cells in rows:
        code = _at(cells, columns.code).upper()
        if code.isdigit():
            code = code.zfill(5)
        if not _CODE.fullmatch(code):
            if any(cell.strip() for cell in cells):
                notes[NOT_A_ROW] += 1
            continue
        found = {column: _at(cells, at) for column, at in columns.places.items()}
        for column, width in _WIDTHS.items():
            if found.get(column, "").isdigit():
                found[column] = found[column].zfill(width)
        yield MpfsEntry(number, code, _at(cells, columns.modifier).upper(), found)


def _at(cells: Sequence[str], at: int) -> str:
    return cells[at].strip() if at < len(cells) else ""


_MONTHS: Final = {
    "jan": 1, "january": 1, "apr": 4, "april": 4, "jul": 7, "july": 7, "oct": 10, "october": 10,
}  # fmt: skip
_IN_NAME: Final = re.compile(r"pprrvu(?P<year>20[0-9]{2}|[0-9]{2})_?(?P<month>jan|apr|jul|oct)?[a-z]*", re.IGNORECASE)
_IN_TITLE: Final = re.compile(
    r"(?P<year>20[0-9]{2}) National Physician Fee Schedule Relative Value File (?:(?P<month>[A-Z][a-z]+) Release)?",
    re.IGNORECASE,
)
_LETTER: Final = re.compile(r"rvu(?P<year>[0-9]{2})(?P<letter>[a-d])", re.IGNORECASE)


def edition_of(file: str, title: str) -> date | None:
    """The first day of the quarter that an edition is for, from the title above the header, else from the file's name.

    >>> edition_of("PPRRVU2026_Jul_nonQPP.csv", "")
    datetime.date(2026, 7, 1)
    """
    for pattern, text in ((_IN_TITLE, title), (_IN_NAME, file)):
        found = pattern.search(text)
        if found is not None and found["month"] is not None:
            month = _MONTHS.get(found["month"].lower())
            year = int(found["year"]) % 100 + 2000
            if month is not None:
                return date(year, month, 1)
    lettered = _LETTER.search(file)
    if lettered is not None:
        return date(2000 + int(lettered["year"]), "abcd".index(lettered["letter"].lower()) * 3 + 1, 1)
    return None
