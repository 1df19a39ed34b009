"""Pairs: two values beside each other, and the keys of a table beside its columns: whether their kinds agree.

In:   values as written, in a scope.    Out: `nodes.Value`s of kinds that agree, or None with the reason said.
Uses: values, kinds, scope.             Used by: conditions, subjects, version.
Not here: one value by itself (values.py); constants (literals.py).
"""

from collections.abc import Callable

from sequela.engine.diagnostics.model import Label
from sequela.engine.diagnostics.suggest import listed
from sequela.engine.model import nodes
from sequela.engine.model.kinds import COUNTED, comparable, type_words
from sequela.engine.model.literals import YES_NO
from sequela.engine.model.scope import Scope
from sequela.engine.model.values import is_constant, quoted, unsuited, value
from sequela.engine.source import Span
from sequela.engine.syntax.conditions import Path, Value
from sequela.engine.vocabulary.kinds import CodeOf, CodesOf, Type
from sequela.engine.vocabulary.systems import System, accepts


def pair(
    left: Value, right: Value, scope: Scope, suits: Callable[[Type], bool], asked: str
) -> tuple[nodes.Value, nodes.Value] | None:
    """Two values of one type that `suits`; `asked` says what is asked for, for a value of another type."""
    constants = is_constant(left, scope), is_constant(right, scope)
    words = [one for one in (left, right) if isinstance(one, Path) and one.parts[0] not in YES_NO]
    if all(constants) and words:  # a word that nothing bears
        value(words[0], scope)
        return None
    if all(constants):
        scope.error(
            "SEQ307",
            f"`{quoted(left)}` and `{quoted(right)}` are constants: nothing is asked of the claim.",
            left.span.to(right.span),
            hint="One of the two is a fact, such as `visit.code`.",
        )
        return None
    first_written, second_written = (right, left) if constants[0] else (left, right)
    first = value(first_written, scope)
    if first is None:
        if not any(constants):
            value(second_written, scope)
        return None
    if not suits(first.type):
        unsuited(first_written, first.type, asked, scope)
        return None
    second = value(second_written, scope, first.type)
    if second is None:
        return None
    if not comparable(first.type, second.type):
        mismatch(first_written, first.type, second_written, second.type, scope)
        return None
    return (second, first) if constants[0] else (first, second)


def mismatch(one: Value, one_type: Type, other: Value, other_type: Type, scope: Scope) -> None:
    """Say that two values are of kinds that cannot be compared."""
    words = f"`{quoted(one)}` is {type_words(one_type)}, and `{quoted(other)}` is {type_words(other_type)}"
    at = one.span.to(other.span) if one.span.start < other.span.start else other.span.to(one.span)
    if {one_type, other_type} == COUNTED:
        hint = "An amount is compared with an amount, such as 500.00; a number with a number."
        scope.error("SEQ305", f"Money and numbers do not mix: {words}.", at, hint=hint)
    elif isinstance(one_type, CodeOf) and isinstance(other_type, CodeOf):
        scope.error("SEQ304", f"Codes of different systems are never equal: {words}.", at)
    else:
        scope.error("SEQ301", f"The two cannot be compared: {words}.", at)


def fits(given: Type, asked: Type) -> bool:
    """Whether a value of the type `given` may stand where `asked` is asked for; a CPT code is an HCPCS code."""
    if isinstance(given, CodeOf) and isinstance(asked, CodeOf):
        return accepts(asked.system, given.system)
    return comparable(given, asked)


def key_values(
    table: nodes.TableDefinition, keys: tuple[Value, ...], scope: Scope, span: Span
) -> tuple[nodes.Value, ...] | None:
    """The values with which a table is asked: one for each key column, of its kind."""
    columns = table.shape.keys
    if len(keys) != len(columns):
        names = listed([column.name for column in columns])
        message = f"Table `{table.name}` has {_count(len(columns), 'key')}, {names}, and is asked with {len(keys)}."
        hint = "Give one value for each key column, in their order."
        scope.error("SEQ319", message, span, also=(Label(table.span, "the table"),), hint=hint)
        for key in keys:
            if not is_constant(key, scope):
                value(key, scope)
        return None
    found: list[nodes.Value] = []
    for column, key in zip(columns, keys, strict=True):
        asked = CodeOf(column.type.system) if isinstance(column.type, CodesOf) else column.type
        given = value(key, scope, asked)
        if given is None:
            continue
        if not fits(given.type, asked):
            code = "SEQ304" if isinstance(given.type, CodeOf) and isinstance(asked, CodeOf) else "SEQ319"
            scope.error(
                code,
                f"Key `{column.name}` of table `{table.name}` is {type_words(asked)}, "
                f"and `{quoted(key)}` is {type_words(given.type)}.",
                key.span,
            )
            continue
        found.append(given)
    return tuple(found) if len(found) == len(columns) else None


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"


def code_value(written: Value, system: System, scope: Scope) -> nodes.Value | None:
    """A value that is a code of a system."""
    found = value(written, scope, CodeOf(system))
    if found is None or fits(found.type, CodeOf(system)):
        return found
    unsuited(written, found.type, f"{type_words(CodeOf(system))} is asked for here", scope)
    return None
