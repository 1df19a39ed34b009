"""Add-on codes: Julian days, contractor-defined primaries, the headers of several years."""

from datetime import date

import pytest

from ncci_made import AOC_HEADER, AOC_ROWS, NOTICE, aoc_file
from published_made import opened, rows_of, workbook, zipped
from sequela.engine.imports.kinds import Asked
from sequela.engine.imports.ncci_add_on import KIND, read
from sequela.engine.imports.run import run_import
from sequela.engine.tables.model import Covers


def drafted(path, **asked):
    return read(opened(path), Asked(**asked))


def tables(path, **asked):
    reading = drafted(path, **asked)
    assert reading.is_sound, reading.problems
    codes, primaries = reading.drafts
    return rows_of(codes), rows_of(primaries)


def test_the_codes_with_their_type_and_dates(tmp_path):
    codes, _ = tables(aoc_file(tmp_path))
    assert [(one["code"], one["kind"], one["effective"], one["ended"]) for one in codes] == [
        ("G2211", "1", "2024-01-01", ""),
        ("G0316", "2", "2023-01-01", ""),
        ("G0317", "3", "2023-01-01", "2024-12-31"),
        ("G0318", "1", "2020-02-29", "2023-12-31"),
    ]
    assert codes[1]["note"] == "Contractor Defined Primary Codes"


def test_contractor_defined_is_no_primary_code(tmp_path):
    _, primaries = tables(aoc_file(tmp_path))
    assert [(one["code"], one["primary"], one["effective"], one["ended"]) for one in primaries] == [
        ("G2211", "G0101", "2024-01-01", ""),
        ("G2211", "G0102", "2024-01-01", "2025-03-31"),
        ("G0317", "G0103", "2023-01-01", "2024-12-31"),
        ("G0318", "G0103", "2020-02-29", "2023-12-31"),
    ]


def test_the_release_speaks_to_the_end_of_its_quarter(tmp_path):
    reading = drafted(aoc_file(tmp_path))
    assert {draft.release for draft in reading.drafts} == {"2026q4"}
    for draft in reading.drafts:
        list(draft.rows())
    assert reading.drafts[1].covers() == Covers(date(2020, 2, 29), date(2026, 12, 31))


def test_headers_with_julian_behind_them(tmp_path):
    header = [f"{name} (Julian)" if "DT" in name else name for name in AOC_HEADER]
    codes, _ = tables(aoc_file(tmp_path, header=header))
    assert len(codes) == 4


def test_a_workbook_with_numbers(tmp_path):
    rows = [
        [NOTICE],
        AOC_HEADER,
        [1, 99292, "", 99291, "", 2013091, "", ""],
        [1, 99, "", 100, "", 2013091, 2020366, ""],
    ]
    codes, primaries = tables(workbook(tmp_path / "AOC_V2026Q4-MCR.xlsx", rows))
    assert [one["code"] for one in codes] == ["99292", "00099"]
    assert [(one["primary"], one["ended"]) for one in primaries] == [("99291", ""), ("00100", "2020-12-31")]


def test_an_archive(tmp_path):
    path = zipped(tmp_path / "aoc.zip", {"AOC_V2026Q4-MCR.txt": aoc_file(tmp_path).read_bytes()})
    assert len(tables(path)[0]) == 4


@pytest.mark.parametrize(
    "row",
    [
        ["1", "G0319", "", "G0103", "", "2023400", "", ""],
        ["1", "G0319", "", "G0103", "", "", "", ""],
        ["4", "G0319", "", "G0103", "", "2023001", "", ""],
        ["1", "G0319", "", "G0103", "", "2023001", "2022001", ""],
        ["1", "G0319"],
    ],
)
def test_a_bad_row_is_left_out_of_both_tables(tmp_path, row):
    outcome = run_import(KIND, [aoc_file(tmp_path, rows=[*AOC_ROWS, row])], tmp_path / "data", Asked())
    codes, primaries = outcome.written
    assert (codes.manifest.rows, codes.manifest.rejects) == (4, 1)
    assert primaries.manifest.rows == 4


def test_a_name_without_a_quarter_is_asked_about(tmp_path):
    path = aoc_file(tmp_path, "add-ons.txt")
    assert [problem.code for problem in drafted(path).problems] == ["SEQ484"]
    assert len(tables(path, release="2026q4")[0]) == 4


def test_two_editions_at_once_are_refused(tmp_path):
    inputs = [*opened(aoc_file(tmp_path)), *opened(aoc_file(tmp_path, "AOC_V2026Q3-MCR.txt"))]
    assert [problem.code for problem in read(inputs, Asked()).problems] == ["SEQ485"]
