"""Rule files on disk: what is given, what is used, and what cannot be read."""

from pathlib import Path

import pytest

from sequela.engine.pipeline.compile import compile_found
from sequela.engine.pipeline.files import MOST_BYTES, SHIPPED, declared_name, find_rule_files


def write(folder: Path, name: str, text: str) -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    return path


def names(texts) -> list[str | None]:
    return [declared_name(one.source.text) for one in texts]


def test_a_used_ruleset_is_found_beside_the_file_by_its_declared_name(tmp_path: Path) -> None:
    mine = write(tmp_path, "a.rules", '# a remark\n\nruleset mine "Mine"\n\nuse other\n')
    write(tmp_path, "whatever.rules", 'ruleset other "Other"\n')
    found = find_rule_files([mine])
    assert (names(found.given), names(found.used)) == (["mine"], ["other"])


def test_a_used_ruleset_may_lie_in_a_folder_of_its_name_or_in_the_folder_above(tmp_path: Path) -> None:
    mine = write(tmp_path, "a/mine.rules", 'ruleset mine "Mine"\n\nuse near, above, cousin, far\n')
    write(tmp_path, "a/near/near.rules", 'ruleset near "N"\n')
    write(tmp_path, "above.rules", 'ruleset above "A"\n')
    write(tmp_path, "cousin/anything.rules", 'ruleset cousin "C"\n')
    write(tmp_path, "b/far.rules", 'ruleset far "F"\n')
    assert names(find_rule_files([mine]).used) == ["near", "above", "cousin"]


def test_paths_without_a_folder_have_one_above_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path, "a/mine.rules", 'ruleset mine "Mine"\n\nuse above\n')
    write(tmp_path, "above.rules", 'ruleset above "A"\n')
    monkeypatch.chdir(tmp_path / "a")
    (tmp_path / "a" / "b").mkdir()
    assert names(find_rule_files([Path("mine.rules")]).used) == ["above"]
    monkeypatch.chdir(tmp_path / "a" / "b")
    assert names(find_rule_files([Path("../mine.rules")]).used) == ["above"]


def test_every_ruleset_that_ships_is_found_by_its_name(tmp_path: Path) -> None:
    shipped = {declared_name(path.read_text(encoding="utf-8")) for path in SHIPPED[0].rglob("*.rules")}
    mine = write(tmp_path, "a/mine.rules", f'ruleset mine "Mine"\n\nuse {", ".join(sorted(map(str, shipped)))}\n')
    assert set(names(find_rule_files([mine]).used)) == shipped


@pytest.mark.parametrize(
    "file", [file for folder in SHIPPED for file in sorted(folder.rglob("*.rules"))], ids=lambda file: file.stem
)
def test_what_ships_is_called_what_it_declares(file: Path) -> None:
    assert declared_name(file.read_text(encoding="utf-8")) == file.stem


def test_the_files_given_come_before_those_beside_and_those_before_the_shipped_ones(tmp_path: Path) -> None:
    mine = write(tmp_path, "mine/a.rules", 'ruleset mine "Mine"\n\nuse icd10cm, ncci\n')
    beside = write(tmp_path, "mine/b.rules", 'ruleset icd10cm "Mine of it"\n')
    given = write(tmp_path, "far/c.rules", 'ruleset icd10cm "The one given"\n')
    found = find_rule_files([mine, given])
    assert beside not in [one.path for one in found.used]
    assert "ncci" in names(found.used)
    assert "icd10cm" not in names(found.used)
    alone = find_rule_files([mine])
    assert next(one.path for one in alone.used) == beside


def test_a_payer_brings_what_it_stands_over(tmp_path: Path) -> None:
    top = write(tmp_path, "top.rules", 'payer top "Top" over base\n')
    write(tmp_path, "base.rules", 'payer base "Base"\n\nuse mine\n')
    write(tmp_path, "mine.rules", 'ruleset mine "Mine"\n')
    assert names(find_rule_files([top]).used) == ["base", "mine"]


def test_a_used_ruleset_that_is_nowhere_is_said_at_the_use(tmp_path: Path) -> None:
    mine = write(tmp_path, "a.rules", 'ruleset mine "Mine"\n\nuse profesional\n')
    compiled = compile_found(find_rule_files([mine]))
    (error,) = [one for one in compiled.diagnostics if one.is_error]
    assert "profesional" in error.message
    assert error.at.span.line == 3


@pytest.mark.parametrize(
    ("name", "content", "code", "words"),
    [
        ("latin.rules", 'ruleset mine "café"\n'.encode("latin-1"), "SEQ191", "line 1"),
        ("word.rules", b"PK\x03\x04" + b"\xff" * 30, "SEQ191", "plain text"),
        ("large.rules", b"#" * (MOST_BYTES + 1), "SEQ192", "larger than 20 MB"),
    ],
)
def test_a_file_that_cannot_be_read_is_named(tmp_path: Path, name: str, content: bytes, code: str, words: str) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    (error,) = find_rule_files([path]).diagnostics
    assert error.code == code
    assert words in error.message + str(error.hint)


def test_a_misspelt_path_and_an_empty_folder_are_named(tmp_path: Path) -> None:
    write(tmp_path, "mine.rules", 'ruleset mine "Mine"\n')
    (tmp_path / "empty").mkdir()
    found = find_rule_files([tmp_path / "mien.rules", tmp_path / "empty"])
    assert [one.code for one in found.diagnostics] == ["SEQ190", "SEQ190"]
    assert "mine.rules" in str(found.diagnostics[0].hint)


TABLE = """ruleset mine "Mine"

table fees "Fees"
  file  "fees.csv"
  key   code of HCPCS
  complete
"""


def test_a_table_file_lies_beside_its_rules_else_in_a_data_folder_and_first_in_cases_for_cases(tmp_path: Path) -> None:
    found = find_rule_files([write(tmp_path, "rules/mine.rules", TABLE)])
    data = [tmp_path / "data"]
    missing = compile_found(found, data)
    assert missing.is_sound
    assert [one.code for one in missing.diagnostics] == ["SEQ450"]
    write(tmp_path, "data/fees.csv", "code\n99213\n")
    assert compile_found(found, data).tables["mine/fees"].count == 1
    write(tmp_path, "rules/fees.csv", "code\n99213\n99214\n")
    assert compile_found(found, data).tables["mine/fees"].count == 2
    write(tmp_path, "rules/cases/fees.csv", "code\n99213\n99214\n99215\n")
    assert compile_found(found, data).tables["mine/fees"].count == 2
    assert compile_found(found, data, for_cases=True).tables["mine/fees"].count == 3
