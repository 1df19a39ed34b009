"""Declared sources: the authorities that rules cite.

In:   a source as written.    Out: `Authority`, or None with the reason said.
Uses: names, declared_tables (periods).    Used by: check.
Not here: what cites it (consequences.py).
"""

from sequela.engine.model.declared_tables import reversed_period
from sequela.engine.model.names import DeclaredSource
from sequela.engine.model.rules import Authority


def define_source(declared: DeclaredSource) -> None:
    """Fill in the definition of a source; one without a title is called by its id."""
    node = declared.node
    if node.in_force is not None and reversed_period(node.in_force, declared.findings):
        declared.causes[declared] = None
        return
    declared.definition = Authority(
        name=node.name.text,
        title=node.name.text if node.title is None else node.title.value,
        edition=None if node.edition is None else node.edition.value,
        first=None if node.in_force is None else node.in_force.first,
        last=None if node.in_force is None else node.in_force.last,
        span=node.span,
    )
