"""Who takes part in a FHIR claim: the care team, the biller, the patient, the payers."""

from datetime import date

from fhir_asked import claim, encounter, line
from fhir_words import NPI, concept


def member(sequence, npi, role, **more):
    return {
        "sequence": sequence,
        "provider": {"identifier": {"system": NPI, "value": npi}},
        "role": concept("role", role),
        **more,
    }


def test_the_care_team():
    team = [
        member(1, "1460123452", "rendering", qualification=concept("taxonomy", "207Q00000X")),
        member(2, "1830567891", "supervisor"),
        member(3, "1940678901", "referring"),
        member(4, "1720456783", "attending", qualification=concept("specialty", "08")),
        member(5, "1234567893", "prescribing"),
    ]
    made = encounter(claim(careTeam=team))
    assert (made.provider.npi, made.provider.taxonomy, made.supervising.npi) == (
        "1460123452",
        "207Q00000X",
        "1830567891",
    )
    assert (made.referring.npi, made.attending.npi, made.attending.specialty) == ("1940678901", "1720456783", "08")


def test_whom_only_some_lines_point_to_has_a_part_in_those_alone():
    team = [
        member(1, "1460123452", "rendering"),
        member(2, "1830567891", "rendering"),
        member(3, "1940678901", "ordering"),
    ]
    sent = claim(careTeam=team, line={"careTeamSequence": [2, 3]})
    made = encounter({**sent, "item": [*sent["item"], {"sequence": 2, "productOrService": concept("cpt", "99214")}]})
    assert (made.provider.npi, made.ordering.npi) == ("1460123452", None)
    assert [(one.provider, one.ordering) for one in made.lines] == [("1830567891", "1940678901"), (None, None)]


def test_roles_that_are_missing_or_strange():
    alone = {"sequence": 1, "provider": {"identifier": {"system": NPI, "value": "1460123452"}}}
    assert encounter(claim(careTeam=[alone])).provider.npi == "1460123452"
    assert encounter(claim(careTeam=[alone, alone]), "SEQ815", "SEQ815").provider.npi is None
    assert encounter(claim(careTeam=[member(1, "1460123452", "primary")])).provider.npi == "1460123452"
    two = [member(1, "1460123452", "primary"), member(2, "1830567891", "performing")]
    assert encounter(claim(careTeam=two)).provider.npi == "1830567891"
    x12 = {"coding": [{"system": "http://codesystem.x12.org/005010/98", "code": "DQ"}]}
    assert encounter(claim(careTeam=[{**alone, "role": x12}])).supervising.npi == "1460123452"
    assert encounter(claim(careTeam=[member(1, "1460123452", "juggler")]), "SEQ815").provider.npi is None
    assert line(claim(careTeam=[alone], line={"careTeamSequence": [2]}), "SEQ813").provider is None
    encounter(claim(careTeam=[member(1, "1460123452", "rendering"), member(2, "1830567891", "rendering")]), "SEQ814")


def test_parties_by_their_resources():
    contained = [
        {"resourceType": "Organization", "id": "o", "name": "MEADOW CLINIC", "identifier": [
            {"system": NPI, "value": "1234567893"},
            {"system": "urn:oid:2.16.840.1.113883.4.4", "value": "990000001"},
            {"system": "urn:oid:2.16.840.1.113883.4.7", "value": "45D0000001"},
        ], "address": [{"line": ["12 MEADOW LANE"], "city": "AUSTIN", "state": "TX", "postalCode": "787010001"}]},
        {"resourceType": "Practitioner", "id": "p", "name": [{"family": "ROE", "given": ["RICHARD"]}], "identifier": [
            {"type": {"coding": [{"code": "NPI"}]}, "value": "1460123452"}
        ]},
        {"resourceType": "PractitionerRole", "id": "r", "practitioner": {"reference": "#p"}, "organization": {"reference": "#o"},
         "specialty": [concept("taxonomy", "207Q00000X")]},
        {"resourceType": "Location", "id": "l", "address": {"state": "NM"}, "managingOrganization": {"reference": "#o"}},
    ]  # fmt: skip
    made = encounter(
        claim(
            contained=contained,
            provider={"reference": "#o"},
            facility={"reference": "#l"},
            careTeam=[{"sequence": 1, "provider": {"reference": "#r"}, "role": concept("role", "rendering")}],
        )
    )
    assert (made.billing.npi, made.billing.group, made.billing.name, made.billing.tax_id) == (
        "1234567893",
        "1234567893",
        "MEADOW CLINIC",
        "990000001",
    )
    assert (made.billing.state, made.billing.zip, made.clia) == ("TX", "787010001", "45D0000001")
    assert (made.provider.npi, made.provider.group, made.provider.taxonomy, made.provider.name) == (
        "1460123452",
        "1234567893",
        "207Q00000X",
        "ROE, RICHARD",
    )
    assert (made.facility.npi, made.facility.state) == ("1234567893", "NM")


def test_coverage_payer_and_subscriber():
    contained = [
        {"resourceType": "Patient", "id": "p", "gender": "female", "birthDate": "1950-06-01", "name": [{"family": "AMBER", "given": ["ADA"]}],
         "identifier": [{"type": {"coding": [{"code": "SS"}]}, "value": "000"}, {"type": {"coding": [{"code": "MR"}]}, "value": "MR-1"},
                        {"type": {"coding": [{"code": "MB"}]}, "value": "M-1"}]},
        {"resourceType": "Organization", "id": "i", "name": "NORTHWIND", "identifier": [
            {"system": NPI, "value": "1234567893"}, {"type": {"coding": [{"code": "payerid"}]}, "value": "NWPPO"}]},
        {"resourceType": "Coverage", "id": "c", "type": {"coding": [{"code": "12"}]}, "subscriberId": "S-1", "order": 2,
         "relationship": concept("relationship", "self"), "payor": [{"reference": "#i"}],
         "class": [{"type": concept("class", "group"), "value": "G-7", "name": "EVERGREEN"}, {"type": concept("class", "plan"), "value": "GOLD"}]},
        {"resourceType": "Coverage", "id": "d", "subscriberId": "S-2", "payor": [{"identifier": {"value": "MEDICARE"}, "display": "Medicare"}],
         "relationship": concept("relationship", "spouse")},
    ]  # fmt: skip
    insurance = [
        {"focal": False, "coverage": {"reference": "#d"}},
        {"focal": True, "coverage": {"reference": "#c"}, "preAuthRef": ["PA-1"]},
    ]
    made = encounter(claim(contained=contained, patient={"reference": "#p"}, insurance=insurance))
    assert (made.payer, made.payer_name, made.payer_sequence, made.plan, made.product) == (
        "NWPPO",
        "NORTHWIND",
        "secondary",
        "GOLD",
        "12",
    )
    assert (made.patient.id, made.patient.sex, made.medical_record, made.authorization) == (
        "M-1",
        "female",
        "MR-1",
        "PA-1",
    )
    insured = made.subscriber
    assert (insured.member_id, insured.relationship, insured.group_number, insured.group_name) == (
        "S-1",
        "self",
        "G-7",
        "EVERGREEN",
    )
    assert (insured.last_name, insured.birth_date) == ("AMBER", date(1950, 6, 1))
    (other,) = made.other_payers
    assert (other.payer, other.name, other.member_id, other.relationship) == ("MEDICARE", "Medicare", "S-2", "spouse")
