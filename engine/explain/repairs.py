"""Repairs: what a rule's author suggests, tried on a copy of the claim against every rule.

In:   a failed entry and its ledger.    Out: `TriedChange`s.
Uses: changed_claim, evaluate.suggested, model.rules.    Used by: explanation, cases.
Not here: making a change (changed_claim). None is ever made on the claim itself.
"""

from collections.abc import Iterator, Sequence
from itertools import islice
from typing import TYPE_CHECKING, Final, assert_never

from msgspec import Struct

from sequela.engine.encounter.view import Member
from sequela.engine.evaluate.evidence import Scope
from sequela.engine.evaluate.suggested import suggested_frames
from sequela.engine.evaluate.verdict import Bound, Group, Status, UnknownMember, Verdict
from sequela.engine.evaluate.walk_conditions import settle
from sequela.engine.evaluate.walk_values import read
from sequela.engine.explain.changed_claim import (
    Changed,
    pointing,
    with_code,
    with_modifier,
    with_move,
    with_other_modifier,
    without_modifier,
)
from sequela.engine.explain.entries import Entry
from sequela.engine.explain.labels import code_text
from sequela.engine.model.nodes import Binding, Value
from sequela.engine.model.rules import (
    AddModifier,
    MoveDiagnosis,
    PointLine,
    RemoveModifier,
    ReplaceDiagnosis,
    ReplaceModifier,
    SuggestedChange,
    Suggestion,
)
from sequela.engine.tables.model import Row
from sequela.engine.vocabulary.systems import System, printed

if TYPE_CHECKING:
    from sequela.engine.explain.ledger import Ledger

MOST_TRIED: Final = 40
MOST_OFFERED: Final = 12
_SETTLED: Final = frozenset({Status.PASS, Status.BYPASSED, Status.NOT_APPLICABLE})

Key = tuple[object, ...]


class TriedChange(Struct, frozen=True, eq=False, kw_only=True):
    """One change of the claim, and what came of trying it.

    `change` is add modifier, remove modifier, replace modifier, move, point or replace; `code` the modifier or diagnosis
    code in normal form, `by` the modifier that replaces it; `subject` the line or diagnosis that is changed, `target` the
    diagnosis that it is moved to or pointed at, `before` on which side of it. `kind` is "needs documentation", "clerical"
    or "needs coding review". `helps` says whether the rule no longer fails. `settles` and `creates` are the ids of the
    rules of which some failure goes, and of those of which a new one comes, of `of` rules that were asked.
    """

    change: str
    code: str | None
    subject: Member
    target: Member | None
    before: bool | None
    text: str
    kind: str
    only_if: str | None
    helps: bool
    settles: tuple[str, ...]
    creates: tuple[str, ...]
    of: int
    by: str | None = None


class _Made(Struct, frozen=True, eq=False):
    """A change that was made on a copy, not judged yet."""

    change: str
    changed: Changed
    text: str
    subject: Member
    target: Member | None = None
    code: str | None = None
    before: bool | None = None
    by: str | None = None


def tried_changes(ledger: "Ledger", entry: Entry) -> tuple[TriedChange, ...]:
    """What a failed rule suggests: the changes that settle it, those that create no failure first.

    A change whose names are all bound is shown even where it does not settle the rule by itself: its author wrote it.
    But never a modifier that would be put on a line in vain: what is forbidden as such, it must let through.
    """
    version, check = entry.version, ledger.check
    if entry.verdict.status is not Status.FAIL or version is None or version.suggestion is None or check is None:
        return ()
    suggestion = version.suggestion
    failed = _failures(ledger.verdicts)
    tried: dict[str, TriedChange] = {}
    for made in islice(_made(entry, suggestion, ledger), MOST_TRIED):
        if made.text not in tried:
            tried[made.text] = _judged(made, suggestion, entry.verdict, failed, check(made.changed.claim))
    forbidden = any(one.condition is None for one in version.requirements)
    must_help = suggestion.free or (forbidden and isinstance(suggestion.change, AddModifier | ReplaceModifier))
    offered = [one for one in tried.values() if one.helps or not must_help]
    offered.sort(key=lambda one: (not one.helps, len(one.creates), -len(one.settles)))
    return tuple(offered[:MOST_OFFERED])


# ---------------------------------------------------------------- making it


def _made(entry: Entry, suggestion: Suggestion, ledger: "Ledger") -> Iterator[_Made]:
    scope = entry.replayed.scope
    for frame in suggested_frames(entry.verdict, suggestion, ledger.view):
        made = _make(suggestion.change, frame, scope)
        if made is not None:
            yield made


def _make(change: SuggestedChange, frame: Sequence[Bound], scope: Scope) -> _Made | None:
    claim, view = scope.view.encounter, scope.view

    def member(binding: Binding) -> Member | None:
        found = frame[binding.slot]
        return found if isinstance(found, Member) else None

    def said(diagnosis: Member) -> str:
        return f"{view.label(diagnosis)} ({code_text(diagnosis)})"

    match change:
        case AddModifier(modifier=code, line=binding):
            line = member(binding)
            changed = with_modifier(claim, line, code) if line is not None else None
            words = "add modifier"
        case RemoveModifier(modifier=which, line=binding):
            line, removed = member(binding), _code(which, frame, scope)
            changed = without_modifier(claim, line, removed) if line is not None and removed is not None else None
            code, words = removed or "", "remove modifier"
        case ReplaceModifier(modifier=which, line=binding, by=new):
            line, removed, put = member(binding), _code(which, frame, scope), _code(new, frame, scope)
            if line is None or removed is None or put is None:
                return None
            changed = with_other_modifier(claim, line, removed, put)
            text = f"replace modifier {removed} on {view.label(line)} by {put}"
            return None if changed is None else _Made("replace modifier", changed, text, line, code=removed, by=put)
        case MoveDiagnosis(diagnosis=moved, before=before, anchor=beside):
            diagnosis = member(moved)
            anchor = member(beside) if beside is not None else next(iter(view.diagnoses()), None)
            if diagnosis is None or anchor is None or diagnosis == anchor:
                return None
            changed = with_move(claim, diagnosis, anchor, before=before)
            where = "first" if beside is None else f"{'before' if before else 'after'} {said(anchor)}"
            text = f"move {said(diagnosis)} {where}"
            return None if changed is None else _Made("move", changed, text, diagnosis, anchor, before=before)
        case PointLine(line=binding, diagnosis=pointed):
            line, diagnosis = member(binding), member(pointed)
            changed = pointing(claim, line, diagnosis) if line is not None and diagnosis is not None else None
            if changed is None or line is None or diagnosis is None:
                return None
            return _Made("point", changed, f"point {view.label(line)} to {said(diagnosis)}", line, diagnosis)
        case ReplaceDiagnosis(diagnosis=replaced, code=new):
            diagnosis, written = member(replaced), _code(new, frame, scope)
            changed = with_code(claim, diagnosis, written) if diagnosis is not None and written is not None else None
            if changed is None or diagnosis is None or written is None:
                return None
            text = f"replace {said(diagnosis)} by {printed(System.ICD10CM, written)}"
            return _Made("replace", changed, text, diagnosis, code=written)
        case _:
            assert_never(change)
    if changed is None or line is None:
        return None
    side = "to" if words == "add modifier" else "from"
    return _Made(words, changed, f"{words} {code} {side} {view.label(line)}", line, code=code)


def _code(which: "str | Binding | Value", frame: Sequence[Bound], scope: Scope) -> str | None:
    """A code in normal form: a constant, that of a bound modifier, or a value that is read."""
    if isinstance(which, str):
        return which
    if isinstance(which, Binding):
        found = frame[which.slot]
        return found.code if isinstance(found, Member) and isinstance(found.code, str) else None
    value = settle(read(which, list(frame), scope), scope).value
    return value if isinstance(value, str) else None


# ---------------------------------------------------------------- judging it


def _judged(made: _Made, suggestion: Suggestion, verdict: Verdict, failed: set[Key], after: "Ledger") -> TriedChange:
    moved = {(rule, *(_moved(place, made.changed) for place in places)) for rule, *places in failed}
    failing = _failures(after.verdicts)
    mine = tuple(_moved(place, made.changed) for place in _key(verdict))
    left = [one for one in after.verdicts if one.rule.id == verdict.rule.id and _key(one) == mine]
    return TriedChange(
        change=made.change,
        code=made.code,
        subject=made.subject,
        target=made.target,
        before=made.before,
        text=made.text,
        kind=_kind(suggestion),
        only_if=suggestion.only_if,
        helps=all(one.status in _SETTLED for one in left),
        settles=tuple(dict.fromkeys(_rules(after, moved - failing))),
        creates=tuple(dict.fromkeys(_rules(after, failing - moved))),
        of=len(after.selection.rules),
        by=made.by,
    )


def _kind(suggestion: Suggestion) -> str:
    if suggestion.only_if is not None:
        return "needs documentation"
    return "clerical" if isinstance(suggestion.change, MoveDiagnosis) else "needs coding review"


def _rules(ledger: "Ledger", keys: set[Key]) -> Iterator[str]:
    """The rules of some failures, in the order of the ledger."""
    ids = {key[0] for key in keys}
    return (rule.id for rule in ledger.selection.rules if rule.id in ids)


def _failures(verdicts: Sequence[Verdict]) -> set[Key]:
    return {_key(one) for one in verdicts if one.status is Status.FAIL}


def _key(verdict: Verdict) -> Key:
    """A rule and what it was asked of, rows apart: a change may bring another row."""
    return (verdict.rule.id, *(_place(one.bound) for one in verdict.subjects if not isinstance(one.bound, Row)))


def _place(bound: Bound) -> object:
    match bound:
        case Member() as member:
            return member.pointer
        case Group(lines=lines):
            return tuple(line.pointer for line in lines)
        case UnknownMember():
            return None
        case _:
            return ""


def _moved(place: object, changed: Changed) -> object:
    return changed.moved(place) if isinstance(place, str) and place.startswith("/") else place
