"""Walk, verdicts: from how a combination came out to what is said of it, and what follows.

In:   `Judgement`s.                      Out: `Judged`: verdicts with the consequences at stake.
Uses: walk_rule, walk_subjects, payments.    Used by: walk, replay.
Not here: words (explain).
"""

from collections.abc import Sequence

from msgspec import Struct

from sequela.engine.encounter.view import Member
from sequela.engine.evaluate.verdict import Bound, Group, NotApplicable, Status, Subject, Verdict
from sequela.engine.evaluate.walk_rule import Judgement
from sequela.engine.evaluate.walk_subjects import Combination, bindings_of
from sequela.engine.model.nodes import Binding
from sequela.engine.model.rules import Consequence, Rule, RuleVersion, Segment

OPEN = frozenset({Status.UNKNOWN, Status.NOT_CHECKED})


class Judged(Struct, frozen=True, eq=False):
    """A verdict, and the consequences that it has (a failure) or could have (unknown, not checked)."""

    verdict: Verdict
    at_stake: tuple[Consequence, ...] = ()


def judged(rule: Rule, judgement: Judgement) -> Judged:
    """What one judgement says."""
    version, status = judgement.segment.version, judgement.status
    stakes = _at_stake(judgement)
    consequence = stakes[0] if status is Status.FAIL else version.consequence
    outcome = None
    if status is Status.FAIL:
        outcome = consequence.outcome
    elif status in OPEN:
        outcome = version.if_unknown
    verdict = Verdict(
        rule=rule,
        segment=judgement.segment,
        status=status,
        subjects=_subjects(judgement),
        outcome=outcome,
        about=() if judgement.reason is not None else about(consequence, judgement.frame, possible=status in OPEN),
        governing_date=judgement.combination.on,
        reason=judgement.reason,
        frame=tuple(judgement.frame),
    )
    return Judged(verdict, stakes)


def passed_over(rule: Rule, segment: Segment | None, combination: Combination, reason: NotApplicable) -> Judged:
    """A combination that no version is asked about: out of the period, or disabled then."""
    bindings = bindings_of(rule.segments[0].version.subjects)
    verdict = Verdict(
        rule=rule,
        segment=segment,
        status=Status.NOT_APPLICABLE,
        subjects=_bound(bindings, combination.frame),
        governing_date=combination.on,
        reason=reason,
        frame=combination.frame,
    )
    return Judged(verdict)


def agreed(rule: Rule, combination: Combination, found: Sequence[Judgement | Judged]) -> Judged:
    """What several segments say together of a combination whose date is unknown, and could be of any of them.

    Where none applies, that; else unknown or not checked where one is; else a pass. The rows that they look up are
    their own, so that the subjects are those of `for` alone.
    """
    open_ones = [one for one in found if isinstance(one, Judgement) and one.reason is None]
    bindings = bindings_of(rule.segments[0].version.subjects)
    if not open_ones:
        first = found[0]
        reason = first.reason if isinstance(first, Judgement) else first.verdict.reason
        assert reason is not None
        return passed_over(rule, None, combination, reason)
    for status in (Status.NOT_CHECKED, Status.UNKNOWN, Status.PASS):
        chosen = next((one for one in open_ones if one.status is status), None)
        if chosen is not None:
            break
    assert chosen is not None
    version, is_open = chosen.segment.version, chosen.status in OPEN
    slots = max(segment.version.slots for segment in rule.segments)
    verdict = Verdict(
        rule=rule,
        segment=None,
        status=chosen.status,
        subjects=_bound(bindings, combination.frame),
        outcome=version.if_unknown if is_open else None,
        about=about(version.consequence, chosen.frame, possible=is_open),
        frame=(*combination.frame, *[None] * (slots - len(combination.frame))),
    )
    stakes = tuple(consequence for one in open_ones if one.status in OPEN for consequence in _at_stake(one))
    return Judged(verdict, stakes)


def about(consequence: Consequence, frame: Sequence[Bound], *, possible: bool) -> tuple[str, ...]:
    """The pointers of what a consequence is about; a group stands for its lines, with `possible` also for those that it
    may have. `""` is the claim.
    """
    pointers: list[str] = []
    for binding in consequence.about:
        bound = frame[binding.slot]
        if isinstance(bound, Member):
            pointers.append(bound.pointer)
        elif isinstance(bound, Group):
            lines = (*bound.lines, *bound.possible) if possible else bound.lines
            pointers.extend(line.pointer for line in sorted(lines, key=lambda line: line.index))
    return tuple(dict.fromkeys(pointers)) or ("",)


def consequences_not_held(version: RuleVersion, judgement: Judgement) -> list[tuple[Consequence, bool]]:
    """The consequence of each requirement that is not certain to hold, and whether it certainly does not."""
    found: list[tuple[Consequence, bool]] = []
    for requirement, evidence in zip(version.requirements, judgement.requirements, strict=True):
        if evidence.value is not True:
            found.append((requirement.consequence or version.consequence, evidence.value is False))
    return found


def _at_stake(judgement: Judgement) -> tuple[Consequence, ...]:
    """What follows from a failure: the strongest outcome, the rule's own first; or what could, from what is open."""
    version = judgement.segment.version
    if judgement.status not in OPEN and judgement.status is not Status.FAIL:
        return ()
    not_held = consequences_not_held(version, judgement)
    if judgement.status is not Status.FAIL:
        return tuple(consequence for consequence, _ in not_held)
    failed = [consequence for consequence, certain in not_held if certain]
    return (min(failed, key=lambda one: (one.outcome.place, one is not version.consequence)),)


def _subjects(judgement: Judgement) -> tuple[Subject, ...]:
    version = judgement.segment.version
    rows = [one.look_up.binding for one in judgement.look_ups if one.row is not None]
    return _bound((*bindings_of(version.subjects), *rows), judgement.frame)


def _bound(bindings: Sequence[Binding], frame: Sequence[Bound]) -> tuple[Subject, ...]:
    found: list[Subject] = []
    for binding in bindings:
        bound = frame[binding.slot]
        assert bound is not None
        found.append(Subject(binding.name, binding.kind, bound))
    return tuple(found)
