"""POS: a list of place-of-service codes becomes the table of places.

In:   a csv, tsv or sheet with a column of codes and one of names.    Out: `KIND`; pos/codes.
Uses: imports.header, imports.entries.    Used by: imports.registry; the place-of-service table that ships is made by it.
Not here: the list that ships (rulesets/tables).

CMS publishes the code set as a web page and in a manual, so the list is one that a user makes of it, with these columns:
the code, its name, whether Medicare pays the facility rate there (yes, no, or empty where it does not say), the first day
and the last day. The header words of the page, and those of public copies of it, are understood as well.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Final

from sequela.engine.diagnostics.model import InputProblem
from sequela.engine.imports.entries import batched, chosen, release_of
from sequela.engine.imports.grid import Grid, open_grids
from sequela.engine.imports.header import Column, Header, body, find_header
from sequela.engine.imports.inputs import Input
from sequela.engine.imports.kinds import Asked, Draft, Kind, Made, Reading
from sequela.engine.tables.model import KeyColumn, TableShape, ValueColumn
from sequela.engine.vocabulary.kinds import CodeOf, Scalar
from sequela.engine.vocabulary.systems import System

CODES: Final = TableShape(
    name="pos/codes",
    title="Places of service",
    keys=(KeyColumn("code", CodeOf(System.POS)),),
    values=(ValueColumn("name", Scalar.TEXT), ValueColumn("facility", Scalar.YES_NO)),
    in_force=("effective", "ended"),
)

_COLUMNS: Final = (
    Column("code", r"(pos|place of service)? ?codes?(\(s\))?"),
    Column("name", r"(pos|place of service)? ?name"),
    Column("facility", r"facility|(pos )?type|payment rate.*", needed=False),
    Column("effective", r"effective( date)?", needed=False),
    Column("ended", r"ended|end date|termination date", needed=False),
)
_FACILITY: Final = {"facility": "yes", "f": "yes", "non-facility": "no", "nonfacility": "no", "nf": "no"}
_UNASSIGNED: Final = "codes not assigned"
_HINT: Final = "It has the columns code, name, facility, effective and ended."


def read(inputs: Sequence[Input], asked: Asked) -> Reading:
    """A draft of the places."""
    one = chosen(inputs, r"pos|place", r"readme", kind="a list of places of service", hint=_HINT)
    if isinstance(one, InputProblem):
        return Reading(problems=(one,))
    grids = open_grids(one)
    if isinstance(grids, InputProblem):
        return Reading(problems=(grids,))
    header = find_header(grids[0], _COLUMNS, kind="places of service")
    if isinstance(header, InputProblem):
        return Reading(problems=(header,))
    edition = release_of(one, asked, None)
    if isinstance(edition, InputProblem):
        return Reading(problems=(edition,))
    release, covers = edition
    notes: Counter[str] = Counter()
    draft = Draft(
        shape=CODES,
        release=release,
        covers=covers,
        rows=lambda: _rows(grids[0], header, notes),
        inputs=(one,),
        notes=notes,
    )
    return Reading((draft,))


def _rows(grid: Grid, header: Header, notes: Counter[str]) -> Iterator[Made]:
    for found in body(grid, header):
        if isinstance(found, InputProblem):
            yield found
            return
        rows = [(line, _cells(header, cells)) for line, cells in zip(found.lines, found.rows, strict=True)]
        kept = [(line, cells) for line, cells in rows if cells[1].lower() != "unassigned"]
        notes[_UNASSIGNED] += len(rows) - len(kept)
        yield from batched(kept, lambda row: row[1], lambda row: row[0])


def _cells(header: Header, cells: Sequence[str]) -> tuple[str, ...]:
    found = [_cell(header, cells, column.name) for column in _COLUMNS]
    code = found[0].zfill(2) if found[0].isdigit() else found[0]
    return (code, found[1], _FACILITY.get(found[2].lower(), found[2]), *found[3:])


def _cell(header: Header, cells: Sequence[str], name: str) -> str:
    at = header.places.get(name)
    return cells[at] if at is not None and at < len(cells) else ""


KIND: Final = Kind(
    name="pos",
    title="Places of service",
    publisher="CMS",
    files=("a csv with the columns code, name, facility, effective, ended",),
    licence="public domain",
    tables=("pos/codes",),
    read=read,
    example="pos place-of-service.csv --release 2024-08-01 --covers 2003-01-01.. --into tables",
)
