"""Values: facts, cells and computed values with their types; constants beside what they are compared with.

In:   values as written, in a scope.    Out: `nodes.Value`, or None with the reason said.
Uses: scope, literals, kinds, domains, encounter.fields.    Used by: conditions, domains' `where`, version.
Not here: predicates (conditions.py); what a quantifier ranges over (domains.py).
"""

from typing import assert_never

from sequela.engine.diagnostics.model import Diagnostic, Label
from sequela.engine.diagnostics.suggest import listed, nearest
from sequela.engine.encounter.fields import Field, field_of, fields_of, main_code, nearest_path
from sequela.engine.model import nodes
from sequela.engine.model.domains import domain
from sequela.engine.model.kinds import COUNTED, how_compared, kind_words, type_words
from sequela.engine.model.literals import YES_NO, Constant, literal
from sequela.engine.model.other_words import fact_hint
from sequela.engine.model.scope import PATIENT_NAME, Bound, Scope
from sequela.engine.source import Span
from sequela.engine.syntax.conditions import (
    Characters,
    CodeLiteral,
    DateLiteral,
    FullMonthsBetween,
    NumberOf,
    Path,
    TimeBetween,
    Total,
    Value,
)
from sequela.engine.syntax.node import Text
from sequela.engine.vocabulary.kinds import CodeOf, Kind, Scalar, Type, WordOf

# ---------------------------------------------------------------- facts


def resolve_fact_path(kind: Kind, path: Path) -> Field | Diagnostic:
    """The fact of a kind of member that a path names (`authorization`, `provider.npi`), or what is wrong with it."""
    name = ".".join(path.parts)
    field = field_of(kind, name)
    return field if field is not None else _unknown_fact(kind, name, path.span)


def _unknown_fact(kind: Kind, name: str, span: Span) -> Diagnostic:
    near = nearest_path(kind, name)
    below = [one.name for one in fields_of(kind) if one.name.startswith(f"{name}.")]
    first = name.split(".")[0]
    if kind is Kind.CLAIM and first == PATIENT_NAME:
        hint = f"Facts of the patient stand by themselves: `{name}`." if "." in name else "Write `patient.…`."
    elif below:
        hint = f"Say which of its facts: {listed(below[:4], last='or')}."
    elif (meant := fact_hint(kind, name)) is not None:
        hint = meant
    elif near is not None:
        hint = f"Did you mean `{near}`?"
    else:
        hint = "`sequela fields` lists every fact."
    owner = kind_words(kind)
    message = f"{owner[0].upper()}{owner[1:]} has no fact `{name}`."
    return Diagnostic(code="SEQ209", message=message, at=Label(span, "unknown fact"), hint=hint)


def fact(path: Path, scope: Scope) -> nodes.Fact | nodes.GroupFact | nodes.Cell | None:
    """What a path of two words or more reads."""
    bound = scope.find(path.parts[0], path.span)
    if bound is None:
        return None
    binding, name = bound.binding, ".".join(path.parts[1:])
    if binding.table is not None:
        column_type = binding.table.shape.type_of(name)
        if column_type is None:
            _unknown_column(name, binding.table, path.span, scope)
            return None
        return nodes.Cell(span=path.span, binding=binding, column=name, type=column_type)
    if binding.kind is Kind.GROUP:
        return _group_fact(binding, name, path, scope)
    field = field_of(binding.kind, name)
    if field is None:
        scope.frame.is_broken = True
        scope.findings.add(_unknown_fact(binding.kind, name, path.span))
        return None
    return nodes.Fact(span=path.span, binding=binding, fact=field)


def _unknown_column(name: str, table: nodes.TableDefinition, span: Span, scope: Scope) -> None:
    columns = [column for column, _ in table.shape.columns]
    near = nearest(name, columns)
    hint = f"Did you mean `{near[0]}`?" if near else f"Its columns are {listed(columns)}."
    scope.error(
        "SEQ209",
        f"Table `{table.name}` has no column `{name}`.",
        span,
        "unknown column",
        also=(Label(table.span, "the table"),),
        hint=hint,
    )


def _group_fact(binding: nodes.Binding, name: str, path: Path, scope: Scope) -> nodes.GroupFact | None:
    for field in binding.by:
        if field.name == name:
            return nodes.GroupFact(span=path.span, binding=binding, fact=field)
    own = [field.name for field in binding.by]
    if field_of(Kind.LINE, name) is None:
        near = nearest(name, own)
        hint = f"Did you mean `{near[0]}`?" if near else f"It has {listed(own)}."
    else:
        hint = f"Its lines may differ in it: group by it too, or ask with `some line x of {binding.name}` or `total`."
    if not own:
        hint = f"Ask about its lines: `some line x of {binding.name} where …`."
    scope.error("SEQ209", f"The group `{binding.name}` has no fact `{name}`.", path.span, "unknown fact", hint=hint)
    return None


def bare_bound(name: str, span: Span, bound: Bound, scope: Scope) -> None:
    """Say that a bound thing stands where one of its facts is asked for."""
    binding = bound.binding
    if binding.table is not None:
        example = next((column for column, _ in binding.table.shape.columns), "column")
    elif binding.kind is Kind.GROUP:
        example = binding.by[0].name if binding.by else "fact"
    else:
        code, facts = main_code(binding.kind), fields_of(binding.kind)
        example = code.name if code is not None else facts[0].name if facts else "fact"
    scope.error(
        "SEQ308",
        f"`{name}` is {kind_words(binding.kind)}, and one of its facts is asked for.",
        span,
        hint=f"Say which fact: `{name}.{example}`.",
    )


# ---------------------------------------------------------------- values


def is_constant(written: Value, scope: Scope) -> bool:
    """Whether a value as written is a constant: a code, a number, a date, a text, or a word that names nothing here."""
    if isinstance(written, Path):
        return len(written.parts) == 1 and written.parts[0] not in scope.names and _column(written, scope) is None
    return isinstance(written, CodeLiteral | DateLiteral | Text)


def value(written: Value, scope: Scope, wanted: Type | None = None) -> nodes.Value | None:
    """A value as written; a constant as one of the type `wanted`. None, with the reason said, where it is none.

    The type of a fact is the caller's to compare with what it asks for.
    """
    match written:
        case CodeLiteral() | DateLiteral() | Text():
            return constant(written, scope, wanted)
        case Path(parts=parts) if len(parts) > 1:
            return fact(written, scope)
        case Path():
            return _word(written, scope, wanted)
        case Characters() | TimeBetween() | FullMonthsBetween() | Total() | NumberOf():
            if scope.too_deep(written.span):
                return None
            scope.frame.depth += 1
            found = _computed(written, scope)
            scope.frame.depth -= 1
            return found
        case _:
            assert_never(written)


def _computed(
    written: Characters | TimeBetween | FullMonthsBetween | Total | NumberOf, scope: Scope
) -> nodes.Value | None:
    match written:
        case Characters():
            return _characters(written, scope)
        case TimeBetween():
            start, end = dated(written.start, scope), dated(written.end, scope)
            if start is None or end is None:
                return None
            return nodes.TimeBetween(span=written.span, unit=written.unit, start=start, end=end)
        case FullMonthsBetween():
            start, end = dated(written.start, scope), dated(written.end, scope)
            if start is None or end is None:
                return None
            return nodes.FullMonths(span=written.span, start=start, end=end)
        case Total():
            return _total(written, scope)
        case NumberOf():
            over, _ = domain(written.over, scope)
            return None if over is None else nodes.NumberOf(span=written.span, over=over)
        case _:
            assert_never(written)


def constant(written: Constant, scope: Scope, wanted: Type | None) -> nodes.Value | None:
    """A constant of the type `wanted`; where none is given, no constant can stand."""
    if wanted is not None:
        return literal(written, wanted, scope)
    scope.error(
        "SEQ307",
        f"`{written.span.text}` says nothing about a claim; a fact is asked for here.",
        written.span,
        hint="Name a fact, such as `visit.code` or `patient.age`.",
    )
    return None


def _column(path: Path, scope: Scope) -> nodes.Cell | None:
    """A column as a bare word, in a set's `where`."""
    if scope.columns is None or scope.row is None or len(path.parts) != 1 or path.parts[0] in YES_NO:
        return None
    kind = scope.columns.shape.type_of(path.parts[0])
    if kind is None:
        return None
    return nodes.Cell(span=path.span, binding=scope.row, column=path.parts[0], type=kind)


def _word(written: Path, scope: Scope, wanted: Type | None) -> nodes.Value | None:
    name = written.parts[0]
    cell = _column(written, scope)
    if cell is not None:
        return cell
    if isinstance(wanted, WordOf) and name in wanted.words:
        return literal(written, wanted, scope)
    if name in scope.names:
        bound = scope.find(name, written.span)
        if bound is not None:
            bare_bound(name, written.span, bound, scope)
        return None
    if wanted is not None:
        return literal(written, wanted, scope)
    if scope.columns is not None:
        _unknown_column(name, scope.columns, written.span, scope)
    else:
        scope.find(name, written.span)
    return None


def _characters(written: Characters, scope: Scope) -> nodes.Value | None:
    of = value(written.of, scope)
    last = written.first if written.last is None else written.last
    if not 1 <= written.first <= last:
        message = f"There are no characters {written.first} to {last}."
        scope.error("SEQ321", message, written.span, hint="Characters count from 1: `(characters 1 to 3 of dx.code)`.")
        return None
    if of is None:
        return None
    if not isinstance(of.type, CodeOf) and of.type is not Scalar.TEXT:
        scope.error(
            "SEQ306",
            f"`{quoted(written.of)}` is {type_words(of.type)}; only codes and texts have characters.",
            written.of.span,
        )
        return None
    return nodes.Characters(span=written.span, first=written.first, last=last, of=of)


def _total(written: Total, scope: Scope) -> nodes.Value | None:
    over, inner = domain(written.over, scope)
    if len(written.of.parts) < 2 or written.of.parts[0] != written.over.name.text:
        name = written.over.name.text
        scope.error(
            "SEQ320",
            f"A total adds up a fact of `{name}`, and `{written.of.span.text}` is none.",
            written.of.span,
            hint=f"Write `{name}.units` or `{name}.charge`.",
        )
        return None
    of = fact(written.of, inner)
    if of is None or over is None or not isinstance(of, nodes.Fact):
        return None
    if of.type not in COUNTED:
        scope.error(
            "SEQ320",
            f"`{written.of.span.text}` is {type_words(of.type)}; only numbers and amounts add up.",
            written.of.span,
            hint="To count members, write `(number of … where …)`.",
        )
        return None
    return nodes.Total(span=written.span, of=of, over=over, type=of.type)


def dated(written: Value, scope: Scope) -> nodes.Value | None:
    """A value that is a date."""
    found = value(written, scope, Scalar.DATE)
    if found is None or found.type is Scalar.DATE:
        return found
    unsuited(written, found.type, "a date is asked for here", scope)
    return None


def quoted(written: Value) -> str:
    """The author's own words for a value, on one line."""
    return " ".join(written.span.text.split())


def unsuited(written: Value, kind: Type, asked: str, scope: Scope) -> None:
    """Say that a value is of a kind that cannot stand where it does."""
    hint = how_compared(kind, quoted(written))
    scope.error("SEQ306", f"`{quoted(written)}` is {type_words(kind)}; {asked}.", written.span, hint=hint)
