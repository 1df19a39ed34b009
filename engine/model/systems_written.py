"""Systems as written: the code system that a name means.

In:   the name of a system as written.    Out: `System`, or None with the reason said.
Uses: vocabulary, findings, suggest.      Used by: declared_tables, sets.
"""

from sequela.engine.diagnostics.suggest import did_you_mean
from sequela.engine.model.findings import Findings
from sequela.engine.syntax.node import Name
from sequela.engine.vocabulary.systems import System

_BY_NAME = {system.value: system for system in System}


def system_named(name: Name, findings: Findings) -> System | None:
    """The code system of that name."""
    system = _BY_NAME.get(name.text)
    if system is None:
        hint = did_you_mean(name.text, _BY_NAME) or f"The systems are {', '.join(_BY_NAME)}."
        findings.error("SEQ213", f"No code system is called `{name.text}`.", name.span, "unknown system", hint=hint)
    return system
