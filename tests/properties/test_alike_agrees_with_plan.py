"""What is remembered of lines and diagnoses that are alike is what the compiled steps say of each of them."""

import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sequela.engine.encounter.from_json import encounter_from
from sequela.engine.encounter.view import Member, View
from sequela.engine.evaluate.verdict import Group, Status, Verdict
from sequela.engine.explain.ledger import FINDINGS
from sequela.engine.pipeline.compile import compile_found
from sequela.engine.pipeline.files import texts_of
from sequela.engine.plan.build import build_plan
from sequela.engine.plan.certain import alike
from sequela.engine.plan.certain.alike import AlikePlan
from sequela.engine.plan.run import run, run_findings
from sequela.engine.plan.steps import Plan
from sequela.engine.vocabulary.kinds import Kind
from strategies_claims import claims
from strategies_rules import TABLES, rule_texts

RULEBOOKS = int(os.environ.get("SEQUELA_RULEBOOKS", "400"))
"""How many generated rulebooks are tried on how many claims each: 2,500 are 10,000 cases."""
CLAIMS = 4
STATUSES = {Status.PASS: 0, Status.FAIL: 1, Status.BYPASSED: 2, Status.UNKNOWN: 3, Status.NOT_CHECKED: 4}
SETTINGS = ("professional", "outpatient", "inpatient")


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("tables")
    for name, text in TABLES.items():
        (folder / name).write_text(text)
    return folder


@pytest.fixture(autouse=True)
def from_the_first_claim(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(alike, "FIRST_CLAIMS", 0)


def agrees(plan: Plan, certain: dict[str, AlikePlan], keys: dict[str, object]) -> tuple[int, int]:
    """How many records there were, and how many rules were left, where all that was said agrees."""
    claim = encounter_from(keys)
    found = certain[claim.setting].records(claim)
    slow = set(found.slow)
    places = {rule.rule.id: rule.place for rule in plan.rules}
    verdicts = run(plan, View(claim))
    wanted = [
        (places[one.rule.id], STATUSES[one.status], *bound(one))
        for one in verdicts
        if one.status is not Status.NOT_APPLICABLE and places[one.rule.id] not in slow
    ]
    assert sorted(found.records) == sorted(wanted)
    whole = [one.signature() for one in verdicts if one.status in FINDINGS]
    some = [one.signature() for one in run_findings(plan, View(claim), found).verdicts if one.status in FINDINGS]
    assert some == whole
    return len(found.records), len(slow)


@pytest.mark.parametrize("loaded", [True, False], ids=["tables", "no tables"])
def test_lines_that_are_alike_are_decided_alike(data: Path, loaded: bool) -> None:
    """Each claim is asked twice: what was remembered of the first time is what the second one is told."""
    decided, left, compared = 0, 0, 0

    @settings(max_examples=RULEBOOKS, deadline=None, suppress_health_check=list(HealthCheck))
    @given(texts=rule_texts(), encounters=st.lists(claims(), min_size=CLAIMS, max_size=CLAIMS))
    def agree(texts: dict[str, str], encounters: list[dict[str, object]]) -> None:
        nonlocal decided, left, compared
        compiled = compile_found(texts_of(texts), [data])
        if not compiled.is_sound:
            return
        tables = compiled.tables if loaded else {}
        for selection in compiled.rules.selections.values():
            plan = build_plan(selection, tables)
            certain = {one: AlikePlan(plan, one) for one in SETTINGS}
            for keys in (*encounters, *encounters):
                one, other = agrees(plan, certain, keys)
                decided += one
                left += other
            compared += len(encounters)

    agree()
    assert compared > RULEBOOKS * CLAIMS * 0.9
    assert decided
    assert left


def bound(verdict: Verdict) -> list[int]:
    """The places of the bound members in their lists; of a group that of its first line."""
    found = []
    for one in verdict.subjects:
        if isinstance(one.bound, Group):
            found.append(one.bound.lines[0].index)
        elif isinstance(one.bound, Member):
            found.append(one.bound.order if one.kind is Kind.DIAGNOSIS else one.bound.index)
    return found
