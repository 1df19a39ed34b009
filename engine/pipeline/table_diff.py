"""Table diff: what changed from one release of an imported table to another, row by row.

In:   the paths of two releases.    Out: `Difference`, `RowChange`, `difference`.
Uses: tables.                       Used by: pipeline.table_claims, commands.tables_diff.
Not here: which claims a change concerns (table_claims).

A row of the old release and one of the new are the same edit where their keys and their first days are the same; what else
differs is a change. Rows are compared by a digest of their cells, so that releases of millions of rows need little memory.
"""

from array import array
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any, Final

from attrs import frozen

from sequela.engine.diagnostics.model import InputProblem
from sequela.engine.tables.declared_store import open_release
from sequela.engine.tables.model import KeyColumn, RowTable, TableShape, Value, ValueColumn
from sequela.engine.tables.store_cells import stored_text, type_of_words
from sequela.engine.tables.store_format import Form, open_store
from sequela.engine.vocabulary.absent import NONE, Nothing
from sequela.engine.vocabulary.kinds import Scalar

Cell = Value | Nothing
Step = Callable[[int], None]

_EVERY: Final = 20_000


@frozen
class RowChange:
    """A row that was added (`old` None), removed (`new` None) or changed, as the indexes of the rows in their releases."""

    keys: tuple[Cell, ...]
    old: int | None
    new: int | None


@frozen(eq=False)
class Difference:
    """What changed between two releases; the changes are in the order of their keys."""

    shape: TableShape
    old: RowTable
    new: RowTable
    added: tuple[RowChange, ...]
    removed: tuple[RowChange, ...]
    changed: tuple[RowChange, ...]

    @property
    def all(self) -> tuple[RowChange, ...]:
        """Every change."""
        return (*self.added, *self.removed, *self.changed)

    def cells(self, table: RowTable, row: int) -> dict[str, str]:
        """The cells of a row as text, empty where there is none."""
        return {name: as_text(table.column(name)[row]) for name, _ in self.shape.columns}

    def differing(self, change: RowChange) -> tuple[str, ...]:
        """The columns in which the two rows of a change differ."""
        if change.old is None or change.new is None:
            return ()
        names = [name for name, _ in self.shape.columns]
        return tuple(name for name in names if self.old.column(name)[change.old] != self.new.column(name)[change.new])


def as_text(cell: Cell) -> str:
    """A cell as the text of a table file."""
    return "" if isinstance(cell, Nothing) else stored_text(cell)


def difference(old: Path, new: Path, step: Step = lambda _: None) -> Difference | tuple[InputProblem, ...]:
    """What changed from the release at `old` to that at `new`, or why they cannot be compared.

    `step` is told how many more rows were read.
    """
    first, last = _opened(old), _opened(new)
    if isinstance(first, tuple) or isinstance(last, tuple):
        return tuple(one for found in (first, last) if isinstance(found, tuple) for one in found)
    if first.shape.name != last.shape.name:
        message = f"{old} is a release of `{first.shape.name}`, {new} one of `{last.shape.name}`."
        hint = "Name two releases of one table."
        return (InputProblem(code="SEQ493", message=message, file=str(new), place="", hint=hint),)
    if [key.name for key in first.shape.keys] != [key.name for key in last.shape.keys]:
        message = f"The two releases of `{first.shape.name}` have other keys: they were made by different importers."
        return (InputProblem(code="SEQ493", message=message, file=str(new), place="", hint="Import the older anew."),)
    shape = _shared(first.shape, last.shape)
    old_rows, new_rows = _lone(shape, first, last, step)
    added, removed, changed = _paired(shape, first, last, old_rows, new_rows)
    return Difference(shape, first, last, tuple(added), tuple(removed), tuple(changed))


def _opened(path: Path) -> RowTable | tuple[InputProblem, ...]:
    """A release with all its columns."""
    store = open_store(path)
    return (store,) if isinstance(store, InputProblem) else open_release(shape_of(store.form), path)


def shape_of(form: Form) -> TableShape:
    """The shape of a release as it was imported."""
    kinds = [(column, type_of_words(column.type, column.words) or Scalar.TEXT) for column in form.columns]
    return TableShape(
        name=form.table,
        title=form.title,
        keys=tuple(KeyColumn(column.name, kind, column.key) for column, kind in kinds if column.key is not None),
        values=tuple(ValueColumn(column.name, kind) for column, kind in kinds if column.key is None),
        in_force=form.in_force,
        complete=form.complete,
    )


def _shared(one: TableShape, other: TableShape) -> TableShape:
    """The columns that both have: an importer may have learned of more."""
    values = tuple(column for column in one.values if column in other.values)
    dated = one.in_force if one.in_force == other.in_force else None
    return TableShape(one.name, one.title, one.keys, values, dated, one.complete)


def _lone(shape: TableShape, old: RowTable, new: RowTable, step: Step) -> tuple[list[int], list[int]]:
    """The rows of each release that have no equal in the other."""
    names = [name for name, _ in shape.columns]
    old_digests, new_digests = _digests(old, names, step), _digests(new, names, step)
    known = set(new_digests)
    old_rows = [row for row, digest in enumerate(old_digests) if digest not in known]
    known = set(old_digests)
    return old_rows, [row for row, digest in enumerate(new_digests) if digest not in known]


def _digests(table: RowTable, names: Sequence[str], step: Step) -> "array[int]":
    digests = array("q")
    columns = [table.column(name) for name in names]
    for begin in range(0, table.count, _EVERY):
        rows = range(begin, min(begin + _EVERY, table.count))
        cells = [[_plain(column[row]) for row in rows] for column in columns]
        digests.extend(map(hash, zip(*cells, strict=True)))
        step(len(rows))
    return digests


def _plain(cell: Any) -> Any:
    """A cell as something that equal cells have alike."""
    return cell if isinstance(cell, str) or cell is NONE else as_text(cell)


def _paired(
    shape: TableShape, old: RowTable, new: RowTable, old_rows: Iterable[int], new_rows: Iterable[int]
) -> tuple[list[RowChange], list[RowChange], list[RowChange]]:
    """Rows without an equal, by their keys: those of one first day are one edit, and so are two that are alone."""
    groups: dict[tuple[Cell, ...], tuple[list[int], list[int]]] = {}
    for at, (table, rows) in enumerate(((old, old_rows), (new, new_rows))):
        columns = [table.column(key.name) for key in shape.keys]
        for row in rows:
            keys = tuple(column[row] for column in columns)
            groups.setdefault(keys, ([], []))[at].append(row)
    added: list[RowChange] = []
    removed: list[RowChange] = []
    changed: list[RowChange] = []
    for keys in sorted(groups, key=lambda keys: tuple(as_text(key) for key in keys)):
        olds, news = groups[keys]
        pairs = _pairs(shape, old, new, olds, news)
        changed += [RowChange(keys, one, other) for one, other in pairs]
        removed += [RowChange(keys, row, None) for row in olds if row not in {one for one, _ in pairs}]
        added += [RowChange(keys, None, row) for row in news if row not in {other for _, other in pairs}]
    return added, removed, changed


def _pairs(
    shape: TableShape, old: RowTable, new: RowTable, olds: Sequence[int], news: Sequence[int]
) -> list[tuple[int, int]]:
    if not olds or not news:
        return []
    if len(olds) == len(news) == 1:
        return [(olds[0], news[0])]
    if shape.in_force is None:
        return list(zip(olds, news, strict=False))
    start = shape.in_force[0]
    by_start = {as_text(new.column(start)[row]): row for row in news}
    found: list[tuple[int, int]] = []
    for row in olds:
        twin = by_start.pop(as_text(old.column(start)[row]), None)
        if twin is not None:
            found.append((row, twin))
    return found
