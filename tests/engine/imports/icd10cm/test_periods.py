"""When codes, headings and codes that are not complete are what they are."""

from datetime import date, timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from sequela.engine.imports.icd10cm.periods import (
    ENDED,
    MORE,
    NOT_YET,
    PLACEHOLDER,
    SEVENTH,
    Incomplete,
    Period,
    headings,
    incomplete_codes,
    merged,
    without,
)

SINCE = Period(date(2015, 10, 1))
SPLIT = date(2025, 10, 1)
BEFORE = SPLIT - timedelta(1)


def rows(valid: dict[str, tuple[Period, ...]]) -> dict[str, list[Incomplete]]:
    found: dict[str, list[Incomplete]] = {}
    for one in incomplete_codes(valid, SINCE):
        found.setdefault(one.written, []).append(one)
    return found


def test_a_code_that_is_split_is_a_heading_from_then_on() -> None:
    valid = {"G35": (Period(SINCE.start, BEFORE),), "G35A": (Period(SPLIT),), "G35D": (Period(SPLIT),)}
    assert headings(valid) == {"G35": (Period(SPLIT),)}
    found = rows(valid)
    assert found["G35"] == [Incomplete("G35", MORE, ("G35A", "G35D"), Period(SPLIT))]
    assert found["G35A"] == [Incomplete("G35A", NOT_YET, (), Period(SINCE.start, BEFORE), SPLIT)]


def test_the_nearest_codes_are_those_of_the_day() -> None:
    valid = {"A000": (Period(SINCE.start, BEFORE),), "A001": (SINCE,)}
    assert [(one.codes, one.period) for one in rows(valid)["A00"]] == [
        (("A000", "A001"), Period(SINCE.start, BEFORE)),
        (("A001",), Period(SPLIT)),
    ]


def test_an_ended_code_says_its_last_day() -> None:
    assert rows({"A000": (Period(SINCE.start, BEFORE),)})["A000"] == [
        Incomplete("A000", ENDED, (), Period(SPLIT), BEFORE)
    ]


def test_a_code_that_came_back_has_a_gap() -> None:
    again = date(2026, 4, 1)
    valid = {"A000": (Period(SINCE.start, BEFORE), Period(again))}
    assert rows(valid)["A000"] == [Incomplete("A000", ENDED, (), Period(SPLIT, again - timedelta(1)), BEFORE)]


def test_seventh_characters_and_placeholders() -> None:
    found = rows({"T1502XA": (SINCE,), "T1502XD": (SINCE,), "T07XXXA": (SINCE,)})
    assert [(one.why, one.codes) for one in found["T1502"]] == [(SEVENTH, ("T1502XA", "T1502XD"))]
    assert [(one.why, one.codes) for one in found["T1502X"]] == [(SEVENTH, ("T1502XA", "T1502XD"))]
    assert [(one.why, one.codes) for one in found["T1502A"]] == [(PLACEHOLDER, ("T1502XA",))]
    for written in ("T07A", "T07XA", "T07XXA"):
        assert [(one.why, one.codes) for one in found[written]] == [(PLACEHOLDER, ("T07XXXA",))]
    assert "T1502XA" not in found


def test_what_is_valid_or_a_beginning_is_no_missing_placeholder() -> None:
    found = rows({"T1502XA": (SINCE,), "T1502A": (SINCE,)})
    assert "T1502A" not in found


PERIODS = st.lists(
    st.tuples(st.integers(0, 60), st.one_of(st.none(), st.integers(0, 20))).map(
        lambda pair: Period(
            SINCE.start + timedelta(pair[0]),
            None if pair[1] is None else SINCE.start + timedelta(pair[0] + pair[1]),
        )
    ),
    max_size=5,
)


def days(periods: list[Period] | tuple[Period, ...]) -> set[int]:
    return {
        day
        for day in range(100)
        if any(
            one.start <= SINCE.start + timedelta(day) and (one.end is None or SINCE.start + timedelta(day) <= one.end)
            for one in periods
        )
    }


@given(PERIODS)
def test_merging_keeps_the_days(periods: list[Period]) -> None:
    whole = merged(periods)
    assert days(whole) == days(periods)
    assert all(one.end is not None and one.end + timedelta(1) < two.start for one, two in pairwise(whole))


@given(PERIODS, PERIODS)
def test_taking_away_keeps_the_other_days(periods: list[Period], taken: list[Period]) -> None:
    assert days(without(periods, taken)) == days(periods) - days(taken)
