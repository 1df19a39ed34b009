"""The table at the end of `check`: claims by outcome, findings by rule.

In:   ledgers, one after the other.    Out: a text.
Uses: explain.ledger, screen.          Used by: commands.check.
"""

from collections import Counter
from typing import Final

from sequela.engine.commands.screen import styled
from sequela.engine.explain.ledger import Ledger
from sequela.engine.pipeline.rulebook import Rulebook

_COUNTED: Final = ("fail", "unknown", "not checked", "bypassed", "error")
_WIDTH: Final = 100


class Tally:
    """Counts; no claim is kept."""

    def __init__(self, rulebook: Rulebook) -> None:
        self._titles = {
            rule.id: (rule.segments[-1].version.title if rule.segments else "")
            for selection in rulebook.rules.selections.values()
            for rule in selection.rules
        }
        self._claims = 0
        self._unreadable = 0
        self._outcomes: Counter[str] = Counter()
        self._findings: Counter[tuple[str, str]] = Counter()
        self._flagged: Counter[tuple[str, str]] = Counter()
        self._without_payer: Counter[str] = Counter()

    def add(self, ledger: Ledger) -> None:
        """Count one claim."""
        self._claims += 1
        self._outcomes["clean" if ledger.clean else ledger.outcome] += 1
        if ledger.payer_rules is None:
            self._without_payer[ledger.payer_id or "none named"] += 1
        seen: set[tuple[str, str]] = set()
        for verdict in ledger.verdicts:
            status = verdict.status.value
            if status in _COUNTED:
                key = (verdict.rule.id, status)
                self._findings[key] += 1
                if key not in seen:
                    seen.add(key)
                    self._flagged[key] += 1

    def unreadable(self) -> None:
        """Count a claim, or the rest of a file, that could not be read."""
        self._unreadable += 1

    def table(self, *, colour: bool) -> str:
        """The table a supervisor reads: how many claims, how they came out, and which rules found what."""
        lines = [styled("Summary", "strong", colour)]
        share = f" ({self._outcomes['clean'] / self._claims:.0%})" if self._claims else ""
        rows = [("claims checked", f"{self._claims:,}"), ("clean", f"{self._outcomes['clean']:,}{share}")]
        order = ("reject", "deny", "review", "query", "warn", "note", "undecided", "pass")
        rows.extend((_OUTCOMES[one], f"{self._outcomes[one]:,}") for one in order if self._outcomes[one])
        if self._unreadable:
            rows.append(("could not be read", f"{self._unreadable:,}"))
        lines.extend(f"  {name:<38}{count:>12}" for name, count in rows)
        lines.extend(self._by_rule(colour))
        if self._without_payer:
            payers = ", ".join(f"{payer} ({count:,})" for payer, count in self._without_payer.most_common(5))
            lines += ["", f"No payer's rules matched these claims, only the rulesets ran. Payer ids: {payers}"]
        return "\n".join(lines)

    def _by_rule(self, colour: bool) -> list[str]:
        rules = sorted({rule for rule, _ in self._findings}, key=self._weight)
        if not rules:
            return []
        width = max(len(rule) for rule in rules)
        used = [status for status in _COUNTED if any(self._findings[rule, status] for rule in rules)]
        head = f"  {'rule':<{width}}" + "".join(f"  {status:>11}" for status in used) + "  claims  title"
        lines = ["", styled("Findings by rule", "strong", colour), styled(head, "quiet", colour)]
        for rule in rules:
            counts = "".join(
                f"  {self._findings[rule, status] or '-':>11,}" if self._findings[rule, status] else f"  {'-':>11}"
                for status in used
            )
            claims = max(self._flagged[rule, status] for status in used)
            row = f"  {rule:<{width}}{counts}  {claims:>6,}  "
            title = self._titles.get(rule, "")
            room = max(20, _WIDTH + width - len(row))
            lines.append(row + (title if len(title) <= room else title[: room - 1].rstrip() + "…"))
        return lines

    def _weight(self, rule: str) -> tuple[int, int, str]:
        return (-self._findings[rule, "fail"], -sum(self._findings[rule, status] for status in _COUNTED), rule)


_OUTCOMES: Final = {
    "reject": "rejected: the claim goes back",
    "deny": "denied: a line is not payable",
    "review": "to be reviewed by a person",
    "query": "the provider is asked",
    "warn": "with a warning",
    "note": "with a note",
    "undecided": "undecided: something is not known",
    "pass": "passed, with something let through",
}
