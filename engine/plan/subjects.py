"""Compiled subjects: every combination that `for` binds, with how surely it exists.

In:   `Subjects` of a rule version.                Out: functions that fill frames.
Uses: model.rules, plan.members, evaluate.groups.  Used by: plan.build.
"""

from collections.abc import Callable, Iterator
from typing import Any, assert_never

from msgspec.structs import replace

from sequela.engine.encounter.fields import field_of
from sequela.engine.encounter.view import Member
from sequela.engine.evaluate.groups import groups_of
from sequela.engine.model.nodes import Binding, SetDefinition, is_list
from sequela.engine.model.rules import Binder, ForClaim, ForFirstDiagnosis, ForGroups, ForMembers, Subjects
from sequela.engine.plan.compiler import Compiler
from sequela.engine.plan.logic import FALSE, TRUE, UNKNOWN, Context, Frame, Reader, conjunction
from sequela.engine.plan.members import Members
from sequela.engine.plan.narrowing import Alike
from sequela.engine.plan.sets import Membership
from sequela.engine.vocabulary.absent import NONE

Combinations = Callable[[Frame, Context], Iterator[int]]
"""Fills the slots of a frame with one combination after the other and yields how surely it exists: never FALSE."""


def bindings_of(subjects: Subjects) -> tuple[Binding, ...]:
    """What `for` binds, in order."""
    match subjects:
        case ForMembers(binders=binders):
            return tuple(binder.binding for binder in binders)
        case ForGroups(binding=binding) | ForFirstDiagnosis(binding=binding):
            return (binding,)
        case ForClaim():
            return ()
        case _:
            assert_never(subjects)


def compile_subjects(subjects: Subjects, compiler: Compiler) -> Combinations:
    """A function that enumerates the combinations of a rule's subjects."""
    match subjects:
        case ForMembers():
            return _members(subjects, compiler)
        case ForGroups(binding=binding):
            return _groups(binding)
        case ForFirstDiagnosis(binding=binding):
            return _first_diagnosis(binding.slot)
        case ForClaim():
            return _claim
        case _:
            assert_never(subjects)


def _claim(frame: Frame, context: Context) -> Iterator[int]:
    yield TRUE


def _first_diagnosis(slot: int) -> Combinations:
    def first(frame: Frame, context: Context) -> Iterator[int]:
        found = context.view.diagnoses()
        if found:
            frame[slot] = found[0]
            yield TRUE

    return first


def _groups(binding: Binding) -> Combinations:
    slot, by = binding.slot, binding.by

    def groups(frame: Frame, context: Context) -> Iterator[int]:
        for group in groups_of(context.view.lines(), by):
            frame[slot] = group
            yield TRUE

    return groups


def _members(subjects: ForMembers, compiler: Compiler) -> Combinations:
    binders = subjects.binders
    undated = tuple(replace(one, within=None) if asks_date(one) else one for one in binders)
    first, others = undated[0], undated[1:]
    lists = (compiler.members(first), *(compiler.members(one, _alike_to(first, one, subjects)) for one in others))
    slots = tuple(binder.binding.slot for binder in binders)
    if len(binders) == 1:
        return _single(lists[0], slots[0])
    readers = tuple(_same_readers(binder, subjects.same_names) for binder in binders)
    last = len(binders) - 1

    def descend(
        at: int, known: int, bound: tuple[tuple[Any, ...], ...], frame: Frame, context: Context
    ) -> Iterator[int]:
        slot, read = slots[at], readers[at]
        for member, belongs in lists[at](frame, context):
            sure = conjunction(known, belongs)
            facts: tuple[Any, ...] = ()
            if read:
                facts = tuple(one(member) for one in read) if member.__class__ is Member else (None,) * len(read)
                for others in bound:
                    sure = conjunction(sure, _alike(facts, others))
                    if sure == FALSE:
                        break
                if sure == FALSE:
                    continue
            frame[slot] = member
            if at == last:
                yield sure
            else:
                yield from descend(at + 1, sure, (*bound, facts), frame, context)

    def combinations(frame: Frame, context: Context) -> Iterator[int]:
        return descend(0, TRUE, (), frame, context)

    return combinations


def _alike_to(first: Binder, other: Binder, subjects: ForMembers) -> Alike | None:
    """What `with the same` asks of a binder, compared with the first one."""
    fields = [field_of(binder.kind, name) for binder in (first, other) for name in subjects.same_names]
    if not fields or any(one is None or is_list(one.type) for one in fields):
        return None
    mine, theirs = _same_readers(other, subjects.same_names), _same_readers(first, subjects.same_names)
    return Alike(mine, tuple(_of_slot(first.binding.slot, read) for read in theirs))


def _of_slot(slot: int, read: Callable[[Member], Any]) -> Reader:
    def read_slot(frame: Frame, context: Context) -> Any:
        member = frame[slot]
        return read(member) if member.__class__ is Member else None

    return read_slot


def asks_date(binder: Binder) -> bool:
    """Whether what `in SET` asks of a binder can depend on the governing date, which may depend on what is bound."""
    return isinstance(binder.within, SetDefinition) and not binder.within.is_text_only


def dated_sets(subjects: Subjects, compiler: Compiler) -> tuple[tuple[int, Membership], ...]:
    """The slots whose members have to be asked for their set once the governing date is known."""
    if not isinstance(subjects, ForMembers):
        return ()
    return tuple(
        (one.binding.slot, compiler.set(one.within))
        for one in subjects.binders
        if asks_date(one) and isinstance(one.within, SetDefinition)
    )


def _single(members: Members, slot: int) -> Combinations:
    def each(frame: Frame, context: Context) -> Iterator[int]:
        for member, belongs in members(frame, context):
            frame[slot] = member
            yield belongs

    return each


def _same_readers(binder: Binder, names: tuple[str, ...]) -> tuple[Callable[[Member], Any], ...]:
    found = [field_of(binder.kind, name) for name in names]
    return tuple(one.read for one in found if one is not None)


def _alike(one: tuple[Any, ...], other: tuple[Any, ...]) -> int:
    result = TRUE
    for left, right in zip(one, other, strict=True):
        if left is None or right is None:
            result = UNKNOWN
        elif left is NONE or right is NONE or left != right:
            return FALSE
    return result
