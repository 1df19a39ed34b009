"""Reasons: one line for every status, that a coder understands without the rule at hand."""

import pytest

from sequela.engine.pipeline.rulebook import Rulebook
from sequela.tests.engine.explain.tried import VISIT, checked, claim, entry, line, rule

TWO = claim(line("99213"), line("17000", units=3))


@pytest.mark.parametrize(
    ("clauses", "encounter", "reason"),
    [
        ("require item has modifier 25", claim(line("99213")), "line 1 has no modifier 25"),
        ("require item has modifier 25", claim(line("99213-25")), "line 1 has modifier 25"),
        ("require not (item has modifier 25)", claim(line("99213-25")), "line 1 has modifier 25"),
        ("forbidden when item has modifier 25", claim(line("99213-25")), "line 1 has modifier 25"),
        ("forbidden when item has modifier 25", claim(line("99213")), "line 1 has no modifier 25"),
        (
            "require item has modifier in sides",
            claim(line("99213-25")),
            "line 1 has no modifier in sides (modifiers: 25)",
        ),
        ("require item has modifier in sides", claim(line("99213-LT")), "line 1 has modifier LT, in sides"),
        ("require item.place is 22", claim(line("99213")), "place of line 1 is 11, not 22"),
        ("require item.place is not 11", claim(line("99213")), "place of line 1 is 11"),
        ("require item.place is 11", claim(line("99213")), "place of line 1 is 11"),
        (
            "require item.place is in emergency-places",
            claim(line("99213")),
            "place of line 1 is 11, not in emergency-places",
        ),
        ("require item.code is in visits", claim(line("99211")), "line 1 · 99211 is not in visits"),
        ("require item.code is in visits", claim(line("99213")), "line 1 · 99213 is in visits"),
        ("require item.units is at most 1", claim(line("99213", units=3)), "units of line 1 are 3, not at most 1"),
        (
            "require item.charge is at least 250.50",
            claim(line("99213")),
            "charge of line 1 is 100.00, not at least 250.50",
        ),
        (
            "require item.date is within 3 days before encounter.received",
            claim(line("99213"), received="2026-03-20"),
            "date of line 1 is 2026-03-02, not within 3 days before 2026-03-20 (date received)",
        ),
        (
            "require item.date is on or after 2026-04-01",
            claim(line("99213")),
            "date of line 1 is 2026-03-02, not on or after 2026-04-01",
        ),
        ("require item.authorization is known", claim(line("99213")), "authorization of line 1 is missing"),
        (
            "require item.authorization is known",
            claim(line("99213", authorization="A-1")),
            "authorization of line 1 is A-1",
        ),
        (
            "require item.authorization is missing",
            claim(line("99213", authorization="A-1")),
            "authorization of line 1 is A-1",
        ),
        (
            "require (days from item.date to encounter.received) is at most 3",
            claim(line("99213"), received="2026-03-20"),
            "18 days (date of line 1 is 2026-03-02 and date received is 2026-03-20), not at most 3",
        ),
        (
            "require (total x.units over lines x) is at most 3",
            TWO,
            "units (line 1: 1 + line 2: 3) = 4, not at most 3",
        ),
        (
            "require (number of lines x where x.units is 1) is at least 2",
            TWO,
            "the number is 1 (line 1), not at least 2",
        ),
        (
            "require (number of lines x where x.units is 9) is at least 2",
            TWO,
            "the number is 0 (there is none), not at least 2",
        ),
        ('require (character 1 of item.code) is "8"', claim(line("99213")), "“9” (line 1 is 99213), not 8"),
        (
            "require item.units is 1 and item has modifier 25",
            claim(line("99213", units=2)),
            "units of line 1 are 2, not 1; line 1 has no modifier 25",
        ),
        (
            "require item.units is 2 or item has modifier 25",
            claim(line("99213")),
            "units of line 1 are 1, not 2; line 1 has no modifier 25",
        ),
        ("require item.units is 1 or item has modifier 25", claim(line("99213")), "units of line 1 are 1"),
        ("forbidden", claim(line("99213")), "what it speaks about is forbidden"),
    ],
)
def test_what_is_there_is_said_of_failures_and_passes(clauses, encounter, reason):
    assert entry(rule(clauses), encounter).reason == reason


@pytest.mark.parametrize(
    ("condition", "encounter", "reason"),
    [
        (
            "some other line work in procedures where same-session(item, work)",
            claim(line("99213")),
            "there is no other line work in procedures where same-session(item, work)",
        ),
        (
            "some other line work in procedures where same-session(item, work)",
            claim(line("99213"), line("17000", provider="1992999999")),
            "there is no other line work in procedures where same-session(item, work);"
            " nearest: line 2: 17000 (provider of line 1 is 1234567893, not 1992999999 (provider of line 2))",
        ),
        (
            "some other line work in procedures where same-session(item, work)",
            claim(line("99213"), line("17000-59")),
            "there is line 2: 17000-59, same date, same provider",
        ),
        (
            "no other line work in procedures",
            claim(line("99213"), line("17000")),
            "there is line 2: 17000",
        ),
        ("no other line work in procedures", claim(line("99213")), "there is no other line work in procedures"),
        (
            "every line x where (x.units is 1 and x has modifier 25)",
            claim(line("99213-25"), line("17000", units=2)),
            "not so for line 2: 17000 (units of line 2 are 2, not 1 and line 2 has no modifier 25)",
        ),
        ("every line x where x.units is 1", claim(line("99213"), line("17000")), "every line x where x.units is 1"),
        (
            "at most 1 line x in procedures",
            claim(line("17000"), line("17003")),
            "there is line 1: 17000 and line 2: 17003; asked is at most 1 line x in procedures",
        ),
        (
            "some diagnosis dx of item where dx.code is in diabetes",
            claim(line("99213", diagnoses=[2]), dx=("E11.9", "E10.9")),
            "there is no diagnosis dx of item where dx.code is in diabetes;"
            " nearest: dx 2: E10.9 (dx 2 · E10.9 is not in diabetes)",
        ),
    ],
)
def test_collections_name_the_members_that_decide(condition, encounter, reason):
    assert entry(rule(f"require {condition}"), encounter).reason == reason


def test_what_is_not_known_is_asked_for_in_the_words_of_a_claim():
    found = entry(VISIT, claim(line("99213"), line("17000", provider=None)))
    assert (found.status, found.reason) == ("unknown", "not known: line 2 provider")
    assert found.missing == (("/lines/1/provider",),)


def test_several_ways_to_settle_it_are_parted_by_or():
    rules = rule('require item.authorization is "A" or encounter.authorization is "A"')
    found = entry(rules, claim(line("99213")))
    assert found.reason == "not known: claim authorization or line 1 authorization"


def test_a_table_that_does_not_cover_the_date_is_named():
    rules = rule("look up limit in limits by item.code\n  require item.units is at most limit.units")
    found = entry(rules, claim(line("99213", date="2026-08-01")))
    assert (found.status, found.reason) == ("not checked", "table limits does not cover 2026-08-01")


def test_facts_that_are_missing_beside_a_table_are_named_too():
    rules = rule('look up limit in limits by item.code\n  require item.authorization is "A"')
    found = entry(rules, claim(line("99213", date="2026-08-01")))
    assert found.status == "not checked"
    assert found.reason == "table limits does not cover 2026-08-01; not known: line 1 authorization"


def test_a_partial_table_without_a_row_is_named():
    rules = rule("look up fee in fees by item.code\n  require item.charge is at least fee.fee")
    found = entry(rules, claim(line("99214")))
    assert found.status == "unknown"
    assert found.reason == "fees has no row for 99214 (line 1), and is not complete"


def test_what_lets_a_failure_through_is_named():
    rules = rule("require item has modifier 25\n  bypass when item.place is 11")
    found = entry(rules, claim(line("99213")))
    assert (found.status, found.reason) == ("bypassed", "let through: place of line 1 is 11")


def test_a_pass_that_is_right_either_way_says_so():
    rules = rule('require item.authorization is "A"\n  bypass when item.place is 11')
    found = entry(rules, claim(line("99213")))
    assert found.status == "pass"
    assert found.reason == "right either way: it holds, does not apply, or is let through (place of line 1 is 11)"


def test_a_row_that_makes_a_bare_forbidden_hit_is_named():
    rules = rule(
        "look up pair in pairs by item.code, part.code\n  forbidden", subject="each line item, other line part"
    )
    found = checked(rules, claim(line("99213"), line("80047"))).failures[0]
    assert found.reason == "row 1 of pairs names 99213 (line 1) and 80047 (line 2)"


def test_a_set_that_makes_a_bare_forbidden_hit_is_named():
    found = entry(rule("forbidden", subject="each line item in labs"), claim(line("80047")))
    assert found.reason == "line 1 · 80047 is in labs"


def test_a_line_that_is_not_payable_names_the_rule_that_denied_it():
    denied = rule("require item has modifier 25", subject="each line item in visits")
    asked = """
rule ADD-ON "An add-on"
  phase history
  for each line extra in labs
  require some other line base where base is payable
  if fail deny extra
"""
    found = checked(denied + asked, claim(line("99213"), line("80047"))).failures[1]
    assert found.reason == (
        "there is no other line base where base is payable; nearest: line 1: 99213 (TRIED fails on line 1)"
    )


def test_a_fault_of_the_engine_is_said_to_be_one(monkeypatch: pytest.MonkeyPatch):
    assert isinstance(Rulebook, type)
    ledger = checked(rule("require item has modifier 25"), claim(line("99213")))
    from msgspec.structs import replace

    from sequela.engine.evaluate.verdict import Status

    broken = replace(ledger.verdicts[0], status=Status.ERROR, outcome=None, fault="KeyError", frame=(), subjects=())
    found = ledger.with_verdicts((broken,)).entries[0]
    assert found.reason == "the engine could not decide it: KeyError"
