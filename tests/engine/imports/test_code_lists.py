from datetime import date
from pathlib import Path

import pytest

from published_made import opened, problem_of, rows_of, workbook
from sequela.engine.imports.code_lists import CLIA_WAIVED, DRUG_CONTAINERS, TELEHEALTH
from sequela.engine.imports.kinds import Asked, Draft, Kind
from sequela.engine.tables.model import Covers


def made(kind: Kind, path: Path) -> Draft:
    (draft,) = kind.read(opened(path), Asked()).drafts
    return draft


def written(path: Path, *lines: str) -> Path:
    path.write_text("\n".join(lines))
    return path


def test_the_sheet_of_telehealth_services(tmp_path: Path) -> None:
    rows: list[list[str | int]] = [
        ["LIST OF MEDICARE TELEHEALTH SERVICES"],
        ["Code", "Short Descriptor", "Can Audio-only Interaction Meet the Requirements?"],
        [99213, "text of others", "Yes"],
        ["G0406", "text", ""],
        ["* footnote", "", ""],
    ]
    draft = made(TELEHEALTH, workbook(tmp_path / "list-of-telehealth-services-2026.xlsx", rows))
    assert (draft.release, draft.covers) == ("2026", Covers(date(2026, 1, 1), date(2026, 12, 31)))
    assert [(row["code"], row["audio-only"]) for row in rows_of(draft)] == [("99213", "Yes"), ("G0406", "no")]
    assert draft.notes == {"rows that are no codes": 1}


def test_a_list_that_does_not_speak_of_audio_leaves_it_open(tmp_path: Path) -> None:
    draft = made(TELEHEALTH, written(tmp_path / "telehealth-2026.csv", "code,name", "99213,x"))
    assert [row["audio-only"] for row in rows_of(draft)] == [""]


def test_the_modifier_behind_the_code_of_a_waived_test(tmp_path: Path) -> None:
    path = written(
        tmp_path / "waived-tests-2026.csv", "CPT Code(s),Test", "80061QW,a", "80061QW,another maker", "82962,b"
    )
    draft = made(CLIA_WAIVED, path)
    assert [(row["code"], row["needs-qw"], row["line"]) for row in rows_of(draft)] == [
        ("80061", "yes", "2"),
        ("82962", "", "4"),
    ]
    assert draft.notes == {"codes that stand again": 1}


def test_containers_of_drugs(tmp_path: Path) -> None:
    draft = made(DRUG_CONTAINERS, written(tmp_path / "drugs-2026.csv", "hcpcs,container", "j9035,Single-Dose"))
    assert [(row["code"], row["container"]) for row in rows_of(draft)] == [("J9035", "single-dose")]
    assert not draft.shape.complete


@pytest.mark.parametrize(
    ("name", "text", "code"),
    [("drugs-2026.csv", "code,name\nJ9035,x", "SEQ481"), ("drugs.csv", "code,container\nJ9035,both", "SEQ484")],
)
def test_what_is_wrong_with_a_list_is_said(tmp_path: Path, name: str, text: str, code: str) -> None:
    reading = DRUG_CONTAINERS.read(opened(written(tmp_path / name, text)), Asked())
    assert [problem.code for problem in reading.problems] == [code]


def test_a_list_without_codes_ends_the_import(tmp_path: Path) -> None:
    path = written(tmp_path / "drugs-2026.csv", "code,container", "none,both")
    assert problem_of(made(DRUG_CONTAINERS, path)).code == "SEQ483"
