"""FHIR care team: who took part in the care, in the parts that a claim knows.

In:   `careTeam`.                                   Out: the parties of the claim, and of the lines that point to them.
Uses: fhir_parties, fhir_codes, x12_known (roles).  Used by: fhir_claim, fhir_lines.

Roles are those of FHIR, of CARIN and of X12 (entity identifiers). Who is `rendering` or `performing` is the claim's
provider; else who is `primary`. A role may be left out where there is only one member, who is then the provider (so R4
says). Whom only some of the lines point to renders, orders or supervises those lines alone.
"""

from collections import Counter
from typing import Final

from attrs import define, field

from sequela.engine.encounter.fault import shown
from sequela.engine.encounter.fhir_codes import words_of
from sequela.engine.encounter.fhir_facts import Facts
from sequela.engine.encounter.fhir_notes import Notes
from sequela.engine.encounter.fhir_parties import Parties
from sequela.engine.encounter.fhir_structs import CareTeam, ClaimResource
from sequela.engine.encounter.fhir_systems import Said, said_by
from sequela.engine.encounter.model import Party
from sequela.engine.encounter.x12_known import ROLES, UNREAD_ROLES

OF_LINES: Final = frozenset({"provider", "referring", "ordering", "supervising"})
"""The parts that a line may have somebody of its own for."""
_PROVIDER: Final = "provider"
_LAST_RESORT: Final = "primary"
_ROLES: Final = {
    "rendering": "provider", "performing": "provider", "primary": _LAST_RESORT, "referring": "referring",
    "ordering": "ordering", "supervising": "supervising", "supervisor": "supervising", "attending": "attending",
    "operating": "operating", "otheroperating": "other_operating",
}  # fmt: skip
_UNREAD: Final = frozenset({"assist", "other", "pcp", "prescribing", "purchasedservice", "site"})


@define
class Member:
    """One member of the care team: its part, who it is, and how many lines point to it."""

    part: str
    facts: Facts
    path: str
    lines: int = 0


@define
class CareTeamMembers:
    """The members that have a part in a claim of so many `lines`, by their sequence.

    `twice` are sequences that two members have, `unread` those of members who have no part that a claim knows.
    """

    lines: int = 0
    members: list[Member] = field(factory=list)
    by_sequence: dict[int, Member] = field(factory=dict)
    twice: set[int] = field(factory=set)
    unread: set[int] = field(factory=set)


def read_care_team(claim: ClaimResource, parties: Parties) -> CareTeamMembers:
    """The members of the care team, in the parts that a claim has."""
    found = CareTeamMembers(len(claim.item))
    pointed = Counter(sequence for item in claim.item for sequence in set(item.care_team_sequence))
    for index, member in enumerate(claim.care_team):
        path = f"careTeam[{index}]"
        part = _part_of(member, path, parties.notes, alone=len(claim.care_team) == 1)
        if part is None:
            if member.sequence is not None:
                found.unread.add(member.sequence)
            continue
        facts = parties.read(member.provider, f"{path}.provider")
        parties.qualify(facts, member.qualification, f"{path}.qualification")
        one = Member(part, facts, path, pointed[member.sequence] if member.sequence is not None else 0)
        found.members.append(one)
        if member.sequence is not None:
            if member.sequence in found.by_sequence:
                found.twice.add(member.sequence)
            found.by_sequence.setdefault(member.sequence, one)
    if any(member.part == _LAST_RESORT for member in found.members):
        _settle_primary(found)
    return found


def put_parties(found: CareTeamMembers, facts: Facts, notes: Notes) -> None:
    """The parties of the claim as a whole; the first one of each part is kept.

    Somebody to whom only some lines point has this part in those lines alone.
    """
    for part in dict.fromkeys(member.part for member in found.members):
        members = [member for member in found.members if member.part == part and member.facts.values]
        if part in OF_LINES:
            members = [member for member in members if not member.lines] or [
                member for member in members if member.lines == found.lines
            ]
        if not members:
            continue
        first = members[0]
        party = Party(**first.facts.values)
        facts.put_part(part, party, first.facts)
        for member in members[1:]:
            if Party(**member.facts.values) != party and not member.lines:
                notes.warn(
                    "SEQ814",
                    f"The care team has a second {part.replace('_', ' ')}, to whom no line points; the first one is kept.",
                    member.path,
                )


def _part_of(member: CareTeam, path: str, notes: Notes, *, alone: bool) -> str | None:
    """The part of a member in the words of the model; None where the model has no place for it."""
    role = member.role
    if role is None or not role.coding:
        if alone:
            return _PROVIDER
        notes.warn("SEQ815", "A member of the care team has no role; it is left out.", path)
        return None
    for coding in role.coding:
        if coding.system is not None and coding.code is not None and said_by(coding.system) is Said.X12_ENTITY:
            part = ROLES.get(coding.code.strip().upper())
            if part is not None or coding.code.strip().upper() in UNREAD_ROLES:
                return part
    words = list(words_of(role))
    for word in words:
        if word in _ROLES:
            return _ROLES[word]
    if not any(word in _UNREAD for word in words):
        code = shown(role.coding[0].code)
        notes.warn(
            "SEQ815", f"{code} is no role in a care team that a claim knows; the member is left out.", f"{path}.role"
        )
    return None


def _settle_primary(found: CareTeamMembers) -> None:
    """Who is primary is the provider, unless somebody is said to have rendered the services."""
    rendered = any(member.part == _PROVIDER for member in found.members)
    for member in found.members:
        if member.part == _LAST_RESORT:
            member.part = "" if rendered else _PROVIDER
    found.members[:] = [member for member in found.members if member.part]
