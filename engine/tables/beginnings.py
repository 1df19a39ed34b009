"""Beginnings: the rows of a table by keys that were met, remembered, so that a no is quick.

In:   a table and keys that are known.             Out: `Beginnings`: the rows that have a key, or that go on with a second.
Uses: tables.model, tables.stored_columns.         Used by: plan.certain.
Not here: keys that are not known, and days for which a table does not speak (model).

Of all pairs of codes that stand on one claim nearly none is in a table of pairs. That is seen in two looks into dictionaries,
which hold what was met so far, up to a bound.
"""

from collections.abc import Callable
from typing import Any, Final

from sequela.engine.tables.model import Key, Table
from sequela.engine.tables.stored_columns import BoundedMemo
from sequela.engine.vocabulary.absent import NONE

MOST_PAIRS: Final = 200_000
"""How many pairs of keys are remembered."""

Normal = Callable[[Any], Key]
"""What makes a key of what is asked, such as the normal form of a code as sent; None stands in no table."""


class Seconds(BoundedMemo):
    """For a second key the `Span`s of the rows that have it and a first one; of more than two keys, whether there are any."""

    __slots__ = ("_first", "_of")

    def __init__(self, first: Key, of: "Beginnings") -> None:
        self._first = first
        self._of = of

    def __missing__(self, second: Any) -> Any:
        found = self[second] = self._of.spans(self._first, second)
        return found


class Beginnings(BoundedMemo):
    """For a first key its `Seconds`, None where no row begins with it; of a table with one key the `Span`s of its rows."""

    __slots__ = ("_count", "_more", "_normal", "_table")

    def __init__(self, table: Table, normal: tuple[Normal, ...]) -> None:
        """`normal` makes the first key, and the second one, of what is asked."""
        super().__init__(self._begun)
        self._table = table
        self._normal = normal
        self._count = 0
        self._more: tuple[Key, ...] = (None,) * (len(table.shape.keys) - 2)

    def _begun(self, asked: Any) -> Any:
        first = self._normal[0](asked)
        nowhere = first is None or first is NONE
        if len(self._table.shape.keys) == 1:
            return () if nowhere else self._table.spans((first,))
        if nowhere or not self._table.may_hold((first, None, *self._more)):
            return None
        return Seconds(first, self)

    def spans(self, first: Key, asked: Any) -> Any:
        """What `Seconds` says of a second key; what is remembered begins anew where it is too much."""
        self._count += 1
        if self._count > MOST_PAIRS:
            self._count = 0
            self.clear()
        second = self._normal[1](asked)
        if second is None or second is NONE:
            return ()
        if self._more:
            return self._table.may_hold((first, second, *self._more))
        return self._table.spans((first, second)) if self._table.may_hold((first, second)) else ()
