"""Fields of the claim itself: dates, payer, stay, totals, occurrences.

In:   the model.             Out: `CLAIM_FIELDS`.
Uses: field, derived.        Used by: fields.
Not here: the parties and the subscriber (fields_party).
"""

from decimal import Decimal
from functools import partial

from sequela.engine.encounter.derived import frequency_of
from sequela.engine.encounter.field import Field, derived, money, stated
from sequela.engine.encounter.member import Member
from sequela.engine.encounter.model import OtherPayer
from sequela.engine.vocabulary.kinds import CodeOf, Kind, Scalar, WordOf
from sequela.engine.vocabulary.systems import System

# A catalogue reads by its rows.
# fmt: off

SETTING = WordOf("setting", ("professional", "outpatient", "inpatient"))
SEQUENCE = WordOf("payer-sequence", ("primary", "secondary", "tertiary"))

_claim = partial(stated, Kind.CLAIM)
_TEXT, _DATE, _MONEY, _YES_NO = Scalar.TEXT, Scalar.DATE, Scalar.MONEY, Scalar.YES_NO


def _others(member: Member) -> tuple[OtherPayer, ...] | None:
    payers: tuple[OtherPayer, ...] | None = member.data.other_payers
    return payers


def _other_payer_count(member: Member) -> int | None:
    payers = _others(member)
    return None if payers is None else len(payers)


def _other_paid(member: Member) -> Decimal | None:
    payers = _others(member)
    if payers is None:
        return None
    paid = [money(payer.paid) for payer in payers]
    known = [amount for amount in paid if amount is not None]
    return sum(known, Decimal(0)) if len(known) == len(paid) else None


def _other_paid_sources(member: Member) -> tuple[str, ...]:
    payers = _others(member)
    if payers is None:
        return ("/other_payers",)
    return tuple(f"/other_payers/{index}/paid" for index, payer in enumerate(payers) if payer.paid is None)


_IDENTITY = (
    _claim("id", _TEXT, "The claim's own number, given by the provider.", cms1500="26", ub04="3a", x12="2300 CLM01",
        fhir="Claim.identifier"),
    _claim("setting", SETTING,
        "Whether it is a professional claim, or an institutional one for an outpatient or an inpatient.",
        cms1500="the form itself", ub04="4, second and third digit", x12="ST03; 837I: 2300 CLM05-1",
        fhir="Claim.type, Claim.subType, Claim.supportingInfo (typeofbill)"),
    _claim("frequency", _TEXT, 'Whether it is the first claim ("1"), replaces ("7") or cancels ("8") an earlier one; '
        "where it is not sent, the last character of the bill type.", cms1500="22", ub04="4, last digit",
        x12="2300 CLM05-3",
        fhir="Claim.supportingInfo (typeofbill) or Claim.related.relationship",
        read=lambda member: frequency_of(member.data)),
    _claim("original-claim", _TEXT, "The payer's number of the earlier claim that this one replaces or cancels.",
        cms1500="22", ub04="64", x12="2300 REF*F8", fhir="Claim.related.reference"),
    _claim("received", _DATE, "The day on which the payer received the claim.",
        fhir="Claim.supportingInfo (clmrecvddate)"),
    _claim("medical-record", _TEXT, "The number of the patient's record at the provider.", ub04="3b", x12="2300 REF*EA",
        fhir="Patient.identifier (MR) or Claim.supportingInfo (medicalrecordnumber)"),
    _claim("note", _TEXT, "A remark sent with the claim.", cms1500="19", ub04="80", x12="2300 NTE02",
        fhir="Claim.supportingInfo (info)"),
)

_PAYER = (
    _claim("payer", _TEXT, "The identifier of the payer to whom the claim goes.", cms1500="carrier block", ub04="51",
        x12="2010BB NM109", fhir="Claim.insurer.identifier or Organization.identifier"),
    _claim("payer-name", _TEXT, "The name of the payer to whom the claim goes.", cms1500="carrier block", ub04="50",
        x12="2010BB NM103", fhir="Organization.name or Claim.insurer.display"),
    _claim("payer-sequence", SEQUENCE, "Whether that payer pays first, second or third.", cms1500="11d",
        ub04="50 A, B or C", x12="2000B SBR01", fhir="Coverage.order or Claim.insurance.sequence"),
    _claim("plan", _TEXT, "The name or number of the insurance plan or programme.", cms1500="11c", ub04="50",
        x12="2000B SBR04", fhir="Coverage.class.value (plan)"),
    _claim("product", _TEXT, "The kind of coverage: the claim filing indicator or the payer's line of business.",
        cms1500="1", x12="2000B SBR09", fhir="Coverage.type"),
    _claim("authorization", _TEXT, "The prior authorization number of the whole claim.", cms1500="23", ub04="63",
        x12="2300 REF*G1", fhir="Claim.insurance.preAuthRef"),
    _claim("referral", _TEXT, "The referral number of the whole claim.", cms1500="23", ub04="63", x12="2300 REF*9F",
        fhir="Claim.referral.identifier or Claim.supportingInfo (X12 9F)"),
    _claim("assignment", _YES_NO, "Whether the provider accepts assignment.", cms1500="27",
        x12="2300 CLM07 (A: yes, C: no)", fhir="Claim.supportingInfo (X12 1359)"),
    _claim("benefits-assigned", _YES_NO, "Whether the patient lets the payer pay the provider.", cms1500="13",
        ub04="53", x12="2300 CLM08", fhir="Claim.payee.type"),
    _claim("release-of-information", _YES_NO, "Whether the patient's consent to pass on the record is on file.",
        cms1500="12", ub04="52", x12="2300 CLM09 (Y or I: yes)", fhir="Claim.supportingInfo (X12 1363)"),
    derived(Kind.CLAIM, "other-payer-count", Scalar.NUMBER, "How many other payers the claim names.",
        read=_other_payer_count, sources=lambda member: ("/other_payers",)),
    derived(Kind.CLAIM, "other-paid", _MONEY, "What all other payers together paid on the claim.", read=_other_paid,
        sources=_other_paid_sources),
)

_STAY = (
    _claim("place", CodeOf(System.POS), "The place of service of the claim, for lines that have none of their own.",
        cms1500="24B", x12="837P: 2300 CLM05-1", fhir="Claim.item.locationCodeableConcept"),
    _claim("bill-type", CodeOf(System.BILL_TYPE), "The type of bill, four characters with its leading zero.", ub04="4",
        x12="837I: 2300 CLM05-1 and CLM05-3", fhir="Claim.supportingInfo (typeofbill)"),
    _claim("statement-from", _DATE, "The first day that the claim speaks for.", ub04="6", x12="2300 DTP*434",
        fhir="Claim.billablePeriod.start"),
    _claim("statement-to", _DATE, "The last day that the claim speaks for.", ub04="6", x12="2300 DTP*434",
        fhir="Claim.billablePeriod.end"),
    _claim("admitted", _DATE, "The day of admission, or of the start of care.", cms1500="18", ub04="12",
        x12="2300 DTP*435", fhir="Claim.supportingInfo (admissionperiod) or Encounter.period.start"),
    _claim("admit-hour", _TEXT, "The hour of admission, two digits.", ub04="13", x12="837I: 2300 DTP*435",
        fhir="Claim.supportingInfo (admissionperiod) or Encounter.period.start"),
    _claim("admit-type", CodeOf(System.ADMIT_TYPE), "How pressing the admission or visit was.", ub04="14",
        x12="837I: 2300 CL101", fhir="Claim.supportingInfo (admtype) or Encounter.priority"),
    _claim("admit-source", _TEXT, "Where the patient came from: the point of origin.", ub04="15",
        x12="837I: 2300 CL102", fhir="Claim.supportingInfo (pointoforigin) or Encounter.hospitalization.admitSource"),
    _claim("discharged", _DATE, "The day of discharge.", cms1500="18", ub04="6, with the status in 17",
        x12="2300 DTP*096", fhir="Claim.supportingInfo (admissionperiod) or Encounter.period.end"),
    _claim("discharge-hour", _TEXT, "The hour of discharge, two digits.", ub04="16", x12="837I: 2300 DTP*096",
        fhir="Claim.supportingInfo (admissionperiod) or Encounter.period.end"),
    _claim("discharge-status", CodeOf(System.DISCHARGE_STATUS),
        "Where the patient was discharged to; 30 is still a patient.", ub04="17", x12="837I: 2300 CL103",
        fhir="Claim.supportingInfo (discharge-status) or Encounter.hospitalization.dischargeDisposition"),
    _claim("drg", CodeOf(System.DRG), "The diagnosis related group of the stay, three digits.", ub04="71",
        x12="837I: 2300 HI*DR", fhir="Claim.supportingInfo (drg)"),
)

_AMOUNTS = (
    _claim("total-charge", _MONEY, "The total charge of the claim.", cms1500="28", ub04="47, line 23", x12="2300 CLM02",
        fhir="Claim.total"),
    _claim("amount-paid", _MONEY, "What the patient has paid.", cms1500="29", ub04="54", x12="2300 AMT*F5",
        fhir="Claim.supportingInfo (patientpaid) or ExplanationOfBenefit.total (paidbypatient)"),
    _claim("outside-lab", _YES_NO, "Whether an outside laboratory did tests that are billed here.", cms1500="20",
        x12="2400 PS1"),
    _claim("outside-lab-charge", _MONEY, "What the outside laboratory charged.", cms1500="20", x12="2400 PS102"),
)

_CIRCUMSTANCES = (
    _claim("accident-date", _DATE, "The day of the accident.", cms1500="14 or 15", ub04="31 to 34 (01 to 06)",
        x12="2300 DTP*439", fhir="Claim.accident.date"),
    _claim("accident-state", _TEXT, "The state in which a motor accident happened.", cms1500="10b", ub04="29",
        x12="2300 CLM11-4", fhir="Claim.accident.locationAddress.state"),
    _claim("employment-related", _YES_NO, "Whether the condition is related to employment.", cms1500="10a",
        ub04="18 to 28 (02)", x12="2300 CLM11 (EM)", fhir="Claim.accident.type"),
    _claim("auto-accident", _YES_NO, "Whether the condition is related to a motor accident.", cms1500="10b",
        ub04="31 to 34 (01)", x12="2300 CLM11 (AA)", fhir="Claim.accident.type"),
    _claim("other-accident", _YES_NO, "Whether the condition is related to another accident.", cms1500="10c",
        ub04="31 to 34 (05)", x12="2300 CLM11 (OA)", fhir="Claim.accident.type"),
    _claim("onset-date", _DATE, "The day on which the illness or its symptoms began.", cms1500="14, 431",
        ub04="31 to 34 (11)", x12="2300 DTP*431",
        fhir="Claim.supportingInfo (onset, X12 431) or Condition.onsetDateTime"),
    _claim("last-menstrual-date", _DATE, "The first day of the last menstrual period.", cms1500="14, 484",
        ub04="31 to 34 (10)", x12="2300 DTP*484", fhir="Claim.supportingInfo (X12 484)"),
    _claim("initial-treatment-date", _DATE, "The day on which treatment began.", cms1500="15, 454", x12="2300 DTP*454",
        fhir="Claim.supportingInfo (X12 454)"),
    _claim("last-seen-date", _DATE, "The day on which the patient was last seen by the physician in charge.",
        cms1500="15, 304", x12="2300 DTP*304", fhir="Claim.supportingInfo (X12 304)"),
    _claim("care-assumed", _DATE, "The day on which care after a surgery was taken over from another physician.",
        cms1500="19", x12="2300 DTP*090", fhir="Claim.supportingInfo (X12 090)"),
    _claim("care-relinquished", _DATE, "The day on which care after a surgery was handed over to another physician.",
        cms1500="19", x12="2300 DTP*091", fhir="Claim.supportingInfo (X12 091)"),
    _claim("disability-from", _DATE, "The first day on which the patient could not work.", cms1500="16",
        x12="2300 DTP*360 or 314", fhir="Claim.supportingInfo (employmentimpacted)"),
    _claim("disability-to", _DATE, "The last day on which the patient could not work.", cms1500="16",
        x12="2300 DTP*361 or 314", fhir="Claim.supportingInfo (employmentimpacted)"),
    _claim("clia", _TEXT, "The number of the laboratory's CLIA certificate, for the whole claim.", cms1500="23",
        x12="2300 REF*X4", fhir="Organization.identifier (CLIA) or Claim.supportingInfo (X12 X4)"),
    _claim("mammography", _TEXT, "The number of the mammography certificate.", cms1500="32", x12="2300 REF*EW",
        fhir="Claim.supportingInfo (X12 EW)"),
    _claim("device-exemption", _TEXT, "The number of the investigational device exemption.", cms1500="23", ub04="43",
        x12="2300 REF*LX", fhir="Claim.supportingInfo (X12 LX)"),
    _claim("special-program", _TEXT, "The code of the special programme under which the services were given.",
        cms1500="10d", ub04="18 to 28", x12="2300 CLM12", fhir="Claim.supportingInfo (X12 1366)"),
    _claim("delay-reason", _TEXT, "The code of the reason why the claim comes late.", x12="2300 CLM20",
        fhir="Claim.supportingInfo (X12 1514)"),
)

CLAIM_FIELDS: tuple[Field, ...] = (*_IDENTITY, *_PAYER, *_STAY, *_AMOUNTS, *_CIRCUMSTANCES)
