"""Kind: the tabular list or the order file becomes the tables of ICD-10-CM.

In:   `icd10cm-tabular-yyyy.xml` or `icd10cm-order-yyyy.txt`, or the archive with them.    Out: `KIND`.
Uses: imports.entries, imports.icd10cm.    Used by: imports.registry.
Not here: the layouts (layout, order); what the cells say (drafts).

An edition is valid from October 1 of the year before the one that it is called by, to September 30. What changes on April 1 (or
changed on January 1, 2021) is published as a whole new edition, which the file's name or the user says; it takes the place of
the first one from that day. The order file has no notes: only the tabular list brings all tables.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date
from functools import partial
from typing import Final

from sequela.engine.diagnostics.model import InputProblem
from sequela.engine.imports.entries import batched, chosen, numbered_lines, release_of
from sequela.engine.imports.icd10cm import drafts
from sequela.engine.imports.icd10cm.expand import Listed
from sequela.engine.imports.icd10cm.layout import Tabular, UnreadableTabularError, read_tabular
from sequela.engine.imports.icd10cm.order import as_listed, read_order
from sequela.engine.imports.icd10cm.space import Space
from sequela.engine.imports.inputs import Input
from sequela.engine.imports.kinds import Asked, Draft, Kind, Made, Reading, refused
from sequela.engine.tables.model import Covers, TableShape

_VERSION: Final = re.compile(rb"<version>\s*(20[0-9]{2})\s*</version>")
_YEAR: Final = re.compile(r"20[0-9]{2}")
_IN_YEAR: Final = re.compile(r"(?<![a-z])(jan|apr)(?:uary|il)?(?![a-z])")
_MONTH: Final = {"jan": 1, "apr": 4}
_HINT: Final = "It is icd10cm-tabular-yyyy.xml or icd10cm-order-yyyy.txt of the year's ICD-10-CM files."


def read(inputs: Sequence[Input], asked: Asked) -> Reading:
    """Drafts of the tables; where both files are there, the tabular list, which has the notes."""
    lists = [one for one in inputs if b"<ICD10CM.tabular" in one.head]
    one = chosen(
        lists or inputs, r"10c.*(tabular|order)", r"addenda|errata|readme", kind="the ICD-10-CM codes", hint=_HINT
    )
    if isinstance(one, InputProblem):
        return Reading(problems=(one,))
    edition = release_of(one, asked, _edition(one))
    if isinstance(edition, InputProblem):
        return Reading(problems=(edition,))
    try:
        return Reading(_from_tabular(one, *edition) if lists else _from_order(one, *edition))
    except UnreadableTabularError as error:
        return _refused("SEQ482", f"{one.name} is no whole tabular list of ICD-10-CM. {error}", one)
    except OSError as error:
        return _refused("SEQ482", f"{one.name} cannot be read: {error}.", one)
    except ValueError as error:
        return _refused("SEQ483", str(error), one)


def _refused(code: str, message: str, one: Input) -> Reading:
    return Reading(problems=(refused(code, message, one.name, hint=_HINT),))


def _from_tabular(one: Input, release: str, covers: Covers | None) -> tuple[Draft, ...]:
    tabular = read_tabular(one.data())
    space = Space(tabular)
    if not space.codes:
        raise ValueError(f"{one.name} holds no ICD-10-CM code.")
    draft = partial(_draft, one, release, covers)
    return (*_of_codes(space.listed, draft), *_of_notes(tabular, space, draft))


def _from_order(one: Input, release: str, covers: Covers | None) -> tuple[Draft, ...]:
    notes: Counter[str] = Counter()
    listed = as_listed(read_order(numbered_lines(one), notes))
    if not listed:
        raise ValueError(f"{one.name} holds no ICD-10-CM code.")
    found = _of_codes(listed, partial(_draft, one, release, covers))
    found[0].notes.update(notes)
    return tuple(found)


Drafter = Callable[[TableShape, Callable[[], Iterable[drafts.Cells]]], Draft]


def _of_codes(listed: Sequence[Listed], draft: Drafter) -> list[Draft]:
    return [
        draft(drafts.CODES, lambda: drafts.code_rows(listed)),
        draft(drafts.INCOMPLETE, lambda: _incomplete(listed)),
        draft(drafts.LATERALITY, lambda: drafts.laterality_rows(listed)),
        draft(drafts.TRIMESTERS, lambda: drafts.trimester_rows(listed)),
    ]


def _incomplete(listed: Sequence[Listed]) -> Iterator[drafts.Cells]:
    return drafts.incomplete_rows(drafts.valid_throughout(listed), drafts.ALWAYS, dated=False)


def _of_notes(tabular: Tabular, space: Space, draft: Drafter) -> list[Draft]:
    found: list[tuple[list[drafts.Cells], list[drafts.Cells]]] = []

    def excludes(which: int) -> list[drafts.Cells]:
        """Both tables are made at once, when the first is asked for."""
        if not found:
            found.append(drafts.excludes_rows(tabular, space))
        return found[0][which]

    return [
        draft(drafts.EXCLUDES1, lambda: excludes(0)),
        draft(drafts.LIFTED, lambda: excludes(1)),
        *(
            draft(shape, partial(drafts.instruction_rows, tabular, space, kind))
            for kind, shape in drafts.OF_NOTES.items()
        ),
    ]


def _draft(
    one: Input, release: str, covers: Covers | None, shape: TableShape, rows: Callable[[], Iterable[drafts.Cells]]
) -> Draft:
    def made() -> Iterator[Made]:
        return batched(enumerate(rows(), 1), lambda row: row[1], lambda row: row[0])

    return Draft(shape=shape, release=release, covers=covers, rows=made, inputs=(one,))


def _edition(one: Input) -> tuple[str, Covers] | None:
    said = _VERSION.search(one.head)
    named = _YEAR.search(one.file)
    if said is None and named is None:
        return None
    year = int(said[1]) if said is not None else int(named[0]) if named is not None else 0
    month = _IN_YEAR.search(one.file.lower())
    start = date(year - 1, 10, 1) if month is None else date(year, _MONTH[month[1]], 1)
    return start.isoformat(), Covers(start, date(year, 9, 30))


KIND: Final = Kind(
    name="icd10cm",
    title="ICD-10-CM codes and the notes of the tabular list",
    publisher="CDC/NCHS, CMS",
    files=("icd10cm-tabular-2027.xml", "icd10cm-order-2027.txt (codes alone)", "the zip with them"),
    licence="public domain",
    tables=tuple(shape.name for shape in drafts.SHAPES),
    read=read,
    example="icd10cm icd10cm-tabular-2027.xml --into tables",
    marks=(r"<icd10cm\.tabular", r"^icd10cm[-_]order"),
)
