"""Replay: one verdict judged again, from what its slots held, with the evidence.

In:   a verdict of either evaluator, the claim, the tables, the verdicts of earlier phases.    Out: `Replay`, `Earlier`.
Uses: walk, walk_rule, walk_subjects, payments.      Used by: trace, missing, explain.
Not here: what is shown of the evidence (trace).
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Final

from msgspec import Struct

from sequela.engine.encounter.view import View
from sequela.engine.evaluate.evidence import Scope
from sequela.engine.evaluate.payments import Payments, consequences_of, counts_against_lines
from sequela.engine.evaluate.verdict import Bound, Status, Verdict
from sequela.engine.evaluate.walk import each_combination, judge_undated
from sequela.engine.evaluate.walk_rule import Judgement, judge_combination, judge_required
from sequela.engine.evaluate.walk_subjects import Combination, bindings_of, governing_date, pairing
from sequela.engine.evaluate.walk_verdicts import OPEN, about, consequences_not_held
from sequela.engine.model.rules import Consequence, Rule
from sequela.engine.tables.model import Table

Stakes = Callable[[Verdict, Scope], tuple[Consequence, ...]]
"""The consequences of a verdict that count against lines, as `at_stake` finds them."""

_DECIDED: Final = frozenset({Status.FAIL, Status.PASS, Status.BYPASSED})


class Replay(Struct, frozen=True, eq=False):
    """A verdict judged again.

    `judgements` holds the one that it rests on; several where the governing date is unknown and each segment could be
    the one; none where nothing was asked (out of its settings or its period, disabled, no subject).
    """

    verdict: Verdict
    combination: Combination | None
    judgements: tuple[Judgement, ...]
    scope: Scope


def replay(
    verdict: Verdict,
    tables: Mapping[str, Table],
    view: View,
    earlier: "Sequence[Verdict] | Earlier" = (),
    *,
    thorough: bool = True,
) -> Replay:
    """Judge a verdict again.

    Args:
        verdict: of `walk` or of the fast path, on this claim. One that stands for all combinations that a rule does not
            apply to is judged on the first of them.
        tables: the tables that it was made with.
        view: the claim.
        earlier: verdicts of earlier phases (of later ones, too: they are left aside); a rule that asks whether a line
            is payable needs them. For many verdicts of one claim make one `Earlier` of them.
        thorough: whether the evidence is to be whole, or may end where the answer is certain.
    """
    rule = verdict.rule
    base = Scope(view, tables, payments_before(rule, earlier, tables, view), thorough=thorough)
    if verdict.reason is not None and not verdict.frame:
        each = each_combination(rule, Scope(view, tables, base.payments))
        found = next((one.verdict for one in each if _is_of(one.verdict, verdict)), None)
        if found is None:
            return Replay(verdict, None, (), base)
        verdict = found
    if not verdict.frame:
        return Replay(verdict, None, (), base)
    combination, scope = _combination(verdict, base)
    judgements = _judgements(verdict, combination, scope)
    return Replay(verdict, combination, judgements, scope)


def replay_required(
    verdict: Verdict, tables: Mapping[str, Table], view: View, earlier: "Sequence[Verdict] | Earlier" = ()
) -> Replay:
    """Judge again only what a decided verdict requires, on the rows and witnesses that it had; see `replay`.

    That is what messages and reasons are made from. Why the rule applies is left aside, which on a claim of thousands of
    lines is most of the work. Where the verdict does not name its version, all is judged again.
    """
    segment, rule = verdict.segment, verdict.rule
    if segment is None or not verdict.frame or verdict.status not in _DECIDED:
        return replay(verdict, tables, view, earlier)
    base = Scope(view, tables, payments_before(rule, earlier, tables, view), thorough=True)
    combination, scope = _combination(verdict, base)
    if combination.on is None and not rule.covers_every_date:
        return replay(verdict, tables, view, earlier)
    judgement = judge_required(segment, combination, verdict.frame, scope)
    judgement.status = verdict.status
    return Replay(verdict, combination, (judgement,), scope)


def _is_of(one: Verdict, counted: Verdict) -> bool:
    return one.reason is counted.reason and bool(one.frame)


def _combination(verdict: Verdict, base: Scope) -> tuple[Combination, Scope]:
    rule = verdict.rule
    version = (verdict.segment or rule.segments[0]).version
    frame: list[Bound] = [None] * version.slots
    frame[0], frame[1] = base.view.claim, base.view.patient
    for binding in bindings_of(version.subjects):
        frame[binding.slot] = verdict.frame[binding.slot]
    on, asks = governing_date(rule, version.subjects, frame, base.view)
    scope = base.dated(on, asks)
    return Combination(tuple(frame), on, asks, pairing(version.subjects, frame, scope)), scope


def _judgements(verdict: Verdict, combination: Combination, scope: Scope) -> tuple[Judgement, ...]:
    rule = verdict.rule
    asked = rule.segments if verdict.segment is None else (verdict.segment,)
    judgements: list[Judgement] = []
    for segment in asked:
        if segment.disabled is not None or (verdict.segment is None and combination.on is not None):
            continue
        if combination.on is None and not rule.covers_every_date:
            judgements.extend(judge_undated(segment, combination, scope))
        else:
            judgements.extend(judge_combination(segment, combination, scope, None))
    if verdict.segment is None:
        return tuple(judgements)
    same = [one for one in judgements if _same_rows(one, verdict) and one.reason is verdict.reason]
    return tuple((same or judgements)[:1])


def _same_rows(judgement: Judgement, verdict: Verdict) -> bool:
    slots = [one.look_up.binding.slot for one in judgement.look_ups]
    return all(slot < len(verdict.frame) and judgement.frame[slot] == verdict.frame[slot] for slot in slots)


# ---------------------------------------------------------------- earlier phases


class Earlier:
    """The verdicts of one claim, and what those before each phase say about its lines, worked out once a phase.

    `stakes` says what `at_stake` says, if there is a quicker way.
    """

    def __init__(self, verdicts: Sequence[Verdict], stakes: Stakes | None = None) -> None:
        self.verdicts = verdicts
        self._find_stakes = stakes or at_stake
        self._payments: dict[int, Payments] = {}
        self._stakes: dict[int, tuple[Consequence, ...]] = {}

    def payments(self, rule: Rule, tables: Mapping[str, Table], view: View) -> Payments:
        """What the verdicts of the phases before that of `rule` say about the claim's lines."""
        found = self._payments.get(rule.phase.place)
        if found is None:
            found = self._payments[rule.phase.place] = self._noted(rule.phase.place, tables, view)
        return found

    def _noted(self, phase: int, tables: Mapping[str, Table], view: View) -> Payments:
        payments = Payments()
        before = [one for one in self.verdicts if one.rule.phase.place < phase]
        for place in sorted({one.rule.phase.place for one in before}):
            scope = Scope(view, tables, payments)
            noted = [one for one in before if one.rule.phase.place == place]
            for stakes in [(one, self._at_stake(one, scope)) for one in noted]:
                payments.note(*stakes)
        return payments

    def _at_stake(self, verdict: Verdict, scope: Scope) -> tuple[Consequence, ...]:
        found = self._stakes.get(id(verdict))
        if found is None:
            found = self._stakes[id(verdict)] = self._find_stakes(verdict, scope)
        return found


def payments_before(
    rule: Rule, earlier: Sequence[Verdict] | Earlier, tables: Mapping[str, Table], view: View
) -> Payments:
    """What the verdicts of the phases before that of `rule` say about the claim's lines."""
    noted = earlier if isinstance(earlier, Earlier) else Earlier(earlier)
    return noted.payments(rule, tables, view)


def at_stake(verdict: Verdict, base: Scope) -> tuple[Consequence, ...]:
    """The consequence that a failure has, or those that an open verdict could have.

    `base` knows of the phases before that of the verdict.
    """
    every = consequences_of(verdict.rule)
    if not any(counts_against_lines(one) for one in every):
        return ()
    if verdict.status is Status.ERROR:
        return every
    if verdict.status is Status.FAIL:
        failed = (one for one in every if one.outcome is verdict.outcome)
        return tuple(one for one in failed if about(one, verdict.frame, possible=False) == verdict.about)[:1]
    if verdict.status not in OPEN:
        return ()
    combination, scope = _combination(verdict, base)
    return tuple(
        consequence
        for one in _judgements(verdict, combination, scope)
        if one.status in OPEN
        for consequence, _ in consequences_not_held(one.segment.version, one)
    )
