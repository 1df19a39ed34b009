"""The notation of list cells and owners."""

import pytest

from sequela.engine.tables.codes import CodeRange, ExactCode, TextSet, UnderCode, like_pattern
from sequela.engine.tables.faults import CellFault, FaultKind
from sequela.engine.tables.notation import parse_owner, parse_set_notation
from sequela.engine.vocabulary.systems import System

ICD = System.ICD10CM


def test_every_kind_of_entry():
    found = parse_set_notation(ICD, "e11.9 , Under E08,V00..Y99, LIKE “s52.???a” except E08.0, under V01")
    assert found == TextSet(
        ICD,
        (ExactCode("E119", ICD), UnderCode("E08", ICD), CodeRange("V00", "Y99", ICD), like_pattern(ICD, "S52???A")),
        (ExactCode("E080", ICD), UnderCode("V01", ICD)),
    )


@pytest.mark.parametrize(
    "text",
    ["E11.9", "under E11", "E08 .. E13", 'like "S52.[1-4]??A"', "E11.9, E11.65 except E11.65", "E11.9, under Z79"],
)
def test_what_is_written_reads_the_same(text):
    assert parse_set_notation(ICD, text).written == text


def test_line_breaks_in_a_cell_are_blanks():
    assert parse_set_notation(ICD, "E11.9,\n under E08\n").written == "E11.9, under E08"


@pytest.mark.parametrize(
    ("text", "kind", "words"),
    [
        ("E11.9,", FaultKind.NOT_A_LIST, "a code is missing at its end"),
        (",E11.9", FaultKind.NOT_A_LIST, "a code is missing before `,`"),
        ("E11.9 E12", FaultKind.NOT_A_LIST, "a comma is missing before `E12`"),
        ("under", FaultKind.NOT_A_LIST, "a code is missing after `under`"),
        ("under, E11", FaultKind.NOT_A_LIST, "a code is missing after `under`"),
        ("E11 ..", FaultKind.NOT_A_LIST, "a code is missing after `..`"),
        (".. E11", FaultKind.NOT_A_LIST, "a code is missing before `..`"),
        ("like S52", FaultKind.NOT_A_LIST, "a pattern in quotes is missing after `like`"),
        ('"S52"', FaultKind.NOT_A_LIST, 'a code is missing before "S52"'),
        ("except E11", FaultKind.NOT_A_LIST, "a code is missing before `except`"),
        ("E11 except", FaultKind.NOT_A_LIST, "a code is missing at its end"),
        ("E11 except E11.9 except E11.8", FaultKind.NOT_A_LIST, "`except` stands twice"),
        ("E08-E13", FaultKind.NOT_A_LIST, "`-` has no meaning"),
        ("E11; E12", FaultKind.NOT_A_LIST, "`;` has no meaning"),
        ("E11.", FaultKind.NOT_A_LIST, "`.` has no meaning"),
        ("visits", FaultKind.NOT_A_CODE, "`VIS.ITS` is not a code"),
        ("E13 .. E08", FaultKind.NOT_A_RANGE, "wrong way round"),
        ('like "S52.???????A"', FaultKind.NOT_A_PATTERN, "characters"),
        ('like "S*"', FaultKind.NOT_A_PATTERN, "is not a pattern"),
        ("E11, E1.19", FaultKind.NOT_A_CODE, "`E1.19` is not a code"),
        ("under E1.19", FaultKind.NOT_A_CODE, "`E1.19` is not a code"),
        ("E08 .. E1.39", FaultKind.NOT_A_CODE, "`E1.39` is not a code"),
        ("E11, E1", FaultKind.NOT_A_CODE, "`E1` is not a code"),
        ("E11 except E1", FaultKind.NOT_A_CODE, "`E1` is not a code"),
    ],
)
def test_what_is_wrong_with_a_list(text, kind, words):
    fault = parse_set_notation(ICD, text)
    assert isinstance(fault, CellFault), fault
    assert fault.kind is kind
    assert words in fault.message


@pytest.mark.parametrize(("text", "hint"), [("E08-E13", "E08 .. E13"), ("E11; E12", "commas"), ("E11*", "under E08")])
def test_hints_show_the_notation(text, hint):
    assert hint in parse_set_notation(ICD, text).hint


@pytest.mark.parametrize(
    ("text", "owner"),
    [
        ("E11", "E11"),
        (" e11.6 ", "E116"),
        ("K50 .. K52", CodeRange("K50", "K52", ICD)),
        ("K50..K52", CodeRange("K50", "K52", ICD)),
    ],
)
def test_owners(text, owner):
    assert parse_owner(ICD, text) == owner


@pytest.mark.parametrize(
    ("text", "kind", "hint"),
    [
        ("under E11", FaultKind.NOT_A_CODE, "leave out `under`"),
        ("E11, E12", FaultKind.NOT_A_CODE, "one range"),
        ("K52 .. K50", FaultKind.NOT_A_RANGE, "K50 .. K52"),
        ("E1", FaultKind.NOT_A_CODE, "looks like E11.9"),
        ("E08-E13", FaultKind.NOT_A_CODE, "one range"),
    ],
)
def test_what_is_wrong_with_an_owner(text, kind, hint):
    fault = parse_owner(ICD, text)
    assert isinstance(fault, CellFault)
    assert fault.kind is kind
    assert hint in fault.hint
