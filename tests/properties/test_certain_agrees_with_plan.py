"""The written code says of every rule and combination what the compiled steps say, wherever it decides at all."""

import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sequela.engine.encounter.from_json import encounter_from
from sequela.engine.encounter.view import Member, View
from sequela.engine.evaluate.verdict import Status, Verdict
from sequela.engine.pipeline.compile import compile_found
from sequela.engine.pipeline.files import texts_of
from sequela.engine.plan.build import build_plan
from sequela.engine.plan.certain.dispatch import CertainPlan
from sequela.engine.plan.run import run
from sequela.engine.vocabulary.kinds import Kind
from strategies_claims import claims
from strategies_rules import TABLES, rule_texts

RULEBOOKS = int(os.environ.get("SEQUELA_RULEBOOKS", "400"))
CLAIMS = 4
STATUSES = {Status.PASS: 0, Status.FAIL: 1, Status.BYPASSED: 2}


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("tables")
    for name, text in TABLES.items():
        (folder / name).write_text(text)
    return folder


def test_the_written_code_agrees_with_the_compiled_steps(data: Path) -> None:
    decided, left, compared = 0, 0, 0

    @settings(max_examples=RULEBOOKS, deadline=None, suppress_health_check=list(HealthCheck))
    @given(texts=rule_texts(), encounters=st.lists(claims(), min_size=CLAIMS, max_size=CLAIMS))
    def agree(texts: dict[str, str], encounters: list[dict[str, object]]) -> None:
        nonlocal decided, left, compared
        compiled = compile_found(texts_of(texts), [data])
        if not compiled.is_sound:
            return
        for selection in compiled.rules.selections.values():
            plan = build_plan(selection, compiled.tables)
            certain = {
                one: CertainPlan(plan, one, plan.compiler) for one in ("professional", "outpatient", "inpatient")
            }
            for keys in encounters:
                claim = encounter_from(keys)
                found = certain[claim.setting].records(claim)
                slow = set(found.slow)
                places = {rule.rule.id: rule.place for rule in plan.rules}
                wanted = [
                    (places[one.rule.id], STATUSES.get(one.status, one.status.value), *bound(one))
                    for one in run(plan, View(claim))
                    if one.status is not Status.NOT_APPLICABLE and places[one.rule.id] not in slow
                ]
                assert sorted(found.records) == sorted(wanted, key=str) or sorted(found.records) == sorted(wanted)
                decided += len(found.records)
                left += len(found.slow)
                compared += 1

    agree()
    assert compared > RULEBOOKS * CLAIMS * 0.9
    assert decided > compared / 4, (decided, left, compared)


def bound(verdict: Verdict) -> list[int]:
    """The places of the bound members in their lists."""
    return [
        one.bound.order if one.kind is Kind.DIAGNOSIS else one.bound.index
        for one in verdict.subjects
        if isinstance(one.bound, Member)
    ]
