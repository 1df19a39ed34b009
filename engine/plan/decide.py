"""Deciding one rule version on one combination of subjects: look-ups, `when`, exceptions, requirements, bypass.

In:   a `VersionPlan` and a filled frame.      Out: `Decision`s, one for each combination of rows.
Uses: plan.logic, plan.steps, tables.model.    Used by: plan.run.
"""

from collections.abc import Sequence
from typing import Any, Final

from msgspec import Struct

from sequela.engine.encounter.view import Member
from sequela.engine.evaluate.verdict import Group, NotApplicable, Status, UnknownRow
from sequela.engine.model.rules import Consequence, Outcome
from sequela.engine.plan.logic import FALSE, NOT_COVERED, TRUE, UNCHECKED, UNKNOWN, Context, Frame, conjunction
from sequela.engine.plan.steps import LookUpPlan, VersionPlan
from sequela.engine.tables.model import MatchState, Table


class Decision(Struct, frozen=True, eq=False):
    """The status of one combination of subjects and rows, which stand in `frame`.

    `consequence` is the one of the failure, else the rule's own; `at_stake` are those that a failure has or could have.
    """

    status: Status
    reason: NotApplicable | None = None
    frame: tuple[Any, ...] = ()
    consequence: Consequence | None = None
    at_stake: tuple[Consequence, ...] = ()
    agreed: tuple[Outcome | None, tuple[str, ...]] | None = None  # outcome and about, where several segments agree


_NO_ROW = Decision(Status.NOT_APPLICABLE, NotApplicable.NO_ROW)
_WHEN = Decision(Status.NOT_APPLICABLE, NotApplicable.WHEN)
_UNLESS = Decision(Status.NOT_APPLICABLE, NotApplicable.UNLESS)


def decide(version: VersionPlan, frame: Frame, context: Context, exists: int) -> list[Decision]:
    """The decisions of a version on the combination in `frame`, which exists with certainty, or perhaps (`exists`)."""
    if not version.look_ups:
        return _with_rows(version, frame, context, exists)
    rows = _look_up(version.look_ups, frame, context)
    if rows is None:
        return [_NO_ROW]
    decisions: list[Decision] = []
    for combination, found in rows:
        for plan, row in zip(version.look_ups, combination, strict=True):
            frame[plan.binding.slot] = row
        decisions.extend(_with_rows(version, frame, context, conjunction(exists, found)))
    return decisions


def _with_rows(version: VersionPlan, frame: Frame, context: Context, applies: int) -> list[Decision]:
    if version.when is not None:
        met = version.when(frame, context)
        if met == FALSE:
            return [_WHEN]
        applies = conjunction(applies, met)
        for witness in version.witnesses:
            _find_witness(witness, frame, context)
    if not version.late_look_ups:
        return [_judge(version, frame, context, applies)]
    rows = _look_up(version.late_look_ups, frame, context)
    if rows is None:
        return [_NO_ROW]
    decisions: list[Decision] = []
    for combination, found in rows:
        for plan, row in zip(version.late_look_ups, combination, strict=True):
            frame[plan.binding.slot] = row
        decisions.append(_judge(version, frame, context, conjunction(applies, found)))
    return decisions


def _find_witness(witness: Any, frame: Frame, context: Context) -> None:
    found = None
    for member, belongs in witness.members(frame, context):
        if belongs != TRUE:
            continue
        frame[witness.slot] = member
        if witness.where is None or witness.where(frame, context) == TRUE:
            found = member
            break
    frame[witness.slot] = found


def _judge(version: VersionPlan, frame: Frame, context: Context, applies: int) -> Decision:
    if version.unless is not None:
        excepted = version.unless(frame, context)
        if excepted == TRUE:
            return _UNLESS
        if excepted > applies:
            applies = excepted
    holds = TRUE
    failing: list[Consequence] = []
    broken: Consequence | None = None
    for requirement in version.requirements:
        one = requirement.holds(frame, context)
        if one == TRUE:
            continue
        failing.append(requirement.consequence)
        if one == FALSE and (broken is None or _weight(requirement.consequence, version) < _weight(broken, version)):
            broken = requirement.consequence
        holds = conjunction(holds, one)
    if holds == TRUE:
        return Decision(Status.PASS, None, tuple(frame), version.consequence)
    bypass = FALSE if version.bypass is None else version.bypass(frame, context)
    if bypass == TRUE:
        status = Status.BYPASSED if applies == TRUE and holds == FALSE else Status.PASS
        return Decision(status, None, tuple(frame), version.consequence)
    if applies == TRUE and holds == FALSE and bypass == FALSE:
        return Decision(Status.FAIL, None, tuple(frame), broken, (broken,) if broken else ())
    unchecked = applies == UNCHECKED or holds == UNCHECKED or bypass == UNCHECKED
    return Decision(
        Status.NOT_CHECKED if unchecked else Status.UNKNOWN, None, tuple(frame), version.consequence, tuple(failing)
    )


def _weight(consequence: Consequence, version: VersionPlan) -> tuple[int, bool]:
    """The strongest outcome first, the rule's own first among equals."""
    return consequence.outcome.place, consequence is not version.consequence


def _look_up(plans: Sequence[LookUpPlan], frame: Frame, context: Context) -> list[tuple[tuple[Any, ...], int]] | None:
    """Every combination of rows with how surely it is there; None when a table certainly has no row.

    A later look-up may read the row of an earlier one, so each is asked once for every row found before it.
    """
    found: list[tuple[tuple[Any, ...], int]] = [((), TRUE)]
    for plan in plans:
        grown: list[tuple[tuple[Any, ...], int]] = []
        for before, sure in found:
            for earlier, row in zip(plans, before, strict=False):
                frame[earlier.binding.slot] = row
            rows, there = _rows(plan, frame, context)
            grown.extend(((*before, row), conjunction(sure, there)) for row in rows)
        if not grown:
            return None
        found = grown
    return found


_POSSIBLE = ((UnknownRow.POSSIBLE,), UNKNOWN)
_UNCOVERED = ((UnknownRow.NOT_COVERED,), UNCHECKED)


MOST_REMEMBERED: Final = 8_192
"""Answers of a table that are kept for one look-up."""


def _rows(plan: LookUpPlan, frame: Frame, context: Context) -> tuple[Sequence[Any], int]:
    """The rows that a look-up finds, and how surely they are there; remembered: claims look up the same again and again."""
    table = plan.table
    if table is None:
        return _UNCOVERED
    on = context.date if plan.on is None else plan.on(frame, context)
    keys = [read(frame, context) for read in plan.keys]
    asked = (on, *keys)
    found = plan.known.get(asked)
    if found is None:
        if len(plan.known) >= MOST_REMEMBERED:
            plan.known.clear()
        found = plan.known[asked] = _asked(table, on, keys)
    return found


def _asked(table: Table, on: Any, keys: list[Any]) -> tuple[Sequence[Any], int]:
    unread = on is NOT_COVERED
    if unread:
        on = None
    for place, key in enumerate(keys):
        if key is NOT_COVERED:
            keys[place], unread = None, True
    matches = table.look_up(keys, on if on else None)
    state = matches.state
    if state is MatchState.CERTAIN:
        if matches.rows:
            return matches.rows, TRUE
        if matches.found is False:
            return (), FALSE
    elif state is MatchState.NOT_COVERED:
        return _UNCOVERED
    return ((UnknownRow.POSSIBLE,), UNCHECKED) if unread else _POSSIBLE


def about_pointers(consequence: Consequence, frame: Sequence[Any], possible: bool) -> tuple[str, ...]:
    """The pointers of what a consequence is about; with `possible`, also lines that a group perhaps holds; `""` is the claim."""
    pointers: list[str] = []
    for binding in consequence.about:
        bound = frame[binding.slot]
        if bound.__class__ is Member:
            pointers.append(bound.pointer)
        elif bound.__class__ is Group:
            lines = [*bound.lines, *bound.possible] if possible else bound.lines
            pointers.extend(line.pointer for line in sorted(lines, key=lambda line: line.index))
    return tuple(dict.fromkeys(pointers)) or ("",)


def strikes_lines(outcome: Outcome) -> bool:
    """Whether a failure of this outcome makes the lines that it is about not payable."""
    return outcome is Outcome.DENY or outcome is Outcome.REJECT
