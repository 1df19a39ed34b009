"""The fast path and the plain evaluator give the same verdicts on generated rules and claims.

The fast path is asked twice: as it is, and with members filed under their facts however few there are, as on large claims.
"""

import os
from collections.abc import Mapping
from pathlib import Path

import pytest
from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st

from sequela.engine.diagnostics.render import render_all
from sequela.engine.encounter.from_json import encounter_from
from sequela.engine.encounter.view import View
from sequela.engine.evaluate.verdict import Status
from sequela.engine.evaluate.walk import walk
from sequela.engine.model.rules import RuleSelection
from sequela.engine.pipeline.compile import compile_found
from sequela.engine.pipeline.files import texts_of
from sequela.engine.plan import narrowing
from sequela.engine.plan.build import build_plan
from sequela.engine.plan.run import run
from sequela.engine.plan.steps import Plan
from sequela.engine.tables.model import Table
from strategies_claims import claims
from strategies_rules import TABLES, rule_texts

RULEBOOKS = int(os.environ.get("SEQUELA_RULEBOOKS", "700"))
CLAIMS = 3
"""700 rulebooks with three claims each: 2,100 cases, each under every payer of the rulebook."""


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("tables")
    for name, text in TABLES.items():
        (folder / name).write_text(text)
    return folder


def test_the_plan_agrees_with_the_plain_walk(data: Path) -> None:
    """Status for status and subject for subject, with what each verdict is about, its outcome, date, reason and count."""
    compared, refused = 0, 0

    @settings(max_examples=RULEBOOKS, deadline=None, suppress_health_check=list(HealthCheck))
    @given(texts=rule_texts(), encounters=st.lists(claims(), min_size=CLAIMS, max_size=CLAIMS))
    def agree(texts: dict[str, str], encounters: list[dict[str, object]]) -> None:
        nonlocal compared, refused
        compiled = compile_found(texts_of(texts), [data])
        if not compiled.is_sound:
            refused += 1
            event(render_all([one for one in compiled.diagnostics if one.is_error])[:60])
            return
        for selection in compiled.rules.selections.values():
            plan = build_plan(selection, compiled.tables)
            for keys in encounters:
                same_verdicts(selection, plan, compiled.tables, keys)
        compared += len(encounters)

    agree()
    assert compared >= min(2000, RULEBOOKS * CLAIMS * 0.95)
    assert refused <= RULEBOOKS * 0.02  # what the checker refuses is not compared, and hardly ever generated


def same_verdicts(selection: RuleSelection, plan: Plan, tables: Mapping[str, Table], keys: dict[str, object]) -> None:
    claim = encounter_from(keys)
    plain = [one.signature() for one in walk(selection, tables, View(claim))]
    assert [one.signature() for one in run(plan, View(claim))] == plain
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(narrowing, "FEW", 0)
        assert [one.signature() for one in run(plan, View(claim))] == plain
    for one in plain:
        event(str(one[1]))
        assert one[1] != Status.ERROR.value
