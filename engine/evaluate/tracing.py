"""Tracing: from evidence to the tree that is shown.

In:   a verdict, the claim, the tables.        Out: `Trace`.
Uses: replay, trace, places, printing.         Used by: explain, cases.
Not here: words (explain); the smallest sets of missing facts (missing).
"""

from collections.abc import Mapping, Sequence

from sequela.engine.encounter.view import Member, View
from sequela.engine.evaluate.evidence import Evidence, Seen
from sequela.engine.evaluate.replay import Replay, replay
from sequela.engine.evaluate.trace import (
    ClauseTrace,
    FactRead,
    LookUpTrace,
    RequirementTrace,
    SubjectTrace,
    Trace,
    TraceNode,
)
from sequela.engine.evaluate.tree import fact_read, label, tree
from sequela.engine.evaluate.values import NOT_COVERED, known
from sequela.engine.evaluate.verdict import Bound, Group, Verdict
from sequela.engine.evaluate.walk_rule import FoundRow, Judgement
from sequela.engine.evaluate.walk_subjects import bindings_of
from sequela.engine.model.nodes import Binding
from sequela.engine.model.rules import Clause, Requirement
from sequela.engine.tables.model import Row, Table


def trace(verdict: Verdict, tables: Mapping[str, Table], view: View, earlier: Sequence[Verdict] = ()) -> Trace:
    """Why a verdict is what it is; see `replay.replay` for the arguments."""
    return traced(replay(verdict, tables, view, earlier))


def traced(found: Replay) -> Trace:
    """The same of a verdict that was judged again already, with the whole evidence."""
    verdict = found.verdict
    if not found.judgements:
        return _unasked(found)
    first, *others = [_judged(found, judgement) for judgement in found.judgements]
    if not others:
        return first
    return Trace(
        rule=first.rule,
        status=verdict.status,
        reason=verdict.reason,
        setting=first.setting,
        in_settings=first.in_settings,
        governing_date=None,
        date_asks=first.date_asks,
        segment=first.segment,
        period=first.period,
        subjects=first.subjects,
        pairing=first.pairing,
        look_ups=first.look_ups,
        when=first.when,
        unless=first.unless,
        requirements=first.requirements,
        bypass=first.bypass,
        others=tuple(others),
    )


def _unasked(found: Replay) -> Trace:
    """A rule that nothing was asked of: out of its settings or its period, disabled, without subject; or a fault."""
    verdict, combination = found.verdict, found.combination
    setting = found.scope.view.encounter.setting
    return Trace(
        rule=verdict.rule,
        status=verdict.status,
        reason=verdict.reason,
        setting=setting,
        in_settings=setting in verdict.rule.settings,
        governing_date=verdict.governing_date,
        segment=verdict.segment,
        subjects=() if combination is None else _subjects(verdict, combination.frame),
    )


def _judged(found: Replay, judgement: Judgement) -> Trace:
    verdict, combination = found.verdict, judgement.combination
    version = judgement.segment.version
    setting = found.scope.view.encounter.setting
    unless = zip(version.unless, judgement.unless, strict=False)
    requirements = zip(version.requirements, judgement.requirements, strict=False)
    return Trace(
        rule=verdict.rule,
        status=judgement.status,
        reason=judgement.reason,
        setting=setting,
        in_settings=setting in verdict.rule.settings,
        governing_date=combination.on,
        date_asks=combination.on_asks,
        segment=judgement.segment,
        period=None if judgement.undated is None else tree(judgement.undated),
        subjects=_subjects(verdict, combination.frame),
        pairing=tree(combination.pairing),
        look_ups=tuple(_look_up(one) for one in judgement.look_ups),
        when=_clause(version.when, judgement.when),
        unless=tuple(ClauseTrace(node=tree(one), change=clause.change) for clause, one in unless),
        requirements=tuple(requirement_traced(requirement, one) for requirement, one in requirements),
        bypass=_clause(version.bypass, judgement.bypass),
    )


def _clause(clause: Clause | None, evidence: Evidence | None) -> ClauseTrace | None:
    if clause is None or evidence is None:
        return None
    return ClauseTrace(node=tree(evidence), change=clause.change)


def requirement_traced(requirement: Requirement, evidence: Evidence) -> RequirementTrace:
    """What is shown of one thing that must hold."""
    limit: TraceNode | None = None
    asked = evidence.parts[-1]
    if requirement.only_when is not None:
        limit = tree(evidence.parts[0].parts[0])
    if requirement.condition is not None and requirement.forbidden:
        asked = asked.parts[0]
    return RequirementTrace(
        value=known(evidence.value),
        unchecked=evidence.value is NOT_COVERED,
        span=requirement.span,
        forbidden=requirement.forbidden,
        node=None if requirement.condition is None else tree(asked),
        only_when=limit,
        change=requirement.change,
    )


def _look_up(found: FoundRow) -> LookUpTrace:
    evidence, binding = found.evidence, found.look_up.binding
    columns: tuple[FactRead, ...] = ()
    row = found.row
    if isinstance(row, Row):
        columns = tuple(
            fact_read(Seen(f"{binding.name}.{name}", row, row.value(name), kind))
            for name, kind in row.table.shape.columns
        )
    return LookUpTrace(
        name=binding.name,
        table=found.look_up.table.name,
        found=known(evidence.value),
        unchecked=evidence.value is NOT_COVERED,
        node=tree(evidence),
        columns=columns,
    )


def _subjects(verdict: Verdict, frame: Sequence[Bound]) -> tuple[SubjectTrace, ...]:
    version = (verdict.segment or verdict.rule.segments[0]).version
    return tuple(_subject(binding, frame[binding.slot]) for binding in bindings_of(version.subjects))


def _subject(binding: Binding, bound: Bound) -> SubjectTrace:
    pointers: tuple[str, ...] = ()
    possible: tuple[str, ...] = ()
    if isinstance(bound, Member):
        pointers = (bound.pointer,)
    elif isinstance(bound, Group):
        pointers = tuple(line.pointer for line in bound.lines)
        possible = tuple(line.pointer for line in bound.possible)
    return SubjectTrace(
        name=binding.name, kind=binding.kind.value, label=label(bound), pointers=pointers, possible=possible
    )
