from datetime import date
from pathlib import Path

import pytest

from published_made import opened, problem_of, rows_of, zipped
from sequela.engine.imports.icd10pcs import read
from sequela.engine.imports.kinds import Asked, Draft
from sequela.engine.tables.model import Covers


def _axis(place: int, *codes: str) -> str:
    return f'<axis pos="{place}">' + "".join(f'<label code="{code}">m{code}</label>' for code in codes) + "</axis>"


XML = (
    '<?xml version="1.0"?><ICD10PCS.tabular><version>2026</version><pcsTable>'
    + "".join(_axis(place, "0") for place in (1, 2, 3))
    + '<pcsRow codes="4">'
    + "".join((_axis(4, "6"), _axis(5, "0", "3"), _axis(6, "Z"), _axis(7, "7", "B")))
    + "</pcsRow></pcsTable></ICD10PCS.tabular>"
).encode()
ORDER = b"00001 000     0 Heading\r\n00002 00060Z7 1 Short title                                                  Long title\r\n"


def made(path: Path) -> Draft:
    (draft,) = read(opened(path), Asked()).drafts
    return draft


def test_the_tables_become_codes(tmp_path: Path) -> None:
    path = tmp_path / "icd10pcs_tables_2026.xml"
    path.write_bytes(XML)
    draft = made(path)
    assert (draft.release, draft.covers) == ("2025-10-01", Covers(date(2025, 10, 1), date(2026, 9, 30)))
    assert [row["code"] for row in rows_of(draft)] == ["00060Z7", "00060ZB", "00063Z7", "00063ZB"]


def test_the_order_file_becomes_codes(tmp_path: Path) -> None:
    path = tmp_path / "icd10pcs_order_2026.txt"
    path.write_bytes(ORDER)
    (row,) = rows_of(made(path))
    assert (row["code"], row["description"], row["line"]) == ("00060Z7", "Long title", "2")


def test_the_tables_are_taken_from_an_archive_that_has_both(tmp_path: Path) -> None:
    members = {
        "icd10pcs_tables_2026.xml": XML,
        "icd10pcs_order_2026.txt": ORDER,
        "icd10pcs_index_2026.xml": b"<index/>",
    }
    assert len(rows_of(made(zipped(tmp_path / "icd10pcs.zip", members)))) == 4


def test_the_edition_of_april_starts_in_april(tmp_path: Path) -> None:
    path = tmp_path / "icd10pcs_tables_april_2026.xml"
    path.write_bytes(XML)
    assert made(path).covers == Covers(date(2026, 4, 1), date(2026, 9, 30))


@pytest.mark.parametrize("data", [XML[:-30], XML.replace(b'codes="4"', b'codes="5"')])
def test_a_file_that_is_not_whole_ends_the_import(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "icd10pcs_tables_2026.xml"
    path.write_bytes(data)
    assert problem_of(made(path)).code == "SEQ482"


def test_an_order_file_without_codes_ends_the_import(tmp_path: Path) -> None:
    path = tmp_path / "icd10pcs_order_2026.txt"
    path.write_bytes(b"nothing of the kind\r\n")
    assert problem_of(made(path)).code == "SEQ483"


def test_a_file_that_does_not_say_its_year_is_asked_for_it(tmp_path: Path) -> None:
    path = tmp_path / "pcs_order.txt"
    path.write_bytes(ORDER)
    assert [problem.code for problem in read(opened(path), Asked()).problems] == ["SEQ484"]
