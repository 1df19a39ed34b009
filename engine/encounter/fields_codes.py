"""Fields of the claim's coded lists: modifiers, diagnoses, procedures, documents, condition, occurrence, value codes.

In:   the model.             Out: `CODE_FIELDS`.
Uses: field, derived.        Used by: fields.
"""

from typing import Final

from sequela.engine.encounter.derived import roles_of
from sequela.engine.encounter.field import Field, derived, nowhere, stated
from sequela.engine.encounter.member import Member
from sequela.engine.vocabulary.kinds import CodeOf, CodesOf, Kind, Scalar, WordOf
from sequela.engine.vocabulary.systems import System

# A catalogue reads by its rows.
# fmt: off

ROLE = WordOf("role", ("principal", "admitting", "reason-for-visit", "external-cause", "secondary"))
POA = WordOf("present-on-admission", ("Y", "N", "U", "W", "1"))

_TEXT, _DATE, _MONEY, _NUMBER = Scalar.TEXT, Scalar.DATE, Scalar.MONEY, Scalar.NUMBER


def _code(owner: Kind, system: System, meaning: str, *, cms1500: str = "", ub04: str, x12: str, fhir: str) -> Field:
    """The main code of a member; `path` is empty where the list holds bare codes."""
    return Field(
        owner,
        "code",
        CodeOf(system),
        meaning,
        read=lambda member: member.code,
        sources=nowhere,
        path=() if owner in (Kind.MODIFIER, Kind.CONDITION_CODE) else ("code",),
        cms1500=cms1500,
        ub04=ub04,
        x12=x12,
        fhir=fhir,
    )


def _number(owner: Kind) -> Field:
    return derived(owner, "number", _NUMBER, "Its place as sent, from 1.", read=lambda member: member.number)


def _role(member: Member) -> str | None:
    """The role of a diagnosis; a code of a history line has none that we know."""
    if member.parent is not None:
        return None
    return roles_of(member.view.encounter.diagnoses)[member.index]


def _role_sources(member: Member) -> tuple[str, ...]:
    return ()


def _diagnosis_fields(owner: Kind, what: str, ub04: str, x12: str, kind: str) -> tuple[Field, ...]:
    return (
        _code(owner, System.ICD10CM, f"The ICD-10-CM code of {what}.", cms1500="21" if owner is Kind.DIAGNOSIS else "",
            ub04=ub04, x12=x12, fhir=f"Claim.diagnosis.diagnosisCodeableConcept{kind}"),
        stated(owner, "role", ROLE,
            "What part the diagnosis has. Where it is not sent: principal for the first one, else secondary.",
            ub04=ub04, x12=x12.replace("-2", "-1"), fhir="Claim.diagnosis.type", read=_role, sources=_role_sources),
        stated(owner, "poa", POA,
            "Whether it was present on admission: Y, N, U (not documented), W (cannot be determined) or 1 (exempt).",
            ub04="67, eighth character", x12="837I: 2300 HI-9", fhir="Claim.diagnosis.onAdmission"),
        _number(owner),
    )


CODE_FIELDS: Final[tuple[Field, ...]] = (
    _code(Kind.MODIFIER, System.MODIFIER, "The modifier.", cms1500="24D", ub04="44",
        x12="2400 SV101-3 to -6 or SV202-3 to -6", fhir="Claim.item.modifier"),
    _number(Kind.MODIFIER),
    *_diagnosis_fields(Kind.DIAGNOSIS, "the diagnosis", "67 and 67A to Q, 72", "2300 HI*ABK-2, HI*ABF-2, HI*ABN-2", ""),
    *_diagnosis_fields(
        Kind.ADMITTING_DIAGNOSIS, "the admitting diagnosis", "69", "837I: 2300 HI*ABJ-2", " (admitting)"),
    *_diagnosis_fields(
        Kind.REASON_DIAGNOSIS, "the reason for the visit", "70", "837I: 2300 HI*APR-2", " (patientreasonforvisit)"),
    _code(Kind.PROCEDURE, System.ICD10PCS, "The ICD-10-PCS code of the procedure.", ub04="74",
        x12="837I: 2300 HI*BBR-2, HI*BBQ-2", fhir="Claim.procedure.procedureCodeableConcept"),
    stated(Kind.PROCEDURE, "date", _DATE, "The day of the procedure.", ub04="74", x12="837I: 2300 HI*BBR-4, HI*BBQ-4",
        fhir="Claim.procedure.date"),
    _number(Kind.PROCEDURE),
    stated(Kind.DOCUMENT, "kind", _TEXT, "What kind of document it is, in the words of the record.", x12="2300 PWK01"),
    stated(Kind.DOCUMENT, "date", _DATE, "The day of the document."),
    stated(Kind.DOCUMENT, "author", _TEXT, "The NPI of its author."),
    stated(Kind.DOCUMENT, "supports", CodesOf(System.ICD10CM), "The diagnoses that the document supports."),
    _number(Kind.DOCUMENT),
    _code(Kind.CONDITION_CODE, System.CONDITION, "The condition code.", cms1500="10d", ub04="18 to 28",
        x12="2300 HI*BG-2", fhir="Claim.supportingInfo (NUBC condition codes)"),
    _number(Kind.CONDITION_CODE),
    _code(Kind.OCCURRENCE, System.OCCURRENCE, "The occurrence code or occurrence span code.", ub04="31 to 36",
        x12="837I: 2300 HI*BH-2, HI*BI-2", fhir="Claim.supportingInfo (NUBC occurrence codes)"),
    stated(Kind.OCCURRENCE, "date", _DATE, "The day of the occurrence; the first one of a span.", ub04="31 to 36",
        x12="837I: 2300 HI*BH-4, HI*BI-4",
        fhir="Claim.supportingInfo.timingDate or Claim.supportingInfo.timingPeriod.start"),
    stated(Kind.OCCURRENCE, "end-date", _DATE, "The last day of an occurrence span.", ub04="35 and 36",
        x12="837I: 2300 HI*BI-4", fhir="Claim.supportingInfo.timingPeriod.end"),
    _number(Kind.OCCURRENCE),
    _code(Kind.VALUE_CODE, System.VALUE, "The value code.", ub04="39 to 41", x12="837I: 2300 HI*BE-2",
        fhir="Claim.supportingInfo (NUBC value codes)"),
    stated(Kind.VALUE_CODE, "amount", _MONEY, "The amount that goes with the value code.", ub04="39 to 41",
        x12="837I: 2300 HI*BE-5", fhir="Claim.supportingInfo.valueQuantity"),
    _number(Kind.VALUE_CODE),
)
