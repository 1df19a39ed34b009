"""Likeness: what claims have in common whose lines, or diagnoses, may be decided alike.

In:   an Encounter.                                Out: `in_common`, `read_of`: what makes it like another; `Likeness`.
Uses: encounter, plan.certain.remembered.          Used by: plan.certain.alike.
Not here: which facts rules read (own); what makes one line like another (alike).

Claims are alike in the facts that rules may read of every line. Most of these hardly any rule reads: what is remembered of a
line is shared by all claims that are the same in those that some rule does read.
"""

from typing import Any, Final

from sequela.engine.encounter.model import Encounter
from sequela.engine.plan.certain.claim import Record
from sequela.engine.plan.certain.grouped import Decide
from sequela.engine.plan.certain.own import CONDITION_CODES
from sequela.engine.plan.certain.remembered import Rules
from sequela.engine.vocabulary.kinds import Kind

ALL_EMPTY: Final = frozenset({Kind.HISTORY_LINE, Kind.DOCUMENT, Kind.CLAIM})
"""The lists of a claim that may be empty or not: history, documents, tags."""

_BILL: Final = frozenset({"bill-type", "frequency"})
_READ_BY: Final = (
    _BILL,
    _BILL,
    frozenset({"original-claim"}),
    frozenset({"delay-reason"}),
    frozenset({"onset-date"}),
    frozenset({"discharge-status"}),
    frozenset({CONDITION_CODES}),
    frozenset({"sex"}),
    frozenset({"facility.state"}),
    frozenset({"facility.taxonomy"}),
)
"""For each of what `in_common` gives first, the names of the facts that read it; a frequency may stand in the bill type."""


class Likeness:
    """What claims have in common of which the facts that are read of every line are the same."""

    def __init__(self, of_lines: int, of_diagnoses: int, lines: Rules, diagnoses: Rules, claims: Rules) -> None:
        self.of_lines, self.of_diagnoses = of_lines, of_diagnoses
        """Numbers: the same on all claims that are alike in what is read of their lines, or diagnoses."""
        self.lines, self.diagnoses, self.claims = lines, diagnoses, claims
        self.known: dict[int | None, tuple[list[Record], Decide | None]] = {}
        """By the stretch of its day what is known of a whole claim: records, and what decides the other rules."""


def in_common(claim: Encounter) -> tuple[tuple[Any, ...], tuple[Any, ...]]:
    """What makes a claim like another: what matters where some rule reads it, and what always does."""
    history, documents, provider, billing = claim.history, claim.documents, claim.provider, claim.billing
    some = (
        claim.bill_type,
        claim.frequency,
        claim.original_claim is None,
        claim.delay_reason is None,
        claim.onset_date is None,
        claim.discharge_status,
        claim.condition_codes,
        claim.patient.sex,
        claim.facility.state,
        claim.facility.taxonomy,
    )
    whole = (
        claim.received is None,
        not claim.tags,
        billing.state,
        billing.taxonomy,
        billing.specialty,
        billing.npi is None,
        provider.specialty,
        provider.taxonomy,
        provider.npi is None,
        history.complete,
        not history.lines if history.lines is not None else None,
        documents.complete,
        not documents.items if documents.items is not None else None,
    )
    return some, whole


def read_of(some: tuple[Any, ...], facts: frozenset[str]) -> list[Any]:
    """What facts with these names read of what `in_common` gives first."""
    return [one for one, names in zip(some, _READ_BY, strict=True) if facts & names]


def empty_lists(claim: Encounter) -> frozenset[Kind]:
    """Which of the lists that may be empty or not are."""
    listed = (
        (Kind.HISTORY_LINE, claim.history.lines),
        (Kind.DOCUMENT, claim.documents.items),
        (Kind.CLAIM, claim.tags),
    )
    return frozenset(kind for kind, one in listed if not one)
