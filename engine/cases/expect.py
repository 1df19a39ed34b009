"""Expectations: whether a ledger says what a case expects, and in which words it does not.

In:   an `Expectation` and the ledger of the case.    Out: None, or a sentence that says what came instead.
Uses: syntax.cases, explain.                         Used by: cases.run.
"""

from collections.abc import Iterable, Sequence
from typing import Final, assert_never

from sequela.engine.cases.build import OWNERS
from sequela.engine.encounter.fields import field_of
from sequela.engine.encounter.view import Member, View
from sequela.engine.explain.fact_words import pointer_words
from sequela.engine.explain.ledger import Entry, Ledger
from sequela.engine.explain.repairs import TriedChange
from sequela.engine.syntax.cases import (
    Expectation,
    ExpectNothingFails,
    ExpectStatus,
    ExpectSuggestion,
    FactOwner,
    Place,
)
from sequela.engine.syntax.conditions import Path
from sequela.engine.vocabulary.kinds import DIAGNOSIS_LIKE, Kind
from sequela.engine.vocabulary.systems import System, normal

STRONGEST: Final = ("error", "fail", "unknown", "not checked", "bypassed", "pass", "not applicable")
_KINDS: Final = {
    "line": Kind.LINE,
    "dx": Kind.DIAGNOSIS,
    "procedure": Kind.PROCEDURE,
    "history line": Kind.HISTORY_LINE,
    "document": Kind.DOCUMENT,
}


def mismatch(expectation: Expectation, ledger: Ledger, first_rule: str) -> str | None:
    """What came instead of what was expected; None where it came. `first_rule` is meant where no rule is named."""
    match expectation:
        case ExpectStatus():
            return _status(expectation, ledger, first_rule)
        case ExpectSuggestion():
            return _suggestion(expectation, ledger, first_rule)
        case ExpectNothingFails():
            failed = [f"{entry.rule} ({_where(entry)})" for entry in ledger.failures]
            return f"failed: {', '.join(failed)}" if failed else None
        case _:
            assert_never(expectation)


def _status(expected: ExpectStatus, ledger: Ledger, first_rule: str) -> str | None:
    rule = expected.rule.text if expected.rule is not None else first_rule
    entries = list(ledger.entry(rule))
    if expected.at is not None:
        pointer = pointer_of(ledger.view, expected.at)
        if pointer is None:
            return f"the claim has no {expected.at.kind} {expected.at.number}"
        entries = [entry for entry in entries if entry.concerns(pointer)]
    status = strongest(entry.status for entry in entries)
    deciding = [entry for entry in entries if entry.status == status]
    if status != expected.status:
        reasons = "; ".join(dict.fromkeys(f"{entry.reason}" for entry in deciding))
        return f"{rule} is {status}" + (f": {reasons}" if reasons else "")
    if expected.because is not None:
        return _because(" ".join(expected.because.span.text.split()), deciding, ledger)
    if expected.asking is not None:
        assert expected.asking_owner is not None
        return _asking(expected.asking_owner, expected.asking, deciding, ledger)
    return None


def strongest(statuses: Iterable[str]) -> str:
    """The status that counts among several; of none, *not applicable*."""
    return min(statuses, key=STRONGEST.index, default="not applicable")


def _because(words: str, deciding: Sequence[Entry], ledger: Ledger) -> str | None:
    said = list(dict.fromkeys(one for entry in deciding for one in ledger.explain(entry).deciding))
    if words in said:
        return None
    return f"it was decided by: {'; '.join(said) or 'no condition'}"


def _asking(owner: FactOwner, path: Path, deciding: Sequence[Entry], ledger: Ledger) -> str | None:
    wanted = _pointers(ledger.view, owner, path)
    asked = {pointer for entry in deciding for one in entry.missing for pointer in one}
    if asked & wanted:
        return None
    words = [pointer_words(ledger.view, pointer) for pointer in sorted(asked)]
    return f"what would settle it is: {', '.join(words) or 'nothing that a claim can hold'}"


def _pointers(view: View, owner: FactOwner, path: Path) -> set[str]:
    """The pointers by which a fact of the shorthand may be asked."""
    name = ".".join(path.parts)
    if owner.kind in ("history", "documents"):
        return {f"/{owner.kind}/complete"}
    kind = OWNERS[owner.kind]
    if kind is Kind.CLAIM:
        if name in ("history", "documents"):
            return {f"/{name}/complete"}
        member: Member | None = view.claim
    elif kind is Kind.PATIENT:
        member = view.patient
    else:
        kinds = DIAGNOSIS_LIKE if kind is Kind.DIAGNOSIS else (kind,)
        members = [one for each in kinds for one in view.members(each)]
        member = next((one for one in members if one.index + 1 == owner.number), None)
    if member is None:
        return set()
    below = "/" + name.replace("-", "_").replace(".", "/")
    fact = field_of(kind, name)
    return {member.pointer + below, *(fact.sources(member) if fact is not None else ())}


def _suggestion(expected: ExpectSuggestion, ledger: Ledger, first_rule: str) -> str | None:
    rule = expected.rule.text if expected.rule is not None else first_rule
    tried = [
        change for entry in ledger.entry(rule) if entry.status == "fail" for change in ledger.explain(entry).changes
    ]
    if any(_is_that(expected, change, ledger.view) for change in tried):
        return None
    return f"{rule} suggests: {'; '.join(change.text for change in tried) or 'nothing'}"


def _is_that(expected: ExpectSuggestion, change: TriedChange, view: View) -> bool:
    if change.change != expected.change:
        return False
    if expected.code is not None:
        system = System.ICD10CM if expected.change == "replace" else System.MODIFIER
        if change.code != normal(system, expected.code):
            return False
    if expected.by is not None and change.by != normal(System.MODIFIER, expected.by):
        return False
    if expected.change == "move" and expected.target is None and change.target != next(iter(view.diagnoses()), None):
        return False
    if expected.before is not None and change.before is not expected.before:
        return False
    return _same(expected.subject, change.subject, view) and _same(expected.target, change.target, view)


def _same(place: Place | None, member: Member | None, view: View) -> bool:
    return place is None or (member is not None and pointer_of(view, place) == member.pointer)


def pointer_of(view: View, place: Place) -> str | None:
    """The pointer of a place in the claim of a case; None where there is no such place."""
    count = {
        "line": len(view.encounter.lines),
        "dx": len(view.encounter.diagnoses),
        "procedure": len(view.encounter.procedures),
        "history line": len(view.encounter.history.lines or ()),
        "document": len(view.encounter.documents.items or ()),
    }[place.kind]
    if not 1 <= place.number <= count:
        return None
    return Member(view, _KINDS[place.kind], place.number - 1, None).pointer


def _where(entry: Entry) -> str:
    return ", ".join(entry.labels) or "the claim"
