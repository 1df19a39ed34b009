"""A list of one's own, for a table that a rule file declares."""

import pytest

from published_made import opened, rows_of, workbook, write_book
from sequela.engine.imports.generic import KIND, read
from sequela.engine.imports.kinds import Asked
from sequela.engine.imports.run import run_import
from sequela.engine.tables.model import KeyColumn, TableShape, ValueColumn
from sequela.engine.vocabulary.kinds import CodeOf, CodesOf, Scalar
from sequela.engine.vocabulary.systems import System

SHAPE = TableShape(
    name="acme/limits",
    title="Limits of a line",
    keys=(KeyColumn("code", CodeOf(System.HCPCS)),),
    values=(
        ValueColumn("units", Scalar.NUMBER),
        ValueColumn("most-paid", Scalar.MONEY),
        ValueColumn("covered", Scalar.YES_NO),
    ),
    in_force=("effective", "ended"),
)
HEADER = ["Code", "Units", "Most paid", "Covered", "Effective", "Ended", "Remarks"]


def csv_file(folder, text, name="limits.csv"):
    path = folder / name
    path.write_text(text, "utf-8")
    return path


def drafted(path, shape=SHAPE, release="2026q1", **asked):
    return read(opened(path), Asked(shape=shape, release=release, **asked))


def rows(path, **asked):
    reading = drafted(path, **asked)
    assert reading.is_sound, reading.problems
    return rows_of(reading.drafts[0])


def test_headers_are_the_declared_names_in_any_case_and_order(tmp_path):
    text = "Remarks,ENDED,Effective,Covered,Most_Paid,units,code\nfirst,,2026-01-01,yes,12.50,3,G0101\n"
    (found,) = rows(csv_file(tmp_path, text))
    assert found == {
        "code": "G0101", "units": "3", "most-paid": "12.50", "covered": "yes", "effective": "2026-01-01", "ended": "", "line": "2",
    }  # fmt: skip


def test_a_header_can_be_mapped_to_a_declared_column(tmp_path):
    text = "HCPCS Code,Units,Most paid,Covered,Effective,Ended\nG0101,3,12,no,,\n"
    path = csv_file(tmp_path, text)
    assert [problem.code for problem in drafted(path).problems] == ["SEQ481"]
    assert "--column" in (drafted(path).problems[0].hint or "")
    assert rows(path, headers={"code": "HCPCS Code"})[0]["code"] == "G0101"


def test_a_title_above_the_header_is_passed_over(tmp_path):
    text = "Limits of Acme,,,,,\n,,,,,\ncode,units,most-paid,covered,effective,ended\nG0101,3,12,no,,\n"
    (found,) = rows(csv_file(tmp_path, text))
    assert found["line"] == "4"


def test_a_workbook_with_numbers_and_dates(tmp_path):
    """Days are numbers with a date format, codes lost their zeros, fractions carry a machine's remainder."""
    path = tmp_path / "limits.xlsx"
    cells = "".join(f'<c t="inlineStr"><is><t>{name}</t></is></c>' for name in HEADER)
    data = (
        f'<sheetData><row r="1">{cells}</row><row r="2"><c r="A2"><v>100</v></c><c r="B2"><v>2.5</v></c>'
        '<c r="C2"><v>0.29999999999999999</v></c><c r="D2" t="b"><v>1</v></c><c r="E2" s="1"><v>46023</v></c></row></sheetData>'
    )
    write_book(path, {"A": data}, styles='<cellXfs><xf numFmtId="0"/><xf numFmtId="14"/></cellXfs>')
    (found,) = rows(path)
    assert (found["code"], found["units"], found["most-paid"]) == ("00100", "2.5", "0.3")
    assert (found["covered"], found["effective"], found["ended"]) == ("1", "2026-01-01", "")
    outcome = run_import(KIND, [path], tmp_path / "data", Asked(shape=SHAPE, release="2026q1"))
    assert outcome.written[0].manifest.rejects == 0


def test_the_sheet_that_has_the_header_is_read(tmp_path):
    path = tmp_path / "limits.xlsx"
    row = "".join(f'<c t="inlineStr"><is><t>{name}</t></is></c>' for name in HEADER)
    first = '<sheetData><row r="1"><c t="inlineStr"><is><t>Read me</t></is></c></row></sheetData>'
    data = f'<sheetData><row r="1">{row}</row><row r="2"><c t="inlineStr"><is><t>G0101</t></is></c></row></sheetData>'
    write_book(path, {"About": first, "Data": data})
    assert [one["code"] for one in rows(path)] == ["G0101"]


def test_a_list_of_codes_in_one_cell(tmp_path):
    shape = TableShape(
        name="acme/lists",
        title="",
        keys=(KeyColumn("name", Scalar.TEXT),),
        values=(ValueColumn("codes", CodesOf(System.ICD10CM)),),
    )
    path = csv_file(tmp_path, 'name,codes\npain,"M54.5, under R52"\n')
    outcome = run_import(KIND, [path], tmp_path / "data", Asked(shape=shape, release="1"))
    assert outcome.written[0].manifest.rows == 1


def test_other_dates_are_not_guessed(tmp_path):
    text = "code,units,most-paid,covered,effective,ended\n" + "G0101,3,12,no,2026-01-01,\nG0102,3,12,no,03/04/2026,\n"
    outcome = run_import(KIND, [csv_file(tmp_path, text)], tmp_path / "data", Asked(shape=SHAPE, release="1"))
    (problem,) = outcome.problems
    assert (problem.code, problem.place) == ("SEQ488", "line 3, column effective")
    assert "03/04/2026" in problem.message


def test_without_a_table_nothing_is_read(tmp_path):
    path = csv_file(tmp_path, "code\nG0101\n")
    assert [problem.code for problem in drafted(path, shape=None).problems] == ["SEQ491"]


def test_a_column_that_is_not_declared_cannot_be_mapped(tmp_path):
    path = csv_file(tmp_path, "code\nG0101\n")
    (problem,) = drafted(path, headers={"unit": "U"}).problems
    assert problem.code == "SEQ491"
    assert "units" in (problem.hint or "")


@pytest.mark.parametrize(
    ("name", "release"), [("limits_2026Q3.csv", "2026q3"), ("limits_10-01-2026.csv", "2026-10-01")]
)
def test_the_release_may_be_in_the_name(tmp_path, name, release):
    text = "code,units,most-paid,covered,effective,ended\nG0101,3,12,no,,\n"
    reading = drafted(csv_file(tmp_path, text, name), release=None)
    assert reading.drafts[0].release == release
    assert [one.code for one in drafted(csv_file(tmp_path, text), release=None).problems] == ["SEQ484"]


def test_a_workbook_made_by_a_spreadsheet_library(tmp_path):
    rows_ = [HEADER, ["G0101", 3, 12, "yes", "2026-01-01", "", "x"]]
    assert rows(workbook(tmp_path / "limits.xlsx", rows_))[0]["units"] == "3"
