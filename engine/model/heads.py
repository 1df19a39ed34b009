"""Heads: what is known of every rule of a selection without reading the rules.

In:   rules, or the heads of rules that are read when they are asked for.    Out: `RuleHead`, `heads_of`, `RulesOnDemand`.
Uses: model.rules, on_demand.                                                Used by: plan.build, pipeline, commands.
"""

from collections.abc import Callable, Sequence

from msgspec import Struct

from sequela.engine.model.on_demand import OnDemand
from sequela.engine.model.rules import Phase, Rule


class RuleHead(Struct, frozen=True):
    """The id of a rule, its phase and settings, the ruleset that holds it, and the keys of the tables that it asks.

    `asks` is None where it is not known without going through the rule (`tables_asked`).
    """

    id: str
    phase: Phase
    settings: frozenset[str]
    ruleset: str
    asks: tuple[str, ...] | None = None


class RulesOnDemand(OnDemand[Rule]):
    """Rules that are read when they are asked for; `heads` are known."""

    __slots__ = ("heads",)

    def __init__(self, heads: Sequence[RuleHead], read: Callable[[int], Rule]) -> None:
        super().__init__(len(heads), read)
        self.heads = heads


def heads_of(rules: Sequence[Rule]) -> Sequence[RuleHead]:
    """The head of each rule, in their order."""
    if isinstance(rules, RulesOnDemand):
        return rules.heads
    return tuple(RuleHead(rule.id, rule.phase, rule.settings, rule.ruleset) for rule in rules)
