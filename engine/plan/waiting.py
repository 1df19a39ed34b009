"""Waiting: what an open verdict waits for, worked out by the compiled steps, as quickly as they decide.

In:   the verdicts of a claim, its view.                   Out: a `Search` for what the open ones wait for.
Uses: plan.needs, plan.needs_members, evaluate.missing.    Used by: explain.record.
Not here: verdicts whose date is not known, and those of groups that may hold a line: evaluate.missing says what they wait for.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from msgspec import Struct

from sequela.engine.encounter.view import View
from sequela.engine.evaluate.evidence import Gap, Scope
from sequela.engine.evaluate.facts_needed import BEYOND_FACTS, NO, YES, Needed, conjunction
from sequela.engine.evaluate.missing import Found, Search
from sequela.engine.evaluate.payments import consequences_of, counts_against_lines
from sequela.engine.evaluate.replay import Earlier, at_stake
from sequela.engine.evaluate.values import Logic, known
from sequela.engine.evaluate.verdict import Group, Verdict
from sequela.engine.evaluate.walk_conditions import settle
from sequela.engine.evaluate.walk_rule import rows_of
from sequela.engine.evaluate.walk_subjects import governing_date, pairing
from sequela.engine.evaluate.walk_verdicts import OPEN
from sequela.engine.model.rules import Consequence, ForMembers, LookUp, Requirement, RuleVersion
from sequela.engine.plan.compiler import Compiler
from sequela.engine.plan.intervals import Measured
from sequela.engine.plan.logic import FALSE, NOT_COVERED, TRUE, UNCHECKED, Context, Frame, Reader, kleene
from sequela.engine.plan.needs import Needs
from sequela.engine.plan.needs_asked import Asked, Asking, always, opposite, some
from sequela.engine.plan.needs_members import Belonging
from sequela.engine.plan.steps import Plan
from sequela.engine.tables.model import Row, Table


class _LookUp(Struct, frozen=True, eq=False):
    """A look-up with the readers of its keys and its date (None: the governing one)."""

    node: LookUp
    keys: tuple[Reader, ...]
    on: Reader | None


class _Version(Struct, frozen=True, eq=False):
    """Everything that a version asks, compiled."""

    node: RuleVersion
    binders: tuple[tuple[int, Belonging], ...]
    look_ups: tuple[_LookUp, ...]
    when: Asked | None
    unless: tuple[Asked, ...]
    requirements: tuple[Asked, ...]
    bypass: Asked | None


class Waiting:
    """What the open verdicts of one plan wait for; each version is compiled when it is first met."""

    def __init__(self, compiler: Compiler) -> None:
        self._compiler = compiler
        self._needs = Needs(compiler)
        self._versions: dict[int, _Version] = {}

    def search(self, verdicts: Sequence[Verdict], view: View) -> Search:
        """What finds what the open verdicts of a claim wait for; the plain evaluator is asked where it has to be."""
        earlier = Earlier(verdicts, self._at_stake)
        return Search(self._compiler.tables, view, earlier, self._found)

    def _found(self, verdict: Verdict, search: Search) -> Found | None:
        """What an open verdict waits for; None where the plain evaluator is to say."""
        version = self._version(verdict)
        if version is None:
            return None
        rule, view = verdict.rule, search.view
        frame, context = self._placed(version, verdict, view)
        context.payable = lambda line: _paid(search.payments(rule).payable(line))
        asking = Asking(_scope_of(verdict, frame, search), search.needed)
        needed = self._needed(version, frame, context, asking)
        return needed, tuple(asking.gaps), tuple(asking.doubts)

    def _version(self, verdict: Verdict) -> _Version | None:
        """The version that an open verdict rests on, compiled; None where there is not one for certain."""
        segment = verdict.segment
        if verdict.status not in OPEN or segment is None or not verdict.frame:
            return None
        if verdict.governing_date is None and not verdict.rule.covers_every_date:
            return None
        found = self._versions.get(id(segment.version))
        if found is None:
            found = self._versions[id(segment.version)] = self._compiled(segment.version)
        if any(group.possible for group in verdict.frame if group.__class__ is Group):
            return None
        return found

    def _placed(self, version: _Version, verdict: Verdict, view: View) -> tuple[Frame, Context]:
        """What the slots of a verdict held, and the date by which it was decided."""
        context = Context(view)
        context.date = verdict.governing_date
        return [*verdict.frame, *[None] * (version.node.slots - len(verdict.frame))], context

    def _at_stake(self, verdict: Verdict, scope: Scope) -> tuple[Consequence, ...]:
        """The consequences that a verdict has or could have; see `evaluate.replay.at_stake`."""
        version = self._version(verdict)
        if version is None:
            return at_stake(verdict, scope)
        if not any(counts_against_lines(one) for one in consequences_of(verdict.rule)):
            return ()
        frame, context = self._placed(version, verdict, scope.view)
        context.payable = lambda line: _paid(scope.payments.payable(line))
        pairs = zip(version.node.requirements, version.requirements, strict=True)
        return tuple(
            requirement.consequence or version.node.consequence
            for requirement, asked in pairs
            if asked.step(frame, context) != TRUE
        )

    def _compiled(self, version: RuleVersion) -> _Version:
        compiler, asked = self._compiler, self._needs.asked
        subjects = version.subjects
        binders = subjects.binders if isinstance(subjects, ForMembers) else ()
        look_ups = sorted(version.look_ups, key=lambda one: one.late)  # the late ones are asked last
        return _Version(
            node=version,
            binders=tuple((one.binding.slot, Belonging(one, compiler)) for one in binders),
            look_ups=tuple(_look_up(one, compiler) for one in look_ups),
            when=asked(version.when.condition) if version.when is not None else None,
            unless=tuple(asked(one.condition) for one in version.unless),
            requirements=tuple(self._required(one) for one in version.requirements),
            bypass=asked(version.bypass.condition) if version.bypass is not None else None,
        )

    def _required(self, requirement: Requirement) -> Asked:
        if requirement.condition is None:
            found = always(FALSE)
        else:
            found = self._needs.asked(requirement.condition)
            if requirement.forbidden:
                found = opposite(found)
        if requirement.only_when is None:
            return found
        return some([opposite(self._needs.asked(requirement.only_when)), found])

    def _needed(self, version: _Version, frame: Frame, context: Context, asking: Asking) -> Needed:
        """The facts by which a verdict would be a failure, and those by which it would not.

        The tables are noted in the order in which a rule is read: what is required before the bypass. The slots hold again what
        they held after `when`, which leaves there what it met last, and not the witness.
        """
        held = tuple(frame)
        parts = [_exists(version, frame, context, asking)]
        parts.extend(_row(one, frame, context, asking, self._compiler.tables) for one in version.look_ups)
        if version.when is not None:
            parts.append(version.when.needed(frame, context, asking))
            frame[:] = held
        parts.extend(one.needed(frame, context, asking).opposite for one in version.unless)
        required = [one.needed(frame, context, asking) for one in version.requirements]
        holds = NO if any(one is NO for one in required) else conjunction(required)
        if version.bypass is not None and holds is not YES:
            parts.append(version.bypass.needed(frame, context, asking).opposite)
        return conjunction([*parts, holds.opposite])


def waiting_of(plan: Plan) -> Waiting:
    """What the open verdicts of a plan wait for; made when it is first asked for, and kept with what the plan compiled."""
    found: Waiting = plan.compiler.kept(plan.compiler, Waiting)
    return found


def _scope_of(verdict: Verdict, frame: Frame, search: Search) -> Callable[[], Scope]:
    def make() -> Scope:
        segment = verdict.segment
        assert segment is not None
        on, asks = governing_date(verdict.rule, segment.version.subjects, frame, search.view)
        return Scope(search.view, search.tables, search.payments(verdict.rule), on, asks)

    return make


def _paid(value: Logic) -> int:
    return UNCHECKED if value is NOT_COVERED else kleene(known(value))


def _look_up(one: LookUp, compiler: Compiler) -> _LookUp:
    on = compiler.value(one.on) if one.on is not None else None
    return _LookUp(one, tuple(compiler.key(key) for key in one.keys), on)


# ---------------------------------------------------------------- subjects and rows


def _exists(version: _Version, frame: Frame, context: Context, asking: Asking) -> Needed:
    """What would settle that the combination exists."""
    subjects = version.node.subjects
    if not isinstance(subjects, ForMembers):
        return YES
    if subjects.same_names and len(version.binders) > 1:
        return _plainly(version, frame, asking)
    found = [
        belonging.found(frame[slot], frame, context, asking, note=True).parts for slot, belonging in version.binders
    ]
    return conjunction([conjunction(parts) for parts in found])


def _plainly(version: _Version, frame: Frame, asking: Asking) -> Needed:
    return asking.of_evidence(pairing(version.node.subjects, list(frame), asking.scope))


def _row(one: _LookUp, frame: Frame, context: Context, asking: Asking, tables: Mapping[str, Table]) -> Needed:
    """What would settle that a row is there."""
    look_up = one.node
    if isinstance(frame[look_up.binding.slot], Row):
        return YES
    if look_up.table.key not in tables and one.on is None:
        keys = [read(frame, context) for read in one.keys]
        if not any(_is_open(key) for key in keys):
            asking.gaps[Gap(table=look_up.table.name, on=context.date, loaded=False)] = None
            return BEYOND_FACTS
    found = settle(rows_of(look_up, list(frame), asking.scope), asking.scope)
    return asking.of_evidence(found[0].evidence)


def _is_open(value: Any) -> bool:
    return value is None or value is NOT_COVERED or value.__class__ is Measured
