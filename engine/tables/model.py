"""Tables: reference data with a date and a receipt, and how a row is found.

In:   columns of cells in normal form (load).    Out: `TableShape`, `Table`, `Row`, `Matches`.
Uses: vocabulary, tables.codes, tables.index.    Used by: load, catalogue; model, plan, evaluate, explain.
Not here: reading files (load); what a system's codes are (catalogue).

A table is immutable to its users. Its side indexes are built on first need; two threads that build the same one at once
build equal ones, and either stays.
"""

from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from enum import Enum
from typing import Any

from attrs import field, frozen

from sequela.engine.tables.codes import CodeRange, TextSet
from sequela.engine.tables.index import HOLDS, ExactNode, KeyMatch, Node, all_rows, build_index, find_rows
from sequela.engine.vocabulary.absent import NONE, Nothing
from sequela.engine.vocabulary.kinds import CodeOf, CodesOf, Scalar, Type
from sequela.engine.vocabulary.systems import System

Value = str | int | Decimal | date | bool | TextSet | CodeRange
"""What a cell can hold: text and codes are str (codes in normal form); a hierarchical key that is a range is a
CodeRange; a list of codes is a TextSet; a number is int where whole, else Decimal, like every amount."""

Key = Value | Nothing | None
"""What is looked up: a value, NONE (there is nothing to look up), or None (it is not known)."""

OPEN_START = 0
OPEN_END = date.max.toordinal() + 1
"""The ordinals that stand for an open start and an open end of a period."""


@frozen
class KeyColumn:
    """A column that is matched.

    `match` is "exact", "under" (the cell holds a code or a range and speaks for all below it; type CodeOf) or "in" (the
    cell holds a list in the notation of a set; type CodesOf).
    """

    name: str
    type: Type
    match: KeyMatch = "exact"


@frozen
class ValueColumn:
    """A column that is read."""

    name: str
    type: Type


@frozen
class Covers:
    """The dates for which a file speaks, both included; None is open."""

    start: date | None
    end: date | None

    def includes(self, on: date) -> bool:
        """Whether the file speaks for this day."""
        return (self.start is None or self.start <= on) and (self.end is None or on <= self.end)


@frozen
class TableShape:
    """What the declaration of a table says about its columns and about what an absent row means."""

    name: str
    title: str
    keys: tuple[KeyColumn, ...]
    values: tuple[ValueColumn, ...] = ()
    in_force: tuple[str, str] | None = None
    complete: bool = True
    covers: Covers | None = None
    defines: System | None = None

    @property
    def columns(self) -> tuple[tuple[str, Type], ...]:
        """Every column that can be read, with its type: keys, values, then the two that date a row."""
        dates = self.in_force or ()
        return (
            *((key.name, key.type) for key in self.keys),
            *((value.name, value.type) for value in self.values),
            *((name, Scalar.DATE) for name in dates),
        )

    def type_of(self, column: str) -> Type | None:
        """The type of a column, or None when there is no such column."""
        return next((kind for name, kind in self.columns if name == column), None)

    def code_key(self, system: System | None = None) -> KeyColumn | None:
        """The first key column of codes (of `system`; CPT and HCPCS are one here): what `from TABLE` takes."""
        for key in self.keys:
            if isinstance(key.type, CodeOf | CodesOf) and (system is None or _akin(key.type.system, system)):
                return key
        return None


def _akin(one: System, other: System) -> bool:
    return one is other or {one, other} == {System.HCPCS, System.CPT}


class MatchState(Enum):
    """What is known of the rows that a look-up asks for."""

    CERTAIN = "certain"
    """The rows are exactly the ones."""
    POSSIBLE = "possible"
    """A key or the date is unknown and some rows could match; no rows are given."""
    NOT_COVERED = "not covered"
    """The table does not speak for that date; no rows are given."""


@frozen(slots=True)
class Row:
    """One row of a table: a small view, made when it is found."""

    table: "Table" = field(repr=False)
    index: int

    @property
    def number(self) -> int:
        """The row's number among the data rows, from 1."""
        return self.index + 1

    @property
    def line(self) -> int | None:
        """The line of the file (or rule file) where the row begins, from 1; None where the file has no lines."""
        return self.table.line_of(self.index)

    def value(self, column: str) -> Value | Nothing:
        """The value in a declared column; NONE for an empty cell. Raises KeyError for a column not declared."""
        return self.table.column(column)[self.index]


@frozen(slots=True)
class Matches:
    """What a look-up found.

    `found` is yes, no or unknown (None) to "is there such a row?". It is no where the table is complete, or where a key
    is none and so stands in no table; in a partial table an absent row is unknown.
    """

    rows: tuple[Row, ...]
    state: MatchState
    found: bool | None


class _Days(Sequence[date | Nothing]):
    """One end of the rows' periods, read as dates; an open end is none."""

    __slots__ = ("_ordinals",)

    def __init__(self, ordinals: "array[int]") -> None:
        self._ordinals = ordinals

    def __len__(self) -> int:
        return len(self._ordinals)

    def __getitem__(self, index: Any) -> Any:
        ordinal = self._ordinals[index]
        return date.fromordinal(ordinal) if OPEN_START < ordinal < OPEN_END else NONE


@frozen(eq=False, kw_only=True)
class Table:
    """A reference table: what it was read from, and its rows.

    `file` is the name as the user gave it, or the rule file for `rows` in place; `sha256` is the hexadecimal digest of
    the content; `cells` holds the cells of each key and value column in file order; `starts` and `ends` the days (as
    ordinals) on which each row comes and goes, empty where rows are not dated. `covers` are the dates for which the
    table speaks, None where it speaks for none. `first_line` is the line of the first row where rows stand on
    successive lines, `lines` the line of each row where they do not; both are None where the file has no lines.
    """

    shape: TableShape
    file: str
    sha256: str
    count: int
    covers: Covers | None
    release: str | None = None
    cells: Mapping[str, Sequence[Value | Nothing]] = field(repr=False)
    starts: "array[int]" = field(repr=False)
    ends: "array[int]" = field(repr=False)
    first_line: int | None = field(repr=False, default=None)
    lines: "array[int] | None" = field(repr=False, default=None)
    _root: Node = field(init=False, repr=False)
    _columns: dict[str, Sequence[Value | Nothing]] = field(init=False, repr=False)
    _first_day: int = field(init=False, repr=False)
    _last_day: int = field(init=False, repr=False)
    _by_column: dict[int, Node] = field(init=False, repr=False, factory=dict)
    _by_date: list[tuple[list[int], list[int]]] = field(init=False, repr=False, factory=list)
    _certainly_none: Matches = field(init=False, repr=False)
    _absent: Matches = field(init=False, repr=False)

    def __attrs_post_init__(self) -> None:
        columns = dict(self.cells)
        if self.shape.in_force is not None:
            start, end = self.shape.in_force
            columns[start], columns[end] = _Days(self.starts), _Days(self.ends)
        covers = Covers(date.max, date.min) if self.covers is None else self.covers
        made: dict[str, Any] = {
            "_columns": columns,
            "_root": build_index(range(self.count), [self._key_column(at) for at in range(len(self.shape.keys))]),
            "_first_day": OPEN_START if covers.start is None else covers.start.toordinal(),
            "_last_day": OPEN_END if covers.end is None else covers.end.toordinal(),
            "_certainly_none": Matches((), MatchState.CERTAIN, False),
            "_absent": Matches((), MatchState.CERTAIN, False if self.shape.complete else None),
        }
        for name, value in made.items():
            object.__setattr__(self, name, value)

    def _key_column(self, position: int) -> tuple[int, KeyMatch, Sequence[Any]]:
        key = self.shape.keys[position]
        return position, key.match, self.cells[key.name]

    def column(self, name: str) -> Sequence[Value | Nothing]:
        """The cells of a declared column in file order; NONE for empty ones. Raises KeyError for one not declared."""
        return self._columns[name]

    def row(self, number: int) -> Row:
        """The row of that number, from 1."""
        return Row(self, number - 1)

    def line_of(self, index: int) -> int | None:
        """The line where a row (from 0) begins; None where the file has no lines."""
        if self.lines is not None:
            return self.lines[index]
        return None if self.first_line is None else self.first_line + index

    @property
    def asks_date(self) -> bool:
        """Whether what a look-up finds can depend on the date."""
        return self.shape.in_force is not None or self._first_day > OPEN_START or self._last_day < OPEN_END

    def covers_date(self, on: date) -> bool:
        """Whether the table speaks for this day."""
        return self._first_day <= on.toordinal() <= self._last_day

    def look_up(self, keys: Sequence[Key], on: date | None) -> Matches:
        """The rows that match `keys`, one for each key column in the declared order, and are in force on `on`.

        A key that is NONE matches no row, whatever the date. An unknown key, or an unknown date of a table that asks
        it, gives POSSIBLE when some row could match, and otherwise no rows with certainty. All rows that match are
        given, in file order: overlapping periods, owners at several levels.
        """
        unknown = on is None and self.asks_date
        for key in keys:
            if key is None:
                unknown = True
            elif key is NONE:
                return self._certainly_none
        if on is not None and not self._first_day <= on.toordinal() <= self._last_day:
            return _NOT_COVERED
        if unknown:
            return self._possible(self._candidates(keys), on)
        return self._certain(find_rows(self._root, keys), on)

    def lists(self, keys: Sequence[Key], on: date | None) -> bool | None:
        """Whether there is a row for `keys` on `on`: yes, no or unknown (None); the rows are `look_up`'s."""
        return self.look_up(keys, on).found

    def key_rows(self, code: str | Nothing | None, on: date | None, column: str | None = None) -> Matches:
        """The rows whose key column matches `code` on `on`, whatever the other keys: what `codes X from TABLE` asks.

        `column` is a key column that holds codes, by default the first one.
        Raises: KeyError when there is no such key column.
        """
        first = self.shape.code_key()
        name = first.name if column is None and first is not None else column
        position = {key.name: at for at, key in enumerate(self.shape.keys)}[str(name)]
        keys: list[Key] = [None] * len(self.shape.keys)
        keys[position] = code
        if code is NONE:
            return self._certainly_none
        if on is not None and not self.covers_date(on):
            return _NOT_COVERED
        if code is None or (on is None and self.asks_date):
            return self._possible(self._candidates(keys), on)
        return self._certain(sorted(self._candidates(keys)), on)

    def _certain(self, rows: Sequence[int], on: date | None) -> Matches:
        if self.shape.in_force is not None and rows:
            day, starts, ends = on.toordinal() if on is not None else 0, self.starts, self.ends
            rows = [row for row in rows if starts[row] <= day <= ends[row]]
        if not rows:
            return self._absent
        return Matches(tuple([Row(self, row) for row in rows]), MatchState.CERTAIN, True)

    def _possible(self, rows: Iterable[int], on: date | None) -> Matches:
        """POSSIBLE when one of `rows` is in force on `on` (on any day, where it is unknown); else no rows."""
        if on is None or self.shape.in_force is None:
            return next((_POSSIBLE for _ in rows), self._absent)
        day, starts, ends = on.toordinal(), self.starts, self.ends
        if isinstance(rows, range):
            return _POSSIBLE if self._any_in_force(day) else self._absent
        return next((_POSSIBLE for row in rows if starts[row] <= day <= ends[row]), self._absent)

    def _candidates(self, keys: Sequence[Key]) -> Iterable[int]:
        """The rows that match the known ones of `keys`, in no order; all rows, as a range, where none is known."""
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

    def _any_in_force(self, day: int) -> bool:
        if not self._by_date:
            self._by_date.append((sorted(self.starts), sorted(self.ends)))
        starts, ends = self._by_date[0]
        return bisect_right(starts, day) > bisect_left(ends, day)


_NOT_COVERED = Matches((), MatchState.NOT_COVERED, None)
_POSSIBLE = Matches((), MatchState.POSSIBLE, None)
