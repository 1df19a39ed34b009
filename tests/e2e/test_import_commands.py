"""`sequela import`, `tables` and `tables diff` as a user meets them, and the notice of tables that are not there."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from ncci_made import MUE_ROWS, POLICY, aoc_file, mue_file, ptp_file
from sequela.cli import main

RULES = """ruleset ours "Rules of our own"

table pairs "Pairs"
  file      "ncci/ptp-practitioner"
  key       column-1 of HCPCS, column-2 of HCPCS
  value     indicator as text
  in force  effective to ended
  complete

table limits "Limits"
  file      "ncci/mue-practitioner"
  key       code of HCPCS
  value     units as number
  partial

rule PAIR "A component is not paid beside what includes it"
  phase     pairs
  for each  line major, other line part with the same date
  look up   edit in pairs by major.code, part.code
  forbidden
  if fail   deny part

rule UNITS "The units are within the limit"
  phase     units
  for each  line billed
  look up   limit in limits by billed.code
  require   billed.units is at most limit.units
  if fail   deny billed
"""
OWN = """
table acme "Limits of Acme"
  file      "acme/limits.csv"
  key       code of HCPCS
  value     most as number
  complete

rule ACME "The units are within Acme's limit"
  phase     units
  for each  line billed
  look up   cap in acme by billed.code
  forbidden when billed.units is more than cap.most
  if fail   deny billed
"""


@pytest.fixture(autouse=True)
def _folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("SEQUELA_CACHE", str(tmp_path / "cache"))
    monkeypatch.delenv("SEQUELA_DATA", raising=False)
    (tmp_path / "my.rules").write_text(RULES)


def call(*words: str) -> Result:
    done = CliRunner().invoke(main, list(words))
    assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
    return done


def claim(*lines: tuple[str, int]) -> str:
    made = {
        "schema": "sequela.encounter/1",
        "id": "C-1",
        "setting": "professional",
        "lines": [
            {"number": at, "code": code, "units": units, "date": "2026-11-02"}
            for at, (code, units) in enumerate(lines, 1)
        ],
    }
    Path("claims.json").write_text(json.dumps(made))
    return "claims.json"


def test_the_kinds_are_listed() -> None:
    for words in (("import",), ("import", "--list")):
        done = call(*words)
        assert done.exit_code == 0
        assert "ncci-ptp  (CMS)" in done.stdout
        assert "ccipra-v323r0-f1" in done.stdout


def test_an_imported_table_decides_a_claim(tmp_path: Path) -> None:
    file = claim(("G0101", 1), ("G0102", 1))
    assert "2 of 2 rules cannot be checked" in call("check", file, "--rules", "my.rules").stderr
    done = call("import", "ncci-ptp", ptp_file(tmp_path).name, "--into", "data")
    assert done.exit_code == 1
    assert "f2 and f3 and f4 are not given" in done.stderr
    assert "ncci/ptp-practitioner  v32.3  4 rows, from 1996-01-01 to 2026-12-31" in done.stdout
    assert "indicator 9 dropped: 1" in done.stdout
    done = call("import", "mue", mue_file(tmp_path).name, "--into", "data")
    assert (done.exit_code, done.stderr) == (0, "")
    done = call("check", file, "--rules", "my.rules", "--data", "data", "--as", "json")
    assert done.stderr == ""
    found = {(one["rule"], one["status"]) for one in json.loads(done.stdout)["entries"]}
    assert ("PAIR", "fail") in found
    assert ("UNITS", "fail") in found


def test_what_a_table_with_a_missing_part_does_not_list_is_unknown(tmp_path: Path) -> None:
    call("import", "ncci-ptp", ptp_file(tmp_path).name, "--into", "data")
    done = call("check", claim(("G0108", 1), ("G0109", 1)), "--rules", "my.rules", "--data", "data", "--as", "json")
    found = [one["status"] for one in json.loads(done.stdout)["entries"] if one["rule"] == "PAIR"]
    assert found == ["unknown", "unknown"]
    assert "part f2 missing, part f3 missing, part f4 missing" in call("tables", "--data", "data").stdout


def test_the_notice_is_short_and_names_the_commands() -> None:
    done = call("check", claim(("G0101", 1)), "--rules", "my.rules")
    assert done.stderr.splitlines()[:4] == [
        "2 tables of codes and edits are not there, so 2 of 2 rules cannot be checked in full:",
        "  sequela import ncci-ptp FILE… --into DIR   brings ncci/ptp-practitioner",
        "  sequela import mue      FILE… --into DIR   brings ncci/mue-practitioner",
        "Then name DIR with --data. `sequela tables` says which files these are and which rules wait for them.",
    ]
    assert "SEQ450" not in done.stderr


def test_a_published_name_is_not_taken_for_a_mistyped_one(tmp_path: Path) -> None:
    """`ncci/mue-practitioner` is near `ncci/ptp-practitioner`, which is there."""
    call("import", "ncci-ptp", ptp_file(tmp_path).name, "--into", "data")
    done = call("check", claim(("G0101", 1)), "--rules", "my.rules", "--data", "data")
    assert "1 table of codes and edits is not there, so 1 of 2 rules" in done.stderr
    assert "SEQ450" not in done.stderr


def test_a_claim_says_in_one_line_what_lacks_only_its_tables() -> None:
    file = claim(("G0101", 1), ("G0102", 1))
    done = call("check", file, "--rules", "my.rules")
    assert "NOT CHECKED  2 rules: tables limits and pairs are not loaded (--all names them)" in done.stdout
    assert "PAIR  lines" not in done.stdout
    assert "NOT CHECKED  UNITS" in call("check", file, "--rules", "my.rules", "--all").stdout


def test_a_file_name_of_ones_own_that_is_mistyped_is_still_shown(tmp_path: Path) -> None:
    (tmp_path / "my.rules").write_text(RULES + OWN)
    (tmp_path / "acme").mkdir()
    (tmp_path / "acme" / "limit.csv").write_text("code,most\nG0101,1\n")
    done = call("check", claim(("G0101", 1)), "--rules", "my.rules")
    assert "SEQ450  warning: The file `acme/limits.csv` of table `acme` is not there." in done.stderr
    assert "Did you mean `limit.csv`?" in done.stderr
    assert "2 tables of codes" in done.stderr


def test_a_published_table_whose_name_is_mistyped_is_shown(tmp_path: Path) -> None:
    (tmp_path / "my.rules").write_text(RULES.replace("mue-practitioner", "mue-practitoner"))
    call("import", "mue", mue_file(tmp_path).name, "--into", "data")
    done = call("check", claim(("G0101", 1)), "--rules", "my.rules", "--data", "data")
    assert "SEQ450  warning: The file `ncci/mue-practitoner`" in done.stderr
    assert "Did you mean `mue-practitioner`?" in done.stderr


def test_lint_says_what_is_doubtful_and_not_what_is_to_be_fetched() -> None:
    done = call("lint", "my.rules")
    assert "SEQ450" not in done.stderr
    assert "sequela import mue" in done.stderr


def test_tables_lists_what_is_there_and_what_is_not(tmp_path: Path) -> None:
    call("import", "mue", mue_file(tmp_path, rows=[*MUE_ROWS, ["bad", "1", POLICY, "x"]]).name, "--into", "data")
    done = call("tables", "--data", "data", "--rules", "my.rules")
    assert done.exit_code == 0
    (row,) = [line for line in done.stdout.splitlines() if line.startswith("ncci/mue-practitioner")]
    assert row.split()[:4] == ["ncci/mue-practitioner", "2026q4", "3", "1"]
    assert "from 2026-10-01 to 2026-12-31" in row
    assert "ncci/ptp-practitioner  1 rule: PAIR" in done.stdout
    assert "sequela import ncci-ptp ccipra-v323r0-f*.zip --into tables" in done.stdout
    assert "do not pass it on" in done.stdout


def test_tables_for_programs(tmp_path: Path) -> None:
    call("import", "mue", mue_file(tmp_path).name, "--into", "data")
    found = json.loads(call("tables", "--data", "data", "--rules", "my.rules", "--as", "json").stdout)
    own = next(one for one in found["tables"] if one["table"] == "ncci/mue-practitioner")
    assert (own["rows"], own["rejects"], own["covers_to"]) == (3, 0, "2026-12-31")
    assert found["absent"] == [
        {"table": "ncci/ptp-practitioner", "ruleset": "ours", "rules": ["PAIR"], "import": "ncci-ptp"}
    ]


def test_verify_reads_every_table_whole(tmp_path: Path) -> None:
    call("import", "mue", mue_file(tmp_path).name, "--into", "data")
    done = call("tables", "--data", "data", "--rules", "my.rules", "--verify")
    assert done.exit_code == 0
    assert "every digest is as it was written" in done.stdout
    path = tmp_path / "data/ncci/mue-practitioner.table/2026q4.sqt"
    data = bytearray(path.read_bytes())
    data[-3] ^= 1
    path.write_bytes(data)
    done = call("tables", "--data", "data", "--rules", "my.rules", "--verify")
    assert done.exit_code == 2
    assert "mue-practitioner" in done.stderr


def test_diff_between_two_quarters(tmp_path: Path) -> None:
    july = mue_file(tmp_path, "MCR_MUE_PractitionerServices_Eff_07-01-2026.csv")
    october = mue_file(
        tmp_path, rows=[["G0101", "2", POLICY, "CMS Policy"], *MUE_ROWS[1:2], ["G0109", "1", POLICY, "x"]]
    )
    for path in (july, october):
        call("import", "mue", path.name, "--into", "data")
    words = ("tables", "diff", "ncci/mue-practitioner@2026q3", "ncci/mue-practitioner@2026q4", "--data", "data")
    done = call(*words, "--claims", claim(("G0101", 1)))
    assert done.exit_code == 1
    assert "added: 1\n  + G0109" in done.stdout
    assert "removed: 1\n  - G0108" in done.stdout
    assert "~ G0101  units 1 → 2" in done.stdout
    assert "claims: 1 of 1 hold the codes of a changed row" in done.stdout
    found = json.loads(call(*words, "--as", "json").stdout)
    assert found["changed"] == [
        {
            "old": {"code": "G0101", "units": "1", "mai": "2", "rationale": "Code Descriptor / CPT Instruction"},
            "new": {"code": "G0101", "units": "2", "mai": "2", "rationale": "CMS Policy"},
            "columns": ["units", "rationale"],
        }
    ]
    same = call("tables", "diff", "ncci/mue-practitioner@2026q3", "ncci/mue-practitioner@2026q3", "--data", "data")
    assert same.exit_code == 0


def test_diff_of_what_is_not_there(tmp_path: Path) -> None:
    call("import", "mue", mue_file(tmp_path).name, "--into", "data")
    done = call("tables", "diff", "ncci/mue-practitioner@2026q1", "ncci/mue-practitioner@2026q4", "--data", "data")
    assert done.exit_code == 2
    assert "There are `2026q4`" in done.stderr
    assert call("tables", "diff", "a.sqt", "b.sqt").exit_code == 2


def test_a_list_of_ones_own(tmp_path: Path) -> None:
    (tmp_path / "my.rules").write_text(RULES + OWN)
    (tmp_path / "caps.csv").write_text("HCPCS,Most\nG0101,1\nG0102,2\n")
    words = (
        "import",
        "generic",
        "caps.csv",
        "--table",
        "acme",
        "--rules",
        "my.rules",
        "--into",
        "data",
        "--release",
        "1",
    )
    done = call(*words, "--column", "code=HCPCS")
    assert done.exit_code == 0, done.stderr
    assert "acme/limits  1  2 rows, for every date" in done.stdout
    done = call("check", claim(("G0101", 3)), "--rules", "my.rules", "--data", "data", "--only", "ACME")
    assert "ACME" in done.stdout
    assert done.exit_code == 1


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("import", "muee", "x.csv", "--into", "d"), "Did you mean `mue`?"),
        (("import", "mue"), "Name the files to import."),
        (("import", "mue", "x.csv"), "Say where the tables go"),
        (("import", "mue", "x.csv", "--into", "d", "--covers", "soon"), "`soon` is not a period"),
        (("import", "generic", "x.csv", "--into", "d", "--column", "code"), "does not map a column"),
        (("import", "generic", "x.csv", "--into", "d", "--table", "limit", "--rules", "my.rules"), "`limits`"),
        (("import", "mue", "x.csv", "--into", "d"), "There is no file x.csv."),
    ],
)
def test_what_is_asked_wrongly_is_said(words: tuple[str, ...], said: str) -> None:
    done = call(*words)
    assert done.exit_code == 2
    assert said in done.stderr


def test_the_folder_of_the_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SEQUELA_DATA", str(tmp_path / "mine"))
    assert call("import", "add-on", aoc_file(tmp_path).name).exit_code == 0
    assert (tmp_path / "mine/ncci/add-ons.table/2026q4.sqt").is_file()
