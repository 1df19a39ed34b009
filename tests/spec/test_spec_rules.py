"""The language, page by page: rule files whose cases are the proof, decided by both evaluators."""

from pathlib import Path

import pytest

from sequela.engine.cases import run as running
from sequela.engine.diagnostics.render import render_all
from sequela.engine.encounter.model import Encounter
from sequela.engine.encounter.view import View
from sequela.engine.evaluate.walk import walk
from sequela.engine.explain.ledger import Ledger
from sequela.engine.pipeline.compile import compile_found
from sequela.engine.pipeline.files import find_rule_files
from sequela.engine.syntax.format import format_file

PAGES = sorted(Path(__file__).parent.glob("*.rules"))


@pytest.mark.parametrize("page", PAGES, ids=[page.stem for page in PAGES])
def test_every_case_gives_what_the_page_says_under_both_evaluators(page: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    compiled = compile_found(find_rule_files([page]))
    assert compiled.is_sound, render_all(compiled.diagnostics)
    decide = running._Runner.check

    def decide_twice(runner: running._Runner, claim: Encounter) -> Ledger:
        ledger = decide(runner, claim)
        plain = walk(runner.selection, compiled.tables, View(claim))
        assert [one.signature() for one in ledger.verdicts] == [one.signature() for one in plain]
        return ledger

    monkeypatch.setattr(running._Runner, "check", decide_twice)
    results = running.run_cases(compiled)
    assert results.cases
    assert not results.diagnostics, render_all(results.diagnostics)
    assert [
        (case.title, miss.expectation.span.text, miss.instead) for case in results.failed for miss in case.misses
    ] == []


@pytest.mark.parametrize("page", PAGES, ids=[page.stem for page in PAGES])
def test_the_page_is_in_the_one_layout(page: Path) -> None:
    (given, *_) = compile_found(find_rule_files([page])).given
    assert format_file(given) == page.read_text()
