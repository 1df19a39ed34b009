"""The notice of tables that are not there: short where a published file brings them, in full where a name may be wrong.

In:   checked rules, their tables, what was said of them.    Out: lines on standard error.
Uses: pipeline.absent, imports.brought, diagnostics.        Used by: commands.rulebooks, commands.rule_files, commands.tables.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

from sequela.engine.commands.screen import note
from sequela.engine.diagnostics.model import Diagnostic
from sequela.engine.diagnostics.suggest import listed
from sequela.engine.imports.brought import BROUGHT, brings
from sequela.engine.model.heads import heads_of
from sequela.engine.model.rules import CheckedRules
from sequela.engine.pipeline.absent import Absent, absent_tables
from sequela.engine.pipeline.files import SHIPPED
from sequela.engine.tables.model import Table

NOT_THERE: Final = "SEQ450"
"""A table's file that is not there: common where tables are still to be brought."""

GENERIC: Final = "generic"
"""The kind that brings a list of one's own."""

_MEANT: Final = "Did you mean"
_IN_FULL: Final = 3
"""So many tables without a kind of import are shown with their place in the rule file; more are counted."""


def say_absent(
    rules: CheckedRules, tables: Mapping[str, Table], warnings: Sequence[Diagnostic]
) -> tuple[Diagnostic, ...]:
    """Say which tables are not there; returns the warnings that are still to be shown in full.

    Those are the tables of a user's own rule files whose names no kind of import brings: one may be mistyped.
    """
    known = [one for one in absent_tables(rules, tables) if brings(one.table) is not None or _ships(one)]
    short = [one for one in known if one.rules]  # a table of a used ruleset may be asked by none of these rules
    if short:
        for line in notice(by_their_kind(short), _count(rules)):
            note(line)
        note("")
    said = {_of(one) for one in known}
    own = [one for one in warnings if one.code == NOT_THERE and _place(one) not in said]
    others = [one for one in warnings if one.code != NOT_THERE]
    if len(own) > _IN_FULL:
        rest = [one for one in own if _MEANT not in (one.hint or "")]
        names = listed(one.at.span.text for one in rest)
        note(f"{len(rest)} tables are not loaded: {names}. What they decide is not checked.")
        note(f"Name the folder that holds their files with --data; see `sequela help {NOT_THERE}`.\n")
        own = [one for one in own if one not in rest]
    return (*others, *own)


def _place(one: Diagnostic) -> tuple[str, int]:
    return one.at.span.source.name, one.at.span.start


def _of(one: Absent) -> tuple[str, int]:
    return one.definition.span.source.name, one.definition.span.start


def _ships(one: Absent) -> bool:
    """Whether the rule file that declares a table is one of Sequela's own."""
    path = Path(one.definition.span.source.name).resolve()
    return any(path.is_relative_to(folder.resolve()) for folder in SHIPPED)


def by_their_kind(absent: Sequence[Absent]) -> Mapping[str, tuple[Absent, ...]]:
    """Absent tables by the kind of import that brings them; `generic` brings those that no published file holds."""
    found: dict[str, list[Absent]] = {}
    for one in absent:
        found.setdefault(brings(one.table) or GENERIC, []).append(one)
    return {kind: tuple(found[kind]) for kind in (*BROUGHT, GENERIC) if kind in found}


def notice(by_kind: Mapping[str, Sequence[Absent]], rules: int) -> list[str]:
    """A few lines: how many tables are not there, what that leaves unchecked, and what brings them."""
    tables = {one.table for ones in by_kind.values() for one in ones}
    unchecked = {rule for ones in by_kind.values() for one in ones for rule in one.rules}
    many = "1 table of codes and edits is" if len(tables) == 1 else f"{len(tables)} tables of codes and edits are"
    lines = [f"{many} not there, so {len(unchecked):,} of {rules:,} rules cannot be checked in full:"]
    width = max(len(kind) for kind in by_kind)
    for kind, ones in by_kind.items():
        names = ", ".join(dict.fromkeys(one.table for one in ones))
        lines.append(f"  sequela import {kind:<{width}} FILE… --into DIR   brings {names}")
    lines.append(
        "Then name DIR with --data. `sequela tables` says which files these are and which rules wait for them."
    )
    return lines


def of_errors(diagnostics: Sequence[Diagnostic]) -> list[Diagnostic]:
    """What is shown where rules cannot be used: not the tables that are not there, unless a name may be wrong."""
    if not any(one.is_error for one in diagnostics):
        return list(diagnostics)
    return [one for one in diagnostics if one.code != NOT_THERE or _MEANT in (one.hint or "")]


def _count(rules: CheckedRules) -> int:
    return len({head.id for selection in rules.selections.values() for head in heads_of(selection.rules)})
