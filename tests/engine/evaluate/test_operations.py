from datetime import date, timedelta

import pytest
import truth_tables as truth
from hypothesis import given
from hypothesis import strategies as st

from sequela.engine.encounter.fields import field_of
from sequela.engine.encounter.model import Encounter, Patient
from sequela.engine.encounter.view import View
from sequela.engine.evaluate import operations
from sequela.engine.evaluate.values import Interval
from sequela.engine.syntax.comparisons import DateOrder, Order
from sequela.engine.tables.codes import CodeRange, TextSet, UnderCode
from sequela.engine.vocabulary.absent import NONE
from sequela.engine.vocabulary.kinds import Kind
from sequela.engine.vocabulary.systems import System

DAYS = st.dates(date(1900, 1, 1), date(2100, 12, 31))


@pytest.mark.parametrize(("left", "order", "right", "answer"), truth.rows("comparisons"))
def test_comparison_by_size(left, order, right, answer):
    assert operations.compare(truth.number(left), Order(order), truth.number(right)) is truth.answer(answer)


@pytest.mark.parametrize(("left", "right", "answer"), truth.rows("equality"))
def test_equality(left, right, answer):
    one, other = (
        truth.number(cell) if cell[0] == "=" or ".." in cell or cell in truth.ANSWERS else cell
        for cell in (left, right)
    )
    assert operations.equal(one, other) is truth.answer(answer)


@pytest.mark.parametrize(("left", "order", "right", "answer"), truth.rows("dates"))
def test_comparison_of_dates(left, order, right, answer):
    assert operations.compare_dates(truth.day(left), DateOrder(order), truth.day(right)) is truth.answer(answer)


@pytest.mark.parametrize(("start", "months", "day"), truth.rows("months"))
def test_months_later(start, months, day):
    assert operations.add_months(truth.day(start), int(months)) == truth.day(day)


@pytest.mark.parametrize(("unit", "start", "end", "answer"), truth.rows("between"))
def test_time_between(unit, start, end, answer):
    assert operations.time_between(unit, truth.day(start), truth.day(end)) == truth.number(answer)


@pytest.mark.parametrize(("left", "amount", "unit", "relation", "right", "answer"), truth.rows("within"))
def test_within(left, amount, unit, relation, right, answer):
    found = operations.within(truth.day(left), int(amount), unit, relation, truth.day(right))
    assert found is truth.answer(answer)


@given(DAYS, DAYS)
def test_completed_months_are_the_most_that_fit(start, end):
    months = operations.months_between(start, end)
    if start <= end:
        assert operations.add_months(start, months) <= end < operations.add_months(start, months + 1)
    else:
        assert months == -operations.months_between(end, start)


@given(DAYS, DAYS)
def test_age_is_the_completed_years(born, on):
    patient = View(Encounter(id="C", setting="professional", lines=(), patient=Patient(birth_date=born))).patient
    age = field_of(Kind.PATIENT, "age").read_on(patient, on)
    if born <= on:
        assert age == operations.years_between(born, on)


@given(DAYS, DAYS)
def test_full_months_are_counted_day_by_day(one, other):
    """A month lies wholly between when every day of it does, the two ends left out."""
    start, end = sorted((one, other))
    if end - start > timedelta(1500):
        end = start + timedelta(1500)
    whole, first = 0, start.replace(day=1)
    while first < end:
        following = operations.add_months(first, 1)
        whole += start < first and following <= end
        first = following
    assert operations.full_months_between(start, end) == whole


@pytest.mark.parametrize(
    ("value", "first", "last", "answer"),
    [
        ("S52501A", 7, 7, "A"),
        ("S52501A", 1, 3, "S52"),
        ("I10", 7, 7, ""),
        ("I10", 3, 7, "0"),
        (None, 1, 1, None),
        (NONE, 1, 1, NONE),
    ],
)
def test_characters(value, first, last, answer):
    assert operations.characters(value, first, last) == answer


@pytest.mark.parametrize(
    ("code", "codes", "answer"),
    [
        ("E119", ("E119", "I10"), True),
        ("E118", ("E119", "I10"), False),
        ("E119", TextSet(System.ICD10CM, (UnderCode("E11", System.ICD10CM),)), True),
        ("I10", TextSet(System.ICD10CM, (UnderCode("E11", System.ICD10CM),)), False),
        (None, ("E119",), None),
        (NONE, ("E119",), False),
        ("E119", None, None),
        ("E119", NONE, False),
        ("E119", (), False),
        (NONE, None, False),
        (None, NONE, None),
        (CodeRange("E11", "E13", System.ICD10CM), TextSet(System.ICD10CM, (UnderCode("E11", System.ICD10CM),)), False),
    ],
)
def test_in_a_list_of_codes(code, codes, answer):
    assert operations.in_list(code, codes) is answer


@pytest.mark.parametrize(
    ("value", "answer"),
    [
        ("x", True),
        (0, True),
        (False, True),
        ("", True),
        (None, False),
        (NONE, False),
        (Interval(1, 1), True),
        (Interval(1, 2), False),
        (Interval(0, None), False),
    ],
)
def test_known(value, answer):
    assert operations.is_known(value) is answer
