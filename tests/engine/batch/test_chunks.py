"""Chunks: where inputs are cut, and that a chunk is read as the file is."""

import gzip
import json
from pathlib import Path

import pytest

import sequela
from batch_made import claim, claims, lines_file
from sequela.engine.batch import chunks
from sequela.engine.batch.chunks import Chunk, Claims, InputChanged, Lines, cut, reads_of, size_of
from sequela.engine.batch.inputs import Input, Refusal, find_inputs
from sequela.engine.encounter.read import read

SAMPLES = Path(sequela.__file__).parent / "tests" / "samples"


def found(*paths: Path) -> tuple[Input, ...]:
    inputs = find_inputs([str(path) for path in paths])
    assert not isinstance(inputs, Refusal)
    return inputs


def told(made: list[Chunk]) -> list[tuple[str, int, object, object]]:
    return [
        (source, number, one.encounter, one.problems)
        for chunk in made
        for source, number, reading in reads_of(chunk)
        for one in (reading(),)
    ]


def as_read(*paths: Path) -> list[tuple[str, int, object, object]]:
    return [
        (str(path), number, one.encounter, one.problems) for path in paths for number, one in enumerate(read(path), 1)
    ]


def test_chunks_hold_so_many_claims(tmp_path: Path) -> None:
    made = list(cut(found(lines_file(tmp_path / "c.jsonl", *claims(600)))))
    assert [(one.index, one.count) for one in made] == [(0, 250), (1, 250), (2, 100)]
    assert (size_of(0), size_of(15), size_of(16), size_of(64)) == (250, 250, 1_000, 4_000)


def test_a_chunk_reaches_over_several_inputs(tmp_path: Path) -> None:
    one = lines_file(tmp_path / "1.jsonl", *claims(200))
    other = lines_file(tmp_path / "2.jsonl", *claims(200, 201))
    made = list(cut(found(one, other)))
    assert [one.count for one in made] == [250, 150]
    assert told(made) == as_read(one, other)
    assert told(made)[200][:2] == (str(other), 1)


@pytest.mark.parametrize("name", ["clinic-day.837", "hospital-day.837"])
def test_what_cannot_be_cut_unread_is_read_here(name: str, tmp_path: Path) -> None:
    made = list(cut(found(SAMPLES / name)))
    assert all(isinstance(one, Claims) for chunk in made for one in chunk.stretches)
    assert told(made) == as_read(SAMPLES / name)


def test_lines_are_cut_and_not_read_here(tmp_path: Path) -> None:
    path = lines_file(
        tmp_path / "c.jsonl", *claims(300), b"", b"  ", b"{ broken", claim("C-9", lines=1), b"\xff", *claims(300)
    )
    made = list(cut(found(path)))
    assert all(isinstance(one, Lines) for chunk in made for one in chunk.stretches)
    assert told(made) == as_read(path)
    assert sum(one.count for one in made) == 603
    assert sum(one.read for one in made) == path.stat().st_size


def test_a_last_line_without_an_end_and_a_mark_at_the_start(tmp_path: Path) -> None:
    path = tmp_path / "c.jsonl"
    path.write_bytes(b"\xef\xbb\xbf" + b"\n".join(json.dumps(one).encode() for one in claims(3)))
    made = list(cut(found(path)))
    assert told(made) == as_read(path)
    assert [one.count for one in made] == [3]


def test_packed_lines_are_read_here(tmp_path: Path) -> None:
    plain = lines_file(tmp_path / "c.jsonl", *claims(20))
    packed = tmp_path / "c.jsonl.gz"
    packed.write_bytes(gzip.compress(plain.read_bytes())[:-10])
    made = list(cut(found(packed)))
    assert told(made) == as_read(packed)
    assert told(made)[-1][2] is None
    assert sum(one.read for one in made) == packed.stat().st_size


def test_large_claims_make_smaller_chunks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(chunks, "MOST_BYTES", 1_000)
    lines = lines_file(tmp_path / "c.jsonl", *claims(12))
    assert all(one.count < 8 for one in cut(found(lines)))
    assert told(list(cut(found(lines)))) == as_read(lines)
    assert len(list(cut(found(SAMPLES / "clinic-day.837")))) > 2


def test_an_empty_input_is_one_reject(tmp_path: Path) -> None:
    path = tmp_path / "c.jsonl"
    path.write_bytes(b"\n\n")
    ((_, number, encounter, problems),) = told(list(cut(found(path))))
    assert (number, encounter) == (1, None)
    assert [one.code for one in problems] == ["SEQ700"]  # type: ignore[attr-defined]


def test_an_input_that_shrank_is_told(tmp_path: Path) -> None:
    path = lines_file(tmp_path / "c.jsonl", *claims(3))
    made = list(cut(found(path)))
    path.write_bytes(path.read_bytes()[:50])
    with pytest.raises(InputChanged):
        told(made)


# ---------------------------------------------------------------- inputs


def test_a_folder_stands_for_its_files(tmp_path: Path) -> None:
    for name in ("b.jsonl", "a.jsonl", ".hidden", "_SUCCESS"):
        lines_file(tmp_path / name, claim("C-1"))
    assert [one.path.name for one in found(tmp_path)] == ["a.jsonl", "b.jsonl"]
    assert [one.path.name for one in found(tmp_path / "b.jsonl", tmp_path)] == ["b.jsonl", "a.jsonl"]


@pytest.mark.parametrize(
    ("name", "said"), [("-", "standard input"), ("no.jsonl", "no input"), ("empty", "no file in the folder")]
)
def test_what_is_no_input(name: str, said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "empty").mkdir()
    refusal = find_inputs([name])
    assert isinstance(refusal, Refusal)
    assert said in str(refusal)
