"""Tables asked: which declared tables a rule asks, by itself or through the sets and conditions that it names.

In:   a rule.        Out: `tables_asked`.
Uses: nodes, rules.  Used by: pipeline.
"""

from typing import Any, Final

from msgspec import Struct

from sequela.engine.encounter.fields import Field
from sequela.engine.model.nodes import (
    Cell,
    ConditionDefinition,
    Fact,
    GoverningDate,
    GroupFact,
    Literal,
    SetDefinition,
    TableDefinition,
)
from sequela.engine.model.rules import Change, Citation, Rule, RuleVersion
from sequela.engine.source import Span
from sequela.engine.tables.codes import TextSet

Known = dict[int, frozenset[str]]
"""The keys of the tables that are asked by what stands in many rules, by identity."""

_SHARED: Final = (ConditionDefinition, SetDefinition, RuleVersion)
_ASKS_NOTHING: Final = frozenset(
    {Cell, Change, Citation, Fact, Field, GoverningDate, GroupFact, Literal, Span, TextSet, str, int, bool, type(None)}
)
"""What asks no table; a cell is of a row that a look-up found, which stands in the rule itself."""


def tables_asked(rule: Rule, known: Known) -> frozenset[str]:
    """The keys (`ruleset/table`) of the tables that any version of a rule asks.

    Args:
        rule: one rule of a selection.
        known: what was found in other rules of the same rulebook; empty at first.
    """
    return frozenset().union(*(_asked_by(segment.version, known) for segment in rule.segments))


def _asked_by(shared: Struct, known: Known) -> frozenset[str]:
    found = known.get(id(shared))
    if found is not None:
        return found
    keys: set[str] = set()
    waiting: list[Any] = list(_parts(shared))
    while waiting:
        one = waiting.pop()
        if one.__class__ in _ASKS_NOTHING:
            continue
        if one.__class__ is tuple:
            waiting.extend(one)
        elif isinstance(one, TableDefinition):
            keys.add(one.key)
        elif isinstance(one, _SHARED):
            keys |= _asked_by(one, known)
        elif isinstance(one, Struct):
            waiting.extend(_parts(one))
    return known.setdefault(id(shared), frozenset(keys))


def _parts(node: Struct) -> list[Any]:
    return [getattr(node, name) for name in node.__struct_fields__]
