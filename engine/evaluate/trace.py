"""Trace: why a rule said what it said of one combination: a tree of plain data, from which every explanation is made.

In:   nothing.                  Out: `Trace`, `TraceNode`, `FactRead`, `SideRead`, `MemberTrace`.
Uses: model, evidence (`Decider`, `Gap`), verdict.          Used by: tracing, explain, cases.
Not here: how it is made (tracing); words (explain).

Nothing in it refers to the claim or to a table: pointers, labels and printed values only, so that it can be kept, sent
and written as JSON after the claim is gone. Spans and rules are those of the rule text.
"""

from datetime import date

from msgspec import Struct

from sequela.engine.evaluate.evidence import Decider, Gap
from sequela.engine.evaluate.verdict import NotApplicable, Status
from sequela.engine.model.rules import Change, Rule, Segment
from sequela.engine.source import Span


class FactRead(Struct, frozen=True, kw_only=True):
    """One fact that was read.

    `label` is what the language calls it (`visit.place`); `pointer` where it stands in the claim, or would stand; None
    for a column of a table, which has `table`, `file`, `release` and `row`. `state` is known, unknown or none; `value`
    is printed as people write it.
    """

    label: str
    value: str
    state: str
    pointer: str | None = None
    of: str | None = None  # what it is a fact of, as people call it: "line 2"
    table: str | None = None
    file: str | None = None
    release: str | None = None
    row: int | None = None


class CountedRead(Struct, frozen=True, kw_only=True):
    """One member of a total or a number: whether it counts for certain, and its amount (None: it counts one)."""

    label: str
    pointer: str | None
    certain: bool
    amount: FactRead | None = None


class SideRead(Struct, frozen=True, kw_only=True):
    """One side of a comparison: its value in print and its state; what it was read or counted from.

    `kind` is constant, fact, characters, days, months, years, full months, total, number or governing date.
    """

    kind: str
    value: str
    state: str
    facts: tuple[FactRead, ...] = ()
    counted: tuple[CountedRead, ...] = ()


class TraceNode(Struct, frozen=True, eq=False, kw_only=True):
    """One condition, or one piece of what a rule asks, with its value.

    `kind` says what it is: "is", "in set", "has modifier", "some", "call", "all", "not" …; for a member "member"; for a
    piece without words of its own "same", "listed", "of the group". `value` is yes, no or unknown (None); `unchecked`
    that a table which does not cover the date is among what makes it unknown. `name` is that of a named condition.
    `of` is the thing that a piece speaks of, as people call it; `within` the set or list that was asked. `sides` of a
    comparison are what was compared; `gaps` the tables that do not speak for the date. `members` of a `some` and its
    kin are those shown, out of `met` that could have counted.
    """

    kind: str
    value: bool | None
    unchecked: bool = False
    span: Span | None = None
    name: str | None = None
    of: str | None = None
    within: str | None = None
    facts: tuple[FactRead, ...] = ()
    sides: tuple[SideRead, ...] = ()
    decided_by: tuple[Decider, ...] = ()
    gaps: tuple[Gap, ...] = ()
    members: "tuple[MemberTrace, ...]" = ()
    met: int = 0
    children: "tuple[TraceNode, ...]" = ()

    @property
    def text(self) -> str:
        """The author's own words; empty for a piece that has none."""
        return "" if self.span is None else self.span.text


class MemberTrace(Struct, frozen=True, eq=False, kw_only=True):
    """A member that a quantifier met, with what was asked of it.

    `role` is "witness" (it satisfies), "counterexample" (of `every`: it does not), "possible" (unknown), or "nearest":
    of those that do not satisfy a `some`, the one with the fewest false conditions. `label` is what people call it.
    """

    role: str
    label: str
    pointer: str | None
    node: TraceNode


class SubjectTrace(Struct, frozen=True, kw_only=True):
    """What one name of `for` is bound to; a group has several pointers, those of lines that it may have apart."""

    name: str
    kind: str
    label: str
    pointers: tuple[str, ...]
    possible: tuple[str, ...] = ()


class LookUpTrace(Struct, frozen=True, eq=False, kw_only=True):
    """One look-up: the name of its row and the table; whether a row was found; its columns where it was."""

    name: str
    table: str
    found: bool | None
    unchecked: bool
    node: TraceNode
    columns: tuple[FactRead, ...] = ()


class ClauseTrace(Struct, frozen=True, eq=False, kw_only=True):
    """A clause that was asked: its condition, and the payer's change that brought it (None: the rule's own)."""

    node: TraceNode
    change: Change | None = None


class RequirementTrace(Struct, frozen=True, eq=False, kw_only=True):
    """One thing that must hold: whether it does, its condition (None: bare `forbidden`), and what limits it.

    `forbidden` says that the condition must not hold; `only_when` is the limit that a payer set to what it added.
    """

    value: bool | None
    unchecked: bool
    span: Span | None
    forbidden: bool
    node: TraceNode | None
    only_when: TraceNode | None = None
    change: Change | None = None


class Trace(Struct, frozen=True, eq=False, kw_only=True):
    """Why a rule has its status on one combination, in the order in which a rule is read.

    What was not asked, because something before it was certain, is None or empty. `segment` is the version in force;
    None out of the period, and where the governing date is unknown and could pick several: then `others` holds a trace
    for every further segment. `period` stands where the date is unknown and it is not certain that the version is in
    force.
    """

    rule: Rule
    status: Status
    reason: NotApplicable | None
    setting: str
    in_settings: bool
    governing_date: date | None
    date_asks: tuple[str, ...] = ()
    segment: Segment | None
    period: TraceNode | None = None
    subjects: tuple[SubjectTrace, ...] = ()
    pairing: TraceNode | None = None
    look_ups: tuple[LookUpTrace, ...] = ()
    when: ClauseTrace | None = None
    unless: tuple[ClauseTrace, ...] = ()
    requirements: tuple[RequirementTrace, ...] = ()
    bypass: ClauseTrace | None = None
    others: "tuple[Trace, ...]" = ()
