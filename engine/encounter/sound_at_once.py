"""Sound at once: whether anything at all is wrong with a claim, decided fast and without words.

In:   an Encounter.                  Out: yes or no; how many keys its usual facts are written with.
Uses: soundness, normal_codes.       Used by: json_at_once, from_json.
Not here: what is wrong (soundness.faults_of); a test holds the two to the same answer.

Written for speed, as every claim passes here. The usual facts of a claim, those that nearly every claim is made of, are looked at
and counted in one go; what was sound once is remembered. The others are looked at only where the count shows that there are any.
"""

from collections.abc import Callable
from decimal import Decimal
from functools import lru_cache
from operator import attrgetter
from typing import Any, Final

from sequela.engine.encounter.model import NOBODY, Diagnosis, Encounter, Line, Party, Service
from sequela.engine.encounter.normal_codes import REMEMBERED, shape_check
from sequela.engine.encounter.soundness import (
    CLAIM_CHECKS,
    HISTORY_CHECKS,
    LINE_CHECKS,
    MOST_DIGITS,
    MOST_MODIFIERS,
    is_amount,
    is_number,
    list_faults,
)
from sequela.engine.vocabulary.systems import System

UNSOUND: Final = -1
"""Instead of a count of keys."""

_REMEMBERED_POINTERS: Final = 2048
_CENT: Final = Decimal("0.01")
_ZERO: Final = Decimal(0)
_LIMIT: Final = Decimal(10**MOST_DIGITS)
_is_diagnosis = shape_check(System.ICD10CM)
_is_modifier = shape_check(System.MODIFIER)


def _remembering(test: Callable[[Any], bool], most: int = REMEMBERED) -> tuple[set[Any], Callable[[Any], bool]]:
    """The values that were found sound, and what finds out whether another one is."""
    sound: set[Any] = set()

    def admits(value: Any) -> bool:
        if not test(value):
            return False
        if len(sound) >= most:
            sound.clear()
        sound.add(value)
        return True

    return sound, admits


_diagnoses, _admits_diagnoses = _remembering(_is_diagnosis)
_services, _admits_services = _remembering(shape_check(System.HCPCS))
_places, _admits_places = _remembering(shape_check(System.POS))
revenues, admits_revenues = _remembering(shape_check(System.REVENUE))
_taxonomies, _admits_taxonomies = _remembering(shape_check(System.TAXONOMY))
_specialties, _admits_specialties = _remembering(shape_check(System.SPECIALTY))
modifiers, admits_modifiers = _remembering(lambda sent: len(sent) <= MOST_MODIFIERS and all(map(_is_modifier, sent)))
counts, admits_count = _remembering(is_number)
_bill_types, _admits_bill_types = _remembering(shape_check(System.BILL_TYPE))
_admit_types, _admits_admit_types = _remembering(shape_check(System.ADMIT_TYPE))
_discharge_statuses, _admits_discharge_statuses = _remembering(shape_check(System.DISCHARGE_STATUS))


@lru_cache(32)
def pointers_to(count: int) -> tuple[set[Any], Callable[[Any], bool]]:
    """The lists of pointers of a line that point into so many diagnoses."""
    return _remembering(lambda sent: not sent or (min(sent) >= 1 and max(sent) <= count), _REMEMBERED_POINTERS)


_EMPTY: Final = Encounter(id="-", setting="professional", lines=())
_NO_PATIENT: Final = _EMPTY.patient
_seldom_named = attrgetter(
    "referring", "ordering", "supervising", "attending", "operating", "other_operating", "facility"
)
_NONE_OF_THEM: Final = _seldom_named(_EMPTY)


def is_sound(encounter: Encounter) -> bool:
    """Whether `faults_of` has nothing to say about a claim."""
    return usual_keys(encounter) >= 0 and is_sound_elsewhere(encounter)


def codes_are_sound(encounter: Encounter) -> bool:
    """Whether the codes of all diagnoses and lines have the form of such codes."""
    for diagnosis in encounter.diagnoses:
        if diagnosis.code not in _diagnoses and not _admits_diagnoses(diagnosis.code):
            return False
    for line in encounter.lines:
        if line.code not in _services and line.code is not None and not _admits_services(line.code):
            return False
    return True


def usual_keys(encounter: Encounter, codes: bool = True) -> int:
    """With how many keys the usual facts of a claim are written in its JSON text; `UNSOUND` where one of them is not sound.

    `schema` is counted, though it may not have been written. A text that has no more keys holds no other fact, and none twice.
    Without `codes`, the codes of lines, and of diagnoses that have no role, are not looked at: see `codes_are_sound`.
    """
    one = encounter
    diagnoses = one.diagnoses
    try:
        more = _keys_of_lines(one.lines, len(diagnoses), codes)
        if more < 0:
            return UNSOUND
        keys = 4 + more  # schema, id, setting, lines
        if diagnoses:
            more = keys_of_diagnoses(diagnoses, codes)
            if more < 0:
                return UNSOUND
            keys += 1 + more
    except TypeError:  # a signalling NaN cannot be looked up
        return UNSOUND
    if one.total_charge is not None:
        keys += 1
        if not is_quick_amount(one.total_charge):
            return UNSOUND
    if one.payer is not None:
        keys += 1
    if one.received is not None:
        keys += 1
    if one.place is not None:
        keys += 1
        if one.place not in _places and not _admits_places(one.place):
            return UNSOUND
    if one.admitted is not None:
        keys += 1
    if one.discharged is not None:
        keys += 1
    patient = one.patient
    if patient is not _NO_PATIENT:
        keys += 1
        if patient.id is not None:
            keys += 1
        if patient.birth_date is not None:
            keys += 1
        if patient.sex is not None:
            keys += 1
    if one.provider is not NOBODY:
        more = keys_of_party(one.provider)
        if more < 0:
            return UNSOUND
        keys += 1 + more
    if one.billing is not NOBODY:
        more = keys_of_party(one.billing)
        if more < 0:
            return UNSOUND
        keys += 1 + more
    if one.bill_type is not None:
        more = keys_of_stay(one)
        if more < 0:
            return UNSOUND
        keys += more
    return keys


def keys_of_stay(one: Encounter) -> int:
    """The facts that are usual on the claims of a hospital, which have a type of bill."""
    keys = 1 + (one.statement_from is not None) + (one.statement_to is not None) + (one.admit_source is not None)
    if one.bill_type not in _bill_types and not _admits_bill_types(one.bill_type):
        return UNSOUND
    if one.admit_type is not None:
        keys += 1
        if one.admit_type not in _admit_types and not _admits_admit_types(one.admit_type):
            return UNSOUND
    if one.discharge_status is not None:
        keys += 1
        if one.discharge_status not in _discharge_statuses and not _admits_discharge_statuses(one.discharge_status):
            return UNSOUND
    if one.attending is not NOBODY:
        more = keys_of_party(one.attending)
        if more < 0:
            return UNSOUND
        keys += 1 + more
    return keys


def keys_of_diagnoses(diagnoses: tuple[Diagnosis, ...], codes: bool) -> int:
    """With how many keys diagnoses are written."""
    keys = len(diagnoses)
    principals = 0
    for diagnosis in diagnoses:
        if diagnosis.poa is not None:
            keys += 1
        if diagnosis.role is not None:
            keys += 1
            principals += diagnosis.role == "principal"
        elif not codes:
            continue
        if diagnosis.code not in _diagnoses and not _admits_diagnoses(diagnosis.code):
            return UNSOUND
    return keys if principals <= 1 else UNSOUND


def is_quick_amount(value: int | Decimal) -> bool:
    """The same as `is_amount`, quicker for what is written with two decimals."""
    if value.__class__ is Decimal and value.same_quantum(_CENT) and _ZERO <= value < _LIMIT:
        return True
    return is_amount(value)


def _keys_of_lines(lines: tuple[Line, ...], count: int, codes: bool) -> int:
    """`count` is the number of diagnoses to which lines may point."""
    keys = 5 * len(lines)  # code, units, date, place, diagnoses: there in nearly all
    pointers, admits_pointers = pointers_to(count)
    place, in_order = 0, True
    for line in lines:
        place += 1  # noqa: SIM113 -- no tuple is made for each
        if line.code is None:
            keys -= 1
        elif codes and line.code not in _services and not _admits_services(line.code):
            return UNSOUND
        if line.units not in counts:
            if line.units is None:
                keys -= 1
            elif not admits_count(line.units):
                return UNSOUND
        if line.date is None:
            keys -= 1
        if line.place not in _places:
            if line.place is None:
                keys -= 1
            elif not _admits_places(line.place):
                return UNSOUND
        if line.diagnoses not in pointers:
            if line.diagnoses is None:
                keys -= 1
            elif not admits_pointers(line.diagnoses):
                return UNSOUND
        if line.modifiers:
            keys += 1
            if line.modifiers not in modifiers and not admits_modifiers(line.modifiers):
                return UNSOUND
        if line.charge is not None:
            keys += 1
            if not is_quick_amount(line.charge):
                return UNSOUND
        if line.number is not None:
            keys += 1
            if line.number != place:
                in_order = False
        if line.revenue is not None:
            keys += 1
            if line.revenue not in revenues and not admits_revenues(line.revenue):
                return UNSOUND
    return keys if in_order or are_numbered_apart(lines) else UNSOUND


def are_numbered_apart(lines: tuple[Line, ...]) -> bool:
    """Whether each line has a number of its own; one that was sent without has that of its place."""
    numbers = {place if line.number is None else line.number for place, line in enumerate(lines, start=1)}
    return len(numbers) == len(lines) and min(numbers) >= 1 and all(map(is_number, numbers))


def keys_of_party(party: Party) -> int:
    """With how many keys the usual facts of a party are written."""
    keys = (party.npi is not None) + (party.group is not None) + (party.state is not None)
    if party.taxonomy is not None:
        keys += 1
        if party.taxonomy not in _taxonomies and not _admits_taxonomies(party.taxonomy):
            return UNSOUND
    if party.specialty is not None:
        keys += 1
        if party.specialty not in _specialties and not _admits_specialties(party.specialty):
            return UNSOUND
    return keys


def is_sound_elsewhere(encounter: Encounter) -> bool:
    """Whether all facts are sound at which `usual_keys` does not look."""
    one = encounter
    if not (
        one.bill_type is None
        and one.admit_type is None
        and one.discharge_status is None
        and one.drg is None
        and one.amount_paid is None
        and one.outside_lab_charge is None
        and _seldom_named(one) == _NONE_OF_THEM
    ) and not CLAIM_CHECKS.is_sound(one):
        return False
    if not all(map(_is_sound_where_seldom, one.lines)):
        return False
    for line in one.history.lines or ():
        if not HISTORY_CHECKS.is_sound(line) or (
            line.modifiers and line.modifiers not in modifiers and not admits_modifiers(line.modifiers)
        ):
            return False
        if line.diagnoses and not all(map(_is_diagnosis, line.diagnoses)):
            return False
    return not any(True for _ in list_faults(one))


def _is_sound_where_seldom(line: Service) -> bool:
    return (
        line.minutes is None
        and line.non_covered_charge is None
        and line.specialty is None
        and line.taxonomy is None
        and line.ndc is None
        and line.drug_quantity is None
        and line.other_paid is None
    ) or LINE_CHECKS.is_sound(line)
