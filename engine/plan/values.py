"""Compiled values: facts, cells, totals and dates become readers of a frame.

In:   `Value`s.                                       Out: `Reader`s.
Uses: model.nodes, plan.intervals, evaluate.operations.    Used by: plan.build, through the compiler.
"""

from typing import Any, assert_never

from sequela.engine.encounter.fields import Field
from sequela.engine.encounter.view import Member
from sequela.engine.evaluate.operations import characters, full_months_between, time_between
from sequela.engine.evaluate.verdict import UnknownMember, UnknownRow
from sequela.engine.model.nodes import (
    Cell,
    Characters,
    Fact,
    FullMonths,
    GoverningDate,
    GroupFact,
    Literal,
    NumberOf,
    TimeBetween,
    Total,
    Value,
)
from sequela.engine.plan.compiler import Compiler
from sequela.engine.plan.intervals import Measured
from sequela.engine.plan.logic import FALSE, NOT_COVERED, TRUE, UNKNOWN, Context, Frame, Reader, conjunction
from sequela.engine.plan.narrowing import CODE_ON_MEMBER
from sequela.engine.tables.model import Row
from sequela.engine.vocabulary.absent import NONE


def compile_value(value: Value, compiler: Compiler) -> Reader:
    """The reader of a value."""
    match value:
        case Literal(value=constant):
            return lambda frame, context: constant
        case Fact(binding=binding, fact=fact):
            return read_fact(binding.slot, fact)
        case GroupFact(binding=binding, fact=fact):
            return _group_fact(binding.slot, [one.name for one in binding.by].index(fact.name))
        case Cell(binding=binding, column=column):
            return _cell(binding.slot, column)
        case Characters():
            return _characters(value, compiler)
        case TimeBetween():
            return _time_between(value, compiler)
        case FullMonths():
            return _full_months(value, compiler)
        case Total() | NumberOf():
            return _measured(value, compiler)
        case GoverningDate():
            return lambda frame, context: context.date
        case _:
            assert_never(value)


def read_fact(slot: int, fact: Field) -> Reader:
    """The reader of a fact of what a slot holds; unknown where the slot holds no member."""
    if fact.read_on is not None:
        on = fact.read_on

        def read_on(frame: Frame, context: Context) -> Any:
            member = frame[slot]
            return on(member, context.date) if member.__class__ is Member else None

        return read_on
    read = fact.read
    if fact.name == "code" and fact.owner in CODE_ON_MEMBER:

        def main_code(frame: Frame, context: Context) -> Any:
            member = frame[slot]
            return member.code if member.__class__ is Member else None

        return main_code

    def read_member(frame: Frame, context: Context) -> Any:
        member = frame[slot]
        return read(member) if member.__class__ is Member else None

    return read_member


def _group_fact(slot: int, place: int) -> Reader:
    def read(frame: Frame, context: Context) -> Any:
        return frame[slot].facts[place]

    return read


def _cell(slot: int, column: str) -> Reader:
    def read(frame: Frame, context: Context) -> Any:
        row = frame[slot]
        if row.__class__ is Row:
            return row.value(column)
        return NOT_COVERED if row is UnknownRow.NOT_COVERED else None

    return read


def _characters(value: Characters, compiler: Compiler) -> Reader:
    of = compiler.value(value.of)
    first, last = value.first, value.last

    def read(frame: Frame, context: Context) -> Any:
        text = of(frame, context)
        if text is None or text is NONE or text is NOT_COVERED:
            return text
        return characters(text, first, last)

    return read


def _time_between(value: TimeBetween, compiler: Compiler) -> Reader:
    start, end = compiler.value(value.start), compiler.value(value.end)
    unit = value.unit

    def read(frame: Frame, context: Context) -> Any:
        one, other = start(frame, context), end(frame, context)
        missing = _first_missing(one, other)
        return time_between(unit, one, other) if missing is False else missing

    return read


def _full_months(value: FullMonths, compiler: Compiler) -> Reader:
    start, end = compiler.value(value.start), compiler.value(value.end)

    def read(frame: Frame, context: Context) -> Any:
        one, other = start(frame, context), end(frame, context)
        missing = _first_missing(one, other)
        return full_months_between(one, other) if missing is False else missing

    return read


def _first_missing(one: Any, other: Any) -> Any:
    """What the result is when a date is not there: not covered, unknown, none; False when both are there."""
    if one is NOT_COVERED or other is NOT_COVERED:
        return NOT_COVERED
    if one is None or other is None:
        return None
    return NONE if one is NONE or other is NONE else False


def _measured(value: Total | NumberOf, compiler: Compiler) -> Reader:
    over = value.over
    members = compiler.matching(over)
    slot = over.binding.slot
    where = compiler.step(over.where) if over.where is not None else None
    amount = compiler.value(value.of) if isinstance(value, Total) else None

    def measure(frame: Frame, context: Context) -> Any:
        low: Any = 0
        high: Any = 0
        doubt = UNKNOWN
        for member, belongs in members(frame, context):
            frame[slot] = member
            one = belongs if where is None else conjunction(belongs, where(frame, context))
            if one == FALSE:
                continue
            part = 1 if amount is None else amount(frame, context)
            if part is NONE:
                continue
            if one == TRUE and part is not None:
                low += part
            elif one != TRUE:
                doubt = max(doubt, one)
            if member is UnknownMember.UNKNOWN or part is None:
                high = None
            elif high is not None:
                high += part
        return low if low == high else Measured(low, high, doubt)

    return measure
