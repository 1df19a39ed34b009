"""However deep a condition is nested, and however long a claim is, an answer comes."""

import sys

import pytest
from msgspec.structs import replace
from tried import DAY, selection_of, view_of, walked

from sequela.engine.evaluate.missing import missing
from sequela.engine.evaluate.tracing import trace
from sequela.engine.evaluate.walk import walk
from sequela.engine.model.nodes import AllOf, AnyOf, Call, ConditionDefinition, Negated

RULE = 'rule R "r"\nfor each line item\nrequire item.units is 1\nif fail deny item'
DEPTH = 5_000


def nested(wrap):
    """The rule with its condition wrapped again and again."""
    selection = selection_of(RULE)
    (rule,) = selection.rules
    (segment,) = rule.segments
    (requirement,) = segment.version.requirements
    condition = requirement.condition
    for at in range(DEPTH):
        condition = wrap(condition, requirement.condition, at)
    version = replace(segment.version, requirements=(replace(requirement, condition=condition),))
    return replace(selection, rules=(replace(rule, segments=(replace(segment, version=version),)),))


def in_not(inner, leaf, at):
    return Negated(span=leaf.span, part=Negated(span=leaf.span, part=inner))


def in_and_or(inner, leaf, at):
    return (AllOf if at % 2 else AnyOf)(span=leaf.span, parts=(inner, leaf))


def in_condition(inner, leaf, at):
    definition = ConditionDefinition(span=leaf.span, name="c", parameters=(leaf.left.binding,), body=inner, slots=3)
    return Call(span=leaf.span, condition=definition, arguments=(leaf.left.binding,))


@pytest.mark.parametrize("wrap", [in_not, in_and_or, in_condition])
@pytest.mark.parametrize(("units", "status"), [(1, "pass"), (2, "fail"), (None, "unknown")])
def test_a_condition_nested_deeper_than_python_calls_may_be(wrap, units, status):
    assert sys.getrecursionlimit() < DEPTH
    selection, view = nested(wrap), view_of(lines=[{"code": "99213", "date": DAY, "units": units}])
    (verdict,) = walk(selection, {}, view)
    assert verdict.status.value == status
    node = trace(verdict, {}, view).requirements[0].node
    depth = 0
    while node.children:
        node, depth = node.children[0], depth + 1
    assert depth >= DEPTH
    assert missing(verdict, {}, view).sets == ((("/lines/0/units",),) if status == "unknown" else ())


def test_sets_named_in_sets():
    text = "".join(f"codes s{at} of HCPCS\n  s{at + 1}\n" for at in range(500)) + "codes s500 of HCPCS\n  99213\n"
    rule = f'{text}rule R "r"\nfor each line item in s0\nforbidden\nif fail warn'
    assert [one.status.value for one in walked(rule, fast=False)] == ["fail"]


def test_a_claim_of_5000_lines():
    lines = [{"code": ["99213", "17000"][at % 2], "date": DAY, "units": 1, "provider": "1"} for at in range(5_000)]
    text = """
    codes visits of HCPCS
      99213
    rule EACH "each"
      for each line item in visits
      when some other line work where (work.code is 17000 and work.date is item.date)
      require item has modifier 25
      if fail deny item
    rule GROUP "group"
      for each group day of lines by code, date, provider
      require (total item.units over lines item of day) is at most 10
      if fail deny day
    """
    statuses = [one.status.value for one in walked(text, fast=False, lines=lines)]
    assert statuses == ["fail"] * 2_502
