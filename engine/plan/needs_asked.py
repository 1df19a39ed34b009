"""Needs, asked: a condition with what would settle it, and how several of them are put together.

In:   steps.                                          Out: `Asked`, `Asking`, `every`, `some`, `opposite`, `always`.
Uses: plan.logic, evaluate.families, evaluate.gaps.   Used by: plan.needs, plan.needs_members, plan.waiting.
Not here: conditions (needs), collections (needs_members).
"""

from collections.abc import Callable, Sequence

from msgspec import Struct

from sequela.engine.evaluate.evidence import Evidence, Gap, Scope
from sequela.engine.evaluate.facts_needed import BEYOND_FACTS, NO, YES, Needed, conjunction, disjunction
from sequela.engine.evaluate.families import OfVerdict, needed_for
from sequela.engine.evaluate.gaps import gaps_in
from sequela.engine.evaluate.verdict import Verdict
from sequela.engine.evaluate.walk_conditions import judge, settle
from sequela.engine.model.nodes import Condition
from sequela.engine.plan.logic import FALSE, TRUE, Context, Frame, Step, all_of, any_of, negated


class Asking:
    """What is asked for one verdict: how the plain evaluator is asked, and the tables found so far, in the order asked.

    `doubts` are the verdicts of earlier phases that leave it open; `of_verdict` says what would settle one of them.
    """

    __slots__ = ("_make_scope", "_of_verdict", "_scope", "doubts", "gaps")

    def __init__(self, make_scope: Callable[[], Scope], of_verdict: OfVerdict) -> None:
        self._make_scope = make_scope
        self._of_verdict = of_verdict
        self._scope: Scope | None = None
        self.gaps: dict[Gap, None] = {}
        self.doubts: dict[Verdict, None] = {}

    @property
    def scope(self) -> Scope:
        """With what the plain evaluator judges; made when it is first asked."""
        if self._scope is None:
            self._scope = self._make_scope()
        return self._scope

    def plainly(self, condition: Condition, frame: Frame) -> Needed:
        """What would settle a leaf, as the plain evaluator says."""
        return self.of_evidence(settle(judge(condition, list(frame), self.scope), self.scope))

    def of_evidence(self, evidence: Evidence, *, note: bool = True) -> Needed:
        """What would settle a piece of evidence; its tables are noted, if asked."""
        if note:
            gaps, doubts = gaps_in((evidence,))
            self.gaps.update(dict.fromkeys(gaps))
            self.doubts.update(dict.fromkeys(doubts))
        return needed_for(evidence, self._of_verdict)


Open = Callable[[Frame, Context, Asking, int], Needed]
"""What would settle a condition whose step says that it is open; the last argument is UNKNOWN or UNCHECKED, as the step said."""


class Asked(Struct, frozen=True, eq=False):
    """A condition: its step, and what would settle it where it is open. `at_once` says both in one go, on some claims."""

    step: Step
    settling: Open
    at_once: Callable[[Frame, Context, Asking], Needed | None] | None = None

    def needed(self, frame: Frame, context: Context, asking: Asking) -> Needed:
        """What would settle it."""
        if self.at_once is not None:
            known = self.at_once(frame, context, asking)
            if known is not None:
                return known
        value = self.step(frame, context)
        if value == TRUE:
            return YES
        return NO if value == FALSE else self.settling(frame, context, asking, value)


def every(parts: Sequence[Asked]) -> Asked:
    """`and`."""

    def settling(frame: Frame, context: Context, asking: Asking, value: int) -> Needed:
        return conjunction([part.needed(frame, context, asking) for part in parts])

    return parts[0] if len(parts) == 1 else Asked(all_of([part.step for part in parts]), settling)


def some(parts: Sequence[Asked]) -> Asked:
    """`or`."""

    def settling(frame: Frame, context: Context, asking: Asking, value: int) -> Needed:
        return disjunction([part.needed(frame, context, asking) for part in parts])

    return parts[0] if len(parts) == 1 else Asked(any_of([part.step for part in parts]), settling)


def opposite(part: Asked) -> Asked:
    """`not`."""

    def settling(frame: Frame, context: Context, asking: Asking, value: int) -> Needed:
        return part.settling(frame, context, asking, value).opposite

    return Asked(negated(part.step), settling)


def always(answer: int) -> Asked:
    """What is the same on every claim; where it is unknown, nothing of the claim settles it."""

    def settling(frame: Frame, context: Context, asking: Asking, value: int) -> Needed:
        return BEYOND_FACTS

    return Asked(lambda frame, context: answer, settling)
