"""How a line comes by facts that it does not state itself."""

import pytest

from sequela.engine.encounter.fields import field_of
from sequela.engine.encounter.from_json import read_encounter
from sequela.engine.encounter.view import View
from sequela.engine.vocabulary.absent import NONE
from sequela.engine.vocabulary.kinds import Kind

CLAIM = {"schema": "sequela.encounter/1", "id": "C-1", "setting": "professional"}
A, B, C = "1111111111", "2222222222", "3333333333"


def line(sent, **claim):
    read = read_encounter(CLAIM | {"lines": [sent]} | claim)
    assert read.problems == ()
    return View(read.encounter).lines()[0]


def older(sent, **claim):
    read = read_encounter(CLAIM | {"lines": [], "history": {"lines": [sent]}} | claim)
    assert read.problems == ()
    return View(read.encounter).history_lines()[0]


def fact(name, member):
    return field_of(member.kind, name).read(member)


@pytest.mark.parametrize(
    ("own", "rendering", "billing", "provider"),
    [(A, B, C, A), (None, B, C, B), (None, None, C, C), (None, None, None, None)],
)
def test_the_provider_is_the_lines_else_the_claims_else_who_bills(own, rendering, billing, provider):
    member = line({"provider": own}, provider={"npi": rendering}, billing={"npi": billing})
    assert fact("provider", member) == provider
    assert field_of(Kind.LINE, "provider").sources(member) == ("/lines/0/provider",)


def test_a_history_line_borrows_nothing_from_this_claim():
    claim = {
        "provider": {"npi": A, "group": B, "specialty": "08", "taxonomy": "207Q00000X"},
        "billing": {"npi": C, "group": C},
        "place": "11",
        "facility": {"npi": C},
        "clia": "11D1111111",
    }
    member = older({"code": "99213"}, **claim)
    for name in ("provider", "group", "specialty", "taxonomy", "place", "facility", "clia"):
        assert fact(name, member) is None
    assert field_of(Kind.HISTORY_LINE, "provider").sources(member) == ("/history/lines/0/provider",)
    own = older({"provider": A, "place": "11", "specialty": "08"}, **claim)
    assert [fact(name, own) for name in ("provider", "place", "specialty")] == [A, "11", "08"]


def test_place_facility_and_others_fall_back_on_the_claim():
    claim = {
        "place": "11",
        "facility": {"npi": A},
        "ordering": {"npi": B},
        "referring": {"npi": C},
        "clia": "11D1111111",
    }
    bare, full = line({}, **claim), line({"place": "22", "ordering": C, "clia": "99D9999999"}, **claim)
    assert [fact(name, bare) for name in ("place", "facility", "ordering", "referring", "clia")] == [
        "11",
        A,
        B,
        C,
        "11D1111111",
    ]
    assert [fact(name, full) for name in ("place", "ordering", "clia")] == ["22", C, "99D9999999"]
    assert fact("supervising", bare) is None


def test_an_authorization_of_the_claim_is_not_one_of_the_line():
    assert fact("authorization", line({}, authorization="A-1")) is None


@pytest.mark.parametrize(
    ("own", "specialty"),
    [
        ({}, "08"),
        ({"provider": A}, "08"),
        ({"provider": C}, "11"),
        ({"provider": B}, None),
        ({"provider": B, "specialty": "20"}, "20"),
    ],
)
def test_the_specialty_is_that_of_the_party_who_is_the_lines_provider(own, specialty):
    claim = {"provider": {"npi": A, "specialty": "08"}, "billing": {"npi": C, "specialty": "11"}}
    assert fact("specialty", line(own, **claim)) == specialty


def test_the_group_is_the_lines_else_the_providers_else_the_billing_ones():
    assert fact("group", line({"group": A}, provider={"group": B})) == A
    assert fact("group", line({"provider": C}, provider={"npi": A, "group": B})) == B
    assert fact("group", line({}, billing={"group": C})) == C
    assert fact("group", line({}, billing={"npi": C})) is None


@pytest.mark.parametrize(
    ("sent", "code", "revenue"),
    [
        ({"code": "99213"}, "99213", NONE),
        ({"revenue": "0450"}, NONE, "0450"),
        ({"code": "99213", "revenue": "0450"}, "99213", "0450"),
        ({}, None, None),
    ],
)
def test_a_code_beside_which_the_other_was_not_sent_is_none(sent, code, revenue):
    member = line(sent)
    assert fact("code", member) == code
    assert fact("revenue", member) == revenue
    assert field_of(Kind.LINE, "code").sources(member) == ("/lines/0/code",)


def test_the_last_day_is_the_first_where_none_is_sent():
    assert fact("end-date", line({"date": "2026-03-02"})).isoformat() == "2026-03-02"
    assert fact("end-date", line({"date": "2026-03-02", "end_date": "2026-03-04"})).isoformat() == "2026-03-04"
    assert fact("end-date", line({})) is None


@pytest.mark.parametrize(
    ("units", "first", "last", "a_day"),
    [
        (5, "2026-03-02", None, 5),
        ("2.5", "2026-03-02", None, "2.5"),
        (5, "2026-03-02", "2026-03-03", 3),
        (4, "2026-03-02", "2026-03-04", 1),
        (1, "2026-03-02", "2026-03-04", 0),
        (3, "2026-03-02", "2026-03-03", 2),
        (5, "2026-03-02", "2026-03-02", 5),
        (5, "2026-03-02", "2026-03-01", 5),
        (0, None, None, 0),
    ],
)
def test_units_per_day_round_half_up(units, first, last, a_day):
    member = line({"units": units, "date": first, "end_date": last})
    assert str(fact("units-per-day", member)) == str(a_day)


@pytest.mark.parametrize(
    ("sent", "asked"),
    [
        ({}, ("/lines/0/units", "/lines/0/date")),
        ({"units": 2}, ("/lines/0/date",)),
        ({"date": "2026-03-02"}, ("/lines/0/units",)),
        ({"units": 2, "end_date": "2026-03-03"}, ("/lines/0/date",)),
    ],
)
def test_units_per_day_ask_for_what_is_missing(sent, asked):
    member = line(sent)
    assert fact("units-per-day", member) is None
    assert field_of(Kind.LINE, "units-per-day").sources(member) == asked
