"""Releases of one table side by side: the governing date picks the latest that covers it."""

from datetime import date

import pytest

from sequela.engine.tables.catalogue import catalogue_of
from sequela.engine.tables.model import Covers, KeyColumn, MatchState, TableShape, ValueColumn
from sequela.engine.tables.releases import ReleasedTable, by_number, open_releases
from sequela.engine.vocabulary.absent import NONE
from sequela.engine.vocabulary.kinds import CodeOf, Scalar
from sequela.engine.vocabulary.systems import System
from tables_made import write

HCPCS = CodeOf(System.HCPCS)
SHAPE = TableShape("t", "T", (KeyColumn("code", HCPCS),), (ValueColumn("units", Scalar.NUMBER),))
Q1 = Covers(date(2026, 1, 1), date(2026, 3, 31))
Q2 = Covers(date(2026, 4, 1), date(2026, 6, 30))


def released(folder, *releases, shape=SHAPE):
    paths = [write(folder, shape, rows, release=name, covers=covers) for name, covers, rows in releases]
    return open_releases(shape, paths)


@pytest.fixture
def quarters(tmp_path):
    return released(tmp_path, ("2026q2", Q2, [("99213", "2")]), ("2026q1", Q1, [("99213", "1"), ("99214", "1")]))


def test_the_date_picks_the_release_and_the_row_names_it(quarters):
    assert isinstance(quarters, ReleasedTable)
    for on, release, units in ((date(2026, 3, 31), "2026q1", 1), (date(2026, 4, 1), "2026q2", 2)):
        (row,) = quarters.look_up(["99213"], on).rows
        assert (row.table.release, row.value("units"), quarters.at(on).release) == (release, units, release)
        assert quarters.key_rows("99213", on).rows == (row,)
        assert [one.value("code") for one in quarters.rows(on)] == [one.value("code") for one in row.table.rows()]
    assert quarters.lists(["99214"], date(2026, 4, 1)) is False
    assert (quarters.count, quarters.covers) == (3, Covers(Q1.start, Q2.end))


def test_a_date_that_none_covers_and_one_that_is_not_known(quarters):
    assert quarters.look_up(["99213"], date(2025, 12, 31)).state is MatchState.NOT_COVERED
    assert quarters.key_rows("99213", date(2026, 7, 1)).state is MatchState.NOT_COVERED
    assert list(quarters.rows(date(2026, 7, 1))) == []
    assert quarters.at(date(2026, 7, 1)) is quarters.at(None) is quarters
    assert quarters.asks_date
    assert quarters.look_up(["99214"], None).state is MatchState.POSSIBLE
    assert quarters.key_rows("99214", None).state is MatchState.POSSIBLE
    assert (quarters.look_up(["99215"], None).state, quarters.lists(["99215"], None)) == (MatchState.CERTAIN, False)
    assert quarters.look_up([NONE], None).found is False
    assert quarters.key_rows(NONE, date(2026, 7, 1)).found is False


@pytest.mark.parametrize(
    ("early", "late"),
    [
        (
            ("2025q4", Covers(date(1996, 1, 1), date(2025, 12, 31))),
            ("2026q1", Covers(date(1995, 1, 1), date(2026, 3, 31))),
        ),
        (
            ("2026", Covers(date(2025, 10, 1), date(2026, 9, 30))),
            ("2026-04-01", Covers(date(2026, 4, 1), date(2026, 9, 30))),
        ),
        (("2025", Covers(date(2024, 10, 1), None)), ("2026", Covers(date(2025, 10, 1), date(2026, 9, 30)))),
        (("2026-01", Covers(date(2026, 1, 1), None)), ("2026-04", Covers(date(2026, 4, 1), None))),
        (("v9", Q2), ("v10", Q2)),
    ],
)
def test_on_a_day_that_both_cover_the_later_speaks(tmp_path, early, late):
    on = max(one[1].start for one in (early, late))
    for first, second in ((early, late), (late, early)):
        table = released(tmp_path, (*first, [("99213", "1")]), (*second, [("99214", "1")]))
        assert table.at(on).release == late[0]


def test_where_the_later_one_ends_the_earlier_speaks_again(tmp_path):
    table = released(
        tmp_path,
        ("2025", Covers(date(2025, 1, 1), None), [("99213", "1")]),
        ("2026", Q1, [("99213", "2")]),
    )
    days = [date(2025, 12, 31), date(2026, 1, 1), date(2026, 3, 31), date(2026, 4, 1)]
    assert [table.at(day).release for day in days] == ["2025", "2026", "2026", "2025"]
    assert table.covers == Covers(date(2025, 1, 1), None)


def test_numbers_in_names_are_in_the_order_of_numbers():
    assert sorted(["v10", "v9", "2026q10", "2026q9", "2026"], key=by_number) == [
        "2026",
        "2026q9",
        "2026q10",
        "v9",
        "v10",
    ]


def test_a_catalogue_of_several_releases(tmp_path):
    made = TableShape(
        "c",
        "C",
        (KeyColumn("code", HCPCS),),
        (ValueColumn("description", Scalar.TEXT),),
        ("effective", "ended"),
        defines=System.HCPCS,
    )
    table = released(
        tmp_path,
        ("2026q1", Q1, [("G0001", "old words", "2020-01-01", ""), ("G0002", "gone", "2020-01-01", "")]),
        ("2026q2", Q2, [("G0003", "new", "2026-04-01", ""), ("G0001", "new words", "2020-01-01", "")]),
        shape=made,
    )
    catalogue = catalogue_of(table)
    assert catalogue.codes == ("G0003", "G0001", "G0002")
    assert catalogue.had("G0002")
    assert (catalogue.on("G0002", date(2026, 3, 31)), catalogue.on("G0002", date(2026, 4, 1))) == (True, False)
    assert catalogue.on("G0002", date(2026, 7, 1)) is None
    assert (catalogue.description("G0001"), catalogue.description("G0001", date(2026, 2, 1))) == (
        "new words",
        "old words",
    )
    assert not catalogue.valid_between("G0003", None, date(2026, 3, 31))


def test_every_release_that_cannot_be_read_is_told_of(tmp_path):
    good = write(tmp_path, SHAPE, [("99213", "1")], release="a")
    for name in ("b", "c"):
        (good.parent / f"{name}.sqt").write_text("junk")
    found = open_releases(SHAPE, sorted(good.parent.glob("*.sqt")))
    assert [problem.code for problem in found] == ["SEQ454", "SEQ454"]
