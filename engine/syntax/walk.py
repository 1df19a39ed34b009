"""Walk: the nodes of a rule file, from the whole to its parts, and the one at a place.

In:   a node or a rule file.    Out: nodes.
Uses: declarations, node.       Used by: lints, and tools that look at a place in a text.
"""

from collections.abc import Iterator
from functools import cache
from typing import Any

from sequela.engine.syntax.declarations import RuleFile
from sequela.engine.syntax.node import Node


@cache
def _field_names(kind: Any) -> tuple[str, ...]:
    return tuple(name for name in kind.__struct_fields__ if name not in ("span", "clause_spans"))


def children(node: Node | RuleFile) -> Iterator[Node]:
    """The nodes just below a node, in the order of its fields; those of a file are its header and declarations."""
    if isinstance(node, RuleFile):
        if node.header is not None:
            yield node.header
        yield from node.declarations
        return
    kind: Any = type(node)
    for name in _field_names(kind):
        value = getattr(node, name)
        if isinstance(value, Node):
            yield value
        elif isinstance(value, tuple):
            yield from (one for one in value if isinstance(one, Node))


def walk(node: Node | RuleFile) -> Iterator[Node]:
    """Every node below a node, and the node itself where it is one; what contains comes before what it contains."""
    left: list[Node] = list(children(node))[::-1] if isinstance(node, RuleFile) else [node]
    while left:
        here = left.pop()
        yield here
        left.extend(list(children(here))[::-1])


def path_to(file: RuleFile, offset: int) -> tuple[Node, ...]:
    """The nodes that hold the character at `offset`, from the declaration down to the smallest; empty between them."""
    found: list[Node] = []
    here: Node | RuleFile | None = file
    while here is not None:
        here = next((one for one in children(here) if one.span.start <= offset < one.span.end), None)
        if here is not None:
            found.append(here)
    return tuple(found)


def find_at(file: RuleFile, offset: int) -> Node | None:
    """The smallest node that holds the character at `offset` (from 0), or None where none does."""
    path = path_to(file, offset)
    return path[-1] if path else None
