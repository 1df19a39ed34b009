"""Shipped catalogue: the table that defines a code system in the rulesets that ship, for rules that have none of their own.

In:   a system.                      Out: the table, where one ships.
Uses: pipeline.files, pipeline.opening.    Used by: commands.look_up, commands.rule_files.
Not here: what is said of a code by it (model.judged_codes, model.show_lists).
"""

import re
from collections.abc import Sequence
from pathlib import Path

from sequela.engine.diagnostics.model import RulesError
from sequela.engine.pipeline.files import SHIPPED
from sequela.engine.pipeline.opening import open_rulebook
from sequela.engine.tables.model import Table
from sequela.engine.vocabulary.systems import System


def shipped_catalogue(system: System, data: Sequence[Path] = ()) -> Table | None:
    """The table that defines a system in the rulesets that ship, if its file is there; `data` are folders of tables."""
    defines = re.compile(rf"(?m)^\s*defines\s+{re.escape(system.value)}\s*$")
    for path in (one for folder in SHIPPED for one in sorted(folder.rglob("*.rules"))):
        if defines.search(path.read_text("utf-8")) is None:
            continue
        try:
            tables = open_rulebook([path], data=data).tables
        except RulesError:
            continue
        found = next((table for table in tables.values() if table.shape.defines is system), None)
        if found is not None:
            return found
    return None
