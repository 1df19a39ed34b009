"""Explanations in words: each was read as a coder would read it, and found clear."""

import re

from msgspec.structs import replace

from sequela.engine.evaluate.verdict import Status
from sequela.engine.explain.as_text import render_explanation
from sequela.tests.engine.explain.tried import VISIT, checked, claim, line

PAIR = """
rule PTP "A component is not paid beside the procedure that includes it"
  phase pairs
  for each line major, other line part with the same date, provider
  look up edit in pairs by major.code, part.code
  forbidden
  bypass when edit.indicator is "1" and (part has modifier in sides or major has modifier in sides)
  if fail deny part
  adjustment CO 236, M80
  cite MANUAL section "I.A"
"""

GROUP = """
rule MUE-DAY "The units of a day stay within the limit"
  phase units
  for each group day of lines by code, date, provider
  look up limit in limits by day.code
  require (total item.units over lines item of day) is at most limit.units
  if fail deny day
  say "{day.code}: {total item.units over lines item of day} units on {day.date}, at most {limit.units}."
"""

HIST = """
rule NEW-PATIENT "A new patient was not seen for three years"
  phase history
  for each line visit in visits
  require no history line seen where (seen.provider is visit.provider and seen.date is within 3 years before visit.date)
  if fail deny visit
  if unknown review
"""

EVERY = """
rule CHARGES "Every line has a charge and few units"
  for the claim
  require every line item where (item.charge is at least 10.00 and item.units is at most 5)
  if fail reject
"""

NEAR = """
rule CAUSE "A cause stands before it"
  for each diagnosis dx in diabetes
  require some other diagnosis cause where (cause.code is in diabetes and cause comes before dx)
  if fail reject dx
  suggest move cause before dx
"""


def text(rules, encounter):
    """The explanation of the strongest entry."""
    ledger = checked(rules, encounter)
    found = (*ledger.failures, *ledger.entries, *ledger.all_entries)[0]
    return "\n" + str(ledger.explain(found)) + "\n"


def test_a_failure_as_on_the_page_of_the_language():
    assert (
        text(VISIT, claim(line("99213"), line("17000")))
        == """
DENY  MOD-25  line 1 · 99213 on 2026-03-02                                                     house
  A visit on the day of a minor procedure needs modifier 25.
  99213 is on the same day as 17000; without modifier 25 it is part of that procedure.

  It applies because
    yes  99213 is in visits                            office-visits: 99211 .. 99215
    yes  some other line work in procedures …          line 2: 17000, same date, same provider
    no   unless visit.place is in emergency-places     place of line 1 is 11
  It fails because
    no   visit has modifier 25                         modifiers of line 1: none

  What would change it
    1  add modifier 25 to line 1   needs documentation: the record shows a significant, separately
                                   identifiable visit · settles 1, creates 0 of 1 rule

  Adjustment  CO 97, M15
  Authority   House manual, 2026, I.D
  Rule        house.rules, lines 57 to 70
"""
    )


def test_what_is_not_known_and_what_would_settle_it():
    assert (
        text(VISIT, claim(line("99213"), line("17000", provider=None)))
        == """
UNKNOWN  MOD-25  line 1 · 99213 on 2026-03-02                                                  house
  A visit on the day of a minor procedure needs modifier 25.

  Whether it applies is not known
    yes      99213 is in visits                            office-visits: 99211 .. 99215
    unknown  some other line work in procedures …          perhaps line 2: 17000
    unknown    same-session(visit, work)
    unknown      a.provider is b.provider                  provider of line 2 is not known
    no       unless visit.place is in emergency-places     place of line 1 is 11
  It would fail because
    no       visit has modifier 25                         modifiers of line 1: none
  This would settle it
    line 2 provider

  Authority  House manual, 2026, I.D
  Rule       house.rules, lines 57 to 70
"""
    )


def test_a_table_that_does_not_cover_the_date():
    assert (
        text(GROUP, claim(line("99213", date="2026-08-01")))
        == """
NOT CHECKED  MUE-DAY  line 1 · 99213 on 2026-08-01                                             house
  The units of a day stay within the limit.

  Whether it applies is not known
    yes          for each group day of lines by code, date,    line 1: 99213
                 provider
    not checked  look up limit in limits by day.code           table limits does not cover
                                                               2026-08-01
  Whether what it asks holds is not known
    not checked  (total item.units over lines item of day) is  units of line 1 are 1; limit.units
                 at most limit.units                           are not known
  It could not be checked because
    table limits does not cover 2026-08-01; it covers from 2026-01-01 to 2026-06-30 (house.rules)

  Rule  house.rules, lines 57 to 63
"""
    )


def test_a_failure_that_is_let_through():
    assert (
        text(PAIR, claim(line("99213"), line("80047-LT")))
        == """
BYPASSED  PTP  line 2 · 80047-LT, with line 1 · 99213 on 2026-03-02                            house
  A component is not paid beside the procedure that includes it.
  major is line 1 · 99213, part is line 2 · 80047-LT

  It applies because
    yes  with the same date and provider               2026-03-02, 1234567893
    yes  look up edit in pairs by major.code,          row 1 of pairs (house.rules): one 99213,
         part.code                                     other 80047, indicator 1
  It would fail because
    yes  what applies here is forbidden
  It is let through because
    yes  bypass when edit.indicator is "1"             indicator in pairs is 1
    yes  part has modifier in sides or major has modifier in sides
    yes    part has modifier in sides                  modifiers of line 2: LT

  Authority  House manual, 2026, I.A
  Rule       house.rules, lines 57 to 65
"""
    )


def test_no_subject_and_what_was_there():
    assert (
        text(VISIT, claim(line("80047"), line("80048")))
        == """
NOT APPLICABLE  MOD-25                                                                         house
  A visit on the day of a minor procedure needs modifier 25.

  It does not apply because
    no   for each line visit in visits  no line is in visits (office-visits: 99202 .. 99205, 99211
                                        .. 99215; except 99211): line 1: 80047, line 2: 80048

  Authority  House manual, 2026, I.D
  Rule       house.rules, lines 57 to 70
"""
    )


def test_an_exception():
    assert (
        text(VISIT, claim(line("99213", place="23"), line("17000")))
        == """
NOT APPLICABLE  MOD-25                                                                         house
  A visit on the day of a minor procedure needs modifier 25.

  It does not apply because
    no   line 1 · 99213
    yes    unless visit.place is in emergency-places  place of line 1 is 23 (emergency-places: 23)

  Authority  House manual, 2026, I.D
  Rule       house.rules, lines 57 to 70
"""
    )


def test_a_condition_not_met():
    assert (
        text(VISIT, claim(line("99212"), line("80047")))
        == """
NOT APPLICABLE  MOD-25                                                                         house
  A visit on the day of a minor procedure needs modifier 25.

  It does not apply because
    no   line 1 · 99212
    no     some other line work in procedures …        nearest: line 2: 80047
    no       80047 is in procedures                    line 2 is 80047
    yes      same-session(visit, work)                 same date: 2026-03-02, same provider:
                                                       1234567893

  Authority  House manual, 2026, I.D
  Rule       house.rules, lines 57 to 70
"""
    )


def test_a_pair_with_its_row():
    assert (
        text(PAIR, claim(line("99213"), line("80047")))
        == """
DENY  PTP  line 2 · 80047, with line 1 · 99213 on 2026-03-02                                   house
  A component is not paid beside the procedure that includes it.
  major is line 1 · 99213, part is line 2 · 80047

  It applies because
    yes  with the same date and provider               2026-03-02, 1234567893
    yes  look up edit in pairs by major.code,          row 1 of pairs (house.rules): one 99213,
         part.code                                     other 80047, indicator 1
  It fails because
    yes  what applies here is forbidden
  Nothing lets it through
    no   part has modifier in sides or major has modifier in sides
    no     part has modifier in sides                  modifiers of line 2: none
    no     major has modifier in sides                 modifiers of line 1: none

  Adjustment  CO 236, M80
  Authority   House manual, 2026, I.A
  Rule        house.rules, lines 57 to 65
"""
    )


def test_a_group_with_its_sum():
    assert (
        text(GROUP, claim(line("99213"), line("99213")))
        == """
DENY  MUE-DAY  lines 1, 2 · 99213 on 2026-03-02                                                house
  The units of a day stay within the limit.
  99213: 2 units on 2026-03-02, at most 1.

  It applies because
    yes  for each group day of lines by code, date,    lines 1, 2: 99213
         provider
    yes  look up limit in limits by day.code           row 1 of limits (house.rules): code 99213,
                                                       units 1
  It fails because
    no   (total item.units over lines item of day) is  units (line 1: 1 + line 2: 1) = 2; units in
         at most limit.units                           limits are 1

  Rule  house.rules, lines 57 to 63
"""
    )


def test_history_that_is_there():
    assert (
        text(
            HIST,
            claim(
                line("99213"), history={"lines": [{"code": "99214", "date": "2025-01-01", "provider": "1234567893"}]}
            ),
        )
        == """
DENY  NEW-PATIENT  line 1 · 99213 on 2026-03-02                                                house
  A new patient was not seen for three years.

  It applies because
    yes  99213 is in visits                            office-visits: 99211 .. 99215
  It fails because
    no   no history line seen …                        history line 1: 99214, same provider, date
                                                       2025-01-01

  Rule  house.rules, lines 57 to 62
"""
    )


def test_history_that_may_be_there():
    assert (
        text(HIST, claim(line("99213"), history={"lines": [{"code": "99214", "date": "2025-01-01"}]}))
        == """
UNKNOWN  NEW-PATIENT  line 1 · 99213 on 2026-03-02                                             house
  A new patient was not seen for three years.

  It applies because
    yes      99213 is in visits                            office-visits: 99211 .. 99215
  Whether what it asks holds is not known
    unknown  no history line seen …                        perhaps history line 1: 99214 or a
                                                           history line not sent
    unknown    history line 1: 99214
    unknown      seen.provider is visit.provider           provider of history line 1 is not known
  This would settle it
    history line 1 provider

  Rule  house.rules, lines 57 to 62
"""
    )


def test_every_line_with_each_counterexample():
    assert (
        text(EVERY, claim(line("99213", units=7), line("17000", charge="5.00")))
        == """
REJECT  CHARGES  the claim on 2026-03-02                                                       house
  Every line has a charge and few units.

  It applies because
    yes  for the claim
  It fails because
    no   every line item …                             line 1: 99213 and line 2: 17000
    no     line 1: 99213
    no       item.units is at most 5                   units of line 1 are 7
    no     line 2: 17000
    no       item.charge is at least 10.00             charge of line 2 is 5.00

  Rule  house.rules, lines 57 to 60
"""
    )


def test_a_diagnosis_out_of_order_with_the_nearest():
    assert (
        text(NEAR, claim(line("99213"), dx=("I10", "E11.65", "E13.9")))
        == """
REJECT  CAUSE  dx 2 · E11.65 on 2026-03-02                                                     house
  A cause stands before it.

  It applies because
    yes  E11.65 is in diabetes                         diabetes: E08 .. E13
  It fails because
    no   some other diagnosis cause …                  nearest: dx 1: I10
    no     cause.code is in diabetes                   dx 1 is I10
    yes    cause comes before dx                       dx 1 stands before dx 2

  What would change it
    1  move dx 3 (E13.9) before dx 2 (E11.65)   clerical · settles 1, creates 1 of 1 rule: CAUSE

  Rule  house.rules, lines 57 to 61
"""
    )


TWO = """
rule TWO "Two versions"
  effective 2024-01-01 to 2025-12-31 by line date
  for each line item
  require item.units is 1
  if fail deny item

rule TWO "Two versions"
  effective 2026-01-01 onward by line date
  for each line item
  require item has modifier 25
  if fail deny item
"""


def test_each_version_that_could_be_in_force():
    assert (
        text(TWO, claim(line("99213", date=None)))
        == """
UNKNOWN  TWO  line 1 · 99213                                                                   house
  Two versions.

  In the version that is in force from 2024-01-01 to 2025-12-31
  Whether it applies is not known
    unknown  in force from 2024-01-01 to 2025-12-31  not known: line 1 date
    yes      for each line item                      line 1: 99213
  It would pass because
    yes      item.units is 1                         units of line 1 are 1
  In the version that is in force from 2026-01-01 on
  Whether it applies is not known
    unknown  in force from 2026-01-01 on             not known: line 1 date
    yes      for each line item                      line 1: 99213
  It would fail because
    no       item has modifier 25                    modifiers of line 1: none
  This would settle it
    line 1 date

  Rule  house.rules, lines 57 to 61
"""
    )


def test_a_fault_of_the_engine():
    ledger = checked(TWO, claim(line("99213")))
    broken = replace(ledger.verdicts[0], status=Status.ERROR, frame=(), subjects=(), about=("",), fault="KeyError")
    found = ledger.with_verdicts((broken,))
    shown = str(found.explain(found.entries[0]))
    assert shown.startswith("ERROR  TWO  the claim on 2026-03-02")
    assert "The engine could not decide it: KeyError." in shown


def test_a_narrow_screen():
    ledger = checked(VISIT, claim(line("99213"), line("17000")))
    shown = render_explanation(ledger.explain(ledger.failures[0]), width=60)
    assert all(len(one) <= 60 for one in shown.split("\n"))


def test_colour_only_where_it_is_wanted():
    ledger = checked(VISIT, claim(line("99213"), line("17000")))
    explanation = ledger.explain(ledger.failures[0])
    coloured = render_explanation(explanation, colour=True)
    assert "\x1b[31mDENY\x1b[0m" in coloured
    assert re.sub("\x1b\\[[0-9]+m", "", coloured) == render_explanation(explanation) == str(explanation)
