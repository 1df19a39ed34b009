"""References: the codes that a note of the tabular list names, read from its text.

In:   the text of a note.                        Out: `read_references`, `References`.
Uses: tables.codes, imports.icd10cm.space, qualifiers.    Used by: excludes, sequencing.
Not here: what the note asks (excludes, sequencing).

Codes stand in parentheses at the end of most notes (`(G45.-)`, `(J60-J70)`, `(E08-E13 with .52)`), in some without them. Where
a parenthesis holds codes, codes outside it are part of a name (`tuberculosis, any type in A15 (J65)`). What looks like a code and
is none (vitamin B12, influenza A/H1N1, G6PD) is kept as not resolved. A range holds all that the list has between its ends.
"""

import re
from collections.abc import Iterator
from typing import Final

from attrs import frozen

from sequela.engine.imports.icd10cm.qualifiers import entries_with, read_qualifier
from sequela.engine.imports.icd10cm.space import SYSTEM, Bits, Space
from sequela.engine.tables.codes import CodeRange, Entry, ExactCode, TextSet, UnderCode
from sequela.engine.vocabulary.systems import has_shape, normal

_CODE: Final = r"(?<![A-Za-z0-9.])[A-Z](?:[0-9][0-9A-Z]|[A-Z][0-9])[0-9A-Z]*(?:\.[0-9A-Z]+)*"
_ITEM: Final = re.compile(rf"({_CODE})(?:\.?-?\s*(?:-|\bto\b)\s*({_CODE}))?\.?-?")
_GROUP: Final = re.compile(r"\(([^()]*)\)(\s*with [^()]*character [^()]*)?")
_WITH: Final = re.compile(r"\bwith\s+(.*)", re.DOTALL)

MISPRINTS: Final = {
    # The same note stands elsewhere in the list with its commas.
    "(I69.01-I69.11-, I69.21-I69.31-, I69.81- I69.91-)": "(I69.01-, I69.11-, I69.21-, I69.31-, I69.81-, I69.91-)",
    "}": ")",
    "–": "-",
}
"""What is printed wrong in the list, and what is meant."""


@frozen
class References:
    """The codes that a note names.

    `entries` are written as in a list cell; `unresolved` are words that look like codes and are none of this list.
    """

    entries: tuple[Entry, ...] = ()
    unresolved: tuple[str, ...] = ()

    def bits(self, space: Space) -> Bits:
        """The billable codes that are named."""
        return space.bits_of_set(self.written) if self.entries else 0

    @property
    def written(self) -> TextSet:
        """The codes as a list; only where there are any."""
        return TextSet(SYSTEM, self.entries)


def read_references(space: Space, text: str) -> References:
    """The codes that the text of a note names.

    >>> # "irritable bowel syndrome (K58.-)" names all below K58, "influenza A/H1N1 (J10.-)" all below J10
    """
    for wrong, right in MISPRINTS.items():
        text = text.replace(wrong, right)
    inside = [(match[1], match[2] or "") for match in _GROUP.finditer(text)]
    groups = [(part, after) for part, after in inside if any(_resolved(space, part))]
    if not groups and any(_resolved(space, text)):
        groups = [(text, "")]
    entries: dict[Entry, None] = {}
    for part, after in groups:
        entries.update(dict.fromkeys(_read_group(space, part + after)))
    unresolved = [code for match in _ITEM.finditer(text) for code in match.groups() if code and not _known(space, code)]
    return References(tuple(entries), tuple(code for code in unresolved if code[1].isdigit()))


def _read_group(space: Space, text: str) -> Iterator[Entry]:
    """The entries of one parenthesis; `with …` speaks of all items between it and the one before."""
    pending: list[Entry] = []
    matches = list(_ITEM.finditer(text))
    for at, match in enumerate(matches):
        pending.extend(_entries(space, match[1], match[2]))
        until = matches[at + 1].start() if at + 1 < len(matches) else len(text)
        words = _WITH.search(text[match.end() : until])
        if words is None:
            continue
        qualifier = read_qualifier(words[1].strip())
        yield from pending if qualifier is None else entries_with(space, pending, qualifier)
        pending = []
    yield from pending


def _entries(space: Space, low: str, high: str | None) -> tuple[Entry, ...]:
    """The entries of one item: a code, a code and all below it, or a range.

    Where the list has one end of a range no longer (`R10.1-R10.4-`), the order of text says what is meant.
    """
    first = normal(SYSTEM, low)
    last = first if high is None else normal(SYSTEM, high)
    if not (_known(space, low) and (high is None or _known(space, high))):
        return space.cover(space.bits_of(CodeRange(first, last, SYSTEM))) if high is not None else ()
    if last != first:
        return space.range_entries(first, last)
    return (ExactCode(first, SYSTEM) if space.is_billable(first) else UnderCode(first, SYSTEM),)


def _resolved(space: Space, text: str) -> Iterator[bool]:
    """For each item of a text, whether it names codes of the list."""
    return (_known(space, match[1]) for match in _ITEM.finditer(text))


def _known(space: Space, code: str) -> bool:
    bare = normal(SYSTEM, code)
    if "." not in code and len(bare) > 3:
        return False
    return has_shape(SYSTEM, bare) and space.exists(bare)
