"""The examples of a page do what it says: one that fails is answered by that code alone, a corrected one by nothing."""

import re
import shlex
from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner

from sequela.cli import main
from sequela.engine.cases.run import run_cases
from sequela.engine.diagnostics.model import Severity
from sequela.engine.diagnostics.registry import all_codes, page
from sequela.engine.encounter.read import read
from sequela.engine.model.lint import lint
from sequela.engine.pipeline.compile import compile_found
from sequela.engine.pipeline.files import MOST_BYTES, find_rule_files
from sequela.engine.tables.delimited import Batch
from sequela.engine.tables.model import KeyColumn, TableShape, ValueColumn
from sequela.engine.tables.store_format import Manifest
from sequela.engine.tables.store_write import write_release
from sequela.engine.vocabulary.kinds import CodeOf, Scalar
from sequela.engine.vocabulary.systems import System

SAID = re.compile(r"^(SEQ\d{3})  (warning: )?", re.MULTILINE)
SUFFIXES = {"encounter": "json", "x12": "837", "fhir": "json", "jsonl": "jsonl", "ndjson": "ndjson", "csv": "csv"}
RULES = "example.rules"
BESIDE = {"SEQ487": "SEQ488"}
"""A code that is said beside another one: an import that loses too many rows shows the first of them."""
SHOWN_ONLY = {
    "SEQ192": "a rule file of 20 MB has no place in a page",
    "SEQ459": "an imported table is no text",
    "SEQ901": "a process that ends; tests/engine/batch/test_worker_death.py ends some",
}
"""The codes whose failing example is described, in a block `text`; each has a test of its own below."""
ON = date(2026, 7, 1)


def examples(section):
    """One set of files per example without a name: (files, the name of the one to be read).

    A block `path` names the file to be read; one in `latin-1` is a file in that encoding. A block `shell` holds commands. A
    table of claims (`csv`) is read with the `columns.toml` and `members.csv` beside it.
    """
    beside = {
        example.name: example.text.encode("latin-1" if example.language == "latin-1" else "utf-8")
        for example in section
        if example.name
    }
    for example in section:
        if example.language in ("path", "shell"):
            yield beside, example.text.strip()
        elif example.name is None and example.language != "text":
            name = RULES if example.language == "rules" else f"example.{SUFFIXES[example.language]}"
            yield beside | {name: example.text.encode()}, name


def findings(code, files, name, folder, monkeypatch):
    """Every (code, severity) that is said about the example; what lint says only where the page is one of lint's."""
    for path, text in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(text)
    monkeypatch.chdir(folder)
    if name.startswith("sequela "):
        return commanded(name)
    if name.endswith(".rules"):
        made = compile_found(find_rule_files([Path(name)]))
        linted = lint(made.rules, made.files, made.given, made.tables, on=ON) if code.startswith("SEQ6") else ()
        tried = run_cases(made).diagnostics if made.is_sound else ()
        return [(found.code, found.severity) for found in (*made.diagnostics, *linted, *tried)]
    columns, members = (Path(one) if one in files else None for one in ("columns.toml", "members.csv"))
    return [
        (problem.code, Severity.ERROR if problem.fatal else Severity.WARNING)
        for claim in read(Path(name), members=members, columns=columns)
        for problem in claim.problems
    ]


def commanded(commands):
    """Every (code, severity) that commands say on standard error, one command to a line."""
    said = []
    for command in commands.splitlines():
        done = CliRunner().invoke(main, shlex.split(command)[1:])
        assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
        said += [(code, Severity.WARNING if warning else Severity.ERROR) for code, warning in SAID.findall(done.stderr)]
    return said


@pytest.mark.parametrize("code", all_codes())
def test_what_fails_is_answered_by_this_code_alone(code, tmp_path, monkeypatch):
    found = page(code)
    for number, (files, name) in enumerate(examples(found.fails)):
        (tmp_path / str(number)).mkdir()
        said = findings(code, files, name, tmp_path / str(number), monkeypatch)
        assert [one for one in said if one[0] != BESIDE.get(code)] == [(code, found.severity)]


@pytest.mark.parametrize("code", all_codes())
def test_what_is_corrected_is_answered_by_nothing(code, tmp_path, monkeypatch):
    found = page(code)
    for number, (files, name) in enumerate(examples(found.corrected)):
        (tmp_path / str(number)).mkdir()
        assert findings(code, files, name, tmp_path / str(number), monkeypatch) == []


def test_only_what_cannot_be_shown_is_not_run():
    described = {code for code in all_codes() if any(example.language == "text" for example in page(code).fails)}
    assert described == set(SHOWN_ONLY)


def test_a_rule_file_that_is_too_large(tmp_path):
    large = tmp_path / "large.rules"
    with large.open("wb") as stream:
        stream.truncate(MOST_BYTES + 1)
    assert [found.code for found in compile_found(find_rule_files([large])).diagnostics] == ["SEQ192"]


def test_a_declaration_that_does_not_fit_an_imported_table(tmp_path):
    code, units = KeyColumn("code", CodeOf(System.HCPCS)), ValueColumn("units", Scalar.NUMBER)
    manifest = Manifest(table="limits", title="T", source="limits.csv", publisher="P", release="2026q4")
    write_release(tmp_path, TableShape("limits", "T", (code,), (units,)), [Batch((["G0104"], ["1"]), None)], manifest)
    rules = tmp_path / "mine.rules"
    rules.write_text(
        'ruleset mine "M"\n\ntable limits "T"\n  file "limits"\n  key code of HCPCS\n  value units as text\n  complete\n'
    )
    assert [found.code for found in compile_found(find_rule_files([rules])).diagnostics] == ["SEQ459"]
