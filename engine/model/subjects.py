"""Subjects: what `for` binds.

In:   `for each …`, `for the first diagnosis`, `for the claim` as written.    Out: `rules.Subjects`, the rule's scope.
Uses: scope, domains, kinds, values.                                          Used by: version.
Not here: look-ups and everything after them (look_ups.py, version.py).
"""

from typing import assert_never

from msgspec.structs import replace

from sequela.engine.diagnostics.model import Label
from sequela.engine.encounter.fields import Field
from sequela.engine.model.domains import left_out, narrowing, owner_of
from sequela.engine.model.kinds import comparable, kind_words, type_words
from sequela.engine.model.rules import Binder, ForClaim, ForFirstDiagnosis, ForGroups, ForMembers, Subjects
from sequela.engine.model.scope import Bound, Role, Scope
from sequela.engine.model.values import resolve_fact_path
from sequela.engine.syntax import declarations as d
from sequela.engine.syntax.conditions import Path
from sequela.engine.syntax.node import Name
from sequela.engine.vocabulary.kinds import CodesOf, Kind

WrittenSubjects = d.ForEach | d.ForFirstDiagnosis | d.ForClaim


def subjects(written: WrittenSubjects, scope: Scope) -> tuple[Subjects | None, Scope]:
    """What a rule is about, and the scope of its other clauses; None, with the reason said, where there is a fault."""
    match written:
        case d.ForClaim():
            return ForClaim(span=written.span), scope
        case d.ForFirstDiagnosis(name=name):
            binding, scope = scope.bind(name, Kind.DIAGNOSIS, Role.SUBJECT)
            return ForFirstDiagnosis(span=written.span, binding=binding), scope
        case d.ForEach(binders=d.GroupBinder() as group):
            return _group(written, group, scope)
        case d.ForEach():
            return _members(written, scope)
        case _:
            assert_never(written)


def _members(written: d.ForEach, scope: Scope) -> tuple[Subjects | None, Scope]:
    assert not isinstance(written.binders, d.GroupBinder)
    binders: list[Binder] = []
    for one in written.binders:
        binder, scope = _binder(one, scope)
        binders.append(binder)
    same = _same(written, binders, scope)
    if scope.frame.is_broken:
        return None, scope
    found = ForMembers(
        span=written.span, binders=tuple(binders), same=same, same_names=tuple(name.text for name in written.same)
    )
    return found, scope


def _binder(written: d.Binder, scope: Scope) -> tuple[Binder, Scope]:
    kind = Kind(written.kind)
    around = scope.frame.is_broken
    scope.frame.is_broken = False
    of = owner_of(written, kind, scope)
    is_ownerless = scope.frame.is_broken
    scope.frame.is_broken = around or is_ownerless
    within = None if written.within is None else narrowing(written.within, kind, scope)
    excluded = left_out(written, kind, scope)
    binding, inner = scope.bind(written.name, kind, Role.SUBJECT, of=of)
    inner = inner.with_broken(written.name.text) if is_ownerless else inner
    found = Binder(
        span=written.span,
        binding=binding,
        kind=kind,
        of=of,
        within=within,
        excluded=excluded,
        later=written.which == "later",
    )
    return found, inner


def _same(written: d.ForEach, binders: list[Binder], scope: Scope) -> tuple[Field, ...]:
    """The facts of `with the same …`, as they are called on the first binder."""
    if written.same and len(binders) < 2:
        scope.error(
            "SEQ315",
            "`with the same` compares what is bound, and only one thing is.",
            written.same[0].span,
            hint="Bind another: `for each line a, other line b with the same date`.",
        )
    found: list[Field] = []
    for name in written.same:
        fields = [_fact(binder.kind, name, scope) for binder in binders]
        if fields and all(field is not None for field in fields):
            first = fields[0]
            assert first is not None
            found.append(first)
            for binder, field in zip(binders, fields, strict=True):
                if field is not None and not comparable(first.type, field.type):
                    scope.error(
                        "SEQ315",
                        f"`{name.text}` is {type_words(first.type)} of {kind_words(binders[0].kind)}, "
                        f"and {type_words(field.type)} of {kind_words(binder.kind)}.",
                        name.span,
                    )
                    break
    return tuple(found)


def _fact(kind: Kind, name: Name, scope: Scope) -> Field | None:
    field = resolve_fact_path(kind, Path(parts=(name.text,), span=name.span))
    if isinstance(field, Field):
        return field
    scope.frame.is_broken = True
    scope.findings.add(field)
    return None


def _group(written: d.ForEach, group: d.GroupBinder, scope: Scope) -> tuple[Subjects | None, Scope]:
    by: list[Field] = []
    first: dict[str, Name] = {}
    for name in group.by:
        other = first.setdefault(name.text, name)
        if other is not name:
            scope.error(
                "SEQ316",
                f"Lines are grouped by `{name.text}` twice.",
                name.span,
                also=(Label(other.span),),
                hint="Keep one of them.",
            )
        elif (field := _fact(Kind.LINE, name, scope)) is not None:
            if isinstance(field.type, CodesOf):
                scope.error("SEQ316", f"`{name.text}` is a list; lines are grouped by single facts.", name.span)
            by.append(field)
    is_faulty = scope.frame.is_broken
    binding, _ = scope.bind(group.name, Kind.GROUP, Role.SUBJECT)
    binding = replace(binding, by=tuple(by))
    scope = scope.with_name(Bound(binding, group.name.span, Role.BROKEN if is_faulty else Role.SUBJECT))
    return (None if scope.frame.is_broken else ForGroups(span=written.span, binding=binding)), scope


def holds_a_line(found: Subjects | None) -> bool:
    """Whether a line, or a group of lines, is bound: the governing date can be a line's."""
    match found:
        case ForMembers(binders=binders):
            return any(binder.kind is Kind.LINE for binder in binders)
        case ForGroups():
            return True
        case _:
            return False


def kinds_bound(found: Subjects) -> tuple[str, ...]:
    """The kinds in `for`, in order, as words."""
    match found:
        case ForMembers(binders=binders):
            return tuple(binder.kind.value for binder in binders)
        case ForGroups():
            return ("group of lines",)
        case ForFirstDiagnosis():
            return ("first diagnosis",)
        case ForClaim():
            return ("claim",)
        case _:
            assert_never(found)
