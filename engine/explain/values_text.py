"""Values in print: codes with their dots, dates, amounts, words; what is not there has a word of its own.

In:   values and their types.     Out: texts.
Uses: vocabulary, tables, evaluate.values.    Used by: every module of explain that prints a fact.
"""

from datetime import date
from decimal import Decimal
from typing import Any, Final

from sequela.engine.evaluate.values import NOT_COVERED, Interval
from sequela.engine.tables.codes import CodeRange, TextSet
from sequela.engine.vocabulary.absent import NONE
from sequela.engine.vocabulary.kinds import CodeOf, CodesOf, Scalar, Type
from sequela.engine.vocabulary.systems import printed

UNKNOWN_WORDS: Final = "not known"


def value_text(value: Any, kind: Type | None) -> str:
    """A value as people write it: `E11.9`, `2026-03-02`, `120.00`, `yes`, `none`, `not known`, `between 1 and 3`."""
    if value is None or value is NOT_COVERED:
        return UNKNOWN_WORDS
    if value is NONE:
        return "none"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Interval):
        return _interval(value, kind)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, TextSet | CodeRange):
        return value.written
    if isinstance(value, int | Decimal):
        return amount_text(value) if kind is Scalar.MONEY else number_text(value)
    if isinstance(value, tuple):
        system = kind.system if isinstance(kind, CodesOf) else None
        return ", ".join(printed(system, str(one)) if system else str(one) for one in value) or "none"
    if isinstance(kind, CodeOf):
        return printed(kind.system, str(value))
    return str(value)


def number_text(value: int | Decimal) -> str:
    """A number without trailing zeros: `2`, `1.5`."""
    if isinstance(value, int):
        return str(value)
    text = format(value, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def amount_text(value: int | Decimal) -> str:
    """An amount with two places: `120.00`."""
    return f"{Decimal(value):.2f}"


def _interval(value: Interval, kind: Type | None) -> str:
    low = value_text(value.low, kind)
    if value.exact:
        return low
    return f"{low} or more" if value.high is None else f"between {low} and {value_text(value.high, kind)}"
