"""Lint: what an author will want to look at again, though the rules can be run as they are.

In:   parsed and checked rules, their tables, a date.    Out: warnings and lints, by file and place.
Uses: lint_*, rules, syntax, tables, diagnostics.        Used by: the command line, through pipeline.
Not here: errors (the checker and the overlay); what each kind of rule costs (cost.py).

A rule of a ruleset is read as it stands; a rule that a payer changed is read as it then is, and only what stands in
that payer's own file is reported. Each lint is certain of what it says.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date

from sequela.engine.diagnostics.model import Diagnostic
from sequela.engine.model.lint_conditions import lint_named, lint_version, lint_where
from sequela.engine.model.lint_declared import (
    alike_ids,
    authorities,
    ids_by_letters,
    names_used,
    outcomes,
    repeated_rows,
    unused,
    unused_parameters,
)
from sequela.engine.model.lint_quantifiers import lint_lists
from sequela.engine.model.lint_sets import lint_set
from sequela.engine.model.lint_subjects import lint_settings
from sequela.engine.model.rules import CheckedRules, Rule
from sequela.engine.syntax.declarations import CodesDeclaration, ConditionDeclaration, RuleFile
from sequela.engine.tables.model import Table


def lint(
    rules: CheckedRules,
    files: Sequence[RuleFile],
    given: Sequence[RuleFile],
    tables: Mapping[str, Table],
    *,
    on: date | None = None,
) -> tuple[Diagnostic, ...]:
    """What there is to look at again in the files `given`.

    Args:
        rules: what the checker made of `files`, without errors.
        files: every file of the run; names are used across files.
        given: those of `files` that are to be reported on.
        tables: the loaded tables, by key.
        on: a date, by which authorities that a rule still cites may have run out; None asks nothing of the kind.
    Returns: diagnostics SEQ601 to SEQ618 (SEQ619 is the checker's), each once, by file and place.
    """
    found: list[Diagnostic] = []
    payers = any(file.header is not None and file.header.is_payer for file in given)
    named, ids = names_used(files) if payers else frozenset(), ids_by_letters(files)
    for file in given:
        found.extend(unused(file, named))
        found.extend(alike_ids(file, ids))
        found.extend(authorities(file, files, on))
        found.extend(_declared(file, rules, tables))
    read: set[int] = set()  # payers share the versions that none of them changes
    for selection in rules.selections.values():
        for rule in selection.rules:
            found.extend(_rule(rule, read))
    order = {id(file.source): place for place, file in enumerate(given)}
    kept: dict[tuple[str, int, int, str], Diagnostic] = {}
    for diagnostic in found:
        span = diagnostic.at.span
        if id(span.source) in order:
            kept.setdefault((diagnostic.code, id(span.source), span.start, diagnostic.message), diagnostic)
    return tuple(sorted(kept.values(), key=lambda one: (order[id(one.at.span.source)], one.at.span.start, one.code)))


def _declared(file: RuleFile, rules: CheckedRules, tables: Mapping[str, Table]) -> Iterator[Diagnostic]:
    yield from unused_parameters(file)
    yield from outcomes(file)
    yield from repeated_rows(file, tables)
    if file.header is None:
        return
    for declaration in file.declarations:
        if isinstance(declaration, CodesDeclaration):
            definition = rules.sets.get(f"{file.header.name.text}/{declaration.name.text}")
            if definition is not None:
                yield from lint_set(declaration, definition)
                for part in (*definition.tables, *definition.except_tables):
                    yield from lint_where(part)
        elif isinstance(declaration, ConditionDeclaration):
            condition = rules.conditions.get(f"{file.header.name.text}/{declaration.name.text}")
            if condition is not None:
                yield from lint_named(condition.body)


def _rule(rule: Rule, read: set[int]) -> Iterator[Diagnostic]:
    for segment in rule.segments:
        version = segment.version
        if segment.disabled is not None or id(version) in read:
            continue
        read.add(id(version))
        payers = {id(change.span.source) for change in version.changes}
        for diagnostic in (*lint_version(version), *lint_lists(version), *lint_settings(rule, version)):
            if not payers or id(diagnostic.at.span.source) in payers:
                yield diagnostic
