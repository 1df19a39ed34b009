"""Which rules fail, without records: the same as the records say, or nothing where they do not say it."""

import pytest

from sequela.engine.encounter.from_json import encounter_from
from sequela.engine.pipeline.opening import open_texts
from sequela.engine.plan.certain.dispatch import CertainPlan
from sequela.engine.plan.certain.failing import of_failing
from sequela.engine.plan.certain.grouped import Written

RULES = """
ruleset tried "Tried"
codes visits of HCPCS
  99213
codes signs of ICD10CM
  R51, R05.1
rule A-UNITS "Units"
  for each  line item in visits
  require   item.units is at most 1
  if fail   deny item
rule A-ALWAYS "Never so"
  for each  line item in visits
  forbidden
  bypass when item has modifier 25
  if fail   deny item
rule A-FIRST "First"
  for each  diagnosis dx in signs
  require   some other diagnosis d where d comes before dx
  if fail   reject dx
"""


def claim(*diagnoses: dict[str, object], **line: object):
    return encounter_from(
        {
            "schema": "sequela.encounter/1",
            "id": "C-1",
            "setting": "professional",
            "diagnoses": diagnoses,
            "lines": [{"code": "99213", "date": "2026-03-02"} | line],
        }
    )


@pytest.mark.parametrize(
    ("written", "noted"),
    [
        ("add((rule, 1, at))", "add(rule)"),
        ("add((rule, 0, at, v2))", "pass"),
        ("add((rule, 0 if v1 and v2 else 1, at))", "if not (v1 and v2): add(rule)"),
        ("add((rule, 2 if v1 else 1))", "if not (v1): add(rule)"),
    ],
)
def test_where_a_record_is_written_a_failure_is_noted(written, noted):
    found = of_failing(Written(f"        v1 = p0\n        {written}", (3, True)), "A-1")
    assert found is not None
    assert found.body == f"        v1 = p0\n        {noted}"
    assert found.parameters == ("A-1", True)


def test_what_is_recorded_in_another_way_is_not_guessed_at():
    assert of_failing(Written("        add((rule, came, at))", (3,)), "A-1") is None


def test_the_rules_that_fail_are_those_of_the_ledger():
    rules = open_texts({"tried.rules": RULES})
    for one in (
        claim(units=2),
        claim(units=1, modifiers=["25"]),
        claim({"code": "R51"}, {"code": "r05.1"}, units=1),
        claim({"code": "I10", "role": "admitting"}, {"code": "R51"}, units=3),
        claim({"code": "I10"}, {"code": "R51"}),
    ):
        assert rules.failed_rules(one) == set(rules.check(one).failed_rules)
    assert rules.failed_rules(claim({"code": "R51"}, units=2)) == {"A-UNITS", "A-ALWAYS", "A-FIRST"}


def test_nothing_is_said_where_a_fact_is_not_known_or_a_diagnosis_stands_elsewhere():
    plan = open_texts({"tried.rules": RULES}).plan()
    failing = CertainPlan(plan, "professional").failing
    assert failing is not None
    assert failing.rules(claim(units=2)) == {"A-UNITS", "A-ALWAYS"}
    assert failing.rules(claim()) is None
    assert failing.rules(claim({"code": "I10", "role": "admitting"}, {"code": "R51"}, units=1)) is None


def test_rules_that_every_claim_meets_are_left_to_the_records():
    every = 'rule A-EACH "Each"\n  for each  line item\n  require   item.units is at most 1\n  if fail   deny item\n'
    rules = open_texts({"tried.rules": RULES + every})
    assert CertainPlan(rules.plan(), "professional").failing is None
    assert rules.failed_rules(claim(units=2)) == {"A-UNITS", "A-ALWAYS", "A-EACH"}
