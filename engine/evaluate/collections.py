"""Collections: what a binder or a quantifier ranges over, and how surely each member belongs.

In:   `Domain`s and `Binder`s, a frame.      Out: members, and the evidence that they belong.
Uses: evidence, facts, walk_sets, encounter.    Used by: walk_values, walk_conditions, walk_subjects.
Not here: what is asked of a member (walk_conditions); combinations of subjects (walk_subjects).

A member that certainly does not belong by its place (`of`, `other`, `later`) is left out. An open list ends with
`UnknownMember.UNKNOWN`: one more member, of which nothing is known. `other` never leaves it out, since there may be
two; later than it there is nothing but such another one.
"""

from collections.abc import Iterator, Sequence

from sequela.engine.encounter.view import Member, View
from sequela.engine.evaluate.evidence import Ask, Evidence, MemberEvidence, Scope, Seen, Steps, every, leaf, negation
from sequela.engine.evaluate.facts import read_code, read_fact
from sequela.engine.evaluate.operations import equal
from sequela.engine.evaluate.values import Value
from sequela.engine.evaluate.verdict import Bound, Group, UnknownMember
from sequela.engine.evaluate.walk_sets import in_use
from sequela.engine.model.nodes import Binding, Domain
from sequela.engine.model.rules import Binder
from sequela.engine.vocabulary.kinds import Kind

Range = Domain | Binder
Frame = list[Bound]
Place = tuple[tuple[bool, int], tuple[bool, int]]


def candidates(over: Range, frame: Frame, view: View) -> Iterator[Member | UnknownMember]:
    """The members that may belong, in order; the `in SET` of `over` is not asked yet."""
    listed, is_open = _listed(over, frame, view)
    for member in listed:
        if not _left_out(over, member, frame):
            yield member
    if is_open:
        yield UnknownMember.UNKNOWN


def _listed(over: Range, frame: Frame, view: View) -> tuple[Sequence[Member], bool]:
    """What is there, and whether there may be more."""
    if over.of is None:
        return view.members(over.kind), view.is_open(over.kind)
    of = frame[over.of.slot]
    if isinstance(of, Group):
        return sorted((*of.lines, *of.possible), key=_index), False
    if not isinstance(of, Member):
        return (), True
    if over.kind is Kind.MODIFIER:
        return view.modifiers(of), False
    pointed = view.diagnoses_of(of)
    if pointed is not None:
        return pointed, False
    return ((), True) if of.kind is not Kind.LINE else (view.diagnoses(), False)


def _index(member: Member) -> int:
    return member.index


def _left_out(over: Range, member: Member, frame: Frame) -> bool:
    for binding in over.excluded:
        bound = frame[binding.slot]
        if isinstance(bound, Group):
            if _among(member, bound.lines) or (over.later and place(member) <= max(map(place, bound.lines))):
                return True
        elif isinstance(bound, Member):
            if is_same(member, bound) or (over.later and place(member) <= place(bound)):
                return True
        elif over.later and bound is UnknownMember.UNKNOWN:
            return True
    return False


def is_same(one: Member, other: Member) -> bool:
    """Whether two members are one thing of the claim; what stands at another place in its list never is."""
    return one.index == other.index and one == other


def _among(member: Member, members: Sequence[Member]) -> bool:
    return any(is_same(member, other) for other in members)


def place(member: Member) -> Place:
    """Where a member stands: services with the claim's lines first, modifiers by their lines, diagnoses in order."""
    parent = member.parent
    above = (False, -1) if parent is None else (parent.kind is Kind.HISTORY_LINE, parent.order)
    return above, (member.kind is Kind.HISTORY_LINE, member.order)


def belonging(over: Range, member: Member | UnknownMember, frame: Frame, scope: Scope) -> Steps[list[Evidence]]:
    """Everything that must hold for a candidate to belong, as far as it is not certain by its place."""
    parts: list[Evidence] = []
    if isinstance(member, UnknownMember):
        parts.append(_unlisted(over, frame, scope))
    else:
        if member.uncertain:
            asks = scope.view.belonging_sources(member)
            parts.append(leaf("counts as a service", over, None, asks=asks, bound=member))
        if over.of is not None:
            parts.extend(_belongs_to(over, over.of, member, frame[over.of.slot], scope))
        for binding in over.excluded:
            group = frame[binding.slot]
            if isinstance(group, Group) and _among(member, group.possible):
                shares = every("of the group", over, shared_facts(binding, group, member, scope), bound=member)
                parts.append(negation("other than the group", over, shares, bound=member))
    if over.within is not None:
        code = read_code(over.binding.name, over.kind, member, scope)
        parts.append((yield from in_use(over, code, over.within, frame, scope)))
    return parts


def _unlisted(over: Range, frame: Frame, scope: Scope) -> Evidence:
    """That a list may hold one more member: unknown, and settled as no when it turns out to be complete."""
    of = None if over.of is None else frame[over.of.slot]
    asks: tuple[str, ...] | None = None
    if over.of is None:
        asks = (scope.view.open_pointer(over.kind),)
    elif isinstance(of, Member):
        asks = (f"{of.pointer}/diagnoses",)
    return leaf("listed", over, None, asks=asks, only_no=True, bound=UnknownMember.UNKNOWN)


def _belongs_to(over: Range, owner: Binding, member: Member, of: Bound, scope: Scope) -> list[Evidence]:
    if isinstance(of, Group):
        if _among(member, of.lines):
            return []
        return [every("of the group", over, shared_facts(owner, of, member, scope), bound=member)]
    if over.kind is Kind.DIAGNOSIS and isinstance(of, Member) and scope.view.diagnoses_of(of) is None:
        asks = (f"{of.pointer}/diagnoses",)
        pointers = Seen(f"{owner.name}.diagnoses", of, None, asks=asks, pointer=asks[0])
        return [leaf("pointed to", over, None, seen=(pointers,), bound=member)]
    return []


def shared_facts(binding: Binding, group: Group, line: Member, scope: Scope) -> list[Evidence]:
    """For each grouping fact, whether a line that may be of a group has the one of the group."""
    parts: list[Evidence] = []
    for fact, value in zip(group.by, group.facts, strict=True):
        mine = read_fact(fact.name, fact, line, scope)
        theirs: Value = value  # type: ignore[assignment]
        asks = fact.sources(group.lines[0]) if theirs is None else None
        of_group = Seen(f"{binding.name}.{fact.name}", group, theirs, fact.type, fact, asks or None)
        parts.append(leaf("same", None, equal(of_group.value, mine.value), seen=(of_group, mine), bound=line))
    return parts


def judge_member(over: Domain, member: Member | UnknownMember, frame: Frame, scope: Scope) -> Steps[MemberEvidence]:
    """Whether a candidate belongs and `where` holds of it; it is left in its slot."""
    frame[over.binding.slot] = member
    parts = yield from belonging(over, member, frame, scope)
    belongs = every("belongs", over, parts, bound=member)
    if over.where is None or (belongs.value is False and not scope.thorough):
        return MemberEvidence(member, belongs, None)
    where = yield Ask(over.where, frame)
    return MemberEvidence(member, belongs, where)
