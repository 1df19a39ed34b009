"""Store write: the rows of one release of a published table, batch by batch, become its file.

In:   a table's shape, batches of text, what the release says of itself.    Out: `write_release`, `Written`, `Reject`.
Uses: tables.store_gather, tables.store_layout, tables.store_format.        Used by: imports.
Not here: reading a published layout (imports); what one cell means (cells).

A file is written beside its place and then put there at once: whoever looks finds the old release or the new one.
"""

import csv
import os
from collections.abc import Callable, Iterable
from contextlib import closing
from pathlib import Path
from typing import Final

from attrs import frozen
from msgspec.structs import replace

from sequela.engine.tables.delimited import Batch
from sequela.engine.tables.load import collecting_later
from sequela.engine.tables.model import TableShape
from sequela.engine.tables.store_format import FOLDER_SUFFIX, SUFFIX, Manifest, write_store
from sequela.engine.tables.store_gather import Reject, StoreGatherer
from sequela.engine.tables.store_layout import lay_out

REJECTS_SUFFIX: Final = ".rejects.csv"

MOST_REJECTS: Final = 100_000
"""So many rows that are left out are listed one by one; the others are counted."""


@frozen(kw_only=True)
class Written:
    """What came of it: the file, None where it was not approved; its manifest with its counts; the file of rejects."""

    path: Path | None
    manifest: Manifest
    rejects: Path | None


def write_release(
    into: Path,
    shape: TableShape,
    rows: Iterable[Batch],
    manifest: Manifest | Callable[[], Manifest],
    *,
    on_reject: Callable[[Reject], None] | None = None,
    approve: Callable[[Manifest], bool] | None = None,
) -> Written:
    """Write `into/<table>.table/<release>.sqt` from rows of text.

    A row with a cell that cannot be read, of another width, or that ends before it starts is left out; it goes to
    `<release>.rejects.csv` beside the file, with its place and the reason, and to `on_reject`.

    Args:
        into: the data folder.
        shape: the columns; the cells of a batch stand in the order of `shape.columns`.
        rows: batches of any size; `lines` are the rows' numbers in their source file, `file` its name.
        manifest: what the release says about itself, or a function that is asked for it when all rows are read; the
            counts of rows and rejects are filled in. Without `covers` the release covers what its rows do.
        on_reject: is told of every row that is left out; the file lists the first 100,000.
        approve: is asked, with the counts, before the file is put in its place; where it says no, nothing is replaced.
    Raises: OSError where the folder cannot be written.
    """
    gatherer = StoreGatherer(shape)
    with collecting_later():
        rejected: list[Reject] = []
        rejects = 0
        for batch in rows:
            found = gatherer.add(batch)
            rejects += len(found)
            rejected += found[: MOST_REJECTS - len(rejected)]
            if on_reject is not None:
                for reject in found:
                    on_reject(reject)
        draft = manifest() if callable(manifest) else manifest
        whole = replace(
            draft, rows=gatherer.count, rejects=rejects, covers=draft.covers or shape.covers or gatherer.span()
        )
        path = release_path(into, whole.table, whole.release)
        path.parent.mkdir(parents=True, exist_ok=True)
        listed = _write_rejects(path.with_name(whole.release + REJECTS_SUFFIX), shape, rejected, whole)
        if approve is not None and not approve(whole):
            return Written(path=None, manifest=whole, rejects=listed)
        form, sections = lay_out(gatherer, whole)
        temporary = path.with_name(f".{path.name}.{os.getpid()}")
        try:
            write_store(temporary, form, sections)
            temporary.replace(path)
        finally:
            temporary.unlink(missing_ok=True)
    return Written(path=path, manifest=whole, rejects=listed)


def release_path(into: Path, table: str, release: str) -> Path:
    """Where a release lies in the data folder `into`."""
    return into / f"{table}{FOLDER_SUFFIX}" / f"{release}{SUFFIX}"


def _write_rejects(path: Path, shape: TableShape, rejected: list[Reject], manifest: Manifest) -> Path | None:
    """The file of the rows that were left out, in the place of an earlier one; None where there are none."""
    if not rejected:
        path.unlink(missing_ok=True)
        return None
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    with closing(temporary.open("w", encoding="utf-8", newline="")) as stream:
        writer = csv.writer(stream)
        writer.writerow(["file", "row", "column", "code", "reason", *(name for name, _ in shape.columns)])
        for reject in rejected:
            first, *others = reject.problems
            more = f" And {len(others)} more." if others else ""
            writer.writerow(
                [
                    reject.file or manifest.source,
                    reject.row,
                    first.column or "",
                    first.code,
                    first.message + more,
                    *reject.cells,
                ]
            )
        if manifest.rejects > len(rejected):
            writer.writerow(["", "", "", "", f"And {manifest.rejects - len(rejected):,} more rows."])
    temporary.replace(path)
    return path
