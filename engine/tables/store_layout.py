"""Store layout: gathered rows become sorted, narrow columns, with the indexes that find them.

In:   a `StoreGatherer` that has all rows, and the manifest.    Out: `lay_out`: the form and the sections of a file.
Uses: tables.store_gather, tables.store_format, tables.store_cells, tables.notation.    Used by: store_write.
Not here: reading any of it back (stored_columns, stored).

Rows are sorted by their exact keys, then by their owners; rows of equal keys stay in the order in which they came.
"""

from array import array
from collections.abc import Iterable, Mapping, Sequence
from itertools import accumulate, islice
from operator import lt
from typing import Final

from sequela.engine.tables.codes import CodeRange, ExactCode, LikePattern, TextSet, UnderCode
from sequela.engine.tables.index import KeyMatch
from sequela.engine.tables.model import OPEN_END, OPEN_START
from sequela.engine.tables.store_cells import DOTS, packed, stored_reader, type_words
from sequela.engine.tables.store_format import (
    ColumnForm,
    CoversForm,
    DaysForm,
    Form,
    IndexForm,
    Manifest,
    PostingsForm,
    TextsForm,
)
from sequela.engine.tables.store_gather import ColumnNumbers, StoreGatherer

_SORTED: Final[dict[KeyMatch, int]] = {"exact": 0, "under": 1}
_LARGEST: Final = {"B": 0xFF, "H": 0xFFFF, "I": 0xFFFFFFFF}

Section = "array[int] | bytes"


def lay_out(gatherer: StoreGatherer, manifest: Manifest) -> "tuple[Form, list[array[int] | bytes]]":
    """The form and the sections of the file that holds the gathered rows."""
    return _Layout(gatherer).form(manifest)


class _Layout:
    """Sections, one after the other, and what the form says of them."""

    def __init__(self, gatherer: StoreGatherer) -> None:
        self.gatherer = gatherer
        self.sections: list[array[int] | bytes] = []
        keys = [column for column in gatherer.columns if column.match in _SORTED]
        self.keys = sorted(keys, key=lambda column: _SORTED[column.match or "under"])
        self.order: Sequence[int] = range(gatherer.count)

    def form(self, manifest: Manifest) -> "tuple[Form, list[array[int] | bytes]]":
        """Lays out all columns."""
        gatherer = self.gatherer
        key_texts = {column.name: _in_order(column) for column in self.keys}
        self._sort(key_texts)
        columns = tuple(self._column(column, key_texts.get(column.name)) for column in gatherer.columns)
        shape, covers = gatherer.shape, manifest.covers
        days = self._days()
        numbers = self._numbers(_moved(gatherer.numbers, self.order))
        file_of = self._numbers(_moved(gatherer.file_of, self.order)) if len(gatherer.files) > 1 else None
        as_it_came = isinstance(self.order, range)
        by_source = not as_it_came and self._came_by_source()
        form = Form(
            table=manifest.table,
            title=manifest.title,
            source=manifest.source,
            publisher=manifest.publisher,
            release=manifest.release,
            covers=None if covers is None else CoversForm(covers.start, covers.end),
            sha256=manifest.sha256,
            rows=manifest.rows,
            rejects=manifest.rejects,
            made_by=manifest.made_by,
            notes=manifest.notes,
            payload="",
            complete=shape.complete,
            missing=manifest.missing,
            defines=None if shape.defines is None else shape.defines.value,
            files=tuple(file or manifest.source for file in gatherer.files),
            columns=columns,
            order=tuple(column.name for column in self.keys),
            in_force=shape.in_force,
            days=days,
            numbers=numbers,
            file_of=file_of,
            arrival=None if as_it_came or by_source else self._numbers(array("I", self.order)),
            came_by_source=by_source,
        )
        return form, self.sections

    def _sort(self, key_texts: Mapping[str, Sequence[str]]) -> None:
        """Sorts the rows by their keys, each of which gets its final numbers."""
        combined: list[int] | None = None
        for column in self.keys:
            texts = key_texts[column.name]
            place = array("I", bytes(4 * len(column.texts)))
            for at, text in enumerate(texts):
                place[column.texts[text]] = at
            column.rows = array("I", map(place.__getitem__, column.rows))
            size = len(texts)
            combined = (
                column.rows.tolist()
                if combined is None
                else [above * size + number for above, number in zip(combined, column.rows, strict=True)]
            )
        if combined is None:
            return
        order = sorted(self.order, key=combined.__getitem__)
        if any(at != row for at, row in enumerate(order)):
            self.order = order
            for column in self.keys:
                column.rows = _moved(column.rows, order)

    def _came_by_source(self) -> bool:
        """Whether the rows came in the order of their files and of their numbers there, each with a number of its own."""
        pairs = list(zip(self.gatherer.file_of, self.gatherer.numbers, strict=True))
        return all(map(lt, pairs, islice(pairs, 1, None)))

    def _column(self, column: ColumnNumbers, texts: Sequence[str] | None) -> ColumnForm:
        kind, words = type_words(column.kind)
        if texts is not None:
            return self._sorted_key(column, texts, kind, words)
        rows = _moved(column.rows, self.order)
        by_number = list(column.texts)
        if column.match == "in":
            return ColumnForm(
                name=column.name,
                type=kind,
                words=words,
                key="in",
                texts=self._texts(by_number[1:]),
                ids=self._numbers(array("I", [number - 1 for number in rows])),
                postings=self._postings(column, by_number, rows),
            )
        if 2 * len(by_number) > len(rows):
            plain = self._texts([by_number[number] for number in rows])
            return ColumnForm(name=column.name, type=kind, words=words, texts=plain)
        return ColumnForm(
            name=column.name, type=kind, words=words, texts=self._texts(by_number[1:]), ids=self._numbers(rows)
        )

    def _sorted_key(self, column: ColumnNumbers, texts: Sequence[str], kind: str, words: tuple[str, ...]) -> ColumnForm:
        """A key column by which rows are sorted: the first has the rows of each text, the others a number for each row."""
        codes = [text for text in texts if DOTS not in text] if column.match == "under" else list(texts)
        offsets = ids = None
        if column is self.keys[0]:
            offsets = self._add(_offsets(column.rows, len(texts)))
        else:
            ids = self._numbers(column.rows)
        return ColumnForm(
            name=column.name,
            type=kind,
            words=words,
            key=column.match,
            texts=self._texts(codes, lengths=column.match == "under"),
            ranges=self._texts(texts[len(codes) :]) if column.match == "under" else None,
            ids=ids,
            offsets=offsets,
        )

    def _postings(self, column: ColumnNumbers, by_number: Sequence[str], rows: Sequence[int]) -> PostingsForm:
        """The index of a key column of lists."""
        read = stored_reader(column.kind, "in")
        entries = [_entries(read(text)) if text else () for text in by_number]
        found: tuple[dict[str, array[int]], ...] = ({}, {}, {})
        for row, number in enumerate(rows):
            for way, text in entries[number]:
                found[way].setdefault(text, array("I")).append(row)
        exact, beginnings, ranges = (self._index(way) for way in found)
        return PostingsForm(exact, beginnings, ranges)

    def _index(self, found: "Mapping[str, array[int]]") -> IndexForm:
        texts = sorted(found)
        offsets = array("I", accumulate((len(found[text]) for text in texts), initial=0))
        rows = array("I")
        for text in texts:
            rows.extend(found[text])
        return IndexForm(self._texts(texts, lengths=True), self._add(offsets), self._add(rows))

    def _days(self) -> DaysForm | None:
        gatherer = self.gatherer
        if not gatherer.days:
            return None
        ends = {*gatherer.starts, *gatherer.ends} - {OPEN_START, OPEN_END}
        base = min(ends) - 1 if ends else OPEN_START
        open_end = max(ends) - base + 1 if ends else 1
        narrow = {day: day - base for day in ends} | {OPEN_START: 0, OPEN_END: open_end}
        starts = array("I", map(narrow.__getitem__, _moved(gatherer.starts, self.order)))
        last = array("I", map(narrow.__getitem__, _moved(gatherer.ends, self.order)))
        kind = _kind(open_end)
        return DaysForm(base, open_end, self._add(array(kind, starts)), self._add(array(kind, last)))

    def _texts(self, texts: Sequence[str], *, lengths: bool = False) -> TextsForm:
        """Adds some texts; where `lengths`, those that occur are noted."""
        sizes = tuple(sorted({len(text) for text in texts})) if lengths else ()
        numbers = [packed(text) for text in texts]
        if None not in numbers:
            return TextsForm(len(texts), self._add(array("Q", [number or 0 for number in numbers])), None, sizes)
        encoded = [text.encode("utf-8", "surrogatepass") for text in texts]
        ends = list(accumulate(map(len, encoded), initial=0))
        offsets = array("I" if ends[-1] <= _LARGEST["I"] else "Q", ends)
        return TextsForm(len(texts), self._add(offsets), self._add(b"".join(encoded)), sizes)

    def _numbers(self, numbers: "array[int]") -> int:
        """Adds numbers, as narrow as they can be."""
        return self._add(array(_kind(max(numbers, default=0)), numbers))

    def _add(self, section: "array[int] | bytes") -> int:
        self.sections.append(section)
        return len(self.sections) - 1


def _in_order(column: ColumnNumbers) -> Sequence[str]:
    """The texts of a key column in their order; owners that are ranges stand last."""
    texts = [text for text, number in column.texts.items() if number]
    return sorted(texts, key=lambda text: (column.match == "under" and DOTS in text, text))


def _moved(rows: "array[int]", order: Sequence[int]) -> "array[int]":
    return rows if isinstance(order, range) else array(rows.typecode, map(rows.__getitem__, order))


def _offsets(rows: Iterable[int], texts: int) -> "array[int]":
    """For sorted numbers below `texts`: where the rows of each begin, and where the last ones end."""
    counts = [0] * texts
    for number in rows:
        counts[number] += 1
    return array("I", accumulate(counts, initial=0))


def _kind(largest: int) -> str:
    return next((kind for kind, most in _LARGEST.items() if largest <= most), "Q")


def _entries(listed: TextSet) -> "tuple[tuple[int, str], ...]":
    """How the entries of a list are looked up: by exact code (0), by beginning (1), by range (2)."""
    found: dict[tuple[int, str], None] = {}
    for entry in listed.entries:
        match entry:
            case ExactCode(code=code):
                found[0, code] = None
            case UnderCode(code=code):
                found[1, code] = None
            case LikePattern():
                found[1, entry.beginning] = None
            case CodeRange(low=low, high=high):
                found[2, f"{low}{DOTS}{high}"] = None
    return tuple(found)
