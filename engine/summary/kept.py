"""Kept: the findings that a page shows one by one: of each rule those about the most money.

In:   findings, one after the other.    Out: `KeptFinding`s, no more than a page holds.
Uses: nothing of the engine.            Used by: summary.tally, summary.page_data.
Not here: counts (tally.py): they are of all findings.
"""

from collections.abc import Callable
from datetime import date
from heapq import heapify, heappush, heapreplace
from typing import Final

from attrs import define, field, frozen

FAILED: Final = 4_000
"""So many failed findings are on one page at most; each rule has its share."""

OPEN: Final = 1_000
"""So many findings that are not known, or in error."""


@frozen(kw_only=True)
class KeptFinding:
    """One finding as the batch wrote it, with the provider and the month of its claim."""

    rule: str
    status: str
    cell: int
    claim_id: str
    source: str | None
    payer: str | None
    provider: str | None
    service_date: date | None
    outcome: str | None
    adjustment: str | None
    about: str
    cents: int | None
    message: str
    reason: str


@define(eq=False)
class Keeper:
    """Keeps so many findings at most: of each rule those with the highest charges, of equal ones those that came first.

    A rule's share is what all of them can have, and what small ones leave. It only shrinks as more is offered, so that nothing is
    dropped that would be kept in the end.
    """

    most: int
    _share: int = field(init=False)
    _count: int = field(init=False, default=0)
    _heaps: dict[str, list[tuple[int, int, KeptFinding]]] = field(init=False, factory=dict)

    def __attrs_post_init__(self) -> None:
        """At first one rule may have all."""
        self._share = self.most

    def offer(self, rule: str, cents: int | None, order: int, made: Callable[[], KeptFinding]) -> None:
        """Offer a finding; `order` is its place among all, and `made` gives it where it is kept."""
        heap = self._heaps.setdefault(rule, [])
        weight = -1 if cents is None else cents
        if len(heap) < self._share:
            heappush(heap, (weight, -order, made()))
            self._count += 1
            if self._count > 2 * self.most:
                self._shrink()
        elif (weight, -order) > heap[0][:2]:
            heapreplace(heap, (weight, -order, made()))

    def kept(self) -> list[KeptFinding]:
        """What is kept, the highest charges first."""
        self._shrink()
        found = [one for heap in self._heaps.values() for one in heap]
        return [one for _, _, one in sorted(found, key=_weight, reverse=True)]

    def _shrink(self) -> None:
        """Leave each rule its share."""
        self._share = min(self._share, fair_share([len(heap) for heap in self._heaps.values()], self.most))
        for rule, heap in self._heaps.items():
            if len(heap) > self._share:
                kept = sorted(heap, key=_weight, reverse=True)[: self._share]
                heapify(kept)
                self._heaps[rule] = kept
        self._count = sum(map(len, self._heaps.values()))


def _weight(one: tuple[int, int, KeptFinding]) -> tuple[int, int]:
    return one[:2]


def fair_share(sizes: list[int], most: int) -> int:
    """The largest number of each kind at which all together are at most so many; what a small kind leaves others have.

    >>> fair_share([1, 10, 10], 9)
    4
    """
    low, high = 0, max(sizes, default=0)
    while low < high:
        middle = (low + high + 1) // 2
        if sum(min(size, middle) for size in sizes) <= most:
            low = middle
        else:
            high = middle - 1
    return low
