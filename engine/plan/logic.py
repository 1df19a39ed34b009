"""Kleene logic on small integers, and the frame and context that compiled steps read.

In:   nothing.                Out: `FALSE TRUE UNKNOWN UNCHECKED`, `Context`, combinators.
Uses: encounter.view, evaluate.values.    Used by: every module of plan.

`UNCHECKED` is unknown because a table does not speak for the date (or is not loaded). Among unknowns it sticks: false decides
`and`, true decides `or`, else the largest number stands, which is why the four are ordered as they are.
"""

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any, Final

from sequela.engine.encounter.view import View
from sequela.engine.evaluate.values import NOT_COVERED

__all__ = [
    "FALSE", "INVERSE", "NOT_COVERED", "TRUE", "UNCHECKED", "UNKNOWN", "Context", "Frame", "Reader", "Step", "all_of", "any_of",
    "conjunction", "disjunction", "kleene", "negated",
]  # fmt: skip

FALSE: Final = 0
TRUE: Final = 1
UNKNOWN: Final = 2
UNCHECKED: Final = 3

INVERSE: Final = (TRUE, FALSE, UNKNOWN, UNCHECKED)


class Context:
    """What a step reads besides its frame: the view of the claim, the governing date, and which lines are payable.

    In `kept` steps keep what they worked out for the claim as a whole.
    """

    __slots__ = ("date", "kept", "payable", "view")

    def __init__(self, view: View) -> None:
        self.view = view
        self.kept: dict[object, Any] = {}
        self.date: date | None = None
        self.payable: Callable[[Any], int] | None = None


Frame = list[Any]
Step = Callable[[Frame, Context], int]
"""A compiled condition: FALSE, TRUE, UNKNOWN or UNCHECKED."""

Reader = Callable[[Frame, Context], Any]
"""A compiled value: a value, NONE, None (unknown), NOT_COVERED, or an Interval for totals and numbers of members."""


def all_of(parts: Sequence[Step]) -> Step:
    """`and`."""
    if len(parts) == 1:
        return parts[0]
    if len(parts) == 2:
        first, second = parts

        def both(frame: Frame, context: Context) -> int:
            one = first(frame, context)
            if one == FALSE:
                return FALSE
            other = second(frame, context)
            if other == FALSE:
                return FALSE
            return one if one > other else other

        return both
    steps = tuple(parts)

    def every(frame: Frame, context: Context) -> int:
        result = TRUE
        for step in steps:
            one = step(frame, context)
            if one == FALSE:
                return FALSE
            if one > result:
                result = one
        return result

    return every


def any_of(parts: Sequence[Step]) -> Step:
    """`or`."""
    if len(parts) == 1:
        return parts[0]
    steps = tuple(parts)

    def some(frame: Frame, context: Context) -> int:
        result = FALSE
        for step in steps:
            one = step(frame, context)
            if one == TRUE:
                return TRUE
            if one > result:
                result = one
        return result

    return some


def negated(step: Step) -> Step:
    """`not`."""

    def inverse(frame: Frame, context: Context) -> int:
        return INVERSE[step(frame, context)]

    return inverse


def conjunction(one: int, other: int) -> int:
    """`and` of two results."""
    if one == FALSE or other == FALSE:
        return FALSE
    return one if one > other else other


def disjunction(one: int, other: int) -> int:
    """`or` of two results."""
    if one == TRUE or other == TRUE:
        return TRUE
    return one if one > other else other


def kleene(answer: bool | None) -> int:
    """A three-valued answer as a number."""
    if answer is None:
        return UNKNOWN
    return TRUE if answer else FALSE
