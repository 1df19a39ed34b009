"""Other words: what people call a fact or the claim when they do not use the language's own word.

In:   a kind of member and a word that names none of its facts.    Out: a hint that says the fact's own name.
Uses: encounter.fields, kinds.                                     Used by: values, scope.
Not here: slips of the pen (diagnostics.suggest).
"""

from collections.abc import Iterable
from typing import Final

from sequela.engine.encounter.fields import field_of
from sequela.engine.model.kinds import is_line
from sequela.engine.vocabulary.kinds import DIAGNOSIS_LIKE, Kind

_FACTS: Final = {
    "units": ("quantity", "qty", "count", "unit-count", "service-units", "days-or-units"),
    "date": ("dos", "service-date", "date-of-service", "from-date", "start-date", "start", "from"),
    "end-date": ("to-date", "thru-date", "through-date", "end", "to"),
    "place": ("pos", "place-of-service", "location", "site"),
    "charge": ("amount", "billed", "billed-amount", "billed-charge", "price", "cost", "fee", "total"),
    "total-charge": ("amount", "billed", "billed-amount", "charge", "charges", "total"),
    "code": ("cpt", "hcpcs", "procedure", "procedure-code", "service-code", "icd", "icd10", "dx", "diagnosis-code"),
    "revenue": ("rev", "rev-code", "revenue-code"),
    "provider": ("npi", "rendering", "rendering-provider", "physician", "doctor"),
    "provider.npi": ("npi", "rendering-provider", "physician", "doctor"),
    "authorization": ("auth", "prior-auth", "prior-authorization", "auth-number", "authorization-number", "precert"),
    "poa": ("present-on-admission", "poa-indicator"),
    "bill-type": ("tob", "type-of-bill"),
    "drg": ("ms-drg", "drg-code"),
    "payer": ("payer-id", "insurance", "carrier", "insurer"),
    "admitted": ("admission", "admission-date", "admit-date"),
    "discharged": ("discharge", "discharge-date"),
    "received": ("receipt-date", "received-date", "submitted", "filed"),
    "disposition": ("status", "claim-status"),
    "birth-date": ("dob", "birthday", "date-of-birth", "birthdate", "born"),
    "sex": ("gender",),
    "subscriber.member-id": ("member-id", "member", "subscriber-id"),
}
"""By the language's word for a fact the other words for it; one word may mean facts of several kinds of members."""

_OF_PATIENT: Final = "It is a fact of the patient: `patient.{}`."
_OF_CLAIM: Final = "It is a fact of the claim: `encounter.{}`."

_MEMBERS: Final = {
    **dict.fromkeys(("dx", "diagnosis", "diagnoses", "diag", "icd"), ("diagnosis", "dx")),
    **dict.fromkeys(("line", "lines", "service-line"), ("line", "item")),
    **dict.fromkeys(("modifier", "modifiers"), ("modifier", "mark")),
    **dict.fromkeys(("procedure", "procedures", "px"), ("procedure", "op")),
    **dict.fromkeys(("document", "documents", "record", "note"), ("document", "note")),
    **dict.fromkeys(("history", "history-line", "prior"), ("history line", "seen")),
}
_UNDER_ENCOUNTER: Final = "What belongs to the claim stands under `encounter`, as in `encounter.received`."
_CLAIM_WORDS: Final = frozenset({"claim", "bill", "visit", "header", "stay", "admission", "episode", "case"})
_PATIENT_WORDS: Final = frozenset({"member", "beneficiary", "subscriber", "insured", "person", "enrollee"})


def fact_hint(kind: Kind, name: str) -> str | None:
    """Where the fact is that a person means by a word which is no fact of `kind`; None where the word is not known."""
    if is_line(kind) and name in ("modifier", "modifiers", "mod"):
        return "Modifiers are asked with `has modifier`, as in `visit has modifier 25`."
    if is_line(kind) and (name in ("diagnoses", "diagnosis", "dx", "icd") or name.startswith("diagnosis-")):
        return "A line points to diagnoses; ask `some diagnosis dx of … where dx.code is …`."
    if kind is Kind.DIAGNOSIS and name in ("position", "order", "rank", "sequence", "pointer", "place"):
        return "The order of diagnoses is asked with `comes before`."
    if kind in DIAGNOSIS_LIKE and name in ("principal", "primary", "is-principal"):
        return "Ask `dx.role is principal`, or write `for the first diagnosis dx`."
    names = (name, *(own for own, others in _FACTS.items() if name in others))
    for own in names[1:]:
        if field_of(kind, own) is not None:
            return f"The word for it is `{own}`."
    for own in names:
        if kind is not Kind.PATIENT and field_of(Kind.PATIENT, own) is not None:
            return _OF_PATIENT.format(own)
        if kind is not Kind.CLAIM and field_of(Kind.CLAIM, own) is not None:
            return _OF_CLAIM.format(own)
    return None


def name_hint(name: str, bound: Iterable[tuple[str, Kind]]) -> str | None:
    """What to write for a word that is bound to nothing: for `claim` or `line`, what stands for them here."""
    if name == "claim":
        return _UNDER_ENCOUNTER
    same = [own for own, kind in bound if kind.value == name or (name == "dx" and kind in DIAGNOSIS_LIKE)]
    if same:
        return f"Write the name that it is bound to here: {' or '.join(f'`{own}`' for own in same)}."
    if name in _MEMBERS and not same:
        kind, example = _MEMBERS[name]
        return (
            f"No {kind} is bound here: ask `some {kind} {example} where {example}.… is …`, or bind it with `for each`."
        )
    if name in _CLAIM_WORDS:
        return _UNDER_ENCOUNTER
    if name in _PATIENT_WORDS:
        return "What belongs to the patient stands under `patient`, as in `patient.age`."
    return None
