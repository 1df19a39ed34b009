"""The page on FHIR says what the reader does: each place of its table is where a value was found."""

import io
import json
import re
from pathlib import Path

import pytest
from fhir_words import NPI, concept

import sequela
from sequela.engine.encounter.fhir_page import FILE, KINDS, page_text
from sequela.engine.encounter.fields import fields_of
from sequela.engine.encounter.read import read
from sequela.engine.vocabulary.kinds import Kind

HERE = Path(sequela.__file__).parent / "engine" / "encounter"
BB = "https://bluebutton.cms.gov/resources/variables/"
GUIDE = "http://hl7.org/fhir/us/davinci-pas/StructureDefinition/"
PARTIES = ("Practitioner", "PractitionerRole", "Organization", "Location")


def info(category, **rest):
    return {"category": category, **rest}


def x12(system, code, **rest):
    return {"category": concept(system, code), **rest}


def person(**more):
    return {
        "name": [{"family": "AMBER", "given": ["ADA"]}],
        "birthDate": "1950-06-01",
        "gender": "female",
        "address": [{"line": ["4 ELM STREET"], "city": "AUSTIN", "state": "TX", "postalCode": "78702"}],
        **more,
    }


def party(kind, identifier, number, **more):
    numbers = [
        {"system": NPI, "value": f"{number}"},
        {"system": "urn:oid:2.16.840.1.113883.4.4", "value": f"9{number}"},
    ]
    address = {"line": ["1 WAY"], "city": "AUSTIN", "state": "TX", "postalCode": "78701"}
    return {
        "resourceType": kind,
        "id": identifier,
        "identifier": numbers,
        "name": "A CLINIC" if kind != "Practitioner" else [{"family": "ROE", "given": ["R"]}],
        "address": address if kind == "Location" else [address],
        **more,
    }


ROLES = ("rendering", "referring", "ordering", "supervising", "attending", "operating", "otheroperating")
R4 = concept("info-r4", "info")
WHOLE = {
    "resourceType": "ExplanationOfBenefit",
    "identifier": [{"value": "C-1"}],
    "type": concept("type", "institutional"),
    "patient": {"reference": "Patient/p"},
    "insurer": {"reference": "Organization/i"},
    "provider": {"reference": "Organization/b"},
    "facility": {"reference": "Location/f"},
    "referral": {"identifier": {"value": "R-1"}},
    "billablePeriod": {"start": "2026-02-20", "end": "2026-02-27"},
    "accident": {
        "date": "2026-02-01",
        "type": {"coding": [{"code": code} for code in ("MVA", "WPA", "HOME")]},
        "locationAddress": {"state": "TX"},
    },
    "related": [{"relationship": concept("related", "prior"), "reference": {"value": "NW-1"}}],
    "payee": {"type": {"coding": [{"code": "provider"}]}},
    "insurance": [{"sequence": 1, "focal": True, "coverage": {"reference": "Coverage/c"}, "preAuthRef": ["PA-1"]}],
    "careTeam": [
        {
            "sequence": number,
            "provider": {"reference": f"PractitionerRole/r{number}"},
            "role": concept("role", role),
            "qualification": concept("specialty", "08"),
        }
        for number, role in enumerate(ROLES, start=1)
    ],
    "diagnosis": [
        {
            "sequence": number,
            "diagnosisCodeableConcept": concept("icd", "I10"),
            "type": [concept(system, kind)],
            "onAdmission": concept("poa", "Y"),
        }
        for number, (system, kind) in enumerate(
            (("diagnosis", "principal"), ("diagnosis", "admitting"), ("diagnosis-carin", "patientreasonforvisit")),
            start=1,
        )
    ],
    "procedure": [{"procedureCodeableConcept": concept("pcs", "0DTJ4ZZ"), "date": "2026-02-21"}],
    "supportingInfo": [
        info(concept("info", "typeofbill"), code=concept("bill", "0117")),
        info(concept("info", "clmrecvddate"), timingDate="2026-03-03"),
        info(
            concept("info", "admissionperiod"),
            timingPeriod={"start": "2026-02-20T18:00:00-06:00", "end": "2026-02-27T11:00:00-06:00"},
        ),
        info(concept("info", "admtype"), code=concept("admit", "1")),
        info(concept("info", "pointoforigin"), code=concept("origin", "1")),
        info(concept("info", "discharge-status"), code=concept("status", "01")),
        info(concept("info", "drg"), code=concept("drg", "871")),
        info(concept("info", "patientpaid"), valueQuantity={"value": 20}),
        info(concept("info-r4", "onset"), timingDate="2026-02-01"),
        info(concept("info-r4", "employmentimpacted"), timingPeriod={"start": "2026-02-20", "end": "2026-03-20"}),
        *(x12("x12-date", code, timingDate="2026-01-01") for code in ("484", "454", "304", "090", "091")),
        *(x12("x12-reference", code, valueString="N-1") for code in ("X4", "EW", "LX")),
        *(
            info(R4, code=concept(f"x12-{name}", code))
            for name, code in (("assignment", "A"), ("release", "Y"), ("program", "02"), ("delay", "1"))
        ),
        info(R4, valueString="A REMARK"),
        info(R4, code=concept("condition", "44")),
        info(R4, code=concept("occurrence", "74"), timingPeriod={"start": "2026-02-21", "end": "2026-02-22"}),
        info(R4, code=concept("value", "80"), valueQuantity={"value": 7}),
    ],
    "item": [
        {
            "sequence": 1,
            "careTeamSequence": [1, 2, 3, 4],
            "diagnosisSequence": [1],
            "revenue": concept("revenue", "0636"),
            "productOrService": {**concept("hcpcs", "J3301"), "text": "INJECTION"},
            "modifier": [concept("hcpcs", "JW")],
            "programCode": [concept("program", "family-planning"), concept("program", "epsdt")],
            "servicedPeriod": {"start": "2026-02-21", "end": "2026-02-22"},
            "locationCodeableConcept": {
                **concept("pos", "21"),
                "extension": [{"url": f"{BB}carr_line_clia_lab_num", "valueIdentifier": {"value": "45D0000001"}}],
            },
            "locationReference": {"reference": "Location/f"},
            "quantity": {"value": 4},
            "net": {"value": 56},
            "detail": [{"productOrService": concept("ndc", "00002143380"), "quantity": {"value": 1, "code": "mL"}}],
            "adjudication": [
                {"category": {"coding": [{"code": "priorpayerpaid"}]}, "amount": {"value": 3}},
                {
                    "category": {"coding": [{"code": "noncovered"}, {"code": f"{BB}rev_cntr_ncvrd_chrg_amt"}]},
                    "amount": {"value": 4},
                },
            ],
            "extension": [{"url": f"{GUIDE}extension-authorizationNumber", "valueString": "PA-2"}],
        },
        {
            "sequence": 2,
            "careTeamSequence": [1, 2, 3, 4],
            "productOrService": concept("hipps", "4AJ11"),
            "quantity": {"value": 30, "code": "min"},
            "locationCodeableConcept": concept("pos", "21"),
        },
    ],
    "total": [{"category": concept("adjudication", "submitted"), "amount": {"value": 56}}],
}
BESIDE = [
    {"resourceType": "Patient", "id": "p", **person(), "deceasedDateTime": "2026-02-27", "telecom": [{"system": "phone", "value": "5555550100"}],
     "identifier": [{"type": concept("identifier", "MB"), "value": "M-1"}, {"type": concept("identifier", "MR"), "value": "MR-1"}]},
    {"resourceType": "RelatedPerson", "id": "s", **person()},
    {"resourceType": "Coverage", "id": "c", "type": {"coding": [{"code": "12"}]}, "subscriberId": "S-1", "order": 1,
     "subscriber": {"reference": "RelatedPerson/s"}, "relationship": concept("relationship", "child"),
     "class": [{"type": concept("class", "group"), "value": "G", "name": "GROUP"}, {"type": concept("class", "plan"), "value": "P"}]},
    party("Organization", "b", 1234567893),
    party("Location", "f", 1720456783),
    {"resourceType": "Organization", "id": "i", "identifier": [{"value": "NWPPO"}], "name": "NORTHWIND"},
    *(party("Practitioner", f"d{number}", f"146012345{number}") for number in range(1, 8)),
    *({"resourceType": "PractitionerRole", "id": f"r{number}", "practitioner": {"reference": f"Practitioner/d{number}"},
       "organization": {"reference": "Organization/b"}, "specialty": [concept("taxonomy", "207Q00000X")]} for number in range(1, 8)),
]  # fmt: skip
MEMBERS = {
    Kind.CLAIM: ("",),
    Kind.PATIENT: ("/patient",),
    Kind.LINE: ("/lines/0", "/lines/1"),
    Kind.MODIFIER: ("/lines/0/modifiers/0",),
    Kind.DIAGNOSIS: ("/diagnoses/0",),
    Kind.PROCEDURE: ("/procedures/0",),
    Kind.CONDITION_CODE: ("/condition_codes/0",),
    Kind.OCCURRENCE: ("/occurrence_codes/0",),
    Kind.VALUE_CODE: ("/value_codes/0",),
}
NOT_SENT = {"facility.taxonomy", "facility.specialty", "billing.taxonomy", "billing.specialty", "facility.group"}
"""What a made-up place and biller have none of."""


@pytest.fixture(scope="module")
def encounter():
    entries = [{"resource": one} for one in (WHOLE, *BESIDE)]
    (found,) = read(io.BytesIO(json.dumps({"resourceType": "Bundle", "entry": entries}).encode()), "whole.json")
    assert found.problems == ()
    return found.encounter


def test_the_page_is_what_is_made_of_the_catalogue():
    assert (HERE / FILE).read_text(encoding="utf-8") == page_text()


def test_every_kind_of_member_that_has_places_is_on_the_page():
    assert set(MEMBERS) == {kind for kind, _ in KINDS}


@pytest.mark.parametrize(
    ("kind", "fact"),
    [(kind, fact) for kind in MEMBERS for fact in fields_of(kind) if fact.fhir],
    ids=lambda one: getattr(one, "name", None),
)
def test_a_fact_stands_where_the_page_says(kind, fact, encounter):
    if fact.name in NOT_SENT:
        return
    below = "".join(f"/{key}" for key in fact.path)
    for member in MEMBERS[kind]:
        if value_at(encounter, member + below) is not None:
            path = encounter.origins.origin_of(member + below).path
            assert stands_in(re.sub(r"\[\d+\]", "", path), fact), (fact.name, path, fact.fhir)
            return
    raise AssertionError(f"{fact.name} was not read")


def value_at(encounter, pointer):
    at = encounter
    for key in pointer.split("/")[1:]:
        at = at[int(key)] if key.isdecimal() else getattr(at, key)
    return at


def stands_in(path, fact):
    """Whether a path is one of those that the catalogue names; who a party is may stand in a resource of its own."""
    places = [place.strip() for place in re.split(r",? or |, else |, ", re.sub(r"\([^)]*\)", "", fact.fhir))]
    found = path.replace("ExplanationOfBenefit.", "Claim.")
    if any(found.startswith(place.replace("ExplanationOfBenefit.", "Claim.")) for place in places if place):
        return True
    of_party = any(
        place.startswith(
            ("Claim.careTeam", "Claim.provider", "Claim.facility", "Claim.item.careTeam", "PractitionerRole")
        )
        for place in places
    )
    return of_party and found.split(".")[0] in PARTIES
