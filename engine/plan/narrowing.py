"""Narrowing: the members that can be equal to what is asked, found without looking at all the others.

In:   a list of members, facts of theirs, and what those facts are compared with.    Out: the members that could match.
Uses: model.nodes, plan.logic.                                                     Used by: plan.members, plan.compiler.

`some other line b where (b.date is a.date and …)` asks nothing of a line with another date: the conjunct is certainly no.
So on a claim of many lines the lines are filed under their dates once, and only those with the date of `a` are asked.
Members of which a fact is not known are always asked. What is left out would have been FALSE, so nothing is decided otherwise.
"""

from collections.abc import Callable, Iterator, Sequence
from heapq import merge
from operator import attrgetter
from typing import Any, Final

from msgspec import Struct
from msgspec.structs import replace

from sequela.engine.encounter.fields import Field
from sequela.engine.encounter.view import Member
from sequela.engine.model.nodes import (
    AllOf,
    Binding,
    Call,
    Cell,
    Condition,
    Domain,
    Fact,
    GroupFact,
    Is,
    Literal,
    Value,
    is_list,
)
from sequela.engine.plan.logic import NOT_COVERED, Context, Frame, Reader
from sequela.engine.vocabulary.absent import NONE
from sequela.engine.vocabulary.kinds import Kind

CODE_ON_MEMBER: Final = frozenset(
    {Kind.LINE, Kind.HISTORY_LINE, Kind.SERVICE, Kind.DIAGNOSIS, Kind.PROCEDURE, Kind.MODIFIER}
)
"""Kinds whose members carry their code at hand."""

FEW: Final = 24
"""Up to so many members looking at each is quicker than filing them."""

Pair = tuple[Any, int]
"""A member and how surely it belongs."""


class Alike(Struct, frozen=True):
    """Facts of a member, and what they are equal to, in the same order."""

    facts: tuple[Callable[[Member], Any], ...]
    keys: tuple[Reader, ...]


def narrowed(
    listed: Callable[[Frame, Context], Sequence[Pair]], alike: Alike
) -> Callable[[Frame, Context], Sequence[Pair]]:
    """The members of a list that does not depend on the frame, without those that are certainly not `alike`."""
    token = object()  # the place in the context where the filed members are kept for the claim
    keys = alike.keys

    def candidates(frame: Frame, context: Context) -> Sequence[Pair]:
        filed: Sequence[Pair] | _Filed | None = context.kept.get(token)
        if filed is None:
            found = listed(frame, context)
            filed = context.kept[token] = found if len(found) <= FEW else _Filed(found, alike.facts)
        if not isinstance(filed, _Filed):
            few: Sequence[Pair] = filed
            return few
        return filed.with_facts(tuple([key(frame, context) for key in keys]))

    return candidates


class _Filed:
    """The members of a list under their facts."""

    __slots__ = ("_by_facts", "_everyone", "_unsure")

    def __init__(self, found: Sequence[Pair], readers: Sequence[Callable[[Member], Any]]) -> None:
        self._everyone = found
        self._by_facts: dict[tuple[Any, ...], list[int]] = {}
        self._unsure: list[int] = []
        for place, (member, _) in enumerate(found):
            facts = tuple([read(member) for read in readers]) if member.__class__ is Member else (None,)
            if any(fact is None for fact in facts):
                self._unsure.append(place)
            else:
                self._by_facts.setdefault(facts, []).append(place)

    def with_facts(self, facts: tuple[Any, ...]) -> Sequence[Pair]:
        """Those that have these facts or may have them, in order."""
        everyone, unsure = self._everyone, self._unsure
        if any(fact is None or fact is NOT_COVERED for fact in facts):
            return everyone
        same = () if any(fact is NONE for fact in facts) else self._by_facts.get(facts, ())
        places = merge(same, unsure) if same and unsure else same or unsure
        return [everyone[place] for place in places]


# ---------------------------------------------------------------- what `where` says must be equal


def equalities(domain: Domain) -> list[tuple[Field, Value]]:
    """The facts of a domain's members that `where` wants to be equal to something else, and to what.

    Only what stands in its top `and`, there or in a condition that is named there, and does not depend on the member.
    """
    if domain.where is None or domain.of is not None:
        return []
    found: list[tuple[Field, Value]] = []
    own = domain.binding.slot
    for left, right in _equal(domain.where, None):
        for mine, other in ((left, right), (right, left)):
            if (
                isinstance(mine, Fact)
                and other is not None
                and mine.binding.slot == own
                and _can_be_filed(mine.fact)
                and _is_free(other, own)
            ):
                found.append((mine.fact, other))
                break
    return found


def fact_of(field: Field) -> Callable[[Member], Any]:
    """A fact of a member."""
    if field.name == "code" and field.owner in CODE_ON_MEMBER:
        return attrgetter("code")
    return field.read


def _can_be_filed(field: Field) -> bool:
    return field.read_on is None and not is_list(field.type)


def _is_free(value: Value, own: int) -> bool:
    """Whether a value is read at once and does not depend on the member in slot `own`."""
    match value:
        case Literal():
            return True
        case Fact(binding=binding) | GroupFact(binding=binding) | Cell(binding=binding):
            return binding.slot != own and not is_list(value.type)
        case _:
            return False


def _equal(condition: Condition, arguments: dict[int, Binding] | None) -> Iterator[tuple[Value | None, Value | None]]:
    """Both sides of every `is` of the top `and`, as the frame outside of all named conditions has them."""
    match condition:
        case AllOf(parts=parts):
            for part in parts:
                yield from _equal(part, arguments)
        case Is(left=left, right=right):
            yield _outside(left, arguments), _outside(right, arguments)
        case Call(condition=definition):
            passed = [_passed(one, arguments) for one in condition.arguments]
            known = zip(definition.parameters, passed, strict=True)
            yield from _equal(definition.body, {one.slot: bound for one, bound in known if bound is not None})
        case _:
            return


def _passed(argument: Binding, arguments: dict[int, Binding] | None) -> Binding | None:
    return argument if arguments is None or argument.slot < 2 else arguments.get(argument.slot)


def _outside(value: Value, arguments: dict[int, Binding] | None) -> Value | None:
    """A value of a named condition's body with what was passed for its parameters; None where that cannot be told."""
    if arguments is None or isinstance(value, Literal):
        return value
    if isinstance(value, Fact):
        bound = _passed(value.binding, arguments)
        return replace(value, binding=bound) if bound is not None else None
    return None
