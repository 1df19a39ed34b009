"""Fields of lines, history lines and services: what was done, when, by whom, how often and for how much.

In:   the model.                       Out: `LINE_FIELDS`, `HISTORY_FIELDS`, `SERVICE_FIELDS`.
Uses: field, line_facts.               Used by: fields.
Not here: how a line borrows from its claim (line_facts); modifiers and diagnoses of a line (view).
"""

from typing import Any, Final

from sequela.engine.encounter.field import Field, Read, Sources, at, derived, reader, stated
from sequela.engine.encounter.line_facts import (
    borrowing,
    end_date,
    end_date_sources,
    group_of,
    place_of,
    provider_of,
    specialty_of,
    taxonomy_of,
    units_per_day,
    units_per_day_sources,
)
from sequela.engine.encounter.member import Member
from sequela.engine.encounter.normal_codes import normaliser
from sequela.engine.vocabulary.absent import NONE, Nothing
from sequela.engine.vocabulary.kinds import CodeOf, Kind, Scalar, Type, WordOf
from sequela.engine.vocabulary.systems import System

# A catalogue reads by its rows.
# fmt: off

DISPOSITION = WordOf("disposition", ("paid", "denied", "pending", "void"))

_TEXT, _DATE, _MONEY, _NUMBER, _YES_NO = Scalar.TEXT, Scalar.DATE, Scalar.MONEY, Scalar.NUMBER, Scalar.YES_NO
_LINE: Final = Kind.LINE
_revenue_code = normaliser(System.REVENUE)


def _code(member: Member) -> str | Nothing | None:
    return member.code


def _revenue(member: Member) -> str | Nothing | None:
    data = member.data
    if data.revenue is not None:
        return _revenue_code(data.revenue)
    return None if data.code is None else NONE


def _line_fields(owner: Kind) -> tuple[Field, ...]:
    """The facts that every line-like member has, for one of the three kinds."""

    def fact(name: str, kind: Type, meaning: str, **places: Any) -> Field:
        return stated(owner, name, kind, meaning, **places)

    return (
        fact("number", _NUMBER, "The line's number: its own on a claim line, else its place in the list.",
            cms1500="24, row", ub04="42 to 47, row", x12="2400 LX01", fhir="Claim.item.sequence",
            read=lambda member: member.number),
        fact("code", CodeOf(System.HCPCS),
            "The HCPCS code (CPT or level II) of the service; none where a revenue code was sent alone.", cms1500="24D",
            ub04="44", x12="837P: 2400 SV101-2, 837I: 2400 SV202-2", fhir="Claim.item.productOrService", read=_code),
        fact("revenue", CodeOf(System.REVENUE), "The revenue code; none where a procedure code was sent alone.",
            ub04="42", x12="837I: 2400 SV201", fhir="Claim.item.revenue", read=_revenue),
        fact("rate", _TEXT, "The accommodation rate or HIPPS rate code that stands in place of a procedure code.",
            ub04="44", x12="837I: 2400 SV202-2 (HP) or SV206", fhir="Claim.item.productOrService (HIPPS)"),
        fact("units", _NUMBER, "How many units of the service were given.", cms1500="24G", ub04="46",
            x12="2400 SV104 (UN) or SV205", fhir="Claim.item.quantity"),
        derived(owner, "units-per-day", _NUMBER, "The units divided by the days from the first to the last day of the "
            "line, both counted, rounded half up to a whole number; on one day the units themselves.",
            read=units_per_day, sources=units_per_day_sources),
        fact("minutes", _NUMBER, "Anesthesia time in minutes.", cms1500="24G", x12="837P: 2400 SV104 (MJ)",
            fhir="Claim.item.quantity (min)"),
        fact("date", _DATE, "The day of the service; the first one of a line that speaks for several days.",
            cms1500="24A", ub04="45", x12="2400 DTP*472",
            fhir="Claim.item.servicedDate or Claim.item.servicedPeriod.start"),
        fact("end-date", _DATE, "The last day of the service; its date where none is sent.", cms1500="24A",
            x12="2400 DTP*472 (RD8)", fhir="Claim.item.servicedPeriod.end", read=end_date, sources=end_date_sources),
        fact("place", CodeOf(System.POS), "The place of service: the line's own, else the claim's.", cms1500="24B",
            x12="837P: 2400 SV105, else 2300 CLM05-1", fhir="Claim.item.locationCodeableConcept", read=place_of),
        fact("charge", _MONEY, "The charge of the line.", cms1500="24F", ub04="47", x12="2400 SV102 or SV203",
            fhir="Claim.item.net or ExplanationOfBenefit.item.adjudication (submitted)"),
        fact("non-covered-charge", _MONEY, "The part of the charge that is not covered.", ub04="48",
            x12="837I: 2400 SV207", fhir="ExplanationOfBenefit.item.adjudication (Blue Button: ncvrd_chrg_amt)"),
        *_line_people(owner),
        *_line_details(owner),
    )


def _line_people(owner: Kind) -> tuple[Field, ...]:
    def fact(name: str, kind: Type, meaning: str, **places: Any) -> Field:
        return stated(owner, name, kind, meaning, **places)

    return (
        fact("provider", _TEXT,
            "The NPI of who rendered the service: the line's own, else the claim's, else that of who bills.",
            cms1500="24J", ub04="78 and 79 (82)", x12="2420A NM109, else 2310B, else 2010AA",
            fhir="Claim.item.careTeamSequence", read=provider_of),
        fact("group", _TEXT, "The NPI of the group: the line's own, else the claim's provider's, else who bills.",
            cms1500="33a", ub04="56", x12="2010AA NM109, where a group bills",
            fhir="PractitionerRole.organization, else Claim.provider", read=group_of),
        fact(
            "specialty", CodeOf(System.SPECIALTY), "The CMS specialty code of the line's provider.",
            fhir="Claim.careTeam.qualification",
            read=specialty_of),
        fact("taxonomy", CodeOf(System.TAXONOMY), "The taxonomy code of the line's provider.",
            cms1500="24I and 24J (ZZ)", x12="2420A PRV03, else 2310B, else 2000A",
            fhir="PractitionerRole.specialty or Practitioner.qualification or Claim.careTeam.qualification",
            read=taxonomy_of),
        fact("referring", _TEXT, "The NPI of who referred the patient: the line's own, else the claim's.",
            cms1500="17b", ub04="78 and 79 (DN)", x12="2420F NM109, else 2310A", fhir="Claim.careTeam (referring)",
            read=borrowing("referring", "referring.npi")),
        fact("ordering", _TEXT, "The NPI of who ordered the service: the line's own, else the claim's.", cms1500="17b",
            x12="2420E NM109", fhir="Claim.careTeam (ordering)", read=borrowing("ordering", "ordering.npi")),
        fact("supervising", _TEXT, "The NPI of who supervised the service: the line's own, else the claim's.",
            cms1500="17b", x12="2420D NM109, else 2310D", fhir="Claim.careTeam (supervising)",
            read=borrowing("supervising", "supervising.npi")),
        fact("facility", _TEXT, "The NPI of where the service was given: the line's own, else the claim's.",
            cms1500="32a", x12="2420C NM109, else 2310C", fhir="Claim.item.locationReference, else Claim.facility",
            read=borrowing("facility", "facility.npi")),
    )


def _line_details(owner: Kind) -> tuple[Field, ...]:
    def fact(name: str, kind: Type, meaning: str, **places: Any) -> Field:
        return stated(owner, name, kind, meaning, **places)

    return (
        fact("ndc", CodeOf(System.NDC), "The national drug code, eleven digits without hyphens.", cms1500="24, shaded",
            ub04="43", x12="2410 LIN03 (N4)", fhir="Claim.item.detail.productOrService or Claim.item.productOrService"),
        fact("drug-quantity", _NUMBER, "How much of the drug was given, in its unit.", cms1500="24, shaded", ub04="43",
            x12="2410 CTP04", fhir="Claim.item.detail.quantity"),
        fact("drug-unit", _TEXT, "The unit of that quantity: F2, GR, ME, ML or UN.", cms1500="24, shaded", ub04="43",
            x12="2410 CTP05-1", fhir="Claim.item.detail.quantity.code or Claim.item.detail.quantity.unit"),
        fact("authorization", _TEXT, "The prior authorization number of this line alone.", x12="837P: 2400 REF*G1",
            fhir="Claim.item.extension (authorizationNumber)"),
        fact("referral", _TEXT, "The referral number of this line alone.", x12="837P: 2400 REF*9F"),
        fact("clia", _TEXT, "The number of the laboratory's CLIA certificate: the line's own, else the claim's.",
            cms1500="23", x12="837P: 2400 REF*X4, else 2300",
            fhir="Claim.item.locationCodeableConcept.extension (Blue Button)",
            read=borrowing("clia", "clia")),
        fact("emergency", _YES_NO, "Whether the service was given in an emergency.", cms1500="24C",
            x12="837P: 2400 SV109"),
        fact("epsdt", _YES_NO, "Whether the service follows from a child's screening (EPSDT).", cms1500="24H",
            x12="837P: 2400 SV111", fhir="Claim.item.programCode (epsdt) or Claim.item.extension (epsdtIndicator)"),
        fact("family-planning", _YES_NO, "Whether the service is for family planning.", cms1500="24H",
            x12="837P: 2400 SV112", fhir="Claim.item.programCode (family-planning)"),
        fact("description", _TEXT, "The description sent with the code.", cms1500="24, shaded", ub04="43",
            x12="2400 SV101-7 or SV202-7", fhir="Claim.item.productOrService.text"),
        fact(
            "note", _TEXT, "A remark sent with the line.", cms1500="19", x12="2400 NTE02"),
        fact("other-paid", _MONEY, "What other payers paid on this line.", x12="2430 SVD02",
            fhir="ExplanationOfBenefit.item.adjudication (priorpayerpaid)"),
    )


# name, type, meaning, UB-04, X12, FHIR, and the claim's attribute that holds for its own lines (None: not yet any)
_HISTORY_FACTS: Final[tuple[tuple[str, Type, str, str, str, str, str | None], ...]] = (
    (
        "claim",
        _TEXT,
        "The number of the claim that the line is of.",
        "64",
        "835: CLP07",
        "ExplanationOfBenefit.claim",
        "id",
    ),
    (
        "payer",
        _TEXT,
        "The identifier of the payer of that claim.",
        "51",
        "835: 1000A N104",
        "ExplanationOfBenefit.insurer",
        "payer",
    ),
    (
        "bill-type",
        CodeOf(System.BILL_TYPE),
        "The type of bill of that claim, four characters.",
        "4",
        "837I: 2300 CLM05",
        "ExplanationOfBenefit.supportingInfo (typeofbill)",
        "bill_type",
    ),
    (
        "received",
        _DATE,
        "The day on which the payer received that claim.",
        "",
        "835: DTM*050",
        "ExplanationOfBenefit.created",
        "received",
    ),
    (
        "disposition",
        DISPOSITION,
        "What the payer did with the line.",
        "",
        "835: 2110 SVC and CAS",
        "ExplanationOfBenefit.item.adjudication",
        None,
    ),
    (
        "allowed",
        _MONEY,
        "What the payer allowed for the line.",
        "",
        "835: 2110 AMT*B6",
        "ExplanationOfBenefit.item.adjudication (eligible)",
        None,
    ),
    (
        "paid",
        _MONEY,
        "What the payer paid for the line.",
        "",
        "835: 2110 SVC03",
        "ExplanationOfBenefit.item.adjudication (benefit)",
        None,
    ),
    (
        "processed",
        _DATE,
        "The day on which the payer decided.",
        "",
        "835: BPR16",
        "ExplanationOfBenefit.payment.date",
        None,
    ),
)
_OWN_LINES: Final = " For this claim's own lines: the claim's."
_NOT_YET: Final = " This claim's own lines have none yet."


def _history_fields(owner: Kind) -> tuple[Field, ...]:
    made: list[Field] = []
    for name, kind, meaning, ub04, x12, fhir, _ in _HISTORY_FACTS:
        made.append(stated(owner, name, kind, meaning, ub04=ub04, x12=x12, fhir=fhir))
    return tuple(made)


def _service_fields() -> tuple[Field, ...]:
    """The history facts of a service, which on the claim's own lines are the claim's or none."""
    made: list[Field] = []
    for name, kind, meaning, ub04, x12, fhir, attribute in _HISTORY_FACTS:
        read, sources = _of_service(kind, name.replace("-", "_"), attribute)
        said = meaning + (_OWN_LINES if attribute is not None else _NOT_YET)
        made.append(stated(Kind.SERVICE, name, kind, said, ub04=ub04, x12=x12, fhir=fhir, read=read, sources=sources))
    return tuple(made)


def _of_service(kind: Type, key: str, attribute: str | None) -> tuple[Read, Sources]:
    of_history, history_sources = reader(kind, key), at(key)
    of_claim = None if attribute is None else reader(kind, attribute)

    def read(member: Member) -> Any:
        if member.kind is not _LINE:
            return of_history(member)
        return NONE if of_claim is None else of_claim(member.view.claim)

    def sources(member: Member) -> tuple[str, ...]:
        if member.kind is not _LINE:
            return history_sources(member)
        return () if attribute is None else (f"/{attribute}",)

    return read, sources


LINE_FIELDS: Final[tuple[Field, ...]] = _line_fields(Kind.LINE)
HISTORY_FIELDS: Final[tuple[Field, ...]] = (*_line_fields(Kind.HISTORY_LINE), *_history_fields(Kind.HISTORY_LINE))
SERVICE_FIELDS: Final[tuple[Field, ...]] = (*_line_fields(Kind.SERVICE), *_service_fields())
