import csv
import lzma
from collections import Counter

import pytest

from published_made import SHARED
from sequela.engine.imports.poa_exempt_layout import (
    NOT_A_ROW,
    ListMissing,
    PoaEntry,
    fiscal_year_of,
    is_whole_list,
    poa_entries,
)

TRUE = SHARED / "data" / "tables" / "POAexemptCodes2020.txt.xz"


@pytest.mark.parametrize("header", [["Order2020", "POAexemptCode", "Description"], ["Order25", "Code", "Long title"]])
def test_the_words_of_the_header_may_change(header: list[str]) -> None:
    rows = [header, ["01225", "B90.0", "Sequelae of  tuberculosis"], ["01230", "b91", "Sequelae"]]
    notes: Counter[str] = Counter()
    assert list(poa_entries(enumerate(rows, 1), notes)) == [
        PoaEntry(2, "B90.0", "Sequelae of tuberculosis"),
        PoaEntry(3, "B91", "Sequelae"),
    ]
    assert notes == {NOT_A_ROW: 1}


def test_a_list_without_order_numbers_or_titles() -> None:
    rows = [["Code"], ["B90.0"], ["Z99.89"]]
    assert [entry.code for entry in poa_entries(enumerate(rows, 1), Counter())] == ["B90.0", "Z99.89"]


def test_a_file_without_codes_is_refused() -> None:
    with pytest.raises(ListMissing):
        list(poa_entries(enumerate([["Order", "Text"], ["1", "none"]], 1), Counter()))


@pytest.mark.parametrize(
    ("file", "header", "year"),
    [
        ("POAexemptCodes2020.txt", ["Order2020", "POAexemptCode"], 2020),
        ("codes.txt", ["Order25"], 2025),
        ("POAexemptCodesFY25.xlsx", ["Order"], 2025),
        ("2026-poa-exempt.txt", ["Code"], 2026),
        ("poa.txt", ["Code"], None),
    ],
)
def test_the_year_is_in_the_header_or_the_name(file: str, header: list[str], year: int | None) -> None:
    assert fiscal_year_of(file, header) == year


def test_what_was_added_or_deleted_is_not_the_list() -> None:
    files = (
        "POAexemptCodesFY25.txt",
        "POAexemptAddCodesFY25.txt",
        "POAexemptDeleteCodesFY25.xlsx",
        "ReadMePOAexemptFY25.txt",
    )
    assert [is_whole_list(file) for file in files] == [True, False, False, False]


@pytest.mark.skipif(not TRUE.exists(), reason="the published file is not beside the project")
def test_the_list_of_2020() -> None:
    with lzma.open(TRUE, "rt", encoding="latin-1", newline="") as file:
        entries = list(poa_entries(enumerate(csv.reader(file, delimiter="\t"), 1), Counter()))
    assert len(entries) == 37_075
    assert (entries[0].code, entries[-1].code) == ("B90.0", "Z99.89")
