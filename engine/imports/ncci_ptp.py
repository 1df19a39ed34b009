"""NCCI procedure-to-procedure edits: CMS's quarterly files of pairs, for practitioners and for outpatient hospitals.

In:   `ccipra-vNNNrR-f1..f4` and `ccioph-vNNNrR-f1..f4` as text, CSV, workbook or archive.    Out: `KIND`.
Uses: imports.grid, imports.sources, imports.header, imports.columns, imports.editions.    Used by: imports.registry.
Source: CMS, Medicare NCCI PTP edits. Seven columns: column 1, column 2, a star where the edit is older than 1996, the first
        and the last day (YYYYMMDD; a star: still in force), the modifier indicator 0, 1 or 9, the rationale.

An edit with indicator 9 was deleted on the day it came into force: it was never active, and is left out. The same pair may
stand in several rows, one for each time it was in force; all of them are kept. The last day is included.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date
from itertools import compress
from typing import Final

from attrs import define, field

from sequela.engine.diagnostics.model import InputProblem
from sequela.engine.imports.columns import Once, Wanted, wanted_columns, with_zeros
from sequela.engine.imports.editions import Quarter, compact_day, ncci_version, quarter_in_name
from sequela.engine.imports.grid import Grid, open_grids
from sequela.engine.imports.header import Column, Header, body, find_header
from sequela.engine.imports.inputs import Input
from sequela.engine.imports.kinds import Asked, Draft, Kind, Made, Reading, refused, warned
from sequela.engine.imports.sources import sources_of
from sequela.engine.tables.delimited import Batch
from sequela.engine.tables.model import Covers, KeyColumn, TableShape, ValueColumn
from sequela.engine.vocabulary.kinds import CodeOf, Scalar
from sequela.engine.vocabulary.systems import System

_HCPCS: Final = CodeOf(System.HCPCS)
_COLUMNS: Final = (
    Column("column 1", r"column ?1"),
    Column("column 2", r"column ?2"),
    Column("in existence prior to 1996", r"\* ?= ?in existence.*|prior to 1996", needed=False),
    Column("effective date", r"effective.*"),
    Column("deletion date", r"deletion.*"),
    Column("modifier indicator", r"(?:modifier|ccmi).*"),
    Column("rationale", r"ptp edit rationale.*|rationale.*", needed=False),
)
_NEEDED: Final = tuple(column.name for column in _COLUMNS if column.needed)
_SETTINGS: Final = {"practitioner": "ccipra", "hospital": "ccioph"}
_TITLES: Final = {
    "practitioner": "NCCI procedure-to-procedure edits, practitioners",
    "hospital": "NCCI procedure-to-procedure edits, outpatient hospital",
}
_KNOWN: Final = frozenset("019")
_PART: Final = re.compile(r"f([1-9])\b")
_PARTS: Final = 4
_WHAT: Final = "NCCI procedure-to-procedure edits"


@define
class _Part:
    """One of the files of a setting: its rows, the header, and the range of column 1 that it holds."""

    grid: Grid
    header: Header
    setting: str
    version: str
    quarter: Quarter
    number: int | None
    first: str = ""
    last: str = ""


@define
class _Course:
    """What is found out while the rows of a table are read."""

    end: date
    notes: Counter[str] = field(factory=Counter)
    start: str = ""
    exceptions: list[str] = field(factory=list)

    def covers(self) -> Covers:
        """From the first day of the earliest edit to the last day of the quarter."""
        return Covers(date.fromisoformat(self.start) if self.start else None, self.end)


def read(inputs: Sequence[Input], asked: Asked) -> Reading:
    """A table for each setting among the files."""
    parts, problems = sources_of(inputs, lambda one: _part(one, asked))
    problems += _mixed(parts)
    drafts = []
    for setting in _SETTINGS:
        own = sorted((part for part in parts if part.setting == setting), key=lambda part: part.number or 0)
        if own:
            problems += _parts_missing(own)
            drafts.append(_draft(setting, own, asked))
    return Reading(tuple(drafts), tuple(problems))


def _part(one: Input, asked: Asked) -> _Part | InputProblem:
    grids = open_grids(one)
    if isinstance(grids, InputProblem):
        return grids
    if not grids:
        return refused("SEQ483", f"{one.name} has no sheet.", one.name)
    header = find_header(grids[0], _COLUMNS, wrapped=True, kind=_WHAT)
    if isinstance(header, InputProblem):
        return header
    setting = _setting(one, asked)
    if isinstance(setting, InputProblem):
        return setting
    version, quarter = _edition(one, asked)
    if quarter is None:
        hint = "Say which it is: --release v32.3 (or 2026q4). CMS calls the files ccipra-v323r0-f1 and so on."
        return refused("SEQ484", f"The name of {one.name} does not say which quarter it is of.", one.name, hint=hint)
    number = _PART.search(one.stem)
    return _Part(grids[0], header, setting, version, quarter, int(number[1]) if number else None)


def _edition(one: Input, asked: Asked) -> tuple[str, Quarter | None]:
    """The version and its quarter: as the file's name says, else as the user does."""
    named = ncci_version(one.file)
    if named is not None:
        return named
    said = asked.release or ""
    found = ncci_version(f"{said.replace('.', '')}r0")
    quarter = found[1] if found is not None else quarter_in_name(said)
    if quarter is None and said and asked.covers is not None and asked.covers.end is not None:
        quarter = Quarter.of(asked.covers.end)
    return said, quarter


def _setting(one: Input, asked: Asked) -> str | InputProblem:
    """Whose edits a file holds: nothing in its rows says so, only its name, or the user."""
    named = next((setting for setting, mark in _SETTINGS.items() if mark in one.file.lower()), None)
    if asked.setting is not None and asked.setting not in _SETTINGS:
        message = f"There are no procedure-to-procedure edits of the setting `{asked.setting}`."
        return refused("SEQ484", message, one.name, hint="Write --setting practitioner or --setting hospital.")
    if named is not None and asked.setting not in (None, named):
        message = f"{one.name} holds the edits of the setting {named} by its name, not {asked.setting}."
        hint = "The two tables differ: leave out --setting, or name the other file (ccipra: practitioner, ccioph: hospital)."
        return refused("SEQ480", message, one.name, hint=hint)
    if named is None and asked.setting is None:
        hint = "Write --setting practitioner or --setting hospital. CMS calls the files ccipra-… and ccioph-…."
        message = f"The name of {one.name} does not say whether its edits are for practitioners or for hospitals."
        return refused("SEQ484", message, one.name, hint=hint)
    return asked.setting or str(named)


def _mixed(parts: Sequence[_Part]) -> list[InputProblem]:
    """What is wrong where files of several quarters, or one file twice, are given."""
    problems: list[InputProblem] = []
    for part in parts:
        first = next(one for one in parts if one.setting == part.setting)
        if part.version != first.version or part.quarter != first.quarter:
            message = (
                f"{part.grid.name} is of {part.version} ({part.quarter.name}), {first.grid.name} of {first.version}."
            )
            hint = "Import each quarter by itself: a release is one quarter."
            problems.append(refused("SEQ485", message, part.grid.input.name, hint=hint))
        twin = next((one for one in parts if one.setting == part.setting and one.number == part.number), part)
        if twin is not part and part.number is not None:
            message = f"{part.grid.name} and {twin.grid.name} are the same part, f{part.number}."
            problems.append(refused("SEQ485", message, part.grid.input.name, hint="Name each part once."))
    return problems


def _missing(parts: Sequence[_Part]) -> list[str]:
    """The parts that are not given; none where a file is no part of four."""
    numbers = {part.number for part in parts}
    return [] if None in numbers else [f"f{number}" for number in range(1, _PARTS + 1) if number not in numbers]


def _parts_missing(parts: Sequence[_Part]) -> list[InputProblem]:
    """A warning where parts are missing: each holds a range of column 1, so whole codes would look as if they had no edits."""
    missing = _missing(parts)
    if not missing:
        return []
    verb = "is" if len(missing) == 1 else "are"
    message = f"Of the four files of {parts[0].version}, {' and '.join(missing)} {verb} not given."
    hint = (
        "Each file holds a range of column-1 codes. Of a pair that this release does not list it is unknown whether it is an "
        "edit; import all four together."
    )
    return [warned("SEQ486", message, parts[0].grid.input.name, hint=hint)]


def _shape(setting: str) -> TableShape:
    return TableShape(
        name=f"ncci/ptp-{setting}",
        title=_TITLES[setting],
        keys=(KeyColumn("column-1", _HCPCS), KeyColumn("column-2", _HCPCS)),
        values=(ValueColumn("indicator", Scalar.TEXT), ValueColumn("rationale", Scalar.TEXT)),
        in_force=("effective", "ended"),
        complete=True,
    )


def _draft(setting: str, parts: Sequence[_Part], asked: Asked) -> Draft:
    course = _Course(parts[0].quarter.end)
    missing = _missing(parts)
    course.notes.update(f"part {part} missing" for part in missing)
    return Draft(
        shape=_shape(setting),
        release=asked.release or parts[0].version,
        covers=asked.covers or course.covers,
        rows=lambda: _rows(parts, course),
        inputs=tuple(part.grid.input for part in parts),
        missing=", ".join(missing),
        notes=course.notes,
    )


def _rows(parts: Sequence[_Part], course: _Course) -> Iterator[Made]:
    days, ends = Once(compact_day), Once(lambda text: "" if text in ("*", "") else compact_day(text))
    for part in parts:
        for found in body(part.grid, part.header):
            if isinstance(found, InputProblem):
                yield found
                return
            wanted = wanted_columns(found, part.header, _NEEDED)
            yield _batch(wanted, part, course, days, ends)
        yield from _overlap(part, parts)
    if course.exceptions:
        count = course.notes["indicator 9 with another deletion date"]
        message = f"{count:,} edits have indicator 9 and were not deleted on the day they came into force."
        hint = f"They are left out like the others. The first: {'; '.join(course.exceptions)}."
        yield warned("SEQ490", message, parts[0].grid.input.name, hint=hint)


def _batch(wanted: Wanted, part: _Part, course: _Course, days: Once, ends: Once) -> Batch:
    columns = dict(wanted.columns)
    lines, out_of_shape = wanted.lines, dict(wanted.refused)
    if "9" in columns["modifier indicator"]:
        nines = [indicator == "9" for indicator in columns["modifier indicator"]]
        _count_nines(columns, lines, nines, part, course)
        kept = [not nine or at in out_of_shape for at, nine in enumerate(nines)]
        places = list(compress(range(len(kept)), kept))
        columns = {name: list(compress(cells, kept)) for name, cells in columns.items()}
        lines = list(compress(lines, kept))
        out_of_shape = {new: out_of_shape[old] for new, old in enumerate(places) if old in out_of_shape}
    one, two = columns["column 1"], columns["column 2"]
    if part.grid.is_sheet:
        one, two = with_zeros(_HCPCS, one), with_zeros(_HCPCS, two)
    starts = list(map(days.__getitem__, columns["effective date"]))
    indicators = columns["modifier indicator"]
    if not _KNOWN.issuperset(indicators):
        for at, indicator in enumerate(indicators):
            if indicator not in _KNOWN:
                out_of_shape.setdefault(at, f"The modifier indicator is `{indicator}`, not 0, 1 or 9.")
    if one:
        part.first, part.last = part.first or one[0], one[-1]
        first = min((day for day in set(starts) if len(day) == len("2026-01-01")), default="")
        course.start = min(first, course.start or first) if first else course.start
    rationale = columns.get("rationale") or [""] * len(one)
    return Batch(
        (one, two, indicators, rationale, starts, list(map(ends.__getitem__, columns["deletion date"]))),
        list(lines),
        file=part.grid.name,
        refused=tuple(sorted(out_of_shape.items())),
    )


def _count_nines(
    columns: dict[str, Sequence[str]], lines: Sequence[int], nines: Sequence[bool], part: _Part, course: _Course
) -> None:
    """Counts the edits that were never active, and those among them whose dates do not say so."""
    course.notes["indicator 9 dropped"] += sum(nines)
    starts, ends = columns["effective date"], columns["deletion date"]
    odd = [at for at, nine in enumerate(nines) if nine and starts[at] != ends[at]]
    if odd:
        course.notes["indicator 9 with another deletion date"] += len(odd)
        room = 3 - len(course.exceptions)
        course.exceptions += [
            f"{part.grid.name} line {lines[at]}, {columns['column 1'][at]} and {columns['column 2'][at]}"
            for at in odd[: max(0, room)]
        ]


def _overlap(part: _Part, parts: Sequence[_Part]) -> Iterator[InputProblem]:
    """A warning where two files hold the same range of codes: the same content under two names."""
    for other in parts:
        if other is part or not other.first or not part.first:
            continue
        if part.first < other.last and other.first < part.last:
            message = f"{part.grid.name} and {other.grid.name} hold edits of the same column-1 codes."
            hint = "Each file of a release holds a range of its own; edits that stand in both count twice."
            yield warned("SEQ485", message, part.grid.input.name, hint=hint)


KIND: Final = Kind(
    name="ncci-ptp",
    title="NCCI procedure-to-procedure edits, for practitioners (ccipra) and outpatient hospitals (ccioph).",
    publisher="CMS",
    files=("ccipra-v323r0-f1.zip … -f4.zip", "ccioph-v323r0-f1.zip … -f4.zip", "or the .txt, .csv, .xlsx in them"),
    licence="Holds CPT codes (American Medical Association): fetch your own copy, do not pass it on.",
    tables=("ncci/ptp-practitioner", "ncci/ptp-hospital"),
    read=read,
    example="ncci-ptp ccipra-v323r0-f*.zip --into tables",
    marks=(r"ccipra|ccioph", r"column ?1 .*column ?2 .*(?:effective|deletion)"),
)
