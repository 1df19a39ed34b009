"""From JSON: `sequela.encounter/1` read into the model, and written from it.

In:   JSON text or decoded JSON.                            Out: `Read`s, each an encounter or its problems.
Uses: model, json_at_once, json_shape, json_places, soundness, reading.    Used by: read, pipeline, cases.
Not here: files and streams (read, json_stream); the JSON Schema (schema).

A sound claim is read in one go (json_at_once). Only when something is wrong is the text read a second time, slowly, to name
everything that is wrong and the line and column where it stands.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final

import msgspec

from sequela.engine.diagnostics.model import InputProblem
from sequela.engine.encounter.fault import Fault
from sequela.engine.encounter.json_at_once import decoded, exact_value, read_at_once
from sequela.engine.encounter.json_places import JsonOrigins
from sequela.engine.encounter.json_shape import shape_faults, without_nulls
from sequela.engine.encounter.json_sound_part import sound_part
from sequela.engine.encounter.model import SCHEMA, Encounter, replace
from sequela.engine.encounter.reading import EncounterError, Read
from sequela.engine.encounter.sound_at_once import is_sound
from sequela.engine.encounter.soundness import faults_of

_TO_VALUE: Final = msgspec.json.Decoder()
_LONG_NUMBER: Final = re.compile(rb"[0-9]{20,}")
_BYTE_ORDER_MARK: Final = b"\xef\xbb\xbf"
_WIDE_MARKS: Final = (b"\xff\xfe", b"\xfe\xff")


def read_encounter(data: bytes | str | Mapping[str, Any], file: str = "-") -> Read:
    """Read one encounter: JSON text, or what such a text decodes to.

    Args:
        data: UTF-8 bytes, text, or a mapping with the keys of `sequela.encounter/1`; a mapping may hold dates
            and Decimals.
        file: what to call the input in problems.

    Returns: the encounter, or every problem that keeps it from being read, each with its JSON pointer and, for a
        text, its line and column. Never raises for what a text or a mapping holds.
    """
    if isinstance(data, Mapping):
        return _read_mapping(data, file)
    return read_text(JsonOrigins(file, data if isinstance(data, bytes) else data.encode("utf-8", "surrogatepass")))


def read_text(origins: JsonOrigins) -> Read:
    """Read one encounter from a text that knows its place in a file; see `read_encounter`."""
    if origins.raw.startswith(_BYTE_ORDER_MARK):
        origins = replace(origins, raw=origins.raw[len(_BYTE_ORDER_MARK) :], first_byte=len(_BYTE_ORDER_MARK))
    encounter = read_at_once(origins.raw)
    if encounter is not None:
        return Read(encounter.with_origins(origins))
    return read_slowly(origins)


def encounter_from(data: Any) -> Encounter:
    """The encounter that a program hands in: itself, a dict, or JSON.

    Raises: EncounterError, which holds every problem, when it cannot be read; TypeError when it is no encounter, dict or text.
    """
    if isinstance(data, Encounter):
        return data
    if data.__class__ is bytes:
        encounter = read_at_once(data)
        if encounter is not None:
            return encounter.with_origins_of((JsonOrigins, "-", data))
    if isinstance(data, (bytearray, memoryview)):
        data = bytes(data)
    if not isinstance(data, (Mapping, bytes, str)):
        kind = type(data).__name__
        raise TypeError(f"An encounter is an Encounter, a dict, or JSON as bytes or text; this is of the type {kind}.")
    read = read_encounter(data)
    if read.encounter is None:
        raise EncounterError(read.problems)
    return read.encounter


def encounter_but_codes(data: Any) -> Encounter:
    """The same, in which it may still be that the code of a line, or of a diagnosis without a role, is none.

    For who looks these codes up anyway, and so learns of each but once whether it is one (`sound_at_once.codes_are_sound`).
    """
    if type(data) is bytes:
        encounter = read_at_once(data, codes=False)
        if encounter is not None:
            return encounter.with_origins_of((JsonOrigins, "-", data))
    return encounter_from(data)


def encounter_again(text: bytes) -> Encounter:
    """The encounter of a text in which nothing is wrong, as somebody found who did not keep all of it (`usual_at_once`)."""
    return decoded(text).with_origins_of((JsonOrigins, "-", text))


def sound_encounter(data: Mapping[str, Any]) -> Encounter | None:
    """The encounter that a mapping holds, when nothing at all is wrong with it, else None."""
    encounter = _converted(data) if "schema" in data else None
    return encounter if encounter is not None and is_sound(encounter) else None


def _read_mapping(data: Mapping[str, Any], file: str) -> Read:
    encounter = sound_encounter(data)
    if encounter is not None:
        return Read(encounter)
    try:
        return judged(without_nulls(data), (), lambda fault: _place(fault.pointer), file)
    except RecursionError:
        return too_deep(file)


def _converted(data: Any) -> Encounter | None:
    try:
        return msgspec.convert(data, Encounter)
    except (msgspec.MsgspecError, RecursionError):
        return None


def read_slowly(origins: JsonOrigins) -> Read:
    """Read a text with which something may be wrong, and say everything that is."""
    file = origins.file
    try:
        origins.raw.decode()
        value = exact_value(origins.raw)
    except UnicodeDecodeError as fault:
        return Read(None, (not_utf8(origins, fault.start),))
    except RecursionError:
        return too_deep(file, (origins.first_line, origins.first_column))
    except msgspec.DecodeError as fault:
        return Read(None, (malformed(origins, str(fault)),))
    twice = [
        Fault(
            code="SEQ718",
            pointer=pointer,
            message=f"`{pointer.rpartition('/')[2]}` stands twice in the same object.",
            hint="Keep the one that holds.",
        )
        for pointer, _ in origins.places.duplicates
    ]
    offsets = dict(origins.places.duplicates)

    def place(fault: Fault) -> str:
        if fault.code == "SEQ718":
            offset = offsets[fault.pointer]
        else:
            offset = origins.places.offset_of(fault.pointer, key=fault.on_key)
        line, column = origins.in_file(offset)
        return f"{_place(fault.pointer)}, line {line}, column {column}"

    read = judged(without_nulls(value), twice, place, file)
    if read.encounter is not None:
        read.encounter.with_origins(origins)
    return read


def judged(value: Any, known: Iterable[Fault], place: Callable[[Fault], str], file: str) -> Read:
    """The encounter that a value without nulls holds, or everything that is wrong with it."""
    faults = [*known, *shape_faults(value)]
    if not faults:
        encounter = _converted(value)
        unsound = faults_of(encounter) if encounter is not None else []
        if encounter is not None and not unsound:
            return Read(encounter)
        faults.extend(unsound)
    else:
        sound = sound_part(value, faults)
        encounter = _converted(sound.value)
        if encounter is not None:
            faults.extend(sound.faults_in_whole(faults_of(encounter)))
    claim = value.get("id") if isinstance(value, Mapping) else None
    return Read(
        None,
        tuple(
            InputProblem(
                code=fault.code,
                message=fault.message,
                file=file,
                place=place(fault),
                claim=claim if isinstance(claim, str) else None,
                hint=fault.hint,
            )
            for fault in faults
        ),
    )


def malformed(origins: JsonOrigins, said: str) -> InputProblem:
    """The problem of a text that is not JSON, where msgspec's words and byte say what went wrong."""
    raw = origins.raw
    words, _, tail = said.partition("(byte ")
    number = tail.rstrip(")")
    offset = int(number) if number.isdigit() else len(raw.rstrip())
    hint: str | None
    if not raw.strip():
        message, hint = "There is nothing in it.", "Was it written to the end?"
    elif "truncated" in words:
        message, hint = "The text ends before the claim does.", "Was the file cut off while it was written or sent?"
    elif "out of range" in words:
        found = _LONG_NUMBER.search(raw)
        offset = found.start() if found else 0
        message, hint = "A number has more digits than any amount or count.", None
    else:
        what = words.removeprefix("JSON is malformed:").strip() or "it cannot be read"
        offset -= "trailing characters" in what  # there msgspec names the byte behind
        message, hint = f"This is not JSON: {what}.", _hint_for(raw[offset : offset + 9], what)
    line, column = origins.in_file(len(raw[:offset].decode("utf-8", "replace")))
    code = "SEQ703" if raw.strip() else "SEQ700"
    place = f"line {line}, column {column}, byte {offset + origins.first_byte}"
    return InputProblem(code=code, message=message, file=origins.file, place=place, hint=hint)


def _hint_for(found: bytes, what: str) -> str | None:
    if found.lstrip(b"-").startswith((b"NaN", b"Inf")):
        return "JSON has no NaN and no Infinity: leave the key out when the value is not known."
    if found.startswith((b"'", b"\xe2\x80\x9c", b"\xe2\x80\x9d")) or "keys must be strings" in what:
        return 'Keys and texts stand in straight double quotes: "id".'
    if found.startswith((b"True", b"False", b"None")):
        return "JSON writes true, false and null."
    return None


def not_utf8(origins: JsonOrigins, offset: int) -> InputProblem:
    """The problem of a text that is not UTF-8, from the byte at `offset` on."""
    raw = origins.raw
    if raw.startswith(_WIDE_MARKS):
        hint = "It looks like UTF-16: save it as UTF-8."
    else:
        hint = "Save it as UTF-8; an export in a Windows or Latin character set is a common cause."
    byte, line = offset + origins.first_byte, raw.count(b"\n", 0, offset) + origins.first_line
    message = f"This text is not UTF-8: byte {byte} is 0x{raw[offset]:02X}."
    return InputProblem(code="SEQ700", message=message, file=origins.file, place=f"byte {byte}, line {line}", hint=hint)


def too_deep(file: str, begins: tuple[int, int] = (1, 1)) -> Read:
    """What is read from a text that is nested too deep to decode; it begins at this line and column of its file."""
    problem = InputProblem(
        code="SEQ703",
        message="Lists or objects stand in one another too deep to be a claim.",
        file=file,
        place="the whole text" if begins == (1, 1) else f"the text from line {begins[0]}, column {begins[1]}",
        hint="A claim is nested six deep at most; `extra` may hold a few hundred.",
    )
    return Read(None, (problem,))


def _place(pointer: str) -> str:
    return pointer or "the encounter"


def to_json(encounter: Encounter) -> dict[str, Any]:
    """The encounter as plain JSON values, without what is unknown or empty; `read_encounter` gives it back.

    Dates are texts, amounts and counts that are not whole are decimal texts.
    """
    plain: dict[str, Any] = _TO_VALUE.decode(msgspec.json.encode(encounter, enc_hook=str))
    return {"schema": SCHEMA, **plain}


def canonical_bytes(encounter: Encounter) -> bytes:
    """The facts of an encounter as bytes, for a receipt: the same whatever the order and layout of the file it was in.

    `extra` is left out, for no rule can read it.
    """
    facts = replace(encounter, extra={}) if encounter.extra else encounter
    return msgspec.json.encode(facts, order="sorted")
