"""Steps: what a compiled rule is made of.

In:   nothing.               Out: `VersionPlan`, `SegmentPlan`, `RulePlan`, `Plan`.
Uses: model.rules, plan.logic, plan.asked.    Used by: plan.build, plan.index, plan.run.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any

from msgspec import Struct, field

from sequela.engine.evaluate.verdict import Verdict
from sequela.engine.model.nodes import Binding
from sequela.engine.model.rules import Consequence, Outcome, Rule, RuleSelection, Segment
from sequela.engine.plan.asked import asks_payable
from sequela.engine.plan.compiler import Compiler
from sequela.engine.plan.filing import Filed
from sequela.engine.plan.index import Triggers
from sequela.engine.plan.logic import Context, Frame, Reader, Step
from sequela.engine.plan.members import Members
from sequela.engine.plan.sets import Membership
from sequela.engine.plan.subjects import Combinations
from sequela.engine.tables.model import Table


class LookUpPlan(Struct, frozen=True, eq=False, kw_only=True):
    """A look-up: its slot, its table (None: not loaded), its keys and its date (None: the governing one).

    `known` is what was found so far, by the date and the keys.
    """

    binding: Binding
    table: Table | None
    complete: bool
    keys: tuple[Reader, ...]
    on: Reader | None
    known: dict[Any, tuple[Sequence[Any], int]] = field(default_factory=dict)


class WitnessPlan(Struct, frozen=True, eq=False, kw_only=True):
    """The first member that satisfies a `some` with certainty goes into `slot`."""

    slot: int
    members: Members
    where: Step | None


class RequirementPlan(Struct, frozen=True, eq=False, kw_only=True):
    """What must hold, and what follows when it does not."""

    holds: Step
    consequence: Consequence


class VersionPlan(Struct, frozen=True, eq=False, kw_only=True):
    """One rule version, compiled."""

    combinations: Combinations
    dated_sets: tuple[tuple[int, Membership], ...]
    """What `in SET` asks of bound members once the governing date is known."""
    bindings: tuple[Binding, ...]
    look_ups: tuple[LookUpPlan, ...]
    when: Step | None
    witnesses: tuple[WitnessPlan, ...]
    late_look_ups: tuple[LookUpPlan, ...]
    unless: Step | None
    requirements: tuple[RequirementPlan, ...]
    bypass: Step | None
    consequence: Consequence
    if_unknown: Outcome
    slots: int


class SegmentPlan(Struct, frozen=True, eq=False, kw_only=True):
    """A version on its dates, as ordinals (both included)."""

    segment: Segment
    first: int
    last: int
    version: VersionPlan
    disabled: bool


GoverningDate = Callable[[Frame, Context], date | None]


class RulePlan(Struct, frozen=True, eq=False, kw_only=True):
    """One rule, compiled. `place` is its place among the rules of the plan; `counts_against_lines` whether a failure can
    make a line not payable.
    """

    rule: Rule
    place: int
    governing_date: GoverningDate
    segments: tuple[SegmentPlan, ...]
    alike: tuple[tuple[SegmentPlan, ...], ...]
    """The segments by what their versions bind: mostly one group."""
    slots: int
    certain: bool  # one segment for every date: the governing date need not be known to pick it
    counts_against_lines: bool
    idle: Verdict  # no subject

    @property
    def asks_payable(self) -> bool:
        """Whether it asks if a line is payable; found by going through the whole rule."""
        return any(asks_payable(segment.version) for segment in self.rule.segments)


class Plan(Struct, frozen=True, eq=False, kw_only=True):
    """All rules of a selection, in phase order; `triggers` finds those that a claim's codes can concern.

    `rules`, `idle` and `triggers` are made part by part, when a claim first meets them.
    """

    selection: RuleSelection
    rules: Sequence[RulePlan]
    filed: Sequence[Filed]
    """Where each rule is filed."""
    triggers: Mapping[str, Triggers]
    """Per setting."""
    idle: Mapping[str, Sequence[Verdict]]
    """Per setting: the verdict of each rule that nothing on the claim triggers."""
    ids: tuple[str, ...]
    """The id of each rule."""
    phases: tuple[int, ...]
    """The phase (0 is the first) of each rule."""
    compiler: Compiler
    """What compiled the rules, for what else is compiled from them."""
