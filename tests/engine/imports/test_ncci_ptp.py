"""Procedure-to-procedure edits: every trap of the published layout."""

from collections import Counter
from datetime import date

import pytest

from ncci_made import MISUSE, PTP_HEADER, PTP_ROWS, ptp_file, ptp_text
from published_made import SHARED, opened, rows_of, workbook, zipped
from sequela.engine.imports.kinds import Asked
from sequela.engine.imports.ncci_ptp import KIND, read
from sequela.engine.imports.run import run_import
from sequela.engine.tables.model import Covers
from sequela.engine.tables.releases import open_releases


def drafted(paths, asked=None):
    inputs = [one for path in paths for one in opened(path)]
    return read(inputs, asked or Asked())


def only(reading):
    assert reading.is_sound, reading.problems
    (draft,) = reading.drafts
    return draft


def imported(path, folder, **asked):
    return run_import(KIND, [path] if not isinstance(path, list) else path, folder / "data", Asked(**asked))


def as_cells(found):
    return [
        (one["column-1"], one["column-2"], one["indicator"], one["effective"], one["ended"], one["line"])
        for one in found
    ]


WANTED = [
    ("G0101", "G0102", "1", "2020-01-01", "", "7"),
    ("G0101", "G0103", "0", "1996-01-01", "2021-12-31", "8"),
    ("G0102", "G0101", "1", "2018-04-01", "2019-12-31", "10"),
    ("G0102", "G0101", "0", "2023-01-01", "", "11"),
]


def test_columns_dates_and_lines_are_those_of_the_file(tmp_path):
    """Column 3 is skipped, `*` is open, indicator 9 goes, a pair that came back keeps both rows."""
    draft = only(drafted([ptp_file(tmp_path)]))
    found = rows_of(draft)
    assert as_cells(found) == WANTED
    assert {one["rationale"] for one in found} == {MISUSE}
    assert draft.notes["indicator 9 dropped"] == 1


def test_the_release_the_setting_and_the_dates_are_in_the_name(tmp_path):
    draft = only(drafted([ptp_file(tmp_path)]))
    assert (draft.shape.name, draft.release) == ("ncci/ptp-practitioner", "v32.3")
    list(draft.rows())
    assert draft.covers() == Covers(date(1996, 1, 1), date(2026, 12, 31))
    assert draft.shape.complete


def test_a_replacement_file_is_another_release(tmp_path):
    assert only(drafted([ptp_file(tmp_path, "ccipra-v323r1-f1.txt")])).release == "v32.3r1"


def test_the_hospital_table_is_another_table(tmp_path):
    reading = drafted([ptp_file(tmp_path), ptp_file(tmp_path, "ccioph-v323r0-f1.txt")])
    assert [draft.shape.name for draft in reading.drafts] == ["ncci/ptp-practitioner", "ncci/ptp-hospital"]


def test_a_file_of_one_setting_is_not_taken_for_the_other(tmp_path):
    reading = drafted([ptp_file(tmp_path, "ccioph-v323r0-f1.txt")], Asked(setting="practitioner"))
    assert [problem.code for problem in reading.problems if problem.fatal] == ["SEQ480"]
    assert "hospital" in reading.problems[0].message


def test_a_name_that_says_no_setting_is_asked_about(tmp_path):
    path = ptp_file(tmp_path, "edits-v323r0.txt")
    assert [problem.code for problem in drafted([path]).problems] == ["SEQ484"]
    assert only(drafted([path], Asked(setting="hospital"))).shape.name == "ncci/ptp-hospital"
    assert [problem.code for problem in drafted([path], Asked(setting="dme")).problems] == ["SEQ484"]


def test_a_name_that_says_no_quarter_is_asked_about(tmp_path):
    path = ptp_file(tmp_path, "ccipra-latest.txt")
    assert [problem.code for problem in drafted([path]).problems] == ["SEQ484"]
    for release in ("2026q4", "v32.3"):
        draft = only(drafted([path], Asked(release=release)))
        list(draft.rows())
        assert (draft.release, draft.covers().end) == (release, date(2026, 12, 31))


def test_unix_line_ends_and_latin_1(tmp_path):
    path = tmp_path / "ccipra-v323r0-f1.txt"
    rows = [["G0101", "G0102", "", "20200101", "*", "1", "Procédure"]]
    path.write_bytes(ptp_text(rows, "\n"))
    assert rows_of(only(drafted([path])))[0]["rationale"] == "Procédure"


def test_a_csv_is_read_like_the_text(tmp_path):
    path = tmp_path / "ccipra-v323r0-f1.csv"
    lines = [*PTP_HEADER, *PTP_ROWS[:-1], [*PTP_ROWS[-1][:-1], "a, b"]]
    path.write_text("".join(",".join(f'"{cell}"' if "," in cell else cell for cell in line) + "\r\n" for line in lines))
    found = rows_of(only(drafted([path])))
    assert as_cells(found) == WANTED
    assert found[-1]["rationale"] == "a, b"


def test_a_workbook_gives_back_the_zeros_it_took(tmp_path):
    """Codes of digits and days are numbers there: 100 is 00100."""
    rows = [
        *PTP_HEADER,
        [100, "G0102", "", 20200101, "*", 1, MISUSE],
        [36591, 99, "*", 19960101, 20211231, 0, MISUSE],
        [36591, "G0104", "", 20220101, 20220101, 9, MISUSE],
    ]
    found = rows_of(only(drafted([workbook(tmp_path / "ccipra-v323r0-f1.xlsx", rows)])))
    assert as_cells(found) == [
        ("00100", "G0102", "1", "2020-01-01", "", "7"),
        ("36591", "00099", "0", "1996-01-01", "2021-12-31", "8"),
    ]


def test_a_workbook_with_its_header_in_one_row(tmp_path):
    header = [
        "Column 1", "Column 2", "*=in existence prior to 1996", "Effective Date", "Deletion Date\n*=no data",
        "Modifier\n0=not allowed\n1=allowed\n9=not applicable", "PTP Edit Rationale",
    ]  # fmt: skip
    rows = [PTP_HEADER[0][:1], header, *PTP_ROWS[:1]]
    assert len(rows_of(only(drafted([workbook(tmp_path / "ccipra-v323r0-f1.xlsx", rows)])))) == 1


def test_a_text_file_never_gains_zeros(tmp_path):
    rows = [["100", "G0102", "", "20200101", "*", "1", MISUSE], PTP_ROWS[0]]
    outcome = imported(ptp_file(tmp_path, rows=rows), tmp_path)
    assert (outcome.written[0].manifest.rows, outcome.written[0].manifest.rejects) == (1, 1)


def test_an_archive_with_text_and_workbook_is_read_once(tmp_path):
    book = workbook(tmp_path / "ccipra-v323r0-f1.xlsx", [*PTP_HEADER, [1, 2, "", 20200101, "*", 1, MISUSE]])
    path = zipped(
        tmp_path / "ccipra-v323r0-f1.zip",
        {
            "ccipra-v323r0-f1.TXT": ptp_text(PTP_ROWS),
            "ccipra-v323r0-f1.xlsx": book.read_bytes(),
            "readme.pdf": b"%PDF-1.7",
        },
    )
    draft = only(drafted([path]))
    assert as_cells(rows_of(draft)) == WANTED
    assert [one.name for one in draft.inputs] == ["ccipra-v323r0-f1.zip: ccipra-v323r0-f1.TXT"]


def test_other_files_in_an_archive_are_passed_over(tmp_path):
    path = zipped(
        tmp_path / "all.zip", {"ccipra-v323r0-f1.txt": ptp_text(PTP_ROWS), "notes.txt": b"What is new\nNothing\n"}
    )
    assert len(rows_of(only(drafted([path])))) == 4


def test_indicator_9_with_another_deletion_date_is_told(tmp_path):
    rows = [*PTP_ROWS, ["G0105", "G0101", "", "20200101", "20211231", "9", MISUSE]]
    outcome = imported(ptp_file(tmp_path, rows=rows), tmp_path)
    (problem,) = [one for one in outcome.problems if one.code == "SEQ490"]
    assert "G0105 and G0101" in (problem.hint or "")
    assert "line 12" in (problem.hint or "")
    assert outcome.written[0].manifest.notes["indicator 9 with another deletion date"] == 1
    assert outcome.written[0].manifest.rows == 4


def test_a_row_that_shifted_is_left_out_with_its_place(tmp_path):
    """A cell too few or too many puts every field into another column."""
    short = ["G0101", "G0102", "20200101", "*", "1"]
    long = ["G0101", "G0102", "", "", "20200101", "*", "1", MISUSE]
    outcome = imported(ptp_file(tmp_path, rows=[*PTP_ROWS, short, long]), tmp_path)
    assert [one.place for one in outcome.problems if one.code == "SEQ488"] == ["line 12", "line 13"]
    assert outcome.written[0].manifest.rejects == 2


@pytest.mark.parametrize(
    "row",
    [
        ["G0101", "G0102", "", "20200101", "*", "7", MISUSE],
        ["G0101", "G0102", "", "20201301", "*", "1", MISUSE],
        ["G0101", "G0102", "", "20200101", "20190101", "1", MISUSE],
        ["G0101", "", "", "20200101", "*", "1", MISUSE],
        ["End of file", "see notes", "", "", "", "", ""],
    ],
)
def test_a_bad_row_is_left_out_and_the_rest_is_kept(tmp_path, row):
    outcome = imported(ptp_file(tmp_path, rows=[*PTP_ROWS, row]), tmp_path)
    made = outcome.written[0]
    assert (made.manifest.rows, made.manifest.rejects) == (4, 1)
    assert made.rejects is not None
    assert "ccipra-v323r0-f1.txt,12," in made.rejects.read_text()


def test_a_part_that_is_missing_is_told_and_leaves_the_rest_unknown(tmp_path):
    paths = [ptp_file(tmp_path, f"ccipra-v323r0-f{n}.txt", [[f"G010{n}", *PTP_ROWS[0][1:]]]) for n in (1, 2, 4)]
    reading = drafted(paths)
    (problem,) = reading.problems
    assert (problem.code, problem.fatal) == ("SEQ486", False)
    assert "f3 is not given" in problem.message
    draft = only(reading)
    assert (draft.missing, draft.notes) == ("f3", Counter({"part f3 missing": 1}))
    outcome = imported(paths, tmp_path)
    made = outcome.written[0]
    assert made.manifest.missing == "f3"
    table = open_releases(draft.shape, [made.path])
    assert draft.shape.complete
    assert table.look_up(["G0102", "G0102"], date(2026, 11, 2)).found is True
    assert table.look_up(["G0103", "G0102"], date(2026, 11, 2)).found is None


def test_of_several_releases_the_whole_one_still_says_no(tmp_path):
    rest = PTP_ROWS[0][1:]
    old = [ptp_file(tmp_path, f"ccipra-v322r0-f{n}.txt", [[f"G010{n}", *rest]]) for n in (1, 2, 3, 4)]
    new = [ptp_file(tmp_path, f"ccipra-v323r0-f{n}.txt", [[f"G010{n}", *rest]]) for n in (1, 2, 4)]
    day = Covers(date(2026, 10, 1), date(2026, 12, 31))
    paths = [imported(one, tmp_path, covers=covers).written[0].path for one, covers in ((old, None), (new, day))]
    table = open_releases(only(drafted(new)).shape, paths)
    assert not table.shape.complete
    assert table.look_up(["G0109", "G0102"], date(2026, 9, 30)).found is False
    assert table.look_up(["G0109", "G0102"], date(2026, 10, 1)).found is None


def test_all_four_parts_become_one_table(tmp_path):
    paths = [ptp_file(tmp_path, f"ccipra-v323r0-f{n}.txt", [[f"G010{n}", *PTP_ROWS[0][1:]]]) for n in (4, 2, 1, 3)]
    draft = only(drafted(paths))
    assert [one["column-1"] for one in rows_of(draft)] == ["G0101", "G0102", "G0103", "G0104"]


def test_one_part_twice_and_two_quarters_at_once_are_refused(tmp_path):
    (tmp_path / "again").mkdir()
    twice = drafted([ptp_file(tmp_path), ptp_file(tmp_path / "again")])
    assert "SEQ485" in {problem.code for problem in twice.problems if problem.fatal}
    mixed = drafted([ptp_file(tmp_path), ptp_file(tmp_path, "ccipra-v322r0-f2.txt")])
    assert "SEQ485" in {problem.code for problem in mixed.problems if problem.fatal}


def test_files_that_hold_the_same_range_are_told(tmp_path):
    paths = [ptp_file(tmp_path, f"ccipra-v323r0-f{n}.txt") for n in (1, 2, 3, 4)]
    outcome = run_import(KIND, paths, tmp_path / "data", Asked())
    assert {problem.code for problem in outcome.problems} == {"SEQ485"}
    assert outcome.is_done


@pytest.mark.skipif(not SHARED.exists(), reason="the shared inputs are not beside the project")
def test_the_excerpt_of_the_real_file():
    draft = only(drafted([SHARED / "data" / "layouts" / "ccipra-v322r0-f1.excerpt.txt"]))
    found = rows_of(draft)
    assert draft.release == "v32.2"
    assert len(found) + draft.notes["indicator 9 dropped"] == 154
    assert draft.notes["indicator 9 with another deletion date"] == 0
    first = found[0]
    assert (first["column-1"], first["column-2"], first["indicator"]) == ("0001A", "0591T", "1")
    assert (first["effective"], first["ended"], first["line"]) == ("2022-01-01", "2023-12-31", "7")
    assert any(one["ended"] == "" for one in found)
