"""Alike: lines and diagnoses that are alike are decided alike: once for all claims, then remembered.

In:   a `Plan` with many rules that every claim meets.             Out: `AlikePlan`: the records of a claim.
Uses: plan.certain.dispatch, plan.certain.remembered, days.       Used by: pipeline.
Not here: what can be told of one member alone (own, alone); how the rest is decided (shape, the compiled steps).

Two lines are alike when their code, modifiers, units, place and the like are the same, their days lie in one stretch, and so are
the facts of their claims that rules read of every line. What is remembered of a line are the records that are certain, those that
are certain unless some other line of the claim stands in a set, and the rules that have to look at the claim.
"""

from itertools import count
from typing import Any, Final

from msgspec.structs import replace

from sequela.engine.encounter.model import Diagnosis, Encounter, Line
from sequela.engine.encounter.usual import in_full
from sequela.engine.encounter.view import View
from sequela.engine.model.rules import ForMembers
from sequela.engine.plan.certain.alone import Alone, alone
from sequela.engine.plan.certain.claim import Claim, Record
from sequela.engine.plan.certain.days import Days
from sequela.engine.plan.certain.dispatch import CertainPlan, Records
from sequela.engine.plan.certain.grouped import Decide, Written, all_of_them
from sequela.engine.plan.certain.likeness import ALL_EMPTY, Likeness, empty_lists, in_common, read_of
from sequela.engine.plan.certain.own import Asked
from sequela.engine.plan.certain.remembered import DAYS, SAME_CODE, Answer, Entry, Rules
from sequela.engine.plan.certain.shape import written
from sequela.engine.plan.certain.triggered import left
from sequela.engine.plan.index import CLOSED
from sequela.engine.plan.steps import Plan, RulePlan
from sequela.engine.vocabulary.absent import NONE
from sequela.engine.vocabulary.kinds import Kind

MANY: Final = 16
"""So many rules that every claim meets are worth deciding for lines that are alike."""

FIRST_CLAIMS: Final = 24
"""So many claims are decided as they come: what is alike pays where many claims follow."""

MOST: Final = 32_768
"""So many lines, diagnoses or claims that differ are remembered."""

_KINDS: Final = (Kind.LINE, Kind.DIAGNOSIS, Kind.CLAIM)

_ROLES: Final = {Kind.ADMITTING_DIAGNOSIS: "admitting", Kind.REASON_DIAGNOSIS: "reason-for-visit"}


def certain_plan(plan: Plan, setting: str) -> CertainPlan:
    """A plan as written code, for one setting: where every claim meets many rules, what is alike is decided together."""
    found = CertainPlan(plan, setting)
    return AlikePlan(plan, setting) if found.met_by_every_claim >= MANY else found


class AlikePlan(CertainPlan):
    """A plan as written code, for one setting, in which lines and diagnoses that are alike are decided together."""

    def __init__(self, plan: Plan, setting: str) -> None:
        super().__init__(plan, setting)
        self._concerned = [place for place, one in enumerate(plan.filed) if one.runs and setting in one.settings]
        self._claims = 0
        self._numbers = count(1)  # two threads never get the same one
        self._days = {kind: Days((), ()) for kind in _KINDS}
        self._number_of: dict[Any, int] = {}
        self._rules: dict[frozenset[Kind], tuple[Rules, Rules, Rules]] = {}
        self._likenesses: dict[Any, Likeness] = {}
        self._known_lines: dict[Any, Entry] = {}
        self._known_diagnoses: dict[Any, Entry] = {}
        self._same: dict[Record, Record] = {}
        self._deciding: dict[tuple[int, ...], Decide | None] = {}
        self._written_for_one: dict[int, tuple[Written, ...] | None] = {}
        self._whole_claim: Decide | None = None
        self._whole_slow: list[tuple[int, Kind | None]] = []

    # ------------------------------------------------------------ the records of a claim

    def records(self, encounter: Encounter, met: bool = False) -> Records:
        """What is decided of a claim: a record for every rule and combination to which it applies."""
        if self._claims < FIRST_CLAIMS:
            self._claims += 1
            return super().records(encounter, met)
        encounter = in_full(encounter)
        like = self._like(encounter)
        claim = Claim(encounter, encounter.lines, [])
        if like.diagnoses.places and encounter.diagnoses:
            self._decide_diagnoses(like, claim)
        if like.lines.places and encounter.lines:
            self._decide_lines(like, claim)
        stretch = self._days[Kind.CLAIM][claim.day()]
        known = like.known.get(stretch) or self._of_claim(like, stretch, encounter)
        claim.records += known[0]
        if known[1] is not None:
            known[1](None, 0, claim, claim.records.append)
        if self._whole_claim is not None:
            self._whole_claim(None, 0, claim, claim.records.append)
        slow = [place for place, kind in self._whole_slow if kind is None or _holds(encounter, kind)]
        bailed = claim.bailed
        if bailed is None:
            return Records(claim.records, slow)
        bailed.update(slow)
        return Records([record for record in claim.records if record[0] not in bailed], sorted(bailed))

    def _decide_lines(self, like: Likeness, claim: Claim) -> None:
        encounter = claim.encounter
        days, known, number = self._days[Kind.LINE], self._known_lines, like.of_lines
        place, rendering, billing = encounter.place, encounter.provider.npi, encounter.billing.npi
        found: list[Entry] = []
        once = twice = flags = 0
        stretch: Any = 0
        for line in claim.lines:
            day = line.date
            at = days[day]
            end, own = line.end_date, line.provider
            key = (
                number,
                line.code,
                line.modifiers,
                line.units,
                at,
                line.place or place,
                line.revenue,
                line.specialty,
                line.taxonomy,
                None if end is None or end == day else (day, end),
                own if own is None else (own == rendering, own == billing),
            )
            entry = known.get(key)
            if entry is None:
                entry = self._line(key, like, line, encounter)
            if found and at != stretch:
                flags = DAYS
            stretch = at
            found.append(entry)
            mask = entry.mask
            twice |= once & mask
            once |= mask
        if len(found) > 1 and _may_share([one.code for one in found]):
            flags |= SAME_CODE
        self._add(found, once, twice | flags, claim, claim.lines)

    def _decide_diagnoses(self, like: Likeness, claim: Claim) -> None:
        encounter = claim.encounter
        diagnoses: Any = encounter.diagnoses
        order = claim.order()
        if order is not None:
            diagnoses = [diagnoses[index] for index in order]
        stretch, known = self._days[Kind.DIAGNOSIS][claim.day()], self._known_diagnoses
        number = like.of_diagnoses
        found: list[Entry] = []
        once = twice = 0
        first = True
        for one in diagnoses:
            key = (number, one.code, one.poa, stretch, first)
            entry = known.get(key)
            if entry is None:
                entry = self._diagnosis(key, like, one, encounter)
            first = False
            found.append(entry)
            mask = entry.mask
            twice |= once & mask
            once |= mask
        if len(found) > 1 and len({one.code for one in found}) < len(found):
            twice |= SAME_CODE
        self._add(found, once, twice, claim, diagnoses)

    def _add(self, found: list[Entry], once: int, twice: int, claim: Claim, members: Any) -> None:
        """The records of members, each beside the others, and what the functions add that look at the claim."""
        records = claim.records
        add = records.append
        for at, entry in enumerate(found):
            others = (twice | (once & ~entry.mask)) & entry.relevant
            answer = entry.answers.get(others)
            if answer is None:
                came, places = entry.beside(others)
                known = entry.code is not None  # what is written for a member asks whether a set holds its code
                decide = self._of_members(tuple(places)) if known else left(places) if places else None
                _make_room(self._same)
                answer = entry.answers[others] = Answer(came, decide, self._same)
            records += answer.made.get(at) or answer.at(at)
            decide = answer.decide
            if decide is not None:
                decide(members[at], at, claim, add)

    # ------------------------------------------------------------ what is remembered

    def _like(self, claim: Encounter) -> Likeness:
        """What a claim has in common with others."""
        key = some, whole = in_common(claim)
        found = self._likenesses.get(key)
        if found is None:
            empty = empty_lists(claim)
            rules = self._rules.get(empty) or self._prepare(empty)
            _make_room(self._likenesses)
            of_lines, of_diagnoses = (self._number((one, whole, *read_of(some, one.facts))) for one in rules[:2])
            found = self._likenesses[key] = Likeness(of_lines, of_diagnoses, *rules)
        return found

    def _number(self, key: Any) -> int:
        """The number of claims that have in common what is read of their lines, or diagnoses."""
        found = self._number_of.get(key)
        if found is None:
            _make_room(self._number_of)
            found = self._number_of[key] = next(self._numbers)
        return found

    def _prepare(self, empty: frozenset[Kind]) -> tuple[Rules, Rules, Rules]:
        """The rules that are asked of one member alone on claims of which these lists are empty.

        The stretches of days are those of a claim of which all of them are: on it most can be told of a member alone, so that no
        table is asked on another claim that is not asked there. They must not depend on which claim came first.
        """
        compiler = self.plan.compiler
        if not self._rules and empty != ALL_EMPTY:
            self._prepare(ALL_EMPTY)
        rules = [self.plan.rules[place] for place in self._concerned]
        asked = {kind: Asked() for kind in _KINDS}
        found: list[Alone] = []
        for rule in rules:
            read = Asked()
            one = alone(rule, empty, compiler, read)
            if one is not None:
                found.append(one)
                asked[one.kind].tables.update(read.tables)
                asked[one.kind].facts.update(read.facts)
        if not self._rules:
            self._days = {kind: _days_of(kind, found, asked[kind], self.plan) for kind in _KINDS}
            self._whole(rules, frozenset(one.place for one in found))
        lines, diagnoses, claims = (Rules(kind, found, frozenset(asked[kind].facts), compiler) for kind in _KINDS)
        self._rules[empty] = lines, diagnoses, claims
        return lines, diagnoses, claims

    def _whole(self, rules: list[RulePlan], known: frozenset[int]) -> None:
        """Which rules look at every claim as a whole."""
        always: list[int] = []
        slow: list[tuple[int, Kind | None]] = []
        for rule in rules:
            if rule.place in known:
                continue
            if rule.place in self._slow:
                slow.append((rule.place, _needed(rule)))
            else:
                always.append(rule.place)
        self._whole_slow = slow  # at once, since another thread may be doing the same
        self._whole_claim = self._triggered.of(always)

    def _of_claim(self, like: Likeness, stretch: int | None, claim: Encounter) -> tuple[list[Record], Decide | None]:
        """What is known of claims that are alike, as a whole."""
        came, places = like.claims.entry(View(claim)).beside(0)
        found = like.known[stretch] = [(rule, status) for rule, status, _ in came], self._triggered.of(places)
        return found

    def _line(self, key: Any, like: Likeness, line: Line, claim: Encounter) -> Entry:
        _make_room(self._known_lines)
        entry = like.lines.entry(View(replace(claim, lines=(line,))))
        self._known_lines[key] = entry
        return entry

    def _diagnosis(self, key: Any, like: Likeness, one: Diagnosis, claim: Encounter) -> Entry:
        view = View(replace(claim, diagnoses=(replace(one, role=None),)))
        later = (*key[:-1], False)
        entry = self._known_diagnoses.get(later)
        if entry is None:
            _make_room(self._known_diagnoses)
            entry = self._known_diagnoses[later] = like.diagnoses.entry(view)
        if key[-1]:
            _make_room(self._known_diagnoses)
            entry = self._known_diagnoses[key] = like.diagnoses.first(view, entry)
        return entry

    def _of_members(self, places: tuple[int, ...]) -> Decide | None:
        """The function that decides rules on one line, or diagnosis, and looks at the claim."""
        if places not in self._deciding:
            each = {place: self._of_member(place) for place in places}
            made = self._functions.of(version for one in each.values() for version in one or ())
            unwritten = [place for place, one in each.items() if one is None]
            self._deciding[places] = all_of_them((*made, left(unwritten)) if unwritten else made)
        return self._deciding[places]

    def _of_member(self, place: int) -> tuple[Written, ...] | None:
        """The code of a rule's versions for one member; None where there is none for some of them."""
        if place not in self._written_for_one:
            rule = self.plan.rules[place]
            made = [
                written(rule.rule, segment.segment, place, self._setting, self._compiler, each=True)
                for segment in rule.segments
                if not segment.disabled
            ]
            whole = not rule.asks_payable and None not in made
            self._written_for_one[place] = tuple(one for one in made if one is not None) if whole else None
        return self._written_for_one[place]


def _may_share(codes: list[Any]) -> bool:
    """Whether of lines with these codes two may have the same one; one that is unknown may be any, or none at all."""
    there = [code for code in codes if code is not NONE]
    return len(set(there)) < len(there) or (None in there and len(codes) > 1)


def _days_of(kind: Kind, asked: list[Alone], read: Asked, plan: Plan) -> Days:
    """The stretches of days on which what is asked of members of a kind says the same."""
    rules = (plan.rules[one.place].rule for one in asked if one.kind is kind)
    return Days(rules, [plan.compiler.tables[key] for key in sorted(read.tables)])


def _make_room(remembered: dict[Any, Any]) -> None:
    if len(remembered) >= MOST:
        remembered.clear()


def _needed(rule: RulePlan) -> Kind | None:
    """A kind of closed list without a member of which a rule binds nothing; None where it cannot be told."""
    kinds: set[Kind | None] = set()
    for segment in rule.rule.segments:
        subjects = segment.version.subjects
        first = subjects.binders[0] if isinstance(subjects, ForMembers) else None
        kinds.add(first.kind if first is not None and first.kind in CLOSED else None)
    return next(iter(kinds)) if len(kinds) == 1 else None


def _holds(claim: Encounter, kind: Kind) -> bool:
    """Whether a closed list of a claim holds anything."""
    match kind:
        case Kind.LINE:
            return bool(claim.lines)
        case Kind.DIAGNOSIS:
            return bool(claim.diagnoses)
        case Kind.ADMITTING_DIAGNOSIS | Kind.REASON_DIAGNOSIS:
            role = _ROLES[kind]
            return any(one.role == role for one in claim.diagnoses)
        case Kind.PROCEDURE:
            return bool(claim.procedures)
        case Kind.CONDITION_CODE:
            return bool(claim.condition_codes)
        case Kind.OCCURRENCE:
            return bool(claim.occurrence_codes)
        case Kind.VALUE_CODE:
            return bool(claim.value_codes)
        case _:
            return True
