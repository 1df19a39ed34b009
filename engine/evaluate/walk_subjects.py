"""Walk, subjects: every combination that `for` binds, its governing date, and how surely it exists.

In:   a rule version, a claim.                   Out: `Combination`s.
Uses: collections, groups, walk_conditions.      Used by: walk_rule, trace.
Not here: look-ups and everything after them (walk_rule).

What `in SET` asks may depend on the governing date, and the date on what is bound: so all of a combination is bound
first, and only then asked whether it exists. What no date can change is asked at once, so that pairs that cannot be are
not made.
"""

from collections.abc import Iterator
from datetime import date
from typing import assert_never

from msgspec import Struct

from sequela.engine.encounter.fields import field_of
from sequela.engine.encounter.view import Member, View
from sequela.engine.evaluate.collections import belonging, candidates
from sequela.engine.evaluate.evidence import Evidence, InDeclaredSet, Scope, Seen, every, leaf
from sequela.engine.evaluate.facts import read_fact
from sequela.engine.evaluate.groups import day_of, groups_of
from sequela.engine.evaluate.operations import equal
from sequela.engine.evaluate.verdict import Bound, Group, UnknownMember
from sequela.engine.evaluate.walk_conditions import settle
from sequela.engine.evaluate.walk_sets import judge_set
from sequela.engine.model.nodes import Binding, SetDefinition
from sequela.engine.model.rules import (
    Binder,
    DateBasis,
    ForClaim,
    ForFirstDiagnosis,
    ForGroups,
    ForMembers,
    Rule,
    RuleVersion,
    Subjects,
)
from sequela.engine.vocabulary.kinds import Kind

Frame = list[Bound]

_CLAIM_DATES = {
    DateBasis.DISCHARGE: "discharged",
    DateBasis.ADMISSION: "admitted",
    DateBasis.STATEMENT: "statement_from",
    DateBasis.RECEIVED: "received",
}


class Combination(Struct, frozen=True, eq=False):
    """One combination of subjects: the frame with them, the governing date (None unknown), and what would settle it."""

    frame: tuple[Bound, ...]
    on: date | None
    on_asks: tuple[str, ...]
    pairing: Evidence


def bindings_of(subjects: Subjects) -> tuple[Binding, ...]:
    """What `for` binds, in order."""
    match subjects:
        case ForMembers(binders=binders):
            return tuple(binder.binding for binder in binders)
        case ForGroups(binding=binding) | ForFirstDiagnosis(binding=binding):
            return (binding,)
        case ForClaim():
            return ()
        case _:
            assert_never(subjects)


def governing_date(rule: Rule, subjects: Subjects, frame: Frame, view: View) -> tuple[date | None, tuple[str, ...]]:
    """The date that decides what is in force, and where the facts stand that would together settle an unknown one."""
    attribute = _CLAIM_DATES.get(rule.date_basis)
    on: date | None
    if attribute is not None:
        on = getattr(view.encounter, attribute)
        return on, (() if on is not None else (f"/{attribute}",))
    for binding in bindings_of(subjects):
        bound = frame[binding.slot]
        if isinstance(bound, Group):
            return day_of(bound, binding.by)
        if binding.kind is Kind.LINE and isinstance(bound, Member):
            on = bound.data.date
            return on, (() if on is not None else (f"{bound.pointer}/date",))
    return view.default_date(), view.default_date_sources()


def combinations(rule: Rule, version: RuleVersion, base: Scope) -> Iterator[Combination]:
    """Every combination of a version's subjects that exists, or perhaps does, in order."""
    subjects = version.subjects
    for frame in _frames(version, base):
        on, asks = governing_date(rule, subjects, frame, base.view)
        exists = pairing(subjects, frame, base.dated(on, asks))
        if exists.value is not False:
            yield Combination(tuple(frame), on, asks, exists)


def _frames(version: RuleVersion, base: Scope) -> Iterator[Frame]:
    view, subjects = base.view, version.subjects
    frame: Frame = [None] * version.slots
    frame[0], frame[1] = view.claim, view.patient
    match subjects:
        case ForClaim():
            yield frame
        case ForFirstDiagnosis(binding=binding):
            for first in view.members(Kind.DIAGNOSIS)[:1]:
                frame[binding.slot] = first
                yield frame
        case ForGroups(binding=binding):
            for group in groups_of(view.members(Kind.LINE), binding.by):
                frame[binding.slot] = group
                yield frame
        case ForMembers():
            yield from _bound(subjects, 0, frame, _Early(subjects, base))
        case _:
            assert_never(subjects)


def _bound(subjects: ForMembers, at: int, frame: Frame, early: "_Early") -> Iterator[Frame]:
    if at == len(subjects.binders):
        yield frame
        return
    binder = subjects.binders[at]
    for member in candidates(binder, frame, early.base.view):
        frame[binder.binding.slot] = member
        if isinstance(member, Member) and early.excludes(at, member, frame):
            continue
        yield from _bound(subjects, at + 1, frame, early)
    frame[binder.binding.slot] = None


class _Early:
    """What no date can change of whether a combination exists: the text of codes, and facts that must be the same."""

    def __init__(self, subjects: ForMembers, base: Scope) -> None:
        self.base = base
        self._subjects = subjects
        withins = [binder.within for binder in subjects.binders]
        self._sets = [one if isinstance(one, SetDefinition) and one.is_text_only else None for one in withins]
        self._held: dict[tuple[int, str], bool] = {}

    def excludes(self, at: int, member: Member, frame: Frame) -> bool:
        """Whether a candidate for a binder cannot belong on any date, with what is bound before it."""
        within, code = self._sets[at], member.code
        if within is not None and isinstance(code, str) and not self._holds(at, within, code):
            return True
        binder = self._subjects.binders[at]
        for name in self._subjects.same_names:
            mine = _same_fact(binder, name, member)
            for other in self._subjects.binders[:at]:
                bound = frame[other.binding.slot]
                if isinstance(bound, Member) and equal(_same_fact(other, name, bound), mine) is False:
                    return True
        return False

    def _holds(self, at: int, within: SetDefinition, code: str) -> bool:
        held = self._held.get((at, code))
        if held is None:
            found = settle(judge_set(InDeclaredSet(within, code), self.base), self.base)
            held = self._held[at, code] = found.value is True
        return held


def _same_fact(binder: Binder, name: str, member: Member) -> object:
    fact = field_of(binder.kind, name)
    return None if fact is None else fact.read(member)


def pairing(subjects: Subjects, frame: Frame, scope: Scope) -> Evidence:
    """Whether the combination in a frame exists: every member belongs, and the facts that must be are the same."""
    parts: list[Evidence] = []
    if isinstance(subjects, ForMembers):
        for binder in subjects.binders:
            member = frame[binder.binding.slot]
            assert isinstance(member, Member | UnknownMember)
            found = settle(belonging(binder, member, frame, scope), scope)
            parts.append(every("belongs", binder, found, bound=member))
        parts.extend(_same(subjects, frame, scope))
    return every("pairing", subjects, parts)


def _seen(binder: Binder, name: str, frame: Frame, scope: Scope) -> Seen:
    label, bound = f"{binder.binding.name}.{name}", frame[binder.binding.slot]
    fact = field_of(binder.kind, name)
    return Seen(label, bound, None) if fact is None else read_fact(label, fact, bound, scope)


def _same(subjects: ForMembers, frame: Frame, scope: Scope) -> list[Evidence]:
    """For each fact named after `with the same`, and each pair of what is bound, whether it is the same."""
    found: list[Evidence] = []
    for name in subjects.same_names:
        for at, one in enumerate(subjects.binders):
            for other in subjects.binders[at + 1 :]:
                left, right = _seen(one, name, frame, scope), _seen(other, name, frame, scope)
                found.append(leaf("same", subjects, equal(left.value, right.value), seen=(left, right)))
    return found
