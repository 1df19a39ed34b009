"""Opening: the second start does without the parser, and gives the same rules."""

from pathlib import Path

import pytest

import sequela
from sequela.engine.diagnostics.model import RulesError
from sequela.engine.diagnostics.render import in_order, render
from sequela.engine.pipeline import opening
from sequela.engine.pipeline.files import SHIPPED
from sequela.engine.pipeline.opening import open_rulebook
from sequela.engine.pipeline.table_places import find_tables

MEDICARE = Path(sequela.__file__).parent / "payers" / "medicare-professional.rules"
DOUBTFUL = """ruleset doubtful "Doubtful"

table limits "Limits"
  file   "nowhere/limits"
  key    code of HCPCS
  value  units as number
  partial

rule ONE "Not more units than the limit"
  phase    units
  for each line visit
  look up limit in limits by visit.code
  require  visit.units is at most limit.units
  if fail  deny visit
  say      "{visit.code} has more than {limit.units} units."
"""


@pytest.fixture
def cached(tmp_path, monkeypatch):
    """A cache of its own; the compiler is gone once it was filled."""
    monkeypatch.setenv("SEQUELA_CACHE", str(tmp_path / "cache"))

    def twice(paths):
        first = open_rulebook(paths)
        with monkeypatch.context() as patched:
            patched.setattr(opening, "_compiler", lambda: pytest.fail("compiled once more"))
            return first, open_rulebook(paths)

    return twice


@pytest.mark.parametrize("paths", [[MEDICARE], SHIPPED], ids=["medicare", "all"])
def test_what_ships_is_compiled_once(cached, paths):
    first, second = cached(paths)
    assert second.payers == first.payers
    for payer in (None, *first.payers):
        assert list(second.selection(payer).rules) == list(first.selection(payer).rules)
    assert said(second) == said(first)


def test_warnings_come_back_too(cached, tmp_path):
    path = tmp_path / "doubtful.rules"
    path.write_text(DOUBTFUL)
    first, second = cached([path])
    assert [one.code for one in first.warnings] == ["SEQ450"]
    assert said(second) == said(first)


def said(rulebook):
    return [render(one) for one in in_order(rulebook.warnings)]


def test_a_table_that_breaks_after_its_digest_was_taken_is_said(tmp_path, monkeypatch):
    (tmp_path / "mine.rules").write_text(LOADED)
    table = tmp_path / "limits.csv"
    table.write_text("code,most\n99213,1\n")
    monkeypatch.setenv("SEQUELA_CACHE", str(tmp_path / "cache"))
    open_rulebook([tmp_path])
    digest = opening.files_digest(find_tables(open_rulebook([tmp_path]).rules.tables, ()))
    monkeypatch.setattr(opening, "files_digest", lambda places: digest)
    table.write_text("code,most\n99213,many\n")
    with pytest.raises(RulesError, match="SEQ463"):
        open_rulebook([tmp_path])


LOADED = """ruleset mine "Mine"
table limits "Limits"
  file  "limits.csv"
  key   code of HCPCS
  value most as number
  complete
rule A-1 "x"
  for each line x
  look up l in limits by x.code
  require x.units is at most l.most
  if fail deny x
"""
