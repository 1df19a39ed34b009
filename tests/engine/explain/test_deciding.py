"""What decided, in the author's words: what the `because` of a case names."""

import pytest

from sequela.tests.engine.explain.tried import VISIT, checked, claim, line, rule

SOME = "some other line work in procedures where same-session(visit, work)"


def deciding(rules, encounter, status):
    ledger = checked(rules, encounter)
    found = next(entry for entry in ledger.all_entries if entry.status == status)
    return ledger.explain(found).deciding


def test_a_failure_is_decided_by_all_that_made_it_apply_and_by_what_does_not_hold():
    assert deciding(VISIT, claim(line("99213"), line("17000")), "fail") == (
        SOME,
        "same-session(visit, work)",
        "a.date is b.date and a.provider is b.provider",
        "a.date is b.date",
        "a.provider is b.provider",
        "visit.place is in emergency-places",
        "visit has modifier 25",
    )


def test_what_does_not_apply_is_decided_by_the_clause_that_said_so():
    assert deciding(VISIT, claim(line("99213", place="23"), line("17000")), "not applicable") == (
        "visit.place is in emergency-places",
    )
    assert deciding(VISIT, claim(line("99213")), "not applicable")[0] == SOME


def test_what_is_open_is_decided_by_what_is_not_known():
    found = deciding(VISIT, claim(line("99213"), line("17000", provider=None)), "unknown")
    assert "a.provider is b.provider" in found
    assert "a.date is b.date" not in found
    assert "visit has modifier 25" not in found


@pytest.mark.parametrize(
    ("clauses", "item", "status", "expected"),
    [
        ("require item.units is 1 and item has modifier 25", line("99213"), "fail", "item has modifier 25"),
        ("require item.units is 1 and item has modifier 25", line("99213-25"), "pass", "item.units is 1"),
        ("require item.units is 1 or item has modifier 25", line("99213"), "pass", "item.units is 1"),
        ("require not (item has modifier 25)", line("99213-25"), "fail", "item has modifier 25"),
        ("forbidden when item has modifier 25", line("99213-25"), "fail", "item has modifier 25"),
        ("require item has modifier 25\n  bypass when item.place is 11", line("99213"), "bypassed", "item.place is 11"),
        ("when item.place is 22\n  forbidden", line("99213"), "not applicable", "item.place is 22"),
        (
            "look up limit in limits by item.code\n  forbidden",
            line("80047"),
            "not applicable",
            "look up limit in limits by item.code",
        ),
    ],
)
def test_by_status(clauses, item, status, expected):
    assert expected in deciding(rule(clauses), claim(item), status)


def test_of_a_conjunction_that_fails_only_the_parts_that_fail():
    found = deciding(rule("require item.units is 1 and item has modifier 25"), claim(line("99213")), "fail")
    assert "item.units is 1" not in found


def test_of_an_alternative_that_holds_only_the_parts_that_hold():
    found = deciding(rule("require item.units is 1 or item has modifier 25"), claim(line("99213")), "pass")
    assert "item has modifier 25" not in found


def test_words_stand_in_one_line():
    clauses = "require item.units is 2\n       and item has modifier 25"
    assert "item.units is 2 and item has modifier 25" in deciding(rule(clauses), claim(line("99213")), "fail")
