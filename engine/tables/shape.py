"""Shape: what the declaration of a table says: its columns, the dates for which it speaks, what an absent row means.

In:   a declaration.           Out: `TableShape`, `KeyColumn`, `ValueColumn`, `Covers`.
Uses: vocabulary, tables.index.    Used by: tables.model, which hands the names on to the other rooms.
Not here: the rows (model).
"""

from datetime import date

from msgspec import Struct

from sequela.engine.tables.index import KeyMatch
from sequela.engine.vocabulary.kinds import CodeOf, CodesOf, Scalar, Type
from sequela.engine.vocabulary.systems import System


class KeyColumn(Struct, frozen=True):
    """A column that is matched.

    `match` is "exact", "under" (the cell holds a code or a range and speaks for all below it; type CodeOf) or "in" (the
    cell holds a list in the notation of a set; type CodesOf).
    """

    name: str
    type: Type
    match: KeyMatch = "exact"


class ValueColumn(Struct, frozen=True):
    """A column that is read."""

    name: str
    type: Type


class Covers(Struct, frozen=True):
    """The dates for which a file speaks, both included; None is open."""

    start: date | None
    end: date | None

    def includes(self, on: date) -> bool:
        """Whether the file speaks for this day."""
        return (self.start is None or self.start <= on) and (self.end is None or on <= self.end)


class TableShape(Struct, frozen=True):
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
