"""Claims from Parquet: flat, as in a CSV file, and nested, as in JSON."""

import gzip
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import pyarrow
import pytest
from pyarrow import parquet

from sequela.engine.encounter import flat_grouping
from sequela.engine.encounter.from_json import read_encounter, to_json
from sequela.engine.encounter.read import read
from sequela.tests.engine.encounter.flat_made import MEMBERS, PROFESSIONAL, STAY, row, table


def written(path: Path, rows, **types):
    """A Parquet file of rows, each with the columns of all of them."""
    columns = list(dict.fromkeys(key for one in rows for key in one))
    arrays = {key: pyarrow.array([one.get(key) for one in rows], type=types.get(key)) for key in columns}
    parquet.write_table(pyarrow.table(arrays), path)
    return path


def test_a_flat_table_gives_the_claims_that_its_csv_gives(tmp_path):
    rows = [PROFESSIONAL, row(STAY), row(claim_line_number="2", hcpcs_code="83036")]
    (tmp_path / "claims.csv").write_text(table(*rows))
    (tmp_path / "members.csv").write_text(table(*MEMBERS))
    members = written(tmp_path / "members.parquet", MEMBERS)
    from_csv = [claim.encounter for claim in read(tmp_path / "claims.csv", members=tmp_path / "members.csv")]
    found = [claim.encounter for claim in read(written(tmp_path / "claims.parquet", rows), members=members)]
    assert found == from_csv
    assert found[0].origins.origin_of("/lines/1/code").place == "row 3, column hcpcs_code"


def test_typed_cells_are_read_as_their_text(tmp_path):
    day = datetime(2026, 3, 2)
    line = row(claim_line_number=1, claim_start_date=day, claim_end_date=day, claim_line_start_date=day.date(),
               service_unit_quantity=1.0, charge_amount=29.560000000000002, place_of_service_code=None)  # fmt: skip
    stay = row(STAY, claim_line_number=1, claim_start_date=day, claim_end_date=day, charge_amount=Decimal("10.50"),
               service_unit_quantity=2.0, ms_drg_code=65.0, revenue_center_code=None)  # fmt: skip
    found = list(
        read(written(tmp_path / "a.parquet", [line, {**line, "claim_id": "C-2", "charge_amount": float("nan")}]))
    )
    first, second = (claim.encounter for claim in found)
    assert (first.lines[0].units, first.lines[0].charge, first.lines[0].date) == (1, Decimal("29.56"), date(2026, 3, 2))
    assert second.lines[0].charge is None
    (claim,) = read(written(tmp_path / "b.parquet", [stay]))
    assert (claim.encounter.drg, claim.encounter.lines[0].charge) == ("065", Decimal("10.50"))


def test_a_column_of_lists_holds_several_codes(tmp_path):
    columns = tmp_path / "columns.toml"
    columns.write_text('[diagnosis]\ncode = "diagnoses"\n[line]\nmodifiers = "mods"\n')
    line = row(diagnoses=["E11.9", "L57.0"], mods=["25", "59"], diagnosis_code_1=None, diagnosis_code_2=None)
    (claim,) = read(written(tmp_path / "a.parquet", [line]), columns=columns)
    assert [one.code for one in claim.encounter.diagnoses] == ["E119", "L570"]
    assert claim.encounter.lines[0].modifiers == ("25", "59")


@pytest.mark.parametrize("apart", [False, True])
def test_a_large_table(tmp_path, monkeypatch, apart):
    rows = [row(claim_id=f"C-{claim}", claim_line_number=str(line)) for claim in range(30) for line in (1, 2)]
    path = written(tmp_path / "a.parquet", rows[::2] + rows[1::2] if apart else rows)
    small = {claim.encounter.id: claim.encounter for claim in read(path)}
    monkeypatch.setattr(flat_grouping.grouped, "__defaults__", (200,))
    assert {claim.encounter.id: claim.encounter for claim in read(path)} == small
    assert len(small) == 30


NESTED = {
    "schema": "sequela.encounter/1",
    "id": "C-1",
    "setting": "professional",
    "payer": "medicare",
    "patient": {"id": "P-7", "birth_date": date(1950, 6, 1), "sex": "female"},
    "diagnoses": [{"code": "L57.0", "poa": None}, {"code": "E11.9", "poa": "Y"}],
    "lines": [
        {"number": 1, "code": "99213", "modifiers": ["25"], "units": 1.5, "date": datetime(2026, 3, 2), "charge": 120.1,
         "diagnoses": [1], "emergency": True},
        {"number": 2, "code": "17000", "modifiers": None, "units": None, "date": None, "charge": None, "diagnoses": None,
         "emergency": None},
    ],
    "history": {"complete": True, "lines": [{"claim": "C-0", "code": "99214", "disposition": "paid"}]},
}  # fmt: skip


def test_a_nested_row_is_a_claim_in_the_shape_of_its_json(tmp_path):
    wrong = {**NESTED, "id": "C-2", "setting": "office", "lines": [{**NESTED["lines"][0], "code": "9921"}]}
    found = list(read(written(tmp_path / "a.parquet", [NESTED, wrong, {**NESTED, "id": "C-3", "patient": None}])))
    claim = found[0].encounter
    assert (claim.lines[0].units, claim.lines[0].charge, claim.lines[0].date) == (
        Decimal("1.5"),
        Decimal("120.1"),
        date(2026, 3, 2),
    )
    assert (claim.lines[1].modifiers, claim.lines[1].diagnoses) == ((), None)
    assert read_encounter(to_json(claim)).encounter == claim
    assert claim.origins.origin_of("/lines/1/code").place == "/lines/1/code, row 1"
    assert [(one.code, one.place, one.claim) for one in found[1].problems] == [
        ("SEQ713", "/setting, row 2", "C-2"),
        ("SEQ716", "/lines/0/code, row 2", "C-2"),
    ]
    assert found[2].encounter.id == "C-3"


def test_a_map_of_tags(tmp_path):
    plain = {key: value for key, value in NESTED.items() if key != "history"}
    tags = [("line_of_business", "MA")]
    path = written(
        tmp_path / "a.parquet", [{**plain, "tags": tags}], tags=pyarrow.map_(pyarrow.string(), pyarrow.string())
    )
    (claim,) = read(path)
    assert claim.encounter.tags == {"line_of_business": "MA"}


def test_a_packed_file_and_a_damaged_one(tmp_path):
    data = written(tmp_path / "a.parquet", [PROFESSIONAL]).read_bytes()
    (tmp_path / "a.parquet.gz").write_bytes(gzip.compress(data))
    (claim,) = read(tmp_path / "a.parquet.gz")
    assert claim.encounter.id == "C-1"
    (tmp_path / "b.parquet").write_bytes(data[:-20])
    (found,) = read(tmp_path / "b.parquet")
    assert [one.code for one in found.problems] == ["SEQ742"]
