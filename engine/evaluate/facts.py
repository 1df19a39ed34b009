"""Facts: reading one fact of what a slot holds, with the name that the language gives it.

In:   a field, a group fact or a cell, and what a slot holds.    Out: `Seen`.
Uses: evidence, encounter.fields.                                Used by: walk_sets, collections, walk_values.
Not here: values that are made of several facts (walk_values).
"""

from sequela.engine.encounter.fields import Field, main_code
from sequela.engine.encounter.member import Member
from sequela.engine.evaluate.evidence import Scope, Seen, first_line
from sequela.engine.evaluate.values import NOT_COVERED, Value
from sequela.engine.evaluate.verdict import Bound, Group, UnknownRow
from sequela.engine.model.nodes import Cell, Fact, GroupFact
from sequela.engine.tables.model import Row
from sequela.engine.vocabulary.kinds import Kind

Frame = list[Bound]


def read_one(value: Fact | GroupFact | Cell, frame: Frame, scope: Scope) -> Seen:
    """One fact, grouping fact or cell on a frame."""
    bound = frame[value.binding.slot]
    match value:
        case Fact(binding=binding, fact=fact):
            return read_fact(f"{binding.name}.{fact.name}", fact, bound, scope)
        case GroupFact():
            return _group_fact(value, bound)
        case Cell():
            return _cell(value, bound)


def read_fact(label: str, fact: Field, bound: Bound, scope: Scope) -> Seen:
    """One fact of a member, called `label`; unknown, and nothing to ask for, where no member is there."""
    if not isinstance(bound, Member):
        return Seen(label, bound, None, fact.type, fact)
    value: Value = fact.read(bound) if fact.read_on is None else fact.read_on(bound, scope.on)
    asks: tuple[str, ...] | None = None
    if value is None:
        asks = fact.sources(bound)
        if fact.read_on is not None and scope.on is None:
            asks = (*asks, *scope.on_asks)
    return Seen(label, bound, value, fact.type, fact, asks or None)


def read_code(name: str, kind: Kind, bound: Bound, scope: Scope) -> Seen:
    """The code of a member that `in SET` asks about; `name` is what the rule calls the member."""
    fact = main_code(kind)
    return Seen(name, bound, None) if fact is None else read_fact(f"{name}.{fact.name}", fact, bound, scope)


def _group_fact(value: GroupFact, group: Bound) -> Seen:
    binding, fact = value.binding, value.fact
    label = f"{binding.name}.{fact.name}"
    if not isinstance(group, Group):
        return Seen(label, group, None, fact.type, fact)
    found: Value = group.facts[[one.name for one in binding.by].index(fact.name)]  # type: ignore[assignment]
    line = first_line(group)
    asks = fact.sources(line) if found is None and line is not None else None
    return Seen(label, group, found, fact.type, fact, asks or None)


def _cell(value: Cell, row: Bound) -> Seen:
    found: Value = None
    if isinstance(row, Row):
        found = row.value(value.column)
    elif row is UnknownRow.NOT_COVERED:
        found = NOT_COVERED
    return Seen(f"{value.binding.name}.{value.column}", row, found, value.type)
