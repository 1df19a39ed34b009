"""View: the members of a claim, as both evaluators meet them.

In:   an Encounter.              Out: `View` (and `Member`, re-exported).
Uses: model, member, derived, normal_codes, vocabulary.    Used by: fields, evaluate, explain.
Not here: the facts of a member (fields); what a rule does with members (evaluate).
"""

from collections.abc import Callable
from datetime import date
from typing import Final

from sequela.engine.encounter.derived import (
    belonging_sources,
    belongs_to_services,
    default_date,
    default_date_sources,
    roles_of,
)
from sequela.engine.encounter.member import Member, label_of
from sequela.engine.encounter.model import Diagnosis, Encounter, HistoryLine, Line
from sequela.engine.encounter.normal_codes import normaliser
from sequela.engine.vocabulary.absent import NONE, Nothing
from sequela.engine.vocabulary.kinds import Kind
from sequela.engine.vocabulary.systems import System

__all__ = ["READERS", "Member", "Members", "View"]

_diagnosis_code = normaliser(System.ICD10CM)
_procedure_code = normaliser(System.ICD10PCS)
_service_code = normaliser(System.HCPCS)
_modifier_code = normaliser(System.MODIFIER)
_condition_code = normaliser(System.CONDITION)
_occurrence_code = normaliser(System.OCCURRENCE)
_value_code = normaliser(System.VALUE)


# Read once: looking a kind up in its Enum costs more than the rest of a step here.
_CLAIM, _PATIENT, _LINE, _MODIFIER, _DIAGNOSIS = Kind.CLAIM, Kind.PATIENT, Kind.LINE, Kind.MODIFIER, Kind.DIAGNOSIS

Members = tuple[Member, ...]


def _code_of_service(data: Line | HistoryLine) -> str | Nothing | None:
    """The procedure code; NONE when a revenue code stands alone, unknown when neither was sent."""
    if data.code is not None:
        return _service_code(data.code)
    return None if data.revenue is None else NONE


class View:
    """A claim as its members. Built for one check, filled in as it is asked, never changed otherwise."""

    __slots__ = (
        "_by_place",
        "_condition_codes",
        "_default_date",
        "_diagnoses",
        "_documents",
        "_history_lines",
        "_lines",
        "_modifiers",
        "_occurrences",
        "_pointed",
        "_procedures",
        "_services",
        "_value_codes",
        "claim",
        "encounter",
        "patient",
    )

    def __init__(self, encounter: Encounter) -> None:
        self.encounter = encounter
        self.claim = Member(self, _CLAIM, 0, encounter)
        self.patient = Member(self, _PATIENT, 0, encounter.patient)
        self._lines: Members | None = None
        self._history_lines: Members | None = None
        self._services: Members | None = None
        self._documents: Members | None = None
        self._procedures: Members | None = None
        self._condition_codes: Members | None = None
        self._occurrences: Members | None = None
        self._value_codes: Members | None = None
        self._diagnoses: tuple[Members, Members, Members] | None = None
        self._by_place: dict[int, Member] | None = None
        self._modifiers: dict[int, Members] = {}
        self._pointed: dict[int, Members | None] = {}
        self._default_date: tuple[date | None] | None = None

    # ------------------------------------------------------------ the lists

    def members(self, kind: Kind) -> Members:
        """The members of a kind, as sent; diagnoses with the principal one first. Empty for a kind without a list."""
        read = READERS.get(kind)
        return read(self) if read is not None else ()

    def lines(self) -> Members:
        """The claim's lines as sent."""
        found = self._lines
        if found is None:
            kind = _LINE
            found = self._lines = tuple(
                [
                    Member(self, kind, index, data, _code_of_service(data), index)
                    for index, data in enumerate(self.encounter.lines)
                ]
            )
        return found

    def history_lines(self) -> Members:
        """The lines of other claims, as sent."""
        found = self._history_lines
        if found is None:
            found = self._history_lines = tuple(
                Member(self, Kind.HISTORY_LINE, index, data, _code_of_service(data), index)
                for index, data in enumerate(self.encounter.history.lines or ())
            )
        return found

    def services(self) -> Members:
        """The claim's lines, then the history lines, without void ones and those of the claim that this one replaces.

        A history line of which that is unknown is there and `uncertain`. Members keep the kind LINE or HISTORY_LINE.
        """
        found = self._services
        if found is None:
            history = self.history_lines()
            kept: list[Member] = []
            for member in history:
                belongs = belongs_to_services(self.encounter, member.data)
                if belongs is True:
                    kept.append(member)
                elif belongs is None:
                    kept.append(
                        Member(self, member.kind, member.index, member.data, member.code, member.order, uncertain=True)
                    )
            found = self._services = self.lines() + tuple(kept)
        return found

    def diagnoses(self) -> Members:
        """Principal, secondary and external-cause diagnoses: the principal first, then the others as sent."""
        return (self._diagnoses or self._sort_diagnoses())[0]

    def admitting_diagnoses(self) -> Members:
        """The admitting diagnoses as sent."""
        return (self._diagnoses or self._sort_diagnoses())[1]

    def reason_diagnoses(self) -> Members:
        """The reasons for the visit, as sent."""
        return (self._diagnoses or self._sort_diagnoses())[2]

    def procedures(self) -> Members:
        """The claim's ICD-10-PCS codes as sent."""
        found = self._procedures
        if found is None:
            found = self._procedures = tuple(
                Member(self, Kind.PROCEDURE, index, data, _procedure_code(data.code), index)
                for index, data in enumerate(self.encounter.procedures)
            )
        return found

    def documents(self) -> Members:
        """The documents of the record, as sent."""
        found = self._documents
        if found is None:
            found = self._documents = tuple(
                Member(self, Kind.DOCUMENT, index, data, None, index)
                for index, data in enumerate(self.encounter.documents.items or ())
            )
        return found

    def condition_codes(self) -> Members:
        """The condition codes as sent."""
        found = self._condition_codes
        if found is None:
            found = self._condition_codes = tuple(
                Member(self, Kind.CONDITION_CODE, index, code, _condition_code(code), index)
                for index, code in enumerate(self.encounter.condition_codes)
            )
        return found

    def occurrences(self) -> Members:
        """The occurrence and occurrence span codes as sent."""
        found = self._occurrences
        if found is None:
            found = self._occurrences = tuple(
                Member(self, Kind.OCCURRENCE, index, data, _occurrence_code(data.code), index)
                for index, data in enumerate(self.encounter.occurrence_codes)
            )
        return found

    def value_codes(self) -> Members:
        """The value codes as sent."""
        found = self._value_codes
        if found is None:
            found = self._value_codes = tuple(
                Member(self, Kind.VALUE_CODE, index, data, _value_code(data.code), index)
                for index, data in enumerate(self.encounter.value_codes)
            )
        return found

    # ------------------------------------------------------------ what hangs on a line

    def modifiers(self, line: Member) -> Members:
        """The modifiers of a line, history line or service, as sent."""
        if not line.data.modifiers:
            return ()
        key = line.index if line.kind is _LINE else ~line.index
        found = self._modifiers.get(key)
        if found is None:
            kind = _MODIFIER
            found = self._modifiers[key] = tuple(
                [
                    Member(self, kind, index, code, _modifier_code(code), index, line)
                    for index, code in enumerate(line.data.modifiers)
                ]
            )
        return found

    def diagnoses_of(self, line: Member) -> Members | None:
        """The diagnoses that a line points to, in its order; None when its pointers were not sent.

        A line of an institutional claim points to every diagnosis, the principal first. Pointers to admitting
        and reason-for-visit diagnoses point to no `diagnosis`. For a history line: the codes sent with it.
        """
        key = line.index if line.kind is _LINE else ~line.index
        if key not in self._pointed:
            self._pointed[key] = self._find_diagnoses_of(line)
        return self._pointed[key]

    def _find_diagnoses_of(self, line: Member) -> Members | None:
        sent = line.data.diagnoses
        if line.kind is not _LINE:
            if sent is None:
                return None
            return tuple(
                Member(self, Kind.DIAGNOSIS, index, Diagnosis(code=code), _diagnosis_code(code), index, line)
                for index, code in enumerate(sent)
            )
        if self.encounter.setting != "professional":
            return self.diagnoses()
        if sent is None:
            return None
        if self._by_place is None:
            self._by_place = {member.index + 1: member for member in self.diagnoses()}
        by_place = self._by_place
        return tuple([by_place[place] for place in sent if place in by_place])

    # ------------------------------------------------------------ open lists

    def is_open(self, kind: Kind) -> bool:
        """Whether a list may hold members that were not sent: history, services and documents may."""
        if kind is Kind.HISTORY_LINE or kind is Kind.SERVICE:
            history = self.encounter.history
            return not (history.complete or (history.complete is None and history.lines == ()))
        if kind is Kind.DOCUMENT:
            documents = self.encounter.documents
            return not (documents.complete or (documents.complete is None and documents.items == ()))
        return False

    def open_pointer(self, kind: Kind) -> str:
        """The JSON pointer of the fact that would close an open list."""
        return "/documents/complete" if kind is Kind.DOCUMENT else "/history/complete"

    # ------------------------------------------------------------ derived from the whole claim

    def default_date(self) -> date | None:
        """The governing date of every subject but lines; see `derived.default_date`."""
        if self._default_date is None:
            self._default_date = (default_date(self.encounter),)
        return self._default_date[0]

    def default_date_sources(self) -> tuple[str, ...]:
        """Where the facts stand that would together settle an unknown `default_date`; empty when it is known."""
        return default_date_sources(self.encounter)

    def belonging_sources(self, member: Member) -> tuple[str, ...]:
        """Where the facts stand that would settle whether an uncertain service belongs."""
        return belonging_sources(self.encounter, member.data, member.pointer)

    def label(self, member: Member) -> str:
        """What people call a member: "line 1", "dx 2", "modifier 25 of line 1", "the claim"."""
        return label_of(member)

    def _sort_diagnoses(self) -> tuple[Members, Members, Members]:
        principal: list[Member] = []
        others: list[Member] = []
        admitting: list[Member] = []
        reasons: list[Member] = []
        sent = self.encounter.diagnoses
        for index, (data, role) in enumerate(zip(sent, roles_of(sent), strict=True)):
            code = _diagnosis_code(data.code)
            if role == "admitting":
                admitting.append(Member(self, Kind.ADMITTING_DIAGNOSIS, index, data, code, len(admitting)))
            elif role == "reason-for-visit":
                reasons.append(Member(self, Kind.REASON_DIAGNOSIS, index, data, code, len(reasons)))
            else:
                kept = principal if role == "principal" else others
                kept.append(Member(self, _DIAGNOSIS, index, data, code))
        diagnoses = principal + others
        for order, member in enumerate(diagnoses):
            member.order = order
        self._diagnoses = (tuple(diagnoses), tuple(admitting), tuple(reasons))
        return self._diagnoses


READERS: Final[dict[Kind, Callable[[View], Members]]] = {
    Kind.LINE: View.lines,
    Kind.HISTORY_LINE: View.history_lines,
    Kind.SERVICE: View.services,
    Kind.DIAGNOSIS: View.diagnoses,
    Kind.ADMITTING_DIAGNOSIS: View.admitting_diagnoses,
    Kind.REASON_DIAGNOSIS: View.reason_diagnoses,
    Kind.PROCEDURE: View.procedures,
    Kind.DOCUMENT: View.documents,
    Kind.CONDITION_CODE: View.condition_codes,
    Kind.OCCURRENCE: View.occurrences,
    Kind.VALUE_CODE: View.value_codes,
}
"""The function that lists the members of each kind: a plan looks it up once and calls it with each view."""
