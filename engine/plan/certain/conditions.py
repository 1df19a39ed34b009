"""Conditions as expressions of the written code: yes or no, since every fact that is read is known, or the rule bails.

In:   `Condition`s.                                       Out: an expression, after the statements that it needs.
Uses: plan.certain.writer, plan.certain.values, model.    Used by: plan.certain.shape.
Not here: unknown, not checked (the compiled steps).

What is written asks in the author's order and stops where the answer is there, so that a fact which does not matter is not read.
"""

from collections.abc import Callable
from typing import Final, assert_never

from sequela.engine.model.nodes import (
    AllOf,
    AnyOf,
    Call,
    ComesBefore,
    Compares,
    Condition,
    ConditionDefinition,
    DateCompares,
    Domain,
    Fact,
    HasModifier,
    InSet,
    Is,
    IsPayable,
    IsWithin,
    Known,
    Lists,
    Literal,
    Negated,
    NumberOf,
    Quantified,
    SetDefinition,
    Total,
)
from sequela.engine.plan.certain.listed import holds, holds_none
from sequela.engine.plan.certain.several import at_once
from sequela.engine.plan.certain.values import OF_LINE, is_there, write_value
from sequela.engine.plan.certain.writer import Place, Unwritten, Writer
from sequela.engine.plan.compiler import Compiler
from sequela.engine.syntax.comparisons import DateOrder, Order, Quantifier
from sequela.engine.vocabulary.kinds import Kind

_SIGNS: Final[dict[Order | DateOrder, str]] = {
    Order.AT_MOST: "<=",
    Order.AT_LEAST: ">=",
    Order.MORE_THAN: ">",
    Order.LESS_THAN: "<",
    DateOrder.BEFORE: "<",
    DateOrder.AFTER: ">",
    DateOrder.ON_OR_BEFORE: "<=",
    DateOrder.ON_OR_AFTER: ">=",
}


def write_condition(condition: Condition, writer: Writer, compiler: Compiler) -> str:
    """An expression that is true or false, after the statements that it needs. Raises Unwritten for `is payable`."""
    match condition:
        case AllOf(parts=parts):
            return _chain(parts, writer, compiler, until=False)
        case AnyOf(parts=parts):
            return _chain(parts, writer, compiler, until=True)
        case Negated(part=part):
            return f"not {write_condition(part, writer, compiler)}"
        case Is(left=left, right=right) if not isinstance(left, Total | NumberOf) and not isinstance(
            right, Total | NumberOf
        ):
            one, other = write_value(left, writer, compiler), write_value(right, writer, compiler)
            literal = isinstance(left, Literal) or isinstance(right, Literal)
            return f"({one} == {other})" if literal else f"({one} == {other} and {one} is not NONE)"
        case InSet():
            return _in_set(condition, writer, compiler)
        case Compares(left=left, order=order, right=right) | DateCompares(left=left, order=order, right=right) if (
            not isinstance(left, Total | NumberOf) and not isinstance(right, Total | NumberOf)
        ):
            one = write_value(left, writer, compiler, none=not isinstance(left, Literal))
            other = write_value(right, writer, compiler, none=not isinstance(right, Literal))
            return f"({one} {_SIGNS[order]} {other})"
        case HasModifier():
            return _has_modifier(condition, writer, compiler)
        case ComesBefore(first=first, second=second):
            one_place, other_place = writer.bound(first), writer.bound(second)
            if one_place.kind is not Kind.DIAGNOSIS or other_place.kind is not Kind.DIAGNOSIS:
                return _by_step(condition, writer, compiler)
            return f"({one_place.at} < {other_place.at})"
        case Quantified():
            return _quantified(condition, writer, compiler)
        case IsPayable():
            raise Unwritten("is payable")
        case IsWithin(left=left, amount=amount, unit=unit, relation=relation, right=right):
            one = write_value(left, writer, compiler, none=not isinstance(left, Literal))
            other = write_value(right, writer, compiler, none=not isinstance(right, Literal))
            return f"is_within({one}, {amount}, {unit!r}, {relation!r}, {other})"
        case Known(value=Fact() as value) if (there := is_there(value, writer)) is not None:
            return there
        case Call():
            return _call(condition, writer, compiler)
        case Is() | Compares() | DateCompares() | Known() | Lists():
            return _by_step(condition, writer, compiler)
        case _:
            assert_never(condition)


def _chain(parts: tuple[Condition, ...], writer: Writer, compiler: Compiler, *, until: bool) -> str:
    """`and` (until one is false) or `or` (until one is true)."""
    first = write_condition(parts[0], writer, compiler)
    if len(parts) == 1:
        return first
    found = writer.name()
    writer.write(f"{found} = {first}")
    _rest(found, parts[1:], writer, compiler, until=until)
    return found


def _rest(found: str, parts: tuple[Condition, ...], writer: Writer, compiler: Compiler, *, until: bool) -> None:
    if not parts:
        return
    with writer.block(f"if not {found}:" if until else f"if {found}:"):
        writer.write(f"{found} = {write_condition(parts[0], writer, compiler)}")
        _rest(found, parts[1:], writer, compiler, until=until)


def _in_set(condition: InSet, writer: Writer, compiler: Compiler) -> str:
    within = condition.within
    if not isinstance(within, SetDefinition) or not within.is_text_only:
        return _by_step(condition, writer, compiler)
    return f"({holds(within, write_value(condition.left, writer, compiler), writer, compiler)})"


def in_set(
    definition: SetDefinition, code: str, writer: Writer, compiler: Compiler, *, otherwise: str, may_be_none: bool
) -> None:
    """Go on only with a member whose code, which is known, is in a set; the table is asked where text does not decide."""
    if definition.is_text_only:
        writer.write(f"if not {holds(definition, code, writer, compiler)}: {otherwise}")
        return
    asked = writer.parameter(compiler.set(definition))
    found = writer.name()
    none = f"0 if {code} is NONE else " if may_be_none else ""
    writer.write(f"{found} = {none}{asked}({code}, claim.context({writer.governing_date_or_unknown()}))")
    writer.bail_when(f"{found} > 1")
    writer.write(f"if not {found}: {otherwise}")


def _has_modifier(condition: HasModifier, writer: Writer, compiler: Compiler) -> str:
    place = writer.bound(condition.line)
    if place.kind is not Kind.LINE:
        return _by_step(condition, writer, compiler)
    if isinstance(condition.modifier, Literal):
        marks = f"normal_modifiers[{place.data}.modifiers]"
        return f"({writer.parameter(condition.modifier.value)} in {marks})"
    within = condition.within
    if isinstance(within, SetDefinition) and within.is_text_only:
        marks = f"normal_modifiers[{place.data}.modifiers]"
        return f"(not ({holds_none(within, marks, writer, compiler)}))"
    return _by_step(condition, writer, compiler)


# ---------------------------------------------------------------- collections


def _quantified(condition: Quantified, writer: Writer, compiler: Compiler) -> str:
    over = condition.over
    if over.kind not in (Kind.DIAGNOSIS, Kind.LINE) or not (
        over.within is None or isinstance(over.within, SetDefinition)
    ):
        return _by_step(condition, writer, compiler)
    at_once_asked = at_once(condition, writer, compiler)
    if at_once_asked is not None:
        return at_once_asked
    counted = condition.quantifier in (Quantifier.AT_LEAST, Quantifier.AT_MOST)
    every = condition.quantifier is Quantifier.EVERY
    found = writer.name()
    writer.write(f"{found} = {0 if counted else every}")
    with members(over, writer, compiler):
        test = None if over.where is None else write_condition(over.where, writer, compiler)
        with writer.block("if True:" if test is None else f"if not {test}:" if every else f"if {test}:"):
            writer.write(f"{found} += 1" if counted else f"{found} = {not every}")
            if not counted:
                writer.write("break")
    writer.slots.pop(over.binding.slot, None)
    match condition.quantifier:
        case Quantifier.SOME | Quantifier.EVERY:
            return found
        case Quantifier.NO:
            return f"(not {found})"
        case Quantifier.AT_LEAST:
            return f"({found} >= {condition.number})"
        case Quantifier.AT_MOST:
            return f"({found} <= {condition.number})"


def code_of_line(data: str, *, standard: bool = False) -> str:
    """An expression for the code of a line, as `code_of` gives it, without a call where it has one."""
    if standard:
        return f"({data}.code or code_of({data}))"
    return f"(normal_service[{data}.code] if {data}.code else code_of({data}))"


class members:  # noqa: N801 -- read as a statement: `with members(...)`
    """The loop over what a domain or a binder ranges over; the statements of its body stand below it."""

    def __init__(
        self,
        over: Domain,
        writer: Writer,
        compiler: Compiler,
        first: Callable[[], None] | None = None,
    ) -> None:
        """`first` writes what is read before the loop."""
        self._over, self._writer, self._compiler = over, writer, compiler
        self._first = first

    def __enter__(self) -> Place:
        over, writer = self._over, self._writer
        at, code, data = writer.name(), writer.name(), writer.name()
        match over.kind:
            case Kind.DIAGNOSIS if over.of is not None:
                line = writer.bound(over.of)
                if line.kind is not Kind.LINE:
                    raise Unwritten("the diagnoses of a service")
                pointed = writer.once(f"claim.pointed({line.data})", unknown=True)
                head = f"for {at} in {pointed}:"
            case Kind.DIAGNOSIS:
                head = f"for {at}, {code} in enumerate(codes):"
            case Kind.LINE if over.of is None:
                if over.within is None:
                    head, code = f"for {at}, {data} in enumerate(lines):", code_of_line(data, standard=writer.standard)
                else:
                    writer.codes_known()
                    head = f"for {at}, {code} in enumerate(line_codes):"
            case _:
                raise Unwritten(over.kind.value)
        if self._first is not None:
            self._first()
        self._block = writer.block(head)
        self._block.__enter__()
        is_line = over.kind is Kind.LINE
        if over.of is not None:
            writer.write(f"{code} = codes[{at}]")
        for binding in over.excluded:
            bound = writer.bound(binding)
            if bound.kind is over.kind:
                writer.write(f"if {at} {'<=' if over.later else '=='} {bound.at}: continue")
            elif bound.kind is not Kind.ROW:
                raise Unwritten("other of another kind")
        if isinstance(over.within, SetDefinition):
            in_set(over.within, code, writer, self._compiler, otherwise="continue", may_be_none=is_line)
        if is_line and over.within is not None:
            writer.write(f"{data} = lines[{at}]")
        place = Place(over.kind, data if is_line else "", code, at, sent=f"{data}.code" if is_line else "")
        writer.slots[over.binding.slot] = place
        return place

    def __exit__(self, *_: object) -> None:
        self._block.__exit__(None, None, None)


def known_before(names: tuple[str, ...], place: Place, writer: Writer) -> None:
    """Read what `with the same …` asks of a member before the loop over the others."""
    for name in names:
        _fact(name, place, writer)


def same_as(names: tuple[str, ...], one: Place, other: Place, writer: Writer) -> None:
    """`with the same …`: go on with the next member where a fact of two lines differs."""
    for name in names:
        mine, theirs = _fact(name, one, writer), _fact(name, other, writer)
        none = f" or {mine} is NONE" if name == "code" else ""
        writer.write(f"if {mine} != {theirs}{none}: continue")


def _fact(name: str, place: Place, writer: Writer) -> str:
    expression = OF_LINE.get(name)
    if place.kind is not Kind.LINE or (expression is None and name != "code"):
        raise Unwritten(f"the same {name}")
    return writer.once(place.code if expression is None else expression.format(data=place.data), unknown=True)


# ---------------------------------------------------------------- named conditions


def _call(call: Call, writer: Writer, compiler: Compiler) -> str:
    """A named condition, written out where it stands; where a part of it cannot be written, its compiled step is asked."""
    definition = call.condition
    slots = {
        parameter.slot: writer.slots[argument.slot]
        for parameter, argument in zip(definition.parameters, call.arguments, strict=True)
        if argument.slot in writer.slots
    }
    if len(slots) < len(call.arguments) or not _can_be_written(
        definition, writer.aside(slots, definition.slots), compiler
    ):
        return _by_step(call, writer, compiler)
    outside = writer.slots, writer.slot_count
    writer.slots, writer.slot_count = slots, definition.slots
    try:
        return write_condition(definition.body, writer, compiler)
    finally:
        writer.slots, writer.slot_count = outside


def _can_be_written(definition: ConditionDefinition, aside: Writer, compiler: Compiler) -> bool:
    try:
        write_condition(definition.body, aside, compiler)
    except Unwritten:
        return False
    return True


# ---------------------------------------------------------------- what is left to the compiled steps


def _by_step(condition: Condition, writer: Writer, compiler: Compiler) -> str:
    step = writer.parameter(compiler.step(condition))
    frame = writer.frame()
    found = writer.once(f"{step}({frame}, claim.context({writer.governing_date_or_unknown()}))", unknown=False)
    writer.bail_when(f"{found} > 1")
    return found
