"""Asked: what a rule asks that earlier phases decide.

In:   a rule's version.       Out: `asks_payable`.
Uses: model.nodes, msgspec.   Used by: plan.build.
"""

from collections.abc import Iterator
from typing import Any

from msgspec import Struct

from sequela.engine.model.nodes import Call, IsPayable, Node
from sequela.engine.model.rules import RuleVersion


def asks_payable(version: RuleVersion) -> bool:
    """Whether `is payable` stands anywhere in a version, in the conditions that it names too."""
    waiting: list[Any] = [version.when, version.unless, version.requirements, version.bypass, version.look_ups]
    seen: set[int] = set()
    while waiting:
        one = waiting.pop()
        if isinstance(one, IsPayable):
            return True
        if isinstance(one, tuple):
            waiting.extend(one)
        elif isinstance(one, Call):
            if id(one.condition) not in seen:
                seen.add(id(one.condition))
                waiting.append(one.condition.body)
            waiting.extend(_parts(one))
        elif isinstance(one, Struct):
            waiting.extend(_parts(one))
    return False


def _parts(node: Any) -> Iterator[Any]:
    """What a node is made of that is a node itself."""
    for name in node.__struct_fields__:
        found = getattr(node, name)
        if isinstance(found, (Node, tuple)):
            yield found
