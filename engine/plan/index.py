"""The index: rules filed under the codes that can trigger them.

In:   the rules of a plan and the sets that their `for each … in SET` asks.    Out: `Triggers`.
Uses: model, plan.sets.                                                      Used by: plan.build, plan.run.

A rule whose `for each` asks a written set of a closed list (lines, diagnoses, procedures, …) has no subject on a claim without
a code of that set: it is filed under the codes of the set, and a claim's codes find it. Every other rule is always run.
"""

from collections.abc import Callable, Iterable, Sequence
from typing import Final

from sequela.engine.encounter.view import READERS, View
from sequela.engine.model.nodes import SetDefinition
from sequela.engine.model.rules import ForMembers, Subjects
from sequela.engine.plan.sets import MOST_REMEMBERED, inside_out, text_test
from sequela.engine.tables.codes import CodeRange, Entry, ExactCode, LikePattern, UnderCode
from sequela.engine.vocabulary.absent import NONE
from sequela.engine.vocabulary.kinds import Kind

CLOSED: Final = frozenset(
    {
        Kind.LINE,
        Kind.DIAGNOSIS,
        Kind.ADMITTING_DIAGNOSIS,
        Kind.REASON_DIAGNOSIS,
        Kind.PROCEDURE,
        Kind.CONDITION_CODE,
        Kind.OCCURRENCE,
        Kind.VALUE_CODE,
    }
)
"""Kinds whose lists are complete: what is not there is not there."""


def trigger_of(subjects: Subjects) -> tuple[Kind, SetDefinition] | None:
    """The kind of member and the written set without which the subjects cannot be bound; None where there is none."""
    if not isinstance(subjects, ForMembers):
        return None
    for binder in subjects.binders:
        if (
            binder.kind in CLOSED
            and binder.of is None
            and isinstance(binder.within, SetDefinition)
            and binder.within.is_text_only
        ):
            return binder.kind, binder.within
    return None


class CodeIndex:
    """The rules that one kind of member can trigger, found by code: each is filed under a set, or under one code."""

    __slots__ = ("_by_beginning", "_by_code", "_holds", "_known", "_others", "everyone")

    def __init__(self, filed: Sequence[tuple[int, SetDefinition | str]]) -> None:
        self.everyone = tuple(place for place, _ in filed)
        self._holds: dict[int, list[Callable[[str], bool]]] = {}
        self._by_code: dict[str, list[int]] = {}
        self._by_beginning: dict[str, list[int]] = {}
        self._others: list[int] = []
        self._known: dict[str, tuple[int, ...]] = {}
        for place, definition in filed:
            if isinstance(definition, str):
                self._holds.setdefault(place, []).append(definition.__eq__)
                self._by_code.setdefault(definition, []).append(place)
                continue
            self._holds.setdefault(place, []).append(text_test(definition))
            for entry in dict.fromkeys(_entries(definition)):
                self._file(place, entry)

    def _file(self, place: int, entry: Entry) -> None:
        match entry:
            case ExactCode(code=code):
                self._by_code.setdefault(code, []).append(place)
            case UnderCode(code=code):
                self._begins(code, place)
            case CodeRange(low=low, high=high) if low[:2] == high[:2]:
                self._begins(low[:2], place)
            case LikePattern() if len(entry.beginning) > 1:
                self._begins(entry.beginning, place)
            case _:
                self._others.append(place)

    def _begins(self, beginning: str, place: int) -> None:
        """File under the first two characters, or under each code of one character that could be meant."""
        if len(beginning) < 2:
            self._others.append(place)
        else:
            self._by_beginning.setdefault(beginning[:2], []).append(place)

    def rules(self, code: str) -> tuple[int, ...]:
        """The places of the rules whose set holds `code`; remembered."""
        found = self._known.get(code)
        if found is None:
            if len(self._known) >= MOST_REMEMBERED:
                self._known.clear()
            candidates = {*self._by_code.get(code, ()), *self._by_beginning.get(code[:2], ()), *self._others}
            found = tuple(sorted(place for place in candidates if any(holds(code) for holds in self._holds[place])))
            self._known[code] = found
        return found


def _entries(definition: SetDefinition) -> Iterable[Entry]:
    """The entries of a set and of all that it names: more than it holds where it makes exceptions, never less."""
    return (entry for one in inside_out(definition) for entry in one.text.entries)


class Triggers:
    """Which rules a claim concerns."""

    __slots__ = ("_always", "_kinds")

    def __init__(self, filed: Iterable[tuple[int, Kind, SetDefinition]], always: Iterable[int]) -> None:
        by_kind: dict[Kind, list[tuple[int, SetDefinition]]] = {}
        for place, kind, definition in filed:
            by_kind.setdefault(kind, []).append((place, definition))
        self._kinds = tuple((READERS[kind], CodeIndex(rules)) for kind, rules in by_kind.items())
        self._always = tuple(always)

    def concerned(self, view: View) -> list[int]:
        """The places of the rules that have to be run on a claim, in order."""
        places = set(self._always)
        for read, index in self._kinds:
            for member in read(view):
                code = member.code
                if code is None:
                    places.update(index.everyone)
                elif code is not NONE:
                    places.update(index.rules(str(code)))
        return sorted(places)
