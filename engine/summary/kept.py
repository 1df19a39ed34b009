"""Kept: the findings that a page shows one by one: of each rule those about the most money.

In:   findings, one after the other.    Out: `KeptFinding`s, no more than a page holds.
Uses: nothing of the engine.            Used by: summary.tally, summary.page_data.
Not here: counts (tally.py): they are of all findings.
"""

from collections.abc import Callable
from datetime import date
from heapq import heappush, heapreplace

from attrs import field, frozen

PER_RULE = 200
"""So many findings of one rule and status are kept at most."""

PAGE = 5_000
"""So many findings are on one page at most; each rule has its share."""


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


@frozen(eq=False)
class Keeper:
    """Keeps, of each rule and status, the findings with the highest charges; of equal ones those that came first."""

    _heaps: dict[tuple[str, str], list[tuple[int, int, KeptFinding]]] = field(factory=dict)

    def offer(self, rule: str, status: str, cents: int | None, order: int, made: Callable[[], KeptFinding]) -> None:
        """Offer a finding; `order` is its place among all, and `made` gives it where it is kept."""
        heap = self._heaps.get((rule, status))
        if heap is None:
            heap = self._heaps[rule, status] = []
        weight = -1 if cents is None else cents
        if len(heap) < PER_RULE:
            heappush(heap, (weight, -order, made()))
        elif (weight, -order) > heap[0][:2]:
            heapreplace(heap, (weight, -order, made()))

    def kept(self, most: int = PAGE) -> list[KeptFinding]:
        """What is shown, the highest charges first: all of it, or of each rule its share of so many."""
        sizes = [len(heap) for heap in self._heaps.values()]
        share = fair_share(sizes, most)
        found = [one for heap in self._heaps.values() for one in sorted(heap, key=_weight, reverse=True)[:share]]
        return [one for _, _, one in sorted(found, key=_weight, reverse=True)]


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
