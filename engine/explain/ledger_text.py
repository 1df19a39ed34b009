"""Ledger text: one claim as `check` prints it.

In:   a ledger.                 Out: a text.
Uses: text_layout, entries.     Used by: as_text, commands.
Not here: the explanation of one entry (as_text).
"""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Final

from msgspec import Struct

from sequela.engine.evaluate.verdict import Status
from sequela.engine.explain.entries import Entry
from sequela.engine.explain.fact_words import joined
from sequela.engine.explain.text_layout import (
    WIDTH,
    headline,
    status_style,
    status_word,
    styled,
    subject_words,
    wrapped,
)

_TABLES_NAMED: Final = 4
"""So many tables that are not loaded are named in the line of a claim."""
_HISTORY: Final = (("/history/complete",),)
"""What an entry lacks that only the rest of the history would settle."""

if TYPE_CHECKING:
    from sequela.engine.explain.ledger import Ledger


def render_ledger(
    ledger: "Ledger",
    colour: bool = False,
    all: bool = False,  # noqa: A002  the name of the option
    only: Sequence[str] = (),
    only_failures: bool = False,
) -> str:
    """One claim as `check` prints it: a line when it is clean, else its entries below it; no newline at the end.

    With `only_failures` or `only` a claim of which there is nothing to show gives the empty text.
    """
    entries = ledger.listed(all=all, only=only, only_failures=only_failures)
    if (only_failures or only) and not entries:
        return ""
    lines = [_head(ledger, colour)]
    together = [] if all else [group for group in waiting_alike(entries) if len({entry.rule for entry in group}) > 1]
    told = {id(entry) for group in together for entry in group}
    for folded in _folded([entry for entry in entries if id(entry) not in told]):
        lines.extend(_shown(folded, colour))
    lines.extend(left_open_alike(group, colour) for group in together)
    return "\n".join(lines)


def _head(ledger: "Ledger", colour: bool) -> str:
    rules = ledger.payer_rules or f"rulesets alone{passed_over(ledger)}"
    name = styled(" ".join(ledger.encounter_id.split()), "strong", colour)
    if not ledger.selection.rules:
        return f"{name}  {styled('NOT CHECKED: no rule ran', 'doubt', colour)}"
    if ledger.clean:
        return f"{name}  {rules}  {styled('clean', 'good', colour)}"
    word = ledger.outcome.upper()
    if ledger.open is not None:
        word = f"{word} ({ledger.open} left open)"
    style = "doubt" if ledger.outcome == "undecided" else "bad"
    return f"{name}  {rules}  {styled(word, style, colour)}"


def passed_over(ledger: "Ledger") -> str:
    """Which payers stood for the payer id, but not for the setting, in parentheses; empty where there are none."""
    if not ledger.passed_over:
        return ""
    verb = "is" if len(ledger.passed_over) == 1 else "are"
    return f" ({joined(ledger.passed_over)} {verb} not for {ledger.encounter_setting} claims)"


class _Folded(Struct, frozen=True):
    """Entries of one rule that say the same for the same reason."""

    entries: list[Entry]

    @property
    def first(self) -> Entry:
        return self.entries[0]


def _folded(entries: Sequence[Entry]) -> Iterator[_Folded]:
    """Failures each by itself; everything else folded where rule, status and reason agree."""
    found: dict[tuple[str, ...], _Folded] = {}
    for number, entry in enumerate(entries):
        failed = entry.verdict.status is Status.FAIL
        key = (str(number),) if failed else (entry.rule, entry.status, entry.reason)
        found.setdefault(key, _Folded([])).entries.append(entry)
    yield from found.values()


def waiting_alike(entries: Sequence[Entry]) -> list[list[Entry]]:
    """Entries that wait for the same: an open history, or tables that are not loaded. Each group is said in one line."""
    without_history = [entry for entry in entries if _lacks_only_history(entry)]
    return [without_history, [entry for entry in entries if _lacks_only_tables(entry)]]


def _lacks_only_history(entry: Entry) -> bool:
    """Whether an entry waits for the rest of the history and for nothing else: most claims are sent without one."""
    return entry.verdict.status is Status.UNKNOWN and entry.missing == _HISTORY


def _lacks_only_tables(entry: Entry) -> bool:
    """Whether an entry waits for tables that are not loaded, and no other: true of every claim, so said in one line.

    Facts that it lacks besides are said when the tables are there: before, nobody can tell whether they matter.
    """
    if entry.verdict.status is not Status.NOT_CHECKED:
        return False
    waits_for = entry.waits_for
    return bool(waits_for.gaps) and not any(gap.loaded for gap in waits_for.gaps)


def left_open_alike(entries: Sequence[Entry], colour: bool, more: str = "--all names them") -> str:
    """What several rules wait for, in one line after all that was found: how many rules, what is missing, how to see `more`."""
    first = entries[0]
    word = styled(status_word(first), status_style(first), colour)
    said = first.reason if first.verdict.status is Status.UNKNOWN else _not_loaded(entries)
    return f"  {word}  {len({entry.rule for entry in entries})} rules: {said} ({more})"


def _not_loaded(entries: Sequence[Entry]) -> str:
    tables = list(dict.fromkeys(gap.table for entry in entries for gap in entry.waits_for.gaps))
    if len(tables) > _TABLES_NAMED:
        return f"{len(tables)} tables are not loaded"
    return f"table {tables[0]} is not loaded" if len(tables) == 1 else f"tables {joined(tables)} are not loaded"


def _shown(folded: _Folded, colour: bool) -> Iterator[str]:
    entry = folded.first
    if len(folded.entries) == 1:
        yield "  " + headline(entry, colour)
    else:
        word = styled(status_word(entry), status_style(entry), colour)
        where = "; ".join(subject_words(one.subjects, one.about) for one in folded.entries)
        first, *rest = wrapped(f"{status_word(entry)}  {entry.rule}  {where}", WIDTH - 2, 2)
        yield first.replace(status_word(entry), word, 1).replace(entry.rule, styled(entry.rule, "strong", colour), 1)
        yield from ("    " + line.strip() for line in rest)
    said = entry.message if entry.verdict.status is Status.FAIL else entry.reason
    yield from wrapped(said, WIDTH, 4)
