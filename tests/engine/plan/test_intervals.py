"""Intervals of the fast path compare as those of the plain evaluator do."""

from hypothesis import given
from hypothesis import strategies as st

from sequela.engine.encounter.from_json import encounter_from
from sequela.engine.encounter.view import View
from sequela.engine.evaluate.operations import compare, equal
from sequela.engine.evaluate.values import Interval
from sequela.engine.evaluate.verdict import Status
from sequela.engine.evaluate.walk import walk
from sequela.engine.pipeline.opening import open_texts
from sequela.engine.plan.intervals import Measured, interval_compares, interval_is
from sequela.engine.plan.logic import FALSE, TRUE, UNKNOWN
from sequela.engine.plan.run import run
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


def test_a_total_that_a_missing_table_leaves_open_is_not_checked_beside_a_value_that_is_unknown() -> None:
    """Why a comparison is open is the same whichever of its two sides is the unknown one."""
    rulebook = open_texts({"mine.rules": TOTALS})
    claim = encounter_from(
        {"schema": "sequela.encounter/1", "id": "C-1", "setting": "professional", "lines": [{"code": "99213"}]}
    )
    view = View(claim)
    for selection in rulebook.rules.selections.values():
        verdicts = {one.rule.id: one.status for one in run(rulebook.plan(selection.payer), view)}
        plain = {one.rule.id: one.status for one in walk(selection, rulebook.tables, view)}
        assert verdicts == plain == {"A-LIMIT": Status.NOT_CHECKED, "A-KNOWN": Status.PASS}


TOTALS = """ruleset mine "Mine"

table families "Services that count as one another"
  file     "nowhere.csv"
  key      code of HCPCS
  complete

rule A-LIMIT "x"
  for each line x
  require  (total y.units over lines y where families lists (y.code)) is at most x.units
  if fail  deny x

rule A-KNOWN "x"
  for each line x
  require  (number of diagnoses d where d.code is I10) is at most 0
  if fail  deny x
"""
