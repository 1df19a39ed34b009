"""FHIR structs: the elements of a FHIR R4 Claim or ExplanationOfBenefit that are read, and no others.

In:   JSON of a resource.     Out: `ClaimResource` and its parts; keys that are not named here are passed over.
Uses: nothing.                Used by: fhir_decode and the readers of parts.
Not here: the resources that a claim refers to (fhir_people_structs); what the elements mean (the readers of parts).

Names are those of FHIR with underscores. What must be there in FHIR may be absent here: a missing value is unknown. The
keys at the end of a struct that are `Any` are those of other versions; they are there to be noticed (fhir_version).
"""

from decimal import Decimal
from typing import Any

import msgspec

Raw = msgspec.Raw


class Fhir(msgspec.Struct, frozen=True, kw_only=True, gc=False, rename="camel"):
    """Any object of FHIR JSON."""


class Coding(Fhir, frozen=True):
    """A code and the system that it is of."""

    system: str | None = None
    code: str | None = None
    display: str | None = None


class Concept(Fhir, frozen=True):
    """A CodeableConcept: one meaning in several code systems."""

    coding: tuple[Coding, ...] = ()
    text: str | None = None
    extension: "tuple[Extension, ...]" = ()


class Identifier(Fhir, frozen=True):
    """A number and who gave it."""

    type: Concept | None = None
    system: str | None = None
    value: str | None = None


class Reference(Fhir, frozen=True):
    """A pointer to another resource, or the number by which it is known."""

    reference: str | None = None
    type: str | None = None
    identifier: Identifier | None = None
    display: str | None = None
    extension: "tuple[Extension, ...]" = ()


class Period(Fhir, frozen=True):
    """From a day (or moment) to another."""

    start: str | None = None
    end: str | None = None


class Money(Fhir, frozen=True):
    """An amount."""

    value: Decimal | None = None
    currency: str | None = None


class Quantity(Fhir, frozen=True):
    """A number and its unit."""

    value: Decimal | None = None
    unit: str | None = None
    system: str | None = None
    code: str | None = None


class Extension(Fhir, frozen=True):
    """What a guide adds to an element, under its URL."""

    url: str | None = None
    value_string: str | None = None
    value_boolean: bool | None = None
    value_coding: Coding | None = None
    value_identifier: Identifier | None = None
    value_quantity: Quantity | None = None


class Meta(Fhir, frozen=True):
    """What a resource says of itself."""

    profile: tuple[str, ...] = ()


class Address(Fhir, frozen=True):
    """A postal address."""

    line: tuple[str | None, ...] = ()
    city: str | None = None
    state: str | None = None
    postal_code: str | None = None


class CareTeam(Fhir, frozen=True):
    """Who took part in the care, and in which role."""

    sequence: int | None = None
    provider: Reference | None = None
    responsible: bool | None = None
    role: Concept | None = None
    qualification: Concept | None = None
    specialty: Any = None


class SupportingInfo(Fhir, frozen=True):
    """A further fact; its category says which."""

    category: Concept | None = None
    code: Concept | None = None
    timing_date: str | None = None
    timing_period: Period | None = None
    value_string: str | None = None
    value_quantity: Quantity | None = None
    value_reference: Reference | None = None


class Diagnosis(Fhir, frozen=True):
    """A diagnosis, its parts in the claim and whether it was present on admission."""

    sequence: int | None = None
    diagnosis_codeable_concept: Concept | None = None
    diagnosis_reference: Reference | None = None
    type: tuple[Concept, ...] = ()
    on_admission: Concept | None = None
    extension: tuple[Extension, ...] = ()


class Procedure(Fhir, frozen=True):
    """A procedure of the stay."""

    date: str | None = None
    procedure_codeable_concept: Concept | None = None
    procedure_reference: Reference | None = None


class Insurance(Fhir, frozen=True):
    """A coverage of the patient; `focal` is the one that the claim is to."""

    sequence: int | None = None
    focal: bool | None = None
    coverage: Reference | None = None
    pre_auth_ref: tuple[str, ...] = ()


class Accident(Fhir, frozen=True):
    """The accident that made the care needful."""

    date: str | None = None
    type: Concept | None = None
    location_address: Address | None = None


class Related(Fhir, frozen=True):
    """Another claim that this one stands for."""

    claim: Reference | None = None
    relationship: Concept | None = None
    reference: Identifier | None = None


class Payee(Fhir, frozen=True):
    """Whom the payer is to pay."""

    type: Concept | None = None


class Amounted(Fhir, frozen=True):
    """An amount of an adjudication or a total, under its category."""

    category: Concept | None = None
    amount: Money | None = None


class Detail(Fhir, frozen=True):
    """What a line is made up of: here, the drug."""

    product_or_service: Concept | None = None
    quantity: Quantity | None = None


class Item(Fhir, frozen=True):
    """A line."""

    sequence: int | None = None
    care_team_sequence: tuple[int, ...] = ()
    diagnosis_sequence: tuple[int, ...] = ()
    revenue: Concept | None = None
    product_or_service: Concept | None = None
    modifier: tuple[Concept, ...] = ()
    program_code: tuple[Concept, ...] = ()
    serviced_date: str | None = None
    serviced_period: Period | None = None
    location_codeable_concept: Concept | None = None
    location_reference: Reference | None = None
    quantity: Quantity | None = None
    unit_price: Money | None = None
    factor: Decimal | None = None
    net: Money | None = None
    detail: tuple[Detail, ...] = ()
    encounter: tuple[Reference, ...] = ()
    adjudication: tuple[Amounted, ...] = ()
    extension: tuple[Extension, ...] = ()
    service: Any = None
    care_team_link_id: Any = None
    product_or_service_end: Any = None
    request: Any = None
    patient_paid: Any = None


class ClaimResource(Fhir, frozen=True):
    """A Claim or an ExplanationOfBenefit."""

    resource_type: str | None = None
    id: str | None = None
    meta: Meta | None = None
    contained: tuple[Raw, ...] = ()
    extension: tuple[Extension, ...] = ()
    identifier: tuple[Identifier, ...] = ()
    status: str | None = None
    use: str | None = None
    type: Concept | None = None
    sub_type: Concept | None = None
    patient: Reference | None = None
    billable_period: Period | None = None
    insurer: Reference | None = None
    provider: Reference | None = None
    facility: Reference | None = None
    referral: Reference | None = None
    related: tuple[Related, ...] = ()
    payee: Payee | None = None
    care_team: tuple[CareTeam, ...] = ()
    supporting_info: tuple[SupportingInfo, ...] = ()
    diagnosis: tuple[Diagnosis, ...] = ()
    procedure: tuple[Procedure, ...] = ()
    insurance: tuple[Insurance, ...] = ()
    accident: Accident | None = None
    item: tuple[Item, ...] = ()
    total: Money | tuple[Amounted, ...] | None = None
    fhir_version: Any = None
    information: Any = None
    organization: Any = None
    hospitalization: Any = None
    employment_impacted: Any = None
    total_cost: Any = None
    total_benefit: Any = None
    trace_number: Any = None
    encounter: Any = None
    event: Any = None
    decision: Any = None
    diagnosis_related_group: Any = None
