"""Chunks: the claims of the inputs, some at a time: what one process decides in one go.

In:   inputs.                                   Out: `Chunk`s, in order; `reads_of` a chunk.
Uses: encounter.read and the readers.           Used by: batch.run (cuts), batch.worker (reads).
Not here: deciding (rows); which chunks are done (journal).

Where a chunk ends depends on the inputs alone: neither on the number of processes nor on what was done before. Chunks are small
at first, so that few claims are spread over all processes, and larger later, so that many claims do not become many files.
JSON Lines are cut here and read by the process that decides them; other formats, and packed files, are read here, because what
stands in them depends on what stands before.
"""

import io
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import BinaryIO, Final

import msgspec
from attrs import define, field, frozen

from sequela.engine.batch.inputs import Input
from sequela.engine.diagnostics.model import InputProblem
from sequela.engine.encounter.from_json import read_text
from sequela.engine.encounter.json_places import JsonOrigins
from sequela.engine.encounter.model import SCHEMA, Encounter
from sequela.engine.encounter.read import LINES_SUFFIXES, read
from sequela.engine.encounter.reading import Read

CUT: Final = 1
"""Changes when the cut does, so that a batch that was begun before is not taken up in the wrong place."""

MOST_BYTES: Final = 8_000_000
"""A chunk whose claims are so many bytes of JSON ends, however few they are."""

_SIZES: Final = ((16, 250), (64, 1_000))
_LARGEST: Final = 4_000
_HEAD: Final = 4096
_BYTE_ORDER_MARK: Final = b"\xef\xbb\xbf"
_PROBLEM_BYTES: Final = 300
_TO_ENCOUNTER: Final = msgspec.json.Decoder(Encounter)


class InputChanged(Exception):
    """An input is not what it was when the batch began, or cannot be read any more; the message says which."""


@frozen(kw_only=True)
class Lines:
    """Lines of a JSON Lines file: `count` claims, and where they stand in the file."""

    source: str
    first_number: int
    count: int
    first_line: int
    first_byte: int
    length: int
    path: str


@frozen(kw_only=True)
class Claims:
    """Claims that were read: of each its JSON (None where it could not be read), and what there is to say of it."""

    source: str
    first_number: int
    claims: tuple[tuple[bytes | None, tuple[InputProblem, ...]], ...] = field(repr=False)

    @property
    def count(self) -> int:
        """How many there are."""
        return len(self.claims)


@frozen
class Chunk:
    """Claims that are decided in one go. `read` are the bytes of the inputs that were read for it."""

    index: int
    stretches: tuple[Lines | Claims, ...]
    count: int
    read: int


def size_of(index: int) -> int:
    """How many claims the chunk at an index holds at most."""
    return next((size for below, size in _SIZES if index < below), _LARGEST)


# ---------------------------------------------------------------- cutting


def cut(inputs: Sequence[Input], members: Path | None = None, columns: Path | None = None) -> Iterator[Chunk]:
    """The chunks of the inputs, one after the other; the last one may be small, and none is empty.

    `members` and `columns` are for tables of claims; see `encounter.read`.
    Raises: InputChanged, where a file cannot be read any more.
    """
    cutter = _Cutter()
    for one in inputs:
        try:
            with one.path.open("rb") as stream:
                if _is_lines(one, stream):
                    yield from _cut_lines(one, stream, cutter)
                else:
                    yield from _cut_claims(one, stream, cutter, members, columns)
        except OSError as error:
            raise _unreadable(one.name, error) from error
    if cutter.count:
        yield cutter.take()


@define
class _Cutter:
    """What is gathered for the next chunk."""

    index: int = 0
    stretches: list[Lines | Claims] = field(factory=list)
    count: int = 0
    size: int = 0
    read: int = 0

    def is_full(self, more: int) -> bool:
        """Whether the chunk ends with so many claims more."""
        return self.count + more >= size_of(self.index) or self.size >= MOST_BYTES

    def add(self, stretch: Lines | Claims) -> None:
        self.stretches.append(stretch)
        self.count += stretch.count

    def take(self) -> Chunk:
        made = Chunk(self.index, tuple(self.stretches), self.count, self.read)
        self.index, self.stretches, self.count, self.size, self.read = self.index + 1, [], 0, 0, 0
        return made


def _is_lines(one: Input, stream: BinaryIO) -> bool:
    """Whether a file is JSON Lines that holds encounters, and can be cut without being read."""
    if one.path.suffix.lower() not in LINES_SUFFIXES:
        return False
    head = stream.peek(_HEAD)[:_HEAD].removeprefix(_BYTE_ORDER_MARK).lstrip()  # type: ignore[attr-defined]
    first = head.partition(b"\n")[0]
    return first.startswith(b"{") and SCHEMA.encode() in first


def _cut_lines(one: Input, stream: BinaryIO, cutter: _Cutter) -> Iterator[Chunk]:
    number, count = 1, 0
    line, byte, first_line, first_byte = 1, 0, 1, 0

    def stretch() -> Lines:
        return Lines(
            source=one.name,
            first_number=number,
            count=count,
            first_line=first_line,
            first_byte=first_byte,
            length=byte - first_byte,
            path=str(one.path),
        )

    for text in stream:
        count += bool(text.strip().removeprefix(_BYTE_ORDER_MARK))
        line += 1
        byte += len(text)
        cutter.size += len(text)
        if count and cutter.is_full(count):
            cutter.read += byte - first_byte
            cutter.add(stretch())
            yield cutter.take()
            number, count, first_line, first_byte = number + count, 0, line, byte
    cutter.read += byte - first_byte
    if count:
        cutter.add(stretch())


def _cut_claims(
    one: Input, stream: BinaryIO, cutter: _Cutter, members: Path | None, columns: Path | None
) -> Iterator[Chunk]:
    number, at = 1, 0
    claims: list[tuple[bytes | None, tuple[InputProblem, ...]]] = []
    for found in read(stream, one.name, members=members, columns=columns):
        raw = None if found.encounter is None else msgspec.json.encode(found.encounter, enc_hook=str)
        claims.append((raw, found.problems))
        cutter.size += len(raw or b"") + _PROBLEM_BYTES * len(found.problems)
        if cutter.is_full(len(claims)):
            now = max(at, min(stream.tell(), one.size))
            cutter.read += now - at
            cutter.add(Claims(source=one.name, first_number=number, claims=tuple(claims)))
            yield cutter.take()
            at, number = now, number + len(claims)
            claims.clear()
    cutter.read += one.size - at
    if claims:
        cutter.add(Claims(source=one.name, first_number=number, claims=tuple(claims)))


# ---------------------------------------------------------------- reading what was cut


def reads_of(chunk: Chunk) -> Iterator[tuple[str, int, Callable[[], Read]]]:
    """The claims of a chunk: the source of each, its number there, and what reads it.

    Raises: InputChanged, where a file is not what it was, or cannot be read.
    """
    for stretch in chunk.stretches:
        if isinstance(stretch, Claims):
            for place, (raw, problems) in enumerate(stretch.claims):
                yield stretch.source, stretch.first_number + place, lambda raw=raw, said=problems: _decoded(raw, said)  # type: ignore[misc]
        else:
            yield from _reads_of_lines(stretch)


def _decoded(raw: bytes | None, problems: tuple[InputProblem, ...]) -> Read:
    return Read(None if raw is None else _TO_ENCOUNTER.decode(raw), problems)


def _reads_of_lines(stretch: Lines) -> Iterator[tuple[str, int, Callable[[], Read]]]:
    number, line, byte = stretch.first_number, stretch.first_line, stretch.first_byte
    for text in io.BytesIO(_text_of(stretch)):
        if text.strip().removeprefix(_BYTE_ORDER_MARK):
            origins = JsonOrigins(stretch.source, text, line, 1, byte)
            yield stretch.source, number, lambda origins=origins: read_text(origins)  # type: ignore[misc]
            number += 1
        line += 1
        byte += len(text)


def _text_of(stretch: Lines) -> bytes:
    try:
        with Path(stretch.path).open("rb") as stream:
            stream.seek(stretch.first_byte)
            text = stream.read(stretch.length)
    except OSError as error:
        raise _unreadable(stretch.source, error) from error
    if len(text) != stretch.length:
        raise InputChanged(f"{stretch.source} has changed since the batch began")
    return text


def _unreadable(source: str, error: OSError) -> InputChanged:
    return InputChanged(f"{source} cannot be read: {(error.strerror or 'no reason is given').lower()}")
