"""Intervals of the fast path compare as those of the plain evaluator do."""

from hypothesis import given
from hypothesis import strategies as st

from sequela.engine.evaluate.operations import compare, equal
from sequela.engine.evaluate.values import Interval
from sequela.engine.plan.intervals import Measured, interval_compares, interval_is
from sequela.engine.plan.logic import FALSE, TRUE, UNKNOWN
from sequela.engine.syntax.comparisons import Order

numbers = st.integers(0, 4)


@st.composite
def pairs(draw):
    low = draw(numbers)
    high = draw(st.one_of(st.none(), st.integers(low, 5)))
    if high == low:
        return low, low
    return Measured(low, high), Interval(low, high)


def answer(value: int) -> bool | None:
    return {TRUE: True, FALSE: False, UNKNOWN: None}[value]


@given(one=pairs(), other=pairs(), order=st.sampled_from(list(Order)))
def test_both_evaluators_compare_intervals_alike(one, other, order) -> None:
    assert answer(interval_compares(one[0], order, other[0])) == compare(one[1], order, other[1])
    assert answer(interval_is(one[0], other[0])) == equal(one[1], other[1])
