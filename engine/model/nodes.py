"""Conditions and values with their names resolved: what both evaluators run and every explanation shows.

In:   checked syntax nodes.               Out: `Condition`, `Value`, `SetDefinition`, `Binding`.
Uses: source, vocabulary, encounter.fields, tables.     Used by: rules, plan, evaluate, explain.
Not here: rules, payers and rulebooks (rules.py); how names are found (resolve.py).

A *frame* is a list of slots, one for each thing bound in a rule, a named condition or a set's `where`. Slot 0 is the
claim, slot 1 the patient; parameters, `for each`, rows and quantifiers take the next ones. A node is a value: no
parent, no cache. Nodes are made with the names of their parts; that they could be made without halves the time in which
the cache reads them back.
"""

from datetime import date
from decimal import Decimal

from msgspec import Struct

from sequela.engine.encounter.fields import Field
from sequela.engine.source import Placed
from sequela.engine.syntax.comparisons import DateOrder, Order, Quantifier
from sequela.engine.tables.codes import TextSet
from sequela.engine.tables.model import TableShape
from sequela.engine.vocabulary.kinds import CodesOf, Kind, Scalar, Type
from sequela.engine.vocabulary.systems import System

CLAIM_SLOT = 0
PATIENT_SLOT = 1
FIRST_SLOT = 2


class Node(Placed, frozen=True):
    """A resolved piece of a rule; its place is not part of its meaning."""


class TableDefinition(Node, frozen=True):
    """A declared table: its shape, and where its rows come from (`file` as written, or `rows` in place)."""

    name: str
    shape: TableShape
    file: str | None
    rows: tuple[tuple[str, ...], ...]
    ruleset: str  # the declared name of the file that holds the declaration
    key: str  # "ruleset/table": the key in Rulebook.tables


class Binding(Struct, frozen=True):
    """A bound name and its slot in the frame. `table` for rows; `by` (the grouping facts) for groups."""

    slot: int
    name: str
    kind: Kind
    table: TableDefinition | None = None
    by: tuple[Field, ...] = ()
    witness: bool = False  # bound by a `some` in `when`: may be unbound when read


# ---------------------------------------------------------------- code sets


class FromTableSet(Node, frozen=True):
    """`from TABLE where C`: the codes in the table's key column `column` of rows for which C holds.

    In C the row is slot 2.
    """

    table: TableDefinition
    column: str
    where: "Condition | None"
    row: Binding
    slots: int


class SetDefinition(Node, frozen=True):
    """A declared set. A code is in it when some entry has it and no exception has it; each part is asked on its own.

    `text` holds the entries written out; `others` the sets named; `tables` the entries that ask a table on the
    governing date.
    """

    name: str
    system: System
    text: TextSet
    others: "tuple[SetDefinition, ...]"
    tables: tuple[FromTableSet, ...]
    except_others: "tuple[SetDefinition, ...]" = ()
    except_tables: tuple[FromTableSet, ...] = ()
    except_text: TextSet | None = None  # exceptions written out stand here, not in `text`

    @property
    def is_text_only(self) -> bool:
        """Whether the text of a code decides, without a table; sets may be named in sets to any depth."""
        waiting = [self]
        while waiting:
            one = waiting.pop()
            if one.tables or one.except_tables:
                return False
            waiting.extend((*one.others, *one.except_others))
        return True


# ---------------------------------------------------------------- values


class Literal(Node, frozen=True):
    """A constant, already of its type: str in normal form for codes, int/Decimal, date, bool, str."""

    value: str | int | Decimal | date | bool
    type: Type


class Fact(Node, frozen=True):
    """A fact of a member: `visit.code`, `encounter.drg` (slot 0), `patient.age` (slot 1)."""

    binding: Binding
    fact: Field

    @property
    def type(self) -> Type:
        """The type of the field."""
        return self.fact.type


class GroupFact(Node, frozen=True):
    """A grouping fact of a group: `day.code`."""

    binding: Binding
    fact: Field

    @property
    def type(self) -> Type:
        """The type of the field."""
        return self.fact.type


class Cell(Node, frozen=True):
    """A column of a looked-up row: `limit.units`. A list column's value is a TextSet."""

    binding: Binding
    column: str
    type: Type


class Characters(Node, frozen=True):
    """Characters `first` to `last` (from 1, both included) of a code without its dot, or of a text; '' past the end."""

    first: int
    last: int
    of: "Value"
    type: Type = Scalar.TEXT


class TimeBetween(Node, frozen=True):
    """Days (difference), months or years (completed; negative when the end is earlier) from start to end."""

    unit: str  # "days" | "months" | "years"
    start: "Value"
    end: "Value"
    type: Type = Scalar.NUMBER


class FullMonths(Node, frozen=True):
    """Calendar months that lie wholly between two dates."""

    start: "Value"
    end: "Value"
    type: Type = Scalar.NUMBER


class Total(Node, frozen=True):
    """The sum of a number or an amount over a collection; in between two ends where something is unknown."""

    of: "Fact"
    over: "Domain"
    type: Type


class NumberOf(Node, frozen=True):
    """How many members a collection has."""

    over: "Domain"
    type: Type = Scalar.NUMBER


class GoverningDate(Node, frozen=True):
    """`governing date`, in texts only."""

    type: Type = Scalar.DATE


Value = Literal | Fact | GroupFact | Cell | Characters | TimeBetween | FullMonths | Total | NumberOf | GoverningDate

# ---------------------------------------------------------------- collections


SetUse = SetDefinition | Fact | Cell
"""What stands after `in`: a declared set, or a fact or cell whose type is a list of codes."""


class Domain(Node, frozen=True):
    """What a quantifier ranges over: members of `kind`, `of` a line or group, in `within`, without `excluded`, where C.

    `excluded` are the bindings that `other`/`later` leaves out (a group stands for all its lines); with `later` also
    every member that stands before one of `excluded`. `of` is a line (modifiers, pointed diagnoses) or a group (its
    lines).
    """

    kind: Kind
    binding: Binding
    of: Binding | None
    within: SetUse | None
    excluded: tuple[Binding, ...]
    later: bool
    where: "Condition | None"


# ---------------------------------------------------------------- predicates


class Is(Node, frozen=True):
    """Equality of two values of one type; `is not` is Negated(Is)."""

    left: Value
    right: Value


class InSet(Node, frozen=True):
    """A code is in a set or in a list of codes."""

    left: Value
    within: SetUse


class Known(Node, frozen=True):
    """`X is known`: neither unknown nor none; never unknown itself."""

    value: Value


class Compares(Node, frozen=True):
    """Comparison by size: numbers, ages, or amounts."""

    left: Value
    order: Order
    right: Value


class DateCompares(Node, frozen=True):
    """Comparison of dates."""

    left: Value
    order: DateOrder
    right: Value


class IsWithin(Node, frozen=True):
    """`left` lies within `amount` units before, after or of (either side of) `right`; ends included."""

    left: Value
    amount: int
    unit: str  # "days" | "months" | "years"
    relation: str  # "before" | "after" | "of"
    right: Value


class HasModifier(Node, frozen=True):
    """A line, service or history line carries a modifier: a value (literal, fact, cell) or one of a set."""

    line: Binding
    modifier: Value | None
    within: SetUse | None


class IsPayable(Node, frozen=True):
    """No rule of an earlier phase denied or rejected the line; a history line by its own disposition."""

    line: Binding


class ComesBefore(Node, frozen=True):
    """`first` stands before `second`: diagnoses by place, modifiers of one line.

    `A comes after B` is ComesBefore(B, A).
    """

    first: Binding
    second: Binding


class Lists(Node, frozen=True):
    """A table has a row for these keys on the governing date."""

    table: TableDefinition
    keys: tuple[Value, ...]


class Quantified(Node, frozen=True):
    """A test of a collection; `number` with at least and at most."""

    quantifier: Quantifier
    number: int
    over: Domain


class ConditionDefinition(Node, frozen=True):
    """A named condition: its parameters take slots 2 on of its own frame of `slots` slots."""

    name: str
    parameters: tuple[Binding, ...]
    body: "Condition"
    slots: int


class Call(Node, frozen=True):
    """A named condition, called with bound things."""

    condition: ConditionDefinition
    arguments: tuple[Binding, ...]


class Negated(Node, frozen=True):
    """`not C`; also `is not`, `is not in`, `is missing`."""

    part: "Condition"


class AllOf(Node, frozen=True):
    """`A and B`."""

    parts: "tuple[Condition, ...]"


class AnyOf(Node, frozen=True):
    """`A or B`."""

    parts: "tuple[Condition, ...]"


Condition = (
    Is
    | InSet
    | Known
    | Compares
    | DateCompares
    | IsWithin
    | HasModifier
    | IsPayable
    | ComesBefore
    | Lists
    | Quantified
    | Call
    | Negated
    | AllOf
    | AnyOf
)


def is_list(value_type: Type) -> bool:
    """Whether a value of the type is a list of codes."""
    return isinstance(value_type, CodesOf)
