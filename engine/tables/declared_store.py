"""Declared store: an imported table as a rule file declares it.

In:   the shape of a declaration and the path of a release.    Out: `open_release`: a table, or everything that does not fit.
Uses: tables.stored, tables.memory, tables.store_format, tables.header, diagnostics.    Used by: tables.releases.
Not here: where releases lie (pipeline); which of several governs a day (releases).

A declaration may name some of the columns, in any order; their types must be those of the file. Where the file has an index
of none of the keys that it names, the rows are read into memory.
"""

from array import array
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from msgspec.structs import replace

from sequela.engine.diagnostics.model import InputProblem
from sequela.engine.tables.header import find_columns
from sequela.engine.tables.memory import MemoryTable, RowOrigins
from sequela.engine.tables.model import (
    OPEN_END,
    OPEN_START,
    Covers,
    KeyColumn,
    RowTable,
    TableShape,
    first_day,
    last_day,
)
from sequela.engine.tables.store_cells import type_of_words, type_words
from sequela.engine.tables.store_check import consistent
from sequela.engine.tables.store_format import ColumnForm, Form, Store, damaged, open_store
from sequela.engine.tables.stored import StoredTable
from sequela.engine.tables.stored_columns import has_empty_cells
from sequela.engine.vocabulary.kinds import CodeOf, CodesOf, Scalar, Type, WordOf
from sequela.engine.vocabulary.systems import System

_ONE_SYSTEM = frozenset({System.HCPCS, System.CPT})


def open_release(shape: TableShape, path: Path) -> RowTable | tuple[InputProblem, ...]:
    """The release at `path` as the table of `shape`, or everything that is wrong with it or with the declaration.

    The dates that it covers are those of the release, and of these, where the declaration has `covers`, those that it
    has too. A release of which parts are missing is partial, whatever the declaration says.
    """
    store = open_store(path)
    if isinstance(store, InputProblem):
        return (store,)
    fault = consistent(store)
    if fault is not None:
        return (damaged(path, fault),)
    form = store.form
    if form.missing:
        shape = replace(shape, complete=False)
    dated = form.in_force or ()
    there = [*(column.name for column in form.columns), *dated]
    wanted = shape.columns
    found = find_columns(f"The imported table {_name_of(path)}", there, None, [name for name, _ in wanted])
    if found.problems:
        return tuple(_at(problem, path) for problem in found.problems)
    columns: dict[str, ColumnForm] = {}
    days: dict[str, bool] = {}
    problems: list[InputProblem] = []
    for (name, declared), place in zip(wanted, found.places, strict=True):
        kind: Type | None = Scalar.DATE
        if place < len(form.columns):
            columns[name] = form.columns[place]
            kind = type_of_words(columns[name].type, columns[name].words)
        else:
            days[name] = place == len(there) - 1
        if kind is None or not _agree(declared, kind):
            problems.append(_other_type(path, name, declared, kind))
    if problems:
        return tuple(problems)
    empty = _empty_key(shape, store, columns)
    if empty is not None:
        return (empty,)
    if _is_indexed_so(shape, form, columns, days):
        return StoredTable(
            shape=shape,
            file=str(path.parent),
            sha256=store.digest,
            count=form.rows,
            covers=_covers(form, shape),
            release=form.release,
            store=store,
            columns=columns,
            dated=days,
        )
    return _in_memory(shape, store, columns, days)


def _is_indexed_so(shape: TableShape, form: Form, columns: Mapping[str, ColumnForm], days: Mapping[str, bool]) -> bool:
    """Whether the file has an index of a declared key, and the columns that date a row are those of the file."""
    declared = [(columns[key.name].key, key.match) for key in shape.keys if key.name in columns]
    if len(declared) < len(shape.keys) or not any(there == match for there, match in declared):
        return False
    return shape.in_force is None or [days.get(name) for name in shape.in_force] == [False, True]


def _empty_key(shape: TableShape, store: Store, columns: Mapping[str, ColumnForm]) -> InputProblem | None:
    """A declared key that is a column of values with empty cells."""
    for key in shape.keys:
        column = columns.get(key.name)
        if column is not None and column.key is None and has_empty_cells(store, column):
            message = f"The column `{key.name}` of the imported table {_name_of(store.path)} has empty cells."
            hint = "It cannot be a key: a row is found by its keys. Declare it as a value."
            return _problem("SEQ459", message, store.path, hint)
    return None


def _in_memory(
    shape: TableShape, store: Store, columns: Mapping[str, ColumnForm], days: Mapping[str, bool]
) -> RowTable:
    """All rows, read into memory, for keys that the file has no index of."""
    form = store.form
    held = StoredTable(
        shape=_own_shape(form),
        file="",
        sha256=store.digest,
        count=form.rows,
        covers=None,
        release=None,
        store=store,
        columns={column.name: column for column in form.columns},
        dated={} if form.in_force is None else {form.in_force[0]: False, form.in_force[1]: True},
    )
    order = [row.index for row in held.rows()]
    last = {} if form.in_force is None else {False: form.in_force[0], True: form.in_force[1]}

    def cells(name: str) -> list[Any]:
        column = held.column(columns[name].name if name in columns else last[days[name]])
        return [column[row] for row in order]

    starts, ends = array("i"), array("i")
    if shape.in_force is not None:
        starts, ends = (
            array("i", (cell.toordinal() if isinstance(cell, date) else otherwise for cell in cells(name)))
            for name, otherwise in zip(shape.in_force, (OPEN_START, OPEN_END), strict=True)
        )
    file_of: Sequence[int] = bytes(form.rows) if form.file_of is None else store.numbers(form.file_of)
    numbers = store.numbers(form.numbers)
    return MemoryTable(
        shape=shape,
        file=str(store.path.parent),
        sha256=store.digest,
        count=form.rows,
        covers=_covers(form, shape),
        release=form.release,
        cells={name: cells(name) for name, _ in shape.columns if name not in (shape.in_force or ())},
        starts=starts,
        ends=ends,
        origins=RowOrigins(form.files, [file_of[row] for row in order], [numbers[row] for row in order]),
    )


def _own_shape(form: Form) -> TableShape:
    """The shape by which a file asks for nothing but its own index."""
    keys = tuple(
        KeyColumn(column.name, type_of_words(column.type, column.words) or Scalar.TEXT, column.key)
        for column in form.columns
        if column.key is not None
    )
    return TableShape(name=form.table, title=form.title, keys=keys, in_force=form.in_force)


def _covers(form: Form, shape: TableShape) -> Covers | None:
    """What a release speaks for, narrowed by what the declaration says."""
    there = None if form.covers is None else Covers(form.covers.start, form.covers.end)
    if shape.covers is None or there is None:
        return there
    first = max(first_day(there), first_day(shape.covers))
    last = min(last_day(there), last_day(shape.covers))
    if first > last:
        return None
    return Covers(
        None if first == OPEN_START else date.fromordinal(first), None if last == OPEN_END else date.fromordinal(last)
    )


def _agree(declared: Type, there: Type) -> bool:
    match declared, there:
        case (CodeOf(system=one), CodeOf(system=other)) | (CodesOf(system=one), CodesOf(system=other)):
            return one is other or {one, other} == _ONE_SYSTEM
        case WordOf(words=one), WordOf(words=other):
            return one == other
        case _:
            return declared == there


def _other_type(path: Path, column: str, declared: Type, there: Type | None) -> InputProblem:
    written = "of another kind" if there is None else f"`{column} as {_words(there)}`"
    message = f"The column `{column}` is declared as {_words(declared)}; the imported table {_name_of(path)} has it {written}."
    hint = None if there is None else f"Declare it as {_words(there)}."
    return _problem("SEQ459", message, path, hint)


def _words(kind: Type) -> str:
    return ", ".join(kind.words) if isinstance(kind, WordOf) else type_words(kind)[0]


def _name_of(path: Path) -> str:
    return f"{path.parent.stem} {path.stem}"


def _at(problem: InputProblem, path: Path) -> InputProblem:
    return _problem(problem.code, problem.message, path, problem.hint)


def _problem(code: str, message: str, path: Path, hint: str | None) -> InputProblem:
    return InputProblem(code=code, message=message, file=str(path), place="", hint=hint)
