"""Walk, values: what a value of the language is on a frame, and which facts it was made of.

In:   values of the model, a frame.              Out: `Reading`s.
Uses: evidence, facts, collections, operations.  Used by: walk_conditions, walk_look_ups, walk.
Not here: what is then asked of a value (walk_conditions).
"""

from typing import assert_never

from sequela.engine.evaluate.collections import candidates, judge_member
from sequela.engine.evaluate.evidence import Counted, Reading, Scope, Seen, Steps
from sequela.engine.evaluate.facts import read_one
from sequela.engine.evaluate.operations import characters, time_between
from sequela.engine.evaluate.values import NOT_COVERED, Sum
from sequela.engine.evaluate.verdict import Bound, UnknownMember
from sequela.engine.model import nodes

Frame = list[Bound]


def read(value: nodes.Value, frame: Frame, scope: Scope) -> Steps[Reading]:
    """The reading of a value: None unknown, NOT_COVERED, NONE, an Interval for totals and numbers of members."""
    match value:
        case nodes.Literal(value=constant):
            return Reading(constant)
        case nodes.Fact() | nodes.GroupFact() | nodes.Cell():
            seen = read_one(value, frame, scope)
            return Reading(seen.value, (seen,))
        case nodes.Characters(first=first, last=last, of=of):
            whole = yield from read(of, frame, scope)
            part = NOT_COVERED if whole.value is NOT_COVERED else characters(whole.value, first, last)
            return Reading(part, whole.seen)
        case nodes.TimeBetween(unit=unit, start=start, end=end):
            return (yield from _time(unit, start, end, frame, scope))
        case nodes.FullMonths(start=start, end=end):
            return (yield from _time("full months", start, end, frame, scope))
        case nodes.Total() | nodes.NumberOf():
            return (yield from _measure(value, frame, scope))
        case nodes.GoverningDate(type=kind):
            return Reading(scope.on, (Seen("governing date", None, scope.on, kind, asks=scope.on_asks or None),))
        case _:
            assert_never(value)


def _time(unit: str, start: nodes.Value, end: nodes.Value, frame: Frame, scope: Scope) -> Steps[Reading]:
    first = yield from read(start, frame, scope)
    last = yield from read(end, frame, scope)
    seen = (*first.seen, *last.seen)
    if first.uncovered or last.uncovered:
        return Reading(NOT_COVERED, seen)
    return Reading(time_between(unit, first.value, last.value), seen)


def _measure(value: nodes.Total | nodes.NumberOf, frame: Frame, scope: Scope) -> Steps[Reading]:
    """A total or a number of members: between what is certain and what is possible."""
    over = value.over
    total = Sum()
    counted: list[Counted] = []
    for member in candidates(over, frame, scope.view):
        found = yield from judge_member(over, member, frame, scope)
        if found.value is False:
            continue
        amount: Seen | None = None
        if isinstance(member, UnknownMember):
            total.add_unlisted(found.value)
        elif isinstance(value, nodes.Total):
            amount = read_one(value.of, frame, scope)
            total.add(found.value, amount.value)  # type: ignore[arg-type]
        else:
            total.add(found.value, 1)
        counted.append(Counted(found, amount))
    frame[over.binding.slot] = None
    amounts = tuple(one.amount for one in counted if one.amount is not None)
    return Reading(total.interval, amounts, tuple(counted))
