"""From flat: claims from a table with a row for each line (CSV, TSV, Parquet), or from nested Parquet.

In:   a stream, the file of members and that of columns.    Out: `Read`s, one at a time.
Uses: flat_csv, flat_parquet, flat_grouping, flat_claim, from_json.    Used by: read.
Not here: which file is a table (read); what its columns are called (flat_columns.toml).
"""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from io import BufferedReader
from pathlib import Path
from shutil import copyfileobj
from tempfile import SpooledTemporaryFile
from typing import Any, BinaryIO, cast

from attrs import frozen

from sequela.engine.diagnostics.model import InputProblem
from sequela.engine.encounter.fault import Fault
from sequela.engine.encounter.flat_claim import FlatTable, read_claim
from sequela.engine.encounter.flat_csv import open_csv
from sequela.engine.encounter.flat_grouping import IN_MEMORY, Stray, grouped
from sequela.engine.encounter.flat_layout import layout_of, plain_name, unread_columns
from sequela.engine.encounter.flat_mapping import Mapping, default_mapping, read_mapping
from sequela.engine.encounter.flat_members import Members, read_members
from sequela.engine.encounter.flat_parquet import ParquetRows, open_parquet
from sequela.engine.encounter.flat_rows import Rows
from sequela.engine.encounter.from_json import judged
from sequela.engine.encounter.json_shape import without_nulls
from sequela.engine.encounter.model import SCHEMA
from sequela.engine.encounter.origin import Origin
from sequela.engine.encounter.reading import Read

PARQUET = b"PAR1"


def read_flat(
    stream: BinaryIO, file: str, *, members: str | Path | None = None, columns: str | Path | None = None
) -> Iterator[Read]:
    """The claims of a table, in the order of their first rows; of a large table whose claims do not stand together in another.

    Args:
        stream: the bytes of the table, at their beginning.
        file: what to call it in problems.
        members: the file of members, with birth dates and sexes.
        columns: the file that says what the columns are called.
    """
    mapping = default_mapping() if columns is None else read_mapping(columns)
    if isinstance(mapping, InputProblem):
        yield Read(None, (mapping,))
        return
    known = None if members is None else read_members(members, mapping)
    if isinstance(known, InputProblem):
        yield Read(None, (known,))
        return
    with ExitStack() as stack:
        rows = _opened(stream, file, mapping, stack)
        if isinstance(rows, InputProblem):
            yield Read(None, (rows,))
        elif isinstance(rows, ParquetRows) and rows.is_nested:
            yield from _nested(rows)
        else:
            yield from _claims(rows, file, mapping, known)


def _opened(stream: BinaryIO, file: str, mapping: Mapping, stack: ExitStack) -> Rows | InputProblem:
    """The rows; what comes only once, or is packed, is copied first (into a temporary file where it is long)."""
    is_parquet = cast("BufferedReader", stream).peek(4)[:4] == PARQUET
    if not stream.seekable() or (is_parquet and hasattr(stream, "mtime")):
        copy = stack.enter_context(SpooledTemporaryFile(max_size=IN_MEMORY))  # noqa: SIM115  the stack closes it
        copyfileobj(stream, copy)
        stream = cast("BinaryIO", copy)
    if is_parquet:
        return open_parquet(stream, file)
    wanted = {plain_name(one) for names in mapping.columns.values() for several in names.values() for one in several}
    return open_csv(stream, file, wanted)


def _claims(rows: Rows, file: str, mapping: Mapping, members: Members | None) -> Iterator[Read]:
    layout = layout_of(rows.header, mapping, file)
    if isinstance(layout, InputProblem):
        yield Read(None, (layout,))
        return
    assert layout.id is not None
    table = FlatTable(file=file, width=len(rows.header), layout=layout, mapping=mapping, members=members)
    warning = unread_columns(rows.header, layout, mapping, file)
    count = 0
    for found in grouped(rows, layout.kept, layout.id.at):
        count += 1
        if isinstance(found, InputProblem):
            yield Read(None, (found,))
        elif isinstance(found, Stray):
            yield Read(None, (_stray(found, layout.id.name, file),))
        else:
            read = read_claim(found, table)
            if warning is not None:  # said once, with the first claim
                read, warning = Read(read.encounter, (warning, *read.problems)), None
            yield read
    if not count:
        message = "The table has a header and no rows."
        yield Read(None, (InputProblem(code="SEQ700", message=message, file=file, place="the whole file"),))


def _stray(found: Stray, column: str, file: str) -> InputProblem:
    return InputProblem(
        code="SEQ739",
        message=f"The row has no `{column}`, so nobody knows to which claim it belongs.",
        file=file,
        place=f"row {found.row}, column {column}",
        hint="Each row of a claim bears the claim's id.",
    )


# ---------------------------------------------------------------- nested


@frozen
class _RowOrigins:
    """Where the values of a nested claim stand: in its row."""

    file: str
    row: int

    def origin_of(self, pointer: str) -> Origin | None:
        """The row, and the pointer within it."""
        return Origin(file=self.file, row=self.row, pointer=pointer)


def _place_in(row: int) -> Callable[[Fault], str]:
    return lambda fault: f"{fault.pointer or 'the encounter'}, row {row}"


def _nested(rows: ParquetRows) -> Iterator[Read]:
    """A file in which each row is a claim in the shape of its JSON form."""
    for found in rows.claims():
        if isinstance(found, InputProblem):
            yield Read(None, (found,))
            return
        number, row = found
        origins = _RowOrigins(rows.name, number)
        keys: dict[str, Any] = {"schema": SCHEMA, **row}
        read = judged(without_nulls(keys), (), _place_in(number), rows.name)
        yield read if read.encounter is None else Read(read.encounter.with_origins(origins))
