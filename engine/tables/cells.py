"""Cells: the text of one cell of a table and the value that it stands for.

In:   the text of a cell and the type of its column.    Out: `cell_reader`, `key_reader`, `period_start`, `period_end`.
Uses: tables.codes, tables.notation, tables.faults, vocabulary.    Used by: tables.load.
Not here: where a cell stands and how many faults are shown (load).
"""

import re
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from functools import partial
from typing import assert_never

from sequela.engine.tables.codes import EXAMPLES
from sequela.engine.tables.faults import CellFault, FaultKind, quoted
from sequela.engine.tables.model import OPEN_END, OPEN_START, KeyColumn, Value
from sequela.engine.tables.notation import parse_owner, parse_set_notation, read_code
from sequela.engine.vocabulary.absent import NONE, Nothing
from sequela.engine.vocabulary.kinds import CodeOf, CodesOf, Scalar, Type, WordOf
from sequela.engine.vocabulary.systems import System, printed

CellReader = Callable[[str], Value | Nothing | CellFault]
"""From the text of a cell to its value, NONE where it is empty, or what is wrong with it."""

_NUMBER = re.compile(r"[+-]?[0-9]+(?:\.[0-9]+)?")
_MONEY = re.compile(r"-?[0-9]+(?:\.[0-9]{1,2})?")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_OTHER_DATE = re.compile(r"[0-9]{8}|[0-9]{1,2}[/.-][0-9]{1,2}[/.-][0-9]{2,4}|[0-9]{4}[/.][0-9]{1,2}[/.][0-9]{1,2}")
_YES_NO = {
    "yes": True, "true": True, "y": True, "1": True,
    "no": False, "false": False, "n": False, "0": False,
}  # fmt: skip


def cell_reader(kind: Type) -> CellReader:
    """The reader of the cells of a column of type `kind`."""
    match kind:
        case Scalar.TEXT:
            return _text
        case Scalar.NUMBER:
            return _number
        case Scalar.MONEY:
            return _money
        case Scalar.DATE:
            return _date
        case Scalar.YES_NO:
            return _yes_no
        case CodeOf(system=system):
            return partial(_code, system)
        case CodesOf(system=system):
            return partial(_codes, system)
        case WordOf():
            return partial(_word, kind)
        case _:
            assert_never(kind)


def key_reader(key: KeyColumn) -> CellReader:
    """The reader of the cells of a key column; an empty key is a fault, since no look-up could find its row."""
    inner = cell_reader(key.type)
    if key.match == "under" and isinstance(key.type, CodeOf):
        inner = partial(_owner, key.type.system)
    return partial(_key, inner)


def period_start(text: str) -> int | CellFault:
    """The day, as an ordinal, on which a row comes into force; an empty cell is open."""
    found = _date(text)
    if isinstance(found, date):
        return found.toordinal()
    return found if isinstance(found, CellFault) else OPEN_START


def period_end(text: str) -> int | CellFault:
    """The last day, as an ordinal, on which a row is in force; an empty cell, or `onward`, is open."""
    if text.strip().lower() == "onward":
        return OPEN_END
    found = _date(text)
    if isinstance(found, date):
        return found.toordinal()
    return found if isinstance(found, CellFault) else OPEN_END


def _key(inner: CellReader, text: str) -> Value | Nothing | CellFault:
    value = inner(text)
    if value is NONE:
        hint = "A row is found by its keys: fill the cell, or leave the row out."
        return CellFault(FaultKind.EMPTY_KEY, "The key is empty.", hint)
    return value


def _text(text: str) -> Value | Nothing | CellFault:
    return text.strip() or NONE


def _number(text: str) -> Value | Nothing | CellFault:
    bare = text.strip()
    if not bare:
        return NONE
    if _NUMBER.fullmatch(bare) is None:
        return _not_a_value(text, "a number", "Write digits, with a point where needed: 12 or 0.5.")
    value = Decimal(bare)
    return int(value) if value == value.to_integral_value() else value


def _money(text: str) -> Value | Nothing | CellFault:
    bare = text.strip()
    if not bare:
        return NONE
    if _MONEY.fullmatch(bare) is None:
        return _not_a_value(text, "an amount of money", "Write it without a sign or thousands mark: 1234.50.")
    return Decimal(bare)


def _date(text: str) -> date | Nothing | CellFault:
    bare = text.strip()
    if not bare:
        return NONE
    if _DATE.fullmatch(bare) is None:
        hint = "Write it as 2026-03-02, year, month and day."
        if _OTHER_DATE.fullmatch(bare):
            hint = f"{hint} Other ways to write a date are not read, since day and month can change places."
        return _not_a_value(text, "a date", hint)
    try:
        return date.fromisoformat(bare)
    except ValueError:
        return CellFault(FaultKind.NOT_A_VALUE, f"{quoted(text)} is a day that no calendar has.")


def _yes_no(text: str) -> Value | Nothing | CellFault:
    bare = text.strip().lower()
    if not bare:
        return NONE
    if bare not in _YES_NO:
        return CellFault(FaultKind.NOT_A_VALUE, f"{quoted(text)} is not yes or no.", "Write yes or no.")
    return _YES_NO[bare]


def _word(kind: WordOf, text: str) -> Value | Nothing | CellFault:
    bare = text.strip().lower()
    if not bare:
        return NONE
    if bare not in kind.words:
        return _not_a_value(text, f"one of the words of {kind.name}", f"Write one of {', '.join(kind.words)}.")
    return bare


def _code(system: System, text: str) -> Value | Nothing | CellFault:
    if not text.strip():
        return NONE
    code = read_code(system, text)
    if isinstance(code, str):
        return code
    hint = code.hint
    if "," in text or ".." in text or text.strip().lower().startswith("under "):
        hint = f"The column holds one code in each cell, as in {printed(system, EXAMPLES[system])}."
    return CellFault(code.kind, f"{quoted(text)} is not a code of {system.value}.", hint)


def _codes(system: System, text: str) -> Value | Nothing | CellFault:
    return parse_set_notation(system, text) if text.strip() else NONE


def _owner(system: System, text: str) -> Value | Nothing | CellFault:
    return parse_owner(system, text) if text.strip() else NONE


def _not_a_value(text: str, noun: str, hint: str) -> CellFault:
    return CellFault(FaultKind.NOT_A_VALUE, f"{quoted(text)} is not {noun}.", hint)
