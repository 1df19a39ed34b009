"""The written code says of every rule and combination what the compiled steps say, wherever it decides at all."""

import os
import re
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sequela.engine.diagnostics.model import Severity
from sequela.engine.encounter.from_json import encounter_from
from sequela.engine.encounter.model import Encounter
from sequela.engine.encounter.view import Member, View
from sequela.engine.evaluate.verdict import Status, Verdict
from sequela.engine.explain.ledger import FINDINGS
from sequela.engine.pipeline.compile import compile_found
from sequela.engine.pipeline.files import texts_of
from sequela.engine.plan.build import build_plan
from sequela.engine.plan.certain.dispatch import CertainPlan, Records, failed_places
from sequela.engine.plan.counting import counting_of
from sequela.engine.plan.run import run, run_findings
from sequela.engine.plan.steps import Plan
from sequela.engine.vocabulary.kinds import Kind
from strategies_claims import claims
from strategies_rules import TABLES, rule_texts

RULEBOOKS = int(os.environ.get("SEQUELA_RULEBOOKS", "400"))
"""How many generated rulebooks are tried on how many claims each: 2,500 are 10,000 cases."""
CLAIMS = 4
STATUSES = {Status.PASS: 0, Status.FAIL: 1, Status.BYPASSED: 2}


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("tables")
    for name, text in TABLES.items():
        (folder / name).write_text(text)
    return folder


def test_the_written_code_agrees_with_the_compiled_steps(data: Path) -> None:
    decided, left, compared = 0, 0, 0

    @settings(max_examples=RULEBOOKS, deadline=None, suppress_health_check=list(HealthCheck))
    @given(texts=rule_texts(), encounters=st.lists(claims(), min_size=CLAIMS, max_size=CLAIMS))
    def agree(texts: dict[str, str], encounters: list[dict[str, object]]) -> None:
        nonlocal decided, left, compared
        compiled = compile_found(texts_of(texts), [data])
        if not compiled.is_sound:
            return
        for selection in compiled.rules.selections.values():
            plan = build_plan(selection, compiled.tables)
            certain = {one: CertainPlan(plan, one) for one in ("professional", "outpatient", "inpatient")}
            for keys in encounters:
                claim = encounter_from(keys)
                found = certain[claim.setting].records(claim)
                slow = set(found.slow)
                places = {rule.rule.id: rule.place for rule in plan.rules}
                wanted = [
                    (places[one.rule.id], STATUSES.get(one.status, one.status.value), *bound(one))
                    for one in run(plan, View(claim))
                    if one.status is not Status.NOT_APPLICABLE and places[one.rule.id] not in slow
                ]
                assert sorted(found.records) == sorted(wanted)
                without = noted(certain[claim.setting], claim)
                assert without is None or without == failed(plan, found)
                whole = [one.signature() for one in run(plan, View(claim)) if one.status in FINDINGS]
                some = [
                    one.signature() for one in run_findings(plan, View(claim), found).verdicts if one.status in FINDINGS
                ]
                assert some == whole
                counted = Counter(one.status for one in run(plan, View(claim)))
                assert counting_of(plan).counted(View(claim), found, run_findings(plan, View(claim), found)) == counted
                decided += len(found.records)
                left += len(found.slow)
                compared += 1

    agree()
    assert compared > RULEBOOKS * CLAIMS * 0.9
    assert decided
    assert left


SHAPES = """
ruleset shapes "Every shape of rule for which code is written"
codes causes of ICD10CM
  E11.9, under I10, Z00.00 .. Z13
codes signs of ICD10CM
  like "R0[1-7].?", R51
codes listed of ICD10CM
  from limits where level is more than 1
codes visits of HCPCS
  99211 .. 99215
codes works of HCPCS
  17000, 17110
codes places of POS
  11, 22
codes marks of MODIFIER
  25, 59
table limits "Limits"
  key   code of ICD10CM
  value level as number, lowest as number
  rows
    E11.9 | 1 | 10
    I10   | 2 | 20
    R51   | 3 | 30
  complete
table pairs "Pairs"
  key   one of HCPCS, other of HCPCS
  value indicator as text
  in force starts to ends
  rows
    99213 | 17000 | "1" | 2026-01-01 | 2026-06-30
    17000 | 17110 | "0" | 2025-01-01 | 2026-12-31
  complete
table amounts "Amounts"
  key   code of HCPCS
  value most as number
  in force starts to ends
  covers 2026-02-01 to 2026-06-30
  rows
    99213 | 1 | 2026-02-01 | 2026-03-31
    99213 | 3 | 2026-04-01 | 2026-12-31
    17000 | 2 | 2026-02-01 | 2026-12-31
  complete
table some-amounts "Amounts of some codes"
  key   code of HCPCS
  value most as number
  rows
    99213 | 1
    99215 | 2
  partial
table rivals "Diagnoses that exclude each other"
  key   one of ICD10CM, other of ICD10CM
  value why as text
  rows
    E11.9 | R51   | "x"
    E11.9 | I10   | "y"
    I10   | E11.9 | "z"
  complete
table triples "Three keys"
  key   one of HCPCS, other of HCPCS, place of POS
  value most as number
  rows
    99213 | 17000 | 22 | 1
    99213 | 17110 | 22 | 2
    99215 | 17000 | 22 | 2
    17000 | 17110 | 22 | 1
    17110 | 99213 | 22 | 3
  complete
condition alone(line a, line b)
  a.date is b.date and not a has modifier 59
rule A-FIRST "x"
  for the first diagnosis dx
  when dx.code is in signs
  forbidden
  if fail reject dx
rule A-ORDER "x"
  for each diagnosis dx in signs
  require some other diagnosis cause in causes where cause comes before dx
  if fail reject dx
rule A-EVERY "x"
  for each diagnosis dx in causes
  require every other diagnosis d where (d.code is not dx.code or d comes after dx)
  if fail warn dx
rule A-NO "x"
  effective 2026-02-01 to 2026-09-30
  for each diagnosis dx in causes, later diagnosis rival in signs
  require no other diagnosis d in signs
  if fail warn rival
rule A-LISTED "x"
  for each diagnosis dx in listed
  look up row in limits by dx.code
  require patient.age is at least row.lowest
  bypass when row.level is 3
  if fail reject dx
rule A-AGE "x"
  effective 2020-01-01 onward by admission date
  for each diagnosis dx
  when dx.code is I10
  require patient.age is at least 12 and patient.sex is female
  if fail reject dx
rule A-CLAIM "x"
  for the claim
  when some diagnosis d in signs
  require encounter.frequency is "1"
  if fail note
rule B-UNITS "x"
  for each line l in works
  require l.units is at most 2
  if fail deny l
rule B-PLACE "x"
  settings professional
  for each line l in visits
  unless l has modifier in marks
  require l.place is in places
  if fail deny l
rule B-POINTED "x"
  for each line l in works
  require some diagnosis d of l in causes
  if fail deny l
rule B-POINTED-OTHER "x"
  for each line l in works, diagnosis d of l
  require at least 1 other diagnosis e of l where (e.code is in causes or e.code is in signs)
  if fail deny l
rule B-PAIR "x"
  for each line l in visits, line work in works with the same date, provider
  require l has modifier 25
  if fail deny l
rule B-NAMED "x"
  for each line l in visits
  require no other line work in works where alone(l, work)
  if fail deny l
rule B-TABLE "x"
  for each line a, other line b with the same date
  look up edit in pairs by a.code, b.code
  forbidden
  bypass when edit.indicator is "1" and (a has modifier in marks or b has modifier in marks)
  if fail deny b
rule B-AMOUNT "x"
  for each line l
  look up one in amounts by l.code
  require l.units is at most one.most
  if fail deny l
rule B-SOME "x"
  for each line l in visits
  look up one in some-amounts by l.code
  require l.units is at most one.most
  if fail deny l
rule B-TRIPLE "x"
  for each line a, other line b with the same date
  look up three in triples by a.code, b.code, a.place
  require b.units is at most three.most
  if fail deny b
rule B-BACKWARD "x"
  for each line a, later line b
  look up edit in pairs by b.code, a.code
  require a.units is at most 2
  if fail deny b
rule B-TWO "x"
  for each line l in visits, other line b with the same date
  look up one in amounts by l.code
  look up edit in pairs by l.code, b.code
  require b.units is at most one.most
  if fail deny b
rule B-RIVALS "x"
  for each diagnosis dx, later diagnosis rival
  look up one in rivals by dx.code, rival.code
  require patient.sex is male
  if fail warn rival
rule B-FIRST "x"
  for the first diagnosis dx
  require dx.code is not in signs
  if fail warn dx
rule B-ALL "x"
  for each line l, line work in works with the same date
  require l.units is at most 3
  if fail warn l
rule B-CHARGE "x"
  for each line a, later line b with the same code
  when a.charge is more than 100.00 or b.date is after a.date
  require at most 1 other line c in visits
  if fail warn b
"""
DAYS = ["2026-01-31", "2026-03-02", "2026-06-30", "2026-07-01"]


def complete_claims() -> st.SearchStrategy[dict[str, object]]:
    """Claims of which almost everything is known."""
    diagnosis = st.fixed_dictionaries(
        {"code": st.sampled_from(["E11.9", "I10", "R51", "R01.1", "Z01.00", "K35.80", "e119"])},
        optional={"role": st.sampled_from(["secondary", "external-cause", "admitting"])},
    )
    line = st.fixed_dictionaries(
        {
            "code": st.sampled_from(["99213", "99215", "17000", "17110", "G0104"]),
            "modifiers": st.lists(st.sampled_from(["25", "59", "76"]), max_size=2, unique=True),
            "units": st.integers(1, 4),
            "date": st.sampled_from(DAYS),
            "charge": st.sampled_from(["20.00", "120.00"]),
            "diagnoses": st.just([1]),
        },
        optional={
            "revenue": st.just("0450"),
            "place": st.sampled_from(["11", "23"]),
            "provider": st.sampled_from(["1234567893", "1992999999"]),
        },
    )
    without_code = st.fixed_dictionaries(
        {
            "revenue": st.just("0450"),
            "units": st.integers(1, 4),
            "date": st.sampled_from(DAYS),
            "charge": st.just("20.00"),
            "diagnoses": st.just([1]),
        }
    )
    return st.fixed_dictionaries(
        {
            "schema": st.just("sequela.encounter/1"),
            "id": st.just("C-1"),
            "setting": st.sampled_from(["professional", "outpatient", "inpatient"]),
            "place": st.just("22"),
            "frequency": st.sampled_from(["1", "7"]),
            "admitted": st.sampled_from(DAYS),
            "discharged": st.just("2026-07-01"),
            "statement_from": st.just("2026-01-31"),
            "patient": st.fixed_dictionaries(
                {"birth_date": st.sampled_from(["1950-06-01", "2015-03-02"])},
                optional={"sex": st.sampled_from(["female", "male"])},
            ),
            "provider": st.just({"npi": "1234567893"}),
            "diagnoses": st.lists(diagnosis, min_size=1, max_size=5),
            "lines": st.lists(st.one_of(line, line, line, line, without_code), min_size=1, max_size=4),
        }
    )


OTHERWISE = {
    "in causes": "in signs",
    "in signs": "in causes",
    "in works": "in visits",
    "in visits": "in works",
    "at most 2": "at most 1",
    "at most 3": "at most 2",
    "at least 12": "at least 21",
    "in places": "in marked",
    "modifier 25": "modifier 59",
    "is female": "is male",
    "is I10": "is R51",
    '"1"': '"0"',
    "2026-09-30": "2026-06-30",
}
"""What the same shape of rule says with other constants."""


def of_one_shape() -> str:
    """The shapes, each said by five rules: twice the same, with one other constant, with all of them, and in two versions."""
    head, *rules = re.split(r"(?m)^(?=rule )", SHAPES)
    found = [head.replace("codes places", "codes marked of POS\n  22, 23\ncodes places")]
    for rule in rules:
        found.append(rule)
        found.append(named(rule, "AGAIN"))
        first = next((one for one in OTHERWISE if one in rule), None)
        found.append(named(rule.replace(first, OTHERWISE[first]) if first else rule, "ONE"))
        every = re.sub("|".join(OTHERWISE), lambda match: OTHERWISE[match[0]], rule)
        found.append(named(every, "ALL"))
        if "effective" not in rule:
            by = " by admission date" if re.search("line . in|for the claim", rule) is None else ""
            for one, dates in ((rule, "2000-01-01 to 2026-03-31"), (every, "2026-04-01 onward")):
                title, body = one.split("\n", 1)
                found.append(named(f"{title}\n  effective {dates}{by}\n{body}", "TWO"))
    return "".join(found)


def by_code(text: str) -> str:
    """Of the rules some that only certain codes concern, of which mostly everything is known."""
    head, *rules = re.split(r"(?m)^(?=rule )", text)
    wanted = re.compile(r"rule (A-ORDER|A-EVERY|A-AGE|B-UNITS|B-POINTED|B-NAMED|B-PAIR)[ -](?!OTHER)")
    return "".join([head, *filter(wanted.match, rules)])


def named(rule: str, word: str) -> str:
    """A rule under another id."""
    return re.sub(r"^rule (\S+)", rf"rule \1-{word}", rule)


@st.composite
def incomplete_claims(draw: st.DrawFn) -> dict[str, object]:
    """Claims of which some facts are left out, and some codes are written in other ways."""
    keys = draw(complete_claims())
    rarely = st.integers(0, 5).map(lambda number: not number)
    lines: list[dict[str, object]] = keys["lines"]  # type: ignore[assignment]
    for line in lines:
        for fact in ("code", "modifiers", "units", "date", "charge", "diagnoses", "revenue"):
            if draw(rarely):
                line.pop(fact, None)
        if "code" in line and draw(rarely):
            line["code"] = f" {str(line['code']).lower()}"
    for fact in ("admitted", "statement_from", "patient", "place", "frequency"):
        if draw(rarely):
            keys.pop(fact)
    return keys


def test_rules_of_one_shape_on_one_code_agree(data: Path) -> None:
    compiled = compile_found(texts_of({"shapes.rules": of_one_shape()}), [data])
    triggered = compile_found(texts_of({"shapes.rules": by_code(of_one_shape())}), [data])
    assert compiled.is_sound, [str(one) for one in compiled.diagnostics if one.severity is Severity.ERROR]
    plan = build_plan(compiled.rules.selections[None], compiled.tables)
    certain = {one: CertainPlan(plan, one) for one in ("professional", "outpatient", "inpatient")}
    decided: set[tuple[int, int]] = set()
    mixed, said = [0], [0]
    other = build_plan(triggered.rules.selections[None], triggered.tables)
    others = {one: CertainPlan(other, one) for one in ("professional", "outpatient", "inpatient")}

    @settings(
        max_examples=max(RULEBOOKS, 400), derandomize=True, deadline=None, suppress_health_check=list(HealthCheck)
    )
    @given(keys=incomplete_claims())
    def agree(keys: dict[str, object]) -> None:
        claim = encounter_from(keys)
        found = certain[claim.setting].records(claim)
        slow = set(found.slow)
        wanted = [
            (rule.place, STATUSES.get(one.status, one.status.value), *bound(one))
            for one in run(plan, View(claim))
            if one.status is not Status.NOT_APPLICABLE and (rule := places[one.rule.id]).place not in slow
        ]
        assert sorted(found.records) == sorted(wanted)
        decided.update((record[0], record[1]) for record in found.records)
        mixed[0] += bool(slow) and bool(found.records)
        some = noted(others[claim.setting], claim)
        if some is not None:
            assert some == failed(other, others[claim.setting].records(claim))
            said[0] += len(some)

    places = {rule.rule.id: rule for rule in plan.rules}
    agree()
    assert len({place for place, _ in decided}) > 0.8 * len(places)
    assert mixed[0] > 100
    assert said[0] > 100


def test_every_shape_is_written_and_agrees(data: Path) -> None:
    compiled = compile_found(texts_of({"shapes.rules": SHAPES}), [data])
    assert compiled.is_sound, [str(one) for one in compiled.diagnostics]
    plan = build_plan(compiled.rules.selections[None], compiled.tables)
    certain = {one: CertainPlan(plan, one) for one in ("professional", "outpatient", "inpatient")}
    places = {rule.rule.id: rule.place for rule in plan.rules}
    decided: set[tuple[int, int]] = set()
    left = [0]

    @settings(
        max_examples=max(RULEBOOKS, 1500), derandomize=True, deadline=None, suppress_health_check=list(HealthCheck)
    )
    @given(keys=complete_claims())
    def agree(keys: dict[str, object]) -> None:
        claim = encounter_from(keys)
        found = certain[claim.setting].records(claim)
        slow = set(found.slow)
        wanted = [
            (places[one.rule.id], STATUSES[one.status], *bound(one))
            for one in run(plan, View(claim))
            if one.status is not Status.NOT_APPLICABLE and places[one.rule.id] not in slow
        ]
        assert sorted(found.records) == sorted(wanted)
        decided.update((record[0], record[1]) for record in found.records)
        left[0] += len(slow)

    agree()
    assert {place for place, _ in decided} == set(places.values())
    assert len(decided) >= 2 * len(places) - 3  # nearly every rule was seen to pass and to fail
    assert left[0] < 2 * max(RULEBOOKS, 1500)  # a few facts are left out on purpose


def noted(certain: CertainPlan, claim: Encounter) -> set[str] | None:
    """The rules that fail, as far as that is said without records."""
    return None if certain.failing is None else certain.failing.rules(claim)


def failed(plan: Plan, records: Records) -> set[str]:
    """The rules that fail by the records, which leave none to the compiled steps."""
    assert not records.slow
    return {plan.ids[place] for place in failed_places(records)}


def bound(verdict: Verdict) -> list[int]:
    """The places of the bound members in their lists."""
    return [
        one.bound.order if one.kind is Kind.DIAGNOSIS else one.bound.index
        for one in verdict.subjects
        if isinstance(one.bound, Member)
    ]
