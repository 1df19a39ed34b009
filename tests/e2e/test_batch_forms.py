"""`sequela batch` gives the same findings of a claim, in whichever form it comes."""

import json
from collections import defaultdict
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
from click.testing import CliRunner

import sequela
from sequela.cli import main

SAMPLES = Path(sequela.__file__).parent / "tests" / "samples"
FORMS = ("three-claims.jsonl", "three-claims.837", "three-claims.fhir.json", "three-claims-benefits.ndjson")
WITHIN = (
    "claim_id",
    "claim_number",
    "rule",
    "status",
    "outcome",
    "subjects",
    "about",
    "message",
    "reason",
    "amount",
    "missing",
)


def nested(path: Path) -> Path:
    """The claims of the JSON Lines as Parquet, a nested row for each."""
    claims = [json.loads(line) for line in (SAMPLES / FORMS[0]).read_text().splitlines()]
    keys = dict.fromkeys(key for one in claims for key in one)
    pq.write_table(pa.table({key: [one.get(key) for one in claims] for key in keys}), path)
    return path


def test_the_forms_of_a_claim_give_the_same_findings(tmp_path: Path) -> None:
    inputs = [str(SAMPLES / name) for name in FORMS] + [str(nested(tmp_path / "claims.parquet"))]
    words = ["batch", *inputs, "--out", str(tmp_path / "out"), "--data", str(SAMPLES / "tables"), "--jobs", "1"]
    done = CliRunner().invoke(main, words)
    assert done.exit_code == 1, done.output
    assert pq.read_table(tmp_path / "out" / "rejects").num_rows == 0
    found = defaultdict(list)
    for row in pq.read_table(tmp_path / "out" / "findings").to_pylist():
        found[row["source"]].append([row[name] for name in WITHIN])
    assert list(found) == inputs
    first, *others = found.values()
    assert {row[3] for row in first} >= {"fail", "unknown"}
    assert {row[0] for row in first} == {"CD-003", "HD-003", "HD-002"}
    for other in others:
        assert other == first
