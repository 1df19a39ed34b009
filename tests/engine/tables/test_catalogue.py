"""The catalogue of a code system: what is valid when, what stands below what, what a code means."""

import lzma
from datetime import date
from pathlib import Path

import pytest

import sequela
from sequela.engine.tables.catalogue import Catalogue, RangeDifference, catalogue_of
from sequela.engine.tables.codes import CodeRange, TextSet, UnderCode
from sequela.engine.tables.load import load_rows
from sequela.engine.tables.model import KeyColumn, Table, TableShape, ValueColumn
from sequela.engine.vocabulary.kinds import CodeOf, Scalar
from sequela.engine.vocabulary.systems import System

ICD = System.ICD10CM
ORDER = Path(sequela.__file__).parent.parent / "shared" / "data" / "tables" / "icd10cm_order_Jan2021.txt.xz"


def shape(system=ICD, values=("billable", "description"), **more):
    kinds = {"billable": Scalar.YES_NO, "description": Scalar.TEXT}
    columns = tuple(ValueColumn(name, kinds[name]) for name in values)
    return TableShape("c", "C", (KeyColumn("code", CodeOf(system)),), columns, defines=system, **more)


def catalogue(rows, made_of=None):
    table = load_rows(made_of or shape(in_force=("from", "to")), rows, file="c.rules")
    assert isinstance(table, Table), table
    return catalogue_of(table)


G35 = catalogue(
    [
        ("G35", "yes", "Multiple sclerosis", "2015-10-01", "2025-09-30"),
        ("G35", "no", "Multiple sclerosis (heading)", "2025-10-01", ""),
        ("G35.A", "yes", "Relapsing", "2025-10-01", ""),
        ("N18", "no", "Kidney disease", "2015-10-01", ""),
        ("N18.9", "yes", "Kidney disease, unspecified", "2015-10-01", ""),
        ("N18.30", "yes", "", "2020-10-01", ""),
        ("I10", "yes", "Hypertension", "2015-10-01", ""),
    ]
)


def test_what_the_system_ever_had():
    assert G35.codes == ("G35", "G35A", "N18", "N189", "N1830", "I10")
    assert G35.had("G35")
    assert not G35.had("G36")


@pytest.mark.parametrize(
    ("code", "day", "answer"),
    [
        ("G35", date(2025, 9, 30), True),
        ("G35A", date(2025, 9, 30), False),
        ("G35A", date(2025, 10, 1), True),
        ("G36", date(2025, 10, 1), False),
        ("G35", date(2015, 9, 30), None),
    ],
)
def test_what_is_valid_on_a_day(code, day, answer):
    assert G35.on(code, day) is answer


@pytest.mark.parametrize(
    ("code", "start", "end", "answer"),
    [
        ("G35A", None, date(2025, 9, 30), False),
        ("G35A", None, date(2025, 10, 1), True),
        ("G35A", date(2030, 1, 1), None, True),
        ("N1830", date(2015, 1, 1), date(2020, 9, 30), False),
        ("G36", None, None, False),
    ],
)
def test_what_is_valid_on_any_day_of_a_period(code, start, end, answer):
    assert G35.valid_between(code, start, end) is answer


@pytest.mark.parametrize(
    ("code", "answer"), [("N18", True), ("G35", False), ("N189", False), ("I10", False), ("N1", False)]
)
def test_a_heading_has_codes_below_it_and_was_never_billable(code, answer):
    assert G35.is_heading(code) is answer


def test_without_a_billable_column_whatever_has_codes_below_it_is_a_heading():
    plain = catalogue([("G35",), ("G35.A",)], shape(values=()))
    assert plain.is_heading("G35")
    assert not plain.is_heading("G35A")
    assert plain.description("G35") is None


def test_what_stands_below():
    assert G35.below("N18") == ("N1830", "N189")
    assert G35.below("I10") == ()


def test_the_nearest_codes():
    assert G35.nearest("G35B")[0] in {"G35", "G35A"}
    assert "N1830" in G35.nearest("N1831")
    assert G35.nearest("Z999") == ()


def test_where_no_code_is_near_some_of_the_category_are_named():
    billable = catalogue([("N18.9",), ("N18.30",), ("I10",)], shape(values=()))
    assert billable.nearest("N18ZZZ") == ("N1830", "N189")
    assert billable.nearest("N18ZZZ", n=1) == ("N1830",)
    assert billable.nearest("Z99") == ()


def test_what_a_code_means():
    assert G35.description("G35") == "Multiple sclerosis (heading)"
    assert G35.description("G35", date(2020, 1, 1)) == "Multiple sclerosis"
    assert G35.description("N1830") is None
    assert G35.description("Z00") is None


def test_the_rows_of_a_code():
    assert [row.number for row in G35.rows("G35")] == [1, 2]
    assert G35.rows("Z00") == ()


BOOK = catalogue(
    [(code,) for code in ("M05", "M08", "M08.1", "M1A", "M1A.0", "M10", "M14", "M14.8", "M15")], shape(values=())
)


def test_the_order_of_the_book_and_that_of_the_text():
    assert BOOK.codes_between("M05", "M14") == ("M05", "M08", "M081", "M1A", "M1A0", "M10", "M14", "M148")
    assert BOOK.range_difference(CodeRange("M05", "M14", ICD)) == RangeDifference(("M1A",), ())
    assert BOOK.range_difference(CodeRange("M08", "M1A", ICD)) == RangeDifference((), ("M10", "M14", "M15"))
    assert not BOOK.range_difference(CodeRange("M10", "M15", ICD))
    assert BOOK.range_difference(CodeRange("M05", "M99", ICD)) == RangeDifference((), ())
    assert BOOK.codes_between("M15", "M05") == ()


def test_in_hcpcs_only_codes_of_the_form_of_the_ends_count():
    hcpcs = catalogue([(code,) for code in ("0001T", "00051", "0006T", "0010T")], shape(System.HCPCS, values=()))
    assert not hcpcs.range_difference(CodeRange("0001T", "0010T", System.HCPCS))


def test_a_set_expands_in_the_order_of_the_catalogue():
    codes = TextSet(ICD, (UnderCode("M1A", ICD), UnderCode("M08", ICD)))
    assert codes.expand(BOOK) == ("M08", "M081", "M1A", "M1A0")
    assert [count.count for count in codes.counts(BOOK)] == [2, 2]


@pytest.mark.parametrize(
    "wrong",
    [
        TableShape("c", "C", (KeyColumn("code", CodeOf(ICD)),)),
        TableShape("c", "C", (KeyColumn("code", CodeOf(ICD), "under"),), defines=ICD),
        TableShape("c", "C", (KeyColumn("code", CodeOf(System.HCPCS)),), defines=ICD),
    ],
)
def test_a_table_that_is_no_catalogue(wrong):
    with pytest.raises(ValueError, match="table c"):
        catalogue_of(load_rows(wrong, [], file="c.rules"))


@pytest.mark.skipif(not ORDER.is_file(), reason="the published order file is not beside the repository")
def test_the_published_order_file():
    with lzma.open(ORDER, "rt", encoding="utf-8", errors="replace") as file:
        lines = file.read().splitlines()
    rows = [(line[6:14], "yes" if line[14] == "1" else "no", line[77:]) for line in lines if line.strip()]
    made = load_rows(shape(), rows, file="order.txt")
    assert isinstance(made, Table)
    book = catalogue_of(made)
    assert isinstance(book, Catalogue)
    assert book.range_difference(CodeRange("M05", "M14", ICD)).left_out == ("M1A",)
    assert book.range_difference(CodeRange("C73", "C76", ICD)).left_out == ("C7A", "C7B")
    assert not book.range_difference(CodeRange("E08", "E13", ICD))
    assert book.is_heading("N18")
    assert not book.is_heading("I10")
    assert book.nearest("E1190")
