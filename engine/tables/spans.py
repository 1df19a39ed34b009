"""Spans: which of many overlapping ranges of text hold a given text.

In:   ranges, each with what it stands for.    Out: `SpanIndex`.
Uses: nothing.                                 Used by: tables.index.
Not here: what a range of codes means (codes).
"""

from bisect import bisect_right
from collections.abc import Iterable
from typing import Generic, TypeVar

Item = TypeVar("Item")


class SpanIndex(Generic[Item]):
    """Ranges of text, both ends included, in a tree of greatest ends: k hits among n cost about k log n steps."""

    __slots__ = ("_items", "_leaves", "_lows", "_tops")

    def __init__(self, spans: Iterable[tuple[str, str, Item]]) -> None:
        ordered = sorted(spans, key=lambda span: span[0])
        self._lows = [low for low, _, _ in ordered]
        self._items = [item for _, _, item in ordered]
        leaves = 1
        while leaves < len(ordered):
            leaves *= 2
        self._leaves = leaves
        tops = [""] * (2 * leaves)
        tops[leaves : leaves + len(ordered)] = [high for _, high, _ in ordered]
        for at in range(leaves - 1, 0, -1):
            tops[at] = max(tops[2 * at], tops[2 * at + 1])
        self._tops = tops

    def __len__(self) -> int:
        return len(self._items)

    def holding(self, text: str) -> list[Item]:
        """What stands for the ranges that hold `text`, in the order of their lower ends."""
        within = bisect_right(self._lows, text)
        hits: list[Item] = []
        if not within:
            return hits
        tops, leaves = self._tops, self._leaves
        todo = [1]
        while todo:
            at = todo.pop()
            if tops[at] < text:
                continue
            if at >= leaves:
                if at - leaves < within:
                    hits.append(self._items[at - leaves])
                continue
            level = leaves // (1 << (at.bit_length() - 1))  # how many leaves stand below this place
            first = at * level - leaves
            if first + level // 2 < within:
                todo.append(2 * at + 1)
            todo.append(2 * at)
        return hits

    def items(self) -> list[Item]:
        """What stands for every range, in the order of their lower ends."""
        return self._items
