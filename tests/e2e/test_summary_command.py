"""`sequela summary` as its users meet it: from a batch to text, JSON and a page; exit statuses; what is refused."""

import json
import stat
from pathlib import Path

import pytest
from click.testing import CliRunner

from sequela.cli import main
from summary_made import Maker, made_batch, write_batch


def run(*words):
    return CliRunner().invoke(main, ["summary", *map(str, words)])


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    return made_batch(tmp_path_factory.mktemp("batch") / "out", 300)


def test_text(made):
    done = run(made)
    assert done.exit_code == 0, done.stderr
    for words in ("Claims", "How the claims came out", "Failures by rule", "By payer", "By provider", "By month of service",
                  "What is not known most often", "Tables that could not be asked", "What was wrong with the input"):  # fmt: skip
        assert words in done.stdout.splitlines()
    assert "MOD-25" in done.stdout
    assert "A visit on the day of a minor procedure needs modifier 25" in done.stdout


def test_top(made):
    assert "… and 9 more; --top N shows more of them." in run(made, "--top", 1).stdout
    assert run(made, "--top", 0).exit_code == 2


def test_json(made):
    done = run(made, "--as", "json")
    found = json.loads(done.stdout)
    assert done.exit_code == 0
    assert found["schema"] == "sequela.summary/1"
    assert found["complete"] is True
    assert found["claims"]["claims"] == sum(found["outcomes"].values())
    assert sum(one["findings"] for one in found["rules"]) == found["claims"]["findings"]
    assert len(json.loads(run(made, "--as", "json", "--top", 2).stdout)["rules"]) == 2


def test_a_page_is_written_for_its_owner_alone(made, tmp_path):
    done = run(made, "--out", tmp_path / "march.html")
    assert done.exit_code == 0, done.stderr
    assert (tmp_path / "march.html").read_text(encoding="utf-8").startswith("<!DOCTYPE html>")
    assert stat.S_IMODE((tmp_path / "march.html").stat().st_mode) == 0o600
    assert "keep it where you keep the claims" in done.stderr
    assert done.stdout == ""
    assert [one.name for one in tmp_path.iterdir()] == ["march.html"]


def test_the_kind_of_file_may_be_said(made, tmp_path):
    assert run(made, "--as", "json", "--out", tmp_path / "a.txt").exit_code == 0
    assert json.loads((tmp_path / "a.txt").read_text())["schema"] == "sequela.summary/1"
    assert run(made, "--out", tmp_path / "b.txt").exit_code == 0
    assert (tmp_path / "b.txt").read_text().startswith("Claims\n")
    assert run(made, "--as", "html").stdout.startswith("<!DOCTYPE html>")


def test_a_file_that_cannot_be_written(made, tmp_path):
    done = run(made, "--out", tmp_path / "no" / "march.html")
    assert done.exit_code == 2
    assert "cannot be written: no such file or directory" in done.stderr


def test_it_does_not_write_among_the_batchs_files(made):
    done = run(made, "--out", made / "claims" / "march.html")
    assert done.exit_code == 2
    assert "name another file" in done.stderr


def test_a_batch_that_is_not_finished_is_a_warning(tmp_path):
    done = run(made_batch(tmp_path / "out", 60, complete=False))
    assert done.exit_code == 1
    assert "SEQ842  warning: The batch is not finished" in done.stderr
    assert "claims decided" in done.stdout


def test_a_folder_that_is_none(tmp_path):
    done = run(tmp_path / "no")
    assert done.exit_code == 2
    assert done.stderr.startswith("SEQ840  There is no folder")
    assert "hint:" in done.stderr


def test_nothing_was_decided(tmp_path):
    done = run(write_batch(tmp_path / "out", [([], [], [])]))
    assert done.exit_code == 0
    assert "No claim was decided." in done.stdout


def test_control_characters_of_claims_do_not_reach_the_screen(tmp_path):
    make = Maker()
    row, (found,) = make.claim(failures=1, opens=0)
    found = (*found[:8], "Moves \x1b[2J the cursor", *found[9:])
    done = run(write_batch(tmp_path / "out", [([row], [found], [])]))
    assert "\x1b" not in done.stdout
    assert "Moves \\x1b[2J the cursor" in done.stdout


def test_without_pyarrow_it_says_what_to_install(made, monkeypatch):
    monkeypatch.setattr("sequela.engine.commands.summary.importlib.util.find_spec", lambda name: None)
    done = run(made)
    assert done.exit_code == 2
    assert "pip install 'sequela[batch]'" in done.stderr


RULES = """ruleset made "Made up"

source MANUAL
  title     "A manual"
  edition   "2026"

codes visits of HCPCS
  99213

rule MANY "Too many units"
  for each  line visit in visits
  require   visit.units is at most 2
  if fail   deny visit
  say       "{visit.code} is billed {visit.units} times."
  cite      MANUAL
"""


def test_from_a_batch_to_its_summary(tmp_path: Path):
    (tmp_path / "made.rules").write_text(RULES)
    line = {"number": 1, "code": "99213", "date": "2026-03-02", "charge": "120.50"}
    claims = [
        {"schema": "sequela.encounter/1", "id": f"C-{n}", "setting": "professional", "total_charge": "120.50",
         "lines": [line | ({"units": n} if n < 4 else {})]}
        for n in (1, 2, 3, 4)
    ]  # fmt: skip
    (tmp_path / "claims.jsonl").write_text("".join(json.dumps(one) + "\n" for one in claims) + "{}\n")
    batch = CliRunner().invoke(
        main,
        [
            "batch",
            str(tmp_path / "claims.jsonl"),
            "--rules",
            str(tmp_path / "made.rules"),
            "--out",
            str(tmp_path / "out"),
            "--jobs",
            "1",
        ],
    )
    assert (tmp_path / "out" / "manifest.json").is_file(), batch.stderr
    found = json.loads(run(tmp_path / "out", "--as", "json").stdout)
    assert found["claims"]["claims"] == 4
    assert found["claims"]["clean"] == 2
    assert found["claims"]["rejected"] == 1
    assert found["claims"]["touched"] == "120.50"
    assert [(one["rule"], one["findings"]) for one in found["rules"] if one["findings"]] == [("MANY", 1)]
    assert [one["fact"] for one in found["not_known"]] == ["/lines/*/units"]
