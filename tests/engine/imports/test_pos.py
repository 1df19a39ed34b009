import csv
from datetime import date
from pathlib import Path

import pytest

import sequela
from published_made import SHARED, opened, rows_of, workbook
from sequela.engine.imports.editions import parse_covers
from sequela.engine.imports.kinds import Asked, Reading
from sequela.engine.imports.pos import CODES, read
from sequela.engine.imports.registry import kind_named
from sequela.engine.imports.run import run_import
from sequela.engine.tables.load import load_file
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


def test_the_table_that_ships_is_made_from_its_source(tmp_path: Path) -> None:
    asked = Asked(release="2024-08-01", covers=parse_covers("2005-10-01..2027-12-31"))
    kind = kind_named("pos")
    assert kind is not None
    outcome = run_import(kind, [SHIPPED / "sources" / "place-of-service.csv"], tmp_path, asked)
    assert [(done.manifest.rows, done.manifest.rejects) for done in outcome.written] == [(54, 0)]
    made_now = tmp_path / "pos" / "codes.table" / "2024-08-01.sqt"
    assert made_now.read_bytes() == (SHIPPED / "pos" / "codes.table" / "2024-08-01.sqt").read_bytes()


@pytest.mark.parametrize(
    ("code", "on", "name"),
    [
        ("10", "2021-12-31", None),
        ("10", "2022-01-01", "Telehealth provided in patient's home"),
        ("27", "2023-09-30", None),
        ("27", "2023-10-01", "Outreach site or street"),
        ("02", "2021-12-31", "Telehealth"),
        ("02", "2022-01-01", "Telehealth provided other than in patient's home"),
        ("66", "2024-07-31", None),
        ("28", "2026-01-01", None),
        ("11", "2010-01-01", "Office"),
    ],
)
def test_the_places_that_ship_have_their_dates(code: str, on: str, name: str | None) -> None:
    table = load_file(CODES, SHIPPED / "sources" / "place-of-service.csv")
    assert not isinstance(table, tuple)
    matches = table.look_up([code], date.fromisoformat(on))
    assert [row.value("name") for row in matches.rows] == ([] if name is None else [name])


@pytest.mark.skipif(not TRUE.exists(), reason="the published list is not beside the project")
def test_the_places_that_ship_are_those_of_the_public_list() -> None:
    with TRUE.open(encoding="utf-8", newline="") as file:
        public = {row["pos_code"]: row["pos_type"] for row in csv.DictReader(file) if row["pos_name"] != "Unassigned"}
    with (SHIPPED / "sources" / "place-of-service.csv").open(encoding="utf-8", newline="") as file:
        ours = {row["code"]: row["facility"] for row in csv.DictReader(file)}
    assert ours.keys() == public.keys()
    said = {"yes": "Facility", "no": "Non-Facility"}
    differ = {code for code, facility in ours.items() if said.get(facility) != public[code]}
    assert differ == {"05", "06", "07", "08"}  # Medicare does not pay by them, so the list says neither
