"""Sections: what came of the tokens of one declaration that has mistakes.

In:   tokens of a declaration or a piece of it.     Out: `Section`, `read_piece`.
Uses: mend, mistakes, template.                     Used by: pieces, set_pieces.
"""

from collections.abc import Sequence
from typing import Any

from attrs import define, field

from sequela.engine.diagnostics.model import Label
from sequela.engine.source import Span
from sequela.engine.syntax.fault import Mistake
from sequela.engine.syntax.mend import Mended, mend
from sequela.engine.syntax.mistakes import recognise
from sequela.engine.syntax.reserved import RESERVED
from sequela.engine.syntax.scan import Token
from sequela.engine.syntax.template import read_template


@define
class Section:
    """A declaration with mistakes: its first word, its mistakes, and the node where it could be read past them."""

    word: str
    tokens: list[Token]
    mistakes: list[Mistake] = field(factory=list)
    node: Any = None

    @property
    def names(self) -> tuple[Token, ...]:
        """What it declares, or the rules it is about."""
        first = 2 if len(self.tokens) > 2 and self.tokens[1].text == self.word else 1
        named = self.tokens[first : first + 1]
        if self.word == "test":
            named = [token for token in self.tokens[1:] if token.text != ","]
        found = []
        for token in named:
            if not token.text[0].isalnum() or token.text in RESERVED:
                break
            found.append(token)
        return tuple(found)


def read_piece(section: Section, start: str, tokens: Sequence[Token]) -> Mended:
    """Read `tokens` as a `start`, past their mistakes, which the section keeps."""
    mended = mend(start, section.word, tokens, recognise)
    section.mistakes.extend(mended.mistakes)
    section.mistakes.extend(_bad_holes(mended.tokens))
    return mended


def _bad_holes(tokens: Sequence[Token]) -> list[Mistake]:
    found: list[Mistake] = []
    for token in tokens:
        if token.kind != "TEMPLATE" or token.value is not None:
            continue
        token.value, faults = read_template(token)
        found.extend(_bad_hole(fault.words, fault.span, fault.stray) for fault in faults)
    return found


def _bad_hole(words: str, span: Span, stray: bool) -> Mistake:
    if stray:
        return Mistake(
            code="SEQ189",
            message=f"The brace `{words}` stands alone.",
            at=Label(span),
            hint=f"Between braces stands a value, `{{visit.code}}`; a brace itself is written `{words * 2}`.",
        )
    if not words:
        message, hint = "Nothing stands between the braces.", "Write a value, `{visit.code}`."
    elif words.startswith("("):
        message, hint = "Between braces a value stands without its parentheses.", f"Write `{{{words.strip('()')}}}`."
    elif any(word.startswith(("near", "clos", "similar")) for word in words.split()):
        message, hint = f"`{words}` is no value.", "Write `{codes near dx.code}` for the valid codes nearest to one."
    else:
        message = f"`{words}` is no value."
        hint = "Between braces stands a fact (`{visit.code}`), a calculation (`{number of lines x}`) or `{governing date}`."
    return Mistake(code="SEQ189", message=message, at=Label(span), hint=hint)
