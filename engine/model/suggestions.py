"""Suggestions: the change that a rule's author offers, with the names that range over the claim.

In:   `suggest` as written, and the conditions that the rule requires.    Out: `rules.Suggestion`.
Uses: scope, values, witnesses, literals.                                 Used by: version.
Not here: trying a change out (explain).
"""

from collections.abc import Iterable
from typing import assert_never

from sequela.engine.model import nodes
from sequela.engine.model.kinds import kind_words
from sequela.engine.model.literals import code
from sequela.engine.model.nodes import Binding
from sequela.engine.model.pairs import code_value
from sequela.engine.model.rules import (
    AddModifier,
    MoveDiagnosis,
    PointLine,
    RemoveModifier,
    ReplaceDiagnosis,
    ReplaceModifier,
    SuggestedChange,
    Suggestion,
)
from sequela.engine.model.scope import Bound, Role, Scope
from sequela.engine.model.witnesses import asserted
from sequela.engine.syntax import declarations as d
from sequela.engine.syntax.conditions import CodeLiteral, Condition, Path
from sequela.engine.syntax.node import Name
from sequela.engine.vocabulary.kinds import DIAGNOSIS_LIKE, Kind
from sequela.engine.vocabulary.systems import System


def with_free(required: Iterable[Condition], scope: Scope) -> Scope:
    """The scope of `suggest`: also what a `some` that is required binds; where it failed, it ranges over the claim."""
    resolved = {id(one): found for one, found in scope.frame.found}
    for written in required:
        for some in asserted(written):
            found = resolved.get(id(some))
            name = some.over.name
            if name.text in scope.names:
                continue
            if found is None:
                bound = Bound(Binding(slot=0, name=name.text, kind=Kind(some.over.kind)), name.span, Role.BROKEN)
            else:
                bound = Bound(found.over.binding, name.span, Role.FREE, found.over.of)
            scope = scope.with_name(bound)
    return scope


def suggestion(written: d.Suggest, scope: Scope) -> Suggestion | None:
    """The suggested change, in the scope of `with_free`; None, with the reason said, where there is a fault."""
    change = _change(written.change, scope)
    if change is None:
        return None
    used = {part.slot: part for part in _bindings(change)}
    free = tuple(one.binding for one in scope.names.values() if one.role is Role.FREE and one.binding.slot in used)
    only_if = None if written.only_if is None else written.only_if.value
    return Suggestion(span=written.span, change=change, only_if=only_if, free=free)


def _bindings(change: SuggestedChange) -> tuple[Binding, ...]:
    match change:
        case AddModifier(line=line):
            return (line,)
        case RemoveModifier(line=line, modifier=modifier):
            return (line, *_read(modifier))
        case ReplaceModifier(line=line, modifier=modifier, by=by):
            return (line, *_read(modifier), *_read(by))
        case MoveDiagnosis(diagnosis=diagnosis, anchor=anchor):
            return (diagnosis,) if anchor is None else (diagnosis, anchor)
        case PointLine(line=line, diagnosis=diagnosis):
            return (line, diagnosis)
        case ReplaceDiagnosis(diagnosis=diagnosis, code=new):
            return (diagnosis, *_read(new))
        case _:
            assert_never(change)


def _read(part: "str | Binding | nodes.Value") -> tuple[Binding, ...]:
    if isinstance(part, Binding):
        return (part,)
    return (part.binding,) if isinstance(part, nodes.Fact | nodes.Cell) else ()


def _change(written: d.SuggestedChange, scope: Scope) -> SuggestedChange | None:
    span = written.span
    match written:
        case d.AddModifier(modifier=modifier):
            line, added = _named(written.line, (Kind.LINE,), scope), code(modifier, System.MODIFIER, scope)
            if line is None or added is None:
                return None
            return AddModifier(span=span, modifier=str(added.value), line=line)
        case d.RemoveModifier():
            line, removed = _named(written.line, (Kind.LINE,), scope), _modifier(written.modifier, scope)
            return None if line is None or removed is None else RemoveModifier(span=span, modifier=removed, line=line)
        case d.ReplaceModifier():
            line, removed = _named(written.line, (Kind.LINE,), scope), _modifier(written.modifier, scope)
            by = _modifier(written.by, scope)
            if line is None or removed is None or by is None or isinstance(by, Binding):
                return None
            if removed == by:
                hint = "Name another modifier."
                scope.error("SEQ324", f"Modifier {by} cannot be replaced by itself.", span, hint=hint)
                return None
            return ReplaceModifier(span=span, modifier=removed, line=line, by=by)
        case d.MoveDiagnosis(before=before):
            moved = _named(written.diagnosis, (Kind.DIAGNOSIS,), scope)
            if written.anchor is None:
                return None if moved is None else MoveDiagnosis(span=span, diagnosis=moved, before=True, anchor=None)
            anchor = _named(written.anchor, (Kind.DIAGNOSIS,), scope)
            if moved is None or anchor is None:
                return None
            if moved.slot == anchor.slot:
                scope.error("SEQ324", f"`{moved.name}` cannot be moved beside itself.", span)
                return None
            return MoveDiagnosis(span=span, diagnosis=moved, before=before, anchor=anchor)
        case d.PointLine():
            line = _named(written.line, (Kind.LINE,), scope)
            diagnosis = _named(written.diagnosis, (Kind.DIAGNOSIS,), scope)
            return None if line is None or diagnosis is None else PointLine(span=span, line=line, diagnosis=diagnosis)
        case d.ReplaceDiagnosis():
            replaced = _named(written.diagnosis, tuple(DIAGNOSIS_LIKE), scope)
            new = _diagnosis_code(written.code, scope)
            return (
                None if replaced is None or new is None else ReplaceDiagnosis(span=span, diagnosis=replaced, code=new)
            )
        case _:
            assert_never(written)


def _named(name: Name, kinds: tuple[Kind, ...], scope: Scope) -> Binding | None:
    bound = scope.find(name.text, name.span)
    if bound is None:
        return None
    if bound.binding.kind in kinds:
        return bound.binding
    asked = kind_words(kinds[0] if len(kinds) == 1 else Kind.DIAGNOSIS)
    what = "of this claim " if kinds == (Kind.LINE,) else ""
    message = f"`{name.text}` is {kind_words(bound.binding.kind)}; {asked} {what}is asked for."
    scope.error("SEQ324", message, name.span, hint="A change is suggested for lines and diagnoses of this claim.")
    return None


def _modifier(written: CodeLiteral | Path, scope: Scope) -> "str | Binding | nodes.Value | None":
    if isinstance(written, CodeLiteral):
        found = code(written, System.MODIFIER, scope)
        return None if found is None else str(found.value)
    if len(written.parts) == 1:
        return _named(Name(text=written.parts[0], span=written.span), (Kind.MODIFIER,), scope)
    return code_value(written, System.MODIFIER, scope)


def _diagnosis_code(written: CodeLiteral | Path, scope: Scope) -> "str | nodes.Value | None":
    if isinstance(written, CodeLiteral):
        found = code(written, System.ICD10CM, scope)
        return None if found is None else str(found.value)
    return code_value(written, System.ICD10CM, scope)
