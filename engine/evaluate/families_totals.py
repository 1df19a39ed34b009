"""Families of totals: which facts would settle a comparison of a total or of a number of members.

In:   the members that count, or may, and what would settle each.    Out: `Needed`.
Uses: evidence, facts_needed, operations (as handed in).             Used by: families.
Not here: conditions of every other kind (families).

One answer can settle a total that misses several: a line of eleven units is above a limit of ten, whatever the others
have. So some of the open members are pushed up, or down, as far as an answer could push them, and the comparison is
asked again.
"""

from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal
from itertools import combinations
from typing import Final

from msgspec import Struct

from sequela.engine.evaluate.evidence import Counted, Reading
from sequela.engine.evaluate.facts_needed import (
    BEYOND_FACTS,
    IMPOSSIBLE,
    SETTLED,
    Family,
    Needed,
    all_together,
    either_way,
    one_of,
)
from sequela.engine.evaluate.values import Interval, Number, Value, is_unknown
from sequela.engine.evaluate.verdict import UnknownMember

MOST_OPEN: Final = 10
"""Open members that are tried alone and in twos and threes; all of them together are tried in any case."""
ANY_AMOUNT: Final = 10**15
"""More than any claim has."""

Test = Callable[[Value, Value], bool | None]


class CountedNeeds(Struct, frozen=True):
    """What would settle one member of a total: whether it counts, and its amount (None: the amount is known)."""

    counts: Needed
    amount: Family | None


class _Open(Struct, frozen=True):
    """An open member: in which reading; the most that it adds (None: any amount); what moves it up and down."""

    side: int
    most: Number | None
    up: Family
    down: Family


def settling_totals(
    readings: Sequence[Reading], test: Test, needs: Sequence[CountedNeeds], others: tuple[str, ...] | None
) -> Needed:
    """The facts that would settle a comparison in which a total or a number of members stands.

    `needs` are those of the members counted, in the order of the readings; `others` the facts that the other side
    misses, None where it misses one that nobody can be asked for.
    """
    if others is None:
        return BEYOND_FACTS
    if others:
        return either_way(others)
    counted = [(side, one) for side, reading in enumerate(readings) for one in reading.counted]
    parts = [_open(side, one, need) for (side, one), need in zip(counted, needs, strict=True) if _is_open(one)]
    yes: list[Family] = []
    no: list[Family] = []
    for chosen in _choices(len(parts)):
        for higher in (0, 1):  # the side that is pushed up, while the other one is pushed down
            family = all_together(parts[at].up if parts[at].side == higher else parts[at].down for at in chosen)
            if family:
                ends = [_pushed(side, readings[side], parts, chosen, up=side == higher) for side in (0, 1)]
                answer = test(*ends)
                if answer is not None:
                    (yes if answer else no).append(family)
        if len(chosen) == len(parts) and any(part.most is None and part.up for part in parts):
            exactly = all_together(one_of((part.up, part.down)) for part in parts)
            yes.append(exactly)
            no.append(exactly)
    return Needed(one_of(yes), one_of(no))


def _choices(number: int) -> Iterator[tuple[int, ...]]:
    for size in (1, 2, 3):
        yield from combinations(range(min(number, MOST_OPEN)), size)
    if number > 3:
        yield tuple(range(number))


def _is_open(counted: Counted) -> bool:
    return is_unknown(counted.member.value) or (counted.amount is not None and counted.amount.value is None)


def _open(side: int, counted: Counted, need: CountedNeeds) -> _Open:
    certain = counted.member.value is True
    included = SETTLED if certain else need.counts.yes
    excluded = IMPOSSIBLE if certain else need.counts.no
    if need.amount is not None:
        up = all_together((included, need.amount))
        return _Open(side, None, up, one_of((excluded, up)))
    return _Open(side, _amount(counted), included, excluded)


def _amount(counted: Counted) -> Number | None:
    """What a member adds when it counts; None for what was not sent, of which there may be any number."""
    if isinstance(counted.member.member, UnknownMember):
        return None
    value = 1 if counted.amount is None else counted.amount.value
    return value if isinstance(value, int | Decimal) else 0


def _pushed(side: int, reading: Reading, parts: Sequence[_Open], chosen: tuple[int, ...], *, up: bool) -> Value:
    """What a reading would be with the chosen members pushed up, or down, and the others as open as they are."""
    if not isinstance(reading.value, Interval):
        return reading.plain
    low = reading.value.low
    high: Number | None = low
    for at, part in enumerate(parts):
        if part.side != side:
            continue
        if at in chosen:
            added = (ANY_AMOUNT if part.most is None else part.most) if up else 0
            low += added
            high = None if high is None else high + added
        else:
            high = None if high is None or part.most is None else high + part.most
    return Interval(low, high)
