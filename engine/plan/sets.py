"""Compiled sets: is this code in that set, on the governing date?

In:   `SetDefinition`s and list values.    Out: functions from a code to a Kleene answer.
Uses: model.nodes, tables, plan.logic.     Used by: plan.predicates, plan.members, plan.index.
"""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any, Final

from sequela.engine.model.nodes import Condition, FromTableSet, SetDefinition
from sequela.engine.plan.asked import speaks_of_claim
from sequela.engine.plan.logic import FALSE, INVERSE, NOT_COVERED, TRUE, UNCHECKED, UNKNOWN, Context, Step, conjunction
from sequela.engine.tables.codes import TextSet
from sequela.engine.tables.model import MatchState, Table
from sequela.engine.vocabulary.absent import NONE, Nothing

Membership = Callable[[str, Context], int]
"""Whether a code in normal form, which is known, is in a set."""

MOST_REMEMBERED: Final = 65_536
"""Answers kept per set; claims hold fewer different codes than that, and a stream of made-up ones cannot fill the memory."""

MOST_OF_DAYS: Final = 16_384
"""Answers kept per set of a table, each of a code on a day."""

CompileStep = Callable[[Condition], Step]


def compile_set(definition: SetDefinition, tables: Mapping[str, Table], compile_step: CompileStep) -> Membership:
    """A function that answers for one set; text alone decides where it can, and is asked once per code."""
    if definition.is_text_only:
        return _remembering(definition)
    holds = _parts(definition.text, definition.others, definition.tables, tables, compile_step)
    except_holds = _parts(
        definition.except_text, definition.except_others, definition.except_tables, tables, compile_step
    )

    def contains(code: str, context: Context) -> int:
        result = _any(holds, code, context)
        if result == FALSE or not except_holds:
            return result
        return conjunction(result, INVERSE[_any(except_holds, code, context)])

    return contains


def text_contains(definition: SetDefinition, code: str) -> bool:
    """Whether a set that text alone decides holds a code in normal form."""
    return text_test(definition)(code)


def text_test(definition: SetDefinition) -> Callable[[str], bool]:
    """The test of a set that text alone decides; sets that name sets are asked from the inside out, to any depth."""
    ordered = inside_out(definition)
    if len(ordered) == 1:
        text, except_text = definition.text, definition.except_text
        if except_text is None:
            return text.contains
        return lambda code: text.contains(code) and not except_text.contains(code)

    def contains(code: str) -> bool:
        held: dict[int, bool] = {}
        for one in ordered:
            holds = one.text.contains(code) or any(held[id(other)] for other in one.others)
            excepted = (one.except_text is not None and one.except_text.contains(code)) or any(
                held[id(other)] for other in one.except_others
            )
            held[id(one)] = holds and not excepted
        return held[id(definition)]

    return contains


def inside_out(definition: SetDefinition) -> list[SetDefinition]:
    """A set and all that it names, each after those that it names itself."""
    ordered: dict[int, SetDefinition] = {}
    waiting: list[tuple[SetDefinition, bool]] = [(definition, False)]
    while waiting:
        one, ready = waiting.pop()
        if id(one) in ordered:
            continue
        if ready:
            ordered[id(one)] = one
            continue
        waiting.append((one, True))
        waiting.extend((other, False) for other in (*one.others, *one.except_others))
    return list(ordered.values())


def list_contains(value: Any, code: Any) -> int:
    """Whether a list of codes that a fact or a cell holds contains a known code; a range, as a cell can hold, is no code."""
    if code.__class__ is not str:
        return UNCHECKED if value is NOT_COVERED else UNKNOWN if value is None else FALSE
    if value is None:
        return UNKNOWN
    if value.__class__ is TextSet:
        return TRUE if value.contains(code) else FALSE
    if value is NONE:
        return FALSE
    if value.__class__ is tuple:
        return TRUE if code in value else FALSE
    return UNCHECKED


def _remembering(definition: SetDefinition) -> Membership:
    known: dict[str, int] = {}
    holds = text_test(definition)

    def contains(code: str, context: Context) -> int:
        found = known.get(code)
        if found is None:
            if len(known) >= MOST_REMEMBERED:
                known.clear()
            found = known[code] = TRUE if holds(code) else FALSE
        return found

    return contains


def _any(parts: tuple[Membership, ...], code: str, context: Context) -> int:
    result = FALSE
    for part in parts:
        one = part(code, context)
        if one == TRUE:
            return TRUE
        if one > result:
            result = one
    return result


def _parts(
    text: TextSet | None,
    others: tuple[SetDefinition, ...],
    from_tables: tuple[FromTableSet, ...],
    tables: Mapping[str, Table],
    compile_step: CompileStep,
) -> tuple[Membership, ...]:
    parts: list[Membership] = []
    if text is not None and text.entries:
        written = text

        def in_text(code: str, context: Context) -> int:
            return TRUE if written.contains(code) else FALSE

        parts.append(in_text)
    parts.extend(compile_set(other, tables, compile_step) for other in others)
    parts.extend(_from_table(one, tables, compile_step) for one in from_tables)
    return tuple(parts)


def _from_table(one: FromTableSet, tables: Mapping[str, Table], compile_step: CompileStep) -> Membership:
    table = tables.get(one.table.key)
    if table is None:
        return _unloaded
    where = compile_step(one.where) if one.where is not None else None
    column, slots, slot = one.column, one.slots, one.row.slot
    loaded = table

    def asked(code: str, context: Context) -> int:
        matches = loaded.key_rows(code, context.date, column)
        if matches.state is MatchState.NOT_COVERED:
            return UNCHECKED
        if matches.state is MatchState.POSSIBLE:
            return UNKNOWN
        if not matches.rows:
            return FALSE if matches.found is False else UNKNOWN
        if where is None:
            return TRUE
        frame: list[Any] = [None] * slots
        frame[0], frame[1] = context.view.claim, context.view.patient
        result = FALSE
        for row in matches.rows:
            frame[slot] = row
            found = where(frame, context)
            if found == TRUE:
                return TRUE
            if found > result:
                result = found
        return result

    return asked if one.where is not None and speaks_of_claim(one.where) else _by_day(asked)


def _by_day(asked: Membership) -> Membership:
    """The same, remembered for each code and day: claims ask again and again."""
    known: dict[tuple[str, date | None], int] = {}

    def contains(code: str, context: Context) -> int:
        key = code, context.date
        found = known.get(key)
        if found is None:
            if len(known) >= MOST_OF_DAYS:
                known.clear()
            found = known[key] = asked(code, context)
        return found

    return contains


def _unloaded(code: str, context: Context) -> int:
    return UNCHECKED


def member_answer(contains: Membership, code: str | Nothing | None, context: Context) -> int:
    """Whether a member with this main code is in a set: unknown without a code, no for none."""
    if code is None:
        return UNKNOWN
    return contains(code, context) if isinstance(code, str) else FALSE
