"""The code systems, words and small parts of FHIR that made-up claims are written with (fhir_made), and their JSON."""

import json
from decimal import Decimal

CODES = {
    "icd": "http://hl7.org/fhir/sid/icd-10-cm",
    "pcs": "http://www.cms.gov/Medicare/Coding/ICD10",
    "cpt": "http://www.ama-assn.org/go/cpt",
    "hcpcs": "https://www.cms.gov/Medicare/Coding/HCPCSReleaseCodeSets",
    "hipps": "https://www.cms.gov/Medicare/Medicare-Fee-for-Service-Payment/ProspMedicareFeeSvcPmtGen/HIPPSCodes",
    "ndc": "http://hl7.org/fhir/sid/ndc",
    "revenue": "https://www.nubc.org/CodeSystem/RevenueCodes",
    "pos": "https://www.cms.gov/Medicare/Coding/place-of-service-codes/Place_of_Service_Code_Set",
    "taxonomy": "http://nucc.org/provider-taxonomy",
    "specialty": "https://bluebutton.cms.gov/resources/variables/prvdr_spclty",
    "drg": "https://www.cms.gov/Medicare/Medicare-Fee-for-Service-Payment/AcuteInpatientPPS/MS-DRG-Classifications-and-Software",
    "bill": "https://www.nubc.org/CodeSystem/TypeOfBill",
    "status": "https://www.nubc.org/CodeSystem/PatDischargeStatus",
    "origin": "https://www.nubc.org/CodeSystem/PointOfOrigin",
    "admit": "https://www.nubc.org/CodeSystem/PriorityTypeOfAdmitOrVisit",
    "condition": "https://www.nubc.org/CodeSystem/ConditionCodes",
    "occurrence": "https://www.nubc.org/CodeSystem/OccurrenceCodes",
    "value": "https://www.nubc.org/CodeSystem/ValueCodes",
    "poa": "https://www.cms.gov/Medicare/Medicare-Fee-for-Service-Payment/HospitalAcqCond/Coding",
    "type": "http://terminology.hl7.org/CodeSystem/claim-type",
    "subtype": "http://hl7.org/fhir/us/carin-bb/CodeSystem/C4BBInstitutionalClaimSubType",
    "info": "http://hl7.org/fhir/us/carin-bb/CodeSystem/C4BBSupportingInfoType",
    "info-r4": "http://terminology.hl7.org/CodeSystem/claiminformationcategory",
    "diagnosis": "http://terminology.hl7.org/CodeSystem/ex-diagnosistype",
    "diagnosis-carin": "http://hl7.org/fhir/us/carin-bb/CodeSystem/C4BBClaimDiagnosisType",
    "role": "http://hl7.org/fhir/us/carin-bb/CodeSystem/C4BBClaimCareTeamRole",
    "adjudication": "http://terminology.hl7.org/CodeSystem/adjudication",
    "adjudication-carin": "http://hl7.org/fhir/us/carin-bb/CodeSystem/C4BBAdjudication",
    "frequency": "https://bluebutton.cms.gov/resources/variables/clm_freq_cd",
    "identifier": "http://terminology.hl7.org/CodeSystem/v2-0203",
    "relationship": "http://terminology.hl7.org/CodeSystem/subscriber-relationship",
    "class": "http://terminology.hl7.org/CodeSystem/coverage-class",
    "related": "http://terminology.hl7.org/CodeSystem/ex-relatedclaimrelationship",
    "accident": "http://terminology.hl7.org/CodeSystem/v3-ActCode",
    "program": "http://terminology.hl7.org/CodeSystem/ex-programcode",
    "x12-date": "https://codesystem.x12.org/005010/374",
    "x12-reference": "https://codesystem.x12.org/005010/128",
    "x12-filing": "https://codesystem.x12.org/005010/1032",
    "x12-program": "https://codesystem.x12.org/005010/1366",
    "x12-delay": "https://codesystem.x12.org/005010/1514",
    "x12-assignment": "https://codesystem.x12.org/005010/1359",
    "x12-release": "https://codesystem.x12.org/005010/1363",
}
NPI = "http://hl7.org/fhir/sid/us-npi"
TAX = "urn:oid:2.16.840.1.113883.4.4"
ROLES = {
    "provider": "rendering", "referring": "referring", "ordering": "ordering", "supervising": "supervising",
    "attending": "attending", "operating": "operating", "other_operating": "otheroperating",
}  # fmt: skip
DIAGNOSES = {
    "principal": ("diagnosis", "principal"), "admitting": ("diagnosis", "admitting"),
    "reason-for-visit": ("diagnosis-carin", "patientreasonforvisit"),
    "external-cause": ("diagnosis-carin", "externalcauseofinjury"), "secondary": ("diagnosis-carin", "other"),
}  # fmt: skip
SUPPORTING = {"discharge_status": ("discharge-status", "status"), "drg": ("drg", "drg"), "admit_type": ("admtype", "admit"),
              "admit_source": ("pointoforigin", "origin"), "bill_type": ("typeofbill", "bill")}  # fmt: skip
X12_DATES = {
    "onset_date": "431", "last_menstrual_date": "484", "initial_treatment_date": "454", "last_seen_date": "304",
    "care_assumed": "090", "care_relinquished": "091",
}  # fmt: skip
X12_REFERENCES = {"clia": "X4", "mammography": "EW", "device_exemption": "LX", "referral": "9F", "medical_record": "EA"}
X12_CODES = {"special_program": "x12-program", "delay_reason": "x12-delay"}
SEXES = {"female": "female", "male": "male", "undetermined": "other"}
SEQUENCES = {"primary": 1, "secondary": 2, "tertiary": 3}
UNITS = {"ML": "mL", "GR": "g", "ME": "mg", "F2": "[iU]", "UN": "1"}
ACCIDENTS = {"auto_accident": "MVA", "employment_related": "WPA", "other_accident": "HOME"}


def concept(system, code):
    return {"coding": [{"system": CODES[system], "code": code}]}


def money(amount):
    return {"value": Decimal(str(amount)), "currency": "USD"}


def address_of(one):
    known = {
        "line": [one["street"]] if "street" in one else None,
        "city": one.get("city"),
        "state": one.get("state"),
        "postalCode": one.get("zip"),
    }
    return {key: value for key, value in known.items() if value}


def moment(day, hour):
    return f"{day}T{hour}:00:00-06:00" if hour else day


def name_of(one):
    return {"family": one["last_name"], **({"given": [one["first_name"]]} if "first_name" in one else {})}


class _Numbers(float):
    """A decimal number that is written digit for digit."""

    def __new__(cls, value):
        made = super().__new__(cls, value)
        made.text = str(value)
        return made

    def __repr__(self):
        return self.text


def written(value, *, indent=None):
    """The JSON of a resource; amounts are numbers, digit for digit."""
    return json.dumps(_plain(value), indent=indent)


def _plain(value):
    if isinstance(value, Decimal):
        return _Numbers(value) if value != value.to_integral_value() or value.as_tuple().exponent < 0 else int(value)
    if isinstance(value, dict):
        return {key: _plain(one) for key, one in value.items() if one is not None}
    return [_plain(one) for one in value] if isinstance(value, list) else value
