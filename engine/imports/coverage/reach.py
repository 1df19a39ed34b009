"""Reach: in which states, for which claims and on which days an article holds, by its contractors.

In:   the files of a download.    Out: `Reach`, `read_reaches`.
Uses: imports.coverage.layout, imports.coverage.documents (`Version`).    Used by: imports.coverage.lists.
Source: CMS, Medicare Coverage Database: article_x_contractor, contractor, contractor_jurisdiction, state_lookup,
        contractor_type_lookup.

A contractor is known by its id, its type and its version together. The contractors of part A answer claims of hospitals,
those of part B and of equipment claims of practices and suppliers. Some of the states are parts of one (New York, Missouri,
California); an article that holds in a part alone says in which.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from typing import Final

from attrs import define, field, frozen

from sequela.engine.diagnostics.model import InputProblem
from sequela.engine.imports.coverage.documents import Version, version_of
from sequela.engine.imports.coverage.layout import (
    CONTRACTOR_TYPES,
    CONTRACTORS,
    JURISDICTIONS,
    OF_CONTRACTORS,
    STATES,
    Bad,
    File,
    Files,
    Row,
    day,
    rows_of,
)

_PARENTS: Final = {"DN": "NY", "QN": "NY", "UN": "NY", "EM": "MO", "WM": "MO", "NF": "CA", "SF": "CA"}
"""Parts of states as the database abbreviates them."""
_PROFESSIONAL: Final = re.compile(r"\bpart b\b|\ba and b\b|\ba/b\b|carrier|dme|durable", re.IGNORECASE)
_INSTITUTIONAL: Final = re.compile(r"\bpart a\b|\ba and b\b|\ba/b\b|intermediar|hhh|home health|hospice", re.IGNORECASE)

Contractor = tuple[str, str, str]
Span = tuple[str, str]
"""First and last day, written 2026-04-01; an open one is empty."""


@frozen
class Reach:
    """Where and for which claims an article holds; `region` names the parts where it is not the whole state."""

    state: str
    professional: bool
    institutional: bool
    contractor: str
    region: str
    start: str
    end: str


@define
class _There:
    """What was found of one state and kind of claim: the days by part of the state, and the contractors."""

    parts: dict[str, list[Span]] = field(factory=dict)
    names: dict[str, None] = field(factory=dict)


@frozen
class _Lookups:
    states: Mapping[str, tuple[str, str]]
    types: Mapping[str, str]
    names: Mapping[Contractor, str]
    spans: Mapping[Contractor, tuple[tuple[str, Span], ...]]


def read_reaches(files: Files, notes: "Counter[str]") -> Mapping[Version, tuple[Reach, ...]] | InputProblem:
    """The reach of each article version."""
    lookups = _lookups(files)
    if isinstance(lookups, InputProblem):
        return lookups
    found: dict[Version, list[Contractor]] = defaultdict(list)
    for one in rows_of(files, OF_CONTRACTORS):
        if isinstance(one, InputProblem):
            return one
        if not isinstance(one, Bad):
            found[version_of(one[1])].append(_contractor(one[1]))
    unknown = {key for keys in found.values() for key in keys if not any(_claims(lookups, key))}
    notes["contractors of an unknown type left out"] = len(unknown)
    known: dict[tuple[Contractor, ...], tuple[Reach, ...]] = {}
    made: dict[Version, tuple[Reach, ...]] = {}
    for version, contractors in found.items():
        key = tuple(dict.fromkeys(contractors))
        if key not in known:
            known[key] = tuple(_reaches(key, lookups))
        made[version] = known[key]
    return made


def _lookups(files: Files) -> _Lookups | InputProblem:
    states: dict[str, tuple[str, str]] = {}
    types: dict[str, str] = {}
    names: dict[Contractor, str] = {}
    spans: dict[Contractor, list[tuple[str, Span]]] = defaultdict(list)

    def take(file: File, row: Row) -> None:
        if file is STATES:
            states[row["state id"]] = row["state abbrev"].upper(), row.get("description", "") or row["state abbrev"]
        elif file is CONTRACTOR_TYPES:
            types[row["contractor type id"]] = row["description"]
        elif file is CONTRACTORS:
            names[_contractor(row)] = row["contractor bus name"]
        else:
            span = day(row.get("active date", "")), day(row.get("term date", ""))
            spans[_contractor(row)].append((row["state id"], span))

    for file in (STATES, CONTRACTOR_TYPES, CONTRACTORS, JURISDICTIONS):
        for found in rows_of(files, file):
            if isinstance(found, InputProblem):
                return found
            if not isinstance(found, Bad):
                take(file, found[1])
    return _Lookups(states, types, names, {key: tuple(value) for key, value in spans.items()})


def _contractor(row: Row) -> Contractor:
    return row["contractor id"], row["contractor type id"], row["contractor version"]


def _claims(lookups: _Lookups, key: Contractor) -> tuple[bool, bool]:
    """Whether a contractor answers claims of practices, and of hospitals."""
    words = lookups.types.get(key[1], "")
    return _PROFESSIONAL.search(words) is not None, _INSTITUTIONAL.search(words) is not None


def _reaches(contractors: Iterable[Contractor], lookups: _Lookups) -> Iterable[Reach]:
    there: dict[tuple[str, bool], _There] = defaultdict(_There)
    for key in contractors:
        for state_id, span in lookups.spans.get(key, ()):
            part, _ = lookups.states.get(state_id, ("", ""))
            if not part:
                continue
            for professional, holds in zip((True, False), _claims(lookups, key), strict=True):
                if holds:
                    one = there[_PARENTS.get(part, part), professional]
                    one.parts.setdefault(part, []).append(span)
                    one.names[lookups.names.get(key, "")] = None
    rows: dict[tuple[str, str, str, str, str], list[bool]] = {}
    for (state, professional), one in there.items():
        region = _region(state, one.parts, lookups)
        name = ", ".join(sorted(filter(None, one.names)))
        for start, end in _joined(span for spans in one.parts.values() for span in spans):
            flags = rows.setdefault((state, region, name, start, end), [False, False])
            flags[0 if professional else 1] = True
    for (state, region, name, start, end), (professional, institutional) in sorted(rows.items()):
        yield Reach(state, professional, institutional, name, region, start, end)


def _region(state: str, parts: Mapping[str, object], lookups: _Lookups) -> str:
    """The parts of a state that are reached; empty where it is the whole state."""
    every = {part: name for part, name in lookups.states.values() if _PARENTS.get(part) == state}
    if state in parts or set(every) <= set(parts):
        return ""
    return ", ".join(sorted(every[part] for part in parts))


def _joined(spans: Iterable[Span]) -> list[Span]:
    """Spans that overlap as one."""
    made: list[Span] = []
    for start, end in sorted(spans):
        if made and (not made[-1][1] or start <= made[-1][1]):
            last = made[-1][1]
            made[-1] = made[-1][0], "" if not last or not end else max(last, end)
        else:
            made.append((start, end))
    return made
