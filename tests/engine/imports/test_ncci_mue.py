"""Medically unlikely edits: every trap of the published layout."""

from datetime import date

import pytest

from ncci_made import MUE_NAME, MUE_NOTICE, MUE_ROWS, POLICY, mue_file, mue_text
from published_made import SHARED, opened, rows_of, workbook, zipped
from sequela.engine.imports.kinds import Asked
from sequela.engine.imports.ncci_mue import KIND, read
from sequela.engine.imports.run import run_import
from sequela.engine.tables.model import Covers

HOSPITAL = "Outpatient Hospital Services MUE Values"
HOSPITAL_NAME = "MCR_MUE_OutpatientHospitalServices_Eff_10-01-2026.csv"
DME = "DME Supplier Services MUE Values"


def drafted(*paths, **asked):
    return read([one for path in paths for one in opened(path)], Asked(**asked))


def only(reading):
    assert reading.is_sound, reading.problems
    (draft,) = reading.drafts
    return draft


def test_the_notice_and_the_header_of_many_lines_are_passed_over(tmp_path):
    draft = only(drafted(mue_file(tmp_path)))
    found = rows_of(draft)
    assert [(one["code"], one["units"], one["mai"]) for one in found] == [
        ("G0101", "1", "2"),
        ("G0102", "0", "3"),
        ("G0108", "8", "1"),
    ]
    assert found[0]["rationale"] == "Code Descriptor / CPT Instruction"
    header = MUE_NOTICE.count("\n") + 1 + 2
    assert [int(one["line"]) for one in found] == [header + 1, header + 2, header + 3]


def test_absent_is_unknown_and_the_quarter_is_that_of_the_name(tmp_path):
    draft = only(drafted(mue_file(tmp_path)))
    assert not draft.shape.complete
    assert (draft.shape.name, draft.release) == ("ncci/mue-practitioner", "2026q4")
    assert draft.covers == Covers(date(2026, 10, 1), date(2026, 12, 31))


@pytest.mark.parametrize(
    ("name", "title", "table"),
    [
        (HOSPITAL_NAME, HOSPITAL, "ncci/mue-hospital"),
        ("MCR_MUE_DMESupplierServices_Eff_10-01-2026.csv", DME, "ncci/mue-dme"),
    ],
)
def test_each_setting_is_a_table_of_its_own(tmp_path, name, title, table):
    assert only(drafted(mue_file(tmp_path, name, title=title))).shape.name == table


def test_a_file_whose_header_and_name_disagree_is_refused(tmp_path):
    reading = drafted(mue_file(tmp_path, HOSPITAL_NAME))
    assert [problem.code for problem in reading.problems] == ["SEQ480"]
    assert "practitioner" in reading.problems[0].message
    assert [one.code for one in drafted(mue_file(tmp_path), setting="dme").problems] == ["SEQ480"]


def test_a_name_without_a_date_is_asked_about(tmp_path):
    path = mue_file(tmp_path, "limits.csv")
    assert [problem.code for problem in drafted(path).problems] == ["SEQ484"]
    draft = only(drafted(path, release="2026q2"))
    assert (draft.release, draft.covers) == ("2026q2", Covers(date(2026, 4, 1), date(2026, 6, 30)))
    own = Covers(date(2026, 5, 1), None)
    assert only(drafted(path, release="may", covers=own)).covers == own


def test_a_quarter_that_is_not_that_of_the_name_is_refused(tmp_path):
    assert [one.code for one in drafted(mue_file(tmp_path), release="2026q1").problems] == ["SEQ485"]


def test_two_files_of_one_setting_are_refused(tmp_path):
    later = mue_file(tmp_path, MUE_NAME.replace("10-01-2026", "07-01-2026"))
    assert "SEQ485" in {one.code for one in drafted(mue_file(tmp_path), later).problems}


def test_a_workbook(tmp_path):
    rows = [[MUE_NOTICE], ["HCPCS/\nCPT Code", "Practitioner Services MUE Values", "MUE Adjudication Indicator", "MUE Rationale"],
            ["G0101", 1, POLICY, "CMS Policy"], [100, 12, POLICY, "CMS Policy"]]  # fmt: skip
    found = rows_of(only(drafted(workbook(tmp_path / MUE_NAME.replace(".csv", ".xlsx"), rows))))
    assert [(one["code"], one["units"], one["mai"]) for one in found] == [("G0101", "1", "2"), ("00100", "12", "2")]


def test_an_archive_of_all_three(tmp_path):
    path = zipped(
        tmp_path / "mue.zip",
        {
            MUE_NAME: mue_text(MUE_ROWS),
            HOSPITAL_NAME: mue_text(MUE_ROWS, HOSPITAL),
            "MCR_MUE_DMESupplierServices_Eff_10-01-2026.csv": mue_text(MUE_ROWS, DME),
        },
    )
    assert len(drafted(path).drafts) == 3


@pytest.mark.parametrize("indicator", ["", "4 Something new", "Line Edit"])
def test_an_indicator_that_is_not_known_is_left_out(tmp_path, indicator):
    rows = [*MUE_ROWS, ["G0109", "2", indicator, "CMS Policy"]]
    outcome = run_import(KIND, [mue_file(tmp_path, rows=rows)], tmp_path / "data", Asked())
    assert (outcome.written[0].manifest.rows, outcome.written[0].manifest.rejects) == (3, 1)


@pytest.mark.parametrize("units", ["", "one", "-"])
def test_units_that_are_no_number_are_left_out(tmp_path, units):
    rows = [*MUE_ROWS, ["G0109", units, POLICY, "CMS Policy"]]
    outcome = run_import(KIND, [mue_file(tmp_path, rows=rows)], tmp_path / "data", Asked())
    assert (outcome.written[0].manifest.rows, outcome.written[0].manifest.rejects) == (3, 1)


def test_two_limits_of_one_code_are_told(tmp_path):
    rows = [*MUE_ROWS, ["G0101", "3", POLICY, "CMS Policy"]]
    outcome = run_import(KIND, [mue_file(tmp_path, rows=rows)], tmp_path / "data", Asked())
    assert [one.code for one in outcome.problems] == ["SEQ490"]


@pytest.mark.skipif(not SHARED.exists(), reason="the shared inputs are not beside the project")
def test_the_excerpt_of_the_real_file():
    name = "MCR_MUE_PractitionerServices_Eff_07-01-2026.excerpt.csv"
    draft = only(drafted(SHARED / "data" / "layouts" / name))
    found = rows_of(draft)
    assert draft.covers == Covers(date(2026, 7, 1), date(2026, 9, 30))
    assert [(one["code"], one["units"], one["mai"]) for one in found[:2]] == [("0001U", "1", "2"), ("0002M", "1", "3")]
    assert {one["mai"] for one in found} <= {"1", "2", "3"}
    assert found[0]["line"] == "10"
