"""HCPCS: the quarterly HCPCS level II file becomes the tables of codes and of modifiers.

In:   `HCPCyyyy_MMM_ANWEB` as txt, xlsx or csv, or the archive with it.    Out: `KIND`; hcpcs/codes, hcpcs/modifiers.
Uses: imports.hcpcs_layout, imports.entries, imports.editions.    Used by: imports.registry.
Not here: the layouts themselves (hcpcs_layout).

A code is in force from the day it was added to the last day of its use. The file keeps the codes that were discontinued
since the end of some year (in the editions of 2019 and 2020 that is 2014), so it speaks from the first day after it, up to
the end of the quarter for which it was published. Codes of level I and dental codes, where a contractor's copy has them,
keep their numbers and lose their texts, which are the property of others.
"""

import re
from collections import Counter
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Final

from attrs import evolve

from sequela.engine.diagnostics.model import InputProblem
from sequela.engine.imports.editions import Quarter, quarter_in_name
from sequela.engine.imports.entries import (
    Stopped,
    chosen,
    numbered_cells,
    numbered_lines,
    read_into,
    release_of,
)
from sequela.engine.imports.grid import open_grids
from sequela.engine.imports.hcpcs_layout import HcpcsEntry, HeaderMissing, contractor_entries, sheet_entries
from sequela.engine.imports.inputs import Input
from sequela.engine.imports.kinds import Asked, Kind, Reading, refused
from sequela.engine.tables.model import Covers, KeyColumn, TableShape, ValueColumn
from sequela.engine.vocabulary.kinds import CodeOf, CodesOf, Scalar
from sequela.engine.vocabulary.systems import System

CODES: Final = TableShape(
    name="hcpcs/codes",
    title="HCPCS level II codes",
    keys=(KeyColumn("code", CodeOf(System.HCPCS)),),
    values=(
        ValueColumn("short", Scalar.TEXT),
        ValueColumn("description", Scalar.TEXT),
        ValueColumn("coverage", Scalar.TEXT),
        ValueColumn("action", Scalar.TEXT),
        ValueColumn("betos", Scalar.TEXT),
        ValueColumn("service-type", Scalar.TEXT),
        ValueColumn("pricing", Scalar.TEXT),
        ValueColumn("replaced-by", CodesOf(System.HCPCS)),
        ValueColumn("changed", Scalar.DATE),
    ),
    in_force=("effective", "ended"),
)
MODIFIERS: Final = TableShape(
    name="hcpcs/modifiers",
    title="HCPCS level II modifiers",
    keys=(KeyColumn("code", CodeOf(System.MODIFIER)),),
    values=(
        ValueColumn("description", Scalar.TEXT),
        ValueColumn("short", Scalar.TEXT),
        ValueColumn("coverage", Scalar.TEXT),
        ValueColumn("action", Scalar.TEXT),
        ValueColumn("changed", Scalar.DATE),
    ),
    in_force=("effective", "ended"),
)

_ENOUGH: Final = 10
_LEVEL_II: Final = re.compile(r"[A-CE-Z][0-9]{4}")
_CODE: Final = re.compile(r"[A-Z][0-9]{4}|[0-9]{4}[0-9A-Z]")
_YEAR: Final = re.compile(r"(?<![0-9])20[0-9]{2}(?![0-9])")
_HINT: Final = "The code file is HCPCyyyy_MMM_ANWEB.xlsx (or .txt, .csv) of the HCPCS quarterly update."
_TEXT_LEFT_OUT: Final = "texts of others left out"


def read(inputs: Sequence[Input], asked: Asked) -> Reading:
    """A draft of the codes and one of the modifiers."""
    one = chosen(inputs, r"anweb", r"transaction|correction|note|layout|record", kind="the HCPCS code file", hint=_HINT)
    if isinstance(one, InputProblem):
        return Reading(problems=(one,))
    notes: Counter[str] = Counter()
    entries = _entries(one, notes)
    if isinstance(entries, InputProblem):
        return Reading(problems=(entries,))
    edition = release_of(one, asked, _edition(one, entries))
    if isinstance(edition, InputProblem):
        return Reading(problems=(edition,))
    codes = [_free(entry, notes) for entry in entries if not entry.is_modifier]
    modifiers = [entry for entry in entries if entry.is_modifier]
    return read_into(one, edition, ((CODES, codes, _code_cells), (MODIFIERS, modifiers, _modifier_cells)), notes)


def _entries(one: Input, notes: Counter[str]) -> list[HcpcsEntry] | InputProblem:
    """The entries of the sheet where it has the header, else those of the fixed-width file."""
    try:
        if not one.is_workbook and one.suffix != ".csv":
            found = list(contractor_entries(numbered_lines(one), notes))
            if found:
                return found
            notes.clear()
        grids = open_grids(one)
        if isinstance(grids, InputProblem):
            return grids
        entries = list(sheet_entries(numbered_cells(grids[0]), notes))
    except Stopped as stopped:
        return stopped.problem
    except HeaderMissing as missing:
        return refused("SEQ481", f"{one.name} is no HCPCS code file: {missing}.", one.name, hint=_HINT)
    except OSError as error:
        return refused("SEQ482", f"{one.name} cannot be read: {error}.", one.name)
    if not entries:
        return refused("SEQ483", f"{one.name} has the header of the HCPCS code file and no code.", one.name, hint=_HINT)
    return entries


def _edition(one: Input, entries: Sequence[HcpcsEntry]) -> tuple[str, Covers] | None:
    """The quarter in the file's name, the first of the year where it names a year alone; and since when it speaks."""
    quarter = quarter_in_name(one.file)
    if quarter is None:
        year = _YEAR.search(one.file.replace("HCPC", " ").replace("hcpc", " ").replace("_", " "))
        if year is None:
            return None
        quarter = Quarter(int(year[0]), 1)
    ended = Counter(entry.ended for entry in entries if entry.ended.endswith("-12-31"))
    kept = sorted(day for day, count in ended.items() if count >= _ENOUGH)
    start = date.fromisoformat(kept[0]) + timedelta(days=1) if kept else quarter.start
    return quarter.name, Covers(min(start, quarter.start), quarter.end)


def _free(entry: HcpcsEntry, notes: Counter[str]) -> HcpcsEntry:
    if _LEVEL_II.fullmatch(entry.code):
        return entry
    notes[_TEXT_LEFT_OUT] += 1
    return evolve(entry, short="", description="")


def _code_cells(entry: HcpcsEntry) -> tuple[str, ...]:
    references = ", ".join(code for code in entry.cross_references if _CODE.fullmatch(code))
    return (
        entry.code,
        entry.short,
        entry.description,
        entry.coverage,
        entry.action,
        entry.betos,
        entry.service_type,
        entry.pricing,
        references,
        entry.acted,
        entry.added,
        entry.ended,
    )


def _modifier_cells(entry: HcpcsEntry) -> tuple[str, ...]:
    return (
        entry.code,
        entry.description,
        entry.short,
        entry.coverage,
        entry.action,
        entry.acted,
        entry.added,
        entry.ended,
    )


KIND: Final = Kind(
    name="hcpcs",
    title="HCPCS level II codes and modifiers",
    publisher="CMS",
    files=("HCPC2026_OCT_ANWEB.xlsx", "HCPC2026_OCT_ANWEB.txt", "the zip with it"),
    licence="public domain",
    tables=("hcpcs/codes", "hcpcs/modifiers"),
    read=read,
    example="hcpcs october-2026-alpha-numeric-hcpcs-file.zip --into tables",
)
