"""Near codes: what a person may have meant by a code that is not valid, of the codes that are valid on a day.

In:   a catalogue, a code, a day.    Out: `NearCodes`.
Uses: catalogue.                     Used by: evaluate.near.
Not here: hints about codes written in rules (catalogue.nearest): those ask for codes of any day.
"""

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Final

from msgspec import Struct

from sequela.engine.tables.catalogue import Catalogue

MOST: Final = 5
"""So many codes are named."""

_CATEGORY: Final = 3
"""A code that shares fewer first characters is no kin."""

_LETTERS: Final = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"


class NearCodes(Struct, frozen=True):
    """Codes in normal form, best first, and how many others are as near."""

    codes: tuple[str, ...]
    more: int = 0


def codes_near(catalogue: Catalogue, code: str, day: date, most: int = MOST) -> NearCodes | None:
    """The codes, valid on a day, that are nearest to `code`; None on a day that the catalogue does not cover.

    What stands below it, where it is a heading; else the codes one slip away (a character changed, added or left out, two
    swapped); else what stands below as much of its beginning as the catalogue knows.

    Args:
        catalogue: of the code's system.
        code: in normal form; it is itself never among the answers.
        day: on which the answers are valid.
        most: how many are named; of codes below one heading the others are counted.
    """
    if catalogue.on(code, day) is None:
        return None
    below = _valid(catalogue, catalogue.below(code), day)
    if below:
        return NearCodes(below[:most], max(0, len(below) - most))
    slips = _valid(catalogue, (one for one in _slips(code) if catalogue.had(one)), day)
    if slips:
        return NearCodes(tuple(sorted(slips, key=lambda one: _distance(code, one))[:most]))
    for length in range(len(code) - 1, _CATEGORY - 1, -1):
        kin = tuple(one for one in _valid(catalogue, catalogue.below(code[:length]), day) if one != code)
        if kin:
            return NearCodes(kin[:most], max(0, len(kin) - most))
    return NearCodes(())


def _valid(catalogue: Catalogue, codes: Iterable[str], day: date) -> tuple[str, ...]:
    return tuple(one for one in codes if catalogue.can_be_billed(one, day))


def _slips(code: str) -> Iterator[str]:
    """The words one slip away from a code, each once, the code itself not among them."""
    made: dict[str, None] = {}
    for place in range(len(code) + 1):
        before, after = code[:place], code[place:]
        for letter in _LETTERS:
            made[before + letter + after] = None
            if after:
                made[before + letter + after[1:]] = None
        if after:
            made[before + after[1:]] = None
        if len(after) > 1:
            made[before + after[1] + after[0] + after[2:]] = None
    made.pop(code, None)
    yield from made


def _distance(code: str, other: str) -> tuple[bool, int, str]:
    """What sorts the nearest first: two characters swapped, then a slip late in the code, then the order of text."""
    same = next((place for place, pair in enumerate(zip(code, other, strict=False)) if pair[0] != pair[1]), len(code))
    return sorted(code) != sorted(other), -same, other
