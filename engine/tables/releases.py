"""Releases: several releases of one table, of which the governing date picks the one that speaks.

In:   the paths of the releases, a declaration.    Out: `open_releases`, `ReleasedTable`, `release_order`.
Uses: tables.declared_store, tables.model.          Used by: pipeline.
Not here: where releases lie (pipeline); how one of them is asked (stored).

On a day that several cover, the latest speaks: the one whose dates end later, by their start where that is open; then the
one that starts later; then the one whose name comes later, numbers in it read as numbers. The rows that are found belong to
the table of their release, so that an explanation names it.
"""

import re
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date
from hashlib import sha256
from itertools import chain, pairwise
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from sequela.engine.diagnostics.model import InputProblem
from sequela.engine.tables.declared_store import open_release
from sequela.engine.tables.model import (
    CERTAINLY_NONE,
    NOT_COVERED,
    OPEN_END,
    OPEN_START,
    POSSIBLE,
    Covers,
    Key,
    Matches,
    MatchState,
    Row,
    RowTable,
    Span,
    Table,
    TableShape,
    Value,
    absent_from,
    day_of,
    first_day,
    last_day,
)
from sequela.engine.vocabulary.absent import NONE, Nothing

_DIGITS = re.compile(r"(\d+)")


def open_releases(shape: TableShape, paths: Sequence[Path]) -> Table | tuple[InputProblem, ...]:
    """The table of the releases at `paths`, or everything that is wrong with any of them."""
    opened = [open_release(shape, path) for path in paths]
    problems = tuple(problem for one in opened if isinstance(one, tuple) for problem in one)
    if problems:
        return problems
    tables = sorted((one for one in opened if isinstance(one, RowTable)), key=release_order)
    if len(tables) == 1:
        return tables[0]
    return ReleasedTable(replace(shape, complete=all(table.shape.complete for table in tables)), tuple(tables))


def release_order(table: Table) -> tuple[int, int, list[tuple[int, str]]]:
    """What puts releases in order, the latest last.

    >>> sorted(["v10", "v9"], key=by_number)
    ['v9', 'v10']
    """
    start, end = first_day(table.covers), last_day(table.covers)
    return (start if end == OPEN_END else end, start, by_number(table.release or ""))


def by_number(name: str) -> list[tuple[int, str]]:
    """A name in parts, of which the numbers are in the order of numbers."""
    return [(int(part), "") if part.isdecimal() else (0, part) for part in _DIGITS.split(name)]


class _Spell(Struct, frozen=True):
    """Days, as ordinals, both included, for which one release speaks."""

    first: int
    last: int
    table: RowTable


class ReleasedTable(Table):
    """Several releases of one table, in order, the latest last."""

    __slots__ = (
        "_absent", "_firsts", "_spells", "count", "covers", "file", "release", "releases", "sha256", "shape",
    )  # fmt: skip

    def __init__(self, shape: TableShape, releases: tuple[RowTable, ...]) -> None:
        self.shape, self.releases = shape, releases
        spells = _spells(releases)
        covers = None
        if spells:
            first, last = spells[0].first, spells[-1].last
            covers = Covers(
                None if first <= OPEN_START else date.fromordinal(first),
                None if last >= OPEN_END else date.fromordinal(last),
            )
        self.file = releases[-1].file
        self.sha256 = sha256("\0".join(table.sha256 for table in releases).encode()).hexdigest()
        self.count = sum(table.count for table in releases)
        self.covers = covers
        self.release = ", ".join(table.release or "" for table in releases)
        self._spells = spells
        self._firsts = tuple(spell.first for spell in spells)
        self._absent = absent_from(shape)

    @property
    def asks_date(self) -> bool:
        """Whether what a look-up finds can depend on the date: it picks the release."""
        return True

    def covers_date(self, on: date) -> bool:
        """Whether a release speaks for this day."""
        return self._on(on) is not None

    def at(self, on: date | None) -> Table:
        """The release that speaks on that day; the table itself where there is none, or no day."""
        return self if on is None else self._on(on) or self

    def look_up(self, keys: Sequence[Key], on: date | None) -> Matches:
        """The rows that match in the release that speaks; on an unknown date, whether one could in any of them."""
        if NONE in keys:
            return CERTAINLY_NONE
        if on is None:
            return self._in_any(table.look_up(keys, None) for table in self._speaking())
        table = self._on(on)
        return NOT_COVERED if table is None else table.look_up(keys, on)

    def key_rows(self, code: str | Nothing | None, on: date | None, column: str | None = None) -> Matches:
        """The rows whose key column matches in the release that speaks; see `Table`."""
        if code is NONE:
            return CERTAINLY_NONE
        if on is None:
            return self._in_any(table.key_rows(code, None, column) for table in self._speaking())
        table = self._on(on)
        return NOT_COVERED if table is None else table.key_rows(code, on, column)

    def rows(self, on: date | None = None) -> Iterator[Row]:
        """Every row of the release that speaks on a day; without a day of all of them, the newest first."""
        if on is None:
            return chain.from_iterable(table.rows() for table in reversed(self.releases))
        table = self._on(on)
        return iter(()) if table is None else table.rows(on)

    def rows_of(self, keys: Sequence[Key]) -> tuple[Row, ...]:
        """The rows that match known keys on any day, the newest release first."""
        return tuple(row for table in reversed(self.releases) for row in table.rows_of(keys))

    def may_hold(self, keys: Sequence[Key]) -> bool:
        """Whether a row of any release matches those of `keys` that are known, on any day."""
        return any(table.may_hold(keys) for table in self.releases)

    def going_on(self, first: Key) -> Callable[[Key], bool] | None:
        """Whether a row of any release has a first key, and then a second one; see `Table`."""
        found = [one for one in (table.going_on(first) for table in self.releases) if one is not None]
        return (lambda second: any(goes_on(second) for goes_on in found)) if len(found) > 1 else next(iter(found), None)

    def seconds(self, first: Key, most: int) -> frozenset[Value | Nothing] | None:
        """Every second key of the rows that have a first key in any release; see `Table`."""
        found: set[Value | Nothing] = set()
        for table in self.releases:
            some = table.seconds(first, most)
            if some is None:
                return None
            found |= some
        return frozenset(found)

    def spans(self, keys: Sequence[Key]) -> tuple[Span, ...]:
        """The rows that match known keys, and on which days each is in force while its release governs."""
        found: list[Span] = []
        for spell in self._spells:
            begins, ends = day_of(spell.first), day_of(spell.last)
            for first, last, row in spell.table.spans(keys):
                if first <= ends and begins <= last:
                    found.append((max(first, begins), min(last, ends), row))
        return tuple(found)

    def every(self, column: str) -> Iterable[Value | Nothing]:
        """The cells of a column, the newest release first."""
        return chain.from_iterable(table.every(column) for table in reversed(self.releases))

    def codes_between(self, low: str, high: str) -> Sequence[str]:
        """The codes of the one key from `low` up to `high` in any release; see `Table`."""
        return sorted({code for table in self.releases for code in table.codes_between(low, high)})

    def in_force_between(self, row: Row, first: int, last: int) -> bool:
        """Whether a row speaks on any day from `first` to `last`: is in force while its release governs."""
        return any(
            spell.table.in_force_between(row, max(first, spell.first), min(last, spell.last))
            for spell in self._spells
            if spell.table is row.table and spell.first <= last and first <= spell.last
        )

    def _on(self, on: date) -> RowTable | None:
        day = on.toordinal()
        at = bisect_right(self._firsts, day) - 1
        return self._spells[at].table if at >= 0 and day <= self._spells[at].last else None

    def _speaking(self) -> Iterable[RowTable]:
        """The releases that speak on any day."""
        return dict.fromkeys(spell.table for spell in self._spells)

    def _in_any(self, found: Iterable[Matches]) -> Matches:
        """What is known without the date: a row of any release could match, or none can."""
        certain = all(not one.rows and one.state is MatchState.CERTAIN for one in found)
        return self._absent if certain else POSSIBLE


def _spells(releases: Sequence[RowTable]) -> tuple[_Spell, ...]:
    """For which days each release speaks; the last one that covers a day does."""
    spans = [(first_day(table.covers), last_day(table.covers), table) for table in releases]
    edges = sorted({edge for first, last, _ in spans if first <= last for edge in (first, last + 1)})
    found: list[_Spell] = []
    for start, after in pairwise(edges):
        speaks = next((table for first, last, table in reversed(spans) if first <= start and after - 1 <= last), None)
        if speaks is None:
            continue
        follows = bool(found) and found[-1].table is speaks and found[-1].last == start - 1
        found.append(_Spell(found.pop().first if follows else start, after - 1, speaks))
    return tuple(found)
