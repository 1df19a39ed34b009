"""From FHIR: the claims of FHIR R4 resources: Claim and ExplanationOfBenefit, alone, in a Bundle, or one to a line.

In:   the JSON of one resource after another.                   Out: `Read`s: a claim with its warnings, or what kept it back.
Uses: fhir_claim, fhir_decode, fhir_pool, fhir_version.         Used by: json_stream.
Not here: cutting a file into resources (json_stream); what a claim holds (fhir_claim).

Claims in another version of FHIR are named and not read. Resources of other types are passed over and counted; those of a
Bundle that a claim refers to are read with it. A resource that is malformed does not keep the others from being read.
"""

from collections import Counter
from collections.abc import Iterator
from typing import Any, Final

import msgspec
from attrs import define, field, frozen
from msgspec.structs import replace

from sequela.engine.diagnostics.model import InputProblem
from sequela.engine.encounter.fault import shown
from sequela.engine.encounter.fhir_claim import read_claim, stated_name
from sequela.engine.encounter.fhir_decode import decoded, value_of
from sequela.engine.encounter.fhir_notes import Notes
from sequela.engine.encounter.fhir_pool import KINDS, Entries, Pool, head_of
from sequela.engine.encounter.fhir_source import Source
from sequela.engine.encounter.fhir_structs import ClaimResource, Fhir
from sequela.engine.encounter.fhir_version import other_version, shows_other
from sequela.engine.encounter.from_json import malformed, not_utf8
from sequela.engine.encounter.json_places import JsonOrigins, entry_values, moved
from sequela.engine.encounter.model import Encounter
from sequela.engine.encounter.reading import Read
from sequela.engine.encounter.x12_claim_ids import ClaimIds

CLAIMS: Final = frozenset({"Claim", "ExplanationOfBenefit"})
_BUNDLE: Final = "Bundle"
_MOST_BUNDLES: Final = 8
"""How deep Bundles may stand in one another."""


class _Bundle(Fhir, frozen=True):
    """A Bundle: its entries as they stand."""

    entry: tuple[msgspec.Raw, ...] = ()


class _Entry(Fhir, frozen=True):
    """An entry of a Bundle."""

    resource: msgspec.Raw = msgspec.Raw()
    full_url: str | None = None


_TO_BUNDLE: Final = msgspec.json.Decoder(_Bundle)
_TO_ENTRY: Final = msgspec.json.Decoder(_Entry)


@frozen
class Begin:
    """Where something begins in the file: line and column from 1, byte from 0."""

    line: int
    column: int
    byte: int


@define
class FhirReader:
    """Reads the resources of one file in turn. It holds back one claim, which what is said at the end can accompany."""

    file: str
    ids: ClaimIds = field(factory=ClaimIds)
    skipped: Counter[str] = field(factory=Counter)
    held: Read | None = None
    _is_any_fatal: bool = False

    def read(self, piece: JsonOrigins) -> Iterator[Read]:
        """The claims of one resource or Bundle, whose JSON is well formed."""
        try:
            piece.raw.decode()
        except UnicodeDecodeError as fault:
            self._is_any_fatal = True
            yield from self._after(Read(None, (not_utf8(piece, fault.start),)))
            return
        source = _whole(piece, self.file, head_of(piece.raw).resource_type or "")
        for found in self._reads(source, Entries(), 0):
            yield from self._after(found)

    def read_damaged(self, piece: JsonOrigins, said: str) -> Iterator[Read]:
        """What can be read of a Bundle whose JSON is malformed: the entries that are whole, and then the fault."""
        text = piece.raw.decode("utf-8", "replace")
        spans = [(begin, end) for begin, end in entry_values(text)]
        entries = Entries()
        claims: list[Source] = []
        bundle = _whole(piece, self.file, _BUNDLE)
        for number, (begin, end) in enumerate(spans, start=1):
            passed = text[:begin].encode()
            line, column = moved(passed, bundle.first_line, bundle.first_column)
            at = Begin(line, column, bundle.first_byte + len(passed))
            found = self._entry(text[begin:end].encode(), at, number, entries)
            if found is not None and found.kind in CLAIMS:
                claims.append(found)
        for source in claims:
            for read in self._reads(source, entries, 0):
                yield from self._after(read)
        self._is_any_fatal = True
        yield from self._after(Read(None, (malformed(piece, said),)))

    def end(self, *, is_alone: bool = True) -> Iterator[Read]:
        """The claim held back, with a word about what was passed over; and a word when there was no claim at all."""
        problems: list[InputProblem] = []
        counted = [f"{count:,} {kind}" for kind, count in sorted(self.skipped.items())]
        names = counted[0] if len(counted) == 1 else f"{', '.join(counted[:-1])} and {''.join(counted[-1:])}"
        if is_alone and not self.ids.given and not self._is_any_fatal:
            what = f"{names}, but" if counted else "FHIR, but"
            message = f"The file holds {what} no claim: neither a Claim nor an ExplanationOfBenefit."
            hint = "These two resources of FHIR are read: alone, in a Bundle, or one to a line."
            problems.append(_of_file("SEQ791", message, self.file, hint, fatal=True))
        elif counted:
            message = f"The file also holds {names}, from which no claim is read."
            problems.append(_of_file("SEQ792", message, self.file, None, fatal=False))
        if self.held is not None:
            yield Read(self.held.encounter, (*self.held.problems, *(one for one in problems if not one.fatal)))
            problems = [one for one in problems if one.fatal]
        if problems:
            yield Read(None, tuple(problems))
        self.held = None

    def _after(self, read: Read) -> Iterator[Read]:
        """Hand on the claim held back, and hold this one."""
        if read.encounter is None:
            if self.held is not None:
                yield self.held
                self.held = None
            yield read
            return
        if self.held is not None:
            yield self.held
        self.held = read

    def _reads(self, source: Source, entries: Entries, depth: int) -> Iterator[Read]:
        if source.kind in CLAIMS:
            yield from self._claim(source, entries)
        elif source.kind == _BUNDLE and depth < _MOST_BUNDLES:
            yield from self._bundle(source, depth)
        else:
            self.skipped[source.kind or "resources without a type"] += 1

    def _bundle(self, bundle: Source, depth: int) -> Iterator[Read]:
        """The claims of a Bundle, once all that they may refer to is known."""
        try:
            pieces = [bytes(piece) for piece in _TO_BUNDLE.decode(bundle.raw).entry]
        except (msgspec.MsgspecError, UnicodeError, RecursionError):
            notes = Notes(bundle)
            notes.fatal("SEQ796", "The Bundle's `entry` is not a list of objects; nothing in it is read.", "entry")
            self._is_any_fatal = True
            yield Read(None, tuple(notes.problems))
            return
        entries = Entries()
        found: list[Source] = []
        end, line, column = 0, bundle.first_line, bundle.first_column
        for number, piece in enumerate(pieces, start=1):
            begin = bundle.raw.index(piece, end)
            line, column = moved(bundle.raw[end:begin], line, column)
            source = self._entry(piece, Begin(line, column, bundle.first_byte + begin), number, entries)
            if source is not None:
                found.append(source)
            line, column = moved(piece, line, column)
            end = begin + len(piece)
        for source in found:
            if source.kind in CLAIMS or source.kind == _BUNDLE:
                yield from self._reads(source, entries, depth + 1)
            elif source.kind not in KINDS:
                self.skipped[source.kind or "resources without a type"] += 1

    def _entry(self, piece: bytes, at: Begin, number: int, entries: Entries) -> Source | None:
        """The resource of an entry, noted under its names; None where the entry has none that can be read."""
        try:
            entry = _TO_ENTRY.decode(piece)
        except (msgspec.MsgspecError, UnicodeError, RecursionError):
            return None
        raw = bytes(entry.resource)
        if not raw.startswith(b"{"):
            return None
        head = head_of(raw)
        begin = piece.index(raw)
        line, column = moved(piece[:begin], at.line, at.column)
        source = Source(self.file, head.resource_type or "", raw, line, column, at.byte + begin, number)
        entries.add(source, entry.full_url, head.id)
        return source

    def _claim(self, source: Source, entries: Entries) -> Iterator[Read]:
        """One claim: read, or named with what kept it from being read."""
        notes = Notes(source)
        try:
            encounter = self._read_claim(source, entries, notes)
        except RecursionError:
            notes.fatal("SEQ796", "Lists or objects stand in one another too deep to be a claim.")
            encounter = None
        if encounter is None and not notes.problems:
            return
        if encounter is None:
            self._is_any_fatal = True
            yield Read(None, tuple(one for one in notes.problems if one.fatal))
            return
        yield Read(encounter, tuple(notes.problems))

    def _read_claim(self, source: Source, entries: Entries, notes: Notes) -> Encounter | None:
        raw = source.raw
        apart = Notes(source, head_of(raw).id)
        claim = decoded(raw, ClaimResource, apart, lambda path: path)
        if claim is None or shows_other(claim):
            value = value_of(raw)
            other = other_version(value) if isinstance(value, dict) else None
            if other is not None:
                notes.claim = apart.claim
                notes.fatal(
                    "SEQ790",
                    f"The {source.kind} is written in FHIR {other.version}: {other.sign}. It is not read, because it would be "
                    "misread as R4.",
                    other.path,
                    hint="FHIR R4 (4.0.1) and R4B are read. Ask for an export in R4, or convert it.",
                )
                return None
        notes.problems.extend(apart.problems)
        if claim is None:
            return None
        if (claim.status or "").strip().lower() == "entered-in-error":
            self.skipped[f"{source.kind} entered in error"] += 1
            notes.problems.clear()
            return None
        return self._named(claim, source, entries, notes)

    def _named(self, claim: ClaimResource, source: Source, entries: Entries, notes: Notes) -> Encounter | None:
        """Read a claim under a name of its own."""
        stated = stated_name(claim)
        place = stated[1] if stated is not None else ""
        called = stated[0] if stated is not None else _by_place(source)
        name, count = self.ids.name(called)
        notes.claim = name
        notes.problems[:] = [replace(problem, claim=name) for problem in notes.problems]
        if stated is None:
            notes.warn("SEQ817", f"The claim has no identifier and no id; it is called {shown(name)}.")
        elif count > 1:
            notes.warn(
                "SEQ817",
                f"The file has {count} claims called {shown(called)} so far; this one is called {shown(name)}.",
                place,
                hint="The identifier tells the claims of a file apart.",
            )
        return read_claim(claim, name, place, Pool(notes, entries, claim.contained))


class _Top(Fhir, frozen=True):
    """What tells a resource from an encounter."""

    resource_type: Any = None
    schema: Any = None


_TO_TOP: Final = msgspec.json.Decoder(_Top)


def is_resource(raw: bytes) -> bool:
    """Whether JSON is a resource of FHIR: an object that has `resourceType`, and no `schema`."""
    try:
        top = _TO_TOP.decode(raw)
    except (msgspec.MsgspecError, UnicodeError, RecursionError):
        return False
    return top.resource_type is not None and top.schema is None


def is_cut_bundle(raw: bytes) -> bool:
    """Whether JSON that is malformed may be a Bundle, some of whose entries are whole."""
    return b'"entry"' in raw and b'"Bundle"' in raw


def _whole(piece: JsonOrigins, file: str, kind: str) -> Source:
    return Source(file, kind, piece.raw, piece.first_line, piece.first_column, piece.first_byte)


def _by_place(source: Source) -> str:
    return f"entry {source.entry}" if source.entry is not None else f"line {source.first_line}"


def _of_file(code: str, message: str, file: str, hint: str | None, *, fatal: bool) -> InputProblem:
    return InputProblem(code=code, message=message, file=file, place="the whole file", hint=hint, fatal=fatal)
