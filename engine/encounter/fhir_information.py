"""FHIR information: the facts of a claim that stand in `supportingInfo`: its stay, its bill type, coded lists and dates.

In:   `supportingInfo`, and extensions of Blue Button.    Out: facts of the `Encounter`.
Uses: fhir_codes, fhir_values, fhir_parties.              Used by: fhir_claim.

The category says what an entry is: the words of R4 and of CARIN (`admissionperiod`, `typeofbill`, `clmrecvddate`), or,
for the dates and numbers that these have no word for, the qualifiers of X12 (data elements 374 and 128). Where the
category says no more than `info`, the system of the code does: NUBC's condition, occurrence and value codes, the
variables of Blue Button.
"""

from collections.abc import Callable
from typing import Any, Final

from attrs import define, field

from sequela.engine.encounter.fhir_codes import (
    ADMIT_SOURCE,
    ADMIT_TYPE,
    BILL_TYPE,
    CONDITION,
    DISCHARGE_STATUS,
    DRG,
    OCCURRENCE,
    VALUE,
    Wanted,
    code_in,
    is_absent,
    say_other,
    variables_of,
)
from sequela.engine.encounter.fhir_facts import Facts
from sequela.engine.encounter.fhir_notes import Notes
from sequela.engine.encounter.fhir_parties import Parties
from sequela.engine.encounter.fhir_source import Place
from sequela.engine.encounter.fhir_structs import ClaimResource, Coding, Extension, SupportingInfo
from sequela.engine.encounter.fhir_systems import Said, said_by
from sequela.engine.encounter.fhir_values import amount_of, day_at, hour_of, text_of
from sequela.engine.encounter.model import Occurrence, ValueCode

_CODES: Final[dict[str, tuple[str, Wanted]]] = {
    "discharge_status": ("discharge_status", DISCHARGE_STATUS), "discharge": ("discharge_status", DISCHARGE_STATUS),
    "pointoforigin": ("admit_source", ADMIT_SOURCE), "admsrc": ("admit_source", ADMIT_SOURCE),
    "admtype": ("admit_type", ADMIT_TYPE), "drg": ("drg", DRG), "ms_drg": ("drg", DRG),
}  # fmt: skip
_BY_SYSTEM: Final[dict[Said, tuple[str, Wanted]]] = {
    Said.DISCHARGE_STATUS: ("discharge_status", DISCHARGE_STATUS),
    Said.ADMIT_SOURCE: ("admit_source", ADMIT_SOURCE),
    Said.ADMIT_TYPE: ("admit_type", ADMIT_TYPE),
    Said.DRG: ("drg", DRG),
}
_DATES: Final = {"clmrecvddate": "received", "onset": "onset_date"}
_PERIODS: Final = {
    "admissionperiod": ("admitted", "discharged"),
    "hospitalized": ("admitted", "discharged"),
    "employmentimpacted": ("disability_from", "disability_to"),
}
_HOURS: Final = {"admitted": "admit_hour", "discharged": "discharge_hour"}
_TEXTS: Final = {"medicalrecordnumber": "medical_record", "admtghr": "admit_hour", "dschrghr": "discharge_hour"}
_X12_DATES: Final = {
    "050": "received", "431": "onset_date", "484": "last_menstrual_date", "454": "initial_treatment_date",
    "304": "last_seen_date", "439": "accident_date", "360": "disability_from", "361": "disability_to",
    "090": "care_assumed", "091": "care_relinquished", "435": "admitted", "096": "discharged",
}  # fmt: skip
_X12_REFERENCES: Final = {
    "G1": "authorization", "9F": "referral", "F8": "original_claim", "X4": "clia", "EW": "mammography",
    "LX": "device_exemption", "EA": "medical_record", "LU": "accident_state",
}  # fmt: skip
_X12_FLAGS: Final = {
    Said.X12_ASSIGNMENT: ("assignment", {"A": True, "C": False, "N": False}),
    Said.X12_RELEASE: ("release_of_information", {"Y": True, "I": True, "N": False}),
}
_X12_TEXTS: Final = {Said.X12_PROGRAM: "special_program", Said.X12_DELAY: "delay_reason"}
_BILL_PARTS: Final = {
    Said.BILL_FACILITY: 0, Said.BILL_CLASS: 1, Said.BILL_FREQUENCY: 2,
}  # fmt: skip
_BILL_CATEGORIES: Final = {"tob_typeoffacility": 0, "tob_billclassification": 1, "tob_frequency": 2}


@define
class Information:
    """Reads the supporting information of one claim into its facts."""

    facts: Facts
    parties: Parties
    account: tuple[str, str] | None = None
    """The patient account number with its place."""
    facility: Facts | None = None
    """The service facility, for a claim that names no facility of its own."""
    bill: list[tuple[str, str] | None] = field(factory=lambda: [None, None, None])
    """Type of facility, classification and frequency of a bill, where they stand apart, with their places."""
    _conditions: list[tuple[str, Place]] = field(factory=list)
    _occurrences: list[tuple[Occurrence, dict[str, Any]]] = field(factory=list)
    _values: list[tuple[ValueCode, dict[str, Any]]] = field(factory=list)
    _remarks: list[str] = field(factory=list)

    @property
    def notes(self) -> Notes:
        """Where problems go."""
        return self.parties.notes

    def read(self, claim: ClaimResource) -> None:
        """Read every entry, and what Blue Button keeps in extensions."""
        for index, info in enumerate(claim.supporting_info):
            self._add(info, f"supportingInfo[{index}]")
        self._extensions(claim.extension, "extension")
        if claim.facility is not None:
            self._extensions(claim.facility.extension, "facility.extension")
        facts = self.facts
        facts.put_all(
            "condition_codes", tuple(code for code, _ in self._conditions), [place for _, place in self._conditions]
        )
        facts.put_all(
            "occurrence_codes", tuple(one for one, _ in self._occurrences), [place for _, place in self._occurrences]
        )
        facts.put_all("value_codes", tuple(one for one, _ in self._values), [place for _, place in self._values])

    def bill_type(self) -> tuple[str, Place] | None:
        """The type of bill with its place, whole or put together from its parts; None when it is not known."""
        if "bill_type" in self.facts.values:
            return self.facts.values["bill_type"], self.facts.places["bill_type"]
        facility, kind, frequency = self.bill
        if facility is None or kind is None or frequency is None:
            return None
        return f"0{facility[0]}{kind[0]}{frequency[0]}", facility[1]

    def _add(self, info: SupportingInfo, path: str) -> None:
        words = list(variables_of(info.category))
        for coding in info.category.coding if info.category is not None else ():
            if self._add_x12(info, coding, path):
                return
        for word in words:
            adder = self._by_word(word)
            if adder is not None:
                adder(self, info, path, word)
                return
        self._add_by_system(info, path, words)

    def _by_word(self, word: str) -> "Callable[[Information, SupportingInfo, str, str], None] | None":
        if word in _CODES:
            return Information._add_code
        if word in _PERIODS:
            return Information._add_period
        if word in _DATES:
            return Information._add_date
        if word in _TEXTS:
            return Information._add_text
        return _ADDERS.get(word)

    def _add_by_system(self, info: SupportingInfo, path: str, words: list[str]) -> None:
        """An entry whose category says little: the systems of its codes say what it is."""
        coding = info.code.coding if info.code is not None else ()
        for index, one in enumerate(coding):
            said = said_by(one.system) if one.system is not None else None
            if said in _BY_SYSTEM:
                name, wanted = _BY_SYSTEM[said]
                self._put_code(info, path, name, wanted)
            elif said is Said.CONDITION:
                self._add_condition(info, path, "")
            elif said is Said.OCCURRENCE:
                self._add_occurrence(info, path, "")
            elif said is Said.VALUE:
                self._add_value(info, path, "")
            elif said is Said.BILL_TYPE:
                self._add_bill_type(info, path, "")
            elif said in _BILL_PARTS or said in _X12_FLAGS or said in _X12_TEXTS:
                self._add_coding(one, said, f"{path}.code.coding[{index}].code")
            else:
                continue
            return
        if words == ["info"] and info.value_string is not None and info.code is None:
            self._add_remark(info, path)

    def _add_x12(self, info: SupportingInfo, coding: Coding, path: str) -> bool:
        """An entry whose category is a qualifier of X12; false when it is none."""
        said = said_by(coding.system) if coding.system is not None else None
        code = (coding.code or "").strip().upper()
        if said is Said.X12_DATE:
            name = _X12_DATES.get(code)
            if name is not None:
                self._put_day(info, path, name)
            elif code == "314":
                self._add_period(info, path, "employmentimpacted")
            return True
        if said is Said.X12_REFERENCE:
            name = _X12_REFERENCES.get(code)
            if name is not None:
                self._put(name, text_of(info.value_string), f"{path}.valueString")
            return True
        return False

    def _add_code(self, info: SupportingInfo, path: str, word: str) -> None:
        name, wanted = _CODES[word]
        self._put_code(info, path, name, wanted)

    def _put_code(self, info: SupportingInfo, path: str, name: str, wanted: Wanted) -> None:
        found = code_in(info.code, wanted, f"{path}.code", self.notes)
        if found is None:
            if not is_absent(info.code):
                say_other(info.code, wanted, f"{path}.code", self.notes, "it stays unknown")
            return
        self._put(name, found.code, found.place)

    def _add_bill_type(self, info: SupportingInfo, path: str, word: str) -> None:
        found = code_in(info.code, BILL_TYPE, f"{path}.code", Notes(self.notes.source))
        for index, coding in enumerate(info.code.coding if info.code is not None else ()):
            self._add_coding(
                coding, said_by(coding.system) if coding.system else None, f"{path}.code.coding[{index}].code"
            )
        if found is None:
            return
        code = found.code if len(found.code) != 3 else f"0{found.code}"
        if BILL_TYPE.fits(code):
            self._put("bill_type", code, found.place)
            return
        self.notes.warn(
            "SEQ810",
            f'"{found.code}" is not in the form of a type of bill; it stays unknown.',
            found.place,
            hint=f"The form is {BILL_TYPE.words}.",
        )

    def _add_bill_part(self, info: SupportingInfo, path: str, word: str) -> None:
        """A part of the type of bill that has a category of its own (an early draft of CARIN)."""
        for index, coding in enumerate(info.code.coding if info.code is not None else ()):
            self._put_bill_part(_BILL_CATEGORIES[word], coding, f"{path}.code.coding[{index}].code")

    def _add_coding(self, coding: Coding, said: Said | None, place: str) -> None:
        """A code whose system alone says what it is."""
        code = (coding.code or "").strip().upper()
        if said is None or not code:
            return
        if said in _BILL_PARTS:
            self._put_bill_part(_BILL_PARTS[said], coding, place)
        elif said in _X12_FLAGS:
            name, words = _X12_FLAGS[said]
            self._put(name, words.get(code), place)
        elif said in _X12_TEXTS:
            self._put(_X12_TEXTS[said], code, place)

    def _put_bill_part(self, number: int, coding: Coding, place: str) -> None:
        code = (coding.code or "").strip().upper()
        if len(code) == 1 and code.isalnum() and self.bill[number] is None:
            self.bill[number] = (code, place)

    def _add_date(self, info: SupportingInfo, path: str, word: str) -> None:
        self._put_day(info, path, _DATES[word])

    def _put_day(self, info: SupportingInfo, path: str, name: str) -> None:
        value, place = info.timing_date, f"{path}.timingDate"
        if value is None and info.timing_period is not None:
            value, place = info.timing_period.start, f"{path}.timingPeriod.start"
        self._put(name, day_at(value, place, self.notes), place)

    def _add_period(self, info: SupportingInfo, path: str, word: str) -> None:
        """A first and a last day, and the hours where they were written."""
        first, last = _PERIODS[word]
        if info.timing_period is None:
            self._put_day(info, path, first)
            return
        for name, value, end in ((first, info.timing_period.start, "start"), (last, info.timing_period.end, "end")):
            place = f"{path}.timingPeriod.{end}"
            self._put(name, day_at(value, place, self.notes), place)
            if name in _HOURS:
                self._put(_HOURS[name], hour_of(value), place)

    def _add_text(self, info: SupportingInfo, path: str, word: str) -> None:
        self._put(_TEXTS[word], text_of(info.value_string), f"{path}.valueString")

    def _add_account(self, info: SupportingInfo, path: str, word: str) -> None:
        value = text_of(info.value_string)
        if value is not None and self.account is None:
            self.account = (value, f"{path}.valueString")

    def _add_facility(self, info: SupportingInfo, path: str, word: str) -> None:
        if self.facility is None and info.value_reference is not None:
            self.facility = self.parties.read(info.value_reference, f"{path}.valueReference")

    def _add_paid(self, info: SupportingInfo, path: str, word: str) -> None:
        value = info.value_quantity.value if info.value_quantity is not None else None
        if value is not None:
            place = f"{path}.valueQuantity.value"
            self._put("amount_paid", amount_of(value, place, self.notes, "what the patient has paid"), place)

    def _add_condition(self, info: SupportingInfo, path: str, word: str) -> None:
        found = code_in(info.code, CONDITION, f"{path}.code", self.notes)
        if found is not None:
            self._conditions.append((found.code, found.place))

    def _add_occurrence(self, info: SupportingInfo, path: str, word: str) -> None:
        """An occurrence code with its day, or an occurrence span with its first and last one."""
        found = code_in(info.code, OCCURRENCE, f"{path}.code", self.notes)
        if found is None:
            return
        period = info.timing_period
        if period is not None:
            first_place, last_place = f"{path}.timingPeriod.start", f"{path}.timingPeriod.end"
            first = day_at(period.start, first_place, self.notes)
            last = day_at(period.end, last_place, self.notes)
        else:
            first_place = last_place = f"{path}.timingDate"
            first, last = day_at(info.timing_date, first_place, self.notes), None
        places: dict[str, Any] = {"": path, "code": found.place, "date": first_place, "end_date": last_place}
        self._occurrences.append((Occurrence(code=found.code, date=first, end_date=last), places))

    def _add_value(self, info: SupportingInfo, path: str, word: str) -> None:
        found = code_in(info.code, VALUE, f"{path}.code", self.notes)
        if found is None:
            return
        value = info.value_quantity.value if info.value_quantity is not None else None
        place = f"{path}.valueQuantity.value"
        amount = amount_of(value, place, self.notes, "the amount of the value code") if value is not None else None
        self._values.append(
            (ValueCode(code=found.code, amount=amount), {"": path, "code": found.place, "amount": place})
        )

    def _add_remark(self, info: SupportingInfo, path: str) -> None:
        text = text_of(info.value_string)
        if text is not None:
            self._remarks.append(text)
            place = self.facts.places.get("note", f"{path}.valueString")
            self.facts.put("note", "\n".join(self._remarks), place)

    def _extensions(self, extensions: tuple[Extension, ...], path: str) -> None:
        for index, extension in enumerate(extensions):
            coding = extension.value_coding
            if coding is not None and coding.system is not None:
                self._add_coding(coding, said_by(coding.system), f"{path}[{index}].valueCoding.code")

    def _put(self, name: str, value: object, place: Place) -> None:
        """Note a fact that a claim has once; the first one is kept, and a different second one said."""
        if value is None:
            return
        if name in self.facts.values:
            if self.facts.values[name] != value:
                called = name.replace("_", " ")
                self.notes.warn("SEQ814", f"The claim has a second {called}; the first one is kept.", place)
            return
        self.facts.put(name, value, place)


_ADDERS: Final[dict[str, Callable[[Information, SupportingInfo, str, str], None]]] = {
    "typeofbill": Information._add_bill_type,
    "tob_typeoffacility": Information._add_bill_part,
    "tob_billclassification": Information._add_bill_part,
    "tob_frequency": Information._add_bill_part,
    "patientaccountnumber": Information._add_account,
    "servicefacility": Information._add_facility,
    "patientpaid": Information._add_paid,
    "condition": Information._add_condition,
    "occurrence": Information._add_occurrence,
    "value": Information._add_value,
}
