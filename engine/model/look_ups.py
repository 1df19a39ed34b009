"""Look-ups: the rows that a rule binds, and which of them wait for what `when` finds.

In:   `look up` clauses as written.    Out: `rules.LookUp`s and the scope with their rows.
Uses: scope, pairs, values, written.   Used by: version.
Not here: how a row is found (tables.model).
"""

from collections.abc import Sequence

from sequela.engine.model.names import DeclaredTable
from sequela.engine.model.nodes import Binding
from sequela.engine.model.pairs import key_values
from sequela.engine.model.rules import LookUp
from sequela.engine.model.scope import Bound, Role, Scope
from sequela.engine.model.values import dated, is_constant, value
from sequela.engine.model.written import roots_used
from sequela.engine.syntax import declarations as d
from sequela.engine.syntax.node import Name
from sequela.engine.vocabulary.kinds import Kind


def late_ones(look_ups: Sequence[d.LookUp], witnesses: set[str]) -> set[int]:
    """The places of the look-ups that use what `when` finds, or a row of one that does."""
    waiting = set(witnesses)
    late: set[int] = set()
    for place, one in enumerate(look_ups):
        used = {root for part in (*one.keys, *([] if one.on is None else [one.on])) for root in roots_used(part)}
        if waiting & used:
            late.add(place)
            waiting.add(one.name.text)
    return late


def look_up(written: d.LookUp, scope: Scope, *, late: bool) -> tuple[LookUp | None, Scope]:
    """One look-up, and the scope with its row; None, with the reason said, where something is wrong with it."""
    table = scope.declared(written.table.text, written.table.span, DeclaredTable)
    on = None if written.on is None else dated(written.on, scope)
    if table is None or table.definition is None:
        for key in written.keys:
            if not is_constant(key, scope):
                value(key, scope)
        return None, without_row(written.name, scope)
    keys = key_values(table.definition, written.keys, scope, written.span)
    binding, inner = scope.bind(written.name, Kind.ROW, Role.ROW, table=table.definition)
    if keys is None or (written.on is not None and on is None):
        return None, inner
    found = LookUp(span=written.span, binding=binding, table=table.definition, keys=keys, on=on, late=late)
    return found, inner


def without_row(name: Name, scope: Scope) -> Scope:
    """The scope with a row that could not be bound: what is read from it is not judged."""
    if scope.refuse_repeated(name):
        return scope
    return scope.with_name(Bound(Binding(slot=0, name=name.text, kind=Kind.ROW), name.span, Role.BROKEN))


def promised(name: Name, role: Role, scope: Scope) -> Scope:
    """The scope with a name that is bound further down, or later: using it is an error that says so."""
    if name.text in scope.names:
        return scope
    return scope.with_name(Bound(Binding(slot=0, name=name.text, kind=Kind.ROW), name.span, role))
