"""Writing a release: rows that cannot be read go to the rejects, and a file is put in place whole or not at all."""

import csv
from datetime import date

import pytest

from sequela.engine.tables import store_write
from sequela.engine.tables.delimited import Batch
from sequela.engine.tables.model import Covers, KeyColumn, TableShape, ValueColumn
from sequela.engine.tables.releases import open_releases
from sequela.engine.tables.store_format import Manifest, read_manifest
from sequela.engine.tables.store_write import release_path, write_release
from sequela.engine.vocabulary.kinds import CodeOf, Scalar
from sequela.engine.vocabulary.systems import System

HCPCS = CodeOf(System.HCPCS)
SHAPE = TableShape(
    name="ptp",
    title="Pairs",
    keys=(KeyColumn("column-1", HCPCS), KeyColumn("column-2", HCPCS)),
    values=(ValueColumn("units", Scalar.NUMBER),),
    in_force=("effective", "ended"),
)
GOOD = ("99213", "G0104", "1", "2020-01-01", "")
BAD = [
    ("9921", "G0104", "1", "2020-01-01", ""),
    ("99213", "", "1", "2020-01-01", ""),
    ("99213", "G0104", "two", "01/02/2020", ""),
    ("99213", "G0104", "1", "2020-01-01", "2019-12-31"),
]


def manifest(**more):
    return Manifest(
        **{"table": "ncci/ptp", "title": "Pairs", "source": "pairs.txt", "publisher": "P", "release": "q4", **more}
    )


def batch(*rows, **more):
    return Batch(tuple(zip(*rows, strict=True)), more.pop("lines", None), **more)


def test_rows_that_cannot_be_read_are_left_out_counted_and_told_of(tmp_path):
    told = []
    rows = [batch(GOOD, *BAD, lines=[2, 3, 4, 5, 6]), batch(GOOD, GOOD, lines=[7, 8], misshapen=((1, 4),))]
    written = write_release(tmp_path, SHAPE, rows, manifest(), on_reject=told.append)
    assert (written.manifest.rows, written.manifest.rejects) == (2, 5)
    assert [(one.row, one.problems[0].code, len(one.problems)) for one in told] == [
        (3, "SEQ464", 1),
        (4, "SEQ467", 1),
        (5, "SEQ463", 2),
        (6, "SEQ466", 1),
        (8, "SEQ462", 1),
    ]
    with written.rejects.open(encoding="utf-8", newline="") as stream:
        lines = list(csv.DictReader(stream))
    assert written.rejects == tmp_path / "ncci" / "ptp.table" / "q4.rejects.csv"
    assert (lines[0]["file"], lines[0]["row"], lines[0]["column"], lines[0]["code"]) == (
        "pairs.txt",
        "3",
        "column-1",
        "SEQ464",
    )
    assert lines[2]["units"] == "two"
    assert "And 1 more." in lines[2]["reason"]
    table = open_releases(SHAPE, [written.path])
    assert [row.number for row in table.look_up(["99213", "G0104"], date(2026, 1, 1)).rows] == [2, 7]


def test_after_many_rejects_the_others_are_counted(tmp_path, monkeypatch):
    monkeypatch.setattr(store_write, "MOST_REJECTS", 3)
    told = []
    written = write_release(tmp_path, SHAPE, [batch(*BAD[:2]), batch(GOOD, *BAD)], manifest(), on_reject=told.append)
    lines = written.rejects.read_text(encoding="utf-8").splitlines()
    assert (written.manifest.rejects, len(told), len(lines)) == (6, 6, 5)
    assert lines[-1] == ",,,,And 3 more rows."


def test_rows_are_counted_in_each_file_where_nobody_says_their_numbers(tmp_path):
    rows = [batch(GOOD, BAD[0], file="a"), batch(GOOD, file="b"), batch(GOOD, file="a")]
    table = open_releases(SHAPE, [write_release(tmp_path, SHAPE, rows, manifest()).path])
    assert [(row.file, row.number) for row in table.rows()] == [("a", 1), ("b", 1), ("a", 3)]


def test_what_an_importer_refuses_is_left_out_with_its_words(tmp_path):
    told = []
    rows = [batch(GOOD, GOOD, refused=((1, "The indicator is 7."),))]
    written = write_release(tmp_path, SHAPE, rows, manifest(), on_reject=told.append)
    assert (written.manifest.rows, written.manifest.rejects) == (1, 1)
    assert told[0].problems[0].message == "The indicator is 7."


def test_a_manifest_may_be_asked_for_when_all_rows_are_read(tmp_path):
    seen = []

    def rows():
        yield batch(GOOD)
        seen.append("read")

    written = write_release(tmp_path, SHAPE, rows(), lambda: manifest(release=seen[0], notes={"dropped": 7}))
    made = read_manifest(written.path)
    assert (made.release, made.notes) == ("read", {"dropped": 7})


def test_without_dates_of_its_own_a_release_covers_what_its_rows_do(tmp_path):
    rows = [batch(GOOD, ("99214", "G0104", "", "2019-05-01", "2020-12-31"))]
    assert write_release(tmp_path, SHAPE, rows, manifest()).manifest.covers == Covers(date(2019, 5, 1), None)
    own = Covers(date(2026, 1, 1), date(2026, 3, 31))
    assert write_release(tmp_path, SHAPE, rows, manifest(covers=own)).manifest.covers == own


def test_what_is_not_approved_leaves_the_old_release(tmp_path):
    before = write_release(tmp_path, SHAPE, [batch(GOOD)], manifest()).path.read_bytes()
    asked = []
    refused = write_release(
        tmp_path,
        SHAPE,
        [batch(GOOD, *BAD)],
        manifest(),
        approve=lambda made: bool(asked.append((made.rows, made.rejects))),
    )
    assert asked == [(1, 4)]
    assert refused.path is None
    assert refused.rejects.exists()
    folder = release_path(tmp_path, "ncci/ptp", "q4").parent
    assert (folder / "q4.sqt").read_bytes() == before
    assert sorted(path.name for path in folder.iterdir()) == ["q4.rejects.csv", "q4.sqt"]


def test_rejects_of_an_earlier_import_do_not_stay(tmp_path):
    write_release(tmp_path, SHAPE, [batch(GOOD, *BAD)], manifest())
    assert write_release(tmp_path, SHAPE, [batch(GOOD)], manifest()).rejects is None
    assert [path.name for path in (tmp_path / "ncci" / "ptp.table").iterdir()] == ["q4.sqt"]


def test_an_import_that_breaks_off_leaves_the_old_release_and_nothing_else(tmp_path):
    before = write_release(tmp_path, SHAPE, [batch(GOOD)], manifest()).path.read_bytes()

    def rows():
        yield batch(GOOD)
        raise RuntimeError("the disk is gone")

    with pytest.raises(RuntimeError, match="the disk is gone"):
        write_release(tmp_path, SHAPE, rows(), manifest())
    folder = tmp_path / "ncci" / "ptp.table"
    assert [path.name for path in folder.iterdir()] == ["q4.sqt"]
    assert (folder / "q4.sqt").read_bytes() == before


def test_a_release_without_rows_is_one(tmp_path):
    written = write_release(tmp_path, SHAPE, [], manifest())
    table = open_releases(SHAPE, [written.path])
    assert (table.count, table.covers) == (0, None)
    assert not table.covers_date(date(2026, 1, 1))
