"""Store cells: how a value, and the type of its column, are written in the file of an imported table.

In:   values and types.    Out: `packed`, `stored_text`, `key_text`, `stored_reader`, `type_words`, `type_of_words`.
Uses: tables.cells, tables.codes, vocabulary.    Used by: store_gather, store_layout, stored_columns.
Not here: where texts stand in the file (store_format).

A cell is kept as text that the reader of a CSV cell would take for the same value: one reader decides what a cell means.
"""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any, Final

from sequela.engine.tables.cells import cell_reader, key_reader
from sequela.engine.tables.codes import CodeRange, TextSet
from sequela.engine.tables.faults import CellFault
from sequela.engine.tables.index import KeyMatch
from sequela.engine.tables.model import KeyColumn, Value
from sequela.engine.vocabulary.kinds import CodeOf, CodesOf, Scalar, Type, WordOf
from sequela.engine.vocabulary.systems import System

DOTS: Final = ".."
"""Stands between the ends of an owner that is a range."""

PACKED: Final = 8
"""A text of at most so many characters of ASCII is kept as one number, whose order is that of the texts."""

_CODE: Final = "code of "
_CODES: Final = "codes of "
_WORD: Final = "word "


def packed(text: str) -> int | None:
    """A short text as a number, in the order of the texts; None for one that is not short or not of ASCII.

    >>> packed("E11") < packed("E119") < packed("E12")
    True
    """
    if len(text) > PACKED or not text.isascii() or "\0" in text:
        return None
    return int.from_bytes(text.encode().ljust(PACKED, b"\0"), "big")


def unpacked(number: int) -> str:
    """The text of such a number."""
    return number.to_bytes(PACKED, "big").rstrip(b"\0").decode("ascii")


def stored_text(value: Value) -> str:
    """The text of a cell that holds `value`."""
    match value:
        case str():
            return value
        case bool():
            return "yes" if value else "no"
        case int():
            return str(value)
        case Decimal():
            return format(value, "f")
        case date():
            return value.isoformat()
        case TextSet() | CodeRange():
            return value.written


def key_text(value: Any) -> str:
    """The same for a key that is matched exactly: equal values have one text."""
    if isinstance(value, Decimal):
        return format(value.normalize(), "f")
    return stored_text(value)


def stored_reader(kind: Type, match: KeyMatch | None) -> Callable[[str], Any]:
    """From the text of a cell to its value. Raises ValueError for a text that no import wrote: the file is damaged."""
    if match != "under" and (kind is Scalar.TEXT or isinstance(kind, CodeOf | WordOf)):
        return str
    read = cell_reader(kind) if match is None else key_reader(KeyColumn("", kind, match))

    def value_of(text: str) -> Any:
        value = read(text)
        if isinstance(value, CellFault):
            raise ValueError(f"the imported table is damaged: {value.message}")
        return value

    return value_of


def type_words(kind: Type) -> tuple[str, tuple[str, ...]]:
    """A type as the manifest names it, and its words where it is one of a few."""
    match kind:
        case Scalar():
            return kind.value, ()
        case CodeOf(system=system):
            return f"{_CODE}{system.value}", ()
        case CodesOf(system=system):
            return f"{_CODES}{system.value}", ()
        case WordOf(name=name, words=words):
            return f"{_WORD}{name}", words


def type_of_words(text: str, words: tuple[str, ...]) -> Type | None:
    """The type that the manifest names; None where there is none of that name."""
    try:
        if text.startswith(_CODES):
            return CodesOf(System(text.removeprefix(_CODES)))
        if text.startswith(_CODE):
            return CodeOf(System(text.removeprefix(_CODE)))
        if text.startswith(_WORD):
            return WordOf(text.removeprefix(_WORD), words)
        return Scalar(text)
    except ValueError:
        return None
