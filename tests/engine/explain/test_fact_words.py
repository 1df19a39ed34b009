"""Facts and places of the claim as people say them."""

import pytest

from sequela.engine.encounter.from_json import encounter_from
from sequela.engine.encounter.view import View
from sequela.engine.evaluate.trace import FactRead
from sequela.engine.explain.fact_words import fact_says, joined, member_at, pointer_words, set_words, to_be
from sequela.tests.engine.explain.tried import claim, line

VIEW = View(
    encounter_from(
        claim(
            line("99213-25", number=10),
            line("17000"),
            dx=("E11.9", "I10"),
            history={"lines": [{"code": "99213", "modifiers": ["59"]}]},
            documents={"items": [{"kind": "progress note"}]},
            procedures=[{"code": "0DTJ4ZZ"}],
            condition_codes=["44"],
            occurrence_codes=[{"code": "11"}],
            value_codes=[{"code": "80"}],
        )
    )
)


def fact(label, value, of=None, state="known", **more):
    return FactRead(label=label, value=value, state=state, of=of, **more)


@pytest.mark.parametrize(
    ("read", "said"),
    [
        (fact("visit.place", "11", "line 1"), "place of line 1 is 11"),
        (fact("visit.units", "3", "line 1"), "units of line 1 are 3"),
        (fact("visit.code", "99213", "line 1"), "line 1 is 99213"),
        (fact("dx.code", "E11.9", "dx 1"), "dx 1 is E11.9"),
        (fact("mark.code", "25", "modifier 25 of line 1"), "modifier 25 of line 1"),
        (fact("modifiers of visit", "none", "line 1"), "modifiers of line 1: none"),
        (fact("modifiers of visit", "25, 59", "line 1"), "modifiers of line 1: 25, 59"),
        (fact("visit.provider", "not known", "line 2", "unknown"), "provider of line 2 is not known"),
        (fact("visit.diagnoses", "not known", "line 2", "unknown"), "diagnosis pointers of line 2 are not known"),
        (fact("visit.revenue", "none", "line 1", "none"), "revenue of line 1: none"),
        (fact("encounter.received", "2026-03-20", "the claim"), "date received is 2026-03-20"),
        (fact("encounter.discharge-status", "30", "the claim"), "discharge status is 30"),
        (fact("encounter.billing.npi", "1234567893", "the claim"), "billing NPI is 1234567893"),
        (fact("patient.age", "75", "the patient"), "age of the patient is 75"),
        (fact("limit.units", "1", table="mue"), "units in mue are 1"),
        (fact("limit.units", "not known", None, "unknown"), "limit.units are not known"),
    ],
)
def test_a_fact_with_its_value(read, said):
    assert fact_says(read) == said


@pytest.mark.parametrize(
    ("pointer", "said"),
    [
        ("/lines/0/provider", "line 10 provider"),
        ("/lines/1/end_date", "line 2 end date"),
        ("/lines/1/diagnoses", "line 2 diagnosis pointers"),
        ("/diagnoses/1/poa", "dx 2 present-on-admission indicator"),
        ("/procedures/0/date", "procedure 1 date"),
        ("/history/lines/0/disposition", "history line 1 disposition"),
        ("/documents/items/0/supports", "document 1 supports"),
        ("/patient/birth_date", "patient birth date"),
        ("/received", "claim date received"),
        ("/drg", "claim DRG"),
        ("/provider/npi", "provider NPI"),
        ("/history/complete", "whether the history is complete"),
        ("/documents/complete", "whether the list of documents is complete"),
    ],
)
def test_a_fact_to_ask_for(pointer, said):
    assert pointer_words(VIEW, pointer) == said


def test_several_facts_to_ask_for():
    assert set_words(VIEW, ("/lines/0/date", "/lines/1/date", "/received")) == (
        "line 10 date, line 2 date and claim date received"
    )


@pytest.mark.parametrize(
    "pointer",
    [
        "",
        "/patient",
        "/lines/1",
        "/lines/0/modifiers/0",
        "/diagnoses/1",
        "/history/lines/0",
        "/history/lines/0/modifiers/0",
        "/documents/items/0",
        "/procedures/0",
        "/condition_codes/0",
        "/occurrence_codes/0",
        "/value_codes/0",
    ],
)
def test_what_stands_at_a_pointer(pointer):
    member = member_at(VIEW, pointer)
    assert member is not None
    assert member.pointer == pointer


@pytest.mark.parametrize("pointer", ["/lines/9", "/nothing/0", "/lines/0/modifiers/7", "/diagnoses/x"])
def test_nothing_stands_there(pointer):
    assert member_at(VIEW, pointer) is None


@pytest.mark.parametrize(
    ("name", "verb"),
    [("units of line 1", "are"), ("place of line 1", "is"), ("discharge status", "is"), ("address", "is")],
)
def test_is_or_are(name, verb):
    assert to_be(name) == verb


def test_things_in_a_row():
    assert joined([]) == ""
    assert joined(["a", "a"]) == "a"
    assert joined(["a", "b", "c"], "or") == "a, b or c"
