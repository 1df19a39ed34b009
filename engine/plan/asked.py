"""Asked: whether a rule asks what earlier phases decide, and whether it asks anything at all.

In:   a rule, or a version of it.          Out: `asks_payable`, `speaks_of_claim`, `is_always_disabled`.
Uses: model.nodes, model.rules, msgspec.   Used by: plan.build, plan.filing.
"""

from collections.abc import Iterator
from datetime import timedelta
from itertools import pairwise
from typing import Any

from msgspec import Struct

from sequela.engine.model.nodes import FIRST_SLOT, Binding, Call, Condition, IsPayable, Node
from sequela.engine.model.rules import Rule, RuleVersion


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


def speaks_of_claim(condition: Condition) -> bool:
    """Whether a fact of the claim or of the patient is read anywhere in a condition, in what it names too."""
    waiting: list[Any] = [condition]
    seen: set[int] = set()
    while waiting:
        one = waiting.pop()
        if isinstance(one, Binding) and one.slot < FIRST_SLOT:
            return True
        if isinstance(one, tuple):
            waiting.extend(one)
        elif isinstance(one, Struct) and id(one) not in seen:
            seen.add(id(one))
            waiting.extend(getattr(one, name) for name in one.__struct_fields__)
    return False


def is_always_disabled(rule: Rule) -> bool:
    """Whether a payer disables a rule on every date."""
    segments = rule.segments
    if not segments or any(segment.disabled is None for segment in segments):
        return False
    touching = all(
        one.last is not None and other.first is not None and one.last + timedelta(1) == other.first
        for one, other in pairwise(segments)
    )
    return segments[0].first is None and segments[-1].last is None and touching


def _parts(node: Any) -> Iterator[Any]:
    """What a node is made of that is a node itself."""
    for name in node.__struct_fields__:
        found = getattr(node, name)
        if isinstance(found, (Node, tuple)):
            yield found
