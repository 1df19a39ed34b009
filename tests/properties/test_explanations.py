"""Whatever a rule and a claim are: their ledger and every explanation can be written, read and checked by schema."""

import json
import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from jsonschema import Draft202012Validator

from sequela.engine.encounter.from_json import encounter_from
from sequela.engine.encounter.model import Encounter
from sequela.engine.explain.as_json import explanation_bytes
from sequela.engine.explain.as_text import render_explanation, render_ledger
from sequela.engine.explain.ledger import Entry, Ledger, Terms
from sequela.engine.explain.schemas import explanation_schema, ledger_schema
from sequela.engine.explain.text_layout import WIDTH
from sequela.engine.model.rules import RuleSelection
from sequela.engine.pipeline.compile import Compiled, compile_found
from sequela.engine.pipeline.files import texts_of
from sequela.engine.plan.build import build_plan
from sequela.engine.plan.steps import Plan
from strategies_claims import claims
from strategies_rules import TABLES, rule_texts

RULEBOOKS = int(os.environ.get("SEQUELA_RULEBOOKS", "40"))
LEDGER = Draft202012Validator(ledger_schema())
EXPLANATION = Draft202012Validator(explanation_schema())


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("tables")
    for name, text in TABLES.items():
        (folder / name).write_text(text)
    return folder


@settings(max_examples=RULEBOOKS, deadline=None, suppress_health_check=list(HealthCheck))
@given(texts=rule_texts(), keys=claims())
def test_every_entry_is_explained(data: Path, texts: dict[str, str], keys: dict[str, object]) -> None:
    compiled = compile_found(texts_of(texts), [data])
    claim = encounter_from(keys)
    for selection in compiled.rules.selections.values():
        ledger = _checked(claim, selection, build_plan(selection, compiled.tables), compiled)
        LEDGER.validate(json.loads(ledger.to_bytes(all=True)))
        assert ledger.to_bytes(all=True) == ledger.to_bytes(all=True)
        assert render_ledger(ledger, all=True).startswith(ledger.encounter_id)
        for entry in ledger.all_entries:
            _explained(ledger, entry)


def _checked(claim: Encounter, selection: RuleSelection, plan: Plan, compiled: Compiled) -> Ledger:
    terms = Terms(plan=plan, tables=compiled.tables, check=lambda changed: _checked(changed, selection, plan, compiled))
    return Ledger(terms, claim)


def _explained(ledger: Ledger, entry: Entry) -> None:
    assert entry.reason
    assert "\n" not in entry.reason
    explanation = ledger.explain(entry)
    EXPLANATION.validate(json.loads(explanation_bytes(explanation)))
    text = render_explanation(explanation)
    assert entry.rule in text
    assert "None" not in text + entry.reason
    assert all(len(line) <= WIDTH for line in text.split("\n")[1:])
    assert all(words == " ".join(words.split()) for words in explanation.deciding)
