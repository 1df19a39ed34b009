"""Reading files: which reader a file meets, and what is said when there is nothing to read."""

import gzip
import io
import json
import os

import pytest

from sequela.engine.encounter.read import read


def claim(name, **facts):
    return {"schema": "sequela.encounter/1", "id": name, "setting": "inpatient", "lines": []} | facts


def text(name, **facts):
    return json.dumps(claim(name, **facts))


def told(path):
    """What is read: the ids of claims, and the (code, place) of problems, in order."""
    found = []
    for one in read(path):
        assert (one.encounter is None) == any(problem.fatal for problem in one.problems)
        found.extend([one.encounter.id] if one.encounter is not None else [])
        found.extend((problem.code, problem.place) for problem in one.problems)
    return found


@pytest.fixture
def written(tmp_path):
    def write(name, content):
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    return write


@pytest.mark.parametrize("name", ["a.json", "a.jsonl", "a.ndjson", "a.txt", "a", "a.837"])
def test_json_is_read_under_any_name(written, name):
    assert told(written(name, text("A"))) == ["A"]
    assert told(written(name, f"\n\n{text('A')}\n\n{text('B')}\n")) == ["A", "B"]


def test_an_array_and_objects_over_several_lines(written):
    assert told(written("a.json", json.dumps([claim("A"), claim("B")], indent=2))) == ["A", "B"]
    assert told(written("a.json", json.dumps(claim("A"), indent=2))) == ["A"]
    assert told(written("a.json", json.dumps(claim("A"), indent=2) * 2)) == ["A", "A"]
    assert told(written("a.json", "[]")) == []


def test_a_claim_that_is_malformed_leaves_the_others(written):
    lines = f'{text("A")}\n{{"id": \n{text("C")}\n'
    assert told(written("a.jsonl", lines)) == ["A", ("SEQ703", "line 2, column 7, byte 88"), "C"]
    assert told(written("a.json", f'{{"id":,}}\n{text("B")}\n{text("C")}')) == [
        ("SEQ703", "line 1, column 7, byte 6"),
        "B",
        "C",
    ]
    column = 2 + text("B").index('"inpatient"')
    array = f"[{text('A')},\n {text('B').replace('inpatient', 'x')},\n {text('C')}]"
    assert told(written("a.json", array)) == ["A", ("SEQ713", f"/setting, line 2, column {column}"), "C"]


def test_what_stands_before_a_break_is_read(written):
    whole = f"[{text('A')},\n{text('B')}]"
    size = len(text("A"))
    first = size + 3  # [ , and the line's end
    assert told(written("a.json", whole[:-1])) == ["A", "B", ("SEQ703", place(2, size, first + size))]
    assert told(written("a.json", whole[:-20])) == ["A", ("SEQ703", place(2, size - 19, first + size - 19))]
    assert told(written("a.json", whole[:-1] + ",]")) == ["A", "B", ("SEQ703", place(2, size + 1, first + size + 1))]
    assert told(written("a.json", text("A") + " and more")) == ["A", ("SEQ703", place(1, size + 1, size + 1))]


def place(line, before, byte):
    return f"line {line}, column {before + 1}, byte {byte}"


def test_places_count_from_the_beginning_of_the_file(written):
    one = next(iter(read(written("a.json", f"[\n  {text('A')}, {text('É', payer='x')}]"))))
    other = list(read(written("a.json", f"[\n  {text('A')}, {text('B', payer='x')}]")))[1].encounter
    assert (one.encounter.origins.origin_of("").line, one.encounter.origins.origin_of("").column) == (2, 3)
    origin = other.origins.origin_of("/payer")
    assert (origin.line, origin.column) == (2, 3 + len(text("A")) + 2 + text("B", payer="x").index('"x"'))
    third = list(read(written("a.jsonl", f"{text('A')}\n\n{text('B')}")))[1].encounter
    assert third.origins.origin_of("/id").line == 3


def test_a_text_that_is_not_utf8_names_the_byte(written):
    good = text("A").encode()
    bad = good.replace(b"inpatient", b"inp\xe4tient")
    offset = bad.index(b"\xe4")
    assert told(written("a.json", bad)) == [("SEQ700", f"byte {offset}, line 1")]
    assert told(written("a.jsonl", good + b"\n" + bad + b"\n" + good)) == [
        "A",
        ("SEQ700", f"byte {len(good) + 1 + offset}, line 2"),
        "A",
    ]
    assert told(written("a.json", b"[" + good + b",\n" + bad + b"]"))[-1] == (
        "SEQ700",
        f"byte {len(good) + 3 + offset}, line 2",
    )
    assert told(written("a.json", text("A").encode("utf-16"))) == [("SEQ700", "the whole file")]
    assert told(written("a.json", b"\xef\xbb\xbf" + good)) == ["A"]
    assert told(written("a.jsonl", b"\xef\xbb\xbf" + good + b"\n")) == ["A"]


@pytest.mark.parametrize("content", ["", " \n\n ", b"\xef\xbb\xbf", "\n" * 10_000])
@pytest.mark.parametrize("name", ["a.json", "a.837", "a"])
def test_an_empty_file(written, name, content):
    assert told(written(name, content)) == [("SEQ700", "the whole file")]


def test_much_room_before_the_claim(written):
    assert told(written("a.json", "\n" * 10_000 + text("A"))) == ["A"]


def test_nesting_without_end(written):
    assert told(written("a.json", "[" * 100_000)) == [("SEQ703", "the whole text")]
    assert told(written("a.json", '{"a":' * 100_000)) == [("SEQ703", "the whole text")]
    assert told(written("a.jsonl", "[" * 100_000)) == [("SEQ703", "the whole text")]
    cut = told(written("a.json", f"[{text('A')}\n,{'[' * 100_000}"))
    assert cut == ["A", ("SEQ703", "the text from line 2, column 2")]


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("a.pdf", b"%PDF-1.7\n", "This is a PDF; no claims are read from it."),
        ("a.json", b"%PDF-1.7\n", "This is a PDF; no claims are read from it."),
        ("a.xlsx", b"PK\x03\x04....", "This is a zip archive or an Excel workbook; no claims are read from it."),
        ("a.xml", b"<claims/>", "This is XML or HTML; no claims are read from it."),
        ("a.txt", b"<html>", "This is XML or HTML; no claims are read from it."),
        (
            "a.list",
            b"id,setting\n1,2",
            'This is neither JSON, nor an X12 837, nor a table of claims, so no claims are read from it. It begins with "id,setting".',
        ),
        (
            "a.bin",
            b"\x00\x01\x02",
            "This is neither JSON, nor an X12 837, nor a table of claims, so no claims are read from it.",
        ),
    ],
)
def test_a_file_that_holds_no_claims(written, name, content, words):
    ((problem,),) = [one.problems for one in read(written(name, content))]
    assert (problem.code, problem.message) == ("SEQ705", words)
    assert problem.hint


def test_a_file_that_is_not_there(written, tmp_path):
    written("claims.json", text("A"))
    ((problem,),) = [one.problems for one in read(tmp_path / "claim.json")]
    assert (problem.code, problem.message, problem.hint) == (
        "SEQ700",
        "There is no such file.",
        "Did you mean `claims.json`?",
    )
    assert told(tmp_path / "no" / "such" / "folder.json") == [("SEQ700", "the whole file")]
    ((problem,),) = [one.problems for one in read(tmp_path)]
    assert problem.message == "This is a folder, not a file."


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="the superuser may open every file")
def test_a_file_that_may_not_be_opened(written):
    path = written("a.json", text("A"))
    path.chmod(0)
    ((problem,),) = [one.problems for one in read(path)]
    assert (problem.code, problem.message) == ("SEQ700", "The file cannot be opened: permission denied.")


class Broken(io.RawIOBase):
    """A stream that fails after its first claim."""

    def __init__(self, start):
        self.start = start

    def readable(self):
        return True

    def readinto(self, buffer):
        if not self.start:
            raise OSError(5, "Input/output error")
        size = min(len(buffer), len(self.start))
        buffer[:size], self.start = self.start[:size], self.start[size:]
        return size


def test_a_stream_that_breaks_off_keeps_what_was_read():
    found = list(read(io.BufferedReader(Broken(f"{text('A')}\n".encode())), "disk.jsonl"))
    assert found[0].encounter.id == "A"
    assert found[1].problems[0].message == "The file cannot be read to its end: input/output error."
    assert found[1].problems[0].file == "disk.jsonl"


def test_streams_are_read_as_files_are(written):
    assert [one.encounter.id for one in read(io.BytesIO(text("A").encode()))] == ["A"]
    with written("a.jsonl", f"{text('A')}\n{text('B')}").open("rb") as stream:
        assert [one.encounter.id for one in read(stream)] == ["A", "B"]


def test_standard_input(monkeypatch):
    class Input:
        buffer = io.BytesIO(b'{"id":')

    monkeypatch.setattr("sys.stdin", Input())
    (one,) = read("-")
    assert one.problems[0].file == "standard input"


def test_packed_files_are_unpacked(written):
    packed = gzip.compress(f"{text('A')}\n{text('B')}".encode())
    assert told(written("a.jsonl.gz", packed)) == ["A", "B"]
    assert told(written("a.jsonl", packed)) == ["A", "B"]
    assert told(written("a.jsonl.gz", packed[:-12]))[-1] == ("SEQ700", "the whole file")
    assert told(written("a.jsonl.gz", packed[:20] + b"\x00\x00" + packed[22:]))[-1] == ("SEQ700", "the whole file")


def test_claims_come_one_at_a_time(written):
    lines = f"{text('A')}\n" + "x" * 200_000
    first = next(read(written("a.jsonl", lines)))
    assert first.encounter.id == "A"
