"""FHIR parties: who bills, who takes part in the care, and where it was given.

In:   references to practitioners, roles, organizations and places.    Out: `Facts` of a Party.
Uses: fhir_pool, fhir_identifiers, fhir_codes.                         Used by: fhir_claim, fhir_care_team, fhir_lines.
Not here: which part somebody has in a claim (fhir_care_team).

A PractitionerRole stands for its practitioner, and its organization is the group. A Location without an NPI of its own has
that of the organization that runs it. What cannot be followed is known by what the reference itself says: an NPI,
a name.
"""

from typing import Final

from attrs import define

from sequela.engine.encounter.fhir_codes import NPI, SPECIALTY, TAXONOMY, check, code_in
from sequela.engine.encounter.fhir_facts import Facts
from sequela.engine.encounter.fhir_identifiers import Number, first_of, kind_of
from sequela.engine.encounter.fhir_notes import Notes
from sequela.engine.encounter.fhir_people_structs import Holder, HumanName, Person
from sequela.engine.encounter.fhir_pool import Pool, Resolved, kind_named, logical_identifier
from sequela.engine.encounter.fhir_source import Place
from sequela.engine.encounter.fhir_structs import Address, Concept, Identifier, Reference
from sequela.engine.encounter.fhir_values import text_of

_NPI: Final = (Number.NPI,)
_TAX: Final = (Number.TAX,)
_CLIA: Final = (Number.CLIA,)


@define
class Parties:
    """Reads the parties of one claim; `clia` is the first CLIA number that one of them has."""

    pool: Pool
    clia: tuple[str, Place] | None = None

    @property
    def notes(self) -> Notes:
        """Where problems go."""
        return self.pool.notes

    def read(self, reference: Reference | None, path: str) -> Facts:
        """The facts of whom or what a reference leads to; empty when it says nothing."""
        facts = Facts(path)
        if reference is None:
            return facts
        found = self.pool.resolve(reference, f"{path}.reference", Holder)
        if found is not None:
            self._holder(facts, found)
        identifier = logical_identifier(reference)
        if identifier is not None:
            at = f"{path}.identifier.value" if reference.identifier is not None else f"{path}.reference"
            self._identify(facts, identifier, at)
        facts.put_first("name", text_of(reference.display), f"{path}.display")
        kind = found.kind if found is not None else kind_named(reference)
        if kind == "Organization" and "npi" in facts.values:
            facts.put_first("group", facts.values["npi"], facts.places["npi"])
        return facts

    def qualify(self, facts: Facts, concept: Concept | None, path: str) -> None:
        """The taxonomy or specialty that a claim itself gives for a party, before that of the party's resource."""
        taxonomy = code_in(concept, TAXONOMY, path, self.notes)
        specialty = code_in(concept, SPECIALTY, path, self.notes) if taxonomy is None else None
        if taxonomy is not None:
            facts.put("taxonomy", taxonomy.code, taxonomy.place)
        if specialty is not None:
            facts.put("specialty", specialty.code, specialty.place)

    def _holder(self, facts: Facts, found: Resolved[Holder]) -> None:
        """What the resource of a party says."""
        holder = found.struct
        number = first_of(holder.identifier, *_NPI)
        if number is not None:
            place = found.at(number.path)
            facts.put_first("npi", check(number.value, NPI, place, self.notes), place)
        tax = first_of(holder.identifier, *_TAX)
        if tax is not None:
            facts.put_first("tax_id", tax.value, found.at(tax.path))
        clia = first_of(holder.identifier, *_CLIA)
        if clia is not None and self.clia is None:
            self.clia = (clia.value, found.at(clia.path))
        name, below = _name_of(holder)
        facts.put_first("name", name, found.at(below))
        _put_address(facts, holder, found)
        for index, specialty in enumerate(holder.specialty):
            self._taxonomy(facts, found, specialty, f"specialty[{index}]")
        for index, qualification in enumerate(holder.qualification):
            self._taxonomy(facts, found, qualification.code, f"qualification[{index}].code")
        self._behind(facts, found)

    def _behind(self, facts: Facts, found: Resolved[Holder]) -> None:
        """The practitioner and the organization of a role, and the organization that runs a place."""
        holder = found.struct
        if holder.practitioner is not None:
            self._person_of_role(facts, found, holder.practitioner)
        if holder.organization is not None:
            group = self._of(holder.organization, found, "organization")
            if "npi" in group.values:
                facts.put_first("group", group.values["npi"], group.places["npi"])
        if holder.managing_organization is not None and found.kind == "Location":
            runs = self._of(holder.managing_organization, found, "managingOrganization")
            for key in ("npi", "tax_id"):
                if key in runs.values:
                    facts.put_first(key, runs.values[key], runs.places[key])

    def _person_of_role(self, facts: Facts, role: Resolved[Holder], reference: Reference) -> None:
        facts.add(self._of(reference, role, "practitioner"))

    def _of(self, reference: Reference, holder: Resolved[Holder], key: str) -> Facts:
        """The facts of what another resource refers to, which itself is not followed further."""
        facts = Facts()
        place = holder.at(f"{key}.reference")
        found = self.pool.resolve(reference, place, Holder)
        if found is not None:
            plain = Holder(
                identifier=found.struct.identifier,
                name=found.struct.name,
                address=found.struct.address,
                qualification=found.struct.qualification,
            )
            self._holder(facts, Resolved(found.kind, plain, found.source, found.base))
        identifier = logical_identifier(reference)
        if identifier is not None:
            at = "identifier.value" if reference.identifier is not None else "reference"
            self._identify(facts, identifier, holder.at(f"{key}.{at}"))
        facts.put_first("name", text_of(reference.display), holder.at(f"{key}.display"))
        return facts

    def _identify(self, facts: Facts, identifier: Identifier, place: Place) -> None:
        """The number that stands in a reference itself."""
        value = text_of(identifier.value)
        if value is None:
            return
        match kind_of(identifier):
            case Number.NPI:
                if "npi" not in facts.values:
                    facts.put("npi", check(value, NPI, place, self.notes), place)
            case Number.TAX:
                facts.put_first("tax_id", value, place)
            case _:
                return

    def _taxonomy(self, facts: Facts, found: Resolved[Holder], concept: Concept | None, path: str) -> None:
        """The taxonomy or specialty among what a resource says; its place is in that resource."""
        for wanted, key in ((TAXONOMY, "taxonomy"), (SPECIALTY, "specialty")):
            if key in facts.values:
                continue
            code = code_in(concept, wanted, found.at(path), self.notes)
            if code is not None:
                facts.put(key, code.code, code.place)


def _name_of(holder: Holder) -> tuple[str | None, str]:
    """The name of a person ("AMBER, ADA") or an organization, and where it stands."""
    if isinstance(holder.name, str):
        return text_of(holder.name), "name"
    if not holder.name:
        return None, "name"
    return person_name(holder.name[0]), "name[0]"


def person_name(name: HumanName) -> str | None:
    """The name of a person as an 837 has it: the last name, a comma, the first name."""
    last = text_of(name.family)
    first = text_of(name.given[0]) if name.given else None
    if last is not None and first is not None:
        return f"{last}, {first}"
    return last or text_of(name.text)


def _put_address(facts: Facts, holder: Holder, found: Resolved[Holder]) -> None:
    if holder.address is None:
        return
    if isinstance(holder.address, Address):
        put_address(facts, holder.address, found, "address")
    elif holder.address:
        put_address(facts, holder.address[0], found, "address[0]")


def put_address(facts: Facts, address: Address, found: Resolved[Holder] | Resolved[Person], path: str) -> None:
    """The street, city, state and ZIP code of an address."""
    if address.line:
        facts.put_first("street", text_of(address.line[0]), found.at(f"{path}.line[0]"))
    facts.put_first("city", text_of(address.city), found.at(f"{path}.city"))
    facts.put_first("state", text_of(address.state), found.at(f"{path}.state"))
    facts.put_first("zip", text_of(address.postal_code), found.at(f"{path}.postalCode"))
