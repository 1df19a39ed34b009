"""Text layout: columns, wrapping and colour.

In:   rows of words.      Out: lines.
Uses: entries, labels.    Used by: as_text, ledger_text.
Not here: which rows there are (as_text).
"""

import re
import textwrap
from collections.abc import Iterator, Sequence
from typing import Final

from msgspec import Struct

from sequela.engine.encounter.member import Member
from sequela.engine.evaluate.verdict import Group, Status, Subject, UnknownRow
from sequela.engine.explain.entries import Entry
from sequela.engine.explain.labels import named
from sequela.engine.tables.model import Row as TableRow

WIDTH: Final = 100
_WORDS: Final = 46
_QUANTIFIER: Final = re.compile(r"(unless |forbidden when |bypass when |only when )?(some|every|no|at least|at most) ")
_STYLES: Final = {"strong": "1", "bad": "31", "good": "32", "doubt": "33", "quiet": "2"}
_STATUS_STYLES: Final = {
    Status.FAIL: "bad",
    Status.ERROR: "bad",
    Status.UNKNOWN: "doubt",
    Status.NOT_CHECKED: "doubt",
    Status.PASS: "good",
    Status.BYPASSED: "doubt",
    Status.NOT_APPLICABLE: "quiet",
}


class Row(Struct, frozen=True):
    """One line of a section: its value, the author's words, the fact that decided, and how deep it stands."""

    value: str
    words: str
    fact: str
    depth: int


def styled(text: str, style: str, colour: bool) -> str:
    """The text in a style (strong, bad, good, doubt, quiet) where colour is wanted."""
    return f"\x1b[{_STYLES[style]}m{text}\x1b[0m" if colour and text else text


def wrapped(text: str, width: int, indent: int) -> list[str]:
    """A text in lines of at most `width` characters, each after `indent` blanks."""
    blanks = " " * indent
    room = max(width - indent, 20)
    return [blanks + line for line in textwrap.wrap(text, room, break_on_hyphens=False)] or [blanks]


def sentence(text: str) -> str:
    """A text with a full stop, where it ends without a mark of its own."""
    return text if text.endswith((".", "?", "!", ":")) else f"{text}."


def shortened(words: str, room: int, lines: int = 3) -> list[str]:
    """The author's words in a few lines of `room` characters: a collection without its `where`; … for what is cut."""
    if len(words) > room and _QUANTIFIER.match(words):
        head, where, _ = words.partition(" where ")
        words = f"{head} …" if where else words
    found = textwrap.wrap(words, room, break_on_hyphens=False)
    if len(found) > lines:
        last = found[lines - 1][: room - 2]
        found = [*found[: lines - 1], (last[: last.rindex(" ")] if " " in last else last).rstrip(" (,") + " …"]
    return found


def status_word(entry: Entry) -> str:
    """How an entry is headed: the outcome of a failure, else the status."""
    if entry.verdict.status is Status.FAIL and entry.outcome is not None:
        return entry.outcome.upper()
    return entry.status.upper()


def status_style(entry: Entry) -> str:
    """The colour of an entry."""
    return _STATUS_STYLES[entry.verdict.status]


def subject_words(subjects: Sequence[Subject], about: Sequence[str]) -> str:
    """The subjects with their codes, first those that it is about: "line 2 · G0105, with line 1 · G0104"."""
    members = [one for one in subjects if not isinstance(one.bound, TableRow | UnknownRow)]
    first = [one for one in members if _pointers(one) & set(about)]
    rest = [one for one in members if one not in first]
    if not first:
        first, rest = rest, []
    words = ", ".join(named(one.bound, one.kind) for one in first) or "the claim"
    others = ", ".join(named(one.bound, one.kind) for one in rest)
    return f"{words}, with {others}" if others else words


def _pointers(subject: Subject) -> set[str]:
    match subject.bound:
        case Member() as member:
            return {member.pointer}
        case Group(lines=lines):
            return {line.pointer for line in lines}
        case _:
            return set()


def headline(entry: Entry, colour: bool, width: int = WIDTH, *right: str) -> str:
    """The first line of an entry: `DENY  MOD-25  line 1 · 99213 on 2026-03-02`, then the first of `right` that fits."""
    word = status_word(entry)
    where = subject_words(entry.subjects, entry.about) if entry.verdict.status is not Status.NOT_APPLICABLE else ""
    on = f" on {entry.governing_date.isoformat()}" if entry.governing_date else ""
    tail = f"  {where}{on}" if where else ""
    shown = f"{styled(word, status_style(entry), colour)}  {styled(entry.rule, 'strong', colour)}{tail}"
    room = width - len(f"{word}  {entry.rule}{tail}")
    fitting = next((one for one in right if len(one) + 2 <= room), None)
    return shown if fitting is None else f"{shown}{' ' * (room - len(fitting))}{styled(fitting, 'quiet', colour)}"


class Columns(Struct, frozen=True):
    """How wide the columns of an explanation are: values, words, and all together."""

    values: int
    words: int
    width: int


def columns_of(rows: Sequence[Row], width: int) -> Columns:
    """Columns in which these rows have room."""
    beside = [len(row.words) + 2 * row.depth for row in rows if row.fact]
    room = min(_WORDS, max(24, (width - 12) // 2))
    return Columns(max([3, *(len(row.value) for row in rows)]), min(room, max(beside, default=room)), width)


def laid_out(rows: Sequence[Row], columns: Columns, colour: bool) -> Iterator[str]:
    """Rows in three columns: the value, the words, and the fact, which goes on below itself."""
    values, words, width = columns.values, columns.words, columns.width
    start = 4 + values + 2
    for row in rows:
        inset = "  " * row.depth
        value = styled(f"{row.value:<{values}}", _value_style(row.value), colour)
        said = shortened(row.words, (words if row.fact else width - start) - len(inset))
        facts = [one.strip() for one in wrapped(row.fact, width, start + words + 2)] if row.fact else []
        for number in range(max(len(said), len(facts))):
            left = inset + said[number] if number < len(said) else ""
            right = facts[number] if number < len(facts) else ""
            opening = f"    {value}  " if number == 0 else " " * start
            yield f"{opening}{left:<{words}}  {right}".rstrip()


def _value_style(value: str) -> str:
    return "doubt" if value in ("unknown", "not checked") else "strong"
