"""Families: which facts would settle a piece of evidence that is open.

In:   `Evidence`.                         Out: `Needed`.
Uses: evidence, folding, facts_needed.    Used by: missing.
Not here: which of them are told (missing); totals and numbers of members (families_totals), quantifiers (families_members).

What a table does not say, no fact of the claim settles. Facts are looked at where they are asked for: that two
questions ask for the same fact, and cannot both have their way, is not followed up.
"""

from collections.abc import Callable, Iterator, Sequence
from typing import Final

from sequela.engine.evaluate.evidence import Counted, Evidence, Joint, MemberEvidence, Seen
from sequela.engine.evaluate.facts_needed import (
    BEYOND_FACTS,
    IMPOSSIBLE,
    NO,
    YES,
    Family,
    Needed,
    conjunction,
    disjunction,
    either_way,
)
from sequela.engine.evaluate.families_members import MemberNeeds, settling_members
from sequela.engine.evaluate.families_totals import CountedNeeds, settling_totals
from sequela.engine.evaluate.folding import fold, parts_of_member
from sequela.engine.evaluate.quantity import satisfies_every
from sequela.engine.evaluate.values import NOT_COVERED, is_unknown
from sequela.engine.evaluate.verdict import UnknownMember, Verdict
from sequela.engine.model.nodes import Quantified
from sequela.engine.syntax.comparisons import Quantifier

MOST_DOUBTS: Final = 20
"""Verdicts of earlier phases that are looked at, where many leave open whether a line is payable."""

OfVerdict = Callable[[Verdict], Needed]
"""What would make an open verdict of an earlier phase a failure (yes), or not one (no)."""


def needed_for(root: Evidence, of_verdict: OfVerdict) -> Needed:
    """The facts that would settle a piece of evidence, one way and the other."""

    def make(evidence: Evidence, made: list[Needed]) -> Needed:
        return _needed(evidence, made, of_verdict)

    return fold(root, _parts, make)


def _parts(evidence: Evidence) -> Sequence[Evidence]:
    if not evidence.unknown:
        return ()
    found = list(evidence.parts)
    for member in _open_members(evidence):
        found.extend(parts_of_member(member))
    for counted in _counted(evidence):
        found.extend(parts_of_member(counted.member))
    return found


def _needed(evidence: Evidence, made: list[Needed], of_verdict: OfVerdict) -> Needed:
    if not evidence.unknown:
        return YES if evidence.value is True else NO
    match evidence.joint:
        case Joint.ALL:
            return conjunction(made)
        case Joint.ANY:
            return disjunction(made)
        case Joint.NOT:
            return made[0].opposite
        case Joint.SAME:
            return made[0]
        case Joint.MEMBERS:
            return _of_members(evidence, iter(made))
        case Joint.LEAF:
            return _of_leaf(evidence, iter(made), of_verdict)


# ---------------------------------------------------------------- leaves


def _of_leaf(evidence: Evidence, made: Iterator[Needed], of_verdict: OfVerdict) -> Needed:
    if evidence.beyond_facts:
        return BEYOND_FACTS
    if evidence.doubts:
        passing = conjunction([of_verdict(one).opposite for one in evidence.doubts[:MOST_DOUBTS]])
        cut = len(evidence.doubts) > MOST_DOUBTS
        return Needed(IMPOSSIBLE if cut else passing.yes, passing.no)
    counted = _counted(evidence)
    if counted and evidence.test is not None:
        needs = [_of_counted(one.member, one.amount, made) for one in counted]
        return settling_totals(evidence.readings, evidence.test, needs, _pointers(evidence))
    pointers = _pointers(evidence)
    if pointers is None:
        return BEYOND_FACTS
    needed = either_way(pointers)
    return Needed(IMPOSSIBLE, needed.no) if evidence.only_no else needed


def _pointers(evidence: Evidence) -> tuple[str, ...] | None:
    """The facts that a leaf misses; None where it misses one that nobody can be asked for."""
    counted = {id(one.amount) for one in _counted(evidence)}
    pointers = list(evidence.asks or ())
    for seen in evidence.seen:
        if id(seen) in counted or not _is_open(seen):
            continue
        if seen.asks is None:
            return None
        pointers.extend(seen.asks)
    return tuple(pointers)


def _is_open(seen: Seen) -> bool:
    return seen.value is None or seen.value is NOT_COVERED


def _counted(evidence: Evidence) -> list[Counted]:
    return [one for reading in evidence.readings for one in reading.counted] if evidence.unknown else []


def _of_counted(member: MemberEvidence, amount: Seen | None, made: Iterator[Needed]) -> CountedNeeds:
    asked = [next(made) for _ in parts_of_member(member)]
    of_amount: Family | None = None
    if amount is not None and amount.value is None:
        of_amount = (frozenset(amount.asks),) if amount.asks else IMPOSSIBLE
    return CountedNeeds(conjunction(asked), of_amount)


# ---------------------------------------------------------------- collections


def _open_members(evidence: Evidence) -> list[MemberEvidence]:
    """The members that leave a quantifier open."""
    if evidence.joint is not Joint.MEMBERS:
        return []
    node = evidence.node
    assert isinstance(node, Quantified)
    every = node.quantifier is Quantifier.EVERY
    return [one for one in evidence.members if is_unknown(satisfies_every(one) if every else one.value)]


def _of_members(evidence: Evidence, made: Iterator[Needed]) -> Needed:
    node = evidence.node
    assert isinstance(node, Quantified)
    members = [_member_needs(one, made) for one in _open_members(evidence)]
    certain = sum(one.value is True for one in evidence.members)
    return settling_members(node.quantifier, node.number, certain, members)


def _member_needs(member: MemberEvidence, made: Iterator[Needed]) -> MemberNeeds:
    belongs = [next(made) for _ in member.belongs.parts]
    where = None if member.where is None else next(made)
    return MemberNeeds(unsent=isinstance(member.member, UnknownMember), belongs=belongs, where=where)
