"""Domains: what a quantifier, a number or a total ranges over, and the sets that narrow it.

In:   domains and sets as written, in a scope.    Out: `nodes.Domain` and the scope inside it; `nodes.SetUse`.
Uses: scope, kinds, encounter.fields.             Used by: values, conditions, subjects.
Not here: the condition after `where` (conditions.py, through the frame); `for each` as a whole (subjects.py).
"""

from sequela.engine.diagnostics.model import Label
from sequela.engine.diagnostics.suggest import listed
from sequela.engine.encounter.fields import field_of, main_code
from sequela.engine.model import nodes
from sequela.engine.model.kinds import ORDERED, PLURAL, POINTED, is_line, kind_words, type_words
from sequela.engine.model.names import DeclaredCodes
from sequela.engine.model.scope import Ended, Role, Scope
from sequela.engine.source import Span
from sequela.engine.syntax.conditions import Domain, Path, Quantified
from sequela.engine.syntax.declarations import Binder
from sequela.engine.syntax.node import Name
from sequela.engine.vocabulary.kinds import CodeOf, CodesOf, Kind
from sequela.engine.vocabulary.systems import System, accepts

# What each kind shares members with: `other service` leaves out the lines that are bound.
_SHARING = {
    Kind.LINE: frozenset({Kind.LINE, Kind.SERVICE, Kind.GROUP}),
    Kind.HISTORY_LINE: frozenset({Kind.HISTORY_LINE, Kind.SERVICE}),
    Kind.SERVICE: frozenset({Kind.SERVICE, Kind.LINE, Kind.HISTORY_LINE, Kind.GROUP}),
}


def domain(
    written: Domain, scope: Scope, *, by: Quantified | None = None, role: Role = Role.QUANTIFIER
) -> tuple[nodes.Domain | None, Scope]:
    """What is ranged over, and the scope inside: None, with the reason said, where something is wrong with it."""
    kind = Kind(written.kind)
    around = scope.frame.is_broken
    scope.frame.is_broken = False
    of = owner_of(written, kind, scope)
    is_ownerless = scope.frame.is_broken
    within = None if written.within is None else narrowing(written.within, kind, scope)
    excluded = left_out(written, kind, scope)
    binding, inner = scope.bind(written.name, kind, role, of=of)
    inner = inner.with_broken(written.name.text) if is_ownerless else inner
    where = None if written.where is None else scope.frame.condition(written.where, inner)
    scope.frame.ended.append(Ended(written.name, by, scope.frame.clause))
    broken = scope.frame.is_broken
    scope.frame.is_broken = broken or around
    if broken:
        return None, inner
    found = nodes.Domain(
        span=written.span,
        kind=kind,
        binding=binding,
        of=of,
        within=within,
        excluded=excluded,
        later=written.which == "later",
        where=where,
    )
    return found, inner


def owner_of(written: Domain | Binder, kind: Kind, scope: Scope) -> nodes.Binding | None:
    """The line or group that something is `of`; None without one, or, with the reason said, where it cannot be."""
    if written.of is None:
        if kind is Kind.MODIFIER:
            _needs_line(written.name, scope)
        return None
    bound = scope.find(written.of.text, written.of.span)
    if bound is None:
        return None
    owner = bound.binding
    if (kind is Kind.LINE and owner.kind is Kind.GROUP) or (kind in POINTED and is_line(owner.kind)):
        return owner
    _wrong_owner(kind, written.of, owner.kind, scope)
    return None


def _needs_line(name: Name, scope: Scope) -> None:
    """Say that a modifier is always of a line."""
    lines = [one.binding.name for one in scope.members() if is_line(one.binding.kind)]
    example = lines[-1] if lines else "visit"
    scope.error(
        "SEQ311",
        f"The modifier `{name.text}` is of no line.",
        name.span,
        hint=f"A modifier is always of a line: `modifier {name.text} of {example}`.",
    )


def _wrong_owner(kind: Kind, of: Name, owner: Kind, scope: Scope) -> None:
    """Say that nothing of a kind is `of` such an owner."""
    if kind in POINTED:
        hint = f"{PLURAL[kind].capitalize()} are `of` a line, a history line or a service."
    elif kind is Kind.LINE:
        hint = "Lines are `of` a group."
    else:
        hint = f"Leave `of {of.text}` away."
    scope.error("SEQ311", f"{kind_words(kind).capitalize()} is not `of` {kind_words(owner)}.", of.span, hint=hint)


def left_out(written: Domain | Binder, kind: Kind, scope: Scope) -> tuple[nodes.Binding, ...]:
    """What `other` or `later` leaves out: whatever `for` and the quantifiers around have bound of that kind."""
    if written.which is None:
        return ()
    sharing = _SHARING.get(kind, frozenset({kind}))
    roles = (Role.SUBJECT, Role.QUANTIFIER, Role.PARAMETER)
    found = tuple(one.binding for one in scope.members() if one.binding.kind in sharing and one.role in roles)
    no_order = written.which == "later" and kind in (Kind.ADMITTING_DIAGNOSIS, Kind.REASON_DIAGNOSIS)
    if not found and not no_order and not scope.has_broken:
        scope.error(
            "SEQ313",
            f"`{written.which} {kind.value} {written.name.text}` has nothing to be {_other(written.which)}.",
            written.name.span,
            hint=f"No {kind.value} is bound before it. Leave `{written.which}` away, or bind one with `for each`.",
        )
    if no_order:
        scope.error(
            "SEQ313",
            f"{PLURAL[kind].capitalize()} have no order, so none is `later`.",
            written.name.span,
            hint=f"Write `other {kind.value} {written.name.text}`.",
        )
    return found


def _other(which: str) -> str:
    return "other than" if which == "other" else "later than"


# ---------------------------------------------------------------- sets


def narrowing(within: Path, kind: Kind, scope: Scope) -> nodes.SetUse | None:
    """The set after `in`, which tests the code of each member."""
    code = main_code(kind)
    if code is None or not isinstance(code.type, CodeOf):
        lists = [field for name in ("kind", "supports") if (field := field_of(kind, name)) is not None]
        example = f": `where x.{lists[0].name} is …`" if lists else ""
        message = f"{kind_words(kind).capitalize()} has no code that could be `in {within.span.text}`."
        scope.error("SEQ312", message, within.span, hint=f"Ask for its facts with `where`{example}.")
        return None
    return set_use(within, code.type.system, f"the code of {kind_words(kind)}", scope)


def set_use(within: Path, wanted: System, tested: str, scope: Scope) -> nodes.SetUse | None:
    """The set or list of codes after `in`, where a code of `wanted` is tested; `tested` says what that is."""
    if len(within.parts) == 1:
        column = None if scope.columns is None else scope.columns.shape.type_of(within.parts[0])
        if isinstance(column, CodesOf) and scope.row is not None:
            cell = nodes.Cell(span=within.span, binding=scope.row, column=within.parts[0], type=column)
            return cell if _one_system(column.system, wanted, tested, within, scope) else None
        return _declared_set(within, wanted, tested, scope)
    found = scope.frame.value(within, scope)
    if found is None:
        return None
    if not isinstance(found.type, CodesOf) or not isinstance(found, nodes.Fact | nodes.Cell):
        scope.error(
            "SEQ306",
            f"`{within.span.text}` is {type_words(found.type)}; after `in` stands a set or a list of codes.",
            within.span,
            hint=_equal_hint(within, found.type),
        )
        return None
    return found if _one_system(found.type.system, wanted, tested, within, scope) else None


def _equal_hint(within: Path, kind: object) -> str | None:
    return f"To ask whether it is the same code, write `is {within.span.text}`." if isinstance(kind, CodeOf) else None


def _declared_set(within: Path, wanted: System, tested: str, scope: Scope) -> nodes.SetUse | None:
    name = within.parts[0]
    bound = scope.names.get(name)
    if bound is not None:
        if scope.find(name, within.span) is not None:
            columns = () if bound.binding.table is None else bound.binding.table.shape.columns
            lists = [f"{name}.{column}" for column, kind in columns if isinstance(kind, CodesOf)]
            scope.error(
                "SEQ308",
                f"`{name}` is {kind_words(bound.binding.kind)}, not a set of codes.",
                within.span,
                hint=f"Write {listed(lists, last='or')}." if lists else "After `in` stands the name of a set.",
            )
        return None
    declared = scope.declared(name, within.span, DeclaredCodes)
    if declared is None or declared.definition is None:
        return None
    ok = _one_system(declared.definition.system, wanted, tested, within, scope, declared.name.span)
    return declared.definition if ok else None


def _one_system(
    given: System, wanted: System, tested: str, within: Path, scope: Scope, declared: Span | None = None
) -> bool:
    if accepts(wanted, given):
        return True
    article = "an" if wanted.value[0] in "AEIO" else "a"
    scope.error(
        "SEQ304",
        f"`{within.span.text}` holds {given.value} codes, and {tested} is {article} {wanted.value} code.",
        within.span,
        also=() if declared is None else (Label(declared, f"a set of {given.value} codes"),),
        hint=f"Name a set that is declared as `codes NAME of {wanted.value}`.",
    )
    return False


def has_order(kind: Kind) -> bool:
    """Whether members of a kind come before or after each other."""
    return kind in ORDERED
