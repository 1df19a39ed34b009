"""X12 lines: the service lines of a claim, loop 2400 and what stands in it.

In:   the segments of one line, LX first.     Out: a `Line` with the places of its facts.
Uses: x12_facts, x12_values, x12_composites, x12_parties, model.    Used by: x12_claim.
Not here: where a line begins (x12_claim).

SV1 is a professional service, SV2 an institutional one; either is read as what it is, whatever the transaction. SV103
UN counts units, MJ anesthesia minutes (then units are not sent), DA days, which are units too. SV5 (rental of durable
equipment) adds nothing to the SV1 before it; SV3 (dental) and SV4 are not read.
"""

from collections.abc import Callable
from decimal import Decimal
from functools import lru_cache
from typing import Any, Final

from attrs import define, field

from sequela.engine.encounter.model import Line
from sequela.engine.encounter.x12_composites import Composites
from sequela.engine.encounter.x12_facts import Facts
from sequela.engine.encounter.x12_known import ROLES, UNREAD_ROLES
from sequela.engine.encounter.x12_notes import Notes
from sequela.engine.encounter.x12_parties import put_taxonomy
from sequela.engine.encounter.x12_segment import Segment, at
from sequela.engine.encounter.x12_shapes import HCPCS, MODIFIER, NDC, NPI, PLACE, REVENUE
from sequela.engine.encounter.x12_values import Number, amount_of, number_of, period_at, text_at, text_of

SERVICES: Final = frozenset({"SV1", "SV2", "SV3", "SV4"})
_PRODUCTS: Final = frozenset({"HC", "ER", "HP", "IV", "WK", "AD", "N4", "ZZ"})
_LINE_ROLES: Final = frozenset({"provider", "referring", "ordering", "supervising", "facility"})
_REFERENCES: Final = {"G1": "authorization", "9F": "referral", "X4": "clia"}
_DRUG_UNITS: Final = frozenset({"F2", "GR", "ME", "ML", "UN"})
_LAST_NUMBER: Final = 999_999
_YES: Final = {"Y": True, "N": False}


@define
class LineReader:
    """Reads the lines of one claim. `pointed` says where a pointer to a place in HI leads (x12_codes)."""

    composites: Composites
    pointed: list[int | None]
    default_period: tuple[Segment, Any] | None = None
    """The DTP*472 of the claim, for lines without a date of their own; with the dates in it."""
    _loop: str = ""
    """The loop inside the line that was begun last: drug, party, adjudication or form."""
    _remarks: list[str] = field(factory=list)
    _is_plain: bool = field(init=False)
    """Whether every place in HI holds a diagnosis, so that pointers lead where they say."""

    def __attrs_post_init__(self) -> None:
        self._is_plain = None not in self.pointed

    @property
    def notes(self) -> Notes:
        """Where problems go."""
        return self.composites.notes

    def read(self, segments: list[Segment]) -> tuple[Line, dict[str, Any]]:
        """One line, and the places of its facts."""
        facts = Facts(segments[0])
        has_service = False
        self._loop = ""
        self._remarks.clear()
        for segment in segments:
            name = segment.id
            if name == "LX":
                self._number(facts, segment)
            elif name == "SV1" and not has_service:
                has_service = True
                self._professional(facts, segment)
            elif name == "SV2" and not has_service:
                has_service = True
                self._institutional(facts, segment)
            else:
                part = _PARTS.get(name)
                if part is not None:
                    part(self, facts, segment)
        if self.default_period is not None and "date" not in facts.values:
            self._default_date(facts)
        if not has_service:
            self.notes.warn("SEQ781", "This line has no service (SV1, SV2); what was done stays unknown.", segments[0])
        return Line(**facts.values), facts.places

    def _number(self, facts: Facts, segment: Segment) -> None:
        value = at(segment, 1)
        number = number_of(value)
        if not isinstance(number, int) or not 1 <= number <= _LAST_NUMBER:
            shown = f"`{text_of(value)}`" if value else "Nothing"
            self.notes.warn("SEQ778", f"{shown} is no line number; the line is known by its place.", segment, 1)
        else:
            facts.put("number", number, segment, 1)

    def _professional(self, facts: Facts, segment: Segment) -> None:
        self._procedure(facts, segment, 1)
        facts.put("charge", self._amount(segment, 2, "the charge"), segment, 2)
        self._quantity(facts, segment, 3)
        place = at(segment, 5)
        if place:
            PLACE.check(place, segment, 5, 0, self.notes)
            facts.put("place", place, segment, 5)
        if at(segment, 7):
            self._pointers(facts, segment)
        if len(segment.elements) > 9:
            self._answers(facts, segment)

    def _answers(self, facts: Facts, segment: Segment) -> None:
        """SV109, SV111 and SV112."""
        for element, name in ((9, "emergency"), (11, "epsdt"), (12, "family_planning")):
            value = at(segment, element)
            if value:
                facts.put(name, _YES.get(value), segment, element)
                if value not in _YES:
                    said = f"`{text_of(value)}` stands where Y or N is expected; it stays unknown."
                    self.notes.warn("SEQ779", said, segment, element)

    def _institutional(self, facts: Facts, segment: Segment) -> None:
        revenue = at(segment, 1)
        if revenue:
            if len(revenue) == 3 and revenue.isdecimal():
                revenue = f"0{revenue}"
            REVENUE.check(revenue, segment, 1, 0, self.notes)
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
            HCPCS.check(code, segment, element, 2, self.notes)
            facts.put("code", code, segment, element, 2)
        else:
            self.notes.warn(
                "SEQ779",
                f"{segment.id}{element:02d} holds `{text_of(value)}`, which is no HCPCS code; the code stays unknown.",
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
                MODIFIER.check(modifier, segment, element, index + 1, self.notes)
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
        plain = _plain_pointers(value, self.composites.separator, len(self.pointed)) if self._is_plain else None
        if plain is not None:
            facts.values["diagnoses"] = plain
            facts.places["diagnoses"] = [(segment, 7, index) for index in range(1, len(plain) + 1)]
            return
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
        if self._loop or at(segment, 1) != "472":
            period_at(segment, self.notes)
            return
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
        if name is None or self._loop:
            return
        if name in facts.values:
            self.notes.warn(
                "SEQ780", f"The line has a second {name} (REF*{at(segment, 1)}); the first one is kept.", segment
            )
            return
        facts.put(name, text_at(segment, 2), segment, 2)

    def _remark(self, facts: Facts, segment: Segment) -> None:
        element = 2 if segment.id == "NTE" else 1
        text = text_at(segment, element)
        if text:
            self._remarks.append(text)
            place = facts.places.get("note", (segment, element, 0))
            facts.put("note", "\n".join(self._remarks), *place)

    def _drug(self, facts: Facts, segment: Segment) -> None:
        self._loop = "drug"
        if at(segment, 2) != "N4" or not at(segment, 3):
            return
        if "ndc" in facts.values:
            self.notes.warn("SEQ780", "The line has a second drug (LIN); the first one is kept.", segment)
            return
        code = _eleven_digits(at(segment, 3))
        NDC.check(code, segment, 3, 0, self.notes)
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
        self._loop = "adjudication"
        paid = self._amount(segment, 2, "what another payer paid")
        if paid is None:
            return
        before: Number = facts.values.get("other_paid", 0)
        total = Decimal(before) + paid
        place = facts.places.get("other_paid", (segment, 2, 0))
        facts.put("other_paid", int(total) if total == total.to_integral_value() else total, *place)

    def _party(self, facts: Facts, segment: Segment) -> None:
        """The NPI of a provider or place of the line."""
        role, number = at(segment, 1), at(segment, 9)
        key = ROLES.get(role, "")
        self._loop = "party" if key != "provider" else "provider"
        if not key and role not in UNREAD_ROLES:
            said = f"NM1*{text_of(role)} names no part that is known in an 837; it is left out."
            self.notes.warn("SEQ779", said, segment, 1)
        if key in _LINE_ROLES and number and at(segment, 8) == "XX" and key not in facts.values:
            facts.put(key, NPI.check(number, segment, 9, 0, self.notes), segment, 9)

    def _specialty(self, facts: Facts, segment: Segment) -> None:
        """The taxonomy of who rendered the service."""
        if self._loop == "provider":
            put_taxonomy(facts, segment, self.notes)

    def _form(self, facts: Facts, segment: Segment) -> None:
        self._loop = "form"

    def _other_service(self, facts: Facts, segment: Segment) -> None:
        said = f"{segment.id} is no service of an 837P or 837I; it is left out."
        self.notes.warn("SEQ772", said, segment)

    def _amount(self, segment: Segment, element: int, what: str) -> Number | None:
        return amount_of(at(segment, element), what, segment, element, self.notes)


_PARTS: Final[dict[str, Callable[[LineReader, Facts, Segment], None]]] = {
    "DTP": LineReader._date,
    "REF": LineReader._reference,
    "NTE": LineReader._remark,
    "K3": LineReader._remark,
    "LIN": LineReader._drug,
    "CTP": LineReader._drug_quantity,
    "SVD": LineReader._other_paid,
    "LQ": LineReader._form,
    "NM1": LineReader._party,
    "PRV": LineReader._specialty,
    "SV3": LineReader._other_service,
    "SV4": LineReader._other_service,
}


@lru_cache(1024)
def _plain_pointers(value: str, separator: str, there: int) -> tuple[int, ...] | None:
    """Pointers that all lead to one of the diagnoses that are there; None where one needs a closer look."""
    parts = value.split(separator)
    if not all(part.isascii() and part.isdecimal() and 0 < int(part) <= there for part in parts):
        return None
    return tuple(int(part) for part in parts)


def _eleven_digits(code: str) -> str:
    """An NDC as eleven digits: one with hyphens is filled up with zeros to 5, 4 and 2 digits."""
    parts = code.split("-")
    if len(parts) == 3 and all(part.isdecimal() for part in parts):
        return f"{parts[0]:0>5}{parts[1]:0>4}{parts[2]:0>2}"
    return code
