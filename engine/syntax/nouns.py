"""Nouns: the kinds of things by their words, and what people write for them.

In:   words.            Out: `noun_of`, `kind_words`, `SINGULAR`, `PLURAL`.
Uses: fault, reserved.  Used by: mistakes_members, mistakes_for.
"""

from typing import Final

from sequela.engine.syntax.fault import Fault
from sequela.engine.syntax.reserved import RESERVED

SINGULAR: Final = {
    "lines": "line", "modifiers": "modifier", "diagnoses": "diagnosis", "procedures": "procedure", "documents": "document",
    "services": "service", "condition-codes": "condition-code", "occurrences": "occurrence", "value-codes": "value-code",
}  # fmt: skip
PLURAL: Final = {one: many for many, one in SINGULAR.items()}
OTHER_NOUNS: Final = {
    "dx": "diagnosis", "dxs": "diagnosis", "diag": "diagnosis", "code": "diagnosis", "codes": "diagnosis", "px": "procedure",
    "claim-line": "line", "service-line": "line", "charge": "line", "item": "line", "lineitem": "line", "line-item": "line",
    "detail": "line", "mod": "modifier", "mods": "modifier", "note": "document", "record": "document", "visit": "line",
    "encounter": "line", "proc": "procedure", "claim": "line", "history": "history line",
}  # fmt: skip


def name_after(fault: Fault, offset: int) -> str:
    """The name at an offset from the fault, as an example; `item` where none stands there."""
    text = fault.text(offset)
    return text if text and text not in RESERVED and text[0].islower() else "item"


def noun_of(text: str) -> str | None:
    """The kind, in the singular, that a word may mean."""
    word = text.lower()
    if word in PLURAL:
        return word
    return SINGULAR.get(word) or OTHER_NOUNS.get(word)


def kind_words(fault: Fault, plural: bool) -> tuple[str, ...]:
    """The kinds that can be ranged over at the fault."""
    if plural:
        return ("lines", "modifiers", "diagnoses", "procedures", "documents", "history lines", "services")
    kinds = ("line", "modifier", "diagnosis", "procedure", "document", "history line", "service")
    return (*kinds, "condition-code", "occurrence", "value-code") if fault.can("OCCURRENCE") else kinds
