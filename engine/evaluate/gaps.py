"""Gaps: the tables that do not cover a date and leave a status open.

In:   `Judgement`s, evidence.       Out: `Gap`s.
Uses: evidence, folding, walk_rule. Used by: missing; plan.needs.
Not here: facts of the claim that are missing (families).
"""

from collections.abc import Iterable, Iterator

from sequela.engine.evaluate.evidence import Evidence, Gap
from sequela.engine.evaluate.folding import parts_of_member
from sequela.engine.evaluate.values import NOT_COVERED
from sequela.engine.evaluate.verdict import Verdict
from sequela.engine.evaluate.walk_rule import Judgement


def conjuncts_of(judgement: Judgement) -> list[Evidence]:
    """The evidence of everything that a rule asked, in the order in which it is read."""
    found = [judgement.combination.pairing, *(one.evidence for one in judgement.look_ups)]
    found.extend(one for one in (judgement.undated, judgement.when, *judgement.unless) if one is not None)
    found.extend(one for one in (*judgement.requirements, judgement.bypass) if one is not None)
    return found


def uncovered(asked: Iterable[Evidence]) -> Iterator[Evidence]:
    """Every piece of evidence that is open because of a table that does not cover the date, in the order asked."""
    waiting = [part for part in asked if part.value is NOT_COVERED]
    waiting.reverse()
    while waiting:
        one = waiting.pop()
        yield one
        parts = [*one.parts, *(part for member in one.members for part in parts_of_member(member))]
        parts.extend(
            part for reading in one.readings for entry in reading.counted for part in parts_of_member(entry.member)
        )
        waiting.extend(part for part in reversed(parts) if part.value is NOT_COVERED)


def gaps_of(judgements: Iterable[Judgement]) -> tuple[tuple[Gap, ...], tuple[Verdict, ...]]:
    """The tables that leave the status open, and the verdicts of earlier phases that do for the same reason."""
    return gaps_in(part for one in judgements for part in conjuncts_of(one))


def gaps_in(asked: Iterable[Evidence]) -> tuple[tuple[Gap, ...], tuple[Verdict, ...]]:
    """The same of pieces of evidence."""
    gaps: dict[Gap, None] = {}
    doubts: dict[Verdict, None] = {}
    for evidence in uncovered(asked):
        gaps.update(dict.fromkeys(evidence.gaps))
        doubts.update(dict.fromkeys(evidence.doubts))
    return tuple(gaps), tuple(doubts)
