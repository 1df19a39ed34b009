"""Reach: what the lists of some rows can hold at most, for a quick no.

In:   lists of codes.    Out: `reach_of`, `Reach`.
Uses: tables.codes.      Used by: stored.
Not here: what the lists hold (codes): exceptions and patterns are not looked at.

Which of a claim's diagnoses exclude each other is asked of every pair, and nearly always the answer is no. The rows of one owner
reach a few stretches of codes; a code outside of them is in none of their lists.
"""

from bisect import bisect_right
from collections.abc import Iterable

from msgspec import Struct

from sequela.engine.tables.codes import BEYOND, CodeRange, Entry, ExactCode, LikePattern, TextSet, UnderCode


class Reach(Struct, frozen=True):
    """Stretches of text, in order and apart from each other."""

    lows: tuple[str, ...]
    highs: tuple[str, ...]

    def touches(self, code: str) -> bool:
        """Whether a code lies in one of them.

        >>> from sequela.engine.tables.notation import parse_set_notation
        >>> from sequela.engine.vocabulary.systems import System
        >>> reach_of([parse_set_notation(System.ICD10CM, "under K58, E11 .. E13")]).touches("K589")
        True
        """
        at = bisect_right(self.lows, code)
        return at > 0 and code <= self.highs[at - 1]


def reach_of(lists: Iterable[TextSet]) -> Reach:
    """The stretches that some lists reach."""
    lows: list[str] = []
    highs: list[str] = []
    for low, high in sorted(stretch(entry) for one in lists for entry in one.entries):
        if highs and low <= highs[-1]:
            highs[-1] = max(highs[-1], high)
        else:
            lows.append(low)
            highs.append(high)
    return Reach(tuple(lows), tuple(highs))


def stretch(entry: Entry) -> tuple[str, str]:
    """The texts between which every code of an entry sorts."""
    match entry:
        case ExactCode(code=code):
            return code, code
        case UnderCode(code=code):
            return code, code + BEYOND
        case CodeRange(low=low, high=high):
            return low, high + BEYOND
        case LikePattern():
            return entry.beginning, entry.beginning + BEYOND
