"""Stored columns: the cells of an imported table, read from its file when they are asked for.

In:   an opened store and the form of a column.    Out: `texts_of`, `cells_of`, `has_empty_cells`, `BoundedMemo`.
Uses: tables.store_format, tables.store_cells.      Used by: stored_keys, stored.
Not here: which row a look-up finds (stored_keys, stored).

Nothing is read when a table is opened. What was read once is remembered, up to a bound.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Sequence
from itertools import chain, pairwise, repeat
from typing import Any, Final

from sequela.engine.tables.model import Value
from sequela.engine.tables.store_cells import packed, stored_reader, type_of_words, unpacked
from sequela.engine.tables.store_format import ColumnForm, Store, TextsForm
from sequela.engine.vocabulary.absent import NONE, Nothing

MOST_REMEMBERED: Final = 65_536
"""How many values of one column, or answers of one index, are remembered."""


class BoundedMemo(dict[Any, Any]):
    """What a function gave for each argument so far; begun anew where there are too many."""

    __slots__ = ("give",)

    def __init__(self, give: Callable[[Any], Any]) -> None:
        super().__init__()
        self.give = give

    def __missing__(self, key: Any) -> Any:
        found = self.give(key)
        if len(self) >= MOST_REMEMBERED:
            self.clear()
        self[key] = found
        return found


class PackedTexts(Sequence[str]):
    """Texts of at most eight characters, kept as numbers."""

    __slots__ = ("_numbers",)

    def __init__(self, numbers: Sequence[int]) -> None:
        self._numbers = numbers

    def __len__(self) -> int:
        return len(self._numbers)

    def __getitem__(self, place: Any) -> Any:
        return unpacked(self._numbers[place])

    def find(self, text: str) -> int:
        """The place of `text` among sorted texts; -1 where it is not there."""
        number = packed(text)
        if number is None:
            return -1
        at = bisect_left(self._numbers, number)
        return at if at < len(self._numbers) and self._numbers[at] == number else -1


class BlobTexts(Sequence[str]):
    """Texts of any length, one after the other in UTF-8."""

    __slots__ = ("_blob", "_offsets")

    def __init__(self, offsets: Sequence[int], blob: memoryview) -> None:
        self._offsets = offsets
        self._blob = blob

    def __len__(self) -> int:
        return len(self._offsets) - 1

    def __getitem__(self, place: Any) -> Any:
        if not 0 <= place < len(self._offsets) - 1:
            raise IndexError(place)
        return str(self._blob[self._offsets[place] : self._offsets[place + 1]], "utf-8", "surrogatepass")

    def find(self, text: str) -> int:
        """The place of `text` among sorted texts; -1 where it is not there."""
        at = bisect_left(self, text)
        return at if at < len(self) and self[at] == text else -1


Texts = PackedTexts | BlobTexts


def texts_of(store: Store, form: TextsForm) -> Texts:
    """Some texts of a file."""
    numbers = store.numbers(form.at)
    return PackedTexts(numbers) if form.blob is None else BlobTexts(numbers, store.text(form.blob))


class Cells(Sequence[Value | Nothing]):
    """The cells of a column by row: each row has the number of its value."""

    __slots__ = ("_numbers", "_values")

    def __init__(self, numbers: Sequence[int], values: BoundedMemo) -> None:
        self._numbers = numbers
        self._values = values

    def __len__(self) -> int:
        return len(self._numbers)

    def __getitem__(self, row: Any) -> Any:
        return self._values[self._numbers[row]]

    def all(self) -> list[Any]:
        """Every cell; each value is read once, whatever is remembered."""
        numbers = self._numbers
        every = numbers.all() if isinstance(numbers, GroupNumbers) else numbers
        values = {number: self._values.give(number) for number in set(every)}
        return [values[number] for number in every]


class PlainCells(Sequence[Value | Nothing]):
    """The cells of a column in which each row has a text of its own."""

    __slots__ = ("_read", "_texts")

    def __init__(self, texts: Texts, read: Callable[[str], Any]) -> None:
        self._texts = texts
        self._read = read

    def __len__(self) -> int:
        return len(self._texts)

    def __getitem__(self, row: Any) -> Any:
        text = self._texts[row]
        return self._read(text) if text else NONE


class GroupNumbers(Sequence[int]):
    """The number of the group that a row stands in, where rows stand in groups."""

    __slots__ = ("_offsets",)

    def __init__(self, offsets: Sequence[int]) -> None:
        self._offsets = offsets

    def __len__(self) -> int:
        return self._offsets[-1]

    def __getitem__(self, row: Any) -> Any:
        return bisect_right(self._offsets, row) - 1

    def all(self) -> list[int]:
        """The numbers of all rows."""
        sizes = (after - at for at, after in pairwise(self._offsets))
        return list(chain.from_iterable(repeat(number, size) for number, size in enumerate(sizes)))


def cells_of(store: Store, form: ColumnForm) -> Sequence[Value | Nothing]:
    """The cells of a column of keys or values, by row."""
    kind = type_of_words(form.type, form.words)
    if kind is None:
        raise ValueError(f"no type is called {form.type}")
    match = form.key
    read = stored_reader(kind, match)
    texts = texts_of(store, form.texts)
    if form.ids is None and form.offsets is None:
        return PlainCells(texts, read)
    if match is None:
        numbers = store.numbers(int(form.ids or 0))
        return Cells(numbers, BoundedMemo(lambda number: read(texts[number - 1]) if number else NONE))
    numbers = GroupNumbers(store.numbers(form.offsets)) if form.offsets is not None else store.numbers(form.ids or 0)
    if form.ranges is None:
        return Cells(numbers, BoundedMemo(lambda number: read(texts[number])))
    ranges, codes = texts_of(store, form.ranges), len(texts)
    return Cells(numbers, BoundedMemo(lambda number: read(texts[number] if number < codes else ranges[number - codes])))


def has_empty_cells(store: Store, form: ColumnForm) -> bool:
    """Whether a column of values has a cell that is empty: found in a pass over the numbers of the column."""
    if form.ids is not None:
        return store.scan(form.ids, 0) >= 0
    if form.texts.blob is None:
        return store.scan(form.texts.at, 0) >= 0
    return any(one == other for one, other in pairwise(store.numbers(form.texts.at)))
