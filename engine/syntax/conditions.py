"""Conditions and values as the author wrote them: names are text, nothing is resolved.

In:   nothing.    Out: the nodes of the section "Conditions" of the language.
Uses: node.       Used by: build, format, walk, model.resolve.
"""

from datetime import date

from attrs import frozen

from sequela.engine.syntax.comparisons import DateOrder, Order, Quantifier
from sequela.engine.syntax.node import Name, Node, Text

# ---------------------------------------------------------------- values


@frozen(kw_only=True)
class CodeLiteral(Node):
    """A run of capitals, digits and dots: `E11.9`, `25`, `500.00`. What it is compared with says what it is."""

    text: str


@frozen(kw_only=True)
class DateLiteral(Node):
    """`2026-03-02`."""

    value: date


@frozen(kw_only=True)
class Path(Node):
    """`visit.code`, `encounter.provider.npi`; or one bare lower-case word: `female`, `yes`, a column in a set's `where`."""

    parts: tuple[str, ...]


@frozen(kw_only=True)
class Characters(Node):
    """`(character 7 of dx.code)`, `(characters 1 to 3 of dx.code)`; `last` is None for the first form."""

    first: int
    last: int | None
    of: "Value"


@frozen(kw_only=True)
class TimeBetween(Node):
    """`(days from A to B)`; `unit` is days, months or years."""

    unit: str
    start: "Value"
    end: "Value"


@frozen(kw_only=True)
class FullMonthsBetween(Node):
    """`(full months between A and B)`."""

    start: "Value"
    end: "Value"


@frozen(kw_only=True)
class Total(Node):
    """`(total item.units over lines item of day where …)`."""

    of: Path
    over: "Domain"


@frozen(kw_only=True)
class NumberOf(Node):
    """`(number of lines item of day where …)`."""

    over: "Domain"


Value = CodeLiteral | DateLiteral | Text | Path | Characters | TimeBetween | FullMonthsBetween | Total | NumberOf

# ---------------------------------------------------------------- collections


@frozen(kw_only=True)
class Domain(Node):
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


@frozen(kw_only=True)
class Is(Node):
    """`X is V`, `X is not V`."""

    left: Value
    right: Value
    negated: bool


@frozen(kw_only=True)
class IsIn(Node):
    """`X is in SET`, `X is not in SET`; SET is the name of a set or a path to a list of codes."""

    left: Value
    within: Path
    negated: bool


@frozen(kw_only=True)
class IsKnown(Node):
    """`X is known`, `X is missing`."""

    value: Value
    known: bool


@frozen(kw_only=True)
class Compares(Node):
    """`X is at most N`."""

    left: Value
    order: Order
    right: Value


@frozen(kw_only=True)
class DateCompares(Node):
    """`D is on or after D`."""

    left: Value
    order: DateOrder
    right: Value


@frozen(kw_only=True)
class IsWithin(Node):
    """`D is within 3 years before D`; `unit` is days, months or years, `relation` is before, after or of."""

    left: Value
    amount: int
    unit: str
    relation: str
    right: Value


@frozen(kw_only=True)
class HasModifier(Node):
    """`L has modifier 25`; the modifier is a literal or a path to one."""

    line: Name
    modifier: CodeLiteral | Path


@frozen(kw_only=True)
class HasModifierIn(Node):
    """`L has modifier in sides`."""

    line: Name
    within: Path


@frozen(kw_only=True)
class IsPayable(Node):
    """`L is payable`."""

    line: Name


@frozen(kw_only=True)
class Comes(Node):
    """`A comes before B`, `A comes after B`."""

    first: Name
    before: bool
    second: Name


@frozen(kw_only=True)
class Lists(Node):
    """`glucose-coverage lists (assay.code, dx.code)`."""

    table: Name
    keys: tuple[Value, ...]


@frozen(kw_only=True)
class Quantified(Node):
    """`some other line work in minor-procedures where …`; `number` goes with at least and at most."""

    quantifier: Quantifier
    number: int | None
    over: Domain


@frozen(kw_only=True)
class Called(Node):
    """A named condition: `same-session(visit, work)`, or its name alone."""

    name: Name
    arguments: tuple[Name, ...]


# ---------------------------------------------------------------- combinations


@frozen(kw_only=True)
class Not(Node):
    """`not P` or `not (C)`."""

    part: "Condition"


@frozen(kw_only=True)
class AllOf(Node):
    """`A and B and C`: two parts or more."""

    parts: "tuple[Condition, ...]"


@frozen(kw_only=True)
class AnyOf(Node):
    """`A or B or C`: two parts or more."""

    parts: "tuple[Condition, ...]"


@frozen(kw_only=True)
class Parenthesised(Node):
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
