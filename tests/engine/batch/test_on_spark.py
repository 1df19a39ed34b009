"""On Spark, in one process with two threads: frames of claims and of files give the rows that the seam gives."""

import importlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from attrs import evolve

import sequela
from sequela.engine.batch.rows import Asked, At, Rows, decide
from sequela.engine.batch.schemas import CLAIMS, FINDINGS, REJECTS
from sequela.engine.batch.seam import Evaluated, as_evaluated, evaluate
from sequela.engine.pipeline.rulebook import PayerUnknown
from spark_made import SAMPLES, SETTINGS, TABLES, claim_texts, environment, need_spark, write_rules

pytestmark = pytest.mark.filterwarnings("ignore::ResourceWarning")
COUNT = 240


@pytest.fixture(scope="module")
def on_spark() -> Any:
    need_spark()
    return importlib.import_module("sequela.engine.batch.on_spark")


@pytest.fixture(scope="module")
def spark(on_spark: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    folder = tmp_path_factory.mktemp("spark")
    with pytest.MonkeyPatch.context() as patch:
        for name, value in environment(folder).items():
            patch.setenv(name, value)
        builder = importlib.import_module("pyspark.sql").SparkSession.builder.master("local[2]")
        for name, value in {
            **SETTINGS,
            "spark.local.dir": str(folder),
            "spark.sql.execution.arrow.maxRecordsPerBatch": "50",
        }.items():
            builder = builder.config(name, value)
        session = builder.getOrCreate()
        yield session
        gateway = session.sparkContext._gateway
        session.stop()
        gateway.shutdown()
        gateway.proc.stdin.close()
        gateway.proc.wait(60)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("rules")
    write_rules(made, over="")  # a small rulebook; the cluster has a large one (tests/e2e/test_spark.py)
    return made


@pytest.fixture(scope="module")
def book(on_spark: Any, spark: Any, folder: Path) -> Any:
    return on_spark.book(spark, folder / "rules", data=[folder / "tables"])


@pytest.fixture(scope="module")
def claims() -> pa.Table:
    texts = list(claim_texts(COUNT))
    numbers = list(range(1, COUNT + 1))
    columns = {"encounter": pa.array(texts, pa.binary()), "source": ["made"] * COUNT, "claim_number": numbers}
    return pa.table({**columns, "note": ["not read"] * COUNT})


@pytest.fixture(scope="module")
def expected(book: Any, claims: pa.Table) -> Evaluated:
    return evaluate(claims.combine_chunks().to_batches()[0], book.rulebook)


def rows(table: Any) -> list[str]:
    """Rows as text, in an order that depends on nothing but them."""
    return sorted(json.dumps(row, default=str) for row in table.to_pylist())


@pytest.mark.parametrize(("name", "schema"), [("findings", FINDINGS), ("claims", CLAIMS), ("rejects", REJECTS)])
def test_the_three_tables_are_those_of_the_seam(
    on_spark: Any, spark: Any, book: Any, claims: pa.Table, expected: Evaluated, name: str, schema: pa.Schema
) -> None:
    frame = on_spark.decided(spark.createDataFrame(claims).repartition(3), book)
    assert frame.columns == ["finding", "claim", "reject"]
    found = on_spark.table(frame, name).toArrow()
    assert [(one.name, one.type) for one in found.schema] == [(one.name, one.type) for one in schema]
    assert found.num_rows > 10
    assert rows(found) == rows(getattr(expected, name))


def test_findings_alone(on_spark: Any, spark: Any, book: Any, claims: pa.Table, expected: Evaluated) -> None:
    frame = spark.createDataFrame(claims)
    assert rows(on_spark.findings(frame, book).toArrow()) == rows(expected.findings)
    failed = on_spark.findings(frame, book, only_failures=True).toArrow()
    assert set(failed.column("status").to_pylist()) == {"fail"}


def test_text_serves_as_well_as_bytes_and_other_columns_need_not_be_there(on_spark: Any, spark: Any, book: Any) -> None:
    (text,) = (one for one in claim_texts(1))
    frame = spark.createDataFrame(pa.table({"encounter": pa.array([text.decode(), None], pa.string())}))
    found = on_spark.decided(frame, book, counts=True)
    (claim,) = on_spark.table(found, "claims").collect()
    assert (claim.claim_id, claim.source, claim.claim_number) == ("K-00001", None, None)
    assert claim.n_pass is not None
    assert [one.code for one in on_spark.table(found, "rejects").collect()] == ["SEQ700"]


def test_whole_files_are_read_where_they_are_decided(on_spark: Any, spark: Any, book: Any, tmp_path: Path) -> None:
    for sample in SAMPLES:
        (tmp_path / sample.name).write_bytes(sample.read_bytes())
    (tmp_path / "damaged.837").write_bytes(SAMPLES[0].read_bytes()[:1500])
    (tmp_path / "picture.png").write_bytes(b"\x89PNG\r\n")
    frame = spark.read.format("binaryFile").load(str(tmp_path))
    found = on_spark.decided(frame, book)
    expected = Rows()
    for path in (row.path for row in frame.collect()):
        local = Path(path.removeprefix("file:"))
        with local.open("rb") as stream:
            for number, one in enumerate(sequela.read(stream, path), start=1):
                decide(one, At(path, number), book.rulebook, Asked(), expected)
    once = as_evaluated(expected)
    for name in ("findings", "claims", "rejects"):
        table = on_spark.table(found, name).toArrow()
        assert table.num_rows
        assert rows(table) == rows(getattr(once, name))


def test_the_rules_that_ship_need_nothing_to_be_sent(on_spark: Any, spark: Any) -> None:
    book = on_spark.book(spark)
    assert book.packing.archive is None
    frame = spark.createDataFrame(pa.table({"encounter": list(claim_texts(5))}))
    assert on_spark.table(on_spark.decided(frame, book, payer="northwind-ppo"), "claims").count() == 5


def test_paths_that_every_node_sees_need_not_be_sent(on_spark: Any, spark: Any, folder: Path, monkeypatch: Any) -> None:
    monkeypatch.chdir(folder)
    book = on_spark.book(spark, "rules", data=["tables"], carry=False)
    assert book.packing.archive is None
    frame = spark.createDataFrame(pa.table({"encounter": list(claim_texts(5))}))
    assert on_spark.table(on_spark.decided(frame, book), "claims").count() == 5


def test_a_worker_with_other_tables_says_so(on_spark: Any, spark: Any, book: Any) -> None:
    other = evolve(book, packing=evolve(book.packing, receipt=(*book.packing.receipt[:2], "sha256:other")))
    frame = spark.createDataFrame(pa.table({"encounter": list(claim_texts(2))}))
    with pytest.raises(Exception, match="This worker would decide otherwise than the driver"):
        on_spark.findings(frame, other).collect()


def test_what_cannot_be_done_is_said_before_anything_is(on_spark: Any, spark: Any, book: Any) -> None:
    frame = spark.createDataFrame(pa.table({"encounter": ["{}"]}))
    with pytest.raises(PayerUnknown):
        on_spark.findings(frame, book, payer="nobody")
    with pytest.raises(KeyError, match="encounter"):
        on_spark.findings(frame.withColumnRenamed("encounter", "claim"), book)
    with pytest.raises(KeyError):
        on_spark.table(on_spark.decided(frame, book), "finding")
    with pytest.raises(sequela.RulesError):
        on_spark.book(spark, TABLES)
