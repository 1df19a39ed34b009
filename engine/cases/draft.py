"""Drafts: a claim in a coder's shorthand, while it is put together and varied.

In:   the items and changes of a case.    Out: `Draft`, and from it the keys of `sequela.encounter/1`.
Uses: syntax.cases, encounter.fields.     Used by: cases.build.

Numbers in a variation are those of the full claim: what is removed keeps its place as a gap until the claim is written out,
and a pointer keeps to its diagnosis wherever that moves.
"""

import re
from datetime import date
from decimal import Decimal
from typing import Any

from attrs import define, field

from sequela.engine.encounter.fields import Field
from sequela.engine.source import Span
from sequela.engine.syntax.cases import CodedPart, LineDetails


@define(eq=False)
class Part:
    """One diagnosis, procedure, coded fact, document or line: its JSON keys, and whether it was taken out again."""

    keys: dict[str, Any]
    number: int | None  # its number in the full claim; None for what a variation adds
    span: Span  # where it was written
    pointers: "tuple[Part, ...] | None" = None
    removed: bool = False

    def copy(self) -> "Part":
        """A copy that can be changed by itself; pointers still name the parts of the claim it is copied from."""
        return Part(dict(self.keys), self.number, self.span, self.pointers, self.removed)


LISTS = {
    "dx": "diagnoses",
    "procedure": "procedures",
    "condition-code": "condition_codes",
    "occurrence": "occurrence_codes",
    "value-code": "value_codes",
    "line": "lines",
    "history line": "history",
    "document": "documents",
}


@define(eq=False)
class Draft:
    """A claim while it is put together. `parts` holds the lists by their word in the shorthand."""

    keys: dict[str, Any] = field(factory=dict)
    patient: dict[str, Any] = field(factory=dict)
    parts: dict[str, list[Part]] = field(factory=lambda: {word: [] for word in LISTS})
    complete: set[str] = field(factory=set)  # "history", "documents"
    on: date | None = None

    def copy(self) -> "Draft":
        """A copy for a variation; pointers lead to the copies of the diagnoses."""
        parts = {word: [part.copy() for part in members] for word, members in self.parts.items()}
        new = dict(zip(map(id, self.parts["dx"]), parts["dx"], strict=True))
        for line in parts["line"]:
            if line.pointers is not None:
                line.pointers = tuple(new[id(one)] for one in line.pointers)
        return Draft(_deep(self.keys), dict(self.patient), parts, set(self.complete), self.on)

    def part(self, word: str, number: int) -> Part | None:
        """The part of that number in the full claim, also when it was taken out."""
        return next((part for part in self.parts[word] if part.number == number), None)

    def add(self, word: str, keys: dict[str, Any], span: Span, *, numbered: bool) -> Part:
        """Put a part at the end of its list."""
        members = self.parts[word]
        part = Part(keys, len(members) + 1 if numbered else None, span)
        members.append(part)
        return part

    def standing(self, word: str) -> list[Part]:
        """The parts of a list that were not taken out."""
        return [part for part in self.parts[word] if not part.removed]

    def span_of(self, pointer: str) -> Span | None:
        """Where the part that a JSON pointer leads into was written; None for a fact of the claim itself."""
        for word, key in LISTS.items():
            found = re.match(rf"/{key}(?:/lines|/items)?/([0-9]+)(?:/|$)", pointer)
            standing = self.standing(word)
            if found is not None and int(found[1]) < len(standing):
                return standing[int(found[1])].span
        return None

    def as_keys(self, identity: str) -> dict[str, Any]:
        """The claim as the keys of an encounter."""
        claim: dict[str, Any] = {"schema": "sequela.encounter/1", "id": identity, **self.keys}
        if self.patient:
            claim["patient"] = {**claim.get("patient", {}), **self.patient}
        diagnoses = self.standing("dx")
        claim["diagnoses"] = [part.keys for part in diagnoses]
        claim["procedures"] = [part.keys for part in self.standing("procedure")]
        claim["condition_codes"] = [part.keys["code"] for part in self.standing("condition-code")]
        claim["occurrence_codes"] = [part.keys for part in self.standing("occurrence")]
        claim["value_codes"] = [part.keys for part in self.standing("value-code")]
        claim["lines"] = [self._line(part, place, diagnoses) for place, part in enumerate(self.standing("line"), 1)]
        self._dates(claim)
        history = [part.keys for part in self.standing("history line")]
        if history or "history" in self.complete:
            claim["history"] = {"complete": "history" in self.complete, "lines": history}
        documents = [part.keys for part in self.standing("document")]
        if documents or "documents" in self.complete:
            claim["documents"] = {"complete": "documents" in self.complete, "items": documents}
        return claim

    def _line(self, part: Part, place: int, diagnoses: list[Part]) -> dict[str, Any]:
        keys = {"number": place, **part.keys}
        if self.on is not None:
            keys.setdefault("date", self.on.isoformat())
        if part.pointers is not None:
            keys["diagnoses"] = [diagnoses.index(one) + 1 for one in part.pointers if not one.removed]
        return keys

    def _dates(self, claim: dict[str, Any]) -> None:
        """`on DATE` is the date of every line without its own, and of a claim that has a statement or no lines."""
        if self.on is not None and (claim.get("setting") != "professional" or not claim["lines"]):
            claim.setdefault("statement_from", self.on.isoformat())


def _deep(keys: dict[str, Any]) -> dict[str, Any]:
    return {key: _deep(value) if isinstance(value, dict) else value for key, value in keys.items()}


def line_keys(details: LineDetails) -> dict[str, Any]:
    """What the shorthand of a line says, as JSON keys; what it does not say is not there."""
    said: dict[str, Any] = {
        "code": details.code,
        "modifiers": list(details.modifiers) if details.modifiers is not None else None,
        "units": _number(details.units),
        "date": details.on.isoformat() if details.on is not None else None,
        "place": details.at,
        "provider": details.by,
        "charge": details.charge,
    }
    return {key: value for key, value in said.items() if value is not None}


def coded_keys(part: CodedPart) -> dict[str, Any]:
    """A condition, occurrence or value code, as JSON keys."""
    said = {
        "code": part.code,
        "date": part.on.isoformat() if part.on is not None else None,
        "end_date": part.to.isoformat() if part.to is not None else None,
        "amount": part.amount,
    }
    return {key: value for key, value in said.items() if value is not None}


def _number(text: str | None) -> int | Decimal | None:
    if text is None:
        return None
    return int(text) if text.isdigit() else Decimal(text)


def put(keys: dict[str, Any], fact: Field, value: Any) -> None:
    """Set a fact at its place below a part."""
    for key in fact.path[:-1]:
        keys = keys.setdefault(key, {})
    keys[fact.path[-1]] = value


def take(keys: dict[str, Any], fact: Field) -> None:
    """Take a fact away, so that it is unknown; None where an absence would fill in something else."""
    for key in fact.path[:-1]:
        keys = keys.setdefault(key, {})
    keys[fact.path[-1]] = None
