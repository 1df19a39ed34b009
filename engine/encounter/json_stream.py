"""JSON stream: the encounters of a JSON file: one object, an array of them, or one to a line (JSON Lines).

In:   a stream of bytes.                   Out: `Read`s, one at a time.
Uses: from_json, from_fhir, json_places.   Used by: read.
Not here: what one encounter is (from_json); what a resource of FHIR holds (from_fhir).

JSON Lines are read a line at a time. One claim that is malformed does not keep the others from being read. An object
that has `resourceType` is a resource of FHIR, whatever the file is called.
"""

import importlib
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, BinaryIO, Final

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from sequela.engine.encounter.from_json import malformed, read_text
from sequela.engine.encounter.json_places import JsonOrigins, moved, top_level_values
from sequela.engine.encounter.reading import Read

if TYPE_CHECKING:
    from sequela.engine.encounter.from_fhir import FhirReader

_TO_PIECES: Final = msgspec.json.Decoder(list[msgspec.Raw])
_TO_PIECE: Final = msgspec.json.Decoder(msgspec.Raw)
_BYTE_ORDER_MARK: Final = b"\xef\xbb\xbf"
_RESOURCE: Final = b'"resourceType"'


class _Objects(Struct):
    """Reads the objects of one file, each as what it is: an encounter, or a resource of FHIR."""

    file: str
    fhir: "FhirReader | None" = None
    has_encounters: bool = False

    def read(self, piece: JsonOrigins) -> Iterator[Read]:
        """The claims of one object."""
        if _RESOURCE in piece.raw:
            piece = _without_mark(piece)
            from_fhir = importlib.import_module("sequela.engine.encounter.from_fhir")  # others do not wait for it
            if from_fhir.is_resource(piece.raw):
                yield from self._resources(from_fhir.FhirReader).read(piece)
                return
            said = _fault_in(piece.raw)
            if said is not None and from_fhir.is_cut_bundle(piece.raw):
                yield from self._resources(from_fhir.FhirReader).read_damaged(piece, said)
                return
        self.has_encounters = True
        if self.fhir is not None and self.fhir.held is not None:
            yield self.fhir.held
            self.fhir.held = None
        yield read_text(piece)

    def end(self) -> Iterator[Read]:
        """What is left to say when the file has ended."""
        if self.fhir is not None:
            yield from self.fhir.end(is_alone=not self.has_encounters)

    def _resources(self, reader: "type[FhirReader]") -> "FhirReader":
        if self.fhir is None:
            self.fhir = reader(self.file)
        return self.fhir


def read_json(stream: BinaryIO, file: str, *, one_to_a_line: bool = False) -> Iterator[Read]:
    """The encounters of a JSON file, in order, each read or with its problems.

    Args:
        stream: the bytes of the file.
        file: what to call it in problems.
        one_to_a_line: whether each line is an encounter, as the file's name says; without it that is found out.
    """
    objects = _Objects(file)
    yield from _all(stream, objects, one_to_a_line=one_to_a_line)
    yield from objects.end()


def _all(stream: BinaryIO, objects: _Objects, *, one_to_a_line: bool) -> Iterator[Read]:
    if one_to_a_line:
        yield from _line_by_line(stream, objects, 1, 0)
        return
    first = stream.readline()
    before = first
    lines = 1
    while first and not first.strip().removeprefix(_BYTE_ORDER_MARK):
        first = stream.readline()
        before += first
        lines += 1
    if _is_object(first.strip().removeprefix(_BYTE_ORDER_MARK)):
        yield from objects.read(JsonOrigins(objects.file, first, lines, 1, len(before) - len(first)))
        yield from _line_by_line(stream, objects, lines + 1, len(before))
    else:
        yield from _whole(before + stream.read(), objects)


def _is_object(text: bytes) -> bool:
    """Whether a line holds one whole JSON object."""
    if not text.startswith(b"{"):
        return False
    try:
        _TO_PIECE.decode(text)
    except (msgspec.MsgspecError, RecursionError):
        return False
    return True


def _line_by_line(lines: Iterable[bytes], objects: _Objects, number: int, byte: int) -> Iterator[Read]:
    for line in lines:
        if line.strip().removeprefix(_BYTE_ORDER_MARK):
            yield from objects.read(JsonOrigins(objects.file, line, number, 1, byte))
        number += 1
        byte += len(line)


def _whole(text: bytes, objects: _Objects) -> Iterator[Read]:
    """The encounters of a text that is not JSON Lines from its first line on: an object or an array."""
    start = len(_BYTE_ORDER_MARK) if text.startswith(_BYTE_ORDER_MARK) else 0
    if not text[start:].lstrip().startswith(b"["):
        yield from _several(text, objects, start)
        return
    try:
        pieces = [bytes(piece) for piece in _TO_PIECES.decode(text[start:])]
    except (msgspec.MsgspecError, RecursionError) as fault:
        yield from _salvaged(text, objects, start, str(fault))
    else:
        yield from _in_their_places(text, objects, start, pieces)


def _several(text: bytes, objects: _Objects, start: int) -> Iterator[Read]:
    """One object, or several one after another; where it is malformed, what can be read of it."""
    try:
        _TO_PIECE.decode(text[start:])
    except (msgspec.MsgspecError, RecursionError) as fault:
        lines = [line for line in text[start:].split(b"\n") if line.strip()]
        if any(map(_is_object, lines[1:])) and all(line.lstrip().startswith(b"{") for line in lines):
            yield from _line_by_line(text.splitlines(keepends=True), objects, 1, 0)
        else:
            yield from _salvaged(text, objects, start, str(fault))
        return
    yield from objects.read(JsonOrigins(objects.file, text, 1, 1, 0))


def _salvaged(text: bytes, objects: _Objects, start: int, said: str) -> Iterator[Read]:
    """What can be read of a text that is malformed as a whole, and the fault where no claim has it."""
    try:
        words = text.decode("utf-8-sig")
    except UnicodeDecodeError:
        yield from objects.read(JsonOrigins(objects.file, text, 1, 1, 0))
        return
    spans = list(top_level_values(words))
    pieces = [words[begin:end].encode() for begin, end in spans]
    reads = list(_in_their_places(text, objects, start, pieces))
    yield from reads
    told = any(problem.code == "SEQ703" for read in reads for problem in read.problems)
    ends = [0, *(end for _, end in spans)]
    begins = [*(begin for begin, _ in spans), len(words)]
    outside = "".join(words[end:begin] for end, begin in zip(ends, begins, strict=True))
    if not told and (outside.strip() or not reads):
        yield Read(None, (malformed(JsonOrigins(objects.file, text[start:], 1, 1, start), said),))


def _in_their_places(text: bytes, objects: _Objects, start: int, pieces: Iterable[bytes]) -> Iterator[Read]:
    """Read the pieces of a text, each knowing the line and column at which it stands."""
    at, line, column = start, 1, 1
    for piece in pieces:
        begin = text.index(piece, at)
        passed = text[at:begin]
        line, column = moved(passed, line, column)
        yield from objects.read(JsonOrigins(objects.file, piece, line, column, begin))
        line, column = moved(piece, line, column)
        at = begin + len(piece)


def _without_mark(piece: JsonOrigins) -> JsonOrigins:
    """An object without the byte order mark that may stand before it."""
    if not piece.raw.startswith(_BYTE_ORDER_MARK):
        return piece
    return replace(piece, raw=piece.raw[len(_BYTE_ORDER_MARK) :], first_byte=piece.first_byte + len(_BYTE_ORDER_MARK))


def _fault_in(text: bytes) -> str | None:
    """What is wrong with the JSON of a text; None when nothing is."""
    try:
        _TO_PIECE.decode(text)
    except (msgspec.MsgspecError, RecursionError) as fault:
        return str(fault)
    return None
