"""As text: ledgers and explanations for a terminal or a file.

In:   ledgers, entries, explanations.     Out: texts.
Uses: labels, entries.                    Used by: commands, explanation.
Not here: what is said (wording, reasons, tree).
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from sequela.engine.evaluate.verdict import Status
from sequela.engine.explain.entries import Entry
from sequela.engine.explain.labels import named

if TYPE_CHECKING:
    from sequela.engine.explain.explanation import Explanation
    from sequela.engine.explain.ledger import Ledger

_STYLES: Final = {"strong": "1", "bad": "31", "good": "32", "doubt": "33", "quiet": "2"}
WIDTH: Final = 100


def styled(text: str, style: str, colour: bool) -> str:
    """The text in a style (strong, bad, good, doubt, quiet) where colour is wanted."""
    return f"\x1b[{_STYLES[style]}m{text}\x1b[0m" if colour and text else text


def render_ledger(
    ledger: "Ledger",
    colour: bool = False,
    all: bool = False,  # noqa: A002  the name of the option
    only: Sequence[str] = (),
    only_failures: bool = False,
) -> str:
    """One claim as `check` prints it: a line when it is clean, else its entries below it; no newline at the end.

    With `only_failures` a claim without a failure gives the empty text.
    """
    entries = ledger.listed(all=all, only=only, only_failures=only_failures)
    if only_failures and not entries:
        return ""
    head = f"{styled(ledger.encounter_id, 'strong', colour)}  {ledger.payer_rules or 'rulesets alone'}"
    verdict = "clean" if ledger.clean else ledger.outcome.upper()
    lines = [f"{head}  {styled(verdict, 'good' if ledger.clean else 'bad', colour)}"]
    for entry in entries:
        lines.append("  " + headline(entry, colour))
        lines.append(f"    {entry.message if entry.verdict.status is Status.FAIL else entry.reason}")
    return "\n".join(lines)


def headline(entry: Entry, colour: bool) -> str:
    """The first line of an entry: `DENY  MOD-25  line 1 · 99213 on 2026-03-02`."""
    word = entry.outcome.upper() if entry.verdict.status is Status.FAIL and entry.outcome else entry.status.upper()
    where = ", ".join(named(one.bound, one.kind) for one in entry.subjects) or "the claim"
    on = f" on {entry.governing_date.isoformat()}" if entry.governing_date else ""
    return f"{styled(word, 'bad', colour)}  {styled(entry.rule, 'strong', colour)}  {where}{on}"


def render_explanation(explanation: "Explanation", colour: bool = False, width: int = WIDTH) -> str:
    """An explanation as `explain` prints it; no newline at the end."""
    entry = explanation.entry
    return "\n".join([headline(entry, colour), f"  {entry.message}", "", f"  {entry.reason}"])
