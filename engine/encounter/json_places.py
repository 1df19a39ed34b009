"""JSON places: where in a JSON text each value stands, and which keys stand there twice.

In:   a JSON text.     Out: `JsonPlaces`, `JsonOrigins`, `top_level_values`, `entry_values`, `moved`.
Uses: origin.          Used by: from_json, explain (through `Encounter.origins`).

Only asked for when something is to be said about a place: reading itself keeps no places. No recursion, so that a
text nested a hundred thousand deep is no danger here.
"""

import re
from bisect import bisect_right
from collections.abc import Iterator
from functools import cached_property

import msgspec
from msgspec import Struct, field

from sequela.engine.encounter.origin import Origin

_TOKEN = re.compile(r'"[^"\\]*+(?:\\.[^"\\]*+)*+"|[{}\[\],:]|[^\s{}\[\],:"]+', re.DOTALL)


class _Open(Struct):
    """An object or array that has begun and not ended."""

    pointer: str
    is_object: bool
    index: int = 0
    key: str | None = None
    seen: set[str] = field(default_factory=set)

    @property
    def below(self) -> str:
        return f"{self.pointer}/{escaped(self.key) if self.is_object and self.key is not None else self.index}"


def escaped(key: str) -> str:
    """A key as it stands in a JSON pointer."""
    return key.replace("~", "~0").replace("/", "~1")


class JsonPlaces:
    """The offsets, in characters, of every value and key of one JSON text that is well formed."""

    def __init__(self, text: str) -> None:
        self._values: dict[str, int] = {}
        self._keys: dict[str, int] = {}
        self._line_starts = [0, *(found.end() for found in re.finditer("\n", text))]
        self.duplicates: list[tuple[str, int]] = []
        """The pointer and the offset of each key that stands in its object a second time."""
        self._walk(text)

    def position(self, offset: int) -> tuple[int, int]:
        """Line and column, from 1, of an offset in characters."""
        line = bisect_right(self._line_starts, offset)
        return line, offset - self._line_starts[line - 1] + 1

    def offset_of(self, pointer: str, *, key: bool = False) -> int:
        """Where the value at `pointer` begins, or its key; of the nearest value that holds it when it is not there."""
        if key and pointer in self._keys:
            return self._keys[pointer]
        while pointer and pointer not in self._values:
            pointer = pointer.rpartition("/")[0]
        return self._values.get(pointer, 0)

    def _walk(self, text: str) -> None:
        stack: list[_Open] = []
        for token in _TOKEN.finditer(text):
            sign = token.group()
            top = stack[-1] if stack else None
            if sign in ("}", "]"):
                if stack:
                    stack.pop()
            elif sign == ",":
                if top is not None:
                    top.index += 1
                    top.key = None
            elif sign == ":":
                continue
            elif top is not None and top.is_object and top.key is None:
                self._note_key(top, sign, token.start())
            else:
                pointer = top.below if top is not None else ""
                self._values.setdefault(pointer, token.start())
                if sign in ("{", "["):
                    stack.append(_Open(pointer, sign == "{"))

    def _note_key(self, top: _Open, sign: str, offset: int) -> None:
        top.key = _unquoted(sign)
        pointer = top.below
        if top.key in top.seen:
            self.duplicates.append((pointer, offset))
        else:
            top.seen.add(top.key)
            self._keys[pointer] = offset


def _unquoted(sign: str) -> str:
    try:
        return msgspec.json.decode(sign.encode(), type=str)
    except (msgspec.DecodeError, UnicodeError):
        return sign.strip('"')


def top_level_values(text: str) -> Iterator[tuple[int, int]]:
    """Start and end of each value at the top of a text, or of its array if it is one; the last may be cut off.

    For a text that does not decode as a whole: what stands before and after the fault can still be read.
    """
    outer = 0
    depth, start = 0, 0
    first = True
    for token in _TOKEN.finditer(text):
        sign = token.group()
        if first and sign == "[":
            outer = 1
        first = False
        if sign in ("{", "["):
            if depth == outer:
                start = token.start()
            depth += 1
        elif sign in ("}", "]") and depth > outer:
            depth -= 1
            if depth == outer:
                yield start, token.end()
    if depth > outer:
        yield start, len(text)


def entry_values(text: str) -> Iterator[tuple[int, int]]:
    """Start and end of each whole object in the list `entry` of the object that a text is; for a text that is malformed."""
    depth, start = 0, 0
    key, in_entries = "", False
    for token in _TOKEN.finditer(text):
        sign = token.group()
        if sign in ("{", "["):
            in_entries = in_entries or (depth == 1 and sign == "[" and key == '"entry"')
            if in_entries and depth == _ENTRY:
                start = token.start()
            depth += 1
        elif sign in ("}", "]"):
            depth -= 1
            if in_entries and depth == _ENTRY and sign == "}":
                yield start, token.end()
            in_entries = in_entries and depth >= _ENTRY
        elif depth == 1 and sign.startswith('"'):
            key = sign


_ENTRY = 2
"""How deep the objects of `entry` stand: in the list that stands in the object."""


def moved(passed: bytes, line: int, column: int) -> tuple[int, int]:
    """Line and column after passing some text that begins at these."""
    newlines = passed.count(b"\n")
    if newlines:
        return line + newlines, len(passed[passed.rindex(b"\n") + 1 :].decode("utf-8", "replace")) + 1
    return line, column + len(passed.decode("utf-8", "replace"))


class JsonOrigins(Struct, frozen=True, eq=False, dict=True):
    """The places of one encounter in a JSON file, worked out when somebody asks.

    `raw` is the text of the encounter; the others say where in the file it begins: line and column from 1, byte from 0.
    """

    file: str
    raw: bytes
    first_line: int = 1
    first_column: int = 1
    first_byte: int = 0

    def __repr__(self) -> str:
        return f"JsonOrigins(file={self.file!r})"

    @cached_property
    def places(self) -> JsonPlaces:
        """The places of the text, worked out once."""
        return JsonPlaces(self.raw.decode("utf-8", "replace"))

    def origin_of(self, pointer: str) -> Origin:
        """The line and column at which the value at `pointer` begins, or the nearest value that holds it."""
        line, column = self.in_file(self.places.offset_of(pointer))
        return Origin(file=self.file, pointer=pointer, line=line, column=column)

    def in_file(self, offset: int) -> tuple[int, int]:
        """Line and column in the file of an offset in the text."""
        line, column = self.places.position(offset)
        if line == 1:
            column += self.first_column - 1
        return line + self.first_line - 1, column
