"""Parts: the files of one chunk: written beside where they belong, then put there in one step.

In:   rows of a chunk.                          Out: Parquet files, `Part`s.
Uses: batch.schemas, pyarrow.                   Used by: batch.worker (writes).
Not here: putting them in their place (journal).

Equal rows give equal bytes: one row group, a fixed order, no times.
"""

import os
from pathlib import Path
from typing import Any, Final

import pyarrow as pa
import pyarrow.parquet as pq

from sequela.engine.batch.layout import TABLES, Part, draft_name
from sequela.engine.batch.rows import Rows
from sequela.engine.batch.seam import as_evaluated

_COMPRESSION: Final = "zstd"


def write_parts(rows: Rows, index: int, folder: Path) -> tuple[Part, ...]:
    """Write the rows of a chunk into a folder of drafts. Rejects have a file where there are any, and in the first chunk.

    Raises: OSError, where a file cannot be written.
    """
    found = as_evaluated(rows)
    made: list[Part] = []
    for table in TABLES:
        batch = getattr(found, table)
        if table == "rejects" and not batch.num_rows and index:
            continue
        made.append(_write(batch, table, index, folder))
    return tuple(made)


def _write(batch: Any, table: str, index: int, folder: Path) -> Part:
    path = folder / draft_name(table, index)
    with path.open("wb") as stream:
        pq.write_table(pa.Table.from_batches([batch]), stream, compression=_COMPRESSION)
        stream.flush()
        os.fsync(stream.fileno())
        size = stream.tell()
    return Part(table=table, rows=batch.num_rows, size=size)
