"""Rows of cells out of text and workbooks, with the line where each begins; and where the header is."""

import pytest

from published_made import opened, workbook
from sequela.engine.diagnostics.model import InputProblem
from sequela.engine.imports.columns import wanted_columns, with_zeros
from sequela.engine.imports.grid import open_grids
from sequela.engine.imports.header import Column, body, find_header, plain_words
from sequela.engine.vocabulary.kinds import CodeOf, Scalar
from sequela.engine.vocabulary.systems import System

WANTED = (Column("code", "code"), Column("units", "units?"), Column("note", "note", needed=False))


def grid(folder, text, name="a.csv"):
    path = folder / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    (one,) = opened(path)
    found = open_grids(one)
    assert not isinstance(found, InputProblem)
    return found[0]


def rows(one, size=1000):
    return [(line, list(row)) for found in one.batches(size) for line, row in zip(found.lines, found.rows, strict=True)]


@pytest.mark.parametrize("size", [1, 2, 1000])
def test_lines_are_those_where_a_row_begins(tmp_path, size):
    one = grid(tmp_path, 'a,b\n"two\nlines",c\n\n , \nd,"x\r\ny\rz"\ne,f\n')
    assert rows(one, size) == [(1, ["a", "b"]), (2, ["two\nlines", "c"]), (6, ["d", "x\r\ny\rz"]), (9, ["e", "f"])]


def test_tabs_with_the_quotes_of_a_spreadsheet_program(tmp_path):
    one = grid(tmp_path, 'a\tb\n"x, ""y"""\t5" tube\n"open\tc\n', "a.txt")
    assert rows(one) == [(1, ["a", "b"]), (2, ['x, "y"', '5" tube']), (3, ['"open', "c"])]


@pytest.mark.parametrize(
    ("name", "mark"), [("a.txt", "\t"), ("a.txt", ","), ("a.csv", ";"), ("a.txt", "|"), ("a.csv", "\t")]
)
def test_what_parts_the_cells_is_seen(tmp_path, name, mark):
    assert rows(grid(tmp_path, f"a{mark}b\nc{mark}d\n", name)) == [(1, ["a", "b"]), (2, ["c", "d"])]


def test_utf_16_as_a_spreadsheet_program_saves_it(tmp_path):
    assert rows(grid(tmp_path, "a\tb\né\td\n".encode("utf-16"), "a.txt"))[1] == (2, ["é", "d"])


def test_a_workbook_that_is_damaged_is_said(tmp_path):
    path = workbook(tmp_path / "a.xlsx", [["code", "units"], ["G0101", 1]])
    data = path.read_bytes().replace(b"<sheetData>", b"<sheetDat?>")
    path.write_bytes(data)
    (one,) = opened(path)
    found = open_grids(one)
    problem = found if isinstance(found, InputProblem) else next(iter(found[0].batches()))
    assert isinstance(problem, InputProblem)
    assert problem.code == "SEQ482"


def test_the_header_is_found_below_a_notice(tmp_path):
    one = grid(tmp_path, '"a notice,\nof lines",,\n\nUNITS,Code\n1,G0101\n')
    header = find_header(one, WANTED)
    assert not isinstance(header, InputProblem)
    assert (header.places, header.width, header.last) == ({"code": 1, "units": 0}, 2, 4)
    (found,) = list(body(one, header))
    assert (list(found.lines), found.rows) == ([5], [["1", "G0101"]])


def test_a_wrapped_header(tmp_path):
    text = "Code,Un,No\n,its,te\nG0101,1,\n"
    assert isinstance(find_header(grid(tmp_path, text), (WANTED[0], Column("units", "un its"))), InputProblem)
    header = find_header(grid(tmp_path, text), (WANTED[0], Column("units", "un its")), wrapped=True)
    assert not isinstance(header, InputProblem)
    assert header.last == 2


def test_a_header_without_a_column_names_it(tmp_path):
    wanted = (*WANTED, Column("mai", "mai"))
    problem = find_header(grid(tmp_path, "code,unit,note\nG0101,1,\n"), wanted, kind="limits")
    assert isinstance(problem, InputProblem)
    assert problem.code == "SEQ481"
    assert "`mai`" in problem.message
    assert problem.place == "line 1"


def test_no_header_at_all(tmp_path):
    problem = find_header(grid(tmp_path, "what is this\n"), WANTED, kind="limits")
    assert isinstance(problem, InputProblem)
    assert "it begins with `what is this`" in problem.message


def test_words_of_a_header():
    assert plain_words("HCPCS/\nCPT_Code ") == "hcpcs/ cpt code"


def test_rows_out_of_shape_are_refused(tmp_path):
    one = grid(tmp_path, "code,units,note\nG0101,1,x\nG0102\nG0103,1\nG0104,1,x,y\nG0105,1,x,\n")
    header = find_header(one, WANTED)
    assert not isinstance(header, InputProblem)
    (found,) = list(body(one, header))
    made = wanted_columns(found, header, ("code", "units"))
    assert [at for at, _ in made.refused] == [1, 3]
    assert made.columns["note"] == ("x", "", "", "x", "x")


def test_zeros_that_a_workbook_took():
    assert with_zeros(CodeOf(System.HCPCS), ["100", "G0101", "36591"]) == ["00100", "G0101", "36591"]
    assert with_zeros(CodeOf(System.REVENUE), ["450"]) == ["0450"]
    assert with_zeros(CodeOf(System.ICD10CM), ["100"]) == ["100"]
    assert with_zeros(Scalar.NUMBER, ["1"]) == ["1"]
