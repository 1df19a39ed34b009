"""FHIR stay: what the Encounter resource of a claim says of a stay.

In:   an Encounter.                        Out: facts of the claim's stay that `supportingInfo` did not say.
Uses: fhir_codes, fhir_values, fhir_pool.  Used by: fhir_claim.

The period of an Encounter is that of the stay only where the claim is an inpatient one: an office visit has a period too.
"""

from typing import Final

from sequela.engine.encounter.fhir_codes import ADMIT_SOURCE, ADMIT_TYPE, DISCHARGE_STATUS, code_in, words_of
from sequela.engine.encounter.fhir_facts import Facts
from sequela.engine.encounter.fhir_notes import Notes
from sequela.engine.encounter.fhir_people_structs import EncounterResource
from sequela.engine.encounter.fhir_pool import Resolved
from sequela.engine.encounter.fhir_values import day_at, hour_of
from sequela.engine.encounter.model import Setting

_PRIORITIES: Final = {"em": "1", "ur": "2", "el": "3"}
"""Codes of v3-ActPriority that are types of admission: emergency, urgent, elective."""


def put_stay(facts: Facts, encounter: Resolved[EncounterResource], setting: Setting, notes: Notes) -> None:
    """The admission and discharge, the type of admission, where the patient came from and went to."""
    stay = encounter.struct
    if setting == "professional":
        return
    if stay.period is not None and setting == "inpatient":
        for name, hour, value, end in (
            ("admitted", "admit_hour", stay.period.start, "start"),
            ("discharged", "discharge_hour", stay.period.end, "end"),
        ):
            place = encounter.at(f"period.{end}")
            if name not in facts.values:
                facts.put(name, day_at(value, place, notes), place)
                facts.put_first(hour, hour_of(value), place)
    found = code_in(stay.priority, ADMIT_TYPE, encounter.at("priority"), notes)
    if found is not None:
        facts.put_first("admit_type", found.code, found.place)
    for word in words_of(stay.priority):
        facts.put_first("admit_type", _PRIORITIES.get(word), encounter.at("priority"))
    if stay.hospitalization is None:
        return
    for concept, wanted, name, key in (
        (stay.hospitalization.admit_source, ADMIT_SOURCE, "admit_source", "admitSource"),
        (stay.hospitalization.discharge_disposition, DISCHARGE_STATUS, "discharge_status", "dischargeDisposition"),
    ):
        code = code_in(concept, wanted, encounter.at(f"hospitalization.{key}"), notes)
        if code is not None:
            facts.put_first(name, code.code, code.place)
