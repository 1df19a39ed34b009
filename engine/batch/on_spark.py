"""On Spark: the seam on a cluster: a frame of claims in, frames of findings, claims and rejects out.

In:   a Spark DataFrame of encounters, or of whole files; a `Book`.    Out: DataFrames of findings, claims and rejects.
Uses: batch.seam, batch.rows, batch.carried, encounter.read, pyspark (the extra `spark`).    Used by: jobs (SPARK.md has one).
Not here: what is decided (seam); what has to be carried to other machines (carried).

A Python worker opens the rulebook when it meets its first claims, and keeps it. It refuses to decide by other rules or tables
than the driver has: one job, one receipt.
"""

import io
import os
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any, Final

import pyarrow as pa
from attrs import field, frozen

from sequela.engine.batch.carried import Packing, data_named, needed, pack, packed_name, receipt_of, rulebook_at
from sequela.engine.batch.rows import Asked, At, Rows, decide_or_leave_out
from sequela.engine.batch.schemas import CLAIMS, ENCOUNTERS, FINDINGS, REJECTS
from sequela.engine.batch.seam import Evaluated, as_evaluated, evaluate
from sequela.engine.encounter.read import read
from sequela.engine.pipeline.opening import load
from sequela.engine.pipeline.rulebook import Rulebook

try:
    from pyspark import SparkFiles
    from pyspark.sql import DataFrame, SparkSession
except ImportError as error:
    raise ImportError("Sequela on Spark needs pyspark: `pip install 'sequela[spark]'`.") from error

SLICE: Final = 500
"""So many claims are decided in one go, however large Spark's own batches are: what is found of them is held in memory."""

_FILE: Final = ("path", "content")
_TABLES: Final = (("finding", "findings", FINDINGS), ("claim", "claims", CLAIMS), ("reject", "rejects", REJECTS))
_EVALUATED: Final = pa.schema([pa.field(column, pa.struct(list(schema))) for column, _, schema in _TABLES])


@frozen(eq=False)
class Book:
    """A rulebook that a job decides by: open here, on the driver, and told to the workers by its `packing`."""

    rulebook: Rulebook
    packing: Packing = field(repr=False)


def book(spark: SparkSession, *rules: str | Path, data: Iterable[str | Path] = (), carry: bool = True) -> Book:
    """The rulebook of rule files and data folders, for the claims of a job.

    Args:
        spark: the session whose executors will decide.
        rules: rule files and folders of them; those that ship where none is named.
        data: folders of tables.
        carry: whether the files are sent to the executors (once to each). If not, each of them reads the same paths, on storage
            that all of them see.
    Raises: RulesError, holding every diagnostic; OSError, where a file cannot be read.
    """
    paths, folders = [Path(one) for one in rules], data_named(data)
    rulebook = load(*paths, data=folders)
    archive = _sent(spark, paths, folders) if carry else None
    named = packed_name if archive else os.path.abspath
    packing = Packing(
        rules=tuple(named(one) for one in paths),
        data=tuple(named(one) for one in folders),
        archive=archive,
        receipt=receipt_of(rulebook),
    )
    return Book(rulebook, packing)


def findings(frame: DataFrame, book: Book, *, payer: str | None = None, only_failures: bool = False) -> DataFrame:
    """The findings of a frame of claims: a row for each, in the schema FINDINGS. What could not be read is not in it.

    Args:
        frame: one row for each claim, whose column `encounter` (text or bytes) holds the JSON of `sequela.encounter/1`; `source`,
            `place` and `claim_number` are taken where they are there. Or one row for each file, in any format that Sequela
            reads, with the columns `path` and `content` of Spark's `binaryFile`.
        book: by what they are decided.
        payer: whose rules run; by default as each claim's payer id says.
        only_failures: whether the findings are only what failed.
    Raises: KeyError, where there is no such column; PayerUnknown. Both before anything is done.
    """
    asked = Asked(payer=payer, only_failures=only_failures)
    return _mapped(frame, book, asked, _findings_of, FINDINGS)


def decided(
    frame: DataFrame, book: Book, *, payer: str | None = None, only_failures: bool = False, counts: bool = False
) -> DataFrame:
    """Findings, claims and rejects of a frame of claims, decided once: each row holds one of the three.

    Args: as of `findings`; with `counts`, what passed and what did not apply is counted, too, which costs as much as deciding.
    Returns: columns `finding`, `claim` and `reject`, of which one is not null. Write it, or persist it, then take the three
        tables out of it with `table`.
    Raises: as `findings`.
    """
    asked = Asked(payer=payer, only_failures=only_failures, counts=counts)
    return _mapped(frame, book, asked, _side_by_side, _EVALUATED)


def table(frame: DataFrame, name: str) -> DataFrame:
    """One of the tables in a frame that `decided` gave: "findings", "claims" or "rejects". Raises KeyError for another name."""
    column = {one: column for column, one, _ in _TABLES}[name]
    return frame.where(f"{column} IS NOT NULL").select(f"{column}.*")


def ddl_of(schema: pa.Schema) -> str:
    """An Arrow schema as Spark reads it, with the columns of the seam's tables: `claim_id STRING, …`."""
    return ", ".join(f"`{column.name}` {_ddl_type(column.type)}" for column in schema)


def _sent(spark: SparkSession, rules: list[Path], data: tuple[Path, ...]) -> str | None:
    """Send what a rulebook needs to the executors; the name of the archive, or None where there is nothing to send."""
    files = needed(rules, data)
    if not files:
        return None
    archive = pack(files, Path(SparkFiles.getRootDirectory()) / "sequela-sent")  # goes when the session does
    spark.sparkContext.addArchive(archive.as_uri())
    return archive.name


def _opened(packing: Packing) -> Rulebook:
    """The rulebook in a worker."""
    return rulebook_at(packing, None if packing.archive is None else SparkFiles.get(packing.archive))


def _mapped(
    frame: DataFrame, book: Book, asked: Asked, pick: Callable[[Evaluated], Any], schema: pa.Schema
) -> DataFrame:
    there, packing = set(frame.columns), book.packing
    if asked.payer is not None and not book.rulebook.payers_named(asked.payer):
        book.rulebook.selection(asked.payer)  # raises PayerUnknown
    if "encounter" in there:
        taken, decide_batch = [name for name in ENCOUNTERS.names if name in there], _of_claims
    elif there.issuperset(_FILE):
        taken, decide_batch = list(_FILE), _of_files
    else:
        raise KeyError(
            f"A column `encounter`, or `path` and `content`, is needed; there is {', '.join(sorted(there))}."
        )

    def run(batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        for batch in batches:
            for found in decide_batch(batch, _opened(packing), asked):
                yield pick(found)

    return frame.select(*taken).mapInArrow(run, ddl_of(schema))


def _of_claims(batch: pa.RecordBatch, rulebook: Rulebook, asked: Asked) -> Iterator[Evaluated]:
    for start in range(0, batch.num_rows, SLICE):
        yield evaluate(
            batch.slice(start, SLICE),
            rulebook,
            payer=asked.payer,
            only_failures=asked.only_failures,
            counts=asked.counts,
        )


def _of_files(batch: pa.RecordBatch, rulebook: Rulebook, asked: Asked) -> Iterator[Evaluated]:
    for path, content in zip(*(batch.column(name) for name in _FILE), strict=True):
        name, rows = path.as_py() or "-", Rows()
        for number, one in enumerate(read(io.BytesIO(content.as_py() or b""), name), start=1):
            decide_or_leave_out(one, At(name, number), rulebook, asked, rows)
            if number % SLICE == 0:
                yield as_evaluated(rows)
                rows = Rows()
        yield as_evaluated(rows)


def _findings_of(found: Evaluated) -> pa.RecordBatch:
    return found.findings


def _side_by_side(found: Evaluated) -> pa.RecordBatch:
    """The three tables as one: findings, then claims, then rejects, each in a column of its own."""
    parts = [getattr(found, name) for _, name, _ in _TABLES]
    columns = []
    for at, part in enumerate(parts):
        kind = _EVALUATED.field(at).type
        rows = pa.StructArray.from_arrays(part.columns, fields=list(kind))
        before, after = sum(one.num_rows for one in parts[:at]), sum(one.num_rows for one in parts[at + 1 :])
        columns.append(pa.concat_arrays([pa.nulls(before, kind), rows, pa.nulls(after, kind)]))
    return pa.RecordBatch.from_arrays(columns, schema=_EVALUATED)


_PLAIN_TYPES: Final = (
    (pa.types.is_string, "STRING"),
    (pa.types.is_binary, "BINARY"),
    (pa.types.is_int64, "BIGINT"),
    (pa.types.is_int32, "INT"),
    (pa.types.is_boolean, "BOOLEAN"),
    (pa.types.is_date32, "DATE"),
)


def _ddl_type(kind: pa.DataType) -> str:
    if pa.types.is_list(kind):
        return f"ARRAY<{_ddl_type(kind.value_type)}>"
    if pa.types.is_struct(kind):
        return "STRUCT<" + ", ".join(f"`{one.name}`: {_ddl_type(one.type)}" for one in kind) + ">"
    if pa.types.is_decimal(kind):
        return f"DECIMAL({kind.precision}, {kind.scale})"
    return next(name for fits, name in _PLAIN_TYPES if fits(kind))
