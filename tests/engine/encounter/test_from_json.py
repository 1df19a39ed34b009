"""Reading `sequela.encounter/1`: what is right is read, and everything that is wrong is named at once."""

import copy
import json
from datetime import date, datetime
from decimal import Decimal

import pytest

from sequela.engine.encounter.from_json import canonical_bytes, encounter_from, read_encounter, to_json
from sequela.engine.encounter.model import Encounter, Line
from sequela.engine.encounter.reading import EncounterError

SAMPLE = {
    "schema": "sequela.encounter/1",
    "id": "C-1881",
    "setting": "professional",
    "payer": "medicare",
    "received": "2026-03-20",
    "authorization": None,
    "place": "11",
    "statement_from": None,
    "condition_codes": [],
    "occurrence_codes": [{"code": "11", "date": "2026-03-01"}],
    "patient": {"id": "P-7", "birth_date": "1950-06-01", "sex": "female"},
    "provider": {
        "npi": "1234567893",
        "group": "1992999999",
        "specialty": "08",
        "taxonomy": "207Q00000X",
        "state": "TX",
    },
    "diagnoses": [{"code": "L57.0", "role": "principal", "poa": "Y"}],
    "procedures": [{"code": "0DTJ4ZZ", "date": "2026-03-02"}],
    "lines": [
        {
            "number": 1,
            "code": "99213",
            "modifiers": ["25"],
            "units": 1,
            "date": "2026-03-02",
            "end_date": None,
            "place": "11",
            "diagnoses": [1],
            "charge": "120.00",
            "provider": "1234567893",
        }
    ],
    "history": {
        "complete": True,
        "lines": [{"claim": "C-1700", "code": "99213", "units": 1, "diagnoses": ["J06.9"], "disposition": "paid"}],
    },
    "documents": {"complete": False, "items": [{"kind": "progress note", "supports": ["L57.0"]}]},
    "extra": {},
}
SHORT = '{"schema":"sequela.encounter/1","id":"a","setting":"inpatient","lines":[%s]}'


def changed(change):
    claim = copy.deepcopy(SAMPLE)
    change(claim)
    return claim


def problems(data):
    """(code, pointer) of every problem, through the text and through the mapping; both must say the same."""
    of_mapping = read_encounter(data)
    of_text = read_encounter(json.dumps(data, indent=1))
    assert (of_mapping.encounter is None) == (of_text.encounter is None) == bool(of_text.problems)
    said = [(problem.code, problem.place) for problem in of_mapping.problems]
    assert said == [(problem.code, problem.place.split(", line")[0]) for problem in of_text.problems]
    assert [problem.message for problem in of_mapping.problems] == [problem.message for problem in of_text.problems]
    return said


def test_the_sample_of_the_contract_is_read():
    read = read_encounter(json.dumps(SAMPLE))
    assert read.problems == ()
    claim = read.encounter
    assert (claim.id, claim.received, claim.authorization) == ("C-1881", date(2026, 3, 20), None)
    assert (claim.lines[0].charge, claim.lines[0].units) == (Decimal("120.00"), 1)
    assert claim.provider.taxonomy == "207Q00000X"
    assert claim.documents.items[0].supports == ("L57.0",)
    assert claim == read_encounter(SAMPLE).encounter == read_encounter(json.dumps(SAMPLE).encode()).encounter


def test_null_means_absent_for_lists_and_objects_too():
    nulls = dict.fromkeys(("procedures", "diagnoses", "patient", "provider", "history", "documents", "tags", "extra"))
    claim = read_encounter(json.dumps(SAMPLE | nulls | {"lines": [{"code": "99213", "modifiers": None}]})).encounter
    assert claim == read_encounter(SAMPLE | nulls | {"lines": [{"code": "99213"}]}).encounter
    assert claim.procedures == ()
    assert claim.lines[0].modifiers == ()


def test_what_is_under_extra_stays_as_it_is():
    extra = {"a": None, "b": [None, {"c": None}, 1.5]}
    assert read_encounter(SAMPLE | {"extra": extra, "procedures": None}).encounter.extra == extra
    found = read_encounter(json.dumps(SAMPLE | {"extra": extra, "procedures": None})).encounter.extra
    assert found == extra
    assert type(found["b"][2]) is float


def test_amounts_are_exact():
    text = SHORT % '{"charge": 1234567.10, "units": 0.1, "paid": 1}'.replace(', "paid": 1', "")
    line = read_encounter(text).encounter.lines[0]
    assert (line.charge, line.units) == (Decimal("1234567.10"), Decimal("0.1"))
    assert read_encounter(text.replace("]}", '],"procedures":null}')).encounter.lines[0] == line


def test_a_value_knows_where_it_was_written():
    claim = read_encounter(json.dumps(SAMPLE, indent=1), "claims.json").encounter
    origin = claim.origins.origin_of("/lines/0/units")
    text = json.dumps(SAMPLE, indent=1).splitlines()
    assert text[origin.line - 1][origin.column - 1 :].startswith("1,")
    assert '"units"' in text[origin.line - 1]
    assert (origin.file, origin.pointer) == ("claims.json", "/lines/0/units")
    assert claim.origins.origin_of("/lines/0/ndc").line == claim.origins.origin_of("/lines/0").line


def line(**facts):
    return lambda claim: claim["lines"][0].update(facts)


def top(**facts):
    return lambda claim: claim.update(facts)


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (line(modifers=["25"]), [("SEQ710", "/lines/0/modifers")]),
        (top(payor="x"), [("SEQ710", "/payor")]),
        (top(payor=None), [("SEQ710", "/payor")]),
        (line(modifers=None), [("SEQ710", "/lines/0/modifers")]),
        (top(patient={"dob": "1950-01-01"}), [("SEQ710", "/patient/dob")]),
        (top(tags={"Bad Name": "x"}), [("SEQ710", "/tags/Bad Name")]),
        (lambda claim: claim.pop("schema"), [("SEQ711", "the encounter")]),
        (top(schema=None), [("SEQ711", "the encounter")]),
        (lambda claim: claim.pop("id"), [("SEQ711", "the encounter")]),
        (top(lines=None), [("SEQ711", "the encounter")]),
        (top(diagnoses=[{"role": "principal"}], lines=[]), [("SEQ711", "/diagnoses/0")]),
        (line(place=11), [("SEQ712", "/lines/0/place")]),
        (line(units="two"), [("SEQ712", "/lines/0/units")]),
        (line(units=True), [("SEQ712", "/lines/0/units")]),
        (line(units=[1]), [("SEQ712", "/lines/0/units")]),
        (line(modifiers="25"), [("SEQ712", "/lines/0/modifiers")]),
        (line(modifiers=["25", None]), [("SEQ712", "/lines/0/modifiers/1")]),
        (line(diagnoses=["1"]), [("SEQ712", "/lines/0/diagnoses/0")]),
        (line(emergency="yes"), [("SEQ712", "/lines/0/emergency")]),
        (top(lines={}), [("SEQ712", "/lines")]),
        (top(lines=[None]), [("SEQ712", "/lines/0")]),
        (top(patient=[]), [("SEQ712", "/patient")]),
        (top(history=True), [("SEQ712", "/history")]),
        (top(extra=[]), [("SEQ712", "/extra")]),
        (top(tags={"arm": 3}), [("SEQ712", "/tags/arm")]),
        (top(setting="prof"), [("SEQ713", "/setting")]),
        (top(schema="sequela.encounter/2"), [("SEQ713", "/schema")]),
        (top(patient={"sex": "F"}), [("SEQ713", "/patient/sex")]),
        (top(diagnoses=[{"code": "L57.0", "poa": "y"}]), [("SEQ713", "/diagnoses/0/poa")]),
        (line(date="2026-03-02T08:00:00"), [("SEQ714", "/lines/0/date")]),
        (line(date="2026-03-02 08:00"), [("SEQ714", "/lines/0/date")]),
        (line(date="2026-02-30"), [("SEQ714", "/lines/0/date")]),
        (line(date="03/02/2026"), [("SEQ714", "/lines/0/date")]),
        (line(date="20260302"), [("SEQ714", "/lines/0/date")]),
        (line(date=20260302), [("SEQ714", "/lines/0/date")]),
        (top(authorization=""), [("SEQ715", "/authorization")]),
        (line(code="9921"), [("SEQ716", "/lines/0/code")]),
        (line(place="1"), [("SEQ716", "/lines/0/place")]),
        (line(modifiers=["2"]), [("SEQ716", "/lines/0/modifiers/0")]),
        (top(bill_type="131"), [("SEQ716", "/bill_type")]),
        (line(units=-1), [("SEQ717", "/lines/0/units")]),
        (line(charge="-0.01"), [("SEQ717", "/lines/0/charge")]),
        (line(charge="1.005"), [("SEQ717", "/lines/0/charge")]),
        (line(charge="NaN"), [("SEQ717", "/lines/0/charge")]),
        (line(charge="Infinity"), [("SEQ717", "/lines/0/charge")]),
        (line(units=10**30), [("SEQ717", "/lines/0/units")]),
        (line(units="1e400"), [("SEQ717", "/lines/0/units")]),
        (line(units="1e-400"), [("SEQ717", "/lines/0/units")]),
        (line(number=0), [("SEQ717", "/lines/0/number")]),
        (line(diagnoses=[2]), [("SEQ720", "/lines/0/diagnoses/0")]),
        (line(diagnoses=[0]), [("SEQ720", "/lines/0/diagnoses/0")]),
        (line(diagnoses=[10**30]), [("SEQ720", "/lines/0/diagnoses/0")]),
        (top(lines=[{"number": 2}, {"number": 2}]), [("SEQ721", "/lines/1/number")]),
        (top(lines=[{"number": 2}, {}]), [("SEQ721", "/lines/1")]),
        (top(diagnoses=[{"code": "I10", "role": "principal"}] * 2), [("SEQ722", "/diagnoses/1/role")]),
        (line(modifiers=["25"] * 6), [("SEQ723", "/lines/0/modifiers")]),
    ],
)
def test_what_is_wrong_is_named_with_its_place(change, expected):
    assert problems(changed(change)) == expected


def test_everything_that_is_wrong_is_named_in_one_run():
    def change(claim):
        claim["lines"][0] |= {
            "modifers": ["25"],
            "date": "2026-03-02T10:00",
            "units": -2,
            "code": "9921",
            "diagnoses": [1, 4],
        }
        claim["lines"].append({"number": 1, "charge": "1.001"})
        claim["diagnoses"].append(None)

    assert sorted(problems(changed(change))) == [
        ("SEQ710", "/lines/0/modifers"),
        ("SEQ712", "/diagnoses/1"),
        ("SEQ714", "/lines/0/date"),
        ("SEQ716", "/lines/0/code"),
        ("SEQ717", "/lines/0/units"),
        ("SEQ717", "/lines/1/charge"),
        ("SEQ721", "/lines/1/number"),
    ]


def test_what_stands_behind_a_faulty_item_keeps_its_place():
    claim = changed(top(procedures=[None, {"code": "0DTJ4ZZ"}, {"code": "bad"}]))
    assert problems(claim) == [("SEQ712", "/procedures/0"), ("SEQ716", "/procedures/2/code")]


def test_a_missing_setting_does_not_hide_the_rest():
    claim = changed(lambda claim: (claim.pop("setting"), claim["lines"][0].update(units=-1)))
    assert problems(claim) == [("SEQ711", "the encounter"), ("SEQ717", "/lines/0/units")]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (line(modifers=[]), "Did you mean `modifiers`?"),
        (top(setting="prof"), 'Did you mean "professional"?'),
        (top(patient={"sex": "F"}), 'Did you mean "female"?'),
        (line(date="2026-03-02T08:00"), 'Write "2026-03-02".'),
        (line(place=11), 'Put it in quotes, with its leading zeros: "11".'),
        (line(units="two"), None),
        (line(units=-1), "A count is zero or more, with at most six decimals."),
        (lambda claim: claim.pop("lines"), 'An empty list is allowed: "lines": [].'),
        (line(place="1"), "The form is two digits with the leading zero, such as 02."),
    ],
)
def test_a_problem_says_what_to_try(change, words):
    (problem,) = read_encounter(changed(change)).problems
    assert problem.hint == words
    assert problem.claim == "C-1881"
    assert problem.fatal


def test_a_problem_quotes_what_was_written_and_names_no_type_of_the_program():
    (problem,) = read_encounter(changed(line(units={"a": 1}))).problems
    assert (
        problem.message
        == '`units` is an object; a number, such as 1, or a decimal text, such as "120.00", is expected.'
    )
    (problem,) = read_encounter(changed(line(charge="-5"))).problems
    assert problem.message == "`charge` is -5, which is not an amount."


@pytest.mark.parametrize(
    ("text", "code", "place", "message"),
    [
        ("", "SEQ700", "line 1, column 1, byte 0", "There is nothing in it."),
        ('{"id": "a"', "SEQ703", "line 1, column 11, byte 10", "The text ends before the claim does."),
        ('{"id": NaN}', "SEQ703", "line 1, column 8, byte 7", "This is not JSON: invalid character."),
        ('{"id": "a",\n}', "SEQ703", "line 2, column 1, byte 12", "This is not JSON: trailing comma in object."),
        ("{'id': 1}", "SEQ703", "line 1, column 2, byte 1", "This is not JSON: object keys must be strings."),
        ('{"é": x}', "SEQ703", "line 1, column 7, byte 7", "This is not JSON: invalid character."),
        (
            '{"id": 1' + "0" * 5000 + "}",
            "SEQ703",
            "line 1, column 8, byte 7",
            "A number has more digits than any amount or count.",
        ),
        ("[" * 100_000, "SEQ703", "the whole text", "Lists or objects stand in one another too deep to be a claim."),
        (
            '{"a":' * 100_000,
            "SEQ703",
            "the whole text",
            "Lists or objects stand in one another too deep to be a claim.",
        ),
        (b'{"id": "M\xfcller"}', "SEQ700", "byte 9, line 1", "This text is not UTF-8: byte 9 is 0xFC."),
        (
            "[]",
            "SEQ712",
            "the encounter, line 1, column 1",
            "The encounter is a list; an object, {…} with its keys, is expected.",
        ),
        ('"\ud800"', "SEQ700", "byte 1, line 1", "This text is not UTF-8: byte 1 is 0xED."),
    ],
)
def test_a_text_that_is_no_json(text, code, place, message):
    (problem,) = read_encounter(text, "x.json").problems
    assert (problem.code, problem.place, problem.message, problem.file) == (code, place, message, "x.json")


def test_nan_and_infinity_have_a_hint():
    for word in ("NaN", "Infinity", "-Infinity"):
        (problem,) = read_encounter(SHORT % f'{{"units": {word}}}').problems
        assert problem.hint == "JSON has no NaN and no Infinity: leave the key out when the value is not known."
    (problem,) = read_encounter(SAMPLE | {"lines": [{"units": float("nan")}]}).problems
    assert problem.code == "SEQ717"


@pytest.mark.parametrize(
    ("text", "pointer", "key"),
    [
        (SHORT % '{"units":1,"units":2}', "/lines/0/units", '"units"'),
        (SHORT % '{"units" : 1, "units" : 2}', "/lines/0/units", '"units"'),
        ((SHORT % "").replace('"id"', '"setting":"inpatient","id"'), "/setting", '"setting"'),
        ((SHORT % "").replace("]}", '],"extra":{"a":{"b":1,"b":2}}}'), "/extra/a/b", '"b"'),
        (SHORT % '{"note":"x\\u003a","units":1,"units":2}', "/lines/0/units", '"units"'),
        (SHORT % '{"\\u0075nits":1,"units":2}', "/lines/0/units", '"units"'),
        ((SHORT % "").replace("]}", '],"procedures":null,"procedures":[]}'), "/procedures", '"procedures"'),
        (SHORT % '{"note":"a:b","note":"c"},{"note":null}', "/lines/0/note", '"note":"c"'),
    ],
)
def test_a_key_that_stands_twice(text, pointer, key):
    found = read_encounter(text)
    assert found.encounter is None
    (problem,) = found.problems
    assert (problem.code, problem.place) == ("SEQ718", f"{pointer}, line 1, column {text.rindex(key) + 1}")


@pytest.mark.parametrize("note", ["a:b", 'say \\"x\\": y', "\\u003a", "\\\\", '{\\"a\\":1,\\"a\\":2}'])
def test_colons_in_texts_are_no_keys(note):
    assert read_encounter(SHORT % f'{{"note":"{note}"}}').problems == ()
    assert read_encounter((SHORT % f'{{"note":"{note}"}}').replace('"schema"', ' "schema"')).problems == ()


def test_a_byte_order_mark_is_no_fault():
    assert read_encounter(b"\xef\xbb\xbf" + json.dumps(SAMPLE).encode()).problems == ()


def test_five_thousand_lines_are_a_claim_and_a_fault_in_it_is_found():
    lines = [{"code": "99213", "units": 1, "date": "2026-03-02"} for _ in range(5000)]
    claim = SAMPLE | {"lines": lines}
    assert len(read_encounter(json.dumps(claim)).encounter.lines) == 5000
    lines[4321]["unit"] = 1
    assert problems(claim) == [("SEQ710", "/lines/4321/unit")]


def test_a_program_hands_in_what_it_has():
    claim = encounter_from(SAMPLE)
    assert encounter_from(claim) is claim
    assert encounter_from(json.dumps(SAMPLE)) == encounter_from(json.dumps(SAMPLE).encode()) == claim
    own = SAMPLE | {"received": date(2026, 3, 20), "lines": ({"units": Decimal("1.5"), "modifiers": ("25",)},)}
    assert encounter_from(own).lines == (Line(units=Decimal("1.5"), modifiers=("25",)),)
    with pytest.raises(EncounterError) as caught:
        encounter_from(SAMPLE | {"seting": "x", "received": datetime(2026, 3, 20, 8)})
    assert [problem.code for problem in caught.value.problems] == ["SEQ714", "SEQ710"]
    assert "SEQ710 `seting` is not a key of the encounter. [/seting] Did you mean `setting`?" in str(caught.value)


def test_a_mapping_with_keys_that_are_no_texts():
    assert ("SEQ710", "/1") in [(problem.code, problem.place) for problem in read_encounter(SAMPLE | {1: 2}).problems]


def test_a_mapping_is_not_changed_by_reading_it():
    claim = changed(line(units=-1, modifers=[]))
    before = copy.deepcopy(claim)
    read_encounter(claim)
    assert claim == before


def test_what_is_written_is_read_again():
    claim = encounter_from(SAMPLE)
    written = to_json(claim)
    assert json.loads(json.dumps(written)) == written
    assert written["schema"] == "sequela.encounter/1"
    assert written["lines"][0]["charge"] == "120.00"
    assert "authorization" not in written
    assert encounter_from(written) == claim
    assert encounter_from(to_json(Encounter(id="a", setting="inpatient", lines=()))).lines == ()


def test_the_bytes_for_a_receipt_depend_on_the_facts_alone():
    shuffled = dict(reversed(SAMPLE.items())) | {"extra": {"any": 1}}
    assert canonical_bytes(encounter_from(shuffled)) == canonical_bytes(encounter_from(json.dumps(SAMPLE, indent=3)))
    other = changed(line(units=2))
    assert canonical_bytes(encounter_from(other)) != canonical_bytes(encounter_from(SAMPLE))
