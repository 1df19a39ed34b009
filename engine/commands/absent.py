"""The notice of tables that are not there: short where a published file brings them, in full where a name may be wrong.

In:   checked rules, their tables, what was said of them.    Out: lines on standard error.
Uses: pipeline.absent, imports.registry, diagnostics.        Used by: commands.rulebooks, commands.rule_files, commands.tables.
"""

from collections.abc import Mapping, Sequence
from typing import Final

from sequela.engine.commands.screen import note
from sequela.engine.diagnostics.model import Diagnostic
from sequela.engine.diagnostics.suggest import listed
from sequela.engine.imports.kinds import Kind
from sequela.engine.imports.registry import KINDS, kind_of_table
from sequela.engine.model.rules import CheckedRules
from sequela.engine.pipeline.absent import Absent, absent_tables
from sequela.engine.tables.model import Table

NOT_THERE: Final = "SEQ450"
"""A table's file that is not there: common where tables are still to be brought."""

_IN_FULL: Final = 3
"""So many tables without a kind of import are shown with their place in the rule file; more are counted."""


def say_absent(
    rules: CheckedRules, tables: Mapping[str, Table], warnings: Sequence[Diagnostic]
) -> tuple[Diagnostic, ...]:
    """Say which tables are not there; returns the warnings that are still to be shown in full."""
    absent = [one for one in absent_tables(rules, tables) if one.rules]
    by_kind = by_their_kind(absent)
    brought = {id(one.definition.span): one for kind, ones in by_kind.items() if kind is not None for one in ones}
    spans = {(one.definition.span.source.name, one.definition.span.start) for one in brought.values()}
    others = [one for one in warnings if one.code != NOT_THERE]
    own = [
        one for one in warnings if one.code == NOT_THERE and (one.at.span.source.name, one.at.span.start) not in spans
    ]
    if brought:
        for line in notice(by_kind, _count(rules)):
            note(line)
        note("")
    if len(own) > _IN_FULL:
        meant = [one for one in own if "Did you mean" in (one.hint or "")]
        names = listed(one.at.span.text for one in own if one not in meant)
        note(f"{len(own) - len(meant)} tables are not loaded: {names}. What they decide is not checked.")
        note(f"Name the folder that holds their files with --data; see `sequela help {NOT_THERE}`.\n")
        own = meant
    return (*others, *own)


def by_their_kind(absent: Sequence[Absent]) -> Mapping[Kind | None, tuple[Absent, ...]]:
    """Absent tables by the kind of import that brings them, None for those that no published file holds."""
    found: dict[Kind | None, list[Absent]] = {}
    for one in absent:
        found.setdefault(kind_of_table(one.table), []).append(one)
    order = [kind for kind in (*KINDS, None) if kind in found]
    return {kind: tuple(found[kind]) for kind in order}


def notice(by_kind: Mapping[Kind | None, Sequence[Absent]], rules: int) -> list[str]:
    """A few lines: how many tables of published files are not there, what that leaves unchecked, how to bring them."""
    brought = {kind: ones for kind, ones in by_kind.items() if kind is not None}
    tables = list(dict.fromkeys(one.table for ones in brought.values() for one in ones))
    unchecked = {rule for ones in brought.values() for one in ones for rule in one.rules}
    is_one = len(tables) == 1
    lines = [
        f"{len(tables)} table{' of published codes and edits is' if is_one else 's of published codes and edits are'} "
        f"not there, so {len(unchecked):,} of {rules:,} rules cannot be checked in full:"
    ]
    width = max(len(kind.name) for kind in brought)
    for kind, ones in brought.items():
        names = ", ".join(dict.fromkeys(one.table for one in ones))
        lines.append(f"  sequela import {kind.name:<{width}} FILE… --into DIR   brings {names}")
    lines.append(
        "Then name DIR with --data. `sequela tables` says which files these are and which rules wait for them."
    )
    return lines


def of_errors(diagnostics: Sequence[Diagnostic]) -> list[Diagnostic]:
    """What is shown where rules cannot be used: not the tables that are not there, unless a name may be wrong."""
    if not any(one.is_error for one in diagnostics):
        return list(diagnostics)
    return [one for one in diagnostics if one.code != NOT_THERE or "Did you mean" in (one.hint or "")]


def _count(rules: CheckedRules) -> int:
    return len({rule.id for selection in rules.selections.values() for rule in selection.rules})
