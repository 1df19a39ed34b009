"""Mistakes of single signs: quotes, comments, brackets, dashes, letters of other scripts.

In:   a fault.                Out: the mistake, where it is one of these.
Uses: fault.                  Used by: mistakes.
"""

import unicodedata
from collections.abc import Callable, Mapping, Sequence
from typing import Final

from sequela.engine.diagnostics.model import Label
from sequela.engine.source import Span
from sequela.engine.syntax.fault import Fault, Mistake, token_of
from sequela.engine.syntax.reserved import OPENERS, OTHER_CLAUSE_WORDS
from sequela.engine.syntax.scan import Token

DASHES: Final = frozenset("‐‑‒–—―−﹘﹣－-")
LOOK_ALIKES: Final[Mapping[str, str]] = {
    **dict(zip("АВЕЅІЈКМНОРСТУХавеѕіјкморсту", "ABESIJKMHOPCTYXabesijkmopcty", strict=True)),
    **dict(zip("ΑΒΕΖΗΙΚΜΝΟΡΤΥΧαεικνορτυχ", "ABEZHIKMNOPTYXaeikvoptux", strict=True)),
    "х": "x",
    "у": "y",
    "с": "c",
    "р": "p",
    "ԁ": "d",
    "ո": "n",
    "ս": "u",
    "օ": "o",
    "ı": "i",
    "ʟ": "L",
    "ɡ": "g",
}
"""Letters of other scripts that look like Latin ones."""

INVISIBLE: Final[Mapping[str, str]] = {
    "\u200b": "a zero-width space",
    "\u200c": "a zero-width non-joiner",
    "\u200d": "a zero-width joiner",
    "\u2060": "a word joiner",
    "\u00ad": "a soft hyphen",
    "\u200e": "a left-to-right mark",
    "\u200f": "a right-to-left mark",
}
"""Characters that cannot be seen."""

_BRACKETS: Final = frozenset("{}[]")
_SIMPLE_QUOTES: Final = frozenset("'`‘’‚‹›")
_COMMENT_SIGNS: Final = frozenset(("//", "--", "/*", "*/"))


def signs(fault: Fault) -> Mistake | None:
    """The mistake that the sign at the fault is, whatever stands around it."""
    token = fault.at()
    if token is None or token.fits:
        return None
    for recognise in _RECOGNISERS:
        mistake = recognise(fault, token)
        if mistake is not None:
            return mistake
    return None


# ---------------------------------------------------------------- letters


def foreign_letters(tokens: Sequence[Token]) -> tuple[list[Token], list[Mistake]]:
    """The tokens as meant, and a mistake for each word that holds letters of another script or unseen ones."""
    meant: list[Token] = []
    mistakes: list[Mistake] = []
    joins = False
    for token in tokens:
        if token.text in INVISIBLE:
            mistakes.append(_unseen(token))
            joins = bool(meant) and meant[-1].end == token.start
            continue
        whole = token
        if joins and token.start == mistakes[-1].at.span.end:
            before = meant.pop()
            whole = token_of(before.text + token.text, before.span.to(token.span), before.opens_line)
        elif not token.text.isascii() and token.text[0] != '"':
            found = _foreign(token)
            if found is not None:
                mistakes.append(found)
                whole = token_of(found.by[0], token.span, token.opens_line) if found.by else token
        joins = False
        meant.append(whole)
    return meant, mistakes


def in_small_letters(token: Token) -> Mistake:
    """The mistake of a word of the language in capitals."""
    word = token.text.lower()
    return Mistake(
        code="SEQ128",
        message=f"The words of the language are written in small letters: `{word}`, not `{token.text}`.",
        at=Label(token.span),
        hint=f"Write `{word}`.",
    )


def _unseen(token: Token) -> Mistake:
    return Mistake(
        code="SEQ109",
        message=f"Here stands a character that cannot be seen: {INVISIBLE[token.text]}.",
        at=Label(token.span),
        hint="Delete it, or type the word anew.",
    )


def _foreign(token: Token) -> Mistake | None:
    text = token.text
    offset = next(place for place, letter in enumerate(text) if not letter.isascii())
    first = text[offset]
    if not first.isalnum():
        return None
    latin, script = _latin(first), unicodedata.name(first, "UNKNOWN").split()[0].capitalize()
    meant = "".join(_latin(letter) for letter in text)
    if latin.isascii() and script not in ("Latin", "Unknown"):
        kind = "a wide letter of another alphabet" if script == "Fullwidth" else script
        message = f"The letter `{first}` in `{text}` is {kind}; it only looks like `{latin}`."
    else:
        message = (
            f"The letter `{first}` cannot stand in `{text}`: names and codes are made of plain letters and digits."
        )
    at = Label(Span(token.source, token.start + offset, token.start + offset + 1), script)
    hint = f"Type `{meant}` anew." if meant.isascii() else None
    return Mistake(code="SEQ108", message=message, at=at, hint=hint, by=(meant,) if meant.isascii() else None)


def _latin(letter: str) -> str:
    if letter.isascii():
        return letter
    if letter in LOOK_ALIKES:
        return LOOK_ALIKES[letter]
    plain = unicodedata.normalize("NFKD", letter)
    return plain[0] if plain[0].isascii() and plain[0].isalnum() else letter


# ---------------------------------------------------------------- quotes


def _open_quote(fault: Fault, token: Token) -> Mistake | None:
    if not token.text.startswith('"'):
        return None
    end = _closing(fault)
    if end is not None:
        text = " ".join(fault.span(0, end).text.split()).strip('"“”')
        return fault.mistake(
            "SEQ111",
            "A text stands on one line.",
            hint="Join the lines; the formatter never breaks a text.",
            last=end,
            by=(f'"{text}"',),
        )
    return fault.mistake(
        "SEQ111",
        "The text that begins here has no closing quote.",
        hint='Put `"` after its last word.',
        by=(f'"{token.text[1:].strip()}"',),
        unsure=True,
    )


def _closing(fault: Fault) -> int | None:
    """The offset after the token with the closing quote, where the text runs on over the next lines."""
    offset = 1
    lines = 0
    while (token := fault.at(offset)) is not None and lines <= 6:
        if token.opens_line:
            lines += 1
            if token.text in OPENERS or token.text in OTHER_CLAUSE_WORDS:
                return None
        if token.text.startswith('"'):
            return None if token.fits else fault.line_end(offset)
        offset += 1
    return None


def _simple_quotes(fault: Fault, token: Token) -> Mistake | None:
    if token.text not in _SIMPLE_QUOTES:
        return None
    offset, end = 1, fault.line_end()
    while offset < end and fault.text(offset) not in _SIMPLE_QUOTES:
        offset += 1
    if offset == end:
        return fault.mistake(
            "SEQ112", f"`{token.text}` is no sign of the language.", hint='A text stands in `"…"`.', by=()
        )
    text = fault.span(0, offset + 1).text[1:-1]
    return fault.mistake(
        "SEQ112",
        f"A text stands in double quotes, not in `{token.text}`.",
        hint=f'Write `"{text}"`.',
        last=offset + 1,
        by=(f'"{text}"',),
    )


# ---------------------------------------------------------------- signs of other languages


def _comment(fault: Fault, token: Token) -> Mistake | None:
    if token.text not in _COMMENT_SIGNS and not (token.text.startswith("--") and len(token.text) > 1):
        return None
    end = fault.line_end()
    if token.text == "/*":
        offset = 1
        while fault.at(offset) is not None and fault.text(offset) != "*/":
            offset += 1
        end = offset + 1 if fault.at(offset) is not None else end
    return fault.mistake(
        "SEQ113",
        f"A comment begins with `#`, not with `{token.text}`.",
        hint="Write `# …`.",
        last=end,
        at=token.span,
        by=(),
    )


def _punctuation(fault: Fault, token: Token) -> Mistake | None:
    before = fault.text(-1)
    match token.text:
        case ";":
            following = fault.at(1)
            if fault.can("COMMA") and following is not None and not following.opens_line:
                return fault.mistake("SEQ114", "Things in a row are parted by commas.", hint="Write `,`.", by=(",",))
            return fault.mistake("SEQ114", "Nothing ends with a semicolon.", hint="Leave the `;` away.", by=())
        case ":" | "=" | ":=":
            sign = "colon" if token.text == ":" else f"`{token.text}`"
            where = f"after `{before}`" if before else "here"
            return fault.mistake("SEQ116", f"No {sign} stands {where}.", hint=f"Leave the `{token.text}` away.", by=())
        case "{" | "}":
            return fault.mistake(
                "SEQ115",
                f"`{token.text}` is used only inside a text.",
                hint="Leave the braces away: a declaration runs until the next one.",
                by=(),
            )
        case "[" | "]":
            hint = "Conditions are grouped with `(` and `)`; codes in a row are parted by commas, without brackets."
            return fault.mistake("SEQ115", f"`{token.text}` is no sign of the language.", hint=hint, by=())
        case "%":
            return fault.mistake(
                "SEQ135",
                "There are no percentages.",
                hint="Write the number that is meant: `0.2` for 20 percent.",
                by=(),
            )
        case "$" | "€" | "£":
            return fault.mistake("SEQ134", f"An amount stands without `{token.text}`.", hint="Write `500.00`.", by=())
        case _:
            return None


def _bullet(fault: Fault, token: Token) -> Mistake | None:
    if not (token.opens_line and (token.text in DASHES or token.text in "*•·")):
        return None
    return fault.mistake(
        "SEQ117",
        f"Nothing begins with `{token.text}`.",
        hint="Write the words alone; things in a row are parted by commas.",
        by=(),
    )


def _dash(fault: Fault, token: Token) -> Mistake | None:
    if token.text not in DASHES or token.text == "-":
        return None
    return fault.mistake(
        "SEQ110",
        f"The dash `{token.text}` could mean several things here.",
        hint="A hyphen joins the parts of a name; a range is written with `..`; a period with `to`.",
        by=(),
        unsure=True,
    )


_RECOGNISERS: Final[tuple[Callable[[Fault, Token], Mistake | None], ...]] = (
    *(_open_quote, _simple_quotes, _comment, _punctuation, _bullet, _dash),
)
