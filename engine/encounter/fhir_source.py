"""FHIR source: one resource as it stands in a file, and where in it each element is written.

In:   the bytes of a resource and their place in the file.    Out: `Source`, `Origin`s.
Uses: origin.                                                 Used by: every FHIR reader.

A place is a FHIRPath below the resource (`item[2].servicedPeriod.start`, counted from 0). Its line and column are worked out
when somebody asks: the way down to it is walked, and everything beside it is passed over at once.
"""

import re
from typing import Final, TypeAlias

import msgspec
from attrs import field, frozen

from sequela.engine.encounter.origin import Origin

_TO_OBJECT: Final = msgspec.json.Decoder(dict[str, msgspec.Raw])
_TO_ARRAY: Final = msgspec.json.Decoder(list[msgspec.Raw])
_STEP: Final = re.compile(r"([A-Za-z_][A-Za-z0-9_]*)|\[([0-9]+)\]")
_KEY: Final = re.compile(rb'\s*"(?:[^"\\]|\\.)*"\s*:\s*', re.DOTALL)
_GAP: Final = re.compile(rb"[\s,]*")


@frozen(eq=False)
class Source:
    """A resource of type `kind`: the bytes of `text` from `begin` to `end`.

    `first_line` and `first_column` (from 1) and `first_byte` (from 0) are where `text` begins in the file; `entry` is the
    number of the Bundle's entry that holds it, from 1.
    """

    file: str
    kind: str
    text: bytes = field(repr=False)
    begin: int = 0
    end: int = 0
    first_line: int = 1
    first_column: int = 1
    first_byte: int = 0
    entry: int | None = None

    def origin(self, path: str) -> Origin:
        """The place of the element at `path`, or of the nearest one that holds it; an empty path is the resource."""
        offset = self.begin + offset_in(self.text[self.begin : self.end], path)
        line = self.text.count(b"\n", 0, offset)
        start = self.text.rfind(b"\n", 0, offset) + 1
        column = len(self.text[start:offset].decode("utf-8", "replace")) + 1
        return Origin(
            file=self.file,
            path=f"{self.kind}.{path}" if path else self.kind,
            entry=self.entry,
            byte=offset + self.first_byte,
            line=line + self.first_line,
            column=column if line else column + self.first_column - 1,
        )


def offset_in(text: bytes, path: str) -> int:
    """Where in the JSON of a resource the element at `path` begins, in bytes; of the nearest one that holds it.

    >>> offset_in(b'{"item": [{"sequence": 1}, {"sequence": 2}]}', "item[1].sequence")
    40
    """
    offset, piece = 0, text
    for step in _STEP.finditer(path):
        try:
            found = _member(piece, step[1].encode()) if step[1] else _element(piece, int(step[2]))
        except (msgspec.MsgspecError, UnicodeError, RecursionError):
            break
        if found is None:
            break
        offset, piece = offset + found[0], found[1]
    return offset


def _member(text: bytes, key: bytes) -> tuple[int, bytes] | None:
    """Where the value of a key of an object begins, and its JSON."""
    at = text.index(b"{") + 1
    for raw in map(bytes, _TO_OBJECT.decode(text).values()):
        at = _past(_GAP, text, at)
        begin = _past(_KEY, text, at)
        if not text.startswith(raw, begin):  # a key that stands there twice
            return None
        if text[at + 1 : begin].partition(b'"')[0] == key:
            return begin, raw
        at = begin + len(raw)
    return None


def _element(text: bytes, index: int) -> tuple[int, bytes] | None:
    """Where an element of an array begins, and its JSON."""
    at = text.index(b"[") + 1
    for place, raw in enumerate(map(bytes, _TO_ARRAY.decode(text))):
        at = _past(_GAP, text, at)
        if place == index:
            return at, raw
        at += len(raw)
    return None


def _past(sign: re.Pattern[bytes], text: bytes, at: int) -> int:
    found = sign.match(text, at)
    return found.end() if found else at


Place: TypeAlias = str | tuple[Source, str]
"""Where a value stands: a FHIRPath in the claim's own resource, or one in another resource."""


def below(place: Place, path: str) -> Place:
    """The place of what stands below another one; `path` begins with its dot or bracket."""
    return place + path if isinstance(place, str) else (place[0], place[1] + path)
