"""Written sets of codes: what they hold, what decided, how they are written, and what is wrong with an entry."""

import csv
from pathlib import Path

import pytest
from attrs import frozen

from sequela.engine.tables.codes import (
    CodeRange,
    ExactCode,
    LikePattern,
    TextSet,
    UnderCode,
    begins_code,
    code_fault,
    entry_fault,
    like_pattern,
)
from sequela.engine.tables.faults import CellFault, FaultKind
from sequela.engine.tables.notation import parse_set_notation
from sequela.engine.vocabulary.systems import System, normal

ICD = System.ICD10CM
TRUTH = Path(__file__).parents[2] / "truth" / "code-sets.csv"


def truth():
    with TRUTH.open(newline="", encoding="utf-8") as lines:
        return [tuple(row) for row in list(csv.reader(lines, delimiter=";"))[1:]]


@pytest.mark.parametrize(("system", "written", "code", "answer"), truth())
def test_membership(system, written, code, answer):
    codes = parse_set_notation(System(system), written)
    assert isinstance(codes, TextSet), codes
    assert codes.contains(normal(System(system), code)) is (answer == "yes")


@frozen
class Listed:
    codes: tuple[str, ...]


DIABETES = TextSet(
    ICD,
    (CodeRange("E08", "E13", ICD), UnderCode("O24", ICD), ExactCode("R739", ICD), like_pattern(ICD, "Z79.8?")),
    (UnderCode("O244", ICD), ExactCode("E139", ICD)),
)


def test_what_decided_is_the_first_entry_that_holds_the_code():
    assert DIABETES.entry_of("E119") == CodeRange("E08", "E13", ICD)
    assert DIABETES.entry_of("R739") == ExactCode("R739", ICD)
    assert DIABETES.entry_of("J069") is None
    assert DIABETES.entry_of("E139") == CodeRange("E08", "E13", ICD)
    assert DIABETES.exception_of("E139") == ExactCode("E139", ICD)
    assert DIABETES.exception_of("E119") is None


def test_a_set_is_written_with_dots():
    assert DIABETES.written == 'E08 .. E13, under O24, R73.9, like "Z79.8?" except under O24.4, E13.9'


@pytest.mark.parametrize(
    ("pattern", "written"),
    [("s52???a", 'like "S52.???A"'), ("Z3[A].??", 'like "Z3[A].??"'), ("E11", 'like "E11"')],
)
def test_a_pattern_is_written_with_the_dot_after_its_third_place(pattern, written):
    assert like_pattern(ICD, pattern).written == written


def test_patterns_of_other_systems_have_no_dot():
    assert like_pattern(System.HCPCS, "992??").written == 'like "992??"'


def test_expansion_follows_the_catalogue_and_leaves_exceptions_out():
    catalogue = Listed(("E119", "A001", "E139", "O24410", "O2401", "R739", "Z798", "Z7984"))
    assert DIABETES.expand(catalogue) == ("E119", "O2401", "R739", "Z7984")


def test_without_a_catalogue_only_codes_that_stand_alone_are_listed():
    codes = TextSet(
        ICD, (ExactCode("E119", ICD), UnderCode("E10", ICD), ExactCode("E138", ICD), ExactCode("E119", ICD))
    )
    assert codes.expand(None) == ("E119", "E138")
    assert [(count.written, count.count) for count in codes.counts(None)][:2] == [("E11.9", 1), ("under E10", None)]


def test_entries_are_counted_each_by_itself():
    catalogue = Listed(("E119", "E139", "O2401", "O24410", "R739"))
    assert [(count.written, count.count, count.subtracts) for count in DIABETES.counts(catalogue)] == [
        ("E08 .. E13", 2, False),
        ("under O24", 2, False),
        ("R73.9", 1, False),
        ('like "Z79.8?"', 0, False),
        ("under O24.4", 1, True),
        ("E13.9", 1, True),
    ]


def test_sets_are_equal_by_what_is_written():
    assert TextSet(ICD, (ExactCode("E119", ICD),)) == TextSet(ICD, (ExactCode("E119", ICD),))
    asked = TextSet(ICD, (ExactCode("E119", ICD),), (ExactCode("E11", ICD),))
    asked.contains("E119")
    assert asked == TextSet(ICD, (ExactCode("E119", ICD),), (ExactCode("E11", ICD),))


@pytest.mark.parametrize(
    "entry",
    [
        ExactCode("E119", ICD),
        ExactCode("N18", ICD),
        UnderCode("0DT", System.ICD10PCS),
        UnderCode("207", System.TAXONOMY),
        CodeRange("99211", "99215", System.HCPCS),
        CodeRange("E08", "E1165", ICD),
        CodeRange("E11", "E11", ICD),
        CodeRange("021", "02Y", System.ICD10PCS),
        CodeRange("0001T", "0010T", System.CPT),
        LikePattern("S52???A", ICD),
        LikePattern("992[01]?", System.HCPCS),
    ],
)
def test_entries_without_fault(entry):
    assert entry_fault(entry) is None


@pytest.mark.parametrize(
    ("entry", "kind", "words"),
    [
        (ExactCode("E1", ICD), FaultKind.NOT_A_CODE, "`E1` is not a code of ICD10CM"),
        (ExactCode("9921", System.HCPCS), FaultKind.NOT_A_CODE, "`9921` is not a code of HCPCS"),
        (ExactCode("J0120", System.CPT), FaultKind.NOT_A_CODE, "`J0120` is not a code of CPT"),
        (UnderCode("E1", ICD), FaultKind.NOT_A_CODE, "`E1`"),
        (UnderCode("992134", System.HCPCS), FaultKind.NOT_A_CODE, "`992134`"),
        (CodeRange("E13", "E08", ICD), FaultKind.NOT_A_RANGE, "`E13 .. E08` stands the wrong way round"),
        (CodeRange("E119", "E11", ICD), FaultKind.NOT_A_RANGE, "`E11.9 .. E11` stands the wrong way round"),
        (CodeRange("9921", "99215", System.HCPCS), FaultKind.NOT_A_CODE, "`9921`"),
        (CodeRange("0001T", "00100", System.HCPCS), FaultKind.NOT_A_RANGE, "letters in the same places"),
        (CodeRange("99211", "J0120", System.HCPCS), FaultKind.NOT_A_RANGE, "letters in the same places"),
        (CodeRange("1", "05", System.POS), FaultKind.NOT_A_CODE, "`1` is not a code of POS"),
        (LikePattern("S5", ICD), FaultKind.NOT_A_PATTERN, "has 2 characters"),
        (LikePattern("992???", System.HCPCS), FaultKind.NOT_A_PATTERN, "has 6 characters"),
        (LikePattern("S52[4-1]", ICD), FaultKind.NOT_A_PATTERN, "`4-1`"),
        (LikePattern("S52[1-A]", ICD), FaultKind.NOT_A_PATTERN, "`1-A`"),
    ],
)
def test_entries_with_a_fault(entry, kind, words):
    fault = entry_fault(entry)
    assert fault is not None
    assert fault.kind is kind
    assert words in fault.message


def test_lost_leading_zeros_are_offered_again():
    assert code_fault(System.POS, "5").hint == "Leading zeros belong to a code: was `05` meant?"
    assert code_fault(System.NDC, "2322730").hint == "Leading zeros belong to a code: was `00002322730` meant?"


@pytest.mark.parametrize("text", ["", "S52.*", "S52[", "S52[]", "S52[1-]", "S52 | S53"])
def test_what_is_not_a_pattern(text):
    fault = like_pattern(ICD, text)
    assert isinstance(fault, CellFault)
    assert fault.kind is FaultKind.NOT_A_PATTERN


@pytest.mark.parametrize(
    ("system", "beginning", "answer"),
    [
        (System.HCPCS, "A", True),
        (System.HCPCS, "AB", False),
        (System.REVENUE, "045", True),
        (System.BILL_TYPE, "01", True),
        (System.SPECIALTY, "0", True),
        (System.TAXONOMY, "207Q00000Y", False),
        (ICD, "E1", False),
        (ICD, "E11", True),
        (System.POS, "", False),
    ],
)
def test_what_codes_can_begin_with(system, beginning, answer):
    assert begins_code(system, beginning) is answer
