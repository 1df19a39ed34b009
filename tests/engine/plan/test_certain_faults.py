"""A fault of the written code is never a quiet pass, and never ends a run: the compiled steps decide that claim."""

from sequela.engine.encounter.from_json import encounter_from
from sequela.engine.pipeline.opening import open_texts

RULES = """
ruleset tried "Tried"
codes visits of HCPCS
  99213
rule A-UNITS "Units"
  for each  line item in visits
  require   item.units is at most 1
  if fail   deny item
"""


def test_a_fault_of_the_written_code_leaves_the_claim_to_the_compiled_steps(monkeypatch):
    rules = open_texts({"tried.rules": RULES})
    claim = encounter_from(
        {
            "schema": "sequela.encounter/1",
            "id": "C-1",
            "setting": "professional",
            "lines": [{"code": "99213", "units": 2, "date": "2026-03-02"}],
        }
    )
    assert rules.check(claim).failed_rules == ("A-UNITS",)

    def broken(*_):
        raise TypeError("of the written code")

    monkeypatch.setattr("sequela.engine.plan.certain.dispatch.Claim", broken)
    ledger = rules.check(claim)
    assert ledger.failed_rules == ("A-UNITS",)
    assert ledger.outcome == "deny"
