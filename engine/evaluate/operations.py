"""Operations: what the words of the language mean on values. Pure functions, one meaning for both evaluators.

In:   values: None is unknown, NONE is known not to be there.    Out: True, False or None (unknown); numbers; dates.
Uses: values, syntax.conditions (the orders), tables.codes.      Used by: walk*, the fast path, explain.
Not here: where values come from (walk_values); codes in declared sets (walk_sets).

Unknown with anything is unknown. None equals nothing and stands in no list, so that such a test is no; compared by size
or by date it is unknown. A value that is unknown because a table does not cover the date comes in as None; the caller
keeps the cause.
Source: the language, sections "Conditions" and "Facts that are not there"; tests/truth holds the tables.
"""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any, Final, assert_never

from sequela.engine.evaluate.values import Interval, Number
from sequela.engine.syntax.comparisons import DateOrder, Order
from sequela.engine.tables.codes import CodeRange, TextSet
from sequela.engine.vocabulary.absent import NONE, Nothing

_LAST_MONTH: Final = date.max.year * 12 + 11
_FIRST_MONTH: Final = date.min.year * 12

# ---------------------------------------------------------------- equality and size


def equal(left: Any, right: Any) -> bool | None:
    """`left is right`, on two values of one type; of an interval, decided when every number in it agrees."""
    if left is None or right is None:
        return None
    if left is NONE or right is NONE:
        return False
    if isinstance(left, Interval) or isinstance(right, Interval):
        one, other = _interval(left), _interval(right)
        if one.exact and other.exact:
            return bool(one.low == other.low)
        apart = _below(one.high, other.low) or _below(other.high, one.low)
        return False if apart else None
    return bool(left == right)


def compare(left: Any, order: Order, right: Any) -> bool | None:
    """`left is at most|at least|more than|less than right`, on numbers, amounts and intervals of them."""
    if left is None or right is None or left is NONE or right is NONE:
        return None
    one, other = _interval(left), _interval(right)
    match order:
        case Order.AT_MOST:
            return _at_most(one, other)
        case Order.AT_LEAST:
            return _at_most(other, one)
        case Order.MORE_THAN:
            return _not(_at_most(one, other))
        case Order.LESS_THAN:
            return _not(_at_most(other, one))
        case _:
            assert_never(order)


def _at_most(one: Interval, other: Interval) -> bool | None:
    if one.high is not None and one.high <= other.low:
        return True
    return False if _below(other.high, one.low) else None


def _below(high: Number | None, low: Number) -> bool:
    return high is not None and high < low


def _interval(value: Number | Interval) -> Interval:
    return value if isinstance(value, Interval) else Interval(value, value)


def _not(answer: bool | None) -> bool | None:
    return None if answer is None else not answer


def is_known(value: Any) -> bool:
    """`value is known`: neither unknown nor none; a number that lies between two ends is known when they agree."""
    if isinstance(value, Interval):
        return value.exact
    return value is not None and value is not NONE


# ---------------------------------------------------------------- dates


def compare_dates(left: Any, order: DateOrder, right: Any) -> bool | None:
    """`left is before|after|on or before|on or after right`."""
    if left is None or right is None or left is NONE or right is NONE:
        return None
    match order:
        case DateOrder.BEFORE:
            return bool(left < right)
        case DateOrder.AFTER:
            return bool(left > right)
        case DateOrder.ON_OR_BEFORE:
            return bool(left <= right)
        case DateOrder.ON_OR_AFTER:
            return bool(left >= right)
        case _:
            assert_never(order)


def within(left: Any, amount: int, unit: str, relation: str, right: Any) -> bool | None:
    """`left is within amount unit before|after|of right`; ends included; `unit` is days, months or years."""
    if left is None or right is None or left is NONE or right is NONE:
        return None
    if relation != "after" and add(right, -amount, unit) <= left <= right:
        return True
    return bool(relation != "before" and right <= left <= add(right, amount, unit))


def add(day: date, amount: int, unit: str) -> date:
    """The day `amount` days, months or years after `day` (before, where negative); at most the last day there is."""
    match unit:
        case "days":
            return add_days(day, amount)
        case "months":
            return add_months(day, amount)
        case "years":
            return add_months(day, 12 * amount)
        case _:
            raise ValueError(unit)


def add_days(day: date, days: int) -> date:
    """The day `days` later; the first or the last day there is where that lies outside of all dates."""
    number = day.toordinal() + days
    if not date.min.toordinal() <= number <= date.max.toordinal():
        return date.max if days > 0 else date.min
    return day + timedelta(days)


def add_months(day: date, months: int) -> date:
    """The same day `months` later; the last day of that month where it has no such day.

    >>> add_months(date(2026, 1, 31), 1)
    datetime.date(2026, 2, 28)
    """
    month = day.year * 12 + day.month - 1 + months
    if not _FIRST_MONTH <= month <= _LAST_MONTH:
        return date.max if months > 0 else date.min
    year, month = divmod(month, 12)
    last = 31 if month == 11 else (date(year, month + 2, 1) - timedelta(1)).day
    return date(year, month + 1, min(day.day, last))


def days_between(start: date, end: date) -> int:
    """Days from start to end; negative when the end is earlier."""
    return (end - start).days


def months_between(start: date, end: date) -> int:
    """Completed months from start to end; negative, and counted the other way round, when the end is earlier.

    >>> months_between(date(2026, 1, 31), date(2026, 2, 28)), months_between(date(2026, 3, 1), date(2026, 1, 31))
    (1, -1)
    """
    if end < start:
        return -months_between(end, start)
    months = _months_apart(start, end)
    return months - 1 if end < add_months(start, months) else months


def years_between(start: date, end: date) -> int:
    """Completed years from start to end, as an age; negative when the end is a year or more earlier."""
    months = months_between(start, end)
    return months // 12 if months >= 0 else -(-months // 12)


def full_months_between(start: date, end: date) -> int:
    """Calendar months that lie wholly between two dates, whichever is earlier; a month that holds one of them does not.

    >>> full_months_between(date(2025, 6, 20), date(2026, 5, 25))
    10
    >>> full_months_between(date(2025, 6, 20), date(2026, 6, 1))
    11
    """
    return max(0, abs(_months_apart(start, end)) - 1)


def _months_apart(start: date, end: date) -> int:
    return (end.year - start.year) * 12 + end.month - start.month


BETWEEN: Final[dict[str, Callable[[date, date], int]]] = {
    "days": days_between,
    "months": months_between,
    "years": years_between,
    "full months": full_months_between,
}
"""How each unit counts the time between two dates."""


def time_between(unit: str, start: Any, end: Any) -> int | Nothing | None:
    """Days, months, years or full months between two dates; unknown when one is unknown, else none when one is none."""
    if start is None or end is None:
        return None
    return NONE if start is NONE or end is NONE else BETWEEN[unit](start, end)


# ---------------------------------------------------------------- codes and texts


def characters(value: Any, first: int, last: int) -> str | Nothing | None:
    """Characters `first` to `last`, from 1 and both included, of a code in normal form or a text; '' past the end.

    >>> characters("S52501A", 7, 7), characters("I10", 7, 7)
    ('A', '')
    """
    if value is None or value is NONE:
        return value
    text = value.written if isinstance(value, CodeRange) else value
    return str(text)[first - 1 : last]


def in_list(code: Any, codes: Any) -> bool | None:
    """Whether a code in normal form is in a list of codes: a cell's TextSet or a fact's tuple; no list holds none."""
    if code is NONE:
        return False
    if code is None or codes is None:
        return None
    if codes is NONE:
        return False
    return in_text(code, codes) if isinstance(codes, TextSet) else code in codes


def in_text(code: Any, written: TextSet) -> bool:
    """Whether a known code is in a written set. A range of codes, as a cell can hold, is not a code."""
    return isinstance(code, str) and written.contains(code)
