"""Where a table lies: without a suffix, in every data folder, imported or as a file; and what changes the key of the cache."""

import os
from datetime import date
from pathlib import Path

import pytest

from sequela.engine.model.nodes import TableDefinition
from sequela.engine.pipeline.compile import compile_found
from sequela.engine.pipeline.files import find_rule_files
from sequela.engine.pipeline.opening import open_rulebook
from sequela.engine.pipeline.table_files import files_digest
from sequela.engine.pipeline.table_places import SHIPPED_TABLES, TablePlace, data_folders, find_table, find_tables
from sequela.engine.tables.model import Covers, KeyColumn, TableShape, ValueColumn
from sequela.engine.vocabulary.kinds import CodeOf, Scalar
from sequela.engine.vocabulary.systems import System
from tables_made import write

SHAPE = TableShape("t", "T", (KeyColumn("code", CodeOf(System.HCPCS)),), (ValueColumn("units", Scalar.NUMBER),))
RULES = """ruleset mine "Mine"

table limits "Limits"
  file  "{file}"
  key   code of HCPCS
  value units as number
  complete

rule UNITS "A line has no more units than its limit"
  phase     units
  for each  line billed
  look up   limit in limits by billed.code
  forbidden when billed.units is more than limit.units
  if fail   deny billed
"""
Q1 = Covers(date(2026, 1, 1), date(2026, 3, 31))
Q2 = Covers(date(2026, 4, 1), date(2026, 6, 30))


@pytest.fixture(autouse=True)
def nowhere_else(monkeypatch):
    monkeypatch.delenv("SEQUELA_DATA", raising=False)


def rules(folder: Path, file: str = "a/limits") -> Path:
    path = folder / "rules" / "mine.rules"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(RULES.format(file=file), encoding="utf-8")
    return path


def text(path: Path, units: str = "1") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"code,units\n99213,{units}\n", encoding="utf-8")
    return path


def imported(folder: Path, release: str, covers: Covers, units: str = "1") -> Path:
    return write(folder, SHAPE, [("99213", units)], release=release, covers=covers)


def definition(path: Path) -> TableDefinition:
    return compile_found(find_rule_files([path])).definitions["mine/limits"]


@pytest.fixture
def move(tmp_path):
    """Puts a release of the table `t` where the rule file looks for it."""

    def moved(path: Path, folder: Path) -> Path:
        target = folder / "a" / "limits.table" / path.name
        target.parent.mkdir(parents=True, exist_ok=True)
        return path.rename(target)

    return moved


def test_folders_given_then_those_of_the_variable_then_what_ships(tmp_path, monkeypatch):
    one, two, three = tmp_path / "1", tmp_path / "2", tmp_path / "3"
    assert data_folders([one]) == (one, SHIPPED_TABLES)
    monkeypatch.setenv("SEQUELA_DATA", os.pathsep.join([str(two), "", str(one), str(three)]))
    assert data_folders([one]) == (one, two, three, SHIPPED_TABLES)


@pytest.mark.parametrize("suffix", [".csv", ".tsv", ".parquet"])
def test_a_name_without_a_suffix_is_a_file_of_any_kind(tmp_path, suffix):
    wanted = definition(rules(tmp_path))
    assert find_table(wanted, [tmp_path]) is None
    path = text(tmp_path / "a" / f"limits{suffix}")
    assert find_table(wanted, [tmp_path]) == TablePlace(file=path)


def test_an_imported_table_comes_before_a_file_in_its_folder_unless_the_file_is_named(tmp_path, move):
    release = move(imported(tmp_path, "q1", Q1), tmp_path)
    path = text(tmp_path / "a" / "limits.csv")
    assert find_table(definition(rules(tmp_path)), [tmp_path]) == TablePlace(releases=(release,))
    assert find_table(definition(rules(tmp_path, "a/limits.csv")), [tmp_path]) == TablePlace(file=path)
    assert find_table(definition(rules(tmp_path, "a/limits.tsv")), [tmp_path]) == TablePlace(releases=(release,))


def test_releases_are_gathered_from_all_folders_and_the_first_of_a_name_counts(tmp_path, move, monkeypatch):
    one, two = tmp_path / "1", tmp_path / "2"
    first = move(imported(one, "q1", Q1, "1"), one)
    move(imported(two, "q1", Q1, "9"), two)
    second = move(imported(two, "q2", Q2, "2"), two)
    monkeypatch.setenv("SEQUELA_DATA", str(two))
    path = rules(tmp_path)
    assert find_table(definition(path), [one]) == TablePlace(releases=(first, second))
    table = compile_found(find_rule_files([path]), [one]).tables["mine/limits"]
    units = [table.look_up(["99213"], day).rows[0].value("units") for day in (Q1.start, Q2.start)]
    assert units == [1, 2]


def test_what_stands_in_cases_stands_alone_for_cases(tmp_path, move):
    path = rules(tmp_path)
    brought = move(imported(tmp_path, "q2", Q2), tmp_path)
    own = move(imported(tmp_path, "q1", Q1), path.parent / "cases")
    assert find_table(definition(path), [tmp_path], for_cases=True) == TablePlace(releases=(own,))
    assert find_table(definition(path), [tmp_path]) == TablePlace(releases=(brought,))
    csv = text(path.parent / "a" / "limits.csv")
    assert find_table(definition(path), [tmp_path]) == TablePlace(file=csv)


def test_a_file_half_written_is_no_release(tmp_path, move):
    release = move(imported(tmp_path, "q1", Q1), tmp_path)
    (release.parent / ".q2.sqt.123").write_bytes(b"")
    (release.parent / "q1.rejects.csv").write_text("file,row\n")
    assert find_table(definition(rules(tmp_path)), [tmp_path]) == TablePlace(releases=(release,))
    (tmp_path / "b" / "limits.table").mkdir(parents=True)
    assert find_table(definition(rules(tmp_path, "b/limits")), [tmp_path]) is None


def test_a_name_that_is_nearly_there(tmp_path, move):
    move(imported(tmp_path, "q1", Q1), tmp_path)
    for file in ("a/limit", "a/limit.csv"):
        (said,) = compile_found(find_rule_files([rules(tmp_path, file)]), [tmp_path]).diagnostics
        assert said.code == "SEQ450"
        assert f"`limits{Path(file).suffix}`" in said.hint


def test_the_key_of_the_cache_is_in_the_header_of_a_release(tmp_path, move):
    wanted = {"mine/limits": definition(rules(tmp_path))}
    absent = files_digest(find_tables(wanted, [tmp_path]))
    release = move(imported(tmp_path, "q1", Q1, "1"), tmp_path)
    one = files_digest(find_tables(wanted, [tmp_path]))
    data = release.read_bytes()
    release.write_bytes(data[:64])
    assert files_digest(find_tables(wanted, [tmp_path])) != one  # its length is not what the header says
    release.write_bytes(data)
    assert files_digest(find_tables(wanted, [tmp_path])) == one != absent
    move(imported(tmp_path, "q1", Q1, "2"), tmp_path)
    assert files_digest(find_tables(wanted, [tmp_path])) not in (one, absent)


def test_a_rulebook_from_the_cache_asks_the_release_that_is_there_now(tmp_path, move, monkeypatch):
    monkeypatch.setenv("SEQUELA_CACHE", str(tmp_path / "cache"))
    path = rules(tmp_path)

    def units() -> object:
        table = open_rulebook([path], data=[tmp_path]).tables["mine/limits"]
        return table.look_up(["99213"], Q1.start).rows[0].value("units")

    move(imported(tmp_path, "q1", Q1, "1"), tmp_path)
    assert (units(), units()) == (1, 1)
    move(imported(tmp_path, "q1", Q1, "2"), tmp_path)
    assert units() == 2
