"""Explanation: one entry, the tree behind it, and what would change it.

In:   an entry and its ledger.    Out: `Explanation`.
Uses: entries, as_json, as_text.  Used by: ledger, commands, cases.
"""

from functools import cached_property
from typing import TYPE_CHECKING

from attrs import field, frozen
from sequela.engine.explain import as_json, as_text
from sequela.engine.explain.entries import Entry
from sequela.engine.explain.repairs import TriedChange

if TYPE_CHECKING:
    from sequela.engine.explain.ledger import Ledger


@frozen(eq=False)
class Explanation:
    """Why an entry is as it is. `str` of it is the text without colour."""

    entry: Entry
    ledger: "Ledger" = field(repr=False)

    @cached_property
    def changes(self) -> tuple[TriedChange, ...]:
        """What the rule suggests, tried on a copy of the claim."""
        return ()

    @cached_property
    def deciding(self) -> tuple[str, ...]:
        """The author's words of every condition that decided."""
        return ()

    def to_json(self) -> dict[str, object]:
        """`sequela.explanation/1`."""
        return as_json.explanation_json(self)

    def __str__(self) -> str:
        return as_text.render_explanation(self)


def explained(ledger: "Ledger", entry: Entry) -> Explanation:
    """The explanation of an entry."""
    return Explanation(entry, ledger)
