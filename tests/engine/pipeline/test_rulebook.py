"""Whose rules a claim meets: by what was asked for, by its payer id and by its setting."""

import pytest

from sequela.engine.explain.as_text import render_ledger
from sequela.engine.pipeline.opening import open_texts
from sequela.engine.pipeline.rulebook import PayerAmbiguous, PayerUnknown, Rulebook

BASE = """ruleset base "Base"

rule UNITS "Units are known"
  for each  line l
  require   l.units is known
  if fail   reject l
"""
PAYER = """payer {name} "{name}"
  matches   "MED"
  {settings}

use base

rule {id} "A charge is known"
  for each  line l
  require   l.charge is known
  if fail   deny l
"""


def rulebook(**payers: str) -> Rulebook:
    texts = {"base.rules": BASE}
    for name, settings in payers.items():
        texts[f"{name}.rules"] = PAYER.format(name=name, settings=settings and f"settings {settings}", id=name.upper())
    return open_texts(texts)


def claim(setting: str, payer: str | None = "med") -> dict[str, object]:
    line = {"number": 1, "code": "99213", "units": 1, "date": "2026-03-02"}
    return {"schema": "sequela.encounter/1", "id": "C-1", "setting": setting, "payer": payer, "lines": [line]}


def test_payer_id_and_setting_pick_the_payer() -> None:
    rules = rulebook(practice="professional", hospital="outpatient, inpatient")
    found = {one: rules.check(claim(one)).payer_rules for one in ("professional", "outpatient", "inpatient")}
    assert found == {"professional": "practice", "outpatient": "hospital", "inpatient": "hospital"}
    assert rules.check(claim("inpatient")).to_json()["payer"] == {"id": "med", "rules": "hospital"}


@pytest.mark.parametrize("asked", [None, "practice", "MED"])
def test_a_payer_for_other_settings_is_passed_over_and_the_ledger_says_so(asked: str | None) -> None:
    ledger = rulebook(practice="professional", hospital="outpatient").check(claim("inpatient"), payer=asked)
    assert ledger.payer_rules is None
    over = ["practice"] if asked == "practice" else ["practice", "hospital"]
    assert ledger.to_json()["payer"] == {"id": "med", "rules": None, "passed_over": over}
    assert [entry.rule for entry in ledger.all_entries] == ["UNITS"]
    said = "practice is not" if asked == "practice" else "practice and hospital are not"
    assert render_ledger(ledger) == f"C-1  rulesets alone ({said} for inpatient claims)  clean"


def test_one_payer_file_given_is_passed_over_too() -> None:
    rules = rulebook(practice="professional")
    assert rules.single_payer == "practice"
    assert rules.check(claim("professional", payer=None)).payer_rules == "practice"
    assert rules.check(claim("outpatient", payer=None)).passed_over == ("practice",)


def test_two_payers_of_one_id_and_setting_are_an_error_until_one_is_named() -> None:
    rules = rulebook(practice="professional", clinic="professional, outpatient")
    with pytest.raises(PayerAmbiguous, match="`practice` and `clinic`"):
        rules.check(claim("professional"))
    assert rules.check(claim("outpatient")).payer_rules == "clinic"
    assert rules.check(claim("professional"), payer="practice").payer_rules == "practice"
    with pytest.raises(PayerUnknown):
        rules.check(claim("professional"), payer="nobody")


def test_the_settings_of_a_header_are_those_of_its_rules() -> None:
    header = 'ruleset stays "Stays"\n  settings inpatient\n'
    rules = open_texts(
        {
            "stays.rules": header
            + BASE.partition("\n")[2]
            + BASE.partition("\n")[2].replace("UNITS", "OWN").replace("  for each", "  settings outpatient\n  for each")
        }
    )
    found = {rule.id: set(rule.settings) for rule in rules.selection().rules}
    assert found == {"UNITS": {"inpatient"}, "OWN": {"outpatient"}}
