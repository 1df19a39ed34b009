"""Fault: one thing that is wrong with a claim, by its JSON pointer, before a reader says where in its file that is.

In:   a pointer and words.    Out: `Fault`, `shown`.
Uses: nothing.                Used by: json_shape, soundness, the readers.
"""

from datetime import date
from decimal import Decimal
from typing import Final

import msgspec
from msgspec import Struct

LONGEST: Final = 40


class Fault(Struct, frozen=True, kw_only=True):
    """A fault of a claim. `pointer` is where; `on_key` when the key is at fault and not the value."""

    code: str
    pointer: str
    message: str
    hint: str | None = None
    on_key: bool = False


def shown(value: object) -> str:
    """A value as a person would write it in JSON, cut short; what has no such form by its kind.

    >>> shown(None), shown("two"), shown({"a": 1})
    ('null', '"two"', 'an object')
    """
    match value:
        case dict():
            return "an object"
        case list() | tuple():
            return "a list"
        case Decimal() | date():
            text = str(value)
        case _:
            try:
                text = msgspec.json.encode(value).decode()
            except (TypeError, ValueError, ArithmeticError, msgspec.MsgspecError):
                return "a value that JSON does not have"
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"
