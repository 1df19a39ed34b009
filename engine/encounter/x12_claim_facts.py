"""X12 claim facts: what stands in loop 2300 itself: CLM, CL1, dates, references, amounts and remarks.

In:   the segments of loop 2300 apart from HI.     Out: facts of the `Encounter`.
Uses: x12_facts, x12_values.                       Used by: x12_claim.
Not here: codes (x12_codes), the setting and CLM05 (x12_setting).
"""

from typing import Any, Final

from attrs import define, field

from sequela.engine.encounter.x12_facts import Facts
from sequela.engine.encounter.x12_notes import Notes
from sequela.engine.encounter.x12_segment import Segment, at
from sequela.engine.encounter.x12_shapes import ADMIT_TYPE, DISCHARGE_STATUS
from sequela.engine.encounter.x12_values import Period, amount_of, period_at, text_at, text_of

_DATES: Final = {
    "431": "onset_date", "484": "last_menstrual_date", "454": "initial_treatment_date", "304": "last_seen_date",
    "439": "accident_date", "360": "disability_from", "361": "disability_to", "090": "care_assumed", "091": "care_relinquished",
}  # fmt: skip
"""DTP01 of the dates that are one day and one fact."""
_REFERENCES: Final = {
    "G1": "authorization", "9F": "referral", "F8": "original_claim", "X4": "clia", "EW": "mammography",
    "LX": "device_exemption", "EA": "medical_record", "LU": "accident_state",
}  # fmt: skip
_CAUSES: Final = {"AA": "auto_accident", "EM": "employment_related", "OA": "other_accident"}
_ASSIGNMENT: Final = {"A": True, "C": False}
_BENEFITS: Final = {"Y": True, "N": False}
_RELEASE: Final = {"Y": True, "I": True, "N": False}


@define
class ClaimFacts:
    """Reads the segments of loop 2300 into the facts of a claim."""

    facts: Facts
    notes: Notes
    service_period: tuple[Segment, Period] | None = None
    """A date of service (DTP*472) that stands at the claim, for lines without one."""
    _remarks: list[str] = field(factory=list)

    def add(self, segment: Segment) -> None:
        """Read one segment; those of which the model holds nothing are passed over."""
        match segment.id:
            case "DTP":
                self._date(segment)
            case "REF":
                self._reference(segment)
            case "CL1":
                self._stay(segment)
            case "AMT" if at(segment, 1) == "F5":
                amount = amount_of(at(segment, 2), "what the patient has paid", segment, 2, self.notes)
                self._put("amount_paid", amount, segment, 2)
            case "NTE":
                self._remark(segment, 2)
            case "K3":
                self._remark(segment, 1)
            case _:
                return

    def add_claim(self, clm: Segment, separator: str, shift: int) -> None:
        """The elements of CLM behind CLM05; `shift` is how far they stand from their places."""
        for element, name, words in (
            (7, "assignment", _ASSIGNMENT),
            (8, "benefits_assigned", _BENEFITS),
            (9, "release_of_information", _RELEASE),
        ):
            self.facts.put(name, words.get(at(clm, element + shift)), clm, element + shift)
        causes = at(clm, 11 + shift)
        if causes:
            parts = [part.strip() for part in causes.split(separator)]
            for index, part in enumerate(parts[:3]):
                name = _CAUSES.get(part, "")
                if name:
                    self.facts.put(name, True, clm, 11 + shift, index + 1)
            if len(parts) > 3 and parts[3]:
                self.facts.put("accident_state", text_of(parts[3]), clm, 11 + shift, 4)
        self.facts.put("special_program", text_at(clm, 12 + shift), clm, 12 + shift)
        self.facts.put("delay_reason", text_at(clm, 20 + shift), clm, 20 + shift)

    def _date(self, segment: Segment) -> None:
        qualifier = at(segment, 1)
        name = _DATES.get(qualifier)
        if name is not None:
            period = period_at(segment, self.notes)
            self._put(name, period.first if period else None, segment, 3)
            return
        period = period_at(segment, self.notes)
        if period is None or qualifier not in ("434", "435", "096", "314", "472"):
            return
        match qualifier:
            case "434":
                self._put("statement_from", period.first, segment, 3)
                self._put("statement_to", period.last, segment, 3)
            case "435":
                self._put("admitted", period.first, segment, 3)
                self._put("admit_hour", period.hour, segment, 3)
            case "096":
                self._put("discharged", period.first, segment, 3)
                self._put("discharge_hour", period.hour, segment, 3)
            case "314":
                self._put("disability_from", period.first, segment, 3)
                self._put("disability_to", period.last, segment, 3)
            case _:
                self.service_period = (segment, period) if period.first is not None else None
                self.notes.warn(
                    "SEQ782",
                    "A date of service (DTP*472) stands at the claim; it is taken for the lines that have none.",
                    segment,
                    hint="A date of service stands at each line, behind its SV1 or SV2.",
                )

    def _reference(self, segment: Segment) -> None:
        name = _REFERENCES.get(at(segment, 1))
        if name is not None and at(segment, 2):
            self._put(name, text_at(segment, 2), segment, 2)

    def _stay(self, segment: Segment) -> None:
        admit_type, status = at(segment, 1), at(segment, 3)
        if admit_type:
            ADMIT_TYPE.check(admit_type, segment, 1, 0, self.notes)
            self.facts.put("admit_type", admit_type, segment, 1)
        self.facts.put("admit_source", text_at(segment, 2), segment, 2)
        if status:
            if len(status) == 1 and status.isdecimal():
                status = f"0{status}"
            DISCHARGE_STATUS.check(status, segment, 3, 0, self.notes)
            self.facts.put("discharge_status", status, segment, 3)

    def _remark(self, segment: Segment, element: int) -> None:
        text = text_at(segment, element)
        if text:
            self._remarks.append(text)
            place: Any = self.facts.places.get("note", (segment, element, 0))
            self.facts.put("note", "\n".join(self._remarks), *place)

    def _put(self, name: str, value: object, segment: Segment, element: int) -> None:
        """Note a fact that a claim has once; the first one is kept, and a different second one said."""
        if value is None:
            return
        if name in self.facts.values:
            if self.facts.values[name] != value:
                called = f"{segment.id}*{at(segment, 1)}"
                self.notes.warn("SEQ780", f"The claim has a second {called}; the first one is kept.", segment)
            return
        self.facts.put(name, value, segment, element)
