"""The valid codes nearest to a code that is not."""

import lzma
from datetime import date
from pathlib import Path

import pytest

import sequela
from sequela.engine.tables.catalogue import Catalogue, catalogue_of
from sequela.engine.tables.load import load_rows
from sequela.engine.tables.model import Covers, KeyColumn, Table, TableShape, ValueColumn
from sequela.engine.tables.near_codes import MOST, NearCodes, codes_near
from sequela.engine.vocabulary.kinds import CodeOf, Scalar
from sequela.engine.vocabulary.systems import System

ICD = System.ICD10CM
ORDER = Path(sequela.__file__).parent.parent / "shared" / "data" / "tables" / "icd10cm_order_Jan2021.txt.xz"
DAY = date(2026, 3, 2)


def catalogue(*codes: str, headings: tuple[str, ...] = (), ended: tuple[str, ...] = ()) -> Catalogue:
    """A catalogue of billable codes, headings, and codes that were billable until the end of 2025."""
    shape = TableShape("c", "C", (KeyColumn("code", CodeOf(ICD)),), (ValueColumn("billable", Scalar.YES_NO),), defines=ICD,
                       in_force=("from", "to"), covers=Covers(date(2015, 10, 1), None))  # fmt: skip
    rows = [(code, "yes", "2015-10-01", "") for code in codes]
    rows += [(code, "no", "2015-10-01", "") for code in headings]
    rows += [(code, "yes", "2015-10-01", "2025-12-31") for code in ended]
    table = load_rows(shape, rows, file="c.rules")
    assert isinstance(table, Table), table
    return catalogue_of(table)


E11 = catalogue("E11.21", "E11.22", "E11.29", "E11.9", "E12.9", headings=("E11", "E11.2"), ended=("E11.3",))


@pytest.mark.parametrize(
    ("code", "near"),
    [
        ("E112", ("E1121", "E1122", "E1129")),  # a heading: what stands below it
        ("E11", ("E1121", "E1122", "E1129", "E119")),
        ("E1192", ("E1129", "E119", "E1122")),  # swapped; one too many; changed
        ("E11219", ("E1121", "E1129")),  # one too many, or in the wrong place
        ("E111", ("E1121", "E119")),  # one too few; changed
        ("E1186", ("E1121", "E1122", "E1129", "E119")),  # no slip: what begins alike
        ("E119", ("E1129", "E129")),  # valid itself: never among its own answers
        ("Z999", ()),
        ("Z9", ()),
    ],
)
def test_what_is_near(code: str, near: tuple[str, ...]) -> None:
    assert codes_near(E11, code, DAY) == NearCodes(near)


def test_only_what_is_valid_on_the_day_is_near() -> None:
    assert codes_near(E11, "E113", DAY) == NearCodes(("E119",))
    assert codes_near(E11, "E1139", date(2025, 12, 31)) == NearCodes(("E113", "E1129", "E119"))
    found = codes_near(E11, "E1139", date(2026, 1, 1))
    assert found is not None
    assert "E113" not in found.codes
    assert codes_near(E11, "E112", date(2015, 9, 30)) is None


def test_at_most_five_are_named_and_the_others_below_a_heading_are_counted() -> None:
    many = catalogue(*(f"S52.{place}{side}1" for place in range(4) for side in "01"), headings=("S52",))
    found = codes_near(many, "S52", DAY)
    assert found == NearCodes(("S52001", "S52011", "S52101", "S52111", "S52201"), 3)
    assert codes_near(many, "S52999", DAY) == found
    assert len(found.codes) == MOST


@pytest.mark.skipif(not ORDER.exists(), reason="the shared order file is not here")
def test_in_a_catalogue_of_full_size() -> None:
    shape = TableShape(
        "c", "C", (KeyColumn("code", CodeOf(ICD)),), (ValueColumn("billable", Scalar.YES_NO),), defines=ICD
    )
    lines = lzma.decompress(ORDER.read_bytes()).decode().splitlines()
    rows = [(line[6:14].strip(), "yes" if line[14] == "1" else "no") for line in lines]
    table = load_rows(shape, rows, file="order.txt")
    assert isinstance(table, Table)
    full = catalogue_of(table)
    assert codes_near(full, "E1121A", DAY) == NearCodes(("E1121",))
    assert codes_near(full, "M545X", DAY) == NearCodes(("M545",))
    below = codes_near(full, "S52501", DAY)
    assert below == NearCodes(("S52501A", "S52501B", "S52501C", "S52501D", "S52501E"), 11)
