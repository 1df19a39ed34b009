"""The command line as its three users meet it: exit statuses, what stands on which stream, and what bad input gets."""

import json
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

import sequela

ROOT = Path(sequela.__file__).parent
SAMPLES = ROOT / "tests" / "samples"
CLINIC = str(SAMPLES / "clinic-day.837")
TABLES = ("--data", str(SAMPLES / "tables"))


@pytest.fixture(scope="module")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("cache")


@pytest.fixture
def run(cache: Path):
    def call(*words: str, stdin: bytes = b"", **environment: str) -> subprocess.CompletedProcess[str]:
        env = {**os.environ, "SEQUELA_CACHE": str(cache), **environment}
        done = subprocess.run(
            [sys.executable, "-m", "sequela.cli", *words], input=stdin, capture_output=True, env=env, timeout=120
        )
        return subprocess.CompletedProcess(words, done.returncode, done.stdout.decode(), done.stderr.decode())

    return call


def clean_claim(identity: str = "C-1") -> dict[str, object]:
    return {
        "schema": "sequela.encounter/1",
        "id": identity,
        "setting": "professional",
        "payer": "medicare",
        "place": "11",
        "received": "2026-03-20",
        "billing": {"state": "TX"},
        "history": {"complete": True, "lines": []},
        "diagnoses": [{"code": "I10"}],
        "lines": [
            {"number": 1, "code": "99213", "units": 1, "date": "2026-03-02", "diagnoses": [1], "provider": "1234567893"}
        ],
    }


def claims_file(folder: Path, *claims: object) -> str:
    path = folder / "claims.jsonl"
    path.write_text("".join(json.dumps(one) + "\n" for one in claims))
    return str(path)


# ---------------------------------------------------------------- check


def test_a_table_of_claims_is_checked_and_explained_by_row_and_column(run, tmp_path: Path) -> None:
    rules = tmp_path / "one.rules"
    rules.write_text(
        'ruleset one "One"\n\nrule UNITS "One unit"\n  for each  line l\n  require   l.units is 1\n'
        "  require   patient.age is at least 18\n  if fail   deny l\n"
    )
    head = "id,line,kind,dos,pos,cpt,units,pt\n"
    (tmp_path / "claims.csv").write_text(
        f"{head}A,1,p,2026-03-02,11,99213,2,P\nB,1,p,2026-03-02,11,99213,x,P\nC,1,p,2026-03-02,11,99213,1,P\n"
    )
    (tmp_path / "members.csv").write_text("person_id,birth_date,gender\nP,1950-06-01,f\n")
    (tmp_path / "columns.toml").write_text(
        '[claim]\nid = "id"\ntype = "kind"\npatient.id = "pt"\n'
        '[line]\nnumber = "line"\ndate = "dos"\nplace = "pos"\ncode = "cpt"\nunits = "units"\n'
    )
    words = (
        "--rules",
        str(rules),
        "--members",
        str(tmp_path / "members.csv"),
        "--columns",
        str(tmp_path / "columns.toml"),
    )
    done = run("check", str(tmp_path / "claims.csv"), *words)
    assert done.returncode == 2
    assert "A  rulesets alone  DENY" in done.stdout
    assert "C  rulesets alone  clean" in done.stdout
    assert "SEQ733" in done.stderr
    assert "row 3, column units (claim B)" in done.stderr
    done = run("explain", str(tmp_path / "claims.csv"), "--claim", "A", "--as", "json", *words)
    assert '"place":"row 2, column units"' in done.stdout


def test_check_decides_a_day_of_claims_and_ends_with_a_table(run) -> None:
    done = run("check", CLINIC, *TABLES)
    assert done.returncode == 1
    assert "CD-002  medicare-professional  DENY" in done.stdout
    assert "99213 is on the same day as 17000" in done.stdout
    summary = done.stdout[done.stdout.index("Summary") :]
    assert "claims checked                                  12" in summary
    assert "A visit on the day of a minor procedure needs modifier 25" in summary
    assert "Traceback" not in done.stderr


def test_a_clean_file_exits_with_zero(run, tmp_path: Path) -> None:
    done = run("check", claims_file(tmp_path, clean_claim()), *TABLES)
    assert (done.returncode, "C-1  medicare-professional  clean" in done.stdout) == (0, True), done.stdout + done.stderr


def test_what_is_not_checked_is_no_pass(run, tmp_path: Path) -> None:
    file = claims_file(tmp_path, clean_claim())
    done = run("check", file)
    assert done.returncode == 1
    assert "tables of codes and edits are not there" in done.stderr
    assert "sequela import mue " in done.stderr
    (line,) = [line for line in done.stdout.splitlines() if line.startswith("  NOT CHECKED")]
    assert "not loaded (--all names them)" in line
    assert run("check", file, "--only-failures").returncode == 0


def test_json_is_one_ledger_to_a_line_and_nothing_else(run) -> None:
    done = run("check", CLINIC, *TABLES, "--as", "json")
    ledgers = [json.loads(line) for line in done.stdout.splitlines()]
    assert len(ledgers) == 12
    assert {one["schema"] for one in ledgers} == {"sequela.ledger/1"}
    flagged = next(one for one in ledgers if one["encounter"] == "CD-002")
    assert "MOD-25" in [entry["rule"] for entry in flagged["entries"]]


def test_the_same_input_gives_the_same_bytes(run) -> None:
    words = ("check", CLINIC, *TABLES, "--as", "json", "--all")
    assert run(*words, PYTHONHASHSEED="1").stdout == run(*words, PYTHONHASHSEED="2").stdout


def test_only_prints_the_findings_of_one_rule(run) -> None:
    done = run("check", CLINIC, *TABLES, "--only", "MOD-25")
    assert "MOD-25  line 1" in done.stdout
    assert "SEQ-CODE-FIRST  dx" not in done.stdout


def test_a_misspelt_rule_or_payer_gets_the_nearest_name(run) -> None:
    done = run("check", CLINIC, *TABLES, "--only", "MOD-52")
    assert (done.returncode, "MOD-5" in done.stderr or "MOD-25" in done.stderr) == (2, True)
    done = run("check", CLINIC, *TABLES, "--payer", "medicare-profesional")
    assert done.returncode == 2
    assert "Did you mean `medicare-professional`?" in done.stderr


def test_a_payer_asked_for_decides(run) -> None:
    done = run("check", CLINIC, *TABLES, "--payer", "northwind-ppo", "--as", "json")
    assert {json.loads(line)["payer"]["rules"] for line in done.stdout.splitlines()} == {"northwind-ppo"}


def test_standard_input_is_read(run, tmp_path: Path) -> None:
    done = run("check", "-", *TABLES, stdin=json.dumps(clean_claim()).encode())
    assert done.returncode == 0
    assert "C-1" in done.stdout


def test_a_broken_claim_is_named_and_the_next_one_is_checked(run, tmp_path: Path) -> None:
    broken = clean_claim("C-2")
    broken["lines"] = [{"number": 1, "code": "99213", "modifers": ["25"]}]
    done = run("check", claims_file(tmp_path, clean_claim("C-1"), broken, clean_claim("C-3")), *TABLES)
    assert done.returncode == 2
    assert "modifers" in done.stderr
    assert "modifiers" in done.stderr
    assert "C-2" in done.stderr
    assert "C-1  medicare-professional  clean" in done.stdout
    assert "C-3  medicare-professional  clean" in done.stdout
    assert "could not be read" in done.stdout


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("empty.837", b"", "There is nothing in the file"),
        ("rubbish.837", b"\x00\x01\x02" * 50, ""),
        ("latin.json", '{"schema": "sequela.encounter/1", "id": "é"}'.encode("latin-1"), "UTF-8"),
        ("cut.json", b'{"schema": "sequela.encounter/1", "id": "C-1", "setting": "prof', ""),
        ("list.csv", b"a,b\n1,2\n", ""),
    ],
)
def test_a_file_that_cannot_be_read_is_named(run, tmp_path: Path, name: str, content: bytes, words: str) -> None:
    file = tmp_path / name
    file.write_bytes(content)
    done = run("check", str(file), *TABLES)
    assert done.returncode == 2
    assert name in done.stderr
    assert words in done.stderr
    assert "Traceback" not in done.stderr


def test_a_missing_file_and_a_folder_are_named(run, tmp_path: Path) -> None:
    done = run("check", str(tmp_path / "nothing.837"), str(tmp_path), *TABLES)
    assert done.returncode == 2
    assert "There is no such file" in done.stderr
    assert "folder" in done.stderr


def test_a_truncated_837_keeps_the_claims_before_the_cut(run, tmp_path: Path) -> None:
    whole = Path(CLINIC).read_bytes()
    file = tmp_path / "cut.837"
    file.write_bytes(whole[: whole.index(b"CLM*CD-005") + 40])
    done = run("check", str(file), *TABLES)
    assert done.returncode == 2
    for claim in ("CD-001", "CD-002", "CD-003", "CD-004"):
        assert claim in done.stdout
    assert "cut.837" in done.stderr


def test_broken_rules_stop_with_every_fault(run, tmp_path: Path) -> None:
    rules = tmp_path / "mine.rules"
    rules.write_text(
        'ruleset mine "Mine"\n\nrule A-1 "One"\n  for each line x in vistis\n  forbidden\n  if fail deny x\n\n'
        'rule A-2 "Two"\n  for each line y\n  require y.units = 1\n  if fail deny y\n'
    )
    done = run("check", CLINIC, "--rules", str(rules))
    assert done.returncode == 2
    assert done.stdout == ""
    assert "mine.rules:4:22" in done.stderr
    assert "vistis" in done.stderr
    assert "mine.rules:10:19" in done.stderr
    assert "2 errors" in done.stderr


def listens_to_an_interrupt() -> None:
    """What runs in the background of a shell is deaf to it, and so would be what it starts."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def test_an_interrupt_prints_what_was_finished(cache: Path, tmp_path: Path) -> None:
    file = tmp_path / "many.jsonl"
    file.write_text("".join(json.dumps(clean_claim(f"C-{number}")) + "\n" for number in range(200_000)))
    env = {**os.environ, "SEQUELA_CACHE": str(cache)}
    out, err = tmp_path / "out", tmp_path / "err"
    with out.open("w") as stdout, err.open("w") as stderr:
        words = [sys.executable, "-m", "sequela.cli", "check", str(file), *TABLES]
        process = subprocess.Popen(words, stdout=stdout, stderr=stderr, env=env, preexec_fn=listens_to_an_interrupt)
        try:
            for _ in range(600):
                time.sleep(0.1)
                if out.stat().st_size > 10_000:
                    break
            process.send_signal(signal.SIGINT)
            assert process.wait(timeout=60) == 2
        finally:
            process.kill()
    text = out.read_text()
    assert "C-1  medicare-professional  clean" in text
    assert "claims checked" in text
    assert "Interrupted" in err.read_text()
    assert "Traceback" not in err.read_text()


def test_a_reader_that_goes_away_is_no_fault(cache: Path) -> None:
    env = {**os.environ, "SEQUELA_CACHE": str(cache)}
    line = f"{sys.executable} -m sequela.cli fields | head -1"
    done = subprocess.run(["bash", "-c", line], capture_output=True, env=env, timeout=60)
    assert b"Traceback" not in done.stderr
    assert b"BrokenPipe" not in done.stderr


# ---------------------------------------------------------------- explain


def test_explain_says_why_and_what_would_change_it(run) -> None:
    done = run("explain", CLINIC, "--claim", "CD-002", *TABLES)
    assert done.returncode == 0
    for words in ("DENY  MOD-25  line 1", "It applies because", "It fails because", "What would change it",
                  "add modifier 25 to line 1", "NCCI Policy Manual for Medicare Services, 2026, I.D"):  # fmt: skip
        assert words in done.stdout


@pytest.mark.parametrize(
    "rule", ["MOD-50", "TELEHEALTH-PLACE", "ICD-VALID", "NCCI-ADD-ON", "SEQ-CODE-FIRST", "MUE-DAY"]
)
def test_explain_answers_for_passes_and_for_what_does_not_apply(run, rule: str) -> None:
    done = run("explain", CLINIC, "--claim", "CD-002", "--rule", rule, *TABLES)
    assert done.returncode == 0
    assert rule in done.stdout
    assert "pass" in done.stdout.lower() or "not applicable" in done.stdout.lower()


def test_explain_names_the_nearest_claim(run) -> None:
    done = run("explain", CLINIC, "--claim", "CD-02", *TABLES)
    assert done.returncode == 2
    assert "CD-002" in done.stderr


# ---------------------------------------------------------------- rule files and look-ups


def test_every_shipped_case_passes(run) -> None:
    done = run("test", "-v")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "0 failed" in done.stdout


def test_a_case_that_fails_says_what_came_instead(run, tmp_path: Path) -> None:
    rules = tmp_path / "mine.rules"
    rules.write_text(
        'ruleset mine "Mine"\n\nrule A-1 "One unit"\n  for each line x\n  require x.units is 1\n  if fail deny x\n\n'
        'test A-1\n  case "two units"\n    professional claim on 2026-03-02\n    line 99213 x 2\n    expect pass at line 1\n'
    )
    done = run("test", str(rules))
    assert done.returncode == 1
    assert "expect pass at line 1" in done.stdout
    assert "but A-1 is fail" in done.stdout


def test_shipped_rules_are_in_the_one_layout_and_give_no_lint(run) -> None:
    assert run("format", "--check", str(ROOT / "rulesets"), str(ROOT / "payers")).returncode == 0
    done = run("lint", *TABLES)
    assert done.returncode == 0, done.stderr


def test_format_mends_a_file_and_leaves_a_broken_one(run, tmp_path: Path) -> None:
    file = tmp_path / "mine.rules"
    file.write_text('ruleset mine "Mine"\ncodes a of HCPCS\n 99213,99214 # two\n')
    assert run("format", "--check", str(file)).returncode == 1
    assert run("format", str(file)).returncode == 0
    assert "  99213, 99214  # two\n" in file.read_text()
    assert run("format", "--check", str(file)).returncode == 0
    file.write_text(broken := 'ruleset mine "Mine\n')
    assert run("format", str(file)).returncode == 2
    assert file.read_text() == broken


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (("show", "MOD-25", "--payer", "northwind-ppo"), "northwind-ppo"),
        (("codes", "minor-procedures"), "17000 .. 17004"),
        (("rules",), "MOD-25"),
        (("fields", "line"), "units"),
        (("help", "SEQ203"), "SEQ203"),
        (("help",), "SEQ450"),
        (("lint", "--cost"), "MOD-25"),
    ],
)
def test_looking_things_up(run, words: tuple[str, ...], expected: str) -> None:
    done = run(*words)
    assert done.returncode in (0, 1), done.stderr
    assert expected in done.stdout
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    "words", [("show", "MOD-26"), ("codes", "vistis"), ("fields", "lyne"), ("help", "SEQ20"), ("rules", "--payer", "x")]
)
def test_looking_up_what_is_not_there(run, words: tuple[str, ...]) -> None:
    done = run(*words)
    assert done.returncode == 2
    assert "There is no" in done.stderr or "has no fields" in done.stderr
    assert "Traceback" not in done.stderr


# ---------------------------------------------------------------- starting


def modules_of(*words: str, **environment: str) -> set[str]:
    code = f"import sys\nsys.argv = {['sequela', *words]!r}\ntry:\n    from sequela.cli import main\n    main()\nexcept SystemExit:\n    pass\n" \
        "sys.stderr.write('MODULES ' + ' '.join(sys.modules))"  # fmt: skip
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, env={**os.environ, **environment}, timeout=60
    )
    return set(done.stderr.rpartition("MODULES ")[2].split())


def test_asking_for_help_loads_no_engine() -> None:
    loaded = modules_of("--help")
    assert "sequela.cli" in loaded
    assert "click" in loaded
    assert not loaded & {"lark", "attrs", "msgspec", "jsonschema", "pyarrow", "sequela.engine.pipeline"}


def test_a_second_start_does_not_parse(run, cache: Path) -> None:
    run("check", CLINIC, *TABLES)
    loaded = modules_of("check", CLINIC, *TABLES, SEQUELA_CACHE=str(cache))
    assert "sequela.engine.plan.run" in loaded
    assert not loaded & {"lark", "jsonschema", "pyarrow", "sequela.engine.syntax.parse"}


def test_shell_completion_knows_the_commands() -> None:
    env = {**os.environ, "_SEQUELA_COMPLETE": "bash_complete", "COMP_WORDS": "sequela ex", "COMP_CWORD": "1"}
    script = Path(sys.executable).parent / "sequela"
    said = subprocess.run([str(script)], capture_output=True, text=True, env=env, timeout=60)
    assert "explain" in said.stdout


def test_a_checkout_runs_without_being_installed(tmp_path: Path) -> None:
    words = [sys.executable, "-I", str(ROOT / "cli.py"), "--version"]
    done = subprocess.run(words, capture_output=True, text=True, cwd=tmp_path, timeout=60)
    assert "version" in done.stdout


def test_the_tables_that_are_not_there_are_counted_alike_at_the_start_and_at_the_end(run, tmp_path: Path) -> None:
    done = run("check", claims_file(tmp_path, clean_claim()))
    (before,) = re.findall(r"^(\d+) tables of codes and edits are not there", done.stderr, re.MULTILINE)
    (after,) = re.findall(r"^(\d+) tables are not loaded: name", done.stdout, re.MULTILINE)
    assert before == after
