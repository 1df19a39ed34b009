"""The view: which members a claim has, in which order, what they are called, which lists are open."""

from datetime import date

import pytest

from sequela.engine.encounter.from_json import read_encounter
from sequela.engine.encounter.view import READERS, View
from sequela.engine.vocabulary.absent import NONE
from sequela.engine.vocabulary.kinds import Kind

CLAIM = {"schema": "sequela.encounter/1", "id": "C-1", "setting": "professional", "lines": []}


def view(**facts):
    read = read_encounter(CLAIM | facts)
    assert read.problems == ()
    return View(read.encounter)


def codes(members):
    return [member.code for member in members]


def dx(*rows):
    return [{"code": row} if isinstance(row, str) else {"code": row[0], "role": row[1]} for row in rows]


def test_lines_have_numbers_pointers_and_codes_in_normal_form():
    found = view(lines=[{"number": 7, "code": "99213"}, {"code": "g0008"}, {"revenue": "0450"}, {}])
    lines = found.members(Kind.LINE)
    assert [line.number for line in lines] == [7, 2, 3, 4]
    assert [line.pointer for line in lines] == ["/lines/0", "/lines/1", "/lines/2", "/lines/3"]
    assert [found.label(line) for line in lines] == ["line 7", "line 2", "line 3", "line 4"]
    assert codes(lines) == ["99213", "G0008", NONE, None]
    assert found.members(Kind.LINE) is lines


def test_the_principal_diagnosis_comes_first_and_the_others_as_sent():
    found = view(
        diagnoses=dx(
            "E11.9",
            ("R07.9", "admitting"),
            ("W18.30XA", "external-cause"),
            ("I10", "principal"),
            ("R05.9", "reason-for-visit"),
        )
    )
    assert codes(found.members(Kind.DIAGNOSIS)) == ["I10", "E119", "W1830XA"]
    assert [member.order for member in found.diagnoses()] == [0, 1, 2]
    assert [member.pointer for member in found.diagnoses()] == ["/diagnoses/3", "/diagnoses/0", "/diagnoses/2"]
    assert [found.label(member) for member in found.diagnoses()] == ["dx 4", "dx 1", "dx 3"]
    assert codes(found.members(Kind.ADMITTING_DIAGNOSIS)) == ["R079"]
    assert found.label(found.admitting_diagnoses()[0]) == "admitting dx 2"
    assert codes(found.members(Kind.REASON_DIAGNOSIS)) == ["R059"]
    assert found.label(found.reason_diagnoses()[0]) == "reason-for-visit dx 5"


def test_a_line_points_by_place_as_sent_and_never_to_an_admitting_diagnosis():
    lines = [{"diagnoses": [3, 1, 2]}, {"diagnoses": []}, {}]
    found = view(diagnoses=dx("E11.9", ("R07.9", "admitting"), ("I10", "principal")), lines=lines)
    first, second, third = found.lines()
    assert codes(found.diagnoses_of(first)) == ["I10", "E119"]
    assert found.diagnoses_of(first)[0] is found.diagnoses()[0]
    assert found.diagnoses_of(second) == ()
    assert found.diagnoses_of(third) is None


@pytest.mark.parametrize("setting", ["inpatient", "outpatient"])
def test_a_line_of_an_institutional_claim_points_to_every_diagnosis(setting):
    found = view(setting=setting, diagnoses=dx("E11.9", ("I10", "principal")), lines=[{}, {"diagnoses": [1]}])
    assert [codes(found.diagnoses_of(line)) for line in found.lines()] == [["I10", "E119"], ["I10", "E119"]]


def test_modifiers_stand_below_their_line():
    found = view(
        lines=[{"code": "99213", "modifiers": ["25", "lt"]}],
        history={"lines": [{"code": "99213", "modifiers": ["59"]}]},
    )
    marks = found.modifiers(found.lines()[0])
    assert codes(marks) == ["25", "LT"]
    assert [mark.pointer for mark in marks] == ["/lines/0/modifiers/0", "/lines/0/modifiers/1"]
    assert found.label(marks[1]) == "modifier LT of line 1"
    assert marks[0].parent is found.lines()[0]
    older = found.modifiers(found.history_lines()[0])
    assert codes(older) == ["59"]
    assert older[0].pointer == "/history/lines/0/modifiers/0"
    assert older[0] != marks[0]


def test_a_history_line_has_the_diagnoses_that_were_sent_with_it():
    found = view(history={"lines": [{"diagnoses": ["j06.9"]}, {"diagnoses": []}, {}]})
    first, second, third = found.history_lines()
    (member,) = found.diagnoses_of(first)
    assert (member.code, member.pointer, found.label(member)) == (
        "J069",
        "/history/lines/0/diagnoses/0",
        "dx 1 of history line 1",
    )
    assert found.diagnoses_of(second) == ()
    assert found.diagnoses_of(third) is None


def test_members_of_the_smaller_lists():
    found = view(
        setting="inpatient",
        procedures=[{"code": "0dtj4zz"}],
        condition_codes=["44"],
        occurrence_codes=[{"code": "a1", "date": "2026-03-01"}],
        value_codes=[{"code": "80", "amount": 3}],
        documents={"items": [{"kind": "note"}]},
    )
    expected = {
        Kind.PROCEDURE: ("0DTJ4ZZ", "/procedures/0", "procedure 1"),
        Kind.CONDITION_CODE: ("44", "/condition_codes/0", "condition code 44"),
        Kind.OCCURRENCE: ("A1", "/occurrence_codes/0", "occurrence code A1"),
        Kind.VALUE_CODE: ("80", "/value_codes/0", "value code 80"),
        Kind.DOCUMENT: (None, "/documents/items/0", "document 1"),
    }
    for kind, (code, pointer, label) in expected.items():
        (member,) = found.members(kind)
        assert (member.code, member.pointer, found.label(member), member.kind) == (code, pointer, label, kind)


def test_the_claim_and_the_patient_are_members():
    found = view()
    assert (found.claim.pointer, found.label(found.claim)) == ("", "the claim")
    assert (found.patient.pointer, found.label(found.patient)) == ("/patient", "the patient")
    assert found.members(Kind.CLAIM) == ()


def test_every_kind_with_a_list_has_a_reader():
    without = {Kind.CLAIM, Kind.PATIENT, Kind.PARTY, Kind.SUBSCRIBER, Kind.MODIFIER, Kind.GROUP, Kind.ROW}
    assert set(READERS) == set(Kind) - without
    for kind in READERS:
        assert view().members(kind) == ()


@pytest.mark.parametrize(
    ("history", "is_open"),
    [
        (None, True),
        ({}, True),
        ({"lines": []}, False),
        ({"lines": [{}]}, True),
        ({"complete": True}, False),
        ({"complete": True, "lines": [{}]}, False),
        ({"complete": False, "lines": []}, True),
    ],
)
def test_when_the_history_may_hold_more(history, is_open):
    found = view(history=history)
    assert found.is_open(Kind.HISTORY_LINE) is is_open
    assert found.is_open(Kind.SERVICE) is is_open
    assert found.open_pointer(Kind.SERVICE) == "/history/complete"
    assert not found.is_open(Kind.LINE)


@pytest.mark.parametrize(
    ("documents", "is_open"),
    [(None, True), ({"items": []}, False), ({"items": [{}]}, True), ({"complete": True}, False)],
)
def test_when_there_may_be_more_documents(documents, is_open):
    found = view(documents=documents)
    assert found.is_open(Kind.DOCUMENT) is is_open
    assert found.open_pointer(Kind.DOCUMENT) == "/documents/complete"


HISTORY = {
    "lines": [
        {"claim": "C-1", "code": "99211", "disposition": "paid"},
        {"claim": "C-2", "code": "99212", "disposition": "void"},
        {"claim": "C-3", "code": "99213", "disposition": "denied"},
        {"claim": "C-4", "code": "99214"},
        {"code": "99215", "disposition": "paid"},
    ]
}


@pytest.mark.parametrize(
    ("facts", "certain", "uncertain"),
    [
        ({}, ["99211", "99213", "99215"], ["99214"]),
        ({"frequency": "1", "original_claim": "C-1"}, ["99211", "99213", "99215"], ["99214"]),
        ({"frequency": "7", "original_claim": "C-1"}, ["99213"], ["99214", "99215"]),
        ({"original_claim": "C-3"}, ["99211"], ["99214", "99215"]),
        ({"frequency": "8"}, [], ["99211", "99213", "99214", "99215"]),
        ({"bill_type": "0137", "original_claim": "C-3"}, ["99211"], ["99214", "99215"]),
    ],
)
def test_services_leave_out_what_is_void_or_replaced(facts, certain, uncertain):
    found = view(history=HISTORY, lines=[{"code": "17000"}], **facts)
    services = found.members(Kind.SERVICE)
    assert services[0] is found.lines()[0]
    assert [member.code for member in services[1:] if not member.uncertain] == certain
    assert [member.code for member in services if member.uncertain] == uncertain
    assert not any(member.uncertain for member in found.history_lines())
    assert {member.pointer for member in services[1:]} <= {member.pointer for member in found.history_lines()}


def test_what_would_settle_whether_a_service_belongs():
    found = view(history=HISTORY, frequency="7")
    asked = {member.code: found.belonging_sources(member) for member in found.services()}
    assert asked["99211"] == ("/original_claim",)
    assert asked["99214"] == ("/history/lines/3/disposition", "/original_claim")
    found = view(history=HISTORY, frequency="7", original_claim="C-1")
    asked = {member.code: found.belonging_sources(member) for member in found.services() if member.uncertain}
    assert asked == {"99214": ("/history/lines/3/disposition",), "99215": ("/history/lines/4/claim",)}


DAY, LATER = date(2026, 3, 2), date(2026, 3, 9)


@pytest.mark.parametrize(
    ("facts", "expected", "asked"),
    [
        ({"lines": [{"date": "2026-03-09"}, {"date": "2026-03-02"}]}, DAY, ()),
        ({"lines": [{"date": "2026-03-09"}, {}]}, None, ("/lines/1/date",)),
        ({"lines": [{}, {"date": "2026-03-09"}], "statement_from": "2026-03-02"}, DAY, ()),
        ({"lines": [{"date": "2026-03-02"}], "statement_from": "2026-03-09"}, DAY, ()),
        ({}, None, ("/statement_from",)),
        ({"setting": "outpatient", "lines": [{}]}, None, ("/statement_from",)),
        ({"setting": "inpatient", "discharged": "2026-03-09", "statement_from": "2026-03-02"}, LATER, ()),
        ({"setting": "inpatient", "statement_from": "2026-03-02"}, None, ("/discharged",)),
        ({"setting": "inpatient", "discharge_status": "01", "statement_to": "2026-03-09"}, None, ("/discharged",)),
        ({"setting": "inpatient", "discharge_status": "30", "statement_to": "2026-03-09"}, LATER, ()),
        ({"setting": "inpatient", "discharge_status": "30"}, None, ("/statement_to",)),
    ],
)
def test_the_default_governing_date_and_what_would_settle_it(facts, expected, asked):
    found = view(**facts)
    assert found.default_date() == expected
    assert found.default_date_sources() == asked


def test_members_of_one_place_are_equal():
    one, other = view(lines=[{}, {}]), view(lines=[{}, {}])
    assert one.lines()[0] == other.lines()[0]
    assert one.lines()[0] != one.lines()[1]
    assert len({*one.lines(), *other.lines()}) == 2
    assert one.lines()[0] != "/lines/0"
    assert repr(one.lines()[1]) == "<line 2>"
