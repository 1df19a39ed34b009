"""What changed between two releases, and which claims hold the codes of what changed."""

from datetime import date

import pytest

from sequela.engine.encounter.from_json import encounter_from
from sequela.engine.pipeline.table_claims import ChangeIndex, codes_of
from sequela.engine.pipeline.table_diff import difference
from sequela.engine.tables.delimited import Batch
from sequela.engine.tables.model import Covers, KeyColumn, TableShape, ValueColumn
from sequela.engine.tables.store_format import Manifest
from sequela.engine.tables.store_write import write_release
from sequela.engine.vocabulary.kinds import CodeOf, CodesOf, Scalar
from sequela.engine.vocabulary.systems import System

HCPCS = CodeOf(System.HCPCS)
PAIRS = TableShape(
    name="ncci/pairs",
    title="Pairs",
    keys=(KeyColumn("column-1", HCPCS), KeyColumn("column-2", HCPCS)),
    values=(ValueColumn("indicator", Scalar.TEXT),),
    in_force=("effective", "ended"),
)
LIMITS = TableShape(
    name="ncci/limits", title="Limits", keys=(KeyColumn("code", HCPCS),), values=(ValueColumn("units", Scalar.NUMBER),)
)
OLD = [
    ("G0101", "G0102", "1", "2020-01-01", ""),
    ("G0101", "G0103", "0", "2020-01-01", ""),
    ("G0101", "G0104", "1", "2020-01-01", ""),
    ("G0105", "G0101", "1", "2018-01-01", "2019-12-31"),
    ("G0105", "G0101", "1", "2021-01-01", ""),
]
NEW = [
    ("G0101", "G0102", "1", "2020-01-01", ""),
    ("G0101", "G0103", "1", "2020-01-01", ""),
    ("G0105", "G0101", "1", "2018-01-01", "2019-12-31"),
    ("G0105", "G0101", "1", "2021-01-01", "2026-06-30"),
    ("G0106", "G0101", "0", "2026-07-01", ""),
]


def release(folder, shape, name, rows, covers=None):
    made = Manifest(table=shape.name, title=shape.title, source="x.txt", publisher="", release=name, covers=covers)
    columns = tuple(zip(*rows, strict=True)) if rows else tuple(() for _ in shape.columns)
    written = write_release(folder, shape, [Batch(columns, None)], made)
    assert written.path is not None
    return written.path


@pytest.fixture
def made(tmp_path):
    found = difference(release(tmp_path, PAIRS, "q1", OLD), release(tmp_path, PAIRS, "q2", NEW))
    assert not isinstance(found, tuple)
    return found


def keys(changes):
    return [change.keys for change in changes]


def test_added_removed_and_changed_rows(made):
    assert keys(made.added) == [("G0106", "G0101")]
    assert keys(made.removed) == [("G0101", "G0104")]
    assert keys(made.changed) == [("G0101", "G0103"), ("G0105", "G0101")]
    one, other = made.changed
    assert made.differing(one) == ("indicator",)
    assert made.differing(other) == ("ended",)
    assert made.cells(made.old, other.old)["effective"] == "2021-01-01"
    assert made.cells(made.new, other.new)["ended"] == "2026-06-30"


def test_a_release_does_not_differ_from_itself(tmp_path):
    path = release(tmp_path, PAIRS, "q1", OLD)
    found = difference(path, release(tmp_path, PAIRS, "q2", [*reversed(OLD)]))
    assert not isinstance(found, tuple)
    assert found.all == ()


def test_an_edit_whose_first_day_moved_is_one_edit(tmp_path):
    one = release(tmp_path, PAIRS, "q1", [("G0101", "G0102", "1", "2020-01-01", "")])
    found = difference(one, release(tmp_path, PAIRS, "q2", [("G0101", "G0102", "1", "2020-07-01", "")]))
    assert not isinstance(found, tuple)
    (change,) = found.all
    assert found.differing(change) == ("effective",)
    assert touched(found, ("G0101", "2020-06-30"), ("G0102", "2020-06-30")) == [("G0101", "G0102")]
    assert touched(found, ("G0101", "2020-07-01"), ("G0102", "2020-07-01")) == []


def test_releases_of_two_tables_are_not_compared(tmp_path):
    one = release(tmp_path, PAIRS, "q1", OLD)
    (problem,) = difference(one, release(tmp_path, LIMITS, "q1", [("G0101", "1")]))
    assert problem.code == "SEQ493"


def test_what_is_no_release_is_said(tmp_path):
    path = tmp_path / "a.sqt"
    path.write_text("no release")
    one = release(tmp_path, PAIRS, "q1", OLD)
    assert not isinstance(difference(one, one), tuple)
    found = difference(path, one)
    assert isinstance(found, tuple)
    assert len(found) == 1


def claim(*lines, **facts):
    return encounter_from(
        {
            "schema": "sequela.encounter/1",
            "id": "C-1",
            "setting": "professional",
            "lines": [
                {"number": at, "code": code, **({"date": day} if day else {})}
                for at, (code, day) in enumerate(lines, 1)
            ],
            **facts,
        }
    )


def touched(made, *lines):
    return [one.codes for one in ChangeIndex(made).touched(claim(*lines))]


@pytest.mark.parametrize(
    ("lines", "found"),
    [
        ([("G0101", "2026-03-02"), ("G0103", "2026-03-02")], [("G0101", "G0103")]),
        ([("G0101", "2026-03-02"), ("G0102", "2026-03-02")], []),
        ([("G0101", "2026-03-02")], []),
        ([("G0101", "2019-03-02"), ("G0103", "2019-03-02")], []),
        ([("G0105", "2026-06-30"), ("G0101", "2026-06-30")], []),
        ([("G0105", "2026-07-01"), ("G0101", "2026-07-01")], [("G0105", "G0101")]),
        ([("G0106", "2026-06-30"), ("G0101", "2026-06-30")], []),
        ([("G0106", "2026-07-01"), ("G0101", "2026-07-01")], [("G0106", "G0101")]),
        ([("G0101", None), ("G0103", None)], [("G0101", "G0103")]),
    ],
)
def test_a_claim_is_touched_where_its_codes_and_dates_are(made, lines, found):
    """Both codes, on a day on which the two releases differ; an unknown day may be any."""
    assert touched(made, *lines) == found


def test_rows_without_dates_matter_on_every_day(tmp_path):
    one = release(tmp_path, LIMITS, "q1", [("G0101", "1"), ("G0102", "2")], Covers(date(2026, 1, 1), date(2026, 3, 31)))
    other = release(tmp_path, LIMITS, "q2", [("G0101", "3"), ("G0102", "2")], Covers(date(2026, 4, 1), None))
    found = difference(one, other)
    assert not isinstance(found, tuple)
    assert keys(found.changed) == [("G0101",)]
    assert touched(found, ("G0101", "2026-03-02"), ("G0102", "2026-03-02")) == [("G0101",)]


def test_owners_and_lists_are_matched_as_in_a_look_up(tmp_path):
    shape = TableShape(
        name="icd/notes",
        title="",
        keys=(KeyColumn("owner", CodeOf(System.ICD10CM), "under"), KeyColumn("codes", CodesOf(System.ICD10CM), "in")),
        values=(ValueColumn("note", Scalar.TEXT),),
    )
    one = release(tmp_path, shape, "a", [("E11", "E08.9, under E10", "x")])
    other = release(tmp_path, shape, "b", [("E11", "E08.9, under E10", "y")])
    found = difference(one, other)
    assert not isinstance(found, tuple)
    index = ChangeIndex(found)
    held = claim(diagnoses=[{"code": "E11.9"}, {"code": "E10.65"}])
    assert [one.codes for one in index.touched(held)] == [("E119", "E1065")]
    assert index.touched(claim(diagnoses=[{"code": "E11.9"}])) == []


def test_a_table_without_codes_touches_no_claim(tmp_path):
    shape = TableShape(name="x", title="", keys=(KeyColumn("name", Scalar.TEXT),))
    found = difference(release(tmp_path, shape, "a", [("a",)]), release(tmp_path, shape, "b", [("b",)]))
    assert not isinstance(found, tuple)
    index = ChangeIndex(found)
    assert not index.has_codes
    assert index.touched(claim(("G0101", None))) == []


def test_the_codes_of_a_claim_and_their_days():
    held = claim(("G0101", "2026-03-02"), ("G0101", None), diagnoses=[{"code": "E11.9"}], drg="470")
    day = (date(2026, 3, 2).toordinal(),) * 2
    assert codes_of(held, System.HCPCS) == {"G0101": [day, day]}
    assert codes_of(held, System.ICD10CM) == {"E119": [day]}
    assert codes_of(held, System.DRG) == {"470": [day]}
    assert codes_of(held, System.TAXONOMY) == {}
