"""Groups: lines that share facts, and those of which that is unknown."""

from hypothesis import given
from hypothesis import strategies as st
from tried import view_of

from sequela.engine.encounter.fields import field_of
from sequela.engine.evaluate.groups import could_share, groups_of
from sequela.engine.pipeline.opening import open_texts
from sequela.engine.vocabulary.absent import NONE
from sequela.engine.vocabulary.kinds import Kind

BY = [field_of(Kind.LINE, name) for name in ("code", "provider")]


def grouped(*lines):
    """For each group its facts, the numbers of its lines and of those it may have."""
    view = view_of(lines=list(lines))
    return [
        (group.facts, [line.number for line in group.lines], [line.number for line in group.possible])
        for group in groups_of(view.members(Kind.LINE), BY)
    ]


def line(code=None, provider=None, **facts):
    return {"code": code, "provider": provider, **facts}


def test_lines_with_the_same_facts_are_one_group_in_the_order_of_the_first():
    assert grouped(line("17000", "1"), line("99213", "1"), line("17000", "1")) == [
        (("17000", "1"), [1, 3], []),
        (("99213", "1"), [2], []),
    ]


def test_a_line_with_an_unknown_fact_may_be_in_every_group_that_agrees_and_has_its_own():
    assert grouped(line("17000", "1"), line("17000"), line("99213", "1"), line(None, "1")) == [
        (("17000", "1"), [1], [2, 4]),
        (("17000", None), [2], [1, 4]),
        (("99213", "1"), [3], [4]),
        ((None, "1"), [4], [1, 2, 3]),
    ]


def test_none_equals_nothing():
    alone = line(None, "1", revenue="0450")
    assert grouped(alone, alone, line(None, None, revenue="0450"), line(None, "1")) == [
        ((NONE, "1"), [1], []),
        ((NONE, "1"), [2], []),
        ((NONE, None), [3], []),
        ((None, "1"), [4], []),
    ]


@given(st.lists(st.tuples(st.sampled_from(["17000", "99213", None]), st.sampled_from(["1", "2", None])), max_size=6))
def test_every_line_is_certain_in_one_group_and_possible_where_it_could_be(facts):
    groups = grouped(*(line(*one) for one in facts))
    certain = [number for _, lines, _ in groups for number in lines]
    assert sorted(certain) == list(range(1, len(facts) + 1))
    for shared, lines, possible in groups:
        known = None not in shared
        for at, own in enumerate(facts, start=1):
            open_between = could_share(shared, own) and (None in own or not known)
            assert (at in possible) == (open_between and at not in lines)


def test_a_condition_that_is_handed_a_group_knows_what_its_lines_share():
    rules = open_texts(
        {
            "t.rules": """ruleset t "T"

source MANUAL
  title "A manual"

condition one-unit-line (group day)
  some line item of day where item.units is 1

rule ONE "No day has one unit"
  for each  group day of lines by code, date
  unless    one-unit-line(day)
  require   day.code is not 99213
  if fail   deny day
  cite      MANUAL
"""
        }
    )
    lines = [
        {"number": 1, "code": "99213", "units": 2, "date": "2026-03-02"},
        {"number": 2, "units": 1, "date": "2026-03-02"},
    ]
    claim = {"schema": "sequela.encounter/1", "id": "C", "setting": "professional", "lines": lines}
    entries = [one for one in rules.check(claim).entries if one.status == "unknown"]
    assert entries
    assert {pointer for one in entries for facts in one.missing for pointer in facts} >= {"/lines/1/code"}
    assert all(one.reason for one in entries)
