"""FHIR systems: which code system a URI of a Coding names, however it is written.

In:   a URI.          Out: `Said`, what codes of that system are.
Uses: nothing.        Used by: fhir_codes and the readers of parts.

Blue Button (CMS) names its code systems by the variables of its own files; those that hold the codes of a public system
are listed beside it.
"""

import re
from enum import Enum
from functools import lru_cache
from typing import Final

REMEMBERED: Final = 1024
_BEFORE: Final = re.compile(r"^https?://")


class Said(Enum):
    """What the codes of a system are."""

    ICD10CM = "ICD-10-CM"
    ICD9CM = "ICD-9-CM"
    ICD10 = "ICD-10"
    ICD10PCS = "ICD-10-PCS"
    HCPCS = "HCPCS or CPT"
    HIPPS = "HIPPS"
    NDC = "NDC"
    REVENUE = "revenue codes"
    PLACE = "places of service"
    TAXONOMY = "provider taxonomy"
    SPECIALTY = "CMS specialty codes"
    DRG = "MS-DRG"
    BILL_TYPE = "type of bill"
    BILL_FACILITY = "type of facility of a bill"
    BILL_CLASS = "classification of a bill"
    BILL_FREQUENCY = "frequency of a bill"
    DISCHARGE_STATUS = "patient status"
    ADMIT_SOURCE = "point of origin"
    ADMIT_TYPE = "type of admission"
    CONDITION = "condition codes"
    OCCURRENCE = "occurrence codes"
    VALUE = "value codes"
    ABSENT = "reasons why a value is absent"
    X12_ENTITY = "X12 entity identifiers (98)"
    X12_DATE = "X12 date qualifiers (374)"
    X12_REFERENCE = "X12 reference qualifiers (128)"
    X12_PROGRAM = "X12 special programs (1366)"
    X12_DELAY = "X12 delay reasons (1514)"
    X12_ASSIGNMENT = "X12 assignment (1359)"
    X12_RELEASE = "X12 release of information (1363)"
    MEDICARE_CLAIM = "Medicare claim types"


_VARIABLE: Final = "bluebutton.cms.gov/resources/variables/"
_LIST: Final = "bluebutton.cms.gov/fhir/codesystem/"

_SYSTEMS: Final[dict[Said, tuple[str, ...]]] = {
    Said.ICD10CM: (
        "hl7.org/fhir/sid/icd-10-cm",
        "urn:oid:2.16.840.1.113883.6.90",
        "terminology.hl7.org/codesystem/icd10cm",
        "www.cdc.gov/nchs/icd/icd-10-cm",
    ),
    Said.ICD9CM: (
        "hl7.org/fhir/sid/icd-9-cm",
        "hl7.org/fhir/sid/icd-9-cm/diagnosis",
        "hl7.org/fhir/sid/icd-9-cm/procedure",
        "urn:oid:2.16.840.1.113883.6.103",
        "urn:oid:2.16.840.1.113883.6.104",
        "terminology.hl7.org/codesystem/icd9cm",
        "www.cms.gov/medicare/coding/icd9",
    ),
    Said.ICD10: ("hl7.org/fhir/sid/icd-10", "urn:oid:2.16.840.1.113883.6.3"),
    Said.ICD10PCS: (
        "www.cms.gov/medicare/coding/icd10",
        "hl7.org/fhir/sid/icd-10-pcs",
        "urn:oid:2.16.840.1.113883.6.4",
        "terminology.hl7.org/codesystem/icd10pcs",
    ),
    Said.HCPCS: (
        "www.ama-assn.org/go/cpt",
        "urn:oid:2.16.840.1.113883.6.12",
        "www.cms.gov/medicare/coding/hcpcsreleasecodesets",
        "urn:oid:2.16.840.1.113883.6.14",
        "urn:oid:2.16.840.1.113883.6.285",
        "terminology.hl7.org/codesystem/hcpcs",
        "terminology.hl7.org/codesystem/hcpcs-all-codes",
        "hl7.org/fhir/sid/hcpcs",
        "bluebutton.cms.gov/resources/codesystem/hcpcs",
        f"{_VARIABLE}hcpcs_cd",
        "www.ada.org/cdt",
        "urn:oid:2.16.840.1.113883.6.13",
    ),
    Said.HIPPS: (
        "www.cms.gov/medicare/medicare-fee-for-service-payment/prospmedicarefeesvcpmtgen/hippscodes",
        f"{_VARIABLE}hipps_cd",
    ),
    Said.NDC: ("hl7.org/fhir/sid/ndc", "urn:oid:2.16.840.1.113883.6.69"),
    Said.REVENUE: (
        "www.nubc.org/codesystem/revenuecodes",
        "urn:oid:2.16.840.1.113883.6.301.3",
        f"{_VARIABLE}rev_cntr",
        f"{_LIST}clm-rev-cntr-cd",
    ),
    Said.PLACE: (
        "www.cms.gov/medicare/coding/place-of-service-codes/place_of_service_code_set",
        "www.cms.gov/medicare/coding/place-of-service-codes",
        "terminology.hl7.org/codesystem/cmsplaceofservicecodes",
        "terminology.hl7.org/codesystem/ex-serviceplace",
        "urn:oid:2.16.840.1.113883.6.50",
        f"{_VARIABLE}line_place_of_srvc_cd",
        f"{_LIST}clm-pos-cd",
    ),
    Said.TAXONOMY: ("nucc.org/provider-taxonomy", "www.nucc.org/provider-taxonomy", "urn:oid:2.16.840.1.113883.6.101"),
    Said.SPECIALTY: (f"{_VARIABLE}prvdr_spclty", f"{_VARIABLE}rev_cntr_rndrng_physn_spclty", f"{_LIST}clm-prvdr-spclty-cd"),
    Said.DRG: (
        "www.cms.gov/medicare/medicare-fee-for-service-payment/acuteinpatientpps/ms-drg-classifications-and-software",
        "urn:oid:2.16.840.1.113883.6.301.2",
        f"{_VARIABLE}clm_drg_cd",
        f"{_LIST}dgns-drg-cd",
    ),
    Said.BILL_TYPE: ("www.nubc.org/codesystem/typeofbill", "urn:oid:2.16.840.1.113883.6.301.1"),
    Said.BILL_FACILITY: (f"{_VARIABLE}clm_fac_type_cd", f"{_LIST}clm-bill-fac-type-cd"),
    Said.BILL_CLASS: (f"{_VARIABLE}clm_srvc_clsfctn_type_cd", f"{_LIST}clm-bill-clsfctn-cd"),
    Said.BILL_FREQUENCY: (f"{_VARIABLE}clm_freq_cd", f"{_LIST}clm-bill-freq-cd"),
    Said.DISCHARGE_STATUS: (
        "www.nubc.org/codesystem/patdischargestatus",
        "urn:oid:2.16.840.1.113883.6.301.5",
        f"{_VARIABLE}ptnt_dschrg_stus_cd",
        f"{_LIST}bene-ptnt-stus-cd",
    ),
    Said.ADMIT_SOURCE: (
        "www.nubc.org/codesystem/pointoforigin",
        "www.nubc.org/codesystem/pointoforiginnonnewborn",
        "www.nubc.org/codesystem/pointoforiginnewborn",
        f"{_VARIABLE}clm_src_ip_admsn_cd",
        f"{_LIST}clm-admsn-src-cd",
    ),
    Said.ADMIT_TYPE: (
        "www.nubc.org/codesystem/prioritytypeofadmitorvisit",
        "urn:oid:2.16.840.1.113883.6.301.4",
        f"{_VARIABLE}clm_ip_admsn_type_cd",
        f"{_LIST}clm-admsn-type-cd",
    ),
    Said.CONDITION: (
        "www.nubc.org/codesystem/conditioncodes",
        "urn:oid:2.16.840.1.113883.6.301.6",
        f"{_VARIABLE}clm_rlt_cond_cd",
        f"{_LIST}clm-rlt-cond-cd",
    ),
    Said.OCCURRENCE: (
        "www.nubc.org/codesystem/occurrencecodes",
        "www.nubc.org/codesystem/occurrencespancodes",
        "terminology.hl7.org/codesystem/v2-0350",
        "terminology.hl7.org/codesystem/v2-0351",
        "urn:oid:2.16.840.1.113883.6.301.7",
        f"{_LIST}clm-rlt-ocrnc-cd",
    ),
    Said.VALUE: (
        "www.nubc.org/codesystem/valuecodes",
        "terminology.hl7.org/codesystem/v2-0153",
        "urn:oid:2.16.840.1.113883.6.301.8",
        f"{_LIST}clm-val-cd",
    ),
    Said.ABSENT: ("terminology.hl7.org/codesystem/data-absent-reason",),
    Said.X12_ENTITY: ("codesystem.x12.org/005010/98", "x12.org/codes/entity-identifier-code"),
    Said.X12_DATE: ("codesystem.x12.org/005010/374",),
    Said.X12_REFERENCE: ("codesystem.x12.org/005010/128",),
    Said.X12_PROGRAM: ("codesystem.x12.org/005010/1366",),
    Said.X12_DELAY: ("codesystem.x12.org/005010/1514",),
    Said.X12_ASSIGNMENT: ("codesystem.x12.org/005010/1359", f"{_VARIABLE}asgmntcd"),
    Said.X12_RELEASE: ("codesystem.x12.org/005010/1363",),
    Said.MEDICARE_CLAIM: (f"{_VARIABLE}nch_clm_type_cd", f"{_LIST}clm-type-cd"),
}  # fmt: skip
_BY_URI: Final = {uri: said for said, uris in _SYSTEMS.items() for uri in uris}


@lru_cache(REMEMBERED)
def said_by(system: str) -> Said | None:
    """What the codes of the system with this URI are; None where it is not known.

    >>> said_by("https://www.nubc.org/CodeSystem/RevenueCodes|2024"), said_by("http://snomed.info/sct")
    (<Said.REVENUE: 'revenue codes'>, None)
    """
    return _BY_URI.get(_BEFORE.sub("", system.strip().partition("|")[0].lower()).rstrip("/"))


@lru_cache(REMEMBERED)
def last_part(system: str) -> str:
    """The last part of a URI: what a system, or a variable of Blue Button, is called.

    >>> last_part("https://bluebutton.cms.gov/resources/variables/clm_freq_cd")
    'clm_freq_cd'
    """
    return system.rstrip("/").rpartition("/")[2]


def known_systems() -> dict[Said, tuple[str, ...]]:
    """Every system with the URIs that name it, for the page on FHIR."""
    return dict(_SYSTEMS)
