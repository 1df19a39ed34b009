"""Witnesses: what a `some` finds, and the clauses that may use it.

In:   the condition of a clause, as written and resolved.    Out: the scope of the later clauses, `Witness`es.
Uses: scope, nodes.         Used by: version.
Not here: what a name means inside its own condition (scope.py).
"""

from sequela.engine.diagnostics.model import Label
from sequela.engine.model import nodes
from sequela.engine.model.scope import Bound, Role, Scope
from sequela.engine.syntax.comparisons import Quantifier
from sequela.engine.syntax.conditions import (
    AllOf,
    AnyOf,
    Condition,
    Parenthesised,
    Quantified,
)
from sequela.engine.syntax.node import Name
from sequela.engine.vocabulary.kinds import Kind


def top_parts(written: Condition) -> list[Condition]:
    """The parts of the top `and` of a condition; the condition itself where it is no `and`."""
    found: list[Condition] = []
    waiting = [written]
    while waiting:
        match waiting.pop():
            case Parenthesised(inner=inner):
                waiting.append(inner)
            case AllOf(parts=parts):
                waiting.extend(reversed(parts))
            case part:
                found.append(part)
    return found


def witnessed(written: Condition) -> list[Quantified]:
    """Each `some` that stands in the top `and` of a condition."""
    return [part for part in top_parts(written) if isinstance(part, Quantified) and part.quantifier is Quantifier.SOME]


def asserted(written: Condition) -> list[Quantified]:
    """Each `some` of a condition that stands in its `and`s and `or`s, under no `not` and in no `where`."""
    found: list[Quantified] = []
    waiting = [written]
    while waiting:
        match waiting.pop():
            case Parenthesised(inner=inner):
                waiting.append(inner)
            case AllOf(parts=parts) | AnyOf(parts=parts):
                waiting.extend(reversed(parts))
            case Quantified(quantifier=Quantifier.SOME) as some:
                found.append(some)
            case _:
                continue
    return found


def with_witnesses(
    scope: Scope, written: Condition
) -> tuple[Scope, tuple[tuple[nodes.Binding, nodes.Quantified], ...]]:
    """The scope of the clauses after `when`, with what each `some` of its top `and` finds."""
    resolved = {id(one): found for one, found in scope.frame.found}
    bindings: list[tuple[nodes.Binding, nodes.Quantified]] = []
    first: dict[str, Name] = {}
    for some in witnessed(written):
        name = some.over.name
        if name.text in first:
            scope.error(
                "SEQ208",
                f"`{name.text}` is bound by two `some` of one `when`.",
                name.span,
                "bound again",
                also=(Label(first[name.text].span, "bound here"),),
                hint="What a `some` finds can be used in later clauses: give each its own name.",
            )
            continue
        first[name.text] = name
        found = resolved.get(id(some))
        if found is None:
            role, binding = Role.BROKEN, nodes.Binding(slot=0, name=name.text, kind=Kind(some.over.kind))
        else:
            role = Role.WITNESS
            own = found.over.binding
            binding = nodes.Binding(slot=own.slot, name=own.name, kind=own.kind, witness=True)
            bindings.append((binding, found))
        of = None if found is None else found.over.of
        if name.text not in scope.names:
            scope = scope.with_name(Bound(binding, name.span, role, of))
    return scope, tuple(bindings)
