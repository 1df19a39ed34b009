"""FHIR source: one resource as it stands in a file, and where in it each element is written.

In:   the bytes of a resource and their place in the file.    Out: `Source`, `Origin`s.
Uses: json_places, origin.                                    Used by: every FHIR reader.

A place is a FHIRPath below the resource (`item[2].servicedPeriod.start`, counted from 0). Its line and column are worked out
when somebody asks: the way down to it is walked, and everything beside it is passed over at once.
"""

import re
from typing import Final, TypeAlias

import msgspec
from attrs import field, frozen

from sequela.engine.encounter.json_places import moved
from sequela.engine.encounter.origin import Origin

_TO_OBJECT: Final = msgspec.json.Decoder(dict[str, msgspec.Raw])
_TO_ARRAY: Final = msgspec.json.Decoder(list[msgspec.Raw])
_STEP: Final = re.compile(r"([A-Za-z_][A-Za-z0-9_]*)|\[([0-9]+)\]")
_KEY: Final = re.compile(rb'\s*"(?:[^"\\]|\\.)*"\s*:\s*', re.DOTALL)
_GAP: Final = re.compile(rb"[\s,]*")

Walked: TypeAlias = dict[str, tuple[int, bytes]]
"""What stands in an object or a list: by its key or index, where it begins, and its JSON."""


@frozen(eq=False)
class Source:
    """A resource of type `kind`, and its bytes.

    `first_line` and `first_column` (from 1) and `first_byte` (from 0) are where it begins in the file; `entry` is the number
    of the Bundle's entry that holds it, from 1.
    """

    file: str
    kind: str
    raw: bytes = field(repr=False)
    first_line: int = 1
    first_column: int = 1
    first_byte: int = 0
    entry: int | None = None
    _walked: dict[str, Walked] = field(factory=dict, init=False, repr=False)

    def origin(self, path: str) -> Origin:
        """The place of the element at `path`, or of the nearest one that holds it; an empty path is the resource."""
        offset = offset_in(self.raw, path, self._walked)
        line, column = moved(self.raw[:offset], self.first_line, self.first_column)
        return Origin(
            file=self.file,
            path=f"{self.kind}.{path}" if path else self.kind,
            entry=self.entry,
            byte=offset + self.first_byte,
            line=line,
            column=column,
        )


def offset_in(text: bytes, path: str, walked: dict[str, Walked] | None = None) -> int:
    """Where in the JSON of a resource the element at `path` begins, in bytes; of the nearest one that holds it.

    `walked` keeps what stands in the objects and lists on the way, for the next time.

    >>> offset_in(b'{"item": [{"sequence": 1}, {"sequence": 2}]}', "item[1].sequence")
    40
    """
    walked = {} if walked is None else walked
    offset, piece, above = 0, text, ""
    for step in _STEP.finditer(path):
        if above not in walked:
            walked[above] = _members(piece) if step[1] else _elements(piece)
        found = walked[above].get(step[1] or step[2])
        if found is None:
            break
        offset, piece, above = offset + found[0], found[1], path[: step.end()]
    return offset


def _members(text: bytes) -> Walked:
    """Where the value of each key of an object begins, and its JSON; nothing where a key stands there twice."""
    found: Walked = {}
    try:
        members = _TO_OBJECT.decode(text)
    except (msgspec.MsgspecError, UnicodeError, RecursionError):
        return found
    at = text.index(b"{") + 1
    for key, member in members.items():
        raw = bytes(member)
        begin = _past(_KEY, text, _past(_GAP, text, at))
        if not text.startswith(raw, begin):
            return {}
        found[key] = (begin, raw)
        at = begin + len(raw)
    return found


def _elements(text: bytes) -> Walked:
    """Where each element of a list begins, and its JSON."""
    found: Walked = {}
    try:
        elements = _TO_ARRAY.decode(text)
    except (msgspec.MsgspecError, UnicodeError, RecursionError):
        return found
    at = text.index(b"[") + 1
    for index, element in enumerate(elements):
        raw = bytes(element)
        at = _past(_GAP, text, at)
        found[str(index)] = (at, raw)
        at += len(raw)
    return found


def _past(sign: re.Pattern[bytes], text: bytes, at: int) -> int:
    found = sign.match(text, at)
    return found.end() if found else at


Place: TypeAlias = str | tuple[Source, str]
"""Where a value stands: a FHIRPath in the claim's own resource, or one in another resource."""


def below(place: Place, path: str) -> Place:
    """The place of what stands below another one; `path` begins with its dot or bracket."""
    return place + path if isinstance(place, str) else (place[0], place[1] + path)
