"""Dispatch: which written functions a claim meets, found by its codes; and its records.

In:   a `Plan`.                          Out: `CertainPlan`, `Records`.
Uses: plan.certain.shape, plan.index.    Used by: pipeline, explain.ledger (through what it holds).

A code that was met before leads to its functions in one look into a dictionary. What the written code does not decide (subjects
for which none is written, facts that are not known, `is payable`) is decided by the compiled steps, rule by rule.
"""

from collections.abc import Sequence
from copy import copy
from typing import Any

from msgspec import Struct

from sequela.engine.encounter.model import Encounter
from sequela.engine.encounter.sound_at_once import codes_are_sound
from sequela.engine.plan.certain.claim import Claim, Record
from sequela.engine.plan.certain.failing import Failing, of_failing
from sequela.engine.plan.certain.grouped import Decide, Functions, Written, all_of_them
from sequela.engine.plan.certain.pairs import Beside, pairs_among
from sequela.engine.plan.certain.shape import NAMES, written
from sequela.engine.plan.certain.triggered import ByCode, Triggered, left
from sequela.engine.plan.index import Within
from sequela.engine.plan.steps import Plan
from sequela.engine.vocabulary.kinds import Kind

OfPairs = tuple[Beside, tuple[int, ...], Decide]
"""What tells the lines that stand beside another one, the places of the rules that ask this, and what decides them of a line."""


class Records(Struct):
    """What was decided of one claim: `records` of the rules at all places but `slow`, which the compiled steps decide.

    `coded` says that the codes of its lines, and of its diagnoses without a role, were found to have the form of codes; where
    it is not said, nobody looked.
    """

    records: Sequence[Record]
    slow: Sequence[int]
    coded: bool = False


def failed_places(records: Records) -> set[int]:
    """The places of the rules that the written code says failed."""
    return {record[0] for record in records.records if record[1] == 1}


class CertainPlan:
    """A plan as written code, for one setting."""

    def __init__(self, plan: Plan, setting: str) -> None:
        self.plan = plan
        self._compiler = plan.compiler
        self._setting = setting
        self._functions = Functions(NAMES)
        self._written: dict[int, tuple[Written, ...] | None] = {}
        filed: dict[Kind, list[tuple[int, Within]]] = {Kind.LINE: [], Kind.DIAGNOSIS: []}
        slow: list[int] = []
        always: list[int] = []
        for place, one in enumerate(plan.filed):
            if not one.runs or setting not in one.settings:
                continue
            if one.written is None:
                slow.append(place)
            elif one.written:
                for kind, within in one.written:
                    filed[kind].append((place, within))
            else:
                always.append(place)
        self._slow = slow
        self._nothing = Records((), slow, True)
        self._nothing_yet = Records((), slow)
        self._everything = sorted({*slow, *always, *(place for each in filed.values() for place, _ in each)})
        self._always = always
        self._only_always = not any(filed.values()) and bool(always)
        self._parted: tuple[tuple[OfPairs, ...], Decide | None] | None = None
        self._by_code = ByCode(filed[Kind.LINE], filed[Kind.DIAGNOSIS])
        self._triggered = Triggered(self._by_code, self._decide)
        self._lines, self._diagnoses = self._triggered.lines, self._triggered.diagnoses
        every = bool(slow or always)
        self.failing = None if every else Failing(Triggered(self._by_code, self._decide_failing))
        """Which rules fail, without records; None where the compiled steps have to decide, or every claim meets some rule."""

    def _decide(self, places: Sequence[int]) -> Decide | None:
        """The function that decides some rules."""
        each = {place: self._of_rule(place) for place in places}
        made = self._functions.of(version for one in each.values() for version in one or ())
        unwritten = [place for place, one in each.items() if one is None]
        return all_of_them((*made, left(unwritten)) if unwritten else made)

    def _decide_failing(self, places: Sequence[int]) -> Decide | None:
        """The function that notes the ids of those that fail."""
        each = [self._of_rule(place) for place in places]
        found = [
            of_failing(version, self.plan.ids[place])
            for place, one in zip(places, each, strict=True)
            for version in one or ()
        ]
        made = self._functions.of(version for version in found if version is not None)
        return all_of_them((*made, left(places)) if None in found or None in each else made)

    def _of_rule(self, place: int) -> tuple[Written, ...] | None:
        """The code of a rule's versions, written when it is first met; None where there is none for some of them."""
        if place not in self._written:
            rule = self.plan.rules[place]
            made = [
                written(rule.rule, segment.segment, place, self._setting, self._compiler)
                for segment in rule.segments
                if not segment.disabled
            ]
            self._written[place] = None if None in made else tuple(one for one in made if one is not None)
        return self._written[place]

    def records(self, encounter: Encounter, met: bool = False) -> Records:
        """What is decided of a claim: a record for every rule and combination to which it applies.

        `met` says that all its codes were met before.
        """
        if self._only_always:
            return self._with_always(encounter)
        claim: Claim | None = None
        each: Any  # the place of a member is asked for only where something is triggered
        try:
            of, each = self._diagnoses, iter(encounter.diagnoses)
            for one in each:
                if of[one.code] is not None:
                    if claim is None:
                        claim = Claim(encounter, encounter.lines, [], True)
                        if claim.order() is not None:
                            return self._in_order(claim)
                    at = len(encounter.diagnoses) - each.__length_hint__() - 1
                    of[one.code](one, at, claim, claim.records.append)
            of, each = self._lines, iter(encounter.lines)
            for line in each:
                if of[line.code] is not None:
                    if claim is None:
                        claim = Claim(encounter, encounter.lines, [], True)
                    at = len(encounter.lines) - each.__length_hint__() - 1
                    of[line.code](line, at, claim, claim.records.append)
            if self._always:
                return self._with_always(encounter, claim, met=True)
        except KeyError:  # a code that was not met before
            if met:
                raise
            return self._of_new(encounter)
        if claim is None:
            return self._nothing
        return Records(claim.records, self._slow, True) if claim.bailed is None else self._without_bailed(claim)

    @property
    def met_by_every_claim(self) -> int:
        """How many rules every claim meets, whatever its codes."""
        return len(self._slow) + len(self._always)

    def _of_new(self, encounter: Encounter) -> Records:
        """The same for a claim with a code that was not met before. What has not the form of a code is not remembered."""
        if codes_are_sound(encounter):
            return self.records(self._triggered.meet(encounter), True)
        apart = copy(self)
        apart._triggered = Triggered(self._by_code, self._decide)
        apart._lines, apart._diagnoses = apart._triggered.lines, apart._triggered.diagnoses
        found = apart.records(apart._triggered.meet(encounter), True)
        return Records(found.records, found.slow)

    def undecided(self) -> Records:
        """Every rule left to the compiled steps: for a claim over which the written code had a fault."""
        return Records((), self._everything)

    def _in_order(self, claim: Claim) -> Records:
        """The same for a claim of which a diagnosis stands elsewhere than where it was sent."""
        add, diagnoses = claim.records.append, claim.encounter.diagnoses
        for at, index in enumerate(claim.order() or ()):
            decide = self._diagnoses[diagnoses[index].code]
            if decide is not None:
                decide(diagnoses[index], at, claim, add)
        for at, line in enumerate(claim.lines):
            decide = self._lines[line.code]
            if decide is not None:
                decide(line, at, claim, add)
        return self._with_always(claim.encounter, claim)

    def _with_always(self, encounter: Encounter, claim: Claim | None = None, met: bool = False) -> Records:
        """Decide the rules to which no single code leads, too.

        `claim` is there where it was made, `met` says that all its codes were met before.
        """
        pairs, every = self._parted or self._part()
        for beside, places, decide in pairs:
            found = beside(encounter.lines)
            if found is None:
                claim = claim or Claim(encounter, encounter.lines, [], met)
                claim.bail_all(places)
            elif found:
                claim = claim or Claim(encounter, encounter.lines, [], met)
                for at in found:
                    decide(encounter.lines[at], at, claim, claim.records.append)
        if every is not None:
            claim = claim or Claim(encounter, encounter.lines, [], met)
            every(None, 0, claim, claim.records.append)
        if claim is None:
            return self._nothing if met else self._nothing_yet
        return Records(claim.records, self._slow, met) if claim.bailed is None else self._without_bailed(claim)

    def _part(self) -> tuple[tuple[OfPairs, ...], Decide | None]:
        """Part the rules to which no single code leads: those on pairs, by their table, and those that every claim meets."""
        found = pairs_among(self._always, self.plan)
        decided = ((beside, places, self._triggered.of(places)) for beside, places in found)
        pairs = tuple((beside, places, decide) for beside, places, decide in decided if decide is not None)
        of_pairs = {place for _, places in found for place in places}
        parted = self._parted = pairs, self._triggered.of([place for place in self._always if place not in of_pairs])
        return parted

    def _without_bailed(self, claim: Claim) -> Records:
        bailed = claim.bailed or set()
        kept = [record for record in claim.records if record[0] not in bailed]
        return Records(kept, sorted(bailed.union(self._slow)))
