"""Qualifiers: the "with …" of a reference: which of the codes named before it are meant.

In:   the words after `with`, and the references before it.    Out: `read_qualifier`, `entries_with`, `Qualifier`.
Uses: tables.codes, imports.icd10cm.space.                      Used by: references.
Not here: the references themselves (references).

`E08-E13 with .52` names what follows the category; `S12.- with 7th character B` one place; `T36-T65 with fifth or sixth
character 1-4` the character of intent, which is the sixth, or the fifth where the sixth is only the placeholder X (T40.415A is
an adverse effect though its fifth character is 1).
"""

import re
from collections.abc import Iterable, Sequence
from typing import Final

from attrs import frozen

from sequela.engine.imports.icd10cm.space import SYSTEM, Bits, Space
from sequela.engine.tables.codes import CodeRange, Entry, ExactCode, LikePattern, UnderCode

_PLACES: Final = {"fourth": 4, "4th": 4, "fifth": 5, "5th": 5, "sixth": 6, "6th": 6, "seventh": 7, "7th": 7}
_PLACE: Final = re.compile(rf"\b({'|'.join(_PLACES)})[- ]characters?\b(.*)")
_INTENT: Final = re.compile(r"\b(?:fifth or six(?:th)?|5th or 6th) character\b(.*)")
_RUN: Final = re.compile(r"\bfifth to sixth characters (\w\w)\b")
_FINAL: Final = re.compile(r"\bfinal characters? -?(\w+)\b")
_ALLOWED: Final = re.compile(r"\b([0-9A-Z])(?:-([0-9A-Z]))?\b")
_SUFFIX: Final = re.compile(r"\.([0-9A-Z]+)-?(?:-\.([0-9A-Z]+))?")
_CHARACTERS: Final = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"


@frozen
class Qualifier:
    """What the codes meant have in common; exactly one of the parts is given.

    `suffixes` follow the category; `run` stands at place `at` (from 1); `allowed` at place `at`, where 0 is the character
    of intent; `ending` ends the code; `words` stand in its description. None of them: all codes are meant.
    """

    suffixes: tuple[str, ...] = ()
    at: int = -1
    allowed: frozenset[str] = frozenset()
    run: str = ""
    ending: str = ""
    words: str = ""

    def holds(self, code: str, description: str) -> bool:
        """Whether a billable code, in normal form, is meant."""
        if self.suffixes:
            return code[3:].startswith(self.suffixes)
        if self.run:
            return code[self.at - 1 :].startswith(self.run)
        if self.allowed:
            return (intent(code) if self.at == 0 else code[self.at - 1 : self.at]) in self.allowed
        if self.ending:
            return code.endswith(self.ending)
        return self.words in description


def intent(code: str) -> str:
    """The character of a code of T36-T65 that says poisoning, adverse effect or underdosing; empty where there is none.

    >>> intent("T360X1A"), intent("T3691XA"), intent("T40415A")
    ('1', '1', '5')
    """
    sixth = code[5:6]
    return code[4:5] if sixth in {"", "X"} else sixth


def read_qualifier(text: str) -> Qualifier | None:
    """What `with …` asks, from the words after `with`; None where it asks nothing of the code's characters.

    >>> read_qualifier("7th character B or C").allowed == {"B", "C"}
    True
    """
    if text.startswith((".", "final characters .")):
        return Qualifier(suffixes=_suffixes(text))
    match = _RUN.search(text)
    if match is not None:
        return Qualifier(at=5, run=match[1])
    match = _FINAL.search(text)
    if match is not None:
        return Qualifier(ending=match[1])
    if "open fracture" in text:
        return Qualifier(words="open fracture")
    if "ketoacidosis" in text:
        return Qualifier(words="ketoacidosis")
    for pattern, place in ((_INTENT, 1), (_PLACE, 2)):
        match = pattern.search(text)
        if match is not None:
            allowed = _allowed(match[place])
            return Qualifier(at=0 if pattern is _INTENT else _PLACES[match[1]], allowed=allowed) if allowed else None
    return None


def entries_with(space: Space, written: Sequence[Entry], qualifier: Qualifier) -> tuple[Entry, ...]:
    """The entries that hold those codes of `written` that the qualifier means; patterns where they say it exactly."""
    found: dict[Entry, None] = {}
    for entry in written:
        asked = _final_of_poisoning(entry, qualifier)
        bits = space.bits_of(entry)
        wanted = space.of_bits(
            space.span(code)[0] for code in space.members(bits) if asked.holds(code, space.described[code])
        )
        found.update(dict.fromkeys(_shortest(space, entry, asked, wanted)))
    return tuple(found)


def _final_of_poisoning(entry: Entry, qualifier: Qualifier) -> Qualifier:
    """In T36-T65 the final character before the seventh is the character of intent."""
    beginning = entry.low if isinstance(entry, CodeRange) else getattr(entry, "code", "")
    if qualifier.ending and beginning.startswith("T"):
        return Qualifier(at=0, allowed=frozenset(qualifier.ending))
    return qualifier


def _shortest(space: Space, entry: Entry, qualifier: Qualifier, wanted: Bits) -> tuple[Entry, ...]:
    """The patterns that hold exactly the wanted codes, else these codes one by one."""
    codes = list(space.members(wanted))
    if qualifier.suffixes or not codes:
        return space.cover(wanted)
    patterns = tuple(one for one in dict.fromkeys(_patterns(entry, qualifier, codes)) if space.bits_of(one))
    held = 0
    for pattern in patterns:
        held |= space.bits_of(pattern)
    listed = space.cover(wanted)
    return patterns if held == wanted and len(patterns) < len(listed) else listed


def _patterns(entry: Entry, qualifier: Qualifier, codes: Sequence[str]) -> Iterable[LikePattern]:
    lengths = sorted({len(code) for code in codes})
    for beginning, places in _beginnings(entry):
        for length in lengths:
            if qualifier.at == 0:
                forms = [{6: _class(qualifier.allowed)}, {5: _class(qualifier.allowed), 6: "X"}]
            elif qualifier.run:
                forms = [{qualifier.at + step: character for step, character in enumerate(qualifier.run)}]
            elif qualifier.ending:
                forms = [{length - step: c for step, c in enumerate(reversed(qualifier.ending))}]
            elif qualifier.words:
                forms = [{7: _class(frozenset(code[6] for code in codes if len(code) == 7))}]
            else:
                forms = [{qualifier.at: _class(qualifier.allowed)}]
            for form in forms:
                rest = "".join(form.get(place, "?") for place in range(places + 1, length + 1))
                yield LikePattern(beginning + rest, SYSTEM)


def _beginnings(entry: Entry) -> Iterable[tuple[str, int]]:
    """How codes of an entry begin, as the first places of patterns, and how many places that is."""
    if isinstance(entry, CodeRange) and entry.low[:3] == entry.high[:3]:
        yield entry.low[:3] + _class(_between(entry.low[3:4], entry.high[3:4])), 4
    elif isinstance(entry, CodeRange):
        low, high = entry.low[:3], entry.high[:3]
        for tens in range(int(low[1]), int(high[1]) + 1):
            first = low[2] if tens == int(low[1]) else "0"
            last = high[2] if tens == int(high[1]) else "9"
            yield f"{low[0]}{tens}{'?' if (first, last) == ('0', '9') else _class(_between(first, last))}", 3
    elif isinstance(entry, ExactCode | UnderCode):
        yield entry.code, len(entry.code)


def _suffixes(text: str) -> tuple[str, ...]:
    found: list[str] = []
    for low, high in _SUFFIX.findall(text):
        found.append(low)
        if high:
            found.extend(str(number) for number in range(int(low) + 1, int(high) + 1))
    return tuple(found)


def _allowed(text: str) -> frozenset[str]:
    found: set[str] = set()
    for low, high in _ALLOWED.findall(text):
        found.update(_between(low, high or low))
    return frozenset(found)


def _between(low: str, high: str) -> frozenset[str]:
    return frozenset(_CHARACTERS[_CHARACTERS.index(low) : _CHARACTERS.index(high) + 1])


def _class(allowed: frozenset[str]) -> str:
    """A place of a pattern: `B`, `[1-4]`, `[BC]`."""
    ordered = "".join(sorted(allowed))
    if len(ordered) == 1:
        return ordered
    if len(ordered) > 2 and ordered in _CHARACTERS and ordered.isdigit() == ordered[0].isdigit():
        return f"[{ordered[0]}-{ordered[-1]}]"
    return f"[{ordered}]"
