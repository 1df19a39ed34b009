"""The rule files of this folder: every sentence of the language that a case can prove, proved with both evaluators.

Each file is one section of the language; its cases say what it means. They are run on the fast path and on the plain
evaluator, and what the two say of each claim must be the same, entry for entry.
"""

from pathlib import Path

import pytest
from attrs import frozen

from sequela.engine.cases.build import Builder
from sequela.engine.cases.expect import mismatch
from sequela.engine.encounter.from_json import encounter_from
from sequela.engine.encounter.model import Encounter
from sequela.engine.encounter.view import View
from sequela.engine.evaluate.verdict import Status
from sequela.engine.evaluate.walk import walk
from sequela.engine.explain.ledger import Ledger, Terms
from sequela.engine.pipeline.compile import compile_found
from sequela.engine.pipeline.files import find_rule_files
from sequela.engine.plan.build import build_plan
from sequela.engine.plan.run import run
from sequela.engine.syntax.cases import Case, TestDeclaration
from sequela.engine.syntax.format import format_file

FOLDER = Path(__file__).parent
FILES = sorted(FOLDER.glob("*.rules"))
WARNS = {"dates": ["SEQ501"]}
"""The warnings that a file gives on purpose."""


@frozen
class Written:
    """One case of a file: the rule that its `expect` means by default, the case, and its claim."""

    first_rule: str
    case: Case
    claim: Encounter


def checked(path):
    return compile_found(find_rule_files([path]), for_cases=True)


def cases_of(compiled):
    """Every case of the file given, with its claim."""
    (file,) = compiled.given
    for test in file.declarations:
        if not isinstance(test, TestDeclaration):
            continue
        base = None
        for case in test.cases:
            builder = Builder(base if case.is_variation else None)
            draft = builder.build(case)
            assert not builder.faults, builder.faults
            base = base if case.is_variation else draft
            yield Written(test.rules[0].text, case, encounter_from(draft.as_keys(case.title.value)))


def selection_of(compiled):
    header = compiled.given[0].header
    return compiled.rules.selections[header.name.text if header.is_payer else None]


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_every_case_comes_out_as_it_says_with_both_evaluators(path):
    compiled = checked(path)
    assert [one.code for one in compiled.diagnostics] == WARNS.get(path.stem, [])
    selection, tables = selection_of(compiled), compiled.tables
    plan = build_plan(selection, tables)

    def ledger(claim, verdicts):
        terms = Terms(plan=plan, tables=tables, check=lambda changed: ledger(changed, run(plan, View(changed))))
        return Ledger(terms, claim, given=verdicts)

    missed, count = [], 0
    for one in cases_of(compiled):
        count += 1
        fast, plain = run(plan, View(one.claim)), walk(selection, tables, View(one.claim))
        assert [verdict.signature() for verdict in fast] == [verdict.signature() for verdict in plain], one.claim.id
        assert not [verdict.fault for verdict in fast if verdict.status is Status.ERROR]
        for verdicts in (fast, plain):
            said = ledger(one.claim, verdicts)
            missed += [
                f"{one.case.title.value}: {expected.span.text} but {instead}"
                for expected in one.case.expects
                if (instead := mismatch(expected, said, one.first_rule)) is not None
            ]
    assert count
    assert not missed, "\n".join(missed)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_the_file_is_in_the_one_layout(path):
    compiled = checked(path)
    assert format_file(compiled.given[0]) == path.read_text("utf-8")
