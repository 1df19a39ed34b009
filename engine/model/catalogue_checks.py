"""Catalogue checks: codes as written beside the catalogue of their system."""

from collections.abc import Mapping, Sequence

from sequela.engine.diagnostics.model import Diagnostic
from sequela.engine.model.names import FileNames
from sequela.engine.model.rules import CheckedRules
from sequela.engine.tables.model import Table


def against_catalogues(
    world: Sequence[FileNames], checked: CheckedRules, tables: Mapping[str, Table]
) -> tuple[Diagnostic, ...]:
    """What catalogues have against the codes that are written."""
    return ()
