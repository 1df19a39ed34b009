"""Running cases: every `test` of the files given, each case by itself.

In:   compiled rule files.                       Out: `Results`.
Uses: cases.build, cases.expect, plan, explain.  Used by: the command `test`, the project's own tests.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from attrs import frozen
from msgspec.structs import replace

from sequela.engine.cases.build import Builder
from sequela.engine.cases.draft import Draft
from sequela.engine.cases.expect import mismatch
from sequela.engine.diagnostics.model import Diagnostic, Label, Severity
from sequela.engine.diagnostics.suggest import nearest
from sequela.engine.encounter.from_json import encounter_from
from sequela.engine.encounter.model import Encounter
from sequela.engine.encounter.reading import EncounterError
from sequela.engine.explain.ledger import Ledger, Terms
from sequela.engine.model.rules import RuleSelection
from sequela.engine.pipeline.compile import Compiled
from sequela.engine.plan.build import build_plan
from sequela.engine.plan.steps import Plan
from sequela.engine.syntax.cases import Case, Expectation, ExpectStatus, ExpectSuggestion, TestDeclaration
from sequela.engine.syntax.declarations import Header, RuleFile, Use
from sequela.engine.tables.model import Table


@frozen
class Miss:
    """An expectation that was not met, and what came instead."""

    expectation: Expectation
    instead: str


@frozen
class CaseResult:
    """One case that was run: its place, its title, what it missed, and the statuses that it expected, and that came."""

    file: str
    line: int
    title: str
    misses: tuple[Miss, ...]
    seen: tuple[tuple[str, str], ...]  # (rule, status)


@frozen
class Results:
    """All cases that were run, and what was wrong with those that could not be."""

    cases: tuple[CaseResult, ...]
    diagnostics: tuple[Diagnostic, ...]

    @property
    def failed(self) -> tuple[CaseResult, ...]:
        """The cases that did not give what they expect."""
        return tuple(case for case in self.cases if case.misses)


_NOR_VARIED: Final = "The case was not run, nor those that vary it."


class _Runner:
    """The rules that the cases of one file run; for a claim in a setting for which its payer does not stand, `alone`."""

    def __init__(self, selection: RuleSelection, alone: RuleSelection, tables: Mapping[str, Table]) -> None:
        self.selection = selection
        self._alone = alone
        self._tables = tables
        self._plans: dict[str | None, Plan] = {}

    def check(self, claim: Encounter) -> Ledger:
        selection = self.selection if claim.setting in self.selection.settings else self._alone
        plan = self._plans.get(selection.payer)
        if plan is None:
            plan = self._plans[selection.payer] = build_plan(selection, self._tables)
        return Ledger(Terms(plan=plan, tables=self._tables, check=self.check), claim)


def run_cases(compiled: Compiled, *, only: Sequence[str] = ()) -> Results:
    """Run every case of the files given; with `only`, those of tests that name one of these rules."""
    cases: list[CaseResult] = []
    diagnostics: list[Diagnostic] = []
    for file in compiled.given:
        tests = [one for one in file.declarations if isinstance(one, TestDeclaration)]
        if not tests or file.header is None:
            continue
        alone = _alone(file.header, compiled)
        payer = compiled.rules.selections[file.header.name.text] if file.header.is_payer else None
        runner = _Runner(payer or alone, alone, compiled.tables)
        for test in tests:
            if only and not any(name.text in only for name in test.rules):
                continue
            faults = list(_unknown_rules(test, runner.selection))
            diagnostics.extend(faults)
            if not faults:
                cases.extend(_run_test(test, file, runner, diagnostics))
    return Results(tuple(cases), tuple(diagnostics))


def _alone(header: Header, compiled: Compiled) -> RuleSelection:
    """The rules of the rulesets that a file is, uses or stands over, whatever other files were given."""
    by_name = {one.header.name.text: one for one in compiled.files if one.header is not None}
    reached: set[str] = set()
    queue = [header.name.text]
    while queue:
        one = queue.pop()
        if one not in reached and one in by_name:
            reached.add(one)
            over = by_name[one].header.over  # type: ignore[union-attr]
            queue.extend([over.text] if over is not None else [])
            queue.extend(use.text for part in by_name[one].declarations if isinstance(part, Use) for use in part.names)
    everything = compiled.rules.selections[None]
    return replace(everything, rules=tuple(rule for rule in everything.rules if rule.ruleset in reached))


def _unknown_rules(test: TestDeclaration, selection: RuleSelection) -> Iterator[Diagnostic]:
    known = {rule.id for rule in selection.rules}
    named = [*test.rules]
    for case in test.cases:
        expects = [one for one in case.expects if isinstance(one, ExpectStatus | ExpectSuggestion)]
        named.extend(one.rule for one in expects if one.rule is not None)
    for name in named:
        if name.text not in known:
            close = nearest(name.text, sorted(known))
            yield Diagnostic(
                code="SEQ806",
                message=f"There is no rule {name.text} among the rules that this test runs.",
                at=Label(name.span, "unknown rule"),
                hint=f"Did you mean {close[0]}?"
                if close
                else "A test runs the rules of its file and of what that uses.",
                consequence="Its cases were not run.",
            )


def _run_test(
    test: TestDeclaration, file: RuleFile, runner: _Runner, diagnostics: list[Diagnostic]
) -> Iterator[CaseResult]:
    base: Draft | None = None
    is_broken = False
    for place, case in enumerate(test.cases):
        if case.is_variation and (base is None or is_broken):
            continue  # that there is nothing to vary, or what is wrong with it, has been said
        builder = Builder(base if case.is_variation else None)
        draft = builder.build(case)
        faults = [*builder.faults]
        claim: Encounter | None = None
        if not faults:
            try:
                claim = encounter_from(draft.as_keys(case.title.value or "case"))
            except EncounterError as error:
                faults.append(_unreadable(case, draft, error))
        if not case.is_variation:
            base, is_broken = draft, bool(faults)
            varied = any(one.is_variation for one in test.cases[place + 1 : place + 2])
            faults = [replace(one, consequence=_NOR_VARIED) for one in faults] if varied else faults
        diagnostics.extend(faults)
        if claim is not None:
            yield _judge(case, claim, test, file, runner)


def _judge(case: Case, claim: Encounter, test: TestDeclaration, file: RuleFile, runner: _Runner) -> CaseResult:
    ledger = runner.check(claim)
    first = test.rules[0].text
    misses: list[Miss] = []
    seen: set[tuple[str, str]] = set()
    for expect in case.expects:
        instead = mismatch(expect, ledger, first)
        if instead is not None:
            misses.append(Miss(expect, instead))
        elif isinstance(expect, ExpectStatus):
            seen.add((expect.rule.text if expect.rule is not None else first, expect.status))
    return CaseResult(file.source.name, case.span.line, case.title.value, tuple(misses), tuple(sorted(seen)))


def _unreadable(case: Case, draft: Draft, error: EncounterError) -> Diagnostic:
    first = error.problems[0]
    span = draft.span_of(first.place)
    return Diagnostic(
        code="SEQ805",
        severity=Severity.ERROR,
        message=f"The claim of this case cannot be: {first.message}",
        at=Label(case.title.span, first.place) if span is None else Label(span, f"in case {case.title.span.text}"),
        hint=first.hint,
        consequence="The case was not run.",
    )
