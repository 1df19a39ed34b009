"""Flat Parquet: the rows of a Parquet file as text, or as the nested claims that they hold.

In:   a stream of bytes.                          Out: `ParquetRows`, `open_parquet`, or why it cannot be read.
Uses: flat_rows, pyarrow (an extra).              Used by: from_flat, flat_members.
Not here: what a cell means (flat_cells); reference tables (tables.parquet).

Values that are typed in the file become the text that a CSV file would hold, so that a cell is read in one place only.
"""

import importlib
from collections.abc import Iterator, Sequence
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any, BinaryIO, Final

from attrs import field, frozen

from sequela.engine.diagnostics.model import InputProblem
from sequela.engine.encounter.flat_rows import FlatRow

_BATCH: Final = 2_000
_NESTED: Final = frozenset({"id", "setting", "lines"})
"""A file with these columns has one nested row for each claim, in the shape of its JSON form."""


@frozen(kw_only=True)
class ParquetRows:
    """A Parquet file of which the schema was read."""

    name: str
    header: tuple[str, ...]
    size: int
    _file: Any = field(repr=False)

    @property
    def is_nested(self) -> bool:
        """Whether each row is a whole claim."""
        return frozenset(self.header) >= _NESTED

    def rows(self, kept: Sequence[int], id_at: int = 0) -> Iterator[FlatRow | InputProblem]:
        """The rows, in the columns at these places; see `Rows`."""
        names = [self.header[place] for place in kept]
        number = 0
        for found in self._batches(list(dict.fromkeys(names))):
            if isinstance(found, InputProblem):
                yield found
                return
            columns = [[_text(value) for value in found.column(name).to_pylist()] for name in names]
            for cells in zip(*columns, strict=True):
                number += 1
                yield number, cells

    def claims(self) -> Iterator[tuple[int, dict[str, Any]] | InputProblem]:
        """The rows of a nested file, each with its number, as the keys of `sequela.encounter/1`."""
        number = 0
        for found in self._batches(None):
            if isinstance(found, InputProblem):
                yield found
                return
            for row in found.to_pylist():
                number += 1
                yield number, _plain(row)

    def _batches(self, names: list[str] | None) -> Iterator[Any]:
        faults = _faults()
        batches = self._file.iter_batches(batch_size=_BATCH, columns=names)
        while True:
            try:
                found = next(batches, None)
            except faults as error:
                yield _damaged(self.name, error)
                return
            if found is None:
                return
            yield found


def open_parquet(stream: BinaryIO, name: str) -> ParquetRows | InputProblem:
    """The file with its columns, or why it cannot be read; `name` is what to call it."""
    try:
        parquet = importlib.import_module("pyarrow.parquet")
    except ImportError:
        return InputProblem(
            code="SEQ742",
            message="This is a Parquet file; reading one needs the package pyarrow, which is not installed.",
            file=name,
            place="the whole file",
            hint="Install it with `pip install sequela[parquet]`, or save the table as CSV.",
        )
    try:
        file = parquet.ParquetFile(stream)
        groups = (file.metadata.row_group(place).total_byte_size for place in range(file.metadata.num_row_groups))
        return ParquetRows(name=name, header=tuple(file.schema_arrow.names), size=sum(groups), file=file)
    except _faults() as error:
        return _damaged(name, error)


def _faults() -> tuple[type[BaseException], ...]:
    """What pyarrow raises for a file that it cannot read."""
    return importlib.import_module("pyarrow").ArrowException, OSError, ValueError


def _damaged(name: str, error: BaseException) -> InputProblem:
    words = " ".join(str(error).split())[:160]
    return InputProblem(
        code="SEQ742",
        message=f"The file cannot be read as a Parquet file ({words}).",
        file=name,
        place="the whole file",
        hint="Write the file anew, or save the table as CSV.",
    )


def _text(value: Any) -> str:
    """A value as the text of a CSV cell."""
    match value:
        case None:
            return ""
        case str():
            return value
        case bool():
            return "yes" if value else "no"
        case float():
            return "" if value != value else repr(value)  # not-a-number is how some writers leave a cell empty
        case datetime():
            return value.date().isoformat() if value.time() == time() else value.isoformat()
        case date():
            return value.isoformat()
        case list():
            return " ".join(_text(part) for part in value)
        case bytes():
            return value.decode("utf-8", "surrogateescape")
        case _:
            return str(value)


def _plain(value: Any) -> Any:
    """A value as JSON would have it: no nulls in objects, no binary fractions, dates without a time at midnight."""
    match value:
        case dict():
            return {key: plain for key, item in value.items() if (plain := _plain(item)) is not None}
        case list() if value and all(isinstance(one, tuple) and len(one) == 2 for one in value):
            return {str(key): _plain(item) for key, item in value if item is not None}  # a map: tags
        case list():
            return [_plain(item) for item in value]
        case float():
            return None if value != value else Decimal(repr(round(value, 6)))
        case datetime():
            return value.date() if value.time() == time() else value.isoformat()
        case _:
            return value
