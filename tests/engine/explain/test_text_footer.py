"""Below the steps: authority, payer changes, adjustment, and where the facts were read."""

import json

from sequela.tests.engine.explain.tried import VISIT, checked, claim, entry, explained, line, rule

PPO = """payer ppo "PPO"
  matches "PPO-1"

use house

tighten MOD-25
  effective 2026-01-01 onward
  require also visit.charge is at most 50.00
  only when visit.code is in office-visits
  reason "Dear visits are reviewed"
"""
FAILS = claim(line("99213"), line("17000"))


def test_an_authority_that_is_not_in_force_says_so():
    text = str(explained(VISIT, claim(line("99213", date="2027-01-02"), line("17000", date="2027-01-02"))))
    assert "Authority   House manual, 2026, I.D (in force 2026-01-01 to 2026-12-31, not on 2027-01-02)" in text


def test_a_payers_change_is_told_with_its_reason():
    text = str(explained((VISIT, PPO), {**FAILS, "payer": "PPO-1"}))
    assert "house for ppo" in text
    assert "Payer       ppo tightens it: Dear visits are reviewed (file-1.rules, line 6)" in text


def test_what_a_payer_added_is_marked_in_the_steps():
    text = str(explained((VISIT, PPO), {**FAILS, "payer": "PPO-1"}))
    assert "no   visit.charge is at most 50.00                 charge of line 1 is 100.00 (ppo)" in text


def test_a_limit_that_is_not_met_is_no_reason_to_fail():
    limited = PPO.replace("only when visit.code is in office-visits", "only when visit.code is in labs")
    text = str(explained((VISIT, limited), {**FAILS, "payer": "PPO-1"}))
    assert "only when" not in text
    assert "visit has modifier 25" in text


def test_adjustment_codes_stand_with_failures_only():
    assert "Adjustment  CO 97, M15" in str(explained(VISIT, FAILS))
    assert "Adjustment" not in str(explained(VISIT, claim(line("99213-25"), line("17000"))))


def test_the_place_of_each_fact_is_told_once():
    ledger = checked(VISIT, json.dumps(FAILS, indent=1))  # type: ignore[arg-type]
    text = " ".join(str(ledger.explain(ledger.failures[0])).split())
    assert "Read from -: code of line 1 in line 12, column 12;" in text
    assert text.count("code of line 1 in") == 1


def test_without_origins_nothing_is_said_of_places():
    assert "Read from" not in str(explained(VISIT, FAILS))


def test_facts_to_ask_for_are_listed_smaller_sets_first():
    rules = rule('require item.authorization is "A" or encounter.authorization is "A"')
    text = str(explained(rules, claim(line("99213"))))
    assert "Any of these would settle it\n    claim authorization\n    line 1 authorization\n" in text


def test_what_no_fact_settles_has_no_such_list():
    rules = rule("look up fee in fees by item.code\n  forbidden")
    found = entry(rules, claim(line("99214")))
    assert found.status == "unknown"
    assert "would settle it" not in str(explained(rules, claim(line("99214"))))
