"""X12 setting: whether a claim is professional, outpatient or inpatient, and where its CLM05 stands.

In:   the CLM of a claim, its transaction and its segments.    Out: `Setting`, the parts of CLM05.
Uses: x12_loops, x12_composites, x12_notes.                    Used by: x12_claim.

The guide of the transaction says whether a claim is professional (837P) or institutional (837I). A claim whose facility
code qualifier (CLM05-2) and service lines both say the other is what they say. An institutional claim is inpatient or
outpatient by its type of bill, the first two digits in CLM05-1, as the UB-04 manual and Medicare (Claims Processing
Manual, chapter 1, section 80; chapter 4) use it:

- first digit 1 (hospital), 2 (skilled nursing), 4 (religious nonmedical), 5 and 6 (intermediate care): the second digit
  says 1 (inpatient, Part A), 5, 6, 7 (levels of care) or 8 (swing bed): inpatient; 2 (inpatient, Part B: edited as an
  outpatient claim), 3 and 4: outpatient. So 11, 18, 21, 28, 41, 65 and 66 are inpatient; 12, 13, 14, 22, 23 and 43 not.
- first digit 3 (home health), 7 (clinic), 8 (special facilities such as hospice, critical access): outpatient.

Where CLM05 has no type of bill, a stay shows in what only a stay has: a DRG, an ICD-10-PCS procedure, an admitting
diagnosis, an admission date or a room and board revenue code; else a place of service tells, and else nobody knows.
"""

import re
from typing import Final

from attrs import define

from sequela.engine.encounter.model import Setting
from sequela.engine.encounter.x12_composites import Composites
from sequela.engine.encounter.x12_known import Form
from sequela.engine.encounter.x12_loops import ClaimSegments
from sequela.engine.encounter.x12_segment import Segment, at
from sequela.engine.encounter.x12_values import text_of

STAYS: Final = frozenset(f"{first}{second}" for first in "12456" for second in "15678")
"""The first two digits of the type of bill of an inpatient claim."""

_STAY_PLACES: Final = frozenset({"21", "31", "51", "61"})
_STAY_CODES: Final = ("DR", "BBR", "BBQ", "ABJ", "BJ")
_ELSEWHERE: Final = re.compile(r"[0-9A-Z]{2}([^A-Za-z0-9\s])[AB]\1[0-9A-Z]?")
_CODE: Final = re.compile(r"[0-9A-Z]{1,4}")


@define
class Facility:
    """CLM05: the facility code, its qualifier (A: type of bill, B: place of service) and the frequency code."""

    element: int
    code: str = ""
    qualifier: str = ""
    frequency: str = ""


def facility_of(clm: Segment, composites: Composites) -> Facility:
    """The parts of CLM05; looked for in the elements beside it where it is not there."""
    value = at(clm, 5)
    parts = composites.split(value, clm, 5, _is_code) if value else [""]
    if len(parts) > 1:
        return _facility(5, parts)
    for element in (3, 4, 6, 7):
        if _ELSEWHERE.fullmatch(at(clm, element)):
            shown = text_of(at(clm, element))
            composites.notes.warn(
                "SEQ782",
                f"CLM05 holds `{text_of(value)}`, and CLM{element:02d} `{shown}`, which is read as CLM05.",
                clm,
                element,
                hint="Between CLM02 and CLM05 stand two empty elements.",
            )
            return _facility(element, composites.split(at(clm, element), clm, element, _is_code))
    return Facility(5)


def say_no_facility(clm: Segment, composites: Composites) -> None:
    """What to say of a claim that is read although it has no facility code."""
    said = f"holds `{text_of(at(clm, 5))}`" if at(clm, 5) else "is empty"
    composites.notes.warn(
        "SEQ782",
        f"CLM05 {said}; a facility code, its qualifier and a frequency code are expected, which stay unknown.",
        clm,
        5,
        hint="An office visit has `11:B:1`, an outpatient hospital claim `13:A:1`.",
    )


def form_of(claim: ClaimSegments, facility: Facility, composites: Composites) -> Form | None:
    """Whether the claim is professional or institutional; None, and said as fatal, when nothing tells."""
    ids = {segment.id for segment in claim.segments}
    professional, institutional = "SV1" in ids, "SV2" in ids
    form, notes = claim.transaction.form, composites.notes
    if form is Form.UNSAID:
        if institutional or (facility.qualifier == "A" and not professional):
            return Form.INSTITUTIONAL
        if professional or facility.qualifier == "B":
            return Form.PROFESSIONAL
        notes.fatal(
            "SEQ771",
            "Nothing tells whether the claim is professional or institutional; it is not read.",
            claim.segments[0],
            hint="ST03 names the guide: 005010X222A1 (professional) or 005010X223A2 (institutional).",
        )
        return None
    says_other = (
        (form is Form.INSTITUTIONAL and facility.qualifier == "B" and professional and not institutional)
        or (form is Form.PROFESSIONAL and facility.qualifier == "A" and institutional and not professional)
    )  # fmt: skip
    if not says_other:
        return form
    other = Form.PROFESSIONAL if form is Form.INSTITUTIONAL else Form.INSTITUTIONAL
    notes.warn(
        "SEQ772",
        f"The transaction is for {form.value} claims ({claim.transaction.guide}), but the claim's facility code and "
        f"services are those of a {other.value} one; it is read as {other.value}.",
        claim.segments[0],
        5,
    )
    return other


def setting_of(claim: ClaimSegments, form: Form, facility: Facility, composites: Composites) -> Setting | None:
    """The setting of the claim; None, and said as fatal, when nothing tells."""
    if form is Form.PROFESSIONAL:
        return "professional"
    code = facility.code
    if facility.qualifier == "A" or (code and facility.qualifier not in ("A", "B")):
        kind = code[-2:] if len(code) == 2 else code[1:3]
        return "inpatient" if kind in STAYS else "outpatient"
    if _shows_a_stay(claim.segments, composites):
        found: Setting | None = "inpatient"
    elif code:
        found = "inpatient" if code in _STAY_PLACES else "outpatient"
    else:
        found = None
    notes = composites.notes
    if found is None:
        notes.fatal(
            "SEQ771",
            "The institutional claim has no type of bill, and nothing else tells whether it is an inpatient or an "
            "outpatient claim; it is not read.",
            claim.segments[0],
            5,
            hint="CLM05-1 holds the first two digits of the type of bill after its zero, such as 11 or 13.",
        )
    else:
        notes.warn(
            "SEQ772",
            f"The institutional claim has no type of bill in CLM05 (qualifier A); it is read as {found} by its other "
            "facts.",
            claim.segments[0],
            5,
        )
    return found


def _shows_a_stay(segments: list[Segment], composites: Composites) -> bool:
    """Whether a claim has what only an inpatient claim has."""
    for segment in segments:
        match segment.id:
            case "HI":
                if any(value.split(composites.separator)[0] in _STAY_CODES for value in segment.elements[1:]):
                    return True
            case "DTP":
                if at(segment, 1) == "435":
                    return True
            case "SV2":
                revenue = f"{at(segment, 1):0>4}"
                if revenue.isdecimal() and "0100" <= revenue <= "0219":
                    return True
            case _:
                pass
    return False


def _facility(element: int, parts: list[str]) -> Facility:
    padded = [part.strip().upper() for part in parts] + ["", ""]
    return Facility(element, padded[0], padded[1], padded[2])


def _is_code(value: str) -> bool:
    return _CODE.fullmatch(value) is not None
