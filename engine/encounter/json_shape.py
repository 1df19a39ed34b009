"""JSON shape: every way in which a decoded JSON value departs from the shape of an encounter.

In:   what a JSON text decodes to.    Out: `Fault`s, each with its pointer; `without_nulls`.
Uses: model, fault, diagnostics.      Used by: from_json.
Not here: whether the values make sense together (soundness); the fast path, which only decodes (from_json).

Walks the classes of the model beside the value, so that it can name everything that is wrong in one run.
"""

import datetime
import re
import types
from collections.abc import Iterator, Mapping
from decimal import Decimal
from functools import cache
from typing import Annotated, Any, Final, Literal, Union, get_args, get_origin, get_type_hints

import msgspec

from sequela.engine.diagnostics.suggest import listed, nearest
from sequela.engine.encounter.fault import Fault, shown
from sequela.engine.encounter.json_places import escaped
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

NAMES: Final[dict[type[Part], str]] = {
    Encounter: "the encounter",
    Patient: "the patient",
    Party: "a provider",
    Subscriber: "the subscriber",
    OtherPayer: "another payer",
    Diagnosis: "a diagnosis",
    Procedure: "a procedure",
    Occurrence: "an occurrence code",
    ValueCode: "a value code",
    Line: "a line",
    HistoryLine: "a history line",
    History: "the history",
    Documents: "the documents",
    Document: "a document",
}
REQUIRED_WITH_DEFAULT: Final[dict[type[Part], tuple[str, ...]]] = {Encounter: ("schema",)}
_DATE_TIME: Final = re.compile(r"\d{4}-\d{2}-\d{2}[T ]")
_DATE: Final = re.compile(r"\d{4}-\d{2}-\d{2}")
_TAG: Final = re.compile(TAG_NAME)
_NOT_KNOWN: Final = "Leave the key out when nobody knows the value."


@cache
def hints_of(part: type[Part]) -> dict[str, Any]:
    """The keys of an object of the model and their types."""
    return get_type_hints(part, include_extras=True)


@cache
def required_keys(part: type[Part]) -> tuple[str, ...]:
    """The keys that an object must have."""
    required = [one.name for one in msgspec.structs.fields(part) if one.required]
    return (*REQUIRED_WITH_DEFAULT.get(part, ()), *required)


def bare_type(hint: Any) -> Any:
    """A type without "or null" and without its further conditions."""
    if get_origin(hint) is Annotated:
        return bare_type(get_args(hint)[0])
    if get_origin(hint) in (Union, types.UnionType) and hint != Number:
        kept = [one for one in get_args(hint) if one is not type(None)]
        return bare_type(kept[0]) if len(kept) == 1 else Number
    return hint


@cache
def parts_below(part: type[Part]) -> dict[str, type[Part] | None]:
    """The keys of an object, and what object of the model, or list of such objects, each of them holds, if any."""
    below: dict[str, type[Part] | None] = {}
    for key, hint in hints_of(part).items():
        kind = bare_type(hint)
        if get_origin(kind) is tuple:
            kind = bare_type(get_args(kind)[0])
        below[key] = kind if isinstance(kind, type) and issubclass(kind, Part) else None
    return below


def without_nulls(value: Any, part: type[Part] = Encounter) -> Any:
    """The value without the known keys that are null, which mean the same as absent ones.

    Lists keep their nulls, `extra` is left as it is, and a key that is not known stays, to be found.
    """
    if isinstance(value, Mapping):
        below = parts_below(part)
        kept: dict[Any, Any] = {}
        for key, item in value.items():
            inner = below.get(key)
            if inner is not None and item is not None:
                kept[key] = without_nulls(item, inner)
            elif key == "tags" and isinstance(item, Mapping):
                kept[key] = {name: text for name, text in item.items() if text is not None}
            elif item is not None or key not in below:
                kept[key] = item
        return kept
    if isinstance(value, (list, tuple)):
        return [without_nulls(item, part) for item in value]
    return value


def shape_faults(value: Any) -> Iterator[Fault]:
    """Everything in which a decoded JSON value, without its nulls, departs from the shape of an encounter."""
    yield from _faults_of(value, Encounter, "", "the encounter")


def _faults_of(value: Any, hint: Any, pointer: str, name: str) -> Iterator[Fault]:
    kind = bare_type(hint)
    if isinstance(kind, type) and issubclass(kind, Part):
        yield from _faults_of_object(value, kind, pointer, name)
    elif get_origin(kind) is tuple:
        yield from _faults_of_list(value, get_args(kind)[0], pointer, name)
    elif get_origin(kind) is dict:
        yield from _faults_of_mapping(value, get_args(kind)[1], pointer, name)
    else:
        yield from _faults_of_scalar(value, kind, pointer, name)


def _faults_of_object(value: Any, part: type[Part], pointer: str, name: str) -> Iterator[Fault]:
    if not isinstance(value, Mapping):
        example = "{…} with its keys"
        yield _wrong_kind(value, pointer, name, f"an object, {example}, is expected")
        return
    hints = hints_of(part)
    for key, item in value.items():
        below = f"{pointer}/{escaped(str(key))}"
        if not isinstance(key, str) or key not in hints:
            yield _unknown_key(str(key), part, hints, below)
        elif key == "schema" and item != SCHEMA:
            yield Fault(
                code="SEQ713",
                pointer=below,
                message=f"`schema` is {shown(item)}; this version reads `{SCHEMA}`.",
                hint=f'Write "schema": "{SCHEMA}".',
            )
        elif key != "schema":
            yield from _faults_of(item, hints[key], below, f"`{key}`")
    for key in required_keys(part):
        if key not in value:
            yield Fault(
                code="SEQ711",
                pointer=pointer,
                message=f"{NAMES[part].capitalize()} has no `{key}`, which is required.",
                hint=f'Write "schema": "{SCHEMA}".' if key == "schema" else _example_of(hints[key], key),
            )


def _unknown_key(key: str, part: type[Part], hints: Mapping[str, Any], pointer: str) -> Fault:
    near = nearest(key, hints)
    if near:
        hint = f"Did you mean `{near[0]}`?"
    elif "extra" in hints:
        hint = "Put what Sequela is not to read under `extra`."
    else:
        hint = f"The keys of {NAMES[part]} are {listed(hints)}."
    return Fault(
        code="SEQ710",
        pointer=pointer,
        message=f"`{key}` is not a key of {NAMES[part]}.",
        hint=hint,
        on_key=True,
    )


def _faults_of_list(value: Any, item_hint: Any, pointer: str, name: str) -> Iterator[Fault]:
    if not isinstance(value, (list, tuple)):
        yield _wrong_kind(value, pointer, name, "a list, [ … ], is expected")
        return
    for index, item in enumerate(value):
        yield from _faults_of(item, item_hint, f"{pointer}/{index}", f"{_ordinal(index)} of {name}")


def _ordinal(index: int) -> str:
    return f"item {index + 1}"


def _faults_of_mapping(value: Any, item_hint: Any, pointer: str, name: str) -> Iterator[Fault]:
    if not isinstance(value, Mapping):
        yield _wrong_kind(value, pointer, name, "an object, {…} with keys of your own, is expected")
        return
    if bare_type(item_hint) is not str:
        return  # `extra` is the caller's own
    for key, item in value.items():
        below = f"{pointer}/{escaped(str(key))}"
        if not isinstance(key, str) or not _TAG.fullmatch(key):
            yield Fault(
                code="SEQ710",
                pointer=below,
                message=f"`{key}` cannot be the name of a tag: no rule could read it.",
                hint="A tag's name is of small letters, digits and underscores, such as `trial_arm`.",
                on_key=True,
            )
        yield from _faults_of_scalar(item, str, below, f"tag `{key}`")


def _faults_of_scalar(value: Any, kind: Any, pointer: str, name: str) -> Iterator[Fault]:
    if kind is str:
        if not isinstance(value, str):
            yield _wrong_kind(value, pointer, name, "a text in quotes is expected")
        elif not value:
            yield Fault(
                code="SEQ715",
                pointer=pointer,
                message=f"{_opening(name)} is an empty text.",
                hint=_NOT_KNOWN,
            )
    elif get_origin(kind) is Literal:
        if value not in get_args(kind) or not isinstance(value, str):
            yield _not_a_word(value, get_args(kind), pointer, name)
    elif kind is datetime.date:
        yield from _faults_of_date(value, pointer, name)
    elif kind is bool:
        if not isinstance(value, bool):
            yield _wrong_kind(value, pointer, name, "true or false is expected")
    elif kind is int:
        if not isinstance(value, int) or isinstance(value, bool):
            yield _wrong_kind(value, pointer, name, "a whole number, such as 1, is expected")
    elif not _is_number(value):
        yield _wrong_kind(value, pointer, name, 'a number, such as 1, or a decimal text, such as "120.00", is expected')


def _is_number(value: Any) -> bool:
    if isinstance(value, str):
        try:
            Decimal(value)
        except ArithmeticError:
            return False
        return True
    return isinstance(value, (int, float, Decimal)) and not isinstance(value, bool)


def _faults_of_date(value: Any, pointer: str, name: str) -> Iterator[Fault]:
    has_time = isinstance(value, datetime.datetime) or (isinstance(value, str) and _DATE_TIME.match(value))
    if has_time:
        yield Fault(
            code="SEQ714",
            pointer=pointer,
            message=f"{_opening(name)} is {shown(value)}, a date with a time of day; a date alone is expected.",
            hint=f'Write "{str(value)[:10]}".',
        )
    elif not (isinstance(value, datetime.date) or (isinstance(value, str) and _is_date(value))):
        yield Fault(
            code="SEQ714",
            pointer=pointer,
            message=f"{_opening(name)} is {shown(value)}, which is not a date.",
            hint='Write a day that exists as year, month, day, such as "2026-03-02".',
        )


def _is_date(text: str) -> bool:
    if not _DATE.fullmatch(text):
        return False
    try:
        datetime.date.fromisoformat(text)
    except ValueError:
        return False
    return True


def _not_a_word(value: Any, words: tuple[str, ...], pointer: str, name: str) -> Fault:
    near = nearest(value, words) if isinstance(value, str) else ()
    starting = [word for word in words if isinstance(value, str) and value and word.startswith(value.lower())]
    guess = near[0] if near else starting[0] if len(starting) == 1 else None
    return Fault(
        code="SEQ713",
        pointer=pointer,
        message=f"{_opening(name)} is {shown(value)}; it can be {listed(words, last='or')}.",
        hint=f'Did you mean "{guess}"?' if guess else None,
    )


def _wrong_kind(value: Any, pointer: str, name: str, expected: str) -> Fault:
    if value is None:
        hint: str | None = "Leave out what is not known; a list holds no null."
    elif isinstance(value, str) and expected.startswith(("a whole", "true")):
        hint = "Leave the quotes away." if value.isdigit() or value in ("true", "false") else None
    elif isinstance(value, (int, Decimal)) and expected.startswith("a text"):
        hint = f'Put it in quotes, with its leading zeros: "{shown(value)}".'
    else:
        hint = None
    return Fault(code="SEQ712", pointer=pointer, message=f"{_opening(name)} is {shown(value)}; {expected}.", hint=hint)


def _opening(name: str) -> str:
    """A name at the beginning of a sentence."""
    return name if name.startswith("`") else name[0].upper() + name[1:]


def _example_of(hint: Any, key: str) -> str:
    kind = bare_type(hint)
    if get_origin(kind) is Literal:
        return f"It can be {listed(get_args(kind), last='or')}."
    if get_origin(kind) is tuple:
        return f'An empty list is allowed: "{key}": [].'
    return f'Write "{key}": "…".'
