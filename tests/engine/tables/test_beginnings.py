"""Rows by the keys that were met: what begins no row, what stands apart, and how much is remembered."""

from datetime import date
from pathlib import Path

import pytest

from sequela.engine.tables import beginnings
from sequela.engine.tables.beginnings import Beginnings
from sequela.engine.tables.model import KeyColumn, Table, TableShape, ValueColumn
from sequela.engine.vocabulary.kinds import CodeOf, Scalar
from sequela.engine.vocabulary.systems import System
from tables_made import in_memory, stored

HCPCS = CodeOf(System.HCPCS)
SHAPE = TableShape(
    name="t",
    title="T",
    keys=(KeyColumn("one", HCPCS), KeyColumn("other", HCPCS)),
    values=(ValueColumn("indicator", Scalar.TEXT), ValueColumn("why", Scalar.TEXT)),
    in_force=("start", "end"),
)
ROWS = [
    ("99213", "17000", "1", "a", "2026-01-01", "2026-06-30"),
    ("99213", "17000", "0", "b", "2026-07-01", "2026-12-31"),
    ("99213", "17110", "1", "a", "2026-01-01", "2026-06-30"),
    ("99213", "99213", "1", "a", "2026-01-01", "2026-06-30"),
    ("17000", "99213", "0", "a", "2026-01-01", "2026-06-30"),
]


def upper(code):
    return None if code is None else code.upper()


@pytest.fixture(params=["memory", "stored"])
def table(request, tmp_path: Path) -> Table:
    return in_memory(SHAPE, ROWS) if request.param == "memory" else stored(tmp_path, SHAPE, ROWS)


@pytest.fixture(params=[0, 32])
def met(request, table, monkeypatch) -> Beginnings:
    monkeypatch.setattr(beginnings, "FEW", request.param)
    return Beginnings(table, (upper, upper))


def test_what_begins_no_row(met):
    assert met["17110"] is None
    assert met[None] is None
    assert met.apart_of("17110") is None
    assert met.apart == {"17110": None}
    assert met["99213"] is not None


def test_the_rows_of_a_pair_have_their_days_and_the_cells_that_are_wanted(met):
    assert met.place_of("indicator") == 0
    assert met.place_of("why") == 1
    assert met.place_of("indicator") == 0
    found = met["99213"]["17000"]
    assert [one[:2] + one[3:] for one in found] == [
        (date(2026, 1, 1), date(2026, 6, 30), ("1", "a")),
        (date(2026, 7, 1), date(2026, 12, 31), ("0", "b")),
    ]
    assert [row.value("why") for _, _, row, _ in found] == ["a", "b"]
    (other,) = met["99213"]["17110"]
    assert (other[0] is found[0][0], other[3] is found[0][3]) == (True, True)
    assert met["99213"]["G0104"] == ()
    assert met["99213"][None] == ()


def test_a_column_that_is_wanted_later_is_read_for_rows_that_were_met(met):
    assert met["99213"]["17110"][0][3] == ()
    assert met.place_of("why") == 0
    assert met["99213"]["17110"][0][3] == ("a",)


def test_apart_is_what_is_certain(met):
    apart = met.apart_of("17000")
    met["17000"]["17110"]
    assert apart(["17000", "17110"])
    assert not apart(["17000", "17110", "99213"])
    assert not met.apart_of("99213")(["99213"])  # a row has it twice
    met["17000"]["17110x"]
    assert apart(["17000", "17110", "17110x"])


def test_what_was_not_met_is_not_certain_where_rows_are_many(table, monkeypatch):
    monkeypatch.setattr(beginnings, "FEW", 0)
    met = Beginnings(table, (upper, upper))
    assert not met.apart_of("17000")(["G0104"])
    assert met["17000"]["G0104"] == ()
    assert met.apart_of("17000")(["G0104"])
    assert "G0104" in met["17000"].absent


def test_keys_as_they_are_asked(met):
    assert met["g0104"] is None
    assert met["99213"][None] == ()
    assert None not in met["99213"].absent
    assert not met.apart


def test_what_is_remembered_has_a_bound(table, monkeypatch):
    monkeypatch.setattr(beginnings, "FEW", 0)
    monkeypatch.setattr(beginnings, "MOST_PAIRS", 4)
    met = Beginnings(table, (upper, upper))
    seconds = met["99213"]
    assert met.apart_of("99213") is seconds.apart
    for number in range(5):
        assert seconds[f"G010{number}"] == ()
    assert not met
    assert not met.apart
    assert met["99213"] is not seconds
    assert [one[0] for one in met["99213"]["17110"]] == [date(2026, 1, 1)]


def test_one_key_and_three(tmp_path):
    one = TableShape("t", "T", (KeyColumn("code", HCPCS),), (ValueColumn("most", Scalar.NUMBER),))
    met = Beginnings(in_memory(one, [("99213", "2")]), (upper,))
    met.place_of("most")
    assert [found[3] for found in met["99213"]] == [(2,)]
    assert met["17000"] == met[None] == ()
    three = TableShape("t", "T", (*SHAPE.keys, KeyColumn("third", HCPCS)))
    for table in (
        in_memory(three, [("99213", "17000", "17110")]),
        stored(tmp_path, three, [("99213", "17000", "17110")]),
    ):
        met = Beginnings(table, (upper, upper))
        assert met["99213"]["17000"] is True
        assert met["99213"]["17110"] == ()
        assert met["17000"] is None
        assert met.apart_of("99213")(["99213", "17110"])
        assert not met.apart_of("99213")(["99213", "17000"])
