"""`L is payable`: the paragraph on phases and its ◆."""

import pytest
from tried import DAY, compiled, said, selection_of, view_of, walked

from sequela.engine.evaluate.missing import missing
from sequela.engine.evaluate.replay import payments_before
from sequela.engine.evaluate.tracing import trace
from sequela.engine.evaluate.verdict import Status, Verdict
from sequela.engine.vocabulary.kinds import Kind

EARLIER = """
rule EARLY "early"
  phase modifiers
  {clauses}
rule LATE "late"
  phase add-ons
  for each line item
  require item is payable
  if fail note item
"""


def late(clauses, *lines, **facts):
    """What the later rule says of each line: yes, no or unknown."""
    lines = [{"code": "99213", "date": DAY, "units": 1, **line} for line in lines]
    names = {Status.PASS: "yes", Status.FAIL: "no", Status.UNKNOWN: "unknown", Status.NOT_CHECKED: "not checked"}
    found = walked(EARLIER.format(clauses=clauses), lines=lines, **facts)
    return [names[one.status] for one in found if one.rule.id == "LATE"]


EACH = "for each line l\nrequire l.units is 1\nif fail {}"


@pytest.mark.parametrize(
    ("consequence", "expected"),
    [
        ("deny l", ["yes", "no", "unknown"]),
        ("reject l", ["yes", "no", "unknown"]),
        ("review l", ["yes", "yes", "yes"]),
        ("deny", ["yes", "yes", "yes"]),
    ],
)
def test_a_line_that_an_earlier_rule_denies_is_not_payable(consequence, expected):
    assert late(EACH.format(consequence), {}, {"units": 2}, {"units": None}) == expected


def test_what_is_about_a_diagnosis_or_a_procedure_does_not_count():
    clauses = "for each line l, diagnosis dx\nforbidden\nif fail deny dx"
    assert late(clauses, {}, diagnoses=[{"code": "I10"}]) == ["yes"]


def test_a_group_counts_for_its_lines_and_leaves_possible_ones_open():
    clauses = "for each group g of lines by code, provider\nforbidden when some line x of g where x.units is 2\nif fail deny g"
    lines = [{"provider": "1", "units": 2}, {"provider": "1"}, {"code": "17000", "provider": "1"}, {}]
    assert late(clauses, *lines) == ["no", "no", "yes", "unknown"]


def test_a_failure_settles_what_another_leaves_open():
    clauses = "for each line l\nrequire l.units is 1\nrequire l.minutes is 1\nif fail deny l"
    assert late(clauses, {"units": 2}, {}) == ["no", "unknown"]


def test_while_nobody_knows_which_line_it_is_about_every_line_is_open():
    clauses = "for each line l in visits\nwhen some other line work where work.minutes is 1\nforbidden\nif fail deny work\ncodes visits of HCPCS\n99213"
    assert late(clauses, {}, {"code": "17000"}, {"code": "17110"}) == ["unknown", "unknown", "unknown"]
    assert late(clauses, {}, {"code": "17000", "minutes": 1}, {"code": "17110"}) == ["yes", "no", "yes"]


def test_a_table_that_does_not_cover_the_date_leaves_it_not_checked():
    clauses = """for each line l
  look up row in limits by l.code
  require l.units is at most row.units
  if fail deny l
table limits "Limits"
  key code of HCPCS
  value units as number
  in force start to finish
  rows
    99213 | 1 | 2025-01-01 | 2025-12-31
  complete"""
    assert late(clauses, {}) == ["not checked"]
    found = compiled(EARLIER.format(clauses=clauses))
    view = view_of(lines=[{"code": "99213", "date": DAY, "units": 1}])
    verdicts = walked(EARLIER.format(clauses=clauses), lines=[{"code": "99213", "date": DAY, "units": 1}])
    gap = missing(verdicts[-1], found.tables, view, verdicts).gaps[0]
    assert (gap.table, gap.on.isoformat(), gap.loaded) == ("limits", DAY, True)


def test_rules_of_the_same_phase_and_later_ones_do_not_count():
    text = EARLIER.format(clauses=EACH.format("deny l")).replace("phase modifiers", "phase add-ons")
    lines = [{"code": "99213", "date": DAY, "units": 2}]
    assert said(text, lines=lines) == ["fail /lines/0", "pass /lines/0"]


def test_a_history_line_is_payable_by_its_own_disposition():
    text = """
    rule R "r"
      phase history
      for each history line h
      require h is payable
      if fail warn h
    """
    lines = [{"disposition": one} for one in ("paid", "denied", "void", "pending", None)]
    assert [one.split()[0] for one in said(text, history={"complete": True, "lines": lines})] == [
        "pass",
        "fail",
        "fail",
        "unknown",
        "unknown",
    ]


def test_an_error_leaves_open_what_it_could_have_denied():
    text = EARLIER.format(clauses=EACH.format("deny l"))
    early, final = selection_of(text).rules
    view = view_of()
    fault = Verdict(rule=early, segment=None, status=Status.ERROR, about=("",), fault="x")
    assert payments_before(final, [fault], {}, view).payable(view.members(Kind.LINE)[0]) is None


def test_a_trace_of_a_later_rule_reads_the_earlier_verdicts():
    text = EARLIER.format(clauses=EACH.format("deny l"))
    lines = [{"code": "99213", "date": DAY, "units": 2}, {"code": "99213", "date": DAY}]
    view, verdicts = view_of(lines=lines), walked(text, lines=lines)
    denied, opened = [one for one in verdicts if one.rule.id == "LATE"]
    node = trace(denied, {}, view, verdicts).requirements[0].node
    assert (node.kind, node.value, node.decided_by[0].name) == ("payable", False, "EARLY")
    assert trace(denied, {}, view).requirements[0].node.value is True
    assert missing(opened, {}, view, verdicts).sets == (("/lines/1/units",),)
