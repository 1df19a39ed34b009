"""Compiled collections: which members a binder or a quantifier ranges over, and how surely each belongs.

In:   `Domain`s and `Binder`s.              Out: functions from a frame to (member, Kleene) pairs.
Uses: model, encounter.view, plan.sets.     Used by: plan.predicates, plan.values, plan.subjects.

A member that certainly does not belong is left out; one of which that is unknown stays with UNKNOWN or UNCHECKED. An open list
ends with `UnknownMember.UNKNOWN`, the member that it may hold beyond those that are there.
"""

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from sequela.engine.encounter.view import READERS, Member
from sequela.engine.evaluate.verdict import Group, UnknownMember
from sequela.engine.model.nodes import Binding, Domain, SetDefinition, SetUse
from sequela.engine.model.rules import Binder
from sequela.engine.plan.logic import FALSE, NOT_COVERED, TRUE, UNCHECKED, UNKNOWN, Context, Frame, Reader, conjunction
from sequela.engine.plan.narrowing import Alike, narrowed
from sequela.engine.plan.sets import Membership, list_contains
from sequela.engine.vocabulary.absent import NONE
from sequela.engine.vocabulary.kinds import Kind

Found = Iterable[tuple[Any, int]]
Members = Callable[[Frame, Context], Found]
Listed = Callable[[Frame, Context], Sequence[tuple[Any, int]]]

MAY_BE_UNSENT = (Kind.HISTORY_LINE, Kind.SERVICE, Kind.DOCUMENT)
"""Kinds of which there may be more than was sent."""


def compile_members(
    domain: Domain | Binder,
    compile_set: Callable[[SetDefinition], Membership],
    compile_value: Callable[[Any], Reader],
    alike: Alike | None = None,
) -> Members:
    """A function that lists the members of a domain with how surely each belongs; `where` is not asked here.

    Members that are certainly not `alike` are left out where that saves looking at them.
    """
    listed = _listed(domain.kind, domain.of)
    if alike is not None and domain.of is None:
        listed = narrowed(listed, alike)
    within = within_of(domain.within, compile_set, compile_value) if domain.within is not None else None
    excluded = tuple(binding.slot for binding in domain.excluded)
    later = domain.later
    if within is None and not excluded:
        return listed

    def members(frame: Frame, context: Context) -> Found:
        for member, listed_so in listed(frame, context):
            belongs = _not_excluded(member, listed_so, excluded, later, frame) if excluded else listed_so
            if within is not None and belongs != FALSE:
                belongs = conjunction(belongs, within(member, frame, context))
            if belongs != FALSE:
                yield member, belongs

    return members


def _listed(kind: Kind, of: Binding | None) -> Listed:
    if of is None:
        return _all_of(kind)
    slot = of.slot
    match kind:
        case Kind.MODIFIER:

            def modifiers(frame: Frame, context: Context) -> Sequence[tuple[Any, int]]:
                line = frame[slot]
                if line.__class__ is not Member:
                    return [(UnknownMember.UNKNOWN, UNKNOWN)]
                return [(member, TRUE) for member in context.view.modifiers(line)]

            return modifiers
        case Kind.DIAGNOSIS:

            def pointed(frame: Frame, context: Context) -> Sequence[tuple[Any, int]]:
                line = frame[slot]
                if line.__class__ is not Member:
                    return [(UnknownMember.UNKNOWN, UNKNOWN)]
                found = context.view.diagnoses_of(line)
                if found is not None:
                    return [(member, TRUE) for member in found]
                if line.kind is Kind.LINE:
                    return [(member, UNKNOWN) for member in context.view.diagnoses()]
                return [(UnknownMember.UNKNOWN, UNKNOWN)]

            return pointed
        case _:

            def lines_of_group(frame: Frame, context: Context) -> Sequence[tuple[Any, int]]:
                group: Group = frame[slot]
                found = [(member, TRUE) for member in group.lines]
                if group.possible:
                    found.extend((member, UNKNOWN) for member in group.possible)
                    found.sort(key=_index)
                return found

            return lines_of_group


def _all_of(kind: Kind) -> Listed:
    read = READERS[kind]
    if kind not in MAY_BE_UNSENT:

        def closed(frame: Frame, context: Context) -> Sequence[tuple[Any, int]]:
            return [(member, TRUE) for member in read(context.view)]

        return closed

    def open_list(frame: Frame, context: Context) -> Sequence[tuple[Any, int]]:
        view = context.view
        found: list[tuple[Any, int]] = [(member, UNKNOWN if member.uncertain else TRUE) for member in read(view)]
        if view.is_open(kind):
            found.append((UnknownMember.UNKNOWN, UNKNOWN))
        return found

    return open_list


def _index(pair: tuple[Any, int]) -> int:
    place: int = pair[0].index
    return place


def within_of(
    use: SetUse, compile_set: Callable[[SetDefinition], Membership], compile_value: Callable[[Any], Reader]
) -> Callable[[Any, Frame, Context], int]:
    """A function that says how surely the code of a member is in what stands after `in`."""
    if isinstance(use, SetDefinition):
        contains = compile_set(use)

        def in_set(member: Any, frame: Frame, context: Context) -> int:
            if member.__class__ is not Member:
                return UNKNOWN
            code = member.code
            if code is None:
                return UNKNOWN
            return FALSE if code is NONE else contains(code, context)

        return in_set
    listed = compile_value(use)

    def in_list(member: Any, frame: Frame, context: Context) -> int:
        code = member.code if member.__class__ is Member else None
        if code is NONE:
            return FALSE
        codes = listed(frame, context)
        if code is None:
            return UNCHECKED if codes is NOT_COVERED else UNKNOWN
        return list_contains(codes, code)

    return in_list


def same_member(one: Any, other: Any) -> bool:
    """Whether two members are one thing of the claim."""
    if one is other:
        return True
    return (
        one.__class__ is Member
        and other.__class__ is Member
        and one.index == other.index
        and one.kind is other.kind
        and (one.parent is None) == (other.parent is None)
        and (one.parent is None or same_member(one.parent, other.parent))
    )


Place = tuple[bool, int, bool, int]


def place_of(member: Member) -> Place:
    """Where a member stands: services with the claim's lines first, modifiers by their lines, diagnoses in order."""
    parent = member.parent
    if parent is None:
        return False, -1, member.kind is Kind.HISTORY_LINE, member.order
    return parent.kind is Kind.HISTORY_LINE, parent.order, member.kind is Kind.HISTORY_LINE, member.order


def _not_excluded(member: Any, belongs: int, excluded: Iterable[int], later: bool, frame: Frame) -> int:
    if member.__class__ is not Member:
        return belongs
    for slot in excluded:
        bound = frame[slot]
        if bound.__class__ is Group:
            if any(same_member(member, line) for line in bound.lines):
                return FALSE
            if later and place_of(member) <= max(place_of(line) for line in bound.lines):
                return FALSE
            if any(same_member(member, line) for line in bound.possible):
                belongs = conjunction(belongs, UNKNOWN)
        elif bound.__class__ is Member:
            if same_member(member, bound) or (later and place_of(member) <= place_of(bound)):
                return FALSE
        elif later and bound is UnknownMember.UNKNOWN:
            return FALSE
    return belongs
