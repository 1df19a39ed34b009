"""Declared rows: the cells of a table whose rows stand in place, each beside the type of its column.

In:   a table as written and its shape.    Out: the text of the cells in the order of the shape's columns.
Uses: tables.cells, findings.              Used by: declared_tables.
Not here: making a table of the rows (tables.load); rows of files (tables).
"""

import re
from collections.abc import Sequence

from msgspec.structs import replace

from sequela.engine.model.findings import Findings
from sequela.engine.syntax.declarations import Row, TableDeclaration
from sequela.engine.syntax.node import Text
from sequela.engine.tables.cells import CellReader, cell_reader, key_reader, period_end, period_start
from sequela.engine.tables.faults import CellFault, FaultKind
from sequela.engine.tables.model import TableShape
from sequela.engine.vocabulary.kinds import Scalar

_CODES = {
    FaultKind.NOT_A_VALUE: "SEQ417",
    FaultKind.EMPTY_KEY: "SEQ416",
    FaultKind.NOT_A_CODE: "SEQ401",
    FaultKind.NOT_A_LIST: "SEQ417",
    FaultKind.NOT_A_RANGE: "SEQ402",
    FaultKind.NOT_A_PATTERN: "SEQ403",
}


def placed_rows(node: TableDeclaration, shape: TableShape, findings: Findings) -> tuple[tuple[str, ...], ...]:
    """The rows in place, cell by cell in the order of the shape's columns; says what is wrong with any of them.

    As written, a row has its keys, its values, then the columns that date it, but for those declared as values already.
    """
    if not node.rows:
        return ()
    written = [key.name.text for key in node.keys] + [one.name.text for one in node.values]
    written += [name for name in shape.in_force or () if name not in written]
    readers = _readers(shape)
    types = dict(shape.columns)
    order = [written.index(name) for name, _ in shape.columns]
    rows: list[tuple[str, ...]] = []
    for row in _run_on(node.rows, len(written)):
        if row is node.rows[0] and [cell.value.lower() for cell in row.cells] == written:
            findings.error(
                "SEQ416",
                "The row repeats the names of the columns.",
                row.span,
                hint="Leave it away: `key` and `value` name the columns.",
            )
            continue
        if len(row.cells) != len(written):
            _misshapen(row, written, findings)
            continue
        for name, cell in zip(written, row.cells, strict=True):
            _check_cell(cell, name, types[name] is Scalar.TEXT, readers[name], findings)
        cells = tuple(row.cells[place].value for place in order)
        _check_dates(row, shape, dict(zip([name for name, _ in shape.columns], cells, strict=True)), findings)
        rows.append(cells)
    return tuple(rows)


def _run_on(rows: Sequence[Row], width: int) -> list[Row]:
    """The rows; words that run on behind a whole row on its line go back into its last cell (`| minimal visit`)."""
    found: list[Row] = []
    for row in rows:
        before = found[-1] if found else None
        if before is None or len(row.cells) == width or before.span.end_line != row.span.line:
            found.append(row)
            continue
        last = before.cells[-1]
        span = last.span.to(row.span)
        cell = replace(last, value=" ".join(span.text.split()), span=span)
        found[-1] = replace(before, cells=(*before.cells[:-1], cell), span=before.span.to(row.span))
    return found


def _readers(shape: TableShape) -> dict[str, CellReader]:
    readers: dict[str, CellReader] = {key.name: key_reader(key) for key in shape.keys}
    readers |= {one.name: cell_reader(one.type) for one in shape.values}
    if shape.in_force is not None:
        readers |= dict(zip(shape.in_force, (period_start, period_end), strict=True))
    return readers


def _misshapen(row: Row, columns: list[str], findings: Findings) -> None:
    pairs = enumerate(zip(row.cells, row.cells[1:], strict=False))
    broken = next((place for place, (one, two) in pairs if two.span.line > one.span.end_line), None)
    if broken is not None and broken + 1 < len(columns):
        findings.error(
            "SEQ416",
            f"The cell of `{columns[broken + 1]}` is empty.",
            row.cells[broken].span,
            "nothing stands behind the bar after this",
            hint="Every cell of rows in place holds something; a file may have empty cells.",
        )
        return
    parts = [part for part in re.split(r"\s*,\s*|\t+|\s{2,}", row.span.text.strip()) if part]
    missing = columns[len(row.cells) :]
    hint = f"There is no cell for {', '.join(f'`{name}`' for name in missing)}." if missing else None
    if len(row.cells) == 1 and len(parts) == len(columns):
        hint = f"Cells are parted by `|`: `{' | '.join(parts)}`."
    findings.error(
        "SEQ416",
        f"The row has {_cells(len(row.cells))}, and the table {_cells(len(columns), 'column')}.",
        row.span,
        hint=hint or "Cells are parted by `|`.",
    )


def _cells(count: int, noun: str = "cell") -> str:
    return f"{count} {noun}{'' if count == 1 else 's'}"


def _check_cell(cell: Text, column: str, is_text: bool, read: CellReader, findings: Findings) -> None:
    is_quoted = cell.span.text.lstrip()[:1] in ('"', "“", "”")
    if not cell.value.strip():
        findings.error(
            "SEQ416",
            f"The cell of `{column}` is empty.",
            cell.span,
            hint="Every cell of rows in place holds something; a file may have empty cells.",
        )
    elif is_text and not is_quoted:
        findings.error(
            "SEQ417",
            f"`{cell.value}` is a text, and stands without quotes.",
            cell.span,
            f"in column `{column}`",
            hint=f'Write `"{cell.value}"`.',
        )
    elif isinstance(fault := read(cell.value), CellFault):
        findings.error(_CODES[fault.kind], fault.message, cell.span, f"in column `{column}`", hint=fault.hint)
    elif is_quoted and not is_text:
        findings.error(
            "SEQ417",
            f'`"{cell.value}"` stands in quotes, and column `{column}` holds no text.',
            cell.span,
            hint=f"Write `{cell.value}`.",
        )


def _check_dates(row: Row, shape: TableShape, cells: dict[str, str], findings: Findings) -> None:
    if shape.in_force is None:
        return
    start, end = (period_start(cells[shape.in_force[0]]), period_end(cells[shape.in_force[1]]))
    if isinstance(start, int) and isinstance(end, int) and start > end:
        findings.error(
            "SEQ404",
            f"The row ends on {cells[shape.in_force[1]]}, before it begins on {cells[shape.in_force[0]]}.",
            row.span,
            hint="Both days are included.",
        )
