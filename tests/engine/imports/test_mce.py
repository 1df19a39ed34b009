from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from mce_made import EDITS, TEXT, as_published

import sequela
from published_made import opened, rows_of, zipped
from sequela.engine.imports.kinds import Asked, Reading
from sequela.engine.imports.mce import KIND, read, version_in
from sequela.engine.imports.run import run_import
from sequela.engine.tables.model import Covers

NAME = "Definitions of Medicare Code Edits_v_43_1.txt"
COVERS = Covers(date(2026, 4, 1), date(2026, 9, 30))


@pytest.fixture
def reading(tmp_path: Path) -> Callable[..., Reading]:
    def make(text: str = TEXT, name: str = NAME) -> Reading:
        (tmp_path / name).write_bytes(as_published(text))
        return read(opened(tmp_path / name), Asked())

    return make


def on_list(reading: Reading, table: str, name: str) -> list[str]:
    (draft,) = [draft for draft in reading.drafts if draft.shape.name == table]
    return [row["code"] for row in rows_of(draft) if row["list"] == name]


@pytest.mark.parametrize(
    ("table", "name", "codes"),
    [
        ("mce/diagnosis-lists", "newborn", ["A33", "Z3800"]),
        ("mce/diagnosis-lists", "pediatric", ["Z00129"]),
        ("mce/diagnosis-lists", "maternity", ["O80", "Z370"]),
        ("mce/diagnosis-lists", "adult", ["H2510"]),
        ("mce/diagnosis-lists", "manifestation", ["F0280", "G130"]),
        ("mce/diagnosis-lists", "questionable admission", ["I10"]),
        ("mce/diagnosis-lists", "outcome of delivery", ["Z370"]),
        ("mce/procedure-lists", "cesarean section", ["10D00Z0"]),
        ("mce/procedure-lists", "vaginal delivery", ["10E0XZZ"]),
        ("mce/diagnosis-lists", "unacceptable principal", ["Z5189", "R6520", "Z1610"]),
        ("mce/diagnosis-lists", "requires secondary", ["Z5189"]),
        ("mce/procedure-lists", "non-covered", ["00F3XZZ"]),
        ("mce/procedure-lists", "pancreas transplant", ["0FYG0Z0"]),
        ("mce/procedure-lists", "kidney transplant", ["0TY00Z0"]),
        ("mce/diagnosis-lists", "type 1 diabetes", ["E1010"]),
        ("mce/procedure-lists", "stem cells for leukemia", ["30233Y0"]),
        ("mce/diagnosis-lists", "leukemia", ["C9100"]),
        ("mce/procedure-lists", "over age 60", ["0SR20JZ"]),
        ("mce/procedure-lists", "sterilization", ["0UL74ZZ"]),
        ("mce/diagnosis-lists", "sterilization", ["Z302"]),
        ("mce/procedure-lists", "limited coverage", ["02YA0Z0"]),
        ("mce/diagnosis-lists", "wrong procedure", ["Y6551"]),
        ("mce/procedure-lists", "ventilation over 96 hours", ["5A1955Z"]),
        ("mce/diagnosis-lists", "unspecified", ["S72009A"]),
    ],
)
def test_each_list_has_its_codes(reading: Callable[..., Reading], table: str, name: str, codes: list[str]) -> None:
    assert on_list(reading(), table, name) == codes


def test_the_release_and_its_dates_are_in_the_name(reading: Callable[..., Reading]) -> None:
    for draft in reading().drafts:
        assert (draft.release, draft.covers) == ("v43.1", COVERS)
        for row in rows_of(draft):
            assert (row["effective"], row["ended"]) == ("2026-04-01", "")


@pytest.mark.parametrize(
    ("name", "release", "start", "end"),
    [
        ("Definitions of Medicare Code Edits_v_44.txt", "v44.0", date(2026, 10, 1), date(2027, 9, 30)),
        ("Definitions of Medicare Code Edits_v_43_1.txt", "v43.1", date(2026, 4, 1), date(2026, 9, 30)),
        ("Definitions of Medicare Code Edits_v43.0.txt", "v43.0", date(2025, 10, 1), date(2026, 9, 30)),
        ("Definitions of Medicare Code Edits_v33.txt", "v33.0", date(2015, 10, 1), date(2016, 9, 30)),
    ],
)
def test_a_version_is_a_fiscal_year(name: str, release: str, start: date, end: date) -> None:
    assert version_in(name) == (release, Covers(start, end))


def test_a_name_without_a_version_is_said(reading: Callable[..., Reading]) -> None:
    assert [problem.code for problem in reading(name="Definitions of Medicare Code Edits.txt").problems] == ["SEQ484"]


def test_the_lines_are_those_of_the_text(reading: Callable[..., Reading]) -> None:
    (draft,) = [draft for draft in reading().drafts if draft.shape.name == "mce/procedure-lists"]
    lines = TEXT.split("\n")
    for row in rows_of(draft):
        assert lines[int(row["line"]) - 1].startswith(row["code"])


def test_ages_are_those_of_the_headings(reading: Callable[..., Reading]) -> None:
    ages = reading(TEXT.replace("age 9 through 64", "age 12 through 55")).drafts[2]
    assert {row["list"]: (row["from-age"], row["to-age"]) for row in rows_of(ages)} == {
        "newborn": ("0", "0"),
        "pediatric": ("0", "17"),
        "maternity": ("12", "55"),
        "adult": ("15", "124"),
    }


def test_a_heading_without_a_list_ends_the_one_before(reading: Callable[..., Reading]) -> None:
    """R69 stands below edit 7, which has no list any more; it is no manifestation."""
    found = reading()
    assert "R69" not in on_list(found, "mce/diagnosis-lists", "manifestation")
    assert found.drafts[0].notes["codes outside the lists of an edit"] == 3  # R69, and what the second chapter repeats


def test_what_the_chapter_of_changes_repeats_is_no_list(reading: Callable[..., Reading]) -> None:
    assert "J1282" not in on_list(reading(), "mce/diagnosis-lists", "pediatric")


def test_a_code_that_stands_twice_is_one(reading: Callable[..., Reading]) -> None:
    found = reading()
    assert on_list(found, "mce/diagnosis-lists", "unacceptable principal").count("R6520") == 1
    assert found.drafts[0].notes["codes repeated on a list"] == 1


def test_an_asterisk_marks_the_code_that_requires_a_secondary_diagnosis(reading: Callable[..., Reading]) -> None:
    marked = TEXT.replace("R6520\tSevere", "Z5189*\tEncounter for other specified aftercare\r\nR6520\tSevere", 1)
    marked = marked.replace("The code Z51.89 is acceptable", "It is acceptable")
    found = reading(marked)
    assert on_list(found, "mce/diagnosis-lists", "requires secondary") == ["Z5189"]
    assert "Z5189" in on_list(found, "mce/diagnosis-lists", "unacceptable principal")


def test_lists_of_sexes_are_read_while_they_are_there(reading: Callable[..., Reading]) -> None:
    lists = (
        "A. Diagnoses for females only\nC539\tx\nB. Procedures for females only\n0UT90ZZ\tx\n"
        "C. Diagnoses for males only\nN400\tx\nD. Procedures for males only\n0VT00ZZ\tx\n6. Manifestation"
    )
    found = reading(TEXT.replace("6. Manifestation", lists))
    assert on_list(found, "mce/diagnosis-lists", "female") == ["C539"]
    assert on_list(found, "mce/procedure-lists", "female") == ["0UT90ZZ"]
    assert on_list(found, "mce/diagnosis-lists", "male") == ["N400"]
    assert on_list(found, "mce/procedure-lists", "male") == ["0VT00ZZ"]


@pytest.mark.parametrize("cut", ["G130\t", "Z302\t", "(age 15 through 124)"])
def test_a_list_that_is_not_there_stops_the_import(reading: Callable[..., Reading], cut: str) -> None:
    text = TEXT.replace(cut, "").replace("F0280\t", "" if cut == "G130\t" else "F0280\t")
    found = reading(text)
    assert not found.drafts
    assert [problem.code for problem in found.problems] == ["SEQ481"]


def test_another_text_is_said(reading: Callable[..., Reading]) -> None:
    assert [problem.code for problem in reading("Some text\n").problems] == ["SEQ481"]


def test_an_archive_is_read(tmp_path: Path) -> None:
    path = zipped(tmp_path / "edits.zip", {NAME: as_published(), "readme.txt": b"Read me."})
    assert [draft.shape.name for draft in read(opened(path), Asked()).drafts] == [
        "mce/diagnosis-lists",
        "mce/procedure-lists",
        "mce/age-classes",
    ]


def test_a_text_without_contents_and_changes_is_the_same(reading: Callable[..., Reading]) -> None:
    whole, bare = reading(), reading(EDITS)
    for one, other in zip(whole.drafts, bare.drafts, strict=True):
        assert [row["code"] for row in rows_of(one) if "code" in row] == [
            row["code"] for row in rows_of(other) if "code" in row
        ]


@pytest.mark.parametrize(
    ("discharged", "status"), [("2026-11-05", "fail"), ("2027-05-05", "not checked"), ("2027-11-05", "fail")]
)
def test_an_imported_version_stands_beside_the_one_that_ships(tmp_path: Path, discharged: str, status: str) -> None:
    path = tmp_path / "Definitions of Medicare Code Edits_v_45.txt"
    path.write_bytes(as_published())
    assert run_import(KIND, [path], tmp_path / "tables", Asked()).is_done
    rules = sequela.load(
        Path(sequela.__file__).parent / "rulesets" / "mce", data=[tmp_path / "tables"], use_cache=False
    )
    stay = {
        "schema": "sequela.encounter/1",
        "id": "MADE-UP",
        "setting": "inpatient",
        "discharged": discharged,
        "diagnoses": [{"code": "F02.80"}],
        "lines": [],
    }
    assert {entry.status for entry in rules.check(stay).entry("MCE-06-MANIFESTATION-AS-PDX")} == {status}
