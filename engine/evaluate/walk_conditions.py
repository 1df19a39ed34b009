"""Walk, conditions: what each phrase of the language says of a claim, plainly, with the evidence for it.

In:   a condition of the model, a frame.              Out: `Evidence`.
Uses: evidence, collections, walk_sets, walk_values, operations.    Used by: walk_subjects, walk_rule, trace.
Not here: what a comparison means (operations); which members a quantifier meets (collections).
"""

from collections.abc import Generator
from typing import Any, assert_never

from sequela.engine.encounter.view import Member
from sequela.engine.evaluate.collections import candidates, judge_member
from sequela.engine.evaluate.evidence import (
    Answer,
    Ask,
    Decider,
    Evidence,
    Gap,
    InDeclaredSet,
    Joint,
    MemberEvidence,
    Reading,
    Scope,
    Seen,
    Steps,
    every,
    leaf,
    negation,
    no_row_decider,
    row_decider,
    some,
)
from sequela.engine.evaluate.facts import read_code
from sequela.engine.evaluate.operations import compare, compare_dates, equal, is_known, within
from sequela.engine.evaluate.quantity import decides, enough, of_members
from sequela.engine.evaluate.values import NOT_COVERED, Logic, because
from sequela.engine.evaluate.verdict import Bound, UnknownRow
from sequela.engine.evaluate.walk_sets import in_use, judge_set
from sequela.engine.evaluate.walk_values import read
from sequela.engine.model import nodes
from sequela.engine.model.nodes import Condition, Node, Value
from sequela.engine.model.value_parts import value_parts
from sequela.engine.tables.model import MatchState
from sequela.engine.vocabulary.kinds import CodesOf, Kind
from sequela.engine.vocabulary.systems import System

Frame = list[Bound]


def settle(work: Generator[Ask, Evidence, Answer], scope: Scope) -> Answer:
    """Run `work` to its answer: whatever it asks is judged, and whatever that asks, to any depth.

    What waits for an answer waits on a list, not on Python's own stack, so that no condition is nested too deep.
    """
    waiting: list[Generator[Ask, Evidence, Any]] = []
    current: Generator[Ask, Evidence, Any] = work
    answer: Any = None
    while True:
        try:
            asked = current.send(answer)
        except StopIteration as done:
            answer = done.value
            if not waiting:
                result: Answer = answer
                return result
            current = waiting.pop()
        else:
            answer = _remembered(asked, scope)
            if answer is None:
                waiting.append(current)
                current = _work(asked, scope)


def _remembered(asked: Ask, scope: Scope) -> Evidence | None:
    what = asked.what
    return scope.in_sets.get((id(what.definition), what.code, scope.on)) if isinstance(what, InDeclaredSet) else None


def _work(asked: Ask, scope: Scope) -> Steps[Evidence]:
    if not isinstance(asked.what, InDeclaredSet):
        return (yield from judge(asked.what, asked.frame, scope))
    found = yield from judge_set(asked.what, scope)
    scope.in_sets[id(asked.what.definition), asked.what.code, scope.on] = found
    return found


def judge(condition: Condition, frame: Frame, scope: Scope) -> Steps[Evidence]:
    """The evidence for a condition on a frame."""
    match condition:
        case nodes.AllOf(parts=parts):
            return every("all", condition, (yield from _parts(parts, False, frame, scope)))
        case nodes.AnyOf(parts=parts):
            return some("any", condition, (yield from _parts(parts, True, frame, scope)))
        case nodes.Negated(part=part):
            return negation("not", condition, (yield Ask(part, frame)))
        case nodes.Is(left=left, right=right):
            return (yield from _compared("is", condition, left, right, equal, frame, scope))
        case nodes.Compares(left=left, order=order, right=right):
            return (yield from _compared(order.value, condition, left, right, _by(compare, order), frame, scope))
        case nodes.DateCompares(left=left, order=by, right=right):
            return (yield from _compared(by.value, condition, left, right, _by(compare_dates, by), frame, scope))
        case nodes.IsWithin(left=left, right=right):
            return (yield from _compared("within", condition, left, right, _near(condition), frame, scope))
        case nodes.Known():
            return (yield from _known(condition, frame, scope))
        case nodes.InSet():
            return (yield from _in_set(condition, frame, scope))
        case nodes.HasModifier():
            return (yield from _has_modifier(condition, frame, scope))
        case nodes.IsPayable():
            return _is_payable(condition, frame, scope)
        case nodes.ComesBefore():
            return _comes_before(condition, frame)
        case nodes.Lists():
            return (yield from _lists(condition, frame, scope))
        case nodes.Quantified():
            return (yield from _quantified(condition, frame, scope))
        case nodes.Call():
            return (yield from _call(condition, frame, scope))
        case _:
            assert_never(condition)


def _parts(parts: tuple[Condition, ...], deciding: bool, frame: Frame, scope: Scope) -> Steps[list[Evidence]]:
    """Each part in turn; the rest is left once one decides, unless the evidence is to be whole."""
    found: list[Evidence] = []
    for part in parts:
        found.append((yield Ask(part, frame)))
        if found[-1].value is deciding and not scope.thorough:
            break
    return found


# ---------------------------------------------------------------- predicates on values


def _known(condition: nodes.Known, frame: Frame, scope: Scope) -> Steps[Evidence]:
    """A fact that was not sent is missing; of a row that cannot be told it cannot be told whether its cell is empty."""
    found = yield from read(condition.value, frame, scope)
    answer: Logic = is_known(found.plain)
    if answer is False:
        missing: list[UnknownRow] = []
        for part in value_parts(condition.value):
            row = frame[part.binding.slot] if isinstance(part, nodes.Cell) else None
            if isinstance(row, UnknownRow):
                missing.append(row)
            elif not is_known((yield from read(part, frame, scope)).plain):
                break
        else:
            answer = because(None, uncovered=UnknownRow.NOT_COVERED in missing) if missing else False
    return leaf("known", condition, answer, seen=found.seen)


def _by(operation: Any, order: Any) -> Any:
    return lambda left, right: operation(left, order, right)


def _near(condition: nodes.IsWithin) -> Any:
    amount, unit, relation = condition.amount, condition.unit, condition.relation
    return lambda left, right: within(left, amount, unit, relation, right)


def _compared(
    kind: str, node: Node, left: Value, right: Value, operation: Any, frame: Frame, scope: Scope
) -> Steps[Evidence]:
    one = yield from read(left, frame, scope)
    other = yield from read(right, frame, scope)
    answer = because(operation(one.plain, other.plain), uncovered=one.uncovered or other.uncovered)
    return leaf(kind, node, answer, seen=(*one.seen, *other.seen), readings=(one, other), test=operation)


def _in_set(condition: nodes.InSet, frame: Frame, scope: Scope) -> Steps[Evidence]:
    found = yield from read(condition.left, frame, scope)
    code = found.seen[0] if found.seen else Seen(condition.left.span.text, None, found.value)
    if code.value is not found.value:  # characters of a code, or a constant
        code = Seen(condition.left.span.text, code.bound, found.value, condition.left.type, asks=code.asks)
    return (yield from in_use(condition, code, condition.within, frame, scope))


def _has_modifier(condition: nodes.HasModifier, frame: Frame, scope: Scope) -> Steps[Evidence]:
    line, name = frame[condition.line.slot], condition.line.name
    kind, label = "has modifier", f"modifiers of {name}"
    if not isinstance(line, Member):
        return leaf(kind, condition, None, seen=(Seen(label, line, None),))
    marks = scope.view.modifiers(line)
    codes = tuple(str(mark.code) for mark in marks)
    sent = Seen(label, line, codes, CodesOf(System.MODIFIER), pointer=f"{line.pointer}/modifiers")
    parts: list[Evidence] = []
    if condition.modifier is not None:
        wanted = yield from read(condition.modifier, frame, scope)
        for mark in marks:
            answer = because(equal(mark.code, wanted.plain), uncovered=wanted.uncovered)
            parts.append(leaf("is", None, answer, seen=wanted.seen, bound=mark))
        return some(kind, condition, parts, seen=(sent, *wanted.seen))
    assert condition.within is not None
    for mark in marks:
        code = read_code(mark.view.label(mark), Kind.MODIFIER, mark, scope)
        parts.append((yield from in_use(condition, code, condition.within, frame, scope)))
    deciders = next((part.deciders for part in parts if part.value is True), ())
    return some(kind, condition, parts, seen=(sent,), deciders=deciders)


def _is_payable(condition: nodes.IsPayable, frame: Frame, scope: Scope) -> Evidence:
    line = frame[condition.line.slot]
    if not isinstance(line, Member):
        return leaf("payable", condition, None)
    value = scope.payments.payable(line)
    if line.kind is not Kind.LINE:
        pointer = f"{line.pointer}/disposition"
        asks = (pointer,) if line.data.disposition is None else None
        said = Seen(f"{condition.line.name}.disposition", line, line.data.disposition, asks=asks, pointer=pointer)
        return leaf("payable", condition, value, seen=(said,))
    denial = scope.payments.denial(line)
    if denial is not None:
        return leaf("payable", condition, value, deciders=(Decider(kind="rule", name=denial.rule.id),), bound=line)
    doubts = scope.payments.doubts(line)
    rules = tuple(Decider(kind="rule", name=rule) for rule in dict.fromkeys(one.rule.id for one in doubts))
    return leaf("payable", condition, value, deciders=rules, doubts=doubts, bound=line)


def _comes_before(condition: nodes.ComesBefore, frame: Frame) -> Evidence:
    first, second = frame[condition.first.slot], frame[condition.second.slot]
    seen = (_place(condition.first.name, first), _place(condition.second.name, second))
    if not isinstance(first, Member) or not isinstance(second, Member):
        return leaf("comes before", condition, None, seen=seen)
    of_one_list = first.parent == second.parent
    return leaf("comes before", condition, of_one_list and first.order < second.order, seen=seen)


def _place(name: str, bound: Bound) -> Seen:
    if not isinstance(bound, Member):
        return Seen(f"place of {name}", bound, None)
    return Seen(f"place of {name}", bound, bound.order + 1, pointer=bound.pointer)


def _lists(condition: nodes.Lists, frame: Frame, scope: Scope) -> Steps[Evidence]:
    name = condition.table.name
    keys: list[Reading] = []
    for key in condition.keys:
        found = yield from read(key, frame, scope)
        keys.append(found)
    seen = tuple(one for key in keys for one in key.seen)
    table = scope.tables.get(condition.table.key)
    if table is None:
        gap = Gap(table=name, on=scope.on, loaded=False)
        return leaf("lists", condition, NOT_COVERED, seen=seen, gaps=(gap,))
    matches = table.look_up([key.key for key in keys], scope.on)  # type: ignore[misc]
    if matches.state is MatchState.NOT_COVERED:
        gap = Gap(table=name, on=scope.on, loaded=True)
        return leaf("lists", condition, NOT_COVERED, seen=seen, gaps=(gap,))
    value = because(matches.found, uncovered=any(key.uncovered for key in keys))
    asks = scope.on_asks if scope.on is None and table.asks_date and matches.state is MatchState.POSSIBLE else ()
    deciders = tuple(row_decider(name, row) for row in matches.rows)
    absent = not matches.rows and matches.state is MatchState.CERTAIN
    if absent:
        deciders = (no_row_decider(name, table, scope.on),)
    return leaf("lists", condition, value, seen=seen, deciders=deciders, asks=asks or None, beyond_facts=absent)


# ---------------------------------------------------------------- collections and names


def _quantified(condition: nodes.Quantified, frame: Frame, scope: Scope) -> Steps[Evidence]:
    over, quantifier, number = condition.over, condition.quantifier, condition.number
    met: list[MemberEvidence] = []
    deciding, needed = 0, enough(quantifier, number)
    for member in candidates(over, frame, scope.view):
        met.append((yield from judge_member(over, member, frame, scope)))
        deciding += decides(quantifier, met[-1])
        if deciding == needed and not scope.thorough:
            break
    frame[over.binding.slot] = None
    return Evidence(
        kind=quantifier.value,
        node=condition,
        value=of_members(quantifier, number, met),
        joint=Joint.MEMBERS,
        members=tuple(met),
        witness=next((one.member for one in met if one.value is True), None),
    )


def _call(condition: nodes.Call, frame: Frame, scope: Scope) -> Steps[Evidence]:
    definition = condition.condition
    inner: Frame = [None] * definition.slots
    inner[0], inner[1] = frame[0], frame[1]
    for parameter, argument in zip(definition.parameters, condition.arguments, strict=True):
        inner[parameter.slot] = frame[argument.slot]
    body = yield Ask(definition.body, inner)
    return Evidence(kind="call", node=condition, value=body.value, joint=Joint.SAME, parts=(body,))
