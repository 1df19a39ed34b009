"""Siblings: which codes say right, left, both sides or no side of the same thing, and which say a trimester.

In:   the listed codes of a tabular list.    Out: `lateral_codes`, `Lateral`, `trimester_codes`.
Uses: imports.icd10cm.expand.                Used by: imports.icd10cm.drafts.
Not here: whether a side had to be said (rulesets/guidelines).

Two codes of one category are siblings when their descriptions differ in the word for the side alone: `Primary osteoarthritis,
right knee` and `left knee`. A description of both sides often leaves out the organ (`Cataract, bilateral` beside `Cataract, right
eye`): then it is the only such code under the same heading. What is not certain is left out.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from attrs import frozen

from sequela.engine.imports.icd10cm.expand import Listed

SIDES: Final = ("right", "left", "bilateral", "unspecified")

_WORD: Final = re.compile(r"[a-z0-9'+-]+")
_PLAIN: Final = frozenset({"of", "the", "unilateral", "side", "sided"})
_BOTH: Final = {"both": "bilateral"}
_TRIMESTER: Final = re.compile(r"\b(first|second|third) trimester\b")
_NUMBER: Final = {"first": 1, "second": 2, "third": 3}

Stem = tuple[str, ...]


@frozen
class Lateral:
    """A billable code that says a side, or that none is known, and its siblings by side; empty where there is none."""

    code: str
    side: str
    siblings: tuple[str, ...]


@frozen
class _Said:
    node: str
    side: str
    stem: Stem


def lateral_codes(listed: Sequence[Listed]) -> Iterator[Lateral]:
    """Every billable code with a sibling on the other side, in order of text; codes in normal form."""
    ends: dict[str, dict[str, str]] = defaultdict(dict)
    described: dict[str, str] = {}
    leaves = {one.leaf: one.description for one in listed if one.code == one.leaf}
    for one in listed:
        if one.billable:
            by_last = _says_side(one.description) and not _says_side(leaves[one.leaf])
            node = one.code if by_last else one.leaf
            described[node] = one.description if by_last else leaves[one.leaf]
            ends[node]["" if node == one.code else one.code[-1]] = one.code
    by_category: dict[str, list[_Said]] = defaultdict(list)
    for node, description in described.items():
        by_category[node[:3]].extend(_said(node, description))
    found: dict[str, Lateral] = {}
    for said in by_category.values():
        for group in _groups(said):
            for lateral in _expanded(group, ends):
                found.setdefault(lateral.code, lateral)
    yield from (found[code] for code in sorted(found))


def trimester_codes(listed: Iterable[Listed]) -> Iterator[tuple[str, int]]:
    """Every billable code that says one trimester, with its number, in order of text."""
    for one in sorted(listed, key=lambda each: each.code):
        named = set(_TRIMESTER.findall(one.description.lower()))
        if one.billable and len(named) == 1:
            yield one.code, _NUMBER[named.pop()]


def _says_side(description: str) -> bool:
    """Whether a description says a side, or that none is known of an eye: the seventh character of diabetic eye disease."""
    words = _WORD.findall(description.lower())
    return any(word in SIDES[:3] for word in words) or words[-2:] == ["unspecified", "eye"]


def _said(leaf: str, description: str) -> Iterator[_Said]:
    """The sides that a description says; each `unspecified` in it may stand for the side."""
    words = [_BOTH.get(word, word) for word in _WORD.findall(description.lower())]
    sides = [word for word in words if word in SIDES[:3]]
    side = sides[0] if len(sides) == 1 else "unspecified"
    if len(sides) < 2:
        yield from (_Said(leaf, side, _stem(words, at)) for at, word in enumerate(words) if word == side)


def _stem(words: Sequence[str], side: int) -> Stem:
    """The words of a description without the one at `side`."""
    return tuple(word for at, word in enumerate(words) if at != side and word not in _PLAIN)


def _groups(said: Sequence[_Said]) -> Iterator[dict[str, str]]:
    """The nodes of one category that say the same of different sides."""
    by_stem: dict[Stem, dict[str, dict[str, None]]] = defaultdict(lambda: defaultdict(dict))
    for one in said:
        by_stem[one.stem][one.side][one.node] = None
    for stem, nodes in by_stem.items():
        if len(nodes["right"]) != 1 or len(nodes["left"]) != 1:
            continue
        group = {side: next(iter(nodes[side])) for side in SIDES if len(nodes[side]) == 1}
        right = group["right"]
        if "bilateral" not in group:
            group.update(_shorter(said, right, stem, "bilateral"))
        yield group


def _shorter(said: Sequence[_Said], right: str, stem: Stem, side: str) -> dict[str, str]:
    """The one node of a side under the same heading whose words are all among those of the right side."""
    words = set(stem)
    near = [
        one.node
        for one in said
        if one.side == side
        and one.node[:-1] == right[:-1]
        and set(one.stem) <= words
        and len(stem) - len(one.stem) <= 2
    ]
    return {side: near[0]} if len(near) == 1 else {}


def _expanded(group: dict[str, str], ends: dict[str, dict[str, str]]) -> Iterator[Lateral]:
    """The group with each seventh character written out."""
    for side, node in group.items():
        for end, code in ends[node].items():
            siblings = tuple(ends[group[other]].get(end, "") if other in group else "" for other in SIDES)
            yield Lateral(code, side, siblings)
