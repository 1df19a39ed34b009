"""What a rule file may declare of an imported table, and what does not fit."""

from datetime import date

import pytest
from msgspec.structs import replace

from sequela.engine.tables.declared_store import open_release
from sequela.engine.tables.memory import MemoryTable
from sequela.engine.tables.model import Covers, KeyColumn, MatchState, TableShape, ValueColumn
from sequela.engine.tables.stored import StoredTable
from sequela.engine.vocabulary.kinds import CodeOf, CodesOf, Scalar
from sequela.engine.vocabulary.systems import System
from tables_made import write

HCPCS, ICD = CodeOf(System.HCPCS), CodeOf(System.ICD10CM)
SHAPE = TableShape(
    "t",
    "T",
    (KeyColumn("column-1", HCPCS), KeyColumn("column-2", HCPCS)),
    (ValueColumn("mod indicator", Scalar.TEXT), ValueColumn("units", Scalar.NUMBER)),
    ("effective", "ended"),
)
ROWS = [("99213", "G0104", "1", "", "2026-01-01", ""), ("99213", "17000", "0", "2", "2026-01-01", "2026-03-31")]
ON = date(2026, 5, 1)


@pytest.fixture
def path(tmp_path):
    return write(tmp_path, SHAPE, ROWS, release="2026q2", lines=[5, 6])


def test_some_columns_in_another_order_and_with_hyphens_for_blanks(path):
    declared = TableShape(
        "t",
        "T",
        (KeyColumn("column-2", HCPCS), KeyColumn("column-1", HCPCS)),
        (ValueColumn("mod-indicator", Scalar.TEXT),),
    )
    table = open_release(declared, path)
    assert isinstance(table, StoredTable)
    (row,) = table.look_up(["17000", "99213"], ON).rows  # not dated, as declared
    assert (row.value("mod-indicator"), row.number) == ("0", 6)
    assert open_release(replace(declared, in_force=SHAPE.in_force), path).lists(["17000", "99213"], ON) is False


def test_one_of_the_keys_or_a_column_beside_one_is_asked_in_the_file(path):
    second = open_release(replace(SHAPE, keys=SHAPE.keys[1:]), path)
    beside = replace(SHAPE, keys=(KeyColumn("mod indicator", Scalar.TEXT), SHAPE.keys[0]), values=())
    both = open_release(beside, path)
    assert isinstance(second, StoredTable)
    assert isinstance(both, StoredTable)
    assert [row.number for row in second.look_up(["G0104"], ON).rows] == [5]
    assert [row.number for row in both.look_up(["1", "99213"], ON).rows] == [5]
    assert both.lists(["2", "99213"], ON) is False
    assert both.look_up([None, "99213"], ON).state is MatchState.POSSIBLE


def test_keys_of_which_the_file_has_no_index_are_asked_in_memory_with_the_places_of_the_file(path):
    table = open_release(replace(SHAPE, keys=(KeyColumn("mod indicator", Scalar.TEXT),), values=()), path)
    assert isinstance(table, MemoryTable)
    (row,) = table.look_up(["1"], ON).rows
    assert (row.file, row.number, row.table.release, table.file) == ("t.csv", 5, "2026q2", str(path.parent))


def test_cpt_and_hcpcs_are_one_system_here(path):
    declared = replace(SHAPE, keys=tuple(KeyColumn(key.name, CodeOf(System.CPT)) for key in SHAPE.keys))
    assert isinstance(open_release(declared, path), StoredTable)


@pytest.mark.parametrize(
    ("column", "says", "hint"),
    [
        (ValueColumn("units", Scalar.TEXT), "`units` is declared as text", "Declare it as number."),
        (ValueColumn("units", CodesOf(System.ICD10CM)), "`units as number`", "Declare it as number."),
        (ValueColumn("ended", Scalar.TEXT), "`ended as date`", "Declare it as date."),
        (ValueColumn("column-2", ICD), "declared as code of ICD10CM", "Declare it as code of HCPCS."),
    ],
)
def test_a_column_of_another_type(path, column, says, hint):
    (problem,) = open_release(replace(SHAPE, keys=SHAPE.keys[:1], values=(column,), in_force=None), path)
    assert problem.code == "SEQ459"
    assert says in problem.message
    assert problem.hint == hint


def test_a_column_that_is_not_there(path):
    (problem,) = open_release(replace(SHAPE, values=(ValueColumn("unit", Scalar.NUMBER),)), path)
    assert (problem.code, problem.message) == ("SEQ460", "The imported table t 2026q2 has no column `unit`.")
    assert "units" in problem.hint


def test_a_column_with_empty_cells_is_no_key(path):
    (problem,) = open_release(replace(SHAPE, keys=(KeyColumn("units", Scalar.NUMBER),), values=()), path)
    assert (problem.code, problem.message) == (
        "SEQ459",
        "The column `units` of the imported table t 2026q2 has empty cells.",
    )


def test_the_days_that_date_a_row_may_be_columns_too(path):
    declared = replace(SHAPE, in_force=None, values=(ValueColumn("ended", Scalar.DATE),))
    table = open_release(declared, path)
    assert [row.value("ended") for row in table.look_up(["99213", "17000"], ON).rows] == [date(2026, 3, 31)]


def test_what_a_declaration_covers_narrows_what_the_release_does(path):
    narrow = open_release(replace(SHAPE, covers=Covers(date(2025, 1, 1), date(2026, 4, 30))), path)
    assert narrow.covers == Covers(date(2026, 1, 1), date(2026, 4, 30))
    assert narrow.look_up(["99213", "G0104"], ON).state is MatchState.NOT_COVERED
    assert open_release(replace(SHAPE, covers=Covers(None, date(2025, 4, 30))), path).covers is None
