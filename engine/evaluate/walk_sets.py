"""Walk, sets: whether a code is in a declared set, or in a list that a fact or a cell holds.

In:   a code that was read, a set.               Out: `Evidence`, with the entry, exception or row that decided.
Uses: evidence, facts, operations, tables.       Used by: collections, walk_conditions.
Not here: whether a text set contains a code (tables.codes); the conditions of `from TABLE where` (walk_conditions).
"""

from typing import Final

from sequela.engine.evaluate.evidence import (
    Ask,
    Decider,
    Evidence,
    Gap,
    InDeclaredSet,
    Joint,
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
from sequela.engine.evaluate.facts import read_one
from sequela.engine.evaluate.operations import in_list, in_text
from sequela.engine.evaluate.values import NOT_COVERED, because
from sequela.engine.evaluate.verdict import Bound
from sequela.engine.model.nodes import FromTableSet, Node, SetDefinition, SetUse
from sequela.engine.tables.codes import CodeRange, TextSet
from sequela.engine.tables.model import MatchState, Row
from sequela.engine.vocabulary.absent import NONE

Frame = list[Bound]
KIND: Final = "in set"


def in_use(node: Node, code: Seen, within: SetUse, frame: Frame, scope: Scope) -> Steps[Evidence]:
    """Whether the code that was read is in what stands after `in`; `node` is the words that ask it.

    An unknown code is unknown; none stands in no set.
    """
    value = code.value
    if not isinstance(within, SetDefinition):
        listed = read_one(within, frame, scope)
        return _in_listed(node, code, listed)
    if value is NONE or isinstance(value, CodeRange):
        return leaf(KIND, node, False, seen=(code,))
    if not isinstance(value, str):
        return leaf(KIND, node, because(None, uncovered=value is NOT_COVERED), seen=(code,))
    found = yield Ask(InDeclaredSet(within, value), frame)
    return Evidence(
        kind=KIND,
        node=node,
        value=found.value,
        joint=Joint.SAME,
        parts=(found,),
        seen=(code,),
        deciders=found.deciders,
    )


def _in_listed(node: Node, code: Seen, listed: Seen) -> Evidence:
    one, other = Reading(code.value, (code,)), Reading(listed.value, (listed,))
    answer = in_list(one.plain, other.plain)
    deciders: tuple[Decider, ...] = ()
    if isinstance(listed.value, TextSet) and isinstance(code.value, str):
        deciders = _written(listed.label, listed.value, code.value)
        if answer and isinstance(listed.bound, Row):
            deciders = (*deciders, row_decider(listed.bound.table.shape.name, listed.bound))
    value = because(answer, uncovered=one.uncovered or other.uncovered)
    return leaf(KIND, node, value, seen=(code, listed), deciders=deciders)


def judge_set(asked: InDeclaredSet, scope: Scope) -> Steps[Evidence]:
    """Whether a known code is in a declared set: some entry has it, and no exception."""
    definition, code = asked.definition, asked.code
    held: list[Evidence] = [_in_text(definition, definition.text, code)]
    for other in definition.others:
        found = yield Ask(InDeclaredSet(other, code), [])
        held.append(found)
    for table in definition.tables:
        found = yield from _in_table(definition, table, code, scope)
        held.append(found)
    holds = some("entries", definition, held)
    parts = [holds]
    if definition.except_text is not None or definition.except_others or definition.except_tables:
        taken: list[Evidence] = []
        if definition.except_text is not None:
            taken.append(_in_text(definition, definition.except_text, code))
        for other in definition.except_others:
            found = yield Ask(InDeclaredSet(other, code), [])
            taken.append(found)
        for table in definition.except_tables:
            found = yield from _in_table(definition, table, code, scope)
            taken.append(found)
        parts.append(negation("exceptions", definition, some("entries", definition, taken)))
    found = every("set", definition, parts)
    found.deciders = _deciders(definition, parts)
    return found


def _in_text(definition: SetDefinition, text: TextSet, code: str) -> Evidence:
    return leaf("text", definition, in_text(code, text), deciders=_written(definition.name, text, code))


def _written(name: str, text: TextSet, code: str) -> tuple[Decider, ...]:
    """The entry as written that holds a code, and the exception that takes it out again."""
    entry, exception = text.entry_of(code), text.exception_of(code)
    found = () if entry is None else (Decider(kind="entry", name=name, written=entry.written),)
    if entry is None or exception is None:
        return found
    return (*found, Decider(kind="exception", name=name, written=exception.written))


def _deciders(definition: SetDefinition, parts: list[Evidence]) -> tuple[Decider, ...]:
    """What decided: the first entry that holds the code and, where one does, the first exception that takes it out."""
    entries = next((one.deciders for one in parts[0].parts if one.value is True), ())
    if parts[0].value is not True:
        entries = tuple(decider for one in parts[0].parts for decider in one.deciders)
    if len(parts) == 1 or parts[1].value is True:
        return entries
    for one in parts[1].parts[0].parts:
        if one.value is True:
            name = definition.name
            excepted = tuple(Decider(kind="exception", name=name, written=_words(by)) for by in one.deciders[:1])
            return (*entries, *(excepted or (Decider(kind="exception", name=name),)))
    return entries


def _words(decider: Decider) -> str:
    return decider.written or decider.name


def _in_table(definition: SetDefinition, source: FromTableSet, code: str, scope: Scope) -> Steps[Evidence]:
    """Whether a row with that code is in the table on the governing date, of which the `where` holds."""
    name = source.table.name
    table = scope.tables.get(source.table.key)
    if table is None:
        return leaf("table", source, NOT_COVERED, gaps=(Gap(table=name, on=scope.on, loaded=False),))
    matches = table.key_rows(code, scope.on, source.column)
    if matches.state is MatchState.NOT_COVERED:
        return leaf("table", source, NOT_COVERED, gaps=(Gap(table=name, on=scope.on, loaded=True),))
    if matches.state is MatchState.POSSIBLE:
        return leaf("table", source, None, asks=scope.on_asks or None)
    if not matches.rows:
        absent = (no_row_decider(name, table, scope.on),)
        return leaf("table", source, matches.found, deciders=absent, beyond_facts=True)
    rows: list[Evidence] = []
    for row in matches.rows:
        decider = (row_decider(name, row),)
        if source.where is None:
            rows.append(leaf("row", source, True, deciders=decider, bound=row))
            continue
        frame: Frame = [None] * source.slots
        frame[0], frame[1], frame[source.row.slot] = scope.view.claim, scope.view.patient, row
        met = yield Ask(source.where, frame)
        rows.append(every("row", source, [met], deciders=decider, bound=row))
    found = some("table", source, rows)
    deciding = [one for one in rows if one.value is True][:1] or rows
    found.deciders = tuple(decider for one in deciding for decider in one.deciders)
    return found
