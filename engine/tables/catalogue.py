"""Catalogue: what is valid when in a code system, what stands below what, what a code means.

In:   a table that `defines` a system.    Out: `Catalogue`, `catalogue_of`, `RangeDifference`.
Uses: tables.codes, tables.model, diagnostics.suggest, vocabulary.    Used by: model, pipeline, explain.
Not here: whether a code is in a written set (codes): that is a question of text alone.

The order of a catalogue is that of its rows: a published list keeps M1A between M10 and M11, where text puts it last.
Nothing is built before it is asked: to open a rulebook that was checked before, no code of a catalogue is read.
"""

from collections.abc import Iterable
from datetime import date
from functools import cached_property, lru_cache
from typing import Final, cast

from msgspec import Struct

from sequela.engine.diagnostics.suggest import nearest
from sequela.engine.tables.codes import BEYOND, LETTERED, CodeRange, letter_places
from sequela.engine.tables.model import Row, Table
from sequela.engine.vocabulary.kinds import CodeOf, Scalar
from sequela.engine.vocabulary.systems import System

_KEPT: Final = 8
"""So many catalogues are kept: a run has one for each system."""


class RangeDifference(Struct, frozen=True):
    """How the order of a catalogue and the order of text read one range differently: codes in normal form.

    Each is named by its topmost codes: M1A for M1A and all below it.
    """

    left_out: tuple[str, ...]
    """Codes that the catalogue lists between the ends, but the text of the range leaves out."""
    brought_in: tuple[str, ...]
    """Codes that the text of the range brings in, but the catalogue does not list between the ends."""

    def __bool__(self) -> bool:
        return bool(self.left_out or self.brought_in)


class Catalogue(Struct, frozen=True, eq=False, dict=True):
    """The codes of one system, as a table lists them; codes are in normal form throughout."""

    system: System
    table: Table

    def __repr__(self) -> str:
        return f"Catalogue(system={self.system!r})"

    @cached_property
    def codes(self) -> tuple[str, ...]:
        """Every code that the system ever had, each once, in the order of the rows; of releases the newest first."""
        return tuple(cast("dict[str, None]", dict.fromkeys(self.table.every(self.table.shape.keys[0].name))))

    @cached_property
    def has_level_one(self) -> bool:
        """Whether it lists a code that begins with a digit: in HCPCS those are of level I (CPT)."""
        return any(code[:1].isdigit() for code in self.codes)

    def had(self, code: str) -> bool:
        """Whether the system ever had `code`."""
        return bool(self.table.rows_of((code,)))

    def on(self, code: str, day: date) -> bool | None:
        """Whether `code` is valid on a day; None (not known) on a day that the catalogue does not cover."""
        if not self.table.covers_date(day):
            return None
        return self.valid_between(code, day, day)

    def valid_between(self, code: str, start: date | None, end: date | None) -> bool:
        """Whether `code` is valid on any day from `start` to `end`, both included; None is open."""
        first = 0 if start is None else start.toordinal()
        last = date.max.toordinal() if end is None else end.toordinal()
        return any(self.table.in_force_between(row, first, last) for row in self.table.rows_of((code,)))

    def can_be_billed(self, code: str, day: date) -> bool:
        """Whether `code` is valid on a day, and no row of that day says that it is not `billable`."""
        ordinal = day.toordinal()
        rows = [row for row in self.table.rows_of((code,)) if self.table.in_force_between(row, ordinal, ordinal)]
        if self.table.shape.type_of("billable") is not Scalar.YES_NO:
            return bool(rows)
        return bool(rows) and all(row.value("billable") is not False for row in rows)

    def is_heading(self, code: str) -> bool:
        """Whether `code` only heads others: others stand below it, and no row calls it billable."""
        rows = self.table.rows_of((code,))
        if not rows:
            return False
        if not self.below(code):
            return False
        if self.table.shape.type_of("billable") is not Scalar.YES_NO:
            return True
        return not any(row.value("billable") is True for row in rows)

    def below(self, code: str) -> tuple[str, ...]:
        """The codes that stand below `code`, in order of text; not `code` itself."""
        return tuple(one for one in self.table.codes_between(code, code + BEYOND) if one != code)

    def nearest(self, code: str, n: int = 3) -> tuple[str, ...]:
        """The codes, at most `n`, that a person may have meant by `code`, best first; else some of its own category."""
        found = nearest(code, self.codes, n)
        if found or len(code) < 3:
            return found
        return tuple(kin for kin in (code[:3], *self.below(code[:3])) if self.had(kin))[:n]

    def codes_between(self, low: str, high: str) -> tuple[str, ...]:
        """The codes from `low` to `high` and below it in the order of the catalogue.

        Empty where the catalogue has neither an end nor anything below it, or has them the other way round.
        """
        first, last = self._places_of(low), self._places_of(high)
        if first is None or last is None:
            return ()
        return self.codes[first[0] : last[1] + 1]

    def range_difference(self, written: CodeRange) -> RangeDifference:
        """Where a range, read by the order of the catalogue, holds other codes than its text does.

        In HCPCS only codes of the form of the ends count, as in the range itself. Where the catalogue does not know
        both ends there is no difference to speak of.
        """
        listed = self.codes_between(written.low, written.high)
        if not listed:
            return RangeDifference((), ())
        if written.system in LETTERED:
            listed = tuple(code for code in listed if letter_places(code) == letter_places(written.low))
        between = self.table.codes_between(written.low, written.high + BEYOND)
        by_text = [code for code in between if written.holds(code)]
        among, held = frozenset(listed), frozenset(by_text)
        return RangeDifference(
            left_out=_topmost(code for code in listed if code not in held),
            brought_in=_topmost(code for code in by_text if code not in among),
        )

    def description(self, code: str, day: date | None = None) -> str | None:
        """What `code` means: the `description` of its row in force on `day`, else of its last row; None without one."""
        rows = self.table.rows_of((code,))
        if not rows or self.table.shape.type_of("description") is not Scalar.TEXT:
            return None
        newest = [row for row in rows if row.table is rows[0].table]
        ordinal = None if day is None else day.toordinal()
        valid = [row for row in rows if ordinal is not None and self.table.in_force_between(row, ordinal, ordinal)]
        text = (valid or newest)[-1].value("description")
        return text if isinstance(text, str) else None

    def rows(self, code: str) -> tuple[Row, ...]:
        """Every row of `code`, in the order of the file, whatever its period."""
        return self.table.rows_of((code,))

    @cached_property
    def _order(self) -> dict[str, int]:
        return {code: place for place, code in enumerate(self.codes)}

    def _places_of(self, code: str) -> tuple[int, int] | None:
        """The first and the last place at which `code`, or a code below it, is listed."""
        places = [self._order[found] for found in (code, *self.below(code)) if found in self._order]
        return (min(places), max(places)) if places else None


@lru_cache(maxsize=_KEPT)
def catalogue_of(table: Table) -> Catalogue:
    """The catalogue that a table with `defines SYSTEM` is; the last few are kept, with what they worked out.

    Raises: ValueError when the table defines no system, or its one key is not an exact `code of` that system; the
        declaration is checked for that before a table is read.
    """
    shape = table.shape
    if shape.defines is None or len(shape.keys) != 1 or shape.keys[0].match != "exact":
        raise ValueError(f"table {shape.name} is not a catalogue")
    key = shape.keys[0]
    if key.type != CodeOf(shape.defines):
        raise ValueError(f"the key of table {shape.name} is not a code of {shape.defines.value}")
    return Catalogue(shape.defines, table)


def _topmost(codes: Iterable[str]) -> tuple[str, ...]:
    """The codes that stand below none of the others, in order."""
    found = list(codes)
    held = frozenset(found)
    return tuple(code for code in found if not any(code[:length] in held for length in range(1, len(code))))
