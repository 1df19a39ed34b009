from itertools import permutations

import pytest
import truth_tables as truth
from hypothesis import given
from hypothesis import strategies as st

from sequela.engine.evaluate.values import NOT_COVERED, Interval, Sum, all_of, any_of, because, known, opposite
from sequela.engine.vocabulary.absent import NONE

LOGIC = st.sampled_from([True, False, None, NOT_COVERED])


@pytest.mark.parametrize(("left", "right", "both", "either"), truth.rows("kleene"))
def test_and_or(left, right, both, either):
    parts = truth.answer(left), truth.answer(right)
    assert all_of(parts) is truth.answer(both)
    assert any_of(parts) is truth.answer(either)


@given(st.lists(LOGIC, max_size=4))
def test_order_never_matters_and_de_morgan_holds(parts):
    assert {all_of(order) for order in permutations(parts)} == {all_of(parts)}
    assert any_of(parts) is opposite(all_of([opposite(part) for part in parts]))


def test_a_cause_is_kept_only_where_the_answer_is_unknown():
    assert because(None, uncovered=True) is NOT_COVERED
    assert because(None, uncovered=False) is None
    assert because(False, uncovered=True) is False
    assert known(NOT_COVERED) is None


@pytest.mark.parametrize(
    ("members", "interval"),
    [
        ([], Interval(0, 0)),
        ([(True, 2), (True, 3)], Interval(5, 5)),
        ([(True, 2), (False, 3)], Interval(2, 2)),
        ([(True, 2), (None, 3)], Interval(2, 5)),
        ([(True, 2), (True, None)], Interval(2, None)),
        ([(None, None)], Interval(0, None)),
        ([(True, NONE), (None, NONE)], Interval(0, 0)),
        ([(True, 2), (NOT_COVERED, 3)], Interval(2, 5, True)),
    ],
)
def test_a_total_lies_between_what_is_certain_and_what_is_possible(members, interval):
    total = Sum()
    for belongs, amount in members:
        total.add(belongs, amount)
    assert total.interval == interval


def test_an_open_list_has_no_upper_end():
    total = Sum()
    total.add(True, 2)
    total.add_unlisted(None)
    assert total.interval == Interval(2, None)
    total = Sum()
    total.add_unlisted(False)
    assert total.interval == Interval(0, 0)
