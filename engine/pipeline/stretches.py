"""Stretches: a rule text cut where a line begins with a word that opens a declaration, without reading it.

In:   a rule text.    Out: `Stretch`es that cover it from the first declaration on, and their digests.
Uses: syntax.reserved.    Used by: pipeline.concerned.
Not here: whether a stretch holds one declaration (who parses it sees that).
"""

import re
from collections.abc import Iterable
from hashlib import blake2b
from typing import Final, NamedTuple

from sequela.engine.syntax.reserved import DECLARATION_WORDS

DIGEST: Final = 16
"""Bytes of a digest."""

WORDS: Final = tuple(sorted(DECLARATION_WORDS))
"""The words that open a stretch."""

_OPENS: Final = re.compile(rf"\n({'|'.join(WORDS)})[ \t]+([^\s#\"(),]+)")
_WORD: Final = re.compile(r"[A-Za-z][A-Za-z0-9]*(?:-[A-Za-z0-9]+)*")


class Stretch(NamedTuple):
    """From one opening word up to the next: `word` is the word, `name` what follows it."""

    start: int
    end: int
    word: str
    name: str


def stretches(text: str) -> list[Stretch]:
    """The stretches of a text, in order."""
    found = [(match.start(1), match[1], match[2]) for match in _OPENS.finditer(text)]
    first = _OPENS.match("\n" + text[: text.find("\n") + 1 or None])
    if first is not None:
        found.insert(0, (0, first[1], first[2]))
    ends = [start for start, _, _ in found[1:]]
    return [
        Stretch(start, end, word, name) for (start, word, name), end in zip(found, [*ends, len(text)], strict=False)
    ]


def digests(text: str, cut: Iterable[Stretch]) -> list[bytes]:
    """A digest of what each stretch says, but for blank space at its end."""
    return [
        blake2b(text[one.start : one.end].rstrip().encode("utf-8", "surrogatepass"), digest_size=DIGEST).digest()
        for one in cut
    ]


def words(text: str) -> set[str]:
    """The words of a text that could be names, those in its comments and quoted texts too."""
    return set(_WORD.findall(text))
