"""FHIR setting: whether a claim is professional, outpatient or inpatient.

In:   `type`, `subType`, the profiles, the type of bill, the Encounter.    Out: `Setting`, or None with a fatal problem.
Uses: fhir_codes, x12_setting (types of bill).                             Used by: fhir_claim.

The claim's type says whether it is professional (so are claims for vision) or institutional; Medicare's own claim type
goes before that of HL7, and a CARIN profile stands in for either. Dental and pharmacy claims are not read. An institutional
claim is inpatient or outpatient by its type of bill, as in an 837 (x12_setting), else by Medicare's claim type, its
`subType`, its CARIN profile or the class of its Encounter; else a stay shows in what only a stay has: a DRG, an ICD-10-PCS
procedure, an admitting diagnosis, an admission date or a room and board revenue code. Else nobody knows.
"""

from collections.abc import Iterator
from typing import Any, Final

from attrs import frozen

from sequela.engine.encounter.fault import shown
from sequela.engine.encounter.fhir_codes import words_of
from sequela.engine.encounter.fhir_facts import Facts
from sequela.engine.encounter.fhir_notes import Notes
from sequela.engine.encounter.fhir_people_structs import EncounterResource
from sequela.engine.encounter.fhir_pool import Resolved
from sequela.engine.encounter.fhir_structs import ClaimResource
from sequela.engine.encounter.fhir_systems import Said, last_part, said_by
from sequela.engine.encounter.model import Setting
from sequela.engine.encounter.x12_setting import STAYS

_PROFESSIONAL: Final = "professional"
_INSTITUTIONAL: Final = "institutional"
_NOT_READ: Final = {"oral": "a dental claim", "pharmacy": "a pharmacy claim", "pde": "a pharmacy claim"}
_FORMS: Final = {
    "professional": _PROFESSIONAL, "vision": _PROFESSIONAL, "institutional": _INSTITUTIONAL, "oral": "oral",
    "pharmacy": "pharmacy",
}  # fmt: skip
_MEDICARE_WORDS: Final = {
    "carrier": _PROFESSIONAL, "dme": _PROFESSIONAL, "inpatient": "inpatient", "snf": "inpatient", "outpatient": "outpatient",
    "hha": "outpatient", "hospice": "outpatient", "pde": "pharmacy",
}  # fmt: skip
_MEDICARE_NUMBERS: Final = {
    "10": "outpatient", "40": "outpatient", "50": "outpatient", "20": "inpatient", "30": "inpatient", "60": "inpatient",
    "61": "inpatient", "62": "inpatient", "63": "inpatient", "64": "inpatient", "71": _PROFESSIONAL, "72": _PROFESSIONAL,
    "81": _PROFESSIONAL, "82": _PROFESSIONAL,
}  # fmt: skip
_CLASSES: Final = {
    "imp": "inpatient", "acute": "inpatient", "nonac": "inpatient", "amb": "outpatient", "emer": "outpatient",
    "obsenc": "outpatient", "ss": "outpatient", "hh": "outpatient",
}  # fmt: skip


@frozen
class _Sign:
    """What an element says: a form (professional, institutional, …) or a setting, and where."""

    says: str
    path: str

    @property
    def form(self) -> str:
        """The form of claim that it says: a stay or a visit to a hospital is an institutional claim."""
        return _INSTITUTIONAL if self.says in ("inpatient", "outpatient") else self.says


def setting_of(
    claim: ClaimResource, facts: Facts, encounter: Resolved[EncounterResource] | None, notes: Notes
) -> tuple[Setting, str] | None:
    """The setting and the place that says it; None, and said as fatal, when nothing tells or such claims are not read."""
    types = list(_types(claim))
    medicare = next((sign for sign, is_medicare in types if is_medicare), None)
    typed = next((sign for sign, is_medicare in types if not is_medicare), None)
    profile = _profile(claim)
    chosen = medicare or typed or profile
    if chosen is None:
        chosen = _by_lines(claim, notes)
    if chosen is None:
        return None
    if chosen.form in _NOT_READ:
        notes.fatal(
            "SEQ793",
            f"This is {_NOT_READ[chosen.form]}; it is not read.",
            chosen.path,
            hint="Professional and institutional claims are read.",
        )
        return None
    if medicare is not None and typed is not None and medicare.form != typed.form:
        notes.warn(
            "SEQ795",
            f"`type` calls the claim {typed.form}, and Medicare's own claim type {medicare.form}; it is read as {medicare.form}.",
            typed.path,
        )
    if chosen.form == _PROFESSIONAL:
        return "professional", chosen.path
    return _institutional(claim, facts, [medicare, _sub_type(claim), profile, _class_of(encounter)], notes)


def _institutional(
    claim: ClaimResource, facts: Facts, signs: list[_Sign | None], notes: Notes
) -> tuple[Setting, str] | None:
    """Whether an institutional claim is an inpatient or an outpatient one."""
    bill_type = facts.values.get("bill_type")
    told = [sign for sign in signs if sign is not None and sign.says in ("inpatient", "outpatient")]
    if bill_type is not None:
        setting: Setting = "inpatient" if bill_type[1:3] in STAYS else "outpatient"
        sub_type = _sub_type(claim)
        if sub_type is not None and sub_type.says != setting:
            notes.warn(
                "SEQ795",
                f"`subType` calls the claim {sub_type.says}, but its type of bill {bill_type} is that of an {setting} claim; it "
                f"is read as {setting}.",
                sub_type.path,
            )
        place = facts.places["bill_type"]
        return setting, place if isinstance(place, str) else "type"
    if told:
        return ("inpatient" if told[0].says == "inpatient" else "outpatient"), told[0].path
    if _shows_a_stay(claim, facts):
        notes.warn(
            "SEQ795",
            "The institutional claim has neither a type of bill nor a `subType`; it is read as inpatient by its other facts.",
            "type",
        )
        return "inpatient", "type"
    notes.fatal(
        "SEQ794",
        "The institutional claim has neither a type of bill nor a `subType`, and nothing else tells whether it is an "
        "inpatient or an outpatient claim; it is not read.",
        "type",
        hint="`subType` is inpatient or outpatient; `supportingInfo` of the category typeofbill holds the type of bill.",
    )
    return None


def _types(claim: ClaimResource) -> Iterator[tuple[_Sign, bool]]:
    """What the codes of `type` say, each with whether it is Medicare's own."""
    for index, coding in enumerate(claim.type.coding if claim.type is not None else ()):
        if coding.code is None:
            continue
        path, code = f"type.coding[{index}].code", coding.code.strip().lower()
        system = coding.system or ""
        if said_by(system) is Said.MEDICARE_CLAIM:
            if code in _MEDICARE_NUMBERS:
                yield _Sign(_MEDICARE_NUMBERS[code], path), True
        elif last_part(system).lower() == "eob-type":
            if code in _MEDICARE_WORDS:
                yield _Sign(_MEDICARE_WORDS[code], path), True
        elif code in _FORMS:
            yield _Sign(_FORMS[code], path), False


def _profile(claim: ClaimResource) -> _Sign | None:
    """What a CARIN profile of the resource says."""
    for index, profile in enumerate(claim.meta.profile if claim.meta is not None else ()):
        name = last_part(profile.partition("|")[0]).lower()
        if "explanationofbenefit" not in name:
            continue
        for word in ("inpatient", "outpatient", "professional", "oral", "pharmacy"):
            if f"-{word}" in name:
                return _Sign(word, f"meta.profile[{index}]")
    return None


def _sub_type(claim: ClaimResource) -> _Sign | None:
    for word in words_of(claim.sub_type):
        if word in ("inpatient", "outpatient"):
            return _Sign(word, "subType")
    return None


def _class_of(encounter: Resolved[EncounterResource] | None) -> _Sign | None:
    kind = encounter.struct.kind if encounter is not None else None
    says = _CLASSES.get((kind.code or "").strip().lower()) if kind is not None else None
    return _Sign(says, "item[0].encounter[0]") if says is not None else None


def _by_lines(claim: ClaimResource, notes: Notes) -> _Sign | None:
    """The form of a claim whose type says nothing: revenue codes stand on institutional claims alone."""
    if any(item.revenue is not None for item in claim.item) or _sub_type(claim) is not None:
        notes.warn(
            "SEQ795", "`type` does not say what kind of claim it is; it is read as institutional by its lines.", "type"
        )
        return _Sign(_INSTITUTIONAL, "type")
    words = [*words_of(claim.type)]
    said = f"holds {shown(words[0])}" if words else "is not there"
    notes.fatal(
        "SEQ794",
        f"Nothing tells whether the claim is professional or institutional: `type` {said}; it is not read.",
        "type",
        hint="`type` is professional or institutional, a code of http://terminology.hl7.org/CodeSystem/claim-type.",
    )
    return None


def _shows_a_stay(claim: ClaimResource, facts: Facts) -> bool:
    """Whether a claim has what only an inpatient claim has."""
    values: dict[str, Any] = facts.values
    if "drg" in values or "admitted" in values or "procedures" in values:
        return True
    if any(diagnosis.role == "admitting" for diagnosis in values.get("diagnoses", ())):
        return True
    for item in claim.item:
        for code in words_of(item.revenue):
            revenue = code.zfill(4)
            if revenue.isdecimal() and "0100" <= revenue <= "0219":
                return True
    return False
