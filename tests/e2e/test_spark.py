"""On a cluster of two executors, each with its own Java and Python processes, the job of SPARK.md finds what one machine finds.

The executors have no checkout: Sequela reaches them as SPARK.md says, as a wheel in an archive; rules and tables as `book` sends them.
"""

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from attrs import frozen

import sequela
from sequela.engine.batch.schemas import CLAIMS, ENCOUNTERS, FINDINGS, REJECTS
from sequela.engine.batch.seam import Evaluated, evaluate
from spark_made import ROOT, SETTINGS, claim_texts, environment, need_spark, spark_package, write_rules

COUNT = 2_100
FILES = 6
RECIPE = ROOT / "engine" / "batch" / "SPARK.md"
NOT_COPIED = (".*", "__pycache__", "build", "dist", "*.egg-info", "tests")

PROBE = """
import json, os, time
import pyarrow as pa

def probe(batches):
    import sequela
    from sequela.engine.batch import carried
    for batch in batches:
        time.sleep(1)
        with open(f"/proc/{os.getppid()}/stat") as stream:
            java = int(stream.read().rpartition(")")[2].split()[1])
        kept = carried._opened.cache_info()
        row = {"pid": os.getpid(), "java": java, "folder": os.getcwd(), "package": sequela.__file__,
               "opened": kept.misses, "asked": kept.misses + kept.hits}
        yield pa.RecordBatch.from_pylist([row])

columns = "pid BIGINT, java BIGINT, folder STRING, package STRING, opened BIGINT, asked BIGINT"
rows = spark.range(6, numPartitions=6).mapInArrow(probe, columns).collect()
driver = {"pid": os.getpid(), "partitions": claims.rdd.getNumPartitions(), "workers": [row.asDict() for row in rows]}
json.dump(driver, open("out/probe.json", "w"))
"""


@frozen
class Ran:
    """What the job left behind, and what one machine finds in the same claims."""

    folder: Path
    expected: Evaluated
    probe: dict[str, Any]


@pytest.fixture(scope="module")
def ran(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ran]:
    need_spark()
    folder = tmp_path_factory.mktemp("cluster")
    write_rules(folder)
    claims = write_claims(folder / "claims")
    expected = evaluate(claims, sequela.load(folder / "rules", data=[folder / "tables"]))
    recipe = re.findall(r"```python\n(.*?)```", RECIPE.read_text(), re.DOTALL)[0]
    (folder / "job.py").write_text(recipe.replace("spark.stop()", PROBE + "spark.stop()"))
    settings = {
        **SETTINGS,
        "spark.executorEnv.PYTHONPATH": "sequela-wheel",
        "spark.local.dir": str(folder / "local"),
        "spark.sql.execution.arrow.maxRecordsPerBatch": "100",
        "spark.sql.files.openCostInBytes": str(1 << 30),  # each file is a partition
    }
    command = [
        str(spark_package() / "bin" / "spark-submit"),
        *("--master", "local-cluster[2,1,1024]", "--archives", f"{wheel(folder)}#sequela-wheel"),
        *(word for name, value in settings.items() for word in ("--conf", f"{name}={value}")),
        "job.py",
    ]
    done = subprocess.run(
        command, cwd=folder, env=environment(folder), capture_output=True, text=True, timeout=400, check=False
    )
    assert done.returncode == 0, said(done.stderr, folder)
    yield Ran(folder, expected, json.loads((folder / "out" / "probe.json").read_text()))
    shutil.rmtree(folder)


def write_claims(folder: Path) -> pa.RecordBatch:
    """Claims in several Parquet files, and all of them as one batch."""
    folder.mkdir()
    texts = list(claim_texts(COUNT))
    columns = (texts, ["made.jsonl"] * COUNT, [f"row {number}" for number in range(COUNT)], list(range(1, COUNT + 1)))
    batch = pa.RecordBatch.from_arrays(
        [pa.array(cells, column.type) for cells, column in zip(columns, ENCOUNTERS, strict=True)], schema=ENCOUNTERS
    )
    size = -(-COUNT // FILES)
    for part in range(FILES):
        pq.write_table(pa.Table.from_batches([batch.slice(part * size, size)]), folder / f"part-{part}.parquet")
    return batch


def wheel(folder: Path) -> Path:
    """The wheel of this checkout, under a name by which Spark unpacks it."""
    copy, made = folder / "checkout", folder / "wheels"
    shutil.copytree(ROOT, copy, ignore=shutil.ignore_patterns(*NOT_COPIED))
    command = [sys.executable, "-m", "pip", "wheel", "-q", "--no-deps", "-w", str(made), str(copy)]
    subprocess.run(command, check=True, capture_output=True, timeout=300)
    shutil.rmtree(copy)
    (found,) = made.iterdir()
    return found.rename(folder / "sequela.zip")


def said(errors: str, folder: Path) -> str:
    """What the driver said, and the last that the executors did."""
    logs = sorted(folder.glob("spark-home/work/*/*/stderr"))[:3]
    return "\n".join([errors[:6000], *(f"{log.parent.name}: {log.read_text()[-2000:]}" for log in logs)])


def as_bytes(table: Any, schema: pa.Schema) -> bytes:
    """The rows, sorted, as bytes."""
    rows = pa.Table.from_batches([table]) if isinstance(table, pa.RecordBatch) else table
    return "\n".join(sorted(json.dumps(row, default=str) for row in rows.cast(schema).to_pylist())).encode()


@pytest.mark.parametrize(("name", "schema"), [("findings", FINDINGS), ("claims", CLAIMS), ("rejects", REJECTS)])
def test_the_cluster_finds_what_one_machine_finds_byte_for_byte(ran: Ran, name: str, schema: pa.Schema) -> None:
    found = pq.read_table(ran.folder / "out" / name)
    assert found.column_names == schema.names
    assert found.num_rows > COUNT / 20
    assert as_bytes(found, schema) == as_bytes(getattr(ran.expected, name), schema)


def test_every_claim_is_decided_or_rejected_and_none_ends_the_job(ran: Ran) -> None:
    claims = pq.read_table(ran.folder / "out" / "claims").column("claim_number").to_pylist()
    rejects = pq.read_table(ran.folder / "out" / "rejects").to_pylist()
    fatal = {row["claim_number"] for row in rejects if row["fatal"]}
    assert len(fatal) > COUNT / 20
    assert sorted([*claims, *fatal]) == list(range(1, COUNT + 1))


def test_the_claims_of_one_s_own_payer_met_its_rules(ran: Ran) -> None:
    found = pq.read_table(ran.folder / "out" / "findings").to_pylist()
    failed = {row["rule"] for row in found if row["payer_rules"] == "harbor" and row["status"] == "fail"}
    assert {"HARBOR-UNITS", "HARBOR-FEE"} <= failed


def test_the_executors_are_separate_and_have_no_checkout(ran: Ran) -> None:
    workers = ran.probe["workers"]
    assert ran.probe["partitions"] == FILES
    for key in ("folder", "java", "pid"):
        assert len({one[key] for one in workers}) == 2, key
    assert ran.probe["pid"] not in {one["pid"] for one in workers}
    for one in workers:
        assert Path(one["package"]).is_relative_to(Path(one["folder"]) / "sequela-wheel")


def test_a_worker_opens_the_rulebook_once(ran: Ran) -> None:
    workers = {one["pid"]: one for one in ran.probe["workers"]}
    assert [one["opened"] for one in workers.values()] == [1, 1]
    assert sum(one["asked"] for one in workers.values()) >= COUNT / 100


def test_nothing_is_left_in_the_installed_package(ran: Ran) -> None:
    assert (ran.folder / "spark-home" / "work").is_dir()
    assert not [one for one in ("work", "spark-warehouse", "artifacts") if (spark_package() / one).exists()]
    assert not [one for one in os.listdir(ROOT) if one in ("spark-warehouse", "artifacts", "metastore_db", "build")]
