"""FHIR claim: one Claim or ExplanationOfBenefit becomes an `Encounter`.

In:   a `ClaimResource` and what it may refer to.     Out: `Encounter`, or None with a fatal problem.
Uses: the readers of parts, model.                    Used by: from_fhir.

`created` is when the resource was made, not when the payer had the claim: `received` comes from `supportingInfo` alone. A claim
whose patient status is known, and is not 30, was discharged on the last day of its `billablePeriod`, as in an 837. An
ExplanationOfBenefit is read as the claim that it answers; what the payer decided is not part of that.
"""

from decimal import Decimal
from typing import Final

from attrs import define

from sequela.engine.diagnostics.suggest import listed
from sequela.engine.encounter.fault import shown
from sequela.engine.encounter.fhir_amounts import claim_amounts
from sequela.engine.encounter.fhir_care_team import put_parties, read_care_team
from sequela.engine.encounter.fhir_codes import words_of
from sequela.engine.encounter.fhir_coverage import Coverages, other_payers, read_coverages
from sequela.engine.encounter.fhir_diagnoses import Diagnoses
from sequela.engine.encounter.fhir_facts import Facts, FhirOrigins
from sequela.engine.encounter.fhir_identifiers import Number, first_of, kind_of
from sequela.engine.encounter.fhir_information import Information
from sequela.engine.encounter.fhir_lines import LineReader
from sequela.engine.encounter.fhir_notes import Notes
from sequela.engine.encounter.fhir_parties import Parties
from sequela.engine.encounter.fhir_patient import read_patient
from sequela.engine.encounter.fhir_people_structs import EncounterResource
from sequela.engine.encounter.fhir_pool import Pool, Resolved, logical_identifier
from sequela.engine.encounter.fhir_setting import setting_of
from sequela.engine.encounter.fhir_stay import put_stay
from sequela.engine.encounter.fhir_structs import ClaimResource
from sequela.engine.encounter.fhir_values import amount_of, day_at, text_of
from sequela.engine.encounter.model import Encounter, Party, Patient, Subscriber

_ACCIDENTS: Final = {
    "mva": "auto_accident", "aa": "auto_accident", "wpa": "employment_related", "em": "employment_related",
    "school": "other_accident", "spt": "other_accident", "home": "other_accident", "oa": "other_accident",
}  # fmt: skip
_REPLACING: Final = {"6": "6", "7": "7", "8": "8"}
_EARLIER: Final = frozenset({"prior", "priorclaim", "replaces", *_REPLACING})
_STILL_A_PATIENT: Final = "30"
_FREQUENCY: Final = 2
_NAMED: Final = 4


@define
class _Reader:
    """Reads one claim part by part into `facts`."""

    claim: ClaimResource
    pool: Pool
    facts: Facts
    parties: Parties
    information: Information

    @property
    def notes(self) -> Notes:
        """Where problems go."""
        return self.pool.notes


def stated_name(claim: ClaimResource) -> tuple[str, str] | None:
    """The number by which a claim calls itself, and its place; None when it has none.

    The identifier: the one of the type `uc` (unique claim number), else the first; else the patient account number,
    else the id of the resource.
    """
    found = first_of(claim.identifier, Number.CLAIM, *(kind for kind in Number if kind is not Number.CLAIM))
    if found is not None:
        return found.value, found.path
    for index, info in enumerate(claim.supporting_info):
        if "patientaccountnumber" in words_of(info.category) and text_of(info.value_string):
            return (info.value_string or "").strip(), f"supportingInfo[{index}].valueString"
    return (claim.id, "id") if claim.id else None


def read_claim(claim: ClaimResource, name: str, name_place: str, pool: Pool) -> Encounter | None:
    """The encounter of one claim; None, with a fatal problem in the pool's notes, when it cannot be read."""
    parties, facts = Parties(pool), Facts("")
    reader = _Reader(claim, pool, facts, parties, Information(facts, parties))
    facts.put("id", name, name_place)
    encounter = _encounter_of(claim, pool)
    reader.information.read(claim)
    diagnoses = Diagnoses(pool)
    diagnoses.read(claim, facts)
    diagnoses.read_procedures(claim, facts)
    _put_period(reader)
    _put_bill_type(reader)
    told = setting_of(claim, facts, encounter, pool.notes)
    if told is None:
        return None
    facts.put("setting", *told)
    if told[0] == "professional" and "bill_type" in facts.values:
        _drop_bill_type(reader)
    if encounter is not None:
        put_stay(facts, encounter, told[0], pool.notes)
    if told[0] != "professional":
        _put_discharge(facts)
    if diagnoses.onset is not None:
        facts.put_first("onset_date", *diagnoses.onset)
    _put_people(reader)
    team = read_care_team(claim, parties)
    put_parties(team, facts, pool.notes)
    _put_referral(reader)
    LineReader(pool.notes, parties, team, diagnoses.pointed).read_all(claim.item, facts)
    _put_circumstances(reader)
    _put_related(reader)
    _say_use(claim, pool.notes)
    _say_missing(reader)
    values = facts.values
    values.setdefault("lines", ())
    return Encounter(**values).with_origins(FhirOrigins(pool.notes.source, facts.places))


def _encounter_of(claim: ClaimResource, pool: Pool) -> Resolved[EncounterResource] | None:
    """The Encounter that the first line names which names one."""
    for index, item in enumerate(claim.item):
        for reference in item.encounter:
            found = pool.resolve(reference, f"item[{index}].encounter[0].reference", EncounterResource)
            if found is not None:
                return found
    return None


def _put_period(reader: _Reader) -> None:
    period, facts, notes = reader.claim.billable_period, reader.facts, reader.notes
    if period is None:
        return
    first = day_at(period.start, "billablePeriod.start", notes, "the first day of the statement")
    last = day_at(period.end, "billablePeriod.end", notes, "the last day of the statement")
    if first is not None and last is not None and last < first:
        notes.warn("SEQ798", "The billable period ends before it begins; its dates stay unknown.", "billablePeriod")
        return
    facts.put("statement_from", first, "billablePeriod.start")
    facts.put("statement_to", last, "billablePeriod.end")


def _put_bill_type(reader: _Reader) -> None:
    """The type of bill and its frequency, whole or put together from their parts."""
    facts, frequency = reader.facts, reader.information.bill[_FREQUENCY]
    found = reader.information.bill_type()
    if found is not None:
        facts.put("bill_type", *found)
        facts.put("frequency", found[0][-1], found[1])
    elif frequency is not None:
        facts.put("frequency", *frequency)


def _drop_bill_type(reader: _Reader) -> None:
    """A professional claim has no type of bill: what a payer puts there is not part of it."""
    place = reader.facts.places.pop("bill_type")
    code = reader.facts.values.pop("bill_type")
    reader.facts.values.pop("frequency", None)
    reader.facts.places.pop("frequency", None)
    reader.notes.warn("SEQ795", f"A professional claim has no type of bill; {shown(code)} is left out.", place)


def _put_discharge(facts: Facts) -> None:
    """The day of discharge of an institutional claim that has a patient status and no day of its own."""
    status = facts.values.get("discharge_status")
    if status not in (None, _STILL_A_PATIENT) and "statement_to" in facts.values:
        facts.put_first("discharged", facts.values["statement_to"], facts.places["statement_to"])


def _put_people(reader: _Reader) -> None:
    """Who was treated, who is insured, who pays, who bills and where it was."""
    claim, facts, pool = reader.claim, reader.facts, reader.pool
    patient = read_patient(claim.patient, pool)
    if "medical_record" in patient.values:
        facts.put_first("medical_record", patient.values.pop("medical_record"), patient.places.pop("medical_record"))
    facts.put_part("patient", Patient(**patient.values), patient)
    coverages = read_coverages(claim, patient, pool)
    facts.add(coverages.payer)
    facts.put_part("subscriber", Subscriber(**coverages.subscriber.values), coverages.subscriber)
    _put_other_payers(reader, coverages, claim_amounts(facts, claim, pool.notes))
    billing = reader.parties.read(claim.provider, "provider")
    facts.put_part("billing", Party(**billing.values), billing)
    facility = reader.parties.read(claim.facility, "facility") if claim.facility is not None else Facts()
    if not facility.values and reader.information.facility is not None:
        facility = reader.information.facility
    facts.put_part("facility", Party(**facility.values), facility)
    if reader.parties.clia is not None:
        facts.put_first("clia", *reader.parties.clia)


def _put_other_payers(reader: _Reader, coverages: Coverages, paid: tuple[Decimal, str] | None) -> None:
    """The other payers, and what they paid where it is clear which of them did."""
    if paid is not None:
        place = f"{paid[1]}.amount.value"
        amount = amount_of(paid[0], place, reader.notes, "what other payers paid")
        if not coverages.others and amount:
            coverages.others.append(Facts(paid[1]))
        if len(coverages.others) == 1:
            coverages.others[0].put("paid", amount, place)
    reader.facts.put_all("other_payers", other_payers(coverages), [one.places for one in coverages.others])


def _put_referral(reader: _Reader) -> None:
    """The referral number; where Blue Button has the NPI of who referred the patient there, that party."""
    referral = reader.claim.referral
    identifier = logical_identifier(referral)
    if referral is None or identifier is None:
        return
    if kind_of(identifier) is Number.NPI:
        party = reader.parties.read(referral, "referral")
        if "referring" not in reader.facts.values:
            reader.facts.put_part("referring", Party(**party.values), party)
        return
    reader.facts.put_first("referral", text_of(identifier.value), "referral.identifier.value")


def _put_circumstances(reader: _Reader) -> None:
    """The accident, and whom the patient lets the payer pay."""
    claim, facts = reader.claim, reader.facts
    accident = claim.accident
    if accident is not None:
        day = day_at(accident.date, "accident.date", reader.notes, "the day of the accident")
        facts.put_first("accident_date", day, "accident.date")
        for word in words_of(accident.type):
            if word in _ACCIDENTS:
                facts.put(_ACCIDENTS[word], True, "accident.type")
        if accident.location_address is not None:
            state = text_of(accident.location_address.state)
            facts.put_first("accident_state", state, "accident.locationAddress.state")
    payee = claim.payee.type if claim.payee is not None else None
    for word in words_of(payee):
        if word in ("provider", "subscriber"):
            facts.put("benefits_assigned", word == "provider", "payee.type")


def _put_related(reader: _Reader) -> None:
    """The earlier claim that this one replaces or cancels, and which of the two where its code says so."""
    for index, related in enumerate(reader.claim.related):
        words = list(words_of(related.relationship))
        if _EARLIER.isdisjoint(words):
            continue
        path = f"related[{index}]"
        reader.facts.put_first(
            "frequency", next((_REPLACING[w] for w in words if w in _REPLACING), None), f"{path}.relationship"
        )
        if related.reference is not None:
            reader.facts.put_first("original_claim", text_of(related.reference.value), f"{path}.reference.value")
        identifier = logical_identifier(related.claim)
        if identifier is not None:
            reader.facts.put_first("original_claim", text_of(identifier.value), f"{path}.claim.identifier.value")


def _say_use(claim: ClaimResource, notes: Notes) -> None:
    """What a reader should know of a claim that asks for something else than payment, or was withdrawn."""
    use = (claim.use or "").strip().lower()
    if use in ("preauthorization", "predetermination"):
        what = "a request for prior authorization" if use == "preauthorization" else "a request for an estimate"
        notes.warn("SEQ816", f"This is {what} (`use` is {use}), not a claim for payment; it is read like one.", "use")
    if (claim.status or "").strip().lower() == "cancelled":
        notes.warn("SEQ816", "The claim is cancelled (`status`); it is read all the same.", "status")


def _say_missing(reader: _Reader) -> None:
    """One warning for all references that lead nowhere, and one for what a claim should have and has not."""
    missing = reader.pool.missing
    if missing:
        names = list(missing)
        said = listed(names[:_NAMED]) + (f" and {len(names) - _NAMED} more" if len(names) > _NAMED else "")
        they = "are not in the file; what only they say" if len(names) > 1 else "is not in the file; what only it says"
        reader.notes.warn(
            "SEQ811",
            f"The claim refers to {said}, which {they} stays unknown.",
            missing[names[0]],
            hint="Send the claims in a Bundle together with what they refer to.",
        )
    if not reader.claim.item:
        reader.notes.warn("SEQ819", "The claim has no line (`item`).", "")
