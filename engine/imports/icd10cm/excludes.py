"""Excludes: Excludes1 notes as rows, and where another note takes them back or speaks against them.

In:   a tabular list and its space.    Out: `read_excludes`, `ExcludesRow`, `LiftedRow`.
Uses: imports.icd10cm.layout, space, references.    Used by: imports.icd10cm.drafts.
Not here: what a claim makes of two such codes (rulesets/icd10cm).

A note speaks for its owner's whole branch, against what it names outside that branch: never for a code against itself. An
Excludes2 note deeper in the branch lifts it for what that one names. Where the list contradicts itself the pair is kept, but
called contradicted: Excludes2 beside Excludes1 at one owner, Excludes1 on one side and Excludes2 on the other, or a code
first, use additional or code also note that asks for both. A pair that an owner excludes again below is kept once, at the top.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from attrs import frozen

from sequela.engine.imports.icd10cm.layout import Block, Node, NoteKind, Tabular
from sequela.engine.imports.icd10cm.references import References, read_references
from sequela.engine.imports.icd10cm.sequencing import owner_cells
from sequela.engine.imports.icd10cm.space import SYSTEM, Bits, Space
from sequela.engine.tables.codes import Entry, TextSet

EXCLUSIVE: Final = "exclusive"
CONTRADICTED: Final = "contradicted"

_ASKING: Final = (NoteKind.CODE_FIRST, NoteKind.USE_ADDITIONAL, NoteKind.CODE_ALSO)


@frozen
class ExcludesRow:
    """One row of `icd10cm/excludes1`: an owner, what it excludes, both in cell notation, and the note."""

    owner: str
    excluded: str
    number: int
    strength: str
    note: str


@frozen
class LiftedRow:
    """One row of `icd10cm/excludes1-lifted`: below this owner note `number` does not exclude these."""

    number: int
    owner: str
    excluded: str
    note: str


@frozen(eq=False)
class NoteSets:
    """One note as sets: it speaks for `owner` and names `named`; its number counts the notes of its kind, from 1."""

    number: int
    place: Node | Block
    owner: Bits
    named: Bits
    references: References
    text: str


Lift = tuple[NoteSets, Bits]
"""An Excludes2 note, and what it lifts of an Excludes1 note above it."""


def notes_as_sets(tabular: Tabular, space: Space, kind: NoteKind) -> Iterator[NoteSets]:
    """Every note of a kind that names codes, in the order of the file; chapters and blocks come first."""
    number = 0
    known: dict[str, References] = {}
    places: list[Node | Block] = [*tabular.blocks, *tabular.nodes()]
    for place in places:
        for element in place.notes.get(kind, ()):
            for text in element:
                number += 1
                references = known.get(text) or known.setdefault(text, read_references(space, text))
                named = references.bits(space)
                if named:
                    yield NoteSets(number, place, space.bits_of_owner(place), named, references, text)


def read_excludes(tabular: Tabular, space: Space) -> tuple[list[ExcludesRow], list[LiftedRow]]:
    """The rows of both tables."""
    first = list(notes_as_sets(tabular, space, NoteKind.EXCLUDES1))
    second = list(notes_as_sets(tabular, space, NoteKind.EXCLUDES2))
    asking = [note for kind in _ASKING for note in notes_as_sets(tabular, space, kind)]
    against = _Against(space, second, asking)
    kept: list[tuple[NoteSets, Bits, Sequence[Lift]]] = []
    rows: list[ExcludesRow] = []
    lifted: list[LiftedRow] = []
    above = _Above()
    for note in sorted(first, key=lambda one: -one.owner.bit_count()):
        excluded = note.named & ~note.owner
        lifts = against.lifts(note, excluded)
        excluded &= ~above.said(note)
        if not excluded:
            continue
        above.says(note, excluded, lifts)
        kept.append((note, excluded, lifts))
        lifted.extend(_lifted_rows(space, note, excluded, lifts))
    for note, excluded, freed in sorted(kept, key=lambda one: one[0].number):
        rows.extend(_rows(space, note, excluded, _not_lifted(against.rectangles(note, excluded), freed)))
    return rows, sorted(lifted, key=lambda row: (row.number, row.owner, row.excluded))


def _not_lifted(rectangles: Iterable[tuple[Bits, Bits]], lifts: Sequence[Lift]) -> list[tuple[Bits, Bits]]:
    """The contradicted parts of a note, less what is lifted anyway."""
    found = []
    for owner, against in rectangles:
        lifted = 0
        for lift, bits in lifts:
            if not owner & ~lift.owner:
                lifted |= bits
        found.append((owner, against & ~lifted))
    return found


class _Above:
    """What is excluded already, for the whole of an owner, by notes at it or above it."""

    def __init__(self) -> None:
        self._said: dict[str, list[tuple[NoteSets, Bits, Sequence[Lift]]]] = {}

    def said(self, note: NoteSets) -> Bits:
        """The codes that a note need not name again for any code of its branch."""
        found = 0
        for other, excluded, lifts in (*self._said.get("", ()), *self._said.get(_filed_under(note), ())):
            if note.owner & ~other.owner or not excluded & note.named:
                continue
            free = 0
            for lift, bits in lifts:
                if lift.owner & note.owner:
                    free |= bits
            found |= excluded & ~free
        return found

    def says(self, note: NoteSets, excluded: Bits, lifts: Sequence[Lift]) -> None:
        """Takes down what a note excludes, and what is lifted of it."""
        self._said.setdefault(_filed_under(note), []).append((note, excluded, lifts))


class _Against:
    """The notes that lift an Excludes1 note or speak against it, found by the categories that they touch.

    On the other side (at what is excluded) only a note of the same rank or a closer one speaks against it: where chapters
    are parted by an Excludes2 note, a note at one code still stands.
    """

    def __init__(self, space: Space, second: Iterable[NoteSets], asking: Iterable[NoteSets]) -> None:
        self._second = _ByCategory(space, second)
        self._asking = _ByCategory(space, asking)

    def lifts(self, note: NoteSets, excluded: Bits) -> list[Lift]:
        """The Excludes2 notes strictly below the owner, with what they lift."""
        return [
            (other, excluded & other.named)
            for other in self._second.touching(note.owner)
            if excluded & other.named and _is_deeper(other, note)
        ]

    def rectangles(self, note: NoteSets, excluded: Bits) -> list[tuple[Bits, Bits]]:
        """The parts of the note that are contradicted: these codes of the branch against these excluded ones."""
        found = [
            (note.owner, excluded & other.named)
            for other in self._second.touching(note.owner)
            if other.owner == note.owner and not _is_deeper(other, note)
        ]
        found.extend(
            (other.owner, excluded & other.named)
            for other in self._asking.touching(note.owner)
            if not other.owner & ~note.owner
        )
        found.extend(
            (note.owner & other.named, excluded & other.owner)
            for notes in (self._second, self._asking)
            for other in notes.touching(excluded)
            if _rank(other) >= _rank(note)
        )
        return [(owner, against) for owner, against in found if owner and against]


class _ByCategory:
    """Notes filed under the categories of their owners."""

    def __init__(self, space: Space, notes: Iterable[NoteSets]) -> None:
        self._space = space
        self._filed: dict[str, list[NoteSets]] = {}
        for note in notes:
            self._filed.setdefault(_filed_under(note), []).append(note)

    def touching(self, bits: Bits) -> list[NoteSets]:
        """The notes whose owner has codes in common with a set."""
        near = [note for category in self._space.categories_of(bits) for note in self._filed.get(category.code, ())]
        return [note for note in (*self._filed.get("", ()), *near) if note.owner & bits]


def _filed_under(note: NoteSets) -> str:
    """The category of a note at a code; empty for a note of a block or a chapter."""
    return note.place.code[:3] if isinstance(note.place, Node) else ""


def _is_deeper(one: NoteSets, other: NoteSets) -> bool:
    """Whether a note stands below another one: at a part of its branch, or at the only code or block of it."""
    if one.owner & ~other.owner:
        return False
    return one.owner != other.owner or _rank(one) > _rank(other) or _length(one) > _length(other)


def _length(note: NoteSets) -> int:
    """How long the code is at which a note stands; 0 at a block or a chapter."""
    return len(note.place.code) if isinstance(note.place, Node) else 0


def _rank(note: NoteSets) -> int:
    """How close to a code a note stands: at a chapter 0, a block 1, a code 2."""
    if isinstance(note.place, Node):
        return 2
    return 0 if note.place.name.startswith("chapter") else 1


def _rows(space: Space, note: NoteSets, excluded: Bits, rectangles: list[tuple[Bits, Bits]]) -> Iterator[ExcludesRow]:
    """The rows of one note: the part that stands, and for each contradicted part what is left of the owner beside it."""
    parts: dict[Bits, Bits] = {0: excluded}
    for owner, against in rectangles:
        for weak, bits in list(parts.items()):
            common = bits & against
            if common:
                parts[weak] = bits & ~common
                parts[weak | owner] = parts.get(weak | owner, 0) | common
    for weak, bits in parts.items():
        if not bits:
            continue
        cell = _cell(space, note, bits)
        strong = note.owner & ~weak
        for branch, strength in ((strong, EXCLUSIVE), (weak, CONTRADICTED)):
            for named in _owners(space, note, branch):
                yield ExcludesRow(named, cell, note.number, strength, note.text)


def _lifted_rows(space: Space, note: NoteSets, excluded: Bits, lifts: Sequence[Lift]) -> Iterator[LiftedRow]:
    for other, bits in lifts:
        if bits & excluded:
            for owner in _owners(space, other, other.owner):
                yield LiftedRow(note.number, owner, _written(space.cover(bits & excluded)), other.text)


def _owners(space: Space, note: NoteSets, bits: Bits) -> list[str]:
    """The owner cells that speak for a set: the note's own code or range where it is the whole branch."""
    if not bits:
        return []
    if bits == note.owner:
        return owner_cells(space, note.place)
    return [entry.written.removeprefix("under ") for entry in space.cover(bits)]


def _cell(space: Space, note: NoteSets, bits: Bits) -> str:
    """The excluded codes as the note writes them, less what is not meant; where that is longer, as a plain list."""
    kept = tuple(entry for entry in note.references.entries if space.bits_of(entry) & bits)
    held = 0
    for entry in kept:
        held |= space.bits_of(entry)
    as_noted = TextSet(SYSTEM, kept, space.cover(held & ~bits)).written
    plain = _written(space.cover(bits))
    return as_noted if len(as_noted) <= len(plain) + 8 else plain


def _written(entries: tuple[Entry, ...]) -> str:
    return TextSet(SYSTEM, entries).written
