"""HCPCS layouts: the quarterly HCPCS level II file, in either form that CMS publishes, as one entry for each code.

In:   lines of the 320-byte contractor file, or rows of the 48-column sheet.    Out: `HcpcsEntry`, `contractor_entries`,
      `sheet_entries`, `HeaderMissing`.
Uses: nothing of ours.    Used by: imports.hcpcs.
Not here: which tables the entries become (hcpcs).

A code's long text runs over several records; the first says all else. RECID 3 opens a code and 4 continues it, 7 opens a
modifier and 8 continues it. A modifier stands at the right end of the five places of a code. What comes before and after
the records, or between them, is a disclaimer. A code that was discontinued stays with the last day of its use; the day on
which that was decided to take effect may lie after it.
Source: CMS, HCPCS contractor record layout and the header of the ANWEB sheet.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final

from attrs import evolve, frozen

_SHAPE: Final = re.compile(r"[A-Z0-9]{5}|[A-Z0-9]{2}")
_FIRST: Final = {"3": False, "7": True}
_CONTINUES: Final = {"4": False, "8": True}
_WIDTH: Final = 320
_DATE: Final = re.compile(r"(?:19|20)[0-9]{6}")

DISCLAIMER: Final = "rows that are no records"
ORPHAN: Final = "continuation rows without their first row"
CONTINUATION: Final = "continuation rows"


class HeaderMissing(ValueError):
    """A sheet without the header of the HCPCS file, or without one of its columns; the text says which."""


@frozen(kw_only=True)
class HcpcsEntry:
    """One code or modifier of the file. Dates are ISO texts, empty where the file has none; `row` counts from 1."""

    row: int
    code: str
    is_modifier: bool
    short: str
    description: str
    coverage: str
    action: str
    betos: str
    service_type: str
    pricing: str
    cross_references: tuple[str, ...]
    added: str
    acted: str
    ended: str


def contractor_entries(lines: Iterable[tuple[int, str]], notes: Counter[str]) -> Iterator[HcpcsEntry]:
    """The entries of the fixed-width file. `lines` are its lines with their numbers, `notes` counts what is left out.

    Columns (from 1): 1-5 code, 6-10 sequence, 11 RECID, 12-91 long text, 92-119 short text, 120-121 first pricing
    indicator, 205-229 cross-references of five each, 230 coverage, 257-259 BETOS, 261 type of service, 269-276 added,
    277-284 action effective, 285-292 last day, 293 action.
    """
    pending: HcpcsEntry | None = None
    for number, raw in lines:
        line = raw.rstrip("\r\n").ljust(_WIDTH)
        code, record = line[:5].strip().upper(), line[10]
        if not line[5:10].strip().isdigit() or not _SHAPE.fullmatch(code) or record not in "3478":
            if raw.strip():
                notes[DISCLAIMER] += 1
        elif record in _CONTINUES:
            pending = _continued(pending, code, record, line[11:91], notes)
        else:
            if pending is not None:
                yield pending
            pending = _from_fixed(number, code, line)
    if pending is not None:
        yield pending


def _from_fixed(number: int, code: str, line: str) -> HcpcsEntry:
    return HcpcsEntry(
        row=number,
        code=code,
        is_modifier=_FIRST[line[10]],
        short=line[91:119].strip(),
        description=_plain(line[11:91]),
        coverage=line[229].strip(),
        action=line[292].strip(),
        betos=line[256:259].strip(),
        service_type=line[260:261].strip(),
        pricing=line[119:121].strip(),
        cross_references=tuple(filter(None, (line[at : at + 5].strip() for at in range(204, 229, 5)))),
        added=_iso(line[268:276]),
        acted=_iso(line[276:284]),
        ended=_iso(line[284:292]),
    )


def sheet_entries(rows: Iterable[tuple[int, Sequence[str]]], notes: Counter[str]) -> Iterator[HcpcsEntry]:
    """The entries of the sheet (xlsx or csv). `rows` are its rows with their numbers; the header is found by its names.

    Raises: HeaderMissing at the end where no row is the header, at the header where a needed column is not in it.
    """
    places: Mapping[str, int] | None = None
    pending: HcpcsEntry | None = None
    for number, cells in rows:
        if places is None:
            places = _places(cells)
            if places is None and any(cells):
                notes[DISCLAIMER] += 1
            continue
        cell = _Cells(places, cells)
        code, record = cell["HCPC"].strip().upper(), cell["RECID"].strip()
        if not cell["SEQNUM"].strip().isdigit() or not _SHAPE.fullmatch(code) or record not in {"3", "4", "7", "8"}:
            notes[DISCLAIMER] += 1
        elif record in _CONTINUES:
            pending = _continued(pending, code, record, cell["LONG DESCRIPTION"], notes)
        else:
            if pending is not None:
                yield pending
            pending = _from_cells(number, code, record, cell)
    if places is None:
        raise HeaderMissing("no row holds the column names HCPC, SEQNUM and RECID")
    if pending is not None:
        yield pending


_NEEDED: Final = (
    "HCPC", "SEQNUM", "RECID", "LONG DESCRIPTION", "SHORT DESCRIPTION", "COV", "BETOS", "ADD DT", "ACT EFF DT", "TERM DT",
    "ACTION CD",
)  # fmt: skip


def _places(cells: Sequence[str]) -> Mapping[str, int] | None:
    """Where each named column stands, if this row is the header."""
    names = [re.sub(r"[\s_]+", " ", cell).strip().upper() for cell in cells]
    if not {"HCPC", "SEQNUM", "RECID"} <= set(names):
        return None
    missing = [name for name in _NEEDED if name not in names]
    if missing:
        raise HeaderMissing(f"the header has no column {' or '.join(missing)}")
    return {name: at for at, name in reversed(list(enumerate(names))) if name}


@frozen
class _Cells:
    """The cells of one row by the name of their column; a column that is not there, or a short row, gives empty text."""

    places: Mapping[str, int]
    cells: Sequence[str]

    def __getitem__(self, name: str) -> str:
        at = self.places.get(name)
        return "" if at is None or at >= len(self.cells) else self.cells[at]


def _from_cells(number: int, code: str, record: str, cell: _Cells) -> HcpcsEntry:
    return HcpcsEntry(
        row=number,
        code=code,
        is_modifier=_FIRST[record],
        short=cell["SHORT DESCRIPTION"].strip(),
        description=_plain(cell["LONG DESCRIPTION"]),
        coverage=cell["COV"].strip(),
        action=cell["ACTION CD"].strip(),
        betos=cell["BETOS"].strip(),
        service_type=cell["TOS1"].strip(),
        pricing=cell["PRICE1"].strip(),
        cross_references=tuple(filter(None, (cell[f"XREF{at}"].strip() for at in range(1, 6)))),
        added=_iso(cell["ADD DT"]),
        acted=_iso(cell["ACT EFF DT"]),
        ended=_iso(cell["TERM DT"]),
    )


def _continued(entry: HcpcsEntry | None, code: str, record: str, text: str, notes: Counter[str]) -> HcpcsEntry | None:
    if entry is None or entry.code != code or entry.is_modifier is not _CONTINUES[record]:
        notes[ORPHAN] += 1
        return entry
    notes[CONTINUATION] += 1
    return evolve(entry, description=_plain(f"{entry.description} {text}"))


def _plain(text: str) -> str:
    """A text with single blanks."""
    return " ".join(text.split())


def _iso(text: str) -> str:
    """`20200101` as 2020-01-01; blanks and zeros are none; anything else stays, and is a fault of its row."""
    bare = text.strip()
    if not bare.strip("0"):
        return ""
    return f"{bare[:4]}-{bare[4:6]}-{bare[6:]}" if _DATE.fullmatch(bare) else bare
