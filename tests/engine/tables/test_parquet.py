"""Parquet files: typed values read as a CSV file's text would be, and what is said without pyarrow."""

import importlib
from datetime import date, datetime
from decimal import Decimal

import pytest

from sequela.engine.tables.load import load_file
from sequela.engine.tables.model import KeyColumn, TableShape, ValueColumn
from sequela.engine.vocabulary.absent import NONE
from sequela.engine.vocabulary.kinds import CodeOf, CodesOf, Scalar
from sequela.engine.vocabulary.systems import System

arrow = pytest.importorskip("pyarrow")
parquet = pytest.importorskip("pyarrow.parquet")

SHAPE = TableShape(
    "t",
    "T",
    (KeyColumn("code", CodeOf(System.HCPCS)),),
    (
        ValueColumn("units", Scalar.NUMBER),
        ValueColumn("fee", Scalar.MONEY),
        ValueColumn("active", Scalar.YES_NO),
        ValueColumn("seen", Scalar.DATE),
        ValueColumn("primaries", CodesOf(System.HCPCS)),
    ),
    in_force=("start", "end"),
)


def write(path, **columns):
    parquet.write_table(arrow.table(columns), path)
    return path


def test_typed_values(tmp_path):
    path = write(
        tmp_path / "t.parquet",
        Code=["G0104", "17000"],
        units=[8.0, None],
        fee=[Decimal("12.50"), None],
        active=[True, False],
        seen=[datetime(2024, 1, 2), None],
        primaries=[["99205", "99215"], None],
        start=[date(2024, 1, 1), None],
        end=[None, date(2024, 12, 31)],
        other=[1, 2],
    )
    table = load_file(SHAPE, path)
    first, second = table.row(1), table.row(2)
    assert (first.value("units"), first.value("fee"), first.value("active")) == (8, Decimal("12.50"), True)
    assert first.value("seen") == date(2024, 1, 2)
    assert first.value("primaries").written == "99205, 99215"
    assert [second.value(name) for name in ("units", "fee", "seen", "primaries", "start")] == [NONE] * 5
    assert second.value("end") == date(2024, 12, 31)
    assert first.line is None
    assert first.number == 1


def test_bad_values_are_named_by_row(tmp_path):
    shape = TableShape("t", "T", (KeyColumn("place", CodeOf(System.POS)),), (ValueColumn("seen", Scalar.DATE),))
    path = write(tmp_path / "t.parquet", place=[11, 5], seen=[datetime(2024, 1, 2, 3), datetime(2024, 1, 2)])
    found = load_file(shape, path, name="t.parquet")
    assert [(problem.code, problem.place) for problem in found] == [
        ("SEQ463", "row 1, column `seen`"),
        ("SEQ464", "row 2, column `place`"),
    ]
    assert "was `05` meant" in found[1].hint


def test_a_damaged_file(tmp_path):
    path = write(tmp_path / "t.parquet", place=["11"] * 1000)
    path.write_bytes(path.read_bytes()[:-20])
    assert [problem.code for problem in load_file(SHAPE, path)] == ["SEQ455"]


def test_without_pyarrow_the_extra_is_named(tmp_path, monkeypatch):
    def refuse(name):
        raise ImportError(name)

    path = write(tmp_path / "t.parquet", place=["11"])
    monkeypatch.setattr(importlib, "import_module", refuse)
    (problem,) = load_file(SHAPE, path)
    assert problem.code == "SEQ455"
    assert "pip install sequela[parquet]" in problem.hint
