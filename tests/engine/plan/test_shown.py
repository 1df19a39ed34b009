"""What `sequela plan` prints: the written code of a rule with the author's words, or why the compiled steps decide it."""

import pytest

from sequela.engine.pipeline.opening import open_texts
from sequela.engine.plan.certain.shown import shown

RULES = """
ruleset small "Some rules"
codes visits of HCPCS
  99211 .. 99215
table pairs "Pairs"
  key   one of HCPCS, other of HCPCS
  value indicator as text
  rows
    99213 | 17000 | "1"
  complete
rule UNITS "Units"
  settings professional
  for each line l in visits
  require l.units is at most 2
  if fail deny l
rule PAIR "Pairs"
  for each line a, other line b with the same date
  look up edit in pairs by a.code, b.code
  forbidden
  if fail deny b
rule DAY "A day"
  for each group day of lines by date
  require (total x.units over lines x of day) is at most 4
  if fail deny day
rule FIRST "First"
  for the claim
  when encounter.received is on or after 2026-01-01
  require some diagnosis d
  if fail reject
"""


@pytest.fixture(scope="module")
def plan():
    return open_texts({"some.rules": RULES}).plan()


def said(plan, rule, setting="professional"):
    return shown(plan, plan.ids.index(rule), setting)


def test_the_code_stands_below_the_words_of_the_author(plan):
    text = said(plan, "UNITS")
    assert "UNITS · Units" in text
    assert "Triggered by a line with a code of `visits`." in text
    assert "# rule UNITS" in text
    assert "require l.units is at most 2" in text
    assert "data.units" in text
    assert "add((rule, 0 if" in text


def test_a_look_up_is_named_with_its_rows(plan):
    text = said(plan, "PAIR")
    assert "Triggered by a line of which a row of `pairs` has the code together with that of another line." in text
    assert "Looks up `pairs`, 1 rows." in text
    assert "the rows of the table by the keys that were met" in text


def test_what_has_no_code_says_why(plan):
    assert "The compiled steps decide it: no code is written for groups." in said(plan, "DAY")


def test_a_rule_of_another_setting_does_not_run(plan):
    assert "not for inpatient claims" in said(plan, "UNITS", "inpatient")


def test_a_rule_for_the_claim_is_triggered_by_every_claim(plan):
    assert "Triggered by every claim." in said(plan, "FIRST")
