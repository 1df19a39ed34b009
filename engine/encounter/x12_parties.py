"""X12 parties: who bills, who renders, who is insured, who is treated, who pays.

In:   the segments of a 2010, 2310, 2330 or 2420 loop.    Out: `Facts` of a Party, a Patient or a Subscriber.
Uses: x12_facts, x12_values, x12_composites.               Used by: x12_claim, x12_lines, x12_other_payers.
Not here: which loop a segment stands in (x12_loops).
"""

from collections.abc import Sequence
from typing import Final

from attrs import define, field

from sequela.engine.encounter.x12_facts import Facts
from sequela.engine.encounter.x12_loops import Loop
from sequela.engine.encounter.x12_notes import Notes
from sequela.engine.encounter.x12_segment import Segment, at
from sequela.engine.encounter.x12_shapes import NPI, TAXONOMY
from sequela.engine.encounter.x12_values import period_at, text_at, text_of

RELATIONSHIPS: Final[dict[str, str | None]] = {
    "18": "self", "01": "spouse", "19": "child", "20": "employee", "39": "organ-donor", "40": "cadaver-donor",
    "53": "life-partner", "G8": "other", "21": None,
}  # fmt: skip
"""SBR02 and PAT01; 21 says that the relationship is unknown."""
SEQUENCES: Final = {"P": "primary", "S": "secondary", "T": "tertiary"}
_LATER_PAYERS: Final = frozenset("ABCDEFGHU")
_SEXES: Final = {"F": "female", "M": "male", "U": "undetermined"}
_TAX_IDS: Final = frozenset({"24", "34", "FI"})
_TAX_REFERENCES: Final = frozenset({"EI", "SY", "TJ"})
_TAXONOMY: Final = frozenset({"PXC", "ZZ"})
_PATIENT_ONLY: Final = frozenset({"id", "death_date", "pregnant"})


@define
class SubscriberFacts:
    """What a subscriber's loop says: of the payer, the subscriber and, when it is the patient, the patient."""

    payer: Facts = field(factory=Facts)
    subscriber: Facts = field(factory=Facts)
    person: Facts = field(factory=Facts)
    relationship: str | None = None
    sbr: Segment | None = None
    has_name: bool = False
    has_payer: bool = False


@define
class PatientFacts:
    """What a patient's loop says."""

    person: Facts = field(factory=Facts)
    relationship: str | None = None
    pat: Segment | None = None
    has_name: bool = False


def read_party(segments: Sequence[Segment], notes: Notes) -> Facts:
    """The facts of a provider or place: an NM1 and the PRV, N3, N4 and REF behind it."""
    name = segments[0]
    facts = Facts(name)
    _identify(facts, name, notes)
    for segment in segments:
        match segment.id:
            case "PRV":
                put_taxonomy(facts, segment, notes)
            case "N3":
                facts.put("street", text_at(segment, 1), segment, 1)
            case "N4":
                _put_place(facts, segment)
            case "REF" if at(segment, 1) in _TAX_REFERENCES:
                facts.put("tax_id", text_at(segment, 2), segment, 2)
            case _:
                pass
    return facts


def read_billing(loop: Loop, notes: Notes) -> Facts:
    """The biller of a 2000A loop; empty when no NM1*85 names one. Read once for all claims of the loop."""
    if isinstance(loop.known, Facts):
        return loop.known
    segments = loop.segments
    start = next((i for i, segment in enumerate(segments) if segment.id == "NM1" and at(segment, 1) == "85"), None)
    facts = Facts()
    if start is not None:
        end = next((i for i in range(start + 1, len(segments)) if segments[i].id == "NM1"), len(segments))
        facts = read_party(segments[start:end], notes)
        for segment in segments[:start]:
            if segment.id == "PRV":
                put_taxonomy(facts, segment, notes)
        if at(segments[start], 2) == "2" and "npi" in facts.values:
            facts.put("group", facts.values["npi"], segments[start], 9)
    loop.known = facts
    return facts


def read_subscriber(loop: Loop, notes: Notes) -> SubscriberFacts:
    """The subscriber and the payer of a 2000B loop. Read once for all claims of the loop."""
    if isinstance(loop.known, SubscriberFacts):
        return loop.known
    found = SubscriberFacts()
    role = ""
    for segment in loop.segments:
        match segment.id:
            case "SBR":
                found.sbr = segment
                found.relationship = relationship_at(segment, 2, notes)
                found.payer.put("payer_sequence", sequence_at(segment, notes), segment, 1)
                found.payer.put("plan", text_at(segment, 4), segment, 4)
                found.payer.put("product", text_at(segment, 9), segment, 9)
                found.subscriber.put("group_number", text_at(segment, 3), segment, 3)
                found.subscriber.put("group_name", text_at(segment, 4), segment, 4)
            case "PAT":
                _put_condition(found.person, segment, notes)
            case "NM1":
                role = at(segment, 1)
                if role == "IL":
                    found.has_name = True
                    found.person.places.setdefault("", (segment, 0, 0))
                    _put_names(found.person, segment)
                    member = identifier_at(segment, notes)
                    found.person.put("id", member, segment, 9)
                    found.subscriber.put("member_id", member, segment, 9)
                elif role == "PR":
                    found.has_payer = True
                    found.payer.put("payer", identifier_at(segment, notes), segment, 9)
                    found.payer.put("payer_name", text_at(segment, 3), segment, 3)
            case _:
                if role == "IL":
                    _put_person(found.person, segment, notes)
    shared = found.person
    for name, value in shared.values.items():
        if name not in _PATIENT_ONLY:
            found.subscriber.values[name] = value
            found.subscriber.places[name] = shared.places[name]
    loop.known = found
    return found


def read_patient(loop: Loop, notes: Notes) -> PatientFacts:
    """The patient of a 2000C loop. Read once for all claims of the loop."""
    if isinstance(loop.known, PatientFacts):
        return loop.known
    found = PatientFacts()
    for segment in loop.segments:
        match segment.id:
            case "PAT":
                found.pat = segment
                found.relationship = relationship_at(segment, 1, notes)
                _put_condition(found.person, segment, notes)
            case "NM1" if at(segment, 1) == "QC":
                found.has_name = True
                found.person.places.setdefault("", (segment, 0, 0))
                _put_names(found.person, segment)
                found.person.put("id", text_at(segment, 9), segment, 9)
            case "PER":
                if "TE" in (at(segment, 3), at(segment, 5)):
                    number = 4 if at(segment, 3) == "TE" else 6
                    found.person.put("phone", text_at(segment, number), segment, number)
            case _:
                _put_person(found.person, segment, notes)
    loop.known = found
    return found


def relationship_at(segment: Segment, element: int, notes: Notes) -> str | None:
    """What the patient is to the subscriber, in the words of the model."""
    value = at(segment, element)
    if not value:
        return None
    if value not in RELATIONSHIPS:
        notes.warn("SEQ779", f"`{text_of(value)}` is no code of a relationship; it stays unknown.", segment, element)
        return None
    return RELATIONSHIPS[value]


def sequence_at(segment: Segment, notes: Notes) -> str | None:
    """Whether a payer pays first, second or third; None for later ones, which the model has no word for."""
    value = at(segment, 1)
    if value and value not in SEQUENCES and value not in _LATER_PAYERS:
        notes.warn("SEQ779", f"SBR01 is `{text_of(value)}`; P, S or T is expected.", segment, 1)
    return SEQUENCES.get(value)


def identifier_at(name: Segment, notes: Notes) -> str | None:
    """NM109, the number of whom an NM1 names; None, and said, where only its qualifier was sent."""
    number = text_at(name, 9)
    if number is None and at(name, 8):
        notes.warn(
            "SEQ779",
            f"NM109 is empty, though NM108 is `{text_of(at(name, 8))}`; the number of NM1*{at(name, 1)} stays unknown.",
            name,
            9,
        )
    return number


def _identify(facts: Facts, name: Segment, notes: Notes) -> None:
    last, first = text_at(name, 3), text_at(name, 4)
    facts.put("name", f"{last}, {first}" if last and first and at(name, 2) == "1" else last, name, 3)
    qualifier, number = at(name, 8), identifier_at(name, notes)
    if not number:
        return
    if qualifier == "XX":
        facts.put("npi", NPI.check(number, name, 9, 0, notes), name, 9)
    elif qualifier in _TAX_IDS:
        facts.put("tax_id", text_of(number), name, 9)
    else:
        shown = f"`{text_of(qualifier)}`" if qualifier else "empty"
        notes.warn(
            "SEQ779",
            f"NM108 is {shown}, so that `{text_of(number)}` is not known to be an NPI; it is left out.",
            name,
            8,
            hint="XX says that NM109 is an NPI.",
        )


def put_taxonomy(facts: Facts, segment: Segment, notes: Notes) -> None:
    """The taxonomy code of a PRV."""
    code = at(segment, 3)
    if code and at(segment, 2) in _TAXONOMY:
        facts.put("taxonomy", TAXONOMY.check(code, segment, 3, 0, notes), segment, 3)


def _put_place(facts: Facts, segment: Segment) -> None:
    facts.put("city", text_at(segment, 1), segment, 1)
    facts.put("state", text_at(segment, 2), segment, 2)
    facts.put("zip", text_at(segment, 3), segment, 3)


def _put_names(facts: Facts, segment: Segment) -> None:
    facts.put("last_name", text_at(segment, 3), segment, 3)
    facts.put("first_name", text_at(segment, 4), segment, 4)


def _put_person(facts: Facts, segment: Segment, notes: Notes) -> None:
    """Address, day of birth and sex of a person."""
    match segment.id:
        case "N3":
            facts.put("street", text_at(segment, 1), segment, 1)
        case "N4":
            _put_place(facts, segment)
        case "DMG":
            if at(segment, 2):
                period = period_at(segment, notes, 1)
                facts.put("birth_date", period.first if period else None, segment, 2)
            sex = at(segment, 3)
            if sex and sex not in _SEXES:
                notes.warn("SEQ779", f"`{text_of(sex)}` is no code of a sex (F, M or U); it stays unknown.", segment, 3)
            facts.put("sex", _SEXES.get(sex), segment, 3)
        case _:
            return


def _put_condition(facts: Facts, segment: Segment, notes: Notes) -> None:
    """The day of death and the pregnancy of a PAT."""
    if at(segment, 6):
        period = period_at(segment, notes, 5)
        facts.put("death_date", period.first if period else None, segment, 6)
    if at(segment, 9) == "Y":
        facts.put("pregnant", True, segment, 9)
