"""What is said on demand of a verdict agrees with the verdict, on generated rules and claims."""

import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings

from sequela.engine.encounter.from_json import encounter_from
from sequela.engine.encounter.view import View
from sequela.engine.evaluate.missing import missing
from sequela.engine.evaluate.replay import replay
from sequela.engine.evaluate.tracing import trace
from sequela.engine.evaluate.verdict import Status, Verdict
from sequela.engine.evaluate.walk import walk
from sequela.engine.pipeline.compile import Compiled, compile_found
from sequela.engine.pipeline.files import texts_of
from sequela.engine.plan.build import build_plan
from sequela.engine.plan.run import run
from strategies_claims import claims
from strategies_rules import TABLES, rule_texts

RULEBOOKS = int(os.environ.get("SEQUELA_RULEBOOKS", "100"))


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("tables")
    for name, text in TABLES.items():
        (folder / name).write_text(text)
    return folder


@settings(max_examples=RULEBOOKS, deadline=None, suppress_health_check=list(HealthCheck))
@given(texts=rule_texts(), keys=claims())
def test_every_verdict_is_judged_again_as_it_was(data: Path, texts: dict[str, str], keys: dict[str, object]) -> None:
    """With whole evidence and with short, from the plain evaluator and from the fast one."""
    compiled = compile_found(texts_of(texts), [data])
    claim = encounter_from(keys)
    for selection in compiled.rules.selections.values():
        plain, fast = View(claim), View(claim)
        for view, verdicts in (
            (plain, walk(selection, compiled.tables, plain)),
            (fast, run(build_plan(selection, compiled.tables), fast)),
        ):
            for verdict in verdicts:
                _agrees(verdict, compiled, view, verdicts)


def _agrees(verdict: Verdict, compiled: Compiled, view: View, verdicts: tuple[Verdict, ...]) -> None:
    for thorough in (True, False):
        found = replay(verdict, compiled.tables, view, verdicts, thorough=thorough)
        if verdict.segment is not None and found.judgements:
            (judgement,) = found.judgements
            assert (judgement.status, judgement.reason) == (verdict.status, verdict.reason)
    shown = trace(verdict, compiled.tables, view, verdicts)
    assert (shown.status, shown.reason) == (verdict.status, verdict.reason)
    waits = missing(verdict, compiled.tables, view, verdicts)
    assert list(waits.sets) == sorted(waits.sets, key=len)
    assert len(waits.sets) <= 5
    if verdict.status is Status.NOT_CHECKED:
        assert waits.gaps
    elif verdict.status is not Status.UNKNOWN:
        assert waits.sets == ()
