"""Stretches of dates as versions and changes use them: both ends included, either end open.

In:   periods as written.    Out: `Days`, and what two stretches share or leave.
Uses: syntax.                Used by: versions, overlay, lint.
Not here: which rule holds on which date (overlay.py).
"""

from datetime import date
from typing import Final

from attrs import frozen

from sequela.engine.syntax.declarations import Effective, Period

_BEGINNING: Final = date.min.toordinal()
_END: Final = date.max.toordinal()


@frozen(order=True)
class Days:
    """The days from `low` to `high`, as ordinals, both included; the calendar's first and last day are open ends."""

    low: int = _BEGINNING
    high: int = _END

    @property
    def first(self) -> date | None:
        """The first day; None where the stretch has no beginning."""
        return None if self.low == _BEGINNING else date.fromordinal(self.low)

    @property
    def last(self) -> date | None:
        """The last day; None where the stretch has no end."""
        return None if self.high == _END else date.fromordinal(self.high)

    @property
    def is_always(self) -> bool:
        """Whether every date is in it."""
        return self == ALWAYS

    def includes(self, on: date) -> bool:
        """Whether a day is in it."""
        return self.low <= on.toordinal() <= self.high

    def shared(self, other: "Days") -> "Days | None":
        """The days that both have; None where there is none."""
        low, high = max(self.low, other.low), min(self.high, other.high)
        return Days(low, high) if low <= high else None

    def before(self, other: "Days") -> "Days | None":
        """The days of this stretch before `other` begins; None where there is none."""
        high = min(self.high, other.low - 1)
        return Days(self.low, high) if self.low <= high else None

    def after(self, other: "Days") -> "Days | None":
        """The days of this stretch after `other` ends; None where there is none."""
        low = max(self.low, other.high + 1)
        return Days(low, self.high) if low <= self.high else None

    @property
    def words(self) -> str:
        """The stretch in words: `from 2026-01-01 to 2026-03-31`, `on 2026-01-01`, `on every date`.

        >>> Days(high=date(2025, 12, 31).toordinal()).words
        'up to 2025-12-31'
        """
        if self.first is None:
            return "on every date" if self.last is None else f"up to {self.last}"
        if self.last is None:
            return f"from {self.first} onward"
        return f"on {self.first}" if self.first == self.last else f"from {self.first} to {self.last}"


ALWAYS: Final = Days()


def days_of(period: Period | None) -> Days | None:
    """The days of a period as written; every day where there is none; None where it ends before it begins."""
    if period is None:
        return ALWAYS
    low = period.first.toordinal()
    high = _END if period.last is None else period.last.toordinal()
    return Days(low, high) if low <= high else None


def effective_of(clauses: tuple[object, ...]) -> Effective | None:
    """The `effective` among the clauses of a rule or a change; the first, where there are several."""
    return next((clause for clause in clauses if isinstance(clause, Effective)), None)
