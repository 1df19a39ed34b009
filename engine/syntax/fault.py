"""A fault: the place where the parser could not go on, and what a recogniser makes of it.

In:   tokens of a piece of a file, and the parser's stack.    Out: `Fault`, `Mistake`.
Uses: scan, lalr.                                             Used by: mend, mistakes and its kin.
"""

from collections.abc import Iterable, Sequence
from typing import Final

from attrs import field, frozen

from sequela.engine.diagnostics.model import Label
from sequela.engine.source import Span
from sequela.engine.syntax.lalr import Stack, accepted
from sequela.engine.syntax.scan import Token, scan

LONG: Final = 60
"""An author's words of more characters than this are shortened when they are quoted."""


@frozen(kw_only=True)
class Mistake:
    """What is wrong at a fault, in words, and how to read on as if it were right.

    `first` and `last` bound the tokens that `by` stands for (empty: they are passed over); `by` None gives up the piece.
    `unsure` says that what follows may not fit the reading, so that a fault without a name is not reported after it.
    `opens` is the word of a clause that begins here: the piece ends before it.
    """

    code: str
    message: str
    at: Label
    also: tuple[Label, ...] = ()
    hint: str | None = None
    first: int = 0
    last: int = 0
    by: tuple[str, ...] | None = None
    unsure: bool = False
    opens: str | None = None


@frozen(kw_only=True)
class Fault:
    """The token at `index` does not fit: `tokens` are those of the piece, `word` that of its declaration.

    `start` is what the piece is read as; `stack_before` is the parser's stack before the token before. The index is one
    past the last token where the piece ends too early.
    """

    tokens: Sequence[Token]
    index: int
    stack: Stack
    start: str
    word: str
    stack_before: Stack | None = None
    accepts: frozenset[str] = field(init=False)

    def __attrs_post_init__(self) -> None:
        object.__setattr__(self, "accepts", accepted(self.stack))

    @property
    def is_end(self) -> bool:
        """Whether the piece ends here."""
        return self.index >= len(self.tokens)

    def at(self, offset: int = 0) -> Token | None:
        """The token so far from the fault; None outside of the piece."""
        place = self.index + offset
        return self.tokens[place] if 0 <= place < len(self.tokens) else None

    def text(self, offset: int = 0) -> str:
        """Its text; empty outside of the piece."""
        token = self.at(offset)
        return token.text if token is not None else ""

    def texts(self, first: int, last: int) -> tuple[str, ...]:
        """The texts from one offset up to another."""
        return tuple(self.text(offset) for offset in range(first, last))

    def can(self, *terminals: str) -> bool:
        """Whether all of these could stand here."""
        return self.accepts.issuperset(terminals)

    def can_any(self, terminals: Iterable[str]) -> bool:
        """Whether one of these could stand here."""
        return not self.accepts.isdisjoint(terminals)

    def span(self, first: int = 0, last: int = 1) -> Span:
        """From the token at offset `first` up to that at `last`, which is left out; beyond the end, the last token."""
        low = min(max(self.index + first, 0), len(self.tokens) - 1)
        high = min(max(self.index + last - 1, low), len(self.tokens) - 1)
        return Span(self.tokens[low].source, self.tokens[low].start, self.tokens[high].end)

    def said(self, first: int, last: int) -> str:
        """The author's words from one offset up to another, on one line, shortened where long; empty outside."""
        return said(self.span(first, last)) if first < last and self.at(first) is not None else ""

    def before(self, most: int = 3) -> str:
        """The author's words just before the fault: at most so many, of the same line."""
        here = self.tokens[self.index - 1].span.line if self.index else 0
        first = self.index
        while first and self.index - first < most and self.tokens[first - 1].span.line == here:
            first -= 1
        return self.said(first - self.index, 0)

    def line_end(self, first: int = 0) -> int:
        """The offset after the last token on the line of the token at `first`."""
        offset = first + 1
        while (token := self.at(offset)) is not None and not token.opens_line:
            offset += 1
        return min(offset, len(self.tokens) - self.index)

    def mistake(
        self,
        code: str,
        message: str,
        *,
        hint: str | None = None,
        first: int = 0,
        last: int = 1,
        by: Sequence[str] | None = None,
        words: str = "",
        at: Span | None = None,
        also: tuple[Label, ...] = (),
        unsure: bool = False,
        opens: str | None = None,
    ) -> Mistake:
        """A mistake that the tokens from offset `first` up to `last` make; its label is theirs unless `at` is given."""
        return Mistake(
            code=code,
            message=message,
            at=Label(at or self.span(first, max(last, first + 1)), words),
            also=also,
            hint=hint,
            first=self.index + first,
            last=self.index + last,
            by=None if by is None else tuple(by),
            unsure=unsure,
            opens=opens,
        )


def said(span: Span) -> str:
    """An author's words on one line, shortened in the middle where long."""
    words = " ".join(span.text.split())
    return words if len(words) <= LONG else f"{words[: LONG - 12].rstrip()} … {words[-9:].lstrip()}"


def token_of(text: str, span: Span, opens_line: bool = False) -> Token:
    """A token that stands for an author's words: its form is that of `text`, its place theirs."""
    found, _ = scan(span.source, text)
    token = found[0] if found else Token(text, 0, 0, span.source, ())
    token.start, token.end, token.opens_line = span.start, span.end, opens_line
    return token
