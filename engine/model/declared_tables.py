"""Declared tables: what a `table` declaration says about columns, dates and rows, checked.

In:   a table as written.    Out: `TableDefinition`, or None with the reasons said.
Uses: names, systems_written, tables (shape, cells), vocabulary.    Used by: check.
Not here: the rows of a file (tables.load); rows in place, cell by cell (declared_rows.py).
"""

from collections.abc import Sequence
from typing import Final

from sequela.engine.diagnostics.model import Label
from sequela.engine.diagnostics.suggest import did_you_mean, listed
from sequela.engine.model.declared_rows import placed_rows
from sequela.engine.model.findings import Findings
from sequela.engine.model.names import DeclaredTable, FileNames
from sequela.engine.model.nodes import TableDefinition
from sequela.engine.model.systems_written import system_named
from sequela.engine.syntax.declarations import ColumnType, Period, TableDeclaration
from sequela.engine.syntax.node import Name
from sequela.engine.tables.index import KeyMatch
from sequela.engine.tables.model import Covers, KeyColumn, TableShape, ValueColumn
from sequela.engine.vocabulary.kinds import CodeOf, CodesOf, Scalar, Type
from sequela.engine.vocabulary.systems import System

_SCALARS: Final = {one.value: one for one in Scalar}
_MATCHES: Final[dict[str, KeyMatch]] = {"under": "under", "in": "in"}


def define_table(declared: DeclaredTable) -> None:
    """Fill in the definition of a declared table; where something is wrong with it, say so and leave it undefined."""
    node, findings = declared.node, declared.findings
    _needed(node, findings)
    keys = [(key, _column_type(key.type, findings)) for key in node.keys]
    values = [(one, _column_type(one.type, findings)) for one in node.values]
    dates = _in_force(node, findings)
    _no_column_twice(node, findings)
    covers = covered(node.covers, findings)
    defines = None if node.defines is None else _defines(node, node.defines, findings)
    if not findings.has_errors:
        shape = TableShape(
            name=node.name.text,
            title=node.title.value,
            keys=tuple(
                KeyColumn(key.name.text, kind, _MATCHES.get(key.match, "exact"))
                for key, kind in keys
                if kind is not None
            ),
            values=tuple(
                ValueColumn(one.name.text, kind)
                for one, kind in values
                if kind is not None and one.name.text not in (dates or ())
            ),
            in_force=dates,
            complete=bool(node.complete),
            covers=covers,
            defines=defines,
        )
        rows = placed_rows(node, shape, findings)
        if not findings.has_errors:
            declared.definition = TableDefinition(
                span=node.name.span,
                name=node.name.text,
                shape=shape,
                file=None if node.file is None else node.file.value,
                rows=rows,
                ruleset=declared.home.name,
                key=declared.key,
            )
    if declared.definition is None:
        declared.causes[declared] = None


def covered(period: Period | None, findings: Findings) -> Covers | None:
    """The dates of `covers`."""
    if period is None or reversed_period(period, findings):
        return None
    return Covers(period.first, period.last)


def reversed_period(period: Period, findings: Findings) -> bool:
    """Whether a period ends before it begins, which is an error."""
    if period.last is None or period.first <= period.last:
        return False
    findings.error(
        "SEQ404",
        f"The period ends on {period.last}, before it begins on {period.first}.",
        period.span,
        hint=f"Write `{period.last} to {period.first}`, if that is meant.",
    )
    return True


def _needed(node: TableDeclaration, findings: Findings) -> None:
    name = node.name.text
    for word in dict.fromkeys(node.clause_order):
        words = {"complete", "partial"} if word in ("complete", "partial") else {word}
        if sum(one in words for one in node.clause_order) > 1 and word != "partial":
            findings.error(
                "SEQ410", f"`{word}` stands twice in table `{name}`.", node.name.span, hint="Keep one of them."
            )
    if not node.keys:
        findings.error(
            "SEQ411",
            f"Table `{name}` has no `key`, so no row of it can be found.",
            node.name.span,
            hint="Name the columns that are matched: `key code of HCPCS`.",
        )
    if node.file is not None and node.rows:
        findings.error(
            "SEQ412",
            f"Table `{name}` has both a file and rows in place.",
            node.file.span,
            also=(Label(node.rows[0].span, "rows in place"),),
            hint="Keep one of them.",
        )
    elif node.file is None and not node.rows:
        findings.error(
            "SEQ412",
            f"Table `{name}` has neither a file nor rows.",
            node.name.span,
            hint='Name its file, `file "limits.csv"`, or write its `rows`.',
        )
    if node.complete is None:
        hint = "Write `complete` where an absent row is a fact (there is no such edit), `partial` where it is unknown."
        last = node.rows[-1].cells if node.rows else ()
        if len(last) == 1 and (meant := did_you_mean(last[0].value, ("complete", "partial"))) is not None:
            hint = f"`{last[0].value}` is read as a row. {meant}"
        findings.error("SEQ413", f"Table `{name}` does not say what an absent row means.", node.name.span, hint=hint)


def _column_type(written: ColumnType, findings: Findings) -> Type | None:
    if written.system is None:
        return _SCALARS[written.word]
    system = system_named(written.system, findings)
    if system is None:
        return None
    return CodesOf(system) if written.word == "codes" else CodeOf(system)


def _in_force(node: TableDeclaration, findings: Findings) -> tuple[str, str] | None:
    if node.in_force is None:
        return None
    start, end = node.in_force
    if start.text == end.text:
        findings.error(
            "SEQ415",
            f"`in force` names `{start.text}` for both ends.",
            end.span,
            hint="One column holds the first day of a row, another its last.",
        )
    for name in (start, end):
        key = next((one for one in node.keys if one.name.text == name.text), None)
        column = next((one for one in node.values if one.name.text == name.text), None)
        if key is not None:
            findings.error(
                "SEQ415",
                f"`{name.text}` dates the rows, and is a key.",
                name.span,
                also=(Label(key.span, "a key"),),
                hint="A row's dates are matched by the governing date, never by a key.",
            )
        elif column is not None and column.type.word != "date":
            findings.error(
                "SEQ415",
                f"`{name.text}` dates the rows, and is declared as {column.type.word}.",
                name.span,
                also=(Label(column.span, "declared here"),),
                hint="Leave it out of `value`: it is a date, and can be read as it is.",
            )
    return start.text, end.text


def _no_column_twice(node: TableDeclaration, findings: Findings) -> None:
    first: dict[str, Name] = {}
    for name in (*(key.name for key in node.keys), *(one.name for one in node.values)):
        other = first.setdefault(name.text, name)
        if other is not name:
            findings.error(
                "SEQ414",
                f"Column `{name.text}` is declared twice.",
                name.span,
                also=(Label(other.span, "first declared here"),),
                hint="Give one of them another name.",
            )


def _defines(node: TableDeclaration, name: Name, findings: Findings) -> System | None:
    system = system_named(name, findings)
    if system is None:
        return None
    systems = [
        one
        for key in node.keys
        if key.type.system is not None and (one := system_named(key.type.system, Findings())) is not None
    ]
    first = node.keys[0] if node.keys else None
    if first is not None and (first.match != "exact" or systems[:1] != [system] or first.type.word != "code"):
        message = f"Table `{node.name.text}` defines {system.value}, and its first key is no code of it."
        also = (Label(first.span, "its first key"),)
        findings.error("SEQ418", message, name.span, also=also, hint=f"Write `key code of {system.value}`.")
    elif len(node.keys) > 1:
        findings.error(
            "SEQ418",
            f"Table `{node.name.text}` defines {system.value}, and has more keys than the code.",
            name.span,
            also=(Label(node.keys[1].span, "another key"),),
            hint=f"A catalogue is found by the code alone; make {listed([node.keys[1].name.text])} a `value`.",
        )
    return system


def one_catalogue_each(world: Sequence[FileNames]) -> None:
    """Say where a file sees two tables that define one system: it would have two answers to what is a code."""
    told: set[tuple[DeclaredTable, DeclaredTable]] = set()
    for names in world:
        first: dict[System, DeclaredTable] = {}
        for table in names.visible(DeclaredTable):
            if table.definition is None or table.definition.shape.defines is None:
                continue
            system = table.definition.shape.defines
            other = first.setdefault(system, table)
            if other is table or (table, other) in told or (other, table) in told:
                continue
            told.add((table, other))
            names.findings.error(
                "SEQ420",
                f"Two tables define {system.value}.",
                table.name.span,
                also=(Label(other.name.span, "another one"),),
                hint="A system has one catalogue: take `defines` out of one of them, or leave one ruleset out.",
            )
