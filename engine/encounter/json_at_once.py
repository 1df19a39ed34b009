"""JSON at once: a claim read from its text in one go, when nothing at all is wrong with it.

In:   the bytes of one object of `sequela.encounter/1`.    Out: the Encounter, or None.
Uses: model, json_shape, sound_at_once.                    Used by: from_json.
Not here: what is wrong with a text, and where (from_json reads it a second time, slowly).

Written for speed, as every claim passes here. A key that stands in its object twice is lost when a text is decoded, and readers
differ in which of the two they keep. There are as many keys in a text as there are colons outside of its strings. So when a text
has no more colons than its usual facts have keys, every colon belongs to one of these facts: no key stands there twice, and no
other fact is there. Otherwise the claim is written again, and the colons of both texts are compared.
"""

from decimal import Decimal
from typing import Any, Final

import msgspec

from sequela.engine.encounter.json_shape import without_nulls
from sequela.engine.encounter.model import Encounter
from sequela.engine.encounter.sound_at_once import UNSOUND, is_sound, is_sound_elsewhere, usual_keys

decoded: Final = msgspec.json.Decoder(Encounter).decode
"""The encounter that a text decodes to, sound or not. Its errors are those of msgspec."""
_to_value: Final = msgspec.json.Decoder().decode
_to_exact_value: Final = msgspec.json.Decoder(float_hook=Decimal).decode
_FROM_ENCOUNTER: Final = msgspec.json.Encoder()
_BUFFERS: Final[list[bytearray]] = []
"""What was written to before and is free: one for each thread that reads at once."""
_SCHEMA: Final = b'"schema":'
_SCHEMA_FIRST: Final = b'{"schema":'
_FIRST: Final = len(_SCHEMA_FIRST)


def read_at_once(raw: bytes, codes: bool = True) -> Encounter | None:
    """The encounter when nothing at all is wrong with it, else None.

    Without `codes` it may still be that the code of a line, or of a diagnosis without a role, is none; see `codes_are_sound`.
    """
    try:
        encounter = decoded(raw)
    except msgspec.ValidationError:
        return _read_with_nulls(raw)
    except (msgspec.MsgspecError, UnicodeError, RecursionError):
        return None
    keys = usual_keys(encounter, codes)
    if keys == raw.count(b":") and (raw[:_FIRST] == _SCHEMA_FIRST or _SCHEMA in raw):
        return encounter
    if keys == UNSOUND or not is_sound_elsewhere(encounter) or not _has_each_key_once(raw, encounter):
        return None
    return encounter


def _has_each_key_once(raw: bytes, encounter: Encounter) -> bool:
    """Whether no key stands in its object twice, and the schema is named.

    An escaped colon would hide a key, so a text with escapes of that kind is looked at slowly.
    """
    if b"\\u003" in raw:
        return False
    colons = raw.count(b":")
    try:
        if raw.startswith(_SCHEMA_FIRST) and _colons_of(encounter) + 1 == colons:
            return True
        value = _to_value(raw)
        return "schema" in value and msgspec.json.encode(value).count(b":") == colons
    except RecursionError:
        return False


def _colons_of(encounter: Encounter) -> int:
    """How many colons stand in the JSON text of an encounter; a text of one claim is written over that of the last."""
    buffer = _BUFFERS.pop() if _BUFFERS else bytearray()
    _FROM_ENCOUNTER.encode_into(encounter, buffer)
    found = buffer.count(b":")
    _BUFFERS.append(buffer)
    return found


def _read_with_nulls(raw: bytes) -> Encounter | None:
    """The same for a text that may have nulls where the model has none: for a list or an object that was not sent."""
    try:
        value = _to_value(raw)
        if b"\\u003" in raw or not isinstance(value, dict) or value.get("schema") is None:
            return None
        if msgspec.json.encode(value).count(b":") != raw.count(b":"):
            return None
        encounter = msgspec.convert(without_nulls(exact_value(raw)), Encounter)
    except (TypeError, msgspec.MsgspecError, UnicodeError, RecursionError):
        return None
    return encounter if is_sound(encounter) else None


def exact_value(raw: bytes) -> Any:
    """What a text decodes to, its numbers as Decimals where they are not whole; `extra` as any reader would have it."""
    value = _to_exact_value(raw)
    if isinstance(value, dict) and "extra" in value:
        value["extra"] = _to_value(raw)["extra"]
    return value
