"""Rows that a set takes from a table: which codes `from TABLE where …` brings in, listed rather than asked one by one.

In:   `from TABLE where C`, the loaded table, a date.    Out: `TakenCodes`.
Uses: nodes, lint_sets (sets by text), tables.           Used by: show_lists.
Not here: whether a claim's code is in a set (the evaluators ask the table on the governing date).

Only what a row says about itself is asked here: columns against constants and written sets. A test of another kind is
not known, and then the codes are not certain.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from attrs import frozen

from sequela.engine.model.lint_sets import holds_code
from sequela.engine.model.nodes import (
    AllOf,
    AnyOf,
    Cell,
    Compares,
    Condition,
    DateCompares,
    FromTableSet,
    InSet,
    Is,
    Known,
    Literal,
    Negated,
    SetDefinition,
    Value,
)
from sequela.engine.syntax.comparisons import DateOrder, Order
from sequela.engine.tables.codes import TextSet
from sequela.engine.tables.index import HOLDS, KeyMatch
from sequela.engine.tables.model import Row, Table
from sequela.engine.vocabulary.absent import NONE


@frozen(eq=False)
class TakenCodes:
    """The cells of a key column in the rows that a set takes.

    `codes` are the cells that are single codes, in the order of the rows; `wider` the others (headings, ranges, lists).
    `certain` is no where the table was not loaded, or a row's test could not be decided.
    """

    codes: dict[str, None]
    wider: tuple[Any, ...]
    match: KeyMatch
    certain: bool

    def holds(self, code: str) -> bool:
        """Whether a row that is taken speaks for a code in normal form."""
        return code in self.codes or any(HOLDS[self.match](cell, code) for cell in self.wider)

    @property
    def can_be_listed(self) -> bool:
        """Whether these are all the codes, each by itself."""
        return self.certain and not self.wider


def taken_codes(one: FromTableSet, tables: Mapping[str, Table], on: date | None) -> TakenCodes:
    """The codes that `from TABLE where …` brings in on a day; with `on` None on any day."""
    table = tables.get(one.table.key)
    match: KeyMatch = next((key.match for key in one.table.shape.keys if key.name == one.column), "exact")
    if table is None or (on is not None and not table.covers_date(on)):
        return TakenCodes({}, (), match, False)
    codes: dict[str, None] = {}
    wider: list[Any] = []
    certain = True
    for row in table.rows(on):
        met = True if one.where is None else _holds(one.where, row)
        certain = certain and met is not None
        if met:
            cell = row.value(one.column)
            if match == "exact" and isinstance(cell, str):
                codes[cell] = None
            elif cell is not NONE:
                wider.append(cell)
    return TakenCodes(codes, tuple(wider), match, certain)


# ---------------------------------------------------------------- what a row says of itself


def _holds(condition: Condition, row: Row) -> bool | None:
    """Whether a test of a row is true; None where it is not known, or of a kind that is not asked here."""
    match condition:
        case Negated(part=part):
            met = _holds(part, row)
            return None if met is None else not met
        case AllOf(parts=parts):
            return _every([_holds(part, row) for part in parts])
        case AnyOf(parts=parts):
            some = _every([None if (met := _holds(part, row)) is None else not met for part in parts])
            return None if some is None else not some
        case Known(value=value):
            return _read(value, row) not in (None, NONE)
        case Is(left=left, right=right):
            return _equal(_read(left, row), _read(right, row))
        case InSet(left=left, within=within):
            return _member(_read(left, row), within, row)
        case Compares(left=left, order=order, right=right):
            return _ordered(_read(left, row), order, _read(right, row))
        case DateCompares(left=left, order=date_order, right=right):
            return _ordered(_read(left, row), date_order, _read(right, row))
        case _:
            return None


def _every(answers: Sequence[bool | None]) -> bool | None:
    if False in answers:
        return False
    return None if None in answers else True


def _read(value: Value, row: Row) -> Any:
    if isinstance(value, Literal):
        return value.value
    return row.value(value.column) if isinstance(value, Cell) else None


def _equal(left: Any, right: Any) -> bool | None:
    if left is None or right is None:
        return None
    return left is not NONE and right is not NONE and bool(left == right)


def _member(code: Any, within: Any, row: Row) -> bool | None:
    if code is None:
        return None
    if code is NONE:
        return False
    if isinstance(within, SetDefinition):
        return holds_code(within, str(code))
    cell = _read(within, row)
    return cell.contains(str(code)) if isinstance(cell, TextSet) else None


def _ordered(left: Any, order: Order | DateOrder, right: Any) -> bool | None:
    if left in (None, NONE) or right in (None, NONE):
        return None
    match order:
        case Order.AT_MOST | DateOrder.ON_OR_BEFORE:
            return bool(left <= right)
        case Order.AT_LEAST | DateOrder.ON_OR_AFTER:
            return bool(left >= right)
        case Order.LESS_THAN | DateOrder.BEFORE:
            return bool(left < right)
        case Order.MORE_THAN | DateOrder.AFTER:
            return bool(left > right)
