"""Member: one thing of a claim that a rule can bind, its place and what people call it.

In:   a part of the model and its place.    Out: `Member`, `label_of`.
Uses: vocabulary.                           Used by: view, fields, evaluate, explain.
"""

from typing import TYPE_CHECKING, Any, Final

import msgspec

from sequela.engine.vocabulary.absent import Nothing
from sequela.engine.vocabulary.kinds import Kind

if TYPE_CHECKING:
    from sequela.engine.encounter.view import View

_LINE: Final = Kind.LINE


class Member(msgspec.Struct, eq=False):
    """One thing that a rule can bind: a line, a modifier of a line, a diagnosis, the claim, the patient.

    `index` is its place as sent, from 0, in the list it was sent in; `order` its place for `comes before`;
    `data` what the model holds of it; `code` its main code in normal form (None: unknown, NONE: none was sent);
    `parent` the line of a modifier, or the history line of a diagnosis that a history line names;
    `uncertain` whether it is unknown that it belongs to the services of the view.
    Two members are equal when they stand at the same pointer: compare members of one claim only.
    """

    view: "View"
    kind: Kind
    index: int
    data: Any
    code: str | Nothing | None = None
    order: int = 0
    parent: "Member | None" = None
    uncertain: bool = False

    @property
    def number(self) -> int:
        """What people call it: a claim line's own number, else its place as sent, from 1."""
        if self.kind is _LINE and self.data.number is not None:
            own: int = self.data.number
            return own
        return self.index + 1

    @property
    def pointer(self) -> str:
        """The JSON pointer of it in the encounter; empty for the claim."""
        if self.parent is not None:
            return f"{self.parent.pointer}{_BELOW[self.kind]}{self.index}"
        above = _ABOVE[self.kind]
        return f"{above}{self.index}" if above.endswith("/") else above

    def __eq__(self, other: object) -> bool:
        return self is other or (isinstance(other, Member) and self.pointer == other.pointer)

    def __hash__(self) -> int:
        return hash((self.kind._value_, self.index))

    def __repr__(self) -> str:
        return f"<{label_of(self)}>"


_ABOVE: Final[dict[Kind, str]] = {
    Kind.CLAIM: "",
    Kind.PATIENT: "/patient",
    Kind.LINE: "/lines/",
    Kind.DIAGNOSIS: "/diagnoses/",
    Kind.ADMITTING_DIAGNOSIS: "/diagnoses/",
    Kind.REASON_DIAGNOSIS: "/diagnoses/",
    Kind.PROCEDURE: "/procedures/",
    Kind.DOCUMENT: "/documents/items/",
    Kind.HISTORY_LINE: "/history/lines/",
    Kind.CONDITION_CODE: "/condition_codes/",
    Kind.OCCURRENCE: "/occurrence_codes/",
    Kind.VALUE_CODE: "/value_codes/",
}
_BELOW: Final[dict[Kind, str]] = {Kind.MODIFIER: "/modifiers/", Kind.DIAGNOSIS: "/diagnoses/"}
_LABELS: Final[dict[Kind, str]] = {
    Kind.LINE: "line",
    Kind.DIAGNOSIS: "dx",
    Kind.ADMITTING_DIAGNOSIS: "admitting dx",
    Kind.REASON_DIAGNOSIS: "reason-for-visit dx",
    Kind.PROCEDURE: "procedure",
    Kind.DOCUMENT: "document",
    Kind.HISTORY_LINE: "history line",
}
_CODE_LABELS: Final[dict[Kind, str]] = {
    Kind.CONDITION_CODE: "condition code",
    Kind.OCCURRENCE: "occurrence code",
    Kind.VALUE_CODE: "value code",
    Kind.MODIFIER: "modifier",
}


def label_of(member: Member) -> str:
    """What people call a member: "line 1", "dx 2", "modifier 25 of line 1", "the claim"."""
    kind = member.kind
    if kind is Kind.CLAIM:
        return "the claim"
    if kind is Kind.PATIENT:
        return "the patient"
    label = f"{_CODE_LABELS[kind]} {member.code}" if kind in _CODE_LABELS else f"{_LABELS[kind]} {member.number}"
    return label if member.parent is None else f"{label} of {label_of(member.parent)}"
