"""Tests that meet: whether two tests of one value can be true together, and which follow from others.

In:   resolved conditions.             Out: `Test`s, and what is between two of them, in words.
Uses: nodes, lint_sets, vocabulary.    Used by: lint_conditions, lint_quantifiers.
Not here: which tests stand together (lint_conditions).

Only tests of one value against constants and written sets are understood; everything else is only the same as itself.
Whatever is said holds for every claim: what is unknown makes a test unknown, never true.
"""

from collections.abc import Iterator
from typing import Any

from attrs import evolve, frozen
from msgspec import Struct
from msgspec.structs import replace

from sequela.engine.encounter.fields import Field
from sequela.engine.model.lint_sets import disjoint, holds_code, subset
from sequela.engine.model.nodes import (
    AllOf,
    AnyOf,
    Binding,
    Call,
    Compares,
    Condition,
    ConditionDefinition,
    DateCompares,
    InSet,
    Is,
    Known,
    Literal,
    Negated,
    NumberOf,
    Quantified,
    SetDefinition,
    TableDefinition,
    Total,
    Value,
)
from sequela.engine.source import Span
from sequela.engine.syntax.comparisons import DateOrder, Order
from sequela.engine.vocabulary.kinds import CodeOf
from sequela.engine.vocabulary.systems import printed


@frozen
class Test:
    """One predicate, as asked (`positive`) or denied, and where its author wrote it."""

    __test__ = False

    predicate: Condition
    positive: bool
    span: Span

    @property
    def denied(self) -> "Test":
        """The opposite."""
        return evolve(self, positive=not self.positive)

    @property
    def text(self) -> str:
        """The author's words, on one line."""
        return " ".join(self.span.text.split())


def tests_of(condition: Condition) -> Iterator[Test | AnyOf]:
    """The parts of a conjunction: tests, and alternatives as they are. A named condition stands for what it says."""
    match condition:
        case AllOf(parts=parts):
            for part in parts:
                yield from tests_of(part)
        case AnyOf():
            yield condition
        case Negated(part=Negated(part=part)):
            yield from tests_of(part)
        case Negated(part=AnyOf() | AllOf()):
            yield Test(condition.part, False, condition.span)
        case Negated(part=part):
            yield Test(part, False, condition.span)
        case Call():
            yield from _said_by(condition)
        case _:
            yield Test(condition, True, condition.span)


def _said_by(call: Call) -> Iterator[Test | AnyOf]:
    body = call.condition.body
    if binds_names(body):
        yield Test(call, True, call.span)
        return
    renamed = rename(body, dict(zip(call.condition.parameters, call.arguments, strict=True)))
    for part in tests_of(renamed):
        if isinstance(part, Test):
            yield evolve(part, span=call.span)


_LEAVES = (TableDefinition, SetDefinition, ConditionDefinition, Field, Span)


def rename(node: Any, names: dict[Binding, Binding]) -> Any:
    """A resolved node with other bindings in the place of some."""
    if isinstance(node, Binding):
        return next((new for old, new in names.items() if old == node), node)
    if isinstance(node, tuple):
        return tuple(rename(part, names) for part in node)
    if isinstance(node, _LEAVES) or not isinstance(node, Struct):
        return node
    return replace(node, **{name: rename(getattr(node, name), names) for name in node.__struct_fields__})


def binds_names(node: Any) -> bool:
    """Whether a condition or value holds a quantifier, a number or a total, which bind names of their own."""
    if isinstance(node, Quantified | NumberOf | Total):
        return True
    if isinstance(node, tuple):
        return any(binds_names(part) for part in node)
    if isinstance(node, Call):
        return binds_names(node.condition.body)
    if isinstance(node, _LEAVES) or not isinstance(node, Struct):
        return False
    return any(binds_names(getattr(node, name)) for name in node.__struct_fields__)


# ---------------------------------------------------------------- what a test says of a value


@frozen
class _Equals:
    value: Any
    shown: str


@frozen
class _Within:
    """Bounds of a number or a date; None is open; `low_in`, `high_in` say whether the bound itself is included."""

    low: Any
    high: Any
    low_in: bool
    high_in: bool


_Said = _Equals | SetDefinition | _Within


def _constant(value: Value) -> _Equals | None:
    if not isinstance(value, Literal):
        return None
    shown = printed(value.type.system, str(value.value)) if isinstance(value.type, CodeOf) else str(value.value)
    return _Equals(value.value, shown)


def _read(test: Test) -> tuple[Value, _Said] | None:
    """The value that is tested, and what is said of it, before `not`; None for other tests."""
    match test.predicate:
        case Is(left=left, right=right):
            constant = _constant(right)
            return None if constant is None or isinstance(left, Literal) else (left, constant)
        case InSet(left=left, within=SetDefinition() as within):
            return left, within
        case Compares(left=left, order=order, right=Literal(value=bound)):
            return left, _bounds(order, bound)
        case DateCompares(left=left, order=date_order, right=Literal(value=bound)):
            return left, _bounds(date_order, bound)
        case _:
            return None


def _bounds(order: Order | DateOrder, bound: Any) -> _Within:
    match order:
        case Order.AT_MOST | DateOrder.ON_OR_BEFORE:
            return _Within(None, bound, True, True)
        case Order.AT_LEAST | DateOrder.ON_OR_AFTER:
            return _Within(bound, None, True, True)
        case Order.LESS_THAN | DateOrder.BEFORE:
            return _Within(None, bound, True, False)
        case Order.MORE_THAN | DateOrder.AFTER:
            return _Within(bound, None, False, True)


def _turned(said: _Within) -> _Within:
    """The opposite of a one-sided bound."""
    if said.low is None:
        return _Within(said.high, None, not said.high_in, True)
    return _Within(None, said.low, True, not said.low_in)


def _empty(one: _Within, other: _Within) -> bool:
    low, low_in = _tighter(one.low, one.low_in, other.low, other.low_in, later=True)
    high, high_in = _tighter(one.high, one.high_in, other.high, other.high_in, later=False)
    if low is None or high is None:
        return False
    return bool(low > high or (low == high and not (low_in and high_in)))


def _tighter(one: Any, one_in: bool, other: Any, other_in: bool, *, later: bool) -> tuple[Any, bool]:
    if one is None or other is None:
        return (other, other_in) if one is None else (one, one_in)
    if one == other:
        return one, one_in and other_in
    return (one, one_in) if (one > other) is later else (other, other_in)


# ---------------------------------------------------------------- two tests together


def conflict(one: Test, other: Test) -> str | None:
    """Why two tests are never true together, in words; None where they may be."""
    if one.predicate == other.predicate:
        return None if one.positive is other.positive else "the two say the opposite of each other"
    if _swapped(one.predicate) == other.predicate and one.positive is not other.positive:
        return "the two say the opposite of each other"
    mine, theirs = _read(one), _read(other)
    if mine is None or theirs is None or mine[0] != theirs[0]:
        return None
    return _conflict(mine[1], one.positive, theirs[1], other.positive) or _conflict(
        theirs[1], other.positive, mine[1], one.positive
    )


def _swapped(predicate: Condition) -> Condition | None:
    return replace(predicate, left=predicate.right, right=predicate.left) if isinstance(predicate, Is) else None


def _conflict(one: _Said, positive: bool, other: _Said, other_positive: bool) -> str | None:
    match one, other:
        case _Equals(), _Equals():
            if positive and other_positive and one.value != other.value:
                return f"it cannot be both `{one.shown}` and `{other.shown}`"
        case _Equals(), SetDefinition():
            held = holds_code(other, str(one.value))
            if positive and other_positive and held is False:
                return f"`{one.shown}` is not in `{other.name}`"
            if positive and not other_positive and held is True:
                return f"`{one.shown}` is in `{other.name}`"
        case SetDefinition(), SetDefinition():
            if positive and other_positive and disjoint(one, other):
                return f"no code is in both `{one.name}` and `{other.name}`"
            if positive and not other_positive and subset(one, other):
                return f"every code of `{one.name}` is in `{other.name}`"
        case _Equals(), _Within():
            bounds = other if other_positive else _turned(other)
            if positive:
                return _outside(one, bounds)
        case _Within(), _Within():
            if _empty(one if positive else _turned(one), other if other_positive else _turned(other)):
                return "nothing is both"
        case _:
            return None
    return None


def _outside(one: _Equals, bounds: _Within) -> str | None:
    point = _Within(one.value, one.value, True, True)
    return f"`{one.shown}` is not" if _empty(point, bounds) else None


def self_compared(predicate: Condition) -> bool:
    """Whether a predicate compares a value with itself."""
    match predicate:
        case Is(left=left, right=right) | Compares(left=left, right=right) | DateCompares(left=left, right=right):
            return left == right
        case _:
            return False


def asks_presence(test: Test) -> bool:
    """Whether a test is `is known` or `is missing`: true or false also of what is unknown."""
    return isinstance(test.predicate, Known)
