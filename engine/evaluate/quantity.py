"""Quantity: what some, every, no, at least and at most say of the members that were met.

In:   `MemberEvidence`.        Out: `Logic`.
Uses: evidence, values.        Used by: walk_conditions, families, trace.
Not here: which members there are (collections).
"""

from collections.abc import Iterable, Sequence
from typing import assert_never

from sequela.engine.evaluate.evidence import MemberEvidence
from sequela.engine.evaluate.values import NOT_COVERED, Logic, all_of, any_of, is_unknown, opposite
from sequela.engine.evaluate.verdict import UnknownMember
from sequela.engine.syntax.comparisons import Quantifier


def satisfies_every(member: MemberEvidence) -> Logic:
    """What `every` asks of a member: that it does not belong, or that `where` holds of it."""
    where: Logic = True if member.where is None else member.where.value
    return any_of((opposite(member.belongs.value), where))


def decides(quantifier: Quantifier, member: MemberEvidence) -> bool:
    """Whether the member is one of those of which enough decide: a witness, or for `every` a counterexample."""
    if quantifier is Quantifier.EVERY:
        return satisfies_every(member) is False
    return member.value is True


def enough(quantifier: Quantifier, number: int) -> int:
    """How many deciding members decide; 0 where `at least 0` needs none."""
    match quantifier:
        case Quantifier.SOME | Quantifier.NO | Quantifier.EVERY:
            return 1
        case Quantifier.AT_LEAST:
            return number
        case Quantifier.AT_MOST:
            return number + 1
        case _:
            assert_never(quantifier)


def of_members(quantifier: Quantifier, number: int, members: Sequence[MemberEvidence]) -> Logic:
    """Whether the quantifier holds of the members met.

    An open list may hold any number of further members, unless what is asked of the unknown one is certainly no.
    """
    match quantifier:
        case Quantifier.SOME:
            return any_of(member.value for member in members)
        case Quantifier.NO:
            return opposite(any_of(member.value for member in members))
        case Quantifier.EVERY:
            return all_of(satisfies_every(member) for member in members)
        case Quantifier.AT_LEAST:
            return _at_least(number, members)
        case Quantifier.AT_MOST:
            return opposite(_at_least(number + 1, members))
        case _:
            assert_never(quantifier)


def _at_least(number: int, members: Iterable[MemberEvidence]) -> Logic:
    certain = possible = 0
    endless = False
    doubt: Logic = None
    for member in members:
        value = member.value
        if value is True:
            certain += 1
        elif is_unknown(value):
            possible += 1
            endless = endless or isinstance(member.member, UnknownMember)
            doubt = NOT_COVERED if value is NOT_COVERED else doubt
    if certain >= number:
        return True
    return doubt if endless or certain + possible >= number else False
