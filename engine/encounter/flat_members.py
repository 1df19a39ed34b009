"""Flat members: the birth date, sex and coverage of patients from a table of members.

In:   a file of members, the mapping.     Out: `Members`, or why the file cannot be used.
Uses: flat_layout, flat_cells, flat_csv, flat_parquet.    Used by: flat_claim, from_flat.

A member may have several rows, one for each period of coverage. What is the same in all of them (birth date, sex) is
taken; payer and plan are those of the periods that hold the first day of the claim, where these agree.
"""

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import BinaryIO, Final

from attrs import define, field, frozen

from sequela.engine.diagnostics.model import InputProblem
from sequela.engine.diagnostics.suggest import did_you_mean
from sequela.engine.encounter.flat_cells import BadCell, Value, value_of
from sequela.engine.encounter.flat_csv import open_csv
from sequela.engine.encounter.flat_layout import Column, Finder, missing_column, plain_name
from sequela.engine.encounter.flat_mapping import Mapping, type_of
from sequela.engine.encounter.flat_parquet import open_parquet
from sequela.engine.encounter.flat_rows import Cells, Rows, Spoiled

_PERIOD: Final = ("from", "to")
_OF_COVERAGE: Final = ("payer", "plan", "product")
_PARQUET: Final = b"PAR1"


@frozen
class Known:
    """A fact of a member: its value, the row it stands in, and the name of its column."""

    value: Value
    row: int
    column: str


@frozen
class Doubt:
    """A fact of which the rows of a member say different things, or that cannot be read."""

    message: str
    row: int
    column: str
    hint: str | None = None


@define
class Members:
    """The rows of the members by their id, read when a claim asks for one."""

    file: str
    mapping: Mapping = field(repr=False)
    columns: tuple[Column, ...] = field(repr=False)
    _rows: dict[str, list[tuple[int, Cells]]] = field(repr=False)

    def __len__(self) -> int:
        return len(self._rows)

    def has(self, member: str) -> bool:
        """Whether there is a row of that member."""
        return member in self._rows

    def facts_of(self, member: str, on: date | None) -> dict[str, Known | Doubt]:
        """What is known of a member, by the fact's name; of coverage, on a day (the first of the claim; None: not known)."""
        rows = self._rows.get(member, [])
        found: dict[str, Known | Doubt] = {}
        for column in self.columns:
            if column.fact in ("id", *_PERIOD):
                continue
            spoken = rows
            if column.fact in _OF_COVERAGE or column.fact.startswith("subscriber."):
                spoken = [one for one in rows if self._holds(one[1], on)]
            said = self._said(column, spoken)
            if said is not None:
                found[column.fact] = said
        return found

    def _said(self, column: Column, rows: Sequence[tuple[int, Cells]]) -> Known | Doubt | None:
        known: Known | None = None
        for number, cells in rows:
            value = value_of(cells[column.at], column.fact, column.type, self.mapping)
            if isinstance(value, BadCell):
                return Doubt(value.message, number, column.name, value.hint)
            if value is None:
                continue
            if known is None:
                known = Known(value, number, column.name)
            elif known.value != value:
                message = f"The member has {known.value} in row {known.row} and {value} in row {number}; it is read as not known."
                return Doubt(message, number, column.name)
        return known

    def _holds(self, cells: Cells, on: date | None) -> bool:
        """Whether the period of a row holds a day; an end that is not there is open."""
        if on is None:
            return not any(one.fact in _PERIOD for one in self.columns)
        for column in self.columns:
            if column.fact in _PERIOD:
                day = value_of(cells[column.at], column.fact, column.type, self.mapping)
                if isinstance(day, BadCell):
                    return False
                if isinstance(day, date) and (day > on if column.fact == "from" else day < on):
                    return False
        return True


def read_members(path: str | Path, mapping: Mapping) -> Members | InputProblem:
    """The members of a file (CSV, TSV or Parquet), or why it cannot be used."""
    name = str(path)
    try:
        with Path(path).open("rb") as stream:
            return _read(stream, name, mapping)
    except OSError as fault:
        reason = (fault.strerror or "no reason is given").lower()
        return _problem(name, f"The file of members cannot be opened: {reason}.")


def _read(stream: BinaryIO, name: str, mapping: Mapping) -> Members | InputProblem:
    is_parquet = stream.read(4) == _PARQUET
    stream.seek(0)
    wanted = {plain_name(one) for names in mapping.columns["member"].values() for one in names}
    rows: Rows | InputProblem = open_parquet(stream, name) if is_parquet else open_csv(stream, name, wanted)
    if isinstance(rows, InputProblem):
        return _problem(name, rows.message, hint=rows.hint)
    finder = Finder(rows.header)
    lacking = missing_column(finder, mapping, ("member",), name)
    if lacking is not None:
        return lacking
    columns: list[Column] = []
    for fact, names in mapping.columns["member"].items():
        place = finder.first(names)
        if place is not None:
            columns.append(finder.column(fact, type_of("member", fact), place))
    identity = next((one for one in columns if one.fact == "id"), None)
    if identity is None:
        names = mapping.columns["member"]["id"]
        wanted_name = names[0] if names else "person_id"
        hint = did_you_mean(wanted_name, finder.names) or "[member] id in the file of --columns says what it is called."
        return _problem(name, f"The members have no column `{wanted_name}`, by which they are known.", "row 1", hint)
    members: dict[str, list[tuple[int, Cells]]] = {}
    texts: dict[str, str] = {}
    for found in rows.rows(finder.kept):
        if isinstance(found, InputProblem):
            return _problem(name, found.message, found.place, found.hint)
        number, cells = found
        if isinstance(cells, Spoiled):
            message = f"The row has {cells.count} cells, and the header {len(rows.header)}."
            return _problem(name, message, f"row {number}", "A cell with a comma stands in quotes.")
        member = value_of(cells[identity.at], "id", identity.type, mapping)
        kept = tuple(texts.setdefault(cell, cell) for cell in cells)  # there are many members and few payers
        members.setdefault(str(member), []).append((number, kept))
    return Members(name, mapping, tuple(columns), members)


def _problem(file: str, message: str, place: str = "the whole file", hint: str | None = None) -> InputProblem:
    return InputProblem(code="SEQ732", message=message, file=file, place=place, hint=hint)
