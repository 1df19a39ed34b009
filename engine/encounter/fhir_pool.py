"""FHIR pool: the resources that a claim may refer to: those of its Bundle, and those that it contains.

In:   references.                      Out: `Resolved` resources, each decoded once.
Uses: fhir_decode, fhir_source.        Used by: the readers of parts.
Not here: what the resources say of a claim (the readers of parts).

A reference is found by the `fullUrl` of an entry, by its type and id (`Patient/1`, also at the end of a URL, with or
without a version), or among the contained resources (`#patient`). What stands outside of the Bundle is not looked for.
"""

import re
from typing import Any, Final, Generic, TypeVar

import msgspec
from attrs import define, field, frozen

from sequela.engine.encounter.fhir_decode import decoded
from sequela.engine.encounter.fhir_notes import Notes
from sequela.engine.encounter.fhir_people_structs import (
    ConditionResource,
    CoverageResource,
    EncounterResource,
    Holder,
    Person,
)
from sequela.engine.encounter.fhir_source import Place, Source
from sequela.engine.encounter.fhir_structs import Fhir, Identifier, Reference

Struct = TypeVar("Struct", bound=Fhir)

KINDS: Final[dict[str, type[Fhir]]] = {
    "Patient": Person,
    "RelatedPerson": Person,
    "Practitioner": Holder,
    "PractitionerRole": Holder,
    "Organization": Holder,
    "Location": Holder,
    "Coverage": CoverageResource,
    "Encounter": EncounterResource,
    "Condition": ConditionResource,
}
"""The resources that say something of a claim, and the structs that hold what is read of them."""

_VERSION: Final = "/_history/"
_TYPE_AND_ID: Final = re.compile(r"(?:.*/)?([A-Z][A-Za-z]+/[A-Za-z0-9\-.]{1,64})")
_CONDITIONAL: Final = re.compile(r"([A-Z][A-Za-z]+)\?(?:.*&)?identifier=([^|&]*)(?:\||%7[Cc])([^|&]+)")


class Head(Fhir, frozen=True):
    """What a resource is called."""

    resource_type: str | None = None
    id: str | None = None


_TO_HEAD: Final = msgspec.json.Decoder(Head)


def head_of(raw: bytes) -> Head:
    """The type and id of a resource; empty where its JSON says neither."""
    try:
        return _TO_HEAD.decode(raw)
    except (msgspec.MsgspecError, UnicodeError, RecursionError):
        return Head()


@frozen(eq=False)
class Resolved(Generic[Struct]):
    """A resource that a claim refers to. `source` is None, and `base` its path, where the claim contains it."""

    kind: str
    struct: Struct
    source: Source | None
    base: str = ""

    def at(self, path: str) -> Place:
        """The place of an element of it."""
        if self.source is not None:
            return (self.source, path)
        return f"{self.base}.{path}" if path else self.base


@define
class Entries:
    """The resources of one Bundle, by every name that a reference may have for them."""

    _by_name: dict[str, Source] = field(factory=dict)
    _read: dict[int, Any] = field(factory=dict)

    def add(self, source: Source, full_url: str | None, identifier: str | None) -> None:
        """Note a resource. Where two have the same name, the first one is meant."""
        if full_url:
            self._by_name.setdefault(full_url, source)
        if identifier:
            self._by_name.setdefault(f"{source.kind}/{identifier}", source)

    def find(self, reference: str) -> Source | None:
        """The resource that a reference names; None when it is not here."""
        name = reference.partition(_VERSION)[0]
        found = self._by_name.get(name)
        if found is None:
            tail = _TYPE_AND_ID.fullmatch(name)
            found = self._by_name.get(tail[1]) if tail is not None else None
        return found

    def read(self, source: Source, notes: Notes) -> Fhir | None:
        """The struct of a resource, decoded the first time; None when its shape is not that of FHIR."""
        if id(source) not in self._read:
            self._read[id(source)] = _struct(source.raw, source.kind, notes, lambda path: (source, path))
        found: Fhir | None = self._read[id(source)]
        return found


@define
class Pool:
    """What one claim can refer to. `missing` are the references that led nowhere, in order."""

    notes: Notes
    entries: Entries
    contained: tuple[msgspec.Raw, ...] = ()
    missing: dict[str, Place] = field(factory=dict)
    _by_id: dict[str, tuple[int, Head]] | None = None
    _read: dict[int, Fhir | None] = field(factory=dict)

    def resolve(self, reference: Reference | None, place: Place, kind: type[Struct]) -> Resolved[Struct] | None:
        """The resource of a kind that a reference leads to; None when there is none, which is noted in `missing`."""
        name = reference.reference if reference is not None else None
        if not name:
            return None
        found = self._find_contained(name[1:]) if name.startswith("#") else self._find_entry(name)
        if found is None:
            if reference is not None and reference.identifier is None and not _CONDITIONAL.fullmatch(name):
                self.missing.setdefault(name, place)
            return None
        return found if isinstance(found.struct, kind) else None

    def _find_entry(self, name: str) -> Resolved[Any] | None:
        source = self.entries.find(name)
        struct = self.entries.read(source, self.notes) if source is not None else None
        return None if source is None or struct is None else Resolved(source.kind, struct, source)

    def _find_contained(self, name: str) -> Resolved[Any] | None:
        if self._by_id is None:
            heads = [head_of(bytes(raw)) for raw in self.contained]
            self._by_id = {head.id.lstrip("#"): (index, head) for index, head in enumerate(heads) if head.id}
        if name not in self._by_id:
            return None
        index, head = self._by_id[name]
        base = f"contained[{index}]"
        if index not in self._read:
            raw = bytes(self.contained[index])
            self._read[index] = _struct(raw, head.resource_type or "", self.notes, lambda path: f"{base}.{path}")
        struct = self._read[index]
        return None if struct is None else Resolved(head.resource_type or "", struct, None, base)


def _struct(raw: bytes, kind: str, notes: Notes, at: Any) -> Fhir | None:
    """A resource that a claim refers to; a fault in its shape is said, but does not keep the claim from being read."""
    if kind not in KINDS:
        return None
    apart = Notes(notes.source, notes.claim)
    found = decoded(raw, KINDS[kind], apart, at)
    for problem in apart.problems:
        notes.add_softly(problem)
    return found


def logical_identifier(reference: Reference | None) -> Identifier | None:
    """The number by which a reference knows what it leads to, also where it searches for it (`Practitioner?identifier=`)."""
    if reference is None:
        return None
    if reference.identifier is not None:
        return reference.identifier
    found = _CONDITIONAL.fullmatch(reference.reference or "")
    return Identifier(system=found[2], value=found[3]) if found is not None else None


def kind_named(reference: Reference | None) -> str | None:
    """The type of resource that a reference says it leads to."""
    if reference is None:
        return None
    if reference.type:
        return reference.type.rpartition("/")[2]
    name = (reference.reference or "").partition(_VERSION)[0]
    found = _TYPE_AND_ID.fullmatch(name)
    if found is not None:
        return found[1].partition("/")[0]
    searched = _CONDITIONAL.fullmatch(name)
    return searched[1] if searched is not None else None
