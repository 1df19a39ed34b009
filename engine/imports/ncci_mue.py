"""NCCI medically unlikely edits: CMS's quarterly limits of units, for practitioners, outpatient hospitals and DME suppliers.

In:   `MCR_MUE_…_Eff_MM-DD-YYYY` as CSV, workbook or archive.    Out: `KIND`.
Uses: imports.grid, imports.sources, imports.header, imports.columns, imports.editions.    Used by: imports.registry.
Source: CMS, Medicare NCCI MUEs. A notice in one quoted cell of many lines, a header whose first cell has a line break, then
        code, units, `3 Date of Service Edit: Clinical`, rationale. No dates: a file speaks for its quarter alone.

A code that is not listed may have an unpublished limit, so the table is partial: absent is unknown. A limit of 0 is a limit.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Final

from attrs import frozen

from sequela.engine.diagnostics.model import InputProblem
from sequela.engine.imports.columns import Once, wanted_columns, with_zeros
from sequela.engine.imports.editions import Quarter, date_in_name, quarter_in_name
from sequela.engine.imports.grid import Grid
from sequela.engine.imports.header import Column, Header, body
from sequela.engine.imports.inputs import Input
from sequela.engine.imports.kinds import Asked, Draft, Kind, Made, Reading, refused, warned
from sequela.engine.imports.sources import grid_with, sources_of
from sequela.engine.tables.delimited import Batch
from sequela.engine.tables.model import Covers, KeyColumn, TableShape, ValueColumn
from sequela.engine.vocabulary.kinds import CodeOf, Scalar
from sequela.engine.vocabulary.systems import System

_HCPCS: Final = CodeOf(System.HCPCS)
_COLUMNS: Final = (
    Column("code", r"(?:hcpcs ?/ ?cpt|cpt ?/ ?hcpcs|hcpcs) code"),
    Column("units", r".*mue values?"),
    Column("adjudication indicator", r"mue adjudication indicator.*|mai"),
    Column("rationale", r"(?:mue )?rationale.*", needed=False),
)
_NEEDED: Final = tuple(column.name for column in _COLUMNS if column.needed)
_SETTINGS: Final = {
    "practitioner": ("practitioner", "NCCI medically unlikely edits, practitioners"),
    "hospital": ("outpatient hospital", "NCCI medically unlikely edits, outpatient hospital"),
    "dme": ("dme supplier", "NCCI medically unlikely edits, DME suppliers"),
}
"""By setting: the words of the header that say it, and the title of the table."""
_MAI: Final = re.compile(r"([123])(?: .*)?", re.DOTALL)
_WHAT: Final = "NCCI medically unlikely edits"


@frozen
class _Source:
    """One file: its rows, its setting, its release and the dates for which it speaks."""

    grid: Grid
    header: Header
    setting: str
    release: str
    covers: Covers


def read(inputs: Sequence[Input], asked: Asked) -> Reading:
    """A table for each setting among the files."""
    sources, problems = sources_of(inputs, lambda one: _source(one, asked))
    drafts: dict[str, Draft] = {}
    for source in sources:
        if source.setting in drafts:
            message = f"{source.grid.name} is a second file of the setting {source.setting}."
            hint = "Import each quarter by itself: a release is one file of each setting."
            problems.append(refused("SEQ485", message, source.grid.input.name, hint=hint))
        else:
            drafts[source.setting] = _draft(source)
    return Reading(tuple(drafts.values()), tuple(problems))


def _source(one: Input, asked: Asked) -> _Source | InputProblem:
    found = grid_with(one, _COLUMNS, kind=_WHAT)
    if isinstance(found, InputProblem):
        return found
    grid, header = found
    setting = _setting(one, header, asked)
    if isinstance(setting, InputProblem):
        return setting
    edition = _edition(one, asked)
    return edition if isinstance(edition, InputProblem) else _Source(grid, header, setting, *edition)


def _setting(one: Input, header: Header, asked: Asked) -> str | InputProblem:
    """Whose limits a file holds: the header says so, and the name of the file and the user must not say otherwise."""
    words = header.names[header.places["units"]]
    by_header = next((setting for setting, (mark, _) in _SETTINGS.items() if mark in words), None)
    name = re.sub(r"[^a-z]", "", one.file.lower())
    by_name = next((setting for setting, (mark, _) in _SETTINGS.items() if mark.replace(" ", "") in name), None)
    setting = by_header or by_name or asked.setting
    if setting not in _SETTINGS:
        message = f"Neither the header nor the name of {one.name} says whose limits they are."
        hint = "Write --setting practitioner, --setting hospital or --setting dme."
        return refused("SEQ484", message, one.name, hint=hint)
    for said, source in ((by_name, "its name"), (asked.setting, "--setting")):
        if said not in (None, setting):
            message = f"{one.name} holds the limits of the setting {setting} by its header; {source} says {said}."
            hint = "The tables differ. Name the file as CMS does, or leave out --setting."
            return refused("SEQ480", message, one.name, hint=hint)
    return str(setting)


def _edition(one: Input, asked: Asked) -> tuple[str, Covers] | InputProblem:
    """The release and the dates of a file: the quarter that begins on the day in its name, or what the user says."""
    effective = date_in_name(one.file)
    named = Quarter.of(effective) if effective is not None else quarter_in_name(one.file)
    quarter = quarter_in_name(asked.release or "") or named
    if asked.release is not None and asked.covers is not None:
        return asked.release, asked.covers
    if quarter is None:
        hint = "Say it: --release 2026q4. CMS writes the first day into the name: …_Eff_10-01-2026.csv."
        return refused("SEQ484", f"The name of {one.name} does not say which quarter it is of.", one.name, hint=hint)
    if asked.release is not None and named not in (None, quarter):
        message = f"{one.name} is of {named.name if named else ''} by its name, not {asked.release}."
        hint = "Leave out --release, or write --covers, too, if it is meant."
        return refused("SEQ485", message, one.name, hint=hint)
    return asked.release or quarter.name, asked.covers or quarter.covers


def _draft(source: _Source) -> Draft:
    notes: Counter[str] = Counter()
    shape = TableShape(
        name=f"ncci/mue-{source.setting}",
        title=_SETTINGS[source.setting][1],
        keys=(KeyColumn("code", _HCPCS),),
        values=(
            ValueColumn("units", Scalar.NUMBER),
            ValueColumn("mai", Scalar.NUMBER),
            ValueColumn("rationale", Scalar.TEXT),
        ),
        complete=False,
    )
    return Draft(
        shape=shape,
        release=source.release,
        covers=source.covers,
        rows=lambda: _rows(source, notes),
        inputs=(source.grid.input,),
        notes=notes,
    )


def _rows(source: _Source, notes: "Counter[str]") -> Iterator[Made]:
    indicators = Once(_indicator)
    limits: dict[str, str] = {}
    differ: list[str] = []
    for found in body(source.grid, source.header):
        if isinstance(found, InputProblem):
            yield found
            return
        wanted = wanted_columns(found, source.header, _NEEDED)
        codes, units = wanted.columns["code"], wanted.columns["units"]
        if source.grid.is_sheet:
            codes = with_zeros(_HCPCS, codes)
        mai = [indicators[text] for text in wanted.columns["adjudication indicator"]]
        refusals = dict(wanted.refused)
        for at, (value, limit) in enumerate(zip(mai, units, strict=True)):
            if value not in ("1", "2", "3"):
                refusals.setdefault(at, f"The adjudication indicator is `{value}`, not 1, 2 or 3.")
            elif not limit:
                refusals.setdefault(at, "The row has no units.")
        for code, limit in zip(codes, units, strict=True):
            if limits.setdefault(code, limit) != limit:
                differ.append(code)
        notes["limit 0"] += units.count("0") if isinstance(units, list | tuple) else 0
        rationale = wanted.columns.get("rationale") or [""] * len(codes)
        columns = (codes, units, mai, rationale)
        yield Batch(columns, list(wanted.lines), file=source.grid.name, refused=tuple(sorted(refusals.items())))
    if differ:
        message = f"{len(differ):,} codes stand in {source.grid.name} with two different limits."
        yield warned("SEQ490", message, source.grid.input.name, hint=f"The first: {', '.join(differ[:5])}.")


def _indicator(text: str) -> str:
    """The digit of `3 Date of Service Edit: Clinical`; a text that does not begin so stays as it is."""
    found = _MAI.fullmatch(text)
    return found[1] if found is not None else text


KIND: Final = Kind(
    name="mue",
    title="NCCI medically unlikely edits, for practitioners, outpatient hospitals and DME suppliers.",
    publisher="CMS",
    files=(
        "MCR_MUE_PractitionerServices_Eff_10-01-2026.csv",
        "MCR_MUE_OutpatientHospitalServices_Eff_10-01-2026.csv",
        "MCR_MUE_DMESupplierServices_Eff_10-01-2026.csv",
        "or the .xlsx, or the .zip that holds them",
    ),
    licence="Holds CPT codes (American Medical Association): fetch your own copy, do not pass it on.",
    tables=("ncci/mue-practitioner", "ncci/mue-hospital", "ncci/mue-dme"),
    read=read,
    example="mue MCR_MUE_*_Eff_10-01-2026.csv --into tables",
    marks=(r"mcr_mue|(?<!\w)mue_", r"mue values?"),
)
