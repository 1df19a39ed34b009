"""Drafts: the tables of ICD-10-CM and how their rows are written.

In:   listed codes, periods, a tabular list.    Out: the shapes, and for each the rows as cells.
Uses: imports.icd10cm, tables.                  Used by: imports.icd10cm.kind; tests/rebuild.
Not here: files and releases (kind).
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Final

from sequela.engine.imports.icd10cm.excludes import read_excludes
from sequela.engine.imports.icd10cm.expand import Listed
from sequela.engine.imports.icd10cm.layout import NoteKind, Tabular
from sequela.engine.imports.icd10cm.periods import Period, Periods, headings, incomplete_codes
from sequela.engine.imports.icd10cm.sequencing import read_instructions
from sequela.engine.imports.icd10cm.siblings import SIDES, lateral_codes, trimester_codes
from sequela.engine.imports.icd10cm.space import Space
from sequela.engine.tables.model import KeyColumn, TableShape, ValueColumn
from sequela.engine.vocabulary.kinds import CodeOf, CodesOf, Scalar
from sequela.engine.vocabulary.systems import System, printed

Cells = tuple[str, ...]

_CODE: Final = CodeOf(System.ICD10CM)
_CODES: Final = CodesOf(System.ICD10CM)
_DATES: Final = ("effective", "ended")
_OWNER: Final = KeyColumn("owner", _CODE, "under")
_EXCLUDED: Final = KeyColumn("excluded", _CODES, "in")
_NUMBER: Final = ValueColumn("number", Scalar.NUMBER)
_NOTE: Final = ValueColumn("note", Scalar.TEXT)
_INSTRUCTION: Final = (ValueColumn("codes", _CODES), ValueColumn("force", Scalar.TEXT), _NOTE)

CODES: Final = TableShape(
    name="icd10cm/codes",
    title="ICD-10-CM codes and headings",
    keys=(KeyColumn("code", _CODE),),
    values=(ValueColumn("billable", Scalar.YES_NO), ValueColumn("description", Scalar.TEXT)),
    in_force=_DATES,
    defines=System.ICD10CM,
)
INCOMPLETE: Final = TableShape(
    name="icd10cm/incomplete",
    title="ICD-10-CM codes that are not valid as written, and why",
    keys=(KeyColumn("written", _CODE),),
    values=(
        ValueColumn("why", Scalar.TEXT),
        ValueColumn("codes", _CODES),
        ValueColumn("only", _CODE),
        ValueColumn("day", Scalar.DATE),
    ),
    in_force=_DATES,
)
EXCLUDES1: Final = TableShape(
    name="icd10cm/excludes1",
    title="Excludes1 notes of ICD-10-CM",
    keys=(_OWNER, _EXCLUDED),
    values=(_NUMBER, ValueColumn("strength", Scalar.TEXT), _NOTE),
)
LIFTED: Final = TableShape(
    name="icd10cm/excludes1-lifted",
    title="Excludes1 notes of ICD-10-CM that a deeper Excludes2 note lifts",
    keys=(KeyColumn("number", Scalar.NUMBER), _OWNER, _EXCLUDED),
    values=(_NOTE,),
)
CODE_FIRST: Final = TableShape(
    name="icd10cm/code-first", title="Code first notes of ICD-10-CM", keys=(_OWNER,), values=_INSTRUCTION
)
USE_ADDITIONAL: Final = TableShape(
    name="icd10cm/use-additional",
    title="Use additional code notes of ICD-10-CM",
    keys=(_OWNER,),
    values=_INSTRUCTION,
)
CODE_ALSO: Final = TableShape(
    name="icd10cm/code-also", title="Code also notes of ICD-10-CM", keys=(_OWNER,), values=_INSTRUCTION
)
LATERALITY: Final = TableShape(
    name="icd10cm/laterality",
    title="ICD-10-CM codes by side",
    keys=(KeyColumn("code", _CODE),),
    values=(ValueColumn("side", Scalar.TEXT), *(ValueColumn(side, _CODE) for side in SIDES)),
)
TRIMESTERS: Final = TableShape(
    name="icd10cm/trimesters",
    title="ICD-10-CM codes by trimester",
    keys=(KeyColumn("code", _CODE),),
    values=(ValueColumn("trimester", Scalar.NUMBER),),
)

OF_NOTES: Final[Mapping[NoteKind, TableShape]] = {
    NoteKind.CODE_FIRST: CODE_FIRST,
    NoteKind.USE_ADDITIONAL: USE_ADDITIONAL,
    NoteKind.CODE_ALSO: CODE_ALSO,
}
SHAPES: Final = (CODES, INCOMPLETE, EXCLUDES1, LIFTED, CODE_FIRST, USE_ADDITIONAL, CODE_ALSO, LATERALITY, TRIMESTERS)


def code_rows(listed: Sequence[Listed]) -> Iterator[Cells]:
    """The rows of `icd10cm/codes` of one edition, which speaks for its dates as a whole."""
    for one in listed:
        yield _dotted(one.code), "yes" if one.billable else "no", one.description, "", ""


def dated_code_rows(listed: Sequence[Listed], valid: Periods) -> Iterator[Cells]:
    """The rows of `icd10cm/codes` with the dates of each code: a row for each period, of a heading too.

    A heading is one on the days on which a valid code begins with it. Codes that the edition does not list have no
    description; they stand in order of text in their category, and a category that it does not list at the end.
    """
    described = {one.code: one.description for one in listed}
    places: dict[str, int] = {}
    for one in listed:
        places.setdefault(one.code[:3], len(places))
    above = headings(valid)
    known = {code for code in above if code in described or not code.endswith("X")}
    for code in sorted({*valid, *known}, key=lambda each: (places.get(each[:3], len(places)), each)):
        rows = [("yes", period) for period in valid.get(code, ())] + [("no", period) for period in above.get(code, ())]
        for billable, period in sorted(rows, key=lambda row: row[1].start):
            yield _dotted(code), billable, described.get(code, ""), *_dates(period)


def incomplete_rows(valid: Periods, known: Period, *, dated: bool) -> Iterator[Cells]:
    """The rows of `icd10cm/incomplete`; without dates where the release as a whole has them.

    `only` is the nearest code where there is but one; `day` is what `periods.Incomplete` says.
    """
    for one in incomplete_codes(valid, known):
        codes = [_dotted(code) for code in one.codes]
        only = codes[0] if len(codes) == 1 else ""
        day = "" if one.day is None else one.day.isoformat()
        dates = _dates(one.period) if dated else ("", "")
        yield _dotted(one.written), one.why, ", ".join(codes), only, day, *dates


def excludes_rows(tabular: Tabular, space: Space) -> tuple[list[Cells], list[Cells]]:
    """The rows of `icd10cm/excludes1` and of `icd10cm/excludes1-lifted`."""
    kept, lifted = read_excludes(tabular, space)
    return (
        [(row.owner, row.excluded, str(row.number), row.strength, row.note) for row in kept],
        [(str(row.number), row.owner, row.excluded, row.note) for row in lifted],
    )


def instruction_rows(tabular: Tabular, space: Space, kind: NoteKind) -> Iterator[Cells]:
    """The rows of one table of instructions."""
    for row in read_instructions(tabular, space, kind):
        yield row.owner, row.codes, row.force, row.note


def laterality_rows(listed: Sequence[Listed]) -> Iterator[Cells]:
    """The rows of `icd10cm/laterality`."""
    for one in lateral_codes(listed):
        yield _dotted(one.code), one.side, *(map(_dotted, one.siblings))


def trimester_rows(listed: Sequence[Listed]) -> Iterator[Cells]:
    """The rows of `icd10cm/trimesters`."""
    for code, number in trimester_codes(listed):
        yield _dotted(code), str(number)


ALWAYS: Final = Period(date.min, None)
"""The time of which an edition without dates in its rows speaks."""


def valid_throughout(listed: Iterable[Listed]) -> dict[str, tuple[Period, ...]]:
    """The billable codes of one edition, each valid for as long as the edition is."""
    return {one.code: (ALWAYS,) for one in listed if one.billable}


def _dates(period: Period) -> tuple[str, str]:
    return period.start.isoformat(), "" if period.end is None else period.end.isoformat()


def _dotted(code: str) -> str:
    return printed(System.ICD10CM, code) if code else ""
