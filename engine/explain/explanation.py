"""Explanation: one entry, the tree behind it, what decided it, and what would change it.

In:   an entry and its ledger.    Out: `Explanation`.
Uses: tree, not_applicable, deciding, repairs.  Used by: ledger, as_json, as_text, commands, cases.
"""

from functools import cached_property
from typing import TYPE_CHECKING

from msgspec import Struct

from sequela.engine.evaluate.verdict import Status
from sequela.engine.explain import as_json, as_text, not_applicable
from sequela.engine.explain.deciding import deciding_words
from sequela.engine.explain.entries import MOST_COMBINATIONS, Entry
from sequela.engine.explain.repairs import TriedChange, tried_changes
from sequela.engine.explain.tree import Section, sections_of

if TYPE_CHECKING:
    from sequela.engine.explain.ledger import Ledger


class Explanation(Struct, frozen=True, eq=False, dict=True):
    """Why an entry is as it is. `str` of it is the text without colour."""

    entry: Entry
    ledger: "Ledger"

    def __repr__(self) -> str:
        return f"<Explanation of {self.entry!r}>"

    @cached_property
    def sections(self) -> tuple[Section, ...]:
        """Whether the rule applies, whether what it asks holds, whether a failure is let through."""
        match self.entry.verdict.status:
            case Status.ERROR:
                return ()
            case Status.NOT_APPLICABLE:
                entry = self.entry
                told = entry.combinations[:MOST_COMBINATIONS]
                return not_applicable.sections_for(entry.verdict, told, entry.count, entry.record)
            case _:
                return sections_of(self.entry.trace, self.entry.record.view)

    @cached_property
    def changes(self) -> tuple[TriedChange, ...]:
        """What the rule suggests, tried on a copy of the claim against every rule."""
        return tried_changes(self.ledger, self.entry)

    @cached_property
    def deciding(self) -> tuple[str, ...]:
        """The author's words, in one line each, of every condition that decided the status."""
        return deciding_words(self.entry)

    def to_json(self) -> dict[str, object]:
        """`sequela.explanation/1`."""
        return as_json.explanation_json(self)

    def __str__(self) -> str:
        return as_text.render_explanation(self)


def explained(ledger: "Ledger", entry: Entry) -> Explanation:
    """The explanation of an entry."""
    return Explanation(entry, ledger)
