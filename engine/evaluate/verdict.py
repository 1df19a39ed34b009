"""Verdicts: what an evaluator says of one rule on one combination of subjects.

In:   nothing.                 Out: `Status`, `Verdict`, `Subject`, `Group`, `NotApplicable`.
Uses: model, encounter, tables.     Used by: walk, run, explain, cases.
Not here: words (explain.wording); the ledger as JSON (explain.ledger).
"""

from datetime import date
from enum import Enum

from msgspec import Struct

from sequela.engine.encounter.fields import Field
from sequela.engine.encounter.view import Member
from sequela.engine.model.rules import Outcome, Rule, Segment
from sequela.engine.tables.model import Row
from sequela.engine.vocabulary.absent import Nothing
from sequela.engine.vocabulary.kinds import Kind


class Status(Enum):
    """The status of a rule on a subject, strongest first."""

    ERROR = "error"
    FAIL = "fail"
    UNKNOWN = "unknown"
    NOT_CHECKED = "not checked"
    BYPASSED = "bypassed"
    PASS = "pass"
    NOT_APPLICABLE = "not applicable"


class NotApplicable(Enum):
    """Why a rule does not apply: the first of these that is certain."""

    DISABLED = "disabled by the payer"
    PERIOD = "out of its period"
    SETTING = "out of its settings"
    NO_SUBJECT = "no subject"
    NO_ROW = "no row in the table"
    WHEN = "its condition is not met"
    UNLESS = "an exception applies"


class Group(Struct, frozen=True, eq=False):
    """Lines that share grouping facts: `facts` in the order of the binder's `by` (None unknown, NONE none).

    `lines` belong to it with certainty, `possible` may belong to it. A group whose facts are all known is made of the
    lines that have them; a line with an unknown grouping fact is possible in every group that it could be in and has a
    group of its own. `by` is kept because a condition that is handed a group does not know by what it was made.
    """

    facts: tuple[object, ...]
    lines: tuple[Member, ...]
    possible: tuple[Member, ...]
    by: tuple[Field, ...] = ()

    def __repr__(self) -> str:
        return f"Group(facts={self.facts!r}, lines={self.lines!r}, possible={self.possible!r})"


class UnknownMember(Enum):
    """The member that an open list may hold beyond those that are there."""

    UNKNOWN = "unknown"


class UnknownRow(Enum):
    """A row that cannot be told: POSSIBLE (a key or the date is unknown, a partial table has none) or NOT_COVERED."""

    POSSIBLE = "possible"
    NOT_COVERED = "not covered"


Bound = Member | Group | Row | UnknownMember | UnknownRow | None
"""What a slot of a frame can hold; None is an unbound witness."""


class Subject(Struct, frozen=True, eq=False):
    """One bound subject: its name in the rule, its kind and what it is."""

    name: str
    kind: Kind
    bound: Member | Group | Row | UnknownMember | UnknownRow


class Verdict(Struct, frozen=True, eq=False, kw_only=True):
    """The status of a rule on one combination of subjects.

    For *not applicable* one verdict stands per rule and reason: `count` says for how many combinations (0 where none
    was met: out of settings, disabled on every date, no subject), and `subjects` is empty. Else `count` is 1.
    `outcome` is that of the failure (the strongest among the requirements that failed; the rule's own on a tie), or
    `if unknown` of what is unknown or not checked; None otherwise. `about` are the pointers of what `if fail` is about
    (`""` is the claim).
    `frame` is what the slots held after `for each` and the look-ups, for replaying; the slot of a witness holds the
    witness (None where there is none), which texts read and which a later `is payable` asks.
    """

    rule: Rule
    segment: Segment | None  # None where the governing date is unknown and could pick several, or out of period
    status: Status
    subjects: tuple[Subject, ...] = ()
    outcome: Outcome | None = None
    about: tuple[str, ...] = ()
    governing_date: date | None = None
    reason: NotApplicable | None = None
    count: int = 1
    frame: tuple[Bound, ...] = ()
    fault: str | None = None  # for status error: what went wrong, without claim content

    def __repr__(self) -> str:
        parts = (f"{name}={getattr(self, name)!r}" for name in self.__struct_fields__[2:] if name != "frame")
        return f"Verdict(rule={self.rule.id!r}, {', '.join(parts)})"

    def signature(self) -> tuple[object, ...]:
        """What two evaluators must agree on: all but the segment, the frame and the words of a fault."""
        return (
            self.rule.id,
            self.status.value,
            tuple(_place(subject) for subject in self.subjects),
            self.about,
            self.outcome.value if self.outcome else None,
            self.governing_date,
            self.reason.value if self.reason else None,
            self.count,
        )


def _place(subject: Subject) -> tuple[object, ...]:
    match subject.bound:
        case Member() as member:
            return (subject.name, member.pointer)
        case Group() as group:
            return (
                subject.name,
                tuple("none" if isinstance(fact, Nothing) else fact for fact in group.facts),
                tuple(line.pointer for line in group.lines),
                tuple(line.pointer for line in group.possible),
            )
        case Row() as row:
            return (subject.name, row.table.shape.name, row.number)
        case UnknownMember() | UnknownRow():
            return (subject.name, subject.bound.value)
