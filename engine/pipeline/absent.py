"""Absent: the declared tables that were not loaded, and the rules that ask them.

In:   checked rules and the tables that were loaded.    Out: `Absent`, `absent_tables`, `files_not_there`, `table_name`.
Uses: model.                                            Used by: the commands.
Not here: where a file was looked for (table_files); which published file brings a table (imports.registry).
"""

from collections.abc import Mapping

from msgspec import Struct

from sequela.engine.model.heads import heads_of
from sequela.engine.model.nodes import TableDefinition
from sequela.engine.model.rules import CheckedRules
from sequela.engine.model.tables_asked import Known, tables_asked
from sequela.engine.pipeline.table_places import SUFFIXES
from sequela.engine.tables.model import Table


class Absent(Struct, frozen=True):
    """A table that was not loaded, and the ids of the rules that ask it, in any payer's version, sorted."""

    definition: TableDefinition
    rules: tuple[str, ...]

    @property
    def table(self) -> str:
        """The file as declared, without its suffix: the name of the imported table that would serve."""
        return table_name(self.definition)


def table_name(definition: TableDefinition) -> str:
    """The file of a table as declared, without the suffix of a table file: `ncci/ptp-practitioner`."""
    file = definition.file or ""
    return next((file.removesuffix(end) for end in SUFFIXES if file.endswith(end)), file)


def files_not_there(rules: CheckedRules, tables: Mapping[str, Table]) -> frozenset[str]:
    """The names of the files that tables are declared with and that were not loaded: one file may serve several tables."""
    return frozenset(
        table_name(definition)
        for key, definition in rules.tables.items()
        if definition.file is not None and key not in tables
    )


def absent_tables(rules: CheckedRules, tables: Mapping[str, Table]) -> tuple[Absent, ...]:
    """The tables with a file that are not among those loaded, in the order of their keys."""
    absent = {
        key: definition for key, definition in rules.tables.items() if definition.file is not None and key not in tables
    }
    if not absent:
        return ()
    asked: dict[str, set[str]] = {key: set() for key in absent}
    known: Known = {}
    for selection in rules.selections.values():
        for at, head in enumerate(heads_of(selection.rules)):
            keys = tables_asked(selection.rules[at], known) if head.asks is None else head.asks
            for key in absent.keys() & keys:
                asked[key].add(head.id)
    return tuple(Absent(absent[key], tuple(sorted(asked[key]))) for key in sorted(absent))
