"""Facts needed: sets of facts of which some answer would settle a question, the smallest ones, and how they combine.

In:   JSON pointers.                   Out: `Family`, `Needed`.
Uses: nothing.                         Used by: families, families_totals, missing; plan.needs.
Not here: which facts a condition needs (families).

A family holds the smallest sets only: none that holds another one, smaller ones first, and never more than `MOST`; a
set of more than `LARGEST` facts helps nobody and is left out. So nothing explodes, whatever the rule.
"""

from collections.abc import Iterable, Sequence
from functools import lru_cache
from itertools import product
from typing import Final

from msgspec import Struct

Facts = frozenset[str]
Family = tuple[Facts, ...]

MOST: Final = 16
LARGEST: Final = 30

SETTLED: Final[Family] = (frozenset(),)
"""Nothing is needed: it is so already."""
IMPOSSIBLE: Final[Family] = ()
"""No facts of the claim would do it."""


class Needed(Struct, frozen=True):
    """What would make a question come out as yes, and what as no."""

    yes: Family
    no: Family

    @property
    def opposite(self) -> "Needed":
        """The same for `not`."""
        return _OPPOSITES.get(id(self)) or Needed(self.no, self.yes)


YES: Final = Needed(SETTLED, IMPOSSIBLE)
NO: Final = Needed(IMPOSSIBLE, SETTLED)
BEYOND_FACTS: Final = Needed(IMPOSSIBLE, IMPOSSIBLE)
"""A question that stays open whatever is said of the claim."""
_OPPOSITES: Final = {id(YES): NO, id(NO): YES, id(BEYOND_FACTS): BEYOND_FACTS}


def either_way(pointers: Iterable[str]) -> Needed:
    """A question that its facts together settle, one way or the other; more than `LARGEST` of them are as good as none."""
    facts = frozenset(pointers)
    return Needed((facts,), (facts,)) if 0 < len(facts) <= LARGEST else BEYOND_FACTS


def smallest(found: Iterable[Facts]) -> Family:
    """The family of the smallest sets among those found."""
    kept: list[Facts] = []
    for facts in sorted({one for one in found if len(one) <= LARGEST}, key=order):
        if not any(one <= facts for one in kept):
            kept.append(facts)
            if len(kept) == MOST:
                break
    return tuple(kept)


def order(facts: Facts) -> tuple[int, tuple[tuple[object, ...], ...]]:
    """Smaller sets first, then by the places of their facts in the claim."""
    return len(facts), tuple(sorted(map(_place, facts)))


def in_order(facts: Facts) -> tuple[str, ...]:
    """The facts of a set by their places in the claim."""
    return tuple(sorted(facts, key=_place))


@lru_cache(4096)
def _place(pointer: str) -> tuple[object, ...]:
    return tuple((0, int(key), "") if key.isdigit() else (1, 0, key) for key in pointer.split("/")[1:])


def one_of(families: Iterable[Family]) -> Family:
    """What gives one of several things: any set that gives any of them."""
    return smallest(facts for family in families for facts in family)


def all_together(families: Iterable[Family]) -> Family:
    """What gives several things at once: a set for each of them, taken together."""
    result = SETTLED
    for family in families:
        if family != SETTLED:
            result = smallest(one | other for one, other in product(result, family))
        if not result:
            break
    return result


def at_least(number: int, families: Iterable[Family]) -> Family:
    """What gives at least `number` of several things."""
    if number <= 0:
        return SETTLED
    giving: list[Family] = [SETTLED, *[IMPOSSIBLE] * number]
    for family in families:
        for count in range(number, 0, -1):
            giving[count] = one_of((giving[count], all_together((giving[count - 1], family))))
    return giving[number]


def conjunction(parts: Sequence[Needed]) -> Needed:
    """The facts that would settle an `and`: what holds already adds nothing to them."""
    parts = [one for one in parts if one is not YES]
    settling = [one for one in parts if one is not BEYOND_FACTS]
    if len(settling) > 1:
        return Needed(all_together(one.yes for one in parts), one_of(one.no for one in parts))
    if not settling:
        return BEYOND_FACTS if parts else YES
    return settling[0] if len(parts) == 1 else Needed(IMPOSSIBLE, settling[0].no)


def disjunction(parts: Sequence[Needed]) -> Needed:
    """The facts that would settle an `or`."""
    return conjunction([one.opposite for one in parts]).opposite
