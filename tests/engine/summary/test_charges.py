"""Charges: each line of a claim counts once, however many findings are about it."""

from hypothesis import given
from hypothesis import strategies as st

from sequela.engine.summary.charges import WHOLE, Touched, lines_of, touched

CHARGES = st.lists(st.integers(min_value=0, max_value=90_000), min_size=1, max_size=6)


def lines(*places):
    return frozenset(places)


def test_lines_of_pointers():
    assert lines_of(("/lines/0", "/lines/2/modifiers/1")) == lines(0, 2)
    assert lines_of(("",)) == lines_of(("/diagnoses/1",)) == lines_of(()) == WHOLE


def test_one_finding_is_its_charge():
    assert touched([(lines(0), 120)]) == Touched(120)
    assert touched([(lines(0), None)]) == Touched(0, is_known=False)


def test_two_findings_of_one_line_are_one_charge():
    assert touched([(lines(0), 120), (lines(0), 120)]) == Touched(120)


def test_a_finding_about_the_claim_holds_all_lines():
    assert touched([(lines(0), 120), (WHOLE, 500)]) == Touched(500)


def test_where_the_claims_charge_was_not_sent_its_lines_count():
    assert touched([(lines(0), 120), (WHOLE, None)]) == Touched(120, is_known=False)


def test_a_line_without_a_charge_is_said():
    assert touched([(lines(0), 120), (lines(1), None)]) == Touched(120, is_known=False)


def test_the_charge_of_a_line_follows_from_others():
    assert touched([(lines(0, 1), 200), (lines(1, 2), 150), (lines(1), 50)]) == Touched(300)


def test_what_cannot_be_told_apart_is_at_most_the_claim():
    assert touched([(lines(0, 1), 200), (lines(1, 2), 150)], total=300) == Touched(300, is_exact=False)
    assert touched([(lines(0, 1), 200), (lines(1, 2), 150)], total=900) == Touched(350, is_exact=False)


@given(CHARGES, st.data())
def test_a_sum_that_is_exact_is_the_charge_of_the_lines(charges, data):
    sets = data.draw(st.lists(st.frozensets(st.integers(0, len(charges) - 1), min_size=1), min_size=1, max_size=8))
    found = touched([(one, sum(charges[line] for line in one)) for one in sets], total=sum(charges))
    true = sum(charges[line] for line in frozenset().union(*sets))
    assert found.cents == true if found.is_exact else true <= found.cents <= sum(charges)
    assert found.is_known


@given(CHARGES)
def test_charges_of_single_lines_are_always_exact(charges):
    both = [(lines(place), cents) for place, cents in enumerate(charges)] * 2
    assert touched([*both, (lines(*range(len(charges))), sum(charges))]) == Touched(sum(charges))
