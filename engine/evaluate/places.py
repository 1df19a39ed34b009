"""Places: the JSON pointer at which a fact that was read stands in the claim.

In:   `Seen` facts.                Out: pointers.
Uses: encounter, evidence.         Used by: trace.
Not here: which pointers would settle an unknown fact (the catalogue's `sources`).

A line without a provider of its own has the claim's: then the fact stands at the claim's provider.
"""

from typing import Final

from sequela.engine.encounter.fields import Field
from sequela.engine.encounter.model import Encounter
from sequela.engine.encounter.view import Member
from sequela.engine.evaluate.evidence import Seen, first_line
from sequela.engine.vocabulary.kinds import Kind

_BORROWED: Final[dict[str, tuple[str, ...]]] = {
    "provider": ("/provider/npi", "/billing/npi"),
    "group": ("/provider/group", "/billing/group"),
    "specialty": ("/provider/specialty", "/billing/specialty"),
    "taxonomy": ("/provider/taxonomy", "/billing/taxonomy"),
    "referring": ("/referring/npi",),
    "ordering": ("/ordering/npi",),
    "supervising": ("/supervising/npi",),
    "facility": ("/facility/npi",),
    "place": ("/place",),
    "clia": ("/clia",),
}
"""Where a claim's own line finds what it does not state itself, in the order in which it looks."""

_DERIVED: Final[dict[str, str]] = {"age": "/birth_date", "age-in-days": "/birth_date", "units-per-day": "/units"}
"""The part of a member that a derived fact is foremost made of."""


def pointer_of(seen: Seen) -> str | None:
    """Where a fact stands that was read, or would stand that is unknown; None for what is not in the claim."""
    if seen.pointer is not None:
        return seen.pointer
    if seen.asks:
        return seen.asks[0]
    member = first_line(seen.bound)
    if member is None or seen.field is None:
        return None
    return _stands_at(seen.field, member)


def _stands_at(field: Field, member: Member) -> str:
    own = member.pointer + "".join(f"/{key}" for key in field.path) if field.path else None
    if field.name in _DERIVED:
        return member.pointer + _DERIVED[field.name]
    if own is None or field.owner in (Kind.MODIFIER, Kind.CONDITION_CODE):
        return member.pointer
    if _is_there(member.view.encounter, own):
        return own
    if member.kind is Kind.LINE:
        for pointer in (*_BORROWED.get(field.name, ()), *field.sources(member)):
            if _is_there(member.view.encounter, pointer):
                return pointer
        if field.name == "end-date":
            return f"{member.pointer}/date"
    return own


def _is_there(encounter: Encounter, pointer: str) -> bool:
    """Whether something was sent at a pointer."""
    found: object = encounter
    for key in pointer.split("/")[1:]:
        if isinstance(found, tuple):
            if not key.isdigit() or int(key) >= len(found):
                return False
            found = found[int(key)]
        elif isinstance(found, dict):
            found = found.get(key)
        else:
            found = getattr(found, key, None)
        if found is None:
            return False
    return True
