from pathlib import Path
from zipfile import ZipFile

import pytest

from published_made import SHARED, as_bytes, workbook, write_book
from sequela.engine.imports.xlsx import SheetUnreadable, sheet_names, sheet_rows

TRUE = SHARED / "data" / "layouts" / "HCPC2020_OCT_ANWEB.xlsx"


def test_cells_are_text_as_the_file_holds_them(tmp_path: Path) -> None:
    path = workbook(tmp_path / "a.xlsx", [["HCPC", "SEQ"], ["   A1", "0010"], [], [99213, 10]])
    assert list(sheet_rows(path)) == [(1, ("HCPC", "SEQ")), (2, ("   A1", "0010")), (4, ("99213", "10"))]
    assert list(sheet_rows(as_bytes(path))) == list(sheet_rows(path))


def test_a_cell_keeps_its_column_where_cells_are_missing(tmp_path: Path) -> None:
    row = [""] * 27 + ["AB"]
    path = workbook(tmp_path / "a.xlsx", [["x", "", "y"], row])
    assert [cells for _, cells in sheet_rows(path)] == [("x", "", "y"), tuple(row)]


def test_inline_and_formatted_text(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    data = (
        '<sheetData><row r="1"><c r="A1" t="inlineStr"><is><t>in place</t></is></c><c r="B1" t="s"><v>0</v></c>'
        '<c r="C1" t="str"><f>A1</f><v>made</v></c></row></sheetData>'
    )
    write_book(path, {"S": data}, "<si><r><t>bold</t></r><r><t> and plain</t></r><rPh><t>no</t></rPh></si>")
    assert list(sheet_rows(path)) == [(1, ("in place", "bold and plain", "made"))]


@pytest.mark.parametrize(
    ("format_code", "shown"), [("m/d/yyyy", "2020-01-01"), ("0.00", "43831"), ('0" days"', "43831")]
)
def test_a_number_shown_as_a_date_is_a_date(tmp_path: Path, format_code: str, shown: str) -> None:
    path = tmp_path / "a.xlsx"
    styles = (
        f"<numFmts><numFmt numFmtId=\"164\" formatCode='{format_code}'/></numFmts>"
        '<cellXfs><xf numFmtId="0"/><xf numFmtId="164"/></cellXfs>'
    )
    write_book(path, {"S": '<sheetData><row r="1"><c r="A1" s="1"><v>43831</v></c></row></sheetData>'}, styles=styles)
    assert list(sheet_rows(path)) == [(1, (shown,))]


def test_the_calendar_of_1904(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    data = '<sheetData><row r="1"><c r="A1" s="0"><v>0</v></c></row></sheetData>'
    write_book(
        path, {"S": data}, styles='<cellXfs><xf numFmtId="14"/></cellXfs>', properties='<workbookPr date1904="1"/>'
    )
    assert list(sheet_rows(path)) == [(1, ("1904-01-01",))]


def test_a_sheet_is_taken_by_its_name(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    rows = "<sheetData><row><c><v>{}</v></c></row></sheetData>"
    write_book(path, {"Notes": rows.format(1), "Codes": rows.format(2)})
    assert sheet_names(path) == ("Notes", "Codes")
    assert list(sheet_rows(path)) == [(1, ("1",))]
    assert list(sheet_rows(path, "Codes")) == [(1, ("2",))]
    with pytest.raises(SheetUnreadable, match="only Notes, Codes"):
        list(sheet_rows(path, "Code"))


def test_what_is_no_workbook_is_said(tmp_path: Path) -> None:
    plain = tmp_path / "a.xlsx"
    plain.write_text("HCPC,SEQNUM\n")
    with pytest.raises(SheetUnreadable, match="not a readable workbook"):
        list(sheet_rows(plain))
    with ZipFile(plain, "w") as archive:
        archive.writestr("other.txt", "x")
    with pytest.raises(SheetUnreadable):
        sheet_names(plain)


@pytest.mark.parametrize("data", ["<sheetData><row r='1'>", "<sheetData><row r='x'/></sheetData>"])
def test_a_damaged_sheet_is_said(tmp_path: Path, data: str) -> None:
    path = tmp_path / "a.xlsx"
    write_book(path, {"S": data})
    with pytest.raises(SheetUnreadable):
        list(sheet_rows(path))


def test_a_text_that_is_not_there_is_said(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    write_book(path, {"S": '<sheetData><row r="1"><c r="A1" t="s"><v>7</v></c></row></sheetData>'}, "<si><t>x</t></si>")
    with pytest.raises(SheetUnreadable, match="text number 7"):
        list(sheet_rows(path))


@pytest.mark.skipif(not TRUE.exists(), reason="the published file is not beside the project")
def test_the_published_sheet() -> None:
    rows = list(sheet_rows(TRUE))
    header = next(cells for _, cells in rows if cells[0] == "HCPC")
    assert len(header) == 48
    assert rows[-1][0] == 7208
    assert rows[3][1][:3] == ("   A1", "0010", "7")
