"""Read: the claims of a file, whatever it is written in.

In:   a path, or a stream of bytes.            Out: `Read`s, one at a time: a claim, or what kept it from being read.
Uses: json_stream, from_x12, from_flat, reading.          Used by: the public door, the command line, the tests of the pages.
Not here: what a claim is in each of them (from_json, from_x12).

What a file holds decides how it is read; its name only where its beginning does not tell. Packed files (gzip) are
unpacked on the way.
"""

import gzip
import importlib
import io
import re
import sys
import zlib
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import BinaryIO, Final, cast

from msgspec import Struct

from sequela.engine.diagnostics.model import InputProblem
from sequela.engine.diagnostics.suggest import did_you_mean
from sequela.engine.encounter.json_stream import read_json
from sequela.engine.encounter.reading import Read

STANDARD_INPUT: Final = "-"
LINES_SUFFIXES: Final = frozenset({".jsonl", ".ndjson"})
JSON_SUFFIXES: Final = frozenset({".json"}) | LINES_SUFFIXES
TABLE_SUFFIXES: Final = frozenset({".csv", ".tsv", ".tab", ".psv"})
X12_SUFFIXES: Final = frozenset({".837", ".837p", ".837i", ".x12", ".edi", ".txt", ".dat"})

_HEAD: Final = 4096
_PARQUET: Final = b"PAR1"
_GZIP: Final = b"\x1f\x8b"
_BYTE_ORDER_MARK: Final = b"\xef\xbb\xbf"
_WIDE_MARKS: Final = (b"\xff\xfe", b"\xfe\xff")
_X12_START: Final = re.compile(rb"(?:ISA|GS|ST|BHT|CLM)[^A-Za-z0-9\s]", re.IGNORECASE)
_CLAIM_ID: Final = re.compile(rb"(?:^|[,\t;|\"])\s*(?:claim|clm)[ _-]?(?:id|number|num|no)[ \"]*(?:[,\t;|]|$)")
_FHIR: Final = b"http://hl7.org/fhir"
_OTHERS: Final = (
    (b"PK\x03\x04", "a zip archive or an Excel workbook", "Unpack it, or export the claims as an 837 or as JSON."),
    (b"%PDF", "a PDF", "Export the claims as an 837 or as JSON."),
    (b"<", "XML or HTML", "Export the claims as an 837 or as JSON."),
)
_PACKED: Final = tuple(mark for mark, *_ in _OTHERS if mark != b"<")
"""What can be nothing else, whatever the name of the file says."""


class _Beside(Struct, frozen=True):
    """The files that stand beside a table of claims: its members, and what its columns are called."""

    members: str | Path | None = None
    columns: str | Path | None = None


def read(
    source: str | Path | BinaryIO,
    name: str | None = None,
    *,
    members: str | Path | None = None,
    columns: str | Path | None = None,
) -> Iterator[Read]:
    """The claims of a file, one at a time; problems stand where the claims that they are about would stand.

    Args:
        source: a path ("-" is standard input), or a stream of bytes that is already open.
        name: what to call it in problems; by default the path as given.
        members: for a table of claims (CSV, Parquet): the table of members, with their birth dates and sexes.
        columns: for a table of claims: the file that says what its columns are called.

    Yields: for each claim its encounter (with warnings, if there are any), or its problems. A file that cannot be
        opened, holds nothing, or holds no claims yields one `Read` that says so. Never raises for what it finds.
    """
    beside = _Beside(members, columns)
    if not isinstance(source, (str, Path)):
        yield from _guarded(source, name or getattr(source, "name", None) or STANDARD_INPUT, beside)
        return
    if str(source) == STANDARD_INPUT:
        yield from _guarded(sys.stdin.buffer, name or "standard input", beside)
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
        yield from _guarded(stream, file, beside)


def _guarded(stream: BinaryIO, file: str, beside: _Beside) -> Iterator[Read]:
    """The claims of a stream; when it breaks off, what was read so far and a problem."""
    try:
        yield from _of_stream(stream, file, beside)
    except (EOFError, zlib.error, gzip.BadGzipFile):
        yield _problem("SEQ700", "The packed file is damaged or cut off.", file, hint="Pack or send it again.")
    except OSError as fault:
        reason = (fault.strerror or "no reason is given").lower()
        yield _problem("SEQ700", f"The file cannot be read to its end: {reason}.", file)


def _of_stream(stream: BinaryIO, file: str, beside: _Beside) -> Iterator[Read]:
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
    elif start.startswith(_PARQUET) or _names_claims(start) or (suffix in TABLE_SUFFIXES and _is_text(start)):
        yield from _tables().read_flat(stream, file, members=beside.members, columns=beside.columns)
    elif _X12_START.match(start):
        yield from _transactions().read_x12(stream, file)
    elif start.startswith(_WIDE_MARKS):
        yield _problem("SEQ700", "This text is not UTF-8: it looks like UTF-16.", file, hint="Save it as UTF-8.")
    elif start.startswith(_PACKED):
        yield _not_claims(start, file)
    elif suffix in JSON_SUFFIXES:
        yield from read_json(stream, file, one_to_a_line=suffix in LINES_SUFFIXES)
    elif suffix in X12_SUFFIXES and not start.startswith(tuple(mark for mark, *_ in _OTHERS)):
        yield from _transactions().read_x12(stream, file)
    else:
        yield _not_claims(start, file)


def _with_head(stream: BinaryIO) -> tuple[BinaryIO, bytes]:
    """The stream, still at its beginning, and its first bytes."""
    if not hasattr(stream, "peek"):
        stream = cast("BinaryIO", io.BufferedReader(io.BytesIO(stream.read()), _HEAD))
    return stream, cast("io.BufferedReader", stream).peek(_HEAD)


def _tables() -> ModuleType:
    """What reads tables; other inputs do not wait for it: it is imported on demand."""
    return importlib.import_module("sequela.engine.encounter.from_flat")


def _transactions() -> ModuleType:
    """What reads X12, likewise."""
    return importlib.import_module("sequela.engine.encounter.from_x12")


def _is_text(start: bytes) -> bool:
    """Whether what begins so, and is called a table, can be one: no other kind of file, and no 837."""
    return not start.startswith((*_PACKED, *_WIDE_MARKS, b"ISA"))


def _names_claims(start: bytes) -> bool:
    """Whether the first line names the columns of a table of claims, whatever the name of the file is."""
    first = start.split(b"\n", 1)[0].lower()
    return _CLAIM_ID.search(first) is not None and any(one in first for one in (b",", b"\t", b";", b"|"))


def _not_claims(start: bytes, file: str) -> Read:
    for mark, what, hint in _OTHERS:
        if start.startswith(mark):
            if _FHIR in start:
                as_json = "FHIR is read as JSON: ask for an export as application/fhir+json."
                return _problem(
                    "SEQ705", "This is FHIR written as XML; no claims are read from it.", file, hint=as_json
                )
            return _problem("SEQ705", f"This is {what}; no claims are read from it.", file, hint=hint)
    try:
        begin = start[:24].decode().split("\n")[0].strip()
    except UnicodeDecodeError:
        begin = ""
    shown = f' It begins with "{begin}".' if begin.isprintable() and begin else ""
    return _problem(
        "SEQ705",
        f"This is neither JSON, nor an X12 837, nor a table of claims, so no claims are read from it.{shown}",
        file,
        hint="JSON (also that of FHIR) begins with { or [, an 837 with ISA, a table with the names of its columns.",
    )


def _file_like(path: Path) -> str | None:
    """A hint with the files of the same folder that have nearly the same name."""
    try:
        return did_you_mean(path.name, [entry.name for entry in path.parent.iterdir()])
    except OSError:
        return None


def _problem(code: str, message: str, file: str, hint: str | None = None) -> Read:
    return Read(None, (InputProblem(code=code, message=message, file=file, place="the whole file", hint=hint),))
