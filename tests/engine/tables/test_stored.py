"""An imported table asked in its file: keys of every kind, wide tables, and what an explanation names."""

from datetime import date
from decimal import Decimal

import pytest

from sequela.engine.tables import stored as stored_table
from sequela.engine.tables.catalogue import catalogue_of
from sequela.engine.tables.model import KeyColumn, MatchState, Row, TableShape, ValueColumn
from sequela.engine.tables.stored import StoredTable
from sequela.engine.tables.stored_columns import MOST_REMEMBERED, BoundedMemo
from sequela.engine.vocabulary.absent import NONE
from sequela.engine.vocabulary.kinds import CodeOf, CodesOf, Scalar, WordOf
from sequela.engine.vocabulary.systems import System
from tables_made import in_memory, seen, stored

HCPCS, ICD = System.HCPCS, System.ICD10CM
ON = date(2026, 3, 1)


def shape(*keys, values=(), **more):
    return TableShape(name="t", title="T", keys=tuple(keys), values=tuple(values), **more)


@pytest.mark.parametrize(
    ("kind", "cells", "there", "absent"),
    [
        (Scalar.TEXT, ["a", "Ärger, quoted", "a rather long text"], "a rather long text", "a rather long"),
        (Scalar.TEXT, ["E11"], "E11", "E11\0"),
        (Scalar.NUMBER, ["5", "-3", "0.50"], Decimal("0.5"), 4),
        (Scalar.MONEY, ["5.00", "5", "12.25"], 5, Decimal("12.2")),
        (Scalar.DATE, ["2026-03-01", "1999-12-31"], date(1999, 12, 31), date(1999, 12, 30)),
        (Scalar.YES_NO, ["yes"], True, False),
        (WordOf("sex", ("female", "male")), ["male"], "male", "female"),
        (CodeOf(System.NDC), ["00002322730", "00002322731"], "00002322731", "00002322732"),
        (CodeOf(HCPCS), ["99213", "G0104"], "G0104", "G0105"),
    ],
)
def test_an_exact_key_of_any_kind(tmp_path, kind, cells, there, absent):
    made = shape(KeyColumn("k", kind))
    rows = [(cell,) for cell in cells]
    table, memory = stored(tmp_path, made, rows), in_memory(made, rows)
    for key in (there, absent, NONE, None):
        assert seen(table.look_up([key], ON)) == seen(memory.look_up([key], ON))
    assert table.look_up([there], ON).rows
    assert not table.look_up([absent], ON).rows


def test_a_thousand_rows_of_lists_are_found_by_code_beginning_range_and_pattern(tmp_path, monkeypatch):
    made = shape(KeyColumn("owner", CodeOf(ICD), "under"), KeyColumn("among", CodesOf(ICD), "in"))
    rows = [
        (
            f"A{at % 100:02}",
            f'B{at % 90 + 10}, under C{at % 80 + 10}, D{at % 50:02} .. D{at % 50 + 3:02}, like "E{at % 10}?.1"',
        )
        for at in range(1000)
    ]
    table, memory = stored(tmp_path, made, rows), in_memory(made, rows)
    asked = [
        ("A01", "B11"),
        ("A019", "C119"),
        ("A05", "D07"),
        ("A03", "E331"),
        ("A03", "E341"),
        (None, "D20"),
        ("A07", None),
    ]
    for few in (0, 32, 100_000):
        monkeypatch.setattr(stored_table, "_FEW", few)
        for keys in asked:
            assert seen(table.look_up(keys, ON)) == seen(memory.look_up(keys, ON))
        for code in ("B55", "C10", "D30", "E121", "F01"):
            assert seen(table.key_rows(code, ON, "among")) == seen(memory.key_rows(code, ON, "among"))


def test_a_key_that_is_not_the_first_is_found_without_an_index_of_its_own(tmp_path):
    made = shape(KeyColumn("a", CodeOf(HCPCS)), KeyColumn("b", CodeOf(HCPCS)), in_force=("effective", "ended"))
    rows = [
        (f"{first:05}", f"{(first * 7 + second) % 500:05}", "2026-01-01", "" if second else "2026-01-31")
        for first in range(300)
        for second in range(4)
    ]
    table, memory = stored(tmp_path, made, rows), in_memory(made, rows)
    for code in ("00000", "00007", "00255", "00256", "00499", "00500"):
        for on in (ON, date(2026, 1, 31), None):
            for _ in range(2):
                assert seen(table.key_rows(code, on, "b")) == seen(memory.key_rows(code, on, "b"))
                assert seen(table.look_up([None, code], on)) == seen(memory.look_up([None, code], on))


def test_a_row_names_its_source_file_and_its_number_there(tmp_path):
    made = shape(KeyColumn("code", CodeOf(HCPCS)), values=[ValueColumn("units", Scalar.NUMBER)])
    rows = [("G0104", "1"), ("99213", ""), ("17000", "3")]
    table = stored(tmp_path, made, rows, release="2026q4", files=("f1.txt", "f2.txt"), sizes=(2, 1), lines=[7, 9, 2])
    assert isinstance(table, StoredTable)
    found = [table.look_up([code], ON).rows[0] for code in ("G0104", "99213", "17000")]
    assert [(row.file, row.number, row.table.release) for row in found] == [
        ("f1.txt", 7, "2026q4"),
        ("f1.txt", 9, "2026q4"),
        ("f2.txt", 2, "2026q4"),
    ]
    assert [row.value("units") for row in found] == [1, NONE, 3]
    assert table.file == str(tmp_path / "t.table")
    assert table.row(3) == found[2]
    assert repr(found[2]) == f"Row('t', {found[2].index})"
    assert Row(table, 0).line is None


def test_a_date_before_the_first_and_after_the_last_day_of_the_rows(tmp_path):
    made = shape(KeyColumn("code", CodeOf(HCPCS)), in_force=("effective", "ended"))
    rows = [
        ("99213", "", "2020-01-01"),
        ("99213", "2020-01-02", ""),
        ("99214", "2020-01-02", "2020-01-02"),
        ("99215", "", ""),
    ]
    table, memory = stored(tmp_path, made, rows), in_memory(made, rows)
    for on in (date.min, date(2019, 12, 31), date(2020, 1, 1), date(2020, 1, 2), date(2020, 1, 3), date.max):
        for code in ("99213", "99214", "99215"):
            assert seen(table.look_up([code], on)) == seen(memory.look_up([code], on))
    assert table.look_up(["99213"], None).state is MatchState.POSSIBLE
    assert [table.period(row.index) for row in table.rows()] == [memory.period(row.index) for row in memory.rows()]


def test_the_catalogue_of_an_imported_table_is_in_the_order_of_its_file(tmp_path):
    made = shape(
        KeyColumn("code", CodeOf(ICD)),
        values=[ValueColumn("billable", Scalar.YES_NO), ValueColumn("description", Scalar.TEXT)],
        in_force=("effective", "ended"),
        defines=ICD,
    )
    rows = [
        ("M10", "no", "Gout", "2015-10-01", ""),
        ("M10.9", "yes", "Gout, unspecified", "2015-10-01", ""),
        ("M1A", "no", "Chronic gout", "2015-10-01", ""),
        ("M11", "no", "Other crystals", "2015-10-01", "2020-09-30"),
    ]
    table, memory = stored(tmp_path, made, rows), in_memory(made, rows)
    one, other = catalogue_of(table), catalogue_of(memory)
    assert one.codes == other.codes == ("M10", "M109", "M1A", "M11")
    assert (one.is_heading("M10"), one.is_heading("M109"), one.had("M12")) == (True, False, False)
    assert one.below("M10") == ("M109",)
    assert one.description("M109", ON) == "Gout, unspecified"
    assert (one.on("M11", date(2020, 9, 30)), one.on("M11", date(2020, 10, 1))) == (True, False)
    assert one.codes_between("M10", "M11") == ("M10", "M109", "M1A", "M11")


def test_a_memo_begins_anew_where_it_is_full():
    asked = []
    memo = BoundedMemo(lambda key: asked.append(key) or key)
    for key in range(MOST_REMEMBERED + 1):
        assert memo[key] == memo[key] == key
    assert len(asked) == MOST_REMEMBERED + 1
    assert len(memo) == 1
