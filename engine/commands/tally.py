"""The table at the end of `check`: claims by outcome, findings by rule.

In:   ledgers, one after the other, or counts.    Out: a text.
Uses: explain.ledger, batch.tally, screen.        Used by: commands.check, commands.batch.
"""

import sys
from collections import Counter
from collections.abc import Sequence
from typing import Final

from sequela.engine.batch.tally import ChunkTally
from sequela.engine.commands.absent import NOT_THERE
from sequela.engine.commands.screen import screen_width, styled
from sequela.engine.diagnostics.suggest import listed
from sequela.engine.explain.ledger import Ledger
from sequela.engine.model.heads import heads_of
from sequela.engine.pipeline.absent import files_not_there
from sequela.engine.pipeline.rulebook import Rulebook

_COUNTED: Final = ("fail", "unknown", "not checked", "bypassed", "error")
_NAMED: Final = 3
"""So many tables that are not loaded are named below the table; more are counted."""


class Tally:
    """Counts; no claim is kept. With `only`, the findings of these rules alone are listed; with `only_failures`, failures."""

    def __init__(self, rulebook: Rulebook, only: Sequence[str] = (), *, only_failures: bool = False) -> None:
        self._only = frozenset(only)
        self._statuses = ("fail", "error") if only_failures else _COUNTED
        self._has_payers = bool(rulebook.payers)
        self._not_loaded = [one.at.span.text for one in rulebook.warnings if one.code == NOT_THERE]
        self._files_not_there = files_not_there(rulebook.rules, rulebook.tables)
        self._selections = tuple(rulebook.rules.selections.values())
        self._claims = 0
        self._unreadable = 0
        self._undecidable = 0
        self._lost = 0
        self._outcomes: Counter[str] = Counter()
        self._findings: Counter[tuple[str, str]] = Counter()
        self._flagged: Counter[str] = Counter()
        self._without_payer: Counter[str] = Counter()
        self._passed_over: Counter[tuple[str, ...]] = Counter()
        self._without_rules: Counter[str] = Counter()

    @property
    def any(self) -> bool:
        """Whether a claim was decided."""
        return self._claims > 0

    def add(self, ledger: Ledger) -> None:
        """Count one claim."""
        self._claims += 1
        if not ledger.selection.rules:
            self._without_rules[ledger.payer_id or "none named"] += 1
            return
        self._outcomes["clean" if ledger.clean else ledger.outcome] += 1
        if ledger.passed_over:
            self._passed_over[ledger.encounter_setting, *ledger.passed_over] += 1
        elif ledger.payer_rules is None:
            self._without_payer[ledger.payer_id or "none named"] += 1
        found = [
            (verdict.rule.id, verdict.status.value)
            for verdict in ledger.found  # what is counted is never a pass
            if verdict.status.value in self._statuses and (not self._only or verdict.rule.id in self._only)
        ]
        self._findings.update(found)
        self._flagged.update({rule for rule, _ in found})

    def take(self, counted: ChunkTally) -> None:
        """Count what was counted elsewhere."""
        self._claims += counted.claims
        self._unreadable += counted.unread
        self._undecidable += counted.undecided
        self._lost += counted.lost
        self._outcomes.update(counted.outcomes)
        self._passed_over.update(counted.passed_over)
        self._without_payer.update(counted.without_payer)
        self._without_rules.update(counted.without_rules)
        shown = {
            (rule, status): count
            for (rule, status), count in counted.findings.items()
            if status in self._statuses and (not self._only or rule in self._only)
        }
        self._findings.update(shown)
        self._flagged.update({rule: counted.flagged[rule] for rule in dict.fromkeys(rule for rule, _ in shown)})

    def unreadable(self) -> None:
        """Count a claim, or the rest of a file, that could not be read."""
        self._unreadable += 1

    def undecidable(self) -> None:
        """Count a claim that was read, and of which nobody can say whose rules it meets."""
        self._undecidable += 1

    def says(self) -> list[str]:
        """What there is to say of whose rules ran: sentences."""
        said: list[str] = []
        if self._without_rules:
            count = self._without_rules.total()
            claims = "1 claim" if count == 1 else f"{count:,} claims"
            said.append(
                f"No rule ran on {claims}: nothing was checked there. There are no rulesets among the rules, and no payer "
                f"of that id. Payer ids: {_most(self._without_rules)}"
            )
        if self._without_payer and self._has_payers:
            said.append(
                f"No payer's rules matched these claims, only the rulesets ran. Payer ids: {_most(self._without_payer)}"
            )
        for (setting, *names), count in sorted(self._passed_over.items()):
            verb = "is" if len(names) == 1 else "are"
            claims = "1 claim" if count == 1 else f"{count:,} claims"
            said.append(f"{listed(names)} {verb} not for {setting} claims: only the rulesets ran on {claims}.")
        if self._not_loaded and any(status == "not checked" for _, status in self._findings):
            one = len(self._not_loaded) == 1
            tables = f"{'Table' if one else 'Tables'} {listed(self._not_loaded)} {'is' if one else 'are'} not loaded"
            if len(self._not_loaded) > _NAMED:
                count = len(self._files_not_there)
                tables = "1 table is not loaded" if count == 1 else f"{count} tables are not loaded"
            said.append(f"{tables}: name the folder of the files with --data; `sequela tables` says what to fetch.")
        return said

    def table(self, *, colour: bool, most: int = sys.maxsize) -> str:
        """The table a supervisor reads: how many claims, how they came out, and which rules found what: so many of them."""
        lines = [styled("Summary", "strong", colour)]
        share = f" ({_share(self._outcomes['clean'], self._claims)})" if self._claims else ""
        rows = [("claims checked", f"{self._claims:,}"), ("clean", f"{self._outcomes['clean']:,}{share}")]
        order = ("reject", "deny", "review", "query", "warn", "note", "undecided", "pass")
        rows.extend((_OUTCOMES[one], f"{self._outcomes[one]:,}") for one in order if self._outcomes[one])
        for name, count in (
            ("not checked: no rule ran", self._without_rules.total()),
            ("not checked: several payers match", self._undecidable),
            ("could not be read", self._unreadable),
            ("left out: the process ended over it", self._lost),
        ):
            if count:
                rows.append((name, f"{count:,}"))
        lines.extend(f"  {name:<38}{count:>12}" for name, count in rows)
        lines.extend(self._by_rule(colour, most))
        for sentence in self.says():
            lines += ["", sentence]
        return "\n".join(lines)

    def _by_rule(self, colour: bool, most: int) -> list[str]:
        every = sorted({rule for rule, _ in self._findings}, key=self._weight)
        waiting = [rule for rule in every if self._not_loaded and self._is_only_unchecked(rule)]
        every = [rule for rule in every if rule not in waiting]
        rules = every[:most]
        were = "rule was" if len(waiting) == 1 else "rules were"
        counted = f"  {len(waiting):,} {were} only not checked; --only RULE lists one"
        if not rules:
            return ["", counted] if waiting else []
        width = max(len(rule) for rule in rules)
        used = [status for status in _COUNTED if any(self._findings[rule, status] for rule in rules)]
        head = f"  {'rule':<{width}}" + "".join(f"  {status:>11}" for status in used) + "  claims  title"
        lines = ["", styled("Findings by rule", "strong", colour), styled(head, "quiet", colour)]
        for rule in rules:
            counts = "".join(
                f"  {self._findings[rule, status] or '-':>11,}" if self._findings[rule, status] else f"  {'-':>11}"
                for status in used
            )
            row = f"  {rule:<{width}}{counts}  {self._flagged[rule]:>6,}  "
            title = self._title_of(rule)
            room = max(20, screen_width() - len(row))
            lines.append(row + (title if len(title) <= room else title[: room - 1].rstrip() + "…"))
        if len(every) > most:
            lines.append(f"  … and {len(every) - most:,} more rules")
        return [*lines, counted] if waiting else lines

    def _title_of(self, rule: str) -> str:
        """The title of a rule; that of a payer's own rule rather than of a ruleset's."""
        for selection in reversed(self._selections):
            for at, head in enumerate(heads_of(selection.rules)):
                if head.id == rule:
                    segments = selection.rules[at].segments
                    return segments[-1].version.title if segments else ""
        return ""

    def _is_only_unchecked(self, rule: str) -> bool:
        """Whether a rule that was not asked for by name was nowhere more than not checked."""
        counts = {status for status in _COUNTED if self._findings[rule, status]}
        return counts == {"not checked"} and rule not in self._only

    def _weight(self, rule: str) -> tuple[int, int, str]:
        return (-self._findings[rule, "fail"], -sum(self._findings[rule, status] for status in _COUNTED), rule)


def _share(part: int, whole: int) -> str:
    """A part in percent; one that is not all or nothing never reads as if it were.

    >>> _share(908, 912), _share(7, 12), _share(12, 12)
    ('99.6%', '58%', '100%')
    """
    rounded = f"{part / whole:.0%}"
    return f"{part / whole:.1%}" if 0 < part < whole and rounded in ("0%", "100%") else rounded


def _most(counted: Counter[str]) -> str:
    named = ", ".join(f"{name} ({count:,})" for name, count in counted.most_common(5))
    return f"{named}, …" if len(counted) > 5 else named


_OUTCOMES: Final = {
    "reject": "rejected: the claim goes back",
    "deny": "denied: a line is not payable",
    "review": "to be reviewed by a person",
    "query": "the provider is asked",
    "warn": "with a warning",
    "note": "with a note",
    "undecided": "undecided: not known, or not checked",
    "pass": "passed, with something let through",
}
