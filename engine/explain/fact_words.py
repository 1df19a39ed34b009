"""Fact words: facts and places of the claim as people say them: "place of line 1 is 11", "line 2 provider".

In:   facts that were read, JSON pointers.     Out: texts.
Uses: evaluate.trace, encounter.               Used by: wording, reasons, tree, as_text.
Not here: what was asked of a fact (wording).
"""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Final

from sequela.engine.encounter.view import Member, View
from sequela.engine.evaluate.trace import FactRead
from sequela.engine.vocabulary.kinds import DIAGNOSIS_LIKE, Kind

_CLAIM: Final = "the claim"
_LISTS: Final = {
    "diagnoses": "dx",
    "procedures": "procedure",
    "condition_codes": "condition code",
    "occurrence_codes": "occurrence code",
    "value_codes": "value code",
    "other_payers": "other payer",
}
OPEN_LISTS: Final = {
    "/history/complete": "whether the history is complete",
    "/documents/complete": "whether the list of documents is complete",
}
"""Lists that may hold more than was sent: how it is said that this is not known."""
_NAMES: Final = {
    "received": "date received",
    "processed": "date processed",
    "admitted": "admission date",
    "discharged": "discharge date",
    "statement-from": "first statement date",
    "statement-to": "last statement date",
    "diagnoses": "diagnosis pointers",
    "npi": "NPI",
}
_WORDS: Final = {
    "poa": "present-on-admission indicator",
    "npi": "NPI",
    "drg": "DRG",
    "ndc": "NDC",
    "clia": "CLIA number",
}


def fact_name(fact: FactRead) -> str:
    """What people call a fact: "place of line 1", "received", "age of the patient", "units in mue"."""
    name = short_name(fact)
    if fact.table is not None:
        return f"{name} in {fact.table}"
    if fact.of is None:
        return fact.label
    return name if fact.of == _CLAIM else f"{name} of {fact.of}"


def short_name(fact: FactRead) -> str:
    """The name of a fact without what it is a fact of: "place", "provider NPI", "modifiers"."""
    first, dot, path = fact.label.partition(".")
    words = path if dot else first.partition(" of ")[0]
    if words in _NAMES:
        return _NAMES[words]
    return " ".join(_WORDS.get(part, part) for part in words.replace("-", " ").replace(".", " ").split())


def is_main_code(fact: FactRead) -> bool:
    """Whether a fact is the code by which people know the thing that it is of."""
    return fact.of is not None and fact.label.endswith(".code") and fact.of.partition(" ")[0] in _CODED


_CODED: Final = ("line", "lines", "dx", "procedure", "history", "admitting", "reason-for-visit", "modifier")


def fact_says(fact: FactRead) -> str:
    """A fact with its value: "place of line 1 is 11", "modifiers of line 1: none"."""
    name = fact_name(fact)
    if fact.value == "none":
        return f"{name}: none"
    if fact.label.startswith("modifiers of "):
        return f"{name}: {fact.value}"
    if fact.of is not None and fact.state == "known" and is_main_code(fact):
        return fact.of if fact.of.startswith("modifier ") else f"{fact.of} is {fact.value}"
    return f"{name} {to_be(name)} {fact.value}"


def to_be(name: str) -> str:
    """`is` or `are`, by whether a name is a plural: "units of line 1" are, "discharge status" is."""
    first = name.partition(" of ")[0].partition(" in ")[0]
    return "are" if first.endswith("s") and not first.endswith(("ss", "us")) else "is"


def joined(parts: Iterable[str], last: str = "and") -> str:
    """Things in a row: "a", "a and b", "a, b and c"; each once."""
    found = list(dict.fromkeys(part for part in parts if part))
    if len(found) < 2:
        return "".join(found)
    return f"{', '.join(found[:-1])} {last} {found[-1]}"


def period_words(first: date | None, last: date | None) -> str:
    """A period: "from 2024-01-01 on", "until 2025-12-31", "from 2024-01-01 to 2025-12-31"."""
    if first is None:
        return "on every date" if last is None else f"until {last.isoformat()}"
    return f"from {first.isoformat()} on" if last is None else f"from {first.isoformat()} to {last.isoformat()}"


# ---------------------------------------------------------------- places in the claim


def member_at(view: View, pointer: str) -> Member | None:
    """The thing of the claim that stands at a JSON pointer; None where there is none that a rule can bind."""
    keys = pointer.split("/")[1:]
    match keys:
        case []:
            return view.claim
        case ["patient"]:
            return view.patient
        case ["lines", index]:
            return _at(view.lines(), index)
        case ["lines", index, "modifiers", place]:
            return _of_line(view, _at(view.lines(), index), place)
        case ["history", "lines", index]:
            return _at(view.history_lines(), index)
        case ["history", "lines", index, "modifiers", place]:
            return _of_line(view, _at(view.history_lines(), index), place)
        case ["diagnoses", index]:
            lists = (view.members(kind) for kind in DIAGNOSIS_LIKE)
            return next((one for found in lists for one in found if str(one.index) == index), None)
        case ["procedures", index]:
            return _at(view.procedures(), index)
        case ["documents", "items", index]:
            return _at(view.documents(), index)
        case ["condition_codes" | "occurrence_codes" | "value_codes" as name, index]:
            kinds = {"condition_codes": Kind.CONDITION_CODE, "occurrence_codes": Kind.OCCURRENCE}
            return _at(view.members(kinds.get(name, Kind.VALUE_CODE)), index)
        case _:
            return None


def _at(members: Sequence[Member], index: str) -> Member | None:
    return members[int(index)] if index.isdigit() and int(index) < len(members) else None


def _of_line(view: View, line: Member | None, place: str) -> Member | None:
    return None if line is None else _at(view.modifiers(line), place)


def pointer_words(view: View, pointer: str) -> str:
    """A fact to ask for, as people say it: "line 2 provider", "patient birth date"."""
    if pointer in OPEN_LISTS:
        return OPEN_LISTS[pointer]
    keys = pointer.split("/")[1:]
    said: list[str] = []
    if keys[:1] == ["lines"]:
        line = _at(view.lines(), keys[1])
        said, keys = [f"line {line.number if line is not None else int(keys[1]) + 1}"], keys[2:]
    elif keys[:2] in (["history", "lines"], ["documents", "items"]):
        said, keys = [f"{'history line' if keys[0] == 'history' else 'document'} {int(keys[2]) + 1}"], keys[3:]
    elif keys and keys[0] in _LISTS and len(keys) > 1:
        said, keys = [f"{_LISTS[keys[0]]} {int(keys[1]) + 1}"], keys[2:]
    elif keys[:1] != ["patient"] and len(keys) == 1:
        said = ["claim"]
    named = (key.replace("_", "-") for key in keys)
    words = (_NAMES.get(key) or _WORDS.get(key) or key.replace("-", " ") for key in named)
    return " ".join([*said, *words])


def set_words(view: View, pointers: Iterable[str]) -> str:
    """A set of facts to ask for: "line 1 date and line 2 date"."""
    return joined(pointer_words(view, pointer) for pointer in pointers)
