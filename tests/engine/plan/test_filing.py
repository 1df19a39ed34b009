"""Where a rule is filed, and that nothing is compiled before a claim meets it."""

from sequela.engine.encounter.from_json import encounter_from
from sequela.engine.pipeline.opening import open_texts
from sequela.engine.plan.filing import filed
from sequela.engine.vocabulary.kinds import Kind

RULES = """
ruleset r "Rules"
codes visits of HCPCS
  99213, 99214
codes all-visits of HCPCS
  99202 .. 99215
codes wider of HCPCS
  visits, 99281
rule A "A plain set"
  settings professional
  for each line l in visits
  require l.units is at most 1
  if fail deny l
rule B "A range"
  for each line l in all-visits
  require l.units is at most 1
  if fail deny l
rule C "A set that names a set"
  for each line l in wider
  require l.units is at most 1
  if fail deny l
rule D "Every claim"
  for the claim
  require (number of lines l) is at most 50
  if fail deny
rule E "One code in when"
  for each line l
  when l.code is 99213
  require l.units is at most 1
  if fail deny l
"""


def test_rules_are_filed_under_codes_under_sets_or_under_nothing() -> None:
    book = open_texts({"r.rules": RULES})
    a, b, c, d, e = filed(book.selection().rules)
    assert a.settings == {"professional"}
    assert a.steps == a.written == ((Kind.LINE, ("99213", "99214")),)
    assert b.steps is not None
    assert b.steps[0][1] is book.rules.sets["r/all-visits"]
    assert c.steps is not None
    assert c.steps[0][1] is book.rules.sets["r/wider"]
    assert (d.steps, d.written) == (None, ())
    assert e.steps is None
    assert e.written == ((Kind.LINE, ("99213",)),)


def test_a_rule_is_compiled_when_a_claim_first_meets_it() -> None:
    book = open_texts({"r.rules": RULES})
    plan = book.plan()
    read: list[int] = []
    make = plan.rules._make
    plan.rules._make = lambda place: read.append(place) or make(place)
    line = {"number": 1, "code": "99215", "units": 2, "date": "2026-03-02"}
    claim = {"schema": "sequela.encounter/1", "id": "C-1", "setting": "professional", "lines": [line]}
    assert book.check(encounter_from(claim)).failed_rules == ("B",)
    assert set(read) <= {1, 3}
