"""Codes as written beside the catalogue of their system."""

CATALOGUE = """
table cm "ICD-10-CM"
  key       code of ICD10CM
  value     billable as yes-no
  in force  since to until
  rows
    E11    | no  | 2015-10-01 | onward
    E11.65 | yes | 2015-10-01 | 2020-09-30
    E11.9  | yes | 2015-10-01 | onward
    M05    | no  | 2015-10-01 | onward
    M05.9  | yes | 2015-10-01 | onward
    M10    | no  | 2015-10-01 | onward
    M10.9  | yes | 2015-10-01 | onward
    M1A    | no  | 2015-10-01 | onward
    M1A.0  | yes | 2015-10-01 | onward
    M14    | no  | 2015-10-01 | onward
    M14.8  | yes | 2015-10-01 | onward
    N18    | no  | 2015-10-01 | onward
    N18.1  | yes | 2015-10-01 | onward
  defines   ICD10CM
  complete
"""
RULE = 'rule {} "a" effective {} onward for each diagnosis d in {} require d.poa is known if fail reject d\n'


def codes(entries):
    return f"codes x of ICD10CM\n  {entries}\n"


def test_a_code_that_never_was_is_an_error_with_the_nearest(check):
    found = check(CATALOGUE + codes("E11.9, E11.99")).only()
    assert (found.code, found.message) == ("SEQ430", "`E11.99` never was a code of ICD10CM, says table `cm`.")
    assert found.is_error
    assert "`E11.9`" in found.hint


def test_every_place_where_a_code_is_written_is_looked_at(check):
    found = check(
        CATALOGUE
        + codes("under E12\n  except E13")
        + 'table t "T"\n  key owner under ICD10CM\n  value list as codes of ICD10CM, one as code of ICD10CM\n'
        "  rows\n    E14 | under E15, E11.9 | E16\n  complete\n"
        "condition c (diagnosis d)\n  d.code is E17\n"
        'rule A "a" for each diagnosis d require d.code is E18 if fail reject d suggest replace d by E19'
    )
    assert [(one.code, one.message.split("`")[1]) for one in found.diagnostics] == [
        ("SEQ430", f"E{number}") for number in (18, 19, 12, 13, 14, 15, 16, 17)
    ]


def test_a_heading_alone_is_a_warning(check):
    found = check(CATALOGUE + codes("N18")).only()
    assert (found.code, found.is_error, found.hint) == ("SEQ432", False, "Write `under N18`.")
    assert check(CATALOGUE + codes("under N18")).codes == []
    literal = check(CATALOGUE + 'rule A "a" for each diagnosis d forbidden when d.code is N18 if fail reject d').only()
    assert literal.code == "SEQ432"
    assert "`under`" in literal.hint


def test_a_code_that_is_not_valid_while_the_rule_holds_is_a_warning(check):
    late = check(CATALOGUE + codes("E11.65") + RULE.format("A", "2024-01-01", "x")).only()
    assert (late.code, late.is_error) == ("SEQ431", False)
    assert late.message == "`E11.65` is valid on no day on which it is asked about: from 2024-01-01 onward."
    assert "from 2015-10-01 to 2020-09-30" in late.hint
    both = CATALOGUE + codes("E11.65") + RULE.format("A", "2024-01-01", "x") + RULE.format("B", "2020-01-01", "x")
    assert check(both).codes == []
    assert check(CATALOGUE + codes("E11.65")).codes == []


def test_days_reach_a_set_through_other_sets_and_conditions(check):
    text = CATALOGUE + codes("E11.65") + "codes y of ICD10CM\n  x\ncondition c (diagnosis d)\n  d.code is in y\n"
    rule = 'rule A "a" effective {} onward for each diagnosis d require c(d) if fail reject d'
    assert check(text + rule.format("2024-01-01")).codes == ["SEQ431"]
    assert check(text + rule.format("2020-09-30")).codes == []


def test_a_range_that_the_catalogue_orders_otherwise_is_a_warning(check):
    found = check(CATALOGUE + codes("M05 .. M14")).only()
    assert (found.code, found.is_error) == ("SEQ433", False)
    assert found.message == "`M05 .. M14` leaves out `M1A`, which table `cm` lists between."
    assert found.hint == "Add `under M1A`, if that is meant."
    assert check(CATALOGUE + codes("M05 .. M14, under M1A")).codes == []


def test_a_range_that_brings_in_what_the_catalogue_lists_elsewhere(check):
    found = check(CATALOGUE.replace("N18.1", "M06.1") + codes("M05 .. M10")).only()
    assert found.message == "`M05 .. M10` holds `M06.1`, which table `cm` lists elsewhere."
    assert check(CATALOGUE.replace("N18.1", "M06.1") + codes("M05 .. M10\n  except M06.1")).codes == []


def test_a_file_is_judged_by_the_catalogue_that_it_sees(check):
    catalogue = f'ruleset cm "CM"\n{CATALOGUE}'
    assert check(catalogue, 'ruleset a "A"\n' + codes("E99.9")).codes == []
    assert check(catalogue, 'ruleset a "A"\nuse cm\n' + codes("E99.9")).codes == ["SEQ430"]


def test_a_partial_catalogue_does_not_know_what_never_was(check):
    assert check(CATALOGUE.replace("complete", "partial") + codes("E99.9")).codes == []


def test_a_catalogue_of_level_two_says_nothing_about_level_one(check):
    level_two = (
        'table hcpcs "HCPCS"\n  key code of HCPCS\n  rows\n    G0104\n{}  defines HCPCS\n  complete\n'
        "codes x of HCPCS\n  99213, G0105\n"
    )
    assert [one.message.split("`")[1] for one in check(level_two.format("")).diagnostics] == ["G0105"]
    both = check(level_two.format("    99214\n"))
    assert [one.message.split("`")[1] for one in both.diagnostics] == ["99213", "G0105"]
