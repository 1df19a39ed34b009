"""Needs, members: what would settle whether a member belongs to what a binder or a quantifier ranges over.

In:   `Domain`s, `Binder`s, `Quantified` conditions.    Out: `Belonging`, `quantified`.
Uses: evaluate.collections, evaluate.families_members, plan.needs_asked, plan.members.    Used by: plan.needs, plan.waiting.
Not here: other conditions (needs); lines that a group only may hold (the plain evaluator is asked about all of such a verdict).
"""

from collections.abc import Callable
from typing import Any

from msgspec import Struct

from sequela.engine.encounter.view import Member
from sequela.engine.evaluate.collections import candidates
from sequela.engine.evaluate.facts import read_code
from sequela.engine.evaluate.facts_needed import (
    BEYOND_FACTS,
    IMPOSSIBLE,
    NO,
    YES,
    Needed,
    either_way,
)
from sequela.engine.evaluate.families_members import MemberNeeds, settling_members
from sequela.engine.evaluate.verdict import UnknownMember
from sequela.engine.evaluate.walk_conditions import settle
from sequela.engine.evaluate.walk_sets import in_use
from sequela.engine.model.nodes import Condition, Domain, Quantified, SetDefinition
from sequela.engine.model.rules import Binder
from sequela.engine.plan.compiler import Compiler
from sequela.engine.plan.logic import FALSE, INVERSE, TRUE, UNCHECKED, UNKNOWN, Context, Frame, conjunction, disjunction
from sequela.engine.plan.members import MAY_BE_UNSENT, within_of
from sequela.engine.plan.needs_asked import Asked, Asking, Open
from sequela.engine.plan.unsent import Slots
from sequela.engine.syntax.comparisons import Quantifier
from sequela.engine.vocabulary.kinds import Kind

CompileAsked = Callable[[Condition, Slots], Asked]
"""Compiles a condition; the slots are those that hold what was not sent."""

AtOnce = Callable[[Frame, Context, Asking], Needed | None]


class Found(Struct, frozen=True, eq=False):
    """How surely a member belongs, and what would settle each part of it."""

    belongs: int
    parts: list[Needed]


class Belonging:
    """Whether members belong to what a binder or a quantifier ranges over; `where` is not asked here."""

    def __init__(self, over: Domain | Binder, compiler: Compiler) -> None:
        self._over = over
        self._within = None if over.within is None else within_of(over.within, compiler.set, compiler.value)

    def found(self, member: Any, frame: Frame, context: Context, asking: Asking, *, note: bool) -> Found:
        """How surely a candidate belongs. `note`: whether the tables that leave it open are those of an open condition."""
        over = self._over
        belongs, parts = TRUE, []
        if member.__class__ is not Member:
            belongs, parts = UNKNOWN, [_unlisted(over, frame, context)]
        else:
            if member.uncertain:
                belongs, parts = UNKNOWN, [either_way(context.view.belonging_sources(member))]
            if over.of is not None and not _is_of(over, member, frame[over.of.slot], context):
                belongs = UNKNOWN
                parts.append(either_way((f"{frame[over.of.slot].pointer}/diagnoses",)))
        if self._within is not None:
            held = self._within(member, frame, context)
            parts.append(self._in_set(held, member, frame, asking, note=note))
            belongs = conjunction(belongs, held)
        return Found(belongs, parts)

    def _in_set(self, held: int, member: Any, frame: Frame, asking: Asking, *, note: bool) -> Needed:
        if held == TRUE:
            return YES
        if held == FALSE:
            return NO
        if member.__class__ is not Member:
            return BEYOND_FACTS
        over = self._over
        assert over.within is not None
        code = read_code(over.binding.name, over.kind, member, asking.scope)
        evidence = settle(in_use(over, code, over.within, list(frame), asking.scope), asking.scope)
        return asking.of_evidence(evidence, note=note)


def _unlisted(over: Domain | Binder, frame: Frame, context: Context) -> Needed:
    """What would settle that a list holds no more: nothing can tell that it does."""
    if over.of is None:
        return Needed(IMPOSSIBLE, (frozenset((context.view.open_pointer(over.kind),)),))
    of = frame[over.of.slot]
    return Needed(IMPOSSIBLE, (frozenset((f"{of.pointer}/diagnoses",)),)) if of.__class__ is Member else BEYOND_FACTS


def _is_of(over: Domain | Binder, member: Member, of: Any, context: Context) -> bool:
    """Whether a candidate is one of the line with certainty; those of a group are."""
    return over.kind is not Kind.DIAGNOSIS or of.__class__ is not Member or context.view.diagnoses_of(of) is not None


# ---------------------------------------------------------------- quantifiers


def quantified(condition: Quantified, compile_asked: CompileAsked, compiler: Compiler) -> Asked:
    """`some`, `every`, `no`, `at least N`, `at most N`."""
    over, quantifier = condition.over, condition.quantifier
    belonging = Belonging(over, compiler)
    where = compile_asked(over.where, frozenset()) if over.where is not None else None
    every = quantifier is Quantifier.EVERY
    slot = over.binding.slot
    of_unsent = None if over.where is None else compile_asked(over.where, frozenset((slot,)))

    def settling(frame: Frame, context: Context, asking: Asking, value: int) -> Needed:
        certain, open_ones = 0, []
        note = value == UNCHECKED
        for member in list(candidates(over, frame, context.view)):
            frame[slot] = member
            found = belonging.found(member, frame, context, asking, note=note)
            unsent = member is UnknownMember.UNKNOWN
            holds, needed = TRUE, None
            asked_of = of_unsent if unsent else where
            if asked_of is not None and found.belongs != FALSE:
                holds = asked_of.step(frame, context)
                if holds in (TRUE, FALSE):
                    needed = YES if holds == TRUE else NO
                else:
                    needed = asked_of.settling(frame, context, asking, holds)
            counts = conjunction(found.belongs, holds)
            certain += counts == TRUE
            asked = disjunction(INVERSE[found.belongs], holds) if every else counts
            if asked not in (TRUE, FALSE):
                open_ones.append(MemberNeeds(unsent=unsent, belongs=found.parts, where=needed))
        return settling_members(quantifier, condition.number, certain, open_ones)

    at_once = None
    if over.kind in MAY_BE_UNSENT and over.of is None and not over.excluded and of_unsent is not None:
        at_once = _nothing_sent(condition, of_unsent, settling)
    return Asked(compiler.step(condition), settling, at_once)


def _nothing_sent(condition: Quantified, of_unsent: Asked, settling: Open) -> AtOnce | None:
    """`some` and `no` of a list of which nothing was sent, and which may hold something: what settles it is mostly the same."""
    over, slot = condition.over, condition.over.binding.slot
    if condition.quantifier not in (Quantifier.SOME, Quantifier.NO):
        return None
    if over.within is not None and not isinstance(over.within, SetDefinition):
        return None
    settled: dict[int, Needed] = {}

    def at_once(frame: Frame, context: Context, asking: Asking) -> Needed | None:
        view = context.view
        if view.members(over.kind) or not view.is_open(over.kind):
            return None
        frame[slot] = UnknownMember.UNKNOWN
        holds = of_unsent.needed(frame, context, asking)
        if holds is NO:
            return NO if condition.quantifier is Quantifier.SOME else YES
        if holds is not YES and holds is not BEYOND_FACTS:
            return settling(frame, context, asking, UNKNOWN)
        found = settled.get(id(holds))
        if found is None:
            found = settled[id(holds)] = settling(frame, context, asking, UNKNOWN)
        return found

    return at_once
