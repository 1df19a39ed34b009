"""The text of a cell and its value."""

from datetime import date
from decimal import Decimal

import pytest

from sequela.engine.tables.cells import cell_reader, key_reader, period_end, period_start
from sequela.engine.tables.codes import CodeRange, TextSet
from sequela.engine.tables.faults import CellFault, FaultKind
from sequela.engine.tables.model import OPEN_END, OPEN_START, KeyColumn
from sequela.engine.vocabulary.absent import NONE
from sequela.engine.vocabulary.kinds import CodeOf, CodesOf, Scalar, WordOf
from sequela.engine.vocabulary.systems import System

SEX = WordOf("sex", ("female", "male"))
ICD = CodeOf(System.ICD10CM)


@pytest.mark.parametrize(
    ("kind", "text", "value"),
    [
        (Scalar.TEXT, " Two  words ", "Two  words"),
        (Scalar.NUMBER, "8", 8),
        (Scalar.NUMBER, " -2.50 ", Decimal("-2.5")),
        (Scalar.NUMBER, "8.0", 8),
        (Scalar.MONEY, "1234.5", Decimal("1234.50")),
        (Scalar.DATE, "2026-03-02", date(2026, 3, 2)),
        (Scalar.DATE, "9999-12-31", date(9999, 12, 31)),
        (Scalar.YES_NO, "Yes", True),
        (Scalar.YES_NO, "TRUE", True),
        (Scalar.YES_NO, "y", True),
        (Scalar.YES_NO, "1", True),
        (Scalar.YES_NO, "No", False),
        (Scalar.YES_NO, "false", False),
        (Scalar.YES_NO, "n", False),
        (Scalar.YES_NO, "0", False),
        (SEX, "Female", "female"),
        (ICD, "e11.9", "E119"),
        (CodeOf(System.POS), "05", "05"),
    ],
)
def test_values(kind, text, value):
    found = cell_reader(kind)(text)
    assert found == value
    assert type(found) is type(value)


@pytest.mark.parametrize("kind", [*Scalar, SEX, ICD, CodesOf(System.ICD10CM)])
@pytest.mark.parametrize("text", ["", "  "])
def test_an_empty_cell_is_none(kind, text):
    assert cell_reader(kind)(text) is NONE


@pytest.mark.parametrize(
    ("kind", "text", "fault", "words"),
    [
        (Scalar.NUMBER, "1,000", FaultKind.NOT_A_VALUE, "`1,000` is not a number"),
        (Scalar.NUMBER, "1e3", FaultKind.NOT_A_VALUE, "`1e3` is not a number"),
        (Scalar.NUMBER, "NaN", FaultKind.NOT_A_VALUE, "`NaN`"),
        (Scalar.NUMBER, "²", FaultKind.NOT_A_VALUE, "`²`"),
        (Scalar.MONEY, "$12.00", FaultKind.NOT_A_VALUE, "`$12.00` is not an amount of money"),
        (Scalar.MONEY, "12.005", FaultKind.NOT_A_VALUE, "`12.005`"),
        (Scalar.DATE, "03/02/2026", FaultKind.NOT_A_VALUE, "`03/02/2026` is not a date"),
        (Scalar.DATE, "20260302", FaultKind.NOT_A_VALUE, "`20260302` is not a date"),
        (Scalar.DATE, "2026-W10-1", FaultKind.NOT_A_VALUE, "is not a date"),
        (Scalar.DATE, "2026-02-30", FaultKind.NOT_A_VALUE, "a day that no calendar has"),
        (Scalar.YES_NO, "maybe", FaultKind.NOT_A_VALUE, "`maybe` is not yes or no"),
        (SEX, "f", FaultKind.NOT_A_VALUE, "not one of the words of sex"),
        (ICD, "E08 .. E13", FaultKind.NOT_A_CODE, "`E08 .. E13` is not a code of ICD10CM"),
        (ICD, "E11.6.5", FaultKind.NOT_A_CODE, "`E11.6.5`"),
        (ICD, "E1.19", FaultKind.NOT_A_CODE, "`E1.19`"),
        (ICD, "E11 9", FaultKind.NOT_A_CODE, "`E11 9`"),
        (CodeOf(System.DRG), "47.0", FaultKind.NOT_A_CODE, "`47.0` is not a code of DRG"),
        (CodeOf(System.NDC), "00002-3227-30", FaultKind.NOT_A_CODE, "`00002-3227-30`"),
        (ICD, "E1", FaultKind.NOT_A_CODE, "`E1` is not a code of ICD10CM"),
        (CodesOf(System.ICD10CM), "E11 E12", FaultKind.NOT_A_LIST, "a comma is missing"),
    ],
)
def test_faults(kind, text, fault, words):
    found = cell_reader(kind)(text)
    assert isinstance(found, CellFault)
    assert found.kind is fault
    assert words in found.message


@pytest.mark.parametrize("text", ["E11, E12", "under E11", "E08 .. E13"])
def test_a_list_in_a_column_of_single_codes_is_told_apart(text):
    assert "one code in each cell" in cell_reader(ICD)(text).hint


def test_a_date_written_another_way_is_told_why():
    assert "day and month" in cell_reader(Scalar.DATE)("3/2/26").hint
    assert "day and month" not in cell_reader(Scalar.DATE)("soon").hint


def test_keys():
    assert key_reader(KeyColumn("owner", ICD, "under"))("K50 .. K52") == CodeRange("K50", "K52", System.ICD10CM)
    assert key_reader(KeyColumn("owner", ICD, "under"))("k50.1") == "K501"
    assert isinstance(key_reader(KeyColumn("dx", CodesOf(System.ICD10CM), "in"))("K50, K51"), TextSet)
    assert key_reader(KeyColumn("plan", Scalar.TEXT))("PPO") == "PPO"


@pytest.mark.parametrize("match", ["exact", "under", "in"])
def test_an_empty_key_is_a_fault(match):
    kind = CodesOf(System.ICD10CM) if match == "in" else ICD
    assert key_reader(KeyColumn("code", kind, match))(" ").kind is FaultKind.EMPTY_KEY


def test_periods():
    assert period_start("") == OPEN_START
    assert period_end(" ") == OPEN_END
    assert period_end("Onward") == OPEN_END
    assert period_start("2026-03-02") == date(2026, 3, 2).toordinal()
    assert period_end("9999-12-31") < OPEN_END
    assert isinstance(period_start("onward"), CellFault)
    assert isinstance(period_end("12/31/2026"), CellFault)
