"""What a set holds, and what is wrong with one."""

import pytest

from sequela.engine.model import nodes
from sequela.engine.tables.codes import CodeRange, ExactCode, LikePattern, UnderCode
from sequela.engine.vocabulary.systems import System

TABLE = """
table cm "CM"
  key code of HCPCS
  value billable as yes-no, kind as text, n as number, since as date, list as codes of HCPCS
  file "cm.csv"
  complete
"""

FAULTS = [
    ("codes a of HCPC\n  99213", "SEQ213", "No code system is called `HCPC`.", "`HCPCS`"),
    ("codes a of HCPCS\n  9921", "SEQ401", "`9921` is not a code of HCPCS.", "looks like 99213"),
    ("codes a of ICD10CM\n  99213", "SEQ401", "`99213` is not a code of ICD10CM.", "E11.9"),
    ("codes a of ICD10CM\n  under E1", "SEQ401", "`E1` is not a code of ICD10CM.", None),
    ("codes a of POS\n  1", "SEQ401", "`1` is not a code of POS.", "`01`"),
    ("codes a of HCPCS\n  99215 .. 99211", "SEQ402", "stands the wrong way round", "`99211 .. 99215`"),
    ("codes a of HCPCS\n  0001T .. 00100", "SEQ402", "letters in the same places", None),
    ('codes a of HCPCS\n  like "992"', "SEQ403", "No code of HCPCS has 3 characters", None),
    ('codes a of HCPCS\n  like "99[5-1]13"', "SEQ403", "does not run from a lower to a higher character", None),
    ("codes a of ICD10CM\n  e11", "SEQ203", "`e11`", "in capitals: `E11`"),
    ("codes a of HCPCS\n  99213\n  except b", "SEQ203", "No set of codes is called `b`.", None),
    ("codes a of HCPCS\n  a", "SEQ214", "The set of codes `a` is made of itself.", None),
    ("codes a of HCPCS\n  b\ncodes b of HCPCS\n  99213, a", "SEQ214", "by way of `b`", None),
    (
        "codes a of HCPCS\n  G0104\ncodes b of CPT\n  a",
        "SEQ304",
        "`a` holds HCPCS codes, and this set CPT codes.",
        None,
    ),
    (TABLE + "codes a of ICD10CM\n  from cm", "SEQ419", "Table `cm` has no key that is a code of ICD10CM.", "`code`"),
    (TABLE + "codes a of HCPCS\n  from mc", "SEQ203", "No table is called `mc`.", "`cm`"),
    (TABLE + "codes a of HCPCS\n  from cm where bilable is yes", "SEQ209", "no column `bilable`", "`billable`"),
    (TABLE + "codes a of HCPCS\n  from cm where kind is A", "SEQ302", "`A` stands where a text", '`"A"`'),
    (TABLE + "codes a of HCPCS\n  from cm where billable is maybe", "SEQ302", "yes or no", None),
    (TABLE + "codes a of HCPCS\n  from cm where n is kind", "SEQ301", "`n` is a number, and `kind` is a text", None),
    (TABLE + "codes a of HCPCS\n  from cm where patient.age is 3", "SEQ331", "cannot ask about `patient`", None),
    (TABLE + "codes a of HCPCS\n  from cm where some line x where x.units is 1", "SEQ331", "no more", None),
    (TABLE + "codes a of HCPCS\n  from cm where n is at most (number of lines x)", "SEQ331", "no more", None),
    (TABLE + "codes a of HCPCS\n  from cm where not ((total x.units over lines x) is n)", "SEQ331", "no more", None),
    (TABLE + "codes a of HCPCS\n  from cm where code is in a", "SEQ214", "made of itself", None),
]


@pytest.mark.parametrize(("text", "code", "message", "hint"), FAULTS)
def test_a_fault_is_said_once_in_plain_words(check, text, code, message, hint):
    found = check(text).only()
    assert found.code == code
    assert message in found.message
    assert hint is None or hint in (found.hint or "")


def test_every_fault_of_a_set_is_said(check):
    found = check("codes a of HCPCS\n  9921, E11, 99213 .. 99211\n  except 1")
    assert found.codes == ["SEQ401", "SEQ401", "SEQ402", "SEQ401"]


def test_a_set_keeps_its_parts(check):
    found = check(
        TABLE + 'codes one of CPT\n  99213\ncodes a of HCPCS\n  99211, under G01, 99202 .. 99205, like "9928?", one, '
        'from cm where billable is yes\n  except 99203, one, from cm where kind is "X"'
    )
    assert found.codes == []
    made = found.rules.sets["r/a"]
    assert made.text.entries == (
        ExactCode("99211", System.HCPCS), UnderCode("G01", System.HCPCS), CodeRange("99202", "99205", System.HCPCS),
        LikePattern("9928?", System.HCPCS),
    )  # fmt: skip
    assert [other.name for other in made.others] == ["one"]
    assert made.except_text.entries == (ExactCode("99203", System.HCPCS),)
    assert [other.name for other in made.except_others] == ["one"]
    (taken,) = made.tables
    assert (taken.table.key, taken.column, taken.row.slot, taken.slots) == ("r/cm", "code", 2, 3)
    assert isinstance(taken.where, nodes.Is)
    assert not made.is_text_only
    assert found.rules.sets["r/one"].is_text_only


def test_a_column_stands_as_a_bare_word_on_both_sides(check):
    text = TABLE + (
        "codes a of HCPCS\n  from cm where code is in list and since is before 2026-01-01 and n is at most 5 "
        'and (character 1 of code) is "G" and not (kind is known)'
    )
    found = check(text)
    assert found.codes == []
    (taken,) = found.rules.sets["r/a"].tables
    assert [type(part) for part in taken.where.parts] == [
        nodes.InSet, nodes.DateCompares, nodes.Compares, nodes.Is, nodes.Negated,
    ]  # fmt: skip


def test_sets_are_made_after_those_that_they_name(check):
    found = check("codes a of HCPCS\n  b\ncodes b of HCPCS\n  c\ncodes c of HCPCS\n  99213")
    assert found.codes == []
    assert found.rules.sets["r/a"].others[0].others[0].text.contains("99213")


def test_a_rule_on_a_faulty_set_is_left_out_without_a_second_word(check):
    found = check(
        "codes a of HCPCS\n  9921\ncodes b of HCPCS\n  a\n"
        'rule A "a" for each line v in b require v.units is 1 if fail deny v'
    ).only()
    assert found.code == "SEQ401"
    assert found.consequence == "Rule A was not loaded; no claim was checked against it."
