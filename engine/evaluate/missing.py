"""Missing: the smallest sets of facts of which some answer would decide a status, and the tables that have a gap.

In:   a verdict that is unknown or not checked, the claim, the tables.    Out: `Missing`.
Uses: replay, families, gaps.             Used by: explain, cases.
Not here: which facts settle one condition (families).
"""

from collections.abc import Mapping, Sequence
from typing import Final

from attrs import frozen
from sequela.engine.encounter.view import View
from sequela.engine.evaluate.evidence import Evidence, Gap, every
from sequela.engine.evaluate.facts_needed import BEYOND_FACTS, Needed, in_order, one_of
from sequela.engine.evaluate.families import conjunction, needed_for
from sequela.engine.evaluate.gaps import gaps_of
from sequela.engine.evaluate.replay import replay
from sequela.engine.evaluate.verdict import Status, Verdict
from sequela.engine.evaluate.walk_rule import Judgement
from sequela.engine.tables.model import Table

MOST_SETS: Final = 5

_OPEN = frozenset({Status.UNKNOWN, Status.NOT_CHECKED})


@frozen
class Missing:
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


def missing(verdict: Verdict, tables: Mapping[str, Table], view: View, earlier: Sequence[Verdict] = ()) -> Missing:
    """What an open verdict waits for; nothing for any other. See `replay.replay` for the arguments."""
    if verdict.status not in _OPEN:
        return Missing()
    search = _Search(tables, view, earlier)
    needed = search.needed(verdict)
    sets = one_of((needed.yes, needed.no))[:MOST_SETS]
    return Missing(tuple(in_order(facts) for facts in sets if facts), search.gaps(verdict))


class _Search:
    """What is missing for a verdict, and for those of earlier phases on which it rests."""

    def __init__(self, tables: Mapping[str, Table], view: View, earlier: Sequence[Verdict]) -> None:
        self._tables = tables
        self._view = view
        self._earlier = earlier
        self._judged: dict[int, tuple[Judgement, ...]] = {}
        self._needed: dict[int, Needed] = {}

    def needed(self, verdict: Verdict) -> Needed:
        """The facts by which a verdict would be a failure, and those by which it would not.

        Asks itself for verdicts of earlier phases, of which there are no more than there are phases.
        """
        found = self._needed.get(id(verdict))
        if found is None:
            open_ones = [one for one in self._judgements(verdict) if one.status in _OPEN]
            fails = [conjunction([self._of(part) for part in _failing(one)]) for one in open_ones]
            negated = conjunction([one.opposite for one in fails]) if fails else BEYOND_FACTS
            found = self._needed[id(verdict)] = negated.opposite
        return found

    def gaps(self, verdict: Verdict) -> tuple[Gap, ...]:
        """The tables that leave a verdict open, its own first, then those of the verdicts on which it rests."""
        found, doubts = gaps_of(self._judgements(verdict))
        below = [gap for doubt in doubts if doubt.status is Status.NOT_CHECKED for gap in self.gaps(doubt)]
        return tuple(dict.fromkeys((*found, *below)))

    def _of(self, part: tuple[Evidence, bool]) -> Needed:
        evidence, wanted = part
        needed = needed_for(evidence, self.needed)
        return needed if wanted else needed.opposite

    def _judgements(self, verdict: Verdict) -> tuple[Judgement, ...]:
        found = self._judged.get(id(verdict))
        if found is None:
            replayed = replay(verdict, self._tables, self._view, self._earlier, thorough=False)
            found = self._judged[id(verdict)] = replayed.judgements
        return found


def _failing(judgement: Judgement) -> list[tuple[Evidence, bool]]:
    """What must come out yes (True) or no (False) for a failure; of the requirements, together, no."""
    parts = [(judgement.combination.pairing, True), *((one.evidence, True) for one in judgement.look_ups)]
    if judgement.undated is not None:
        parts.append((judgement.undated, True))
    if judgement.when is not None:
        parts.append((judgement.when, True))
    parts.extend((one, False) for one in judgement.unless)
    if judgement.bypass is not None:
        parts.append((judgement.bypass, False))
    parts.append((every("requirements", None, judgement.requirements), False))
    return parts
