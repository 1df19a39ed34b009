"""Lines that are alike: when they are remembered, and what is left to ask of the claim."""

import pytest

from sequela.engine.encounter.from_json import encounter_from
from sequela.engine.encounter.view import View
from sequela.engine.explain.ledger import FINDINGS
from sequela.engine.pipeline.compile import compile_found
from sequela.engine.pipeline.files import texts_of
from sequela.engine.plan.build import build_plan
from sequela.engine.plan.certain import alike
from sequela.engine.plan.certain.alike import AlikePlan, certain_plan
from sequela.engine.plan.certain.claim import FAIL, NOT_CHECKED, PASS, UNKNOWN
from sequela.engine.plan.run import run, run_findings
from sequela.engine.plan.steps import Plan

RULES = """
ruleset alike "Rules that every line meets"
table limits "Limits"
  file  "limits.csv"
  key   code of HCPCS
  value most as number
  complete
rule A-UNITS "x"
  for each line l
  require l.units is at most 2
  if fail warn l
rule B-BEFORE "x"
  phase units
  for each line l
  require no history line h where h.code is l.code
  if fail warn l
rule C-LIMIT "x"
  phase pairs
  for each line l
  look up limit in limits by l.code
  require l.units is at most limit.most
  if fail warn l
rule D-OTHER "x"
  phase coverage
  for each line l
  when l has modifier 25
  require some other line m where m.date is l.date
  if fail warn l
"""


@pytest.fixture
def plan(monkeypatch: pytest.MonkeyPatch) -> Plan:
    monkeypatch.setattr(alike, "FIRST_CLAIMS", 0)
    compiled = compile_found(texts_of({"alike.rules": RULES}))
    assert compiled.is_sound, [str(one) for one in compiled.diagnostics]
    return build_plan(compiled.rules.selections[None], {})


VERSIONS = """
ruleset versions "A rule in two versions"
codes visits of HCPCS
  99213
rule A-PLACE "x"
  effective 2026-01-01 to 2026-06-30
  for each line l in visits
  forbidden when l.place is 11
  if fail warn l
rule A-PLACE "x"
  effective 2026-07-01 onward
  for each line l in visits
  forbidden when l.place is 11
  if fail warn l
"""


def claim(*lines: dict[str, object]) -> dict[str, object]:
    found = [{"code": "99213", "units": 1, "date": "2026-03-02", **line} for line in lines]
    return {"schema": "sequela.encounter/1", "id": "C-1", "setting": "professional", "lines": found}


def test_what_is_not_known_and_not_checked_is_a_record(plan: Plan) -> None:
    found = AlikePlan(plan, "professional").records(encounter_from(claim({}, {"units": 4})))
    assert sorted(found.records) == [
        (0, PASS, 0), (0, FAIL, 1), (1, UNKNOWN, 0), (1, UNKNOWN, 1), (2, NOT_CHECKED, 0), (2, NOT_CHECKED, 1)
    ]  # fmt: skip
    assert list(found.slow) == []


def test_a_line_beside_another_one_is_asked_of_the_claim(plan: Plan) -> None:
    certain = AlikePlan(plan, "professional")
    alone = certain.records(encounter_from(claim({"modifiers": ["25"]})))
    beside = certain.records(encounter_from(claim({"modifiers": ["25"]}, {"code": "17000"})))
    assert (3, FAIL, 0) in alone.records
    assert (3, PASS, 0) in beside.records


def test_a_few_rules_are_decided_as_they_come(plan: Plan) -> None:
    assert not isinstance(certain_plan(plan, "professional"), AlikePlan)


def test_a_line_whose_code_is_unknown_meets_a_rule_of_two_versions_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(alike, "FIRST_CLAIMS", 0)
    compiled = compile_found(texts_of({"versions.rules": VERSIONS}))
    plan = build_plan(compiled.rules.selections[None], {})
    found = AlikePlan(plan, "professional").records(encounter_from(claim({"code": None, "place": "22"})))
    assert list(found.records) == [(0, PASS, 0)]


BY_DAY = """
ruleset days "What a table says of a day matters only where the history is empty"
table amounts "Amounts"
  key   code of HCPCS
  value most as number
  in force starts to ends
  rows
    99213 | 1 | 2026-02-01 | 2026-12-31
  complete
rule A-LISTED "x"
  for each line l
  require (some history line h where h.code is 17000) or amounts lists (l.code)
  if fail warn l
"""


def test_the_stretches_of_days_do_not_depend_on_which_claim_came_first(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(alike, "FIRST_CLAIMS", 0)
    compiled = compile_found(texts_of({"days.rules": BY_DAY}))
    plan = build_plan(compiled.rules.selections[None], compiled.tables)
    certain = AlikePlan(plan, "professional")
    with_history = {**claim({}), "history": {"complete": True, "lines": [{"code": "17000", "date": "2026-01-01"}]}}
    certain.records(encounter_from(with_history))
    for day, came in (("2026-03-02", PASS), ("2026-01-02", NOT_CHECKED)):
        keys = {**claim({"date": day}), "history": {"complete": True, "lines": []}}
        found = certain.records(encounter_from(keys))
        assert list(found.records) == [(0, came, 0)], day
        assert list(found.slow) == []


SAME_CODE = """
ruleset same "Lines with the same code"
rule A-SAME "x"
  for each line l, other line m with the same code
  require l.units is at most 2
  if fail warn l
"""


def test_a_line_whose_code_is_unknown_may_be_like_one_that_has_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(alike, "FIRST_CLAIMS", 0)
    compiled = compile_found(texts_of({"same.rules": SAME_CODE}))
    plan = build_plan(compiled.rules.selections[None], {})
    keys = {"schema": "sequela.encounter/1", "id": "C-1", "setting": "professional"}
    keys["lines"] = [{"revenue": "0510"}, {}]  # type: ignore[assignment]
    encounter = encounter_from(keys)
    found = AlikePlan(plan, "professional").records(encounter)
    verdicts = [one.signature() for one in run(plan, View(encounter)) if one.status in FINDINGS]
    assert len(verdicts) == 2
    assert [one.signature() for one in run_findings(plan, View(encounter), found).verdicts] == verdicts


def test_claims_that_differ_never_have_one_number_whatever_other_threads_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(alike, "FIRST_CLAIMS", 0)
    compiled = compile_found(texts_of({"alike.rules": RULES}))
    certain = AlikePlan(build_plan(compiled.rules.selections[None], {}), "professional")
    room = alike._make_room

    def another_comes_first(remembered: dict[object, object]) -> None:
        monkeypatch.setattr(alike, "_make_room", room)
        certain.records(encounter_from({**claim({}), "billing": {"state": "TX"}}))

    certain.records(encounter_from(claim({})))
    monkeypatch.setattr(alike, "_make_room", another_comes_first)
    certain.records(encounter_from({**claim({}), "billing": {"state": "AZ"}}))
    numbers = [one.of_lines for one in certain._likenesses.values()]
    assert len(numbers) == 3
    assert len(set(numbers)) == 3


READ = """
ruleset read "What is read of a claim"
rule A-SEX "x"
  for each diagnosis d
  require patient.sex is female
  if fail warn
rule B-AGAIN "x"
  phase units
  for each line l
  when encounter.frequency is "7"
  require l.units is at most 2
  if fail warn l
"""


def test_claims_are_told_apart_by_what_some_rule_reads_of_their_members(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(alike, "FIRST_CLAIMS", 0)
    compiled = compile_found(texts_of({"read.rules": READ}))
    assert compiled.is_sound, [str(one) for one in compiled.diagnostics]
    certain = AlikePlan(build_plan(compiled.rules.selections[None], {}), "professional")
    one = {**claim({"units": 4}), "diagnoses": [{"code": "I10"}], "patient": {"sex": "female"}}
    others = ({}, {"patient": {"sex": "male"}}, {"frequency": "7"}, {"frequency": "1"}, {"discharge_status": "01"})
    found = [sorted(certain.records(encounter_from({**one, **other})).records) for other in others]
    assert found[0] == [(0, PASS, 0), (1, UNKNOWN, 0)]
    assert found[1] == [(0, FAIL, 0), (1, UNKNOWN, 0)]
    assert found[2] == [(0, PASS, 0), (1, FAIL, 0)]
    assert found[3] == [(0, PASS, 0)]
    assert found[4] == found[0]
    likes = list(certain._likenesses.values())
    assert [one.of_lines == likes[0].of_lines for one in likes] == [True, True, False, False, True]
    assert [one.of_diagnoses == likes[0].of_diagnoses for one in likes] == [True, False, True, True, True]
