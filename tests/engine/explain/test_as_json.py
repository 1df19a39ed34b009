"""Both documents as they are promised: shapes, order of keys, and the same bytes for the same input."""

import json
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

import sequela
from sequela.engine.explain import schemas
from sequela.engine.explain.as_json import explanation_bytes
from sequela.engine.explain.explanation import Explanation
from sequela.tests.engine.explain.tried import COMPLETE, DAY, VISIT, checked, claim, line, rule

HERE = Path(sequela.__file__).parent / "engine" / "explain"
LEDGER = Draft202012Validator(json.loads((HERE / schemas.LEDGER_FILE).read_text()))
EXPLANATION = Draft202012Validator(json.loads((HERE / schemas.EXPLANATION_FILE).read_text()))
FAILS = claim(line("99213"), line("17000"))
LOOK_UP = """
rule LIMIT "Limits"
  phase units
  for each line item
  look up limit in limits by item.code
  require item.units is at most limit.units
  if fail deny item
"""
PPO = """payer ppo "PPO"
  matches "PPO-1"

use house

tighten MOD-25
  require also visit.units is 1
  reason "One unit"
  cite MANUAL section "9"
"""


def test_a_ledger_with_its_keys_in_order():
    document = json.loads(checked(VISIT, FAILS).to_bytes())
    LEDGER.validate(document)
    assert list(document) == ["schema", "encounter", "payer", "outcome", "clean", "counts", "entries", "receipt"]
    (entry,) = document["entries"]
    receipt = document.pop("receipt")
    assert document == {
        "schema": "sequela.ledger/1",
        "encounter": "C-1",
        "payer": {"id": None, "rules": None},
        "outcome": "deny",
        "clean": False,
        "counts": {
            "pass": 0,
            "bypassed": 0,
            "fail": 1,
            "not applicable": 0,
            "unknown": 0,
            "not checked": 0,
            "error": 0,
        },
        "entries": [entry],
    }
    assert list(entry.items()) == [
        ("rule", "MOD-25"),
        ("status", "fail"),
        ("outcome", "deny"),
        ("phase", "modifiers"),
        ("subjects", [{"name": "visit", "kind": "line", "at": "/lines/0", "label": "line 1"}]),
        ("about", ["/lines/0"]),
        ("governing_date", DAY),
        ("message", "99213 is on the same day as 17000; without modifier 25 it is part of that procedure."),
        ("reason", "line 1 has no modifier 25"),
        ("adjustment", {"group": "CO", "carc": "97", "rarc": ["M15"]}),
        ("cites", [{"source": "MANUAL", "edition": "2026", "section": "I.D", "in_force": True}]),
        ("defined", {"file": "house.rules", "line": 57, "end_line": 70}),
        ("changed_by", []),
    ]
    assert list(receipt) == ["engine", "rules", "tables", "encounter"]
    assert receipt["engine"] == sequela.__version__
    assert all(receipt[key].startswith("sha256:") for key in ("rules", "tables", "encounter"))


def test_what_is_open_stands_beside_undecided():
    document = checked(VISIT, claim(line("99213"), line("17000", provider=None))).to_json()
    LEDGER.validate(document)
    assert list(document)[3:5] == ["outcome", "open"]
    assert (document["outcome"], document["open"]) == ("undecided", "warn")
    (entry,) = document["entries"]
    assert entry["missing"] == [["/lines/1/provider"]]


def test_all_adds_what_passed_and_what_does_not_apply():
    ledger = checked((VISIT, LOOK_UP), claim(line("99213-25"), line("17000"), line("80047")))
    assert ledger.to_json()["entries"] == []
    document = ledger.to_json(all=True)
    LEDGER.validate(document)
    assert [(one["rule"], one["status"]) for one in document["entries"]] == [
        ("MOD-25", "pass"),
        ("LIMIT", "pass"),
        ("LIMIT", "pass"),
        ("LIMIT", "not applicable"),
    ]
    assert document["entries"][3]["subjects"] == 1
    only = ledger.to_json(all=True, only=["MOD-25"])
    assert [one["rule"] for one in only["entries"]] == ["MOD-25"]
    assert only["counts"] == document["counts"]


def test_a_row_is_a_subject():
    document = checked(LOOK_UP, claim(line("99213", units=3))).to_json()
    assert document["entries"][0]["subjects"][1] == {
        "name": "limit",
        "kind": "row",
        "table": "limits",
        "file": "house.rules",
        "release": None,
        "row": 1,
    }


def test_a_row_that_cannot_be_told_names_its_table():
    document = checked(LOOK_UP, claim(line("99213", date="2026-08-01"))).to_json()
    LEDGER.validate(document)
    assert document["entries"][0]["subjects"][1]["table"] == "limits"
    assert document["entries"][0]["subjects"][1]["row"] is None


def test_a_group_stands_at_its_lines():
    rules = rule(
        "require (total item.units over lines item of day) is at most 1",
        subject="each group day of lines by code, date",
        fail="deny day",
    )
    document = checked(rules, claim(line("99213"), line("99213"), line("99213", date=None))).to_json()
    LEDGER.validate(document)
    assert document["entries"][0]["subjects"] == [
        {
            "name": "day",
            "kind": "group",
            "at": ["/lines/0", "/lines/1"],
            "perhaps": ["/lines/2"],
            "label": "lines 1, 2 (perhaps 3)",
        }
    ]


def test_a_member_that_was_not_sent_stands_nowhere():
    rules = rule("forbidden when seen.code is 99213", subject="each history line seen", fail="warn")
    document = checked(rules, claim(line("99213"))).to_json()
    LEDGER.validate(document)
    assert document["entries"][0]["subjects"] == [
        {"name": "seen", "kind": "history line", "at": None, "label": "a history line not sent"}
    ]


def test_a_payers_change_is_named():
    document = checked((VISIT, PPO), claim(line("99213"), line("17000"), payer="PPO-1")).to_json()
    LEDGER.validate(document)
    assert document["payer"] == {"id": "PPO-1", "rules": "ppo"}
    assert document["entries"][0]["changed_by"] == [
        {
            "payer": "ppo",
            "change": "tighten",
            "reason": "One unit",
            "defined": {"file": "file-1.rules", "line": 6, "end_line": 9},
        }
    ]


@pytest.mark.parametrize(("day", "in_force"), [(DAY, True), ("2027-01-01", False)])
def test_an_authority_is_in_force_or_not(day, in_force):
    entry = checked(VISIT, claim(line("99213", date=day), line("17000", date=day))).to_json()["entries"][0]
    assert entry["cites"][0]["in_force"] is in_force


def test_the_same_input_gives_the_same_bytes():
    one = checked(VISIT, FAILS)
    other = checked(VISIT, json.loads(json.dumps(FAILS)))
    assert one.to_bytes(all=True) == other.to_bytes(all=True)
    assert explanation_bytes(_failed(VISIT)) == explanation_bytes(_failed(VISIT))


def _failed(rules) -> Explanation:
    ledger = checked(rules, FAILS)
    return ledger.explain(ledger.failures[0])


def test_an_explanation_is_one_entry_with_tree_and_changes():
    document = json.loads(explanation_bytes(_failed(VISIT)))
    EXPLANATION.validate(document)
    assert document["schema"] == "sequela.explanation/1"
    assert document["rule"] == "MOD-25"
    assert [(one["part"], one["value"]) for one in document["tree"]] == [("applies", "yes"), ("requires", "no")]
    some = document["tree"][0]["steps"][1]
    assert some["words"] == "some other line work in procedures where same-session(visit, work)"
    assert some["place"] == {"file": "house.rules", "line": 62, "end_line": 62}
    (witness,) = some["children"]
    assert (witness["role"], witness["at"], witness["words"]) == ("witness", "/lines/1", "line 2: 17000")
    called = witness["children"][1]
    assert (called["name"], called["value"]) == ("same-session", "yes")
    fact = called["children"][0]["children"][0]["facts"][1]
    assert fact == {
        "fact": "b.date",
        "of": "line 2",
        "value": DAY,
        "state": "known",
        "at": "/lines/1/date",
        "origin": None,
    }
    assert document["tree"][0]["steps"][0]["decided_by"] == [
        {"kind": "entry", "set": "office-visits", "written": "99211 .. 99215"}
    ]
    assert document["changes"] == [
        {
            "change": "add modifier",
            "modifier": "25",
            "at": "/lines/0",
            "text": "add modifier 25 to line 1",
            "class": "needs documentation",
            "only_if": "the record shows a significant, separately identifiable visit",
            "helps": True,
            "settles": ["MOD-25"],
            "creates": [],
            "of": 1,
        }
    ]


def test_a_fact_names_its_place_in_the_file():
    text = json.dumps(FAILS, indent=1)
    ledger = checked(VISIT, text)  # type: ignore[arg-type]
    document = ledger.explain(ledger.failures[0]).to_json()
    EXPLANATION.validate(document)
    fact = document["tree"][0]["steps"][0]["facts"][0]
    assert fact["at"] == "/lines/0/code"
    assert fact["origin"] == {"file": "-", "place": "/lines/0/code, line 12, column 12"}


@pytest.mark.parametrize(
    ("rules", "encounter"),
    [
        (LOOK_UP, claim(line("99213", date="2026-08-01"))),
        (LOOK_UP, claim(line("99213", date=None))),
        (LOOK_UP, claim(line("80047"))),
        (VISIT, claim(line("99213"), setting="inpatient")),
        (VISIT, claim(line("99213", date="2020-01-01"))),
        (VISIT, claim(line("99213"), line("17000", provider=None))),
        (rule("require no history line seen where seen.code is item.code"), claim(line("99213"))),
        (rule("require no history line seen where seen.code is item.code"), claim(line("99213"), history=COMPLETE)),
        (
            rule("require some other line base where base is payable").replace("for each", "phase history\n  for each"),
            claim(line("99213"), line("80047")),
        ),
    ],
)
def test_every_explanation_validates(rules, encounter):
    ledger = checked(rules, encounter)
    LEDGER.validate(json.loads(ledger.to_bytes(all=True)))
    for entry in ledger.all_entries:
        EXPLANATION.validate(json.loads(explanation_bytes(ledger.explain(entry))))
