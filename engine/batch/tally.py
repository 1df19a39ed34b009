"""Tally: how claims came out, counted so that counts of several chunks can be added and written down.

In:   ledgers, one after the other; tallies.    Out: `ChunkTally`.
Uses: explain.ledger.                           Used by: batch.rows, batch.journal, commands.batch.
Not here: the table that people read (commands.tally).
"""

from collections import Counter
from collections.abc import Container, Mapping
from typing import Any

from msgspec import Struct, field

from sequela.engine.evaluate.verdict import Status
from sequela.engine.explain.ledger import Ledger


class ChunkTally(Struct):
    """Counts of some claims: those decided, their outcomes, their findings by rule and status, and what was not decided.

    `unread` are claims (or rests of files) that could not be read, `undecided` those that several payers match, `lost` those
    that ended the process that decided them. The counters are by payer id, `passed_over` by setting and names of payers.
    """

    claims: int = 0
    unread: int = 0
    undecided: int = 0
    lost: int = 0
    outcomes: Counter[str] = field(default_factory=Counter)
    findings: Counter[tuple[str, ...]] = field(default_factory=Counter)
    flagged: Counter[str] = field(default_factory=Counter)
    warnings: Counter[str] = field(default_factory=Counter)
    without_payer: Counter[str] = field(default_factory=Counter)
    without_rules: Counter[str] = field(default_factory=Counter)
    passed_over: Counter[tuple[str, ...]] = field(default_factory=Counter)

    def add(self, ledger: Ledger, shown: Container[Status]) -> None:
        """Count a claim that was decided, and of its findings those of the statuses `shown`."""
        self.claims += 1
        if not ledger.selection.rules:
            self.without_rules[ledger.payer_id or "none named"] += 1
            return
        self.outcomes["clean" if ledger.clean else ledger.outcome] += 1
        if ledger.passed_over:
            self.passed_over[ledger.encounter_setting, *ledger.passed_over] += 1
        elif ledger.payer_rules is None:
            self.without_payer[ledger.payer_id or "none named"] += 1
        rules: set[str] = set()
        for one in ledger.found:
            if one.status in shown:
                rule = one.rule.id
                self.findings[rule, one.status.value] += 1
                rules.add(rule)
        for rule in rules:
            self.flagged[rule] += 1

    def merge(self, other: "ChunkTally") -> None:
        """Add what another one counted."""
        for name in ChunkTally.__struct_fields__:
            mine, theirs = getattr(self, name), getattr(other, name)
            if isinstance(mine, Counter):
                mine.update(theirs)
            else:
                setattr(self, name, mine + theirs)

    @property
    def rejected(self) -> int:
        """Claims, or rests of files, that stand in the rejects and not among the claims."""
        return self.unread + self.undecided + self.lost

    def count_of(self, status: Status) -> int:
        """How many findings have a status."""
        return sum(count for (_, one), count in self.findings.items() if one == status.value)

    def to_json(self) -> dict[str, Any]:
        """As plain values, in an order that depends on nothing but the counts."""
        return {
            name: _listed(value) if isinstance(value, Counter) else value
            for name in ChunkTally.__struct_fields__
            if (value := getattr(self, name))
        }

    @classmethod
    def from_json(cls, plain: Mapping[str, Any]) -> "ChunkTally":
        """What `to_json` wrote."""
        made = cls()
        for name, value in plain.items():
            if isinstance(value, list):
                getattr(made, name).update({_key(key): count for *key, count in value})
            else:
                setattr(made, name, value)
        return made


def _listed(counted: Counter[Any]) -> list[list[Any]]:
    keyed = sorted((key if isinstance(key, tuple) else (key,), count) for key, count in counted.items())
    return [[*key, count] for key, count in keyed]


def _key(parts: list[str]) -> Any:
    return tuple(parts) if len(parts) > 1 else parts[0]
