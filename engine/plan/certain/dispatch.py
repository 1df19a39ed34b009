"""Dispatch: which written functions a claim meets, found by its codes; and its records.

In:   a `Plan`.                          Out: `CertainPlan`, `Records`.
Uses: plan.certain.shape, plan.index.    Used by: pipeline, explain.ledger (through what it holds).

A code that was met before leads to its functions in one look into a dictionary. What the written code does not decide (subjects
for which none is written, facts that are not known, `is payable`) is decided by the compiled steps, rule by rule.
"""

from collections.abc import Callable, Iterable, Sequence
from itertools import compress
from operator import attrgetter
from typing import Any, Final

from msgspec import Struct

from sequela.engine.encounter.model import Encounter
from sequela.engine.plan.certain.claim import Claim, Record, diagnosis_code, service_code
from sequela.engine.plan.certain.shape import Decide, function_of, trigger_of, written
from sequela.engine.plan.index import CodeIndex
from sequela.engine.plan.steps import Plan
from sequela.engine.vocabulary.kinds import Kind

_MOST_KNOWN: Final = 65_536

_CODE: Final = attrgetter("code")
_NO_RECORDS: Final[list[Record]] = []


class Records(Struct):
    """What was decided of one claim: `records` of the rules at all places but `slow`, which the compiled steps decide."""

    encounter: Encounter
    records: Sequence[Record]
    slow: Sequence[int]


class _Kind:
    """The functions that the members of one kind trigger, by their codes as sent.

    `functions` holds them for every code that was met, in a tuple; `normal` the code in normal form; `idle` the codes that
    trigger none.
    """

    __slots__ = ("_decide", "_every", "_index", "_normalise", "everyone", "functions", "idle", "normal")

    def __init__(
        self,
        normalise: Callable[[str], str],
        filed: Sequence[tuple[int, Any]],
        decide: Callable[[int], tuple[Decide, ...]],
    ) -> None:
        self.functions: dict[str, tuple[Decide, ...]] = {}
        self.normal: dict[str, str] = {}
        self.idle: set[str] = set()
        self._normalise = normalise
        self._decide = decide
        self._every = tuple(place for place, within in filed if within is None)
        self.everyone = tuple(place for place, _ in filed)
        self._index = CodeIndex([(place, within) for place, within in filed if within is not None])

    def learn(self, sent: str) -> tuple[Decide, ...]:
        """The functions that a code as sent triggers, remembered."""
        if len(self.functions) >= _MOST_KNOWN:
            self.functions.clear()
            self.normal.clear()
            self.idle.clear()
        code = self.normal[sent] = self._normalise(sent)
        found = self.functions[sent] = self._of(self._index.rules(code))
        if not found:
            self.idle.add(sent)
        return found

    def without_code(self) -> tuple[Decide, ...]:
        """The functions for a member of which it is known that it has no code."""
        return self._of(())

    def _of(self, places: Iterable[int]) -> tuple[Decide, ...]:
        return tuple(one for place in sorted({*places, *self._every}) for one in self._decide(place))


class CertainPlan:
    """A plan as written code, for one setting."""

    def __init__(self, plan: Plan, setting: str) -> None:
        self.plan = plan
        self._compiler = plan.compiler
        self._setting = setting
        self._functions: dict[int, tuple[Decide, ...] | None] = {}
        self._shapes: dict[str, Callable[..., Decide]] = {}
        filed: dict[Kind, list[tuple[int, Any]]] = {Kind.LINE: [], Kind.DIAGNOSIS: [], Kind.CLAIM: []}
        slow: list[int] = []
        for place, rule in enumerate(plan.rules):
            if setting not in rule.rule.settings or rule.never is not None:
                continue
            found = [trigger_of(segment.segment.version) for segment in rule.segments]
            if rule.asks_payable or any(one is None for one in found) or len({one.kind for one in found if one}) != 1:
                slow.append(place)
                continue
            triggers = [one for one in found if one is not None]
            if any(one.within is None for one in triggers):
                filed[triggers[0].kind].append((place, None))
            else:
                filed[triggers[0].kind].extend((place, one.within) for one in triggers)
        self._slow = slow
        self._lines = _Kind(service_code, filed[Kind.LINE], self._of_rule)
        self._diagnoses = _Kind(diagnosis_code, filed[Kind.DIAGNOSIS], self._of_rule)
        self._normal = self._diagnoses.normal, self._lines.normal
        self._claims = [place for place, _ in filed[Kind.CLAIM]]

    def _of_rule(self, place: int) -> tuple[Decide, ...]:
        """The functions of a rule, one for each of its versions, written when it is first met."""
        found = self._functions.get(place)
        if found is None:
            found = self._functions[place] = self._written(place) or (_left(place),)
        return found

    def _written(self, place: int) -> tuple[Decide, ...] | None:
        rule = self.plan.rules[place]
        made: list[Decide] = []
        for segment in rule.segments:
            if segment.disabled:
                continue
            one = written(rule.rule, segment.segment, place, self._setting, self._compiler)
            if one is None:
                return None
            made.append(function_of(one, self._shapes))
        return tuple(made)

    def records(self, encounter: Encounter) -> Records:
        """What is decided of a claim: a record for every rule and combination to which it applies."""
        diagnoses, lines = self._diagnoses, self._lines
        of_diagnoses: Sequence[Any] = ()
        of_lines: Sequence[Any] = ()
        sent = list(map(_CODE, encounter.diagnoses))
        if not diagnoses.idle.issuperset(sent):
            of_diagnoses = list(map(diagnoses.functions.get, sent))
            if None in of_diagnoses:
                of_diagnoses = [diagnoses.functions.get(code) or diagnoses.learn(code) for code in sent]
        services = list(map(_CODE, encounter.lines))
        if not lines.idle.issuperset(services):
            of_lines = list(map(lines.functions.get, services))
            if None in of_lines:
                return self._records_of_new(encounter, sent, services)
        if of_diagnoses or of_lines or self._claims:
            return self._decided(
                Claim(encounter, encounter.lines, sent, services, self._normal), of_diagnoses, of_lines
            )
        return Records(encounter, _NO_RECORDS, self._slow)

    def _records_of_new(self, encounter: Encounter, sent: Sequence[str], services: Sequence[str | None]) -> Records:
        """The same for a claim with a procedure code that was not met before, or without one."""
        lines = self._lines
        of_lines: list[tuple[Decide, ...]] = []
        unknown = False
        for line, code in zip(encounter.lines, services, strict=True):
            if code is not None:
                of_lines.append(lines.functions.get(code) or lines.learn(code))
            elif line.revenue is not None:
                of_lines.append(lines.without_code())
            else:
                of_lines.append(())
                unknown = True
        claim = Claim(encounter, encounter.lines, sent, services, self._normal)
        if unknown:
            for place in lines.everyone:
                claim.bail(place)
        diagnoses = self._diagnoses
        return self._decided(claim, [diagnoses.functions.get(code) or diagnoses.learn(code) for code in sent], of_lines)

    def _decided(self, claim: Claim, of_diagnoses: Sequence[Any], of_lines: Sequence[Any]) -> Records:
        records: list[Record] = []
        add = records.append
        if of_diagnoses:
            order = claim.order()
            if order is not None:
                of_diagnoses = [of_diagnoses[index] for index in order]
            for at, functions in compress(enumerate(of_diagnoses), of_diagnoses):
                for decide in functions:
                    decide(at, claim, add)
        if of_lines:
            for at, functions in compress(enumerate(of_lines), of_lines):
                for decide in functions:
                    decide(at, claim, add)
        for place in self._claims:
            for decide in self._of_rule(place):
                decide(0, claim, add)
        bailed = claim.bailed
        if bailed is None:
            return Records(claim.encounter, records, self._slow)
        kept = [record for record in records if record[0] not in bailed]
        return Records(claim.encounter, kept, sorted(bailed.union(self._slow)))


def _left(place: int) -> Decide:
    """The function of a rule for which no code is written: it leaves it to the compiled steps."""

    def leave(at: int, claim: Claim, add: Callable[[Record], None]) -> None:
        claim.bail(place)

    return leave
