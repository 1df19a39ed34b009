"""Needs: which facts would settle an open condition, and which tables leave it open, worked out by the compiled steps.

In:   `Condition`s.                                    Out: `Asked`: the step of a condition, and what would settle it.
Uses: plan.compiler, plan.needs_asked, plan.needs_members, evaluate.    Used by: plan.waiting.
Not here: what it means that a fact settles a condition (evaluate.families, which says the same of evidence).

Most of what an open rule asks is certain, and most of the rest is a fact of a thing that was not sent, which nobody can be asked
for. Steps tell which parts are open; the plain evaluator judges only those leaves of them that miss a fact of the claim.
"""

from collections.abc import Sequence
from typing import Final, assert_never

from sequela.engine.encounter.view import Member
from sequela.engine.evaluate.evidence import Gap
from sequela.engine.evaluate.facts_needed import BEYOND_FACTS, Needed
from sequela.engine.evaluate.verdict import Group
from sequela.engine.model.nodes import (
    AllOf,
    AnyOf,
    Call,
    Cell,
    ComesBefore,
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
    Lists,
    Literal,
    Negated,
    NumberOf,
    Quantified,
    SetDefinition,
    Total,
    Value,
)
from sequela.engine.model.value_parts import value_parts
from sequela.engine.plan.compiler import Compiler
from sequela.engine.plan.logic import FALSE, NOT_COVERED, TRUE, UNKNOWN, Context, Frame
from sequela.engine.plan.needs_asked import Asked, Asking, Open, always, every, opposite, some
from sequela.engine.plan.needs_members import quantified
from sequela.engine.plan.unsent import Slots, passed_on, value_of_unsent
from sequela.engine.tables.model import Row

_READ: Final = (Member, Row, Group)
"""What a slot holds of which a fact or a cell can be known."""


Leaf = Is | InSet | Known | Compares | DateCompares | IsWithin | HasModifier | IsPayable | ComesBefore | Lists
"""Conditions that have no condition in them."""


class Needs:
    """Compiles conditions to `Asked`; named ones once."""

    def __init__(self, compiler: Compiler) -> None:
        self.compiler = compiler
        self._named: dict[tuple[int, Slots], tuple[object, Asked]] = {}

    def asked(self, condition: Condition, unsent: Slots = frozenset()) -> Asked:
        """A condition, compiled; `unsent` are slots that will hold what was not sent."""
        answer = value_of_unsent(condition, unsent) if unsent else None
        if answer is not None:
            return always(answer)
        match condition:
            case AllOf(parts=parts):
                return every(self._parts(parts, unsent, TRUE))
            case AnyOf(parts=parts):
                return some(self._parts(parts, unsent, FALSE))
            case Negated(part=part):
                return opposite(self.asked(part, unsent))
            case Call():
                return self._call(condition, passed_on(condition, unsent))
            case Quantified():
                return quantified(condition, self.asked, self.compiler)
            case _:
                return self._leaf_of(condition)

    def _parts(self, parts: Sequence[Condition], unsent: Slots, nothing: int) -> list[Asked]:
        """The parts of an `and` (or an `or`): of those that are the same on every claim one that stands for all of them."""
        answers = [value_of_unsent(part, unsent) if unsent else None for part in parts]
        asked = [self.asked(part, unsent) for part, answer in zip(parts, answers, strict=True) if answer is None]
        same = {answer for answer in answers if answer is not None} - {nothing}
        return [always(UNKNOWN), *asked] if same else asked or [always(nothing)]

    def _leaf_of(self, condition: Leaf) -> Asked:
        match condition:
            case IsPayable(line=line):
                return self._leaf(condition, (line.slot,))
            case Lists():
                return Asked(self.compiler.step(condition), self._lists(condition))
            case ComesBefore(first=first, second=second):
                return self._leaf(condition, (first.slot, second.slot))
            case HasModifier(line=line, modifier=modifier, within=within):
                return self._leaf(condition, (line.slot, *slots_of(modifier), *_slots_of_use(within)))
            case InSet(left=left, within=within):
                return self._leaf(condition, (*slots_of(left), *_slots_of_use(within)))
            case Known(value=value):
                return self._leaf(condition, slots_of(value))
            case (
                Is(left=left, right=right)
                | Compares(left=left, right=right)
                | DateCompares(left=left, right=right)
                | IsWithin(left=left, right=right)
            ):
                counts = isinstance(left, Total | NumberOf) or isinstance(right, Total | NumberOf)
                return self._leaf(condition, () if counts else (*slots_of(left), *slots_of(right)))
            case _:
                assert_never(condition)

    def _leaf(self, condition: Condition, slots: Sequence[int]) -> Asked:
        """A condition that reads what these slots hold; where nothing is there that can be read, nothing settles it."""

        def settling(frame: Frame, context: Context, asking: Asking, value: int) -> Needed:
            for slot in slots:
                if frame[slot].__class__ not in _READ:
                    return BEYOND_FACTS
            return asking.plainly(condition, frame)

        return Asked(self.compiler.step(condition), settling)

    def _lists(self, condition: Lists) -> Open:
        loaded = condition.table.key in self.compiler.tables
        readers = tuple(self.compiler.key(key) for key in condition.keys)

        def settling(frame: Frame, context: Context, asking: Asking, value: int) -> Needed:
            if loaded or any(key is None or key is NOT_COVERED for key in [read(frame, context) for read in readers]):
                return asking.plainly(condition, frame)
            asking.gaps[Gap(table=condition.table.name, on=context.date, loaded=False)] = None
            return BEYOND_FACTS

        return settling

    def _call(self, condition: Call, unsent: Slots) -> Asked:
        definition = condition.condition
        found = self._named.get((id(definition), unsent))
        if found is None:
            found = self._named[id(definition), unsent] = definition, self.asked(definition.body, unsent)
        body, slots = found[1], definition.slots
        pairs = zip(definition.parameters, condition.arguments, strict=True)
        passed = tuple((parameter.slot, argument.slot) for parameter, argument in pairs)

        def inner(frame: Frame) -> Frame:
            own: Frame = [None] * slots
            own[0], own[1] = frame[0], frame[1]
            for parameter, argument in passed:
                own[parameter] = frame[argument]
            return own

        def step(frame: Frame, context: Context) -> int:
            return body.step(inner(frame), context)

        def settling(frame: Frame, context: Context, asking: Asking, value: int) -> Needed:
            return body.settling(inner(frame), context, asking, value)

        return Asked(step, settling)


def slots_of(value: Value | str | None) -> tuple[int, ...]:
    """The slots whose facts or cells a value is read from at once."""
    if value is None or isinstance(value, str | Literal):
        return ()
    return tuple(part.binding.slot for part in value_parts(value) if isinstance(part, Fact | Cell))


def _slots_of_use(within: SetDefinition | Fact | Cell | None) -> tuple[int, ...]:
    return (within.binding.slot,) if isinstance(within, Fact | Cell) else ()
