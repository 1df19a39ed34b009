"""Status of a rule on a subject: the section of that name, and "Outcomes"."""

import pytest
import truth_tables as truth
from tried import DAY, said, view_of, walked, words

from sequela.engine.evaluate.walk import walk
from sequela.engine.evaluate.walk_rule import status_of
from sequela.engine.pipeline.compile import compile_found
from sequela.engine.pipeline.files import texts_of

LINE = {"code": "99213", "date": DAY, "modifiers": ["25"], "units": 2}


@pytest.mark.parametrize(("applies", "holds", "bypassed", "status"), truth.rows("status"))
def test_status_by_the_table_of_the_language(applies, holds, bypassed, status):
    assert status_of(truth.answer(applies), truth.answer(holds), truth.answer(bypassed)).value == status


@pytest.mark.parametrize(
    ("clauses", "expected"),
    [
        ("require item.units is 2", "pass /lines/0"),
        ("require item.units is 1", "fail /lines/0"),
        ("require item.minutes is 1", "unknown /lines/0"),
        ("forbidden", "fail /lines/0"),
        ("forbidden when item.units is 2", "fail /lines/0"),
        ("forbidden when item.units is 1", "pass /lines/0"),
        ("forbidden when item.minutes is 1", "unknown /lines/0"),
        ("require item.units is 1\nrequire item.units is 2", "fail /lines/0"),
        ("require item.units is 1\nrequire item.minutes is 2", "fail /lines/0"),
        ("when item.units is 1\nforbidden", "not applicable (when 1)"),
        ("unless item.units is 2\nforbidden", "not applicable (unless 1)"),
        ("unless item.units is 1\nunless item.units is 2\nforbidden", "not applicable (unless 1)"),
        ("when item.units is 1\nunless item.units is 2\nforbidden", "not applicable (when 1)"),
        ("when item.minutes is 1\nforbidden", "unknown /lines/0"),
        ("when item.minutes is 1\nrequire item.units is 2", "pass /lines/0"),
        ("forbidden\nbypass when item.units is 2", "bypassed /lines/0"),
        ("forbidden\nbypass when item.units is 1", "fail /lines/0"),
        ("forbidden\nbypass when item.minutes is 1", "unknown /lines/0"),
        ("require item.minutes is 1\nbypass when item.units is 2", "pass /lines/0"),
        ("when item.minutes is 1\nforbidden\nbypass when item.units is 2", "pass /lines/0"),
        ("require item.units is 2\nbypass when item.units is 2", "pass /lines/0"),
    ],
)
def test_status_of_clauses(clauses, expected):
    assert said(f'rule R "r"\nfor each line item\n{clauses}\nif fail deny item', lines=[LINE]) == [expected]


def test_out_of_settings_is_one_entry_whatever_the_subjects():
    rule = 'rule R "r"\nsettings inpatient\nfor each line item\nforbidden\nif fail deny item'
    assert said(rule, lines=[LINE, LINE]) == ["not applicable (setting 0)"]


def test_without_subject_is_one_entry():
    rule = 'rule R "r"\nfor each procedure op\nforbidden\nif fail deny op'
    assert said(rule) == ["not applicable (no subject 0)"]


def test_not_applicable_stands_once_per_reason_after_the_others():
    rule = 'rule R "r"\nfor each line item\nwhen item.units is at least 2\nunless item.units is 3\nforbidden\nif fail deny item'
    lines = [{**LINE, "units": units} for units in (1, 2, 1, 3)]
    assert said(rule, lines=lines) == ["fail /lines/1", "not applicable (when 2)", "not applicable (unless 1)"]


def test_an_unknown_status_has_the_outcome_of_if_unknown():
    rule = 'rule R "r"\nfor each line item\nrequire item.minutes is 1\nif fail deny item\nif unknown review'
    (verdict,) = walked(rule, lines=[LINE])
    assert (verdict.outcome.value, verdict.about) == ("review", ("/lines/0",))


def test_without_a_name_if_fail_is_about_the_claim():
    rule = 'rule R "r"\nfor each line item\nforbidden\nif fail reject'
    (verdict,) = walked(rule, lines=[LINE])
    assert (verdict.status.value, verdict.about, verdict.outcome.value) == ("fail", ("",), "reject")


BASE = """ruleset base "Base"
rule R "r"
  for each line item, diagnosis dx
  require item.units is {units}
  if fail deny item
"""
PAYER = """payer plan "Plan"
use base
tighten R
  require also dx.poa is Y
  only when item.modifiers is 1
  if fail {outcome} dx
  reason "more"
"""


def tightened(units, outcome, *, poa, only_when="item.units is 2"):
    """The verdict of a rule that a payer tightened, on a line of two units."""
    texts = {
        "base.rules": BASE.format(units=units),
        "plan.rules": PAYER.format(outcome=outcome).replace("item.modifiers is 1", only_when),
    }
    found = compile_found(texts_of(texts))
    assert not [one for one in found.diagnostics if one.is_error]
    view = view_of(lines=[LINE], diagnoses=[{"code": "I10", "poa": poa}])
    (verdict,) = walk(found.rules.selections["plan"], found.tables, view)
    return verdict.status.value, verdict.outcome and verdict.outcome.value, verdict.about


def test_the_strongest_outcome_of_what_failed_wins_and_the_rules_own_on_a_tie():
    assert tightened(1, "reject", poa="N") == ("fail", "reject", ("/diagnoses/0",))
    assert tightened(1, "review", poa="N") == ("fail", "deny", ("/lines/0",))
    assert tightened(1, "deny", poa="N") == ("fail", "deny", ("/lines/0",))
    assert tightened(2, "review", poa="N") == ("fail", "review", ("/diagnoses/0",))
    assert tightened(1, "reject", poa=None) == ("fail", "deny", ("/lines/0",))


def test_only_when_limits_what_was_added_and_never_the_rule():
    assert tightened(2, "review", poa="N", only_when="item.units is 3") == ("pass", None, ("/lines/0",))
    assert tightened(1, "review", poa="N", only_when="item.units is 3") == ("fail", "deny", ("/lines/0",))
    assert tightened(2, "review", poa="N", only_when="item.minutes is 3") == ("unknown", "warn", ("/lines/0",))
    assert tightened(2, "review", poa=None, only_when="item.units is 3") == ("pass", None, ("/lines/0",))


DISABLED = """payer plan "Plan"
use base
disable R
  {effective}
  reason "no"
"""


@pytest.mark.parametrize(
    ("effective", "expected"),
    [
        ("", "not applicable (disabled 0)"),
        ("effective 2026-01-01 onward", "not applicable (disabled 1)"),
        ("effective 2026-04-01 onward", "fail /lines/0"),
    ],
)
def test_disabled_by_the_payer(effective, expected):
    texts = {"base.rules": BASE.format(units=1), "plan.rules": DISABLED.format(effective=effective)}
    found = compile_found(texts_of(texts))
    view = view_of(lines=[LINE], diagnoses=[{"code": "I10"}])
    assert [words(one) for one in walk(found.rules.selections["plan"], found.tables, view)] == [expected]


def test_a_fault_of_the_engine_is_one_error_entry_and_the_others_go_on(monkeypatch):
    def broken(left, right):
        raise RuntimeError(f"broken at {left}")

    monkeypatch.setattr("sequela.engine.evaluate.walk_conditions.equal", broken)
    text = """
    rule A "a"
      for each line item
      require item.code is 99213
      if fail deny item
    rule B "b"
      for each line item
      require item.units is at most 3
      if fail deny item
    """
    first, *second = walked(text, fast=False, lines=[LINE, LINE])
    assert first.status.value == "error"
    assert "99213" not in first.fault
    assert first.fault.startswith("RuntimeError in ")
    assert [one.status.value for one in second] == ["pass", "pass"]
