"""Sets: what a `codes` declaration holds, entry by entry.

In:   a set as written, and the sets and tables that it names.    Out: `SetDefinition`, or None with the reasons said.
Uses: scope, conditions, tables.codes, systems_written.    Used by: check (in an order in which named sets come first).
Not here: whether a code exists (catalogue_checks.py); which sets name each other in a circle (order.py).
"""

from functools import lru_cache
from typing import Final

from attrs import define, field

from sequela.engine.diagnostics.model import Label
from sequela.engine.diagnostics.suggest import listed
from sequela.engine.model import nodes
from sequela.engine.model.conditions import clause_condition, condition
from sequela.engine.model.names import DeclaredCodes, DeclaredTable
from sequela.engine.model.scope import Frame, Scope
from sequela.engine.model.systems_written import system_named
from sequela.engine.model.values import value
from sequela.engine.source import Span
from sequela.engine.syntax.conditions import (
    Called,
    Comes,
    Condition,
    HasModifier,
    HasModifierIn,
    IsPayable,
    NumberOf,
    Quantified,
    Total,
)
from sequela.engine.syntax.declarations import FromTable, Like, OtherSet, Range, SetEntry, ThisCode, Under
from sequela.engine.syntax.node import Node
from sequela.engine.tables.codes import (
    CodeRange,
    Entry,
    ExactCode,
    LikePattern,
    TextSet,
    UnderCode,
    entry_fault,
    like_pattern,
)
from sequela.engine.tables.faults import CellFault, FaultKind
from sequela.engine.tables.notation import dot_fault
from sequela.engine.vocabulary.kinds import Kind
from sequela.engine.vocabulary.systems import System, accepts, has_shape, normal

_CODES = {FaultKind.NOT_A_RANGE: "SEQ402", FaultKind.NOT_A_PATTERN: "SEQ403"}


MOST_REMEMBERED: Final = 65_536
"""Codes of which it is remembered that nothing is wrong with them: they stand in many sets."""


@define
class _Parts:
    """What one side of a set (its entries, or its exceptions) is made of."""

    text: list[Entry] = field(factory=list)
    others: list[nodes.SetDefinition] = field(factory=list)
    tables: list[nodes.FromTableSet] = field(factory=list)


def define_codes(declared: DeclaredCodes) -> None:
    """Fill in the definition of a declared set; where something is wrong with it, say so and leave it undefined."""
    node, findings = declared.node, declared.findings
    frame = Frame(findings, condition=condition, value=value)
    scope = Scope(frame, declared.home)
    system = system_named(node.system, findings)
    if system is not None:
        held, taken = _Parts(), _Parts()
        for parts, entries in ((held, node.entries), (taken, node.exceptions)):
            for entry in entries:
                _add(parts, entry, system, scope)
        if not frame.is_broken and not findings.has_errors:
            declared.definition = nodes.SetDefinition(
                span=node.name.span,
                name=node.name.text,
                system=system,
                text=TextSet(system, tuple(held.text)),
                others=tuple(held.others),
                tables=tuple(held.tables),
                except_others=tuple(taken.others),
                except_tables=tuple(taken.tables),
                except_text=TextSet(system, tuple(taken.text)) if taken.text else None,
            )
    declared.uses, declared.codes = frame.uses, frame.codes
    if declared.definition is None:
        declared.causes.update(frame.causes)
        if findings.has_errors or not frame.causes:
            declared.causes[declared] = None


def _add(parts: _Parts, written: SetEntry, system: System, scope: Scope) -> None:
    if isinstance(written, ThisCode):
        sound = _sound(system, written.code.text)
        if sound is not None:
            parts.text.append(sound)
            return
    match written:
        case OtherSet(name=name):
            capitals = normal(system, name.text)
            hint = f"A code is written in capitals: `{name.text.upper()}`." if has_shape(system, capitals) else None
            other = scope.declared(name.text, name.span, DeclaredCodes, hint)
            if other is not None and other.definition is not None and _same_system(system, other, name.span, scope):
                parts.others.append(other.definition)
        case FromTable():
            found = _from_table(written, system, scope)
            if found is not None:
                parts.tables.append(found)
        case _:
            entry = entry_of(written, system)
            fault = entry if isinstance(entry, CellFault) else entry_fault(entry)
            if fault is not None:
                message, hint = fault.message, fault.hint
                if fault.kind is FaultKind.NOT_A_CODE and isinstance(written, ThisCode | Under):
                    message = f"`{written.code.text}` is not a code of {system.value}."
                    near = scope.file.nearest_codes(system, normal(system, written.code.text))
                    if scope.file.find(written.code.text.lower()) is not None:
                        near = f"The name of a set is written in small letters: `{written.code.text.lower()}`."
                    hint = " ".join(part for part in (hint, near) if part)
                scope.error(_CODES.get(fault.kind, "SEQ401"), message, written.span, hint=hint)
            elif not isinstance(entry, CellFault):
                parts.text.append(entry)


@lru_cache(maxsize=MOST_REMEMBERED)
def _sound(system: System, text: str) -> ExactCode | None:
    """The entry that a code as written is; None where something is wrong with it."""
    if dot_fault(system, text) is not None:
        return None
    entry = ExactCode(normal(system, text), system)
    return entry if entry_fault(entry) is None else None


def entry_of(written: ThisCode | Under | Range | Like, system: System) -> Entry | CellFault:
    """An entry as written in the form that decides by text, or what is wrong with a pattern."""
    match written:
        case ThisCode(code=code):
            return dot_fault(system, code.text) or ExactCode(normal(system, code.text), system)
        case Under(code=code):
            return dot_fault(system, code.text) or UnderCode(normal(system, code.text), system)
        case Range(low=low, high=high):
            fault = dot_fault(system, low.text) or dot_fault(system, high.text)
            return fault or CodeRange(normal(system, low.text), normal(system, high.text), system)
        case Like(pattern=pattern):
            found: LikePattern | CellFault = like_pattern(system, pattern.value)
            return found


def _same_system(system: System, other: DeclaredCodes, span: Span, scope: Scope) -> bool:
    given = other.definition.system if other.definition is not None else system
    if accepts(system, given):
        return True
    scope.error(
        "SEQ304",
        f"`{other.name.text}` holds {given.value} codes, and this set {system.value} codes.",
        span,
        also=(Label(other.name.span, f"a set of {given.value} codes"),),
        hint=f"A set of {system.value} codes takes in only sets of {system.value} codes.",
    )
    return False


# ---------------------------------------------------------------- from a table


def _from_table(written: FromTable, system: System, scope: Scope) -> nodes.FromTableSet | None:
    declared = scope.declared(written.table.text, written.table.span, DeclaredTable)
    if declared is None or declared.definition is None:
        return None
    table = declared.definition
    key = table.shape.code_key(system)
    if key is None:
        systems = [name for name, kind in table.shape.columns if name in {one.name for one in table.shape.keys}]
        scope.error(
            "SEQ419",
            f"Table `{table.name}` has no key that is a code of {system.value}.",
            written.table.span,
            also=(Label(table.span, "the table"),),
            hint=f"Its keys are {listed(systems)}.",
        )
        return None
    frame = Frame(scope.findings, condition=condition, value=value)
    row = nodes.Binding(slot=frame.next_slot(), name=table.name, kind=Kind.ROW, table=table)
    inner = Scope(frame, scope.file, names={}, columns=table, row=row)
    where = None
    if written.where is not None and _asks_the_row(written.where, inner):
        where = clause_condition(written.where, inner)
    scope.frame.causes.update(frame.causes)
    scope.frame.uses.update(frame.uses)
    scope.frame.codes.extend(frame.codes)
    if frame.is_broken or (written.where is not None and where is None):
        scope.frame.is_broken = True
        return None
    return nodes.FromTableSet(span=written.span, table=table, column=key.name, where=where, row=row, slots=frame.slots)


def _asks_the_row(written: Condition, scope: Scope) -> bool:
    """Whether a set's `where` asks only about the columns of a row; says so where it asks about a claim."""
    asks = True
    waiting: list[object] = [written]
    while waiting:
        match waiting.pop():
            case (
                Quantified() | Called() | HasModifier() | HasModifierIn() | IsPayable() | Comes() | Total() | NumberOf()
            ) as of_a_claim:
                asks = False
                scope.error(
                    "SEQ331",
                    "A set is the same for every claim: its `where` asks about the columns of a row, no more.",
                    of_a_claim.span,
                    hint="A column stands as a bare word: `where billable is yes`.",
                )
            case tuple() as several:
                waiting.extend(reversed(several))
            case Node() as one:
                waiting.extend(getattr(one, name) for name in reversed(one.__struct_fields__))
            case _:
                continue
    return asks
