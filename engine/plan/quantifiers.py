"""Compiled quantifiers and calls: conditions that ask other conditions of other frames.

In:   `Quantified` and `Call` nodes.           Out: `Step`s.
Uses: model.nodes, plan.compiler, plan.logic.  Used by: plan.predicates.
"""

from typing import assert_never

from sequela.engine.evaluate.verdict import UnknownMember
from sequela.engine.model.nodes import Call, Domain, Quantified
from sequela.engine.plan.compiler import Compiler
from sequela.engine.plan.logic import FALSE, INVERSE, TRUE, UNKNOWN, Context, Frame, Step, conjunction
from sequela.engine.plan.members import MAY_BE_UNSENT, Members
from sequela.engine.plan.unsent import called, step_of_unsent
from sequela.engine.syntax.comparisons import Quantifier


def compile_quantified(condition: Quantified, compiler: Compiler) -> Step:
    """The step of `some`, `every`, `no`, `at least N`, `at most N`."""
    every = condition.quantifier is Quantifier.EVERY  # it looks for those of which `where` is no
    members = compiler.members(condition.over) if every else compiler.matching(condition.over)
    slot = condition.over.binding.slot
    where = _where(condition.over, compiler)
    match condition.quantifier:
        case Quantifier.SOME:
            return _some(members, slot, where, decided=True)
        case Quantifier.NO:
            return _some(members, slot, where, decided=False)
        case Quantifier.EVERY:
            return _every(members, slot, where)
        case Quantifier.AT_LEAST:
            return _at_least(members, slot, where, condition.number, least=True)
        case Quantifier.AT_MOST:
            return _at_least(members, slot, where, condition.number + 1, least=False)
        case _:
            assert_never(condition.quantifier)


def _where(over: Domain, compiler: Compiler) -> Step | None:
    """What is asked of each member; of the one that was not sent only what depends on the claim."""
    if over.where is None:
        return None
    step, slot = compiler.step(over.where), over.binding.slot
    of_unsent = step_of_unsent(over.where, frozenset((slot,)), compiler.step)

    def where(frame: Frame, context: Context) -> int:
        return of_unsent(frame, context) if frame[slot] is UnknownMember.UNKNOWN else step(frame, context)

    return where if over.kind in MAY_BE_UNSENT or over.of is not None else step


def _some(members: Members, slot: int, where: Step | None, *, decided: bool) -> Step:
    def some(frame: Frame, context: Context) -> int:
        result = FALSE
        for member, belongs in members(frame, context):
            frame[slot] = member
            one = belongs if where is None else conjunction(belongs, where(frame, context))
            if one == TRUE:
                result = TRUE
                break
            if one > result:
                result = one
        return result if decided else INVERSE[result]

    return some


def _every(members: Members, slot: int, where: Step | None) -> Step:
    def every(frame: Frame, context: Context) -> int:
        result = TRUE
        for member, belongs in members(frame, context):
            frame[slot] = member
            one = TRUE if where is None else where(frame, context)
            if one == TRUE:
                continue
            if one == FALSE:
                one = INVERSE[belongs]
            elif belongs > one:
                one = belongs
            if one == FALSE:
                return FALSE
            if one > result:
                result = one
        return result

    return every


def _at_least(members: Members, slot: int, where: Step | None, number: int, *, least: bool) -> Step:
    def at_least(frame: Frame, context: Context) -> int:
        certain = possible = 0
        endless = False
        doubt = UNKNOWN
        for member, belongs in members(frame, context):
            frame[slot] = member
            one = belongs if where is None else conjunction(belongs, where(frame, context))
            if one == TRUE:
                certain += 1
            elif one != FALSE:
                possible += 1
                doubt = max(doubt, one)
                endless = endless or member is UnknownMember.UNKNOWN
        if certain >= number:
            result = TRUE
        elif certain + possible < number and not endless:
            result = FALSE
        else:
            result = doubt
        return result if least else INVERSE[result]

    return at_least


def compile_call(condition: Call, compiler: Compiler) -> Step:
    """The step of a named condition, which has a frame of its own."""
    return called(condition, compiler.named(condition.condition))
