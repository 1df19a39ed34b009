"""Tree: what is shown of the evidence for one condition.

In:   `Evidence`.                                   Out: `TraceNode`, `FactRead`, labels.
Uses: evidence, folding, trace, places, printing.   Used by: tracing.
Not here: the clauses of a rule (tracing); words (explain).

Of the members of a collection only those are shown that say something: the witness, the counterexample, what is
possible, and where a `some` fails the nearest member.
"""

from collections.abc import Callable, Sequence
from typing import Final

from sequela.engine.encounter.member import label_of
from sequela.engine.encounter.view import Member
from sequela.engine.evaluate.evidence import Evidence, Gap, Joint, MemberEvidence, Reading, Seen
from sequela.engine.evaluate.folding import fold, parts_of_member
from sequela.engine.evaluate.places import pointer_of
from sequela.engine.evaluate.printing import printed_value
from sequela.engine.evaluate.quantity import decides, satisfies_every
from sequela.engine.evaluate.trace import CountedRead, FactRead, MemberTrace, SideRead, TraceNode
from sequela.engine.evaluate.values import NOT_COVERED, Interval, Logic, Value, is_unknown, known
from sequela.engine.evaluate.verdict import Bound, Group, UnknownMember
from sequela.engine.model import nodes
from sequela.engine.model.nodes import (
    Call,
    Cell,
    Compares,
    DateCompares,
    Domain,
    Fact,
    HasModifier,
    InSet,
    Is,
    IsWithin,
    Node,
    Quantified,
    SetDefinition,
)
from sequela.engine.model.rules import Binder
from sequela.engine.syntax.comparisons import Quantifier
from sequela.engine.tables.model import Row
from sequela.engine.vocabulary.absent import NONE

MOST_SHOWN: Final = 5
"""Members of one role that are shown of a collection."""

_WHOLE: Final = frozenset({"in set", "has modifier", "lists"})
"""Kinds that are one condition to their reader, whatever they were made of."""

_SIDES: Final[dict[type, str]] = {
    nodes.Literal: "constant",
    nodes.Fact: "fact",
    nodes.GroupFact: "fact",
    nodes.Cell: "fact",
    nodes.Characters: "characters",
    nodes.FullMonths: "full months",
    nodes.Total: "total",
    nodes.NumberOf: "number",
    nodes.GoverningDate: "governing date",
}
"""What a side of a comparison is, by what the author wrote."""

_ASKS_A_SET: Final = frozenset({"in set", "has modifier"})


def tree(evidence: Evidence) -> TraceNode:
    """The tree that is shown of a piece of evidence."""
    return fold(evidence, _shown_parts, _node)


def _shown_parts(evidence: Evidence) -> Sequence[Evidence]:
    if evidence.joint is Joint.MEMBERS:
        return [part for _, member in _shown(evidence) for part in parts_of_member(member)]
    return () if evidence.kind in _WHOLE else evidence.parts


def _node(evidence: Evidence, made: list[TraceNode]) -> TraceNode:
    members: list[MemberTrace] = []
    node = evidence.node
    if evidence.joint is Joint.MEMBERS:
        rest = iter(made)
        for role, member in _shown(evidence):
            children = tuple(next(rest) for _ in parts_of_member(member))
            members.append(_member(role, member, children))
        made = []
    return TraceNode(
        kind=evidence.kind,
        value=known(evidence.value),
        unchecked=evidence.value is NOT_COVERED,
        span=None if node is None else node.span,
        name=node.condition.name if isinstance(node, Call) else None,
        of=label(evidence.bound) if isinstance(evidence.bound, Member) else None,
        within=_within(node) if evidence.kind in _ASKS_A_SET else None,
        facts=tuple(fact_read(seen) for seen in _without_repeats(evidence.seen)),
        sides=_sides(node, evidence.readings),
        decided_by=evidence.deciders,
        gaps=_gaps(evidence),
        members=tuple(members),
        met=len(evidence.members),
        children=tuple(made),
    )


def _gaps(evidence: Evidence) -> tuple[Gap, ...]:
    """The tables that leave a condition open; of one that is shown whole, those of all that it was made of."""
    found: dict[Gap, None] = {}
    waiting = [evidence]
    while waiting:
        one = waiting.pop()
        found.update(dict.fromkeys(one.gaps))
        if evidence.kind in _WHOLE:
            waiting.extend(part for part in reversed(one.parts) if part.value is NOT_COVERED)
    return tuple(found)


def _within(node: Node | None) -> str | None:
    """The name of the set, or the path to the list, that a piece asked."""
    if not isinstance(node, InSet | HasModifier | Domain | Binder):
        return None
    match node.within:
        case SetDefinition(name=name):
            return name
        case Fact(binding=binding, fact=fact):
            return f"{binding.name}.{fact.name}"
        case Cell(binding=binding, column=column):
            return f"{binding.name}.{column}"
        case None:
            return None


def _sides(node: Node | None, readings: Sequence[Reading]) -> tuple[SideRead, ...]:
    if not isinstance(node, Is | Compares | DateCompares | IsWithin):
        return ()
    values = (node.left, node.right)
    return tuple(_side(value, reading) for value, reading in zip(values, readings, strict=True))


def _side(value: nodes.Value, reading: Reading) -> SideRead:
    counted = tuple(
        CountedRead(
            label=label(one.member.member),
            pointer=_pointer(one.member.member),
            certain=one.member.value is True,
            amount=None if one.amount is None else fact_read(one.amount),
        )
        for one in reading.counted
    )
    return SideRead(
        kind=value.unit if isinstance(value, nodes.TimeBetween) else _SIDES[type(value)],
        value=printed_value(reading.value, value.type),
        state=_state(reading.value),
        facts=tuple(fact_read(seen) for seen in _without_repeats(reading.seen)),
        counted=counted,
    )


def _state(value: Value) -> str:
    """What is known of a value: known, unknown or none."""
    if isinstance(value, Interval) and not value.exact:
        return "unknown"
    if value is NONE:
        return "none"
    return "unknown" if value is None or value is NOT_COVERED else "known"


def _member(role: str, member: MemberEvidence, children: tuple[TraceNode, ...]) -> MemberTrace:
    value = member.value
    bound = member.member
    node = TraceNode(kind="member", value=known(value), unchecked=value is NOT_COVERED, children=children)
    return MemberTrace(role=role, label=label(bound), pointer=_pointer(bound), node=node)


def _shown(evidence: Evidence) -> list[tuple[str, MemberEvidence]]:
    """The members of a quantifier that are shown, each with its role."""
    node = evidence.node
    assert isinstance(node, Quantified)
    every = node.quantifier is Quantifier.EVERY
    value_of: Callable[[MemberEvidence], Logic] = satisfies_every if every else _value
    deciding = [one for one in evidence.members if decides(node.quantifier, one)]
    possible = [one for one in evidence.members if is_unknown(value_of(one))]
    role = "counterexample" if every else "witness"
    shown = [(role, one) for one in deciding[:MOST_SHOWN]]
    if is_unknown(evidence.value):
        shown.extend(("possible", one) for one in possible[:MOST_SHOWN])
    failed = evidence.value is False and node.quantifier in (Quantifier.SOME, Quantifier.AT_LEAST)
    if failed:
        others = [one for one in evidence.members if one.value is False]
        if others:
            shown.append(("nearest", min(others, key=false_conditions)))
    return shown


def _value(member: MemberEvidence) -> Logic:
    return member.value


def false_conditions(member: MemberEvidence) -> int:
    """How many conditions keep a member from satisfying what is asked of it."""
    return sum(fold(part, _counted_parts, _false) for part in parts_of_member(member))


def _counted_parts(evidence: Evidence) -> Sequence[Evidence]:
    if evidence.value is not False or evidence.kind in _WHOLE or evidence.joint is Joint.NOT:
        return ()
    return evidence.parts


def _false(evidence: Evidence, counts: list[int]) -> int:
    if evidence.value is not False:
        return 0
    if not counts:
        return 1
    return min(counts) if evidence.joint is Joint.ANY else sum(counts)


# ---------------------------------------------------------------- facts and labels


def fact_read(seen: Seen) -> FactRead:
    """A fact as it is shown."""
    row = seen.bound if isinstance(seen.bound, Row) else None
    member = seen.bound if isinstance(seen.bound, Member | Group) else None
    return FactRead(
        label=seen.label,
        value=printed_value(seen.value, seen.type),
        state=_state(seen.value),
        pointer=pointer_of(seen) if row is None else None,
        of=None if member is None else label(member),
        table=None if row is None else row.table.shape.name,
        file=None if row is None else row.file,
        release=None if row is None else row.table.release,
        row=None if row is None else row.number,
    )


def _without_repeats(seen: Sequence[Seen]) -> list[Seen]:
    found: dict[tuple[str, object], Seen] = {}
    for one in seen:
        found.setdefault((one.label, _pointer(one.bound)), one)
    return list(found.values())


def label(bound: Bound) -> str:
    """What people call what a slot holds: "line 1", "lines 1, 2", "a history line that was not sent"."""
    match bound:
        case Member():
            return label_of(bound)
        case Group(lines=lines, possible=possible):
            words = "line " if len(lines) == 1 else "lines "
            words += ", ".join(str(line.number) for line in lines)
            perhaps = ", ".join(str(line.number) for line in possible)
            return f"{words} (perhaps {perhaps})" if perhaps else words
        case Row():
            return f"row {bound.number} of {bound.table.shape.name}"
        case UnknownMember():
            return "one that was not sent"
        case _:
            return "not known"


def _pointer(bound: Bound) -> str | None:
    return bound.pointer if isinstance(bound, Member) else None
