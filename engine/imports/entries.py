"""Entries: from the lines or cells of an input to the entries of a layout, and from these to batches of a table.

In:   an `Input` or a `Grid`, and the entries of a layout.    Out: `numbered_lines`, `numbered_cells`, `batched`, `chosen`,
      `Stopped`, `release_of`, `read_into`, `with_rows`.
Uses: imports.grid, imports.inputs, imports.kinds.    Used by: imports.hcpcs, mpfs, icd10pcs, poa_exempt, pos.
Not here: what a row means (the modules called `…_layout`).
"""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from itertools import islice
from typing import Any, Final, Protocol, TypeVar

from sequela.engine.diagnostics.model import InputProblem
from sequela.engine.imports.grid import BATCH, Grid
from sequela.engine.imports.inputs import Input
from sequela.engine.imports.kinds import Asked, Draft, Made, Reading, refused, warned
from sequela.engine.tables.delimited import Batch
from sequela.engine.tables.model import Covers, TableShape

Entry = TypeVar("Entry")


class Numbered(Protocol):
    """An entry that knows its row."""

    @property
    def row(self) -> int:
        """From 1, in the input."""
        ...


_FORMS: Final = (".csv", ".tsv", ".txt", ".xml", ".xlsx")
_HINT: Final = "Say it: --release 2026q4 --covers 2026-10-01..2026-12-31."


class Stopped(Exception):
    """The input could not be read on; `problem` says why."""

    def __init__(self, problem: InputProblem) -> None:
        super().__init__(problem.message)
        self.problem = problem


def numbered_lines(one: Input) -> Iterator[tuple[int, str]]:
    """The lines of a text, from 1. Raises: OSError."""
    return enumerate(one.text().split("\n"), 1)


def numbered_cells(grid: Grid) -> Iterator[tuple[int, Sequence[str]]]:
    """The rows of a grid with their numbers. Raises: Stopped, in the middle too."""
    for found in grid.batches():
        if isinstance(found, InputProblem):
            raise Stopped(found)
        yield from zip(found.lines, found.rows, strict=True)


def batched(
    entries: Iterable[Entry], cells: Callable[[Entry], tuple[str, ...]], line: Callable[[Entry], int]
) -> Iterator[Made]:
    """The entries as batches: `cells` gives the text of each column of the table, `line` the place in the source."""
    waiting = iter(entries)
    while some := list(islice(waiting, BATCH)):
        columns = tuple(zip(*map(cells, some), strict=True))
        yield Batch(columns, [line(entry) for entry in some])


def chosen(inputs: Sequence[Input], wanted: str, unwanted: str, *, kind: str, hint: str) -> Input | InputProblem:
    """The one input that an import is made from.

    It is the only one; else the only one whose file name has the pattern `wanted` and not `unwanted`; the same file in
    several forms counts as one, and is read where its cells are parted. Where several have it, or none, that is said:
    `kind` is what is looked for, `hint` which files a user should name.
    """
    if len(inputs) == 1:
        return inputs[0]
    names = [one for one in inputs if re.search(wanted, one.stem) and not re.search(unwanted, one.stem)]
    if len({one.stem for one in names}) == 1:
        return min(names, key=lambda one: _FORMS.index(one.suffix) if one.suffix in _FORMS else len(_FORMS))
    if not names:
        message = f"None of {len(inputs)} files has the name of {kind}."
        return refused("SEQ480", message, inputs[0].name if inputs else "", hint=hint)
    message = f"{len(names)} files have the name of {kind}: {', '.join(one.name for one in names[:4])}."
    return refused("SEQ485", message, names[0].name, hint="Name one of them; import each edition by itself.")


def release_of(one: Input, asked: Asked, found: tuple[str, Covers] | None) -> tuple[str, Covers | None] | InputProblem:
    """The release and the dates for which it speaks: what the user says, else what was found in name and content."""
    release = asked.release or (found[0] if found is not None else None)
    covers = asked.covers or (found[1] if found is not None else None)
    if release is None or covers is None:
        missing = "which release it is" if release is None else "for which dates it speaks"
        return refused("SEQ484", f"{one.name} does not say {missing}.", one.name, hint=_HINT)
    return release, covers


def read_into(
    one: Input,
    edition: tuple[str, Covers | None],
    tables: Sequence[tuple[TableShape, Sequence[Numbered], Callable[[Any], tuple[str, ...]]]],
    notes: Counter[str],
    problems: Sequence[InputProblem] = (),
) -> Reading:
    """The tables that one file holds: of each its shape, its entries, and what gives the text of an entry's columns.

    `notes` are said with the first; of a table without entries it is said that it stays as it was.
    """
    release, covers = edition
    drafts = [
        Draft(
            shape=shape,
            release=release,
            covers=covers,
            rows=partial(batched, entries, cells, _row_of),
            inputs=(one,),
            notes=notes if place == 0 else Counter(),
        )
        for place, (shape, entries, cells) in enumerate(tables)
    ]
    return with_rows(one, drafts, [entries for _, entries, _ in tables], problems)


def _row_of(entry: Numbered) -> int:
    return entry.row


def with_rows(
    one: Input, drafts: Sequence[Draft], rows: Sequence[Sequence[object]], problems: Sequence[InputProblem] = ()
) -> Reading:
    """The drafts that have rows; of each other one it is said that its table stays as it was."""
    said = [
        warned("SEQ483", f"{one.name} holds no row for {draft.shape.name}, which stays as it was.", one.name)
        for draft, found in zip(drafts, rows, strict=True)
        if not found
    ]
    kept = tuple(draft for draft, found in zip(drafts, rows, strict=True) if found)
    return Reading(kept, (*problems, *said))
