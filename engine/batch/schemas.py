"""Schemas: the columns of the three tables that a batch writes.

In:   nothing.                       Out: `FINDINGS`, `CLAIMS`, `REJECTS`, `ENCOUNTERS`.
Uses: pyarrow (the extra `batch`).   Used by: batch.seam, batch.parts, and whoever hands these schemas to another engine.
Not here: what stands in the columns (rows.py); what each of them means to a reader (README.md).

They are a promise to users: a column is added at the end, never renamed and never given another type. Each schema carries its
name and number (`sequela.findings/1`) in its metadata, under `NAME`; another number would be another promise.
"""

from typing import Any, Final

import pyarrow as pa

_TEXTS: Final = pa.list_(pa.string())
_AMOUNT: Final = pa.decimal128(18, 2)


NAME: Final = b"sequela.schema"
"""The key of a schema's metadata, and so of a Parquet file's, under which its name and number stand."""


def _schema(name: str, *columns: tuple[str, Any]) -> Any:
    """A schema of columns, each with name and type; `name` is what the schema is called."""
    return pa.schema(columns, metadata={NAME: name.encode()})


FINDINGS: Final = _schema(
    "sequela.findings/1",
    ("claim_id", pa.string()),
    ("source", pa.string()),
    ("claim_number", pa.int64()),
    ("payer", pa.string()),
    ("payer_rules", pa.string()),
    ("setting", pa.string()),
    ("rule", pa.string()),
    ("ruleset", pa.string()),
    ("title", pa.string()),
    ("phase", pa.string()),
    ("status", pa.string()),
    ("outcome", pa.string()),
    ("subjects", _TEXTS),
    ("about", _TEXTS),
    ("governing_date", pa.date32()),
    ("message", pa.string()),
    ("reason", pa.string()),
    ("carc", pa.string()),
    ("group", pa.string()),
    ("rarcs", _TEXTS),
    ("cites", _TEXTS),
    ("amount", _AMOUNT),
    ("missing", pa.list_(_TEXTS)),
    ("tables", _TEXTS),
    ("uncovered", pa.list_(pa.struct([("table", pa.string()), ("day", pa.date32())]))),
)
"""One row for each finding: each entry of a ledger that neither passed nor did not apply."""

CLAIMS: Final = _schema(
    "sequela.claims/1",
    ("claim_id", pa.string()),
    ("source", pa.string()),
    ("claim_number", pa.int64()),
    ("payer", pa.string()),
    ("payer_rules", pa.string()),
    ("setting", pa.string()),
    ("provider", pa.string()),
    ("service_date", pa.date32()),
    ("received", pa.date32()),
    ("total_charge", _AMOUNT),
    ("outcome", pa.string()),
    ("clean", pa.bool_()),
    ("n_fail", pa.int32()),
    ("n_unknown", pa.int32()),
    ("n_not_checked", pa.int32()),
    ("n_bypassed", pa.int32()),
    ("n_pass", pa.int32()),
    ("n_not_applicable", pa.int32()),
    ("n_error", pa.int32()),
    ("receipt", pa.struct([("engine", pa.string()), ("rules", pa.string()), ("tables", pa.string())])),
)
"""One row for each claim that was decided."""

REJECTS: Final = _schema(
    "sequela.rejects/1",
    ("source", pa.string()),
    ("place", pa.string()),
    ("claim_number", pa.int64()),
    ("code", pa.string()),
    ("message", pa.string()),
    ("fatal", pa.bool_()),
    ("claim_id", pa.string()),
    ("hint", pa.string()),
)
"""One row for each thing wrong with an input; where `fatal` is true, a claim (or the rest of a file) was not decided."""

ENCOUNTERS: Final = _schema(
    "sequela.encounters/1",
    ("encounter", pa.binary()),
    ("source", pa.string()),
    ("place", pa.string()),
    ("claim_number", pa.int64()),
)
"""What `seam.evaluate` takes: one row for each claim. `encounter` may be text as well; the other columns may be absent."""


def as_batch(schema: Any, rows: list[tuple[Any, ...]]) -> Any:
    """Rows, in the order of a schema's columns, as one `pyarrow.RecordBatch`."""
    columns = zip(*rows, strict=True) if rows else ((),) * len(schema)
    arrays = [pa.array(cells, kind.type) for cells, kind in zip(columns, schema, strict=True)]
    return pa.RecordBatch.from_arrays(arrays, schema=schema)
