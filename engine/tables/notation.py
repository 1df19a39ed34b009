"""Notation: the text of a cell that holds a code, a list of codes or an owner, and what it means.

In:   the text of one cell.          Out: `read_code`, `parse_set_notation`, `parse_owner`.
Uses: tables.codes, tables.faults, vocabulary.    Used by: tables.cells.
Not here: sets in rule files (syntax); other cells (cells).

A list is written as a set is, without names of sets: `E11.9, under E08, V00 .. Y99, like "S52.???A" except E08.0`. The
words may be in any case, since cells come from other people's files.
"""

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Final

from msgspec import Struct

from sequela.engine.tables.codes import (
    EXAMPLES,
    CodeRange,
    Entry,
    ExactCode,
    TextSet,
    UnderCode,
    code_fault,
    entry_fault,
    like_pattern,
)
from sequela.engine.tables.faults import CellFault, FaultKind, quoted
from sequela.engine.vocabulary.systems import System, dot_fits, normal, printed

_TOKEN: Final = re.compile(
    r"""\s*(?:
        (?P<comma>,)
      | (?P<dots>\.\.)
      | (?P<text>"[^"]*"|“[^”]*”)
      | (?P<word>[A-Za-z0-9]+(?:\.[A-Za-z0-9]+)*)
    )""",
    re.VERBOSE,
)
_PLAIN: Final = re.compile(r"\s*(?P<under>[Uu]nder\s+)?(?P<code>[A-Za-z0-9]+(?:\.[A-Za-z0-9]+)?)\s*")
_WORDS: Final = frozenset({"under", "like", "except"})


class _Token(Struct, frozen=True):
    kind: str  # "comma" | "dots" | "text" | "code" | "under" | "like" | "except" | "end"
    text: str


def parse_set_notation(system: System, text: str) -> TextSet | CellFault:
    """The set of codes of `system` that a list cell writes, or the first thing that is wrong with it.

    >>> parse_set_notation(System.ICD10CM, "e11.9, under E08").written
    'E11.9, under E08'
    """
    parts = [_plain_entry(system, part) for part in text.split(",")]
    plain = tuple(entry for entry in parts if entry is not None)
    if len(plain) == len(parts):
        return TextSet(system, plain)
    tokens = _tokens(text)
    if isinstance(tokens, CellFault):
        return tokens
    reader = _Reader(system, text, iter(tokens))
    entries, more = reader.entries()
    if isinstance(entries, CellFault):
        return entries
    if not more:
        return TextSet(system, entries)
    exceptions, more = reader.entries()
    if isinstance(exceptions, CellFault):
        return exceptions
    if more:
        return CellFault(
            FaultKind.NOT_A_LIST, f"`except` stands twice in {quoted(text)}.", "Write it once, at the end."
        )
    return TextSet(system, entries, exceptions)


def dot_fault(system: System, text: str) -> CellFault | None:
    """What is wrong with the dot of a code as written; None if it has none, or stands where it belongs.

    Only ICD-10-CM is written with a dot, after the third character: `E119.9` could be `E11.99` or `E11.9`.
    """
    if dot_fits(system, text):
        return None
    hint = f"A code of {system.value} has no dot."
    if system is System.ICD10CM:
        hint = f"The dot stands after the third character: `{printed(system, normal(system, text))}`, if that is meant."
    return CellFault(FaultKind.NOT_A_CODE, f"`{text}` is not a code of {system.value}.", hint)


def read_code(system: System, text: str, *, beginning: bool = False) -> str | CellFault:
    """The code, in normal form, that `text` writes, or what is wrong with it as a code or the beginning of one.

    Only ICD-10-CM is written with a dot, after the third character: 47.0 is no DRG, though 470 is one.
    """
    bare = text.strip()
    if dot_fits(system, bare) and bare.replace(".", "", 1).isalnum():
        code = normal(system, bare)
        return code_fault(system, code, beginning=beginning) or code
    hint = f"A code of {system.value} looks like {printed(system, EXAMPLES[system])}."
    return CellFault(FaultKind.NOT_A_CODE, f"{quoted(text)} is not a code of {system.value}.", hint)


def parse_owner(system: System, text: str) -> str | CodeRange | CellFault:
    """What a hierarchical cell says: a code, in normal form, or a range; either speaks for itself and all below it."""
    low, dots, high = text.partition("..")
    if dots:
        return _range(system, low, high)
    code = read_code(system, text, beginning=True)
    if isinstance(code, str):
        return code
    example = printed(system, EXAMPLES[system])
    if text.strip().lower().startswith("under "):
        hint = "The column already speaks for all that is below: leave out `under`."
    elif not text.strip().replace(".", "", 1).isalnum():
        hint = f"The column holds one code, `{example}`, or one range with ` .. ` between its ends."
    else:
        hint = code.hint or ""
    return CellFault(code.kind, f"{quoted(text)} is not a code or a range of {system.value}.", hint)


def _range(system: System, low_text: str, high_text: str) -> CodeRange | CellFault:
    low, high = read_code(system, low_text, beginning=True), read_code(system, high_text, beginning=True)
    if isinstance(low, CellFault):
        return low
    if isinstance(high, CellFault):
        return high
    entry = CodeRange(low, high, system)
    return entry_fault(entry) or entry


@lru_cache(maxsize=100_000)
def _plain_entry(system: System, part: str) -> Entry | None:
    """`E11.9` or `under E08`, of which most lists are made and which the same lists repeat; None for all else."""
    match = _PLAIN.fullmatch(part)
    if match is None:
        return None
    code = read_code(system, match["code"])
    if isinstance(code, CellFault) or code.lower() in _WORDS:
        return None
    return ExactCode(code, system) if match["under"] is None else UnderCode(code, system)


def _tokens(text: str) -> list[_Token] | CellFault:
    """The marks and words of a list, ended by an `end`."""
    found: list[_Token] = []
    at, stop = 0, len(text.rstrip())
    while at < stop:
        match = _TOKEN.match(text, at)
        if match is None:
            return _strange(text, text[at:].lstrip()[0])
        at = match.end()
        kind, word = str(match.lastgroup), match[str(match.lastgroup)]
        if kind == "word":
            kind = word.lower() if word.lower() in _WORDS else "code"
        found.append(_Token(kind, word[1:-1] if kind == "text" else word))
    found.append(_Token("end", ""))
    return found


def _strange(text: str, mark: str) -> CellFault:
    hints = {
        "-": "A range is written with two dots, `E08 .. E13`; all codes below one, `under E08`.",
        "–": "A range is written with two dots: `E08 .. E13`.",
        ";": "Part the codes by commas.",
        "|": "Part the codes by commas.",
        "*": "All codes below one are written `under E08`.",
        ".": "A range is written with two dots, `E08 .. E13`; a code has no dot at its end.",
        '"': 'A pattern stands in quotes on both sides: like "S52.???A".',
    }
    message = f"`{mark}` has no meaning in the list of codes {quoted(text)}."
    return CellFault(
        FaultKind.NOT_A_LIST, message, hints.get(mark, "Write codes, parted by commas: `E11.9, under E08`.")
    )


class _Reader:
    """Reads the entries of a list from its tokens."""

    def __init__(self, system: System, text: str, tokens: Iterator[_Token]) -> None:
        self.system = system
        self.text = text
        self.tokens = tokens

    def entries(self) -> tuple[tuple[Entry, ...] | CellFault, bool]:
        """The entries up to the end or an `except`, and whether it was an `except`."""
        found: list[Entry] = []
        while True:
            entry, token = self._entry(next(self.tokens))
            if isinstance(entry, CellFault):
                return entry, False
            found.append(entry)
            if token.kind != "comma":
                break
        if token.kind in {"end", "except"}:
            return tuple(found), token.kind == "except"
        return self._fault(f"a comma is missing before `{token.text}`"), False

    def _entry(self, token: _Token) -> tuple[Entry | CellFault, _Token]:
        """One entry that begins with `token`, and the token after it."""
        if token.kind == "like":
            pattern = next(self.tokens)
            if pattern.kind != "text":
                return self._fault("a pattern in quotes is missing after `like`"), pattern
            return like_pattern(self.system, pattern.text), next(self.tokens)
        if token.kind == "under":
            code = next(self.tokens)
            if code.kind != "code":
                return self._fault("a code is missing after `under`"), code
            read = read_code(self.system, code.text, beginning=True)
            return read if isinstance(read, CellFault) else UnderCode(read, self.system), next(self.tokens)
        if token.kind != "code":
            what = {"end": "at its end", "text": f'before "{token.text}"'}.get(token.kind, f"before `{token.text}`")
            return self._fault(f"a code is missing {what}"), token
        after = next(self.tokens)
        if after.kind != "dots":
            read = read_code(self.system, token.text)
            return read if isinstance(read, CellFault) else ExactCode(read, self.system), after
        end = next(self.tokens)
        if end.kind != "code":
            return self._fault("a code is missing after `..`"), end
        return _range(self.system, token.text, end.text), next(self.tokens)

    def _fault(self, what: str) -> CellFault:
        example = 'E11.9, under E08, V00 .. Y99, like "S52.???A"'
        if self.system is not System.ICD10CM:
            example = f"{EXAMPLES[self.system]}, {EXAMPLES[self.system]}"
        return CellFault(
            FaultKind.NOT_A_LIST, f"In the list of codes {quoted(self.text)} {what}.", f"Write `{example}`."
        )
