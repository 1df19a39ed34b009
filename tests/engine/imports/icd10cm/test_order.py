"""The order file, as published."""

import lzma
from collections import Counter
from pathlib import Path

import pytest

import sequela
from sequela.engine.imports.icd10cm.layout import read_tabular
from sequela.engine.imports.icd10cm.order import NOT_A_ROW, as_listed, read_order
from sequela.engine.imports.icd10cm.space import Space

SHARED = Path(sequela.__file__).parent.parent / "shared" / "data"

LINES = """\
00001 A00     0 Cholera                                                      Cholera
00002 A000    1 Cholera due to Vibrio cholerae 01, biovar cholerae           Cholera due to Vibrio cholerae 01, biovar cholerae
00003 T07     0 Unspecified multiple injuries                                Unspecified multiple injuries
00004 T07XXXA 1 Unspecified multiple injuries, initial encounter             Unspecified multiple injuries, initial encounter
"""


def test_code_flag_and_long_description() -> None:
    notes: Counter[str] = Counter()
    found = list(read_order(enumerate(LINES.splitlines(), 1), notes))
    assert [(one.row, one.code, one.billable) for one in found] == [
        (1, "A00", False), (2, "A000", True), (3, "T07", False), (4, "T07XXXA", True),
    ]  # fmt: skip
    assert found[1].description == "Cholera due to Vibrio cholerae 01, biovar cholerae"
    assert not notes


def test_a_seventh_character_belongs_to_its_heading() -> None:
    found = as_listed(read_order(enumerate(LINES.splitlines(), 1), Counter()))
    assert [one.leaf for one in found] == ["A00", "A000", "T07", "T07"]


def test_lines_that_are_no_codes_are_counted() -> None:
    notes: Counter[str] = Counter()
    lines = ["ICD-10-CM order file", "", "00001 00160700 1 no code", "00001 A00", "00002 0016070 1 A procedure"]
    assert list(read_order(enumerate(lines, 1), notes)) == []
    assert notes[NOT_A_ROW] == 4


@pytest.mark.skipif(not SHARED.is_dir(), reason="the shared inputs are not here")
def test_the_order_file_and_the_tabular_list_of_one_edition_agree() -> None:
    with lzma.open(SHARED / "tables" / "icd10cm_order_Jan2021.txt.xz", "rt", encoding="latin-1") as lines:
        listed = as_listed(read_order(enumerate(lines, 1), Counter()))
    tabular = read_tabular(lzma.decompress((SHARED / "tables" / "icd10cm_tabular_FY2021.xml.xz").read_bytes()))
    assert {one.code for one in listed if one.billable} == set(Space(tabular).codes)


@pytest.mark.skipif(not SHARED.is_dir(), reason="the shared inputs are not here")
def test_the_published_excerpt(space: Space) -> None:
    text = (SHARED / "layouts" / "icd10cm_order_2026.excerpt.txt").read_text(encoding="latin-1")
    for one in read_order(enumerate(text.splitlines(), 1), Counter()):
        assert one.billable is space.is_billable(one.code)
        assert one.description == space.described[one.code]
