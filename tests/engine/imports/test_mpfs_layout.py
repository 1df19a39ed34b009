import csv
from collections import Counter
from collections.abc import Sequence
from datetime import date

import pytest

from published_made import SHARED
from sequela.engine.imports.mpfs_layout import (
    COLUMNS,
    NOT_A_ROW,
    HeaderMissing,
    MpfsEntry,
    edition_of,
    find_columns,
    mpfs_entries,
)

TRUE = SHARED / "data" / "layouts" / "PPRRVU2026_Jul_nonQPP.excerpt.redacted.csv"
TITLE = ["", "", "2026 National Physician Fee Schedule Relative Value File July Release"]
STACKED = [
    "||||HCPCS", "||||MOD", "||||DESCRIPTION", "|||STATUS|CODE", "|NOT USED|FOR|MEDICARE|PAYMENT", "|||WORK|RVU",
    "|||NON-FAC|PE RVU", "||NON-FAC|NA|INDICATOR", "|||FACILITY|PE RVU", "||FACILITY|NA|INDICATOR", "|||MP|RVU",
    "|||NON-FACILITY|TOTAL", "|||FACILITY|TOTAL", "|||PCTC|IND", "|||GLOB|DAYS", "|||PRE|OP", "|||INTRA|OP", "|||POST|OP",
    "|||MULT|PROC", "|||BILAT|SURG", "|||ASST|SURG", "|||CO-|SURG", "|||TEAM|SURG", "|||PRIC|IND", "|||ENDO|BASE",
    "|||CONV|FACTOR", "|PHYSICIAN|SUPERVISION OF|DIAGNOSTIC|PROCEDURES", "|||CALCULATION|FLAG",
    "|DIAGNOSTIC|IMAGING|FAMILY|INDICATOR",
]  # fmt: skip
VALUES = {
    "HCPCS": "27447", "STATUS": "A", "PCTC": "0", "GLOB": "090", "PRE": "0.10", "INTRA": "0.69", "POST": "0.21", "MULT": "2",
    "BILAT": "1", "ASST": "2", "CO-": "1", "TEAM": "0", "PRIC": "7", "ENDO": "", "PHYSICIAN": "09", "IMAGING": "99",
    "WORK": "19.60",
}  # fmt: skip


def preamble(stacked: Sequence[str]) -> list[list[str]]:
    lines = [TITLE, ["", "", "All Rights Reserved."], [], ["", "", "RELEASED 06/30/2026"]]
    parts = [name.split("|") for name in stacked]
    return [*lines, *([part[at] if at < len(part) else "" for part in parts] for at in range(5))]


def row(stacked: Sequence[str], **changed: str) -> list[str]:
    cells = VALUES | changed
    return [next((cells[word] for word in name.split("|") if word in cells), "") for name in stacked]


def read(rows: Sequence[Sequence[str]]) -> tuple[list[MpfsEntry], Counter[str]]:
    notes: Counter[str] = Counter()
    numbered = iter(enumerate(rows, 1))
    columns, _ = find_columns(numbered)
    return list(mpfs_entries(numbered, columns, notes)), notes


def test_columns_are_known_by_their_stacked_names() -> None:
    (entry,), _ = read([*preamble(STACKED), row(STACKED)])
    assert (entry.code, entry.modifier, entry.row) == ("27447", "", 10)
    assert {name: entry.cells[name] for name in ("multiple", "bilateral", "assistant", "co-surgeon", "team")} == {
        "multiple": "2", "bilateral": "1", "assistant": "2", "co-surgeon": "1", "team": "0",
    }  # fmt: skip
    assert (entry.cells["pctc"], entry.cells["global"], entry.cells["intra"]) == ("0", "090", "0.69")


def test_the_column_of_the_pricing_indicator_may_be_absent() -> None:
    earlier = [name for name in STACKED if "PRIC" not in name]
    (entry,), _ = read([*preamble(earlier), row(earlier)])
    assert (entry.cells["endoscopy-base"], entry.cells["supervision"], entry.cells["imaging-family"]) == (
        "",
        "09",
        "99",
    )


def test_a_code_has_a_row_for_each_component() -> None:
    rows = [row(STACKED, HCPCS="G0279", MOD=modifier) for modifier in ("", "TC", "26")]
    entries, _ = read([*preamble(STACKED), *rows])
    assert [(entry.code, entry.modifier) for entry in entries] == [("G0279", ""), ("G0279", "TC"), ("G0279", "26")]


def test_descriptions_are_not_read() -> None:
    (entry,), _ = read([*preamble(STACKED), row(STACKED, DESCRIPTION="somebody's text")])
    assert "somebody's text" not in entry.cells.values()
    assert set(entry.cells) == set(COLUMNS)


def test_what_a_spreadsheet_took_for_numbers_gets_its_zeros_back() -> None:
    rows = [row(STACKED, HCPCS="100", GLOB="0", PHYSICIAN="9", IMAGING="4"), row(STACKED, GLOB="XXX")]
    entries, _ = read([*preamble(STACKED), *rows])
    cells = entries[0].cells
    assert (entries[0].code, cells["global"], cells["supervision"], cells["imaging-family"]) == (
        "00100",
        "000",
        "09",
        "04",
    )
    assert entries[1].cells["global"] == "XXX"


def test_rows_that_are_no_codes_are_counted() -> None:
    _, notes = read([*preamble(STACKED), row(STACKED), ["end of file"], []])
    assert notes == {NOT_A_ROW: 1}


def test_a_header_without_a_column_is_refused() -> None:
    with pytest.raises(HeaderMissing, match="`bilateral`"):
        read(preamble([name for name in STACKED if "BILAT" not in name]))
    with pytest.raises(HeaderMissing, match="2 columns for `status`"):
        read(preamble([*STACKED, "|||STATUS|CODE"]))
    with pytest.raises(HeaderMissing, match="HCPCS and MOD"):
        read([["code", "name"]])


@pytest.mark.parametrize(
    ("file", "title", "first"),
    [
        ("x.csv", TITLE[2], date(2026, 7, 1)),
        ("PPRRVU2026_Jul_nonQPP.csv", "", date(2026, 7, 1)),
        ("PPRRVU24_JAN.csv", "", date(2024, 1, 1)),
        (
            "PPRRVU2023_Oct.xlsx",
            "2023 National Physician Fee Schedule Relative Value File October Release",
            date(2023, 10, 1),
        ),
        ("RVU19D.csv", "", date(2019, 10, 1)),
        ("values.csv", "", None),
    ],
)
def test_the_quarter_is_in_the_title_or_the_name(file: str, title: str, first: date | None) -> None:
    assert edition_of(file, title) == first


@pytest.mark.skipif(not TRUE.exists(), reason="the published file is not beside the project")
def test_the_excerpt_of_july_2026() -> None:
    with TRUE.open(encoding="latin-1", newline="") as file:
        rows = enumerate(csv.reader(file), 1)
        columns, title = find_columns(rows)
        entries = list(mpfs_entries(rows, columns, Counter()))
    assert columns.row == 10
    assert (columns.places["pctc"], columns.places["multiple"], columns.places["endoscopy-base"]) == (13, 18, 24)
    assert (columns.places["supervision"], columns.places["imaging-family"]) == (26, 28)
    assert edition_of("x", title) == date(2026, 7, 1)
    assert {entry.cells["global"] for entry in entries} == {"XXX"}
    assert len(entries) == 61
