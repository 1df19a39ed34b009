"""Running a plan: a fault of the engine is an error of one rule, named without anything of the claim."""

import pytest

from sequela.engine.encounter.from_json import encounter_from
from sequela.engine.encounter.view import View
from sequela.engine.evaluate.verdict import Status
from sequela.engine.pipeline.opening import open_texts
from sequela.engine.plan import run as running

RULES = """ruleset mine "Mine"

rule A-1 "Denies every line"
  for each  line x
  forbidden
  if fail   deny x

rule A-2 "Asks what is left"
  phase     add-ons
  for each  line x
  require   x is payable
  if fail   note x
"""
CLAIM = {
    "schema": "sequela.encounter/1",
    "id": "SECRET",
    "setting": "professional",
    "lines": [{"number": 1, "code": "99213", "note": "SECRET"}],
}


def test_a_fault_is_an_error_of_its_rule_and_the_next_rule_is_decided(monkeypatch: pytest.MonkeyPatch) -> None:
    rulebook = open_texts({"mine.rules": RULES})
    whole = running.run_rule

    def faulty(plan, context, struck):
        if plan.rule.id == "A-1":
            raise KeyError("SECRET")
        return whole(plan, context, struck)

    monkeypatch.setattr(running, "run_rule", faulty)
    ledger = rulebook.check(CLAIM)
    assert [(one.rule.id, one.status) for one in ledger.verdicts] == [("A-1", Status.ERROR), ("A-2", Status.UNKNOWN)]
    assert "SECRET" not in str(ledger.verdicts[0].fault)
    assert "KeyError in test_run.py" in str(ledger.verdicts[0].fault)
    assert ledger.outcome == "undecided"
    assert not ledger.clean
    assert ledger.counts["error"] == 1


def test_a_claim_that_concerns_no_rule_shares_the_verdicts_of_all_claims() -> None:
    text = (
        RULES.replace("line x\n  forbidden", "line x in some-codes\n  forbidden")
        + "\ncodes some-codes of HCPCS\n  17000\n"
    )
    rulebook = open_texts({"mine.rules": text})
    first, second = (running.run(rulebook.plan(), View(encounter_from(CLAIM))) for _ in range(2))
    assert first[0] is second[0]
    assert first[0].reason is not None
    assert first[0].count == 0


def test_a_line_that_points_twice_to_a_diagnosis_is_found_as_often_as_it_is_counted() -> None:
    text = """ruleset mine "Mine"

rule A-1 "Pointed"
  for each  line x, diagnosis d of x
  when      d.code is I10
  forbidden
  if fail   deny x
"""
    rulebook = open_texts({"mine.rules": text})
    claim = {**CLAIM, "diagnoses": [{"code": "I10"}], "lines": [{"code": "99213", "diagnoses": [1, 1]}]}
    ledger = rulebook.check(claim)
    verdicts = running.run(rulebook.plan(), View(encounter_from(claim)))
    assert [one.signature() for one in ledger.found] == [one.signature() for one in verdicts]
    assert ledger.counts["fail"] == len(ledger.found) == 2
    assert ledger.counts["not applicable"] == 0
