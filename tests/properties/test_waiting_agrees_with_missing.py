"""What the compiled steps say that an open verdict waits for is what the plain evaluator says, on generated rules and claims."""

import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sequela.engine.encounter.from_json import encounter_from
from sequela.engine.encounter.view import View
from sequela.engine.evaluate.missing import Search
from sequela.engine.evaluate.verdict import Status
from sequela.engine.pipeline.compile import compile_found
from sequela.engine.pipeline.files import texts_of
from sequela.engine.plan.build import build_plan
from sequela.engine.plan.run import run
from sequela.engine.plan.waiting import Waiting
from strategies_claims import claims
from strategies_rules import TABLES, rule_texts

RULEBOOKS = int(os.environ.get("SEQUELA_RULEBOOKS", "250"))
CLAIMS = 3
OPEN = (Status.UNKNOWN, Status.NOT_CHECKED)


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("tables")
    for name, text in TABLES.items():
        (folder / name).write_text(text)
    return folder


def test_open_verdicts_wait_for_the_same(data: Path) -> None:
    """The same sets of facts and the same tables, in the same order; and the tables loaded, or not."""
    quick, all_of_them = [0], [0]

    @settings(max_examples=RULEBOOKS, deadline=None, suppress_health_check=list(HealthCheck))
    @given(
        texts=rule_texts(),
        encounters=st.lists(claims(), min_size=CLAIMS, max_size=CLAIMS),
        loaded=st.sampled_from([True, True, False]),
    )
    def agree(texts: dict[str, str], encounters: list[dict[str, object]], loaded: bool) -> None:
        compiled = compile_found(texts_of(texts), [data])
        if not compiled.is_sound:
            return
        tables = compiled.tables if loaded else {}
        for selection in compiled.rules.selections.values():
            plan = build_plan(selection, tables)
            waiting = _Counting(plan.compiler, quick)
            for keys in encounters:
                view = View(encounter_from(keys))
                verdicts = run(plan, view)
                search, plain = waiting.search(verdicts, view), Search(tables, view, verdicts)
                for verdict in verdicts:
                    if verdict.status in OPEN:
                        all_of_them[0] += 1
                        assert search.missing(verdict) == plain.missing(verdict), verdict.rule.id
                        assert search.needed(verdict) == plain.needed(verdict), verdict.rule.id

    agree()
    assert all_of_them[0] > RULEBOOKS
    assert quick[0] > all_of_them[0] / 3


class _Counting(Waiting):
    """Counts the verdicts of which the compiled steps could say what they wait for."""

    def __init__(self, compiler, quick):  # type: ignore[no-untyped-def]
        super().__init__(compiler)
        self._quick = quick

    def _found(self, verdict, search):  # type: ignore[no-untyped-def]
        found = super()._found(verdict, search)
        self._quick[0] += found is not None
        return found
