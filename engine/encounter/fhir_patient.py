"""FHIR patient: who was treated, as the Patient that a claim refers to says it; and other people like it.

In:   a Patient or RelatedPerson.       Out: `Facts` of a Patient, and those that a subscriber has too.
Uses: fhir_pool, fhir_values.           Used by: fhir_claim, fhir_coverage.

`gender` other is a sex that the payer holds as undetermined; gender unknown is unknown. The patient's number is the member
number, else the first number that is neither a medical record's nor a person's own (social security, licence).
"""

from typing import Final

from sequela.engine.encounter.fault import shown
from sequela.engine.encounter.fhir_facts import Facts
from sequela.engine.encounter.fhir_identifiers import Number, first_of
from sequela.engine.encounter.fhir_notes import Notes
from sequela.engine.encounter.fhir_parties import put_address
from sequela.engine.encounter.fhir_people_structs import Person
from sequela.engine.encounter.fhir_pool import Pool, Resolved, logical_identifier
from sequela.engine.encounter.fhir_structs import Reference
from sequela.engine.encounter.fhir_values import day_at, text_of

MEMBER: Final = (Number.MEMBER, Number.UNIQUE_MEMBER)
_SEXES: Final = {"female": "female", "male": "male", "other": "undetermined", "unknown": None}


def read_patient(reference: Reference | None, pool: Pool) -> Facts:
    """The facts of the patient of a claim, the medical record number among them under `medical_record`."""
    facts = Facts("patient")
    found = pool.resolve(reference, "patient.reference", Person)
    if found is not None:
        facts = read_person(found, pool.notes)
        person = found.struct
        number = first_of(person.identifier, *MEMBER, Number.OTHER)
        if number is not None:
            facts.put("id", number.value, found.at(number.path))
        record = first_of(person.identifier, Number.RECORD)
        if record is not None:
            facts.put("medical_record", record.value, found.at(record.path))
        died = day_at(
            person.deceased_date_time, found.at("deceasedDateTime"), pool.notes, "the day of the patient's death"
        )
        facts.put("death_date", died, found.at("deceasedDateTime"))
        for index, telecom in enumerate(person.telecom):
            if telecom.system == "phone":
                facts.put_first("phone", text_of(telecom.value), found.at(f"telecom[{index}].value"))
    identifier = logical_identifier(reference)
    if identifier is not None:
        facts.put_first("id", text_of(identifier.value), "patient.identifier.value")
    return facts


def read_person(found: Resolved[Person], notes: Notes) -> Facts:
    """The name, day of birth, sex and address of a person."""
    person = found.struct
    facts = Facts(found.at(""))
    if person.name:
        name = person.name[0]
        facts.put("last_name", text_of(name.family), found.at("name[0].family"))
        if name.given:
            facts.put("first_name", text_of(name.given[0]), found.at("name[0].given[0]"))
    place = found.at("birthDate")
    facts.put("birth_date", day_at(person.birth_date, place, notes, "the day of birth"), place)
    if person.gender is not None:
        sex = _SEXES.get(person.gender.strip().lower())
        if person.gender.strip().lower() not in _SEXES:
            notes.warn(
                "SEQ815",
                f"{shown(person.gender)} is no gender of FHIR (female, male, other, unknown); the sex stays unknown.",
                found.at("gender"),
            )
        facts.put("sex", sex, found.at("gender"))
    if person.address:
        put_address(facts, person.address[0], found, "address[0]")
    return facts
