"""Pasted text: odd blanks, dashes, quotes and line ends become the plain ones, one character for one.

In:   the text of a file.    Out: a text of the same length.
Uses: nothing.               Used by: parse.
Not here: what stays an error (look-alike letters, dashes in doubtful places): mistakes_characters.
"""

import re
from typing import Final

OPENING_QUOTES: Final = "“„‟«"
CLOSING_QUOTES: Final = "”“‟»"
_DASHES: Final = "‐‑‒–—―−﹘﹣－"
_BLANKS: Final = (
    "\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000\ufeff"
)
_LINE_ENDS: Final = "\u2028\u2029\u0085"

_PLAIN: Final = {ord(blank): " " for blank in _BLANKS} | {ord(end): "\n" for end in _LINE_ENDS}
_ODD: Final = re.compile(f"[{OPENING_QUOTES}{CLOSING_QUOTES}{_DASHES}]")
_INNER_DASH: Final = re.compile(f"(?<=[A-Za-z0-9])[{_DASHES}](?=[A-Za-z0-9])")
_PIECE: Final = re.compile(
    r'"[^"\n]*"'  # a text in straight quotes: its curly quotes are its own
    rf'|[{OPENING_QUOTES}{CLOSING_QUOTES}][^"\n{CLOSING_QUOTES}]*["{CLOSING_QUOTES}]'  # a text in curly or mixed quotes
    rf'|"[^"\n{CLOSING_QUOTES}]*[{CLOSING_QUOTES}]'
    r"|#[^\n]*"
    rf'|[^"\n#{OPENING_QUOTES}{CLOSING_QUOTES}]+'
)


def normalise(text: str) -> str:
    """The text as the scanner reads it: as long as `text`, so that every offset means the same in both.

    Inside texts and comments only blanks and line ends change. A dash between letters or digits becomes a hyphen.

    >>> normalise("case “no modifier” 2026–03–02")
    'case "no modifier" 2026-03-02'
    """
    if "\r" in text:
        text = text.replace("\r\n", " \n").replace("\r", "\n")
    if text.isascii():
        return text
    text = text.translate(_PLAIN)
    if not _ODD.search(text):
        return text
    return _PIECE.sub(lambda piece: _plain_piece(piece.group()), text)


def _plain_piece(piece: str) -> str:
    if piece[0] == "#" or (piece[0] == '"' and piece[-1] == '"'):
        return piece
    if piece[0] == '"' or piece[0] in OPENING_QUOTES or piece[0] in CLOSING_QUOTES:
        return f'"{piece[1:-1]}"'
    return _INNER_DASH.sub("-", piece)
