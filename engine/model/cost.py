"""Cost: how much work a rule can be at worst, in lines, diagnoses and rows per look-up.

In:   a rule as it runs.     Out: `Cost`, and its short text.
Uses: nodes, rules.          Used by: the command line (`sequela lint --cost`).
Not here: how the plan keeps below the worst case (plan).

A cost is a sum of products: `lines x lines` for every pair of lines. What never exceeds another part of the sum is left
out, and so is a constant: the text says what a rule grows with.
"""

from collections import Counter
from collections.abc import Iterable
from functools import cache, reduce
from typing import Any, Final

from attrs import frozen

from sequela.engine.model.kinds import PLURAL
from sequela.engine.model.nodes import (
    Call,
    Cell,
    Domain,
    Fact,
    FromTableSet,
    GroupFact,
    Literal,
    Node,
    TableDefinition,
)
from sequela.engine.model.rules import (
    CheckedRules,
    ForFirstDiagnosis,
    ForGroups,
    ForMembers,
    Rule,
    RuleVersion,
)
from sequela.engine.vocabulary.kinds import Kind

Product = tuple[str, ...]
"""What is multiplied, in the order in which it is met: ("lines", "lines", "rows of `ptp`")."""


@frozen
class Cost:
    """A sum of products; the empty product is one step."""

    products: tuple[Product, ...]

    def plus(self, other: "Cost") -> "Cost":
        """Both, one after the other."""
        if ONE_STEP in (self, other):
            return other if self == ONE_STEP else self
        return Cost(_highest((*self.products, *other.products)))

    def times(self, other: "Cost") -> "Cost":
        """The other, once for each step of this one."""
        if other == ONE_STEP:
            return self
        return Cost(_highest((*one, *two) for one in self.products for two in other.products))

    def __str__(self) -> str:
        return " + ".join(" x ".join(product) or "1" for product in self.products)


ONE_STEP: Final = Cost(((),))
_LEAVES: Final = (TableDefinition, Fact, GroupFact, Cell, Literal)


def _highest(products: Iterable[Product]) -> tuple[Product, ...]:
    """The products without those that another one is never below."""
    kept: list[Product] = []
    for product in dict.fromkeys(products):
        if any(_within(product, other) for other in kept):
            continue
        kept = [other for other in kept if not _within(other, product)]
        kept.append(product)
    return tuple(kept)


def _within(one: Product, other: Product) -> bool:
    return not Counter(one) - Counter(other)


def cost_of(rule: Rule, known: dict[int, Cost] | None = None) -> Cost:
    """What a rule costs at worst on one claim, over all its versions; `known` keeps what was found for each version."""
    costs_known = {} if known is None else known
    total = ONE_STEP
    for segment in rule.segments:
        cost = costs_known.get(id(segment.version))
        if cost is None:
            cost = costs_known[id(segment.version)] = version_cost(segment.version)
        total = total.plus(cost)
    return total


def costs(rules: CheckedRules) -> str:
    """The cost of every rule, one to a line, by id; where payers make it differ, a line for each cost."""
    found: dict[tuple[str, str], list[str]] = {}
    known: dict[int, Cost] = {}  # payers share the versions that none of them changes
    for payer, selection in rules.selections.items():
        for rule in selection.rules:
            found.setdefault((rule.id, str(cost_of(rule, known))), []).append(payer or "the rulesets alone")
    several = Counter(name for name, _ in found)
    width = max(map(len, several), default=0)
    lines = []
    for (name, cost), payers in sorted(found.items()):
        lines.append(f"{name:{width}}  {cost}" + (f"  ({', '.join(payers)})" if several[name] > 1 else ""))
    return "\n".join(lines)


def version_cost(version: RuleVersion) -> Cost:
    """What one version costs at worst: each combination of subjects and rows, times what is asked of it."""
    cost = _subjects(version)
    for look_up in version.look_ups:
        keys = reduce(Cost.plus, (_asked(key) for key in (*look_up.keys, look_up.on)), ONE_STEP)
        cost = cost.times(Cost(((_rows(look_up.table),),)).plus(keys))
    asked = [clause.condition for clause in (version.when, *version.unless, version.bypass) if clause is not None]
    for requirement in version.requirements:
        asked.extend(part for part in (requirement.only_when, requirement.condition) if part is not None)
    return cost.times(reduce(Cost.plus, (_asked(part) for part in asked), ONE_STEP))


def _subjects(version: RuleVersion) -> Cost:
    match version.subjects:
        case ForMembers(binders=binders):
            sets = reduce(Cost.times, (_asked(binder.within) for binder in binders), ONE_STEP)
            return Cost((tuple(_many(binder.kind, of=binder.of is not None) for binder in binders),)).times(sets)
        case ForGroups():
            return Cost((("groups of lines",),))
        case ForFirstDiagnosis():
            return ONE_STEP
        case _:
            return ONE_STEP


def _many(kind: Kind, *, of: bool) -> str:
    if kind is Kind.MODIFIER:
        return "modifiers of a line"
    if kind is Kind.LINE and of:
        return "lines of a group"
    return PLURAL.get(kind, f"{kind.value}s")


def _rows(table: TableDefinition) -> str:
    return f"rows per look-up in {table.name}"


def _asked(node: Any) -> Cost:
    """What a condition, value or set costs, asked once."""
    if isinstance(node, tuple):
        return reduce(Cost.plus, (_asked(part) for part in node), ONE_STEP)
    if isinstance(node, Domain):
        inside = _asked(node.within).plus(ONE_STEP if node.where is None else _asked(node.where))
        return Cost(((_many(node.kind, of=node.of is not None),),)).times(inside)
    if isinstance(node, FromTableSet):
        return Cost(((_rows(node.table),),)).times(ONE_STEP if node.where is None else _asked(node.where))
    if isinstance(node, Call):
        return _asked(node.condition.body)
    cost = ONE_STEP
    for name in _parts_of(node.__class__):
        part = getattr(node, name)
        if part is not None:
            cost = cost.plus(_asked(part))
    return cost


@cache
def _parts_of(kind: type[object]) -> tuple[str, ...]:
    """The names of the parts of a kind of node that may ask something; none for what only is read."""
    if issubclass(kind, _LEAVES) or not issubclass(kind, Node):
        return ()
    return tuple(name for name in kind.__struct_fields__ if name not in ("span", "type", "name"))
