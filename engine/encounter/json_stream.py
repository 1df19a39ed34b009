"""JSON stream: the encounters of a JSON file: one object, an array of them, or one to a line (JSON Lines).

In:   a stream of bytes.                   Out: `Read`s, one at a time.
Uses: from_json, json_places.              Used by: read.
Not here: what one encounter is (from_json).

JSON Lines are read a line at a time. One claim that is malformed does not keep the others from being read.
"""

from collections.abc import Iterable, Iterator
from typing import BinaryIO, Final

import msgspec

from sequela.engine.encounter.from_json import malformed, read_text
from sequela.engine.encounter.json_places import JsonOrigins, top_level_values
from sequela.engine.encounter.reading import Read

_TO_PIECES: Final = msgspec.json.Decoder(list[msgspec.Raw])
_TO_PIECE: Final = msgspec.json.Decoder(msgspec.Raw)
_BYTE_ORDER_MARK: Final = b"\xef\xbb\xbf"


def read_json(stream: BinaryIO, file: str, *, one_to_a_line: bool = False) -> Iterator[Read]:
    """The encounters of a JSON file, in order, each read or with its problems.

    Args:
        stream: the bytes of the file.
        file: what to call it in problems.
        one_to_a_line: whether each line is an encounter, as the file's name says; without it that is found out.
    """
    if one_to_a_line:
        yield from _line_by_line(stream, file, 1, 0)
        return
    first = stream.readline()
    before = first
    lines = 1
    while first and not first.strip().removeprefix(_BYTE_ORDER_MARK):
        first = stream.readline()
        before += first
        lines += 1
    if _is_object(first.strip().removeprefix(_BYTE_ORDER_MARK)):
        yield read_text(JsonOrigins(file, first, lines, 1, len(before) - len(first)))
        yield from _line_by_line(stream, file, lines + 1, len(before))
    else:
        yield from _whole(before + stream.read(), file)


def _is_object(text: bytes) -> bool:
    """Whether a line holds one whole JSON object."""
    if not text.startswith(b"{"):
        return False
    try:
        _TO_PIECE.decode(text)
    except (msgspec.MsgspecError, RecursionError):
        return False
    return True


def _line_by_line(lines: Iterable[bytes], file: str, number: int, byte: int) -> Iterator[Read]:
    for line in lines:
        if line.strip().removeprefix(_BYTE_ORDER_MARK):
            yield read_text(JsonOrigins(file, line, number, 1, byte))
        number += 1
        byte += len(line)


def _whole(text: bytes, file: str) -> Iterator[Read]:
    """The encounters of a text that is not JSON Lines from its first line on: an object or an array."""
    start = len(_BYTE_ORDER_MARK) if text.startswith(_BYTE_ORDER_MARK) else 0
    if not text[start:].lstrip().startswith(b"["):
        yield from _objects(text, file, start)
        return
    try:
        pieces = [bytes(piece) for piece in _TO_PIECES.decode(text[start:])]
    except (msgspec.MsgspecError, RecursionError) as fault:
        yield from _salvaged(text, file, start, str(fault))
    else:
        yield from _in_their_places(text, file, start, pieces)


def _objects(text: bytes, file: str, start: int) -> Iterator[Read]:
    """One object, or several one after another; where it is malformed, what can be read of it."""
    try:
        _TO_PIECE.decode(text[start:])
    except (msgspec.MsgspecError, RecursionError) as fault:
        lines = [line for line in text[start:].split(b"\n") if line.strip()]
        if any(map(_is_object, lines[1:])) and all(line.lstrip().startswith(b"{") for line in lines):
            yield from _line_by_line(text.splitlines(keepends=True), file, 1, 0)
        else:
            yield from _salvaged(text, file, start, str(fault))
        return
    yield read_text(JsonOrigins(file, text, 1, 1, 0))


def _salvaged(text: bytes, file: str, start: int, said: str) -> Iterator[Read]:
    """What can be read of a text that is malformed as a whole, and the fault where no claim has it."""
    try:
        words = text.decode("utf-8-sig")
    except UnicodeDecodeError:
        yield read_text(JsonOrigins(file, text, 1, 1, 0))
        return
    spans = list(top_level_values(words))
    pieces = [words[begin:end].encode() for begin, end in spans]
    reads = list(_in_their_places(text, file, start, pieces))
    yield from reads
    told = any(problem.code == "SEQ703" for read in reads for problem in read.problems)
    ends = [0, *(end for _, end in spans)]
    begins = [*(begin for begin, _ in spans), len(words)]
    outside = "".join(words[end:begin] for end, begin in zip(ends, begins, strict=True))
    if not told and (outside.strip() or not reads):
        yield Read(None, (malformed(JsonOrigins(file, text[start:], 1, 1, start), said),))


def _in_their_places(text: bytes, file: str, start: int, pieces: Iterable[bytes]) -> Iterator[Read]:
    """Read the pieces of a text, each knowing the line and column at which it stands."""
    at, line, column = start, 1, 1
    for piece in pieces:
        begin = text.index(piece, at)
        passed = text[at:begin]
        line, column = _moved(passed, line, column)
        yield read_text(JsonOrigins(file, piece, line, column, begin))
        line, column = _moved(piece, line, column)
        at = begin + len(piece)


def _moved(passed: bytes, line: int, column: int) -> tuple[int, int]:
    """Line and column after passing some text."""
    newlines = passed.count(b"\n")
    if newlines:
        return line + newlines, len(passed[passed.rindex(b"\n") + 1 :].decode("utf-8", "replace")) + 1
    return line, column + len(passed.decode("utf-8", "replace"))
