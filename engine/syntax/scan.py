"""Scan: a normalised text becomes tokens and comments. Every character that is no blank lands in one of them.

In:   a `Source` and its normalised text.    Out: `Token`s in order, `Comment`s.
Uses: source, reserved.                      Used by: parse, template, split, lalr, mend.
Not here: which of its possible terminals a token is (lalr, by the state of the parser).
"""

import re
from datetime import date
from typing import Final

from msgspec import Struct

from sequela.engine.source import Source, Span
from sequela.engine.syntax.declarations import Comment


class Token(Struct, eq=False):
    """A word, code, text or sign.

    `fits` are the regular terminals of the grammar that it has the form of, best first; `kind` is the terminal that
    the state of the parser chose; `opens_line` when nothing but blanks stands before it on its line.
    """

    text: str
    start: int
    end: int
    source: Source
    fits: tuple[str, ...]
    opens_line: bool = False
    kind: str = ""
    value: object = None

    @property
    def type(self) -> str:
        """The terminal, by the name under which Lark asks for it."""
        return self.kind

    @property
    def span(self) -> Span:
        """Where it stands."""
        return Span(self.source, self.start, self.end)


_TOKEN: Final = re.compile(
    r"(?P<word>[a-z][a-z0-9]*(?:-[a-z0-9]+)*(?![\w.'’/-]))"
    r"|(?P<run>\w+(?:[-.'’/]\w+)*)"
    r"|(?P<quoted>\"[^\"\n]*\")"
    r"|(?P<newline>\n)"
    r"|(?P<comment>#[^\n]*)"
    r"|(?P<open>\"[^\"\n]*)"
    r"|(?P<negative>-[0-9]+(?:\.[0-9]+)?(?![\w.-]))"
    r"|(?P<dots>\.\.\.+|\.\.|…)"
    r"|(?P<sign>[<>=!]=|=[<>]|<>|&&|\|\||//|--+|/\*|\*/|[^\s\w])"
)

_RUN_FORMS: Final = (
    (re.compile(r"[0-9]{1,18}"), ("WHOLE", "AMOUNT", "CODE", "LINE_CODE")),
    (re.compile(r"[0-9]+\.[0-9]+"), ("AMOUNT", "CODE")),
    (re.compile(r"[A-Z][A-Z0-9]*"), ("UPPER", "CODE", "LINE_CODE")),
    (re.compile(r"[0-9][A-Z0-9]*"), ("CODE", "LINE_CODE")),
    (re.compile(r"[A-Z0-9]+(?:\.[A-Z0-9]+)+"), ("CODE",)),
    (re.compile(r"[A-Z][A-Z0-9]*(?:-[A-Z0-9]+)+"), ("UPPER", "LINE_CODE")),
    (re.compile(r"[a-z][a-z0-9]*(?:-[a-z0-9]+)*(?:\.[a-z][a-z0-9]*(?:-[a-z0-9]+)*)+"), ("PATH",)),
    (re.compile(r"[0-9][A-Z0-9]*(?:-[A-Z0-9]+)+"), ("LINE_CODE",)),
    (re.compile(r"[a-z][a-z0-9]*(?:-[a-z0-9]+)*"), ("NAME", "NEW", "WORD", "COLUMN")),
)
_DATE: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_WORD_FITS: Final = ("NAME", "NEW", "WORD", "COLUMN")


def fits_of_run(text: str) -> tuple[str, ...]:
    """The terminals that a run of letters, digits and joining signs has the form of; none for an odd one.

    >>> fits_of_run("E11.9"), fits_of_run("2026-02-30"), fits_of_run("e11.9")
    (('CODE',), (), ())
    """
    if _DATE.fullmatch(text):
        return ("DATE",) if is_date(text) else ()
    for form, fits in _RUN_FORMS:
        if form.fullmatch(text):
            return fits
    return ()


def is_date(text: str) -> bool:
    """Whether a text of the form 2026-03-02 is a day of the calendar."""
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


def scan(source: Source, text: str, at: int = 0) -> tuple[list[Token], list[Comment]]:
    """The tokens and comments of `text`: the normalised text of `source`, or a stretch of it that begins at `at`."""
    tokens: list[Token] = []
    comments: list[Comment] = []
    known: dict[str, tuple[str, ...]] = {}
    opens_line = True
    add = tokens.append
    for match in _TOKEN.finditer(text):
        group = match.lastgroup
        if group == "newline":
            opens_line = True
            continue
        words = match.group()
        fits: tuple[str, ...] = _WORD_FITS
        if group == "word":
            pass
        elif group == "run":
            found = known.get(words)
            fits = known[words] = fits_of_run(words) if found is None else found
        elif group == "quoted":
            fits = ("QUOTED", "TEMPLATE")
        elif group == "sign":
            fits = ()
        elif group == "comment":
            span = Span(source, at + match.start(), at + match.end())
            comments.append(Comment(span=span, text=words.rstrip(), alone=opens_line))
            continue
        elif group == "dots":
            fits = ("DOTS",) if words in ("..", "…") else ()
        else:
            fits = ("NEGATIVE",) if group == "negative" else ()
        add(Token(words, at + match.start(), at + match.end(), source, fits, opens_line))
        opens_line = False
    return tokens, comments
