"""Families: which facts would settle a piece of evidence that is open.

In:   `Evidence`.                         Out: `Needed`.
Uses: evidence, folding, facts_needed.    Used by: missing.
Not here: which of them are told (missing); totals and numbers of members (families_totals).

What a table does not say, no fact of the claim settles. Facts are looked at where they are asked for: that two
questions ask for the same fact, and cannot both have their way, is not followed up.
"""

from collections.abc import Callable, Iterator, Sequence
from typing import Final, assert_never

from sequela.engine.evaluate.evidence import Counted, Evidence, Joint, MemberEvidence, Seen
from sequela.engine.evaluate.facts_needed import (
    BEYOND_FACTS,
    IMPOSSIBLE,
    NO,
    YES,
    Family,
    Needed,
    all_together,
    at_least,
    either_way,
    one_of,
)
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


def conjunction(parts: Sequence[Needed]) -> Needed:
    """The facts that would settle an `and`."""
    return Needed(all_together(one.yes for one in parts), one_of(one.no for one in parts))


def disjunction(parts: Sequence[Needed]) -> Needed:
    """The facts that would settle an `or`."""
    return Needed(one_of(one.yes for one in parts), all_together(one.no for one in parts))


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
    members = _open_members(evidence)
    match node.quantifier:
        case Quantifier.SOME:
            return disjunction([_of_member(one, made) for one in members])
        case Quantifier.NO:
            return disjunction([_of_member(one, made) for one in members]).opposite
        case Quantifier.EVERY:
            return conjunction([_of_every(one, made) for one in members])
        case Quantifier.AT_LEAST | Quantifier.AT_MOST:
            number = node.number if node.quantifier is Quantifier.AT_LEAST else node.number + 1
            certain = sum(one.value is True for one in evidence.members)
            needs = [(one, _of_member(one, made)) for one in members]
            found = _at_least(number - certain, needs)
            return found if node.quantifier is Quantifier.AT_LEAST else found.opposite
        case _:
            assert_never(node.quantifier)


def _of_member(member: MemberEvidence, made: Iterator[Needed]) -> Needed:
    """Whether a member belongs and `where` holds of it."""
    return conjunction([next(made) for _ in parts_of_member(member)])


def _of_every(member: MemberEvidence, made: Iterator[Needed]) -> Needed:
    """Whether a member does not belong, or `where` holds of it."""
    belongs = conjunction([next(made) for _ in member.belongs.parts])
    where = YES if member.where is None else next(made)
    return disjunction([belongs.opposite, where])


def _at_least(number: int, needs: Sequence[tuple[MemberEvidence, Needed]]) -> Needed:
    """The facts by which `number` of the open members count, or by which so many cannot.

    Of members that were not sent there may be any number, as long as the list may hold more.
    """
    sent = [one for member, one in needs if not isinstance(member.member, UnknownMember)]
    unsent = [one for member, one in needs if isinstance(member.member, UnknownMember)]
    too_few = at_least(len(sent) - number + 1, [one.no for one in sent])
    return Needed(at_least(number, [one.yes for one in sent]), all_together([too_few, *(one.no for one in unsent)]))
