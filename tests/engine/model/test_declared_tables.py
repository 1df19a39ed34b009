"""What a table declaration says, and what is wrong with one."""

from datetime import date

import pytest

from sequela.engine.tables.model import Covers, KeyColumn, ValueColumn
from sequela.engine.vocabulary.kinds import CodeOf, CodesOf, Scalar
from sequela.engine.vocabulary.systems import System

TABLE = 'table t "T"\n  {}\n  file "t.csv"\n  complete'
ROWS = 'table t "T"\n  key a of HCPCS\n  value {}\n  rows\n    {}\n  complete'

FAULTS = [
    ('table t "T"\n  file "t.csv"\n  complete', "SEQ411", "Table `t` has no `key`", "`key code of HCPCS`"),
    ('table t "T"\n  key a of HCPCS\n  complete', "SEQ412", "neither a file nor rows", None),
    ('table t "T"\n  key a of HCPCS\n  file "t.csv"\n  rows\n    99213\n  complete', "SEQ412", "both a file and", None),
    ('table t "T"\n  key a of HCPCS\n  file "t.csv"', "SEQ413", "what an absent row means", "`partial`"),
    (TABLE.format("key a of HCPCS, a of POS"), "SEQ414", "Column `a` is declared twice.", None),
    (TABLE.format("key a of HCPCS\n  value b as text, b as number"), "SEQ414", "Column `b` is declared twice.", None),
    (TABLE.format("key a of HCPCS\n  in force b to b"), "SEQ415", "`in force` names `b` for both ends.", None),
    (TABLE.format("key a of HCPCS, b as date\n  in force b to c"), "SEQ415", "`b` dates the rows, and is a key.", None),
    (TABLE.format("key a of HCPCS\n  value b as text\n  in force b to c"), "SEQ415", "is declared as text", None),
    (TABLE.format("key a of HCPCS\n  covers 2026-12-31 to 2026-01-01"), "SEQ404", "before it begins", None),
    (TABLE.format("key a of HPCS"), "SEQ213", "No code system is called `HPCS`.", "`HCPCS`"),
    (TABLE.format("key a of POS\n  defines HCPCS"), "SEQ418", "its first key is no code of it", None),
    (TABLE.format("key a under HCPCS\n  defines HCPCS"), "SEQ418", "its first key is no code of it", None),
    (TABLE.format("key a of HCPCS, b as text\n  defines HCPCS"), "SEQ418", "more keys than the code", "`b`"),
    (ROWS.format("n as number", "99213"), "SEQ416", "The row has 1 cell, and the table 2 columns.", "`n`"),
    (ROWS.format("n as number", "99213 | 1 | 2"), "SEQ416", "The row has 3 cells", None),
    (ROWS.format("n as number", "9921 | 1"), "SEQ401", "`9921` is not a code of HCPCS.", None),
    (ROWS.format("n as number", "99213 | one"), "SEQ417", "`one` is not a number.", None),
    (ROWS.format("n as number", '99213 | "1"'), "SEQ417", "stands in quotes", "`1`"),
    (ROWS.format("n as text", "99213 | one"), "SEQ417", "`one` is a text, and stands without quotes.", '`"one"`'),
    (ROWS.format("n as text", '99213 | ""'), "SEQ416", "The cell of `n` is empty.", None),
    (ROWS.format("n as money", "99213 | 1.234"), "SEQ417", "is not an amount", None),
    (ROWS.format("n as yes-no", "99213 | maybe"), "SEQ417", "is not yes or no", None),
    (ROWS.format("n as codes of ICD10CM", "99213 | E13 .. E11"), "SEQ402", "wrong way round", None),
    (
        'table t "T"\n  key a of HCPCS\n  in force b to c\n  rows\n    99213 | 2026-12-31 | 2026-01-01\n  complete',
        "SEQ404", "The row ends on 2026-01-01, before it begins on 2026-12-31.", None,
    ),
]  # fmt: skip


@pytest.mark.parametrize(("text", "code", "message", "hint"), FAULTS)
def test_a_fault_is_said_once_in_plain_words(check, text, code, message, hint):
    found = check(text).only()
    assert found.code == code
    assert message in found.message
    assert hint is None or hint in (found.hint or "")


def test_every_faulty_cell_is_said_where_it_stands(check):
    found = check(ROWS.format("n as number, e as codes of ICD10CM", "9921 | one | E1\n    99214 | 1"))
    assert [(one.code, one.at.span.text) for one in found.diagnostics] == [
        ("SEQ401", "9921"), ("SEQ417", "one"), ("SEQ401", "E1"), ("SEQ416", "99214 | 1"),
    ]  # fmt: skip


def test_a_sound_table_keeps_its_shape(check):
    found = check(
        'table t "Title"\n  key owner under ICD10CM, excluded in codes of ICD10CM, plan as text\n'
        "  value units as number, since as date\n  in force since to ended\n  covers 2026-01-01 onward\n"
        '  file "t.csv"\n  partial'
    )
    assert found.codes == []
    made = found.rules.tables["r/t"]
    assert (made.name, made.key, made.ruleset, made.file, made.rows) == ("t", "r/t", "r", "t.csv", ())
    shape = made.shape
    assert shape.keys == (
        KeyColumn("owner", CodeOf(System.ICD10CM), "under"), KeyColumn("excluded", CodesOf(System.ICD10CM), "in"),
        KeyColumn("plan", Scalar.TEXT),
    )  # fmt: skip
    assert shape.values == (ValueColumn("units", Scalar.NUMBER),)  # `since` is read as a column that dates the row
    assert shape.in_force == ("since", "ended")
    assert shape.covers == Covers(date(2026, 1, 1), None)
    assert not shape.complete


def test_cells_stand_in_the_order_of_the_columns_however_they_were_declared(check):
    found = check(
        'table t "T"\n  key a of HCPCS\n  value ended as date, n as number\n  in force since to ended\n'
        "  rows\n    99213 | 2026-12-31 | 1 | 2026-01-01\n    99214 | onward | 2 | 2026-01-01\n  complete"
    )
    assert found.codes == []
    made = found.rules.tables["r/t"]
    assert [name for name, _ in made.shape.columns] == ["a", "n", "since", "ended"]
    assert made.rows == (("99213", "1", "2026-01-01", "2026-12-31"), ("99214", "2", "2026-01-01", "onward"))


def test_two_catalogues_of_one_system_meet_where_both_are_seen(check):
    table = 'ruleset {0} "R"\ntable {0}-codes "T"\n  key code of HCPCS\n  file "t.csv"\n  defines HCPCS\n  complete'
    assert check(table.format("a"), table.format("b")).codes == []
    found = check(table.format("a"), table.format("b"), 'ruleset c "C"\nuse a, b').only()
    assert (found.code, found.message) == ("SEQ420", "Two tables define HCPCS.")


def test_a_rule_on_a_faulty_table_is_left_out_without_a_second_word(check):
    found = check(
        'table t "T"\n  key a of HCPCS\n  value n as number\n  file "t.csv"\n'
        'rule A "a" for each line v look up row in t by v.code require row.bogus is 1 if fail deny v\n'
        'rule B "b" for each line v require t lists (v.code, v.code) if fail deny v'
    ).only()
    assert found.code == "SEQ413"
    assert found.consequence == "Rules A, B were not loaded; no claim was checked against them."
