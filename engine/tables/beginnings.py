"""Beginnings: the rows of a table by keys that were met, remembered, so that a no is quick.

In:   a table and keys that are known.             Out: `Beginnings`: the rows that have a key, or that go on with a second.
Uses: tables.model, tables.stored_columns.         Used by: plan.certain.
Not here: keys that are not known, and days for which a table does not speak (model).

Of all pairs of codes that stand on one claim nearly none is in a table of pairs. That is seen in one look into a dictionary and
one question to a set for each code of the claim. What was met so far is held, up to a bound.
"""

from collections.abc import Callable
from collections.abc import Set as AbstractSet
from datetime import date
from typing import Any, Final

from sequela.engine.tables.model import Key, Row, Table
from sequela.engine.tables.stored_columns import MOST_REMEMBERED, BoundedMemo
from sequela.engine.vocabulary.absent import NONE

MOST_PAIRS: Final = 250_000
"""How many pairs of keys are remembered."""

FEW: Final = 32
"""Up to how many rows that begin alike are read at once; of more, only what is asked."""

_NOTHING: Final[AbstractSet[Any]] = frozenset()

Found = tuple[tuple[date, date, Row, tuple[Any, ...]], ...]
"""Rows: the first and the last day on which each speaks, the row, and its cells in the columns that are wanted."""

Normal = Callable[[Any], Key]
"""What makes a key of what is asked, such as the normal form of a code as sent; None stands in no table."""


class Seconds(BoundedMemo):
    """For a second key the `Found` of the rows that have it and a first one; of more than two keys, whether there are any.

    What is in `absent` need not be asked: no row goes on with it.
    """

    __slots__ = ("_first", "_goes_on", "_of", "absent", "apart")

    absent: AbstractSet[Any]
    apart: Callable[[Any], bool]
    """Whether it is certain that no row goes on with any of some second keys; what was not met yet is not certain."""

    def __init__(
        self, first: Key, goes_on: Callable[[Key], bool], few: frozenset[Any] | None, of: "Beginnings"
    ) -> None:
        """`few` are all second keys, where they are few."""
        self._first = first
        self._goes_on = goes_on
        self._of = of
        if few is None:
            self.absent = set() if goes_on(first) else {first}
            self.apart = self.absent.issuperset
        else:
            self.absent = _NOTHING
            self.apart = few.isdisjoint

    def __missing__(self, asked: Any) -> Any:
        of = self._of
        of.count_one()
        second = of.second(asked)
        if second is None or second is NONE or not self._goes_on(second):
            if self.absent is _NOTHING or asked is None:
                self[asked] = ()
            else:
                self.absent.add(asked)  # type: ignore[attr-defined]
            return ()
        found = self[asked] = of.found(self._first, second)
        return found


class Beginnings(BoundedMemo):
    """For a first key its `Seconds`, None where no row begins with it; of a table with one key the `Found` of its rows.

    `apart` holds, for first keys in normal form that were met, None where no row begins with it, else what tells of several
    second keys in normal form that certainly no row has one of them beside it. It is a plain dictionary: those are read quickest.
    """

    __slots__ = ("_columns", "_count", "_first", "_keys", "_shared", "_table", "apart", "second")

    def __init__(self, table: Table, normal: tuple[Normal, ...]) -> None:
        """`normal` makes the first key, and the second one, of what is asked."""
        super().__init__(self._begun)
        self.apart: dict[Any, Callable[[Any], bool] | None] = {}
        self._table = table
        self._first, self.second = normal[0], normal[-1]
        self._keys = len(table.shape.keys)
        self._columns: tuple[str, ...] = ()
        self._shared: dict[Any, Any] = {}
        self._count = 0

    def clear(self) -> None:
        """Forget what was met."""
        super().clear()
        self.apart.clear()
        self._shared.clear()
        self._count = 0

    def count_one(self) -> None:
        """One pair more is remembered; where there are too many, what is remembered begins anew."""
        self._count += 1
        if self._count > MOST_PAIRS:
            self.clear()

    def found(self, first: Key, second: Key) -> Any:
        """What `Seconds` says of two keys that a row has."""
        return self._rows((first, second)) if self._keys == 2 else True

    def place_of(self, column: str) -> int:
        """The place of a column among the cells of each row; one that was not wanted before is read from here on."""
        if column not in self._columns:
            self._columns = (*self._columns, column)
            self.clear()
        return self._columns.index(column)

    def _rows(self, keys: tuple[Key, ...]) -> Found:
        """Rows, whose equal days and cells are one thing: they are looked at often, and what is elsewhere is far away."""
        one, columns = self._shared.setdefault, self._columns
        found = []
        for first, last, row in self._table.spans(keys):
            cells = tuple([row.value(column) for column in columns])
            found.append((one(first, first), one(last, last), row, one(cells, cells)))
        return tuple(found)

    def _begun(self, asked: Any) -> Any:
        first = self._first(asked)
        nowhere = first is None or first is NONE
        if self._keys == 1:
            return () if nowhere else self._rows((first,))
        goes_on = None if nowhere else self._table.going_on(first)
        if goes_on is None:
            return None
        few = self._table.seconds(first, FEW)
        self._count += len(few or ())
        return Seconds(first, goes_on, few, self)

    def apart_of(self, first: Key) -> Callable[[Any], bool] | None:
        """What `apart` holds for a first key, which is met from here on."""
        begun = self[first]
        if len(self.apart) >= MOST_REMEMBERED:
            self.apart.clear()
        found = self.apart[first] = None if begun is None else begun.apart
        return found
