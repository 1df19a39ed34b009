"""The walk from rule texts to checked rules, on one page.

In:   found rule files and data folders.    Out: `Compiled`: checked rules with their tables, and all there is to say.
Uses: syntax, model, tables.                Used by: pipeline.opening (only when the cache has no answer).
Not here: the cache (cache.py); which rules a claim meets (rulebook.py).
"""

from collections.abc import Mapping, Sequence
from pathlib import Path
from types import MappingProxyType

from attrs import frozen

from sequela.engine.diagnostics.model import Diagnostic
from sequela.engine.model.check import check_rules, declare_tables
from sequela.engine.model.long_lived import collector_paused
from sequela.engine.model.nodes import TableDefinition
from sequela.engine.model.rules import CheckedRules
from sequela.engine.pipeline.files import Found
from sequela.engine.pipeline.table_files import load_tables
from sequela.engine.syntax.declarations import RuleFile
from sequela.engine.syntax.parse import parse
from sequela.engine.tables.model import Table
from sequela.engine.vocabulary.systems import System


@frozen
class Compiled:
    """Rule files, parsed and checked. Where a diagnostic is an error, the rules must not be run."""

    files: tuple[RuleFile, ...]
    """Every file of the run: first those given, then those they use."""
    given: tuple[RuleFile, ...]
    rules: CheckedRules
    definitions: Mapping[str, TableDefinition]
    tables: Mapping[str, Table]
    diagnostics: tuple[Diagnostic, ...]
    quiet: bool
    """Whether nothing was said about the texts themselves, but perhaps about the files of tables."""

    @property
    def is_sound(self) -> bool:
        """Whether there is no error."""
        return not any(diagnostic.is_error for diagnostic in self.diagnostics)


@collector_paused
def compile_found(
    found: Found,
    data: Sequence[Path] = (),
    *,
    for_cases: bool = False,
    beside: Mapping[System, Table] = MappingProxyType({}),
) -> Compiled:
    """Rule texts to checked rules, and everything there is to say about the texts; never raises on a faulty text.

    `beside` are catalogues by which codes are judged in files that see none of their system.
    """
    parsed = [parse(text.source) for text in (*found.given, *found.used)]  # syntax/  text  -> nodes
    files = tuple(file for file, _ in parsed)
    malformed = tuple(diagnostic for _, diagnostics in parsed for diagnostic in diagnostics)
    definitions, undeclared = declare_tables(files)  # model/   nodes -> what tables look like
    loaded = load_tables(definitions, data, for_cases=for_cases)  # tables/  files -> rows
    rules, mismatched = check_rules(files, loaded.tables, beside)  # model/   names -> definitions, kinds agree
    said = once((*found.diagnostics, *malformed, *mismatched, *undeclared, *loaded.diagnostics))
    quiet = not (found.diagnostics or malformed or mismatched or undeclared)
    return Compiled(files, files[: len(found.given)], rules, definitions, loaded.tables, said, quiet)


def once(diagnostics: Sequence[Diagnostic]) -> tuple[Diagnostic, ...]:
    """Every diagnostic once, in the order found."""
    kept: dict[tuple[str, str, int, str], Diagnostic] = {}
    for diagnostic in diagnostics:
        span = diagnostic.at.span
        kept.setdefault((diagnostic.code, span.source.name, span.start, diagnostic.message), diagnostic)
    return tuple(kept.values())
