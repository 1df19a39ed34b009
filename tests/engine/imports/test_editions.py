"""Which release a file is: versions, quarters, days in names, Julian days."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sequela.engine.imports.editions import (
    Quarter,
    compact_day,
    date_in_name,
    julian_day,
    ncci_version,
    parse_covers,
    quarter_in_name,
)
from sequela.engine.tables.model import Covers


@pytest.mark.parametrize(
    ("name", "version", "quarter"),
    [
        ("ccipra-v322r0-f1.txt", "v32.2", "2026q3"),
        ("ccioph-v323r0-f4.xlsx", "v32.3", "2026q4"),
        ("CCIPRA-V310R1-F2.TXT", "v31.0r1", "2025q1"),
    ],
)
def test_the_version_of_the_ncci(name, version, quarter):
    found = ncci_version(name)
    assert found is not None
    assert (found[0], found[1].name) == (version, quarter)


def test_a_name_without_a_version():
    assert ncci_version("ccipra-latest.txt") is None
    assert ncci_version("ccipra-v329r0.txt") is None


def test_days_in_names():
    assert date_in_name("MCR_MUE_X_Eff_10-01-2026.csv") == date(2026, 10, 1)
    assert date_in_name("MCR_MUE_X_Eff_13-01-2026.csv") is None
    assert date_in_name("x.csv") is None


@pytest.mark.parametrize(
    ("name", "quarter"),
    [
        ("AOC_V2026Q2-MCR.txt", "2026q2"),
        ("2026q4", "2026q4"),
        ("PPRRVU2026_Jul_nonQPP.csv", "2026q3"),
        ("october-2026-file.zip", "2026q4"),
        ("HCPC2026_OCT_ANWEB.xlsx", "2026q4"),
    ],
)
def test_quarters_in_names(name, quarter):
    found = quarter_in_name(name)
    assert found is not None
    assert found.name == quarter


def test_a_name_without_a_quarter():
    assert quarter_in_name("limits.csv") is None
    assert quarter_in_name("2026q5") is None


def test_the_days_of_a_quarter():
    assert Quarter(2024, 1).covers == Covers(date(2024, 1, 1), date(2024, 3, 31))
    assert Quarter(2026, 4).covers == Covers(date(2026, 10, 1), date(2026, 12, 31))
    assert Quarter.of(date(2026, 6, 30)) == Quarter(2026, 2)


@given(st.dates())
def test_a_day_of_the_year_is_that_day(day):
    text = f"{day.year:04d}{(day - day.replace(month=1, day=1)) // timedelta(days=1) + 1:03d}"
    assert julian_day(text) == day.isoformat()


@pytest.mark.parametrize("text", ["2026366", "2026000", "20260101", "*", "soon"])
def test_what_is_no_day_of_the_year_stays(text):
    assert julian_day(text) == text


@given(st.dates())
def test_a_compact_day_is_that_day(day):
    assert compact_day(day.strftime("%Y%m%d").zfill(8)) == day.isoformat()


@pytest.mark.parametrize("text", ["20261301", "2026101", "*", ""])
def test_what_is_no_compact_day_stays(text):
    assert compact_day(text) == text


def test_periods():
    assert parse_covers("2026-01-01..2026-03-31") == Covers(date(2026, 1, 1), date(2026, 3, 31))
    assert parse_covers("2026-01-01 ..") == Covers(date(2026, 1, 1), None)
    assert parse_covers("..2026-01-01") == Covers(None, date(2026, 1, 1))
    for text in ("2026-01-01", "..", "2026-03-31..2026-01-01", "1/1/2026..2/1/2026"):
        assert parse_covers(text) is None
