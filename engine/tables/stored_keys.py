"""Stored keys: from a key to the rows of an imported table that it matches, by search in the sorted columns of its file.

In:   an opened store and the forms of its key columns.    Out: `ExactKey`, `GoesOn`, `OwnerKey`, `ListKey`.
Uses: tables.stored_columns, tables.codes, tables.spans.    Used by: stored.
Not here: dates, and what an absent row or an unknown key means (stored, model).

Rows are sorted by their keys, level by level: the rows that match so far are a few spans of rows, and each level narrows
them.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from itertools import chain
from typing import Any, Final

from sequela.engine.tables.codes import BEYOND, CodeRange
from sequela.engine.tables.spans import SpanIndex
from sequela.engine.tables.store_cells import DOTS, key_text, stored_reader, type_of_words
from sequela.engine.tables.store_format import ColumnForm, IndexForm, Store
from sequela.engine.tables.stored_columns import BoundedMemo, Texts, texts_of

Span = tuple[int, int]
"""Rows from the first number up to, and without, the second."""

_MOST_ROWS_REMEMBERED: Final = 1_000_000


class _Level:
    """A key column by which rows are sorted, and its place among the declared keys; None where it is not declared as one."""

    def __init__(self, store: Store, form: ColumnForm, position: int | None) -> None:
        self.position = position
        self.offsets = None if form.offsets is None else store.numbers(form.offsets)
        self.ids: Sequence[int] = () if form.ids is None else store.numbers(form.ids)
        self._store = store
        self._form = form
        self._texts = texts_of(store, form.texts)
        self._scanned: dict[int, list[int]] = {}
        self._rows_remembered = 0

    def narrow(self, spans: Sequence[Span], numbers: Sequence[int]) -> list[Span]:
        """Those of the rows in `spans`, which are sorted by this key, that have one of some numbers."""
        if self.offsets is not None:
            return [(self.offsets[number], self.offsets[number + 1]) for number in numbers]
        found = []
        for first, last in spans:
            for number in numbers:
                start = bisect_left(self.ids, number, first, last)
                if start < last and self.ids[start] == number:
                    found.append((start, bisect_right(self.ids, number, start, last)))
        return found

    def texts_between(self, low: str, high: str) -> list[str]:
        """The texts of the key, in order, from `low` up to `high`."""
        first, last = bisect_left(self._texts, low), bisect_right(self._texts, high)
        return [self._texts[at] for at in range(first, last)]

    def rows_with(self, numbers: Sequence[int]) -> Iterator[int]:
        """All rows that have one of some numbers, whatever the keys before: found in a pass over the column."""
        if self.offsets is not None:
            return chain.from_iterable(range(*span) for span in self.narrow((), numbers))
        return chain.from_iterable(map(self._scan, numbers))

    def _scan(self, number: int) -> list[int]:
        found = self._scanned.get(number)
        if found is not None:
            return found
        found = []
        section = self._form.ids or 0
        at = self._store.scan(section, number)
        while at >= 0:
            found.append(at)
            at = self._store.scan(section, number, at + 1)
        if self._rows_remembered > _MOST_ROWS_REMEMBERED:
            self._scanned.clear()
            self._rows_remembered = 0
        self._rows_remembered += len(found) + 1
        self._scanned[number] = found
        return found


class ExactKey(_Level):
    """A key that is equal."""

    def __init__(self, store: Store, form: ColumnForm, position: int | None) -> None:
        super().__init__(store, form, position)
        self.number_of = BoundedMemo(self._number_of)
        """The number of a key; -1 where no row has it."""

    def _number_of(self, key: Any) -> int:
        return self._texts.find(key_text(key))

    def numbers(self, key: Any) -> Sequence[int]:
        """The number of a key, if any row has it."""
        number = self.number_of[key]
        return () if number < 0 else (number,)


class GoesOn:
    """Whether one of some rows, which stand together and are sorted by a key, has it."""

    __slots__ = ("_after", "_first", "_ids", "_number_of")

    def __init__(self, key: ExactKey, first: int, after: int) -> None:
        self._ids = key.ids
        self._number_of = key.number_of
        self._first = first
        self._after = after

    def __call__(self, key: Any) -> bool:
        """Whether one of the rows has `key`."""
        number, ids, after = self._number_of[key], self._ids, self._after
        at = bisect_left(ids, number, self._first, after)
        return at < after and ids[at] == number


class OwnerKey(_Level):
    """A key that is below an owner: one probe for each length that owners have, and a search among their ranges."""

    def __init__(self, store: Store, form: ColumnForm, position: int | None) -> None:
        super().__init__(store, form, position)
        self._memo = BoundedMemo(self._numbers)
        self._ranges: SpanIndex[tuple[int, CodeRange]] | None = None

    def numbers(self, key: Any) -> Sequence[int]:
        """The numbers of the owners that speak for a code."""
        found: Sequence[int] = self._memo[key]
        return found

    def _numbers(self, code: str) -> tuple[int, ...]:
        found = _beginnings(self._texts, self._form.texts.lengths, code)
        if self._ranges is None:
            self._ranges = self._read_ranges()
        if len(self._ranges):
            found.extend(number for number, owner in self._ranges.holding(code) if owner.holds(code))
        return tuple(sorted(found))

    def _read_ranges(self) -> SpanIndex[tuple[int, CodeRange]]:
        kind = type_of_words(self._form.type, self._form.words)
        if self._form.ranges is None or kind is None:
            return SpanIndex(())
        read = stored_reader(kind, "under")
        owners = enumerate(map(read, texts_of(self._store, self._form.ranges)), len(self._texts))
        return SpanIndex((owner.low, owner.high + BEYOND, (number, owner)) for number, owner in owners)


class _Index:
    """The rows of each of some texts."""

    def __init__(self, store: Store, form: IndexForm) -> None:
        self.texts: Texts = texts_of(store, form.texts)
        self.lengths = form.texts.lengths
        self._offsets = store.numbers(form.offsets)
        self._rows = store.numbers(form.rows)

    def rows(self, place: int) -> Sequence[int]:
        return self._rows[self._offsets[place] : self._offsets[place + 1]]


class ListKey:
    """A key that is in a list."""

    def __init__(self, store: Store, form: ColumnForm, position: int, cells: Sequence[Any]) -> None:
        self.position = position
        self.cells = cells
        self._store = store
        self._form = form
        self._indexes: tuple[_Index, _Index, SpanIndex[Sequence[int]]] | None = None

    def rows_perhaps(self, code: str) -> set[int]:
        """The rows whose list may hold a code: no other does; exceptions and patterns are not looked at."""
        exact, beginnings, ranges = self._indexes or self._read()
        at = exact.texts.find(code)
        found = set(exact.rows(at) if at >= 0 else ())
        for place in _beginnings(beginnings.texts, beginnings.lengths, code):
            found.update(beginnings.rows(place))
        if len(ranges):
            found.update(*ranges.holding(code))
        return found

    def _read(self) -> "tuple[_Index, _Index, SpanIndex[Sequence[int]]]":
        postings = self._form.postings
        assert postings is not None
        ranges = _Index(self._store, postings.ranges)
        ends = [text.partition(DOTS) for text in ranges.texts]
        spans = SpanIndex((low, high + BEYOND, ranges.rows(place)) for place, (low, _, high) in enumerate(ends))
        self._indexes = _Index(self._store, postings.exact), _Index(self._store, postings.beginnings), spans
        return self._indexes


def _beginnings(texts: Texts, lengths: Sequence[int], code: str) -> list[int]:
    """The places of the texts, of some lengths, with which a code begins."""
    found = [texts.find(code[:length]) for length in lengths if length <= len(code)]
    return [place for place in found if place >= 0]
