"""Value parts: the facts and cells that a value is worked out from.

In:   a `Value`.    Out: the values below it that are not worked out from others.
Uses: nodes.        Used by: evaluate.walk_conditions, plan.predicates.
"""

from collections.abc import Iterator
from typing import assert_never

from sequela.engine.model.nodes import (
    Cell,
    Characters,
    Fact,
    FullMonths,
    GoverningDate,
    GroupFact,
    Literal,
    NumberOf,
    TimeBetween,
    Total,
    Value,
)


def value_parts(value: Value) -> Iterator[Value]:
    """The value itself, or what it is worked out from; a total or a number of members is one."""
    match value:
        case Characters(of=of):
            yield from value_parts(of)
        case TimeBetween(start=start, end=end) | FullMonths(start=start, end=end):
            yield from value_parts(start)
            yield from value_parts(end)
        case Literal() | Fact() | GroupFact() | Cell() | Total() | NumberOf() | GoverningDate():
            yield value
        case _:
            assert_never(value)
