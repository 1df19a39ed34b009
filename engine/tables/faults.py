"""Faults: what can be wrong with one written code, set or cell, in words for the person who mends it.

In:   nothing.    Out: `FaultKind`, `CellFault`, `quoted`.
Uses: nothing.    Used by: codes, notation, cells, load; the language checker for written sets.
Not here: the place of a fault (load says file, row and column; the checker says line and caret).
"""

from enum import Enum

from msgspec import Struct

_LONGEST_QUOTE = 60


class FaultKind(Enum):
    """The kinds of faults; every kind has its own diagnostic code where it stands in a table."""

    NOT_A_VALUE = "not a value of the column's type"
    NOT_A_CODE = "not a code of the system"
    NOT_A_RANGE = "a range that no code can be in"
    NOT_A_PATTERN = "a pattern that no code can have"
    NOT_A_LIST = "not the notation of a set"
    EMPTY_KEY = "an empty key"


class CellFault(Struct, frozen=True):
    """One fault: its kind, one plain sentence that quotes what was found, and what to try."""

    kind: FaultKind
    message: str
    hint: str | None = None


def quoted(text: str) -> str:
    """`text` as a message quotes it: between backquotes, cut after 60 characters, "an empty cell" where empty."""
    flat = " ".join(text.split())
    if not flat:
        return "an empty cell"
    if len(flat) > _LONGEST_QUOTE:
        flat = flat[:_LONGEST_QUOTE].rstrip() + " …"
    return f"`{flat}`"
