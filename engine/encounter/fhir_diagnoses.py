"""FHIR diagnoses: the diagnoses and procedures of a claim, and where the lines' sequences lead.

In:   `diagnosis` and `procedure`.                  Out: lists of the model.
Uses: fhir_codes, fhir_pool, fhir_values, model.    Used by: fhir_claim.

Diagnoses keep the order in which they were sent. One that has two parts (admitting and principal) is two diagnoses:
lines point to the first of them, and the admitting one stands last. A diagnosis without an ICD-10-CM code (SNOMED CT,
words) is left out, and said; ICD-9 codes are read like those of ICD-10, and said.
"""

from typing import Any, Final

from attrs import define, field

from sequela.engine.encounter.fault import shown
from sequela.engine.encounter.fhir_codes import (
    DIAGNOSIS,
    ICD9,
    PROCEDURE,
    Found,
    Wanted,
    code_in,
    is_absent,
    say_other,
    words_of,
)
from sequela.engine.encounter.fhir_facts import Facts
from sequela.engine.encounter.fhir_notes import Notes
from sequela.engine.encounter.fhir_people_structs import ConditionResource
from sequela.engine.encounter.fhir_pool import Pool
from sequela.engine.encounter.fhir_source import Place
from sequela.engine.encounter.fhir_structs import ClaimResource, Concept, Extension
from sequela.engine.encounter.fhir_structs import Diagnosis as Sent
from sequela.engine.encounter.fhir_systems import last_part
from sequela.engine.encounter.fhir_values import day_at
from sequela.engine.encounter.model import Diagnosis, PresentOnAdmission, Procedure, Role

_ROLES: Final[dict[str, Role]] = {
    "principal": "principal", "admitting": "admitting", "patientreasonforvisit": "reason-for-visit",
    "externalcauseofinjury": "external-cause", "externalcause": "external-cause", "secondary": "secondary",
    "other": "secondary",
}  # fmt: skip
_POA: Final[dict[str, PresentOnAdmission]] = {"y": "Y", "n": "N", "u": "U", "w": "W", "1": "1"}
_POA_VARIABLES: Final = ("clm_poa_ind_sw", "clm_e_poa_ind_sw")
_APART: Final = frozenset({"admitting", "reason-for-visit"})


@define
class Diagnoses:
    """The diagnoses of one claim as they are found, with their places."""

    pool: Pool
    found: list[Diagnosis] = field(factory=list)
    places: list[Any] = field(factory=list)
    pointed: dict[int, int | None] = field(factory=dict)
    """For each sequence, the number (from 1) of the diagnosis among those read; None where it leads to none."""
    onset: tuple[Any, Place] | None = None
    """The day on which the principal condition began, where its Condition says so."""
    _apart: list[tuple[Diagnosis, dict[str, Any]]] = field(factory=list)
    _icd9: list[Found] = field(factory=list)

    @property
    def notes(self) -> Notes:
        """Where problems go."""
        return self.pool.notes

    def read(self, claim: ClaimResource, facts: Facts) -> None:
        """Read every diagnosis and lay them into the facts of the claim."""
        for index, sent in enumerate(claim.diagnosis):
            self._add(sent, f"diagnosis[{index}]")
        for diagnosis, places in self._apart:
            self.found.append(diagnosis)
            self.places.append(places)
        facts.put_all("diagnoses", tuple(self.found), self.places)
        if self._icd9:
            codes = ", ".join(found.code for found in self._icd9[:4]) + (", …" if len(self._icd9) > 4 else "")
            self.notes.warn(
                "SEQ818",
                f"The claim has ICD-9 codes ({codes}); they are read, but rules know ICD-10 codes.",
                self._icd9[0].place,
            )

    def _add(self, sent: Sent, path: str) -> None:
        found = self._code(sent, path)
        number = None
        if found is not None:
            roles = self._roles(sent, path)
            poa, poa_place = self._poa(sent, path)
            for turn, (role, role_place) in enumerate(roles):
                diagnosis = Diagnosis(code=found.code, role=role, poa=poa)
                places = {"": path, "code": found.place, "role": role_place, "poa": poa_place}
                if turn:
                    self._apart.append((diagnosis, places))
                else:
                    self.found.append(diagnosis)
                    self.places.append(places)
            number = len(self.found)
        if sent.sequence is None:
            return
        if sent.sequence in self.pointed:
            self.notes.warn(
                "SEQ813",
                f"Two diagnoses have the sequence {sent.sequence}; which of them a line points to stays unknown.",
                f"{path}.sequence",
            )
            number = None
        self.pointed[sent.sequence] = number

    def _code(self, sent: Sent, path: str) -> Found | None:
        """The code of a diagnosis, in the claim or in the Condition that it refers to."""
        concept, place = sent.diagnosis_codeable_concept, f"{path}.diagnosisCodeableConcept"
        if concept is not None or sent.diagnosis_reference is None:
            return self._of(concept, DIAGNOSIS, place, "the diagnosis is left out")
        place = f"{path}.diagnosisReference.reference"
        found = self.pool.resolve(sent.diagnosis_reference, place, ConditionResource)
        if found is None:
            self.notes.warn(
                "SEQ812", "The Condition of this diagnosis cannot be found; the diagnosis is left out.", place
            )
            return None
        onset = found.struct.onset_date_time
        if onset is not None and self.onset is None and not self.found:
            at = found.at("onsetDateTime")
            self.onset = (day_at(onset, at, self.notes, "the day of onset"), at)
        return self._of(found.struct.code, DIAGNOSIS, found.at("code"), "the diagnosis is left out")

    def _of(self, concept: Concept | None, wanted: Wanted, place: Place, left: str) -> Found | None:
        found = code_in(concept, wanted, place, self.notes)
        if found is None:
            found = code_in(concept, ICD9, place, self.notes)
            if found is not None:
                self._icd9.append(found)
        if found is None:
            if is_absent(concept):
                self.notes.warn("SEQ812", f"There is no code here; {left}.", place)
            else:
                say_other(concept, wanted, place, self.notes, left)
        return found

    def _roles(self, sent: Sent, path: str) -> list[tuple[Role | None, str]]:
        """The parts of a diagnosis: what it is to the claim first, then those that stand apart."""
        roles: dict[Role, str] = {}
        for index, concept in enumerate(sent.type):
            for word in words_of(concept):
                role = _ROLES.get(word)
                if role is not None:
                    roles.setdefault(role, f"{path}.type[{index}]")
        apart = [(role, place) for role, place in roles.items() if role in _APART]
        within = [(role, place) for role, place in roles.items() if role not in _APART]
        within.sort(key=lambda one: one[0] == "secondary")
        if "principal" in roles and any(diagnosis.role == "principal" for diagnosis in self.found):
            self.notes.warn(
                "SEQ814",
                "The claim has a second principal diagnosis; the first one is kept, and this one is secondary.",
                roles["principal"],
            )
            within = [("secondary", roles["principal"])]
        return [*within[:1], *apart] or [(None, f"{path}.type")]

    def _poa(self, sent: Sent, path: str) -> tuple[PresentOnAdmission | None, str]:
        """Whether a diagnosis was present on admission; Blue Button (version 2) says so in an extension."""
        place = f"{path}.onAdmission"
        words = list(words_of(sent.on_admission))
        if sent.on_admission is None:
            for index, extension in enumerate(sent.extension):
                if _is_poa(extension) and extension.value_coding is not None and extension.value_coding.code:
                    words = [extension.value_coding.code.strip().lower()]
                    place = f"{path}.extension[{index}].valueCoding.code"
        if not words:
            return None, place
        poa = next((_POA[word] for word in words if word in _POA), None)
        if poa is None:
            self.notes.warn(
                "SEQ815",
                f"{shown(words[0].upper())} stands where an indicator of presence on admission is expected (Y, N, U, W or "
                "1); it stays unknown.",
                place,
            )
        return poa, place

    def read_procedures(self, claim: ClaimResource, facts: Facts) -> None:
        """The ICD-10-PCS procedures of a stay."""
        procedures: list[Procedure] = []
        places: list[Any] = []
        for index, sent in enumerate(claim.procedure):
            path = f"procedure[{index}]"
            concept, place = sent.procedure_codeable_concept, f"{path}.procedureCodeableConcept"
            if concept is None and sent.procedure_reference is not None:
                self.notes.warn(
                    "SEQ812",
                    "This procedure refers to another resource, which is not read; the procedure is left out.",
                    f"{path}.procedureReference",
                )
                continue
            found = self._of(concept, PROCEDURE, place, "the procedure is left out")
            if found is not None:
                day = day_at(sent.date, f"{path}.date", self.notes, "the day of the procedure")
                procedures.append(Procedure(code=found.code, date=day))
                places.append({"": path, "code": found.place, "date": f"{path}.date"})
        facts.put_all("procedures", tuple(procedures), places)


def _is_poa(extension: Extension) -> bool:
    return extension.url is not None and last_part(extension.url).startswith(_POA_VARIABLES)
