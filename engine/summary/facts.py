"""Facts: what is not known of claims, as a person who has to bring it calls it.

In:   JSON pointers.                        Out: texts.
Uses: encounter.fields, vocabulary.         Used by: summary.tally, summary.figures.
Not here: how often (tally.py).
"""

import re
from collections.abc import Sequence
from functools import cache
from typing import Final

from attrs import frozen

from sequela.engine.encounter.field import Field
from sequela.engine.encounter.fields import FIELDS
from sequela.engine.vocabulary.kinds import Kind

_NUMBER: Final = re.compile(r"/\d+(?=/|$)")
_OWNERS: Final = (
    ("/history/lines/*/", Kind.HISTORY_LINE, "history line"),
    ("/lines/*/", Kind.LINE, "line"),
    ("/diagnoses/*/", Kind.DIAGNOSIS, "diagnosis"),
    ("/procedures/*/", Kind.PROCEDURE, "procedure"),
    ("/documents/items/*/", Kind.DOCUMENT, "document"),
    ("/occurrence_codes/*/", Kind.OCCURRENCE, "occurrence code"),
    ("/value_codes/*/", Kind.VALUE_CODE, "value code"),
    ("/patient/", Kind.PATIENT, "patient"),
    ("/", Kind.CLAIM, "claim"),
)
_LISTS: Final = {
    "/history/complete": (
        "history: whether it is complete",
        "Whether all earlier services were sent (`history.complete`).",
    ),
    "/history/lines": (
        "history: whether it is complete",
        "Whether all earlier services were sent (`history.complete`).",
    ),
    "/documents/complete": (
        "documents: whether the list is complete",
        "Whether all documents were sent (`documents.complete`).",
    ),
}


_WORDS: Final = {
    "received": "date received",
    "admitted": "admission date",
    "discharged": "discharge date",
    "statement_from": "first statement date",
    "statement_to": "last statement date",
    "diagnoses": "diagnosis pointers",
    "poa": "present-on-admission indicator",
    "npi": "NPI",
    "ndc": "NDC",
    "drg": "DRG",
    "clia": "CLIA number",
}


@frozen(kw_only=True)
class FactName:
    """A fact of all claims: what it is called, what it means, and where it stands on the forms."""

    name: str
    meaning: str = ""
    cms1500: str = ""
    ub04: str = ""
    x12: str = ""


def general(pointer: str) -> str:
    """A pointer without the numbers in it, so that the same fact of every claim is one.

    >>> general("/lines/3/provider")
    '/lines/*/provider'
    """
    return _NUMBER.sub("/*", pointer)


@cache
def fact_name(pointer: str) -> FactName:
    """What a general pointer is called.

    >>> fact_name("/lines/*/provider").name
    'line: provider'
    """
    if pointer in _LISTS:
        name, meaning = _LISTS[pointer]
        return FactName(name=name, meaning=meaning)
    for beginning, owner, word in _OWNERS:
        if pointer.startswith(beginning):
            keys = tuple(one for one in pointer.removeprefix(beginning).split("/") if one != "*")
            known = _field(owner, keys)
            name = f"{word}: {' '.join(_WORDS.get(one, one.replace('_', ' ')) for one in keys)}"
            if known is None:
                return FactName(name=name)
            return FactName(name=name, meaning=known.meaning, cms1500=known.cms1500, ub04=known.ub04, x12=known.x12)
    return FactName(name=pointer or "the claim")


def about_words(about: Sequence[str]) -> str:
    """What a finding is about: "line 1", "lines 1, 2", "dx 2", "claim".

    >>> about_words(["/lines/0", "/lines/2"])
    'lines 1, 3'
    """
    lines: list[int] = []
    others: list[str] = []
    for pointer in about:
        keys = pointer.split("/")
        number = int(keys[2]) + 1 if len(keys) > 2 and keys[2].isdigit() else None
        match keys[1:2]:
            case ["lines"] if number is not None:
                lines.append(number)
            case ["diagnoses"] if number is not None:
                others.append(f"dx {number}")
            case ["procedures"] if number is not None:
                others.append(f"procedure {number}")
            case []:
                others.append("claim")
            case _:
                others.append(keys[1].replace("_", " "))
    numbers = ", ".join(map(str, dict.fromkeys(lines)))
    said = [f"line{'s' if len(set(lines)) > 1 else ''} {numbers}"] if lines else []
    return ", ".join(dict.fromkeys([*said, *others])) or "claim"


@cache
def _by_path() -> dict[tuple[Kind, tuple[str, ...]], Field]:
    found: dict[tuple[Kind, tuple[str, ...]], Field] = {}
    for one in FIELDS:
        if one.path:
            found.setdefault((one.owner, one.path), one)
    return found


def _field(owner: Kind, keys: tuple[str, ...]) -> Field | None:
    return _by_path().get((owner, keys))
