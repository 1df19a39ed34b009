import csv
import lzma
from collections import Counter

import pytest

from published_made import SHARED, contractor_record
from sequela.engine.imports.hcpcs_layout import (
    CONTINUATION,
    DISCLAIMER,
    ORPHAN,
    HcpcsEntry,
    HeaderMissing,
    contractor_entries,
    sheet_entries,
)
from sequela.engine.imports.xlsx import sheet_rows

LAYOUTS = SHARED / "data" / "layouts"
HEADER = [
    "HCPC",
    "SEQNUM",
    "RECID",
    "LONG DESCRIPTION",
    "SHORT DESCRIPTION",
    "PRICE1",
    "PRICE2",
    "PRICE3",
    "PRICE4",
    "MULT_PI",
    "CIM1",
    "CIM2",
    "CIM3",
    "MCM1",
    "MCM2",
    "MCM3",
    "STATUTE",
    "LABCERT1",
    "LABCERT2",
    "LABCERT3",
    "LABCERT4",
    "LABCERT5",
    "LABCERT6",
    "LABCERT7",
    "LABCERT8",
    "XREF1",
    "XREF2",
    "XREF3",
    "XREF4",
    "XREF5",
    "COV",
    "ASC_GRP",
    "ASC_DT",
    "OPPS",
    "OPPS_PI",
    "OPPS_DT",
    "PROCNOTE",
    "BETOS",
    "TOS1",
    "TOS2",
    "TOS3",
    "TOS4",
    "TOS5",
    "ANEST_BU",
    "ADD DT",
    "ACT EFF DT",
    "TERM DT",
    "ACTION CD",
]
needs_files = pytest.mark.skipif(not LAYOUTS.exists(), reason="the published files are not beside the project")


def fixed(*lines: str) -> tuple[list[HcpcsEntry], Counter[str]]:
    notes: Counter[str] = Counter()
    return list(contractor_entries(enumerate(lines, 1), notes)), notes


def sheet(*rows: list[str]) -> tuple[list[HcpcsEntry], Counter[str]]:
    notes: Counter[str] = Counter()
    return list(sheet_entries(enumerate(rows, 1), notes)), notes


def row(**cells: str) -> list[str]:
    return [cells.get(name.replace(" ", "_"), "") for name in HEADER]


def test_a_modifier_stands_at_the_right_end_of_its_places() -> None:
    (entry,), _ = fixed(contractor_record("A1", "00100", "7", "Dressing", added="20020701", action="N", coverage="C"))
    assert (entry.code, entry.is_modifier, entry.coverage, entry.added, entry.ended) == (
        "A1",
        True,
        "C",
        "2002-07-01",
        "",
    )


def test_a_long_text_goes_on_over_records() -> None:
    entries, notes = fixed(
        contractor_record("V5336", "00100", "3", "Repair of a device (excludes", short="Repair", added="19990101"),
        contractor_record("V5336", "00200", "4", "adaptive"),
        contractor_record("V5336", "00300", "4", "hearing aid)"),
        contractor_record("QY", "00100", "7", "Direction of one"),
        contractor_record("QY", "00200", "8", "anesthetist"),
    )
    assert [entry.description for entry in entries] == [
        "Repair of a device (excludes adaptive hearing aid)",
        "Direction of one anesthetist",
    ]
    assert entries[0].short == "Repair"
    assert notes == {CONTINUATION: 3}


def test_a_continuation_of_another_code_is_counted_and_left_out() -> None:
    entries, notes = fixed(
        contractor_record("A0021", "00100", "3", "Ambulance"),
        contractor_record("A0080", "00200", "4", "of another code"),
        contractor_record("A0021", "00200", "8", "of a modifier"),
    )
    assert [entry.description for entry in entries] == ["Ambulance"]
    assert notes == {ORPHAN: 2}


def test_disclaimers_around_the_records_are_no_codes() -> None:
    entries, notes = fixed(
        "***Disclaimers\t\t\t",
        "",
        contractor_record("A0021", "00100", "3", "Ambulance"),
        "\xa0\xa0 convey endorsement of any particular brand. This line is long enough to have an eleventh character",
        "12345 notes3",
    )
    assert [entry.code for entry in entries] == ["A0021"]
    assert notes == {DISCLAIMER: 3}


def test_a_discontinued_code_stays_and_its_action_may_come_after_its_last_day() -> None:
    (entry,), _ = fixed(
        contractor_record("GD", "00100", "7", "Units", added="20080101", acted="20200101", ended="20191231", action="D")
    )
    assert (entry.added, entry.acted, entry.ended, entry.action) == ("2008-01-01", "2020-01-01", "2019-12-31", "D")


def test_a_line_that_lost_its_blanks_is_read() -> None:
    (entry,), _ = fixed(contractor_record("A0021", "00100", "3", "Ambulance", xref="A0030", coverage="I").rstrip())
    assert (entry.coverage, entry.cross_references, entry.added) == ("I", ("A0030",), "")


def test_the_sheet_is_found_by_its_header_below_notices() -> None:
    entries, notes = sheet(
        ["Note regarding coverage"],
        HEADER,
        row(HCPC="   A1", SEQNUM="0010", RECID="7", LONG_DESCRIPTION="Dressing", COV="C", ADD_DT="20020701"),
        row(HCPC="A0021", SEQNUM="10", RECID="3", LONG_DESCRIPTION="Ambulance", XREF1="A0030", TERM_DT="20191231"),
        row(HCPC="A0021", SEQNUM="20", RECID="4", LONG_DESCRIPTION=" outside"),
        ["*In some instances, brand names may appear"],
    )
    assert [(entry.code, entry.is_modifier, entry.ended) for entry in entries] == [
        ("A1", True, ""),
        ("A0021", False, "2019-12-31"),
    ]
    assert entries[1].description == "Ambulance outside"
    assert notes == {DISCLAIMER: 2, CONTINUATION: 1}


def test_columns_are_bound_by_name() -> None:
    turned = list(reversed(HEADER))
    entries, _ = sheet(turned, list(reversed(row(HCPC="A0021", SEQNUM="0010", RECID="3", ACTION_CD="N", COV="I"))))
    assert (entries[0].coverage, entries[0].action) == ("I", "N")


def test_a_sheet_without_its_header_or_a_column_is_refused() -> None:
    with pytest.raises(HeaderMissing, match="HCPC, SEQNUM and RECID"):
        sheet(["a", "b"])
    with pytest.raises(HeaderMissing, match="TERM DT"):
        sheet([name for name in HEADER if name != "TERM DT"])


@needs_files
def test_the_contractor_file_of_2019() -> None:
    notes: Counter[str] = Counter()
    with lzma.open(LAYOUTS / "HCPC2019_CONTR_ANWEB.txt.xz", "rt", encoding="latin-1") as lines:
        entries = list(contractor_entries(enumerate(lines, 1), notes))
    assert Counter(entry.is_modifier for entry in entries) == {False: 6440, True: 360}
    assert notes[CONTINUATION] == 4822
    assert notes[ORPHAN] == 0
    by_code = {entry.code: entry for entry in entries}
    assert by_code["V5336"].description.endswith("device (excludes adaptive hearing aid)")
    assert (by_code["ZB"].added, by_code["ZB"].ended, by_code["ZB"].acted) == ("2016-07-01", "2018-03-31", "2018-04-01")
    assert all(entry.added for entry in entries)


@needs_files
def test_both_layouts_give_the_same_texts() -> None:
    with lzma.open(LAYOUTS / "HCPC2019_CONTR_ANWEB.txt.xz", "rt", encoding="latin-1") as lines:
        old = list(contractor_entries(enumerate(lines, 1), Counter()))
    new = {
        (e.code, e.is_modifier): e for e in sheet_entries(sheet_rows(LAYOUTS / "HCPC2020_OCT_ANWEB.xlsx"), Counter())
    }
    same = [e for e in old if (e.code, e.is_modifier) in new and new[e.code, e.is_modifier].action == "N"]
    differ = [e for e in same if e.description != new[e.code, e.is_modifier].description]
    assert len(same) > 6000
    assert len(differ) < 80  # texts that CMS changed between the two editions


@needs_files
def test_the_excerpt_of_2026() -> None:
    with (LAYOUTS / "HCPC2026_OCT_ANWEB.excerpt.csv").open(encoding="latin-1", newline="") as file:
        entries = list(sheet_entries(enumerate(csv.reader(file), 1), Counter()))
    assert {e.code: e.ended for e in entries if e.ended}["JG"] == "2024-12-31"
    assert all(entry.is_modifier for entry in entries)
