"""Figures: what a summary says, in the order in which it says it.

In:   a batch's folder.                                     Out: `Summary`, or an `InputProblem`.
Uses: summary.folder, summary.survey, summary.tally.        Used by: summary.as_text, as_json, as_html; commands.summary.
Not here: how it looks.

Amounts are whole cents.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Final

from attrs import define, frozen

from sequela.engine.diagnostics.model import InputProblem
from sequela.engine.summary.facts import FactName, fact_name
from sequela.engine.summary.folder import BatchFolder, open_batch
from sequela.engine.summary.parts import PartUnreadable
from sequela.engine.summary.survey import Survey, survey
from sequela.engine.summary.tally import Rejected, Tally, tally

OUTCOMES: Final = ("clean", "reject", "deny", "review", "query", "warn", "note", "undecided", "pass", "none")
"""How a claim came out, in the order in which they are listed; `none`: no rule ran."""


@define(kw_only=True)
class Split:
    """Figures of the claims of one payer, provider or month, or of all.

    `findings` are failed ones, `touched` the cents they are about, `hard`
    those of what is rejected or denied.
    """

    name: str
    claims: int = 0
    judged: int = 0
    clean: int = 0
    failing: int = 0
    open: int = 0
    findings: int = 0
    touched: int = 0
    hard: int = 0
    cents: int = 0

    @property
    def rate(self) -> float | None:
        """The share of clean claims among those on which rules ran; None where there is none."""
        return self.clean / self.judged if self.judged else None


@define(kw_only=True)
class RuleRow:
    """What a rule found.

    `claims` are those on which it failed; `outcome` and `adjustment` the most frequent ones of its failures.
    """

    rule: str
    title: str
    ruleset: str
    phase: str
    outcome: str | None
    adjustment: str | None
    findings: int = 0
    claims: int = 0
    touched: int = 0
    unknown: int = 0
    not_checked: int = 0
    bypassed: int = 0
    error: int = 0


@frozen(kw_only=True)
class FactRow:
    """A fact that is not known: how many findings wait for it, and how many of them it would decide by itself."""

    pointer: str
    name: FactName
    findings: int
    alone: int
    rules: tuple[str, ...]


@frozen(kw_only=True)
class TableRow:
    """A table that could not be asked: how many findings wait for it; days that it does not cover, none if it is not loaded."""

    table: str
    findings: int
    rules: int
    days: tuple[str, ...]


@frozen(kw_only=True)
class RejectRow:
    """What was wrong with inputs, by code."""

    code: str
    fatal: bool
    found: Rejected


@frozen(kw_only=True)
class Summary:
    """All of it. Rankings hold the highest first; months stand in order."""

    folder: BatchFolder
    survey: Survey
    tally: Tally
    total: Split
    outcomes: tuple[tuple[str, int], ...]
    rules: tuple[RuleRow, ...]
    payers: tuple[Split, ...]
    providers: tuple[Split, ...]
    months: tuple[Split, ...]
    facts: tuple[FactRow, ...]
    tables: tuple[TableRow, ...]
    rejects: tuple[RejectRow, ...]

    @property
    def rejected(self) -> int:
        """How many claims, or rests of files, could not be decided."""
        return self.tally.rejected_claims

    @property
    def failed_rules(self) -> tuple[RuleRow, ...]:
        """The rules that failed on some claim."""
        return tuple(one for one in self.rules if one.findings)


def summarize(path: Path) -> Summary | InputProblem:
    """Read a batch's folder, and say what is in it; or why that cannot be done."""
    folder = open_batch(path)
    if isinstance(folder, InputProblem):
        return folder
    try:
        found = survey(folder.parts)
        counted = tally(folder.parts, found.axes())
    except PartUnreadable as error:
        return error.problem
    return Summary(
        folder=folder,
        survey=found,
        tally=counted,
        total=_total(counted),
        outcomes=_outcomes(counted),
        rules=_rules(counted),
        payers=_ranked(_splits(counted, 0, counted.axes.payer_names())),
        providers=_ranked(_splits(counted, 1, counted.axes.provider_names())),
        months=tuple(_splits(counted, 2, counted.axes.month_names())),
        facts=_facts(counted),
        tables=_tables(counted),
        rejects=_rejects(counted),
    )


def _total(counted: Tally) -> Split:
    return next(iter(_grouped(counted, lambda _: 0, ("all",))), Split(name="all"))


def _splits(counted: Tally, axis: int, names: Sequence[str]) -> list[Split]:
    return _grouped(counted, lambda cell: counted.axes.parts_of(cell)[axis], names)


def _grouped(counted: Tally, number: Callable[[int], int], names: Sequence[str]) -> list[Split]:
    """Figures by a number of the cell, in the order of the numbers; those without a claim are left out."""
    made: dict[int, Split] = {}
    for cell, one in counted.claims.items():
        place = number(cell)
        row = made.get(place)
        if row is None:
            row = made[place] = Split(name=names[place])
        row.claims += one.claims
        row.judged += one.judged
        row.clean += one.clean
        row.failing += one.failing
        row.open += one.open
        row.cents += one.cents
    for (_, cell), failed in counted.failures.by_rule.items():
        made[number(cell)].findings += failed.findings
    for cell, cents in counted.failures.cents.items():
        made[number(cell)].touched += cents
    for cell, cents in counted.failures.hard.items():
        made[number(cell)].hard += cents
    return [made[place] for place in sorted(made)]


def _ranked(rows: list[Split]) -> tuple[Split, ...]:
    """The most failing claims first; those that are counted together last."""
    return tuple(sorted(rows, key=lambda one: (one.name.startswith("other "), -one.failing, -one.claims, one.name)))


def _outcomes(counted: Tally) -> tuple[tuple[str, int], ...]:
    found: Counter[str] = Counter()
    for (outcome, _), count in counted.outcomes.items():
        found[outcome] += count
    order = [*OUTCOMES, *sorted(found.keys() - set(OUTCOMES))]
    return tuple((one, found[one]) for one in order if found[one])


def _rules(counted: Tally) -> tuple[RuleRow, ...]:
    rows = {
        rule: RuleRow(
            rule=rule,
            title=one.title,
            ruleset=one.ruleset,
            phase=one.phase,
            outcome=_first(one.outcomes),
            adjustment=_first(one.adjustments),
        )
        for rule, one in counted.rules.items()
    }
    for (rule, _), failed in counted.failures.by_rule.items():
        row = rows[rule]
        row.findings += failed.findings
        row.claims += failed.claims
        row.touched += failed.cents
    for (status, rule, _), count in counted.open.items():
        name = status.replace(" ", "_")
        setattr(rows[rule], name, getattr(rows[rule], name) + count)
    waiting = {rule: row.unknown + row.not_checked + row.error for rule, row in rows.items()}
    return tuple(sorted(rows.values(), key=lambda one: (-one.findings, -waiting[one.rule], one.rule)))


def _first(counted: Counter[str]) -> str | None:
    return min(counted, key=lambda one: (-counted[one], one), default=None)


def _facts(counted: Tally) -> tuple[FactRow, ...]:
    found, alone = _over_cells(counted.facts.items()), _over_cells(counted.alone.items())
    rows = [
        FactRow(
            pointer=fact,
            name=fact_name(fact),
            findings=count,
            alone=alone[fact],
            rules=tuple(sorted(counted.fact_rules[fact], key=lambda one: (-counted.fact_rules[fact][one], one))),
        )
        for fact, count in found.items()
    ]
    return tuple(sorted(rows, key=lambda one: (-one.findings, one.pointer)))


def _tables(counted: Tally) -> tuple[TableRow, ...]:
    days = sorted(counted.uncovered_days)
    rows = [
        TableRow(
            table=table,
            findings=count,
            rules=len(counted.gap_rules[table]),
            days=tuple(day for name, day in days if name == table),
        )
        for table, count in _over_cells(counted.gaps.items()).items()
    ]
    return tuple(sorted(rows, key=lambda one: (-one.findings, one.table)))


def _over_cells(items: Iterable[tuple[tuple[str, int], int]]) -> Counter[str]:
    found: Counter[str] = Counter()
    for (name, _), count in items:
        found[name] += count
    return found


def _rejects(counted: Tally) -> tuple[RejectRow, ...]:
    rows = [RejectRow(code=code, fatal=fatal, found=one) for (code, fatal), one in counted.rejected.items()]
    return tuple(sorted(rows, key=lambda one: (not one.fatal, -one.found.rows, one.code)))
