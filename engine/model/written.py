"""Written: every node within a node of a rule file, and the names that it uses.

In:   syntax nodes.    Out: the nodes below them, in the author's order.
Uses: syntax.          Used by: order, version, catalogue_checks.
Not here: what the names mean (scope.py).
"""

from collections.abc import Iterable, Iterator

from sequela.engine.syntax.conditions import Called, IsIn, Path
from sequela.engine.syntax.declarations import CodesDeclaration, OtherSet, ThisCode
from sequela.engine.syntax.node import Name, Node

_PARTS: dict[type[Node], tuple[str, ...]] = {}


def _parts(kind: type[Node]) -> tuple[str, ...]:
    """The names of what a kind of node holds, but for its place."""
    if kind not in _PARTS:
        _PARTS[kind] = tuple(name for name in kind.__struct_fields__ if name != "span")
    return _PARTS[kind]


def within(node: Node) -> Iterator[Node]:
    """The node itself and every node below it, in the order written."""
    waiting: list[object] = [node]
    while waiting:
        one = waiting.pop()
        if isinstance(one, Node):
            yield one
            waiting.extend(getattr(one, name) for name in reversed(_parts(type(one))))
        elif isinstance(one, tuple):
            waiting.extend(reversed(one))


def roots_used(node: Node) -> set[str]:
    """Every name by which something bound could be read or named in a node."""
    found: set[str] = set()
    for one in within(node):
        match one:
            case Path(parts=parts):
                found.add(parts[0])
            case Name(text=text):
                found.add(text)
            case _:
                pass
    return found


def declared_used(node: Node) -> list[Name]:
    """The names of sets and conditions that a declaration is built from."""
    found: list[Name] = []
    if isinstance(node, CodesDeclaration):  # of long lists of codes there is no need to look at each
        entries = (*node.entries, *node.exceptions)
        parts: Iterable[Node] = (one for entry in entries if not isinstance(entry, ThisCode) for one in within(entry))
    else:
        parts = within(node)
    for one in parts:
        match one:
            case OtherSet(name=name) | Called(name=name):
                found.append(name)
            case IsIn(within=Path(parts=(single,), span=span)):
                found.append(Name(text=single, span=span))
            case _:
                pass
    return found
