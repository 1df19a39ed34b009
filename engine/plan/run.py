"""Running a plan on a claim: the fast path from a view to its verdicts.

In:   a `Plan` and a `View`.                 Out: `Verdict`s, by phase, rule and subjects.
Uses: plan.steps, plan.decide, plan.payable.    Used by: pipeline.
Not here: why (evaluate.walk answers that, for one verdict, on demand).
"""

from collections.abc import Iterator
from typing import Any

from sequela.engine.encounter.view import View
from sequela.engine.evaluate.verdict import NotApplicable, Status, Subject, Verdict
from sequela.engine.model.rules import Outcome
from sequela.engine.plan.decide import Decision, about_pointers, decide
from sequela.engine.plan.logic import FALSE, UNKNOWN, Context, Frame, conjunction
from sequela.engine.plan.payable import Struck
from sequela.engine.plan.sets import member_answer
from sequela.engine.plan.steps import Plan, RulePlan, SegmentPlan

_OPEN = (Status.UNKNOWN, Status.NOT_CHECKED)


def run(plan: Plan, view: View) -> tuple[Verdict, ...]:
    """The verdicts of every rule of a plan on a claim, in the order of the ledger.

    A rule that nothing on the claim concerns has one verdict, *not applicable*, shared by all claims. A fault of the engine
    inside one rule becomes an *error* verdict of that rule, without claim content; the other rules are decided all the same.
    """
    setting = view.encounter.setting
    idle = plan.idle[setting]
    found: list[Verdict] = []
    done = 0
    phase = -1
    struck = Struck()
    context = Context(view)
    context.payable = struck.payable
    for place in plan.triggers[setting].concerned(view):
        if plan.phases[place] != phase:
            phase = plan.phases[place]
            struck.next_phase()
        found.extend(idle[done:place])
        done = place + 1
        rule = plan.rules[place]
        try:
            found.extend(_run_rule(rule, context, struck))
        except Exception as fault:  # whatever it is, it is ours: one rule is named as not decided, the others go on
            found.append(
                Verdict(rule=rule.rule, segment=None, status=Status.ERROR, about=("",), fault=type(fault).__name__)
            )
            if rule.counts_against_lines:
                struck.broken()
    found.extend(idle[done:])
    return tuple(found)


def _run_rule(plan: RulePlan, context: Context, struck: Struck) -> list[Verdict]:
    verdicts: list[Verdict] = []
    passed_over: dict[NotApplicable, int] = {}
    version = plan.segments[0].version
    frame: Frame = [None] * max(segment.version.slots for segment in plan.segments)
    frame[0], frame[1] = context.view.claim, context.view.patient
    for exists in version.combinations(frame, context):
        for segment, decision, date in _decide(plan, frame, context, exists):
            if decision.reason is not None:
                passed_over[decision.reason] = passed_over.get(decision.reason, 0) + 1
                continue
            if plan.counts_against_lines and decision.consequence is not None:
                if decision.status is Status.FAIL:
                    struck.failed(decision.consequence, decision.frame)
                else:
                    struck.in_doubt(decision.failing, decision.frame, unchecked=decision.status is Status.NOT_CHECKED)
            verdicts.append(_verdict(plan, segment, decision, date))
    if not verdicts and not passed_over:
        return [plan.idle]
    for reason in NotApplicable:
        count = passed_over.get(reason)
        if count:
            verdicts.append(
                Verdict(rule=plan.rule, segment=None, status=Status.NOT_APPLICABLE, reason=reason, count=count)
            )
    return verdicts


def _decide(
    plan: RulePlan, frame: Frame, context: Context, exists: int
) -> Iterator[tuple[SegmentPlan | None, Decision, Any]]:
    """The decisions on one combination, each with the segment that made it and the governing date; none where a set that
    asks a table says that the combination does not exist on that date."""
    date = context.date = plan.governing_date(frame, context)
    for slot, contains in plan.segments[0].version.dated_sets:
        exists = conjunction(exists, member_answer(contains, getattr(frame[slot], "code", None), context))
    if exists == FALSE:
        return
    if plan.certain:
        segment = plan.segments[0]
        for decision in decide(segment.version, frame, context, exists):
            yield segment, decision, date
        return
    if date is None:
        yield from _undated(plan, frame, context, exists)
        return
    day = date.toordinal()
    for segment in plan.segments:
        if segment.first <= day <= segment.last:
            if segment.disabled:
                yield segment, _DISABLED, date
                return
            for decision in decide(segment.version, frame, context, exists):
                yield segment, decision, date
            return
    yield None, _OUT_OF_PERIOD, date


_DISABLED = Decision(Status.NOT_APPLICABLE, NotApplicable.DISABLED)
_OUT_OF_PERIOD = Decision(Status.NOT_APPLICABLE, NotApplicable.PERIOD)


def _undated(
    plan: RulePlan, frame: Frame, context: Context, exists: int
) -> Iterator[tuple[SegmentPlan | None, Decision, Any]]:
    """The governing date is unknown and could pick any segment, or none: what all of them agree on, else unknown."""
    decisions: list[tuple[SegmentPlan, Decision]] = []
    for segment in plan.segments:
        if segment.disabled:
            decisions.append((segment, _DISABLED))
            continue
        decisions.extend((segment, one) for one in decide(segment.version, frame, context, max(exists, UNKNOWN)))
    only = decisions[0][0] if len(plan.segments) == 1 else None
    if all(one.reason is not None for _, one in decisions):
        yield only, decisions[0][1], None
        return
    for status in (Status.NOT_CHECKED, Status.UNKNOWN, Status.PASS):
        for segment, one in decisions:
            if one.status is status:
                yield only, one, None
                return


def _verdict(plan: RulePlan, segment: SegmentPlan | None, decision: Decision, date: Any) -> Verdict:
    version = plan.segments[0].version if segment is None else segment.version
    status = decision.status
    outcome: Outcome | None = None
    about: tuple[str, ...] = ()
    if decision.consequence is not None:
        outcome = version.if_unknown if status in _OPEN else decision.consequence.outcome
        about = about_pointers(decision.consequence, decision.frame, possible=status in _OPEN)
    subjects = [Subject(one.name, one.kind, decision.frame[one.slot]) for one in version.bindings]
    for look_ups in (version.look_ups, version.late_look_ups):
        subjects.extend(
            Subject(one.binding.name, one.binding.kind, decision.frame[one.binding.slot]) for one in look_ups
        )
    return Verdict(
        rule=plan.rule,
        segment=segment.segment if segment is not None else None,
        status=status,
        subjects=tuple(subjects),
        outcome=outcome,
        about=about,
        governing_date=date,
        frame=decision.frame,
    )
