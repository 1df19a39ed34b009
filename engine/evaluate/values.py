"""Values: what is known, what is not, and why; and how yes, no and unknown combine.

In:   nothing.                 Out: `Logic`, `NOT_COVERED`, `all_of`, `any_of`, `opposite`, `Interval`, `Value`.
Uses: tables, vocabulary.      Used by: operations, walk*, missing, trace; the fast path for `Interval`.
Not here: comparing values (operations).

Unknown is Python's `None`; unknown because a table does not speak for the date is `NOT_COVERED`. Among unknowns the
second sticks: a status that stays unknown is *not checked* when it is among the causes.
"""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from enum import Enum
from typing import Final

from msgspec import Struct

from sequela.engine.tables.codes import CodeRange, TextSet
from sequela.engine.vocabulary.absent import Nothing


class Uncovered(Enum):
    """The single value `NOT_COVERED`."""

    NOT_COVERED = "not covered"

    def __bool__(self) -> bool:
        return False


NOT_COVERED: Final = Uncovered.NOT_COVERED

Logic = bool | Uncovered | None
"""Yes, no, unknown (None), or unknown with a table that does not cover the date among the causes (NOT_COVERED)."""


def all_of(parts: Iterable[Logic]) -> Logic:
    """`and`: no when one is no, else unknown when one is unknown, else yes (of nothing, too).

    >>> all_of([True, None, False]), all_of([True, None, NOT_COVERED]), all_of([])
    (False, <Uncovered.NOT_COVERED: 'not covered'>, True)
    """
    result: Logic = True
    for part in parts:
        if part is False:
            return False
        if part is NOT_COVERED or (part is None and result is True):
            result = part
    return result


def any_of(parts: Iterable[Logic]) -> Logic:
    """`or`: yes when one is yes, else unknown when one is unknown, else no (of nothing, too).

    >>> any_of([False, None, True]), any_of([False, None]), any_of([])
    (True, None, False)
    """
    result: Logic = False
    for part in parts:
        if part is True:
            return True
        if part is NOT_COVERED or (part is None and result is False):
            result = part
    return result


def opposite(part: Logic) -> Logic:
    """`not`: unknown stays as it is."""
    return not part if isinstance(part, bool) else part


def is_unknown(part: Logic) -> bool:
    """Whether it is neither yes nor no."""
    return not isinstance(part, bool)


def known(part: Logic) -> bool | None:
    """Yes, no or None, whatever made it unknown."""
    return part if isinstance(part, bool) else None


def because(answer: bool | None, *, uncovered: bool) -> Logic:
    """An answer with its cause: unknown is `NOT_COVERED` where a table that does not cover the date is a cause."""
    return NOT_COVERED if answer is None and uncovered else answer


Number = int | Decimal


class Interval(Struct, frozen=True):
    """A number or a total that lies between what is certain and what is possible, both included.

    `high` is None where there is no upper end. `uncovered` says that a table that does not cover the date is among what
    keeps the ends apart.
    """

    low: Number
    high: Number | None
    uncovered: bool = False

    @property
    def exact(self) -> bool:
        """Whether both ends agree, so that the number is known."""
        return self.high is not None and self.low == self.high


Value = str | Number | date | bool | tuple[str, ...] | TextSet | CodeRange | Interval | Nothing | Uncovered | None
"""What a value can be while a rule is judged: text and codes are str, lists of codes a tuple or a TextSet."""


class Sum:
    """A total or a count while it grows: what is certain, and what is possible."""

    __slots__ = ("_high", "_low", "_uncovered")

    def __init__(self) -> None:
        self._low: Number = 0
        self._high: Number | None = 0
        self._uncovered = False

    def add(self, belongs: Logic, amount: Number | Nothing | None) -> None:
        """Count in one member: whether it belongs, and its amount, never negative (None unknown; NONE nothing)."""
        if belongs is False or isinstance(amount, Nothing):
            return
        self._uncovered = self._uncovered or belongs is NOT_COVERED
        if amount is None:
            self._high = None
            return
        if belongs is True:
            self._low += amount
        if self._high is not None:
            self._high += amount

    def add_unlisted(self, belongs: Logic) -> None:
        """Count in what an open list may hold beyond its members: any number of them, unless that is certainly no."""
        self.add(belongs, None)

    @property
    def interval(self) -> Interval:
        """What it lies between by now; where the ends agree, nothing keeps it from being known."""
        return Interval(self._low, self._high, self._uncovered and self._low != self._high)
