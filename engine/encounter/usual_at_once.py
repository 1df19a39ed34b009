"""Usual at once: the texts of claims read for deciding: of usual facts alone where a text holds no others, else in full.

In:   what a program hands in as a claim.            Out: a claim to decide (`TextReader`).
Uses: usual, sound_at_once, from_json.               Used by: pipeline.rulebook.
Not here: what is said of a claim (that reads its text in full).

Written for speed, as every claim passes here. As in json_at_once, a text that has as many colons as the facts that were found has
keys holds no other fact, and none twice; so what is usual on all claims is counted first, and facts that are left when the count
is reached are not there, and need not be looked at.
"""

from collections.abc import Callable
from typing import Any, Final

import msgspec

from sequela.engine.encounter.from_json import encounter_but_codes
from sequela.engine.encounter.model import NOBODY, Encounter
from sequela.engine.encounter.sound_at_once import (
    UNSOUND,
    admits_count,
    admits_modifiers,
    admits_revenues,
    are_numbered_apart,
    counts,
    is_quick_amount,
    keys_of_diagnoses,
    keys_of_party,
    keys_of_stay,
    modifiers,
    pointers_to,
    revenues,
)
from sequela.engine.encounter.usual import UNSENT, usual_decoder

_MISSES: Final = 16
"""So many more texts that were not usual than texts that were: then texts are read in full."""
_IN_FULL: Final = 64
"""So many are read in full before one is tried again."""
_ALWAYS: Final = -1
_MOST_DIAGNOSES: Final = 64
_NOT_KNOWN: Final = Encounter(id="-", setting="professional", lines=()).patient
_TOO_FEW: Final = -1_000_000
"""Instead of a count of keys where something is not sound: added to any other, it is the count of no text."""
_POINTERS: Final = tuple(map(pointers_to, range(_MOST_DIAGNOSES)))
_COLON: Final = ord(":")


class TextReader:
    """Reads the claims that come to one rulebook. It learns only whether they are worth a try, so threads may share it."""

    def __init__(self) -> None:
        self._decode: Callable[[bytes], Any] = self._decode_first
        self._missed = 0
        self._in_full = 0
        """How many texts are still read in full; `_ALWAYS` where all are."""

    def _decode_first(self, data: bytes) -> Any:
        self._decode = usual_decoder()
        return self._decode(data)

    def read_in_full(self) -> None:
        """From now on read every claim in full: what decides them needs all of it."""
        self._in_full = _ALWAYS

    def read(self, data: Any) -> Encounter:
        """What `encounter_but_codes` reads; of a text of usual facts, something that is no Encounter but reads like one.

        It may still be that the code of a line, or of a diagnosis without a role, is none; see `codes_are_sound`.
        Raises: what `encounter_from` raises.
        """
        if self._in_full or type(data) is not bytes:
            return self._read_in_full(data)
        try:
            claim = self._decode(data)
            lines, count = claim.lines, len(claim.diagnoses)
            pointers, admits_pointers = _POINTERS[count]
            keys = 4 + 5 * len(lines)  # schema, id, setting, lines; code, units, date, place, diagnoses of a line
            for line in lines:
                if line.code is None:
                    keys -= 1
                if line.units not in counts:
                    if line.units is None:
                        keys -= 1
                    elif not admits_count(line.units):
                        return encounter_but_codes(data)
                if line.date is None:
                    keys -= 1
                if line.place is None:
                    keys -= 1
                if line.diagnoses not in pointers:
                    if line.diagnoses is None:
                        keys -= 1
                    elif not admits_pointers(line.diagnoses):
                        return encounter_but_codes(data)
                if line.modifiers is not UNSENT:
                    keys += 1
                    if line.modifiers not in modifiers and not admits_modifiers(line.modifiers):
                        return encounter_but_codes(data)
            if claim.diagnoses is not UNSENT:
                keys += 1 + count
            if claim.payer is not None:
                keys += 1
            if claim.admitted is not None:
                keys += 1
            if claim.discharged is not None:
                keys += 1
            patient = claim.patient
            if patient is not _NOT_KNOWN:
                keys += 1
                if patient.birth_date is not None:
                    keys += 1
                if patient.sex is not None:
                    keys += 1
        except (msgspec.MsgspecError, UnicodeError, RecursionError, IndexError, TypeError):
            return self._missed_one(data)
        colons = data.count(_COLON)
        if keys == colons or (keys < colons and keys + _further_keys(claim) == colons):
            if self._missed:
                self._missed -= 1
            return claim  # type: ignore[no-any-return]
        return self._missed_one(data)

    def _read_in_full(self, data: Any) -> Encounter:
        if self._in_full > 0:
            self._in_full -= 1
        return encounter_but_codes(data)

    def _missed_one(self, data: bytes) -> Encounter:
        self._missed += 1
        if self._missed >= _MISSES:
            self._missed, self._in_full = _MISSES - 1, _IN_FULL
        return encounter_but_codes(data)


def _further_keys(claim: Encounter) -> int:
    """With how many keys those usual facts are written which `read` did not count; `_TOO_FEW` where one is not sound."""
    keys, place, in_order = 0, 0, True
    for line in claim.lines:
        place += 1  # noqa: SIM113 -- no tuple is made for each
        if line.charge is not None:
            keys += 1
            if not is_quick_amount(line.charge):
                return _TOO_FEW
        if line.number is not None:
            keys += 1
            if line.number != place:
                in_order = False
        if line.revenue is not None:
            keys += 1
            if line.revenue not in revenues and not admits_revenues(line.revenue):
                return _TOO_FEW
    if not in_order and not are_numbered_apart(claim.lines):
        return _TOO_FEW
    if claim.total_charge is not None:
        keys += 1
        if not is_quick_amount(claim.total_charge):
            return _TOO_FEW
    if claim.received is not None:
        keys += 1
    if claim.place is not None:
        keys += 1
    if claim.patient.id is not None:
        keys += 1
    if claim.diagnoses:
        more = keys_of_diagnoses(claim.diagnoses, False)
        if more == UNSOUND:
            return _TOO_FEW
        keys += more - len(claim.diagnoses)
    for party in (claim.provider, claim.billing):
        if party is not NOBODY:
            more = keys_of_party(party)
            if more == UNSOUND:
                return _TOO_FEW
            keys += 1 + more
    if claim.bill_type is not None:
        more = keys_of_stay(claim)
        if more == UNSOUND:
            return _TOO_FEW
        keys += more
    return keys
