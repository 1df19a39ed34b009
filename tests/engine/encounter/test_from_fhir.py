"""Files of FHIR: one resource, Bundles, lists and lines; other versions and other resources; what is malformed."""

import io
import json
from decimal import Decimal

import pytest
from fhir_words import CODES, concept

from sequela.engine.encounter.read import read

CLAIM = {
    "resourceType": "Claim",
    "id": "r-1",
    "identifier": [{"value": "C-1"}],
    "type": concept("type", "professional"),
    "diagnosis": [{"sequence": 1, "diagnosisCodeableConcept": concept("icd", "I10")}],
    "item": [
        {
            "sequence": 1,
            "productOrService": concept("cpt", "99213"),
            "servicedDate": "2026-03-02",
            "diagnosisSequence": [1],
            "net": {"value": 92.5, "currency": "USD"},
        }
    ],
}


def reads(value, name="claims.json"):
    """What is read of a value written as JSON, or of text as it is."""
    text = value if isinstance(value, bytes) else json.dumps(value).encode()
    return list(read(io.BytesIO(text), name))


def ids(found):
    return [one.encounter.id for one in found if one.encounter is not None]


def codes(found):
    return [problem.code for one in found for problem in one.problems]


def named(number, **more):
    return {**CLAIM, "id": f"r-{number}", "identifier": [{"value": f"C-{number}"}], **more}


def bundle(*resources, kind="collection"):
    return {"resourceType": "Bundle", "type": kind, "entry": [{"resource": one} for one in resources]}


@pytest.mark.parametrize("resource", ["Claim", "ExplanationOfBenefit"])
def test_one_resource(resource):
    (found,) = reads({**CLAIM, "resourceType": resource})
    line = found.encounter.lines[0]
    assert (found.encounter.id, found.encounter.setting, line.code, line.charge) == (
        "C-1",
        "professional",
        "99213",
        Decimal("92.5"),
    )
    assert found.problems == ()


@pytest.mark.parametrize("name", ["claims.json", "claims.ndjson", "claims.txt", "claims", "claims.csv"])
def test_fhir_is_known_by_its_content(name):
    assert ids(reads(CLAIM, name)) == ["C-1"]


def test_an_encounter_that_holds_a_resource_in_extra_is_an_encounter():
    sent = {
        "schema": "sequela.encounter/1",
        "id": "E-1",
        "setting": "professional",
        "lines": [],
        "extra": {"fhir": CLAIM},
    }
    assert ids(reads(sent)) == ["E-1"]


@pytest.mark.parametrize("kind", ["collection", "searchset", "transaction", "batch", "message"])
def test_a_bundle_of_any_type(kind):
    assert ids(reads(bundle(named(1), named(2), kind=kind))) == ["C-1", "C-2"]


def test_a_bundle_in_a_bundle_and_a_list_of_resources():
    assert ids(reads(bundle(named(1), bundle(named(2))))) == ["C-1", "C-2"]
    assert ids(reads([named(1), bundle(named(2)), named(3)])) == ["C-1", "C-2", "C-3"]


def test_lines_of_resources_and_encounters_in_their_order():
    encounter = {"schema": "sequela.encounter/1", "id": "E-1", "setting": "professional", "lines": []}
    text = b"\n".join(json.dumps(one).encode() for one in (named(1), encounter, bundle(named(2)), named(3)))
    assert ids(reads(text, "claims.ndjson")) == ["C-1", "E-1", "C-2", "C-3"]


def test_a_byte_order_mark():
    assert ids(reads(b"\xef\xbb\xbf" + json.dumps(CLAIM).encode())) == ["C-1"]


def test_what_a_claim_refers_to_is_found_by_every_name():
    patient = {"resourceType": "Patient", "id": "p1", "birthDate": "1950-06-01"}
    for reference, url in (
        ("Patient/p1", None),
        ("https://x.example/fhir/Patient/p1", None),
        ("Patient/p1/_history/3", None),
        ("urn:uuid:8f1c", "urn:uuid:8f1c"),
    ):
        sent = bundle({**CLAIM, "patient": {"reference": reference}})
        sent["entry"].append({"resource": patient} | ({"fullUrl": url} if url else {}))
        (found,) = reads(sent)
        assert str(found.encounter.patient.birth_date) == "1950-06-01", reference
    contained = {**CLAIM, "patient": {"reference": "#p1"}, "contained": [patient]}
    assert str(reads(contained)[0].encounter.patient.birth_date) == "1950-06-01"


def test_a_reference_that_leads_nowhere_is_named_once_with_the_others():
    (found,) = reads({**CLAIM, "patient": {"reference": "Patient/9"}, "provider": {"reference": "Organization/8"}})
    assert codes([found]) == ["SEQ811"]
    assert "`Patient/9` and `Organization/8`, which are not in the file" in found.problems[0].message


def test_a_search_for_a_practitioner_says_its_npi():
    provider = {"reference": "Practitioner?identifier=http://hl7.org/fhir/sid/us-npi|1234567893"}
    (found,) = reads({**CLAIM, "provider": provider})
    assert found.encounter.billing.npi == "1234567893"
    assert found.problems == ()


OLDER = [
    ({"fhirVersion": "3.0.1"}, "STU3"),
    ({"meta": {"profile": ["http://hl7.org/fhir/3.0/StructureDefinition/Claim"]}}, "STU3"),
    ({"meta": {"profile": ["http://hl7.org/fhir/StructureDefinition/Claim|5.0.0"]}}, "R5"),
    ({"fhirVersion": "5.0.0"}, "R5"),
    ({"type": "professional"}, "DSTU2"),
    ({"information": [{"sequence": 1}]}, "STU3"),
    ({"insurance": {"coverage": {"reference": "Coverage/1"}}}, "STU3"),
    ({"subType": [concept("subtype", "inpatient")]}, "STU3"),
    ({"totalCost": {"value": 1}}, "STU3"),
    ({"item": [{"sequence": 1, "service": concept("cpt", "99213")}]}, "STU3"),
    ({"item": [{"sequence": 1, "diagnosisLinkId": [1]}], "organization": {}}, "STU3"),
    ({"item": [{"sequence": 1, "productOrServiceEnd": concept("cpt", "99213")}]}, "R5"),
    ({"careTeam": [{"sequence": 1, "specialty": concept("taxonomy", "207Q00000X")}]}, "R5"),
    ({"event": [{"whenDateTime": "2026-03-02"}]}, "R5"),
    ({"diagnosisRelatedGroup": concept("drg", "871")}, "R5"),
]


@pytest.mark.parametrize(("signs", "version"), OLDER)
@pytest.mark.parametrize("resource", ["Claim", "ExplanationOfBenefit"])
def test_another_version_is_named_and_not_read(signs, version, resource):
    (found,) = reads({**CLAIM, **signs, "resourceType": resource})
    assert found.encounter is None
    (problem,) = found.problems
    assert (problem.code, problem.fatal) == ("SEQ790", True)
    assert f"The {resource} is written in FHIR {version}: " in problem.message
    assert problem.place.startswith(tuple(f"{resource}.{sign}" for sign in signs))


@pytest.mark.parametrize(
    "signs",
    [
        {"fhirVersion": "4.0.1"},
        {"fhirVersion": "4.3.0"},
        {"meta": {"profile": ["http://hl7.org/fhir/StructureDefinition/Claim|4.0.1"]}},
        {"meta": {"profile": ["http://hl7.org/fhir/4.0/StructureDefinition/Claim"]}},
        {
            "meta": {
                "profile": [
                    "http://hl7.org/fhir/us/carin-bb/StructureDefinition/C4BB-ExplanationOfBenefit-Professional|5.0.0"
                ]
            }
        },
    ],
)
def test_r4_is_read_whatever_the_version_of_the_guide(signs):
    assert ids(reads({**CLAIM, **signs})) == ["C-1"]


def test_other_resources_are_counted_once_and_accompany_the_last_claim():
    lines = [
        {"resourceType": "Observation", "id": "o"},
        named(1),
        {"resourceType": "Observation"},
        named(2),
        {"resourceType": "Patient"},
    ]
    found = reads(b"\n".join(json.dumps(one).encode() for one in lines), "x.ndjson")
    assert ids(found) == ["C-1", "C-2"]
    assert codes(found) == ["SEQ792"]
    assert "2 Observation and 1 Patient" in found[-1].problems[0].message


def test_a_file_without_a_claim_says_what_it_holds():
    (found,) = reads(bundle({"resourceType": "ClaimResponse"}, {"resourceType": "Organization", "id": "1"}))
    assert codes([found]) == ["SEQ791"]
    assert "holds 1 ClaimResponse, but no claim" in found.problems[0].message
    assert codes(reads(bundle())) == ["SEQ791"]


def test_what_was_entered_in_error_is_passed_over():
    found = reads(bundle(named(1), named(2, status="entered-in-error")))
    assert ids(found) == ["C-1"]
    assert codes(found) == ["SEQ792"]


def test_a_malformed_resource_leaves_the_others():
    found = reads(bundle(named(1), named(2, item="none"), named(3)))
    assert ids(found) == ["C-1", "C-3"]
    (problem,) = found[1].problems
    assert (problem.code, problem.claim) == ("SEQ796", "r-2")
    assert problem.place.startswith("Claim.item, entry 2, line 1, column ")


def test_a_malformed_line_leaves_the_others():
    text = json.dumps(named(1)).encode() + b'\n{"resourceType": "Claim", "item": [}\n' + json.dumps(named(2)).encode()
    found = reads(text, "x.ndjson")
    assert ids(found) == ["C-1", "C-2"]
    assert codes(found) == ["SEQ703"]


def test_a_value_of_the_wrong_kind_stays_unknown_and_every_one_is_named():
    item = {**CLAIM["item"][0], "sequence": "first", "net": {"value": "much"}, "quantity": {"value": True}}
    (found,) = reads({**CLAIM, "item": [item]})
    assert codes([found]) == ["SEQ797"] * 3
    line = found.encounter.lines[0]
    assert (line.number, line.charge, line.units, line.code) == (None, None, None, "99213")
    assert "Claim.item[0].sequence" in found.problems[0].place


def test_keys_that_are_null_are_absent():
    (found,) = reads({**CLAIM, "careTeam": None, "item": [{**CLAIM["item"][0], "modifier": None, "quantity": None}]})
    assert found.encounter.lines[0].code == "99213"
    assert found.problems == ()


def test_a_bundle_that_is_cut_off_gives_its_whole_entries():
    whole = json.dumps(bundle(named(1), named(2), named(3)), indent=1)
    found = reads(whole[: whole.index('"C-3"')].encode())
    assert ids(found) == ["C-1", "C-2"]
    assert codes(found) == ["SEQ703"]


def test_the_entry_of_a_bundle_that_is_no_list():
    assert codes(reads({"resourceType": "Bundle", "entry": {"resource": CLAIM}})) == ["SEQ796"]


def test_claims_of_one_name_get_names_of_their_own():
    found = reads(bundle(CLAIM, CLAIM))
    assert ids(found) == ["C-1", "C-1#2"]
    assert codes(found) == ["SEQ817"]


@pytest.mark.parametrize(
    ("sent", "name"),
    [
        ({"identifier": [{"value": "G"}, {"type": {"coding": [{"code": "uc"}]}, "value": "U"}]}, "U"),
        ({"identifier": [{"value": " "}], "id": "r-9"}, "r-9"),
        (
            {
                "identifier": [],
                "supportingInfo": [{"category": concept("info", "patientaccountnumber"), "valueString": "A-7"}],
            },
            "A-7",
        ),
        ({"identifier": [], "id": None}, "line 1"),
    ],
)
def test_the_name_of_a_claim(sent, name):
    assert ids(reads({**CLAIM, **sent})) == [name]


def test_xml_is_named():
    (found,) = reads(b'<?xml version="1.0"?><Bundle xmlns="http://hl7.org/fhir"/>', "claims.xml")
    assert codes([found]) == ["SEQ705"]
    assert "FHIR" in found.problems[0].message
    assert "JSON" in found.problems[0].hint


def test_code_systems_may_be_written_in_several_ways():
    for system in (
        CODES["cpt"],
        "https://www.ama-assn.org/go/cpt|2026",
        "HTTP://www.ama-assn.org/go/cpt/",
        "urn:oid:2.16.840.1.113883.6.12",
    ):
        item = {**CLAIM["item"][0], "productOrService": {"coding": [{"system": system, "code": "99213"}]}}
        assert reads({**CLAIM, "item": [item]})[0].encounter.lines[0].code == "99213"
