"""Read: the claims of a file, whatever it is written in.

In:   a path, or a stream of bytes.            Out: `Read`s, one at a time: a claim, or what kept it from being read.
Uses: json_stream, from_x12, reading.          Used by: the public door, the command line, the tests of the pages.
Not here: what a claim is in each of them (from_json, from_x12).

What a file holds decides how it is read; its name only where its beginning does not tell. Packed files (gzip) are
unpacked on the way.
"""

import gzip
import io
import re
import sys
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, Final, cast

from sequela.engine.diagnostics.model import InputProblem
from sequela.engine.diagnostics.suggest import did_you_mean
from sequela.engine.encounter.from_x12 import read_x12
from sequela.engine.encounter.json_stream import read_json
from sequela.engine.encounter.reading import Read

STANDARD_INPUT: Final = "-"
LINES_SUFFIXES: Final = frozenset({".jsonl", ".ndjson"})
JSON_SUFFIXES: Final = frozenset({".json"}) | LINES_SUFFIXES
X12_SUFFIXES: Final = frozenset({".837", ".837p", ".837i", ".x12", ".edi", ".txt", ".dat"})

_HEAD: Final = 4096
_GZIP: Final = b"\x1f\x8b"
_BYTE_ORDER_MARK: Final = b"\xef\xbb\xbf"
_WIDE_MARKS: Final = (b"\xff\xfe", b"\xfe\xff")
_X12_START: Final = re.compile(rb"(?:ISA|GS|ST|BHT|CLM)[^A-Za-z0-9\s]", re.IGNORECASE)
_OTHERS: Final = (
    (b"PK\x03\x04", "a zip archive or an Excel workbook", "Unpack it, or export the claims as an 837 or as JSON."),
    (b"%PDF", "a PDF", "Export the claims as an 837 or as JSON."),
    (b"PAR1", "a Parquet file", "Export the claims as JSON Lines."),
    (b"<", "XML or HTML", "Export the claims as an 837 or as JSON."),
)
_PACKED: Final = tuple(mark for mark, *_ in _OTHERS if mark != b"<")
"""What can be nothing else, whatever the name of the file says."""


def read(source: str | Path | BinaryIO, name: str | None = None) -> Iterator[Read]:
    """The claims of a file, one at a time; problems stand where the claims that they are about would stand.

    Args:
        source: a path ("-" is standard input), or a stream of bytes that is already open.
        name: what to call it in problems; by default the path as given.

    Yields: for each claim its encounter (with warnings, if there are any), or its problems. A file that cannot be
        opened, holds nothing, or holds no claims yields one `Read` that says so. Never raises for what it finds.
    """
    if not isinstance(source, (str, Path)):
        yield from _guarded(source, name or getattr(source, "name", None) or STANDARD_INPUT)
        return
    if str(source) == STANDARD_INPUT:
        yield from _guarded(sys.stdin.buffer, name or "standard input")
        return
    path, file = Path(source), name or str(source)
    if path.is_dir():
        yield _problem("SEQ700", "This is a folder, not a file.", file, hint="Name the files in it.")
        return
    try:
        stream = path.open("rb")
    except FileNotFoundError:
        yield _problem("SEQ700", "There is no such file.", file, hint=_file_like(path))
        return
    except OSError as fault:
        reason = (fault.strerror or "no reason is given").lower()
        yield _problem("SEQ700", f"The file cannot be opened: {reason}.", file)
        return
    with stream:
        yield from _guarded(stream, file)


def _guarded(stream: BinaryIO, file: str) -> Iterator[Read]:
    """The claims of a stream; when it breaks off, what was read so far and a problem."""
    try:
        yield from _of_stream(stream, file)
    except (EOFError, zlib.error, gzip.BadGzipFile):
        yield _problem("SEQ700", "The packed file is damaged or cut off.", file, hint="Pack or send it again.")
    except OSError as fault:
        reason = (fault.strerror or "no reason is given").lower()
        yield _problem("SEQ700", f"The file cannot be read to its end: {reason}.", file)


def _of_stream(stream: BinaryIO, file: str) -> Iterator[Read]:
    stream, head = _with_head(stream)
    suffixes = [suffix.lower() for suffix in Path(file).suffixes]
    if head.startswith(_GZIP):
        stream, head = _with_head(cast("BinaryIO", gzip.GzipFile(fileobj=stream)))
        suffixes = [suffix for suffix in suffixes if suffix != ".gz"]
    suffix = suffixes[-1] if suffixes else ""
    start = head.removeprefix(_BYTE_ORDER_MARK).lstrip()
    if not start:
        text = stream.read()
        if not text.removeprefix(_BYTE_ORDER_MARK).strip():
            yield _problem("SEQ700", "There is nothing in the file.", file, hint="Was it written to the end?")
            return
        stream, start = io.BytesIO(text), text.removeprefix(_BYTE_ORDER_MARK).lstrip()
    if start.startswith((b"{", b"[")):
        yield from read_json(stream, file, one_to_a_line=suffix in LINES_SUFFIXES)
    elif _X12_START.match(start):
        yield from read_x12(stream, file)
    elif start.startswith(_WIDE_MARKS):
        yield _problem("SEQ700", "This text is not UTF-8: it looks like UTF-16.", file, hint="Save it as UTF-8.")
    elif start.startswith(_PACKED):
        yield _not_claims(start, file)
    elif suffix in JSON_SUFFIXES:
        yield from read_json(stream, file, one_to_a_line=suffix in LINES_SUFFIXES)
    elif suffix in X12_SUFFIXES and not start.startswith(tuple(mark for mark, *_ in _OTHERS)):
        yield from read_x12(stream, file)
    else:
        yield _not_claims(start, file)


def _with_head(stream: BinaryIO) -> tuple[BinaryIO, bytes]:
    """The stream, still at its beginning, and its first bytes."""
    if not hasattr(stream, "peek"):
        stream = cast("BinaryIO", io.BufferedReader(io.BytesIO(stream.read()), _HEAD))
    return stream, cast("io.BufferedReader", stream).peek(_HEAD)


def _not_claims(start: bytes, file: str) -> Read:
    for mark, what, hint in _OTHERS:
        if start.startswith(mark):
            return _problem("SEQ705", f"This is {what}; no claims are read from it.", file, hint=hint)
    try:
        begin = start[:24].decode().split("\n")[0].strip()
    except UnicodeDecodeError:
        begin = ""
    shown = f' It begins with "{begin}".' if begin.isprintable() and begin else ""
    return _problem(
        "SEQ705",
        f"This is neither JSON nor an X12 837, so no claims are read from it.{shown}",
        file,
        hint="JSON begins with { or [, an 837 with ISA.",
    )


def _file_like(path: Path) -> str | None:
    """A hint with the files of the same folder that have nearly the same name."""
    try:
        return did_you_mean(path.name, [entry.name for entry in path.parent.iterdir()])
    except OSError:
        return None


def _problem(code: str, message: str, file: str, hint: str | None = None) -> Read:
    return Read(None, (InputProblem(code=code, message=message, file=file, place="the whole file", hint=hint),))
