from datetime import date
from pathlib import Path

import sequela
from published_made import SHARED, opened, rows_of, workbook
from sequela.engine.imports.kinds import Asked, Reading
from sequela.engine.imports.pos import read
from sequela.engine.tables.model import Covers

FROM_2020 = Asked(release="own", covers=Covers(date(2020, 1, 1), None))
SHIPPED = Path(sequela.__file__).parent / "rulesets" / "tables"
TRUE = SHARED / "data" / "tables" / "place_of_service_2024.csv"


def made(path: Path) -> Reading:
    return read(opened(path), FROM_2020)


def test_a_list_becomes_a_table(tmp_path: Path) -> None:
    path = tmp_path / "places.csv"
    path.write_text(
        "code,name,facility,effective,ended\n02,Telehealth,yes,2017-01-01,2021-12-31\n05,Free-standing,,,\n"
    )
    (draft,) = made(path).drafts
    assert [tuple(row.values()) for row in rows_of(draft)] == [
        ("02", "Telehealth", "yes", "2017-01-01", "2021-12-31", "2"),
        ("05", "Free-standing", "", "", "", "3"),
    ]


def test_the_words_of_the_published_page_and_lost_zeros(tmp_path: Path) -> None:
    rows = [
        ["Place of Service Code(s)", "Place of Service Name", "pos_type"],
        [1, "Pharmacy", "Non-Facility"],
        [21, "Inpatient Hospital", "Facility"],
        [28, "Unassigned", "Unassigned"],
    ]
    (draft,) = made(workbook(tmp_path / "pos.xlsx", rows)).drafts
    found = [(row["code"], row["name"], row["facility"]) for row in rows_of(draft)]
    assert found == [("01", "Pharmacy", "no"), ("21", "Inpatient Hospital", "yes")]
    assert draft.notes == {"codes not assigned": 1}


def test_a_list_without_names_or_edition_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "places.csv"
    path.write_text("code,facility\n02,yes\n")
    assert [problem.code for problem in made(path).problems] == ["SEQ481"]
    path.write_text("code,name\n02,Telehealth\n")
    assert [problem.code for problem in read(opened(path), Asked()).problems] == ["SEQ484"]
