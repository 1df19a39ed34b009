"""A claim checked by imported tables: the date picks the release, and the reasons name release, file and row."""

from datetime import date
from pathlib import Path

import pytest

from sequela.engine.explain.as_text import render_explanation
from sequela.engine.pipeline.opening import open_rulebook
from sequela.engine.pipeline.rulebook import Rulebook
from sequela.engine.tables.model import Covers, KeyColumn, TableShape, ValueColumn
from sequela.engine.vocabulary.kinds import CodeOf, Scalar
from sequela.engine.vocabulary.systems import System
from tables_made import write

HCPCS = CodeOf(System.HCPCS)
SHAPE = TableShape(
    "t",
    "T",
    (KeyColumn("column-1", HCPCS), KeyColumn("column-2", HCPCS)),
    (ValueColumn("indicator", Scalar.TEXT),),
    ("effective", "ended"),
)
RULES = """ruleset mine "Mine"

table edits "Pairs"
  file      "t"
  key       column-1 of HCPCS, column-2 of HCPCS
  value     indicator as text
  in force  effective to ended
  complete

codes listed of HCPCS
  from edits where indicator is "0"

rule PAIR "Two procedures are not paid together"
  phase     pairs
  for each  line one, other line two
  look up   edit in edits by one.code, two.code
  require   edit.indicator is "1"
  if fail   deny two
  say       "{two.code} is part of {one.code}."

rule LISTED "A procedure is in no edit"
  phase     pairs
  for each  line one
  forbidden when one.code is in listed
  if fail   deny one

rule NO-PAIR "Two procedures stand in the file"
  phase     pairs
  for each  line one, other line two
  require   edits lists (one.code, two.code)
  if fail   deny two
"""


@pytest.fixture
def rulebook(tmp_path: Path) -> Rulebook:
    path = tmp_path / "mine.rules"
    path.write_text(RULES, encoding="utf-8")
    first = [("17000", "99213", "0", "2020-01-01", "")]
    second = [("17000", "11200", "0", "2020-01-01", ""), ("17000", "99213", "1", "2020-01-01", "")]
    covers = (Covers(date(2020, 1, 1), date(2026, 3, 31)), Covers(date(2020, 1, 1), date(2026, 6, 30)))
    write(tmp_path, SHAPE, first, release="2026q1", covers=covers[0], files=("edits-q1.txt",), lines=[4711])
    write(tmp_path, SHAPE, second, release="2026q2", covers=covers[1], files=("edits-q2.txt",), lines=[17, 18])
    (tmp_path / "t.table" / "2026q2.sqt").rename(tmp_path / "later.sqt")
    return open_rulebook([path], use_cache=False)


def both(tmp_path: Path) -> Rulebook:
    (tmp_path / "later.sqt").rename(tmp_path / "t.table" / "2026q2.sqt")
    return open_rulebook([tmp_path / "mine.rules"], use_cache=False)


def claim(on: str | None) -> dict[str, object]:
    lines = [{"number": at, "code": code, "units": 1, "date": on} for at, code in enumerate(("17000", "99213"), 1)]
    return {"schema": "sequela.encounter/1", "id": "C-1", "setting": "professional", "lines": lines}


def statuses(rules: Rulebook, on: str | None) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for entry in rules.check(claim(on)).all_entries:
        found.setdefault(entry.rule, set()).add(entry.status)
    return found


def test_the_reasons_name_the_source_file_its_row_and_the_release(rulebook: Rulebook) -> None:
    ledger = rulebook.check(claim("2026-03-02"))
    (failure,) = [entry for entry in ledger.failures if entry.rule == "PAIR"]
    text = render_explanation(ledger.explain(failure), width=300)
    assert "row 4711 of edits (edits-q1.txt, release 2026q1)" in text
    explained = str(ledger.explain(failure).to_json())
    assert "'file': 'edits-q1.txt', 'release': '2026q1', 'row': 4711" in explained


def test_that_there_is_no_row_names_the_release_that_was_asked(rulebook: Rulebook) -> None:
    ledger = rulebook.check(claim("2026-03-02"))
    texts = [
        render_explanation(ledger.explain(entry), width=300) for entry in ledger.failures if entry.rule == "NO-PAIR"
    ]
    assert any("t.table, release 2026q1" in text for text in texts)


def test_another_release_changes_the_verdict_of_its_dates_and_no_others(rulebook: Rulebook, tmp_path: Path) -> None:
    assert statuses(rulebook, "2026-03-02")["PAIR"] == {"fail", "not applicable"}
    assert statuses(rulebook, "2026-04-02")["PAIR"] == {"not checked"}
    rules = both(tmp_path)
    assert statuses(rules, "2026-03-02")["PAIR"] == {"pass", "not applicable"}
    assert statuses(rules, "2026-04-02")["PAIR"] == {"pass", "not applicable"}
    assert statuses(rules, "2026-07-01")["PAIR"] == {"not checked"}
    ledger = rules.check(claim("2026-04-02"))
    (failure,) = [entry for entry in ledger.failures if entry.rule == "LISTED"]
    assert "row 17 of edits (edits-q2.txt, release 2026q2)" in render_explanation(ledger.explain(failure), width=300)


def test_while_the_date_is_unknown_nothing_is_certain_but_what_no_release_has(
    rulebook: Rulebook, tmp_path: Path
) -> None:
    found = statuses(both(tmp_path), None)
    assert found["PAIR"] == {"unknown", "not applicable"}
    assert found["LISTED"] == {"unknown", "pass"}
