"""X12 claim: one claim of an 837 becomes an `Encounter`.

In:   `ClaimSegments`.                                   Out: `Encounter`, or None with a fatal problem.
Uses: every reader of loops, model.                      Used by: from_x12.
Not here: which segments belong to a claim (x12_loops); the facts of the claim's own segments (x12_claim_facts).

`received` stays unknown: BHT04 is when the file was made, not when the payer had it. An institutional claim whose
patient status (CL103) is known, and is not 30, was discharged on the last day of its statement.
"""

from typing import Any, Final

from attrs import define, field

from sequela.engine.encounter.model import Encounter, Line, OtherPayer, Party, Patient, Subscriber, replace
from sequela.engine.encounter.x12_claim_facts import ClaimFacts
from sequela.engine.encounter.x12_codes import Codes
from sequela.engine.encounter.x12_composites import Composites
from sequela.engine.encounter.x12_facts import Facts, SegmentOrigins
from sequela.engine.encounter.x12_known import ROLES, UNREAD_ROLES, Form
from sequela.engine.encounter.x12_lines import SERVICES, LineReader
from sequela.engine.encounter.x12_loops import ClaimSegments
from sequela.engine.encounter.x12_notes import Notes
from sequela.engine.encounter.x12_other_payers import read_other_payer
from sequela.engine.encounter.x12_parties import (
    PatientFacts,
    SubscriberFacts,
    read_billing,
    read_party,
    read_patient,
    read_subscriber,
)
from sequela.engine.encounter.x12_segment import Segment, at
from sequela.engine.encounter.x12_setting import Facility, facility_of, form_of, say_no_facility, setting_of
from sequela.engine.encounter.x12_shapes import PLACE
from sequela.engine.encounter.x12_values import amount_of, text_of

_PARTY_PARTS: Final = frozenset({"N2", "N3", "N4", "PRV", "REF", "PER"})
_STILL_A_PATIENT: Final = "30"


@define
class _Parts:
    """The segments of a claim by their loops."""

    head: list[Segment] = field(factory=list)
    parties: list[list[Segment]] = field(factory=list)
    other_payers: list[list[Segment]] = field(factory=list)
    lines: list[list[Segment]] = field(factory=list)


def read_claim(claim: ClaimSegments, claim_id: str, notes: Notes) -> Encounter | None:
    """The encounter of one claim; None, with a fatal problem in `notes`, when it cannot be read."""
    clm = claim.segments[0]
    composites = Composites.of(claim.delimiters, notes)
    facility = facility_of(clm, composites)
    form = form_of(claim, facility, composites)
    setting = setting_of(claim, form, facility, composites) if form is not None else None
    if form is None or setting is None:
        return None
    if not facility.code:
        say_no_facility(clm, composites)
    facts = Facts(clm)
    facts.put("id", claim_id, clm, 1)
    facts.put("setting", setting, *((clm, facility.element, 1) if form is Form.INSTITUTIONAL else (clm, 0, 0)))
    parts = _parted(claim.segments, notes)
    _put_claim(facts, clm, facility, form, composites)
    codes = Codes(composites)
    head = ClaimFacts(facts, notes)
    head.add_claim(clm, composites.separator, facility.element - 5)
    for segment in parts.head:
        if segment.id == "HI":
            codes.add(segment)
        else:
            head.add(segment)
    codes.finish(facts)
    _discharge(facts, form)
    _put_people(facts, claim, notes)
    _put_parties(facts, parts.parties, notes)
    others = [read_other_payer(segments, notes) for segments in parts.other_payers]
    facts.put_all("other_payers", tuple(OtherPayer(**o.values) for o in others), [o.places for o in others])
    _put_lines(facts, parts.lines, form, LineReader(composites, codes.pointed, default_period=head.service_period))
    _say_missing(claim, parts, facts, notes)
    values = facts.values
    values.setdefault("lines", ())
    return Encounter(**values).with_origins(SegmentOrigins(notes.file, facts.places, composites.separator))


def _parted(segments: list[Segment], notes: Notes) -> _Parts:
    """The segments of a claim laid into its loops 2300, 2310, 2320 and 2400."""
    parts = _Parts()
    group = parts.head
    has_service = misses_lx = False
    for index in range(1, len(segments)):
        segment = segments[index]
        name = segment.id
        if name == "LX" or (name in SERVICES and (has_service or not parts.lines)):
            misses_lx = misses_lx or name != "LX"
            group = [segment]
            parts.lines.append(group)
            has_service = name != "LX"
        elif parts.lines:
            has_service = has_service or name in SERVICES
            group.append(segment)
        elif name == "SBR":
            group = [segment]
            parts.other_payers.append(group)
        elif name in ("HI", "CL1", "CLM"):
            parts.head.append(segment)
        elif parts.other_payers:
            group.append(segment)
        elif name == "NM1":
            group = [segment]
            parts.parties.append(group)
        elif parts.parties and name in _PARTY_PARTS:
            group.append(segment)
        else:
            parts.head.append(segment)
    if misses_lx:
        notes.warn(
            "SEQ781",
            "A service stands without the LX that begins its line; each such service is read as a line.",
            next(line[0] for line in parts.lines if line[0].id != "LX"),
        )
    return parts


def _put_claim(facts: Facts, clm: Segment, facility: Facility, form: Form, composites: Composites) -> None:
    """CLM02 and CLM05."""
    notes = composites.notes
    total = at(clm, 2)
    if total:
        facts.put("total_charge", amount_of(total, "the total charge", clm, 2, notes), clm, 2)
    else:
        notes.warn("SEQ774", "CLM02, the total charge of the claim, is empty; it stays unknown.", clm, 2)
    code, frequency, element = facility.code, facility.frequency, facility.element
    facts.put("frequency", frequency or None, clm, element, 3)
    if not code:
        return
    if form is Form.PROFESSIONAL and facility.qualifier == "A":
        notes.warn(
            "SEQ772",
            f"CLM05-2 is A, so `{text_of(code)}` is a type of bill; a professional claim has a place of service (B) "
            "there, which stays unknown.",
            clm,
            element,
            2,
        )
        return
    if form is Form.PROFESSIONAL or facility.qualifier == "B":
        facts.put("place", PLACE.check(code, clm, element, 1, notes), clm, element, 1)
        return
    bill_type = (code if len(code) >= 3 else f"0{code}") + (frequency if len(code) < 4 else "")
    if len(bill_type) == 4 and bill_type[:3].isdecimal():
        facts.put("bill_type", bill_type, clm, element, 1)
    else:
        notes.warn(
            "SEQ775",
            f"`{text_of(code)}` and the frequency code `{text_of(frequency)}` make no type of bill; it stays unknown.",
            clm,
            element,
            1,
        )


def _discharge(facts: Facts, form: Form) -> None:
    """The day of discharge of an institutional claim that has a patient status and no day of its own."""
    status = facts.values.get("discharge_status")
    if form is not Form.INSTITUTIONAL or status in (None, _STILL_A_PATIENT):
        return
    if "discharged" not in facts.values and "statement_to" in facts.values:
        facts.put("discharged", facts.values["statement_to"], *facts.places["statement_to"])


def _put_people(facts: Facts, claim: ClaimSegments, notes: Notes) -> None:
    """Who bills, who is insured, who is treated, who pays: the loops that the claim stands in."""
    if claim.billing is not None:
        billing = read_billing(claim.billing, notes)
        facts.put_part("billing", Party(**billing.values), billing)
    subscriber = read_subscriber(claim.subscriber, notes) if claim.subscriber is not None else SubscriberFacts()
    patient = read_patient(claim.patient, notes) if claim.patient is not None else None
    for name, value in subscriber.payer.values.items():
        facts.put(name, value, *subscriber.payer.places[name])
    person, relationship, said_by = _treated(claim, subscriber, patient, notes)
    facts.put_part("patient", Patient(**person.values), person)
    insured = dict(subscriber.subscriber.values)
    places: dict[str, Any] = dict(subscriber.subscriber.places)
    if relationship is not None and said_by is not None:
        insured["relationship"] = relationship
        places["relationship"] = (said_by, 1 if said_by.id == "PAT" else 2, 0)
    if insured:
        facts.values["subscriber"] = Subscriber(**insured)
        facts.places["subscriber"] = places


def _treated(
    claim: ClaimSegments, subscriber: SubscriberFacts, patient: PatientFacts | None, notes: Notes
) -> tuple[Facts, str | None, Segment | None]:
    """The patient, what they are to the subscriber, and the segment that says so."""
    if patient is not None and (patient.has_name or subscriber.relationship != "self"):
        if subscriber.relationship == "self" and subscriber.sbr is not None:
            notes.warn(
                "SEQ767",
                "SBR02 says that the subscriber is the patient, but the claim stands in a patient's loop (HL*23); "
                "the patient of that loop is taken.",
                subscriber.sbr,
                2,
            )
        if patient.relationship is not None:
            return patient.person, patient.relationship, patient.pat
        return patient.person, None, None
    if patient is None and subscriber.sbr is not None and subscriber.relationship != "self":
        if at(subscriber.sbr, 2):
            notes.warn(
                "SEQ767",
                f"SBR02 is `{at(subscriber.sbr, 2)}`, so the patient is not the subscriber, but no patient's loop "
                "(HL*23) says who it is; the patient stays unknown.",
                subscriber.sbr,
                2,
            )
            return Facts(), subscriber.relationship, subscriber.sbr
        notes.warn(
            "SEQ767",
            "SBR02 is empty, and the claim stands in no patient's loop (HL*23); the subscriber is taken for the "
            "patient.",
            subscriber.sbr,
            2,
            hint="SBR02 is 18 where the subscriber is the patient.",
        )
    return subscriber.person, subscriber.relationship, subscriber.sbr


def _put_parties(facts: Facts, parties: list[list[Segment]], notes: Notes) -> None:
    """The providers and places of loop 2310; the first of each part is kept."""
    for segments in parties:
        role = at(segments[0], 1)
        key = ROLES.get(role)
        if key is None:
            if role not in UNREAD_ROLES:
                notes.warn(
                    "SEQ779",
                    f"NM1*{text_of(role)} names no part that is known in an 837; it is left out.",
                    segments[0],
                    1,
                )
            continue
        if key in facts.values:
            if role != "P3":
                notes.warn("SEQ780", f"The claim has a second NM1*{role}; the first one is kept.", segments[0], 1)
            continue
        party = read_party(segments, notes)
        facts.put_part(key, Party(**party.values), party)


def _put_lines(facts: Facts, lines: list[list[Segment]], form: Form, reader: LineReader) -> None:
    """The service lines, and what an outside laboratory charged for them."""
    found = [reader.read(segments) for segments in lines]
    facts.put_all("lines", _numbered([line for line, _ in found], lines, reader.notes), [places for _, places in found])
    stray = "SV2" if form is Form.PROFESSIONAL else "SV1"
    for segments in lines:
        for segment in segments:
            if segment.id == stray and reader.notes.first_of_claim(stray):
                reader.notes.warn(
                    "SEQ772", f"{stray} is no service of {form.value} claims; it is read as what it is.", segment
                )
            elif segment.id == "PS1":
                facts.put("outside_lab", True, segment, 0)
                charge = amount_of(at(segment, 2), "the charge of the outside laboratory", segment, 2, reader.notes)
                if charge is not None:
                    facts.put("outside_lab_charge", facts.values.get("outside_lab_charge", 0) + charge, segment, 2)


def _numbered(lines: list[Line], segments: list[list[Segment]], notes: Notes) -> tuple[Line, ...]:
    """The lines; without their numbers, so that each is known by its place, where two have the same one."""
    seen: set[int] = set()
    for index, line in enumerate(lines):
        number = index + 1 if line.number is None else line.number
        if number in seen:
            notes.warn(
                "SEQ778",
                f"Two lines of this claim have the number {number}; its lines are known by their places.",
                segments[index][0],
                1,
            )
            return tuple(replace(line, number=None) for line in lines)
        seen.add(number)
    return tuple(lines)


def _say_missing(claim: ClaimSegments, parts: _Parts, facts: Facts, notes: Notes) -> None:
    """One warning for all that a claim should have and has not."""
    missing: list[str] = []
    billing = claim.billing.known if claim.billing is not None else None
    subscriber = claim.subscriber.known if claim.subscriber is not None else None
    patient = claim.patient.known if claim.patient is not None else None
    if not (isinstance(billing, Facts) and billing.values):
        missing.append("no biller (NM1*85)")
    if not (isinstance(subscriber, SubscriberFacts) and subscriber.has_name):
        missing.append("no subscriber (NM1*IL)")
    if not (isinstance(subscriber, SubscriberFacts) and subscriber.has_payer):
        missing.append("no payer (NM1*PR)")
    if isinstance(patient, PatientFacts) and not patient.has_name:
        missing.append("no patient (NM1*QC)")
    if "diagnoses" not in facts.values:
        missing.append("no diagnosis (HI)")
    if not parts.lines:
        missing.append("no service line (LX)")
    if missing:
        shown = ", ".join(missing[:-1]) + (" and " if len(missing) > 1 else "") + missing[-1]
        notes.warn("SEQ768", f"The claim has {shown}; these facts stay unknown.", claim.segments[0])
