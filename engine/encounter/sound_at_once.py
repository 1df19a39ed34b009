"""Sound at once: whether anything at all is wrong with a claim, decided fast and without words.

In:   an Encounter.                  Out: yes or no.
Uses: soundness, normal_codes.       Used by: from_json.
Not here: what is wrong (soundness.faults_of); a test holds the two to the same answer.

Written for speed, as every claim passes here: what the lines of a claim have in common is remembered, and each
amount is judged by its exponent.
"""

from decimal import Decimal
from functools import lru_cache
from operator import attrgetter
from typing import Any, Final

from sequela.engine.encounter.model import Encounter, Service
from sequela.engine.encounter.normal_codes import REMEMBERED, shape_check
from sequela.engine.encounter.soundness import (
    CLAIM_CHECKS,
    HISTORY_CHECKS,
    LINE_CHECKS,
    MOST_DIGITS,
    MOST_MODIFIERS,
    diagnosis_faults,
    is_amount,
    is_number,
    list_faults,
)
from sequela.engine.vocabulary.kinds import CodeOf
from sequela.engine.vocabulary.systems import System

_CENT: Final = Decimal("0.01")
_ZERO: Final = Decimal(0)
_LIMIT: Final = 10**MOST_DIGITS

_is_diagnosis = shape_check(System.ICD10CM)
_is_modifier = shape_check(System.MODIFIER)

_OFTEN: Final = ("units", "charge", "number")
_CODED: Final = tuple(
    (path, test)
    for path, kind, test in zip(LINE_CHECKS.paths, LINE_CHECKS.types, LINE_CHECKS.tests, strict=True)
    if isinstance(kind, CodeOf)
)
_RARE: Final = tuple(
    path[0]
    for path, kind in zip(LINE_CHECKS.paths, LINE_CHECKS.types, strict=True)
    if not isinstance(kind, CodeOf) and path[0] not in _OFTEN
)
_codes_of = attrgetter("modifiers", *(path[0] for path, _ in _CODED))
_rare_of = attrgetter(*_RARE)
_NONE_OF_THE_RARE: Final = (None,) * len(_RARE)


@lru_cache(REMEMBERED)
def _are_codes(codes: tuple[Any, ...]) -> bool:
    """Whether the modifiers and codes of a line have their shapes."""
    modifiers, *others = codes
    return (
        len(modifiers) <= MOST_MODIFIERS
        and all(map(_is_modifier, modifiers))
        and all(code is None or test(code) for code, (_, test) in zip(others, _CODED, strict=True))
    )


def is_sound(encounter: Encounter) -> bool:
    """Whether `faults_of` has nothing to say about a claim."""
    if not CLAIM_CHECKS.is_sound(encounter):
        return False
    if any(True for _ in diagnosis_faults(encounter)) or not _has_sound_lines(encounter):
        return False
    for line in encounter.history.lines or ():
        if not (HISTORY_CHECKS.is_sound(line) and _is_sound_service(line)):
            return False
        if line.diagnoses and not all(map(_is_diagnosis, line.diagnoses)):
            return False
    return not any(True for _ in list_faults(encounter))


def _is_sound_service(line: Service) -> bool:
    units, charge = line.units, line.charge
    return (
        _are_codes(_codes_of(line))
        and (units is None or (units.__class__ is int and 0 <= units < _LIMIT) or is_number(units))
        and (charge is None or _is_plain(charge) or is_amount(charge))
        and (_rare_of(line) == _NONE_OF_THE_RARE or LINE_CHECKS.is_sound(line))
    )


def _is_plain(charge: int | Decimal) -> bool:
    """Whether an amount is written with two decimals, is not below zero and not too large."""
    return isinstance(charge, Decimal) and charge.same_quantum(_CENT) and _ZERO <= charge < _LIMIT


def _has_sound_lines(encounter: Encounter) -> bool:
    count = len(encounter.diagnoses)
    in_order = True
    for place, line in enumerate(encounter.lines, start=1):
        if not _is_sound_service(line):
            return False
        if line.diagnoses:
            for pointed in line.diagnoses:
                if not 1 <= pointed <= count:
                    return False
        if line.number is not None and line.number != place:
            in_order = False
    if in_order:
        return True
    numbers = {place if line.number is None else line.number for place, line in enumerate(encounter.lines, start=1)}
    return len(numbers) == len(encounter.lines) and min(numbers) >= 1 and all(map(is_number, numbers))
