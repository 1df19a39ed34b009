"""FHIR people structs: the elements that are read of the resources that a claim refers to.

In:   JSON of a resource.     Out: `Person`, `Holder`, `CoverageResource`, `EncounterResource`, `ConditionResource`.
Uses: fhir_structs.           Used by: fhir_pool and the readers of parts.
"""

import msgspec

from sequela.engine.encounter.fhir_structs import Address, Coding, Concept, Fhir, Identifier, Period, Reference


class HumanName(Fhir, frozen=True):
    """The name of a person."""

    family: str | None = None
    given: tuple[str | None, ...] = ()
    text: str | None = None


class Telecom(Fhir, frozen=True):
    """A telephone number or the like."""

    system: str | None = None
    value: str | None = None


class Person(Fhir, frozen=True):
    """A Patient or a RelatedPerson."""

    identifier: tuple[Identifier, ...] = ()
    name: tuple[HumanName, ...] = ()
    gender: str | None = None
    birth_date: str | None = None
    deceased_date_time: str | None = None
    address: tuple[Address, ...] = ()
    telecom: tuple[Telecom, ...] = ()


class Qualification(Fhir, frozen=True):
    """What a practitioner is trained for."""

    code: Concept | None = None


class Holder(Fhir, frozen=True):
    """A Practitioner, a PractitionerRole, an Organization or a Location."""

    identifier: tuple[Identifier, ...] = ()
    name: str | tuple[HumanName, ...] | None = None
    address: Address | tuple[Address, ...] | None = None
    qualification: tuple[Qualification, ...] = ()
    managing_organization: Reference | None = None
    practitioner: Reference | None = None
    organization: Reference | None = None
    specialty: tuple[Concept, ...] = ()


class CoverageClass(Fhir, frozen=True):
    """A group, plan or the like that a coverage belongs to."""

    type: Concept | None = None
    value: str | None = None
    name: str | None = None


class CoverageResource(Fhir, frozen=True):
    """A Coverage."""

    identifier: tuple[Identifier, ...] = ()
    type: Concept | None = None
    subscriber: Reference | None = None
    subscriber_id: str | None = None
    relationship: Concept | None = None
    payor: tuple[Reference, ...] = ()
    classes: tuple[CoverageClass, ...] = msgspec.field(default=(), name="class")
    order: int | None = None


class Hospitalization(Fhir, frozen=True):
    """Where the patient came from and went to."""

    admit_source: Concept | None = None
    discharge_disposition: Concept | None = None


class EncounterResource(Fhir, frozen=True):
    """An Encounter: the visit or stay."""

    kind: Coding | None = msgspec.field(default=None, name="class")
    period: Period | None = None
    priority: Concept | None = None
    hospitalization: Hospitalization | None = None


class ConditionResource(Fhir, frozen=True):
    """A Condition: a diagnosis with its history."""

    code: Concept | None = None
    onset_date_time: str | None = None
