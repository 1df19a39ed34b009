"""Conditions: the table of predicates, collections, values, and "Facts that are not there"."""

import pytest
from tried import DAY, compiled, said, view_of, walked

from sequela.engine.evaluate.walk import walk

DECLARED = """
codes visits of HCPCS
  99202 .. 99215
  except 99211
codes sides of MODIFIER
  LT, RT
codes diabetes of ICD10CM
  under E11
  except E11.9
codes chronic of ICD10CM
  diabetes, I10
  except odd
codes odd of ICD10CM
  E11.8
table limits "Limits"
  key code of HCPCS
  value units as number, marks as codes of MODIFIER, until as date
  rows
    99213 | 1 | LT, 25 | 2026-12-31
    99214 | 2 | 59     | 2026-06-30
  {completeness}
table catalogue "Catalogue"
  key code of ICD10CM
  value billable as yes-no
  in force start to finish
  rows
    I10   | yes | 2026-01-01 | 2026-06-30
    E11.9 | no  | 2026-01-01 | 2026-12-31
  complete
codes billable of ICD10CM
  from catalogue where billable is yes
condition short(line l)
  l.units is at most 2
condition near(line l)
  some other line m where m.units is l.units
"""
LINE = {
    "code": "99213",
    "date": DAY,
    "end_date": "2026-03-04",
    "modifiers": ["25", "LT"],
    "units": 2,
    "charge": "120.00",
    "place": "11",
    "diagnoses": [1],
}
CLAIM = {
    "lines": [LINE],
    "diagnoses": [{"code": "E11.8"}, {"code": "I10", "poa": "Y"}],
    "patient": {"sex": "female", "birth_date": "1950-03-03"},
    "admitted": "2026-02-28",
}


def value(condition, *, completeness="complete", **facts):
    """Whether a condition on the line of a claim is yes, no or unknown, by the status of a rule that requires it."""
    text = f'{DECLARED.format(completeness=completeness)}\nrule R "r"\nfor each line item\nrequire {condition}\nif fail warn'
    found = said(text, **{**CLAIM, **facts})[0]
    return {"pass": "yes", "fail": "no", "unknown": "unknown", "not checked": "not checked"}[found.strip()]


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        ("item.code is 99213", "yes"),
        ("item.code is not 99213", "no"),
        ("item.place is 12", "no"),
        ("patient.sex is female", "yes"),
        ("item.provider is item.provider", "unknown"),
        ("item.minutes is item.minutes", "unknown"),
        ("item.revenue is 0450", "no"),
        ("item.revenue is not 0450", "yes"),
        ("item.code is in visits", "yes"),
        ("item.code is not in visits", "no"),
        ("item.revenue is known", "no"),
        ("item.revenue is missing", "yes"),
        ("item.minutes is known", "no"),
        ("item.minutes is missing", "yes"),
        ("item.units is known", "yes"),
        ("item.units is at most 2", "yes"),
        ("item.units is more than 2", "no"),
        ("item.charge is at least 120.00", "yes"),
        ("item.charge is less than 120", "no"),
        ("item.minutes is at least 1", "unknown"),
        ("patient.age is at most 75", "yes"),
        ("patient.age is 75", "yes"),
        ("patient.age-in-days is at least 27758", "yes"),
        ("item.date is after encounter.admitted", "yes"),
        ("item.date is on or before 2026-03-02", "yes"),
        ("item.date is before encounter.discharged", "unknown"),
        ("item.date is within 2 days after encounter.admitted", "yes"),
        ("item.date is within 1 day after encounter.admitted", "no"),
        ("item.date is within 3 years of encounter.discharged", "unknown"),
        ("item has modifier 25", "yes"),
        ("item has modifier 59", "no"),
        ("item has modifier in sides", "yes"),
        ("item.units is 2 and item.minutes is 1", "unknown"),
        ("item.units is 3 and item.minutes is 1", "no"),
        ("item.units is 2 or item.minutes is 1", "yes"),
        ("item.units is 3 or item.minutes is 1", "unknown"),
        ("not (item.minutes is 1)", "unknown"),
        ("short(item)", "yes"),
        ("near(item)", "no"),
        ("limits lists (item.code)", "yes"),
        ("limits lists (99215)", "no"),
        ("(days from item.date to item.end-date) is 2", "yes"),
        ("(months from encounter.admitted to item.date) is 0", "yes"),
        ("(full months between encounter.admitted and item.date) is 0", "yes"),
        ("(years from 1950-03-03 to item.date) is 75", "yes"),
        ("(days from item.date to encounter.discharged) is at least 0", "unknown"),
        ('(characters 1 to 2 of item.code) is "99"', "yes"),
        ('(character 6 of item.code) is ""', "yes"),
        ('(character 6 of item.code) is "A"', "no"),
        ("(total x.units over lines x) is 2", "yes"),
        ("(number of lines x) is at least 2", "no"),
        ("(number of lines x where x.minutes is 1) is at most 1", "yes"),
        ("(number of lines x where x.minutes is 1) is at most 0", "unknown"),
        ("(total x.minutes over lines x) is at least 0", "yes"),
        ("(total x.minutes over lines x) is at least 1", "unknown"),
        ("some diagnosis d of item in chronic", "no"),
        ("some diagnosis d in chronic", "yes"),
        ("every diagnosis d where (d.code is in chronic or d.code is in odd)", "yes"),
        ("no procedure p", "yes"),
        ("every procedure p where p.date is after 2030-01-01", "yes"),
        ("at least 2 diagnosis d where d.code is known", "yes"),
        ("at most 1 diagnosis d where d.poa is Y", "unknown"),
        ("at most 2 diagnosis d where d.poa is Y", "yes"),
        ("at most 0 diagnosis d where d.poa is Y", "no"),
        ("at least 2 diagnosis d where d.poa is Y", "unknown"),
        ("at least 3 diagnosis d where d.poa is Y", "no"),
        ("some modifier m of item in sides", "yes"),
        ("some condition-code c", "no"),
        ("some history line h where h.code is 99213", "unknown"),
        ("no history line h where h.code is 99213", "unknown"),
        ("every history line h where h.code is 99213", "unknown"),
        ("at most 5 history line h where h.code is 99213", "unknown"),
        ("at least 1 history line h where h.date is known", "no"),
        ("(number of history lines h) is at least 0", "yes"),
        ("(number of history lines h) is at most 100", "unknown"),
        ('some document note where note.kind is "x"', "unknown"),
    ],
)
def test_predicates(condition, expected):
    assert value(condition) == expected


@pytest.mark.parametrize(
    ("condition", "facts", "expected"),
    [
        ("no history line h where h.code is 99213", {"history": {"lines": []}}, "yes"),
        ("no history line h where h.code is 99213", {"history": {"complete": True}}, "yes"),
        ("no history line h where h.code is 99213", {"history": {"lines": [{"code": "99213"}]}}, "no"),
        ("no history line h where h.code is 99213", {"history": {"lines": [{"code": "99214"}]}}, "unknown"),
        ("every history line h where h.code is 99213", {"history": {"lines": [{"code": "99214"}]}}, "no"),
        ("at least 1 history line h", {"history": {"lines": [{"code": "99214"}]}}, "yes"),
        ("at most 1 history line h", {"history": {"lines": [{}, {}]}}, "no"),
        ("(number of history lines h) is 1", {"history": {"complete": True, "lines": [{}]}}, "yes"),
        ("item has modifier 25", {"lines": [{"code": "99213", "date": DAY}]}, "no"),
        ("item has modifier in sides", {"lines": [{"code": "99213", "date": DAY}]}, "no"),
        ("some diagnosis d of item in chronic", {"lines": [{"code": "99213", "date": DAY}]}, "unknown"),
        ("some diagnosis d of item in chronic", {"lines": [{"date": DAY}], "diagnoses": []}, "no"),
        ("patient.age is at least 1", {"patient": {}}, "unknown"),
        ("item.code is in visits", {"lines": [{"date": DAY}]}, "unknown"),
        ("item.code is in visits", {"lines": [{"date": DAY, "revenue": "0450"}]}, "no"),
        ("not (item.code is in visits)", {"lines": [{"date": DAY, "revenue": "0450"}]}, "yes"),
        ("limits lists (item.code)", {"lines": [{"date": DAY}]}, "unknown"),
        ("limits lists (item.code)", {"lines": [{"date": DAY, "revenue": "0450"}]}, "no"),
        ("near(item)", {"lines": [LINE, LINE]}, "yes"),
        ("every other line x where x.units is 2", {"lines": [LINE, {**LINE, "units": None}]}, "unknown"),
        ("some later line x", {"lines": [LINE, LINE]}, "yes"),
        ("(total x.units over lines x) is at most 5", {"lines": [LINE, {**LINE, "units": None}]}, "unknown"),
        ("(total x.units over lines x) is at most 1", {"lines": [LINE, {**LINE, "units": None}]}, "no"),
    ],
)
def test_facts_that_are_not_there(condition, facts, expected):
    assert value(condition, **facts) == expected


@pytest.mark.parametrize(
    ("code", "expected"),
    [("E11.9", "no"), ("E11.65", "yes"), ("I10", "yes"), ("E11.8", "no"), ("E12", "no"), ("E11", "yes")],
)
def test_a_set_is_its_entries_without_its_exceptions(code, expected):
    assert value("some diagnosis d where d.code is in chronic", diagnoses=[{"code": code}]) == expected


@pytest.mark.parametrize(
    ("code", "on", "expected"),
    [
        ("I10", DAY, "yes"),
        ("E11.9", DAY, "no"),
        ("J06.9", DAY, "no"),
        ("I10", "2026-07-01", "no"),
        ("I10", None, "unknown"),
        ("J06.9", None, "no"),
        ("I10", "2027-01-01", "not checked"),
        ("J06.9", "2027-01-01", "not checked"),
    ],
)
def test_a_set_from_a_table_asks_it_on_the_governing_date(code, on, expected):
    facts = {"diagnoses": [{"code": code}], "lines": [{"code": "99213", "date": on}]}
    assert value("some diagnosis d in billable", **facts) == expected


def test_a_table_that_is_not_loaded_is_not_checked():
    text = f'{DECLARED.format(completeness="complete")}\nrule R "r"\nfor each line item\nrequire {{}}\nif fail warn'
    for condition in ("limits lists (item.code)", "some diagnosis d in billable"):
        found = compiled(text.format(condition)).rules.selections[None]
        assert [one.status.value for one in walk(found, {}, view_of(**CLAIM))] == ["not checked"]


def test_an_absent_row_of_a_partial_table_is_unknown():
    assert value("limits lists (99215)", completeness="partial") == "unknown"
    by_revenue = {"lines": [{"revenue": "0450", "date": DAY}]}
    assert value("limits lists (item.code)", completeness="partial", **by_revenue) == "no"


@pytest.mark.parametrize(
    ("clauses", "expected"),
    [
        ("require item.units is at most limit.units", "fail"),
        ("require item has modifier in limit.marks", "pass"),
        ("require limit.until is after item.date", "pass"),
    ],
)
def test_cells_of_a_row(clauses, expected):
    text = f'{DECLARED.format(completeness="complete")}\nrule R "r"\nfor each line item\nlook up limit in limits by item.code\n{clauses}\nif fail warn'
    assert said(text, **CLAIM) == [expected]


# ---------------------------------------------------------------- look-ups

LOOKED_UP = """
table owners "Owners"
  key owner under ICD10CM
  value units as number
  rows
    E11    | 1
    E11.6  | 2
  {completeness}
table dated "Dated"
  key code of ICD10CM
  value units as number
  in force start to finish
  rows
    E11.65 | 1 | 2026-01-01 | 2026-06-30
    E11.65 | 2 | 2026-03-01 | 2026-12-31
  {completeness}
rule R "r"
  for each diagnosis dx
  look up row in {table} by dx.code{on}
  {clauses}
  if fail warn dx
"""


def looked_up(table, clauses="require row.units is 1", *, completeness="complete", on="", code="E11.65", **facts):
    text = LOOKED_UP.format(table=table, clauses=clauses, completeness=completeness, on=on)
    facts = {"diagnoses": [] if code is None else [{"code": code}], **facts}
    return [one.removesuffix(" /diagnoses/0") for one in said(text, **facts)]


def test_every_matching_row_is_met():
    assert looked_up("owners") == ["pass", "fail"]
    assert looked_up("owners", code="E11.9") == ["pass"]
    assert looked_up("dated") == ["pass", "fail"]


def test_no_row_in_a_complete_table_and_the_rule_does_not_apply():
    assert looked_up("owners", code="I10") == ["not applicable (no row 1)"]
    assert looked_up("owners", code="I10", completeness="partial") == ["unknown"]


def test_the_date_picks_the_rows():
    assert looked_up("dated", on=" on encounter.received", received="2026-02-01") == ["pass"]
    assert looked_up("dated", on=" on encounter.received", received="2026-07-01") == ["fail"]
    assert looked_up("dated", on=" on encounter.received", received="2027-01-01") == ["not checked"]
    assert looked_up("dated", on=" on encounter.received") == ["unknown"]
    assert looked_up("dated", on=" on encounter.received", code="I10") == ["not applicable (no row 1)"]


def test_what_is_certain_without_the_row_is_decided():
    assert looked_up("dated", "when dx.code is I10\nforbidden", on=" on encounter.received") == [
        "not applicable (when 1)"
    ]
    assert looked_up("dated", "require dx.code is E11.65", on=" on encounter.received") == ["pass"]


def test_one_complete_table_without_a_row_settles_it():
    text = """
    table one "One"
      key code of ICD10CM
      rows
        E11.9
      partial
    table two "Two"
      key code of ICD10CM
      rows
        E11.9
        I10
      complete
    rule R "r"
      for each diagnosis dx
      look up a in one by dx.code
      look up b in two by dx.code
      forbidden
      if fail warn dx
    """
    dx = [{"code": code} for code in ("E11.9", "I10", "J06.9")]
    assert said(text, diagnoses=dx) == ["fail /diagnoses/0", "unknown /diagnoses/1", "not applicable (no row 1)"]


def test_a_look_up_may_use_the_row_of_another_one():
    text = """
    table steps "Steps"
      key code of ICD10CM
      value next as code of ICD10CM
      rows
        I10   | E11.9
        E11.9 | J06.9
        Z00.0 | I10
      complete
    rule R "r"
      for each diagnosis dx
      look up a in steps by dx.code
      look up b in steps by a.next
      require b.next is J06.9
      if fail warn dx
    """
    dx = [{"code": code} for code in ("I10", "E11.9", "Z00.0")]
    assert said(text, diagnoses=dx) == ["pass /diagnoses/0", "fail /diagnoses/2", "not applicable (no row 1)"]


# ---------------------------------------------------------------- witnesses

WITNESS = """
table pairs "Pairs"
  key code of HCPCS
  value units as number
  rows
    17000 | 1
    17110 | 2
  complete
rule R "r"
  for each line visit
  {look_up}
  when some other line work where (work.units is 2{and_more})
  {clauses}
  if fail deny work
"""


def witnessed(clauses, *lines, look_up="", and_more=""):
    text = WITNESS.format(clauses=clauses, look_up=look_up, and_more=and_more)
    return walked(text, lines=[{"code": "99213", "date": DAY, "units": 1}, *lines])


def work(code="17000", units=2, **facts):
    return {"code": code, "date": DAY, "units": units, **facts}


def test_the_witness_is_the_first_that_satisfied_with_certainty():
    verdicts = witnessed("forbidden when visit.units is 1", work(units=None), work(), work())
    assert next((one.status.value, one.about) for one in verdicts if one.reason is None) == ("fail", ("/lines/2",))


def test_without_a_witness_what_is_read_through_it_is_unknown():
    (first, *_) = witnessed("require work.code is 17000", work(units=None))
    assert (first.status.value, first.about) == ("unknown", ("",))
    (first, *_) = witnessed("require visit.units is 1", work(units=None))
    assert first.status.value == "pass"


def test_a_look_up_by_the_witness_waits_for_it():
    look_up = "look up row in pairs by work.code"
    statuses = [one.status.value for one in witnessed("require row.units is 1", work(), look_up=look_up)]
    assert statuses == ["pass", "not applicable"]
    first, *_ = witnessed("require row.units is 1", work("17110"), look_up=look_up)
    assert [one.name for one in first.subjects] == ["visit", "row"]
    assert first.status.value == "fail"
    reasons = [one.reason.name for one in witnessed("forbidden", work("99999"), look_up=look_up) if one.reason]
    assert reasons == ["NO_ROW", "WHEN"]
    first, *_ = witnessed("forbidden", work(units=None), look_up=look_up)
    assert first.status.value == "unknown"
