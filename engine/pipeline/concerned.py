"""Concerned: what a change of the texts concerns, found in the texts without reading them.

In:   the texts now, and what was kept of earlier ones.    Out: `Texts`, `Concerned`.
Uses: stretches, kept.                                     Used by: pipeline.changed.
Not here: compiling (changed.py).

A stretch that says what it said is not concerned, wherever it stands now, unless a word of it is the name of a set or condition
that is. More is taken for concerned than is: a word in a comment counts.
"""

from array import array
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from typing import Final, Self

from msgspec import Struct

from sequela.engine.pipeline.kept import Cut, Kept
from sequela.engine.pipeline.packed import Place
from sequela.engine.pipeline.stretches import DIGEST, WORDS, Stretch, digests, stretches, words
from sequela.engine.source import Source
from sequela.engine.syntax.normalise import normalise

_CHANGES: Final = frozenset({"disable", "relax", "tighten", "override"})
_ALWAYS: Final = frozenset({"ruleset", "payer", "use", "source", "table"}) | _CHANGES
"""What is read again after every change."""

_MAY_CHANGE: Final = frozenset({"codes", "condition", "rule", "test"}) | _CHANGES
"""Where anything else is changed, all is concerned."""

_NAMED: Final = frozenset({"codes", "condition"})

_MOST_NAMES: Final = 100
"""Where more sets and conditions than that are concerned, all is."""

At = tuple[int, int]
"""The number of a source, and of a stretch in it."""


class Texts(Struct):
    """Texts cut into stretches; `plain` are the texts as the scanner reads them."""

    sources: list[Source]
    plain: list[str]
    cut: list[list[Stretch]]
    digests: list[list[bytes]]

    @classmethod
    def of(cls, sources: Iterable[Source]) -> Self:
        """The texts of sources."""
        each = list(sources)
        plain = [normalise(source.text) for source in each]
        cut = [stretches(text) for text in plain]
        return cls(each, plain, cut, [digests(source.text, found) for source, found in zip(each, cut, strict=True)])

    def cuts(self) -> list[Cut]:
        """What is kept of them."""
        return [
            Cut(
                starts=array("I", [one.start for one in cut]).tobytes(),
                digests=b"".join(found),
                words=bytes([WORDS.index(one.word) for one in cut]),
                names="\n".join([one.name for one in cut]),
            )
            for cut, found in zip(self.cut, self.digests, strict=True)
        ]

    def each(self) -> Iterator[tuple[At, Stretch]]:
        """Every stretch, by source and place."""
        for number, cut in enumerate(self.cut):
            for at, one in enumerate(cut):
                yield (number, at), one

    def said(self, at: At) -> str:
        """The text of a stretch."""
        one = self.cut[at[0]][at[1]]
        return self.plain[at[0]][one.start : one.end]

    def holding(self, word: str) -> set[At]:
        """The stretches in which a name may stand."""
        found: set[At] = set()
        for number, text in enumerate(self.plain):
            starts = [one.start for one in self.cut[number]]
            place = text.find(word)
            while place >= 0:
                around = text[place - 1 : place], text[place + len(word) : place + len(word) + 1]
                if not any(one.isalnum() or one == "-" for one in around):
                    found.add((number, bisect_right(starts, place) - 1))
                place = text.find(word, place + 1)
        return found


class Concerned(Struct):
    """What a change concerns.

    `needed` are the stretches of each source that have to be compiled, `rules` the ids among them. `now` says of what stood at a
    place (a source, and where in it) where it stands now; what is in none of the texts any more is not in it.
    """

    needed: list[set[int]]
    rules: set[str]
    now: dict[At, int]

    def is_gone(self, place: Place) -> bool:
        """Whether what stood at a place is in none of the texts any more."""
        return (place.source, place.start) not in self.now


class _Before(Struct):
    """What the earlier texts say that the texts now do not, and where what they both say stands now."""

    gone: list[tuple[str, str]]
    now: dict[At, int]
    new: set[At]


def concerned_by(texts: Texts, kept: Kept) -> Concerned | None:
    """What the change from the texts of which something was kept concerns; None where that is all, or cannot be told."""
    if len(texts.sources) != len(kept.index.cut):
        return None
    before = _compared(texts, kept.index.cut)
    changed = [*before.gone, *((one.word, one.name) for one in (texts.cut[at[0]][at[1]] for at in before.new))]
    if any(word not in _MAY_CHANGE for word, _ in changed):
        return None
    by_name = _by_name(texts)
    if any(len(by_name.get(name, ())) > 1 for word, name in changed if word in _NAMED):
        return None
    concerned = _spread(texts, before.new, {name for word, name in changed if word in _NAMED})
    if concerned is None:
        return None
    ids = {name for word, name in changed if word == "rule" or word in _CHANGES}
    ids.update(name for rule, name in enumerate(kept.index.ids) if not kept.index.whole[kept.number_of_rule(rule)])
    for at, one in texts.each():
        if one.word in _CHANGES or (at in concerned and one.word == "rule"):
            ids.add(one.name)
    always = {at for at, one in texts.each() if one.word in _ALWAYS or (one.word == "rule" and one.name in ids)}
    needed: list[set[int]] = [set() for _ in texts.sources]
    for source, stretch in _with_named(texts, concerned | always, by_name):
        needed[source].add(stretch)
    return Concerned(needed, ids, before.now)


def _compared(texts: Texts, cuts: Sequence[Cut]) -> _Before:
    before = _Before([], {}, set())
    for number, cut in enumerate(cuts):
        starts = array("I", cut.starts)
        names = cut.names.split("\n")
        known: dict[bytes, list[int]] = {}
        for at in range(len(starts)):
            known.setdefault(cut.digests[at * DIGEST : (at + 1) * DIGEST], []).append(at)
        for at, (one, digest) in enumerate(zip(texts.cut[number], texts.digests[number], strict=True)):
            same = known.get(digest)
            if same:
                before.now[number, starts[same.pop(0)]] = one.start
            else:
                before.new.add((number, at))
        before.gone.extend((WORDS[cut.words[at]], names[at]) for left in known.values() for at in left)
    return before


def _by_name(texts: Texts) -> dict[str, list[At]]:
    """The stretches that declare a set, a condition or a table, by its name."""
    found: dict[str, list[At]] = {}
    for at, one in texts.each():
        if one.word in _NAMED or one.word == "table":
            found.setdefault(one.name, []).append(at)
    return found


def _spread(texts: Texts, new: set[At], names: set[str]) -> set[At] | None:
    """The stretches that are new, and those that name what changed, and so on; None where they are too many."""
    concerned = set(new)
    known, waiting = set(names), list(names)
    while waiting:
        if len(known) > _MOST_NAMES:
            return None
        for at in texts.holding(waiting.pop()) - concerned:
            if at[1] < 0:
                return None
            one = texts.cut[at[0]][at[1]]
            concerned.add(at)
            if one.word in _NAMED and one.name not in known:
                known.add(one.name)
                waiting.append(one.name)
    return {at for at in concerned if at in new or texts.cut[at[0]][at[1]].word in _MAY_CHANGE}


def _with_named(texts: Texts, wanted: set[At], by_name: dict[str, list[At]]) -> set[At]:
    """The stretches wanted, and all that declare what they name."""
    found, waiting = set(wanted), list(wanted)
    while waiting:
        for word in words(texts.said(waiting.pop())).intersection(by_name):
            for at in by_name[word]:
                if at not in found:
                    found.add(at)
                    waiting.append(at)
    return found
