"""Ledger text: one claim as `check` prints it.

In:   a ledger.                 Out: a text.
Uses: text_layout, entries.     Used by: as_text, commands.
Not here: the explanation of one entry (as_text).
"""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from attrs import frozen

from sequela.engine.evaluate.verdict import Status
from sequela.engine.explain.entries import Entry
from sequela.engine.explain.text_layout import (
    WIDTH,
    headline,
    status_style,
    status_word,
    styled,
    subject_words,
    wrapped,
)

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
    for folded in _folded(entries):
        lines.extend(_shown(folded, colour))
    return "\n".join(lines)


def _head(ledger: "Ledger", colour: bool) -> str:
    rules = ledger.payer_rules or "rulesets alone"
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


@frozen
class _Folded:
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
