"""Parts: the columns that a summary asks of a batch's files, some rows at a time.

In:   Parquet files.                            Out: `pyarrow.RecordBatch`es, `pyarrow.Table`s.
Uses: batch.schemas, summary.folder, pyarrow.   Used by: summary.survey, summary.tally.
Not here: which files count (folder.py); what is counted (tally.py).
"""

from collections.abc import Iterator, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from attrs import frozen

from sequela.engine.batch.schemas import CLAIMS, FINDINGS, REJECTS
from sequela.engine.diagnostics.model import InputProblem
from sequela.engine.summary.folder import Parts, damaged

_SCHEMAS: Final = {"findings": FINDINGS, "claims": CLAIMS, "rejects": REJECTS}
_ROWS: Final = 65_536
_KEY: Final = ("source", "claim_number", "claim_id")
_HUNDRED: Final = Decimal(100)


@frozen
class PartUnreadable(Exception):
    """A part that is not what a batch writes; holds what is said of it."""

    problem: InputProblem


def batches_of(parts: Parts, table: str, columns: Sequence[str]) -> Iterator[Any]:
    """The rows of one table in some of its columns, as record batches with the types of its schema.

    Raises: PartUnreadable, where a file is damaged or lacks a column.
    """
    for path in getattr(parts, table):
        wanted = pa.schema([_SCHEMAS[table].field(name) for name in columns])
        try:
            with pq.ParquetFile(path) as file:
                lacking = [name for name in columns if name not in file.schema_arrow.names]
                if lacking:
                    raise PartUnreadable(damaged(path, f"has no column `{lacking[0]}`"))
                for batch in file.iter_batches(batch_size=_ROWS, columns=list(columns)):
                    yield batch.select(list(columns)).cast(wanted)
        except (pa.ArrowException, OSError) as error:
            raise PartUnreadable(damaged(path, _why(path, error))) from error


def table_of(parts: Parts, table: str, columns: Sequence[str]) -> Any:
    """All rows of one table, as `batches_of` gives them, in one `pyarrow.Table`."""
    schema = pa.schema([_SCHEMAS[table].field(name) for name in columns])
    return pa.Table.from_batches(list(batches_of(parts, table, columns)), schema)


def keys_of(rows: Any) -> Any:
    """By what a claim is known in all tables: a text of its input, its number there and its id, for each row."""
    texts = [pc.fill_null(pc.cast(rows.column(name), pa.string()), "") for name in _KEY]
    return one_array(pc.binary_join_element_wise(*texts, "\x00"))


def cents_of(amounts: Any) -> Any:
    """Amounts as whole cents (int64); null where an amount is."""
    return one_array(pc.cast(pc.multiply(amounts, pa.scalar(_HUNDRED)), pa.int64()))


def months_of(dates: Any) -> Any:
    """Days as numbers of months: twelve times the year, and the month from 0; null where a day is."""
    return one_array(pc.add(pc.multiply(pc.year(dates), 12), pc.subtract(pc.month(dates), 1)))


def month_text(number: int) -> str:
    """The month of a number of `months_of`, as 2026-03."""
    return f"{number // 12:04}-{number % 12 + 1:02}"


def one_array(array: Any) -> Any:
    """A column in one piece."""
    return array.combine_chunks() if isinstance(array, pa.ChunkedArray) else array


def _why(path: Path, error: Exception) -> str:
    if isinstance(error, FileNotFoundError):
        return "is not there"
    if isinstance(error, OSError) and error.strerror:
        return f"cannot be read: {error.strerror.lower()}"
    if path.stat().st_size < 12:
        return "is empty"
    return "is damaged: it is no Parquet file of a batch that can be read"
