"""Code lists: small lists of procedure codes become tables: telehealth, waived laboratory tests, drug containers.

In:   a csv, tsv or sheet with a column of codes.    Out: `TELEHEALTH`, `CLIA_WAIVED`, `DRUG_CONTAINERS`;
      telehealth/services, clia/waived-tests, drugs/containers.
Uses: imports.header, imports.entries.    Used by: imports.registry.
Not here: lists with a layout of their own (hcpcs, mpfs, poa_exempt).

CMS publishes the list of telehealth services as a sheet for each calendar year, and the list of waived tests as a document
in which a test that needs modifier QW has it behind its code (80061QW). Nobody publishes which drugs are sold in single-dose
containers alone, so that list is the user's own. A code that stands several times counts once; descriptions are not read.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from functools import partial
from typing import Final

from attrs import frozen

from sequela.engine.diagnostics.model import InputProblem
from sequela.engine.imports.entries import batched, chosen, release_of
from sequela.engine.imports.grid import Grid, open_grids
from sequela.engine.imports.header import Column, Header, body, find_header
from sequela.engine.imports.inputs import Input
from sequela.engine.imports.kinds import Asked, Draft, Kind, Made, Reading, refused
from sequela.engine.tables.model import Covers, KeyColumn, TableShape, ValueColumn
from sequela.engine.vocabulary.kinds import CodeOf, Scalar, Type
from sequela.engine.vocabulary.systems import System

Cells = Mapping[str, str]
"""The cells of one row by the name of our column; a column that the file does not have is not in it."""

_YEAR: Final = re.compile(r"(?<![0-9])20[0-9]{2}(?![0-9])")
_CODE: Final = re.compile(r"[0-9]{4}[0-9A-Z]|[A-Z][0-9]{4}")
_AGAIN: Final = "codes that stand again"
_NOT_A_ROW: Final = "rows that are no codes"
_CODE_WORDS: Final = r"(hcpcs|cpt)?[ /]*(hcpcs|cpt)? ?codes?(\(s\))?|hcpcs|cpt"


@frozen(kw_only=True)
class CodeList:
    """What a list holds: its table, its columns, and how the cells of a row become a code and a value.

    `made_of` gives the cells of the table, the code first, or None for a row that is none.
    """

    shape: TableShape
    columns: tuple[Column, ...]
    named: str
    made_of: Callable[[Cells], tuple[str, ...] | None]


def read(listed: CodeList, inputs: Sequence[Input], asked: Asked) -> Reading:
    """A draft of the list; a calendar year in the file's name is its edition."""
    hint = f"It has the columns {', '.join(column.name for column in listed.columns)}."
    one = chosen(inputs, listed.named, r"readme", kind=listed.shape.title.lower(), hint=hint)
    if isinstance(one, InputProblem):
        return Reading(problems=(one,))
    grids = open_grids(one)
    if isinstance(grids, InputProblem):
        return Reading(problems=(grids,))
    header = find_header(grids[0], listed.columns, kind=listed.shape.title.lower())
    if isinstance(header, InputProblem):
        return Reading(problems=(header,))
    year = _YEAR.search(one.file)
    edition = release_of(one, asked, None if year is None else _calendar_year(int(year[0])))
    if isinstance(edition, InputProblem):
        return Reading(problems=(edition,))
    release, covers = edition
    notes: Counter[str] = Counter()
    draft = Draft(
        shape=listed.shape,
        release=release,
        covers=covers,
        rows=lambda: _rows(listed, grids[0], header, notes),
        inputs=(one,),
        notes=notes,
    )
    return Reading((draft,))


def _rows(listed: CodeList, grid: Grid, header: Header, notes: Counter[str]) -> Iterator[Made]:
    seen: set[str] = set()
    for found in body(grid, header):
        if isinstance(found, InputProblem):
            yield found
            return
        kept: list[tuple[int, tuple[str, ...]]] = []
        for line, cells in zip(found.lines, found.rows, strict=True):
            made = listed.made_of(_by_name(header, cells))
            if made is None:
                notes[_NOT_A_ROW] += 1
            elif made[0] in seen:
                notes[_AGAIN] += 1
            else:
                seen.add(made[0])
                kept.append((line, made))
        yield from batched(kept, lambda row: row[1], lambda row: row[0])
    if not seen:
        yield refused("SEQ483", f"{grid.name} holds no code.", grid.input.name)


def _by_name(header: Header, cells: Sequence[str]) -> Cells:
    return {name: cells[at] if at < len(cells) else "" for name, at in header.places.items()}


def _code(text: str) -> str | None:
    """A procedure code in a cell, with the zeros that a spreadsheet program took from its front."""
    bare = text.strip().upper()
    bare = bare.zfill(5) if bare.isdigit() else bare
    return bare if _CODE.fullmatch(bare) else None


def _telehealth(cells: Cells) -> tuple[str, ...] | None:
    code = _code(cells["code"])
    if code is None:
        return None
    said = cells.get("audio-only")
    return code, "" if said is None else said or "no"


def _waived(cells: Cells) -> tuple[str, ...] | None:
    text = cells["code"].strip().upper()
    code = _code(text.removesuffix("QW"))
    if code is None:
        return None
    return code, "yes" if text.endswith("QW") else cells.get("needs-qw", "")


def _container(cells: Cells) -> tuple[str, ...] | None:
    code = _code(cells["code"])
    return None if code is None else (code, cells["container"].lower())


def _calendar_year(year: int) -> tuple[str, Covers]:
    return str(year), Covers(date(year, 1, 1), date(year, 12, 31))


def _shape(name: str, title: str, value: str, kind: Type, *, complete: bool = True) -> TableShape:
    keys = (KeyColumn("code", CodeOf(System.HCPCS)),)
    return TableShape(name=name, title=title, keys=keys, values=(ValueColumn(value, kind),), complete=complete)


SERVICES: Final = CodeList(
    shape=_shape("telehealth/services", "Telehealth services", "audio-only", Scalar.YES_NO),
    columns=(Column("code", _CODE_WORDS), Column("audio-only", r".*audio.only.*", needed=False)),
    named=r"telehealth",
    made_of=_telehealth,
)
WAIVED_TESTS: Final = CodeList(
    shape=_shape("clia/waived-tests", "Waived laboratory tests", "needs-qw", Scalar.YES_NO),
    columns=(Column("code", _CODE_WORDS), Column("needs-qw", r"needs.qw|qw", needed=False)),
    named=r"clia|waived",
    made_of=_waived,
)
CONTAINERS: Final = CodeList(
    shape=_shape("drugs/containers", "Containers of drugs", "container", Scalar.TEXT, complete=False),
    columns=(Column("code", _CODE_WORDS), Column("container", r"containers?")),
    named=r"drug|container",
    made_of=_container,
)

_LICENCE: Final = "holds CPT codes (American Medical Association); texts are not read"

TELEHEALTH: Final = Kind(
    name="telehealth",
    title="Services that Medicare pays by telehealth",
    publisher="CMS",
    files=("list-of-telehealth-services-2026.xlsx",),
    licence=_LICENCE,
    tables=("telehealth/services",),
    read=partial(read, SERVICES),
    example="telehealth list-of-telehealth-services-2026.xlsx --into tables",
)
CLIA_WAIVED: Final = Kind(
    name="clia-waived",
    title="Laboratory tests that a waived laboratory may do",
    publisher="CMS",
    files=("a csv with the columns code (80061QW) or code and needs-qw",),
    licence=_LICENCE,
    tables=("clia/waived-tests",),
    read=partial(read, WAIVED_TESTS),
    example="clia-waived waived-tests-2026.csv --into tables",
)
DRUG_CONTAINERS: Final = Kind(
    name="drug-containers",
    title="Drugs that are sold in single-dose or multi-dose containers",
    publisher="your own list",
    files=("a csv with the columns code and container (single-dose, multi-dose or both)",),
    licence="yours",
    tables=("drugs/containers",),
    read=partial(read, CONTAINERS),
    example="drug-containers drug-containers-2026.csv --into tables",
)
