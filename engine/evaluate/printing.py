"""Printing: values as people write them in rules and on claims.

In:   values with their types.      Out: text.
Uses: values, vocabulary, tables.   Used by: trace, explain.
Not here: sentences (explain).
"""

from datetime import date
from decimal import Decimal
from typing import Final

from sequela.engine.evaluate.values import Interval, Number, Uncovered, Value
from sequela.engine.tables.codes import CodeRange, TextSet
from sequela.engine.vocabulary.absent import Nothing
from sequela.engine.vocabulary.kinds import CodeOf, CodesOf, Scalar, Type
from sequela.engine.vocabulary.systems import printed

NOT_KNOWN: Final = "not known"
NONE_THERE: Final = "none"


def printed_value(value: Value, kind: Type | None) -> str:
    """A value as text: codes with their dot, amounts with two places, numbers without trailing zeros.

    >>> printed_value(Decimal("2.50"), Scalar.NUMBER), printed_value(Interval(2, None), Scalar.NUMBER)
    ('2.5', '2 or more')
    """
    match value:
        case None | Uncovered():
            return NOT_KNOWN
        case Nothing():
            return NONE_THERE
        case Interval():
            return _interval(value, kind)
        case bool():
            return "yes" if value else "no"
        case int() | Decimal():
            return _number(value, kind)
        case date():
            return value.isoformat()
        case TextSet() | CodeRange():
            return value.written
        case tuple():
            system = kind.system if isinstance(kind, CodesOf) else None
            return ", ".join(code if system is None else printed(system, code) for code in value) or NONE_THERE
        case str():
            return printed(kind.system, value) if isinstance(kind, CodeOf) else value


def _number(value: Number, kind: Type | None) -> str:
    if kind is Scalar.MONEY:
        return f"{value:.2f}"
    if isinstance(value, Decimal):
        whole = value.to_integral_value()
        return str(int(whole)) if value == whole else f"{value.normalize():f}"
    return str(value)


def _interval(value: Interval, kind: Type | None) -> str:
    if value.exact:
        return _number(value.low, kind)
    if value.high is None:
        return f"{_number(value.low, kind)} or more"
    return f"{_number(value.low, kind)} to {_number(value.high, kind)}"
