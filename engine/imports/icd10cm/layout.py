"""Layout: the tabular list of ICD-10-CM as published (XML), read into a tree of codes with their notes.

In:   the bytes of a tabular XML file.    Out: `read_tabular`, `Tabular`, `Node`, `Block`, `NoteKind`.
Uses: vocabulary.                         Used by: the other modules of imports.icd10cm.
Not here: which codes are billable (expand); what a note refers to (references).

A note speaks for all that stands below its owner. Chapters and blocks own notes too; a block is known by its range
(`K50-K52`) and may lie inside another one that the XML puts beside it. A block of one category has that category's name.
"""

import io
from collections.abc import Iterator
from enum import Enum
from xml.etree.ElementTree import Element, ParseError, parse

from attrs import field, frozen

from sequela.engine.vocabulary.systems import System, normal


class NoteKind(Enum):
    """What a note asks, by the name of its element."""

    EXCLUDES1 = "excludes1"
    EXCLUDES2 = "excludes2"
    CODE_FIRST = "codeFirst"
    USE_ADDITIONAL = "useAdditionalCode"
    CODE_ALSO = "codeAlso"
    NOTES = "notes"


Element_ = tuple[str, ...]
Notes = dict[NoteKind, tuple[Element_, ...]]
"""For each kind of note its elements, in order; an element is its notes, blanks made one."""

SevenCharacters = tuple[tuple[str, str], ...]
"""The seventh characters that a definition allows, each with its words: `("A", "initial encounter")`."""


class UnreadableTabularError(Exception):
    """The file is no tabular list; its text says why, in plain words."""


@frozen(eq=False)
class Node:
    """One code or heading; `code` is in normal form, `below` are the codes that the file puts under it."""

    code: str
    description: str
    placeholder: bool
    notes: Notes = field(repr=False)
    seven: SevenCharacters | None = field(repr=False)
    below: tuple["Node", ...] = field(repr=False)

    def walk(self) -> Iterator["Node"]:
        """The node itself and all below it, in the order of the file."""
        yield self
        for node in self.below:
            yield from node.walk()


@frozen(eq=False)
class Block:
    """A chapter or a block: a range of categories, `low` and `high` in normal form, with its own notes."""

    name: str
    low: str
    high: str
    description: str
    notes: Notes = field(repr=False)


@frozen(eq=False)
class Tabular:
    """A tabular list: its year (`2026`), chapters and blocks, and the categories in the order of the file."""

    version: str
    blocks: tuple[Block, ...]
    categories: tuple[Node, ...]

    def nodes(self) -> Iterator[Node]:
        """Every node, in the order of the file."""
        for category in self.categories:
            yield from category.walk()

    def notes_of(self, kind: NoteKind) -> int:
        """How many notes of a kind there are, anywhere."""
        owners: list[Node | Block] = [*self.blocks, *self.nodes()]
        return sum(len(element) for owner in owners for element in owner.notes.get(kind, ()))


def read_tabular(data: bytes) -> Tabular:
    """The tree of a tabular XML file.

    Raises: UnreadableTabularError when it is not XML, or its root is not that of a tabular list.
    Source: CDC/NCHS, ICD-10-CM tabular list (`icd10cm-tabular-YYYY.xml`).
    """
    try:
        root = parse(io.BytesIO(data)).getroot()
    except ParseError as fault:
        raise UnreadableTabularError(f"It is not whole XML: {fault}.") from fault
    if root.tag != "ICD10CM.tabular":
        raise UnreadableTabularError("It is not the tabular list of ICD-10-CM: that begins with `<ICD10CM.tabular>`.")
    blocks: list[Block] = []
    categories: list[Node] = []
    for chapter in root.findall("chapter"):
        own = [_node(diag) for diag in chapter.iter("section") for diag in diag.findall("diag")]
        if own:
            blocks.append(_block(f"chapter {_text(chapter, 'name')}", own[0].code, own[-1].code, chapter))
        for section in chapter.findall("section"):
            name = section.get("id", "")
            low, _, high = name.partition("-")
            blocks.append(_block(name, _code(low), _code(high or low), section))
        categories.extend(own)
    return Tabular(_text(root, "version"), tuple(blocks), tuple(categories))


def _block(name: str, low: str, high: str, element: Element) -> Block:
    return Block(name, low, high, _text(element, "desc"), _notes(element))


def _node(diag: Element) -> Node:
    definition = diag.find("sevenChrDef")
    seven = None
    if definition is not None:
        seven = tuple((part.get("char", ""), _clean(part.text)) for part in definition.findall("extension"))
    return Node(
        code=_code(_text(diag, "name")),
        description=_text(diag, "desc"),
        placeholder=diag.get("placeholder") == "true",
        notes=_notes(diag),
        seven=seven,
        below=tuple(_node(inner) for inner in diag.findall("diag")),
    )


def _notes(owner: Element) -> Notes:
    """The notes of an owner; an element may stand more than once (two `useAdditionalCode` are common): each is kept."""
    found: Notes = {}
    for kind in NoteKind:
        elements = tuple(
            tuple(_clean(note.text) for note in part.findall("note")) for part in owner.findall(kind.value)
        )
        if elements:
            found[kind] = elements
    return found


def _code(text: str) -> str:
    return normal(System.ICD10CM, text)


def _text(element: Element, tag: str) -> str:
    return _clean(element.findtext(tag))


def _clean(text: str | None) -> str:
    return " ".join((text or "").split())
