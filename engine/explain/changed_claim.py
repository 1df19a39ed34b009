"""Changed claim: a copy of a claim with one change made, as a coder would make it.

In:   a suggested change, what its names mean.    Out: `Change`s made: the copy, and where its diagnoses went.
Uses: encounter, model.rules.                     Used by: repairs.
Not here: whether a change helps (repairs).

A moved diagnosis keeps the pointers of the lines that point to it. Who stands first is the principal diagnosis: where
the claim names one, the name moves along.
"""

from collections.abc import Sequence
from typing import Final

from msgspec import Struct, field

from sequela.engine.encounter.derived import roles_of
from sequela.engine.encounter.model import Diagnosis, Encounter, Line, replace
from sequela.engine.encounter.normal_codes import normaliser
from sequela.engine.encounter.view import Member
from sequela.engine.vocabulary.systems import System, printed

MOST_MODIFIERS: Final = 4
MOST_POINTERS: Final = 4
"""What an 837 and a CMS-1500 have room for on one line."""

_APART: Final = ("admitting", "reason-for-visit")
_modifier = normaliser(System.MODIFIER)


class Changed(Struct, frozen=True, eq=False):
    """The changed copy; `places` says where each diagnosis, by its place from 0, stands now."""

    claim: Encounter
    places: dict[int, int] = field(default_factory=dict)

    def moved(self, pointer: str) -> str:
        """Where what stood at a JSON pointer stands now."""
        first, _, rest = pointer.removeprefix("/diagnoses/").partition("/")
        if not pointer.startswith("/diagnoses/") or int(first) not in self.places:
            return pointer
        return f"/diagnoses/{self.places[int(first)]}" + (f"/{rest}" if rest else "")


def with_modifier(claim: Encounter, line: Member, code: str) -> Changed | None:
    """A modifier added to a line; None where it is there already or no fifth one has room."""
    held = claim.lines[line.index].modifiers
    if len(held) >= MOST_MODIFIERS or code in map(_modifier, held):
        return None
    return Changed(_with_line(claim, line.index, replace(claim.lines[line.index], modifiers=(*held, code))))


def without_modifier(claim: Encounter, line: Member, code: str) -> Changed | None:
    """A modifier taken from a line, wherever it stands; None where it is not there."""
    held = claim.lines[line.index].modifiers
    left = tuple(one for one in held if _modifier(one) != code)
    if left == held:
        return None
    return Changed(_with_line(claim, line.index, replace(claim.lines[line.index], modifiers=left)))


def with_other_modifier(claim: Encounter, line: Member, code: str, by: str) -> Changed | None:
    """A modifier of a line replaced where it stands; None where it is not there, or the other one is already."""
    held = claim.lines[line.index].modifiers
    if code not in map(_modifier, held) or by in map(_modifier, held):
        return None
    changed = tuple(dict.fromkeys(by if _modifier(one) == code else one for one in held))
    return Changed(_with_line(claim, line.index, replace(claim.lines[line.index], modifiers=changed)))


def pointing(claim: Encounter, line: Member, diagnosis: Member) -> Changed | None:
    """A line that points to one more diagnosis; None where it does already or no fifth pointer has room."""
    held = claim.lines[line.index].diagnoses or ()
    number = diagnosis.index + 1
    if number in held or len(held) >= MOST_POINTERS:
        return None
    return Changed(_with_line(claim, line.index, replace(claim.lines[line.index], diagnoses=(*held, number))))


def with_code(claim: Encounter, diagnosis: Member, code: str) -> Changed | None:
    """A diagnosis with another code; None where it is that code already."""
    if diagnosis.code == code:
        return None
    diagnoses = list(claim.diagnoses)
    diagnoses[diagnosis.index] = replace(diagnoses[diagnosis.index], code=printed(System.ICD10CM, code))
    return Changed(replace(claim, diagnoses=tuple(diagnoses)))


def with_move(claim: Encounter, diagnosis: Member, anchor: Member, *, before: bool) -> Changed | None:
    """A diagnosis moved directly before or after another one; None where it stands there already."""
    members = sorted(diagnosis.view.diagnoses(), key=_order)
    order = [member.index for member in members if member.index != diagnosis.index]
    order.insert(order.index(anchor.index) + (0 if before else 1), diagnosis.index)
    if order == [member.index for member in members]:
        return None
    roles = roles_of(claim.diagnoses)
    slots = [place for place, role in enumerate(roles) if role not in _APART]
    places = {place: place for place, role in enumerate(roles) if role in _APART}
    places.update(zip(order, slots, strict=True))
    diagnoses = list(claim.diagnoses)
    for old, new in places.items():
        diagnoses[new] = claim.diagnoses[old]
    _name_principal(diagnoses, places[members[0].index], slots[0])
    lines = tuple(_following(line, places) for line in claim.lines)
    return Changed(replace(claim, diagnoses=tuple(diagnoses), lines=lines), places)


def _order(member: Member) -> int:
    return member.order


def _name_principal(diagnoses: list[Diagnosis], was: int, now: int) -> None:
    """Whoever stands first now is the principal one, where roles are named at all."""
    if was == now:
        return
    if diagnoses[was].role == "principal" or diagnoses[now].role is not None:
        diagnoses[now] = replace(diagnoses[now], role="principal")
    if diagnoses[was].role == "principal":
        diagnoses[was] = replace(diagnoses[was], role="secondary")


def _following(line: Line, places: dict[int, int]) -> Line:
    """A line whose pointers follow their diagnoses."""
    if line.diagnoses is None:
        return line
    return replace(line, diagnoses=tuple(places.get(place - 1, place - 1) + 1 for place in line.diagnoses))


def _with_line(claim: Encounter, index: int, line: Line) -> Encounter:
    lines: Sequence[Line] = (*claim.lines[:index], line, *claim.lines[index + 1 :])
    return replace(claim, lines=tuple(lines))
