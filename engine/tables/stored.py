"""Stored: one release of an imported table, asked where it lies in its file.

In:   an opened store and the shape that a rule file declares.    Out: `StoredTable`.
Uses: tables.stored_columns, tables.stored_keys, tables.model.     Used by: declared_store.
Not here: whether the declaration fits the file (declared_store); which release governs a day (releases).

The index of a row is its place in the file of the release, where rows are sorted by their keys; what comes of a look-up is
in the order of the source files, as in any table.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from itertools import chain
from typing import Any, Final

from sequela.engine.tables.index import HOLDS
from sequela.engine.tables.memory import Days
from sequela.engine.tables.model import (
    CERTAINLY_NONE,
    NOT_COVERED,
    OPEN_END,
    OPEN_START,
    Covers,
    Key,
    Matches,
    MatchState,
    Row,
    RowTable,
    TableShape,
    Value,
    absent_from,
    first_day,
    last_day,
)
from sequela.engine.tables.reach import Reach, reach_of
from sequela.engine.tables.store_format import ColumnForm, DaysForm, Store
from sequela.engine.tables.stored_columns import BoundedMemo, Cells, cells_of
from sequela.engine.tables.stored_keys import ExactKey, GoesOn, ListKey, OwnerKey
from sequela.engine.vocabulary.absent import NONE, Nothing

_FEW: Final = 32  # rows that are quicker tried one by one than found through the index of a list
_CERTAIN: Final = MatchState.CERTAIN
_NO_DAYS: Final = DaysForm(OPEN_START, OPEN_END, 0, 0)


class Ordinals(Sequence[int]):
    """One end of the rows' periods as ordinals, from the narrow numbers of the file."""

    __slots__ = ("_days", "_numbers")

    def __init__(self, numbers: Sequence[int], days: DaysForm) -> None:
        self._numbers = numbers
        self._days = days

    def __len__(self) -> int:
        return len(self._numbers)

    def __getitem__(self, row: Any) -> Any:
        number = self._numbers[row]
        if number == 0:
            return OPEN_START
        return OPEN_END if number == self._days.open_end else self._days.base + number


class StoredTable(RowTable):
    """A release as a rule file declares it.

    `columns` are the columns of the file by their declared names, `dated` the declared names of the two that date a row
    and whether each is the end. A declared key by which the file is not indexed is compared row by row among the rows that the
    others leave; a key of the file that is not declared is not asked.
    """

    __slots__ = (
        "_absent", "_cells", "_days", "_ends", "_exact", "_first_day", "_in_force_at_all", "_last_day", "_levels", "_lists",
        "_numbers", "_others", "_reach", "_starts", "columns", "count", "covers", "dated", "file", "release", "sha256", "shape",
        "store",
    )  # fmt: skip

    def __init__(
        self,
        *,
        shape: TableShape,
        file: str,
        sha256: str,
        count: int,
        covers: Covers | None,
        release: str | None,
        store: Store,
        columns: Mapping[str, ColumnForm],
        dated: Mapping[str, bool],
    ) -> None:
        self.shape, self.file, self.sha256, self.count = shape, file, sha256, count
        self.covers, self.release = covers, release
        self.store, self.columns, self.dated = store, columns, dated
        form = store.form
        days = form.days or _NO_DAYS
        is_dated = form.days is not None
        self._days = days
        self._starts: Sequence[int] = store.numbers(days.starts) if is_dated else ()
        self._ends: Sequence[int] = store.numbers(days.ends) if is_dated else ()
        self._numbers = store.numbers(form.numbers)
        self._first_day, self._last_day = first_day(covers), last_day(covers)
        self._absent = absent_from(shape)
        self._cells: dict[str, Sequence[Value | Nothing]] = {}
        self._in_force_at_all = BoundedMemo(self._any_row_on)
        self._find_keys()

    def _find_keys(self) -> None:
        """Which declared keys the file has an index of, and which are compared row by row."""
        form, by_name = self.store.form, {column.name: column for column in self.store.form.columns}
        places: dict[str, int] = {}
        others: list[tuple[int, Callable[[Any, Any], bool], Sequence[Any]]] = []
        for at, key in enumerate(self.shape.keys):
            column = self.columns[key.name]
            if column.key == key.match:
                places[column.name] = at
            else:
                others.append((at, HOLDS[key.match], self.column(key.name)))
        levels: list[ExactKey | OwnerKey] = []
        for name in form.order:
            make = ExactKey if by_name[name].key == "exact" else OwnerKey
            levels.append(make(self.store, by_name[name], places.get(name)))
        lists = tuple(
            ListKey(self.store, self.columns[key.name], at, self.column(key.name))
            for at, key in enumerate(self.shape.keys)
            if key.match == self.columns[key.name].key == "in"
        )
        exact = tuple(level for level in levels if isinstance(level, ExactKey) and level.position is not None)
        self._levels = tuple(levels)
        self._lists = lists
        self._others = tuple(others)
        self._exact = exact if len(exact) == len(levels) == len(self.shape.keys) else ()
        is_pair = len(lists) == 1 == len(levels) and len(self.shape.keys) == 2 and levels[0].position is not None
        self._reach = BoundedMemo(self._reach_of) if is_pair else None

    def _reach_of(self, owner: str) -> Reach:
        """What the lists of an owner's rows can hold at most; for a table of which the keys are an owner and a list."""
        rows = self._candidates([owner if key.match != "in" else None for key in self.shape.keys])
        return reach_of(self._lists[0].cells[row] for row in rows)

    def _is_out_of_reach(self, keys: Sequence[Key], on: date | None) -> bool:
        """Whether a quick look shows that no row holds two keys that are known, on a day that is covered."""
        assert self._reach is not None
        first, second = keys
        if first.__class__ is not str or second.__class__ is not str or (on is None and self.asks_date):
            return False
        if on is not None and not self._first_day <= on.toordinal() <= self._last_day:
            return False
        return not self._touches(keys)

    def _touches(self, keys: Sequence[Key]) -> bool:
        """Whether the lists of an owner's rows may hold a code."""
        assert self._reach is not None
        first, second = keys
        owner, code = (second, first) if self._lists[0].position == 0 else (first, second)
        return bool(self._reach[owner].touches(code))

    def may_hold(self, keys: Sequence[Key]) -> bool:
        """Whether a row matches those of `keys` that are known, on any day."""
        if None in keys:
            return RowTable.may_hold(self, keys)
        if self._exact:
            first, last = self._span(keys)
            return first < last
        return (self._reach is None or self._touches(keys)) and RowTable.may_hold(self, keys)

    def going_on(self, first: Key) -> Callable[[Key], bool] | None:
        """Whether a row has a first key, and then a second one; see `Table`."""
        begin, then = self._exact[:2] if len(self._exact) > 1 else (None, None)
        if begin is None or then is None or (begin.position, then.position) != (0, 1) or begin.offsets is None:
            return RowTable.going_on(self, first)
        number = begin.number_of[first]
        return None if number < 0 else GoesOn(then, begin.offsets[number], begin.offsets[number + 1])

    def column(self, name: str) -> Sequence[Value | Nothing]:
        """The cells of a declared column by row; NONE for empty ones. Raises KeyError for one not declared."""
        found = self._cells.get(name)
        if found is None:
            if name in self.dated:
                found = Days(Ordinals(self._ends if self.dated[name] else self._starts, self._days))
            else:
                found = cells_of(self.store, self.columns[name])
            self._cells[name] = found
        return found

    def period(self, index: int) -> tuple[int, int]:
        """The days, as ordinals, on which a row comes and goes; open ends where rows are not dated."""
        if self.shape.in_force is None:
            return OPEN_START, OPEN_END
        return Ordinals(self._starts, self._days)[index], Ordinals(self._ends, self._days)[index]

    def number_of(self, index: int) -> int:
        """The row's number in its source file."""
        return self._numbers[index]

    def line_of(self, index: int) -> int | None:
        """None: the number says where the row stands."""
        return None

    def file_of(self, index: int) -> str:
        """The source file in which a row stands."""
        form = self.store.form
        return form.files[0 if form.file_of is None else self.store.numbers(form.file_of)[index]]

    def every(self, column: str) -> Iterable[Value | Nothing]:
        """The cells of a column in file order."""
        cells = self.column(column)
        held = cells.all() if isinstance(cells, Cells) else cells
        return (held[row] for row in self._in_order(range(self.count)))

    def codes_between(self, low: str, high: str) -> Sequence[str]:
        """The codes of the one key from `low` up to `high`; see `Table`."""
        return self._levels[0].texts_between(low, high)

    def look_up(self, keys: Sequence[Key], on: date | None) -> Matches:
        """The rows that match; see `Table`. Where all keys are exact and known this is the quick way."""
        if self._reach is not None and self._is_out_of_reach(keys, on):
            return self._absent
        if not self._exact or (on is None and self.asks_date):
            return RowTable.look_up(self, keys, on)
        for key in keys:
            if key is None or key is NONE:
                return CERTAINLY_NONE if NONE in keys else RowTable.look_up(self, keys, on)
        if on is not None:
            day = on.toordinal()
            if not self._first_day <= day <= self._last_day:
                return NOT_COVERED
        first, last = self._span(keys)
        if first == last:
            return self._absent
        if on is None or self.shape.in_force is None:
            rows: Sequence[int] = range(first, last)
        else:
            days, starts, ends = self._days, self._starts, self._ends
            day = min(max(day - days.base, 0), days.open_end)
            if last - first == 1:
                found = starts[first] <= day <= ends[first]
                return Matches((Row(self, first),), _CERTAIN, True) if found else self._absent
            rows = [row for row in range(first, last) if starts[row] <= day <= ends[row]]
            if not rows:
                return self._absent
        return Matches(tuple([Row(self, row) for row in rows]), _CERTAIN, True)

    def _span(self, keys: Sequence[Key]) -> tuple[int, int]:
        """The rows that exact keys match; they stand together, in the order in which they came."""
        first, last = 0, 0
        for level in self._exact:
            number = level.number_of[keys[level.position or 0]]
            if number < 0:
                return 0, 0
            if level.offsets is not None:
                first, last = level.offsets[number], level.offsets[number + 1]
                continue
            ids = level.ids
            first = bisect_left(ids, number, first, last)
            if first == last or ids[first] != number:
                return 0, 0
            if first + 1 < last:
                last = first + 1 if ids[first + 1] != number else bisect_right(ids, number, first, last)
        return first, last

    def _find(self, keys: Sequence[Key]) -> Sequence[int]:
        return range(*self._span(keys)) if self._exact else self._in_order(self._candidates(keys))

    def _candidates(self, keys: Sequence[Key]) -> Iterable[int]:
        """The rows that match the known ones of `keys`, in no order; all rows, as a range, where none is known."""
        whole = [(0, self.count)]
        spans, skipped = whole, False
        others: list[tuple[ExactKey | OwnerKey, Sequence[int]]] = []
        for level in self._levels:
            key = None if level.position is None else keys[level.position]
            if key is None:
                skipped = True
                continue
            numbers = level.numbers(key)
            if not numbers:
                return ()
            if skipped:
                others.append((level, numbers))
            else:
                spans = level.narrow(spans, numbers)
        asked = [(one, keys[one.position]) for one in self._lists if keys[one.position] is not None]
        compared = [(holds, cells, keys[at]) for at, holds, cells in self._others if keys[at] is not None]
        rows: Iterable[int]
        if spans is whole and others:
            rows = others[0][0].rows_with(others[0][1])
            others = others[1:]
        elif asked and sum(last - first for first, last in spans) > _FEW:
            perhaps = asked[0][0].rows_perhaps(str(asked[0][1]))
            rows = (
                perhaps
                if spans is whole
                else (row for row in perhaps if any(first <= row < last for first, last in spans))
            )
        elif spans is whole:
            rows = range(self.count)
        else:
            rows = chain.from_iterable(range(first, last) for first, last in spans)
        if not others and not asked and not compared:
            return rows
        return (
            row
            for row in rows
            if all(level.ids[row] in numbers for level, numbers in others)
            and all(one.cells[row].contains(code) for one, code in asked)
            and all(holds(cells[row], key) for holds, cells, key in compared)
        )

    def _in_order(self, rows: Iterable[int]) -> Sequence[int]:
        form = self.store.form
        if form.arrival is not None:
            return sorted(rows, key=self.store.numbers(form.arrival).__getitem__)
        if not form.came_by_source:
            return rows if isinstance(rows, range) else sorted(rows)
        if form.file_of is None:
            return sorted(rows, key=self._numbers.__getitem__)
        files, numbers = self.store.numbers(form.file_of), self._numbers
        return sorted(rows, key=lambda row: (files[row], numbers[row]))

    def _in_force(self, rows: Sequence[int], on: date | None) -> Sequence[int]:
        day, starts, ends = self._narrow(on), self._starts, self._ends
        return [row for row in rows if starts[row] <= day <= ends[row]]

    def _any_in_force(self, rows: Iterable[int], on: date) -> bool:
        day, starts, ends = self._narrow(on), self._starts, self._ends
        if isinstance(rows, range) and len(rows) == self.count:
            return bool(self._in_force_at_all[day])
        return any(starts[row] <= day <= ends[row] for row in rows)

    def _any_row_on(self, day: int) -> bool:
        return any(start <= day <= end for start, end in zip(self._starts, self._ends, strict=True))

    def _narrow(self, on: date | None) -> int:
        """A day as the file counts days."""
        ordinal = OPEN_START if on is None else on.toordinal()
        return min(max(ordinal - self._days.base, 0), self._days.open_end)
