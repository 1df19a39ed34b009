"""Flat grouping: the rows of a table by claim, in memory that does not grow with the table.

In:   rows, the columns that are read.    Out: the rows of one claim after the other.
Uses: flat_rows, flat_cells.              Used by: from_flat.
Not here: what the rows of a claim say together (flat_claim).

A small table is gathered in memory. A large one is gone through twice: first to see whether the rows of each claim stand
together. If they do, claims are read as they come. If not, rows are laid into temporary files, each for a share of the
claims, and these are gathered one after the other; then claims come in another order than in the table. To sort a large
table by claim makes it fast.
"""

import os
import tempfile
from array import array
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from itertools import groupby
from typing import BinaryIO, Final, cast
from zlib import crc32

from attrs import frozen

from sequela.engine.diagnostics.model import InputProblem
from sequela.engine.encounter.flat_cells import is_text
from sequela.engine.encounter.flat_rows import NOT_TEXT, Cells, Rows, Spoiled

IN_MEMORY: Final = 64_000_000
"""A table of so many bytes is gathered in memory; so many are gathered of a larger one at a time."""

_MOST_FILES: Final = 200
_RUNS: Final = 1_000_000
_CELL: Final = "\x1f"
_ROW: Final = "\x1e"


@frozen
class ClaimRows:
    """The rows of one claim, in the order of the table: the number of each and its cells."""

    id: str
    rows: tuple[tuple[int, Cells | Spoiled], ...]


@frozen
class Stray:
    """A row that says of no claim that it belongs to it."""

    row: int


_Packed = tuple[str, int, str]
"""A row on its way: the claim's id, the number of the row, and its cells as one text."""


def grouped(
    rows: Rows, kept: Sequence[int], id_at: int, limit: int = IN_MEMORY
) -> Iterator[ClaimRows | Stray | InputProblem]:
    """The claims of a table, each with its rows; what is wrong with the table where it breaks off.

    Args:
        rows: the table.
        kept: the places of the columns that are read, in the header.
        id_at: which of these holds the claim's id.
        limit: how many bytes may be gathered in memory.
    """
    if rows.size <= limit:
        yield from _gathered(_packed(rows, kept, id_at))
    elif _stand_together(rows, kept[id_at]):
        yield from _as_they_come(_packed(rows, kept, id_at))
    else:
        yield from _spilled(rows, kept, id_at, min(_MOST_FILES, rows.size // limit + 1))


def _packed(rows: Rows, kept: Sequence[int], id_at: int) -> Iterator[_Packed | InputProblem]:
    """The rows, with their claim, each as one text."""
    for found in rows.rows(kept, id_at):
        if isinstance(found, InputProblem):
            yield found
            return
        number, cells = found
        if isinstance(cells, Spoiled):
            yield _as_text(cells.id).strip(), number, f"{_ROW}{cells.count}"
            continue
        text = _CELL.join(cells)
        if not is_text(cells[id_at]):
            yield _as_text(cells[id_at]).strip(), number, f"{_ROW}{NOT_TEXT}"
            continue
        if _ROW in text or text.count(_CELL) != len(cells) - 1:
            text = _CELL.join(cell.replace(_CELL, " ").replace(_ROW, " ") for cell in cells)
        yield cells[id_at].strip(), number, text


def _as_text(cell: str) -> str:
    """A cell with a mark in the place of each byte that was no UTF-8."""
    return cell.encode("utf-8", "surrogateescape").decode("utf-8", "replace")


def _claim(identity: str, rows: Sequence[tuple[int, str]]) -> Iterator[ClaimRows | Stray]:
    if identity:
        yield ClaimRows(identity, tuple((number, _unpacked(text)) for number, text in rows))
    else:
        yield from (Stray(number) for number, _ in rows)


def _unpacked(text: str) -> Cells | Spoiled:
    return Spoiled(int(text[1:])) if text.startswith(_ROW) else text.split(_CELL)


def _gathered(packed: Iterator[_Packed | InputProblem]) -> Iterator[ClaimRows | Stray | InputProblem]:
    """Claims in the order of their first rows."""
    claims: dict[str, list[tuple[int, str]]] = {}
    problem: InputProblem | None = None
    for found in packed:
        if isinstance(found, InputProblem):
            problem = found
        else:
            identity, number, text = found
            claims.setdefault(identity, []).append((number, text))
    while claims:
        identity = next(iter(claims))
        yield from _claim(identity, claims.pop(identity))
    if problem is not None:
        yield problem


def _as_they_come(packed: Iterator[_Packed | InputProblem]) -> Iterator[ClaimRows | Stray | InputProblem]:
    for identity, together in groupby(packed, key=lambda one: None if isinstance(one, InputProblem) else one[0]):
        rows: list[tuple[int, str]] = []
        for found in together:
            if isinstance(found, InputProblem):
                yield found
            else:
                rows.append(found[1:])
        yield from _claim(identity or "", rows)


def _stand_together(rows: Rows, id_place: int) -> bool:
    """Whether no claim comes again after another one; eight bytes are kept for each."""
    runs = array("q")
    before: str | None = None
    for found in rows.rows((id_place,)):
        if isinstance(found, InputProblem):
            break
        cells = found[1]
        if not isinstance(cells, Spoiled) and (identity := cells[0].strip()) != before:
            before = identity
            runs.append(hash(identity))
    shares = len(runs) // _RUNS + 1
    return all(_are_different([one for one in runs if one % shares == share]) for share in range(shares))


def _are_different(numbers: list[int]) -> bool:
    return len(set(numbers)) == len(numbers)


def _spilled(rows: Rows, kept: Sequence[int], id_at: int, count: int) -> Iterator[ClaimRows | Stray | InputProblem]:
    with ExitStack() as stack:
        shares = [cast("BinaryIO", stack.enter_context(tempfile.TemporaryFile())) for _ in range(count)]
        problem: InputProblem | None = None
        for found in _packed(rows, kept, id_at):
            if isinstance(found, InputProblem):
                problem = found
                break
            identity, number, text = found
            data = f"{identity}{_CELL}{number}{_CELL}{text}".encode("utf-8", "surrogateescape")
            share = shares[crc32(identity.encode()) % count]
            share.write(len(data).to_bytes(4, "little"))
            share.write(data)
        for share in shares:
            yield from _gathered(_again(share))
            share.close()
        if problem is not None:
            yield problem


def _again(share: BinaryIO) -> Iterator[_Packed | InputProblem]:
    share.seek(0, os.SEEK_SET)
    while size := share.read(4):
        text = share.read(int.from_bytes(size, "little")).decode("utf-8", "surrogateescape")
        identity, number, cells = text.split(_CELL, 2)
        yield identity, int(number), cells
