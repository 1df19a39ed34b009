"""Table claims: which claims hold the codes of changed rows on a date where the change matters.

In:   a `Difference`, claims.    Out: `Touched`, `ChangeIndex`.
Uses: pipeline.table_diff, encounter.model, tables, vocabulary.    Used by: commands.tables_diff.
Not here: what a rule would decide (rulebook): a claim that is touched need not be decided otherwise.

A change matters on the days on which the two releases differ: those of a row that came or went, and those between two ends.
Rows without dates matter on every day, so that the claims of the last quarter show what the next one will bring. A date that
is not known may be any day.
"""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Final

from attrs import field, frozen

from sequela.engine.encounter.model import Encounter
from sequela.engine.pipeline.table_diff import Difference, RowChange
from sequela.engine.tables.index import HOLDS
from sequela.engine.tables.model import OPEN_END, OPEN_START, KeyColumn
from sequela.engine.vocabulary.kinds import CodeOf, CodesOf
from sequela.engine.vocabulary.systems import System, normal

Days = tuple[int, int]
"""The first and the last day of a period, as ordinals, both included."""

_EVER: Final[Days] = (OPEN_START, OPEN_END)
_ALIKE: Final = {System.CPT: System.HCPCS}


@frozen
class Touched:
    """A changed row that a claim holds the codes of."""

    change: RowChange
    codes: tuple[str, ...]


@frozen(eq=False)
class ChangeIndex:
    """The changes of a difference, by the codes of their rows."""

    difference: Difference
    _keys: tuple[tuple[int, KeyColumn, System], ...] = field(init=False, repr=False)
    _by_code: dict[str, list[RowChange]] = field(init=False, repr=False, factory=dict)
    _others: list[RowChange] = field(init=False, repr=False, factory=list)

    def __attrs_post_init__(self) -> None:
        keys = tuple(
            (at, key, _ALIKE.get(key.type.system, key.type.system))
            for at, key in enumerate(self.difference.shape.keys)
            if isinstance(key.type, CodeOf | CodesOf)
        )
        object.__setattr__(self, "_keys", keys)
        for change in self.difference.all if keys else ():
            at, key, _ = keys[0]
            cell = change.keys[at]
            if key.match == "exact" and isinstance(cell, str):
                self._by_code.setdefault(cell, []).append(change)
            else:
                self._others.append(change)

    @property
    def has_codes(self) -> bool:
        """Whether the rows are found by codes, so that claims can be held to them."""
        return bool(self._keys)

    def touched(self, claim: Encounter) -> list[Touched]:
        """The changes that a claim holds the codes of, on a day where they matter."""
        if not self._keys:
            return []
        held = {system: codes_of(claim, system) for _, _, system in self._keys}
        first = held[self._keys[0][2]]
        near = [change for code in first for change in self._by_code.get(code, ())]
        found: list[Touched] = []
        for change in (*near, *self._others):
            periods = self._periods(change)
            codes: list[str] = []
            for at, key, system in self._keys:
                code = next(
                    (
                        code
                        for code, days in held[system].items()
                        if HOLDS[key.match](change.keys[at], code) and _meet(days, periods)
                    ),
                    None,
                )
                if code is None:
                    break
                codes.append(code)
            else:
                found.append(Touched(change, tuple(codes)))
        return found

    def _periods(self, change: RowChange) -> list[Days]:
        """The days on which a change matters."""
        made = self.difference
        if made.shape.in_force is None:
            return [_EVER]
        old = made.old.period(change.old) if change.old is not None else None
        new = made.new.period(change.new) if change.new is not None else None
        if old is None or new is None:
            return [old or new or _EVER]
        if set(made.differing(change)) - set(made.shape.in_force):
            return [old, new]
        starts, ends = sorted((old[0], new[0])), sorted((old[1], new[1]))
        between = ((starts[0], starts[1] - 1), (ends[0] + 1, ends[1]))
        return [days for days in between if days[0] <= days[1]]


def codes_of(claim: Encounter, system: System) -> dict[str, list[Days]]:
    """The codes of a system on a claim, each with the days for which it stands; no days where none is known."""
    found: dict[str, list[Days]] = {}
    whole = _whole(claim)

    def add(codes: Iterable[str | None], days: Sequence[Days]) -> None:
        for code in codes:
            if code:
                found.setdefault(normal(system, code), []).extend(days or whole)

    match system:
        case System.ICD10CM:
            add((one.code for one in claim.diagnoses), whole)
        case System.ICD10PCS:
            for procedure in claim.procedures:
                add([procedure.code], _period(procedure.date, None))
        case System.DRG:
            add([claim.drg], whole)
        case System.HCPCS | System.MODIFIER | System.REVENUE | System.POS | System.NDC:
            for line in claim.lines:
                days = _period(line.date, line.end_date)
                held: dict[System, list[str | None]] = {
                    System.HCPCS: [line.code],
                    System.MODIFIER: [*line.modifiers],
                    System.REVENUE: [line.revenue],
                    System.POS: [line.place or claim.place],
                    System.NDC: [line.ndc],
                }
                add(held[system], days)
        case _:
            pass
    return found


def _whole(claim: Encounter) -> list[Days]:
    """The days of a claim: its statement or stay, else those of its lines; every day where none is known."""
    days = [claim.statement_from, claim.statement_to, claim.admitted, claim.discharged]
    known = [day for day in days if day is not None]
    known = known or [day for line in claim.lines for day in (line.date, line.end_date) if day is not None]
    return _period(min(known), max(known)) if known else [_EVER]


def _period(first: date | None, last: date | None) -> list[Days]:
    if first is None:
        return []
    return [(first.toordinal(), (last or first).toordinal())]


def _meet(days: Iterable[Days], periods: Sequence[Days]) -> bool:
    return any(one[0] <= other[1] and other[0] <= one[1] for one in days for other in periods)
