"""MCE: the Definitions of Medicare Code Edits of one version become the lists of the Medicare Code Editor.

In:   `Definitions of Medicare Code Edits_v_NN.txt`, or the archive with it.    Out: `KIND`; mce/diagnosis-lists,
      mce/procedure-lists, mce/age-classes.
Uses: imports.mce_layout, imports.entries.    Used by: imports.registry.
Not here: the layout itself (mce_layout); which codes are valid and which discharge statuses there are, which the text
          does not list.

Version 43 is that of fiscal year 2026: CMS counts one a year, from October 1; 43.1 takes its place on April 1.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date
from functools import partial
from typing import Final

from sequela.engine.diagnostics.model import InputProblem
from sequela.engine.imports.entries import batched, chosen, numbered_lines, release_of
from sequela.engine.imports.inputs import Input
from sequela.engine.imports.kinds import Asked, Draft, Kind, Made, Reading, refused
from sequela.engine.imports.mce_layout import DIAGNOSIS, PROCEDURE, Definitions, ListEntry, read_definitions
from sequela.engine.tables.model import Covers, KeyColumn, TableShape, ValueColumn
from sequela.engine.vocabulary.kinds import CodeOf, Scalar
from sequela.engine.vocabulary.systems import System

_DATED: Final = ("effective", "ended")
DIAGNOSIS_LISTS: Final = TableShape(
    name="mce/diagnosis-lists",
    title="Diagnosis lists of the Medicare Code Editor",
    keys=(KeyColumn("code", CodeOf(System.ICD10CM)),),
    values=(ValueColumn("list", Scalar.TEXT),),
    in_force=_DATED,
)
PROCEDURE_LISTS: Final = TableShape(
    name="mce/procedure-lists",
    title="Procedure lists of the Medicare Code Editor",
    keys=(KeyColumn("code", CodeOf(System.ICD10PCS)),),
    values=(ValueColumn("list", Scalar.TEXT),),
    in_force=_DATED,
)
AGE_CLASSES: Final = TableShape(
    name="mce/age-classes",
    title="Ages of the lists of the Medicare Code Editor",
    keys=(KeyColumn("list", Scalar.TEXT),),
    values=(ValueColumn("from-age", Scalar.NUMBER), ValueColumn("to-age", Scalar.NUMBER)),
    in_force=_DATED,
)

_VERSION: Final = re.compile(r"v[_ .]*(\d{2})(?:[_.](\d))?(?!\d)", re.IGNORECASE)
_FIRST_YEAR: Final = 1982
_HINT: Final = "It is Definitions of Medicare Code Edits_v_NN.txt; the PDF of the same name cannot be read."


def version_in(name: str) -> tuple[str, Covers] | None:
    """The version in a file name, and the discharges for which it speaks; None where there is none.

    >>> version_in("Definitions of Medicare Code Edits_v_43_1.txt")[0]
    'v43.1'
    """
    found = _VERSION.search(name)
    if found is None:
        return None
    year, minor = _FIRST_YEAR + int(found[1]), found[2] or "0"
    start = date(year + 1, 4, 1) if minor == "1" else date(year, 10, 1)
    return f"v{found[1]}.{minor}", Covers(start, date(year + 1, 9, 30))


def read(inputs: Sequence[Input], asked: Asked) -> Reading:
    """A draft of the lists of diagnoses, of procedures, and of the ages."""
    one = chosen(inputs, r"definitions?.*edits", r"readme", kind="the Definitions of Medicare Code Edits", hint=_HINT)
    if isinstance(one, InputProblem):
        return Reading(problems=(one,))
    definitions = read_definitions(numbered_lines(one))
    if not definitions.entries:
        message = f"{one.name} holds no list of codes below a numbered edit."
        return Reading(problems=(refused("SEQ481", message, one.name, hint=_HINT),))
    missing = definitions.missing()
    if missing:
        message = f"{one.name} has no code on {len(missing)} of the lists: {', '.join(missing[:5])}."
        hint = "A list that is not there would look as if no code were on it. Fetch the text anew."
        return Reading(problems=(refused("SEQ481", message, one.name, hint=hint),))
    edition = release_of(one, asked, version_in(one.file))
    if isinstance(edition, InputProblem):
        return Reading(problems=(edition,))
    return Reading(_drafts(one, definitions, *edition))


def _drafts(one: Input, definitions: Definitions, release: str, covers: Covers | None) -> tuple[Draft, ...]:
    starts = "" if covers is None or covers.start is None else covers.start.isoformat()
    kinds = ((DIAGNOSIS_LISTS, DIAGNOSIS), (PROCEDURE_LISTS, PROCEDURE))
    lists = [
        Draft(
            shape=shape,
            release=release,
            covers=covers,
            rows=partial(_listed, [entry for entry in definitions.entries if entry.kind == kind], starts),
            inputs=(one,),
            notes=definitions.notes if kind == DIAGNOSIS else Counter(),
        )
        for shape, kind in kinds
    ]
    ages = Draft(
        shape=AGE_CLASSES,
        release=release,
        covers=covers,
        rows=lambda: batched(
            definitions.ages, lambda age: (age.name, str(age.low), str(age.high), starts, ""), lambda age: age.line
        ),
        inputs=(one,),
    )
    return (*lists, ages)


def _listed(entries: Sequence[ListEntry], starts: str) -> Iterator[Made]:
    return batched(entries, lambda entry: (entry.code, entry.name, starts, ""), lambda entry: entry.line)


KIND: Final = Kind(
    name="mce",
    title="Definitions of Medicare Code Edits",
    publisher="CMS",
    files=("Definitions of Medicare Code Edits_v_44.txt", "the zip with it"),
    licence="public domain",
    tables=("mce/diagnosis-lists", "mce/procedure-lists", "mce/age-classes"),
    read=read,
    example='mce "Definitions of Medicare Code Edits_v_44.txt" --into tables',
)
