"""Alone: what a rule says of one line, or one diagnosis, where that can be told without the rest of the claim.

In:   a compiled rule, and which lists of the claim are empty.     Out: `Alone`: what is asked of a copy with that member alone.
Uses: plan.certain.own, plan.build, plan.run_rule.                Used by: plan.certain.alike.
Not here: which members are alike, and what is remembered of them (alike).

A rule is decided *whole* where all that it asks is own. Of every other rule the part that is own is kept as a rule by itself,
which fails wherever it applies: where that does not apply, the rule does not.
"""

from collections.abc import Callable, Mapping
from typing import Any, Final, assert_never

from msgspec import Struct
from msgspec.structs import replace

from sequela.engine.encounter.view import READERS, Member, View
from sequela.engine.evaluate.verdict import Status
from sequela.engine.model.nodes import AllOf, Condition, Fact, SetDefinition
from sequela.engine.model.rules import (
    Binder,
    Clause,
    DateBasis,
    ForClaim,
    ForFirstDiagnosis,
    ForGroups,
    ForMembers,
    LookUp,
    Requirement,
    RuleVersion,
    Subjects,
)
from sequela.engine.plan.build import plan_of_rule
from sequela.engine.plan.certain.claim import BYPASSED, FAIL, NOT_CHECKED, PASS, UNKNOWN
from sequela.engine.plan.certain.needed import Needs, codes_needed, marks_needed
from sequela.engine.plan.certain.own import Apart, Asked, Other, Reading, What
from sequela.engine.plan.compiler import Compiler
from sequela.engine.plan.logic import NOT_COVERED, Context, Reader
from sequela.engine.plan.run_rule import decisions_of
from sequela.engine.plan.steps import RulePlan
from sequela.engine.tables.model import Table
from sequela.engine.tables.stored_columns import BoundedMemo
from sequela.engine.vocabulary.absent import NONE
from sequela.engine.vocabulary.kinds import Kind

Others = tuple[Other, ...]

Came = tuple[int, tuple[int, ...]]
"""What came of a rule, and the places of the modifiers that are bound beside the line."""

_CAME: Final = {
    Status.PASS: PASS,
    Status.FAIL: FAIL,
    Status.BYPASSED: BYPASSED,
    Status.UNKNOWN: UNKNOWN,
    Status.NOT_CHECKED: NOT_CHECKED,
}
_KINDS: Final = (Kind.LINE, Kind.DIAGNOSIS, Kind.CLAIM)
_BY_LINE: Final = (DateBasis.DEFAULT, DateBasis.LINE)


FirstKey = tuple[str | None, Callable[[View], bool]]
"""What says whether a row of a table begins with a key; and the table where that key is the member's code, whatever the rule."""


class Alone(Struct, frozen=True, eq=False):
    """A rule as it is asked of one member of `kind` alone.

    With `whole` its plan decides the rule where no other member is in one of `others`. Else the rule does not apply where `gate`
    does not, or where one of `first_keys` says that no row of a table begins with what it looks up; nor where `narrower` does not
    and no other member is in one of `narrower_others`; nor where no other member is in one of `partners`.
    """

    place: int
    kind: Kind
    only_first: bool
    grouped: bool
    undated: bool
    """Whether the governing date is that of the earliest of several lines."""
    codes: Needs
    """Sets and codes among which the member's code has to be; None where that cannot be told from text."""
    marks: Needs
    """The same of the modifiers of a line."""
    whole: RulePlan | None = None
    others: Others = ()
    gate: RulePlan | None = None
    narrower: RulePlan | None = None
    narrower_others: Others = ()
    partners: Others = ()
    first_keys: tuple[FirstKey, ...] = ()


def alone(plan: RulePlan, empty: frozenset[Kind], compiler: Compiler, asked: Asked) -> Alone | None:
    """How a rule is asked of one member alone; None where nothing can be told from one.

    The tables, and facts of the claim, that are read are added to `asked`.
    """
    rule = plan.rule
    versions = [segment.version for segment in rule.segments]
    kinds = {_first_kind(version.subjects) for version in versions}
    kind = next(iter(kinds), None)
    if len(kinds) != 1 or kind not in _KINDS or kind is None:
        return None
    by_line = kind is Kind.LINE and rule.date_basis in _BY_LINE
    by_claim = kind is not Kind.LINE and rule.date_basis is DateBasis.DEFAULT
    by_claim = by_claim and not any(_binds_a_line(version.subjects) for version in versions)
    subjects = versions[0].subjects
    grouped = isinstance(subjects, ForGroups)
    found = Alone(
        plan.place,
        kind,
        isinstance(subjects, ForFirstDiagnosis),
        grouped,
        isinstance(subjects, ForGroups) and not any(one.name == "date" for one in subjects.binding.by),
        codes_needed(versions),
        marks_needed(versions),
    )
    if not by_line and not by_claim:
        return found
    reader = _Reader(kind, empty, compiler.tables, asked)
    others = [reader.whole(version) for version in versions]
    if len(versions) == 1:
        found = replace(found, first_keys=reader.first_keys(versions[0], plan, compiler))
    if all(one is not None for one in others):
        found = replace(found, whole=plan, others=tuple(dict.fromkeys(each for one in others for each in one or ())))
        if not found.others:
            return found
    gates, narrower = [], []
    more: list[Other] = []
    for segment in rule.segments:
        gate, narrow, needed = reader.parts(segment.version)
        gates.append(replace(segment, version=gate))
        narrower.append(replace(segment, version=narrow))
        more.extend(needed)
    partners = _partners(versions[0].subjects, reader) if len(versions) == 1 else ()
    return replace(
        found,
        gate=plan_of_rule(replace(rule, segments=tuple(gates)), plan.place, compiler),
        narrower=plan_of_rule(replace(rule, segments=tuple(narrower)), plan.place, compiler) if more else None,
        narrower_others=tuple(dict.fromkeys(more)),
        partners=partners,
    )


def came(plan: RulePlan, view: View) -> list[Came]:
    """What comes of a plan on a copy of a claim with one member alone; empty where it does not apply."""
    found: list[Came] = []
    context = Context(view)
    for _, decision in decisions_of(plan, context):
        if decision.reason is not None:
            continue
        bindings = plan.segments[0].version.bindings
        bound = (decision.frame[one.slot] for one in bindings[1:])
        found.append((_CAME[decision.status], tuple(one.index for one in bound if isinstance(one, Member))))
    return found


def applies(plan: RulePlan, view: View) -> bool:
    """Whether a plan may apply on such a copy."""
    return any(decision.reason is None for _, decision in decisions_of(plan, Context(view)))


# ---------------------------------------------------------------- what is bound


def _first_kind(subjects: Subjects) -> Kind | None:
    match subjects:
        case ForMembers(binders=binders):
            first = binders[0]
            return first.kind if first.of is None and not first.excluded else None
        case ForFirstDiagnosis():
            return Kind.DIAGNOSIS
        case ForClaim():
            return Kind.CLAIM
        case ForGroups(binding=binding):
            return Kind.LINE if any(one.name == "code" for one in binding.by) else None
        case _:
            assert_never(subjects)


def _binds_a_line(subjects: Subjects) -> bool:
    return isinstance(subjects, ForMembers) and any(one.kind is Kind.LINE for one in subjects.binders)


def _partners(subjects: Subjects, reader: "_Reader") -> Others:
    """Sets of other members of the kind, without one of each of which nothing is bound."""
    found: list[Other] = []
    if isinstance(subjects, ForMembers):
        first = subjects.binders[0]
        for binder in subjects.binders[1:]:
            if binder.kind is first.kind and binder.of is None and first.binding in binder.excluded:
                within = binder.within
                found.append(within if isinstance(within, SetDefinition) and reader.holds(within) else Apart.OTHERS)
                if "code" in subjects.same_names:
                    found.append(Apart.SAME_CODE)
    return tuple(found)


# ---------------------------------------------------------------- what is asked


class _Reader:
    """Reads the versions of one rule."""

    def __init__(self, kind: Kind, empty: frozenset[Kind], tables: Mapping[str, Table], asked: Asked) -> None:
        self._kind, self._empty, self._tables, self._asked = kind, empty, tables, asked

    def holds(self, definition: SetDefinition) -> bool:
        """Whether it can be told of a code alone that a set holds it."""
        return self._reading().set(definition)

    def _reading(self, slots: dict[int, What] | None = None) -> Reading:
        found = Reading(self._kind, self._empty, self._tables, self._asked)
        if slots is not None:
            found.slots.update(slots)
        return found

    def whole(self, version: RuleVersion) -> Others | None:
        """The sets in which no other member may be, where a version asks nothing but what is own; else None."""
        slots = _bound(version.subjects)
        if slots is None:
            return None
        reading = self._reading(slots)
        if not all(reading.within(one.within) for one in _binders(version.subjects)):
            return None
        early = [self._own_look_up(one, reading) for one in version.look_ups if not one.late]
        when = version.when is None or reading.condition(version.when.condition)
        late = [self._own_look_up(one, reading) for one in version.look_ups if one.late]
        if not (all(early) and when and all(late)):
            return None
        conditions: list[Condition | None] = [one.condition for one in version.unless]
        for one in version.requirements:
            conditions += [one.condition, one.only_when]
        conditions.append(version.bypass.condition if version.bypass is not None else None)
        if not all(one is None or reading.condition(one) for one in conditions):
            return None
        if isinstance(version.subjects, ForGroups):
            reading.others.append(Apart.SAME_CODE)
        return tuple(reading.others)

    def parts(self, version: RuleVersion) -> tuple[RuleVersion, RuleVersion, Others]:
        """What of a version is own: of any claim; and where no other member is in some sets, with these."""
        subjects, bound = self._kept(version.subjects)
        reading = self._reading(bound)
        look_ups: list[LookUp] = []
        for one in version.look_ups:
            if one.late or not self._own_look_up(one, reading):
                break
            look_ups.append(one)
        slots = dict(reading.slots)
        when: list[tuple[Condition, Others]] = []
        if version.when is not None:
            condition = version.when.condition
            for part in condition.parts if isinstance(condition, AllOf) else (condition,):
                when.extend(self._own(part, slots))
        unless = [(clause, found) for clause in version.unless for found in self._own(clause.condition, slots)]

        def made(*, narrow: bool) -> RuleVersion:
            kept = tuple(part for part, others in when if narrow or not others)
            return replace(
                version,
                subjects=subjects,
                look_ups=tuple(look_ups),
                when=Clause(span=version.span, condition=AllOf(span=version.span, parts=kept)) if kept else None,
                unless=tuple(clause for clause, (_, others) in unless if narrow or not others),
                witnesses=(),
                requirements=(Requirement(span=version.span, condition=None, forbidden=True),),
                bypass=None,
            )

        needed = [*(one for _, others in when for one in others), *(one for _, (_, others) in unless for one in others)]
        return made(narrow=False), made(narrow=True), tuple(needed)

    def _kept(self, subjects: Subjects) -> tuple[Subjects, dict[int, What]]:
        """What of the subjects is own: the first binder, and modifiers of it; and what the slots of all hold."""
        bound = _first_slot(subjects)
        if not isinstance(subjects, ForMembers):
            return subjects, bound
        kept = [subjects.binders[0]]
        for binder in subjects.binders[1:]:
            if binder.kind is Kind.MODIFIER and binder.of == kept[0].binding and self._reading().within(binder.within):
                kept.append(binder)
                bound[binder.binding.slot] = What.MARK
            elif binder.kind is Kind.HISTORY_LINE and binder.kind in self._empty:
                bound[binder.binding.slot] = What.NOTHING
        kept = [one for one in kept if all(other.slot in bound for other in one.excluded)]
        return replace(subjects, binders=tuple(kept), same=(), same_names=()), bound

    def first_keys(self, version: RuleVersion, plan: RulePlan, compiler: Compiler) -> tuple[FirstKey, ...]:
        """For each look-up whose first key is own, what says whether a row begins with it."""
        found: list[FirstKey] = []
        for one in version.look_ups if isinstance(version.subjects, ForMembers | ForFirstDiagnosis) else ():
            reading = self._reading(_first_slot(version.subjects))
            if not one.late and one.on is None and reading.value(one.keys[0]) and reading.covered(one.table.key):
                key = one.keys[0]
                mine = isinstance(key, Fact) and reading.slots.get(key.binding.slot) is What.FIRST
                begins = _begins(plan, compiler.tables[one.table.key], compiler.key(key), self._kind)
                of_code = mine and isinstance(key, Fact) and key.fact.name == "code"
                found.append((one.table.key if of_code else None, begins))
        return tuple(found)

    def _own(self, condition: Condition, slots: dict[int, What]) -> list[tuple[Condition, Others]]:
        """The condition with the sets that it needs, where it is own; nothing where it is not."""
        reading = self._reading(slots)
        return [(condition, tuple(reading.others))] if reading.condition(condition) else []

    def _own_look_up(self, one: LookUp, reading: Reading) -> bool:
        own = reading.table(one.table.key) and all(reading.value(key) for key in one.keys)
        own = own and (one.on is None or reading.value(one.on))
        if own:
            reading.slots[one.binding.slot] = What.ROW
        return own


def _begins(plan: RulePlan, table: Table, read: Reader, kind: Kind) -> Callable[[View], bool]:
    """Whether a row of a table may begin with a key that is own, or the table does not speak for the day."""
    binding = plan.segments[0].version.bindings[0]
    others = (None,) * (len(table.shape.keys) - 1)
    there: BoundedMemo = BoundedMemo(lambda key: table.may_hold((key, *others)))

    def begins(view: View) -> bool:
        frame: list[Any] = [None] * plan.slots
        frame[0], frame[1], frame[binding.slot] = view.claim, view.patient, READERS[kind](view)[0]
        key = read(frame, Context(view))
        if key is None or key is NOT_COVERED:
            return True
        if table.asks_date:
            day = frame[binding.slot].data.date if kind is Kind.LINE else view.default_date()
            if day is None or not table.covers_date(day):
                return True
        return key is not NONE and bool(there[key])

    return begins


def _binders(subjects: Subjects) -> tuple[Binder, ...]:
    return subjects.binders if isinstance(subjects, ForMembers) else ()


def _first_slot(subjects: Subjects) -> dict[int, What]:
    match subjects:
        case ForMembers(binders=binders):
            return {binders[0].binding.slot: What.FIRST}
        case ForGroups(binding=binding):
            return {binding.slot: What.GROUP}
        case ForFirstDiagnosis(binding=binding):
            return {binding.slot: What.FIRST}
        case _:
            return {}


def _bound(subjects: Subjects) -> dict[int, What] | None:
    """What is bound where it is one member, with its modifiers; else None."""
    found = _first_slot(subjects)
    if isinstance(subjects, ForMembers):
        for binder in subjects.binders[1:]:
            if binder.kind is not Kind.MODIFIER or binder.of != subjects.binders[0].binding:
                return None
            found[binder.binding.slot] = What.MARK
        if subjects.same_names:
            return None
    return found
