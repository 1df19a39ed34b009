"""NCCI add-on code edits: which codes are never billed alone, and beside which primary procedures they may stand.

In:   `AOC_VYYYYQn-MCR` as text, CSV, workbook or archive.    Out: `KIND`.
Uses: imports.grid, imports.sources, imports.header, imports.columns, imports.editions.    Used by: imports.registry.
Source: CMS, Medicare NCCI add-on code edits. A notice, then a header (`AOC_Edit_Type`, `Add-On_Code`, `AOC_DelDT`,
        `Primary_Code`, `Primary_Code_DelDT`, `AOC_Edit_EffDT`, `AOC_Edit_DelDT`, `Special_Instruction_Notes`, in some years
        with `(Julian)` behind a date); days are written YYYYDDD, the day of the year. Type 1: the primaries listed are all;
        2: the contractor says which (`CCCCC`); 3: those listed, and others that the contractor says.

A row is in force from the day of its edit to the earliest of its three deletion days, which is included.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date
from typing import Final

from attrs import define, field, frozen

from sequela.engine.diagnostics.model import InputProblem
from sequela.engine.imports.columns import wanted_columns, with_zeros
from sequela.engine.imports.editions import Quarter, julian_day, quarter_in_name
from sequela.engine.imports.grid import Grid
from sequela.engine.imports.header import Column, Header, body
from sequela.engine.imports.inputs import Input
from sequela.engine.imports.kinds import Asked, Draft, Kind, Made, Reading, refused
from sequela.engine.imports.sources import grid_with, sources_of
from sequela.engine.tables.delimited import Batch
from sequela.engine.tables.model import Covers, KeyColumn, TableShape, ValueColumn
from sequela.engine.vocabulary.kinds import CodeOf, Scalar
from sequela.engine.vocabulary.systems import System

_HCPCS: Final = CodeOf(System.HCPCS)
_DATE: Final = r"(?: ?\(julian\))?"
_COLUMNS: Final = (
    Column("type", r"aoc edit type"),
    Column("add-on code", r"add-? ?on code"),
    Column("add-on deleted", rf"aoc del ?dt{_DATE}", needed=False),
    Column("primary code", r"primary code"),
    Column("primary deleted", rf"primary code del ?dt{_DATE}", needed=False),
    Column("edit effective", rf"aoc edit eff ?dt{_DATE}"),
    Column("edit deleted", rf"aoc edit del ?dt{_DATE}"),
    Column("notes", r"special instruction.*", needed=False),
)
_NEEDED: Final = ("type", "add-on code", "primary code", "edit effective")
_DELETED: Final = ("add-on deleted", "primary deleted", "edit deleted")
_DAY: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_CONTRACTOR: Final = "CCCCC"
_NO_DAY: Final = frozenset({"", "*", "0", "0000000", "n/a", "N/A"})
_WHAT: Final = "NCCI add-on code edits"


@frozen
class _Source:
    grid: Grid
    header: Header
    quarter: Quarter


@define
class _Group:
    """The rows of one add-on code and type: its period is from the first start to the last end."""

    line: int
    start: str
    end: str
    note: str
    refused: str = ""

    def widen(self, start: str, end: str, note: str) -> None:
        """Takes in the period of one more row; an empty end is open."""
        self.start = min(self.start, start)
        self.end = max(self.end, end) if self.end and end else ""
        self.note = self.note or note


@define
class _Read:
    """The file, read once for both tables: rows of text, and those that are refused."""

    rows: list[tuple[int, str, str, str, str, str, str]] = field(factory=list)
    refused: dict[int, str] = field(factory=dict)
    problem: InputProblem | None = None


def read(inputs: Sequence[Input], asked: Asked) -> Reading:
    """The two tables of an add-on file: the codes, and their primaries."""
    sources, problems = sources_of(inputs, lambda one: _source(one, asked))
    if len(sources) > 1:
        message = f"{sources[0].grid.name} and {sources[1].grid.name} are both add-on files."
        hint = "Import one at a time: each is a whole release."
        problems.append(refused("SEQ485", message, sources[1].grid.input.name, hint=hint))
    if not sources:
        return Reading((), tuple(problems))
    return Reading(_drafts(sources[0], asked), tuple(problems))


def _source(one: Input, asked: Asked) -> _Source | InputProblem:
    found = grid_with(one, _COLUMNS, kind=_WHAT)
    if isinstance(found, InputProblem):
        return found
    quarter = quarter_in_name(asked.release or "") or quarter_in_name(one.file)
    if quarter is None:
        hint = "Say it: --release 2026q4. CMS writes it into the name: AOC_V2026Q4-MCR.txt."
        return refused("SEQ484", f"The name of {one.name} does not say which quarter it is of.", one.name, hint=hint)
    return _Source(*found, quarter)


def _drafts(source: _Source, asked: Asked) -> tuple[Draft, ...]:
    made: _Read = _Read()
    notes: Counter[str] = Counter()

    def covers() -> Covers:
        days = [row[4] for row in made.rows if len(row[4]) == len("2026-01-01")]
        return Covers(date.fromisoformat(min(days)) if days else None, source.quarter.end)

    kind = ValueColumn("kind", Scalar.NUMBER)
    dated = ("effective", "ended")
    codes = TableShape(
        name="ncci/add-ons",
        title="NCCI add-on codes",
        keys=(KeyColumn("code", _HCPCS),),
        values=(kind, ValueColumn("note", Scalar.TEXT)),
        in_force=dated,
    )
    primaries = TableShape(
        name="ncci/add-on-primaries",
        title="NCCI add-on codes with their primary procedures",
        keys=(KeyColumn("code", _HCPCS), KeyColumn("primary", _HCPCS)),
        values=(kind,),
        in_force=dated,
    )
    release, inputs = asked.release or source.quarter.name, (source.grid.input,)
    return (
        Draft(
            shape=codes,
            release=release,
            covers=asked.covers or covers,
            rows=lambda: _codes(source, made, notes),
            inputs=inputs,
            notes=notes,
        ),
        Draft(
            shape=primaries,
            release=release,
            covers=asked.covers or covers,
            rows=lambda: _primaries(source, made),
            inputs=inputs,
        ),
    )


def _all(source: _Source, made: _Read) -> _Read:
    """The rows of the file as (line, type, add-on, primary, start, end, note); read when first asked for."""
    if made.rows or made.problem is not None:
        return made
    for found in body(source.grid, source.header):
        if isinstance(found, InputProblem):
            made.problem = found
            return made
        wanted = wanted_columns(found, source.header, _NEEDED)
        columns = wanted.columns
        blank = [""] * len(wanted.lines)
        codes, primaries = columns["add-on code"], columns["primary code"]
        if source.grid.is_sheet:
            codes, primaries = with_zeros(_HCPCS, codes), with_zeros(_HCPCS, primaries)
        starts = [_day(text) for text in columns["edit effective"]]
        ends = [_first(days) for days in zip(*(columns.get(name, blank) for name in _DELETED), strict=True)]
        notes = columns.get("notes", blank)
        offset = len(made.rows)
        made.refused.update({offset + at: why for at, why in wanted.refused})
        made.rows += zip(wanted.lines, columns["type"], codes, primaries, starts, ends, notes, strict=True)
    return made


def _day(text: str) -> str:
    return "" if text in _NO_DAY else julian_day(text)


def _first(days: Sequence[str]) -> str:
    """The earliest of some days that are written YYYYDDD; empty where there is none; what is no day stays as it is."""
    found = [day for text in days if (day := _day(text))]
    return min(found, default="", key=lambda day: (day[:1].isdigit() and "-" in day, day))


def _codes(source: _Source, made: _Read, notes: "Counter[str]") -> Iterator[Made]:
    """One row for each add-on code and type, with the bad rows of the whole file."""
    _all(source, made)
    if made.problem is not None:
        yield made.problem
        return
    groups: dict[tuple[str, str], _Group] = {}
    refusals: list[_Group] = []
    bad: list[tuple[str, str]] = []
    for at, (line, kind, code, primary, start, end, note) in enumerate(made.rows):
        why = made.refused.get(at) or _why_refused(kind, start, end)
        if why is not None:
            bad.append((kind, code))
            refusals.append(_Group(line, start, end, note, why))
            made.refused[at] = why
            continue
        group = groups.get((code, kind))
        if group is None:
            groups[code, kind] = _Group(line, start, end, note)
        else:
            group.widen(start, end, note)
        notes["rows of the file"] += 1
        notes["contractor-defined rows"] += primary == _CONTRACTOR
    keys = [*((kind, code) for code, kind in groups), *bad]
    every = [*groups.values(), *refusals]
    yield Batch(
        (
            [code for _, code in keys],
            [kind for kind, _ in keys],
            [group.note for group in every],
            [group.start for group in every],
            [group.end for group in every],
        ),
        [group.line for group in every],
        file=source.grid.name,
        refused=tuple((at, group.refused) for at, group in enumerate(every) if group.refused),
    )


def _why_refused(kind: str, start: str, end: str) -> str | None:
    if kind not in ("1", "2", "3"):
        return f"The type of the edit is `{kind}`, not 1, 2 or 3."
    if not start:
        return "The row does not say from when the edit is in force."
    odd = next((day for day in (start, end) if day and _DAY.fullmatch(day) is None), None)
    if odd is not None:
        return f"`{odd}` is no day written as the year and the day of the year, as 2026032 is 1 February 2026."
    return None


def _primaries(source: _Source, made: _Read) -> Iterator[Made]:
    """One row for each add-on code with a primary; refused rows are those of the other table."""
    _all(source, made)
    if made.problem is not None:
        yield made.problem
        return
    rows = [row for at, row in enumerate(made.rows) if at not in made.refused and row[3] != _CONTRACTOR]
    lines, kinds, codes, primaries, starts, ends, _ = zip(*rows, strict=True) if rows else [()] * 7
    yield Batch((codes, primaries, kinds, starts, ends), list(lines), file=source.grid.name)


KIND: Final = Kind(
    name="add-on",
    title="NCCI add-on codes and the primary procedures beside which they may stand.",
    publisher="CMS",
    files=("AOC_V2026Q4-MCR.txt", "or the .xlsx, or the .zip that holds them"),
    licence="Holds CPT codes (American Medical Association): fetch your own copy, do not pass it on.",
    tables=("ncci/add-ons", "ncci/add-on-primaries"),
    read=read,
    example="add-on AOC_V2026Q4-MCR.txt --into tables",
    marks=(r"(?<![a-z])aoc_v\d", r"aoc edit type"),
)
