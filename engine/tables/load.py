"""Load: a table from its file, or from the `rows` that stand in a rule file, or everything that is wrong with it.

In:   a table's shape and a path, or rows of text.    Out: `load_file`, `load_rows`: a table, or problems.
Uses: tables.gather, tables.delimited, tables.parquet, tables.header, tables.receipt, diagnostics.    Used by: pipeline.
Not here: which folder a path is relative to (pipeline); how a row is found (model).
"""

import gc
import hashlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from sequela.engine.diagnostics.model import InputProblem
from sequela.engine.diagnostics.suggest import did_you_mean
from sequela.engine.tables.delimited import Batch, DelimitedFile, open_delimited
from sequela.engine.tables.gather import CellProblem, Gatherer
from sequela.engine.tables.header import find_columns
from sequela.engine.tables.memory import MemoryTable
from sequela.engine.tables.model import TableShape
from sequela.engine.tables.parquet import ParquetTable, open_parquet
from sequela.engine.tables.receipt import read_receipt

_DELIMITERS = {".csv": ",", ".tsv": "\t", ".tab": "\t"}
_HINTS = {
    ".xlsx": "Open it in the spreadsheet program and save it as `CSV UTF-8`.",
    ".xls": "Open it in the spreadsheet program and save it as `CSV UTF-8`.",
    ".ods": "Open it in the spreadsheet program and save it as CSV.",
    ".txt": "Where its columns are parted by tabs, name it `.tsv`; by commas, `.csv`.",
    ".zip": "Unpack it first.",
    ".gz": "Unpack it first.",
}


def load_file(
    shape: TableShape, path: Path, *, name: str | None = None, release: str | None = None
) -> MemoryTable | tuple[InputProblem, ...]:
    """The table of `shape` in the CSV, TSV or Parquet file at `path`, or everything that is wrong with the file.

    `name` is what messages and the table call the file, by default the path; `release` the publisher's name of the
    edition, by default that of the receipt. The dates that the table covers are those of its declaration, else those of
    the receipt beside the file, else those of its rows.
    """
    shown = name or str(path)
    data = _read_bytes(path, shown)
    if isinstance(data, InputProblem):
        return (data,)
    opened = _open(path, shown, data)
    if isinstance(opened, InputProblem):
        return (opened,)
    digest = hashlib.sha256(data).hexdigest()
    receipt = read_receipt(path, shown, digest)
    if isinstance(receipt, InputProblem):
        return (receipt,)
    columns = find_columns(shown, opened.header, opened.header_line, [column for column, _ in shape.columns])
    if columns.problems:
        return columns.problems
    gatherer = Gatherer(shape)
    broken: tuple[InputProblem, ...] = ()
    with collecting_later():
        for batch in opened.batches(columns.places):
            if isinstance(batch, InputProblem):
                broken = (batch,)
            else:
                gatherer.add(batch, len(opened.header))
        problems = (*(_in_file(shown, problem, gatherer) for problem in gatherer.problems()), *broken)
        if problems:
            return problems
        return gatherer.table(shown, digest, release or receipt.release, receipt.covers)


def load_rows(
    shape: TableShape, rows: Sequence[Sequence[str]], *, file: str, lines: Sequence[int] | None = None
) -> MemoryTable | tuple[InputProblem, ...]:
    """The table whose rows stand in a rule file, or everything that is wrong with them.

    Each row holds the text of one cell for each column: keys, then values, then the two that date a row; a quoted text
    comes without its quotes. `file` is the rule file; `lines` are the lines where the rows stand in it.
    """
    width = len(shape.columns)
    columns = tuple([row[place] if place < len(row) else "" for row in rows] for place in range(width))
    misshapen = tuple((at, len(row)) for at, row in enumerate(rows) if len(row) != width)
    gatherer = Gatherer(shape)
    gatherer.add(Batch(columns, None if lines is None else list(lines), misshapen), width)
    problems = gatherer.problems()
    if problems:
        return tuple(_in_file(file, problem, gatherer) for problem in problems)
    content = "\x1e".join("\x1f".join(row) for row in rows)
    return gatherer.table(file, hashlib.sha256(content.encode()).hexdigest())


@contextmanager
def collecting_later() -> Iterator[None]:
    """No garbage collection meanwhile: a table is millions of lasting objects; to search them takes half the time."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def _read_bytes(path: Path, name: str) -> bytes | InputProblem:
    try:
        return path.read_bytes()
    except (FileNotFoundError, NotADirectoryError, ValueError):
        near = did_you_mean(path.name, _neighbours(path))
        hint = near or "A path is relative to the rule file, then to the data folders."
        return _problem("SEQ450", f"There is no file {name}.", name, hint)
    except IsADirectoryError:
        return _problem("SEQ451", f"{name} is a folder, not a file.", name, "Name the file inside it.")
    except PermissionError:
        hint = "Ask for the right to read the file."
        return _problem("SEQ451", f"{name} may not be read by this user.", name, hint)
    except OSError as error:
        return _problem("SEQ451", f"{name} cannot be read: {error.strerror}.", name, None)


def _neighbours(path: Path) -> list[str]:
    """The names of the files in the folder where `path` should be."""
    try:
        return sorted(entry.name for entry in path.parent.iterdir())
    except (OSError, ValueError):
        return []


def _open(path: Path, name: str, data: bytes) -> DelimitedFile | ParquetTable | InputProblem:
    kind = path.suffix.lower()
    if kind == ".parquet":
        return open_parquet(name, data)
    if kind in _DELIMITERS:
        return open_delimited(name, data, _DELIMITERS[kind])
    hint = _HINTS.get(kind, "Save it as CSV, TSV or Parquet, with a name that ends in .csv, .tsv or .parquet.")
    return _problem("SEQ452", f"{name} is not a kind of file that a table is read from.", name, hint)


def _problem(code: str, message: str, name: str, hint: str | None) -> InputProblem:
    return InputProblem(code=code, message=message, file=name, place="", hint=hint)


def _in_file(name: str, problem: CellProblem, gatherer: Gatherer) -> InputProblem:
    """A problem of a cell with its place in the file."""
    line = gatherer.line_of(problem.row)
    place = f"row {problem.row:,}" if line is None else f"row {problem.row:,} (line {line:,})"
    if problem.column is not None:
        place = f"{place}, column `{problem.column}`"
    return InputProblem(code=problem.code, message=problem.message, file=name, place=place, hint=problem.hint)
