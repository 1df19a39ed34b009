"""X12 lines: the service lines of a claim, loop 2400 and what stands in it.

In:   the segments of one line, LX first.     Out: a `Line` with the places of its facts.
Uses: x12_facts, x12_values, x12_composites, x12_parties, model.    Used by: x12_claim.
Not here: where a line begins (x12_claim).

SV1 is a professional service, SV2 an institutional one; either is read as what it is, whatever the transaction. SV103
UN counts units, MJ anesthesia minutes (then units are not sent), DA days, which are units too. SV5 (rental of durable
equipment) adds nothing to the SV1 before it; SV3 (dental) and SV4 are not read.
"""

from decimal import Decimal
from typing import Any, Final

from attrs import define, field
from sequela.engine.encounter.model import Line
from sequela.engine.encounter.x12_composites import Composites, check_npi, check_shape
from sequela.engine.encounter.x12_facts import Facts
from sequela.engine.encounter.x12_notes import Notes
from sequela.engine.encounter.x12_parties import ROLES, UNREAD_ROLES, read_party
from sequela.engine.encounter.x12_segment import Segment, at
from sequela.engine.encounter.x12_values import Number, amount_of, number_of, period_at, text_at, text_of
from sequela.engine.vocabulary.systems import System

SERVICES: Final = frozenset({"SV1", "SV2", "SV3", "SV4"})
_PRODUCTS: Final = frozenset({"HC", "ER", "HP", "IV", "WK", "AD", "N4", "ZZ"})
_LINE_ROLES: Final = frozenset({"provider", "referring", "ordering", "supervising", "facility"})
_REFERENCES: Final = {"G1": "authorization", "9F": "referral", "X4": "clia"}
_DRUG_UNITS: Final = frozenset({"F2", "GR", "ME", "ML", "UN"})
_YES: Final = {"Y": True, "N": False}


@define
class LineReader:
    """Reads the lines of one claim. `pointed` says where a pointer to a place in HI leads (x12_codes)."""

    composites: Composites
    pointed: list[int | None]
    numbers: set[int] = field(factory=set)
    default_period: tuple[Segment, Any] | None = None
    """The DTP*472 of the claim, for lines without a date of their own; with the dates in it."""

    @property
    def notes(self) -> Notes:
        """Where problems go."""
        return self.composites.notes

    def read(self, segments: list[Segment]) -> tuple[Line, dict[str, Any]]:
        """One line, and the places of its facts."""
        facts = Facts(segments[0])
        service = self._begin(facts, segments)
        notes: list[str] = []
        loop, index = "", 0
        while index < len(segments):
            segment = segments[index]
            match segment.id:
                case "DTP":
                    if not loop and at(segment, 1) == "472":
                        self._date(facts, segment)
                case "REF":
                    if not loop:
                        self._reference(facts, segment)
                case "NTE" | "K3":
                    self._note(facts, segment, notes)
                case "LIN":
                    loop = "drug"
                    self._drug(facts, segment)
                case "CTP":
                    self._drug_quantity(facts, segment)
                case "SVD":
                    loop = "adjudication"
                    self._other_paid(facts, segment)
                case "LQ":
                    loop = "form"
                case "NM1":
                    loop = "party"
                    end = index + 1
                    while end < len(segments) and segments[end].id in ("N3", "N4", "PRV", "REF", "PER", "N2"):
                        end += 1
                    self._party(facts, segments[index:end])
                    index = end
                    continue
                case _:
                    pass
            index += 1
        if "date" not in facts.values and self.default_period is not None:
            self._default_date(facts)
        if service is None:
            self.notes.warn(
                "SEQ781", "This line has no service (SV1 or SV2); what was done stays unknown.", segments[0]
            )
        return Line(**facts.values), facts.places

    def _begin(self, facts: Facts, segments: list[Segment]) -> Segment | None:
        """The number and the service of a line."""
        service: Segment | None = None
        for segment in segments:
            match segment.id:
                case "LX":
                    self._number(facts, segment)
                case "SV1":
                    self._professional(facts, segment)
                    service = segment
                case "SV2":
                    self._institutional(facts, segment)
                    service = segment
                case "SV3" | "SV4":
                    self.notes.warn(
                        "SEQ772", f"{segment.id} is no service of an 837P or 837I; it is not read.", segment
                    )
                    service = segment
                case _:
                    continue
            if service is not None:
                break
        return service

    def _number(self, facts: Facts, segment: Segment) -> None:
        value = at(segment, 1)
        number = number_of(value)
        if not isinstance(number, int) or number < 1:
            shown = f"`{text_of(value)}`" if value else "Nothing"
            self.notes.warn("SEQ778", f"{shown} is no line number; the line is known by its place.", segment, 1)
        elif number in self.numbers:
            self.notes.warn(
                "SEQ778",
                f"Two lines of this claim have the number {number}; the later one is known by its place.",
                segment,
                1,
            )
        else:
            self.numbers.add(number)
            facts.put("number", number, segment, 1)

    def _professional(self, facts: Facts, segment: Segment) -> None:
        self._procedure(facts, segment, 1)
        facts.put("charge", self._amount(segment, 2, "the charge"), segment, 2)
        self._quantity(facts, segment, 3)
        place = at(segment, 5)
        if place:
            check_shape(System.POS, place, "a place of service", segment, 5, 0, self.notes)
            facts.put("place", place, segment, 5)
        if at(segment, 7):
            self._pointers(facts, segment)
        for element, name in ((9, "emergency"), (11, "epsdt"), (12, "family_planning")):
            value = at(segment, element)
            if value:
                facts.put(name, _YES.get(value), segment, element)
                if value not in _YES:
                    self.notes.warn(
                        "SEQ779",
                        f"`{text_of(value)}` stands where Y or N is expected; it stays unknown.",
                        segment,
                        element,
                    )

    def _institutional(self, facts: Facts, segment: Segment) -> None:
        revenue = at(segment, 1)
        if revenue:
            if len(revenue) == 3 and revenue.isdecimal():
                revenue = f"0{revenue}"
            check_shape(System.REVENUE, revenue, "a revenue code", segment, 1, 0, self.notes)
            facts.put("revenue", revenue, segment, 1)
        self._procedure(facts, segment, 2)
        facts.put("charge", self._amount(segment, 3, "the charge"), segment, 3)
        self._quantity(facts, segment, 4)
        facts.put("rate", text_at(segment, 6), segment, 6)
        facts.put("non_covered_charge", self._amount(segment, 7, "the charge that is not covered"), segment, 7)

    def _procedure(self, facts: Facts, segment: Segment, element: int) -> None:
        """The code, the modifiers and the description in SV101 or SV202."""
        value = at(segment, element)
        if not value:
            return
        parts = self.composites.split(value, segment, element, _PRODUCTS.__contains__)
        qualifier = parts[0].strip()
        code = parts[1].strip().upper() if len(parts) > 1 else ""
        if qualifier == "HP" and code:
            facts.put("rate", code, segment, element, 2)
        elif qualifier in ("HC", "AD") and code:
            check_shape(System.HCPCS, code, "an HCPCS code", segment, element, 2, self.notes)
            facts.put("code", code, segment, element, 2)
        else:
            self.notes.warn(
                "SEQ779",
                f"{segment.id}{element:02d} holds `{text_of(value)}`, which names no HCPCS code; the code stays unknown.",
                segment,
                element,
                1,
                hint="A procedure is written HC:99213.",
            )
            if qualifier not in _PRODUCTS:
                return
        self._modifiers(facts, segment, element, parts)
        if len(parts) > 6 and parts[6].strip():
            facts.put("description", text_of(parts[6].strip()), segment, element, 7)

    def _modifiers(self, facts: Facts, segment: Segment, element: int, parts: list[str]) -> None:
        found: list[str] = []
        places: list[Any] = []
        for index in range(2, min(6, len(parts))):
            modifier = parts[index].strip().upper()
            if modifier:
                check_shape(System.MODIFIER, modifier, "a modifier", segment, element, index + 1, self.notes)
                found.append(modifier)
                places.append((segment, element, index + 1))
        facts.put_all("modifiers", tuple(found), places)

    def _quantity(self, facts: Facts, segment: Segment, element: int) -> None:
        """Units or anesthesia minutes: a unit of measure, and the quantity in the next element."""
        unit, value = at(segment, element), at(segment, element + 1)
        if not unit and not value:
            return
        quantity = amount_of(value, "the quantity", segment, element + 1, self.notes, money=False)
        if unit in ("UN", "DA"):
            facts.put("units", quantity, segment, element + 1)
        elif unit == "MJ":
            facts.put("minutes", quantity, segment, element + 1)
        else:
            shown = f"`{text_of(unit)}`" if unit else "Nothing"
            self.notes.warn(
                "SEQ779",
                f"{shown} stands where a unit of measure is expected (UN or MJ); the units stay unknown.",
                segment,
                element,
            )

    def _pointers(self, facts: Facts, segment: Segment) -> None:
        """The diagnoses that a line points to; unknown altogether when one of them cannot be found."""
        value = at(segment, 7)
        parts = self.composites.split(value, segment, 7, str.isdecimal)
        found: list[int] = []
        for index, part in enumerate(parts):
            pointer = part.strip()
            if not pointer:
                continue
            number = int(pointer) if pointer.isascii() and pointer.isdecimal() and len(pointer) < 4 else 0
            target = self.pointed[number - 1] if 0 < number <= len(self.pointed) else None
            if target is None:
                there = len(self.pointed)
                said = (
                    f"the claim has {there} diagnos{'is' if there == 1 else 'es'}" if number else "a number is expected"
                )
                self.notes.warn(
                    "SEQ777",
                    f"`{text_of(pointer)}` points to a diagnosis that is not there ({said}); "
                    "which diagnoses the line points to stays unknown.",
                    segment,
                    7,
                    index + 1,
                )
                return
            found.append(target)
        if found:
            facts.put("diagnoses", tuple(found), segment, 7)
            facts.places["diagnoses"] = [(segment, 7, index + 1) for index, part in enumerate(parts) if part.strip()]

    def _date(self, facts: Facts, segment: Segment) -> None:
        if "date" in facts.values:
            self.notes.warn("SEQ780", "The line has a second date of service; the first one is kept.", segment)
            return
        period = period_at(segment, self.notes)
        if period is not None and period.first is not None:
            facts.put("date", period.first, segment, 3)
            facts.put("end_date", period.last if period.is_range else None, segment, 3)

    def _default_date(self, facts: Facts) -> None:
        if self.default_period is None:
            return
        segment, period = self.default_period
        facts.put("date", period.first, segment, 3)
        facts.put("end_date", period.last if period.is_range else None, segment, 3)

    def _reference(self, facts: Facts, segment: Segment) -> None:
        name = _REFERENCES.get(at(segment, 1))
        if name is None:
            return
        if name in facts.values:
            self.notes.warn(
                "SEQ780", f"The line has a second {name} (REF*{at(segment, 1)}); the first one is kept.", segment
            )
            return
        facts.put(name, text_at(segment, 2), segment, 2)

    def _note(self, facts: Facts, segment: Segment, notes: list[str]) -> None:
        element = 2 if segment.id == "NTE" else 1
        text = text_at(segment, element)
        if text:
            notes.append(text)
            place = facts.places.get("note", (segment, element, 0))
            facts.put("note", "\n".join(notes), *place)

    def _drug(self, facts: Facts, segment: Segment) -> None:
        if at(segment, 2) != "N4" or not at(segment, 3):
            return
        if "ndc" in facts.values:
            self.notes.warn("SEQ780", "The line has a second drug (LIN); the first one is kept.", segment)
            return
        code = _eleven_digits(at(segment, 3))
        check_shape(System.NDC, code, "an NDC", segment, 3, 0, self.notes)
        facts.put("ndc", code, segment, 3)

    def _drug_quantity(self, facts: Facts, segment: Segment) -> None:
        if "drug_quantity" in facts.values:
            return
        quantity = amount_of(at(segment, 4), "the quantity of the drug", segment, 4, self.notes, money=False)
        facts.put("drug_quantity", quantity, segment, 4)
        unit = self.composites.split(at(segment, 5), segment, 5, _DRUG_UNITS.__contains__)[0].strip()
        if unit and unit not in _DRUG_UNITS:
            self.notes.warn(
                "SEQ779",
                f"`{text_of(unit)}` is no unit of a drug (F2, GR, ME, ML or UN); it is kept as sent.",
                segment,
                5,
            )
        facts.put("drug_unit", text_of(unit) or None, segment, 5, 1)

    def _other_paid(self, facts: Facts, segment: Segment) -> None:
        """What other payers paid on the line, added up."""
        paid = self._amount(segment, 2, "what another payer paid")
        if paid is None:
            return
        before: Number = facts.values.get("other_paid", 0)
        total = Decimal(before) + paid
        place = facts.places.get("other_paid", (segment, 2, 0))
        facts.put("other_paid", int(total) if total == total.to_integral_value() else total, *place)

    def _party(self, facts: Facts, segments: list[Segment]) -> None:
        """A provider or place of the line: its NPI, and the taxonomy of who rendered the service."""
        name = segments[0]
        role = at(name, 1)
        key = ROLES.get(role)
        if key is None and role not in UNREAD_ROLES:
            self.notes.warn(
                "SEQ779", f"NM1*{text_of(role)} names no part that is known in an 837; it is left out.", name, 1
            )
        if key not in _LINE_ROLES or key is None:
            return
        if key == "provider":
            party = read_party(segments, self.notes)
            npi, taxonomy = party.values.get("npi"), party.values.get("taxonomy")
            if taxonomy is not None:
                facts.put("taxonomy", taxonomy, *party.places["taxonomy"])
        else:
            number = at(name, 9)
            npi = check_npi(number, f"NM1*{role}", name, 9, self.notes) if number and at(name, 8) == "XX" else None
        if npi is not None and key not in facts.values:
            facts.put(key, npi, name, 9)

    def _amount(self, segment: Segment, element: int, what: str) -> Number | None:
        return amount_of(at(segment, element), what, segment, element, self.notes)


def _eleven_digits(code: str) -> str:
    """An NDC as eleven digits: one with hyphens is filled up with zeros to 5, 4 and 2 digits."""
    parts = code.split("-")
    if len(parts) == 3 and all(part.isdecimal() for part in parts):
        return f"{parts[0]:0>5}{parts[1]:0>4}{parts[2]:0>2}"
    return code
