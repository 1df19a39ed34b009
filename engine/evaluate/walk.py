"""Walk: the plain evaluator. Every rule on every combination of subjects, phase after phase, one thing after the other.

In:   a `RuleSelection`, the loaded tables, a `View`.    Out: `Verdict`s, by phase, rule and subjects.
Uses: walk_subjects, walk_rule, walk_verdicts, payments.    Used by: replay, explain; tests, as what is right.
Not here: how the same is done fast (plan, run); why (trace), what is missing (missing).

It says what is right: obvious rather than fast. A table that is not among `tables` is not loaded; every look-up in it
is not checked.
"""

from collections.abc import Iterator, Mapping
from datetime import date
from itertools import pairwise
from pathlib import PurePath
from traceback import extract_tb

from sequela.engine.encounter.view import View
from sequela.engine.evaluate.evidence import Scope, leaf
from sequela.engine.evaluate.payments import Payments, consequences_of
from sequela.engine.evaluate.verdict import Bound, Group, NotApplicable, Status, Verdict
from sequela.engine.evaluate.walk_rule import Judgement, judge_combination
from sequela.engine.evaluate.walk_subjects import Combination, bindings_of, combinations
from sequela.engine.evaluate.walk_verdicts import Judged, agreed, judged, passed_over
from sequela.engine.model.rules import Rule, RuleSelection, Segment
from sequela.engine.tables.model import Table


def walk(selection: RuleSelection, tables: Mapping[str, Table], view: View) -> tuple[Verdict, ...]:
    """The verdicts of every rule on a claim: by phase and rule id, and for each rule in the order of its subjects.

    What does not apply stands once per rule and reason, after the rule's other verdicts, in the order of
    `NotApplicable`.
    """
    payments = Payments()
    verdicts: list[Verdict] = []
    waiting: list[Judged] = []
    phase = None
    for rule in sorted(selection.rules, key=lambda rule: (rule.phase.place, rule.id)):
        if rule.phase is not phase:
            phase = rule.phase
            for one in waiting:
                payments.note(one.verdict, one.at_stake)
            waiting.clear()
        found = judge_rule(rule, Scope(view, tables, payments))
        waiting.extend(found)
        verdicts.extend(counted(one.verdict for one in found))
    return tuple(verdicts)


def judge_rule(rule: Rule, scope: Scope) -> list[Judged]:
    """What one rule says, each combination for itself; `scope` is not dated yet.

    A fault of the engine becomes one *error* verdict of the rule, without anything of the claim in its words.
    """
    try:
        return list(each_combination(rule, scope))
    except Exception as fault:  # whatever it is, it is ours: the rule is named as not decided, the others go on
        verdict = Verdict(rule=rule, segment=None, status=Status.ERROR, about=("",), fault=_words(fault))
        return [Judged(verdict, consequences_of(rule))]


def _words(fault: Exception) -> str:
    """What kind of fault it was and where in the engine: nothing of the claim."""
    place = extract_tb(fault.__traceback__)[-1]
    return f"{type(fault).__name__} in {PurePath(place.filename).name}, line {place.lineno}"


def counted(verdicts: Iterator[Verdict]) -> list[Verdict]:
    """The verdicts of one rule with those that do not apply made one for each reason."""
    found: list[Verdict] = []
    passed: dict[NotApplicable, list[Verdict]] = {}
    for verdict in verdicts:
        if verdict.reason is None:
            found.append(verdict)
        else:
            passed.setdefault(verdict.reason, []).append(verdict)
    for reason in NotApplicable:
        if reason in passed:
            first, count = passed[reason][0], sum(one.count for one in passed[reason])
            found.append(_not_applicable(first.rule, reason, first.segment, count))
    return found


def _not_applicable(rule: Rule, reason: NotApplicable, segment: Segment | None, count: int) -> Verdict:
    return Verdict(rule=rule, segment=segment, status=Status.NOT_APPLICABLE, reason=reason, count=count)


# ---------------------------------------------------------------- which version is asked


def each_combination(rule: Rule, base: Scope) -> Iterator[Judged]:
    """What one rule says, combination by combination, each judged when it is asked for; a fault is raised."""
    if base.view.encounter.setting not in rule.settings:
        yield Judged(_not_applicable(rule, NotApplicable.SETTING, None, 0))
        return
    if not rule.segments:
        yield Judged(_not_applicable(rule, NotApplicable.PERIOD, None, 0))
        return
    if _always_disabled(rule):
        yield Judged(_not_applicable(rule, NotApplicable.DISABLED, rule.segments[0], 0))
        return
    met = False
    for combination, segments in _combinations(rule, base):
        for one in _judge(rule, combination, segments, base):
            met = True
            yield one
    if not met:
        yield Judged(_not_applicable(rule, NotApplicable.NO_SUBJECT, None, 0))


def _always_disabled(rule: Rule) -> bool:
    segments = rule.segments
    if any(segment.disabled is None for segment in segments):
        return False
    touching = all(
        one.last is not None and other.first is not None and one.last.toordinal() + 1 == other.first.toordinal()
        for one, other in pairwise(segments)
    )
    return segments[0].first is None and segments[-1].last is None and touching


def _combinations(rule: Rule, base: Scope) -> Iterator[tuple[Combination, tuple[Segment, ...]]]:
    """Every combination of subjects, with the segments under whose version it exists.

    Versions bind the same kinds, and mostly the same subjects; where their `for` differs, each is asked on its own.
    """
    alike: list[list[Segment]] = []
    for segment in rule.segments:
        for group in alike:
            if group[0].version.subjects == segment.version.subjects:
                group.append(segment)
                break
        else:
            alike.append([segment])
    if len(alike) == 1:
        for combination in combinations(rule, rule.segments[0].version, base):
            yield combination, rule.segments
        return
    found: dict[tuple[object, ...], tuple[Combination, list[Segment]]] = {}
    for group in alike:
        slots = [binding.slot for binding in bindings_of(group[0].version.subjects)]
        for combination in combinations(rule, group[0].version, base):
            key = tuple(_identity(combination.frame[slot]) for slot in slots)
            found.setdefault(key, (combination, []))[1].extend(group)
    for combination, segments in found.values():
        yield combination, tuple(segments)


def _identity(bound: Bound) -> object:
    if isinstance(bound, Group):
        return tuple(bound.lines), tuple(bound.possible), bound.facts
    return bound


def _judge(rule: Rule, combination: Combination, segments: tuple[Segment, ...], base: Scope) -> list[Judged]:
    """What the version in force on the governing date says of a combination; nothing where it does not exist then."""
    scope = base.dated(combination.on, combination.on_asks)
    if combination.on is None and not rule.covers_every_date:
        return _undated(rule, combination, segments, scope)
    segment = _in_force(rule, combination.on)
    if segment is None:
        return [passed_over(rule, None, combination, NotApplicable.PERIOD)]
    if not any(segment is one for one in segments):
        return []
    if segment.disabled is not None:
        return [passed_over(rule, segment, combination, NotApplicable.DISABLED)]
    return [judged(rule, one) for one in judge_combination(segment, combination, scope, None)]


def _in_force(rule: Rule, on: date | None) -> Segment | None:
    if on is None:
        return rule.segments[0]
    for segment in rule.segments:
        if (segment.first is None or segment.first <= on) and (segment.last is None or on <= segment.last):
            return segment
    return None


def _undated(rule: Rule, combination: Combination, segments: tuple[Segment, ...], scope: Scope) -> list[Judged]:
    """The governing date is unknown: each segment could be the one, or none."""
    found: list[Judgement | Judged] = []
    for segment in segments:
        if segment.disabled is not None:
            found.append(passed_over(rule, segment, combination, NotApplicable.DISABLED))
        else:
            found.extend(judge_undated(segment, combination, scope))
    if len(rule.segments) > 1:
        return [agreed(rule, combination, found)]
    return [one if isinstance(one, Judged) else judged(rule, one) for one in found]


def judge_undated(segment: Segment, combination: Combination, scope: Scope) -> list[Judgement]:
    """How a combination without a date comes out under a segment that may be the one in force, or not."""
    undated = leaf("period", None, None, asks=scope.on_asks or None)
    return judge_combination(segment, combination, scope, undated)
