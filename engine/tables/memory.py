"""Memory: a table whose rows are held in memory, as a CSV file or a rule file gives them.

In:   columns of cells in normal form.           Out: `MemoryTable`, `RowOrigins`.
Uses: vocabulary, tables.model, tables.index.    Used by: gather, declared_store.
Not here: imported tables (stored).

Side indexes are built on first need; two threads that build the same one at once build equal ones, and either stays.
"""

from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any, cast

from msgspec import Struct

from sequela.engine.tables.index import HOLDS, ExactNode, KeyMatch, Node, all_rows, build_index, find_rows
from sequela.engine.tables.model import (
    OPEN_END,
    OPEN_START,
    Covers,
    Key,
    RowTable,
    TableShape,
    Value,
    absent_from,
    first_day,
    last_day,
)
from sequela.engine.vocabulary.absent import NONE, Nothing


class Days(Sequence[date | Nothing]):
    """One end of the rows' periods, read as dates; an open end is none."""

    __slots__ = ("_ordinals",)

    def __init__(self, ordinals: Sequence[int]) -> None:
        self._ordinals = ordinals

    def __len__(self) -> int:
        return len(self._ordinals)

    def __getitem__(self, index: Any) -> Any:
        ordinal = self._ordinals[index]
        return date.fromordinal(ordinal) if OPEN_START < ordinal < OPEN_END else NONE


class RowOrigins(Struct, frozen=True):
    """Where the rows of an imported table stood: the files, and for each row its file's place there and its number."""

    files: tuple[str, ...]
    file_of: Sequence[int]
    numbers: Sequence[int]


class MemoryTable(RowTable):
    """A table that is held in memory; the index of a row is its place in the file.

    `cells` holds the cells of each key and value column in file order; `starts` and `ends` the days (as ordinals) on
    which each row comes and goes, empty where rows are not dated. `first_line` is the line of the first row where rows
    stand on successive lines, `lines` the line of each row where they do not; both are None where the file has no lines.
    `origins` say where the rows of an imported table came from.
    """

    __slots__ = (
        "_absent",
        "_by_column",
        "_by_date",
        "_columns",
        "_first_day",
        "_last_day",
        "_made_root",
        "_sorted",
        "cells",
        "count",
        "covers",
        "ends",
        "file",
        "first_line",
        "lines",
        "origins",
        "release",
        "sha256",
        "shape",
        "starts",
    )

    def __init__(
        self,
        *,
        shape: TableShape,
        file: str,
        sha256: str,
        count: int,
        covers: Covers | None,
        release: str | None = None,
        cells: Mapping[str, Sequence[Value | Nothing]],
        starts: "array[int]",
        ends: "array[int]",
        first_line: int | None = None,
        lines: "array[int] | None" = None,
        origins: RowOrigins | None = None,
    ) -> None:
        self.shape, self.file, self.sha256, self.count = shape, file, sha256, count
        self.covers, self.release = covers, release
        self.cells, self.starts, self.ends = cells, starts, ends
        self.first_line, self.lines, self.origins = first_line, lines, origins
        columns = dict(cells)
        if shape.in_force is not None:
            start, end = shape.in_force
            columns[start], columns[end] = Days(starts), Days(ends)
        self._columns: dict[str, Sequence[Value | Nothing]] = columns
        self._first_day, self._last_day = first_day(covers), last_day(covers)
        self._absent = absent_from(shape)
        self._made_root: Node | None = None
        self._by_column: dict[int, Node] = {}
        self._by_date: list[tuple[list[int], list[int]]] = []
        self._sorted: list[list[str]] = []

    @property
    def _root(self) -> Node:
        """The index by all keys, made when it is first asked."""
        if self._made_root is None:
            columns = [self._key_column(at) for at in range(len(self.shape.keys))]
            self._made_root = build_index(range(self.count), columns)
        return self._made_root

    def _key_column(self, position: int) -> tuple[int, KeyMatch, Sequence[Any]]:
        key = self.shape.keys[position]
        return position, key.match, self.cells[key.name]

    def column(self, name: str) -> Sequence[Value | Nothing]:
        """The cells of a declared column in file order; NONE for empty ones. Raises KeyError for one not declared."""
        return self._columns[name]

    def period(self, index: int) -> tuple[int, int]:
        """The days, as ordinals, on which a row comes and goes; open ends where rows are not dated."""
        return (self.starts[index], self.ends[index]) if self.starts else (OPEN_START, OPEN_END)

    def number_of(self, index: int) -> int:
        """The row's number among the data rows, from 1, or where it came from."""
        return index + 1 if self.origins is None else self.origins.numbers[index]

    def line_of(self, index: int) -> int | None:
        """The line where a row begins; None where the file has no lines."""
        if self.lines is not None:
            return self.lines[index]
        return None if self.first_line is None else self.first_line + index

    def file_of(self, index: int) -> str:
        """The file, or the one that the row came from."""
        return self.file if self.origins is None else self.origins.files[self.origins.file_of[index]]

    def codes_between(self, low: str, high: str) -> Sequence[str]:
        """The codes of the one key from `low` up to `high`; see `Table`."""
        if not self._sorted:
            self._sorted.append(sorted(set(cast("Sequence[str]", self.cells[self.shape.keys[0].name]))))
        codes = self._sorted[0]
        return codes[bisect_left(codes, low) : bisect_right(codes, high)]

    def _in_order(self, rows: Iterable[int]) -> Sequence[int]:
        return rows if isinstance(rows, range) else sorted(rows)

    def _find(self, keys: Sequence[Key]) -> Sequence[int]:
        return find_rows(self._root, keys)

    def _in_force(self, rows: Sequence[int], on: date | None) -> Sequence[int]:
        day, starts, ends = on.toordinal() if on is not None else 0, self.starts, self.ends
        return [row for row in rows if starts[row] <= day <= ends[row]]

    def _any_in_force(self, rows: Iterable[int], on: date) -> bool:
        day, starts, ends = on.toordinal(), self.starts, self.ends
        if not isinstance(rows, range):
            return any(starts[row] <= day <= ends[row] for row in rows)
        if not self._by_date:
            self._by_date.append((sorted(self.starts), sorted(self.ends)))
        first, last = self._by_date[0]
        return bisect_right(first, day) > bisect_left(last, day)

    def _candidates(self, keys: Sequence[Key]) -> Iterable[int]:
        known = [at for at, key in enumerate(keys) if key is not None]
        if not known:
            return range(self.count)
        if len(known) == len(keys):
            return find_rows(self._root, keys)
        first = known[0]
        root = self._root
        rows: Iterable[int]
        if isinstance(root, ExactNode) and keys[root.position] is not None:
            first = root.position
            child = root.children.get(keys[first])
            rows = () if child is None else all_rows(child)
        else:
            rows = find_rows(self._column_index(first), keys)
        others = [(*self._key_column(at)[1:], keys[at]) for at in known if at != first]
        if not others:
            return rows
        return (row for row in rows if all(HOLDS[how](cells[row], key) for how, cells, key in others))

    def _column_index(self, position: int) -> Node:
        """An index by one key column alone."""
        found = self._by_column.get(position)
        if found is None:
            found = self._by_column[position] = build_index(range(self.count), [self._key_column(position)])
        return found
