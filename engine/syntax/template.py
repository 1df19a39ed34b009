"""Template: the text of a `say`, cut at its holes.

In:   the token of a text.    Out: `Template`, or the first place where the text is no template.
Uses: scan, lalr, nodes.      Used by: parse, mend.
"""

import re
from typing import Final

from attrs import frozen

from sequela.engine.source import Span
from sequela.engine.syntax.declarations import Hole, Template
from sequela.engine.syntax.lalr import feed_all
from sequela.engine.syntax.node import Text
from sequela.engine.syntax.scan import Token, scan

_PIECE: Final = re.compile(r"(?P<brace>\{\{|\}\})|\{(?P<hole>[^{}]*)\}|(?P<stray>[{}])|(?P<text>[^{}]+)")


@frozen
class BadHole:
    """Braces of a text that hold no value: the stretch, with its braces; `stray` for a brace without its other."""

    span: Span
    words: str
    stray: bool


def read_template(token: Token) -> tuple[Template, tuple[BadHole, ...]]:
    """The parts of a quoted text, and the braces in it that could not be read."""
    parts: list[Text | Hole] = []
    faults: list[BadHole] = []
    for match in _PIECE.finditer(token.text, 1, len(token.text) - 1):
        span = Span(token.source, token.start + match.start(), token.start + match.end())
        if match["text"] is not None or match["brace"] is not None:
            said = match["text"] or match["brace"][0]
            before = parts[-1] if parts else None
            if isinstance(before, Text):
                parts[-1] = Text(span=before.span.to(span), value=before.value + said)
            else:
                parts.append(Text(span=span, value=said))
        elif match["stray"] is not None:
            faults.append(BadHole(span, match.group(), stray=True))
        else:
            hole = _hole(token, match)
            if hole is None:
                faults.append(BadHole(span, match["hole"].strip(), stray=False))
            else:
                parts.append(hole)
    return Template(span=token.span, parts=tuple(parts)), tuple(faults)


def _hole(token: Token, match: re.Match[str]) -> Hole | None:
    tokens, comments = scan(token.source, match["hole"], token.start + match.start("hole"))
    found = None if comments or not tokens else feed_all("hole", tokens)
    return found if isinstance(found, Hole) else None
