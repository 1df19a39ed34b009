"""Sequencing: code first, use additional code and code also notes as rows, each with its force.

In:   a tabular list and its space.    Out: `read_instructions`, `Instruction`, the forces.
Uses: imports.icd10cm.layout, space, references.    Used by: imports.icd10cm.drafts.
Not here: what a claim makes of them (rulesets/icd10cm).

A list of notes under one element is one instruction with its alternatives: `underlying disease, such as:` and the diseases. Where
a note begins with `code`, a new instruction begins. The force says how far codes alone can decide it:

    must         the named codes are the ones
    conditional  it asks only where something is so (`if applicable`, `if known`, `any associated`), or at a chapter or block
    open         the named codes are examples (`such as`)
    no codes     it names none (`underlying disease`)
"""

import re
from collections.abc import Iterator
from typing import Final

from attrs import frozen

from sequela.engine.imports.icd10cm.layout import Block, Node, NoteKind, Tabular
from sequela.engine.imports.icd10cm.references import References, read_references
from sequela.engine.imports.icd10cm.space import SYSTEM, Space
from sequela.engine.tables.codes import Entry, TextSet

MUST: Final = "must"
CONDITIONAL: Final = "conditional"
OPEN: Final = "open"
NO_CODES: Final = "no codes"

_CONDITION: Final = re.compile(
    r"\bif\b|\bwh(?:ere|en) applicable\b|\bapplicable\b|\bany\b|\bcomplicating\b|\bfor adverse effects?\b|\bwhen associated\b"
    r"|^associated\b|\bif drug-induced\b",
    re.IGNORECASE,
)
_EXAMPLES: Final = re.compile(r"\bsuch as\b|\bincluding\b", re.IGNORECASE)
_BEGINS: Final = re.compile(r"\W*(?:code\b|code\(s\))", re.IGNORECASE)
_COLON: Final = re.compile(r"[:,\s]+$")


@frozen
class Instruction:
    """One row of `icd10cm/code-first`, `use-additional` or `code-also`; `codes` is empty where none is named."""

    owner: str
    codes: str
    force: str
    note: str


def read_instructions(tabular: Tabular, space: Space, kind: NoteKind) -> Iterator[Instruction]:
    """The instructions of one kind, in the order of the file; chapters and blocks come first."""
    places: list[Node | Block] = [*tabular.blocks, *tabular.nodes()]
    for place in places:
        for element in place.notes.get(kind, ()):
            parts = [element] if kind is NoteKind.CODE_FIRST else list(_instructions(element))
            for notes in parts:
                yield from _rows(space, place, kind, notes)


def _instructions(element: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    """The notes of an element, parted where one begins anew."""
    current: list[str] = []
    for note in element:
        if current and _BEGINS.match(note) and not current[-1].endswith(":"):
            yield tuple(current)
            current = []
        current.append(note)
    if current:
        yield tuple(current)


def _rows(space: Space, place: Node | Block, kind: NoteKind, notes: tuple[str, ...]) -> Iterator[Instruction]:
    entries: dict[Entry, None] = {}
    for note in notes:
        entries.update(dict.fromkeys(read_references(space, note).entries))
    found = References(tuple(entries))
    text = _sentence(notes)
    force = _force(place, kind, notes, named=bool(found.entries))
    codes = TextSet(SYSTEM, found.entries).written if found.entries else ""
    for owner in owner_cells(space, place):
        yield Instruction(owner, codes, force, text)


def _force(place: Node | Block, kind: NoteKind, notes: tuple[str, ...], *, named: bool) -> str:
    text = " ".join(notes)
    if _CONDITION.search(text) or (isinstance(place, Block) and kind is not NoteKind.CODE_FIRST):
        return CONDITIONAL
    if not named:
        return NO_CODES
    return OPEN if _EXAMPLES.search(text) else MUST


def _sentence(notes: tuple[str, ...]) -> str:
    """The notes in one line: the heading, then what it heads."""
    first, *rest = (note.strip(" ,.") for note in notes)
    return f"{_COLON.sub('', first)}: {'; '.join(rest)}" if rest else first


def owner_cells(space: Space, place: Node | Block) -> list[str]:
    """The cells that name the owner of a note: a code, or a range and what its text leaves out."""
    if isinstance(place, Node):
        return [place.code if len(place.code) < 4 else f"{place.code[:3]}.{place.code[3:]}"]
    if place.low == place.high:
        return [place.low]
    return [entry.written.removeprefix("under ") for entry in space.range_entries(place.low, place.high)]
