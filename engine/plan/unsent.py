"""Unsent: what a condition says of a thing that was not sent: the same on every claim, as far as it speaks of that thing alone.

In:   a `Condition`, the slots that hold what was not sent.    Out: what it says; a `Step` that asks what depends on the claim.
Uses: model.nodes, plan.logic.                                 Used by: plan.quantifiers, plan.needs, plan.needs_members.

Most claims are sent without a history, and every rule that asks for one asks about the line that the history may hold. What is
unknown here is beyond all facts of the claim: nobody can be asked about what was not sent.
"""

from collections.abc import Callable, Iterable

from sequela.engine.model.nodes import (
    AllOf,
    AnyOf,
    Call,
    Cell,
    Compares,
    Condition,
    DateCompares,
    Fact,
    HasModifier,
    InSet,
    Is,
    IsPayable,
    IsWithin,
    Known,
    Negated,
    NumberOf,
    Quantified,
    SetDefinition,
    Total,
    Value,
)
from sequela.engine.model.value_parts import value_parts
from sequela.engine.plan.logic import FALSE, INVERSE, TRUE, UNKNOWN, Context, Frame, Step, all_of, any_of, negated
from sequela.engine.syntax.comparisons import Quantifier

Slots = frozenset[int]


def value_of_unsent(condition: Condition, slots: Slots) -> int | None:
    """What a condition says where these slots hold things that were not sent; None where that depends on the claim."""
    match condition:
        case AllOf(parts=parts):
            return _together([value_of_unsent(part, slots) for part in parts], FALSE)
        case AnyOf(parts=parts):
            return _together([value_of_unsent(part, slots) for part in parts], TRUE)
        case Negated(part=part):
            value = value_of_unsent(part, slots)
            return None if value is None else INVERSE[value]
        case (
            Is(left=left, right=right)
            | Compares(left=left, right=right)
            | DateCompares(left=left, right=right)
            | IsWithin(left=left, right=right)
        ):
            return UNKNOWN if _speaks_of((left, right), slots) else None
        case InSet(left=left, within=SetDefinition()):
            return UNKNOWN if _speaks_of((left,), slots) else None
        case HasModifier(line=line) | IsPayable(line=line):
            return UNKNOWN if line.slot in slots else None
        case Known(value=value) if not isinstance(value, Total | NumberOf):
            return FALSE if _speaks_of((value,), slots) else None
        case Quantified():
            return _of_its_own(condition, slots)
        case Call(condition=definition):
            inner = passed_on(condition, slots)
            return value_of_unsent(definition.body, inner) if inner else None
        case _:
            return None


def passed_on(call: Call, slots: Slots) -> Slots:
    """The slots of a named condition's own frame that hold what was not sent."""
    pairs = zip(call.condition.parameters, call.arguments, strict=True)
    return frozenset(parameter.slot for parameter, argument in pairs if argument.slot in slots)


def step_of_unsent(condition: Condition, slots: Slots, step_of: Callable[[Condition], Step]) -> Step:
    """The step of a condition where these slots hold what was not sent: it asks only what depends on the claim."""
    value = value_of_unsent(condition, slots)
    if value is not None:
        answer = value
        return lambda frame, context: answer
    match condition:
        case AllOf(parts=parts):
            return all_of([step_of_unsent(part, slots, step_of) for part in parts])
        case AnyOf(parts=parts):
            return any_of([step_of_unsent(part, slots, step_of) for part in parts])
        case Negated(part=part):
            return negated(step_of_unsent(part, slots, step_of))
        case Call(condition=definition):
            inner = passed_on(condition, slots)
            return called(condition, step_of_unsent(definition.body, inner, step_of)) if inner else step_of(condition)
        case _:
            return step_of(condition)


def called(condition: Call, body: Step) -> Step:
    """The step of a named condition, which has a frame of its own."""
    slots = condition.condition.slots
    pairs = zip(condition.condition.parameters, condition.arguments, strict=True)
    passed = tuple((parameter.slot, argument.slot) for parameter, argument in pairs)

    def call(frame: Frame, context: Context) -> int:
        inner: Frame = [None] * slots
        inner[0], inner[1] = frame[0], frame[1]
        for parameter, argument in passed:
            inner[parameter] = frame[argument]
        return body(inner, context)

    return call


def _speaks_of(values: Iterable[Value], slots: Slots) -> bool:
    """Whether a fact of what was not sent is among the values, and no cell, which a table may not cover."""
    parts = [part for value in values for part in value_parts(value)]
    if any(isinstance(part, Cell | Total | NumberOf) for part in parts):
        return False
    return any(isinstance(part, Fact) and part.binding.slot in slots for part in parts)


def _together(values: list[int | None], deciding: int) -> int | None:
    """`and` is FALSE (`or` is TRUE) as soon as one part is; else it depends on the claim where one part does."""
    if deciding in values:
        return deciding
    if None in values:
        return None
    return UNKNOWN if UNKNOWN in values else INVERSE[deciding]


def _of_its_own(condition: Quantified, slots: Slots) -> int | None:
    """`some` and `no` of what hangs on a thing that was not sent: one member that was not sent either."""
    over = condition.over
    if over.of is None or over.of.slot not in slots or over.later or not isinstance(over.within, SetDefinition | None):
        return None
    if condition.quantifier not in (Quantifier.SOME, Quantifier.NO):
        return None
    where = TRUE if over.where is None else value_of_unsent(over.where, slots | {over.binding.slot})
    if where is None:
        return None
    counts = FALSE if where == FALSE else UNKNOWN
    return counts if condition.quantifier is Quantifier.SOME else INVERSE[counts]
