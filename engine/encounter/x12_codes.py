"""X12 codes: the HI segments of a claim: diagnoses, procedures, and the codes of the institutional claim.

In:   HI segments.                                       Out: the lists of the model, and where pointers lead.
Uses: x12_facts, x12_values, x12_composites, model.      Used by: x12_claim.

The qualifier says what a code is. ICD-9 qualifiers are read like those of ICD-10, and said. A qualifier that stands in
an element of its own, with its code in the next (`HI*BK*8901`), is read as one composite, and said. Pointers of lines
count the places of the diagnoses as sent, the empty ones too.
"""

from typing import Any, Final

import msgspec
from attrs import define, field

from sequela.engine.encounter.model import Diagnosis, Occurrence, PresentOnAdmission, Procedure, Role, ValueCode
from sequela.engine.encounter.x12_composites import Composites
from sequela.engine.encounter.x12_facts import Facts
from sequela.engine.encounter.x12_segment import Segment, at
from sequela.engine.encounter.x12_shapes import CONDITION, DIAGNOSIS, DRG, OCCURRENCE, PROCEDURE, VALUE
from sequela.engine.encounter.x12_values import Period, amount_of, period_of, text_of

_DIAGNOSES: Final[dict[str, Role]] = {
    "ABK": "principal", "BK": "principal", "ABF": "secondary", "BF": "secondary", "ABJ": "admitting",
    "BJ": "admitting", "APR": "reason-for-visit", "PR": "reason-for-visit", "ABN": "external-cause",
    "BN": "external-cause",
}  # fmt: skip
_PROCEDURES: Final = frozenset({"BBR", "BBQ", "BR", "BQ"})
_ICD9: Final = frozenset({"BK", "BF", "BJ", "PR", "BN", "BR", "BQ"})
_UNREAD: Final = frozenset({"BP", "BO", "TC", "TQ", "SD", "CAH", "GR", "JP"})
_OTHERS: Final = frozenset({"DR", "BE", "BG", "BH", "BI"})
_QUALIFIERS: Final = frozenset({*_DIAGNOSES, *_PROCEDURES, *_OTHERS, *_UNREAD})
_POA: Final[dict[str, PresentOnAdmission]] = {"Y": "Y", "N": "N", "U": "U", "W": "W", "1": "1"}


@define
class Codes:
    """The codes of one claim as they are found, each list with its places."""

    composites: Composites
    diagnoses: list[Diagnosis] = field(factory=list)
    diagnosis_places: list[Any] = field(factory=list)
    pointed: list[int | None] = field(factory=list)
    """For each place of a diagnosis as sent, its number among those read (from 1); None for an empty place."""
    procedures: list[Procedure] = field(factory=list)
    procedure_places: list[Any] = field(factory=list)
    conditions: list[str] = field(factory=list)
    condition_places: list[Any] = field(factory=list)
    occurrences: list[Occurrence] = field(factory=list)
    occurrence_places: list[Any] = field(factory=list)
    values: list[ValueCode] = field(factory=list)
    value_places: list[Any] = field(factory=list)
    drg: Facts = field(factory=Facts)
    _has_principal: bool = False
    _icd9: list[str] = field(factory=list)
    _icd9_at: tuple[Segment, int, str] | None = None

    def add(self, segment: Segment) -> None:
        """Read one HI."""
        elements = segment.elements
        index = 1
        while index < len(elements):
            value = elements[index].strip()
            if value in _QUALIFIERS and index + 1 < len(elements) and _is_bare(elements[index + 1]):
                self._say_apart(segment, index, value)
                self._add(segment, index + 1, [value, elements[index + 1].strip()])
                index += 2
                continue
            for turn, repetition in enumerate(self.composites.repetitions(value)):
                # The bytes of a later repetition are not counted off.
                where = segment if not turn else msgspec.structs.replace(segment, whole=False)
                self._add(where, index, self.composites.split(repetition, where, index, _QUALIFIERS.__contains__))
            if not value and index < len(elements) - 1 and self.diagnoses:
                self.pointed.append(None)
            index += 1

    def finish(self, facts: Facts) -> None:
        """Lay the lists into the facts of the claim."""
        facts.put_all("diagnoses", tuple(self.diagnoses), self.diagnosis_places)
        facts.put_all("procedures", tuple(self.procedures), self.procedure_places)
        facts.put_all("condition_codes", tuple(self.conditions), self.condition_places)
        facts.put_all("occurrence_codes", tuple(self.occurrences), self.occurrence_places)
        facts.put_all("value_codes", tuple(self.values), self.value_places)
        if "drg" in self.drg.values:
            facts.put("drg", self.drg.values["drg"], *self.drg.places["drg"])
        if self._icd9_at is not None:
            segment, element, qualifier = self._icd9_at
            shown = ", ".join(self._icd9[:4]) + (", …" if len(self._icd9) > 4 else "")
            self.composites.notes.warn(
                "SEQ776",
                f"HI{element:02d} has the qualifier {qualifier}, which means ICD-9; the codes ({shown}) are read, but "
                "rules know ICD-10 codes.",
                segment,
                element,
                1,
                hint="The qualifiers of ICD-10 are ABK, ABF, ABJ, APR, ABN, BBR and BBQ.",
            )

    def _add(self, segment: Segment, element: int, parts: list[str]) -> None:
        """One composite, split."""
        qualifier = parts[0].strip()
        code = parts[1].strip().upper() if len(parts) > 1 else ""
        if not qualifier and not code:
            return
        if qualifier not in _QUALIFIERS:
            self._say_qualifier(segment, element, parts)
            return
        if qualifier in _UNREAD:
            return
        if not code:
            self.composites.notes.warn(
                "SEQ779", f"HI{element:02d} has the qualifier {qualifier} and no code.", segment, element
            )
            if qualifier in _DIAGNOSES:
                self.pointed.append(None)
            return
        if qualifier in _ICD9:
            self._icd9.append(code)
            self._icd9_at = self._icd9_at or (segment, element, qualifier)
        if qualifier in _DIAGNOSES:
            self._add_diagnosis(segment, element, parts, qualifier, code)
        elif qualifier in _PROCEDURES:
            self._add_procedure(segment, element, parts, qualifier, code)
        else:
            self._add_other(segment, element, parts, qualifier, code)

    def _add_diagnosis(self, segment: Segment, element: int, parts: list[str], qualifier: str, code: str) -> None:
        notes = self.composites.notes
        role = _DIAGNOSES[qualifier]
        if role == "principal":
            if self._has_principal:
                notes.warn(
                    "SEQ780",
                    f"{code} is a second principal diagnosis ({qualifier}); it is read as a secondary one.",
                    segment,
                    element,
                )
                role = "secondary"
            self._has_principal = True
        if qualifier not in _ICD9:
            DIAGNOSIS.check(code, segment, element, 2, notes)
        poa = parts[8].strip() if len(parts) > 8 else ""
        if poa and poa not in _POA:
            notes.warn(
                "SEQ779",
                f"`{text_of(poa)}` is no answer to present on admission (Y, N, U, W or 1); it stays unknown.",
                segment,
                element,
                9,
            )
        self.diagnoses.append(Diagnosis(code=code, role=role, poa=_POA.get(poa)))
        self.diagnosis_places.append(
            {
                "": (segment, element, 0),
                "code": (segment, element, 2),
                "role": (segment, element, 1),
                "poa": (segment, element, 9),
            }
        )
        self.pointed.append(len(self.diagnoses))

    def _add_procedure(self, segment: Segment, element: int, parts: list[str], qualifier: str, code: str) -> None:
        if qualifier not in _ICD9:
            PROCEDURE.check(code, segment, element, 2, self.composites.notes)
        period = self._period(segment, element, parts)
        self.procedures.append(Procedure(code=code, date=period.first if period else None))
        self.procedure_places.append(
            {"": (segment, element, 0), "code": (segment, element, 2), "date": (segment, element, 4)}
        )

    def _add_other(self, segment: Segment, element: int, parts: list[str], qualifier: str, code: str) -> None:
        notes = self.composites.notes
        place = {"": (segment, element, 0), "code": (segment, element, 2)}
        match qualifier:
            case "DR":
                self.drg.put("drg", DRG.check(code, segment, element, 2, notes), segment, element, 2)
            case "BG":
                CONDITION.check(code, segment, element, 2, notes)
                self.conditions.append(code)
                self.condition_places.append((segment, element, 2))
            case "BE":
                VALUE.check(code, segment, element, 2, notes)
                value = parts[4].strip() if len(parts) > 4 else ""
                amount = amount_of(value, "the amount of the value code", segment, element, notes, component=5)
                self.values.append(ValueCode(code=code, amount=amount))
                self.value_places.append({**place, "amount": (segment, element, 5)})
            case _:
                OCCURRENCE.check(code, segment, element, 2, notes)
                period = self._period(segment, element, parts)
                first = period.first if period else None
                last = period.last if period and (qualifier == "BI" or period.is_range) else None
                self.occurrences.append(Occurrence(code=code, date=first, end_date=last))
                date_place = (segment, element, 4)
                self.occurrence_places.append({**place, "date": date_place, "end_date": date_place})

    def _period(self, segment: Segment, element: int, parts: list[str]) -> Period | None:
        form = parts[2].strip() if len(parts) > 2 else ""
        value = parts[3].strip() if len(parts) > 3 else ""
        if not form and not value:
            return None
        return period_of(form, value, segment, element, 4, self.composites.notes)

    def _say_qualifier(self, segment: Segment, element: int, parts: list[str]) -> None:
        self.composites.notes.warn(
            "SEQ779",
            f"HI{element:02d} holds `{text_of(self.composites.separator.join(parts))}`, which does not begin with a "
            "qualifier that an HI can have; it is left out.",
            segment,
            element,
            1,
            hint="A diagnosis is written ABK:I10 or ABF:E119.",
        )

    def _say_apart(self, segment: Segment, element: int, qualifier: str) -> None:
        separator = self.composites.separator
        code = at(segment, element + 1)
        self.composites.notes.warn(
            "SEQ782",
            f"HI{element:02d} holds only the qualifier {qualifier}, and the next element `{text_of(code)}`; they are "
            f"read as `{qualifier}{separator}{text_of(code)}`.",
            segment,
            element,
            hint=f"Write {qualifier}{separator}{text_of(code)}, with the component separator.",
        )


def _is_bare(value: str) -> bool:
    """Whether an element holds a code alone, so that a qualifier before it belongs to it."""
    stripped = value.strip()
    return stripped.isalnum() and stripped not in _QUALIFIERS
