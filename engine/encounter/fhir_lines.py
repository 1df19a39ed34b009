"""FHIR lines: the items of a claim.

In:   `item`.                                                  Out: a `Line` each, with the places of its facts.
Uses: fhir_codes, fhir_values, fhir_care_team, fhir_amounts.   Used by: fhir_claim.

An NDC may be the item's own code, that of its first `detail`, or (Blue Button) an extension of the code. The charge is
`net`; where it is not sent, the submitted amount of the adjudication, or the quantity times the unit price. The line with
revenue code 0001 is the total of the claim, and no service. Where all lines have one place of service, it is the claim's too.
"""

from typing import Any, Final

from attrs import define, field

from sequela.engine.encounter.fault import shown
from sequela.engine.encounter.fhir_amounts import line_amounts
from sequela.engine.encounter.fhir_care_team import OF_LINES, CareTeamMembers
from sequela.engine.encounter.fhir_codes import (
    HCPCS,
    MODIFIER,
    NDC,
    POS,
    RATE,
    REVENUE,
    Found,
    check,
    code_in,
    eleven_digits,
    is_absent,
    say_other,
    words_of,
)
from sequela.engine.encounter.fhir_facts import Facts
from sequela.engine.encounter.fhir_notes import Notes
from sequela.engine.encounter.fhir_parties import Parties
from sequela.engine.encounter.fhir_structs import Concept, Extension, Item, Quantity
from sequela.engine.encounter.fhir_systems import Said, last_part, said_by
from sequela.engine.encounter.fhir_values import day_at, quantity_at, text_of
from sequela.engine.encounter.model import Line, replace

_TOTAL: Final = "0001"
_LAST_NUMBER: Final = 999_999
_ROOM: Final = 4
_MINUTES: Final = frozenset({"min", "mins", "minute", "minutes", "mj"})
_UNITS: Final = frozenset(
    {"", "1", "un", "unit", "units", "ea", "each", "da", "d", "day", "days", "visit", "visits", "service", "services", "f2",
     "mi", "mile", "miles", "[mi_us]", "[mi_i]", "count", "item", "items", "tx", "treatment", "treatments"}
)  # fmt: skip
"""Units of measure that count the units of a service, in lower case; so does what stands in braces, such as {visit}."""
_DRUG_UNITS: Final = {
    "ml": "ML", "g": "GR", "gr": "GR", "gm": "GR", "mg": "ME", "me": "ME", "[iu]": "F2", "iu": "F2", "[iu]s": "F2", "f2": "F2",
    "1": "UN", "un": "UN", "ea": "UN", "each": "UN", "unit": "UN", "units": "UN", "{unit}": "UN",
}  # fmt: skip
_UNIT_COUNT: Final = "rev_cntr_unit_cnt"
_CLIA: Final = "carr_line_clia_lab_num"
_EPSDT: Final = "extension-epsdtIndicator"
_AUTHORIZATION: Final = "extension-authorizationNumber"
_PROGRAMS: Final = {"epsdt": "epsdt", "familyplanning": "family_planning", "family-planning": "family_planning"}


@define
class LineReader:
    """Reads the lines of one claim. `pointed` says where a diagnosis sequence leads (fhir_diagnoses)."""

    notes: Notes
    parties: Parties
    care_team: CareTeamMembers
    pointed: dict[int, int | None]
    places: list[Any] = field(factory=list)

    def read_all(self, items: tuple[Item, ...], facts: Facts) -> None:
        """Every line, laid into the facts of the claim."""
        lines: list[Line] = []
        for index, item in enumerate(items):
            path = f"item[{index}]"
            line, places = self._read(item, path)
            if line.revenue == _TOTAL and line.code is None:
                facts.put_first("total_charge", line.charge, places.get("charge", path))
                continue
            lines.append(line)
            self.places.append(places)
        facts.put_all("lines", self._numbered(lines), self.places)
        where = {line.place for line in lines}
        if len(where) == 1 and None not in where:
            facts.put("place", lines[0].place, self.places[0]["place"])

    def _read(self, item: Item, path: str) -> tuple[Line, dict[str, Any]]:
        facts = Facts(path)
        number = item.sequence
        if number is not None:
            if 1 <= number <= _LAST_NUMBER:
                facts.put("number", number, f"{path}.sequence")
            else:
                self.notes.warn(
                    "SEQ799", f"{number} is no line number; the line is known by its place.", f"{path}.sequence"
                )
        self._service(facts, item, path)
        if item.modifier:
            self._modifiers(facts, item, path)
        self._quantity(facts, item, path)
        self._when(facts, item, path)
        self._where(facts, item, path)
        if item.diagnosis_sequence:
            self._diagnoses(facts, item, path)
        if item.care_team_sequence:
            self._people(facts, item, path)
        if item.extension or item.program_code:
            self._rest(facts, item, path)
        line_amounts(facts, item, path, self.notes)
        return Line(**facts.values), facts.places

    def _service(self, facts: Facts, item: Item, path: str) -> None:
        """The procedure code, or the rate that stands in its place, the revenue code and the drug."""
        concept, place = item.product_or_service, f"{path}.productOrService"
        if item.revenue is not None:
            revenue = code_in(item.revenue, REVENUE, f"{path}.revenue", self.notes)
            self._put(facts, "revenue", revenue)
            if revenue is None:
                say_other(item.revenue, REVENUE, f"{path}.revenue", self.notes, "the revenue code stays unknown")
        if concept is not None:
            code = code_in(concept, HCPCS, place, self.notes)
            rate = code_in(concept, RATE, place, self.notes) if code is None else None
            drug = code_in(concept, NDC, place, self.notes) if code is None and rate is None else None
            self._put(facts, "code", code)
            self._put(facts, "rate", rate)
            self._drug(facts, drug, item.quantity, f"{path}.quantity")
            if code is None and rate is None and drug is None:
                say_other(concept, HCPCS, place, self.notes, "what was done stays unknown")
            facts.put("description", text_of(concept.text), f"{place}.text")
            for index, extension in enumerate(concept.extension):
                self._drug_extension(facts, extension, f"{place}.extension[{index}]")
        if item.revenue is None and "code" not in facts.values and is_absent(concept):
            self.notes.warn("SEQ812", "This line has neither a procedure code nor a revenue code.", place)
        for index, detail in enumerate(item.detail):
            below = f"{path}.detail[{index}]"
            found = code_in(detail.product_or_service, NDC, f"{below}.productOrService", self.notes)
            self._drug(facts, found, detail.quantity, f"{below}.quantity")

    def _put(self, facts: Facts, name: str, found: Found | None) -> None:
        if found is not None:
            facts.put(name, found.code, found.place)

    def _drug(self, facts: Facts, found: Found | None, quantity: Quantity | None, path: str) -> None:
        """The drug of a line, and how much of it; the first one is kept."""
        if found is None:
            return
        if "ndc" in facts.values:
            if self.notes.first(f"drug {path}"):
                self.notes.warn("SEQ814", "The line has a second drug; the first one is kept.", found.place)
            return
        facts.put("ndc", found.code, found.place)
        facts.put("drug_quantity", quantity_at(quantity, path, self.notes, "the quantity of the drug"), f"{path}.value")
        unit = text_of(quantity.code or quantity.unit) if quantity is not None else None
        if unit is not None:
            known = _DRUG_UNITS.get(unit.lower())
            if known is None:
                self.notes.warn(
                    "SEQ815", f"{shown(unit)} is no unit of a drug (mL, g, mg, [iU], 1); it is kept as sent.", path
                )
            facts.put(
                "drug_unit", known or unit, f"{path}.code" if quantity is not None and quantity.code else f"{path}.unit"
            )

    def _drug_extension(self, facts: Facts, extension: Extension, path: str) -> None:
        coding = extension.value_coding
        if coding is None or coding.code is None or coding.system is None or said_by(coding.system) is not Said.NDC:
            return
        code = coding.code.strip()
        if code.strip("0"):
            place = f"{path}.valueCoding.code"
            facts.put_first("ndc", check(eleven_digits(code), NDC, place, self.notes), place)

    def _modifiers(self, facts: Facts, item: Item, path: str) -> None:
        """The modifiers, each with its place; several codes of one system in one concept are several modifiers."""
        found: list[str] = []
        places: list[Any] = []
        for index, concept in enumerate(item.modifier):
            for code, place in _modifiers_in(concept, f"{path}.modifier[{index}]"):
                found.append(check(code, MODIFIER, place, self.notes))
                places.append(place)
        facts.put_all("modifiers", tuple(found), places)
        if len(found) > _ROOM:
            self.notes.warn(
                "SEQ815",
                f"A line has {len(found)} modifiers; a claim has room for {_ROOM}.",
                f"{path}.modifier[{_ROOM}]",
            )

    def _quantity(self, facts: Facts, item: Item, path: str) -> None:
        """Units, or minutes of anesthesia; Blue Button (version 2) has the units of a revenue line in an extension."""
        for index, extension in enumerate(item.extension):
            if extension.url is not None and last_part(extension.url) == _UNIT_COUNT:
                place = f"{path}.extension[{index}].valueQuantity"
                facts.put(
                    "units", quantity_at(extension.value_quantity, place, self.notes, "the units"), f"{place}.value"
                )
        quantity = item.quantity
        if quantity is None or "units" in facts.values or ("ndc" in facts.values and "code" not in facts.values):
            return
        place = f"{path}.quantity"
        unit = (quantity.code or quantity.unit or "").strip().lower()
        if unit in _MINUTES:
            facts.put("minutes", quantity_at(quantity, place, self.notes, "the minutes"), f"{place}.value")
        elif unit in _UNITS or unit.startswith("{"):
            facts.put("units", quantity_at(quantity, place, self.notes, "the units"), f"{place}.value")
        else:
            self.notes.warn(
                "SEQ815",
                f"{shown(quantity.code or quantity.unit)} is no unit in which services are counted; the units stay unknown.",
                place,
                hint="Units of service have no unit of measure (or 1, or UN); minutes of anesthesia have min.",
            )

    def _when(self, facts: Facts, item: Item, path: str) -> None:
        if item.serviced_date is not None:
            place = f"{path}.servicedDate"
            facts.put("date", day_at(item.serviced_date, place, self.notes, "the date of service"), place)
        elif item.serviced_period is not None:
            period, place = item.serviced_period, f"{path}.servicedPeriod"
            first = day_at(period.start, f"{place}.start", self.notes, "the date of service")
            last = day_at(period.end, f"{place}.end", self.notes, "the last day of the service")
            if first is not None and last is not None and last < first:
                self.notes.warn("SEQ798", "The period ends before it begins; its dates stay unknown.", place)
                return
            facts.put("date", first, f"{place}.start")
            facts.put("end_date", last, f"{place}.end")

    def _where(self, facts: Facts, item: Item, path: str) -> None:
        concept = item.location_codeable_concept
        if concept is not None:
            place = f"{path}.locationCodeableConcept"
            found = code_in(concept, POS, place, self.notes)
            self._put(facts, "place", found)
            if found is None:
                say_other(concept, POS, place, self.notes, "the place of service stays unknown")
            for index, extension in enumerate(concept.extension):
                if (
                    extension.url is not None
                    and last_part(extension.url) == _CLIA
                    and extension.value_identifier is not None
                ):
                    value = text_of(extension.value_identifier.value)
                    facts.put("clia", value, f"{place}.extension[{index}].valueIdentifier.value")
        if item.location_reference is not None:
            party = self.parties.read(item.location_reference, f"{path}.locationReference")
            if "npi" in party.values:
                facts.put("facility", party.values["npi"], party.places["npi"])

    def _diagnoses(self, facts: Facts, item: Item, path: str) -> None:
        """The diagnoses that a line points to; unknown altogether when one of them cannot be found."""
        found: list[int] = []
        for index, sequence in enumerate(item.diagnosis_sequence):
            target = self.pointed.get(sequence)
            if target is None:
                said = "of which no code could be read" if sequence in self.pointed else "which the claim does not have"
                self.notes.warn(
                    "SEQ813",
                    f"The line points to diagnosis {sequence}, {said}; which diagnoses it points to stays unknown.",
                    f"{path}.diagnosisSequence[{index}]",
                )
                return
            found.append(target)
        facts.put_all("diagnoses", tuple(found), [f"{path}.diagnosisSequence[{index}]" for index in range(len(found))])

    def _people(self, facts: Facts, item: Item, path: str) -> None:
        """Who rendered, ordered, supervised this line: the members of the care team that it points to."""
        team = self.care_team
        for index, sequence in enumerate(item.care_team_sequence):
            place = f"{path}.careTeamSequence[{index}]"
            member = team.by_sequence.get(sequence)
            if member is None or sequence in team.twice:
                if sequence in team.unread:
                    continue
                said = "two members have" if sequence in team.twice else "nobody has"
                self.notes.warn(
                    "SEQ813",
                    f"The line points to member {sequence} of the care team, a sequence that {said}; who it is stays unknown.",
                    place,
                )
            elif member.part in OF_LINES:
                who = member.facts
                if "npi" in who.values:
                    facts.put_first(member.part, who.values["npi"], who.places["npi"])
                if member.part == "provider":
                    for key in ("group", "taxonomy", "specialty"):
                        if key in who.values:
                            facts.put_first(key, who.values[key], who.places[key])

    def _rest(self, facts: Facts, item: Item, path: str) -> None:
        """Flags of programmes, and what the prior authorization guide (Da Vinci PAS) adds to a line."""
        for index, concept in enumerate(item.program_code):
            for word in words_of(concept):
                if word in _PROGRAMS:
                    facts.put(_PROGRAMS[word], True, f"{path}.programCode[{index}]")
        for index, extension in enumerate(item.extension):
            name = last_part(extension.url or "")
            place = f"{path}.extension[{index}]"
            if name == _EPSDT:
                facts.put("epsdt", extension.value_boolean, f"{place}.valueBoolean")
            elif name == _AUTHORIZATION:
                facts.put("authorization", text_of(extension.value_string), f"{place}.valueString")

    def _numbered(self, lines: list[Line]) -> tuple[Line, ...]:
        """The lines; without their numbers, so that each is known by its place, where two have the same one."""
        seen: set[int] = set()
        for index, line in enumerate(lines):
            number = index + 1 if line.number is None else line.number
            if number in seen:
                self.notes.warn(
                    "SEQ814",
                    f"Two lines of this claim have the sequence {number}; its lines are known by their places.",
                    self.places[index][""] + ".sequence",
                )
                return tuple(replace(line, number=None) for line in lines)
            seen.add(number)
        return tuple(lines)


def _modifiers_in(concept: Concept, path: str) -> list[tuple[str, str]]:
    """The modifiers of a concept with their places: all codes of its first system, for other systems say the same."""
    system = next((coding.system for coding in concept.coding if coding.code), None)
    if system is not None and said_by(system) is Said.ABSENT:
        return []
    return [
        (coding.code.strip().upper(), f"{path}.coding[{index}].code")
        for index, coding in enumerate(concept.coding)
        if coding.code and coding.code.strip() and coding.system == system
    ]
