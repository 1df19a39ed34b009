"""As text: a summary as a terminal shows it.

In:   a `Summary`, how wide a line may be.      Out: a text.
Uses: summary.figures, summary.words.           Used by: commands.summary.
Not here: colours and streams (commands).
"""

from collections.abc import Callable, Sequence
from typing import Final

from attrs import frozen

from sequela.engine.summary.figures import Split, Summary
from sequela.engine.summary.words import OUTCOME_WORDS, dollars, many, share

Strong = Callable[[str], str]
_BAR: Final = 20
_LEAST: Final = 24
"""A last column keeps at least so many characters, however narrow the screen."""


@frozen
class _Table:
    """A table: its heading, what its columns are called (those that begin with `>` hold numbers), its rows."""

    heading: str
    columns: Sequence[str]
    rows: Sequence[Sequence[str]]
    left_out: int = 0
    note: str = ""


def as_text(summary: Summary, top: int, width: int, strong: Strong = str) -> str:
    """The summary; rankings show `top` rows. `strong` makes a heading stand out."""
    lines = [strong("Claims"), *_claims(summary)]
    for table in _tables(summary, top):
        if table.rows:
            lines += ["", strong(table.heading), *_laid_out(table, width)]
    lines += [f"\n{one}" for one in notes(summary)]
    if summary.failed_rules:
        lines.append("\n`--as html --out FILE` writes a page that leads from each of these figures to the claims.")
    return "\n".join(lines)


def _claims(summary: Summary) -> list[str]:
    total = summary.total
    rows = [("claims decided", f"{total.claims:,}", "")]
    if total.judged:
        rows.append(("clean", f"{total.clean:,}", share(total.clean, total.judged)))
        rows.append(("with a failure", f"{total.failing:,}", share(total.failing, total.judged)))
        rows.append(("left open: not known, not checked", f"{total.open:,}", share(total.open, total.judged)))
    rows.append(("could not be read or decided", f"{summary.rejected:,}", ""))
    rows.append(("charges touched by failures", dollars(total.touched), _of_charges(total)))
    rows.append(("  of these rejected or denied", dollars(total.hard), ""))
    return [f"  {name:<36}{count:>14}  {more}".rstrip() for name, count, more in rows]


def _of_charges(total: Split) -> str:
    return f"{share(total.touched, total.cents)} of {dollars(total.cents)}" if total.cents else ""


def _tables(summary: Summary, top: int) -> list[_Table]:
    failed = summary.failed_rules
    return [
        _Table(
            "How the claims came out",
            ("outcome", ">claims", ">share"),
            [(OUTCOME_WORDS.get(one, one), f"{count:,}", share(count, summary.total.claims)) for one, count in summary.outcomes],
        ),
        _Table(
            "Failures by rule",
            ("rule", ">findings", ">claims", ">charges", "outcome", "title"),
            [
                (one.rule, f"{one.findings:,}", f"{one.claims:,}", dollars(one.touched), one.outcome or "", one.title)
                for one in failed[:top]
            ],
            max(0, len(failed) - top),
        ),
        _splits("By payer", "payer", summary.payers, top),
        _splits("By provider", "provider", summary.providers, top),
        _trend(summary),
        _Table(
            "What is not known most often",
            ("fact", ">findings", ">by it alone", "rules"),
            [
                (one.name.name, f"{one.findings:,}", f"{one.alone:,}", ", ".join(one.rules))
                for one in summary.facts[:top]
            ],
            max(0, len(summary.facts) - top),
            "By it alone: so many findings are decided once this one fact is known.",
        ),
        _Table(
            "Tables that could not be asked",
            ("table", ">findings", ">rules", "why"),
            [
                (one.table, f"{one.findings:,}", f"{one.rules:,}", why_not_there(one.days))
                for one in summary.tables[:top]
            ],
            max(0, len(summary.tables) - top),
            "`sequela tables` says which files and dates there are, and `sequela import` brings more.",
        ),
        _Table(
            "What was wrong with the input",
            ("code", ">rows", ">claims", "for example"),
            [(one.code, f"{one.found.rows:,}", f"{one.found.claims:,}", one.found.message) for one in summary.rejects[:top]],
            max(0, len(summary.rejects) - top),
            "`sequela help CODE` says what each means; the rest stands in the batch's rejects.",
        ),
    ]  # fmt: skip


def _splits(heading: str, name: str, rows: Sequence[Split], top: int) -> _Table:
    shown = [
        (one.name, f"{one.claims:,}", share(one.clean, one.judged), f"{one.failing:,}", dollars(one.touched))
        for one in rows[:top]
    ]
    return _Table(heading, (name, ">claims", ">clean", ">failing", ">charges"), shown, max(0, len(rows) - top))


def _trend(summary: Summary) -> _Table:
    rows = [
        (
            one.name,
            f"{one.claims:,}",
            share(one.clean, one.judged),
            f"{one.failing:,}",
            dollars(one.touched),
            "#" * round(_BAR * (one.rate or 0)),
        )
        for one in summary.months
    ]
    return _Table(
        "By month of service", ("month", ">claims", ">clean", ">failing", ">charges", "clean, 0 to 100%"), rows
    )


def why_not_there(days: Sequence[str]) -> str:
    """Why a table could not be asked: it is not loaded, or does not cover some days."""
    if not days:
        return "not loaded"
    dated = [day for day in days if day != "the date"]
    if not dated:
        return "does not cover the date"
    return (
        f"does not cover {dated[0]}"
        if len(dated) == 1
        else f"does not cover {many(len(dated), 'day')} from {dated[0]} to {dated[-1]}"
    )


def notes(summary: Summary) -> list[str]:
    """What is to be known with the figures: sentences."""
    said: list[str] = []
    if not summary.total.claims:
        said.append("No claim was decided.")
    if summary.tally.without_payer:
        said.append(
            f"No payer's rules matched {many(summary.tally.without_payer, 'claim')}: only the rulesets ran on them."
        )
    if summary.tally.unchecked:
        said.append(
            f"For {many(summary.tally.unchecked, 'claim')} some table could not be asked: what it decides was not checked, "
            "so that none of them counts as clean."
        )
    if summary.folder.only_failures:
        said.append(
            "The batch wrote failures only: what was not known or not checked is counted by claim, not by rule."
        )
    if summary.tally.failures.no_charge:
        said.append(
            f"A charge was not sent for {many(summary.tally.failures.no_charge, 'failing claim')}: it counts as nothing."
        )
    if summary.tally.failures.inexact:
        said.append(
            f"On {many(summary.tally.failures.inexact, 'claim')} the charges of single lines cannot be told apart: "
            "the amount is at most what is said."
        )
    if len(summary.survey.receipts) > 1:
        said.append("Not all claims were decided by the same rules and tables: the receipts differ.")
    return said


def _laid_out(table: _Table, width: int) -> list[str]:
    numeric = [name.startswith(">") for name in table.columns]
    head = [name.removeprefix(">") for name in table.columns]
    widths = [max(len(row[place]) for row in (head, *table.rows)) for place in range(len(head))]
    if not numeric[-1]:
        widths[-1] = max(_LEAST, width - 2 - sum(one + 2 for one in widths[:-1]))
    lines = [_line(row, widths, numeric) for row in (head, *table.rows)]
    if table.left_out:
        lines.append(f"  … and {table.left_out:,} more; --top N shows more of them.")
    if table.note:
        lines.append(f"  {table.note}")
    return lines


def _line(row: Sequence[str], widths: Sequence[int], numeric: Sequence[bool]) -> str:
    cells = [
        text.rjust(size) if number else _cut(text, size).ljust(size if place + 1 < len(row) else 0)
        for place, (text, size, number) in enumerate(zip(row, widths, numeric, strict=True))
    ]
    return ("  " + "  ".join(cells)).rstrip()


def _cut(text: str, size: int) -> str:
    return text if len(text) <= size else text[: size - 1].rstrip() + "…"
