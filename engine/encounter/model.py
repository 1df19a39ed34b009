"""Model: one claim as it was sent; its attribute names are the keys of `sequela.encounter/1`.

In:   JSON, X12 or a caller's own values.    Out: `Encounter` and its parts, frozen.
Uses: vocabulary, origin.                    Used by: readers, fields, view, evaluate, explain.
Not here: derived facts (fields); what the language may read (fields); whether a claim makes sense (soundness).

An attribute that is None was not sent: it is unknown. Complete lists (lines, diagnoses, procedures, modifiers,
condition, occurrence and value codes) are empty when not sent; other lists are None. Codes are kept as sent; the
catalogue reads them in normal form. Amounts and counts are int or Decimal, never float.

The classes are msgspec Structs rather than attrs classes because they refuse unknown keys while they decode. They
are copied with `sequela.engine.encounter.model.replace(encounter, lines=...)`.
"""

import datetime
from decimal import Decimal
from typing import Annotated, Any, Final, Literal

import msgspec

from sequela.engine.encounter.origin import NO_ORIGINS, Origins

replace = msgspec.structs.replace
Day = datetime.date

SCHEMA: Final = "sequela.encounter/1"

Text = Annotated[str, msgspec.Meta(min_length=1)]
Number = int | Decimal
TAG_NAME: Final = "^[a-z][a-z0-9]*(_[a-z0-9]+)*$"
TagName = Annotated[str, msgspec.Meta(pattern=TAG_NAME)]
Setting = Literal["professional", "outpatient", "inpatient"]
Sex = Literal["female", "male", "undetermined"]
Role = Literal["principal", "admitting", "reason-for-visit", "external-cause", "secondary"]
PresentOnAdmission = Literal["Y", "N", "U", "W", "1"]
Disposition = Literal["paid", "denied", "pending", "void"]
Relationship = Literal["self", "spouse", "child", "employee", "organ-donor", "cadaver-donor", "life-partner", "other"]
PayerSequence = Literal["primary", "secondary", "tertiary"]


class Part(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True, gc=False):
    """Any object of an encounter: frozen, built by name, strict about its keys.

    No part can hold itself, so that the search for circles need not look at them (`gc=False`). Keys are found quickest where
    attributes stand in the order in which programs write them, and what is usual stands first.
    """


class Patient(Part, frozen=True):
    """Who was treated."""

    id: Text | None = None
    birth_date: Day | None = None
    sex: Sex | None = None
    death_date: Day | None = None
    pregnant: bool | None = None
    last_name: Text | None = None
    first_name: Text | None = None
    street: Text | None = None
    city: Text | None = None
    state: Text | None = None
    zip: Text | None = None
    phone: Text | None = None


class Party(Part, frozen=True):
    """A provider, group or facility in one role. `npi` is the person or place, `group` the NPI of the group."""

    npi: Text | None = None
    group: Text | None = None
    taxonomy: Text | None = None
    specialty: Text | None = None
    state: Text | None = None
    name: Text | None = None
    tax_id: Text | None = None
    street: Text | None = None
    city: Text | None = None
    zip: Text | None = None


NOBODY: Final = Party()
"""Who was not named in a role."""


class Subscriber(Part, frozen=True):
    """Who holds the insurance, and how the patient is related to them."""

    member_id: Text | None = None
    relationship: Relationship | None = None
    group_number: Text | None = None
    group_name: Text | None = None
    last_name: Text | None = None
    first_name: Text | None = None
    birth_date: Day | None = None
    sex: Sex | None = None
    street: Text | None = None
    city: Text | None = None
    state: Text | None = None
    zip: Text | None = None


class OtherPayer(Part, frozen=True):
    """Another payer of this claim and what it did with it."""

    payer: Text | None = None
    name: Text | None = None
    sequence: PayerSequence | None = None
    plan: Text | None = None
    product: Text | None = None
    member_id: Text | None = None
    group_number: Text | None = None
    relationship: Relationship | None = None
    claim: Text | None = None
    processed: Day | None = None
    paid: Number | None = None
    allowed: Number | None = None
    patient_responsibility: Number | None = None


class Diagnosis(Part, frozen=True):
    """An ICD-10-CM code of the claim, in the order sent."""

    code: Text
    role: Role | None = None
    poa: PresentOnAdmission | None = None
    tags: dict[TagName, Text] = msgspec.field(default_factory=dict)


class Procedure(Part, frozen=True):
    """An ICD-10-PCS code of the claim, in the order sent."""

    code: Text
    date: Day | None = None


class Occurrence(Part, frozen=True):
    """An occurrence code with its date, or an occurrence span code with its first and last day."""

    code: Text
    date: Day | None = None
    end_date: Day | None = None


class ValueCode(Part, frozen=True):
    """A value code and its amount."""

    code: Text
    amount: Number | None = None


class Service(Part, frozen=True):
    """What the claim's own lines and the lines of other claims have alike."""

    number: int | None = None
    revenue: Text | None = None
    code: Text | None = None
    modifiers: tuple[str, ...] = ()
    units: Number | None = None
    date: Day | None = None
    place: Text | None = None
    charge: Number | None = None
    diagnoses: Any = None
    minutes: Number | None = None
    end_date: Day | None = None
    non_covered_charge: Number | None = None
    provider: Text | None = None
    group: Text | None = None
    specialty: Text | None = None
    taxonomy: Text | None = None
    referring: Text | None = None
    ordering: Text | None = None
    supervising: Text | None = None
    facility: Text | None = None
    rate: Text | None = None
    ndc: Text | None = None
    drug_quantity: Number | None = None
    drug_unit: Text | None = None
    authorization: Text | None = None
    referral: Text | None = None
    clia: Text | None = None
    emergency: bool | None = None
    epsdt: bool | None = None
    family_planning: bool | None = None
    description: Text | None = None
    note: Text | None = None
    other_paid: Number | None = None
    tags: dict[TagName, Text] = msgspec.field(default_factory=dict)


class Line(Service, frozen=True):
    """A line of this claim; `diagnoses` are 1-based pointers into the claim's diagnoses as sent, None when not sent."""

    diagnoses: tuple[int, ...] | None = None


class HistoryLine(Service, frozen=True):
    """A line of another claim of the same patient; `diagnoses` are ICD-10-CM codes, None when not sent."""

    diagnoses: tuple[str, ...] | None = None
    claim: Text | None = None
    payer: Text | None = None
    bill_type: Text | None = None
    disposition: Disposition | None = None
    allowed: Number | None = None
    paid: Number | None = None
    received: Day | None = None
    processed: Day | None = None


class History(Part, frozen=True):
    """Lines of other claims; see `is_open` of the view for when there may be more."""

    complete: bool | None = None
    lines: tuple[HistoryLine, ...] | None = None


class Document(Part, frozen=True):
    """A document in the record, and the ICD-10-CM codes that it supports (None: nobody said which)."""

    kind: Text | None = None
    date: Day | None = None
    author: Text | None = None
    supports: tuple[str, ...] | None = None


class Documents(Part, frozen=True):
    """The documents of the record; see `is_open` of the view for when there may be more."""

    complete: bool | None = None
    items: tuple[Document, ...] | None = None


class Encounter(Part, frozen=True, kw_only=True, dict=True, gc=True):
    """One claim with its patient, its history and what is known of the record.

    `id`, `setting` and `lines` are required. `extra` is the caller's own and is never read.
    """

    schema: Literal["sequela.encounter/1"] = SCHEMA
    id: Text
    setting: Setting
    payer: Text | None = None
    received: Day | None = None
    place: Text | None = None
    bill_type: Text | None = None
    statement_from: Day | None = None
    statement_to: Day | None = None
    admitted: Day | None = None
    admit_type: Text | None = None
    admit_source: Text | None = None
    discharged: Day | None = None
    discharge_status: Text | None = None
    total_charge: Number | None = None
    patient: Patient = Patient()
    provider: Party = NOBODY
    billing: Party = NOBODY
    attending: Party = NOBODY
    diagnoses: tuple[Diagnosis, ...] = ()
    lines: tuple[Line, ...]

    payer_name: Text | None = None
    payer_sequence: PayerSequence | None = None
    plan: Text | None = None
    product: Text | None = None
    frequency: Text | None = None
    original_claim: Text | None = None
    authorization: Text | None = None
    referral: Text | None = None
    medical_record: Text | None = None
    admit_hour: Text | None = None
    discharge_hour: Text | None = None
    drg: Text | None = None
    amount_paid: Number | None = None
    accident_date: Day | None = None
    accident_state: Text | None = None
    employment_related: bool | None = None
    auto_accident: bool | None = None
    other_accident: bool | None = None
    onset_date: Day | None = None
    last_menstrual_date: Day | None = None
    initial_treatment_date: Day | None = None
    last_seen_date: Day | None = None
    care_assumed: Day | None = None
    care_relinquished: Day | None = None
    disability_from: Day | None = None
    disability_to: Day | None = None
    clia: Text | None = None
    mammography: Text | None = None
    device_exemption: Text | None = None
    assignment: bool | None = None
    benefits_assigned: bool | None = None
    release_of_information: bool | None = None
    outside_lab: bool | None = None
    outside_lab_charge: Number | None = None
    special_program: Text | None = None
    delay_reason: Text | None = None
    note: Text | None = None

    condition_codes: tuple[str, ...] = ()
    occurrence_codes: tuple[Occurrence, ...] = ()
    value_codes: tuple[ValueCode, ...] = ()
    subscriber: Subscriber = Subscriber()
    other_payers: tuple[OtherPayer, ...] | None = None
    referring: Party = NOBODY
    ordering: Party = NOBODY
    supervising: Party = NOBODY
    operating: Party = NOBODY
    other_operating: Party = NOBODY
    facility: Party = NOBODY
    procedures: tuple[Procedure, ...] = ()
    history: History = History()
    documents: Documents = Documents()
    tags: dict[TagName, Text] = msgspec.field(default_factory=dict)
    extra: dict[str, Any] = msgspec.field(default_factory=dict)

    @property
    def origins(self) -> Origins:
        """Where each value was written; not part of what makes two encounters equal, and not carried into copies."""
        found: Any = self.__dict__.get("_origins", NO_ORIGINS)
        if found.__class__ is tuple:
            make, *noted = found
            found = self.__dict__["_origins"] = make(*noted)
        return found  # type: ignore[no-any-return]

    def with_origins(self, origins: Origins) -> "Encounter":
        """Note where the values were written; the same encounter. For readers, once, before it is handed on."""
        self.__dict__["_origins"] = origins
        return self

    def with_origins_of(self, noted: tuple[Any, ...]) -> "Encounter":
        """The same where nearly nobody will ask: when somebody does, the first of `noted` is called with the others."""
        self.__dict__["_origins"] = noted
        return self
