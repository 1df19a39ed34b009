"""Derived: what follows from the whole claim: roles of diagnoses, its first date, which services still count.

In:   an Encounter.          Out: roles, dates, answers that may be unknown (None).
Uses: model.                 Used by: view, fields.
Not here: facts derived for one line (fields_line).
"""

from datetime import date
from typing import Final

from sequela.engine.encounter.model import Diagnosis, Encounter, HistoryLine

STILL_A_PATIENT: Final = "30"
_REPLACING: Final = ("7", "8")


def frequency_of(encounter: Encounter) -> str | None:
    """The frequency code of a claim: its own, else the last character of its bill type."""
    if encounter.frequency is not None:
        return encounter.frequency
    return None if encounter.bill_type is None else encounter.bill_type[-1:].upper()


def roles_of(diagnoses: tuple[Diagnosis, ...]) -> tuple[str, ...]:
    """The role of each diagnosis: its own, else principal for the first that is a `diagnosis`, and secondary.

    Where another one is named as the principal diagnosis, a first one without a role is secondary.
    """
    open_place = not any(diagnosis.role == "principal" for diagnosis in diagnoses)
    roles: list[str] = []
    for diagnosis in diagnoses:
        role: str = diagnosis.role or ("principal" if open_place else "secondary")
        if role not in ("admitting", "reason-for-visit"):
            open_place = False
        roles.append(role)
    return tuple(roles)


def default_date(claim: Encounter) -> date | None:
    """The discharge date of an inpatient claim (its statement end while the patient stays), else the first date.

    The first date of service is the earliest of the statement's first day and the lines' dates. It is unknown
    when the statement's first day is unknown and so is some line's date.
    """
    if claim.setting == "inpatient":
        if claim.discharged is None and claim.discharge_status == STILL_A_PATIENT:
            return claim.statement_to
        return claim.discharged
    dates = [line.date for line in claim.lines if line.date is not None]
    if claim.statement_from is not None:
        return min([claim.statement_from, *dates])
    return min(dates) if dates and len(dates) == len(claim.lines) else None


def default_date_sources(claim: Encounter) -> tuple[str, ...]:
    """Where the facts stand that would together settle an unknown `default_date`; empty when it is known."""
    if default_date(claim) is not None:
        return ()
    if claim.setting == "inpatient":
        return ("/statement_to",) if claim.discharge_status == STILL_A_PATIENT else ("/discharged",)
    if claim.setting == "professional" and claim.lines:
        return tuple(f"/lines/{index}/date" for index, line in enumerate(claim.lines) if line.date is None)
    return ("/statement_from",)


def belongs_to_services(claim: Encounter, line: HistoryLine) -> bool | None:
    """Whether a history line counts among the services of a claim; None when that is unknown.

    A void line does not, nor one of the claim that this one replaces.
    """
    replaced = _replaced(claim, line)
    if line.disposition == "void" or replaced is True:
        return False
    return None if replaced is None or line.disposition is None else True


def belonging_sources(claim: Encounter, line: HistoryLine, pointer: str) -> tuple[str, ...]:
    """Where the facts stand that would settle whether the history line at `pointer` belongs to the services."""
    sources = [f"{pointer}/disposition"] if line.disposition is None else []
    if _replaced(claim, line) is None:
        sources.append("/original_claim" if claim.original_claim is None else f"{pointer}/claim")
    return tuple(sources)


def _replaced(claim: Encounter, line: HistoryLine) -> bool | None:
    """Whether the claim replaces or cancels the one that the history line is of."""
    frequency, original = frequency_of(claim), claim.original_claim
    if original is None:
        return None if frequency in _REPLACING else False
    if frequency == "1":
        return False
    return None if line.claim is None else line.claim == original
