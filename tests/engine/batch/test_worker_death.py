"""A process that dies loses nothing: its chunk is done again, and a claim that ends two of them is left out."""

import sys
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from batch_made import claim, claims, lines_file, rules_file
from sequela.engine.batch import crew
from sequela.engine.batch.inputs import Refusal
from sequela.engine.batch.run import Finished, Job, Watch, run
from sequela.engine.pipeline.opening import open_rulebook

WORKER = Path(__file__).with_name("deadly_worker.py")
WATCH = Watch(begin=lambda total, before: None, step=lambda claims, read: None)


@pytest.fixture
def done(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.setenv("SEQUELA_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr(crew, "command_line", lambda: [sys.executable, "-P", str(WORKER), str(tmp_path)])
    rules = rules_file(tmp_path)

    def batch(*encounters: Any) -> Finished | Refusal:
        inputs = (str(lines_file(tmp_path / "claims.jsonl", *encounters)),)
        rulebook = open_rulebook([rules])
        return run(Job(inputs=inputs, out=tmp_path / "out", rules=(rules,), jobs=2), rulebook, WATCH)

    return batch


def table(folder: Path, name: str) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = pq.read_table(folder / "out" / name).to_pylist()
    return rows


def numbers(folder: Path) -> list[int]:
    return sorted(one["claim_number"] for one in table(folder, "claims"))


def test_the_chunk_of_a_process_that_dies_is_done_again(done: Any, tmp_path: Path) -> None:
    finished = done(*claims(300), claim("ONCE-1"), *claims(300), claim("ONCE-2"), *claims(20))
    assert isinstance(finished, Finished), finished
    assert finished.deaths == 2
    assert numbers(tmp_path) == list(range(1, 623))
    assert table(tmp_path, "rejects") == []
    assert (finished.tally.claims, finished.tally.rejected) == (622, 0)


@pytest.mark.parametrize("kind", ["DEADLY", "FAULT"])
def test_a_claim_that_ends_two_processes_is_left_out(
    done: Any, tmp_path: Path, kind: str, capfd: pytest.CaptureFixture[str]
) -> None:
    finished = done(*claims(100), claim(f"{kind}-1"), claim("C-102"), claim(f"{kind}-2"), *claims(400))
    assert isinstance(finished, Finished), finished
    assert finished.deaths == 4
    assert (finished.tally.lost, finished.tally.rejected, finished.tally.claims) == (2, 2, 501)
    assert [one for one in range(1, 504) if one not in numbers(tmp_path)] == [101, 103]
    rejects = table(tmp_path, "rejects")
    assert [(one["claim_number"], one["code"], one["fatal"]) for one in rejects] == [
        (101, "SEQ901", True),
        (103, "SEQ901", True),
    ]
    said = capfd.readouterr().err
    assert said.count("ZeroDivisionError in deadly_worker.py") == (4 if kind == "FAULT" else 0)
    assert "FAULT-1" not in said


def test_a_process_that_dies_while_it_writes_is_replaced(done: Any, tmp_path: Path) -> None:
    (tmp_path / "dies-writing").touch()
    finished = done(*claims(600))
    assert isinstance(finished, Finished), finished
    assert finished.deaths == 3
    assert numbers(tmp_path) == list(range(1, 601))


def test_processes_that_cannot_begin_stop_the_batch(
    done: Any, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(crew, "command_line", lambda: [sys.executable, "-c", "raise SystemExit(3)"])
    refusal = done(*claims(3))
    assert isinstance(refusal, Refusal)
    assert "3 processes ended" in str(refusal)
    monkeypatch.setattr(crew, "command_line", lambda: ["/no/such/python"])
    assert "no such file" in str(done(*claims(3))).lower()


def test_rules_that_change_on_the_way_stop_the_batch(
    done: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    start = crew.command_line()

    def changed() -> list[str]:
        rules = tmp_path / "made.rules"
        rules.write_text(rules.read_text().replace("at most 2", "at most 4"))
        return start

    monkeypatch.setattr(crew, "command_line", changed)
    assert "were changed" in str(done(*claims(3)))


def test_claims_that_all_end_their_process_stop_the_batch(
    done: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(crew, "_HOPELESS", 1)
    refusal = done(*(claim(f"DEADLY-{number}") for number in range(30)))
    assert isinstance(refusal, Refusal)
    assert "2 of 30 claims ended the processes" in str(refusal)


def test_an_input_that_is_gone_stops_the_batch(done: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    start = crew.command_line()

    def gone() -> list[str]:
        (tmp_path / "claims.jsonl").unlink(missing_ok=True)
        return start

    monkeypatch.setattr(crew, "command_line", gone)
    message = str(done(*claims(3)))
    assert "claims.jsonl cannot be read: no such file" in message
    assert "the same command goes on" in message
