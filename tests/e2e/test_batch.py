"""`sequela batch` as an operator meets it: formats, faults, stops at any moment, and the same files after all of it."""

import gzip
import json
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from click.testing import CliRunner

import sequela
from batch_made import RULES, claim, claims, lines_file, rules_file
from sequela.cli import main
from sequela.engine.commands import batch as command

SAMPLES = Path(sequela.__file__).parent / "tests" / "samples"
TABLES = ("findings", "claims", "rejects")


@pytest.fixture(scope="module")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("cache")


def listens_to_an_interrupt() -> None:
    """What runs in the background of a shell is deaf to it, and so would be what it starts."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


@pytest.fixture
def start(cache: Path, tmp_path: Path):
    """Starts a batch over the small rules, in a session of its own, so that all its processes can be killed at once."""
    rules_file(tmp_path)

    def call(*words: str, rules: str = "made.rules", **how: Any) -> "subprocess.Popen[str]":
        env = {**os.environ, "SEQUELA_CACHE": str(cache)}
        return subprocess.Popen(
            [sys.executable, "-m", "sequela.cli", "batch", *words, "--rules", rules],
            cwd=tmp_path, env=env, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE, start_new_session=True,
            **{"preexec_fn": listens_to_an_interrupt, **how},
        )  # fmt: skip

    return call


@pytest.fixture
def run(start: Any):
    def call(*words: str, **how: Any) -> "subprocess.CompletedProcess[str]":
        process = start(*words, **how)
        out, err = process.communicate(timeout=120)
        return subprocess.CompletedProcess(words, process.returncode, out, err)

    return call


@pytest.fixture
def refused(cache: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """What a batch says that does nothing."""
    monkeypatch.setenv("SEQUELA_CACHE", str(cache))
    monkeypatch.chdir(tmp_path)

    def call(*words: str) -> str:
        if not Path("made.rules").exists():
            rules_file(tmp_path)
        done = CliRunner().invoke(main, ["batch", *words, "--rules", "made.rules"])
        assert done.exit_code == 2
        assert isinstance(done.exception, SystemExit)
        assert done.stdout == ""
        return done.stderr

    return call


def rows(folder: Path, name: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = pq.read_table(folder / name).to_pylist()
    return found


def files(out: Path) -> dict[str, bytes]:
    return {str(path.relative_to(out)): path.read_bytes() for name in TABLES for path in sorted((out / name).iterdir())}


def without(found: list[dict[str, Any]], *columns: str) -> list[dict[str, Any]]:
    return [{key: value for key, value in one.items() if key not in columns} for one in found]


# ---------------------------------------------------------------- what it writes


def test_findings_claims_rejects_and_a_summary(run: Any, tmp_path: Path) -> None:
    lines_file(tmp_path / "c.jsonl", *claims(30), b"{ broken", claim("C-99", lines=1))
    done = run("c.jsonl", "--out", "out")
    assert done.returncode == 2
    assert "claims checked                                  30" in done.stdout
    assert "clean                                     24 (80%)" in done.stdout
    assert "could not be read                                2" in done.stdout
    assert "MANY" in done.stdout
    assert "32 claims in" in done.stdout
    assert "Written to out: 6 findings, 30 claims, 2 rejects." in done.stdout
    assert done.stderr == ""
    found = rows(tmp_path / "out", "findings")
    assert [(one["claim_number"], one["rule"], one["status"]) for one in found[:2]] == [
        (1, "SEX", "unknown"),
        (10, "MANY", "fail"),
    ]
    assert {one["source"] for one in found} == {"c.jsonl"}
    rejects = rows(tmp_path / "out", "rejects")
    assert [(one["claim_number"], one["claim_id"]) for one in rejects] == [(31, None), (32, "C-99")]
    assert "line 31" in rejects[0]["place"]


@pytest.mark.parametrize(
    ("made", "status"),
    [([claim("C-1")], 0), ([claim("C-1", 3)], 1), ([claim("C-1", patient={})], 1), ([b"{"], 2)],
    ids=["clean", "failed", "open", "unread"],
)
def test_the_exit_status(run: Any, tmp_path: Path, made: Any, status: int) -> None:
    lines_file(tmp_path / "c.jsonl", *made)
    assert run("c.jsonl", "--out", "out").returncode == status
    assert run("c.jsonl", "--out", "out").returncode == status


def test_failures_alone(run: Any, tmp_path: Path) -> None:
    lines_file(tmp_path / "c.jsonl", claim("C-1", patient={}))
    done = run("c.jsonl", "--out", "out", "--only-failures")
    assert done.returncode == 0
    assert rows(tmp_path / "out", "findings") == []
    assert rows(tmp_path / "out", "claims")[0]["n_unknown"] == 1


def test_the_formats_agree(run: Any, tmp_path: Path) -> None:
    made = claims(300)
    lines_file(tmp_path / "a.jsonl", *made)
    (tmp_path / "b.json").write_text(json.dumps(made))
    (tmp_path / "c.jsonl.gz").write_bytes(gzip.compress((tmp_path / "a.jsonl").read_bytes()))
    nested = [{key: value for key, value in one.items() if key != "schema"} for one in made]
    pq.write_table(pa.Table.from_pylist(nested), tmp_path / "d.parquet")
    found = []
    for name in ("a.jsonl", "b.json", "c.jsonl.gz", "d.parquet"):
        assert run(name, "--out", f"out-{name}").returncode == 1
        out = tmp_path / f"out-{name}"
        found.append((without(rows(out, "findings"), "source"), without(rows(out, "claims"), "source")))
        assert rows(out, "rejects") == []
    assert len(found[0][0]) == 60
    assert all(one == found[0] for one in found)


def test_an_837_and_a_table_of_claims(run: Any, tmp_path: Path) -> None:
    header = "claim_id,claim_line_number,claim_type,claim_start_date,place_of_service_code,hcpcs_code,service_unit_quantity,diagnosis_code_1"
    (tmp_path / "t.csv").write_text(f"{header}\nF-1,1,professional,2026-03-02,11,99213,3,E11.9\n")
    columns = tmp_path / "t.csv"
    done = run(str(SAMPLES / "clinic-day.837"), str(columns), "--out", "out", "--jobs", "1")
    assert done.returncode == 1
    assert [one["claim_id"] for one in rows(tmp_path / "out", "claims")] == [
        *(f"CD-{n:03}" for n in range(1, 13)),
        "F-1",
    ]
    assert {(one["claim_id"], one["rule"]) for one in rows(tmp_path / "out", "findings")} >= {
        ("F-1", "MANY"),
        ("F-1", "SEX"),
    }


def test_the_number_of_processes_changes_no_byte(run: Any, tmp_path: Path) -> None:
    lines_file(tmp_path / "c.jsonl", *claims(900))
    for jobs in ("1", "3"):
        run("c.jsonl", "--out", f"out-{jobs}", "--jobs", jobs)
    assert files(tmp_path / "out-1") == files(tmp_path / "out-3")
    assert len(files(tmp_path / "out-1")) == 9


def test_an_empty_input_is_a_reject(run: Any, tmp_path: Path) -> None:
    (tmp_path / "c.jsonl").write_bytes(b"")
    done = run("c.jsonl", "--out", "out")
    assert done.returncode == 2
    assert "could not be read                                1" in done.stdout
    assert [one["code"] for one in rows(tmp_path / "out", "rejects")] == ["SEQ700"]
    assert rows(tmp_path / "out", "claims") == []


# ---------------------------------------------------------------- what cannot be done


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("no.jsonl", "--out", "out"), "There is no input no.jsonl"),
        (("c.jsonl", "--out", "c.jsonl"), "is a file, not a folder"),
        (("c.jsonl", "--out", "c.jsonl/out"), "c.jsonl/out cannot be written to: not a directory"),
        (("c.jsonl", "--out", "."), "holds files that no batch wrote"),
        (("c.jsonl", "--out", "out", "--payer", "nobody"), "There is no payer `nobody`"),
        (("c.jsonl", "--out", "out", "--members", "no.csv"), "no.csv, cannot be read"),
        (("-", "--out", "out"), "standard input"),
    ],
)  # fmt: skip
def test_it_says_in_a_sentence_why_not(refused: Any, tmp_path: Path, words: Any, said: str) -> None:
    lines_file(tmp_path / "c.jsonl", claim("C-1"))
    assert said in refused(*words)


def test_without_pyarrow(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(command.importlib.util, "find_spec", lambda name: None)
    done = CliRunner().invoke(main, ["batch", "c.jsonl", "--out", str(tmp_path / "out")])
    assert done.exit_code == 2
    assert "pip install 'sequela[batch]'" in done.stderr


def test_changed_rules_inputs_and_options_are_told(run: Any, refused: Any, tmp_path: Path) -> None:
    lines_file(tmp_path / "c.jsonl", *claims(20))
    assert run("c.jsonl", "--out", "out").returncode == 1
    before = files(tmp_path / "out")
    rules_file(tmp_path, RULES.replace("at most 2", "at most 4"))
    lines_file(tmp_path / "d.jsonl", *claims(20))
    for words, said in (
        (("c.jsonl",), "the rules have changed"),
        (("d.jsonl",), "the inputs are others, or have changed"),
        (("c.jsonl", "--counts"), "--counts is another"),
    ):
        message = refused(*words, "--out", "out")
        assert said in message
        assert "--restart" in message
    assert files(tmp_path / "out") == before
    done = run("c.jsonl", "--out", "out", "--restart")
    assert done.returncode == 1
    assert {one["rule"] for one in rows(tmp_path / "out", "findings")} == {"SEX"}


@pytest.mark.skipif(sys.platform == "win32", reason="there a file's size is not limited")
def test_a_full_disk_is_said_and_the_work_goes_on_later(run: Any, tmp_path: Path) -> None:
    resource = pytest.importorskip("resource")
    lines_file(tmp_path / "c.jsonl", *claims(900))
    lines_file(tmp_path / "warm.jsonl", claim("C-1"))
    run("warm.jsonl", "--out", "warm")  # so that the cache is not what is cut off
    done = run("c.jsonl", "--out", "out", preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (4_000, 4_000)))
    assert done.returncode == 2
    assert "out cannot be written to: file too large" in done.stderr
    assert "give the same command again" in done.stderr
    assert "Traceback" not in done.stderr
    assert run("c.jsonl", "--out", "out").returncode == 1
    assert len(rows(tmp_path / "out", "claims")) == 900


# ---------------------------------------------------------------- stops


def _waited(process: "subprocess.Popen[str]", journal: Path, lines: int) -> bool:
    """Whether the batch is still at work when its journal has so many lines."""
    while process.poll() is None:
        if journal.exists() and journal.read_bytes().count(b"\n") >= lines:
            return True
        time.sleep(0.005)
    return False


@pytest.mark.skipif(not hasattr(os, "killpg"), reason="there are no process groups")
def test_killed_at_any_moment_nothing_is_lost_and_nothing_done_twice(start: Any, run: Any, tmp_path: Path) -> None:
    lines_file(tmp_path / "c.jsonl", *claims(2_900), b"{ broken", *claims(300, 2_901))
    run("c.jsonl", "--out", "whole")
    journal, chance, kills = tmp_path / "out" / "journal.jsonl", random.Random(7), 0
    for _ in range(4):
        process = start("c.jsonl", "--out", "out", "--jobs", "2")
        begun = journal.read_bytes().count(b"\n") if journal.exists() else 0
        if _waited(process, journal, begun + chance.randint(0, 2)):
            time.sleep(chance.random() * 0.2)
        if process.poll() is None:
            kills += 1
            os.killpg(process.pid, signal.SIGKILL)
        process.communicate()
    done = run("c.jsonl", "--out", "out")
    assert kills >= 3
    assert done.returncode == 2
    assert files(tmp_path / "out") == files(tmp_path / "whole")
    noted = [json.loads(line)["chunk"] for line in journal.read_text().splitlines()]
    assert sorted(noted) == list(range(len(noted)))
    assert not (tmp_path / "out" / ".work").exists()
    finished = [json.loads((tmp_path / one / "manifest.json").read_text()) for one in ("out", "whole")]
    assert finished[0] == finished[1]


@pytest.mark.skipif(not hasattr(os, "killpg"), reason="there are no process groups")
def test_an_interrupt_keeps_what_is_done(start: Any, run: Any, tmp_path: Path) -> None:
    lines_file(tmp_path / "c.jsonl", *claims(4_000))
    process = start("c.jsonl", "--out", "out")
    assert _waited(process, tmp_path / "out" / "journal.jsonl", 2)
    os.killpg(process.pid, signal.SIGINT)
    _, err = process.communicate(timeout=60)
    assert process.returncode == 2
    assert "Interrupted. What is done is kept" in err
    assert "Traceback" not in err
    done = run("c.jsonl", "--out", "out")
    assert "were done before, and were not decided again" in done.stdout
    assert len(rows(tmp_path / "out", "claims")) == 4_000


def test_what_is_done_is_done(run: Any, tmp_path: Path) -> None:
    lines_file(tmp_path / "c.jsonl", *claims(40))
    first = run("c.jsonl", "--out", "out")
    again = run("c.jsonl", "--out", "out")
    assert again.returncode == first.returncode == 1
    assert "40 claims were done before" in again.stdout
    assert "Findings by rule" in again.stdout
