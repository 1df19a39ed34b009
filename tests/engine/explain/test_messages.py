"""What the author says, with its values."""

import pytest

from sequela.tests.engine.explain.tried import checked, claim, entry, line, rule


def said(text, *lines, subject="each line item", clauses="forbidden", **facts):
    rules = rule(clauses, subject=subject, fail="deny").replace("if fail deny", f'if fail deny\n  say "{text}"')
    return checked(rules, claim(*(lines or (line("99213-25", units=2),)), **facts)).failures[0].message


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("{item.code} of {item.units}", "99213 of 2"),
        ("{item.charge} on {item.date}", "100.00 on 2026-03-02"),
        ("{item.authorization}", "not known"),
        ("{item.revenue}", "none"),
        ("{governing date}", "2026-03-02"),
        ("{patient.sex}", "not known"),
        ("{encounter.received}", "not known"),
        ("{days from item.date to encounter.received} days", "not known days"),
        ("{total x.units over lines x} units", "2 units"),
        ("{number of lines x} lines", "1 lines"),
        ("a brace {{", "a brace {"),
    ],
)
def test_values_are_printed_by_their_type(text, message):
    assert said(text) == message


def test_a_code_is_printed_with_its_dot():
    assert said("{dx.code}", subject="the first diagnosis dx") == "E11.9"


def test_a_total_that_is_not_known_for_certain_says_between_what_it_lies():
    lines = (line("99213", units=2), line("17000", units=None))
    assert said("{total x.units over lines x}", *lines) == "2 or more"


def test_the_title_where_no_text_is_given():
    assert entry(rule("forbidden"), claim(line("99213"))).message == "Tried"


def test_the_strongest_failure_speaks():
    payer = """payer ppo "PPO"
  matches "PPO-1"

use house

tighten TRIED
  require also item.units is 1
  if fail reject item
  say "One unit, not {item.units}."
  reason "One unit"
"""
    house = rule("require item has modifier 25")
    both = checked((house, payer), claim(line("99213", units=2), payer="PPO-1")).failures[0]
    assert (both.outcome, both.message) == ("reject", "One unit, not 2.")
    base = checked((house, payer), claim(line("99213"), payer="PPO-1")).failures[0]
    assert (base.outcome, base.message) == ("deny", "Tried")
