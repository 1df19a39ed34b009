"""Fields of the people and places of a claim: the patient, the subscriber, the providers and the facility.

In:   the model.         Out: `PATIENT_FIELDS`, `PARTY_FIELDS`, `SUBSCRIBER_FIELDS`.
Uses: field.             Used by: fields.
"""

from datetime import date
from functools import partial
from typing import Final

from sequela.engine.encounter.field import Field, derived, stated
from sequela.engine.encounter.member import Member
from sequela.engine.vocabulary.kinds import CodeOf, Kind, Scalar, Type, WordOf
from sequela.engine.vocabulary.systems import System

# A catalogue reads by its rows.
# fmt: off

SEX = WordOf("sex", ("female", "male", "undetermined"))
RELATIONSHIP = WordOf(
    "relationship",
    ("self", "spouse", "child", "employee", "organ-donor", "cadaver-donor", "life-partner", "other"),
)

_TEXT, _DATE = Scalar.TEXT, Scalar.DATE


def completed_years(start: date, end: date) -> int:
    """Whole years from `start` to `end`; below zero when `end` is earlier.

    Who was born on February 29 is a year older on the 28th where the year has no 29th.

    >>> completed_years(date(2004, 2, 29), date(2005, 2, 28))
    1
    """
    years = end.year - start.year
    birthday = (start.month, start.day)
    if birthday == (2, 29) and not _is_leap(end.year):
        birthday = (2, 28)
    return years - ((end.month, end.day) < birthday)


def _is_leap(year: int) -> bool:
    return year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)


def _age(member: Member, on: date | None) -> int | None:
    born = member.data.birth_date
    return None if born is None or on is None else completed_years(born, on)


def _age_in_days(member: Member, on: date | None) -> int | None:
    born = member.data.birth_date
    return None if born is None or on is None else (on - born).days


def _birth_date_source(member: Member) -> tuple[str, ...]:
    return ("/patient/birth_date",) if member.data.birth_date is None else ()


_patient = partial(stated, Kind.PATIENT)

PATIENT_FIELDS: Final[tuple[Field, ...]] = (
    _patient("id", _TEXT, "The patient's number.", cms1500="1a", ub04="8a", x12="2010BA or 2010CA NM109",
        fhir="Patient.identifier"),
    _patient("birth-date", _DATE, "The patient's day of birth.", cms1500="3", ub04="10", x12="2010BA or 2010CA DMG02",
        fhir="Patient.birthDate"),
    _patient("sex", SEX, "The patient's sex as the payer holds it.", cms1500="3", ub04="11",
        x12="2010BA or 2010CA DMG03 (F, M, U)", fhir="Patient.gender"),
    derived(Kind.PATIENT, "age", Scalar.NUMBER, "The patient's age in completed years on the governing date.",
        read=lambda member: _age(member, member.view.default_date()), read_on=_age, sources=_birth_date_source),
    derived(Kind.PATIENT, "age-in-days", Scalar.NUMBER, "The patient's age in days on the governing date.",
        read=lambda member: _age_in_days(member, member.view.default_date()), read_on=_age_in_days,
        sources=_birth_date_source),
    _patient("death-date", _DATE, "The day on which the patient died.", x12="2000B or 2000C PAT06",
        fhir="Patient.deceasedDateTime"),
    _patient("pregnant", Scalar.YES_NO, "Whether the patient is known to be pregnant.", x12="2000B or 2000C PAT09"),
    _patient("last-name", _TEXT, "The patient's last name.", cms1500="2", ub04="8b", x12="2010BA or 2010CA NM103",
        fhir="Patient.name.family"),
    _patient("first-name", _TEXT, "The patient's first name.", cms1500="2", ub04="8b", x12="2010BA or 2010CA NM104",
        fhir="Patient.name.given"),
    _patient("street", _TEXT, "The street of the patient's address.", cms1500="5", ub04="9a",
        x12="2010BA or 2010CA N301", fhir="Patient.address.line"),
    _patient("city", _TEXT, "The city of the patient's address.", cms1500="5", ub04="9b", x12="2010BA or 2010CA N401",
        fhir="Patient.address.city"),
    _patient("state", _TEXT, "The state of the patient's address, two letters.", cms1500="5", ub04="9c",
        x12="2010BA or 2010CA N402", fhir="Patient.address.state"),
    _patient("zip", _TEXT, "The ZIP code of the patient's address.", cms1500="5", ub04="9d",
        x12="2010BA or 2010CA N403", fhir="Patient.address.postalCode"),
    _patient(
        "phone", _TEXT, "The patient's telephone number.", cms1500="5", x12="2010CA PER04", fhir="Patient.telecom"),
)

_claim = partial(stated, Kind.CLAIM)

SUBSCRIBER_FIELDS: Final[tuple[Field, ...]] = (
    _claim("subscriber.member-id", _TEXT, "The insured person's number with the payer.", cms1500="1a", ub04="60",
        x12="2010BA NM109", fhir="Coverage.subscriberId or Coverage.identifier (MB)"),
    _claim("subscriber.relationship", RELATIONSHIP, "What the patient is to the insured person.", cms1500="6",
        ub04="59", x12="2000B SBR02 or 2000C PAT01", fhir="Coverage.relationship"),
    _claim("subscriber.group-number", _TEXT, "The number of the insured person's group or policy.", cms1500="11",
        ub04="62", x12="2000B SBR03", fhir="Coverage.class.value (group)"),
    _claim("subscriber.group-name", _TEXT, "The name of the insured person's group.", ub04="61", x12="2000B SBR04",
        fhir="Coverage.class.name (group)"),
    _claim("subscriber.last-name", _TEXT, "The insured person's last name.", cms1500="4", ub04="58", x12="2010BA NM103",
        fhir="RelatedPerson or Patient (Coverage.subscriber)"),
    _claim("subscriber.first-name", _TEXT, "The insured person's first name.", cms1500="4", ub04="58",
        x12="2010BA NM104", fhir="RelatedPerson or Patient (Coverage.subscriber)"),
    _claim("subscriber.birth-date", _DATE, "The insured person's day of birth.", cms1500="11a", x12="2010BA DMG02",
        fhir="RelatedPerson or Patient (Coverage.subscriber)"),
    _claim("subscriber.sex", SEX, "The insured person's sex.", cms1500="11a", x12="2010BA DMG03",
        fhir="RelatedPerson or Patient (Coverage.subscriber)"),
    _claim("subscriber.street", _TEXT, "The street of the insured person's address.", cms1500="7", ub04="38",
        x12="2010BA N301", fhir="RelatedPerson or Patient (Coverage.subscriber)"),
    _claim("subscriber.city", _TEXT, "The city of the insured person's address.", cms1500="7", ub04="38",
        x12="2010BA N401", fhir="RelatedPerson or Patient (Coverage.subscriber)"),
    _claim("subscriber.state", _TEXT, "The state of the insured person's address, two letters.", cms1500="7", ub04="38",
        x12="2010BA N402", fhir="RelatedPerson or Patient (Coverage.subscriber)"),
    _claim("subscriber.zip", _TEXT, "The ZIP code of the insured person's address.", cms1500="7", ub04="38",
        x12="2010BA N403", fhir="RelatedPerson or Patient (Coverage.subscriber)"),
)

# The parties: key, who it is, X12 loop, CMS-1500 box, UB-04 form locator, FHIR place.
PARTIES: Final = (
    (
        "provider",
        "who rendered the services",
        "2310B (837I: 2310D)",
        "24J and 31",
        "78 and 79 (82)",
        "Claim.careTeam (rendering)",
    ),
    ("billing", "who bills", "2010AA", "33", "1", "Claim.provider"),
    (
        "referring",
        "who referred the patient",
        "2310A (837I: 2310F)",
        "17 (DN)",
        "78 and 79 (DN)",
        "Claim.careTeam (referring)",
    ),
    ("ordering", "who ordered the services", "2420E", "17 (DK)", "", "Claim.careTeam (ordering)"),
    ("supervising", "who supervised the services", "2310D", "17 (DQ)", "", "Claim.careTeam (supervising)"),
    ("attending", "who is in charge of the stay", "837I: 2310A", "", "76", "Claim.careTeam (attending)"),
    ("operating", "who performed the principal procedure", "837I: 2310B", "", "77", "Claim.careTeam (operating)"),
    ("other-operating", "who operated besides", "837I: 2310C", "", "78 and 79 (ZZ)", "Claim.careTeam (otheroperating)"),
    ("facility", "where the services were given", "2310C (837I: 2310E)", "32", "1", "Claim.facility"),
)

# The facts of a party: key, type, what is said of it, X12 element.
PARTY_FACTS: Final[tuple[tuple[str, Type, str, str], ...]] = (
    ("npi", _TEXT, "The NPI of", "NM109"),
    ("group", _TEXT, "The NPI of the group of", "2010AA NM109, where a group bills"),
    ("taxonomy", CodeOf(System.TAXONOMY), "The taxonomy code of", "PRV03"),
    ("specialty", CodeOf(System.SPECIALTY), "The CMS specialty code of", ""),
    ("state", _TEXT, "The state, two letters, of", "N402"),
    ("name", _TEXT, "The name of", "NM103 and NM104"),
    ("tax-id", _TEXT, "The tax number of", "REF*EI or REF*SY"),
    ("street", _TEXT, "The street of the address of", "N301"),
    ("city", _TEXT, "The city of the address of", "N401"),
    ("zip", _TEXT, "The ZIP code of the address of", "N403"),
)
_PARTY_BOXES: Final[dict[tuple[str, str], tuple[str, str]]] = {
    ("provider", "npi"): ("24J", "78 and 79 (82)"),
    ("provider", "taxonomy"): ("24I and 24J (ZZ)", ""),
    ("billing", "npi"): ("33a", "56"),
    ("billing", "taxonomy"): ("33b (ZZ)", "81 (B3)"),
    ("billing", "tax-id"): ("25", "5"),
    ("referring", "npi"): ("17b", "78 and 79 (DN)"),
    ("ordering", "npi"): ("17b", ""),
    ("supervising", "npi"): ("17b", ""),
    ("facility", "npi"): ("32a", "1"),
}
_NOT_ON_FORMS: Final = ("group", "specialty", "tax-id", "taxonomy")
_ELSE_BILLED: Final = "; where none is sent, of who bills: a claim names the place only where it is another one"


def _facility_state(member: Member) -> str | None:
    state: str | None = member.data.facility.state
    return member.data.billing.state if state is None else state


def _party_fields() -> tuple[Field, ...]:
    made: list[Field] = []
    for party, who, loop, box, locator, resource in PARTIES:
        for key, kind, said, element in PARTY_FACTS:
            boxes = ("", "") if key in _NOT_ON_FORMS else (box, locator)
            cms1500, ub04 = _PARTY_BOXES.get((party, key), boxes)
            x12 = element if key in ("group", "specialty") else f"{loop} {element}"
            fhir = "Claim.careTeam.qualification" if key == "specialty" else resource
            name = f"{party}.{key}"
            billed = name == "facility.state"
            meaning = f"{said} {who}{_ELSE_BILLED if billed else ''}."
            read = _facility_state if billed else None
            made.append(_claim(name, kind, meaning, cms1500=cms1500, ub04=ub04, x12=x12, fhir=fhir, read=read))
    return tuple(made)


PARTY_FIELDS: Final[tuple[Field, ...]] = _party_fields()
