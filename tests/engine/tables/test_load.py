"""Tables from files and from rows in place, and everything that can be wrong with them."""

import gc
from datetime import date
from pathlib import Path

import pytest

import sequela
from sequela.engine.tables.load import load_file, load_rows
from sequela.engine.tables.model import Covers, KeyColumn, Table, TableShape, ValueColumn
from sequela.engine.vocabulary.absent import NONE
from sequela.engine.vocabulary.kinds import CodeOf, CodesOf, Scalar
from sequela.engine.vocabulary.systems import System

HCPCS, ICD = CodeOf(System.HCPCS), CodeOf(System.ICD10CM)
LIMITS = TableShape(
    "limits",
    "Limits",
    (KeyColumn("code", HCPCS),),
    (ValueColumn("units", Scalar.NUMBER), ValueColumn("note", Scalar.TEXT)),
    in_force=("effective", "ended"),
)
HEADER = "code,units,note,effective,ended\n"
SAMPLES = Path(sequela.__file__).parent.parent / "shared" / "design" / "samples"


def load(tmp_path, content, shape=LIMITS, name="limits.csv", **more):
    path = tmp_path / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return load_file(shape, path, name=name, **more)


def problems(found):
    assert not isinstance(found, Table)
    return [(problem.code, problem.place, problem.message) for problem in found]


def test_a_csv_file(tmp_path):
    table = load(tmp_path, HEADER + "G0104,1,Code descriptor,2024-01-01,\n17000,2.5,,2024-01-01,2024-12-31\n")
    assert table.count == 2
    assert table.file == "limits.csv"
    assert table.release is None
    assert len(table.sha256) == 64
    row = table.look_up(("17000",), date(2024, 6, 1)).rows[0]
    assert (row.number, row.line) == (2, 3)
    assert row.value("note") is NONE
    assert table.covers == Covers(date(2024, 1, 1), None)


def test_the_digest_is_that_of_the_content(tmp_path):
    one = load(tmp_path, HEADER + "G0104,1,,,\n")
    same = load(tmp_path, HEADER + "G0104,1,,,\n", name="other.csv")
    other = load(tmp_path, HEADER + "G0104,2,,,\n")
    assert one.sha256 == same.sha256 != other.sha256


def test_order_case_and_extra_columns_do_not_matter(tmp_path):
    shape = TableShape("t", "T", (KeyColumn("column-1", HCPCS),), (ValueColumn("modifier-indicator", Scalar.TEXT),))
    table = load(tmp_path, "Modifier Indicator,extra, COLUMN_1\n1,x,g0104\n", shape)
    assert table.look_up(("G0104",), None).rows[0].value("modifier-indicator") == "1"


def test_windows_files_with_a_mark_at_the_start(tmp_path):
    table = load(tmp_path, b"\xef\xbb\xbf" + HEADER.replace("\n", "\r\n").encode() + b"G0104,1,,,\r\n")
    assert table.look_up(("G0104",), date(2024, 1, 1)).rows[0].line == 2


def test_blank_lines_and_cells_with_line_breaks_keep_the_lines(tmp_path):
    table = load(tmp_path, HEADER + 'G0104,1,"two\nlines",,\n\n,,,,\nG0105,2,,,\n')
    assert [(row.number, row.line) for row in (table.row(1), table.row(2))] == [(1, 2), (2, 6)]
    assert table.row(1).value("note") == "two\nlines"
    assert table.count == 2


def test_a_tsv_file(tmp_path):
    table = load(tmp_path, HEADER.replace(",", "\t") + "G0104\t1\ta, b\t\t\n", name="limits.TSV")
    assert table.row(1).value("note") == "a, b"


def test_a_header_alone_is_a_table_without_rows(tmp_path):
    table = load(tmp_path, HEADER)
    assert table.count == 0
    assert table.covers is None


@pytest.mark.parametrize(
    ("content", "name", "code", "words"),
    [
        (b"", "limits.csv", "SEQ453", "is empty"),
        (b"\n\n  \n", "limits.csv", "SEQ453", "is empty"),
        ("code\nÄ".encode("utf-16"), "limits.csv", "SEQ452", "UTF-16"),
        (
            HEADER.encode() + b"G0104,1,caf\xe9,,\n",
            "limits.csv",
            "SEQ452",
            "Windows-1252, where the letter would be `é`",
        ),
        (b"PK\x03\x04rest", "limits.csv", "SEQ452", "workbook or a ZIP archive"),
        (b"anything", "limits.xlsx", "SEQ452", "not a kind of file"),
        (b"anything", "limits", "SEQ452", "not a kind of file"),
        (HEADER.encode() + b'G0104,1,"open,,\n', "limits.csv", "SEQ457", "not closed"),
        (HEADER.encode() + b'G0104,1,"a"b,,\n', "limits.csv", "SEQ457", "go wrong"),
        (b"not parquet at all", "limits.parquet", "SEQ455", "Parquet"),
    ],
)
def test_files_that_cannot_be_read(tmp_path, content, name, code, words):
    found = load(tmp_path, content, name=name)
    assert [problem.code for problem in found] == [code]
    assert words in found[0].message
    assert found[0].file == name
    assert found[0].fatal


def test_the_line_of_a_letter_that_is_not_utf8(tmp_path):
    rows = "".join(f"G{number:04},1,,,\n" for number in range(7000))
    found = load(tmp_path, (HEADER + rows).encode() + b"G0104,1,caf\xe9,,\n")
    assert found[0].place == "line 7002"


def test_a_file_that_is_not_there_names_its_neighbour(tmp_path):
    (tmp_path / "limits-2024.csv").write_text(HEADER)
    found = load_file(LIMITS, tmp_path / "limits-2042.csv")
    assert found[0].code == "SEQ450"
    assert "`limits-2024.csv`" in found[0].hint
    assert load_file(LIMITS, tmp_path / "no" / "limits.csv")[0].code == "SEQ450"
    assert load_file(LIMITS, Path("a\0b.csv"))[0].code == "SEQ450"


def test_a_folder(tmp_path):
    (tmp_path / "limits.csv").mkdir()
    assert load_file(LIMITS, tmp_path / "limits.csv")[0].code == "SEQ451"


@pytest.mark.parametrize(
    ("error", "words"), [(PermissionError(), "may not be read"), (OSError(5, "bad disk"), "bad disk")]
)
def test_a_file_that_may_not_be_read(tmp_path, monkeypatch, error, words):
    def refuse(path):
        raise error

    monkeypatch.setattr(Path, "read_bytes", refuse)
    found = load_file(LIMITS, tmp_path / "limits.csv")
    assert found[0].code == "SEQ451"
    assert words in found[0].message


def test_every_bad_cell_is_named_with_its_place(tmp_path):
    found = load(
        tmp_path,
        HEADER
        + "G0104,one,,2024-01-01,\n"
        + "9921,1,,01/02/2024,\n"
        + "G0105,1,,2024-02-01,2024-01-01\n"
        + ",1,,,\n"
        + "G0106,1,,\n"
        + "G0107,1,,,,more\n",
    )
    assert problems(found) == [
        ("SEQ463", "row 1 (line 2), column `units`", "`one` is not a number."),
        ("SEQ464", "row 2 (line 3), column `code`", "`9921` is not a code of HCPCS."),
        ("SEQ463", "row 2 (line 3), column `effective`", "`01/02/2024` is not a date."),
        (
            "SEQ466",
            "row 3 (line 4), column `ended`",
            "The row ends before it starts: `ended` is earlier than `effective`.",
        ),
        ("SEQ467", "row 4 (line 5), column `code`", "The key is empty."),
        ("SEQ462", "row 5 (line 6)", "The row has 4 cells where 5 are expected."),
        ("SEQ462", "row 6 (line 7)", "The row has 6 cells where 5 are expected."),
    ]


def test_lists_and_owners(tmp_path):
    shape = TableShape(
        "notes",
        "N",
        (KeyColumn("owner", ICD, "under"), KeyColumn("excluded", CodesOf(System.ICD10CM), "in")),
        (ValueColumn("causes", CodesOf(System.ICD10CM)),),
    )
    found = load(tmp_path, 'owner,excluded,causes\nK52 .. K50,"K58; K59","like ""K*"""\nunder K50,,\n', shape)
    assert [(code, place) for code, place, _ in problems(found)] == [
        ("SEQ468", "row 1 (line 2), column `owner`"),
        ("SEQ465", "row 1 (line 2), column `excluded`"),
        ("SEQ468", "row 1 (line 2), column `causes`"),
        ("SEQ464", "row 2 (line 3), column `owner`"),
        ("SEQ467", "row 2 (line 3), column `excluded`"),
    ]


def test_twenty_are_shown_and_the_others_counted(tmp_path):
    rows = "".join(f"G{number:04},x,,,\n" for number in range(10_000))
    found = load(tmp_path, HEADER + rows)
    assert len(found) == 20
    assert found[-1].place == "row 20 (line 21), column `units`"
    assert found[-1].message.endswith("In this table 9,980 more cells or rows cannot be read.")


def test_bad_cells_before_a_break_in_the_file_are_named_too(tmp_path):
    rows = "G0104,x,,,\n" + "".join(f"G{number:04},1,,,\n" for number in range(9_000))
    found = load(tmp_path, HEADER + rows + 'G0104,1,"open,,\nG0105,1,,,\n')
    assert [(problem.code, problem.place) for problem in found] == [
        ("SEQ463", "row 1 (line 2), column `units`"),
        ("SEQ457", "line 9003"),
    ]


def test_missing_and_double_columns_are_all_named(tmp_path):
    found = load(tmp_path, "Code,unit,note,Note,effective\nG0104,1,,,\n")
    assert [problem.code for problem in found] == ["SEQ460", "SEQ460"]
    assert "`units`" in found[0].message
    assert "Did you mean `unit`" in found[0].hint
    double = load(tmp_path, "code,units,NOTE,Note,effective,ended\nG0104,1,,,,\n")
    assert [(problem.code, problem.place) for problem in double] == [("SEQ461", "line 1")]


def test_garbage_collection_is_as_it_was(tmp_path):
    load(tmp_path, HEADER + "G0104,x,,,\n")
    assert gc.isenabled()
    gc.disable()
    try:
        load(tmp_path, HEADER)
        assert not gc.isenabled()
    finally:
        gc.enable()


def test_rows_in_place():
    shape = TableShape(
        "age-limits",
        "Ages",
        (KeyColumn("code", ICD, "under"),),
        (ValueColumn("youngest", Scalar.NUMBER), ValueColumn("oldest", Scalar.NUMBER)),
    )
    table = load_rows(shape, [("O00 .. O9A", "9", "64"), ("F03", "15", "124")], file="ages.rules", lines=[6, 9])
    assert isinstance(table, Table)
    row = table.look_up(("O80",), None).rows[0]
    assert (row.value("code").written, row.value("oldest"), row.line) == ("O00 .. O9A", 64, 6)
    assert table.look_up(("F0390",), None).rows[0].line == 9
    assert table.file == "ages.rules"
    assert load_rows(shape, [("F03", "1", "2")], file="a.rules").row(1).line is None


def test_bad_rows_in_place():
    found = load_rows(LIMITS, [("9921", "1", "", "", ""), ("G0104", "1")], file="a.rules", lines=[4, 5])
    assert [(problem.code, problem.place) for problem in found] == [
        ("SEQ464", "row 1 (line 4), column `code`"),
        ("SEQ462", "row 2 (line 5)"),
    ]


@pytest.mark.skipif(not SAMPLES.is_dir(), reason="the design samples are not beside the repository")
def test_the_sample_files_load():
    notes = (ValueColumn("note", Scalar.TEXT),)
    pairs = (KeyColumn("column-1", HCPCS), KeyColumn("column-2", HCPCS))
    shapes = {
        "ncci/ptp-practitioner.csv": TableShape("p", "P", pairs, in_force=("effective", "deleted")),
        "ncci/add-ons.csv": TableShape(
            "a", "A", (KeyColumn("code", HCPCS),), (ValueColumn("primaries", CodesOf(System.HCPCS)),)
        ),
        "icd10cm/excludes1.csv": TableShape(
            "e", "E", (KeyColumn("owner", ICD, "under"), KeyColumn("excluded", CodesOf(System.ICD10CM), "in")), notes
        ),
        "northwind/glucose-coverage.csv": TableShape(
            "g", "G", (KeyColumn("procedure", HCPCS), KeyColumn("diagnosis", CodesOf(System.ICD10CM), "in"))
        ),
    }
    tables = {name: load_file(shape, SAMPLES / name) for name, shape in shapes.items()}
    assert all(isinstance(table, Table) for table in tables.values())
    assert tables["northwind/glucose-coverage.csv"].lists(("83036", "E119"), None) is True
    assert tables["northwind/glucose-coverage.csv"].lists(("83036", "R739"), None) is False
    assert tables["icd10cm/excludes1.csv"].lists(("K5190", "K589"), None) is True
