"""Needed: what a member must have for a rule to concern it: a code of a set, a modifier.

In:   the versions of a rule.                       Out: `codes_needed`, `marks_needed`, `Marked`.
Uses: model, plan.index, plan.certain.claim.        Used by: plan.certain.alone, remembered.
Not here: whether the rule applies to a member that has it (alone).

A rule that is filed under nothing is asked of every member. Most say soon which lines they mean: `for each modifier m of a`,
`when a has modifier 26`, `when d.code is Z79.4`. Of a member without that they are not asked at all.
"""

from collections.abc import Callable, Iterable
from typing import Final

from sequela.engine.model.nodes import (
    AllOf,
    AnyOf,
    Binding,
    Condition,
    Fact,
    GroupFact,
    HasModifier,
    InSet,
    Is,
    Literal,
    SetDefinition,
    Value,
)
from sequela.engine.model.rules import ForClaim, ForMembers, RuleVersion, Subjects
from sequela.engine.plan.certain.claim import normal_modifiers
from sequela.engine.plan.index import CodeIndex, Within
from sequela.engine.tables.stored_columns import BoundedMemo
from sequela.engine.vocabulary.kinds import Kind

ANY: Final = ()
"""Among what is needed: any modifier at all."""

Needs = tuple[Within, ...] | None
"""Of these a member has to be in one; None where nothing is needed that can be told from its text."""


def codes_needed(versions: Iterable[RuleVersion]) -> Needs:
    """Sets and codes: where no version finds the member's code among its own, the rule does not apply."""
    return _of_each(_codes_of(one) for one in versions)


def marks_needed(versions: Iterable[RuleVersion]) -> Needs:
    """The same of the modifiers of a line, of which one has to be among them; `ANY` stands for every modifier."""
    return _of_each(_marks_of(one) for one in versions)


class Marked:
    """The rules that ask for a modifier: which of them a line with some modifiers does not concern."""

    def __init__(self, asked: Iterable[tuple[int, Needs]]) -> None:
        """`asked` are places of rules and what they need."""
        drawers = [(place, within) for place, needs in asked for within in needs or ()]
        self._all = frozenset(place for place, _ in drawers)
        self._by_any = frozenset(place for place, within in drawers if within == ANY)
        self._index = CodeIndex([(place, within) for place, within in drawers if within != ANY])
        self.apart: BoundedMemo = BoundedMemo(self._apart)
        """By the modifiers as sent."""

    def _apart(self, sent: tuple[str, ...]) -> frozenset[int]:
        if not sent:
            return self._all
        return self._all - self._by_any - {place for one in normal_modifiers[sent] for place in self._index.rules(one)}


def _of_each(versions: Iterable[Needs]) -> Needs:
    """What one of several needs; None where one of them needs nothing."""
    found: list[Within] = []
    for one in versions:
        if one is None:
            return None
        found += one
    return tuple(found)


def _codes_of(version: RuleVersion) -> Needs:
    subjects = version.subjects
    within = subjects.binders[0].within if isinstance(subjects, ForMembers) else None
    if isinstance(within, SetDefinition) and within.is_text_only:
        return (within,)
    first = _first(subjects)
    return None if first is None else _asked(version, lambda condition: _code_asked(condition, first))


def _marks_of(version: RuleVersion) -> Needs:
    subjects = version.subjects
    first = _first(subjects)
    if first is None or first.kind is not Kind.LINE or not isinstance(subjects, ForMembers):
        return None
    for one in subjects.binders[1:]:
        if one.kind is Kind.MODIFIER and one.of == first:
            return (one.within,) if isinstance(one.within, SetDefinition) and one.within.is_text_only else (ANY,)
    return _asked(version, lambda condition: _mark_asked(condition, first))


def _first(subjects: Subjects) -> Binding | None:
    match subjects:
        case ForMembers(binders=binders):
            return binders[0].binding
        case ForClaim():
            return None
        case _:
            return subjects.binding


def _asked(version: RuleVersion, read: Callable[[Condition], Needs]) -> Needs:
    return None if version.when is None else _needs(version.when.condition, read)


def _needs(condition: Condition, read: Callable[[Condition], Needs]) -> Needs:
    """What is needed for a condition not to be a certain no."""
    if isinstance(condition, AllOf):
        return next((found for part in condition.parts if (found := _needs(part, read)) is not None), None)
    if isinstance(condition, AnyOf):
        return _of_each(_needs(part, read) for part in condition.parts)
    return read(condition)


def _code_asked(condition: Condition, first: Binding) -> Needs:
    match condition:
        case InSet(left=left, within=SetDefinition() as within) if _is_code(left, first) and within.is_text_only:
            return (within,)
        case Is(left=left, right=Literal(value=str() as code)) if _is_code(left, first):
            return ((code,),)
        case Is(left=Literal(value=str() as code), right=right) if _is_code(right, first):
            return ((code,),)
        case _:
            return None


def _is_code(value: Value, first: Binding) -> bool:
    return isinstance(value, Fact | GroupFact) and value.binding == first and value.fact.name == "code"


def _mark_asked(condition: Condition, first: Binding) -> Needs:
    if not isinstance(condition, HasModifier) or condition.line != first:
        return None
    match condition:
        case HasModifier(modifier=Literal(value=str() as code)):
            return ((code,),)
        case HasModifier(modifier=None, within=SetDefinition() as within) if within.is_text_only:
            return (within,)
        case _:
            return (ANY,)
