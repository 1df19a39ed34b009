"""Lints of declarations as written: what nothing uses, authorities out of force, outcomes, ids, repeated rows.

In:   parsed rule files, loaded tables, a date.    Out: diagnostics.
Uses: syntax, tables, overlay_dates, diagnostics.  Used by: lint.
Not here: sets (lint_sets); conditions (lint_conditions, lint_quantifiers).
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from functools import cache
from typing import Any

from sequela.engine.diagnostics.model import Diagnostic, Label, Severity
from sequela.engine.diagnostics.suggest import listed
from sequela.engine.model.overlay_dates import Days, days_of, effective_of
from sequela.engine.model.rules import Outcome
from sequela.engine.syntax.conditions import Path
from sequela.engine.syntax.declarations import (
    ChangeDeclaration,
    Citation,
    Cite,
    CodesDeclaration,
    ConditionDeclaration,
    Declaration,
    IfFail,
    IfUnknown,
    RuleDeclaration,
    RuleFile,
    SourceDeclaration,
    TableDeclaration,
)
from sequela.engine.syntax.node import Name, Node
from sequela.engine.tables.memory import MemoryTable
from sequela.engine.tables.model import Row, Table

MOST_ROWS = 200_000
"""A table with more rows is not searched for rows that repeat others: it was made by a machine."""

_Named = CodesDeclaration | TableDeclaration | ConditionDeclaration | SourceDeclaration

# ---------------------------------------------------------------- what nothing uses


def names_used(files: Sequence[RuleFile]) -> frozenset[str]:
    """Every name that stands in a declaration of one of the files, but for the one that it declares."""
    return frozenset(name for one in files for declaration in one.declarations for name in _named_in(declaration))


def unused(file: RuleFile, named: frozenset[str]) -> Iterator[Diagnostic]:
    """Sets, tables, conditions and sources of a payer that nothing names; `named` is what `names_used` found.

    A ruleset's may be there for others to use; a payer's are seen only by itself and the payers over it.
    """
    if file.header is None or not file.header.is_payer:
        return
    nouns = {
        CodesDeclaration: "set of codes",
        TableDeclaration: "table",
        ConditionDeclaration: "condition",
        SourceDeclaration: "source",
    }
    for declaration in file.declarations:
        if (
            not isinstance(declaration, _Named)
            or declaration.name.text in named
            or declaration.name.text in file.broken
        ):
            continue
        if isinstance(declaration, TableDeclaration) and declaration.defines is not None:
            continue  # it is asked wherever a code is written
        noun = nouns[type(declaration)]
        yield Diagnostic(
            code="SEQ608",
            severity=Severity.LINT,
            message=f"Nothing uses the {noun} `{declaration.name.text}`.",
            at=Label(declaration.name.span),
            hint="Take it out, or use it where it was meant to be used.",
        )


def _named_in(declaration: Declaration) -> Iterator[str]:
    own = getattr(declaration, "name", None)
    for name in _names(declaration):
        if name is not own:
            yield name.text if isinstance(name, Name) else name.parts[0]


def _names(node: Any) -> Iterator[Name | Path]:
    if isinstance(node, Name | Path):
        yield node
    elif isinstance(node, tuple):
        for part in node:
            yield from _names(part)
    else:
        for name in _parts_of(node.__class__):
            yield from _names(getattr(node, name))


@cache
def _parts_of(kind: type[object]) -> tuple[str, ...]:
    """The names of the parts of a kind of node; none for what is no node."""
    return tuple(name for name in kind.__struct_fields__ if name != "span") if issubclass(kind, Node) else ()


def unused_parameters(file: RuleFile) -> Iterator[Diagnostic]:
    """Parameters that a named condition does not read."""
    for declaration in file.declarations:
        if not isinstance(declaration, ConditionDeclaration):
            continue
        read = {name.text if isinstance(name, Name) else name.parts[0] for name in _names(declaration.body)}
        for parameter in declaration.parameters:
            if parameter.name.text not in read:
                yield Diagnostic(
                    code="SEQ617",
                    severity=Severity.LINT,
                    message=f"`{declaration.name.text}` does not read its parameter `{parameter.name.text}`.",
                    at=Label(parameter.span),
                    hint=f"Take the parameter out, or use `{parameter.name.text}` in the condition.",
                )


# ---------------------------------------------------------------- authorities


def authorities(file: RuleFile, files: Sequence[RuleFile], as_of: date | None) -> Iterator[Diagnostic]:
    """Citations of a source that is out of force while the rule (or change) is in force.

    With `as_of` also sources that are no longer in force on that date, where a rule that cites them still is.
    """
    sources: dict[str, list[SourceDeclaration]] = {}
    for one in files:
        for declaration in one.declarations:
            if isinstance(declaration, SourceDeclaration):
                sources.setdefault(declaration.name.text, []).append(declaration)
    expired: dict[str, list[tuple[str, Citation]]] = {}
    for declaration in file.declarations:
        if not isinstance(declaration, RuleDeclaration | ChangeDeclaration):
            continue
        effective = effective_of(declaration.clauses)
        days = days_of(None if effective is None else effective.period)
        for citation in _citations(declaration.clauses):
            known = sources.get(citation.source.text, [])
            in_force = days_of(known[0].in_force) if len(known) == 1 else None  # declared twice is an error elsewhere
            if days is None or in_force is None:
                continue
            rule = _id_of(declaration)
            if days.shared(in_force) is None:
                yield _never_in_force(citation, known[0], days, in_force, rule)
            elif as_of is not None and days.includes(as_of) and in_force.high < as_of.toordinal():
                expired.setdefault(citation.source.text, []).append((rule, citation))
    for name, citing in expired.items():
        yield _expired(sources[name][0], citing, as_of)


def _id_of(declaration: RuleDeclaration | ChangeDeclaration) -> str:
    return declaration.name.text if isinstance(declaration, RuleDeclaration) else declaration.rule.text


def _citations(clauses: Iterable[object]) -> Iterator[Citation]:
    for clause in clauses:
        if isinstance(clause, Cite):
            yield from clause.items


def _never_in_force(citation: Citation, source: SourceDeclaration, days: Days, in_force: Days, rule: str) -> Diagnostic:
    return Diagnostic(
        code="SEQ609",
        severity=Severity.WARNING,
        message=f"`{source.name.text}` is not in force on any date on which `{rule}` is.",
        at=Label(citation.span, f"{rule} is in force {days.words}"),
        also=(Label(source.name.span, f"in force {in_force.words}"),),
        hint="Cite the edition that was in force then.",
    )


def _expired(source: SourceDeclaration, citing: list[tuple[str, Citation]], as_of: date | None) -> Diagnostic:
    rules = list(dict.fromkeys(rule for rule, _ in citing))
    who = (
        listed(rules) if len(rules) < 4 else f"{', '.join(f'`{rule}`' for rule in rules[:3])} and {len(rules) - 3} more"
    )
    last = source.in_force.last if source.in_force is not None else None
    return Diagnostic(
        code="SEQ610",
        severity=Severity.WARNING,
        message=f"`{source.name.text}` was in force until {last}, and is still cited on {as_of} by {who}.",
        at=Label(citing[0][1].span),
        also=(Label(source.name.span, "declared here"),),
        hint="Read the new edition: let each rule end with the old one, or cite the new one.",
    )


# ---------------------------------------------------------------- outcomes and ids


def outcomes(file: RuleFile) -> Iterator[Diagnostic]:
    """Rules where a fact that is not known weighs more than a failure."""
    for declaration in file.declarations:
        if not isinstance(declaration, RuleDeclaration):
            continue
        fail = next((clause for clause in declaration.clauses if isinstance(clause, IfFail)), None)
        unknown = next((clause for clause in declaration.clauses if isinstance(clause, IfUnknown)), None)
        if fail is None:
            continue
        failed = _outcome(fail.outcome.text)
        left_open = Outcome.WARN if unknown is None else _outcome(unknown.outcome.text)
        if failed is None or left_open is None or left_open.place >= failed.place:
            continue
        said = "Without `if unknown`" if unknown is None else f"`if unknown {left_open.value}`:"
        yield Diagnostic(
            code="SEQ611",
            severity=Severity.LINT,
            message=f"{said} a fact that is not known weighs more ({left_open.value}) than a failure ({failed.value}).",
            at=Label(fail.span if unknown is None else unknown.span),
            hint=f"Write `if unknown {failed.value}`, or let a failure weigh more.",
        )


def _outcome(word: str) -> Outcome | None:
    return next((outcome for outcome in Outcome if outcome.value == word), None)


def ids_by_letters(files: Sequence[RuleFile]) -> Mapping[str, Sequence[Name]]:
    """The rule ids of the files, by what is left of each without its hyphens."""
    found: dict[str, list[Name]] = {}
    for one in files:
        for declaration in one.declarations:
            if isinstance(declaration, RuleDeclaration):
                found.setdefault(_bare(declaration.name.text), []).append(declaration.name)
    return found


def alike_ids(file: RuleFile, ids: Mapping[str, Sequence[Name]]) -> Iterator[Diagnostic]:
    """Rule ids that differ from another one only by their hyphens; `ids` is what `ids_by_letters` found."""
    told: set[str] = set()
    for declaration in file.declarations:
        if not isinstance(declaration, RuleDeclaration) or declaration.name.text in told:
            continue
        own = declaration.name
        other = next((name for name in ids[_bare(own.text)] if name.text != own.text), None)
        if other is not None and not (other.span.source is file.source and other.span.start > own.span.start):
            told.add(own.text)
            yield Diagnostic(
                code="SEQ612",
                severity=Severity.LINT,
                message=f"The rule ids `{own.text}` and `{other.text}` differ only by a hyphen.",
                at=Label(own.span),
                also=(Label(other.span, "the other one"),),
                hint="Give one of them an id that nobody will mistake for the other.",
            )


def _bare(rule: str) -> str:
    return rule.replace("-", "").upper()


# ---------------------------------------------------------------- tables


def repeated_rows(file: RuleFile, tables: Mapping[str, Table]) -> Iterator[Diagnostic]:
    """Tables with a row that says what another says, on dates on which that one is in force too."""
    if file.header is None:
        return
    for declaration in file.declarations:
        if isinstance(declaration, TableDeclaration):
            table = tables.get(f"{file.header.name.text}/{declaration.name.text}")
            if isinstance(table, MemoryTable) and table.count <= MOST_ROWS:
                yield from _repeated(declaration, table)


def _repeated(declaration: TableDeclaration, table: MemoryTable) -> Iterator[Diagnostic]:
    columns = [table.column(name) for name, _ in table.shape.columns if name not in (table.shape.in_force or ())]
    seen: dict[tuple[Any, ...], list[int]] = {}
    pairs: list[tuple[int, int]] = []
    for index in range(table.count):
        others = seen.setdefault(tuple(map(_comparable, (column[index] for column in columns))), [])
        other = next((one for one in others if _meet(table, one, index)), None)
        if other is not None:
            pairs.append((other, index))
        others.append(index)
    if pairs:
        first, second = (Row(table, index) for index in pairs[0])
        more = f" ({len(pairs)} such rows in all)" if len(pairs) > 1 else ""
        yield Diagnostic(
            code="SEQ613",
            severity=Severity.LINT,
            message=f"Row {second.number} of table `{declaration.name.text}` repeats row {first.number}{more}.",
            at=Label(declaration.rows[second.index].span if declaration.rows else declaration.name.span),
            also=(Label(declaration.rows[first.index].span, "the first one"),) if declaration.rows else (),
            hint="Take one of them out: a look-up finds both, and the rule is decided twice.",
        )


def _comparable(cell: Any) -> Any:
    return getattr(cell, "written", cell)


def _meet(table: MemoryTable, one: int, other: int) -> bool:
    """Whether two rows are in force on one date; rows without dates always are."""
    if not table.starts:
        return True
    return table.starts[one] <= table.ends[other] and table.starts[other] <= table.ends[one]
