"""FHIR decode: the JSON of a resource into its struct, and what to say where it does not fit.

In:   the bytes of a resource.     Out: a struct, or None with a fatal problem.
Uses: fhir_notes, fhir_structs.    Used by: from_fhir, fhir_pool.

A sound resource is decoded at once. Where a single value is of the wrong kind (a word where a number belongs) that value
is left out, and said: it stays unknown. Where a list or an object is something else, nobody knows what is lost, and
the resource is not read. Keys that are null mean the same as absent ones.
"""

import re
from collections.abc import Callable
from decimal import Decimal
from typing import Any, Final, TypeVar

import msgspec

from sequela.engine.encounter.fault import shown
from sequela.engine.encounter.fhir_notes import Notes
from sequela.engine.encounter.fhir_source import Place

Decoded = TypeVar("Decoded")

_TO_VALUE: Final = msgspec.json.Decoder(float_hook=Decimal)
_FROM_VALUE: Final = msgspec.json.Encoder(decimal_format="number")
_PLACE: Final = re.compile(r" - at `(?P<path>\$[^`]*)`$")
_STEP: Final = re.compile(r"\.([A-Za-z_][A-Za-z0-9_]*)|\[([0-9]+)\]")
_EXPECTED: Final = re.compile(r"Expected `(?P<kinds>[^`]*)`")
_MOST_FAULTS: Final = 50
_IN_WORDS: Final = {
    "str": "a text",
    "int": "a whole number",
    "bool": "true or false",
    "decimal": "a number",
    "array": "a list",
    "object": "an object",
}


_DECODERS: Final[dict[type[Any], msgspec.json.Decoder[Any]]] = {}


def _decoder(kind: type[Any]) -> msgspec.json.Decoder[Any]:
    """The decoder of a struct, made when it is first wanted."""
    found = _DECODERS.get(kind)
    if found is None:
        found = _DECODERS[kind] = msgspec.json.Decoder(kind)
    return found


def decoded(raw: bytes, kind: type[Decoded], notes: Notes, at: Callable[[str], Place]) -> Decoded | None:
    """The struct of a resource; None, and said as fatal, when its shape is not that of FHIR.

    Args:
        raw: JSON that is well formed.
        kind: a struct of fhir_structs or fhir_people_structs.
        notes: where problems go.
        at: makes of a path in the resource a place for problems.
    """
    try:
        found: Decoded = _decoder(kind).decode(raw)
    except (msgspec.MsgspecError, UnicodeError):
        return _mended(raw, kind, notes, at)
    return found


def value_of(raw: bytes) -> Any:
    """What the JSON of a resource decodes to, without its nulls; None when it does not decode."""
    try:
        return _without_nulls(_TO_VALUE.decode(raw))
    except (msgspec.MsgspecError, UnicodeError, RecursionError):
        return None


def _mended(raw: bytes, kind: type[Decoded], notes: Notes, at: Callable[[str], Place]) -> Decoded | None:
    """The struct of a resource with faults, which are named one by one."""
    value = value_of(raw)
    for _ in range(_MOST_FAULTS):
        try:
            found: Decoded = _decoder(kind).decode(_FROM_VALUE.encode(value))
        except msgspec.ValidationError as fault:
            if not _left_out(value, str(fault), notes, at):
                return None
        except (msgspec.MsgspecError, UnicodeError, RecursionError, OverflowError):
            notes.fatal("SEQ796", "The resource holds a value that no claim can have; it is not read.", at(""))
            return None
        else:
            return found
    notes.fatal(
        "SEQ796", f"The resource has more than {_MOST_FAULTS} values of the wrong kind; it is not read.", at("")
    )
    return None


def _left_out(value: Any, said: str, notes: Notes, at: Callable[[str], Place]) -> bool:
    """Leave out the one value that a fault is about, and say so; false, and said as fatal, when that cannot be."""
    steps = [name or int(index) for name, index in _STEP.findall(_path_in(said))]
    path = _path_in(said).removeprefix("$").removeprefix(".")
    holder = value
    for step in steps[:-1]:
        holder = holder[step]
    wrong = holder[steps[-1]] if steps else value
    found = _EXPECTED.search(said)
    kinds = [kind.strip() for kind in found["kinds"].split("|")] if found else ["decimal"]
    expected = " or ".join(_IN_WORDS[kind] for kind in kinds if kind in _IN_WORDS) or "another value"
    is_structure = "array" in kinds or "object" in kinds or not steps
    message = f"{_capital(shown(wrong))} stands where {expected} is expected"
    if is_structure or not isinstance(holder, dict):
        notes.fatal(
            "SEQ796",
            f"{message}; the resource is not read.",
            at(path),
            hint="Nobody knows what is lost where the shape is not that of FHIR R4. Was it sent in another version?",
        )
        return False
    notes.warn("SEQ797", f"{message}; it stays unknown.", at(path))
    del holder[steps[-1]]
    return True


def _path_in(said: str) -> str:
    found = _PLACE.search(said)
    return found["path"] if found else "$"


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]


def _without_nulls(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _without_nulls(item) for key, item in value.items() if item is not None}
    if isinstance(value, list):
        return [_without_nulls(item) for item in value]
    return value
