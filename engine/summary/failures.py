"""Failures: what failed, by rule and cell: findings, claims, and the money they are about, each line of a claim once.

In:   failed findings, those of a claim one after the other.    Out: `Failures`.
Uses: summary.charges.                                          Used by: summary.tally.
Not here: where findings come from (tally.py).
"""

from collections import Counter, defaultdict
from typing import Final

from attrs import Factory, define, field

from sequela.engine.summary.charges import Lines, touched

HARD: Final = ("reject", "deny")
"""Outcomes by which a claim, or a line of it, is not paid."""


@define
class Failed:
    """Counts of failed findings: how many, on how many claims, and the cents they are about."""

    findings: int = 0
    claims: int = 0
    cents: int = 0


@define
class Failures:
    """By rule and cell, and the claims as wholes by cell.

    `hard` are the cents of what is rejected or denied alone; `no_charge` counts claims of which a charge was not sent, `inexact`
    those in which a line may have counted twice.
    """

    by_rule: defaultdict[tuple[str, int], Failed] = field(factory=lambda: defaultdict(Failed))
    cents: Counter[int] = field(factory=Counter)
    hard: Counter[int] = field(factory=Counter)
    no_charge: int = 0
    inexact: int = 0
    _claim: tuple[int, int, int | None] | None = None
    _held: list[tuple[str, Lines, int | None, str | None]] = Factory(list)

    def add(
        self, claim: tuple[int, int, int | None], rule: str, lines: Lines, cents: int | None, outcome: str | None
    ) -> None:
        """Add a failed finding; `claim` is its claim's number, cell and total charge in cents."""
        if claim != self._claim:
            self.close()
            self._claim = claim
        self._held.append((rule, lines, cents, outcome))

    def close(self) -> None:
        """Count what is held of the last claim; the next finding is of another one."""
        if self._claim is None:
            return
        _, cell, total = self._claim
        self._claim = None
        held, self._held = self._held, []
        if len(held) == 1:
            self._count_one(cell, *held[0])
            return
        of_rules: dict[str, list[tuple[Lines, int | None]]] = {}
        for rule, lines, cents, _ in held:
            of_rules.setdefault(rule, []).append((lines, cents))
        for rule, found in of_rules.items():
            one = self.by_rule[rule, cell]
            one.findings += len(found)
            one.claims += 1
            one.cents += touched(found, total).cents
        whole = touched([(lines, cents) for _, lines, cents, _ in held], total)
        hard = [(lines, cents) for _, lines, cents, outcome in held if outcome in HARD]
        if hard:
            self.hard[cell] += whole.cents if len(hard) == len(held) else touched(hard, total).cents
        self.cents[cell] += whole.cents
        self.no_charge += not whole.is_known
        self.inexact += not whole.is_exact

    def _count_one(self, cell: int, rule: str, _: Lines, cents: int | None, outcome: str | None) -> None:
        """Count a claim's only failed finding: most claims that fail have one."""
        known = cents or 0
        one = self.by_rule[rule, cell]
        one.findings += 1
        one.claims += 1
        one.cents += known
        self.cents[cell] += known
        self.hard[cell] += known if outcome in HARD else 0
        self.no_charge += cents is None
