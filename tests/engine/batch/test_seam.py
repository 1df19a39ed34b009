"""The seam: a batch of claims gives findings, claims and rejects in the promised schemas."""

import json
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from batch_made import RULES, claim
from sequela.engine.batch import rows
from sequela.engine.batch.schemas import CLAIMS, FINDINGS, NAME, REJECTS
from sequela.engine.batch.seam import evaluate, evaluate_batch
from sequela.engine.pipeline.opening import load, open_texts
from sequela.engine.pipeline.rulebook import PayerUnknown, Rulebook


@pytest.fixture(scope="module")
def rulebook() -> Rulebook:
    return open_texts({"made.rules": RULES})


def batch(*claims: Any, **columns: Any) -> Any:
    texts = [one if isinstance(one, bytes) else json.dumps(one).encode() for one in claims]
    return pa.RecordBatch.from_pydict({"encounter": texts, **columns})


def test_a_finding_has_every_column(rulebook: Rulebook) -> None:
    found = evaluate(batch(claim("C-1", 3), source=["a.jsonl"], claim_number=[7]), rulebook)
    assert found.findings.schema == FINDINGS
    (row,) = found.findings.to_pylist()
    assert row["claim_id"] == "C-1"
    assert (row["source"], row["claim_number"]) == ("a.jsonl", 7)
    assert (row["rule"], row["ruleset"], row["status"], row["outcome"]) == ("MANY", "made", "fail", "deny")
    assert row["message"] == "99213 is billed 3 times."
    assert (row["group"], row["carc"], row["rarcs"]) == ("CO", "151", ["N362"])
    assert row["cites"] == ["MANUAL 2026, I.D"]
    assert row["about"] == row["subjects"] == ["/lines/0"]
    assert row["amount"] == Decimal("120.50")
    assert row["missing"] == row["tables"] == row["uncovered"] == []


def test_what_is_open_says_what_it_waits_for(rulebook: Rulebook) -> None:
    (row,) = evaluate_batch(batch(claim("C-1", patient={})), rulebook).to_pylist()
    assert (row["rule"], row["status"], row["outcome"]) == ("SEX", "unknown", "note")
    assert row["missing"] == [["/patient/sex"]]
    assert row["carc"] is None


LOOKS_UP = """ruleset made "Made up"

source MANUAL
  title "A manual"

table limits "Limits"
  file      "{file}"
  key       code of HCPCS
  value     most as number
  covers    2025-01-01 to 2025-12-31
  complete

codes visits of HCPCS
  99213

rule LIMIT "No more units than the table says"
  effective 2020-01-01 onward by line date
  for each  line visit in visits
  look up   limit in limits by visit.code
  require   visit.units is at most limit.most
  if fail   deny visit
  cite      MANUAL
"""


def test_what_is_not_checked_names_the_tables_that_are_not_loaded() -> None:
    absent = open_texts({"made.rules": LOOKS_UP.format(file="nobody/limits")})
    (row,) = evaluate_batch(batch(claim("C-1")), absent).to_pylist()
    assert (row["status"], row["tables"], row["uncovered"]) == ("not checked", ["limits"], [])


def test_what_is_not_checked_names_the_day_that_a_table_does_not_cover(tmp_path: Path) -> None:
    (tmp_path / "limits.csv").write_text("code,most\n99213,1\n")
    (tmp_path / "made.rules").write_text(LOOKS_UP.format(file="limits.csv"))
    (row,) = evaluate_batch(batch(claim("C-1")), load(tmp_path / "made.rules")).to_pylist()
    assert (row["status"], row["tables"]) == ("not checked", [])
    assert row["uncovered"] == [{"table": "limits", "day": date(2026, 3, 2)}]


def test_the_schemas_carry_their_names() -> None:
    named = [one.metadata[NAME] for one in (FINDINGS, CLAIMS, REJECTS)]
    assert named == [b"sequela.findings/1", b"sequela.claims/1", b"sequela.rejects/1"]


def test_each_claim_is_decided_or_rejected(rulebook: Rulebook) -> None:
    found = evaluate(
        batch(claim("C-1"), b'{"schema": ', claim("C-3", 3), claim("C-4", lines=7), claim_number=[1, 2, 3, 4]), rulebook
    )
    assert found.claims.schema == CLAIMS
    assert found.rejects.schema == REJECTS
    claims = found.claims.to_pylist()
    assert [(one["claim_id"], one["clean"], one["outcome"], one["n_fail"]) for one in claims] == [
        ("C-1", True, "pass", 0),
        ("C-3", False, "deny", 1),
    ]
    assert claims[0]["total_charge"] == Decimal("200.00")
    assert claims[0]["receipt"]["rules"].startswith("sha256:")
    rejects = found.rejects.to_pylist()
    assert [(one["claim_number"], one["claim_id"], one["fatal"]) for one in rejects] == [
        (2, None, True),
        (4, "C-4", True),
    ]
    assert "/lines" in rejects[1]["place"]


def test_the_place_given_leads_to_the_place_within(rulebook: Rulebook) -> None:
    found = evaluate(batch(claim("C-4", lines=7), place=["row 12 of march"]), rulebook)
    assert found.rejects.to_pylist()[0]["place"].startswith("row 12 of march, /lines")


def test_counts_are_made_when_asked_for(rulebook: Rulebook) -> None:
    without, counted = (
        evaluate(batch(claim("C-1")), rulebook, counts=one).claims.to_pylist()[0] for one in (False, True)
    )
    assert (without["n_pass"], without["n_not_applicable"]) == (None, None)
    assert (counted["n_pass"], counted["n_not_applicable"]) == (2, 0)


def test_failures_alone(rulebook: Rulebook) -> None:
    found = evaluate(batch(claim("C-1", 3, patient={})), rulebook, only_failures=True)
    assert [one["status"] for one in found.findings.to_pylist()] == ["fail"]
    assert found.claims.to_pylist()[0]["n_unknown"] == 1


def test_an_empty_batch_has_the_schemas(rulebook: Rulebook) -> None:
    found = evaluate(batch(), rulebook)
    assert (found.findings.schema, found.claims.schema, found.rejects.schema) == (FINDINGS, CLAIMS, REJECTS)
    assert found.findings.num_rows == found.claims.num_rows == found.rejects.num_rows == 0


def test_text_is_as_good_as_bytes_and_no_text_is_a_reject(rulebook: Rulebook) -> None:
    texts = pa.RecordBatch.from_pydict({"encounter": [json.dumps(claim("C-1")), None]})
    found = evaluate(texts, rulebook)
    assert found.claims.num_rows == 1
    assert found.rejects.to_pylist()[0]["code"] == "SEQ700"


def test_a_payer_that_is_unknown_is_said_even_of_no_claim(rulebook: Rulebook) -> None:
    with pytest.raises(PayerUnknown):
        evaluate(batch(), rulebook, payer="nobody")


def test_without_encounters_there_is_nothing_to_decide(rulebook: Rulebook) -> None:
    with pytest.raises(KeyError):
        evaluate(pa.RecordBatch.from_pydict({"claim": ["{}"]}), rulebook)


def test_a_fault_of_ours_leaves_out_one_claim(rulebook: Rulebook, monkeypatch: pytest.MonkeyPatch) -> None:
    made = rows._finding_row

    def broken(entry: Any, ledger: Any) -> Any:
        if ledger.encounter.id == "C-2":
            raise ZeroDivisionError(ledger.encounter.id)
        return made(entry, ledger)

    monkeypatch.setattr(rows, "_finding_row", broken)
    numbers = [1, 2, 3]
    found = evaluate(batch(claim("C-1", 3), claim("C-2", 3), claim("C-3", 3), claim_number=numbers), rulebook)
    assert (
        found.claims.column("claim_number").to_pylist() == found.findings.column("claim_number").to_pylist() == [1, 3]
    )
    (left,) = found.rejects.to_pylist()
    assert (left["claim_number"], left["claim_id"], left["code"], left["fatal"]) == (2, "C-2", "SEQ901", True)
    assert "ZeroDivisionError in test_seam.py" in left["message"]
    assert "C-2" not in left["message"]
