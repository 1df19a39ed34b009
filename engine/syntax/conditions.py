"""Conditions and values as the author wrote them: names are text, nothing is resolved.

In:   nothing.    Out: the nodes of the section "Conditions" of the language.
Uses: node.       Used by: build, format, walk, model.resolve.
"""

from datetime import date

from sequela.engine.syntax.comparisons import DateOrder, Order, Quantifier
from sequela.engine.syntax.node import Name, Node, Text

# ---------------------------------------------------------------- values


class CodeLiteral(Node, frozen=True, kw_only=True):
    """A run of capitals, digits and dots: `E11.9`, `25`, `500.00`. What it is compared with says what it is."""

    text: str


class DateLiteral(Node, frozen=True, kw_only=True):
    """`2026-03-02`."""

    value: date


class Path(Node, frozen=True, kw_only=True):
    """`visit.code`, `encounter.provider.npi`; or one bare lower-case word: `female`, `yes`, a column in a set's `where`."""

    parts: tuple[str, ...]


class Characters(Node, frozen=True, kw_only=True):
    """`(character 7 of dx.code)`, `(characters 1 to 3 of dx.code)`; `last` is None for the first form."""

    first: int
    last: int | None
    of: "Value"


class TimeBetween(Node, frozen=True, kw_only=True):
    """`(days from A to B)`; `unit` is days, months or years."""

    unit: str
    start: "Value"
    end: "Value"


class FullMonthsBetween(Node, frozen=True, kw_only=True):
    """`(full months between A and B)`."""

    start: "Value"
    end: "Value"


class Total(Node, frozen=True, kw_only=True):
    """`(total item.units over lines item of day where …)`."""

    of: Path
    over: "Domain"


class NumberOf(Node, frozen=True, kw_only=True):
    """`(number of lines item of day where …)`."""

    over: "Domain"


Value = CodeLiteral | DateLiteral | Text | Path | Characters | TimeBetween | FullMonthsBetween | Total | NumberOf

# ---------------------------------------------------------------- collections


class Domain(Node, frozen=True, kw_only=True):
    """What a quantifier, `number of` or `total … over` ranges over: `other line work of day in minor-procedures where …`.

    `kind` is the noun in the singular ("line", "history line", "condition-code"); `which` is None, "other" or "later";
    `within` is the name of a declared set or a path to a list of codes.
    """

    which: str | None
    kind: str
    name: Name
    of: Name | None
    within: Path | None
    where: "Condition | None"


# ---------------------------------------------------------------- predicates


class Is(Node, frozen=True, kw_only=True):
    """`X is V`, `X is not V`."""

    left: Value
    right: Value
    negated: bool


class IsIn(Node, frozen=True, kw_only=True):
    """`X is in SET`, `X is not in SET`; SET is the name of a set or a path to a list of codes."""

    left: Value
    within: Path
    negated: bool


class IsKnown(Node, frozen=True, kw_only=True):
    """`X is known`, `X is missing`."""

    value: Value
    known: bool


class Compares(Node, frozen=True, kw_only=True):
    """`X is at most N`."""

    left: Value
    order: Order
    right: Value


class DateCompares(Node, frozen=True, kw_only=True):
    """`D is on or after D`."""

    left: Value
    order: DateOrder
    right: Value


class IsWithin(Node, frozen=True, kw_only=True):
    """`D is within 3 years before D`; `unit` is days, months or years, `relation` is before, after or of."""

    left: Value
    amount: int
    unit: str
    relation: str
    right: Value


class HasModifier(Node, frozen=True, kw_only=True):
    """`L has modifier 25`; the modifier is a literal or a path to one."""

    line: Name
    modifier: CodeLiteral | Path


class HasModifierIn(Node, frozen=True, kw_only=True):
    """`L has modifier in sides`."""

    line: Name
    within: Path


class IsPayable(Node, frozen=True, kw_only=True):
    """`L is payable`."""

    line: Name


class Comes(Node, frozen=True, kw_only=True):
    """`A comes before B`, `A comes after B`."""

    first: Name
    before: bool
    second: Name


class Lists(Node, frozen=True, kw_only=True):
    """`glucose-coverage lists (assay.code, dx.code)`."""

    table: Name
    keys: tuple[Value, ...]


class Quantified(Node, frozen=True, kw_only=True):
    """`some other line work in minor-procedures where …`; `number` goes with at least and at most."""

    quantifier: Quantifier
    number: int | None
    over: Domain


class Called(Node, frozen=True, kw_only=True):
    """A named condition: `same-session(visit, work)`, or its name alone."""

    name: Name
    arguments: tuple[Name, ...]


# ---------------------------------------------------------------- combinations


class Not(Node, frozen=True, kw_only=True):
    """`not P` or `not (C)`."""

    part: "Condition"


class AllOf(Node, frozen=True, kw_only=True):
    """`A and B and C`: two parts or more."""

    parts: "tuple[Condition, ...]"


class AnyOf(Node, frozen=True, kw_only=True):
    """`A or B or C`: two parts or more."""

    parts: "tuple[Condition, ...]"


class Parenthesised(Node, frozen=True, kw_only=True):
    """`(C)`: the author's parentheses are kept, so that what was signed is what is printed."""

    inner: "Condition"


Predicate = (
    Is
    | IsIn
    | IsKnown
    | Compares
    | DateCompares
    | IsWithin
    | HasModifier
    | HasModifierIn
    | IsPayable
    | Comes
    | Lists
    | Quantified
    | Called
)
Condition = Predicate | Not | AllOf | AnyOf | Parenthesised
