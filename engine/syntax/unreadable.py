"""Unreadable: texts that are no rule file, and conditions that no one can follow; refused before they are read.

In:   a source, or the tokens of a run.    Out: a diagnostic or a mistake, or None.
Uses: scan, fault.                         Used by: parse.
"""

import re
import unicodedata
from collections.abc import Sequence
from typing import Final

from sequela.engine.diagnostics.model import Diagnostic, Label
from sequela.engine.source import Source, Span
from sequela.engine.syntax.fault import Mistake
from sequela.engine.syntax.scan import Token

MOST_CHARACTERS: Final = 20_000_000
"""A rule text is at most so long."""

MOST_NESTED: Final = 1_000
"""Parentheses stand in one another at most so often."""

_NO_TEXT: Final = re.compile("[\x00-\x08\x0e-\x1f\x7f\ufffd]")


def unreadable(source: Source) -> Diagnostic | None:
    """Why a text is not read at all: it is too long, or holds characters that no text has."""
    text = source.text
    if len(text) > MOST_CHARACTERS:
        return Diagnostic(
            code="SEQ192",
            message=f"The file has {len(text):,} characters; a rule file has at most {MOST_CHARACTERS:,}.",
            at=Label(Span(source, 0, 0)),
            consequence="Nothing in it was read.",
            hint="Put long lists of codes into a table file, and name it in a `table` declaration.",
        )
    found = _NO_TEXT.search(text)
    if found is None:
        return None
    character = found.group()
    what = "could not be decoded" if character == "\ufffd" else f"is {_name(character)}"
    return Diagnostic(
        code="SEQ107",
        message=f"The file is no plain text: a character {what}.",
        at=Label(Span(source, found.start(), found.end())),
        hint="Save the file as plain text in UTF-8.",
        consequence="Nothing in the file was read.",
    )


def _name(character: str) -> str:
    code = f"U+{ord(character):04X}"
    return f"a control character ({code})" if unicodedata.category(character) == "Cc" else code


def most_nested(tokens: Sequence[Token]) -> Mistake | None:
    """The parenthesis that is nested too deep, where one is."""
    depth = 0
    for token in tokens:
        if token.text == "(":
            depth += 1
            if depth > MOST_NESTED:
                return Mistake(
                    code="SEQ120",
                    message=f"Parentheses stand in one another more than {MOST_NESTED:,} times.",
                    at=Label(token.span),
                    hint="Give parts of the condition names: `condition NAME (line a) …`.",
                )
        elif token.text == ")":
            depth -= 1
    return None
