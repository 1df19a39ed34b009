"""Running one rule on a claim: every combination of subjects under the version in force.

In:   a `RulePlan`, the context of a claim.    Out: the rule's `Verdict`s.
Uses: plan.steps, plan.decide, plan.payable.   Used by: plan.run.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import Any

from sequela.engine.encounter.view import READERS, Member
from sequela.engine.evaluate.verdict import Group, NotApplicable, Status, Subject, Verdict
from sequela.engine.model.nodes import Binding
from sequela.engine.model.rules import Consequence
from sequela.engine.plan.decide import Decision, about_pointers, decide
from sequela.engine.plan.logic import FALSE, TRUE, UNKNOWN, Context, Frame, conjunction
from sequela.engine.plan.payable import Struck
from sequela.engine.plan.sets import member_answer
from sequela.engine.plan.steps import RulePlan, SegmentPlan
from sequela.engine.vocabulary.kinds import Kind

_OPEN = (Status.UNKNOWN, Status.NOT_CHECKED)
_REASONS = tuple(NotApplicable)

Made = tuple[SegmentPlan | None, Decision]
"""A decision and the segment that made it; None where none or several did."""

_DISABLED = Decision(Status.NOT_APPLICABLE, NotApplicable.DISABLED)
_OUT_OF_PERIOD = Decision(Status.NOT_APPLICABLE, NotApplicable.PERIOD)


def run_rule(plan: RulePlan, context: Context, struck: Struck) -> list[Verdict]:
    """The verdicts of a rule: one for each combination, and one for each reason why others do not apply."""
    return _verdicts(plan, decisions_of(plan, context), context, struck) or [plan.idle]


def run_combinations(
    plan: RulePlan, bound: Collection[Sequence[int]], context: Context, struck: Struck, *, certain: bool
) -> list[Verdict] | None:
    """The verdicts of a rule on some combinations of subjects; None where its versions bind different ones.

    `bound` are the places of what each combination binds, each in the list of its kind, of a group that of its first line;
    `certain` whether they exist for certain: it is asked again of those that perhaps do not.
    """
    if len(plan.alike) != 1:
        return None
    bindings = plan.segments[0].version.bindings
    if certain and all(binding.kind in READERS for binding in bindings) and not _points_twice(bindings, context):
        decisions = _decided_at(plan, bound, context)
    else:
        decisions = _one_kind(plan, context, frozenset(map(tuple, bound)))
    return [verdict for verdict in _verdicts(plan, decisions, context, struck) if verdict.reason is None]


def bound_on(plan: RulePlan, context: Context) -> int | None:
    """How many combinations of subjects there are for certain; None where that cannot be told from one version."""
    if len(plan.alike) != 1 or _points_twice(plan.segments[0].version.bindings, context):
        return None
    first, frame, found = plan.segments[0], _frame(plan, context), 0
    for one in first.version.combinations(frame, context):
        exists = _exists(first, plan, one, frame, context)
        if exists not in (TRUE, FALSE):
            return None
        found += exists
    return found


def _points_twice(bindings: Sequence[Binding], context: Context) -> bool:
    """Whether a line points to one diagnosis twice, and both are bound: two combinations are then at the same places."""
    kinds = {binding.kind for binding in bindings}
    if not kinds.issuperset((Kind.DIAGNOSIS, Kind.LINE)):
        return False
    pointers = (line.diagnoses for line in context.view.encounter.lines)
    return any(each is not None and len(set(each)) < len(each) for each in pointers)


def _decided_at(plan: RulePlan, bound: Iterable[Sequence[int]], context: Context) -> Iterator[Made]:
    bindings = plan.segments[0].version.bindings
    for places in bound:
        frame = _frame(plan, context)
        for binding, place in zip(bindings, places, strict=True):
            frame[binding.slot] = READERS[binding.kind](context.view)[place]
        context.date = plan.governing_date(frame, context)
        yield from _decided(plan, plan.segments, frame, context, TRUE)


def _places(bindings: Sequence[Binding], frame: Frame) -> tuple[int, ...]:
    """Where what is bound stands in the lists of its kinds, as records have it: without what was not sent."""
    found: list[int] = []
    for binding in bindings:
        bound = frame[binding.slot]
        if bound.__class__ is Group:
            bound = bound.lines[0]
        if bound.__class__ is Member:
            found.append(bound.order if bound.kind is Kind.DIAGNOSIS else bound.index)
    return tuple(found)


def _verdicts(plan: RulePlan, decisions: Iterable[Made], context: Context, struck: Struck) -> list[Verdict]:
    """What is said of decisions, in their order; then of those that do not apply one for each reason."""
    verdicts: list[Verdict] = []
    passed_over: dict[NotApplicable, int] = {}
    for segment, decision in decisions:
        if decision.reason is not None:
            passed_over[decision.reason] = passed_over.get(decision.reason, 0) + 1
            continue
        if plan.counts_against_lines:
            if decision.status is Status.FAIL:
                struck.failed(decision.at_stake, decision.frame)
            elif decision.at_stake:
                struck.in_doubt(decision.at_stake, decision.frame, unchecked=decision.status is Status.NOT_CHECKED)
        verdicts.append(_verdict(plan, segment, decision, context))
    for reason in passed_over if len(passed_over) == 1 else sorted(passed_over, key=_REASONS.index):
        count = passed_over[reason]
        verdicts.append(Verdict(rule=plan.rule, segment=None, status=Status.NOT_APPLICABLE, reason=reason, count=count))
    return verdicts


def decisions_of(plan: RulePlan, context: Context) -> Iterator[Made]:
    """What is decided of every combination of subjects that a rule binds; `context.date` is that of the one at hand."""
    return _one_kind(plan, context) if len(plan.alike) == 1 else _several_kinds(plan, context)


def _frame(plan: RulePlan, context: Context) -> Frame:
    frame: Frame = [None] * plan.slots
    frame[0], frame[1] = context.view.claim, context.view.patient
    return frame


def _exists(segment: SegmentPlan, plan: RulePlan, exists: int, frame: Frame, context: Context) -> int:
    """Find the governing date of the combination in the frame, and ask the sets that depend on it."""
    context.date = plan.governing_date(frame, context)
    for slot, contains in segment.version.dated_sets:
        exists = conjunction(exists, member_answer(contains, getattr(frame[slot], "code", None), context))
    return exists


# ---------------------------------------------------------------- all versions bind the same


def _one_kind(plan: RulePlan, context: Context, only: Collection[tuple[int, ...]] | None = None) -> Iterator[Made]:
    first = plan.segments[0]
    frame = _frame(plan, context)
    for found in first.version.combinations(frame, context):
        if only is not None and _places(first.version.bindings, frame) not in only:
            continue
        exists = _exists(first, plan, found, frame, context)
        if exists != FALSE:
            yield from _decided(plan, plan.segments, frame, context, exists)


def _decided(
    plan: RulePlan, segments: Sequence[SegmentPlan], frame: Frame, context: Context, exists: int
) -> Iterator[Made]:
    """The decisions on one combination, by the version in force on its date; none where it does not exist under that."""
    date = context.date
    if plan.certain:
        segment = plan.segments[0]
        for decision in decide(segment.version, frame, context, exists):
            yield segment, decision
        return
    if date is None:
        yield from _undated(plan, segments, frame, context, exists)
        return
    day = date.toordinal()
    for segment in plan.segments:
        if segment.first <= day <= segment.last:
            if segment not in segments:
                return
            if segment.disabled:
                yield segment, _DISABLED
                return
            for decision in decide(segment.version, frame, context, exists):
                yield segment, decision
            return
    yield None, _OUT_OF_PERIOD


def _undated(
    plan: RulePlan, segments: Sequence[SegmentPlan], frame: Frame, context: Context, exists: int
) -> Iterator[Made]:
    """The governing date is unknown and could pick any segment, or none: what all of them agree on, else unknown."""
    bound = tuple(frame)
    made: list[tuple[SegmentPlan, Decision]] = []
    for segment in segments:
        if segment.disabled:
            made.append((segment, _DISABLED))
            continue
        frame[:] = bound
        made.extend((segment, one) for one in decide(segment.version, frame, context, max(exists, UNKNOWN)))
    frame[:] = bound
    if len(plan.segments) == 1:
        yield from made
        return
    open_ones = [(segment, one) for segment, one in made if one.reason is None]
    if not open_ones:
        yield None, made[0][1]
        return
    for status in (Status.NOT_CHECKED, Status.UNKNOWN, Status.PASS):
        for segment, one in open_ones:
            if one.status is status:
                stakes = tuple(stake for _, other in open_ones for stake in other.at_stake)
                yield None, _agreed(segment, one, bound, stakes)
                return


def _agreed(
    segment: SegmentPlan, chosen: Decision, bound: tuple[Any, ...], stakes: tuple[Consequence, ...]
) -> Decision:
    """What several segments say together: the subjects are those of `for` alone, since the rows are each one's own."""
    version = segment.version
    is_open = chosen.status in _OPEN
    about = about_pointers(version.consequence, chosen.frame, possible=is_open)
    outcome = version.if_unknown if is_open else None
    return Decision(chosen.status, None, bound, version.consequence, stakes, agreed=(outcome, about))


# ---------------------------------------------------------------- versions bind different subjects


def _several_kinds(plan: RulePlan, context: Context) -> Iterator[Made]:
    found: dict[tuple[object, ...], tuple[tuple[Any, ...], int, Any, list[SegmentPlan]]] = {}
    for group in plan.alike:
        frame = _frame(plan, context)
        slots = [binding.slot for binding in group[0].version.bindings]
        for one in group[0].version.combinations(frame, context):
            exists = _exists(group[0], plan, one, frame, context)
            if exists != FALSE:
                key = tuple(_identity(frame[slot]) for slot in slots)
                found.setdefault(key, (tuple(frame), exists, context.date, []))[3].extend(group)
    for bound, exists, date, segments in found.values():
        context.date = date
        yield from _decided(plan, segments, list(bound), context, exists)


def _identity(bound: Any) -> object:
    if bound.__class__ is Group:
        return tuple(bound.lines), tuple(bound.possible), bound.facts
    return bound


# ---------------------------------------------------------------- what is said of it


def _verdict(plan: RulePlan, segment: SegmentPlan | None, decision: Decision, context: Context) -> Verdict:
    version = plan.segments[0].version if segment is None else segment.version
    frame, status = decision.frame, decision.status
    subjects = [Subject(one.name, one.kind, frame[one.slot]) for one in version.bindings]
    if decision.agreed is not None:
        outcome, about = decision.agreed
    else:
        assert decision.consequence is not None
        for look_ups in (version.look_ups, version.late_look_ups):
            subjects.extend(Subject(one.binding.name, one.binding.kind, frame[one.binding.slot]) for one in look_ups)
        is_open = status in _OPEN
        outcome = version.if_unknown if is_open else None
        if status is Status.FAIL:
            outcome = decision.consequence.outcome
        about = about_pointers(decision.consequence, frame, possible=is_open)
    return Verdict(
        rule=plan.rule,
        segment=segment.segment if segment is not None else None,
        status=status,
        subjects=tuple(subjects),
        outcome=outcome,
        about=about,
        governing_date=context.date,
        frame=frame,
    )
