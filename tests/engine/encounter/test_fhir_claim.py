"""What is read of one FHIR claim: its setting, its days, its codes and its circumstances."""

from datetime import date

import pytest
from fhir_asked import BB, claim, encounter, found, info, line, stay
from fhir_words import NPI, concept

from sequela.engine.encounter.model import Diagnosis, Occurrence, Procedure, ValueCode


def profile(name):
    return {"profile": [f"http://hl7.org/fhir/us/carin-bb/StructureDefinition/C4BB-ExplanationOfBenefit-{name}|2.1.0"]}


def medicare(number):
    return {"coding": [{"system": f"{BB}nch_clm_type_cd", "code": number}]}


@pytest.mark.parametrize(
    ("sent", "setting"),
    [
        (claim(), "professional"),
        (claim("vision"), "professional"),
        (claim("institutional", subType=concept("subtype", "inpatient")), "inpatient"),
        (claim("institutional", subType=concept("subtype", "outpatient")), "outpatient"),
        (claim("institutional", supportingInfo=[info("typeofbill", code=concept("bill", "0131"))]), "outpatient"),
        (claim("institutional", supportingInfo=[info("typeofbill", code=concept("bill", "121"))]), "outpatient"),
        (claim("institutional", supportingInfo=[info("typeofbill", code=concept("bill", "0211"))]), "inpatient"),
        (claim(type=None, meta=profile("Professional-NonClinician")), "professional"),
        (claim(type=None, meta=profile("Outpatient-Institutional")), "outpatient"),
        (claim(type=None, meta=profile("Inpatient-Institutional")), "inpatient"),
        (claim(type=medicare("71")), "professional"),
        (claim(type=medicare("82")), "professional"),
        (claim(type=medicare("40")), "outpatient"),
        (claim(type=medicare("60")), "inpatient"),
        (
            claim(type={"coding": [{"system": "https://bluebutton.cms.gov/fhir/CodeSystem/EOB-TYPE", "code": "SNF"}]}),
            "inpatient",
        ),
    ],
)
def test_the_setting(sent, setting):
    assert encounter(sent).setting == setting


def test_the_class_of_the_encounter_tells_and_its_stay_is_read():
    beside = {
        "resourceType": "Encounter",
        "id": "e",
        "class": {"code": "IMP"},
        "period": {"start": "2026-02-20T18:30:00-06:00", "end": "2026-02-27"},
        "priority": {"coding": [{"system": "http://terminology.hl7.org/CodeSystem/v3-ActPriority", "code": "EM"}]},
        "hospitalization": {"admitSource": concept("origin", "1"), "dischargeDisposition": concept("status", "1")},
    }
    made = encounter(claim("institutional", line={"encounter": [{"reference": "#e"}]}, contained=[beside]))
    assert (made.setting, made.admitted, made.admit_hour, made.discharged) == (
        "inpatient",
        date(2026, 2, 20),
        "18",
        date(2026, 2, 27),
    )
    assert (made.admit_type, made.admit_source, made.discharge_status) == ("1", "1", "01")
    visit = encounter(
        claim(line={"encounter": [{"reference": "#e"}]}, contained=[{**beside, "class": {"code": "AMB"}}])
    )
    assert (visit.setting, visit.admitted) == ("professional", None)


def test_what_tells_nothing_is_not_read():
    for sent, code in (
        (claim("institutional"), "SEQ794"),
        (claim("whatever"), "SEQ794"),
        (claim(type=None), "SEQ794"),
        (claim("oral"), "SEQ793"),
        (claim("pharmacy"), "SEQ793"),
        (
            claim(
                type={"coding": [{"system": "https://bluebutton.cms.gov/resources/codesystem/eob-type", "code": "PDE"}]}
            ),
            "SEQ793",
        ),
    ):
        one = found(sent)
        assert one.encounter is None
        assert [problem.code for problem in one.problems] == [code]


def test_a_stay_shows_in_its_other_facts():
    room = {"revenue": concept("revenue", "0120"), "productOrService": None}
    assert encounter(claim("institutional", line=room), "SEQ795").setting == "inpatient"
    assert (
        encounter(
            claim("institutional", procedure=[{"procedureCodeableConcept": concept("pcs", "0DTJ4ZZ")}]), "SEQ795"
        ).setting
        == "inpatient"
    )


def test_the_type_of_bill_goes_before_what_else_is_said():
    sent = claim(
        "institutional",
        subType=concept("subtype", "inpatient"),
        supportingInfo=[info("typeofbill", code=concept("bill", "0131"))],
    )
    assert encounter(sent, "SEQ795").setting == "outpatient"
    both = {"coding": [*medicare("10")["coding"], *concept("type", "professional")["coding"]]}
    assert encounter(claim(type=both), "SEQ795").setting == "outpatient"
    assert (
        encounter(claim(supportingInfo=[info("typeofbill", code=concept("bill", "0131"))]), "SEQ795").bill_type is None
    )


def test_a_type_of_bill_in_parts():
    def part(name, code):
        return {"url": f"{BB}{name}", "valueCoding": {"system": f"{BB}{name}", "code": code}}

    made = encounter(
        claim(
            type=medicare("60"),
            facility={"extension": [part("clm_fac_type_cd", "1")]},
            extension=[part("clm_srvc_clsfctn_type_cd", "1")],
            supportingInfo=[info("typeofbill", code=concept("frequency", "7"))],
        )
    )
    assert (made.bill_type, made.frequency) == ("0117", "7")
    draft = [
        info(f"tob-{name}", code={"coding": [{"code": code}]})
        for name, code in (("typeoffacility", "1"), ("billclassification", "3"), ("frequency", "1"))
    ]
    assert encounter(claim("institutional", supportingInfo=draft)).bill_type == "0131"


@pytest.mark.parametrize(
    ("written", "day"),
    [
        ("2026-03-02", date(2026, 3, 2)),
        ("2026-03-02T23:30:00-06:00", date(2026, 3, 2)),
        ("2026-03-02T00:00:00Z", date(2026, 3, 2)),
        ("2026-03-02T00:00:00.000+00:00", date(2026, 3, 2)),
        ("2026-03-02T15:00:00Z", date(2026, 3, 2)),
        ("2026-03-02T10:00Z", date(2026, 3, 2)),
        ("2026-03-02T03:30:00", date(2026, 3, 2)),
    ],
)
def test_the_day_of_a_date_or_a_moment(written, day):
    assert line(claim(line={"servicedDate": None, "servicedPeriod": {"start": written}})).date == day


@pytest.mark.parametrize(
    "written", ["2026", "2026-03", "2026-02-30", "2026-03-02T03:30:00Z", "20260302", "soon", "2026-03-02T25:00:00Z"]
)
def test_what_does_not_tell_a_day_stays_unknown(written):
    assert line(claim(line={"servicedDate": written}), "SEQ798").date is None


def test_periods():
    made = line(claim(line={"servicedDate": None, "servicedPeriod": {"start": "2026-03-02", "end": "2026-03-05"}}))
    assert (made.date, made.end_date) == (date(2026, 3, 2), date(2026, 3, 5))
    made = line(
        claim(line={"servicedDate": None, "servicedPeriod": {"start": "2026-03-05", "end": "2026-03-02"}}), "SEQ798"
    )
    assert (made.date, made.end_date) == (None, None)
    made = encounter(claim(billablePeriod={"start": "2026-03-05", "end": "2026-03-02"}), "SEQ798")
    assert (made.statement_from, made.statement_to) == (None, None)


def test_diagnoses_with_their_roles_and_pointers():
    def diagnosis(sequence, code, *types, poa=None):
        one = {
            "sequence": sequence,
            "diagnosisCodeableConcept": concept("icd", code),
            "type": [concept("diagnosis", kind) for kind in types],
        }
        return one | ({"onAdmission": concept("poa", poa)} if poa else {})

    made = encounter(
        stay(
            diagnosis=[
                diagnosis(7, "A41.51", "principal", "admitting", poa="Y"),
                diagnosis(3, "W18.30XA", "externalcauseofinjury", poa="1"),
                diagnosis(4, "R65.20", "patientreasonforvisit"),
                diagnosis(5, "I10", poa="n"),
            ],
            line={"diagnosisSequence": [5, 7]},
        )
    )
    assert made.diagnoses == (
        Diagnosis(code="A41.51", role="principal", poa="Y"),
        Diagnosis(code="W18.30XA", role="external-cause", poa="1"),
        Diagnosis(code="R65.20", role="reason-for-visit"),
        Diagnosis(code="I10", poa="N"),
        Diagnosis(code="A41.51", role="admitting", poa="Y"),
    )
    assert made.lines[0].diagnoses == (4, 1)


def test_a_second_principal_diagnosis_is_secondary():
    both = [
        {"diagnosisCodeableConcept": concept("icd", code), "type": [concept("diagnosis", "principal")]}
        for code in ("I10", "E11.9")
    ]
    made = encounter(claim(diagnosis=both), "SEQ814")
    assert [one.role for one in made.diagnoses] == ["principal", "secondary"]


def test_codes_of_other_systems_are_left_out_and_lead_nowhere():
    sent = claim(
        diagnosis=[
            {
                "sequence": 1,
                "diagnosisCodeableConcept": {"coding": [{"system": "http://snomed.info/sct", "code": "44054006"}]},
            },
            {"sequence": 2, "diagnosisCodeableConcept": {"text": "diabetes"}},
            {"sequence": 3, "diagnosisCodeableConcept": {"coding": [{"code": "E11.9"}]}},
            {"sequence": 4, "diagnosisCodeableConcept": concept("icd", "I10")},
        ],
        line={"diagnosisSequence": [4, 1]},
    )
    made = encounter(sent, "SEQ812", "SEQ812", "SEQ812", "SEQ813")
    assert [one.code for one in made.diagnoses] == ["E11.9", "I10"]
    assert made.lines[0].diagnoses is None


def test_a_condition_says_the_code_and_the_onset():
    condition = {"resourceType": "Condition", "id": "c", "code": concept("icd", "I10"), "onsetDateTime": "2026-02-01"}
    made = encounter(
        claim(diagnosis=[{"sequence": 1, "diagnosisReference": {"reference": "#c"}}], contained=[condition])
    )
    assert (made.diagnoses[0].code, made.onset_date) == ("I10", date(2026, 2, 1))
    encounter(
        claim(diagnosis=[{"sequence": 1, "diagnosisReference": {"reference": "Condition/9"}}]), "SEQ812", "SEQ811"
    )


def test_icd9_codes_are_read_and_said():
    old = {"coding": [{"system": "http://hl7.org/fhir/sid/icd-9-cm", "code": "25000"}]}
    assert encounter(claim(diagnosis=[{"diagnosisCodeableConcept": old}]), "SEQ818").diagnoses[0].code == "25000"


def test_two_sequences_of_one_number_lead_nowhere():
    twice = [{"sequence": 1, "diagnosisCodeableConcept": concept("icd", code)} for code in ("I10", "E11.9")]
    assert line(claim(diagnosis=twice, line={"diagnosisSequence": [1]}), "SEQ813", "SEQ813").diagnoses is None


def test_procedures_with_their_days():
    made = encounter(
        stay(procedure=[{"procedureCodeableConcept": concept("pcs", "0dtj4zz"), "date": "2026-02-16T00:00:00+00:00"}])
    )
    assert made.procedures == (Procedure(code="0DTJ4ZZ", date=date(2026, 2, 16)),)
    elsewhere = {"coding": [{"system": "http://snomed.info/sct", "code": "80146002"}]}
    assert encounter(stay(procedure=[{"procedureCodeableConcept": elsewhere}]), "SEQ812").procedures == ()


def test_supporting_information():
    made = encounter(
        stay(
            info=[
                info(
                    "admissionperiod",
                    timingPeriod={"start": "2026-02-20T18:30:00-06:00", "end": "2026-02-27T11:00:00-06:00"},
                ),
                info("clmrecvddate", timingDate="2026-03-03"),
                info("discharge-status", code=concept("status", "1")),
                info("pointoforigin", code=concept("origin", "1")),
                info("admtype", code=concept("admit", "1")),
                info("drg", code=concept("drg", "871")),
                info("medicalrecordnumber", valueString="MR-7"),
                {"category": concept("info-r4", "info"), "code": concept("condition", "44")},
                {
                    "category": concept("info-r4", "info"),
                    "code": concept("occurrence", "11"),
                    "timingDate": "2026-02-14",
                },
                {
                    "category": concept("info-r4", "info"),
                    "code": concept("occurrence", "74"),
                    "timingPeriod": {"start": "2026-02-21", "end": "2026-02-22"},
                },
                {"category": concept("info-r4", "info"), "code": concept("value", "80"), "valueQuantity": {"value": 7}},
                {"category": concept("info-r4", "info"), "valueString": "SEEN TWICE"},
                {"category": concept("x12-date", "484"), "timingDate": "2026-01-01"},
                {"category": concept("x12-reference", "EW"), "valueString": "M-1"},
            ]
        )
    )
    assert (made.admitted, made.admit_hour, made.discharged, made.discharge_hour) == (
        date(2026, 2, 20),
        "18",
        date(2026, 2, 27),
        "11",
    )
    assert (made.received, made.discharge_status, made.admit_source, made.admit_type, made.drg) == (
        date(2026, 3, 3),
        "01",
        "1",
        "1",
        "871",
    )
    assert (made.medical_record, made.condition_codes, made.note) == ("MR-7", ("44",), "SEEN TWICE")
    assert made.occurrence_codes == (
        Occurrence(code="11", date=date(2026, 2, 14)),
        Occurrence(code="74", date=date(2026, 2, 21), end_date=date(2026, 2, 22)),
    )
    assert made.value_codes == (ValueCode(code="80", amount=7),)
    assert (made.last_menstrual_date, made.mammography) == (date(2026, 1, 1), "M-1")


def test_what_is_said_twice():
    assert encounter(stay(info=[info("drg", code=concept("drg", "871"))] * 2)).drg == "871"
    two = [info("drg", code=concept("drg", code)) for code in ("871", "872")]
    assert encounter(stay(info=two), "SEQ814").drg == "871"


def test_the_last_day_of_the_statement_is_that_of_the_discharge():
    period = {"start": "2026-02-20", "end": "2026-02-27"}
    gone, there = (info("discharge-status", code=concept("status", code)) for code in ("01", "30"))
    assert encounter(stay(info=[gone], billablePeriod=period)).discharged == date(2026, 2, 27)
    assert encounter(stay(info=[there], billablePeriod=period)).discharged is None
    assert encounter(stay(billablePeriod=period)).discharged is None


def test_created_is_not_received():
    assert encounter(claim(created="2026-03-04")).received is None


def test_circumstances_and_earlier_claims():
    made = encounter(
        claim(
            accident={"date": "2026-02-01", "type": {"coding": [{"code": "MVA"}]}, "locationAddress": {"state": "TX"}},
            related=[
                {"relationship": concept("related", "prior"), "reference": {"value": "NW-1"}},
                {"relationship": concept("related", "associated"), "reference": {"value": "X"}},
            ],
            payee={"type": {"coding": [{"code": "provider"}]}},
            referral={"identifier": {"value": "R-7"}},
            supportingInfo=[{"category": concept("info-r4", "info"), "code": concept("x12-assignment", "A")}],
        )
    )
    assert (made.accident_date, made.auto_accident, made.accident_state) == (date(2026, 2, 1), True, "TX")
    assert (made.original_claim, made.frequency, made.benefits_assigned, made.assignment) == ("NW-1", None, True, True)
    assert (made.referral, made.referring.npi) == ("R-7", None)
    made = encounter(claim(related=[{"relationship": {"coding": [{"code": "7"}]}, "reference": {"value": "NW-1"}}]))
    assert (made.original_claim, made.frequency) == ("NW-1", "7")
    by_npi = {"identifier": {"system": NPI, "value": "1234567893"}}
    assert encounter(claim(referral=by_npi)).referring.npi == "1234567893"


def test_use_and_status_are_said():
    for more in ({"use": "preauthorization"}, {"use": "predetermination"}, {"status": "cancelled"}):
        encounter(claim(**more), "SEQ816")
    encounter(claim(item=[]), "SEQ819")
