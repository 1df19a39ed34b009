"""Flat cells: the text of a cell of a flat table becomes the value of a fact.

In:   text, the fact and its type.    Out: a value, None for an empty cell, or `BadCell`.
Uses: flat_mapping, vocabulary.       Used by: flat_claim, flat_members.
Not here: whether a code has its form (soundness); which column holds what (flat_layout).

Spreadsheets and warehouses take leading zeros away: a code that is a number gets those of its system back.
"""

import re
from datetime import date
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from typing import Final

from attrs import frozen

from sequela.engine.diagnostics.suggest import listed
from sequela.engine.encounter.fault import shown
from sequela.engine.encounter.flat_mapping import DATE_FORMS, Mapping
from sequela.engine.vocabulary.kinds import CodeOf, Scalar, Type, WordOf
from sequela.engine.vocabulary.systems import System, normal

WIDTHS: Final = {
    System.POS: 2,
    System.REVENUE: 4,
    System.DRG: 3,
    System.BILL_TYPE: 4,
    System.DISCHARGE_STATUS: 2,
    System.HCPCS: 5,
    System.CPT: 5,
    System.SPECIALTY: 2,
    System.CONDITION: 2,
    System.OCCURRENCE: 2,
    System.VALUE: 2,
}
"""The systems of which every code has so many characters: a shorter number has lost its leading zeros."""

_NDC: Final = (5, 4, 2)
"""An NDC with hyphens is filled up part by part; one of ten digits without them could be in three places, and is not."""

_DIGITS: Final = {"YYYY": r"(?P<y>[0-9]{4})", "MM": r"(?P<m>[0-9]{1,2})", "DD": r"(?P<d>[0-9]{1,2})"}
_MIDNIGHT: Final = re.compile(r"[T ]00:00(?::00(?:\.0+)?)?(?:Z|\+00:00)?$")
_WHOLE: Final = re.compile(r"([0-9]+)\.0+")
_BILL_TYPE: Final = re.compile(r"[1-9][0-9][0-9A-Z]")
_NUMBER: Final = re.compile(r"[-+]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][-+]?[0-9]+)?")
_LISTED: Final = re.compile(r"[\s,;|^]+")
_YES_NO: Final = {
    **dict.fromkeys(("y", "yes", "true", "t", "1"), True),
    **dict.fromkeys(("n", "no", "false", "f", "0"), False),
}

Value = str | int | Decimal | date | bool


@frozen
class BadCell:
    """A cell that cannot be read: what it holds, and what was expected."""

    message: str
    hint: str | None = None


def value_of(text: str, fact: str, kind: Type, mapping: Mapping) -> Value | BadCell | None:
    """What a cell says of a fact; None where it is empty, or says that it is not known.

    Args:
        text: the cell.
        fact: the fact's name, for words that have a meaning of their own.
        kind: the fact's type.
        mapping: how dates and words are written.
    """
    text = text.strip()
    if not text or text in mapping.empty:
        return None
    if not is_text(text):
        return BadCell("The cell is not UTF-8 text.", "Save the table as UTF-8.")
    name = fact.rpartition(".")[2]
    words = mapping.words.get(name, {})
    meant = words.get(text.lower())
    if meant is not None:
        return meant or None
    match kind:
        case CodeOf(system=system):
            return code_of(text, system)
        case WordOf(words=known):
            return _word(text, name, known)
        case Scalar.DATE:
            return _date(text, mapping.dates)
        case Scalar.NUMBER | Scalar.MONEY:
            return _number(text, kind)
        case Scalar.YES_NO:
            found = _YES_NO.get(text.lower())
            return BadCell(f"{shown(text)} is neither yes nor no.", "Write Y or N.") if found is None else found
        case _:
            return _without_point(text)


def codes_of(text: str, mapping: Mapping) -> list[str]:
    """The parts of a cell that holds several codes, parted by blanks, commas, semicolons, carets or bars."""
    return [one for one in _LISTED.split(text.strip()) if one and one not in mapping.empty]


def code_of(text: str, system: System) -> str:
    """A code with the leading zeros of its system; what is no number stays as it is written.

    >>> code_of("853", System.BILL_TYPE), code_of("300.0", System.REVENUE), code_of("e11.9", System.ICD10CM)
    ('0853', '0300', 'E119')
    """
    code = normal(system, _without_point(text))
    if system is System.NDC and "-" in code:
        return "".join(part.zfill(width) for part, width in zip(code.split("-"), _NDC, strict=False))
    if system is System.ADMIT_TYPE and code.isdecimal():
        return code.lstrip("0") or code
    width = WIDTHS.get(system, 0)
    if len(code) < width and code.isascii() and (code.isdecimal() or _BILL_TYPE.fullmatch(code)):
        return code.zfill(width)
    return code


def _without_point(text: str) -> str:
    """A whole number without the point that a column of numbers with gaps gets: `65.0` is 65."""
    found = _WHOLE.fullmatch(text)
    return text if found is None else found[1]


def _word(text: str, name: str, known: tuple[str, ...]) -> str | BadCell:
    plain = text.lower().replace("_", "-").replace(" ", "-")
    found = next((one for one in known if one.lower() == plain), None)
    if found is not None:
        return found
    hint = f"It can be {listed(known, last='or')}; [words.{name}] in the file of --columns says what other words mean."
    return BadCell(f"{shown(text)} is no {name.replace('_', ' ')}.", hint)


@lru_cache(4096)
def _date(text: str, forms: tuple[str, ...]) -> date | BadCell:
    plain = _MIDNIGHT.sub("", text)
    for form in forms:
        if _form(form).fullmatch(plain) is not None:
            day = _day(plain, form)
            if day is None:
                break
            return day
    return BadCell(f"{shown(text)} is not a date.", _how_dates_are_read(plain, forms))


def _day(text: str, form: str) -> date | None:
    """The day that a text is in one form; None where it is none."""
    found = _form(form).fullmatch(text)
    try:
        return None if found is None else date(int(found["y"]), int(found["m"]), int(found["d"]))
    except ValueError:
        return None


def _how_dates_are_read(text: str, forms: tuple[str, ...]) -> str:
    """In which form it would be a date, and where that is said."""
    fitting = [form for form in DATE_FORMS if form not in forms and _day(text, form) is not None]
    read = f"Dates are read as {listed(forms, last='or')}"
    if not fitting:
        return f"{read}; [reading] dates in the file of --columns can say {listed(DATE_FORMS, last='or')}."
    where = f'in the file of --columns, [reading] dates = ["{fitting[0]}"]'
    return f"{read}. It is one as {listed(fitting, last='or')}: say so {where}."


def _form(form: str) -> re.Pattern[str]:
    found = _FORMS.get(form)
    if found is None:
        pattern = re.escape(form)
        for word, digits in _DIGITS.items():
            pattern = pattern.replace(word, digits)
        if form == "YYYYMMDD":
            pattern = pattern.replace("{1,2}", "{2}")
        found = _FORMS[form] = re.compile(pattern)
    return found


_FORMS: dict[str, re.Pattern[str]] = {}


def _number(text: str, kind: Type) -> int | Decimal | BadCell:
    what, example = ("an amount", "120.00") if kind is Scalar.MONEY else ("a number", "1")
    plain = text.removeprefix("$").replace(",", "") if kind is Scalar.MONEY and _THOUSANDS.fullmatch(text) else text
    if _NUMBER.fullmatch(plain) is None:
        return BadCell(f"{shown(text)} is not {what}.", f"Write it as {example}.")
    try:
        value = Decimal(plain)
        whole = value.to_integral_value()
    except InvalidOperation:
        return BadCell(f"{shown(text)} is not {what}.", f"Write it as {example}.")
    if value == whole and kind is not Scalar.MONEY and abs(whole) < 10**15:
        return int(whole)
    rounded = round(value, 6)  # what arithmetic with binary fractions leaves behind
    return rounded.normalize() if rounded != value and abs(rounded - value) < Decimal("1e-9") else value


_THOUSANDS: Final = re.compile(r"\$?[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]+)?|\$[0-9]+(?:\.[0-9]+)?")


def is_text(text: str) -> bool:
    """Whether every byte was UTF-8: one that was not is kept as half of a pair."""
    if text.isascii():
        return True
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True
