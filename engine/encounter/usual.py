"""Usual: claims that hold nothing but the facts of which nearly every claim is made, as classes quick to fill and to free.

In:   the classes of the model.    Out: `usual_decoder`, `in_full`.
Uses: model.                       Used by: usual_at_once, plan.certain (which reads its attributes like those of an Encounter).
Not here: reading a text, and whether what it says is sound (usual_at_once).

A claim has more than a hundred facts, of which a text holds about ten; to fill and to free all the others takes a third of
the time of reading. The classes here have the usual facts alone. Every other fact is an attribute of the class, with the value
that the model gives to what was not sent: so the code that decides reads them as it reads an Encounter. A text with any other
fact is no claim of this kind. Nobody outside of deciding meets one: `in_full` makes the Encounter that says the same.
"""

from collections.abc import Callable
from functools import cache
from typing import Any, Final, Literal, get_type_hints

import msgspec

from sequela.engine.encounter.model import Diagnosis, Encounter, Line, Part, Party, Patient

_PLACES: Final = Literal[tuple(f"{number:02d}" for number in range(100))]
"""All codes of places there can be: what has another form is read in full, and found to be wrong."""

USUAL: Final[dict[type[Part], tuple[str, ...]]] = {
    Patient: ("id", "birth_date", "sex"),
    Party: ("npi", "group", "taxonomy", "specialty", "state"),
    Diagnosis: ("code", "role", "poa"),
    Line: ("number", "revenue", "code", "modifiers", "units", "date", "place", "charge", "diagnoses"),
    Encounter: (
        *("schema", "id", "setting", "payer", "received", "place", "bill_type", "statement_from", "statement_to"),
        *("admitted", "admit_type", "admit_source", "discharged", "discharge_status", "total_charge", "patient"),
        *("provider", "billing", "attending", "diagnoses", "lines"),
    ),
}
"""The usual facts of each object; `usual_at_once` counts these."""


class _Unsent(tuple[Any, ...]):
    """An empty list that stands in no text."""

    __slots__ = ()


UNSENT: Final[tuple[Any, ...]] = _Unsent()
"""The modifiers, or the diagnoses, that were not sent: equal to those that were sent as an empty list."""

WIDE: Final[dict[type, type[Part]]] = {}
"""The class of the model for each class that was made here."""


@cache
def usual_decoder() -> Callable[[bytes], Any]:
    """What decodes the JSON text of a claim of usual facts that names its schema; made when it is first asked for.

    Its errors are those of msgspec. What it lets through has the types of the model.
    """
    patient, party, diagnosis = _made(Patient), _made(Party), _made(Diagnosis)
    line = _made(Line, place=_PLACES | None)
    claim = _made(
        Encounter,
        place=_PLACES | None,
        patient=patient,
        provider=party,
        billing=party,
        attending=party,
        diagnoses=tuple[diagnosis, ...],  # type: ignore[valid-type]
        lines=tuple[line, ...],  # type: ignore[valid-type]
    )
    return msgspec.json.Decoder(claim).decode


def _made(wide: type[Part], **types: Any) -> Any:
    """A class of the usual facts of one of the model's; `types` are those that differ."""
    hints = get_type_hints(wide, include_extras=True) | types
    usual = USUAL[wide]
    fields: list[tuple[str, Any] | tuple[str, Any, Any]] = []
    unsent: dict[str, Any] = {}
    for one in msgspec.structs.fields(wide):
        default = {} if one.default is msgspec.NODEFAULT else UNSENT if one.default == () else one.default
        if one.name not in usual:
            unsent[one.name] = default
        elif one.required or one.name == "schema":
            fields.append((one.name, hints[one.name]))
        else:
            fields.append((one.name, hints[one.name], default))
    made = msgspec.defstruct(
        f"Usual{wide.__name__}",
        fields,
        module=__name__,
        namespace=unsent,
        frozen=True,
        kw_only=True,
        forbid_unknown_fields=True,
        gc=False,
    )
    WIDE[made] = wide
    return made


def in_full(claim: Encounter) -> Encounter:
    """The Encounter that says what a claim of usual facts says; an Encounter is itself."""
    return claim if isinstance(claim, Encounter) else _widened(claim)


def _widened(value: Any) -> Any:
    if isinstance(value, tuple):
        return tuple(map(_widened, value))
    wide = WIDE.get(value.__class__)
    if wide is None:
        return value
    return wide(**{name: _widened(getattr(value, name)) for name in value.__struct_fields__})
