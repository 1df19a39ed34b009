"""Expand: the codes that a tabular list allows on a claim, with their seventh characters written out.

In:   the tree of a tabular list.       Out: `listed_codes`, `Listed`, `seven_of`.
Uses: imports.icd10cm.layout.           Used by: codes, incomplete, space, siblings.
Not here: on which dates a code is valid (validity).

A seventh-character definition holds for all below its owner, and the nearest one wins (S12.8 has other characters than the
rest of S12). It stands in the seventh place: a shorter code is filled up with X. What the file itself lists with seven
characters stays as it is. A sentence in the `notes` of S06 takes D and S away where the sixth character is 7 or 8.
"""

import re
from collections.abc import Iterator
from typing import Final

from attrs import frozen

from sequela.engine.imports.icd10cm.layout import Node, NoteKind, SevenCharacters, Tabular

_NOT_APPLICABLE: Final = re.compile(
    r"7th characters? ([A-Z](?:(?:, | and | or )[A-Z])*) do(?:es)? not apply to codes in category (\w{3}) with 6th "
    r"character (\w).*?(?:, or (\w) )"
)
"""The one sentence of the list that takes seventh characters away; no element says it."""

LENGTH: Final = 7


@frozen
class Listed:
    """A billable code or a heading, in normal form, with its description in words; `leaf` is the node it is made from."""

    code: str
    description: str
    billable: bool
    leaf: str


def listed_codes(tabular: Tabular, *, exceptions: bool = True) -> Iterator[Listed]:
    """Every heading and every billable code, in the order of the order file.

    `exceptions=False` leaves the sentence on S06 out of account: then 76 codes too many are called billable.
    """
    for category in tabular.categories:
        yield from _listed(category, None, _exceptions(category) if exceptions else {})


def seven_of(tabular: Tabular) -> dict[str, SevenCharacters]:
    """For each node without codes below it that needs a seventh character, those that it may have."""
    found: dict[str, SevenCharacters] = {}
    for category in tabular.categories:
        _collect(category, None, _exceptions(category), found)
    return found


def padded(code: str) -> str:
    """A code filled up with X to the six characters before the seventh.

    >>> padded("T1502")
    'T1502X'
    """
    return code.ljust(LENGTH - 1, "X")


def _listed(node: Node, inherited: SevenCharacters | None, without: dict[str, str]) -> Iterator[Listed]:
    seven = node.seven or inherited
    if node.below:
        yield Listed(node.code, node.description, billable=False, leaf=node.code)
        for inner in node.below:
            yield from _listed(inner, seven, without)
    elif seven is None or len(node.code) == LENGTH:
        yield Listed(node.code, node.description, billable=True, leaf=node.code)
    else:
        yield Listed(node.code, node.description, billable=False, leaf=node.code)
        for character, words in allowed(node.code, seven, without):
            yield Listed(padded(node.code) + character, f"{node.description}, {words}", billable=True, leaf=node.code)


def _collect(
    node: Node, inherited: SevenCharacters | None, without: dict[str, str], found: dict[str, SevenCharacters]
) -> None:
    seven = node.seven or inherited
    for inner in node.below:
        _collect(inner, seven, without, found)
    if not node.below and seven is not None and len(node.code) < LENGTH:
        found[node.code] = allowed(node.code, seven, without)


def allowed(code: str, seven: SevenCharacters, without: dict[str, str]) -> SevenCharacters:
    """The seventh characters of one code: those defined, less those that a sentence takes away by its sixth character."""
    taken = without.get(padded(code)[-1], "")
    return tuple((character, words) for character, words in seven if character not in taken)


def _exceptions(category: Node) -> dict[str, str]:
    """For each sixth character, the seventh characters that the notes of a category take away."""
    found: dict[str, str] = {}
    for element in category.notes.get(NoteKind.NOTES, ()):
        for note in element:
            match = _NOT_APPLICABLE.search(note)
            if match is not None and match[2] == category.code:
                taken = "".join(re.findall(r"\b[A-Z]\b", match[1]))
                for sixth in match.group(3, 4):
                    found[sixth] = taken
    return found
