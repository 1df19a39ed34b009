"""Missing: the smallest sets of facts of which some answer would decide a status, and the tables that have a gap.

In:   a verdict that is unknown or not checked, the claim, the tables.    Out: `Missing`, `Search`.
Uses: replay, families, gaps.             Used by: explain, cases.
Not here: which facts settle one condition (families).
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from functools import lru_cache
from itertools import pairwise
from typing import Final

from msgspec import Struct

from sequela.engine.encounter.view import View
from sequela.engine.evaluate.evidence import Evidence, Gap, every
from sequela.engine.evaluate.facts_needed import (
    BEYOND_FACTS,
    NO,
    Family,
    Needed,
    all_together,
    conjunction,
    disjunction,
    in_order,
    one_of,
)
from sequela.engine.evaluate.families import needed_for
from sequela.engine.evaluate.gaps import gaps_of
from sequela.engine.evaluate.payments import Payments
from sequela.engine.evaluate.replay import Earlier, replay
from sequela.engine.evaluate.verdict import Status, Verdict
from sequela.engine.evaluate.walk_rule import Judgement
from sequela.engine.model.rules import Rule
from sequela.engine.tables.model import Table

MOST_SETS: Final = 5

DAY: Final = timedelta(1)

_OPEN = frozenset({Status.UNKNOWN, Status.NOT_CHECKED})


class Missing(Struct, frozen=True):
    """What an unknown or not checked status waits for.

    `sets` are sets of JSON pointers, at most five, smaller ones first: some answer for all facts of one set decides the
    status. `gaps` are the tables that do not speak for a date, or are not loaded.
    """

    sets: tuple[tuple[str, ...], ...] = ()
    gaps: tuple[Gap, ...] = ()

    @property
    def asked(self) -> str | None:
        """The fact to ask for first; None where no fact of the claim would decide."""
        return self.sets[0][0] if self.sets else None


def missing(
    verdict: Verdict, tables: Mapping[str, Table], view: View, earlier: Sequence[Verdict] | Earlier = ()
) -> Missing:
    """What an open verdict waits for; nothing for any other. See `replay.replay` for the arguments."""
    return Search(tables, view, earlier).missing(verdict)


def told(needed: Needed, gaps: tuple[Gap, ...]) -> Missing:
    """What is told of the facts that would make a verdict a failure or not one, and of the tables that leave it open."""
    return Missing(_sets(needed), gaps)


@lru_cache(4096)
def _sets(needed: Needed) -> tuple[tuple[str, ...], ...]:
    """The few smallest sets of facts that would settle a verdict, one way or the other."""
    sets = one_of((needed.yes, needed.no))[:MOST_SETS]
    return tuple(in_order(facts) for facts in sets if facts)


Found = tuple[Needed, tuple[Gap, ...], tuple[Verdict, ...]]
"""What would settle a verdict, its own tables that leave it open, and the verdicts of earlier phases that do."""


class _Answer(Struct, frozen=True, eq=False):
    """What is missing for one verdict, which is held so that no other one is taken for it."""

    verdict: Verdict
    needed: Needed
    gaps: tuple[Gap, ...]


class Search:
    """What is missing for the verdicts of a claim, and for those of earlier phases on which they rest.

    Each verdict is judged again once, however many rest on it; what it was judged by is not kept. `quick` is asked first, if
    there is a quicker way to the same; None of it means that the verdict is to be judged again.
    """

    def __init__(
        self,
        tables: Mapping[str, Table],
        view: View,
        earlier: Sequence[Verdict] | Earlier,
        quick: "Callable[[Verdict, Search], Found | None] | None" = None,
    ) -> None:
        self.tables = tables
        self.view = view
        self._quick = quick
        self.earlier = earlier if isinstance(earlier, Earlier) else Earlier(earlier)
        self._answers: dict[int, _Answer] = {}

    def missing(self, verdict: Verdict) -> Missing:
        """What an open verdict waits for; nothing for any other."""
        if verdict.status not in _OPEN:
            return Missing()
        found = self._answer(verdict)
        return told(found.needed, found.gaps)

    def needed(self, verdict: Verdict) -> Needed:
        """The facts by which a verdict would be a failure, and those by which it would not.

        Asks itself for verdicts of earlier phases, of which there are no more than there are phases.
        """
        return self._answer(verdict).needed

    def payments(self, rule: Rule) -> Payments:
        """What the verdicts of the phases before that of a rule say about the claim's lines."""
        return self.earlier.payments(rule, self.tables, self.view)

    def _answer(self, verdict: Verdict) -> _Answer:
        found = self._answers.get(id(verdict))
        if found is None:
            found = self._answers[id(verdict)] = _Answer(verdict, *self._found(verdict))
        return found

    def _found(self, verdict: Verdict) -> tuple[Needed, tuple[Gap, ...]]:
        """What would settle a verdict, and the tables that leave it open."""
        quick = None if self._quick is None else self._quick(verdict, self)
        if quick is None:
            judgements = replay(verdict, self.tables, self.view, self.earlier, thorough=False).judgements
            gaps, doubts = gaps_of(judgements)
            quick = self._find(verdict, judgements), gaps, doubts
        needed, gaps, doubts = quick
        below = [gap for doubt in doubts if doubt.status is Status.NOT_CHECKED for gap in self._answer(doubt).gaps]
        return needed, tuple(dict.fromkeys((*gaps, *below)))

    def _find(self, verdict: Verdict, judgements: Sequence[Judgement]) -> Needed:
        if not judgements:
            return BEYOND_FACTS
        fails: dict[int, list[Needed]] = {}
        for one in judgements:
            fails.setdefault(id(one.segment), []).append(self._fails(one))
        of_segments = [disjunction(several) for several in fails.values()]
        undated = next((one.undated for one in judgements if one.undated is not None), None)
        if undated is None:
            return disjunction(of_segments)
        return _once_dated(verdict.rule, frozenset(undated.asks or ()), of_segments)

    def _fails(self, judgement: Judgement) -> Needed:
        """The facts by which one judgement would be a failure, its date apart."""
        if judgement.status not in _OPEN:
            return NO
        return conjunction([self._of(part) for part in _failing(judgement)])

    def _of(self, part: tuple[Evidence, bool]) -> Needed:
        evidence, wanted = part
        needed = needed_for(evidence, self.needed)
        return needed if wanted else needed.opposite


def _failing(judgement: Judgement) -> list[tuple[Evidence, bool]]:
    """What must come out yes (True) or no (False) for a failure, the date apart; of the requirements, together, no."""
    parts = [(judgement.combination.pairing, True), *((one.evidence, True) for one in judgement.look_ups)]
    if judgement.when is not None:
        parts.append((judgement.when, True))
    parts.extend((one, False) for one in judgement.unless)
    if judgement.bypass is not None:
        parts.append((judgement.bypass, False))
    parts.append((every("requirements", None, judgement.requirements), False))
    return parts


def _once_dated(rule: Rule, date: frozenset[str], of_segments: Sequence[Needed]) -> Needed:
    """The facts that settle a status whose governing date is unknown: the date picks a segment, and that one decides.

    A date out of every period, or in one in which the rule is disabled, makes it no failure. Without the date, all
    segments must agree.
    """
    if not date:
        return BEYOND_FACTS
    picked: Family = (date,)
    yes = [all_together((picked, one.yes)) for one in of_segments]
    no = [all_together((picked, one.no)) for one in of_segments]
    no.append(all_together(one.no for one in of_segments))
    if _may_be_out_of_force(rule):
        no.append(picked)
    else:
        yes.append(all_together(one.yes for one in of_segments))
    return Needed(one_of(yes), one_of(no))


def _may_be_out_of_force(rule: Rule) -> bool:
    """Whether there is a date on which no version of the rule is in force, or the one that is, is disabled."""
    segments = rule.segments
    if segments[0].first is not None or segments[-1].last is not None:
        return True
    if any(segment.disabled is not None for segment in segments):
        return True
    return any(
        one.last is None or other.first is None or one.last < other.first - DAY for one, other in pairwise(segments)
    )
