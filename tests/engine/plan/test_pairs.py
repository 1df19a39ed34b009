"""Which lines of a claim stand beside another one in a table, told once for all rules that ask it."""

import json
from datetime import date
from types import SimpleNamespace

import pytest

from sequela.engine.encounter.from_json import EncounterError, encounter_from
from sequela.engine.pipeline.opening import open_texts
from sequela.engine.plan.certain.dispatch import CertainPlan
from sequela.engine.plan.certain.pairs import pairs_among

RULES = """
ruleset small "Pairs"
codes visits of HCPCS
  99213
table pairs "Pairs"
  key   one of HCPCS, other of HCPCS
  value indicator as text
  in force starts to ends
  covers 2026-01-01 to 2026-12-31
  rows
    99213 | 17000 | "1" | 2026-01-01 | 2026-06-30
    17000 | 17110 | "0" | 2026-01-01 | 2026-12-31
    G0104 | G0104 | "0" | 2026-01-01 | 2026-12-31
  complete
table few-pairs "Some pairs"
  key   one of HCPCS, other of HCPCS
  rows
    99213 | 17000
  partial
rule A-SAME-DAY "x"
  for each line a, other line b with the same date
  look up edit in pairs by a.code, b.code
  forbidden
  if fail deny b
rule B-LATER "x"
  for each line a, later line b
  look up edit in pairs by a.code, b.code
  require edit.indicator is "1"
  if fail deny b
rule C-VISITS "x"
  for each line a in visits, other line b
  look up edit in pairs by a.code, b.code
  forbidden
  if fail deny b
rule D-PARTIAL "x"
  for each line a, other line b
  look up edit in few-pairs by a.code, b.code
  forbidden
  if fail deny b
rule E-ITSELF "x"
  for each line a, line b
  look up edit in pairs by a.code, b.code
  forbidden
  if fail deny b
rule F-BACKWARD "x"
  for each line a, other line b
  look up edit in pairs by b.code, a.code
  forbidden
  if fail deny b
rule G-WINDOW "x"
  effective 2026-02-01 onward
  for each line a, other line b
  look up edit in pairs by a.code, b.code
  forbidden
  if fail deny b
rule H-GROUP "x"
  for each line a, other line b with the same date, group
  look up edit in pairs by a.code, b.code
  forbidden
  if fail deny b
"""


@pytest.fixture(scope="module")
def plan():
    return open_texts({"pairs.rules": RULES}).plan()


ONE = RULES.split("rule B-LATER")[0]
"""The same with one rule, so that no code leads to any."""


def test_a_code_that_is_none_is_refused_where_only_pairs_are_asked():
    rules = open_texts({"pairs.rules": ONE})
    assert rules.check(json.dumps(claim(("99213", "17000")))).failed_rules == ("A-SAME-DAY",)
    for codes in (("9921", "17000"), ("9921",), ("99213", "17000", "9921"), ("99213", "17110", "9921")):
        sent = json.dumps(claim(codes)).encode()
        for _ in range(2):
            with pytest.raises(EncounterError):
                rules.check(sent)
            with pytest.raises(EncounterError):
                rules.failed_rules(sent)
    with pytest.raises(EncounterError):
        rules.check(json.dumps(claim(("99213", "17110")) | {"diagnoses": [{"code": "?"}]}).encode())


@pytest.fixture(scope="module")
def beside(plan):
    ((beside, places),) = pairs_among(range(len(plan.ids)), plan)
    assert [plan.ids[place] for place in places] == ["A-SAME-DAY", "B-LATER", "H-GROUP"]
    return beside


DAY = date(2026, 3, 2)


def lines(*codes, date=DAY, revenue=None):
    return [SimpleNamespace(code=code, date=date, revenue=revenue) for code in codes]


def test_the_rules_on_one_table_ask_it_together(beside):
    assert not beside(lines("99213", "17110"))


@pytest.mark.parametrize(
    ("codes", "found"),
    [
        (("99213", "17000", "17110"), [0, 1]),
        (("17000", "99213"), [1]),
        (("17110", "17000"), [1]),
        (("17110", "99213"), []),
        (("G0104",), []),
        (("G0104", "G0104"), [0, 1]),
        (("99213", "99213"), []),
        ((), []),
        (("g0104", "G0104"), [0, 1]),
        (("99213", "g0104"), [1]),  # a row has it beside itself: whether it stands there twice is the function's to ask
        (("17000 ", "99213"), [1]),
    ],
)
def test_the_places_of_lines_whose_code_goes_before_that_of_another(beside, codes, found):
    assert list(beside(lines(*codes)) or ()) == found


def test_what_is_not_known(beside):
    known = lines("99213", "17000")
    assert beside([*known, *lines("99213", date=None)]) is None
    assert beside([*known, *lines(None)]) is None
    assert beside([*known, *lines(None, revenue="0450")]) == [0]
    assert beside([*known, *lines("99213", date=date(2025, 3, 2))]) is None  # the table does not speak for that day
    assert beside(lines(None, date=None)) == ()  # a line alone is in no pair


def claim(codes, **more):
    return {
        "schema": "sequela.encounter/1",
        "id": "C-1",
        "setting": "professional",
        "lines": [{"code": code, "units": 1, "date": "2026-03-02", **more} for code in codes],
    }


def test_the_rules_are_asked_of_these_lines_alone(plan):
    certain = CertainPlan(plan, "professional")
    places = {name: place for place, name in enumerate(plan.ids)}
    for codes, wanted in (
        (("17000", "17110", "99213"), [("A-SAME-DAY", 1, 0, 1), ("A-SAME-DAY", 1, 2, 0), ("B-LATER", 1, 0, 1)]),
        (("99213", "17000"), [("A-SAME-DAY", 1, 0, 1), ("B-LATER", 0, 0, 1)]),
        (("99213",), []),
    ):
        found = certain.records(encounter_from(claim(codes)))
        ours = {places["A-SAME-DAY"], places["B-LATER"]}
        assert not ours.intersection(found.slow)
        assert sorted(one for one in found.records if one[0] in ours) == sorted(
            (places[name], *rest) for name, *rest in wanted
        )
    unknown = encounter_from(claim(("99213", "17000"))), encounter_from(claim(("99213", None)))
    assert [bool(ours.intersection(certain.records(one).slow)) for one in unknown] == [False, True]


def test_a_rule_of_which_no_code_is_written_is_left_to_the_compiled_steps_only_where_there_may_be_a_pair(plan):
    certain, place = CertainPlan(plan, "professional"), plan.ids.index("H-GROUP")
    for codes, left in ((("17110", "99213"), False), (("99213",), False), (("99213", "17000"), True)):
        assert (place in certain.records(encounter_from(claim(codes))).slow) is left
