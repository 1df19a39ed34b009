"""Opening: the second start does without the parser, and gives the same rules."""

from pathlib import Path

import pytest

import sequela
from sequela.engine.diagnostics.render import in_order, render
from sequela.engine.pipeline import opening
from sequela.engine.pipeline.files import SHIPPED
from sequela.engine.pipeline.opening import open_rulebook

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
