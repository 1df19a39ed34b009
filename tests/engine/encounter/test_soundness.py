"""Soundness: what cannot be, and that the fast answer and the long one are the same."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sequela.engine.encounter.model import (
    Diagnosis,
    Document,
    Documents,
    Encounter,
    History,
    HistoryLine,
    Line,
    Occurrence,
    OtherPayer,
    Party,
    Procedure,
    ValueCode,
)
from sequela.engine.encounter.sound_at_once import is_sound
from sequela.engine.encounter.soundness import SHAPES_IN_WORDS, faults_of, is_amount, is_number
from sequela.engine.vocabulary.systems import System, has_shape, normal


@pytest.mark.parametrize(
    "value", [0, 1, 10**15 - 1, Decimal("0.00"), Decimal("120.00"), Decimal("1.000"), Decimal("1E+2")]
)
def test_amounts(value):
    assert is_amount(value)


@pytest.mark.parametrize(
    "value",
    [
        -1,
        10**15,
        Decimal("-0.01"),
        Decimal("0.001"),
        Decimal("NaN"),
        Decimal("sNaN"),
        Decimal("Infinity"),
        Decimal("1E+20"),
        Decimal("1E-9"),
    ],
)
def test_what_is_no_amount(value):
    assert not is_amount(value)


@pytest.mark.parametrize(
    ("one", "other"), [("1", "1." + "0" * 40), ("0", "0E+20"), ("0", "-0.000"), ("2.5", "2.50000000")]
)
def test_what_is_the_same_number_is_sound_however_it_is_written(one, other):
    assert is_number(Decimal(one))
    assert is_number(Decimal(other))
    assert is_amount(Decimal(one)) is is_amount(Decimal(other))


def test_counts_may_have_six_decimals():
    assert is_number(Decimal("0.000001"))
    assert not is_number(Decimal("0.0000001"))
    assert is_number(Decimal("2.50000000000"))
    assert not is_number(Decimal("1E-999999999"))
    assert not is_number(Decimal("-1"))


def test_the_form_of_every_system_is_described_with_a_good_example():
    for system, words in SHAPES_IN_WORDS.items():
        if "such as" in words:
            example = words.rpartition("such as ")[2]
            assert has_shape(system, normal(system, example)), system


def claim(**facts):
    return Encounter(id="C-1", setting="outpatient", **({"lines": ()} | facts))


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ({"drg": "47"}, ("SEQ716", "/drg")),
        ({"total_charge": -1}, ("SEQ717", "/total_charge")),
        ({"billing": Party(taxonomy="207Q")}, ("SEQ716", "/billing/taxonomy")),
        ({"other_operating": Party(specialty="8")}, ("SEQ716", "/other_operating/specialty")),
        ({"diagnoses": (Diagnosis(code="J1"),)}, ("SEQ716", "/diagnoses/0/code")),
        ({"procedures": (Procedure(code="0DTO4ZZ"),)}, ("SEQ716", "/procedures/0/code")),
        ({"condition_codes": ("4",)}, ("SEQ716", "/condition_codes/0")),
        ({"occurrence_codes": (Occurrence(code="1"),)}, ("SEQ716", "/occurrence_codes/0/code")),
        ({"value_codes": (ValueCode(code="8"),)}, ("SEQ716", "/value_codes/0/code")),
        ({"value_codes": (ValueCode(code="80", amount=-1),)}, ("SEQ717", "/value_codes/0/amount")),
        ({"other_payers": (OtherPayer(allowed=-1),)}, ("SEQ717", "/other_payers/0/allowed")),
        (
            {"documents": Documents(items=(Document(supports=("I10", "x")),))},
            ("SEQ716", "/documents/items/0/supports/1"),
        ),
        ({"lines": (Line(ndc="0002-1433-80"),)}, ("SEQ716", "/lines/0/ndc")),
        ({"lines": (Line(revenue="450"),)}, ("SEQ716", "/lines/0/revenue")),
        ({"lines": (Line(minutes=-5),)}, ("SEQ717", "/lines/0/minutes")),
        ({"lines": (Line(taxonomy="x"),)}, ("SEQ716", "/lines/0/taxonomy")),
        ({"lines": (Line(other_paid=Decimal("0.005")),)}, ("SEQ717", "/lines/0/other_paid")),
        ({"history": History(lines=(HistoryLine(units=-1),))}, ("SEQ717", "/history/lines/0/units")),
        ({"history": History(lines=(HistoryLine(bill_type="131"),))}, ("SEQ716", "/history/lines/0/bill_type")),
        ({"history": History(lines=(HistoryLine(modifiers=("5",)),))}, ("SEQ716", "/history/lines/0/modifiers/0")),
        ({"history": History(lines=(HistoryLine(diagnoses=("5",)),))}, ("SEQ716", "/history/lines/0/diagnoses/0")),
    ],
)
def test_a_fault_is_found_by_both(facts, expected):
    found = claim(**facts)
    assert [(fault.code, fault.pointer) for fault in faults_of(found)] == [expected]
    assert not is_sound(found)


def test_line_numbers_in_any_order_are_sound():
    found = claim(lines=(Line(number=3), Line(number=1), Line(number=2)))
    assert faults_of(found) == []
    assert is_sound(found)


CODES = st.sampled_from(
    ["99213", "g0008", "9921", "25", "5", "11", "1", "0450", "E11.9", "e119", "X", "207Q00000X", "08"]
)
NUMBERS = st.none() | st.sampled_from(
    [
        0,
        1,
        -1,
        10**16,
        Decimal("1.00"),
        Decimal("1.005"),
        Decimal("0.5"),
        Decimal("-1.00"),
        Decimal("NaN"),
        Decimal("1E+30"),
    ]
)
MODIFIERS = st.lists(st.sampled_from(["25", "lt", "5", "TOO"]), max_size=6).map(tuple)
LINES = st.builds(
    Line,
    number=st.none() | st.integers(0, 3),
    code=st.none() | CODES,
    modifiers=MODIFIERS,
    units=NUMBERS,
    charge=NUMBERS,
    minutes=NUMBERS,
    place=st.none() | CODES,
    revenue=st.none() | CODES,
    specialty=st.none() | CODES,
    diagnoses=st.none() | st.lists(st.integers(-1, 3), max_size=2).map(tuple),
)
DIAGNOSES = st.builds(Diagnosis, code=CODES, role=st.none() | st.sampled_from(["principal", "secondary"]))
CLAIMS = st.builds(
    claim,
    lines=st.lists(LINES, max_size=3).map(tuple),
    diagnoses=st.lists(DIAGNOSES, max_size=3).map(tuple),
    place=st.none() | CODES,
    total_charge=NUMBERS,
    condition_codes=MODIFIERS,
)


@given(CLAIMS)
def test_the_fast_answer_is_that_of_the_long_one(found):
    assert is_sound(found) is (faults_of(found) == [])


def test_every_system_has_words():
    assert set(SHAPES_IN_WORDS) == set(System) - {System.CPT}
