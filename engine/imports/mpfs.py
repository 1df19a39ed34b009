"""MPFS: the relative value file of the physician fee schedule becomes the tables of payment indicators.

In:   `PPRRVUyyyy_MMM` as csv or xlsx, or the archive with it.    Out: `KIND`; mpfs/indicators, mpfs/components.
Uses: imports.mpfs_layout, imports.entries, imports.editions.    Used by: imports.registry.
Not here: the layout itself (mpfs_layout).

A code has one row in mpfs/indicators, and in mpfs/components one for each component that is priced by itself (modifiers 26,
TC and 53). A file speaks for its quarter; the next one replaces it from its own first day. Since 2026 there are two
variants of a file, for qualifying participants and for others: they differ in the conversion factor and in nothing that is
read here, so of two that come together the one for others is taken. No descriptions are read.
"""

from collections import Counter
from collections.abc import Sequence
from typing import Final

from sequela.engine.diagnostics.model import InputProblem
from sequela.engine.diagnostics.suggest import listed
from sequela.engine.imports.editions import Quarter
from sequela.engine.imports.entries import Stopped, chosen, numbered_cells, read_into, release_of
from sequela.engine.imports.grid import open_grids
from sequela.engine.imports.inputs import Input
from sequela.engine.imports.kinds import Asked, Kind, Reading, refused, warned
from sequela.engine.imports.mpfs_layout import COLUMNS, HeaderMissing, MpfsEntry, edition_of, find_columns, mpfs_entries
from sequela.engine.tables.model import Covers, KeyColumn, TableShape, ValueColumn
from sequela.engine.vocabulary.kinds import CodeOf, Scalar, Type
from sequela.engine.vocabulary.systems import System

_NUMBERS: Final = frozenset({"work", "total-nonfacility", "total-facility", "pre", "intra", "post"})


def _type(column: str) -> Type:
    if column == "endoscopy-base":
        return CodeOf(System.HCPCS)
    return Scalar.NUMBER if column in _NUMBERS else Scalar.TEXT


_FACTS: Final = tuple(column for column in COLUMNS)

INDICATORS: Final = TableShape(
    name="mpfs/indicators",
    title="Payment indicators of the physician fee schedule",
    keys=(KeyColumn("code", CodeOf(System.HCPCS)),),
    values=(*(ValueColumn(column, _type(column)) for column in _FACTS), ValueColumn("days-after", Scalar.NUMBER)),
)
COMPONENTS: Final = TableShape(
    name="mpfs/components",
    title="Components of services that the physician fee schedule prices by themselves",
    keys=(KeyColumn("code", CodeOf(System.HCPCS)), KeyColumn("modifier", CodeOf(System.MODIFIER))),
    values=tuple(ValueColumn(column, _type(column)) for column in _FACTS),
)

_DAYS_AFTER: Final = {"000": "0", "010": "10", "090": "90"}
_HINT: Final = "It is PPRRVUyyyy_MMM.csv in the archive RVUyyX.zip of the physician fee schedule."


def read(inputs: Sequence[Input], asked: Asked) -> Reading:
    """A draft of the indicators and one of the components."""
    kept, problems = _one_variant(inputs)
    one = chosen(kept, r"pprrvu", r"layout|readme", kind="the relative value file", hint=_HINT)
    if isinstance(one, InputProblem):
        return Reading(problems=(one,))
    notes: Counter[str] = Counter()
    found = _entries(one, notes)
    if isinstance(found, InputProblem):
        return Reading(problems=(found,))
    entries, title = found
    first = edition_of(one.file, title)
    edition = release_of(one, asked, None if first is None else _quarter(Quarter.of(first)))
    if isinstance(edition, InputProblem):
        return Reading(problems=(edition,))
    codes = [entry for entry in entries if not entry.modifier]
    components = [entry for entry in entries if entry.modifier]
    return read_into(
        one, edition, ((INDICATORS, codes, _code_cells), (COMPONENTS, components, _component_cells)), notes, problems
    )


def _one_variant(inputs: Sequence[Input]) -> tuple[Sequence[Input], tuple[InputProblem, ...]]:
    """The inputs without the variant for qualifying participants, where the other one is there too."""
    ours = [one for one in inputs if "pprrvu" in one.stem]
    others = [one for one in ours if "nonqpp" in one.stem]
    left_out = [one for one in ours if "qpp" in one.stem and "nonqpp" not in one.stem] if others else []
    if not left_out:
        return inputs, ()
    names = listed(one.name for one in left_out)
    message = (
        f"{names} is left out: it differs from the other variant in the conversion factor alone, which is not read."
    )
    return [one for one in inputs if one not in left_out], (warned("SEQ485", message, left_out[0].name),)


def _entries(one: Input, notes: Counter[str]) -> tuple[list[MpfsEntry], str] | InputProblem:
    """The entries of the file and the text above its header."""
    try:
        grids = open_grids(one)
        if isinstance(grids, InputProblem):
            return grids
        rows = numbered_cells(grids[0])
        columns, title = find_columns(rows)
        entries = list(mpfs_entries(rows, columns, notes))
    except Stopped as stopped:
        return stopped.problem
    except HeaderMissing as missing:
        return refused("SEQ481", f"{one.name} is no relative value file: {missing}.", one.name, hint=_HINT)
    if not entries:
        return refused("SEQ483", f"{one.name} has the header of the relative value file and no code.", one.name)
    return entries, title


def _quarter(quarter: Quarter) -> tuple[str, Covers]:
    return quarter.name, quarter.covers


def _code_cells(entry: MpfsEntry) -> tuple[str, ...]:
    facts = (entry.cells.get(column, "") for column in _FACTS)
    return (entry.code, *facts, _DAYS_AFTER.get(entry.cells.get("global", ""), ""))


def _component_cells(entry: MpfsEntry) -> tuple[str, ...]:
    return (entry.code, entry.modifier, *(entry.cells.get(column, "") for column in _FACTS))


KIND: Final = Kind(
    name="mpfs",
    title="Payment indicators of the Medicare physician fee schedule",
    publisher="CMS",
    files=("PPRRVU2026_Jul_nonQPP.csv", "RVU26C.zip"),
    licence="holds CPT codes (American Medical Association) and dental codes (American Dental Association); texts are not read",
    tables=("mpfs/indicators", "mpfs/components"),
    read=read,
    example="mpfs RVU26C.zip --into tables",
)
