"""Conditions: every predicate with its names resolved and the kinds of what it compares checked.

In:   conditions as written, in a scope.    Out: `nodes.Condition`, or None with the reason said.
Uses: scope, values, pairs, domains, kinds.    Used by: declared_conditions, sets, version (through the frame).
Not here: clauses (version.py); named conditions as declared (declared_conditions.py).
"""

from typing import Final, assert_never

from sequela.engine.diagnostics.model import Label
from sequela.engine.encounter.fields import FIELDS, main_code
from sequela.engine.model import nodes
from sequela.engine.model.domains import domain, set_use
from sequela.engine.model.kinds import COUNTED, how_compared, is_line, kind_words, type_words
from sequela.engine.model.names import DeclaredCondition, DeclaredTable
from sequela.engine.model.pairs import code_value, key_values, pair
from sequela.engine.model.scope import Bound, Scope
from sequela.engine.model.values import is_constant, quoted, value
from sequela.engine.syntax.comparisons import Quantifier
from sequela.engine.syntax.conditions import (
    AllOf,
    AnyOf,
    Called,
    Comes,
    Compares,
    Condition,
    DateCompares,
    HasModifier,
    HasModifierIn,
    Is,
    IsIn,
    IsKnown,
    IsPayable,
    IsWithin,
    Lists,
    Not,
    Parenthesised,
    Quantified,
)
from sequela.engine.syntax.node import Name
from sequela.engine.vocabulary.kinds import DIAGNOSIS_LIKE, CodeOf, CodesOf, Kind, Scalar, Type, WordOf
from sequela.engine.vocabulary.systems import System


def clause_condition(written: Condition, scope: Scope) -> nodes.Condition | None:
    """The condition of a clause, a named condition or a set: what its quantifiers bind ends with it."""
    frame = scope.frame
    frame.clause, frame.parts = written, []
    found = condition(written, scope)
    frame.clause = None
    return found


_ENUMERATED: Final = frozenset(
    word for one in FIELDS if isinstance(one.type, WordOf) for word in one.type.words if word.islower()
)
"""The words that a fact can be, such as `female` or `denied`."""


def condition(written: Condition, scope: Scope) -> nodes.Condition | None:
    """A condition as written; None, with the reason said, where something in it is wrong."""
    frame = scope.frame
    if scope.too_deep(written.span):
        return None
    frame.depth += 1
    found = _condition(written, scope)
    frame.depth -= 1
    return found


def _condition(written: Condition, scope: Scope) -> nodes.Condition | None:
    match written:
        case Parenthesised(inner=inner):
            return condition(inner, scope)
        case Not(part=part):
            return _negated(condition(part, scope), written)
        case AllOf() | AnyOf():
            return _chain(written, scope)
        case Quantified():
            return _quantified(written, scope)
        case Called():
            return _call(written, scope)
        case HasModifier() | HasModifierIn() | IsPayable() | Comes():
            return _of_members(written, scope)
        case Lists():
            return _lists(written, scope)
        case Is() | IsIn() | IsKnown() | Compares() | DateCompares() | IsWithin():
            return _of_values(written, scope)
        case _:
            assert_never(written)


def _negated(part: nodes.Condition | None, written: Condition) -> nodes.Condition | None:
    return None if part is None else nodes.Negated(span=written.span, part=part)


def _chain(written: AllOf | AnyOf, scope: Scope) -> nodes.Condition | None:
    found: list[nodes.Condition] = []
    for part in written.parts:
        scope.frame.parts.append(part)
        resolved = condition(part, scope)
        scope.frame.parts.pop()
        if resolved is not None:
            found.append(resolved)
    if len(found) < len(written.parts):
        return None
    if isinstance(written, AllOf):
        return nodes.AllOf(span=written.span, parts=tuple(found))
    return nodes.AnyOf(span=written.span, parts=tuple(found))


# ---------------------------------------------------------------- of values


def _of_values(
    written: Is | IsIn | IsKnown | Compares | DateCompares | IsWithin, scope: Scope
) -> nodes.Condition | None:
    span = written.span
    match written:
        case Is(left=left, right=right, negated=negated):
            both = pair(left, right, scope, _single, "`is` compares single values")
            same = None if both is None else nodes.Is(span=span, left=both[0], right=both[1])
            return _negated(same, written) if negated else same
        case IsIn(negated=negated):
            inside = _is_in(written, scope)
            return _negated(inside, written) if negated else inside
        case IsKnown(value=of, known=known):
            found = value(of, scope)
            there = None if found is None else nodes.Known(span=span, value=found)
            return there if known else _negated(there, written)
        case Compares(left=left, order=order, right=right):
            both = pair(left, right, scope, _counted, f"`{order.value}` compares numbers and amounts")
            return None if both is None else nodes.Compares(span=span, left=both[0], order=order, right=both[1])
        case DateCompares(left=left, order=date_order, right=right):
            both = pair(left, right, scope, _dated, f"`{date_order.value}` compares dates")
            if both is None:
                return None
            return nodes.DateCompares(span=span, left=both[0], order=date_order, right=both[1])
        case IsWithin(left=left, right=right, amount=amount, unit=unit, relation=relation):
            both = pair(left, right, scope, _dated, "`within` compares dates")
            if both is None:
                return None
            return nodes.IsWithin(span=span, left=both[0], amount=amount, unit=unit, relation=relation, right=both[1])
        case _:
            assert_never(written)


def _single(kind: Type) -> bool:
    return not isinstance(kind, CodesOf)


def _counted(kind: Type) -> bool:
    return kind in COUNTED


def _dated(kind: Type) -> bool:
    return kind is Scalar.DATE


def _is_in(written: IsIn, scope: Scope) -> nodes.Condition | None:
    if is_constant(written.left, scope):
        return _constant_in(written, scope)
    left = value(written.left, scope)
    if left is None:
        if len(written.within.parts) > 1:
            value(written.within, scope)
        return None
    if not isinstance(left.type, CodeOf):
        scope.error(
            "SEQ306",
            f"`{quoted(written.left)}` is {type_words(left.type)}; `is in` asks about a code.",
            written.left.span,
            hint=how_compared(left.type, quoted(written.left)),
        )
        return None
    within = set_use(written.within, left.type.system, f"`{quoted(written.left)}`", scope)
    return None if within is None else nodes.InSet(span=written.span, left=left, within=within)


def _constant_in(written: IsIn, scope: Scope) -> nodes.Condition | None:
    """`E11.9 is in note.supports`: the list is a fact, and the constant a code of its system."""
    within = written.within
    kind: Type | None = None
    if len(within.parts) > 1:
        listed = value(within, scope)
        if listed is None:
            return None
        kind = listed.type
    elif scope.columns is not None:
        kind = scope.columns.shape.type_of(within.parts[0])
    if not isinstance(kind, CodesOf):
        scope.error(
            "SEQ307",
            f"`{quoted(written.left)}` is a constant: nothing is asked of the claim.",
            written.left.span,
            hint="On the left stands a code of the claim, such as `visit.code`.",
        )
        return None
    left = value(written.left, scope, CodeOf(kind.system))
    found = set_use(within, kind.system, f"`{quoted(written.left)}`", scope)
    return None if left is None or found is None else nodes.InSet(span=written.span, left=left, within=found)


# ---------------------------------------------------------------- of members


def _of_members(written: HasModifier | HasModifierIn | IsPayable | Comes, scope: Scope) -> nodes.Condition | None:
    if isinstance(written, Comes):
        return _comes(written, scope)
    line = line_like(written.line, "has modifiers" if not isinstance(written, IsPayable) else "is payable", scope)
    match written:
        case HasModifier():
            modifier = code_value(written.modifier, System.MODIFIER, scope)
            if line is None or modifier is None:
                return None
            return nodes.HasModifier(span=written.span, line=line, modifier=modifier, within=None)
        case HasModifierIn():
            within = set_use(written.within, System.MODIFIER, "a modifier", scope)
            if line is None or within is None:
                return None
            return nodes.HasModifier(span=written.span, line=line, modifier=None, within=within)
        case IsPayable():
            scope.frame.payable = scope.frame.payable or written.span
            return None if line is None else nodes.IsPayable(span=written.span, line=line)
        case _:
            assert_never(written)


def line_like(name: Name, asked: str, scope: Scope) -> nodes.Binding | None:
    """The line, history line or service that a name means."""
    bound = member(name, scope)
    if bound is None:
        return None
    if is_line(bound.binding.kind):
        return bound.binding
    hint = "Ask a line, a history line or a service."
    if bound.binding.kind is Kind.GROUP:
        hint = f"Ask its lines: `some line x of {name.text} where …`."
    elif bound.of is not None:
        hint = f"Ask its line: `{bound.of.name}`."
    words = kind_words(bound.binding.kind)
    scope.error("SEQ310", f"`{name.text}` is {words}; only a line {asked}.", name.span, hint=hint)
    return None


def member(name: Name, scope: Scope) -> Bound | None:
    """What a name that stands by itself means."""
    return scope.find(name.text, name.span)


def _comes(written: Comes, scope: Scope) -> nodes.Condition | None:
    first, second = member(written.first, scope), member(written.second, scope)
    if first is None or second is None:
        return None
    kinds = first.binding.kind, second.binding.kind
    if kinds not in ((Kind.DIAGNOSIS, Kind.DIAGNOSIS), (Kind.MODIFIER, Kind.MODIFIER)):
        wrong = written.first if kinds[0] not in (Kind.DIAGNOSIS, Kind.MODIFIER) else written.second
        kind = kinds[0] if wrong is written.first else kinds[1]
        scope.error(
            "SEQ310",
            f"`{wrong.text}` is {kind_words(kind)}; only diagnoses, and modifiers of one line, come before each other.",
            wrong.span,
            hint="Admitting and reason-for-visit diagnoses have no order."
            if kind in DIAGNOSIS_LIKE
            else f"To compare dates, write `{wrong.text}.date is before …`.",
        )
        return None
    if kinds[0] is Kind.MODIFIER and first.of is not None and second.of is not None and first.of != second.of:
        message = f"`{written.first.text}` and `{written.second.text}` are modifiers of two lines, which have no order."
        also = (Label(first.span, "of one line"), Label(second.span, "of another"))
        scope.error("SEQ310", message, written.span, also=also)
        return None
    if first.binding.slot == second.binding.slot:
        scope.error("SEQ310", f"`{written.first.text}` is compared with itself.", written.span)
        return None
    before, after = (first, second) if written.before else (second, first)
    return nodes.ComesBefore(span=written.span, first=before.binding, second=after.binding)


# ---------------------------------------------------------------- tables, collections, named conditions


def _lists(written: Lists, scope: Scope) -> nodes.Condition | None:
    table = scope.declared(written.table.text, written.table.span, DeclaredTable)
    if table is None or table.definition is None:
        for key in written.keys:
            if not is_constant(key, scope):
                value(key, scope)
        return None
    keys = key_values(table.definition, written.keys, scope, written.span)
    return None if keys is None else nodes.Lists(span=written.span, table=table.definition, keys=keys)


def _quantified(written: Quantified, scope: Scope) -> nodes.Condition | None:
    over, _ = domain(written.over, scope, by=written)
    if written.quantifier is Quantifier.EVERY and written.over.where is None:
        _every_without_where(written, scope)
        return None
    if over is None:
        return None
    found = nodes.Quantified(span=written.span, quantifier=written.quantifier, number=written.number or 0, over=over)
    scope.frame.found.append((written, found))
    return found


def _every_without_where(written: Quantified, scope: Scope) -> None:
    domain_words = " ".join(written.over.span.text.split())
    name = written.over.name.text
    if written.over.within is None:
        code = main_code(Kind(written.over.kind))
        hint = f"Say what is asked of each: `every {domain_words} where {name}.{code.name if code else 'kind'} is …`."
    else:
        within = written.over.within.span.text
        without = " ".join(domain_words.removesuffix(within).rstrip().removesuffix("in").split())
        hint = (
            f"Either each of them is in the set: `every {without} where {name}.code is in {within}`; "
            f"or each of those in the set meets a condition: `every {domain_words} where …`."
        )
    scope.error("SEQ314", f"`every {domain_words}` does not say what is asked of each.", written.span, hint=hint)


def _call(written: Called, scope: Scope) -> nodes.Condition | None:
    name = written.name
    if name.text in scope.names and not written.arguments:
        bound = scope.find(name.text, name.span)
        if bound is not None:
            words = kind_words(bound.binding.kind)
            message = f"`{name.text}` is {words}, and by itself asks nothing."
            scope.error("SEQ308", message, name.span, hint=f"Ask for a fact: `{name.text}.… is …`.")
        return None
    hint = None
    if not written.arguments and name.text in _ENUMERATED:
        hint = f"A word by itself is no test: write the fact before it, `… is {name.text}`."
    declared = scope.declared(name.text, name.span, DeclaredCondition, hint)
    given = [scope.find(argument.text, argument.span) for argument in written.arguments]
    if declared is None or declared.definition is None:
        return None
    if declared.payable:
        scope.frame.payable = scope.frame.payable or written.span
    definition = declared.definition
    also = (Label(declared.name.span, "declared here"),)
    if len(given) != len(definition.parameters):
        asked = ", ".join(f"{one.kind.value} {one.name}" for one in definition.parameters)
        scope.error(
            "SEQ318",
            f"`{name.text}` is about ({asked}), and is asked about {len(given) or 'nothing'}."
            if asked
            else f"`{name.text}` is about nothing bound: it stands alone.",
            written.span,
            also=also,
            hint=f"Write `{name.text}({', '.join(one.name for one in definition.parameters)})` with names bound here."
            if asked
            else f"Write `{name.text}`.",
        )
        return None
    sound = all(one is not None for one in given)
    for argument, bound, parameter in zip(written.arguments, given, definition.parameters, strict=True):
        if bound is not None and bound.binding.kind is not parameter.kind:
            sound = False
            scope.error(
                "SEQ318",
                f"`{name.text}` asks for {kind_words(parameter.kind)} there, and `{argument.text}` is "
                f"{kind_words(bound.binding.kind)}.",
                argument.span,
                also=also,
            )
    if not sound:
        return None
    arguments = tuple(bound.binding for bound in given if bound is not None)
    return nodes.Call(span=written.span, condition=definition, arguments=arguments)
