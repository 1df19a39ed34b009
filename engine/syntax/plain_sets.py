"""Plain sets: declarations of sets that hold nothing but codes, read at once, without tokens.

In:   a normalised text.                           Out: `PlainSet`s, in order.
Uses: declarations, conditions, reserved, split.   Used by: parse.
Not here: every other declaration, and what has a fault (parse).

Most of a long rule text are lists of codes. What is read here has one meaning only: it begins a line, it ends where another
declaration begins, and there is no comment in it.
"""

import re
from collections.abc import Sequence
from typing import Final

from msgspec import Struct

from sequela.engine.source import Source, Span
from sequela.engine.syntax.conditions import CodeLiteral
from sequela.engine.syntax.declarations import CodesDeclaration, ThisCode
from sequela.engine.syntax.node import Name
from sequela.engine.syntax.reserved import DECLARATION_WORDS, RESERVED

_NAME: Final = r"[a-z][a-z0-9]*+(?:-[a-z0-9]++)*+"
_CODE: Final = r"[A-Z0-9]++(?:\.[A-Z0-9]++)*+"
_SET: Final = re.compile(
    rf"\ncodes ({_NAME}) of ([A-Z][A-Z0-9]*+(?:-[A-Z0-9]++)*+)\s++"
    rf"({_CODE}(?:\s*+,\s*+{_CODE})*+)\s*?"
    rf"(?=\n(?:{'|'.join(sorted(DECLARATION_WORDS))})[ ]({_NAME}|[A-Z][A-Z0-9]*+(?:-[A-Z0-9]++)*+)[ \n(,]|\s*+\Z)"
)
_EACH: Final = re.compile(_CODE)
_NO_NAMES: Final = RESERVED | {"as", "to"}
_CONDITION_CODE: Final = re.compile(r"[0-9A-Z]{2}")


class PlainSet(Struct):
    """A declaration, and where its text ends."""

    node: CodesDeclaration
    end: int


def plain_sets(source: Source, text: str, start: int, end: int) -> Sequence[PlainSet]:
    """The plain sets between two places of a text, which is the normalised text of `source`."""
    found: list[PlainSet] = []
    for match in _SET.finditer(text, max(start - 1, 0), end):
        name, _, codes, following = match.groups()
        if name in _NO_NAMES or following in _NO_NAMES or (following and _CONDITION_CODE.fullmatch(following)):
            continue
        found.append(PlainSet(_node(source, match, codes), match.end()))
    return found


def _node(source: Source, match: re.Match[str], codes: str) -> CodesDeclaration:
    first, last = match.span(3)
    entries = []
    for each in _EACH.finditer(codes):
        start, end = each.span()
        span = Span(source, first + start, first + end)
        entries.append(ThisCode(span=span, code=CodeLiteral(span=span, text=each[0])))
    return CodesDeclaration(
        span=Span(source, match.start() + 1, last),
        name=Name(span=Span(source, *match.span(1)), text=match[1]),
        system=Name(span=Span(source, *match.span(2)), text=match[2]),
        entries=tuple(entries),
        exceptions=(),
    )
