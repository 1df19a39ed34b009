"""Compiled conditions: a tree of resolved nodes becomes a tree of closures.

In:   `Condition`s.                                     Out: `Step`s.
Uses: model.nodes, plan.values, plan.members, plan.sets, evaluate.operations.    Used by: plan.build.
Not here: values (values.py); which members a quantifier meets (members.py).
"""

import operator
from collections.abc import Callable
from typing import Any, Final, assert_never

from sequela.engine.encounter.view import Member
from sequela.engine.evaluate.operations import within
from sequela.engine.evaluate.verdict import UnknownRow
from sequela.engine.model.nodes import (
    AllOf,
    AnyOf,
    Call,
    Cell,
    ComesBefore,
    Compares,
    Condition,
    DateCompares,
    HasModifier,
    InSet,
    Is,
    IsPayable,
    IsWithin,
    Known,
    Lists,
    Negated,
    NumberOf,
    Quantified,
    SetDefinition,
    Total,
)
from sequela.engine.model.value_parts import value_parts
from sequela.engine.plan.compiler import Compiler
from sequela.engine.plan.intervals import Measured, interval_compares, interval_is
from sequela.engine.plan.logic import (
    FALSE,
    NOT_COVERED,
    TRUE,
    UNCHECKED,
    UNKNOWN,
    Context,
    Frame,
    Step,
    all_of,
    any_of,
    kleene,
    negated,
)
from sequela.engine.plan.members import same_member
from sequela.engine.plan.quantifiers import compile_call, compile_quantified
from sequela.engine.plan.sets import list_contains, member_answer
from sequela.engine.syntax.comparisons import DateOrder, Order
from sequela.engine.tables.model import MatchState
from sequela.engine.vocabulary.absent import NONE

_ORDERS: Final[dict[Order | DateOrder, Callable[[Any, Any], bool]]] = {
    Order.AT_MOST: operator.le,
    Order.AT_LEAST: operator.ge,
    Order.MORE_THAN: operator.gt,
    Order.LESS_THAN: operator.lt,
    DateOrder.BEFORE: operator.lt,
    DateOrder.AFTER: operator.gt,
    DateOrder.ON_OR_BEFORE: operator.le,
    DateOrder.ON_OR_AFTER: operator.ge,
}


def compile_condition(condition: Condition, compiler: Compiler) -> Step:
    """The step that decides a condition."""
    match condition:
        case AllOf(parts=parts):
            return all_of([compile_condition(part, compiler) for part in parts])
        case AnyOf(parts=parts):
            return any_of([compile_condition(part, compiler) for part in parts])
        case Negated(part=part):
            return negated(compile_condition(part, compiler))
        case Is():
            return _is(condition, compiler)
        case InSet():
            return _in_set(condition, compiler)
        case Known():
            return _known(condition, compiler)
        case Compares() | DateCompares():
            return _compares(condition, compiler)
        case IsWithin():
            return _is_within(condition, compiler)
        case HasModifier():
            return _has_modifier(condition, compiler)
        case IsPayable(line=line):
            return _is_payable(line.slot)
        case ComesBefore():
            return _comes_before(condition)
        case Lists():
            return _lists(condition, compiler)
        case Quantified():
            return compile_quantified(condition, compiler)
        case Call():
            return compile_call(condition, compiler)
        case _:
            assert_never(condition)


def _unreadable(one: Any, other: Any) -> int:
    """UNCHECKED or UNKNOWN when a value is not there, else FALSE."""
    if one is None or other is None or one is NOT_COVERED or other is NOT_COVERED:
        return _open(one, other)
    return FALSE


def _open(one: Any, other: Any) -> int:
    """Why a comparison is open: UNCHECKED where either is so for want of a table, also where it lies between two ends."""
    for value in (one, other):
        if value is NOT_COVERED or (value.__class__ is Measured and value.doubt == UNCHECKED):
            return UNCHECKED
    return UNKNOWN


def _is(condition: Is, compiler: Compiler) -> Step:
    left, right = compiler.value(condition.left), compiler.value(condition.right)
    if isinstance(condition.left, Total | NumberOf) or isinstance(condition.right, Total | NumberOf):

        def is_interval(frame: Frame, context: Context) -> int:
            one, other = left(frame, context), right(frame, context)
            missing = _unreadable(one, other)
            if missing:
                return missing
            return FALSE if one is NONE or other is NONE else interval_is(one, other)

        return is_interval

    def is_equal(frame: Frame, context: Context) -> int:
        one, other = left(frame, context), right(frame, context)
        if one is None or other is None or one is NOT_COVERED or other is NOT_COVERED:
            return _unreadable(one, other)
        if one is NONE or other is NONE:
            return FALSE
        return TRUE if one == other else FALSE

    return is_equal


def _in_set(condition: InSet, compiler: Compiler) -> Step:
    left = compiler.value(condition.left)
    if isinstance(condition.within, SetDefinition):
        contains = compiler.set(condition.within)

        def in_set(frame: Frame, context: Context) -> int:
            code = left(frame, context)
            if code is NOT_COVERED:
                return UNCHECKED
            return member_answer(contains, code, context)

        return in_set
    listed = compiler.value(condition.within)

    def in_list(frame: Frame, context: Context) -> int:
        code, codes = left(frame, context), listed(frame, context)
        if code is NONE:
            return FALSE
        if code is None or code is NOT_COVERED:
            return UNCHECKED if code is NOT_COVERED or codes is NOT_COVERED else UNKNOWN
        return list_contains(codes, code)

    return in_list


def _known(condition: Known, compiler: Compiler) -> Step:
    value = compiler.value(condition.value)
    if isinstance(condition.value, Total | NumberOf):

        def settled(frame: Frame, context: Context) -> int:
            return FALSE if value(frame, context).__class__ is Measured else TRUE

        return settled

    def known(frame: Frame, context: Context) -> int:
        found = value(frame, context)
        return FALSE if found is None or found is NONE or found is NOT_COVERED else TRUE

    parts = tuple(value_parts(condition.value))
    if not any(isinstance(part, Cell) for part in parts):
        return known
    leaves = [(compiler.value(part), part.binding.slot if isinstance(part, Cell) else None) for part in parts]

    def known_in_row(frame: Frame, context: Context) -> int:
        answer = TRUE
        for read, slot in leaves:
            row = None if slot is None else frame[slot]
            if row.__class__ is UnknownRow:
                answer = UNCHECKED if row is UnknownRow.NOT_COVERED or answer == UNCHECKED else UNKNOWN
            else:
                found = read(frame, context)
                if found is None or found is NONE or found is NOT_COVERED or found.__class__ is Measured:
                    return FALSE
        return answer

    return known_in_row


def _compares(condition: Compares | DateCompares, compiler: Compiler) -> Step:
    left, right = compiler.value(condition.left), compiler.value(condition.right)
    order = condition.order
    if isinstance(order, Order) and (
        isinstance(condition.left, Total | NumberOf) or isinstance(condition.right, Total | NumberOf)
    ):
        by = order

        def compares_interval(frame: Frame, context: Context) -> int:
            one, other = left(frame, context), right(frame, context)
            missing = _unreadable(one, other)
            if missing:
                return missing
            return _open(one, other) if one is NONE or other is NONE else interval_compares(one, by, other)

        return compares_interval
    test = _ORDERS[order]

    def compares(frame: Frame, context: Context) -> int:
        one, other = left(frame, context), right(frame, context)
        if one is None or other is None or one is NOT_COVERED or other is NOT_COVERED:
            return _unreadable(one, other)
        if one is NONE or other is NONE:
            return UNKNOWN
        return TRUE if test(one, other) else FALSE

    return compares


def _is_within(condition: IsWithin, compiler: Compiler) -> Step:
    left, right = compiler.value(condition.left), compiler.value(condition.right)
    amount, unit, relation = condition.amount, condition.unit, condition.relation

    def is_within(frame: Frame, context: Context) -> int:
        one, other = left(frame, context), right(frame, context)
        if one is None or other is None or one is NOT_COVERED or other is NOT_COVERED:
            return _unreadable(one, other)
        if one is NONE or other is NONE:
            return UNKNOWN
        return kleene(within(one, amount, unit, relation, other))

    return is_within


def _has_modifier(condition: HasModifier, compiler: Compiler) -> Step:
    slot = condition.line.slot
    if condition.modifier is not None:
        wanted = compiler.value(condition.modifier)

        def has_modifier(frame: Frame, context: Context) -> int:
            line = frame[slot]
            if line.__class__ is not Member:
                return UNKNOWN
            code = wanted(frame, context)
            if code is None or code is NOT_COVERED:
                if not line.data.modifiers:
                    return FALSE
                return UNCHECKED if code is NOT_COVERED else UNKNOWN
            return TRUE if any(mark.code == code for mark in context.view.modifiers(line)) else FALSE

        return has_modifier
    use = condition.within
    if isinstance(use, SetDefinition):
        contains = compiler.set(use)

        def has_one_in(frame: Frame, context: Context) -> int:
            line = frame[slot]
            if line.__class__ is not Member:
                return UNKNOWN
            result = FALSE
            for mark in context.view.modifiers(line):
                one = member_answer(contains, mark.code, context)
                if one == TRUE:
                    return TRUE
                if one > result:
                    result = one
            return result

        return has_one_in
    assert use is not None
    listed = compiler.value(use)

    def has_one_listed(frame: Frame, context: Context) -> int:
        line = frame[slot]
        if line.__class__ is not Member:
            return UNKNOWN
        result = FALSE
        codes = listed(frame, context)
        for mark in context.view.modifiers(line):
            one = list_contains(codes, str(mark.code))
            if one == TRUE:
                return TRUE
            if one > result:
                result = one
        return result

    return has_one_listed


def _is_payable(slot: int) -> Step:
    def is_payable(frame: Frame, context: Context) -> int:
        line = frame[slot]
        if line.__class__ is not Member or context.payable is None:
            return UNKNOWN
        return context.payable(line)

    return is_payable


def _comes_before(condition: ComesBefore) -> Step:
    first, second = condition.first.slot, condition.second.slot

    def comes_before(frame: Frame, context: Context) -> int:
        one, other = frame[first], frame[second]
        if one.__class__ is not Member or other.__class__ is not Member:
            return UNKNOWN
        if one.parent is not other.parent and not same_member(one.parent, other.parent):
            return FALSE
        return TRUE if one.order < other.order else FALSE

    return comes_before


def _lists(condition: Lists, compiler: Compiler) -> Step:
    table = compiler.tables.get(condition.table.key)
    if table is None:
        return lambda frame, context: UNCHECKED
    loaded = table
    readers = tuple(compiler.key(key) for key in condition.keys)

    def lists(frame: Frame, context: Context) -> int:
        keys = [read(frame, context) for read in readers]
        unread = False
        for place, key in enumerate(keys):
            if key is NOT_COVERED:
                keys[place], unread = None, True
        matches = loaded.look_up(keys, context.date)
        if matches.state is MatchState.NOT_COVERED:
            return UNCHECKED
        if matches.state is MatchState.CERTAIN and matches.found is not None:
            return TRUE if matches.found else FALSE
        return UNCHECKED if unread else UNKNOWN

    return lists
