"""Record: everything that the check of one encounter knows, for whoever puts it into words.

In:   a view, the rules that ran, the tables, the verdicts.    Out: `Record`.
Uses: evaluate, plan, encounter, tables.                       Used by: every module of explain.
Not here: words (wording), the ledger's own questions (ledger).
"""

from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from typing import TypeVar, cast

from msgspec import Struct, field

from sequela.engine.encounter.view import View
from sequela.engine.evaluate.evidence import Scope
from sequela.engine.evaluate.missing import Search
from sequela.engine.evaluate.payments import Payments
from sequela.engine.evaluate.pieces import scope_of
from sequela.engine.evaluate.replay import Earlier, Replay, replay, replay_required
from sequela.engine.evaluate.trace import Trace
from sequela.engine.evaluate.tracing import traced
from sequela.engine.evaluate.verdict import Verdict
from sequela.engine.plan.asked import asks_payable
from sequela.engine.plan.steps import Plan
from sequela.engine.plan.waiting import waiting_of
from sequela.engine.tables.model import Table

Kept = TypeVar("Kept", Replay, Trace)


class Record(Struct, frozen=True, eq=False, kw_only=True, dict=True):
    """What was checked, by which rules and tables, and what came of it."""

    view: View
    plan: Plan
    tables: Mapping[str, Table]
    findings: Callable[[], Sequence[Verdict]]
    plainly: bool = False
    """Whether the plain evaluator is asked about everything: slower, and the same in the end."""

    _kept: dict[str, tuple[Verdict, Replay | Trace]] = field(default_factory=dict)
    """The last verdict that was judged again in each manner: who asks for a part of it asks for the next one, too."""

    def __repr__(self) -> str:
        return f"Record(view={self.view!r}, payer={self.plan.selection.payer!r})"

    def replayed(self, verdict: Verdict) -> Replay:
        """A verdict judged again by the plain evaluator, with the whole evidence."""
        return self._once(verdict, "whole", lambda: replay(verdict, self.tables, self.view, self.earlier))

    def required(self, verdict: Verdict) -> Replay:
        """The same, but only what a decided verdict requires, and not why its rule applies."""
        return self._once(verdict, "required", lambda: replay_required(verdict, self.tables, self.view, self.earlier))

    def traced(self, verdict: Verdict) -> Trace:
        """Why a verdict is as it is, as the evaluator tells it."""
        return self._once(verdict, "trace", lambda: traced(self.replayed(verdict)))

    def scope(self, verdict: Verdict) -> Scope | None:
        """In what a verdict was decided, for judging parts of it alone; None where all of it has to be judged again."""
        segment = verdict.segment
        if self.plainly or segment is None:
            return None
        payable = self.plan.compiler.kept(segment.version, asks_payable)
        payments = self.earlier.payments(verdict.rule, self.tables, self.view) if payable else Payments()
        return scope_of(verdict, self.tables, self.view, payments)

    def _once(self, verdict: Verdict, manner: str, make: Callable[[], Kept]) -> Kept:
        kept = self._kept.get(manner)
        if kept is not None and kept[0] is verdict:
            return cast("Kept", kept[1])
        made = make()
        self._kept[manner] = (verdict, made)
        return made

    @cached_property
    def earlier(self) -> Earlier:
        """What the verdicts say to those of later phases."""
        return self.search.earlier

    @cached_property
    def search(self) -> Search:
        """What finds the facts and tables that open verdicts wait for."""
        if self.plainly:
            return Search(self.tables, self.view, self.findings())
        return waiting_of(self.plan).search(self.findings(), self.view)
