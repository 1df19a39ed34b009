"""Opening the files of an import: what is data, what is not, and what is packed."""

import gzip
import lzma

import pytest

from ncci_made import PTP_ROWS, ptp_text
from published_made import workbook, zipped
from sequela.engine.imports.inputs import open_inputs

TEXT = b"code,units\nG0101,1\n"


def names(*paths):
    inputs, problems = open_inputs(paths)
    assert not problems
    return [one.name for one in inputs]


def code(path):
    inputs, problems = open_inputs([path])
    assert not inputs
    return [problem.code for problem in problems]


def test_a_text_file(tmp_path):
    path = tmp_path / "a.csv"
    path.write_bytes(TEXT)
    (one,), _ = open_inputs([path])
    assert (one.name, one.file, one.suffix, one.stem, one.size, one.packed) == (
        "a.csv",
        "a.csv",
        ".csv",
        "a",
        19,
        False,
    )
    assert one.data() == TEXT
    assert one.done == 19
    assert one.text() == TEXT.decode()


@pytest.mark.parametrize(("end", "pack"), [(".gz", gzip.compress), (".xz", lzma.compress)])
def test_a_packed_file(tmp_path, end, pack):
    path = tmp_path / f"a.csv{end}"
    path.write_bytes(pack(TEXT))
    (one,), _ = open_inputs([path])
    assert one.data() == TEXT
    assert (one.suffix, one.stem) == (".csv", "a")


def test_the_data_files_of_an_archive(tmp_path):
    inner = zipped(tmp_path / "inner.zip", {"c.txt": TEXT})
    path = zipped(
        tmp_path / "a.zip",
        {"x/b.txt": TEXT, "read.pdf": b"%PDF", "__MACOSX/b.txt": b"x", "inner.zip": inner.read_bytes()},
    )
    assert names(path) == ["a.zip: b.txt", "a.zip: inner.zip: c.txt"]
    inputs, _ = open_inputs([path])
    assert [one.data() for one in inputs] == [TEXT, TEXT]
    assert all(one.packed for one in inputs)


def test_a_text_is_taken_before_a_workbook_of_the_same_name(tmp_path):
    book = workbook(tmp_path / "a.xlsx", [["code"]])
    (tmp_path / "a.txt").write_bytes(TEXT)
    assert names(book, tmp_path / "a.txt") == ["a.txt"]
    assert names(book) == ["a.xlsx"]


@pytest.mark.parametrize(
    ("data", "found"),
    [
        (b"", "SEQ483"),
        (b"\r\n\r\n", "SEQ483"),
        (b"\xd0\xcf\x11\xe0abc", "SEQ482"),
        (b"%PDF-1.7", "SEQ482"),
        (b"\n<!DOCTYPE html><html>", "SEQ482"),
        (b"PK\x03\x04 and no more", "SEQ482"),
    ],
)
def test_what_is_no_data_file_is_said(tmp_path, data, found):
    path = tmp_path / "a.txt"
    path.write_bytes(data)
    assert code(path) == [found]


def test_a_file_that_is_not_there(tmp_path):
    (tmp_path / "limits.csv").write_bytes(TEXT)
    _, (problem,) = open_inputs([tmp_path / "limit.csv"])
    assert problem.code == "SEQ489"
    assert "limits.csv" in (problem.hint or "")
    assert code(tmp_path) == ["SEQ489"]
    assert code(tmp_path / "limits.csv" / "a") == ["SEQ489"]


def test_an_archive_without_data(tmp_path):
    assert code(zipped(tmp_path / "a.zip", {"read.pdf": b"%PDF"})) == ["SEQ483"]


def test_a_damaged_archive(tmp_path):
    path = zipped(tmp_path / "a.zip", {"a.txt": TEXT * 50})
    path.write_bytes(path.read_bytes()[:-30])
    assert code(path) == ["SEQ482"]


def test_a_damaged_packed_file(tmp_path):
    path = tmp_path / "a.csv.gz"
    path.write_bytes(gzip.compress(TEXT)[:-12])
    assert code(path) == ["SEQ482"]


def test_encodings(tmp_path):
    for name, data, found in (
        ("a", "é".encode("latin-1"), "latin-1"),
        ("b", "é".encode(), "utf-8-sig"),
        ("c", "é".encode("utf-16"), "utf-16"),
    ):
        path = tmp_path / f"{name}.txt"
        path.write_bytes(data)
        (one,), _ = open_inputs([path])
        assert one.encoding() == found
        assert one.text() == "é"


def test_latin_1_deep_in_a_file(tmp_path):
    path = tmp_path / "a.txt"
    path.write_bytes(ptp_text(PTP_ROWS * 2000) + b"\xe9")
    (one,), _ = open_inputs([path])
    assert one.encoding() == "latin-1"
