"""Look-ups: the truth of them, what a row tells, and what a table says of itself."""

import csv
import pickle
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from sequela.engine.tables.load import load_rows
from sequela.engine.tables.model import Covers, KeyColumn, MatchState, Table, TableShape, ValueColumn
from sequela.engine.vocabulary.absent import NONE
from sequela.engine.vocabulary.kinds import CodeOf, CodesOf, Scalar
from sequela.engine.vocabulary.systems import System

TRUTH = Path(__file__).parents[2] / "truth" / "look-ups.csv"
HCPCS, ICD = CodeOf(System.HCPCS), CodeOf(System.ICD10CM)


def table(keys, rows, values=(), **more):
    made = load_rows(TableShape("t", "T", tuple(keys), tuple(values), **more), rows, file="t.rules")
    assert isinstance(made, Table), made
    return made


TABLES = {
    "pairs": table(
        [KeyColumn("first", HCPCS), KeyColumn("second", HCPCS)],
        [
            ("G0104", "G0105", "2020-01-01", ""),
            ("G0104", "G0106", "2020-01-01", "2023-12-31"),
            ("17000", "11102", "2019-01-01", ""),
        ],
        in_force=("from", "to"),
    ),
    "limits": table(
        [KeyColumn("code", HCPCS)],
        [
            ("A0001", "2024-01-01", "2024-06-30"),
            ("A0001", "2024-07-01", "2024-12-31"),
            ("A0002", "2024-01-01", "2024-12-31"),
            ("A0002", "", "2024-06-30"),
        ],
        in_force=("from", "to"),
        complete=False,
    ),
    "places": table([KeyColumn("place", CodeOf(System.POS))], [("11",)], covers=Covers(date(2024, 1, 1), None)),
    "plans": table([KeyColumn("plan", Scalar.TEXT), KeyColumn("tier", Scalar.NUMBER)], [("PPO", "2"), ("PPO", "2.5")]),
}
FOUND = {"yes": True, "no": False, "unknown": None}


def key(word, kind):
    if word in {"?", "none"}:
        return None if word == "?" else NONE
    return Decimal(word) if kind is Scalar.NUMBER else word


def truth():
    with TRUTH.open(newline="", encoding="utf-8") as lines:
        return [tuple(row) for row in list(csv.reader(lines, delimiter=";"))[1:]]


@pytest.mark.parametrize(("name", "keys", "on", "state", "rows", "found"), truth())
def test_look_ups(name, keys, on, state, rows, found):
    asked = TABLES[name]
    values = [key(word, column.type) for word, column in zip(keys.split(), asked.shape.keys, strict=True)]
    day = None if on == "?" else date.fromisoformat(on)
    matches = asked.look_up(values, day)
    assert matches.state is MatchState(state)
    assert [row.number for row in matches.rows] == [int(number) for number in rows.split()]
    assert matches.found is FOUND[found]
    assert asked.lists(values, day) is FOUND[found]


COVERAGE = table(
    [KeyColumn("owner", ICD, "under"), KeyColumn("excluded", CodesOf(System.ICD10CM), "in")],
    [("K50 .. K52", "under K58", "irritable bowel"), ("K51", "K58.9, K59", ""), ("K51.9", "K58.9", "twice")],
    [ValueColumn("note", Scalar.TEXT)],
)


def test_owners_at_several_levels_all_match_in_file_order():
    assert [row.number for row in COVERAGE.look_up(("K519", "K589"), None).rows] == [1, 2, 3]
    assert [row.number for row in COVERAGE.look_up(("K518", "K589"), None).rows] == [1, 2]
    assert [row.number for row in COVERAGE.look_up(("K500", "K580"), None).rows] == [1]


def test_a_row_tells_every_column():
    row, second, _ = COVERAGE.look_up(("K519", "K589"), None).rows
    assert row.value("owner").written == "K50 .. K52"
    assert row.value("excluded").written == "under K58"
    assert row.value("note") == "irritable bowel"
    assert second.value("owner") == "K51"
    assert second.value("note") is NONE
    with pytest.raises(KeyError):
        row.value("release")


def test_the_columns_that_date_a_row_are_read_as_dates():
    second = TABLES["pairs"].row(2)
    assert second.value("from") == date(2020, 1, 1)
    assert second.value("to") == date(2023, 12, 31)
    assert TABLES["pairs"].row(1).value("to") is NONE
    assert TABLES["limits"].row(4).value("from") is NONE


def test_rows_are_equal_when_they_are_the_same_row_of_the_same_table():
    pairs = TABLES["pairs"]
    assert pairs.row(1) == pairs.look_up(("G0104", "G0105"), date(2024, 1, 1)).rows[0]
    assert pairs.row(1) != pairs.row(2)
    assert len({pairs.row(1), pairs.row(1), TABLES["plans"].row(1)}) == 2


def test_key_rows_take_one_key_column_whatever_the_others():
    pairs = TABLES["pairs"]
    assert [row.number for row in pairs.key_rows("G0104", date(2021, 1, 1)).rows] == [1, 2]
    assert [row.number for row in pairs.key_rows("11102", date(2021, 1, 1), "second").rows] == [3]
    assert pairs.key_rows("G0106", date(2024, 1, 1), "second").found is False
    assert pairs.key_rows("G0106", None, "second").state is MatchState.POSSIBLE
    assert pairs.key_rows("G0106", date(2000, 1, 1), "second").state is MatchState.NOT_COVERED
    assert pairs.key_rows(None, date(2024, 1, 1)).state is MatchState.POSSIBLE
    assert pairs.key_rows(NONE, date(2024, 1, 1)).found is False
    assert [row.number for row in COVERAGE.key_rows("K589", None, "excluded").rows] == [1, 2, 3]
    assert [row.number for row in TABLES["limits"].key_rows("A0002", date(2024, 3, 1)).rows] == [3, 4]
    with pytest.raises(KeyError):
        pairs.key_rows("G0104", None, "third")
    with pytest.raises(KeyError):
        table([KeyColumn("plan", Scalar.TEXT)], [("PPO",)]).key_rows("PPO", None)


@pytest.mark.parametrize(
    ("rows", "covers"),
    [
        (
            [("A0001", "2024-01-01", "2024-06-30"), ("A0002", "2023-01-01", "2023-06-30")],
            (date(2023, 1, 1), date(2024, 6, 30)),
        ),
        ([("A0001", "", "2024-06-30"), ("A0002", "2023-01-01", "")], (None, None)),
        ([("A0001", "2024-01-01", "onward")], (date(2024, 1, 1), None)),
    ],
)
def test_a_dated_table_covers_from_its_first_start_to_its_last_end(rows, covers):
    made = table([KeyColumn("code", HCPCS)], rows, in_force=("from", "to"))
    assert made.covers == Covers(*covers)


def test_a_declared_cover_stands_over_the_rows():
    made = table(
        [KeyColumn("code", HCPCS)],
        [("A0001", "2024-01-01", "")],
        in_force=("from", "to"),
        covers=Covers(date(2024, 3, 1), date(2024, 3, 31)),
    )
    assert made.look_up(("A0001",), date(2024, 2, 29)).state is MatchState.NOT_COVERED
    assert made.look_up(("A0001",), date(2024, 3, 31)).found is True


def test_a_dated_table_without_rows_speaks_for_no_date():
    made = table([KeyColumn("code", HCPCS)], [], in_force=("from", "to"))
    assert made.covers is None
    assert made.look_up(("A0001",), date(2024, 1, 1)).state is MatchState.NOT_COVERED


def test_an_undated_complete_table_without_rows_lists_nothing():
    assert table([KeyColumn("code", HCPCS)], []).lists(("A0001",), date(2024, 1, 1)) is False


def test_what_a_look_up_finds_depends_on_the_date_only_where_something_is_dated():
    assert TABLES["pairs"].asks_date
    assert TABLES["places"].asks_date
    assert not TABLES["plans"].asks_date


def test_a_shape_tells_its_columns():
    shape = TABLES["pairs"].shape
    assert shape.columns == (("first", HCPCS), ("second", HCPCS), ("from", Scalar.DATE), ("to", Scalar.DATE))
    assert shape.type_of("to") is Scalar.DATE
    assert shape.type_of("until") is None
    assert shape.code_key().name == "first"
    assert shape.code_key(System.CPT).name == "first"
    assert shape.code_key(System.ICD10CM) is None
    assert COVERAGE.shape.code_key(System.ICD10CM).name == "owner"


def test_a_table_survives_pickling():
    copy = pickle.loads(pickle.dumps(COVERAGE))
    assert [row.value("note") for row in copy.look_up(("K519", "K589"), None).rows] == [
        "irritable bowel",
        NONE,
        "twice",
    ]
    copied = pickle.loads(pickle.dumps(TABLES["pairs"]))
    assert copied.row(1).value("to") is NONE
    assert copied.look_up((NONE, "G0105"), None).found is False
