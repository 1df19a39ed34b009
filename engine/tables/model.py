"""Tables: reference data with a date and a receipt, and how a row is found.

In:   what a declaration says of a table.          Out: `TableShape`, `Table`, `RowTable`, `Row`, `Matches`.
Uses: vocabulary, tables.codes, tables.index.      Used by: the other rooms, which ask; memory, stored, releases, which answer.
Not here: where rows are held (memory, stored) and which release speaks (releases); what a system's codes are (catalogue).

To those who ask, a table is a `Table`, however it is held. A table is immutable to them.
"""

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date
from decimal import Decimal
from enum import Enum
from itertools import islice
from typing import Final

from msgspec import Struct

from sequela.engine.tables.codes import CodeRange, TextSet
from sequela.engine.tables.shape import Covers, KeyColumn, TableShape, ValueColumn
from sequela.engine.vocabulary.absent import NONE, Nothing

__all__ = [
    "CERTAINLY_NONE", "NOT_COVERED", "OPEN_END", "OPEN_START", "POSSIBLE", "Covers", "Key", "KeyColumn", "MatchState", "Matches",
    "Row", "RowTable", "Table", "TableShape", "Value", "ValueColumn", "absent_from", "day_of", "first_day", "last_day",
]  # fmt: skip

Value = str | int | Decimal | date | bool | TextSet | CodeRange
"""What a cell can hold: text and codes are str (codes in normal form); a hierarchical key that is a range is a
CodeRange; a list of codes is a TextSet; a number is int where whole, else Decimal, like every amount."""

Key = Value | Nothing | None
"""What is looked up: a value, NONE (there is nothing to look up), or None (it is not known)."""

OPEN_START = 0
OPEN_END = date.max.toordinal() + 1
"""The ordinals that stand for an open start and an open end of a period."""


class MatchState(Enum):
    """What is known of the rows that a look-up asks for."""

    CERTAIN = "certain"
    """The rows are exactly the ones."""
    POSSIBLE = "possible"
    """A key or the date is unknown and some rows could match; no rows are given."""
    NOT_COVERED = "not covered"
    """The table does not speak for that date; no rows are given."""


class Row(Struct, frozen=True):
    """One row of a table: a small view, made when it is found. `table` is the one that holds it: that of its release.

    It is a Struct, as a claim's parts are: look-ups make millions of them.
    """

    table: "RowTable"
    index: int

    def __repr__(self) -> str:
        return f"Row({self.table.shape.name!r}, {self.index})"

    @property
    def number(self) -> int:
        """The row's number in its file: among the data rows, from 1; in an imported table as the source file counts it."""
        return self.table.number_of(self.index)

    @property
    def file(self) -> str:
        """The file in which the row stands: of an imported table, the one that it was made from."""
        return self.table.file_of(self.index)

    @property
    def line(self) -> int | None:
        """The line of the file (or rule file) where the row begins, from 1; None where the file has no lines."""
        return self.table.line_of(self.index)

    def value(self, column: str) -> Value | Nothing:
        """The value in a declared column; NONE for an empty cell. Raises KeyError for a column not declared."""
        return self.table.column(column)[self.index]


Span = tuple[date, date, Row]
"""The first and the last day on which a row speaks, and the row."""


def day_of(ordinal: int) -> date:
    """The day of an ordinal; the first or last day that there is for an open end."""
    return date.fromordinal(min(max(ordinal, 1), OPEN_END - 1))


class Matches(Struct, frozen=True):
    """What a look-up found.

    `found` is yes, no or unknown (None) to "is there such a row?". It is no where the table is complete, or where a key
    is none and so stands in no table; in a partial table an absent row is unknown.
    """

    rows: tuple[Row, ...]
    state: MatchState
    found: bool | None


NOT_COVERED: Final = Matches((), MatchState.NOT_COVERED, None)
POSSIBLE: Final = Matches((), MatchState.POSSIBLE, None)
CERTAINLY_NONE: Final = Matches((), MatchState.CERTAIN, False)
"""What is found where a key is none, which stands in no table."""


def absent_from(shape: TableShape) -> Matches:
    """What is found where no row matches: no, or unknown in a partial table."""
    return Matches((), MatchState.CERTAIN, False if shape.complete else None)


def first_day(covers: Covers | None) -> int:
    """The ordinal of the first day for which a table speaks; one after the last where it speaks for none."""
    if covers is None:
        return OPEN_END
    return OPEN_START if covers.start is None else covers.start.toordinal()


def last_day(covers: Covers | None) -> int:
    """The ordinal of the last day for which a table speaks."""
    if covers is None:
        return OPEN_START
    return OPEN_END if covers.end is None else covers.end.toordinal()


class Table(ABC):
    """A reference table, as it is asked.

    `file` is the name as the user gave it, or the rule file for `rows` in place; `sha256` is the hexadecimal digest of
    the content; `covers` are the dates for which the table speaks, None where it speaks for none.
    """

    __slots__ = ()

    shape: TableShape
    file: str
    sha256: str
    count: int
    covers: Covers | None
    release: str | None

    @property
    @abstractmethod
    def asks_date(self) -> bool:
        """Whether what a look-up finds can depend on the date."""

    @abstractmethod
    def covers_date(self, on: date) -> bool:
        """Whether the table speaks for this day."""

    @abstractmethod
    def at(self, on: date | None) -> "Table":
        """What speaks on that day: the release that governs it; the table itself where there is no other, or no day."""

    @abstractmethod
    def look_up(self, keys: Sequence[Key], on: date | None) -> Matches:
        """The rows that match `keys`, one for each key column in the declared order, and are in force on `on`.

        A key that is NONE matches no row, whatever the date. An unknown key, or an unknown date of a table that asks
        it, gives POSSIBLE when some row could match, and otherwise no rows with certainty. All rows that match are
        given, in file order: overlapping periods, owners at several levels.
        """

    @abstractmethod
    def key_rows(self, code: str | Nothing | None, on: date | None, column: str | None = None) -> Matches:
        """The rows whose key column matches `code` on `on`, whatever the other keys: what `codes X from TABLE` asks.

        `column` is a key column that holds codes, by default the first one.
        Raises: KeyError when there is no such key column.
        """

    @abstractmethod
    def rows(self, on: date | None = None) -> Iterator[Row]:
        """Every row in force on `on` (on any day, where it is None), in file order; of releases the newest first."""

    @abstractmethod
    def rows_of(self, keys: Sequence[Key]) -> tuple[Row, ...]:
        """The rows that match known keys on any day, in file order; of releases the newest first."""

    @abstractmethod
    def every(self, column: str) -> Iterable[Value | Nothing]:
        """The cells of a column in file order; of releases the newest first."""

    @abstractmethod
    def codes_between(self, low: str, high: str) -> Sequence[str]:
        """Of a table whose one key is a code: the codes that sort from `low` up to `high`, each once, in order of text."""

    @abstractmethod
    def in_force_between(self, row: Row, first: int, last: int) -> bool:
        """Whether a row speaks on any day from the ordinal `first` to `last`: is in force, in the release that governs."""

    @abstractmethod
    def may_hold(self, keys: Sequence[Key]) -> bool:
        """Whether a row matches those of `keys` that are known, on any day; none of them is NONE."""

    @abstractmethod
    def going_on(self, first: Key) -> "Callable[[Key], bool] | None":
        """Of a table with several keys: whether a row, on any day, has a first key, which is known, and then a second one.

        None where no row has the first key. Neither key is NONE.
        """

    @abstractmethod
    def seconds(self, first: Key, most: int) -> frozenset[Value | Nothing] | None:
        """Of the rows, on any day, that have a first key, which is known, every second key.

        None where more than `most` rows have it, or a second key matches more than what is equal to it.
        """

    @abstractmethod
    def spans(self, keys: Sequence[Key]) -> "tuple[Span, ...]":
        """The rows that match known keys, of which none is NONE, and on which days each speaks; on a day in file order."""

    def lists(self, keys: Sequence[Key], on: date | None) -> bool | None:
        """Whether there is a row for `keys` on `on`: yes, no or unknown (None); the rows are `look_up`'s."""
        return self.look_up(keys, on).found


class RowTable(Table):
    """A table that holds rows: a file, or one release. Rows are known by an index from 0, which is the table's own.

    A subclass sets `_first_day` and `_last_day`, the ordinals between which it speaks, and `_absent`.
    """

    __slots__ = ()

    _first_day: int
    _last_day: int
    _absent: Matches

    @abstractmethod
    def column(self, name: str) -> Sequence[Value | Nothing]:
        """The cells of a declared column by index; NONE for empty ones. Raises KeyError for one not declared."""

    @abstractmethod
    def period(self, index: int) -> tuple[int, int]:
        """The days, as ordinals, on which a row comes and goes; open ends where rows are not dated."""

    @abstractmethod
    def number_of(self, index: int) -> int:
        """The row's number in its file."""

    @abstractmethod
    def line_of(self, index: int) -> int | None:
        """The line where a row begins; None where the file has no lines."""

    @abstractmethod
    def file_of(self, index: int) -> str:
        """The file in which a row stands."""

    @abstractmethod
    def _in_order(self, rows: Iterable[int]) -> Sequence[int]:
        """Rows in file order."""

    @abstractmethod
    def _find(self, keys: Sequence[Key]) -> Sequence[int]:
        """The rows, in file order, that match keys of which all are known."""

    @abstractmethod
    def _candidates(self, keys: Sequence[Key]) -> Iterable[int]:
        """The rows that match the known ones of `keys`, in no order; all rows, as a range, where none is known."""

    @abstractmethod
    def _in_force(self, rows: Sequence[int], on: date | None) -> Sequence[int]:
        """Of a dated table, those of `rows` that are in force on a day."""

    @abstractmethod
    def _any_in_force(self, rows: Iterable[int], on: date) -> bool:
        """Of a dated table, whether one of `rows` is in force on a day."""

    @property
    def asks_date(self) -> bool:
        """Whether what a look-up finds can depend on the date."""
        return self.shape.in_force is not None or self._first_day > OPEN_START or self._last_day < OPEN_END

    def covers_date(self, on: date) -> bool:
        """Whether the table speaks for this day."""
        return self._first_day <= on.toordinal() <= self._last_day

    def at(self, on: date | None) -> Table:
        """The table itself."""
        return self

    def look_up(self, keys: Sequence[Key], on: date | None) -> Matches:
        """The rows that match; see `Table`."""
        unknown = on is None and self.asks_date
        for key in keys:
            if key is None:
                unknown = True
            elif key is NONE:
                return CERTAINLY_NONE
        if on is not None and not self._first_day <= on.toordinal() <= self._last_day:
            return NOT_COVERED
        if unknown:
            return self._possible(self._candidates(keys), on)
        return self._certain(self._find(keys), on)

    def key_rows(self, code: str | Nothing | None, on: date | None, column: str | None = None) -> Matches:
        """The rows whose key column matches; see `Table`."""
        first = self.shape.code_key()
        name = first.name if column is None and first is not None else column
        position = {key.name: at for at, key in enumerate(self.shape.keys)}[str(name)]
        if code is NONE:
            return CERTAINLY_NONE
        if on is not None and not self.covers_date(on):
            return NOT_COVERED
        keys: list[Key] = [None] * len(self.shape.keys)
        keys[position] = code
        if code is None or (on is None and self.asks_date):
            return self._possible(self._candidates(keys), on)
        return self._certain(self._in_order(self._candidates(keys)), on)

    def rows(self, on: date | None = None) -> Iterator[Row]:
        """Every row; see `Table`."""
        if on is not None and not self.covers_date(on):
            return iter(())
        found = self._in_order(range(self.count))
        if on is not None and self.shape.in_force is not None:
            found = self._in_force(found, on)
        return (Row(self, index) for index in found)

    def rows_of(self, keys: Sequence[Key]) -> tuple[Row, ...]:
        """The rows that match known keys on any day; see `Table`."""
        return tuple(Row(self, index) for index in self._find(keys))

    def may_hold(self, keys: Sequence[Key]) -> bool:
        """Whether a row matches those of `keys` that are known, on any day."""
        rows = self._candidates(keys) if None in keys else self._find(keys)
        return next((True for _ in rows), False)

    def going_on(self, first: Key) -> Callable[[Key], bool] | None:
        """Whether a row has a first key, and then a second one; see `Table`."""
        others = (None,) * (len(self.shape.keys) - 2)
        return (
            (lambda second: self.may_hold((first, second, *others))) if self.may_hold((first, None, *others)) else None
        )

    def seconds(self, first: Key, most: int) -> frozenset[Value | Nothing] | None:
        """Every second key of the rows that have a first key; see `Table`."""
        second = self.shape.keys[1]
        if second.match != "exact":
            return None
        rows = list(islice(self._candidates((first, *[None] * (len(self.shape.keys) - 1))), most + 1))
        if len(rows) > most:
            return None
        cells = self.column(second.name)
        return frozenset([cells[row] for row in rows])

    def spans(self, keys: Sequence[Key]) -> tuple[Span, ...]:
        """The rows that match known keys, and on which days each is in force."""
        periods = [(index, *self.period(index)) for index in self._find(keys)]
        return tuple([(day_of(first), day_of(last), Row(self, index)) for index, first, last in periods])

    def every(self, column: str) -> Iterable[Value | Nothing]:
        """The cells of a column in file order."""
        cells = self.column(column)
        return (cells[index] for index in self._in_order(range(self.count)))

    def row(self, place: int) -> Row:
        """The row at a place in file order, from 1."""
        return Row(self, self._in_order(range(self.count))[place - 1])

    def in_force_between(self, row: Row, first: int, last: int) -> bool:
        """Whether a row is in force on any day from `first` to `last`."""
        start, end = self.period(row.index)
        return start <= last and first <= end

    def _certain(self, rows: Sequence[int], on: date | None) -> Matches:
        if self.shape.in_force is not None and rows:
            rows = self._in_force(rows, on)
        if not rows:
            return self._absent
        return Matches(tuple([Row(self, row) for row in rows]), MatchState.CERTAIN, True)

    def _possible(self, rows: Iterable[int], on: date | None) -> Matches:
        """POSSIBLE when one of `rows` is in force on `on` (on any day, where it is unknown); else no rows."""
        if on is None or self.shape.in_force is None:
            return next((POSSIBLE for _ in rows), self._absent)
        return POSSIBLE if self._any_in_force(rows, on) else self._absent
