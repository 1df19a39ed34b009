"""FHIR values: days, amounts and texts out of elements, and what to say about those that cannot be read.

In:   elements as sent.        Out: str, int, Decimal, date, or None with a problem.
Uses: soundness, fhir_notes.   Used by: the readers of parts.
Not here: codes (fhir_codes).

A value that cannot be read is unknown, and said; it is never guessed. Days:

- a day (`2026-03-02`) is that day; a year or a month alone is no day, and stays unknown;
- of a moment (`2026-03-02T13:30:00-05:00`) the day is taken as written, in the offset that it was written in: the calendar
  on the wall where the service was given. Midnight in UTC (`T00:00:00Z`) is how programs write a day; it is that day;
- a moment in UTC between midnight and 10:00 is the day before in a part of the United States: that day stays unknown.
"""

import re
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import Final

from attrs import frozen

from sequela.engine.encounter.fault import shown
from sequela.engine.encounter.fhir_notes import Notes
from sequela.engine.encounter.fhir_source import Place
from sequela.engine.encounter.fhir_structs import Money, Quantity
from sequela.engine.encounter.soundness import MOST_DIGITS, is_amount, is_number

Number = int | Decimal

_MOMENT: Final = re.compile(
    r"([0-9]{4}-[0-9]{2}-[0-9]{2})(?:T([0-9]{2}):([0-9]{2})(?::([0-9]{2})(?:\.[0-9]+)?)?(Z|[+-][0-9]{2}:[0-9]{2})?)?"
)
_PART_OF_DATE: Final = re.compile(r"[0-9]{4}(-[0-9]{2})?")
_UTC: Final = frozenset({"Z", "+00:00", "-00:00"})
_SAME_DAY_FROM: Final = "10"
"""The hour in UTC from which on it is the same day in every time zone of the fifty states, Hawaii's included."""
_REMEMBERED: Final = 8192
_US_DOLLAR: Final = "USD"


@frozen
class Moment:
    """A day, and the hour of two digits where a time was written; `day` is None where the time does not tell it."""

    day: date | None
    hour: str | None = None


@lru_cache(_REMEMBERED)
def moment_of(value: str) -> Moment | None:
    """The day, and the hour, of a FHIR date or dateTime; None when it is neither.

    >>> moment_of("2026-03-02T13:30:00-05:00")
    Moment(day=datetime.date(2026, 3, 2), hour='13')
    """
    found = _MOMENT.fullmatch(value.strip())
    if found is None:
        return None
    try:
        day = date.fromisoformat(found[1])
    except ValueError:
        return None
    hour, minute, second, offset = found[2], found[3], found[4], found[5]
    if hour is None:
        return Moment(day)
    if hour > "23" or minute > "59":
        return None
    if offset in _UTC:
        if (hour, minute, second or "00") == ("00", "00", "00"):
            return Moment(day)
        return Moment(None) if hour < _SAME_DAY_FROM else Moment(day)
    return Moment(day, hour)


def day_at(value: str | None, place: Place, notes: Notes, what: str = "the date") -> date | None:
    """The day of a date or dateTime; None when it was not sent, or, and said, when it does not tell a day."""
    if value is None:
        return None
    moment = moment_of(value)
    if moment is None or moment.day is None:
        _say_no_day(value, place, notes, what)
        return None
    return moment.day


def hour_of(value: str | None) -> str | None:
    """The hour of a dateTime, two digits, as the clock of its place showed it; None where none was written."""
    moment = moment_of(value) if value is not None else None
    return moment.hour if moment is not None else None


def _say_no_day(value: str, place: Place, notes: Notes, what: str) -> None:
    hint = None
    if moment_of(value) is not None:
        said = "is written in the time of UTC, in which part of the United States has still the day before"
        hint = "Write the day alone, or the time with the offset of the place, such as 2026-03-02T21:30:00-05:00."
    elif _PART_OF_DATE.fullmatch(value):
        said = "is no day"
        hint = "A day is written 2026-03-02."
    else:
        said = "stands where a day written 2026-03-02 is expected"
    notes.warn("SEQ798", f"{shown(value)} {said}; {what} stays unknown.", place, hint=hint)


def money_at(money: Money | None, place: str, notes: Notes, what: str) -> Number | None:
    """An amount in dollars, never negative; None when it was not sent, or, and said, when it cannot be one."""
    if money is None or money.value is None:
        return None
    if money.currency is not None and money.currency.upper() != _US_DOLLAR:
        _say_no_number(f"{shown(money.currency)} is not USD", f"{place}.currency", notes, what)
        return None
    return amount_of(money.value, f"{place}.value", notes, what)


def quantity_at(quantity: Quantity | None, place: str, notes: Notes, what: str) -> Number | None:
    """A count, never negative; None when it was not sent, or, and said, when it cannot be one."""
    if quantity is None or quantity.value is None:
        return None
    value = quantity.value
    if is_number(value):
        return _whole(value)
    _say_no_number(_fault_of(value, "six"), f"{place}.value", notes, what)
    return None


def amount_of(value: Decimal, place: Place, notes: Notes, what: str) -> Number | None:
    """An amount that may be money; None, and said, when it cannot be."""
    if is_amount(value):
        return _whole(value)
    _say_no_number(_fault_of(value, "two"), place, notes, what)
    return None


def _whole(value: Decimal) -> Number:
    return int(value) if value == value.to_integral_value() else value


def _fault_of(value: Decimal, decimals: str) -> str:
    if not value.is_finite():
        return f"{shown(value)} is no number"
    if value < 0:
        return f"{shown(value)} is negative"
    if value.adjusted() >= MOST_DIGITS:
        return f"{shown(value)} is too large"
    return f"{shown(value)} has more than {decimals} decimals"


def _say_no_number(fault: str, place: Place, notes: Notes, what: str) -> None:
    notes.warn("SEQ799", f"{fault}; {what} stays unknown.", place)


def text_of(value: str | None) -> str | None:
    """A text without the blanks around it; None when there is none."""
    if value is None:
        return None
    return value.strip() or None
