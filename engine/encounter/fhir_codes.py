"""FHIR codes: the code of a CodeableConcept that is of the system asked for, and what to say when there is none.

In:   concepts.                                       Out: `Found` codes with their places.
Uses: fhir_systems, fhir_notes, normal_codes.         Used by: the readers of parts.
Not here: whether a code exists (tables, rules).

A concept may say the same in several systems; the first code of a system asked for that has its shape is taken. A code
that names no system at all is taken where its shape fits, and this is said. A code is kept as sent whatever its
shape: it was sent, and a rule about valid codes has to see it.
"""

import re
from collections.abc import Callable, Iterable
from functools import lru_cache
from typing import Final

import msgspec
from attrs import frozen

from sequela.engine.encounter.fault import shown
from sequela.engine.encounter.fhir_notes import Notes
from sequela.engine.encounter.fhir_source import Place, below
from sequela.engine.encounter.fhir_structs import Concept
from sequela.engine.encounter.fhir_systems import Said, last_part, said_by
from sequela.engine.encounter.normal_codes import REMEMBERED, shape_check
from sequela.engine.encounter.soundness import SHAPES_IN_WORDS
from sequela.engine.vocabulary.systems import System


@frozen(eq=False)
class Wanted:
    """A kind of code: the systems that it may be of, its shape, and what a code of it is called."""

    systems: frozenset[Said]
    fits: Callable[[str], bool]
    name: str
    words: str


class Found(msgspec.Struct, frozen=True, gc=False):
    """A code as sent (upper case, no blanks), what its system is, and its place."""

    code: str
    said: Said | None
    place: Place


_NPI: Final = re.compile(r"[0-9]{10}")
_SOURCE: Final = re.compile(r"[0-9A-Z]")
_HIPPS: Final = re.compile(r"[0-9A-Z]{5}")


def _wanted(system: System, name: str, *systems: Said) -> Wanted:
    return Wanted(frozenset(systems), shape_check(system), name, SHAPES_IN_WORDS[system])


@lru_cache(REMEMBERED)
def _is_npi(value: str) -> bool:
    return _NPI.fullmatch(value) is not None


def _is_source(value: str) -> bool:
    return _SOURCE.fullmatch(value) is not None


def _is_hipps(value: str) -> bool:
    return _HIPPS.fullmatch(value) is not None


DIAGNOSIS: Final = _wanted(System.ICD10CM, "an ICD-10-CM code", Said.ICD10CM, Said.ICD10)
PROCEDURE: Final = _wanted(System.ICD10PCS, "an ICD-10-PCS code", Said.ICD10PCS, Said.ICD10)
HCPCS: Final = _wanted(System.HCPCS, "an HCPCS code", Said.HCPCS)
ICD9: Final = Wanted(frozenset({Said.ICD9CM}), bool, "an ICD-9-CM code", "three to five digits")
RATE: Final = Wanted(frozenset({Said.HIPPS}), _is_hipps, "a HIPPS code", "five letters or digits")
NDC: Final = _wanted(System.NDC, "an NDC", Said.NDC)
REVENUE: Final = _wanted(System.REVENUE, "a revenue code", Said.REVENUE)
POS: Final = _wanted(System.POS, "a place of service", Said.PLACE)
MODIFIER: Final = _wanted(System.MODIFIER, "a modifier", Said.HCPCS)
TAXONOMY: Final = _wanted(System.TAXONOMY, "a taxonomy code", Said.TAXONOMY)
SPECIALTY: Final = _wanted(System.SPECIALTY, "a CMS specialty code", Said.SPECIALTY)
DRG: Final = _wanted(System.DRG, "a DRG", Said.DRG)
BILL_TYPE: Final = _wanted(System.BILL_TYPE, "a type of bill", Said.BILL_TYPE)
DISCHARGE_STATUS: Final = _wanted(System.DISCHARGE_STATUS, "a patient status", Said.DISCHARGE_STATUS)
ADMIT_TYPE: Final = _wanted(System.ADMIT_TYPE, "an admission type", Said.ADMIT_TYPE)
ADMIT_SOURCE: Final = Wanted(
    frozenset({Said.ADMIT_SOURCE}), _is_source, "a point of origin", "one letter or digit, such as 1"
)
CONDITION: Final = _wanted(System.CONDITION, "a condition code", Said.CONDITION)
OCCURRENCE: Final = _wanted(System.OCCURRENCE, "an occurrence code", Said.OCCURRENCE)
VALUE: Final = _wanted(System.VALUE, "a value code", Said.VALUE)
NPI: Final = Wanted(frozenset(), _is_npi, "an NPI", "ten digits, such as 1234567893")

_PADDED: Final = {REVENUE: 4, DISCHARGE_STATUS: 2, POS: 2}
"""How long codes are that some senders write without their leading zeros."""


def code_in(concept: Concept | None, wanted: Wanted, place: Place, notes: Notes) -> Found | None:
    """The code of a concept that is of the kind `wanted`; None where it holds none, or only codes of other systems.

    One that names no system is taken, and said, where its shape fits. Codes of other systems are not said here (`say_other`).
    """
    if concept is None:
        return None
    for index, coding in enumerate(concept.coding):
        if coding.system is not None and coding.code is not None:
            code = _fitting(wanted, coding.system, coding.code)
            if code is not None:
                return Found(code, said_by(coding.system), below(place, f".coding[{index}].code"))
    return _closer(concept, wanted, place, notes)


@lru_cache(REMEMBERED)
def _fitting(wanted: Wanted, system: str, value: str) -> str | None:
    """The code that is written `value`, when its system is one of those wanted and its shape fits."""
    if said_by(system) not in wanted.systems:
        return None
    code = _code_of(value, wanted)
    return code if code is not None and wanted.fits(code) else None


def _closer(concept: Concept, wanted: Wanted, place: Place, notes: Notes) -> Found | None:
    """The code of a concept none of whose codes has both the system and the shape wanted."""
    misfit: Found | None = None
    unnamed: Found | None = None
    for index, coding in enumerate(concept.coding):
        code = _code_of(coding.code, wanted)
        if code is None:
            continue
        if coding.system is None:
            if unnamed is None and wanted.fits(code):
                unnamed = Found(code, None, below(place, f".coding[{index}].code"))
            continue
        said = said_by(coding.system)
        if said in wanted.systems:
            misfit = misfit or Found(code, said, below(place, f".coding[{index}].code"))
    if misfit is not None:
        check(misfit.code, wanted, misfit.place, notes)
        return misfit
    if unnamed is not None:
        notes.warn(
            "SEQ812",
            f"{shown(unnamed.code)} names no code system; it is taken for {wanted.name}.",
            unnamed.place,
            hint="The system of a coding says which codes it is of.",
        )
    return unnamed


def _code_of(value: str | None, wanted: Wanted) -> str | None:
    code = value.strip().upper() if value is not None else ""
    if not code:
        return None
    if wanted is NDC:
        return eleven_digits(code)
    length = _PADDED.get(wanted)
    return code.zfill(length) if length is not None and code.isdecimal() else code


def eleven_digits(code: str) -> str:
    """An NDC as eleven digits: one with hyphens is filled up with zeros to 5, 4 and 2 digits.

    >>> eleven_digits("0002-1433-80")
    '00002143380'
    """
    parts = code.split("-")
    if len(parts) == 3 and all(part.isdecimal() for part in parts):
        return f"{parts[0]:0>5}{parts[1]:0>4}{parts[2]:0>2}"
    return code


def check(code: str, wanted: Wanted, place: Place, notes: Notes) -> str:
    """The code as sent; said, when it has not the shape of the kind `wanted`."""
    if not wanted.fits(code):
        notes.warn(
            "SEQ810",
            f"{shown(code)} is not in the form of {wanted.name}; it is kept as sent.",
            place,
            hint=f"The form is {wanted.words}.",
        )
    return code


def is_absent(concept: Concept | None) -> bool:
    """Whether a concept says that there is no code (`data-absent-reason`), or says nothing at all."""
    if concept is None:
        return True
    if not any(coding.code for coding in concept.coding):
        return concept.text is None
    return all(coding.system is not None and said_by(coding.system) is Said.ABSENT for coding in concept.coding)


def say_other(concept: Concept | None, wanted: Wanted, place: Place, notes: Notes, left: str) -> None:
    """Name a concept that holds no code of the kind `wanted`; `left` says what becomes of it."""
    if is_absent(concept) or concept is None:
        return
    there = [
        f"{shown(coding.code)}" + (f" of {coding.system}" if coding.system else "")
        for coding in concept.coding[:2]
        if coding.code
    ]
    said = " and ".join(there) if there else f"only the words {shown(concept.text)}"
    notes.warn("SEQ812", f"No code here is {wanted.name} (it holds {said}); {left}.", place)


def words_of(concept: Concept | None) -> Iterable[str]:
    """The codes of a concept in lower case, whatever their system: for lists whose words are the same in every version."""
    if concept is None:
        return ()
    return [coding.code.strip().lower() for coding in concept.coding if coding.code]


def variables_of(concept: Concept | None) -> list[str]:
    """The last parts of the codes of a concept, in lower case: what Blue Button calls a category (`clm_freq_cd`)."""
    if concept is None:
        return []
    return [_variable(coding.code) for coding in concept.coding if coding.code]


@lru_cache(REMEMBERED)
def _variable(code: str) -> str:
    return last_part(code.strip().lower()).replace("-", "_")
