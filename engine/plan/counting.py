"""Counting: how many entries of each status a claim has, those that pass or do not apply too, without deciding them all again.

In:   a plan, a view, its records, what was found.    Out: how often each status stands in the whole ledger.
Uses: plan.steps, plan.run, plan.run_rule.            Used by: explain.ledger.
Not here: what the entries say (explain).

*Not applicable* is counted once per rule and reason. A rule of which no combination applied has one such entry, if there is but
one reason that it can have; one whose every combination applied has none. The others are run, to see which reasons there are.
"""

from collections import Counter
from collections.abc import Iterable
from datetime import date

from msgspec import Struct

from sequela.engine.encounter.view import View
from sequela.engine.evaluate.verdict import NotApplicable, Status
from sequela.engine.model.rules import DateBasis
from sequela.engine.plan.certain.dispatch import Records
from sequela.engine.plan.logic import Context
from sequela.engine.plan.run import Findings, reasons_met
from sequela.engine.plan.run_rule import bound_on
from sequela.engine.plan.steps import Plan

_STATUSES = (Status.PASS, Status.FAIL, Status.BYPASSED, Status.UNKNOWN, Status.NOT_CHECKED)
"""The statuses as records have them."""

Period = tuple[DateBasis, tuple[tuple[date | None, date | None, bool], ...]]
"""By what the governing date goes; of each segment the first day, the last, and whether the rule is not disabled then."""

_DAYS = {
    DateBasis.DISCHARGE: "discharged",
    DateBasis.ADMISSION: "admitted",
    DateBasis.STATEMENT: "statement_from",
    DateBasis.RECEIVED: "received",
}


class _Reasons(Struct, frozen=True, eq=False):
    """Why a rule may not apply, besides that there is no subject or that it is out of its period, disabled then.

    `most` is how many reasons there may be; `by_row` whether one row of a combination may apply and another not.
    """

    most: int
    by_row: bool
    period: Period


class Counting:
    """Counts the claims of one plan. What it knows of a rule it finds out when a claim first concerns the rule."""

    def __init__(self, plan: Plan) -> None:
        self._plan = plan
        self._reasons: dict[int, _Reasons] = {}
        self._simple: dict[Period, set[int]] = {}
        """By period the rules that have one reason at most."""

    def counted(self, view: View, records: Records, found: Findings) -> Counter[Status]:
        """How often each status stands in the whole ledger of a claim."""
        plan = self._plan
        concerned = set(plan.triggers[view.encounter.setting].concerned(view))
        tally = Counter(_STATUSES[record[1]] for record in records.records)
        tally.update(verdict.status for place, verdicts in found.parts if place in found.left for verdict in verdicts)
        applied: dict[int, set[tuple[int, ...]]] = {}
        for record in records.records:
            applied.setdefault(record[0], set()).add(record[2:])
        for place in concerned.difference(self._reasons):
            self._find_out(place)
        idle = len(plan.ids) - len(concerned)
        context, days = Context(view), _Days(view)
        rest = concerned - found.left
        quiet = rest.difference(applied)
        for period, places in tuple(self._simple.items()):  # another thread may add to it, and to a set in it
            idly = quiet & places
            if idly and days.are_within(period):
                idle += len(idly)
                rest -= idly
        for place in sorted(rest):
            idle += self._idle(place, applied.get(place), context, days)
        tally[Status.NOT_APPLICABLE] += idle
        return tally

    def _find_out(self, place: int) -> None:
        rule = self._plan.selection.rules[place]
        versions = [segment.version for segment in rule.segments]
        rows = any(one.look_ups for one in versions)
        clauses = any(one.when is not None for one in versions) + any(one.unless for one in versions)
        segments = tuple((one.first, one.last, one.disabled is None) for one in rule.segments)
        reasons = _Reasons(rows + clauses, rows and clauses > 0, (rule.date_basis, segments))
        self._reasons[place] = reasons
        if reasons.most <= 1:
            self._simple.setdefault(reasons.period, set()).add(place)

    def _idle(self, place: int, applied: set[tuple[int, ...]] | None, context: Context, days: "_Days") -> int:
        """For how many reasons a rule does not apply, which the written code decided; `applied`: where it does."""
        reasons = self._reasons[place]
        if applied is not None and not reasons.by_row and days.are_within(reasons.period):
            bound = bound_on(self._plan.rules[place], context) if reasons.most else len(applied)
            if bound == len(applied):
                return 0
            if reasons.most == 1 and bound is not None:
                return 1
        most = reasons.most if days.are_within(reasons.period) else len(NotApplicable)
        return reasons_met(self._plan.rules[place], context, most)


class _Days:
    """The days that can be the governing date of something on a claim, by what governs."""

    __slots__ = ("_ends", "_view")

    def __init__(self, view: View) -> None:
        self._view = view
        self._ends: dict[DateBasis, tuple[date, date] | None] = {}

    def are_within(self, period: Period) -> bool:
        """Whether one segment of a rule, in which it is not disabled, is in force on all of them."""
        basis, segments = period
        if len(segments) == 1 and segments[0] == (None, None, True):
            return True
        if basis not in self._ends:
            self._ends[basis] = _ends(self._found(basis))
        days = self._ends[basis]
        if days is None:
            return False
        first, last = days
        return any(
            enabled and (begins is None or begins <= first) and (ends is None or last <= ends)
            for begins, ends, enabled in segments
        )

    def _found(self, basis: DateBasis) -> Iterable[date | None]:
        encounter = self._view.encounter
        if basis in _DAYS:
            return (getattr(encounter, _DAYS[basis]),)
        return (self._view.default_date(), *(line.date for line in encounter.lines))


def _ends(found: Iterable[date | None]) -> tuple[date, date] | None:
    days = list(found)
    known = [day for day in days if day is not None]
    return (min(known), max(known)) if known and len(known) == len(days) else None


def counting_of(plan: Plan) -> Counting:
    """What counts the claims of a plan; kept with what the plan compiled."""
    found: Counting = plan.compiler.kept(plan, Counting)
    return found
