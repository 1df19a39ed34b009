"""Repairs: what a rule's author suggests, tried on a copy of the claim against every rule.

In:   an entry and its ledger.    Out: `TriedChange`s.
Uses: model, encounter, evaluate.suggested.    Used by: explanation, cases.
"""

from typing import TYPE_CHECKING

from attrs import frozen
from sequela.engine.encounter.member import Member

if TYPE_CHECKING:
    from sequela.engine.explain.entries import Entry
    from sequela.engine.explain.ledger import Ledger


@frozen(eq=False, kw_only=True)
class TriedChange:
    """One change of the claim, and what came of trying it.

    `change` is add modifier, remove modifier, move, point or replace; `code` the modifier or diagnosis code in normal
    form; `subject` the line or diagnosis that is changed, `target` the diagnosis that it is moved to or pointed at,
    `before` on which side of it. `settles` and `creates` are the ids of the rules that no longer fail, and of those
    that newly fail, of `of` rules that were asked.
    """

    change: str
    code: str | None
    subject: Member
    target: Member | None
    before: bool | None
    text: str
    kind: str
    only_if: str | None
    settles: tuple[str, ...]
    creates: tuple[str, ...]
    of: int


def tried_changes(ledger: "Ledger", entry: "Entry") -> tuple[TriedChange, ...]:
    """What a failed rule suggests."""
    return ()
