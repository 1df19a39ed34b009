"""Store format: the file of one release of an imported table: what stands where in it, and what it says of itself.

In:   the path of a `.sqt` file; the sections of a new one.    Out: `Manifest`, `Store`, `open_store`, `write_store`, ...
Uses: diagnostics, tables.model, msgspec.                      Used by: store_write, stored, releases; imports, pipeline.
Not here: what a column means (stored_columns); how a row is found (stored).

A file is a header of 64 bytes, a manifest in JSON, and sections of little-endian numbers or of text, each at a place that
is a multiple of eight. It is mapped into memory, never read as a whole: processes that open it share its pages. When it is
opened its header, its manifest and the bounds of its sections are held to what they say; `verify` reads all of it.
"""

import mmap
import struct
import sys
from array import array
from collections.abc import Iterator, Sequence
from datetime import date
from hashlib import sha256
from pathlib import Path
from typing import Any, Final, cast

import msgspec
from msgspec import Struct, field

from sequela.engine.diagnostics.model import InputProblem
from sequela.engine.tables.index import KeyMatch
from sequela.engine.tables.model import Covers

SUFFIX: Final = ".sqt"
FOLDER_SUFFIX: Final = ".table"
"""`ncci/ptp-practitioner.table/2026q4.sqt` is release 2026q4 of the table `ncci/ptp-practitioner`."""

VERSION: Final = 1
_MAGIC: Final = b"sequela-table "
_HEADER: Final = struct.Struct("<14s4s2xIQ32s")
"""Magic, version in four digits, length of the manifest, length of the file, digest of the manifest."""
_ALIGNED: Final = 8
_ITEM_SIZES: Final = {"B": 1, "H": 2, "I": 4, "Q": 8}
_BLOCK: Final = 1 << 20
_AGAIN: Final = "Import the table anew."


class Manifest(Struct, frozen=True, kw_only=True):
    """What a release says about itself.

    `table` is its path without a suffix ("ncci/ptp-practitioner"); `source` the names of the files it was made from and
    `sha256` their digest; `rows` were kept and `rejects` were not; `notes` are counts and remarks of the importer. Where
    parts of the release were not there, `missing` names them: whatever a rule file declares, the table is then partial.
    """

    table: str
    title: str
    source: str
    publisher: str
    release: str
    covers: Covers | None = None
    sha256: str = ""
    rows: int = 0
    rejects: int = 0
    made_by: str = ""
    missing: str = ""
    notes: dict[str, int | str] = field(default_factory=dict)


class TextsForm(msgspec.Struct, frozen=True, omit_defaults=True):
    """Where some texts stand: as numbers of eight characters (`packed`), or as offsets into a blob."""

    count: int
    at: int
    blob: int | None = None
    lengths: tuple[int, ...] = ()
    """The lengths that occur, where beginnings are looked up among the texts."""


class IndexForm(msgspec.Struct, frozen=True):
    """An index of lists: for each text the rows whose list has it."""

    texts: TextsForm
    offsets: int
    rows: int


class PostingsForm(msgspec.Struct, frozen=True):
    """The index of a key column of lists: by exact code, by beginning, by range."""

    exact: IndexForm
    beginnings: IndexForm
    ranges: IndexForm


class ColumnForm(msgspec.Struct, frozen=True, omit_defaults=True):
    """One column: its type, and where its cells stand.

    `ids` are places among the `texts`; those of `ranges`, owners that are ranges, follow. In a column of values 0 is an
    empty cell, and without `ids` each row has its own text, empty for an empty cell. `offsets` are the rows of each text
    of the first key.
    """

    name: str
    type: str
    texts: TextsForm
    key: KeyMatch | None = None
    words: tuple[str, ...] = ()
    ids: int | None = None
    ranges: TextsForm | None = None
    offsets: int | None = None
    postings: PostingsForm | None = None


class DaysForm(msgspec.Struct, frozen=True):
    """The periods of the rows: days counted from `base`; 0 is an open start, `open_end` an open end."""

    base: int
    open_end: int
    starts: int
    ends: int


class SectionForm(msgspec.Struct, frozen=True):
    """One section: where it begins after the manifest, how many items it has, and their kind (B, H, I, Q)."""

    at: int
    items: int
    item: str


class CoversForm(msgspec.Struct, frozen=True):
    """The dates for which a release speaks."""

    start: date | None
    end: date | None


class Form(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The manifest as it stands in the file."""

    table: str
    title: str
    source: str
    publisher: str
    release: str
    covers: CoversForm | None
    sha256: str
    rows: int
    rejects: int
    made_by: str
    notes: dict[str, int | str]
    payload: str
    """The digest of all sections."""
    complete: bool
    defines: str | None
    missing: str = ""
    """The parts of the release that were not there; where there are any, an absent row is unknown."""
    files: tuple[str, ...]
    columns: tuple[ColumnForm, ...]
    order: tuple[str, ...]
    """The key columns by which the rows are sorted."""
    in_force: tuple[str, str] | None
    days: DaysForm | None
    numbers: int
    """The section of the rows' numbers in their source file."""
    file_of: int | None = None
    arrival: int | None = None
    """The section of the rows' places in the order in which they came."""
    came_by_source: bool = False
    """Whether the rows came in the order of their files and numbers; where neither is said they stand as they came."""
    sections: tuple[SectionForm, ...] = ()

    @property
    def manifest(self) -> Manifest:
        """What the release says about itself."""
        return Manifest(
            table=self.table,
            title=self.title,
            source=self.source,
            publisher=self.publisher,
            release=self.release,
            covers=None if self.covers is None else Covers(self.covers.start, self.covers.end),
            sha256=self.sha256,
            rows=self.rows,
            rejects=self.rejects,
            made_by=self.made_by,
            missing=self.missing,
            notes=self.notes,
        )


class Store(Struct, frozen=True, eq=False):
    """An opened file: its manifest, and its sections as they lie in memory."""

    path: Path
    form: Form
    digest: str
    """Of the manifest, and by it of all the content."""
    _map: "mmap.mmap | bytes"
    _base: int

    def numbers(self, section: int) -> Sequence[int]:
        """A section of numbers, not copied."""
        form = self.form.sections[section]
        items = self._bytes(form).cast(cast("Any", form.item))
        if sys.byteorder == "little" or form.item == "B":
            return items
        turned = array(form.item, items.tolist())
        turned.byteswap()
        return turned

    def text(self, section: int) -> memoryview:
        """A section of text, in UTF-8, not copied."""
        return self._bytes(self.form.sections[section])

    def scan(self, section: int, number: int, first: int = 0) -> int:
        """The first place, from `first` on, of a number in a section of numbers; -1 where it is not there."""
        form = self.form.sections[section]
        size = _ITEM_SIZES[form.item]
        start = self._base + form.at
        end, pattern = start + form.items * size, number.to_bytes(size, "little")
        at = self._map.find(pattern, start + first * size, end)
        while at >= 0 and (at - start) % size:
            at = self._map.find(pattern, at + 1, end)
        return -1 if at < 0 else (at - start) // size

    def _bytes(self, form: SectionForm) -> memoryview:
        start = self._base + form.at
        return memoryview(self._map)[start : start + form.items * _ITEM_SIZES[form.item]]


def read_manifest(path: Path) -> Manifest | InputProblem:
    """What a release says about itself, or why it cannot be read; its rows are not looked at."""
    found = _read_form(path)
    return found if isinstance(found, InputProblem) else found[0].manifest


def digest_of(path: Path) -> str | InputProblem:
    """The digest of a release, from its header: changes with anything in it."""
    header = _read_header(path)
    return header if isinstance(header, InputProblem) else header.digest


def open_store(path: Path) -> Store | InputProblem:
    """The release at `path`, mapped into memory, or why it cannot be used."""
    found = _read_form(path)
    if isinstance(found, InputProblem):
        return found
    form, header = found
    for fault in _faults(form, header.length - header.base):
        return damaged(path, fault)
    try:
        with path.open("rb") as stream:
            mapped = mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ)
    except (OSError, ValueError) as error:
        return _unreadable(path, error)
    if len(mapped) != header.length:
        return damaged(path, "it changed while it was opened")
    return Store(path, form, header.digest, mapped, header.base)


def verify(path: Path) -> InputProblem | None:
    """What is wrong with a release when all of it is read: its content is held to its digest."""
    found = _read_form(path)
    if isinstance(found, InputProblem):
        return found
    form, header = found
    for fault in _faults(form, header.length - header.base):
        return damaged(path, fault)
    digest = sha256()
    try:
        with path.open("rb") as stream:
            stream.seek(header.base)
            while block := stream.read(_BLOCK):
                digest.update(block)
    except OSError as error:
        return _unreadable(path, error)
    if digest.hexdigest() != form.payload:
        return damaged(path, "its content is not what was written: the digest differs")
    return None


def write_store(path: Path, form: Form, sections: Sequence["array[int] | bytes"]) -> None:
    """Write a release. `form` names its sections by their number; where they stand and their digest are filled in."""
    digest = sha256()
    places: list[SectionForm] = []
    at = 0
    for section in sections:
        item = "B" if isinstance(section, bytes) else section.typecode
        places.append(SectionForm(at, len(section), item))
        for part in _laid_out(section):
            digest.update(part)
            at += len(part)
    whole = msgspec.structs.replace(form, sections=tuple(places), payload=digest.hexdigest())
    manifest = msgspec.json.encode(whole)
    manifest += b" " * (-(_HEADER.size + len(manifest)) % _ALIGNED)
    version = f"{VERSION:04}".encode()
    length = _HEADER.size + len(manifest) + at
    with path.open("wb") as stream:
        stream.write(_HEADER.pack(_MAGIC, version, len(manifest), length, sha256(manifest).digest()))
        stream.write(manifest)
        for section in sections:
            for part in _laid_out(section):
                stream.write(part)


def _laid_out(section: "array[int] | bytes") -> Iterator[bytes]:
    """A section as bytes, filled up to a multiple of eight."""
    if isinstance(section, bytes):
        content = section
    elif sys.byteorder == "little":
        content = section.tobytes()
    else:
        turned = array(section.typecode, section)
        turned.byteswap()
        content = turned.tobytes()
    yield content
    yield bytes(-len(content) % _ALIGNED)


class _Header(Struct, frozen=True):
    manifest: int
    length: int
    digest: str

    @property
    def base(self) -> int:
        """Where the sections begin."""
        return _HEADER.size + self.manifest


def _read_header(path: Path) -> _Header | InputProblem:
    try:
        with path.open("rb") as stream:
            data = stream.read(_HEADER.size)
            length = path.stat().st_size
    except (OSError, ValueError) as error:
        return _unreadable(path, error)
    if not data.startswith(_MAGIC):
        return damaged(path, "it does not begin as one")
    version = data[len(_MAGIC) : len(_MAGIC) + 4]
    if version.isdigit() and int(version) > VERSION:
        message = f"{path.name} is an imported table of a newer version of Sequela."
        hint = "Use that version, or import the table anew with this one."
        return InputProblem(code="SEQ456", message=message, file=str(path), place="", hint=hint)
    if len(data) < _HEADER.size or version != f"{VERSION:04}".encode() or data[18:20] != bytes(2):
        return damaged(path, "its header is cut off")
    _, _, manifest, whole, digest = _HEADER.unpack(data)
    if whole != length:
        return damaged(path, f"it has {length:,} bytes where {whole:,} were written")
    return _Header(manifest, length, digest.hex())


def _read_form(path: Path) -> tuple[Form, _Header] | InputProblem:
    header = _read_header(path)
    if isinstance(header, InputProblem):
        return header
    if header.base > header.length:
        return damaged(path, "its manifest is cut off")
    try:
        with path.open("rb") as stream:
            stream.seek(_HEADER.size)
            data = stream.read(header.manifest)
    except OSError as error:
        return _unreadable(path, error)
    if sha256(data).hexdigest() != header.digest:
        return damaged(path, "its manifest is not what was written")
    try:
        return msgspec.json.decode(data, type=Form), header
    except (msgspec.DecodeError, UnicodeDecodeError):
        return damaged(path, "its manifest cannot be read")


def _faults(form: Form, room: int) -> Iterator[str]:
    """What is wrong with where the sections of a file should stand; `room` is how many bytes they have."""
    for place in form.sections:
        size = _ITEM_SIZES.get(place.item)
        if (
            size is None
            or place.at < 0
            or place.at % _ALIGNED
            or place.items < 0
            or place.at + place.items * size > room
        ):
            yield "a part of it is cut off"
            return


def damaged(path: Path, why: str) -> InputProblem:
    """A file that is none of this format, or is not as it was written."""
    message = f"{path.name} is not an imported table, or is damaged: {why}."
    return InputProblem(code="SEQ454", message=message, file=str(path), place="", hint=_AGAIN)


def _unreadable(path: Path, error: Exception) -> InputProblem:
    why = error.strerror if isinstance(error, OSError) and error.strerror else "its name or its content has no form"
    message = f"{path.name} cannot be read: {why}."
    return InputProblem(code="SEQ451", message=message, file=str(path), place="", hint="Check its permissions.")
