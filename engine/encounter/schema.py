"""Schema: the JSON Schema of `sequela.encounter/1`, made from the model and the catalogue of fields.

In:   the model, the catalogue.              Out: `json_schema`, `schema_text`; the file encounter.schema.json.
Uses: model, fields, json_shape, soundness.  Used by: users' own tools; a test keeps the file as this module makes it.
Not here: reading an encounter (from_json), which is stricter: it also judges what the parts of a claim say together.

Run as a program it writes the file: `python -m sequela.engine.encounter.schema`.
"""

import datetime
import re
from importlib.resources import files
from pathlib import Path
from typing import Any, Final, Literal, get_args, get_origin

import msgspec

from sequela.engine.encounter.fields import Field, field_of, fields_of
from sequela.engine.encounter.fields_party import PARTIES, PARTY_FACTS
from sequela.engine.encounter.json_shape import NAMES, bare_type, hints_of, required_keys
from sequela.engine.encounter.model import (
    SCHEMA,
    TAG_NAME,
    Diagnosis,
    Document,
    Documents,
    Encounter,
    History,
    HistoryLine,
    Line,
    Number,
    Occurrence,
    OtherPayer,
    Part,
    Party,
    Patient,
    Procedure,
    Subscriber,
    ValueCode,
)
from sequela.engine.encounter.soundness import MOST_DECIMALS, MOST_DIGITS, MOST_MODIFIERS
from sequela.engine.vocabulary.kinds import CodeOf, CodesOf, Kind, Scalar
from sequela.engine.vocabulary.systems import SHAPES, System

FILE: Final = "encounter.schema.json"
IDENTIFIER: Final = "urn:sequela:encounter:1"

_OWNERS: Final[dict[type[Part], Kind]] = {
    Encounter: Kind.CLAIM,
    Patient: Kind.PATIENT,
    Line: Kind.LINE,
    HistoryLine: Kind.HISTORY_LINE,
    Diagnosis: Kind.DIAGNOSIS,
    Procedure: Kind.PROCEDURE,
    Document: Kind.DOCUMENT,
    Occurrence: Kind.OCCURRENCE,
    ValueCode: Kind.VALUE_CODE,
}
_TAGS: Final = "Texts under names of your own; rules read them as `tags.NAME`."
_WORDS: Final[dict[tuple[type[Part], str], str]] = {
    (Encounter, "schema"): "The version of this format.",
    (Encounter, "lines"): "The lines of the claim; a list may be empty.",
    (Encounter, "condition_codes"): "The condition codes. A complete list: absent is empty.",
    (Encounter, "occurrence_codes"): "The occurrence and occurrence span codes. A complete list: absent is empty.",
    (Encounter, "value_codes"): "The value codes. A complete list: absent is empty.",
    (Encounter, "patient"): "Who was treated.",
    (Encounter, "subscriber"): "Who holds the insurance.",
    (Encounter, "other_payers"): "The other payers of the claim, and what they did with it.",
    (Encounter, "diagnoses"): "The diagnoses in the order sent. A complete list: absent is empty.",
    (Encounter, "procedures"): "The ICD-10-PCS codes in the order sent. A complete list: absent is empty.",
    (Encounter, "history"): "Lines of other claims of the patient.",
    (Encounter, "documents"): "What is known of the documents in the record.",
    (Encounter, "tags"): _TAGS,
    (Encounter, "extra"): "Anything of your own; it is never read.",
    (Line, "modifiers"): "The modifiers in the order sent. A complete list: absent is empty.",
    (Line, "tags"): _TAGS,
    (Diagnosis, "tags"): _TAGS,
    (Line, "diagnoses"): "The diagnoses that the line points to: their places in the claim's list, from 1.",
    (HistoryLine, "modifiers"): "The modifiers in the order sent. A complete list: absent is empty.",
    (HistoryLine, "tags"): _TAGS,
    (HistoryLine, "diagnoses"): "The ICD-10-CM codes that the line was billed with.",
    (History, "complete"): "Whether these are all the lines there are. An empty list without it is complete.",
    (History, "lines"): "Lines of other claims.",
    (Documents, "complete"): "Whether these are all the documents there are. An empty list without it is complete.",
    (Documents, "items"): "The documents.",
    (OtherPayer, "payer"): "The identifier of the payer.",
    (OtherPayer, "name"): "The name of the payer.",
    (OtherPayer, "sequence"): "Whether that payer pays first, second or third.",
    (OtherPayer, "plan"): "The name or number of the plan there.",
    (OtherPayer, "product"): "The kind of coverage there.",
    (OtherPayer, "member_id"): "The number of the insured person there.",
    (OtherPayer, "group_number"): "The number of the group there.",
    (OtherPayer, "relationship"): "What the patient is to the person insured there.",
    (OtherPayer, "claim"): "The number of the claim there.",
    (OtherPayer, "processed"): "The day on which that payer decided.",
    (OtherPayer, "paid"): "What that payer paid on the claim.",
    (OtherPayer, "allowed"): "What that payer allowed for the claim.",
    (OtherPayer, "patient_responsibility"): "What that payer left to the patient.",
}
_CODES_IN_LISTS: Final[dict[tuple[type[Part], str], System]] = {
    (Encounter, "condition_codes"): System.CONDITION,
    (Line, "modifiers"): System.MODIFIER,
    (HistoryLine, "modifiers"): System.MODIFIER,
    (HistoryLine, "diagnoses"): System.ICD10CM,
    (Document, "supports"): System.ICD10CM,
}


def json_schema() -> dict[str, Any]:
    """The JSON Schema (draft 2020-12) of `sequela.encounter/1`."""
    definitions = {
        _name_of(part): _object(part) | {"type": ["object", "null"]} for part in NAMES if part is not Encounter
    }
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": IDENTIFIER,
        "title": SCHEMA,
        "description": "One claim with its patient, its history and what is known of the record. A key that is absent, "
        "or null, is unknown.",
        **_object(Encounter),
        "$defs": definitions,
    }


def schema_text() -> str:
    """The schema as it stands in the package's file."""
    return msgspec.json.format(msgspec.json.encode(json_schema()), indent=2).decode() + "\n"


def shipped_schema() -> dict[str, Any]:
    """The schema as shipped in the package."""
    text = files("sequela.engine.encounter").joinpath(FILE).read_bytes()
    schema: dict[str, Any] = msgspec.json.decode(text)
    return schema


def _name_of(part: type[Part]) -> str:
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "_", part.__name__).lower()


def _object(part: type[Part]) -> dict[str, Any]:
    required = required_keys(part)
    return {
        "type": "object",
        "properties": {key: _property(part, key, hint, key in required) for key, hint in _keys(part)},
        "required": list(required),
        "additionalProperties": False,
    }


def _keys(part: type[Part]) -> list[tuple[str, Any]]:
    hints = hints_of(part)
    first = [key for key in ("schema", "id", "setting") if key in hints and part is Encounter]
    return [(key, hints[key]) for key in dict.fromkeys([*first, *hints])]


def _property(part: type[Part], key: str, hint: Any, required: bool) -> dict[str, Any]:
    made = {"description": _description(part, key), **_type_of(part, key, bare_type(hint))}
    return made if required else _or_null(made)


def _or_null(made: dict[str, Any]) -> dict[str, Any]:
    if "$ref" in made:
        return made  # a definition takes null itself, so that a fault inside it is found where it stands
    if "anyOf" in made:
        return made | {"anyOf": [*made["anyOf"], {"type": "null"}]}
    if "enum" in made:
        return made | {"enum": [*made["enum"], None]}
    return made | {"type": [made["type"], "null"]}


def _type_of(part: type[Part], key: str, kind: Any) -> dict[str, Any]:
    if key == "schema":
        return {"const": SCHEMA}
    if get_origin(kind) is Literal:
        return {"enum": list(get_args(kind))}
    if get_origin(kind) is tuple:
        return _list(part, key, bare_type(get_args(kind)[0]))
    if get_origin(kind) is dict:
        return _tags() if key == "tags" else {"type": "object"}
    if isinstance(kind, type) and issubclass(kind, Part):
        return {"$ref": f"#/$defs/{_name_of(kind)}"}
    if kind == Number:
        return _number(_is_money(part, key))
    if kind is datetime.date:
        return {"type": "string", "format": "date", "pattern": r"^\d{4}-\d{2}-\d{2}$"}
    if kind is str:
        system = _system_of(part, key)
        return {"type": "string", "minLength": 1} if system is None else _code(system)
    return {"type": "boolean"} if kind is bool else {"type": "integer", "minimum": 1}


def _list(part: type[Part], key: str, item: Any) -> dict[str, Any]:
    system = _CODES_IN_LISTS.get((part, key))
    items = _type_of(part, key, item) if system is None else _code(system)
    made = {"type": "array", "items": items | {"type": "object"} if "$ref" in items else items}
    return made | {"maxItems": MOST_MODIFIERS} if system is System.MODIFIER else made


def _tags() -> dict[str, Any]:
    return {
        "type": "object",
        "propertyNames": {"pattern": TAG_NAME},
        "additionalProperties": {"type": ["string", "null"], "minLength": 1},
    }


def _number(is_money: bool) -> dict[str, Any]:
    decimals = 2 if is_money else MOST_DECIMALS
    pattern = rf"^\d{{1,{MOST_DIGITS}}}(\.\d{{1,{decimals}}})?$"
    return {
        "anyOf": [
            {"type": "number", "minimum": 0, "exclusiveMaximum": 10**MOST_DIGITS},
            {"type": "string", "pattern": pattern},
        ]
    }


def _code(system: System) -> dict[str, Any]:
    """A code as sent: letters of either case, and in ICD-10-CM a dot after the third character where there are more."""
    if system is System.ICD10CM:
        return {"type": "string", "pattern": r"^[A-Za-z][0-9][0-9A-Za-z](\.?[0-9A-Za-z]{1,4})?$"}
    shape = re.sub(r"A-HJ-NP-Z", "A-HJ-NP-Za-hj-np-z", SHAPES[system].pattern)
    shape = re.sub(r"A-Z", "A-Za-z", re.sub("X$", "[Xx]", shape))
    return {"type": "string", "pattern": f"^({shape})$"}


def _field_of(part: type[Part], key: str) -> Field | None:
    if part is Subscriber:
        return field_of(Kind.CLAIM, f"subscriber.{key.replace('_', '-')}")
    owner = _OWNERS.get(part)
    if owner is None:
        return None
    return next((field for field in fields_of(owner) if field.path == (key,)), None)


def _system_of(part: type[Part], key: str) -> System | None:
    found = field_of(Kind.CLAIM, f"provider.{key.replace('_', '-')}") if part is Party else _field_of(part, key)
    if found is None or not isinstance(found.type, (CodeOf, CodesOf)):
        return None
    return found.type.system


def _is_money(part: type[Part], key: str) -> bool:
    if part is OtherPayer:
        return True
    found = _field_of(part, key)
    return found is not None and found.type is Scalar.MONEY


def _description(part: type[Part], key: str) -> str:
    words = _WORDS.get((part, key))
    if words is not None:
        return words
    if part is Party:
        return next(f"{said} this party." for name, _, said, _ in PARTY_FACTS if name.replace("-", "_") == key)
    for party, who, *_ in PARTIES:
        if part is Encounter and party.replace("-", "_") == key:
            return f"{who[0].upper()}{who[1:]}."
    found = _field_of(part, key)
    if found is None:
        raise KeyError(f"{part.__name__}.{key} has no description")
    places = {"CMS-1500": found.cms1500, "UB-04": found.ub04, "X12": found.x12, "FHIR": found.fhir}
    standing = "; ".join(f"{form} {place}" for form, place in places.items() if place)
    return f"{found.meaning} [{standing}]" if standing else found.meaning


if __name__ == "__main__":
    Path(__file__).with_name(FILE).write_text(schema_text(), encoding="utf-8")
