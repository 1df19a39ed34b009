"""Subjects: the paragraph of that name and its ◆, and "Dates"."""

from datetime import date

import pytest
from tried import DAY, said, walked

FORBIDDEN = "forbidden\nif fail warn"


def line(code="99213", **facts):
    return {"code": code, "date": DAY, **facts}


def subjects(text, **facts):
    """The pointers of each combination of subjects that a rule meets, with how it came out."""
    found = []
    for verdict in walked(f'rule R "r"\n{text}\n{FORBIDDEN}', **facts):
        bound = [getattr(one.bound, "pointer", getattr(one.bound, "value", "")) for one in verdict.subjects]
        found.append((verdict.status.value, *(pointer.removeprefix("/") for pointer in bound)))
    return found


def pairs(text, **facts):
    return [one[1:] for one in subjects(text, **facts)]


def test_every_order_of_other_and_each_pair_of_later():
    lines = [line() for _ in range(3)]
    assert pairs("for each line a, other line b", lines=lines) == [
        ("lines/0", "lines/1"),
        ("lines/0", "lines/2"),
        ("lines/1", "lines/0"),
        ("lines/1", "lines/2"),
        ("lines/2", "lines/0"),
        ("lines/2", "lines/1"),
    ]
    assert pairs("for each line a, later line b", lines=lines) == [
        ("lines/0", "lines/1"),
        ("lines/0", "lines/2"),
        ("lines/1", "lines/2"),
    ]


def test_later_of_three_stands_after_both():
    assert pairs("for each line a, later line b, later line c", lines=[line() for _ in range(3)]) == [
        ("lines/0", "lines/1", "lines/2")
    ]


def test_without_other_a_thing_is_met_with_itself():
    assert pairs("for each line a, line b", lines=[line()]) == [("lines/0", "lines/0")]


def test_later_diagnosis_goes_by_the_principal_first():
    dx = [{"code": "I10"}, {"code": "E11.9", "role": "principal"}]
    assert pairs("for each diagnosis a, later diagnosis b", diagnoses=dx) == [("diagnoses/1", "diagnoses/0")]


def test_diagnoses_are_principal_secondary_and_external_cause_only():
    dx = [
        {"code": "I10", "role": "admitting"},
        {"code": "R05.1", "role": "reason-for-visit"},
        {"code": "W01.0XXA", "role": "external-cause"},
        {"code": "E11.9"},
    ]
    facts = {"setting": "outpatient", "diagnoses": dx, "statement_from": DAY}
    assert pairs("for each diagnosis dx", **facts) == [("diagnoses/2",), ("diagnoses/3",)]
    assert pairs("for each admitting diagnosis dx", **facts) == [("diagnoses/0",)]
    assert pairs("for each reason-for-visit diagnosis dx", **facts) == [("diagnoses/1",)]


def test_the_first_diagnosis_and_the_claim_are_one_subject():
    dx = [{"code": "I10"}, {"code": "E11.9", "role": "principal"}]
    assert pairs("for the first diagnosis dx", diagnoses=dx) == [("diagnoses/1",)]
    assert pairs("for the claim", diagnoses=dx) == [()]
    assert said(f'rule R "r"\nfor the first diagnosis dx\n{FORBIDDEN}') == ["not applicable (no subject 0)"]


def test_a_line_of_an_institutional_claim_points_to_every_diagnosis():
    facts = {"diagnoses": [{"code": "I10"}, {"code": "E11.9"}], "lines": [line(diagnoses=[2])]}
    text = "for each line l, diagnosis d of l"
    assert pairs(text, **facts) == [("lines/0", "diagnoses/1")]
    assert pairs(text, setting="outpatient", **facts) == [("lines/0", "diagnoses/0"), ("lines/0", "diagnoses/1")]


def test_pointers_that_were_not_sent_leave_every_diagnosis_possible():
    facts = {"diagnoses": [{"code": "I10"}, {"code": "E11.9"}], "lines": [line()]}
    assert subjects("for each line l, diagnosis d of l", **facts) == [
        ("unknown", "lines/0", "diagnoses/0"),
        ("unknown", "lines/0", "diagnoses/1"),
    ]


def test_modifiers_of_a_line():
    assert pairs("for each line l, modifier m of l", lines=[line(modifiers=["25", "59"]), line()]) == [
        ("lines/0", "lines/0/modifiers/0"),
        ("lines/0", "lines/0/modifiers/1"),
    ]


@pytest.mark.parametrize(
    ("second", "expected"),
    [
        ({"provider": "1"}, [("fail", "lines/0", "lines/1"), ("fail", "lines/1", "lines/0")]),
        ({"provider": "2"}, [("not applicable",)]),
        ({}, [("unknown", "lines/0", "lines/1"), ("unknown", "lines/1", "lines/0")]),
        ({"date": "2026-03-03"}, [("not applicable",)]),
    ],
)
def test_with_the_same(second, expected):
    lines = [line(provider="1"), {**line(), **second}]
    assert subjects("for each line a, other line b with the same date, provider", lines=lines) == expected


def test_the_same_none_is_nothing():
    lines = [{"revenue": "0450", "date": DAY}, {"revenue": "0450", "date": DAY}]
    assert subjects("for each line a, other line b with the same code", lines=lines) == [("not applicable",)]


def test_a_code_that_is_not_known_stays():
    text = 'codes visits of HCPCS\n99213\nrule R "r"\nfor each line l in visits\nforbidden\nif fail deny l'
    assert said(text, lines=[{"date": DAY}, line("99214"), line(), {"revenue": "0450", "date": DAY}]) == [
        "unknown /lines/0",
        "fail /lines/2",
    ]


def test_services_are_lines_and_history_without_void_ones_and_replaced_claims():
    history = [
        {"claim": "A", "code": "99213", "disposition": "paid"},
        {"claim": "A", "code": "99213", "disposition": "void"},
        {"claim": "B", "code": "99213", "disposition": "paid"},
        {"claim": "C", "code": "99213"},
    ]
    facts = {"history": {"complete": True, "lines": history}, "frequency": "7", "original_claim": "B"}
    assert subjects("for each service s", **facts) == [
        ("fail", "lines/0"),
        ("fail", "history/lines/0"),
        ("unknown", "history/lines/3"),
    ]


def test_an_open_list_has_one_more_entry():
    history = {"lines": [{"code": "99213"}]}
    assert subjects("for each history line h", history=history) == [
        ("fail", "history/lines/0"),
        ("unknown", "unknown"),
    ]
    assert subjects("for each history line h", history={**history, "complete": True}) == [("fail", "history/lines/0")]
    assert subjects("for each history line h", history={"lines": []}) == [("not applicable",)]
    assert subjects("for each history line h") == [("unknown", "unknown")]
    assert subjects("for each document d") == [("unknown", "unknown")]


def test_there_may_be_two_that_were_not_sent_but_a_pair_is_met_once():
    assert pairs("for each history line a, other history line b") == [("unknown", "unknown")]
    history = {"lines": [{"code": "99213"}]}
    assert pairs("for each history line a, later history line b", history=history) == [
        ("history/lines/0", "unknown"),
        ("unknown", "unknown"),
    ]


def test_a_group_stands_for_all_its_lines():
    rule = 'rule R "r"\nfor each group day of lines by code, date\nforbidden\nif fail deny day'
    assert said(rule, lines=[line(), line("17000"), line()]) == ["fail /lines/0 /lines/2", "fail /lines/1"]


def test_a_line_with_an_unknown_grouping_fact():
    rule = 'rule R "r"\nfor each group day of lines by code, provider\nforbidden\nif fail deny day'
    lines = [line(provider="1"), line(), line(provider="2"), line("17000", provider="1")]
    assert said(rule, lines=lines) == ["fail /lines/0", "fail /lines/1", "fail /lines/2", "fail /lines/3"]
    text = """rule R "r"
      for each group day of lines by code, provider
      require (number of lines item of day) is {count}
      if fail deny day"""
    assert said(text.format(count=1), lines=lines) == [
        "unknown /lines/0 /lines/1",
        "unknown /lines/0 /lines/1 /lines/2",
        "unknown /lines/1 /lines/2",
        "pass /lines/3",
    ]


# ---------------------------------------------------------------- the governing date


def governing(text, **facts):
    return [verdict.governing_date for verdict in walked(f'rule R "r"\n{text}', **facts)]


def day(number):
    return date(2026, 3, number)


def test_the_governing_date_is_the_first_bound_lines():
    lines = [line(date="2026-03-02"), line(date="2026-03-04")]
    pair = "for each diagnosis dx, line a, later line b\nforbidden\nif fail warn"
    assert governing(pair, lines=lines, diagnoses=[{"code": "I10"}]) == [day(2)]


def test_a_groups_date_is_its_earliest_lines():
    text = "for each group day of lines by code\nforbidden\nif fail deny day"
    assert governing(text, lines=[line(date="2026-03-04"), line(date="2026-03-02")]) == [day(2)]
    assert governing(text, lines=[line(date="2026-03-04"), line(date=None)]) == [None]


def test_every_other_subject_has_the_claims_date():
    text = "for each diagnosis dx\nforbidden\nif fail warn"
    dx = [{"code": "I10"}]
    lines = [line(date="2026-03-04"), line(date="2026-03-02")]
    assert governing(text, diagnoses=dx, lines=lines) == [day(2)]
    stay = {"setting": "inpatient", "diagnoses": dx, "lines": lines, "statement_to": "2026-03-08"}
    assert governing(text, **stay, discharged="2026-03-09") == [day(9)]
    assert governing(text, **stay) == [None]
    assert governing(text, **stay, discharge_status="30") == [day(8)]


@pytest.mark.parametrize(
    ("basis", "expected"),
    [("line", day(2)), ("discharge", day(9)), ("admission", day(1)), ("statement", day(3)), ("received", day(20))],
)
def test_by_overrides_it(basis, expected):
    facts = {
        "setting": "inpatient",
        "admitted": "2026-03-01",
        "discharged": "2026-03-09",
        "statement_from": "2026-03-03",
        "received": "2026-03-20",
    }
    text = f"effective 2026-01-01 onward by {basis} date\nfor each line l\nforbidden\nif fail warn"
    assert governing(text, **facts) == [expected]


def test_history_lines_and_services_do_not_govern():
    text = "for each service s\nforbidden\nif fail warn"
    history = {"complete": True, "lines": [{"code": "99213", "date": "2025-01-01", "disposition": "paid"}]}
    assert governing(text, history=history) == [day(2), day(2)]


PERIOD = """rule R "r"
  effective 2026-03-01 to 2026-03-10
  for each line l
  require l.units is 1
  if fail deny l
"""


def test_out_of_the_period_is_one_entry():
    lines = [line(date="2026-03-11"), line(date="2026-03-01", units=2), line(date="2026-02-28")]
    assert said(PERIOD, lines=lines) == ["fail /lines/1", "not applicable (period 2)"]


def test_an_unknown_date_leaves_open_whether_the_rule_applies():
    assert said(PERIOD, lines=[line(date=None, units=2)]) == ["unknown /lines/0"]
    assert said(PERIOD, lines=[line(date=None, units=1)]) == ["pass /lines/0"]
    always = PERIOD.replace("effective 2026-03-01 to 2026-03-10", "")
    assert said(always, lines=[line(date=None, units=2)]) == ["fail /lines/0"]


VERSIONS = """rule R "r"
  effective 2026-01-01 to 2026-02-28
  for each line l{first}
  require l.units is 1
  if fail deny l
rule R "r"
  effective 2026-03-01 onward
  for each line l{second}
  require l.units is 2
  if fail deny l
codes visits of HCPCS
  99213
codes small of HCPCS
  17000
"""


def test_the_version_in_force_on_the_date_decides():
    text = VERSIONS.format(first="", second="")
    lines = [line(date="2026-02-01", units=2), line(date="2026-03-01", units=2), line(date="2025-12-31", units=2)]
    assert said(text, lines=lines) == ["fail /lines/0", "pass /lines/1", "not applicable (period 1)"]


@pytest.mark.parametrize(
    ("units", "expected"), [(1, "unknown /lines/0"), (3, "unknown /lines/0"), (None, "unknown /lines/0")]
)
def test_without_a_date_every_version_could_be_the_one(units, expected):
    (verdict,) = walked(VERSIONS.format(first="", second=""), lines=[line(date=None, units=units)])
    assert (verdict.status.value, verdict.segment) == ("unknown", None)


def test_without_a_date_what_all_versions_pass_is_a_pass():
    text = VERSIONS.format(first="", second="").replace("is 2", "is at most 1")
    assert said(text, lines=[line(date=None, units=1)]) == ["pass /lines/0"]


def test_versions_may_bind_by_other_sets():
    text = VERSIONS.format(first=" in visits", second=" in small")
    lines = [line(date="2026-02-01", units=2), line("17000", date="2026-03-01", units=1)]
    assert said(text, lines=lines) == ["fail /lines/0", "fail /lines/1"]
    swapped = [line("17000", date="2026-02-01", units=2), line(date="2026-03-01", units=1)]
    assert said(text, lines=swapped) == ["not applicable (no subject 0)"]


def test_a_set_from_a_table_is_asked_on_the_date_of_the_line_that_is_bound_later():
    text = """
    table kinds "Kinds"
      key code of ICD10CM
      in force start to finish
      rows
        I10   | 2026-01-01 | 2026-03-01
        E11.9 | 2026-03-02 | 2026-12-31
      complete
    codes kind of ICD10CM
      from kinds
    rule R "r"
      for each diagnosis dx in kind, line l
      forbidden
      if fail warn dx
    """
    facts = {"diagnoses": [{"code": "I10"}, {"code": "E11.9"}], "lines": [line(date="2026-03-01"), line()]}
    assert said(text, **facts) == ["fail /diagnoses/0", "fail /diagnoses/1"]
