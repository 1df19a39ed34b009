"""Days: stretches of days on which rules and tables say the same.

In:   rules, and the tables that they ask.       Out: `Days`: the stretch in which a day lies.
Uses: model.rules, tables.                       Used by: plan.certain.alike.
Not here: what is decided on a day (alone).

A stretch ends where a version of a rule, a release of a table or a row of it comes or goes.
"""

from bisect import bisect_right
from collections.abc import Iterable, Iterator
from datetime import date
from typing import Final

from sequela.engine.model.rules import Rule
from sequela.engine.tables.model import RowTable, Table, first_day, last_day
from sequela.engine.tables.releases import ReleasedTable
from sequela.engine.tables.stored_columns import BoundedMemo

MOST_ROWS: Final = 200_000
"""The days on which rows of a table with more of them come and go are left out: nobody who knows one line alone asks those."""


class Days(BoundedMemo):
    """For a day the number of its stretch; None for a day that is unknown."""

    __slots__ = ("_edges",)

    def __init__(self, rules: Iterable[Rule], tables: Iterable[Table]) -> None:
        super().__init__(self._stretch)
        edges = {edge for table in tables for edge in _edges_of(table)}
        for rule in rules:
            for segment in rule.segments:
                if segment.first is not None:
                    edges.add(segment.first.toordinal())
                if segment.last is not None:
                    edges.add(segment.last.toordinal() + 1)
        self._edges = sorted(edges)

    def _stretch(self, day: date | None) -> int | None:
        return None if day is None else bisect_right(self._edges, day.toordinal())


def _edges_of(table: Table) -> Iterator[int]:
    """The first days of the stretches on which a table says the same."""
    for release in table.releases if isinstance(table, ReleasedTable) else (table,):
        yield first_day(release.covers)
        yield last_day(release.covers) + 1
        if release.shape.in_force is not None and isinstance(release, RowTable) and table.count <= MOST_ROWS:
            for first, last in {release.period(index) for index in range(release.count)}:
                yield first
                yield last + 1
