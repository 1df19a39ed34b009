"""X12 values: text, numbers and dates out of elements, and what to say about those that cannot be read.

In:   elements as sent.         Out: str, int, Decimal, date, or None with a problem.
Uses: x12_segment, x12_notes.   Used by: the readers of loops.
Not here: codes and composites (x12_composites).

A value that cannot be read is unknown, and said; it is never guessed.
"""

import re
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import Final

from attrs import define

from sequela.engine.encounter.soundness import MOST_DIGITS, is_amount, is_number
from sequela.engine.encounter.x12_notes import Notes
from sequela.engine.encounter.x12_segment import Segment, at

Number = int | Decimal

_NUMBER: Final = re.compile(r"-?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)")
_REMEMBERED: Final = 8192
_TOO_LARGE: Final = 10**MOST_DIGITS


def text_of(value: str) -> str:
    """The text of an element, whose characters so far are single bytes: UTF-8, or Latin-1 where it is not UTF-8.

    What is text already stays as it is.
    """
    if value.isascii():
        return value
    try:
        return value.encode("latin-1").decode("utf-8")
    except UnicodeError:
        return value


def text_at(segment: Segment, element: int) -> str | None:
    """The text of an element; None when it was not sent."""
    elements = segment.elements
    value = elements[element] if len(elements) > element else ""
    if value and value.isascii():
        return value
    return text_of(value) if value else None


@lru_cache(_REMEMBERED)
def number_of(value: str) -> Number | None:
    """A decimal number; None when it is none. Whole numbers are int.

    >>> number_of("12.50"), number_of("1.0"), number_of("ABC.50")
    (Decimal('12.50'), 1, None)
    """
    if not _NUMBER.fullmatch(value):
        return None
    number = Decimal(value)
    return int(number) if number == number.to_integral_value() else number


@lru_cache(_REMEMBERED)
def day_of(value: str) -> date | None:
    """A day written CCYYMMDD; None when there is no such day.

    >>> day_of("20260302"), day_of("20261332")
    (datetime.date(2026, 3, 2), None)
    """
    if len(value) != 8 or not (value.isascii() and value.isdecimal()):
        return None
    try:
        return date(int(value[:4]), int(value[4:6]), int(value[6:]))
    except ValueError:
        return None


@define
class Period:
    """What a date and its format say: a first and a last day (equal for one day), and an hour of two digits."""

    first: date | None = None
    last: date | None = None
    hour: str | None = None
    is_range: bool = False


def period_at(segment: Segment, notes: Notes, element: int = 2) -> Period | None:
    """The date in an element pair (format, value) of a segment; None, and said, when it cannot be read."""
    return period_of(at(segment, element), at(segment, element + 1), segment, element + 1, 0, notes)


def period_of(form: str, value: str, segment: Segment, element: int, component: int, notes: Notes) -> Period | None:
    """The date that `value` is in the format `form`: D8, RD8, DT or TM."""
    match form:
        case "D8":
            day = day_of(value)
            if day is not None:
                return Period(day, day)
            expected = "a day written CCYYMMDD"
        case "RD8":
            first, last = day_of(value[:8]), day_of(value[9:])
            if first is not None and last is not None and value[8] == "-":
                if first <= last:
                    return Period(first, last, is_range=True)
                notes.warn(
                    "SEQ773",
                    f"`{value}` ends before it begins; the dates stay unknown.",
                    segment,
                    element,
                    component,
                )
                return None
            expected = "two days written CCYYMMDD-CCYYMMDD"
        case "DT":
            day = day_of(value[:8])
            if day is not None and _is_hour(value[8:12]):
                return Period(day, day, value[8:10])
            expected = "a day and time written CCYYMMDDHHMM"
        case "TM":
            if _is_hour(value[:4]):
                return Period(hour=value[:2])
            expected = "a time written HHMM"
        case _:
            shown = f"`{form}`" if form else "An empty format"
            notes.warn(
                "SEQ773",
                f"{shown} is no format of a date here, so that `{text_of(value)}` stays unknown.",
                segment,
                element - (not component),
                component - 1 if component else 0,
                hint="The formats are D8 (a day), RD8 (from one day to another), DT (a day and time) and TM (a time).",
            )
            return None
    shown = f"`{text_of(value)}`" if value else "Nothing"
    notes.warn(
        "SEQ773",
        f"{shown} stands where {expected} is expected; the date stays unknown.",
        segment,
        element,
        component,
    )
    return None


def amount_of(
    value: str, what: str, segment: Segment, element: int, notes: Notes, *, money: bool = True, component: int = 0
) -> Number | None:
    """An amount or a count, never negative; None when it was not sent, or, and said, when it cannot be read."""
    number = _amount(value) if money else _count(value)
    if number is not None:
        return number
    if not value:
        return None
    number = number_of(value)
    if number is None:
        fault = f"`{text_of(value)}` is no number"
    elif number < 0:
        fault = f"`{value}` is negative"
    elif number >= _TOO_LARGE:
        fault = f"`{value}` is too large"
    else:
        fault = f"`{value}` has more than {'two' if money else 'six'} decimals"
    notes.warn("SEQ774", f"{fault}; {what} stays unknown.", segment, element, component)
    return None


@lru_cache(_REMEMBERED)
def _amount(value: str) -> Number | None:
    """An amount of money that can be one."""
    number = number_of(value)
    return number if number is not None and is_amount(number) else None


@lru_cache(_REMEMBERED)
def _count(value: str) -> Number | None:
    """A count that can be one."""
    number = number_of(value)
    return number if number is not None and is_number(number) else None


def _is_hour(value: str) -> bool:
    return len(value) == 4 and value.isascii() and value.isdecimal() and value[:2] < "24" and value[2:] < "60"
