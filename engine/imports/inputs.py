"""Inputs: the files of an import, opened: plain, packed, or members of an archive.

In:   paths that a user gave.           Out: `Input`, `open_inputs`.
Uses: diagnostics, zipfile, gzip, lzma.    Used by: every importer, imports.run.
Not here: rows and cells (grid); what a file should hold (the importers).
"""

import gzip
import io
import lzma
import zlib
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path, PurePosixPath
from typing import IO, Any, BinaryIO, Final, cast
from zipfile import BadZipFile, ZipFile, ZipInfo

from attrs import define, field, frozen

from sequela.engine.diagnostics.model import InputProblem
from sequela.engine.diagnostics.suggest import did_you_mean

_NOT_DATA: Final = (".pdf", ".doc", ".docx", ".htm", ".html", ".rtf")
_ZIP: Final = b"PK\x03\x04"
_OLD_EXCEL: Final = b"\xd0\xcf\x11\xe0"
_PACKED: Final[Mapping[str, Callable[..., Any]]] = {".gz": gzip.open, ".xz": lzma.open}
_HEAD: Final = 4096
_ANEW: Final = "Fetch it anew from its publisher."

Source = Callable[[], BinaryIO]
"""What opens a file from its start."""


@define(eq=False)
class _Meter:
    """How many bytes of an input were read so far."""

    done: int = 0


class _Passed(io.RawIOBase):
    """A stream that passes on what another one holds, and closes it."""

    def __init__(self, inner: IO[bytes]) -> None:
        self._inner = inner

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: "memoryview[int]") -> int:  # type: ignore[override]
        data = self._inner.read(len(buffer))
        buffer[: len(data)] = data
        return len(data)

    def close(self) -> None:
        if not self.closed:
            self._inner.close()
        super().close()


class _Metered(_Passed):
    """A stream that counts what is read from it."""

    def __init__(self, inner: IO[bytes], meter: _Meter) -> None:
        super().__init__(inner)
        self._meter = meter

    def readinto(self, buffer: "memoryview[int]") -> int:  # type: ignore[override]
        count = super().readinto(buffer)
        self._meter.done += count
        return count


class _Member(_Passed):
    """A member of an archive, which closes the archive's own stream, too."""

    def __init__(self, inner: IO[bytes], archive: BinaryIO) -> None:
        super().__init__(inner)
        self._archive = archive

    def close(self) -> None:
        super().close()
        self._archive.close()


@frozen(eq=False, kw_only=True)
class Input:
    """One file of an import, or one member of an archive.

    `name` is what messages call it (`ncci.zip: ccipra-v322r0-f1.txt`), `file` the bare file name, in which publishers
    write the edition; `size` its bytes, unpacked (0: not known); `head` its first bytes; `packed` says that the user
    named the archive and not this file, so that it is no fault where it is something else.
    """

    name: str
    file: str
    size: int
    head: bytes = field(repr=False)
    packed: bool = False
    _source: Source = field(repr=False)
    _meter: _Meter = field(repr=False, factory=_Meter)

    @property
    def suffix(self) -> str:
        """The end of the file's name in lower case, without `.gz` or `.xz`: `.txt`."""
        return PurePosixPath(self.file.lower().removesuffix(".gz").removesuffix(".xz")).suffix

    @property
    def stem(self) -> str:
        """The bare file name without its end, in lower case."""
        return PurePosixPath(self.file.lower().removesuffix(".gz").removesuffix(".xz")).stem

    @property
    def is_workbook(self) -> bool:
        """Whether it is an Excel workbook, whatever its name says."""
        return self.head.startswith(_ZIP)

    @property
    def done(self) -> int:
        """How many of its bytes were read so far."""
        return self._meter.done

    def open(self) -> io.BufferedReader:
        """Its bytes from the start; to be closed by the caller. Raises: OSError."""
        self._meter.done = 0
        return io.BufferedReader(_Metered(self._source(), self._meter), 1 << 18)

    def seekable(self) -> BinaryIO:
        """Its bytes as a stream in which one can go back, as a workbook needs it. Raises: OSError."""
        return io.BytesIO(self.data()) if self.packed else self._source()

    def data(self) -> bytes:
        """All its bytes. Raises: OSError."""
        with self.open() as stream:
            return stream.read()

    def text(self) -> str:
        """All its text, line ends as `\\n`. Raises: OSError."""  # noqa: D301
        encoding = self.encoding()
        with self.open() as stream, io.TextIOWrapper(stream, encoding) as text:
            return text.read()

    def encoding(self) -> str:
        """UTF-8 where every byte of the file is, UTF-16 by its mark, else Latin-1 (what CMS writes)."""
        if self.head.startswith((b"\xff\xfe", b"\xfe\xff")):
            return "utf-16"
        with self.open() as stream, io.TextIOWrapper(stream, "utf-8-sig", newline="") as text:
            try:
                while text.read(1 << 20):
                    pass
            except UnicodeDecodeError:
                return "latin-1"
        return "utf-8-sig"


@define
class _Opened:
    inputs: list[Input] = field(factory=list)
    problems: list[InputProblem] = field(factory=list)


def open_inputs(paths: Sequence[Path]) -> tuple[tuple[Input, ...], tuple[InputProblem, ...]]:
    """The files at `paths`, for an archive the data files in it, and what is wrong with the others.

    Where the same file is given as text and as a workbook, the text is taken: it is the same content, and no code in it
    lost its leading zeros.
    """
    opened = _Opened()
    for path in dict.fromkeys(paths):
        _open_path(path, opened)
    as_text = {one.stem for one in opened.inputs if not one.is_workbook}
    kept = tuple(one for one in opened.inputs if not one.is_workbook or one.stem not in as_text)
    return kept, tuple(opened.problems)


def _open_path(path: Path, opened: _Opened) -> None:
    name = path.name
    if path.is_dir():
        opened.problems.append(_fault("SEQ489", f"{path} is a folder.", name, "Name the files inside it."))
        return
    unpack = _PACKED.get(path.suffix.lower())
    try:
        size = path.stat().st_size if unpack is None else 0
        _add(name, name, size, partial(unpack or Path.open, path, "rb"), opened)
    except (FileNotFoundError, NotADirectoryError):
        there = [one.name for one in path.parent.iterdir()] if path.parent.is_dir() else []
        hint = did_you_mean(path.name, there) or "Check the spelling and the folder."
        opened.problems.append(_fault("SEQ489", f"There is no file {path}.", name, hint))
    except (OSError, EOFError, lzma.LZMAError) as error:
        why = getattr(error, "strerror", None) or str(error)
        opened.problems.append(_fault("SEQ482", f"{path} cannot be read: {why}.", name, _ANEW))


def _add(name: str, file: str, size: int, source: Source, opened: _Opened, *, packed: bool = False) -> None:
    """Adds one file; an archive is looked into, and what cannot be a data file is said."""
    with source() as stream:
        head = stream.read(_HEAD)
    one = Input(name=name, file=file, size=size, head=head, packed=packed, source=source)
    fault = _no_data(name, head)
    if fault is not None:
        opened.problems.append(fault)
    elif head.startswith(_ZIP):
        _add_archive(one, opened)
    else:
        opened.inputs.append(one)


def _no_data(name: str, head: bytes) -> InputProblem | None:
    """Why a file that begins like this holds no table."""
    if not head.strip():
        return _fault("SEQ483", f"{name} is empty.", name, _ANEW)
    if head.lstrip().lower().startswith((b"<!doctype html", b"<html")):
        hint = "The publisher shows a licence first: accept it in a browser, and save the file that comes then."
        return _fault("SEQ482", f"{name} is a web page, not the file itself.", name, hint)
    if head.startswith(b"%PDF"):
        hint = "Take the text file, the CSV or the workbook of the same edition."
        return _fault("SEQ482", f"{name} is a PDF, from which no table is read.", name, hint)
    if head.startswith(_OLD_EXCEL):
        hint = "Open it in the spreadsheet program and save it as `.xlsx` or as `CSV UTF-8`."
        return _fault("SEQ482", f"{name} is a workbook of the old kind (.xls), or has a password.", name, hint)
    return None


def _add_archive(one: Input, opened: _Opened) -> None:
    """Adds the data files of an archive; a workbook, which is an archive of another sort, is added whole."""
    try:
        with one.seekable() as stream, ZipFile(stream) as archive:
            members = [member for member in archive.infolist() if not member.is_dir()]
        names = [member.filename for member in members]
        if "[Content_Types].xml" in names:
            opened.inputs.append(one)
            return
        wanted = [member for member in members if _may_be_data(member.filename)]
        if any(member.flag_bits & 1 for member in wanted):
            hint = "Unpack it with its password, and name the files."
            opened.problems.append(_fault("SEQ482", f"{one.name} is locked with a password.", one.name, hint))
            return
        if not wanted:
            message = f"{one.name} holds no data file, only {', '.join(names[:5]) or 'nothing'}."
            opened.problems.append(_fault("SEQ483", message, one.name, _ANEW))
        for member in wanted:
            file = PurePosixPath(member.filename).name
            source = partial(_open_member, one, member)
            _add(f"{one.name}: {file}", file, member.file_size, source, opened, packed=True)
    except (BadZipFile, NotImplementedError, zlib.error, EOFError) as error:
        message = f"{one.name} is damaged: it cannot be unpacked ({error})."
        opened.problems.append(_fault("SEQ482", message, one.name, _ANEW))


def _open_member(archive: Input, member: ZipInfo) -> BinaryIO:
    """A member of an archive; what it is read from stays open until it is closed itself."""
    stream = archive.seekable()
    try:
        return cast("BinaryIO", _Member(ZipFile(stream).open(member), stream))
    except BaseException:
        stream.close()
        raise


def _may_be_data(name: str) -> bool:
    path = PurePosixPath(name)
    hidden = path.name.startswith((".", "~$")) or "__MACOSX" in path.parts
    return not hidden and path.suffix.lower() not in _NOT_DATA


def _fault(code: str, message: str, name: str, hint: str | None) -> InputProblem:
    return InputProblem(code=code, message=message, file=name, place="", hint=hint)
