"""Intervals: totals and numbers of members of which a part is unknown, and how they compare.

In:   two ends and a doubt.    Out: `Measured`, Kleene answers, keys.
Uses: plan.logic.              Used by: plan.values, plan.predicates.
"""

from decimal import Decimal
from typing import Any, Final

from sequela.engine.plan.logic import FALSE, NOT_COVERED, TRUE, UNCHECKED, UNKNOWN
from sequela.engine.syntax.comparisons import Order

Number = int | Decimal


class Measured:
    """A number between `low` and `high` (None: no upper end); `doubt` is why it is not known better."""

    __slots__ = ("doubt", "high", "low")

    def __init__(self, low: Number, high: Number | None, doubt: int = UNKNOWN) -> None:
        self.low = low
        self.high = high
        self.doubt = doubt


def as_key(value: Any) -> Any:
    """A number that may be an interval as a key of a table: unknown where it is one, NOT_COVERED with that as the cause."""
    if value.__class__ is not Measured:
        return value
    return NOT_COVERED if value.doubt == UNCHECKED else None


def _ends(value: Any) -> tuple[Number, Number | None, int]:
    if value.__class__ is Measured:
        return value.low, value.high, value.doubt if value.low != value.high else FALSE
    return value, value, FALSE


def interval_is(one: Any, other: Any) -> int:
    """Whether two numbers, of which either may be an interval, are equal."""
    low, high, doubt = _ends(one)
    other_low, other_high, other_doubt = _ends(other)
    if low == high and other_low == other_high:
        return TRUE if low == other_low else FALSE
    if (high is not None and high < other_low) or (other_high is not None and other_high < low):
        return FALSE
    return max(doubt, other_doubt)


def interval_compares(one: Any, order: Order, other: Any) -> int:
    """Whether two numbers, of which either may be an interval, stand in that order."""
    if order is Order.AT_LEAST or order is Order.MORE_THAN:
        one, other = other, one
        order = _TURNED[order]
    low, high, doubt = _ends(one)
    other_low, other_high, other_doubt = _ends(other)
    if order is Order.AT_MOST:
        if high is not None and high <= other_low:
            return TRUE
        if other_high is not None and low > other_high:
            return FALSE
    else:
        if high is not None and high < other_low:
            return TRUE
        if other_high is not None and low >= other_high:
            return FALSE
    return max(doubt, other_doubt)


_TURNED: Final = {Order.AT_LEAST: Order.AT_MOST, Order.MORE_THAN: Order.LESS_THAN}
