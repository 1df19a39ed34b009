"""Families of members: which facts would settle what some, every, no, at least and at most say of a collection.

In:   the members that leave it open, and what would settle each.    Out: `Needed`.
Uses: facts_needed.                                                  Used by: families; plan.needs.
Not here: what would settle one member (families).
"""

from collections.abc import Sequence
from typing import assert_never

from msgspec import Struct

from sequela.engine.evaluate.facts_needed import YES, Needed, all_together, at_least, conjunction, disjunction
from sequela.engine.syntax.comparisons import Quantifier


class MemberNeeds(Struct, frozen=True, eq=False, kw_only=True):
    """What would settle one member: each part of whether it belongs, and `where` (None: nothing is asked).

    `unsent` is the member that an open list may hold beyond those that are there.
    """

    unsent: bool
    belongs: Sequence[Needed]
    where: Needed | None


def settling_members(quantifier: Quantifier, number: int, certain: int, members: Sequence[MemberNeeds]) -> Needed:
    """The facts that would settle a quantifier that is open.

    Args:
        quantifier: which one.
        number: of `at least` and `at most`.
        certain: how many members count for certain.
        members: those that leave it open.
    """
    match quantifier:
        case Quantifier.SOME:
            return disjunction([_counts(one) for one in members])
        case Quantifier.NO:
            return disjunction([_counts(one) for one in members]).opposite
        case Quantifier.EVERY:
            return conjunction([_is_as_asked(one) for one in members])
        case Quantifier.AT_LEAST:
            return _at_least(number - certain, members)
        case Quantifier.AT_MOST:
            return _at_least(number + 1 - certain, members).opposite
        case _:
            assert_never(quantifier)


def _counts(member: MemberNeeds) -> Needed:
    """Whether a member belongs and `where` holds of it."""
    return conjunction([*member.belongs, YES if member.where is None else member.where])


def _is_as_asked(member: MemberNeeds) -> Needed:
    """Whether a member does not belong, or `where` holds of it."""
    return disjunction([conjunction(member.belongs).opposite, YES if member.where is None else member.where])


def _at_least(number: int, members: Sequence[MemberNeeds]) -> Needed:
    """The facts by which `number` of the open members count, or by which so many cannot.

    Of members that were not sent there may be any number, as long as the list may hold more.
    """
    sent = [_counts(one) for one in members if not one.unsent]
    unsent = [_counts(one) for one in members if one.unsent]
    too_few = at_least(len(sent) - number + 1, [one.no for one in sent])
    return Needed(at_least(number, [one.yes for one in sent]), all_together([too_few, *(one.no for one in unsent)]))
