"""What a file says, what of it is kept, and what is said about the rest. The words of each mistake: tests/mistakes."""

import time
from pathlib import Path

import pytest

import sequela
from sequela.engine.diagnostics.render import render
from sequela.engine.source import Source
from sequela.engine.syntax.declarations import RuleDeclaration, TableDeclaration, Use
from sequela.engine.syntax.parse import parse, parse_condition
from sequela.engine.syntax.unreadable import MOST_CHARACTERS, MOST_NESTED

SAMPLES = Path(sequela.__file__).parent.parent / "shared" / "design" / "samples"

HEAD = 'ruleset demo "Demo"\n\n'
RULE = """rule VISIT-1 "A visit is billed with one unit"
  for each  line visit
  when      visit.place is 11
  require   visit.units is 1
  if fail   deny visit
"""
OTHER = """
rule VISIT-2 "A visit has a place"
  for each  line visit
  require   visit.place is known
  if fail   deny visit
"""


def read(text):
    return parse(Source("demo.rules", text))


def codes(text):
    return [fault.code for fault in read(text)[1]]


@pytest.mark.skipif(not SAMPLES.is_dir(), reason="the shared samples are not here")
@pytest.mark.parametrize("path", sorted(SAMPLES.glob("*.rules")), ids=lambda path: path.name)
def test_the_samples_are_read(path):
    file, faults = parse(Source(path.name, path.read_text(encoding="utf-8")))
    assert faults == ()
    assert file.header is not None
    assert file.header.name.text == path.stem


def test_every_node_knows_its_place():
    text = HEAD + RULE
    file, _ = read(text)
    (rule,) = file.declarations
    assert isinstance(rule, RuleDeclaration)
    assert rule.span.text == RULE.rstrip()
    assert [clause.span.text.split("  ")[0] for clause in rule.clauses] == ["for each", "when", "require", "if fail"]
    assert (rule.name.span.line, rule.name.span.column) == (3, 6)


def test_places_survive_pasting():
    text = (
        (HEAD + RULE)
        .replace('"', "“", 1)
        .replace("  for each  line", "\u00a0\u00a0for\u00a0each  line")
        .replace("\n", "\r\n")
    )
    file, faults = read(text)
    assert faults == ()
    assert file.declarations[0].name.span.text == "VISIT-1"
    assert file == file
    assert file.declarations == read(HEAD + RULE)[0].declarations


def test_clauses_of_tables_know_their_places():
    text = HEAD + 'table t "T"\n  key code of HCPCS\n  file "t.csv"\n  complete\n'
    (table,) = read(text)[0].declarations
    assert isinstance(table, TableDeclaration)
    assert table.clause_order == ("key", "file", "complete")
    assert [span.text for span in table.clause_spans] == ["key code of HCPCS", 'file "t.csv"', "complete"]


# ---------------------------------------------------------------- what is kept


def test_a_broken_rule_is_dropped_and_named():
    file, faults = read(HEAD + RULE.replace("is 11", "== 11") + OTHER)
    assert [rule.name.text for rule in file.declarations] == ["VISIT-2"]
    assert file.broken == {"VISIT-1"}
    (fault,) = faults
    assert fault.consequence == "Rule VISIT-1 was not loaded; no claim was checked against it."


def test_the_consequence_stands_with_the_first_fault_only():
    _, faults = read(HEAD + RULE.replace("is 11", "== 11").replace("is 1\n", "= 1\n"))
    assert [fault.consequence is None for fault in faults] == [False, True]


def test_what_a_header_and_a_use_say_is_kept_where_it_can_be():
    file, faults = read('Ruleset demo "Demo"\n\nuse icd10cm; ncci\n' + RULE)
    assert len(faults) >= 1
    assert file.header is not None
    assert file.header.name.text == "demo"
    assert isinstance(file.declarations[0], Use)


def test_names_of_everything_broken_are_kept():
    file, _ = read(
        HEAD + "codes visits of HCPCS\n  99202 ..\n\ncondition c (line a)\n  a.units = 1\n\nsource S-1\n  title X\n"
    )
    assert file.broken == {"visits", "c", "S-1"}
    assert file.declarations == ()


# ---------------------------------------------------------------- many faults


def test_ten_faults_in_a_rule_are_ten_findings():
    text = (
        HEAD
        + """rule visit-1 "A visit"
  effective 3/2/2026 onward
  settings  office
  for every line visit in visits
  when      visit.place = 11 && visit.units >= 2
  require   visit has mod 25 || visit.units equals 1
  fail      deny visit
  say       "{visit code}"
"""
    )
    assert codes(text) == [
        *("SEQ121", "SEQ132", "SEQ185", "SEQ156", "SEQ140", "SEQ143", "SEQ142", "SEQ154", "SEQ144", "SEQ153", "SEQ182"),
        "SEQ189",
    ]  # fmt: skip


def test_faults_stand_in_the_order_of_the_text():
    _, faults = read(
        HEAD + "codes a of HCPCS\n  99202 ..\n\n" + RULE.replace("is 11", "== 11") + "\ncodes b of HCPCS\n"
    )
    places = [fault.at.span.start for fault in faults]
    assert places == sorted(places)
    assert [fault.code for fault in faults] == ["SEQ160", "SEQ140", "SEQ163"]


def test_a_misspelt_first_word_leaves_the_declaration_before_it_whole():
    file, faults = read(HEAD + RULE + OTHER.replace("rule ", "ruel "))
    assert [rule.name.text for rule in file.declarations] == ["VISIT-1"]
    assert [fault.code for fault in faults] == ["SEQ105"]
    assert file.broken == {"VISIT-2"}


@pytest.mark.parametrize("text", ["", "\n\n", "# only a remark\n", "\ufeff", "   "])
def test_a_file_without_anything(text):
    assert codes(text) == ["SEQ103"]


def test_a_file_without_a_header_keeps_its_rules():
    file, faults = read(RULE)
    assert [fault.code for fault in faults] == ["SEQ103"]
    assert file.header is None
    assert len(file.declarations) == 1


# ---------------------------------------------------------------- shape


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        (RULE.replace("  for each  line visit\n", ""), "SEQ173"),
        (RULE.replace("  require   visit.units is 1\n", ""), "SEQ174"),
        (RULE.replace("  if fail   deny visit\n", ""), "SEQ175"),
        (RULE + "  if fail   reject visit\n", "SEQ172"),
        (RULE.replace("  if fail", "  settings  inpatient\n  if fail"), "SEQ171"),
        (RULE.replace("  require", "  forbidden\n  require") + "  bypass    when visit.units is 2\n", "SEQ171"),
    ],
)
def test_the_clauses_of_a_rule(wrong, code):
    assert codes(HEAD + wrong) == [code]


@pytest.mark.parametrize("word", ["unless", "look up", "require"])
def test_some_clauses_may_be_repeated(word):
    clause = {
        "unless": "unless visit.units is 3",
        "look up": "look up r in t by visit.code",
        "require": "require visit.units is 2",
    }[word]
    anchor = "  require   visit.units is 1\n"
    text = HEAD + RULE.replace(
        anchor, f"  {clause}\n  {clause}\n{anchor}" if word != "require" else f"{anchor}  {clause}\n"
    )
    assert codes(text) == []


def test_inside_a_group_the_order_is_free():
    text = (
        HEAD
        + """rule A "a"
  when      visit.units is 1
  for each  line visit
  settings  inpatient
  bypass    when visit.units is 2
  require   visit.units is 3
  cite      S
  if fail   deny
"""
    )
    assert codes(text) == []


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ('disable A\n  reason "r"\n  when x.units is 1\n', "SEQ178"),
        ('relax A\n  unless x.units is 1\n  reason "r"\n', "SEQ178"),
        ('tighten A\n  require x.units is 1\n  reason "r"\n', "SEQ178"),
        ('tighten A\n  require also x.units is 1\n  suggest add modifier 25 to x\n  reason "r"\n', "SEQ178"),
    ],
)
def test_the_clauses_of_changes(change, code):
    assert codes('payer p "P"\n\n' + change) == [code]


def test_an_override_takes_any_clause_in_any_order():
    text = 'payer p "P"\n\noverride A\n  reason "r"\n  if fail deny x\n  forbidden\n  for each line x\n  when x.units is 1\n'
    assert codes(text) == []


# ---------------------------------------------------------------- size and depth


@pytest.mark.parametrize("depth", [500, MOST_NESTED])
def test_deep_conditions_are_read(depth):
    text = HEAD + RULE.replace("visit.place is 11", "(" * depth + "visit.place is 11" + ")" * depth)
    file, faults = read(text)
    assert faults == ()
    assert len(file.declarations) == 1


def test_deep_negations_are_read():
    text = HEAD + RULE.replace("visit.place is 11", "not (" * 500 + "visit.place is 11" + ")" * 500)
    assert codes(text) == []


def test_conditions_that_no_one_can_follow_are_refused():
    deep = MOST_NESTED + 1
    assert codes(HEAD + RULE.replace("visit.place is 11", "(" * deep + "visit.place is 11" + ")" * deep) + OTHER) == [
        "SEQ120"
    ]


def test_a_file_that_is_no_text():
    file, (fault,) = read("ruleset demo\x00")
    assert fault.code == "SEQ107"
    assert file.declarations == ()
    assert "SEQ107" in render(fault)


def test_a_file_that_is_too_large():
    started = time.process_time()
    _, (fault,) = read("x" * (MOST_CHARACTERS + 1))
    assert fault.code == "SEQ192"
    assert time.process_time() - started < 5


@pytest.mark.parametrize("text", ["(" * 1_000_000, "a" * 1_000_000, '"' * 1_000_001, "rule " * 200_000, "1 " * 300_000])
def test_one_line_of_a_million_characters(text):
    started = time.process_time()
    _, faults = read(text)
    assert faults
    assert time.process_time() - started < 30


def test_a_long_set_with_a_fault_is_read_to_its_end():
    entries = [f"{number:05}" for number in range(20_000)]
    entries[5] = "e11.9"
    entries[19_000] = "..."
    text = HEAD + "codes many of HCPCS\n  " + ", ".join(entries) + "\n"
    assert codes(text)[0] == "SEQ130"
    assert len(codes(text)) == 2


# ---------------------------------------------------------------- conditions by themselves


def test_a_condition_by_itself():
    condition = parse_condition("visit.code is in visits")
    assert condition is not None
    assert condition.span.text == "visit.code is in visits"
    assert parse_condition("visit.code is") is None
    assert parse_condition("") is None
