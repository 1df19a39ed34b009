"""POA-exempt: the yearly list of diagnoses that need no present-on-admission indicator becomes a table.

In:   `POAexemptCodes…` as txt or xlsx, or the archive with it.    Out: `KIND`; icd10cm/poa-exempt.
Uses: imports.poa_exempt_layout, imports.entries.    Used by: imports.registry.
Not here: the layout itself (poa_exempt_layout).

A list is valid for a fiscal year: October 1 of the year before to September 30.
"""

from collections import Counter
from collections.abc import Sequence
from datetime import date
from typing import Final

from sequela.engine.diagnostics.model import InputProblem
from sequela.engine.imports.entries import Stopped, batched, chosen, numbered_cells, release_of
from sequela.engine.imports.grid import open_grids
from sequela.engine.imports.inputs import Input
from sequela.engine.imports.kinds import Asked, Draft, Kind, Reading, refused
from sequela.engine.imports.poa_exempt_layout import (
    ListMissing,
    PoaEntry,
    fiscal_year_of,
    is_whole_list,
    poa_entries,
)
from sequela.engine.tables.model import Covers, KeyColumn, TableShape, ValueColumn
from sequela.engine.vocabulary.kinds import CodeOf, Scalar
from sequela.engine.vocabulary.systems import System

EXEMPT: Final = TableShape(
    name="icd10cm/poa-exempt",
    title="Diagnoses exempt from the present-on-admission indicator",
    keys=(KeyColumn("code", CodeOf(System.ICD10CM)),),
    values=(ValueColumn("description", Scalar.TEXT),),
)

_HINT: Final = "It is POAexemptCodesFYyy.txt (or .xlsx), not the lists of what was added or deleted."


def read(inputs: Sequence[Input], asked: Asked) -> Reading:
    """A draft of the list."""
    whole = [one for one in inputs if is_whole_list(one.file)] if len(inputs) > 1 else inputs
    one = chosen(whole or inputs, r"poa", r"^readme", kind="the list of exempt codes", hint=_HINT)
    if isinstance(one, InputProblem):
        return Reading(problems=(one,))
    notes: Counter[str] = Counter()
    found = _entries(one, notes)
    if isinstance(found, InputProblem):
        return Reading(problems=(found,))
    entries, header = found
    year = fiscal_year_of(one.file, header)
    edition = release_of(one, asked, None if year is None else _fiscal_year(year))
    if isinstance(edition, InputProblem):
        return Reading(problems=(edition,))
    release, covers = edition
    draft = Draft(
        shape=EXEMPT,
        release=release,
        covers=covers,
        rows=lambda: batched(entries, lambda entry: (entry.code, entry.description), lambda entry: entry.row),
        inputs=(one,),
        notes=notes,
    )
    return Reading((draft,))


def _entries(one: Input, notes: Counter[str]) -> tuple[list[PoaEntry], Sequence[str]] | InputProblem:
    """The exempt codes and the cells of the first row."""
    try:
        grids = open_grids(one)
        if isinstance(grids, InputProblem):
            return grids
        rows = list(numbered_cells(grids[0]))
        return list(poa_entries(rows, notes)), rows[0][1] if rows else ()
    except Stopped as stopped:
        return stopped.problem
    except ListMissing as missing:
        return refused("SEQ481", f"{one.name} is no list of exempt codes: {missing}.", one.name, hint=_HINT)


def _fiscal_year(year: int) -> tuple[str, Covers]:
    return f"fy{year}", Covers(date(year - 1, 10, 1), date(year, 9, 30))


KIND: Final = Kind(
    name="poa-exempt",
    title="Diagnoses exempt from the present-on-admission indicator",
    publisher="CMS",
    files=("POAexemptCodesFY25.txt", "POAexemptCodesFY25.xlsx", "the zip with it"),
    licence="public domain",
    tables=("icd10cm/poa-exempt",),
    read=read,
    example="poa-exempt 2026-poa-exempt-codes.zip --into tables",
)
