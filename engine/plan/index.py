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

Within = SetDefinition | tuple[str, ...]
"""What a rule is filed under: a set that text alone decides, or just these codes in normal form."""

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


def plain_codes(definition: SetDefinition) -> tuple[str, ...] | None:
    """The codes of a set that holds nothing but codes written out; None of any other."""
    if definition.others or definition.tables or definition.except_others or definition.except_tables:
        return None
    if definition.except_text is not None or definition.text.exceptions:
        return None
    codes = tuple(entry.code for entry in definition.text.entries if entry.__class__ is ExactCode)
    return codes if len(codes) == len(definition.text.entries) else None


class CodeIndex:
    """The rules that one kind of member can trigger, found by code: each is filed under codes, or under a set."""

    __slots__ = ("_asked", "_by_code", "_known", "_others", "_tests", "everyone")

    def __init__(self, drawers: Sequence[tuple[int, Within]]) -> None:
        self.everyone = tuple(place for place, _ in drawers)
        self._by_code: dict[str, list[int]] = {}
        self._asked: dict[str, list[_Asked]] = {}  # by a code, or by the first two characters of codes
        self._others: list[_Asked] = []
        self._tests: dict[int, Callable[[str], bool]] = {}
        self._known: dict[str, tuple[int, ...]] = {}
        by_code = self._by_code
        for place, within in drawers:
            if within.__class__ is tuple:
                for code in within:
                    if code in by_code:
                        by_code[code].append(place)
                    else:
                        by_code[code] = [place]
            elif isinstance(within, SetDefinition):
                for entry in dict.fromkeys(_entries(within)):
                    self._file((place, within), entry)

    def _file(self, asked: "_Asked", entry: Entry) -> None:
        match entry:
            case ExactCode(code=code):
                self._asked.setdefault(code, []).append(asked)
            case UnderCode(code=code):
                self._begins(code, asked)
            case CodeRange(low=low, high=high) if low[:2] == high[:2]:
                self._begins(low[:2], asked)
            case LikePattern() if len(entry.beginning) > 1:
                self._begins(entry.beginning, asked)
            case _:
                self._others.append(asked)

    def _begins(self, beginning: str, asked: "_Asked") -> None:
        """File under the first two characters, or where every code looks if there is but one."""
        if len(beginning) < 2:
            self._others.append(asked)
        else:
            self._asked.setdefault(beginning[:2], []).append(asked)

    def rules(self, code: str) -> tuple[int, ...]:
        """The places of the rules whose set holds `code`; remembered."""
        found = self._known.get(code)
        if found is None:
            if len(self._known) >= MOST_REMEMBERED:
                self._known.clear()
            places = set(self._by_code.get(code, ()))
            for place, definition in (*self._asked.get(code, ()), *self._asked.get(code[:2], ()), *self._others):
                if place not in places and self._holds(definition, code):
                    places.add(place)
            found = self._known[code] = tuple(sorted(places))
        return found

    def _holds(self, definition: SetDefinition, code: str) -> bool:
        test = self._tests.get(id(definition))
        if test is None:
            test = self._tests[id(definition)] = text_test(definition)
        return test(code)


_Asked = tuple[int, SetDefinition]
"""The place of a rule, and a set that has to be asked whether it holds a code."""


def _entries(definition: SetDefinition) -> Iterable[Entry]:
    """The entries of a set and of all that it names: more than it holds where it makes exceptions, never less."""
    return (entry for one in inside_out(definition) for entry in one.text.entries)


class Triggers:
    """Which rules a claim concerns."""

    __slots__ = ("_always", "_kinds")

    def __init__(self, filed: Iterable[tuple[int, Kind, Within]], always: Iterable[int]) -> None:
        by_kind: dict[Kind, list[tuple[int, Within]]] = {}
        for place, kind, within in filed:
            by_kind.setdefault(kind, []).append((place, within))
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
