"""Explanations: what the tree of a verdict holds."""

from tried import DAY, compiled, view_of

from sequela.engine.evaluate.tracing import trace
from sequela.engine.evaluate.walk import walk

VISITS = """
codes office-visits of HCPCS
  99202 .. 99205, 99211 .. 99215
codes visits of HCPCS
  office-visits
  except 99211
codes minor-procedures of HCPCS
  17000 .. 17004
codes emergency-places of POS
  23
condition same-session (line a, line b)
  a.date is b.date and a.provider is b.provider
rule MOD-25 "A visit on the day of a minor procedure needs modifier 25"
  for each line visit in visits
  when     some other line work in minor-procedures where same-session(visit, work)
  unless   visit.place is in emergency-places
  require  visit has modifier 25
  if fail  deny visit
"""
VISIT = {"code": "99213", "date": DAY, "place": "11"}
WORK = {"code": "17000", "date": DAY}
PROVIDER = {"provider": {"npi": "1234567893"}}


def traced(text, rule="R", at=0, **facts):
    """The trace of a rule's verdict, the first unless told otherwise."""
    found, view = compiled(text), view_of(**facts)
    verdicts = walk(found.rules.selections[None], found.tables, view)
    return trace([one for one in verdicts if one.rule.id == rule][at], found.tables, view, verdicts)


def mod_25(*lines, at=0, **facts):
    return traced(VISITS, "MOD-25", at, lines=list(lines), **{**PROVIDER, **facts})


def facts_of(node):
    return [(one.label, one.value, one.state, one.pointer) for one in node.facts]


def test_every_clause_stands_in_its_order_with_its_value_and_words():
    found = mod_25(VISIT, WORK)
    assert [(one.name, one.kind, one.label, one.pointers) for one in found.subjects] == [
        ("visit", "line", "line 1", ("/lines/0",))
    ]
    assert (found.setting, found.in_settings, found.governing_date.isoformat()) == ("professional", True, DAY)
    assert found.when.node.value is True
    assert [one.node.text for one in found.unless] == ["visit.place is in emergency-places"]
    (requirement,) = found.requirements
    assert (requirement.value, requirement.node.text) == (False, "visit has modifier 25")
    assert facts_of(requirement.node) == [("modifiers of visit", "none", "known", "/lines/0/modifiers")]
    assert facts_of(found.unless[0].node) == [("visit.place", "11", "known", "/lines/0/place")]


def test_what_decided_is_the_entry_as_written_or_the_exception():
    (belongs,) = mod_25(VISIT, WORK).pairing.children
    (in_set,) = belongs.children
    assert [(one.kind, one.name, one.written) for one in in_set.decided_by] == [
        ("entry", "office-visits", "99211 .. 99215")
    ]
    text = VISITS.replace("for each line visit in visits", "for each line visit").replace(
        "require  visit has modifier 25", "require visit.code is in visits"
    )
    found = traced(text, "MOD-25", lines=[{**VISIT, "code": "99211"}, WORK], **PROVIDER)
    assert [(one.kind, one.name, one.written) for one in found.requirements[0].node.decided_by] == [
        ("entry", "office-visits", "99211 .. 99215"),
        ("exception", "visits", "99211"),
    ]


def test_a_named_condition_is_a_node_with_its_body():
    (member,) = mod_25(VISIT, WORK).when.node.members
    call = member.node.children[-1]
    assert (member.role, member.label, call.kind, call.name) == ("witness", "line 2", "call", "same-session")
    (body,) = call.children
    assert [child.text for child in body.children] == ["a.date is b.date", "a.provider is b.provider"]
    assert facts_of(body.children[1])[0] == ("a.provider", "1234567893", "known", "/provider/npi")


def test_of_a_some_that_fails_the_nearest_member_is_shown():
    other_day = {**WORK, "date": "2026-03-03"}
    far = {"code": "80053", "date": "2026-03-04", "provider": "1999999999"}
    found = mod_25(VISIT, far, other_day)
    assert found.reason.name == "WHEN"
    (member,) = found.when.node.members
    assert (member.role, member.label) == ("nearest", "line 3")
    assert found.when.node.met == 2
    assert found.requirements == ()


def test_what_is_possible_is_shown_with_what_is_not_known():
    found = traced(VISITS, "MOD-25", lines=[VISIT, WORK])
    (member,) = found.when.node.members
    assert (member.role, member.node.value) == ("possible", None)
    facts = facts_of(member.node.children[-1].children[0].children[1])
    assert facts[1] == ("b.provider", "not known", "unknown", "/lines/1/provider")


def test_an_every_that_fails_shows_the_counterexample():
    text = 'rule R "r"\nfor the claim\nrequire every line item where item.units is 1\nif fail warn'
    found = traced(text, lines=[{**VISIT, "units": units} for units in (1, 2, 3)])
    members = found.requirements[0].node.members
    assert [(one.role, one.label) for one in members] == [("counterexample", "line 2"), ("counterexample", "line 3")]


LIMITS = """
table limits "Limits"
  key code of HCPCS
  value units as number, rationale as text
  in force start to finish
  rows
    99213 | 1 | "x" | 2026-01-01 | 2026-12-31
    17000 | 2 | "y" | 2026-01-01 | 2026-12-31
  complete
rule R "r"
  for each line item
  look up limit in limits by item.code
  require item.units is at most limit.units
  if fail deny item
"""


def test_a_look_up_shows_the_row_with_its_file_and_number():
    (look_up,) = traced(LIMITS, lines=[{**WORK, "units": 3}]).look_ups
    assert (look_up.name, look_up.table, look_up.found) == ("limit", "limits", True)
    (row,) = look_up.node.decided_by
    assert (row.kind, row.file, row.row) == ("row", "tried.rules", 2)
    assert [(one.label, one.value, one.row) for one in look_up.columns][:2] == [
        ("limit.code", "17000", 2),
        ("limit.units", "2", 2),
    ]


def test_a_look_up_without_a_row_is_named():
    found = traced(LIMITS, lines=[{"code": "80053", "date": DAY}])
    assert (found.reason.name, found.look_ups[0].found) == ("NO_ROW", False)
    assert found.look_ups[0].node.decided_by[0].kind == "no row"
    assert found.requirements == ()


def test_a_look_up_on_a_date_that_is_not_covered():
    found = traced(LIMITS, lines=[{**WORK, "date": "2027-01-01"}])
    assert (found.status.value, found.look_ups[0].found, found.look_ups[0].unchecked) == ("not checked", None, True)


def test_a_rule_that_was_asked_nothing_says_so():
    found = traced('rule R "r"\nsettings inpatient\nfor each line l\nforbidden\nif fail warn')
    assert (found.in_settings, found.reason.name, found.pairing) == (False, "SETTING", None)
    found = traced('rule R "r"\neffective 2027-01-01 onward\nfor each line l\nforbidden\nif fail warn')
    assert (found.reason.name, found.segment, [one.label for one in found.subjects]) == ("PERIOD", None, ["line 1"])


def test_several_versions_on_an_unknown_date_have_a_trace_each():
    text = """
    rule R "r"
      effective 2026-01-01 to 2026-02-28
      for each line l
      require l.units is 1
      if fail deny l
    rule R "r"
      effective 2026-03-01 onward
      for each line l
      require l.units is 2
      if fail deny l
    """
    found = traced(text, lines=[{"code": "99213", "units": 1}])
    assert [one.requirements[0].value for one in (found, *found.others)] == [True, False]
    assert (found.status.value, found.date_asks) == ("unknown", ("/lines/0/date",))


def test_a_group_is_shown_by_its_lines_and_those_it_may_have():
    text = 'rule R "r"\nfor each group g of lines by code, provider\nrequire (total x.units over lines x of g) is at most 2\nif fail deny g'
    lines = [{"code": "99213", "provider": "1", "units": 1}, {"code": "99213", "units": 2}]
    found = traced(text, lines=lines)
    assert [(one.label, one.pointers, one.possible) for one in found.subjects] == [
        ("line 1 (perhaps 2)", ("/lines/0",), ("/lines/1",))
    ]
