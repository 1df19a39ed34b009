"""A catalogue that the author did not bring warns of codes that never were, and of nothing else."""

import pytest

from sequela.engine.diagnostics.model import Severity
from sequela.engine.pipeline.compile import compile_found
from sequela.engine.pipeline.files import texts_of
from sequela.engine.pipeline.shipped_catalogue import shipped_catalogue
from sequela.engine.vocabulary.systems import System

SET = """ruleset mine "Mine"

codes ulcers of ICD10CM
  {entries}
"""


@pytest.fixture(scope="module")
def beside():
    table = shipped_catalogue(System.ICD10CM)
    assert table is not None
    return {System.ICD10CM: table}


def said(text, beside):
    return [
        (one.code, one.severity, one.at.span.text)
        for one in compile_found(texts_of({"a.rules": text}), beside=beside).diagnostics
    ]


@pytest.mark.parametrize("entry", ["L97.4O1", "under Q99X", "I10.1"])
def test_a_code_that_never_was(beside, entry):
    assert said(SET.format(entries=f"{entry}, I10"), beside) == [("SEQ619", Severity.WARNING, entry)]


@pytest.mark.parametrize(
    "entry",
    [
        "E11", "under E11", "E11 .. E13", "M05 .. M1A", 'like "S?2.??XA"', 'like "Z99.O"',  # headings, ranges, patterns
        "B20", "N18.30", "N18.3", "E72.20", "U09.9", "J96.01, under L98.4",  # of this year and of others
    ],
)  # fmt: skip
def test_what_is_no_false_alarm(beside, entry):
    assert said(SET.format(entries=entry), beside) == []


def test_codes_in_conditions_too(beside):
    rule = """
source HANDBOOK
  title "Our handbook"

rule A "An ulcer"
  for each diagnosis dx in ulcers
  require  dx.code is not L97.4O1
  if fail  warn dx
  cite     HANDBOOK
"""
    assert said(SET.format(entries="under L97.4") + rule, beside) == [("SEQ619", Severity.WARNING, "L97.4O1")]


def test_a_catalogue_of_the_authors_own_is_asked_alone(beside):
    own = """
table mine "Mine"
  key       code of ICD10CM
  rows
    L97.4O1
  defines   ICD10CM
  complete
"""
    assert said(SET.format(entries="L97.4O1") + own, beside) == []


def test_without_one_nothing_is_said():
    assert said(SET.format(entries="L97.4O1"), {}) == []
