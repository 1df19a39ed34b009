"""The files of an edition become drafts: which tables, which release, for which dates."""

from datetime import date
from pathlib import Path

import pytest

from published_made import opened, rows_of, zipped
from sequela.engine.imports.icd10cm.kind import KIND, read
from sequela.engine.imports.kinds import Asked, Draft
from sequela.engine.tables.model import Covers

from .conftest import code, notes, seven, xml

TABULAR = xml(
    code("A00", notes("excludes1", "a thing (B00)") + notes("codeFirst", "another (B00)"), "Cholera"),
    code("B00", seven(A="initial encounter") + code("B00.1", "", "A wound, first trimester"), "Wounds"),
)
ORDER = (
    b"00001 A00     1 Short                                                        Cholera\r\n"
    b"00002 B00     0 Wounds                                                       Wounds\r\n"
    b"00003 B001    0 A wound                                                      A wound, first trimester\r\n"
    b"00004 B001XXA 1 A wound, init                                                A wound, first trimester, initial encounter\r\n"
    b"-- end --\r\n"
)


def drafts(path: Path, data: bytes) -> dict[str, Draft]:
    path.write_bytes(data)
    return {draft.shape.name: draft for draft in read(opened(path), Asked()).drafts}


def code_of(path: Path) -> str:
    (problem,) = read(opened(path), Asked()).problems
    assert problem.fatal
    return problem.code


def test_the_tabular_list_brings_every_table(tmp_path: Path) -> None:
    found = drafts(tmp_path / "icd10cm-tabular-2026.xml", TABULAR)
    assert set(found) == set(KIND.tables)
    assert {(one.release, one.covers) for one in found.values()} == {
        ("2025-10-01", Covers(date(2025, 10, 1), date(2026, 9, 30)))
    }
    assert [row["code"] for row in rows_of(found["icd10cm/codes"])] == ["A00", "B00", "B00.1", "B00.1XXA"]
    assert [row["billable"] for row in rows_of(found["icd10cm/codes"])] == ["yes", "no", "no", "yes"]
    (row,) = rows_of(found["icd10cm/excludes1"])
    assert (row["owner"], row["excluded"], row["strength"]) == ("A00", "under B00", "contradicted")
    (row,) = rows_of(found["icd10cm/code-first"])
    assert (row["owner"], row["codes"], row["force"]) == ("A00", "under B00", "must")


def test_the_order_file_brings_the_codes_alone(tmp_path: Path) -> None:
    found = drafts(tmp_path / "icd10cm-order-2026.txt", ORDER)
    assert set(found) == {"icd10cm/codes", "icd10cm/incomplete", "icd10cm/laterality", "icd10cm/trimesters"}
    assert [row["code"] for row in rows_of(found["icd10cm/trimesters"])] == ["B00.1XXA"]
    assert found["icd10cm/codes"].notes == {"lines that are no codes": 1}


def test_both_files_say_the_same_of_the_codes(tmp_path: Path) -> None:
    one, other = (
        drafts(tmp_path / "icd10cm-tabular-2026.xml", TABULAR),
        drafts(tmp_path / "icd10cm-order-2026.txt", ORDER),
    )
    for table in ("icd10cm/codes", "icd10cm/incomplete", "icd10cm/trimesters"):
        assert list(rows_of(one[table])) == list(rows_of(other[table]))


def test_what_is_not_complete(tmp_path: Path) -> None:
    found = drafts(tmp_path / "icd10cm-order-2026.txt", ORDER)
    said = {row["written"]: (row["why"], row["codes"], row["only"]) for row in rows_of(found["icd10cm/incomplete"])}
    assert said["B00.1"] == ("needs a 7th character", "B00.1XXA", "B00.1XXA")
    assert said["B00.1A"] == ("needs the placeholder X", "B00.1XXA", "B00.1XXA")
    assert said["B00.1XA"] == ("needs the placeholder X", "B00.1XXA", "B00.1XXA")
    assert "A00" not in said
    assert "B00.1XXA" not in said


@pytest.mark.parametrize(
    ("name", "start"),
    [
        ("icd10cm-tabular-2026.xml", date(2025, 10, 1)),
        ("icd10c-tabular-April-1-2026.xml", date(2026, 4, 1)),
        ("icd10cm_tabular_apr_2026.xml", date(2026, 4, 1)),
    ],
)
def test_the_edition_is_read_from_content_and_name(tmp_path: Path, name: str, start: date) -> None:
    found = drafts(tmp_path / name, TABULAR)
    assert found["icd10cm/codes"].release == start.isoformat()
    assert found["icd10cm/codes"].covers == Covers(start, date(2026, 9, 30))


def test_an_edition_within_the_year_in_the_name_of_an_order_file(tmp_path: Path) -> None:
    found = drafts(tmp_path / "icd10cm_order_Jan2021.txt", ORDER)
    assert found["icd10cm/codes"].covers == Covers(date(2021, 1, 1), date(2021, 9, 30))


def test_the_tabular_list_is_taken_from_an_archive_that_has_both(tmp_path: Path) -> None:
    members = {
        "icd10cm-order-2026.txt": ORDER,
        "icd10cm-tabular-2026.xml": TABULAR,
        "icd10cm-index-2026.xml": b"<index/>",
    }
    path = zipped(tmp_path / "icd10cm.zip", members)
    assert {draft.shape.name for draft in read(opened(path), Asked()).drafts} == set(KIND.tables)


def test_a_cut_file_is_said(tmp_path: Path) -> None:
    path = tmp_path / "icd10cm-tabular-2026.xml"
    path.write_bytes(TABULAR[:-30])
    assert code_of(path) == "SEQ482"


def test_a_file_without_codes_is_said(tmp_path: Path) -> None:
    path = tmp_path / "icd10cm-order-2026.txt"
    path.write_bytes(b"00001 0016070 1 A procedure                                                  A procedure\r\n")
    assert code_of(path) == "SEQ483"


def test_a_file_of_no_known_year_asks_for_it(tmp_path: Path) -> None:
    path = tmp_path / "icd10cm-order.txt"
    path.write_bytes(ORDER)
    assert code_of(path) == "SEQ484"
    asked = Asked(release="fy2026", covers=Covers(date(2025, 10, 1), date(2026, 9, 30)))
    assert read(opened(path), asked).is_sound
