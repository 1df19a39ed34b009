"""Parquet: a Parquet file as columns of text, when the extra for it is installed.

In:   the bytes of a file.                    Out: `ParquetTable`, `open_parquet`.
Uses: diagnostics, tables.delimited (`Batch`), pyarrow.    Used by: tables.load.
Not here: what a cell means (cells).

Values that are typed in the file become the text that a CSV file would hold, so that a cell is read in one place only.
"""

import importlib
from collections.abc import Iterator, Sequence
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

from msgspec import Struct

from sequela.engine.diagnostics.model import InputProblem
from sequela.engine.tables.delimited import BATCH, Batch


class ParquetTable(Struct, frozen=True, kw_only=True):
    """A Parquet file of which the schema was read; `file` is pyarrow's."""

    name: str
    header: tuple[str, ...]
    header_line: None = None
    file: Any

    def batches(self, wanted: Sequence[int]) -> Iterator[Batch | InputProblem]:
        """The rows, some at a time, in the columns whose places in the schema are `wanted`; a problem ends them."""
        names = [self.header[place] for place in wanted]
        faults = _faults()
        batches = self.file.iter_batches(batch_size=BATCH, columns=list(dict.fromkeys(names)))
        while True:
            try:
                found = next(batches, None)
                columns = None if found is None else [found.column(name).to_pylist() for name in names]
            except faults as error:
                yield _damaged(self.name, error)
                return
            if columns is None:
                return
            yield Batch(tuple([_text(value) for value in column] for column in columns), None)


def open_parquet(name: str, data: bytes) -> ParquetTable | InputProblem:
    """The file with its columns, or why it cannot be read; `name` is what messages call it."""
    try:
        arrow, parquet = importlib.import_module("pyarrow"), importlib.import_module("pyarrow.parquet")
    except ImportError:
        message = f"{name} is a Parquet file; reading one needs the package pyarrow, which is not installed."
        hint = "Install it with `pip install sequela[parquet]`, or save the table as CSV."
        return InputProblem(code="SEQ455", message=message, file=name, place="", hint=hint)
    try:
        file = parquet.ParquetFile(arrow.BufferReader(data))
        return ParquetTable(name=name, header=tuple(file.schema_arrow.names), file=file)
    except _faults() as error:
        return _damaged(name, error)


def _faults() -> tuple[type[BaseException], ...]:
    """What pyarrow raises for a file that it cannot read."""
    return importlib.import_module("pyarrow").ArrowException, OSError, ValueError


def _damaged(name: str, error: BaseException) -> InputProblem:
    words = " ".join(str(error).split())[:160]
    message = f"{name} cannot be read as a Parquet file ({words})."
    hint = "Write the file anew, or save the table as CSV."
    return InputProblem(code="SEQ455", message=message, file=name, place="", hint=hint)


def _text(value: Any) -> str:
    """A value as the text of a CSV cell; what has no such text is shown as it is, and fails where it is read."""
    match value:
        case None:
            return ""
        case str():
            return value
        case bool():
            return "yes" if value else "no"
        case float():
            return "" if value != value else repr(value)  # not-a-number is how some writers leave a cell empty
        case int() | Decimal():
            return str(value)
        case datetime():
            return value.date().isoformat() if value.time() == time() else value.isoformat()
        case date():
            return value.isoformat()
        case list():
            return ", ".join(_text(part) for part in value)
        case _:
            return str(value)
