"""The one layout, rule by rule; that nothing is changed or lost by it is a property (tests/properties/test_format.py)."""

from pathlib import Path

import pytest

import sequela
from sequela.engine.source import Source
from sequela.engine.syntax.format import format_file
from sequela.engine.syntax.parse import parse

SAMPLES = Path(sequela.__file__).parent.parent / "shared" / "design" / "samples"
ROOT = Path(sequela.__file__).parent
SHIPPED = sorted([*ROOT.glob("rulesets/**/*.rules"), *ROOT.glob("payers/**/*.rules")])
HEAD = 'ruleset demo "Demo"\n'


def formatted(text):
    file, faults = parse(Source("demo.rules", text))
    assert faults == ()
    return format_file(file)


def laid_out(text):
    """The layout of what stands below the header."""
    return formatted(HEAD + text).removeprefix(HEAD).removeprefix("\n")


@pytest.mark.skipif(not SAMPLES.is_dir(), reason="the shared samples are not here")
@pytest.mark.parametrize("path", sorted(SAMPLES.glob("*.rules")), ids=lambda path: path.name)
def test_the_samples_stand_as_they_are(path):
    text = path.read_text(encoding="utf-8")
    assert formatted(text) == text


def test_what_is_shipped_stands_as_it_is():
    for path in SHIPPED:
        text = path.read_text(encoding="utf-8")
        assert formatted(text) == text, path


def test_blanks_and_line_ends_are_the_formatters():
    said = laid_out('rule   A "a" for each line x   require x.units is\n\n1 if fail\tdeny x say "x"')
    assert said == 'rule A "a"\n  for each  line x\n  require   x.units is 1\n  if fail   deny x\n  say       "x"\n'


def test_the_words_of_clauses_stand_in_a_column():
    said = formatted(
        'payer p "P" over q matches "A","B" phase pairs disable A reason "r" effective 2026-01-01 onward cite S section "1", T'
        ' relax B unless also a and b reason "r" tighten C require also a only when b if fail deny if unknown note reason "r"'.replace(
            " if unknown note", ""
        )
    )
    assert said == (
        'payer p "P" over q\n  matches   "A", "B"\n  phase     pairs\n\n'
        'disable A\n  reason    "r"\n  effective 2026-01-01 onward\n  cite      S section "1", T\n\n'
        'relax B\n  unless also a and b\n  reason    "r"\n\n'
        'tighten C\n  require also a\n  only when b\n  if fail   deny\n  reason    "r"\n'
    )


# ---------------------------------------------------------------- long clauses


LONG = "visit.provider is work.provider"


def test_a_clause_of_a_hundred_characters_stays_on_its_line():
    fits = "visit.code is 99213 and " + "visit." + "x" * (100 - 12 - 24 - 6 - 9) + " is 99213"
    said = laid_out(f'rule A "a"\n  for the claim\n  require {fits}\n  if fail deny')
    assert f"  require   {fits}\n" in said
    assert len(f"  require   {fits}") == 100
    longer = fits.replace("xx", "xxx", 1)
    broken = laid_out(f'rule A "a"\n  for the claim\n  require {longer}\n  if fail deny')
    assert "  require   visit.code is 99213\n            and visit.x" in broken


def test_a_long_clause_breaks_before_every_part_of_its_outermost_chain():
    said = laid_out(
        f'rule A "a" for the claim when {LONG} and ({LONG} or {LONG}) and not {LONG} forbidden if fail deny'
    )
    assert said.splitlines()[2:5] == [
        f"  when      {LONG}",
        f"            and ({LONG} or {LONG})",
        f"            and not {LONG}",
    ]


def test_a_long_clause_without_a_chain_breaks_in_its_only_parenthesis():
    said = laid_out(
        f'rule A "a" for the claim require not (some line x where ({LONG} and {LONG} and {LONG})) if fail deny'
    )
    assert len(said.splitlines()[2]) > 100
    said = laid_out(f'rule A "a" for the claim require some line x where ({LONG} and {LONG} and {LONG}) if fail deny')
    assert said.splitlines()[2:5] == [
        f"  require   some line x where ({LONG}",
        f"            and {LONG}",
        f"            and {LONG})",
    ]


def test_a_count_with_a_long_condition_breaks_in_it():
    said = laid_out(
        f'rule A "a" for the claim require (number of lines x where {LONG} and {LONG}) is at most 2 if fail deny'
    )
    assert said.splitlines()[2:4] == [
        f"  require   (number of lines x where {LONG}",
        f"            and {LONG}) is at most 2",
    ]


def test_nothing_else_is_broken():
    text = '"' + "x " * 80 + '"'
    assert f"  say       {text}\n" in laid_out(f'rule A "a" for the claim forbidden if fail deny say {text}')


def test_named_conditions():
    said = laid_out(f"condition c (line a, group b) {LONG} and {LONG} and {LONG} condition d a.units is 1")
    assert said == (
        f"condition c (line a, group b)\n  {LONG}\n  and {LONG}\n  and {LONG}\n\ncondition d\n  a.units is 1\n"
    )


def test_deep_conditions_are_printed():
    deep = "not (" * 500 + "a" + ")" * 500
    assert deep in laid_out(f'rule A "a" for the claim when {deep} forbidden if fail deny')


# ---------------------------------------------------------------- sets and tables


def test_sets_fill_lines_of_seventy():
    codes = ", ".join(f"{number}" for number in range(10000, 10030))
    lines = laid_out(f"codes a of HCPCS {codes} except 10001, 10002").splitlines()
    assert lines[0] == "codes a of HCPCS"
    assert all(len(line) <= 70 for line in lines)
    assert len(lines[1]) + len(" 10000,") > 70
    assert lines[-1] == "  except 10001, 10002"


def test_entries_of_sets():
    said = laid_out(
        'codes a of ICD10CM E08..E13,under E11 , like "S52.???A",b,from t where x is yes and y is no,E08…E09'
    )
    assert (
        said
        == 'codes a of ICD10CM\n  E08 .. E13, under E11, like "S52.???A", b,\n  from t where x is yes and y is no, E08 .. E09\n'
    )


def test_tables_keep_the_order_of_their_clauses():
    said = laid_out(
        'table t "T" complete key a as code of HCPCS, b as text, c under ICD10CM, d in codes of ICD10CM file "t.csv"'
        " value e as codes of HCPCS in force f to g covers 2026-01-01 onward defines HCPCS"
    )
    assert said == (
        'table t "T"\n  complete\n  key       a of HCPCS, b as text, c under ICD10CM, d in codes of ICD10CM\n  file      "t.csv"\n'
        "  value     e as codes of HCPCS\n  in force  f to g\n  covers    2026-01-01 onward\n  defines   HCPCS\n"
    )


def test_rows_stand_in_columns():
    said = laid_out(
        'table t "T" key a under ICD10CM value n as number, w as text rows E08..E13,A00|1|"x"  F03 | 120 | "long" complete'
    )
    assert said.splitlines()[3:6] == [
        "  rows",
        '    E08 .. E13, A00  | 1   | "x"',
        '    F03              | 120 | "long"',
    ]


# ---------------------------------------------------------------- tests


def test_cases():
    said = laid_out(
        'test A,B case "c" professional claim at 11 on 2026-03-02 for "Some Payer" received 2026-03-03 patient born 1950-01-01 dx I10 poa Y'
        ' procedure 0DTJ4ZZ on 2026-03-02 line 99213-25 charge 5 by "1" for 1,2 x 2 history line 99213 history is complete'
        ' documents are complete document "note" supports I10,E11.9 fact line 1 authorization is "A" fact encounter.drg is 470'
        " expect B not applicable at history line 1 because a and b asking line 2 provider expect nothing fails"
        " expect suggests replace dx 1 by E11.9"
    )
    assert (
        said
        == """test A, B
  case "c"
    professional claim on 2026-03-02 at 11 for "Some Payer", received 2026-03-03
    patient born 1950-01-01
    dx   I10 poa Y
    procedure 0DTJ4ZZ on 2026-03-02
    line 99213-25 x 2 for 1, 2 by "1" charge 5
    history line 99213
    history is complete
    documents are complete
    document "note" supports I10, E11.9
    fact line 1 authorization is "A"
    fact encounter.drg is 470
    expect B not applicable at history line 1 because a and b asking line 2 provider
    expect nothing fails
    expect suggests replace dx 1 by E11.9
"""
    )


def test_long_variations_break_before_every_and():
    said = laid_out(
        'test A case "c" professional claim expect pass case "d" same as above but line 1 at 23 and line 1 x 2 and without dx 1 and with'
        " dx I10 before dx 2 and claim received 2026-01-01 expect fail"
    )
    assert said.splitlines()[4:9] == [
        '  case "d" same as above but line 1 at 23',
        "      and line 1 x 2",
        "      and without dx 1",
        "      and with dx I10 before dx 2",
        "      and claim received 2026-01-01",
    ]


# ---------------------------------------------------------------- comments


COMMENTED = """# About the file.

ruleset demo "Demo"  # its name

# ---- first part ----

# About the set.
codes a of HCPCS
  # first come
  99211, 99212,  # the old ones
  99213
  # and at the end

rule A "a"  # the rule
  for each  line x
  # Only in the office.
  when      x.place is 11  # an office
            # or nearly so
            and x.units is 1
  forbidden
  if fail   deny x  # at last

# The end.
"""


def test_comments_stay_where_they_stood():
    assert formatted(COMMENTED) == COMMENTED


def test_comments_move_with_what_they_are_about():
    crowded = (
        COMMENTED.replace("            ", " ").replace("\n  ", "\n\n     ").replace("99211, 99212,", "99211,99212 ,")
    )
    assert formatted(crowded) == COMMENTED


def test_a_comment_in_the_middle_of_a_line_moves_before_it():
    said = laid_out('rule A "a"\n  for each\n  # why\n  line x # which\n  forbidden if fail deny x')
    assert said.splitlines()[:4] == ['rule A "a"', "  # why", "  for each  line x  # which", "  forbidden"]


def test_an_empty_file_stays_empty():
    file, _ = parse(Source("demo.rules", ""))
    assert format_file(file) == ""
