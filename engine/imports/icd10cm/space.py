"""Space: sets of billable codes of one tabular list, as bits, and the shortest list that says such a set.

In:   the listed codes of a tabular list.    Out: `Space`, `Bits`.
Uses: tables.codes, imports.icd10cm.layout, expand.    Used by: references, excludes, sequencing.
Not here: what a note says (references).

Bit k stands for the k-th billable code in order of text, so all below a code are neighbours. A range of the list follows the
order of the list, where C4A stands between C43 and C44 though text puts it last: what the text of a range leaves out or brings
in is said beside it.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
from functools import cached_property

from sequela.engine.imports.icd10cm.expand import Listed, listed_codes
from sequela.engine.imports.icd10cm.layout import Block, Node, Tabular
from sequela.engine.tables.codes import BEYOND, CodeRange, Entry, ExactCode, LikePattern, TextSet, UnderCode
from sequela.engine.vocabulary.systems import System

Bits = int
"""A set of billable codes of one tabular list."""

SYSTEM = System.ICD10CM


class Space:
    """The billable codes of one tabular list, and the tree above them."""

    def __init__(self, tabular: Tabular) -> None:
        self.listed: tuple[Listed, ...] = tuple(listed_codes(tabular))
        self.codes: list[str] = sorted(one.code for one in self.listed if one.billable)
        self.described: dict[str, str] = {one.code: one.description for one in self.listed}
        self._categories = sorted(tabular.categories, key=_code_of)
        self._names = [category.code for category in self._categories]
        self._spans: dict[str, tuple[int, int]] = {}
        self._starts = [self.span(name)[0] for name in self._names]
        self._bit = {code: place for place, code in enumerate(self.codes)}
        in_order = [one.code for one in self.listed if one.billable]
        self._in_order = [self._bit[code] for code in in_order]
        self._place = {code: place for place, code in enumerate(in_order)}
        self._between: dict[tuple[str, str], Bits] = {}

    @cached_property
    def everything(self) -> Bits:
        """All billable codes."""
        return (1 << len(self.codes)) - 1

    def exists(self, beginning: str) -> bool:
        """Whether a billable code is, or begins with, `beginning`."""
        first, last = self.span(beginning)
        return first < last

    def is_billable(self, code: str) -> bool:
        """Whether `code` is one of the billable codes."""
        return code in self._bit

    def span(self, beginning: str) -> tuple[int, int]:
        """The first bit of the codes that begin with `beginning`, and the bit after the last."""
        known = self._spans.get(beginning)
        if known is None:
            known = bisect_left(self.codes, beginning), bisect_right(self.codes, beginning + BEYOND)
            self._spans[beginning] = known
        return known

    def under(self, beginning: str) -> Bits:
        """The codes that are, or begin with, `beginning`."""
        return _run(*self.span(beginning))

    def between(self, low: str, high: str) -> Bits:
        """The codes from `low` to `high` and all below it, in the order of the list; none where an end is not there."""
        known = self._between.get((low, high))
        if known is None:
            known = self._between[low, high] = self._slice(low, high)
        return known

    def _slice(self, low: str, high: str) -> Bits:
        lows = [self._place[code] for code in self.codes[slice(*self.span(low))]]
        highs = [self._place[code] for code in self.codes[slice(*self.span(high))]]
        if not lows or not highs:
            return 0
        return self.of_bits(self._in_order[min(lows) : max(highs) + 1])

    def of_bits(self, places: Iterable[int]) -> Bits:
        """The set of the codes at these places in order of text."""
        marks = bytearray(len(self.codes) // 8 + 1)
        for place in places:
            marks[place >> 3] |= 1 << (place & 7)
        return int.from_bytes(marks, "little")

    def members(self, bits: Bits) -> Iterator[str]:
        """The codes of a set, in order of text."""
        marks = bits.to_bytes(len(self.codes) // 8 + 1, "little")
        for at, byte in enumerate(marks):
            if byte:
                for low in range(8):
                    if byte >> low & 1:
                        yield self.codes[8 * at + low]

    def categories_of(self, bits: Bits) -> Iterator[Node]:
        """The categories, in order of text, that have codes in a set."""
        done = 0
        while bits:
            at = done + (bits & -bits).bit_length() - 1
            category = self._categories[bisect_right(self._starts, at) - 1]
            last = self.span(category.code)[1]
            yield category
            bits >>= last - done
            done = last

    def bits_of(self, entry: Entry) -> Bits:
        """The billable codes that one entry of a list holds, as its text says."""
        match entry:
            case ExactCode(code=code):
                return 1 << self._bit[code] if code in self._bit else 0
            case UnderCode(code=code):
                return self.under(code)
            case CodeRange(low=low, high=high):
                return _run(bisect_left(self.codes, low), bisect_right(self.codes, high + BEYOND))
            case LikePattern():
                first, last = self.span(entry.beginning) if entry.beginning else (0, len(self.codes))
                return self.of_bits(place for place in range(first, last) if entry.holds(self.codes[place]))

    def bits_of_set(self, written: TextSet) -> Bits:
        """The billable codes of a whole list, with its exceptions."""
        found = 0
        for entry in written.entries:
            found |= self.bits_of(entry)
        for entry in written.exceptions:
            found &= ~self.bits_of(entry)
        return found

    def bits_of_owner(self, owner: Node | Block) -> Bits:
        """The codes for which the notes of a code, a block or a chapter speak."""
        return self.under(owner.code) if isinstance(owner, Node) else self.between(owner.low, owner.high)

    def range_entries(self, low: str, high: str) -> tuple[Entry, ...]:
        """The entries that hold what the list has from `low` to `high`; a range first, then what its text leaves out.

        Where the text of the range would bring in codes that the list has elsewhere, it is said code by code instead.
        """
        bits = self.between(low, high)
        written = CodeRange(low, high, SYSTEM)
        by_text = self.bits_of(written) if low <= high else 0
        if not by_text or by_text & ~bits:
            return self.cover(bits)
        return (written, *self.cover(bits & ~by_text))

    def cover(self, bits: Bits) -> tuple[Entry, ...]:
        """The shortest list of headings, ranges of categories and codes that holds a set and nothing else."""
        found: list[Entry] = []
        whole: list[str] = []
        for category in self.categories_of(bits):
            if self._part(bits, category.code):
                whole.append(category.code)
            else:
                found.extend(self._run_of_categories(whole))
                whole = []
                self._cover(bits, category, found)
        found.extend(self._run_of_categories(whole))
        return tuple(found)

    def _run_of_categories(self, whole: list[str]) -> Iterator[Entry]:
        """Whole categories as few entries: a range where the list has no other category between its ends."""
        at, names = 0, self._names
        while at < len(whole):
            first = bisect_left(names, whole[at])
            length = 1
            while at + length < len(whole) and whole[at + length] == names[first + length]:
                length += 1
            last = whole[at + length - 1]
            if length == 1:
                yield ExactCode(last, SYSTEM) if last in self._bit else UnderCode(last, SYSTEM)
            else:
                yield CodeRange(whole[at], last, SYSTEM)
            at += length

    def _cover(self, bits: Bits, node: Node, found: list[Entry]) -> None:
        if not node.below:
            first, last = self.span(node.code)
            found.extend(ExactCode(self.codes[at], SYSTEM) for at in range(first, last) if bits >> at & 1)
        for inner in node.below:
            part = self._part(bits, inner.code)
            if part:
                found.append(
                    ExactCode(inner.code, SYSTEM) if inner.code in self._bit else UnderCode(inner.code, SYSTEM)
                )
            elif part is False:
                self._cover(bits, inner, found)

    def _part(self, bits: Bits, code: str) -> bool | None:
        """Whether a set holds all codes below `code` (True), some (False) or none (None)."""
        first, last = self.span(code)
        part = (bits >> first) & ((1 << (last - first)) - 1)
        if not part:
            return None
        return part == (1 << (last - first)) - 1


def _run(first: int, last: int) -> Bits:
    return (1 << last) - (1 << first) if last > first else 0


def _code_of(node: Node) -> str:
    return node.code
