"""Sound at once: whether anything at all is wrong with a claim, decided fast and without words.

In:   an Encounter.                  Out: yes or no.
Uses: soundness, normal_codes.       Used by: from_json.
Not here: what is wrong (soundness.faults_of); a test holds the two to the same answer.

Written for speed, as every claim passes here. What a claim seldom has is asked for by name and found to be absent, which is
quicker than any list of names; codes that were sound once are remembered.
"""

from collections.abc import Callable
from decimal import Decimal
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
from sequela.engine.vocabulary.systems import System

_CENT: Final = Decimal("0.01")
_ZERO: Final = Decimal(0)
_LIMIT: Final = 10**MOST_DIGITS

_is_diagnosis = shape_check(System.ICD10CM)
_is_modifier = shape_check(System.MODIFIER)

_parties_of = attrgetter(
    "provider",
    "billing",
    "referring",
    "ordering",
    "supervising",
    "attending",
    "operating",
    "other_operating",
    "facility",
)
_EMPTY: Final = Encounter(id="-", setting="professional", lines=())
_NOBODY: Final = _parties_of(_EMPTY)


class _Sound(dict[Any, bool]):
    """Whether a value is sound, for what was met so far."""

    def __init__(self, test: Callable[[Any], bool]) -> None:
        super().__init__({None: True})
        self._test = test

    def __missing__(self, value: Any) -> bool:
        if len(self) > REMEMBERED:
            self.clear()
        found = self[value] = value is None or self._test(value)
        return found


_diagnosis: Final = _Sound(_is_diagnosis)
_service: Final = _Sound(shape_check(System.HCPCS))
_place: Final = _Sound(shape_check(System.POS))
_modifiers: Final = _Sound(lambda sent: len(sent) <= MOST_MODIFIERS and all(map(_is_modifier, sent)))


def is_sound(encounter: Encounter) -> bool:
    """Whether `faults_of` has nothing to say about a claim."""
    one = encounter
    if not (
        one.place is None
        and one.bill_type is None
        and one.admit_type is None
        and one.discharge_status is None
        and one.drg is None
        and one.total_charge is None
        and one.amount_paid is None
        and one.outside_lab_charge is None
        and _parties_of(one) == _NOBODY
    ) and not CLAIM_CHECKS.is_sound(one):
        return False
    if not _has_sound_diagnoses(one) or not _has_sound_lines(one):
        return False
    if one.history is not _EMPTY.history:
        for line in one.history.lines or ():
            if not (HISTORY_CHECKS.is_sound(line) and _is_sound_service(line)):
                return False
            if line.diagnoses and not all(map(_is_diagnosis, line.diagnoses)):
                return False
    if one.procedures or one.condition_codes or one.occurrence_codes or one.value_codes or one.other_payers:
        return not any(True for _ in list_faults(one))
    return one.documents is _EMPTY.documents or not any(True for _ in list_faults(one))


def _has_sound_diagnoses(encounter: Encounter) -> bool:
    """Whether all are codes and at most one is the principal diagnosis."""
    for diagnosis in encounter.diagnoses:
        if not _diagnosis[diagnosis.code] or diagnosis.role == "principal":
            return not any(True for _ in diagnosis_faults(encounter))
    return True


def _is_sound_service(line: Service) -> bool:
    units, charge = line.units, line.charge
    return (
        _service[line.code]
        and _place[line.place]
        and (not line.modifiers or _modifiers[line.modifiers])
        and (units is None or (units.__class__ is int and 0 <= units < _LIMIT) or is_number(units))
        and (charge is None or _is_plain(charge) or is_amount(charge))
        and (
            (
                line.revenue is None
                and line.minutes is None
                and line.non_covered_charge is None
                and line.specialty is None
                and line.taxonomy is None
                and line.ndc is None
                and line.drug_quantity is None
                and line.other_paid is None
            )
            or LINE_CHECKS.is_sound(line)
        )
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
        pointers = line.diagnoses
        if pointers and not (min(pointers) >= 1 and max(pointers) <= count):
            return False
        if line.number is not None and line.number != place:
            in_order = False
    if in_order:
        return True
    numbers = {place if line.number is None else line.number for place, line in enumerate(encounter.lines, start=1)}
    return len(numbers) == len(encounter.lines) and min(numbers) >= 1 and all(map(is_number, numbers))
