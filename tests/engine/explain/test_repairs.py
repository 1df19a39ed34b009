"""Suggestions: tried on a copy against every rule, offered with what they settle and create, never made."""

from msgspec.structs import replace

from sequela.engine.explain.ledger import Ledger
from sequela.engine.explain.repairs import MOST_OFFERED
from sequela.tests.engine.explain.tried import VISIT, checked, claim, line, rule

POINT = """
rule NEC "A test needs a diagnosis"
  phase coverage
  for each line assay in labs
  require some diagnosis dx of assay where dx.code is in diabetes
  if fail deny assay
  suggest point assay to dx only if "the test was ordered for it"
"""
ORDER = """
rule FIRST "A cause stands first"
  for each diagnosis dx
  when dx.code is F02.80
  require some other diagnosis cause where (cause.code is in diabetes and cause comes before dx)
  if fail reject dx
  suggest move cause before dx
"""


def changes(rules, encounter, at=0):
    ledger = checked(rules, encounter)
    return ledger.explain(ledger.failures[at]).changes


def texts(found):
    return [one.text for one in found]


def test_a_modifier_is_offered_where_the_author_wrote_it():
    (change,) = changes(VISIT, claim(line("99213"), line("17000")))
    assert (change.change, change.code, change.text) == ("add modifier", "25", "add modifier 25 to line 1")
    assert change.subject.pointer == "/lines/0"
    assert change.kind == "needs documentation"
    assert change.only_if == "the record shows a significant, separately identifiable visit"
    assert (change.helps, change.settles, change.creates, change.of) == (True, ("MOD-25",), (), 1)


def test_nothing_is_offered_where_no_author_wrote_it():
    assert changes(rule("require item has modifier 25"), claim(line("99213"))) == ()


def test_only_failures_have_suggestions():
    ledger = checked(VISIT, claim(line("99213"), line("17000", provider=None)))
    assert ledger.explain(ledger.entries[0]).changes == ()


def test_the_claim_itself_is_never_changed():
    ledger = checked(VISIT, claim(line("99213"), line("17000")))
    before = ledger.view.encounter
    assert ledger.explain(ledger.failures[0]).changes
    assert ledger.view.encounter is before
    assert before.lines[0].modifiers == ()


def test_a_change_that_makes_another_rule_fail_says_so():
    strict = rule("forbidden when item has modifier 25")
    (change,) = changes((VISIT, strict), claim(line("99213"), line("17000")))
    assert (change.settles, change.creates) == (("MOD-25",), ("TRIED",))
    assert change.helps


def test_a_change_settles_other_rules_too():
    also = rule("require item has modifier 25", subject="each line item in visits")
    (change,) = changes((VISIT, also), claim(line("99213"), line("17000")), at=1)
    assert change.settles == ("TRIED", "MOD-25")


def test_a_change_that_does_not_settle_the_rule_by_itself_says_so():
    rules = rule("require item has modifier 25\n  require item.units is 1").replace(
        "if fail deny item", "if fail deny item\n  suggest add modifier 25 to item"
    )
    (change,) = changes(rules, claim(line("99213", units=2)))
    assert (change.helps, change.settles, change.kind) == (False, (), "needs coding review")


def test_no_modifier_is_put_on_a_line_in_vain():
    pair = """
rule PAIR "A component is not paid beside what includes it"
  for each line major, other line part with the same date
  when major.code is 17000
  forbidden
  bypass when part.place is not 23 and part has modifier XS
  if fail deny part
  suggest add modifier XS to part only if "the record shows another site"
"""
    (change,) = changes(pair, claim(line("17000"), line("11102")))
    assert change.helps
    assert changes(pair, claim(line("17000"), line("11102", place="23"))) == ()


def test_a_fifth_modifier_has_no_room():
    assert changes(VISIT, claim(line("99213-24-57-59-LT"), line("17000"))) == ()


def test_a_free_name_ranges_over_what_settles_the_rule():
    found = changes(POINT, claim(line("80047"), dx=("I10", "E11.9", "J06.9", "E13.9")))
    assert texts(found) == ["point line 1 to dx 2 (E11.9)", "point line 1 to dx 4 (E13.9)"]
    assert [one.target.pointer for one in found if one.target is not None] == ["/diagnoses/1", "/diagnoses/3"]


def test_a_line_that_points_to_four_diagnoses_has_no_room():
    full = line("80047", diagnoses=[1, 2, 3, 4])
    assert changes(POINT, claim(full, dx=("I10", "J06.9", "L57.0", "K58.9", "E11.9"))) == ()


def test_no_more_are_offered_than_anyone_would_read():
    many = tuple(f"E11.{number}" for number in range(1, 10)) + tuple(f"E13.{number}" for number in range(1, 10))
    found = changes(POINT, claim(line("80047"), dx=("I10", *many)))
    assert len(found) == MOST_OFFERED


def test_a_diagnosis_is_moved_and_the_pointers_follow():
    (change,) = changes(ORDER, claim(line("99213", diagnoses=[1]), dx=("F02.80", "E11.9")))
    assert (change.text, change.kind) == ("move dx 2 (E11.9) before dx 1 (F02.80)", "clerical")
    assert (change.subject.pointer, change.before) == ("/diagnoses/1", True)
    assert change.target is not None
    assert change.target.pointer == "/diagnoses/0"
    assert (change.settles, change.creates) == (("FIRST",), ())


def test_a_failure_that_moves_along_is_not_a_new_one():
    other = """
rule OTHER "Not this one"
  for each diagnosis dx
  forbidden when dx.code is E11.9
  if fail warn dx
"""
    (change,) = changes((ORDER, other), claim(line("99213"), dx=("F02.80", "E11.9")))
    assert (change.settles, change.creates) == (("FIRST",), ())


def test_a_modifier_is_taken_away():
    rules = rule("forbidden when mark.code is 59", subject="each line item, modifier mark of item").replace(
        "if fail deny item", "if fail deny item\n  suggest remove modifier mark from item"
    )
    (change,) = changes(rules, claim(line("99213-25-59")))
    assert (change.text, change.code) == ("remove modifier 59 from line 1", "59")
    assert change.settles == ("TRIED",)


def test_a_constant_modifier_is_taken_away():
    rules = rule("forbidden when item has modifier 59").replace(
        "if fail deny item", "if fail deny item\n  suggest remove modifier 59 from item"
    )
    assert texts(changes(rules, claim(line("99213-59")))) == ["remove modifier 59 from line 1"]


def test_a_diagnosis_is_replaced():
    rules = rule("forbidden when dx.code is E10.9", subject="each diagnosis dx", fail="query dx").replace(
        "if fail query dx", "if fail query dx\n  suggest replace dx by E11.9"
    )
    (change,) = changes(rules, claim(line("99213"), dx=("I10", "E10.9")))
    assert (change.text, change.code) == ("replace dx 2 (E10.9) by E11.9", "E119")
    assert change.helps


def test_without_a_way_to_check_nothing_is_offered():
    ledger = checked(VISIT, claim(line("99213"), line("17000")))
    ledger = Ledger(replace(ledger.terms, check=None), ledger.encounter)
    assert ledger.explain(ledger.failures[0]).changes == ()


def test_a_modifier_is_replaced_where_it_stands():
    rules = rule("forbidden when item.units is 2").replace(
        "if fail deny item",
        'if fail deny item\n  suggest replace modifier 59 on item by XS only if "another site"',
    )
    (change,) = changes(rules, claim(line("99213-59-GT", units=2)))
    assert (change.change, change.code, change.by, change.kind) == (
        "replace modifier",
        "59",
        "XS",
        "needs documentation",
    )
    assert change.text == "replace modifier 59 on line 1 by XS"
    assert changes(rules, claim(line("99213-GT", units=2))) == ()
    assert changes(rules, claim(line("99213-59-XS", units=2))) == ()


def test_a_modifier_that_is_replaced_settles_what_it_failed():
    rules = rule("forbidden when mark.code is 59", subject="each line item, modifier mark of item").replace(
        "if fail deny item", "if fail deny item\n  suggest replace modifier mark on item by XS"
    )
    ledger = checked(rules, claim(line("99213-25-59")))
    (change,) = ledger.explain(ledger.failures[0]).changes
    assert (change.text, change.settles, change.kind) == (
        "replace modifier 59 on line 1 by XS",
        ("TRIED",),
        "needs coding review",
    )
    (said,) = ledger.explain(ledger.failures[0]).to_json()["changes"]
    assert (said["change"], said["modifier"], said["by"], said["at"]) == ("replace modifier", "59", "XS", "/lines/0")
