"""Payments: which lines rules of earlier phases denied or rejected, or perhaps did.

In:   verdicts of earlier phases.      Out: `Payments`, `at_stake`.
Uses: model, encounter, values, verdict.    Used by: walk*, missing.
Not here: the order of the phases (walk).
"""

from collections.abc import Iterable

from sequela.engine.encounter.view import Member
from sequela.engine.evaluate.values import NOT_COVERED, Logic
from sequela.engine.evaluate.verdict import Bound, Group, Status, Verdict
from sequela.engine.model.rules import Consequence, Outcome, Rule
from sequela.engine.vocabulary.kinds import Kind

_AGAINST_LINES = frozenset({Outcome.REJECT, Outcome.DENY})
_OPEN = frozenset({Status.UNKNOWN, Status.NOT_CHECKED, Status.ERROR})
_MAY_HOLD_LINES = frozenset({Kind.LINE, Kind.SERVICE, Kind.GROUP})
_DISPOSITIONS: dict[str | None, Logic] = {"paid": True, "denied": False, "void": False}


def consequences_of(rule: Rule) -> tuple[Consequence, ...]:
    """Every consequence of every version of a rule: its own, and those of what payers added."""
    found: list[Consequence] = []
    for segment in rule.segments:
        found.append(segment.version.consequence)
        found.extend(one.consequence for one in segment.version.requirements if one.consequence is not None)
    return tuple(found)


def counts_against_lines(consequence: Consequence) -> bool:
    """Whether a failure with this consequence makes lines not payable."""
    return consequence.outcome in _AGAINST_LINES and any(one.kind in _MAY_HOLD_LINES for one in consequence.about)


class Payments:
    """What the verdicts noted so far say about each line of the claim: payable, not payable, or open."""

    __slots__ = ("_denied", "_doubted", "_doubted_all")

    def __init__(self) -> None:
        self._denied: dict[str, Verdict] = {}
        self._doubted: dict[str, list[Verdict]] = {}
        self._doubted_all: list[Verdict] = []

    def note(self, verdict: Verdict, at_stake: Iterable[Consequence]) -> None:
        """Count a verdict of an earlier phase.

        `at_stake` are the consequences that a failure has (one), or that it could have: those of the requirements that
        are not certain to hold. A line that a group may hold is in doubt when the group fails. What is about a witness
        that nobody found yet could be about any line.
        """
        for consequence in at_stake:
            if not counts_against_lines(consequence):
                continue
            for binding in consequence.about:
                bound = verdict.frame[binding.slot] if verdict.frame else None
                if verdict.status is Status.FAIL:
                    self._deny(verdict, bound)
                elif verdict.status in _OPEN:
                    self._doubt(verdict, bound, binding.kind)

    def _deny(self, verdict: Verdict, bound: Bound) -> None:
        if isinstance(bound, Group):
            for line in bound.lines:
                self._denied.setdefault(line.pointer, verdict)
            for line in bound.possible:
                self._doubted.setdefault(line.pointer, []).append(verdict)
        elif isinstance(bound, Member) and bound.kind is Kind.LINE:
            self._denied.setdefault(bound.pointer, verdict)

    def _doubt(self, verdict: Verdict, bound: Bound, kind: Kind) -> None:
        if isinstance(bound, Group):
            for line in (*bound.lines, *bound.possible):
                self._doubted.setdefault(line.pointer, []).append(verdict)
        elif isinstance(bound, Member):
            if bound.kind is Kind.LINE:
                self._doubted.setdefault(bound.pointer, []).append(verdict)
        elif bound is None and kind in _MAY_HOLD_LINES:
            self._doubted_all.append(verdict)

    def payable(self, line: Member) -> Logic:
        """Whether a line is payable; a history line is or is not by its own disposition."""
        if line.kind is not Kind.LINE:
            return _DISPOSITIONS.get(line.data.disposition)
        if line.pointer in self._denied:
            return False
        doubts = self.doubts(line)
        if not doubts:
            return True
        return NOT_COVERED if any(one.status is Status.NOT_CHECKED for one in doubts) else None

    def denial(self, line: Member) -> Verdict | None:
        """The first failure that makes a claim line not payable."""
        return self._denied.get(line.pointer)

    def doubts(self, line: Member) -> tuple[Verdict, ...]:
        """The verdicts that leave open whether a claim line is payable, while none denies it."""
        return (*self._doubted.get(line.pointer, ()), *self._doubted_all)
