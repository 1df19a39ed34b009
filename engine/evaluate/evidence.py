"""Evidence: what the plain evaluator notes while it judges a condition: what was asked, what was read, what decided.

In:   nothing.        Out: `Evidence`, `MemberEvidence`, `Reading`, `Seen`, `Decider`, `Gap`, `Ask`, `Scope`.
Uses: model, encounter, tables, values, verdict.    Used by: walk*, collections, families, missing, trace.
Not here: how conditions are judged (walk_conditions); what is shown of it (trace).

A condition may stand in a condition to any depth, so the evaluator never calls itself: a function that needs a
condition inside its own yields an `Ask`, and `walk_conditions.settle` sends the evidence back.
"""

from collections.abc import Callable, Generator, Mapping
from datetime import date
from enum import Enum
from typing import Any, TypeVar

from msgspec import Struct, field
from msgspec.structs import replace

from sequela.engine.encounter.fields import Field
from sequela.engine.encounter.view import Member, View
from sequela.engine.evaluate.payments import Payments
from sequela.engine.evaluate.values import NOT_COVERED, Interval, Logic, Value, all_of, any_of, is_unknown, opposite
from sequela.engine.evaluate.verdict import Bound, Group, UnknownMember, Verdict
from sequela.engine.model.nodes import Condition, Node, SetDefinition
from sequela.engine.tables.model import Row, Table
from sequela.engine.vocabulary.kinds import Type


class Joint(Enum):
    """How the value of a piece of evidence follows from its parts."""

    LEAF = "by itself"
    ALL = "all of its parts"
    ANY = "any of its parts"
    NOT = "the opposite of its part"
    SAME = "as its part"
    MEMBERS = "by the members of a collection"


class Seen(Struct, eq=False):
    """One fact that was read: what it is called in the language, what it was read from, and its value.

    `field` is the field of the catalogue, or None for a column of a row, the modifiers of a line and other lists.
    `asks` are the JSON pointers that would together settle it while it is unknown; None where no fact of the claim
    would.
    """

    label: str
    bound: Bound
    value: Value
    type: Type | None = None
    field: Field | None = None
    asks: tuple[str, ...] | None = None
    pointer: str | None = None  # where it stands, for what has no field


class Decider(Struct, frozen=True, kw_only=True):
    """What decided a leaf: an entry of a set as written (or an exception), a row of a table, a rule.

    `kind` is entry, exception, row, no row or rule. `name` is the set, table or rule; `written` the entry as an author
    writes it. A row has its file, release and number (from 1).
    """

    kind: str
    name: str
    written: str = ""
    file: str = ""
    release: str | None = None
    row: int | None = None


class Gap(Struct, frozen=True, kw_only=True):
    """A table that does not speak for a date: not loaded, or asked about a day that it does not cover."""

    table: str
    on: date | None
    loaded: bool


class Reading(Struct, eq=False):
    """A value with the facts that it was made of; `counted` are the members of a total or a number of members."""

    value: Value
    seen: tuple[Seen, ...] = ()
    counted: "tuple[Counted, ...]" = ()

    @property
    def plain(self) -> Value:
        """The value for an operation: what a table does not cover is unknown."""
        return None if self.value is NOT_COVERED else self.value

    @property
    def key(self) -> Value:
        """The value for a key of a table: a number that lies between two ends is known when they agree."""
        value = self.plain
        if isinstance(value, Interval):
            return value.low if value.exact else None
        return value

    @property
    def uncovered(self) -> bool:
        """Whether it is unknown with a table that does not cover the date among the causes."""
        return self.value is NOT_COVERED or (isinstance(self.value, Interval) and self.value.uncovered)


class Evidence(Struct, eq=False, kw_only=True):
    """How one condition, or one piece of what a rule asks, came out; `thorough` judging keeps every part.

    `node` is what was judged, `kind` says what it is ("is", "in set", "listed"). `only_no` says that the facts of
    `asks` can settle it as no, never as yes (an open list that turns out to be complete); `beyond_facts` that no fact
    of the claim settles it (a row that a partial table does not have).
    """

    kind: str
    value: Logic
    joint: Joint = Joint.LEAF
    node: Node | None = None
    parts: "tuple[Evidence, ...]" = ()
    seen: tuple[Seen, ...] = ()
    deciders: tuple[Decider, ...] = ()
    gaps: tuple[Gap, ...] = ()
    asks: tuple[str, ...] | None = None  # facts that settle a leaf, beside those seen
    only_no: bool = False
    beyond_facts: bool = False
    members: "tuple[MemberEvidence, ...]" = ()
    witness: Bound = None
    bound: Bound = None  # the member, row or thing that a piece speaks of
    readings: tuple[Reading, ...] = ()  # of a leaf that compares: what was compared
    test: Callable[[Value, Value], bool | None] | None = None  # and how
    doubts: tuple[Verdict, ...] = ()  # of `is payable`: verdicts of earlier phases that leave it open

    @property
    def unknown(self) -> bool:
        """Whether it is neither yes nor no."""
        return is_unknown(self.value)


class MemberEvidence(Struct, eq=False):
    """One member that a quantifier met: whether it belongs to the collection, and whether `where` holds of it."""

    member: Member | UnknownMember
    belongs: Evidence
    where: Evidence | None

    @property
    def value(self) -> Logic:
        """Whether it belongs and `where` holds."""
        return self.belongs.value if self.where is None else all_of((self.belongs.value, self.where.value))


class Counted(Struct, eq=False):
    """One member of a total: whether it counts, and the amount (None for a number of members, which counts 1)."""

    member: MemberEvidence
    amount: Seen | None


# ---------------------------------------------------------------- putting evidence together


def leaf(kind: str, node: Node | None, value: Logic, **more: Any) -> Evidence:
    """Evidence that needs no other."""
    return Evidence(kind=kind, node=node, value=value, **more)


def every(kind: str, node: Node | None, parts: list[Evidence], **more: Any) -> Evidence:
    """Evidence that holds when all its parts do."""
    value = all_of([part.value for part in parts])
    return Evidence(kind=kind, node=node, value=value, joint=Joint.ALL, parts=tuple(parts), **more)


def some(kind: str, node: Node | None, parts: list[Evidence], **more: Any) -> Evidence:
    """Evidence that holds when one of its parts does."""
    value = any_of([part.value for part in parts])
    return Evidence(kind=kind, node=node, value=value, joint=Joint.ANY, parts=tuple(parts), **more)


def negation(kind: str, node: Node | None, part: Evidence, **more: Any) -> Evidence:
    """Evidence that holds when its part does not."""
    return Evidence(kind=kind, node=node, value=opposite(part.value), joint=Joint.NOT, parts=(part,), **more)


# ---------------------------------------------------------------- what is asked, and in which surroundings


class InDeclaredSet(Struct, frozen=True, eq=False):
    """Whether a code, known and in normal form, is in a declared set."""

    definition: SetDefinition
    code: str


class Ask(Struct, frozen=True, eq=False):
    """A question inside another one: a condition, or a set inside a set, on a frame."""

    what: Condition | InDeclaredSet
    frame: list[Bound]


Answer = TypeVar("Answer")
Steps = Generator[Ask, Evidence, Answer]
"""Work that asks, is sent the evidence for each question, and returns its answer."""


class Scope(Struct, frozen=True, eq=False):
    """What a rule is judged with: the claim, the tables, the governing date, what earlier phases said of its lines.

    `on_asks` are the pointers that would settle an unknown governing date. `thorough` judging goes on when the answer
    is certain, so that the evidence is whole; the values are the same. `in_sets` remembers, while one rule is judged,
    which codes are in which sets on which date: large claims ask it again and again.
    """

    view: View
    tables: Mapping[str, Table]
    payments: Payments
    on: date | None = None
    on_asks: tuple[str, ...] = ()
    thorough: bool = False
    in_sets: "dict[tuple[int, str, date | None], Evidence]" = field(default_factory=dict)

    def __repr__(self) -> str:
        return f"Scope(view={self.view!r}, on={self.on!r}, on_asks={self.on_asks!r}, thorough={self.thorough!r})"

    def dated(self, on: date | None, asks: tuple[str, ...]) -> "Scope":
        """The same on another governing date."""
        return replace(self, on=on, on_asks=asks)


def first_line(bound: Bound) -> Member | None:
    """The member whose facts stand for what is bound: itself, or the first line of a group."""
    if isinstance(bound, Member):
        return bound
    return bound.lines[0] if isinstance(bound, Group) else None


def row_decider(name: str, row: Row) -> Decider:
    """A row of a table as what decided; `name` is the table."""
    return Decider(kind="row", name=name, file=row.file, release=row.table.release, row=row.number)


def no_row_decider(name: str, table: Table, on: date | None) -> Decider:
    """That a table has no such row, as what decided; of several releases the one that governs on that day is named."""
    spoken = table.at(on)
    return Decider(kind="no row", name=name, file=spoken.file, release=spoken.release)
