"""Building a plan: every rule of a selection filed under what triggers it, and compiled when a claim first meets it.

In:   a `RuleSelection` and the loaded tables.    Out: `Plan`.
Uses: model.rules, every module of plan.          Used by: pipeline.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Final

from sequela.engine.encounter.fields import Field, field_of
from sequela.engine.encounter.view import Member
from sequela.engine.evaluate.groups import day_of
from sequela.engine.evaluate.verdict import NotApplicable, Status, Verdict
from sequela.engine.model.heads import heads_of
from sequela.engine.model.long_lived import collector_paused
from sequela.engine.model.nodes import Binding, Condition
from sequela.engine.model.on_demand import OnDemand, OnDemandMapping
from sequela.engine.model.rules import (
    SETTINGS,
    DateBasis,
    LookUp,
    Requirement,
    Rule,
    RuleSelection,
    RuleVersion,
    Segment,
)
from sequela.engine.plan.asked import is_always_disabled
from sequela.engine.plan.compiler import Compiler
from sequela.engine.plan.decide import strikes_lines
from sequela.engine.plan.filing import Filed, filed
from sequela.engine.plan.index import Triggers, Within
from sequela.engine.plan.logic import FALSE, Context, Frame, Step, any_of, negated
from sequela.engine.plan.predicates import compile_condition
from sequela.engine.plan.steps import (
    GoverningDate,
    LookUpPlan,
    Plan,
    RequirementPlan,
    RulePlan,
    SegmentPlan,
    VersionPlan,
    WitnessPlan,
)
from sequela.engine.plan.subjects import bindings_of, compile_subjects, dated_sets
from sequela.engine.plan.values import compile_value
from sequela.engine.tables.model import Table
from sequela.engine.vocabulary.kinds import Kind

FIRST_DAY: Final = 0
LAST_DAY: Final = date.max.toordinal() + 1


@collector_paused
def build_plan(selection: RuleSelection, tables: Mapping[str, Table], known: Sequence[Filed] | None = None) -> Plan:
    """The plan of a selection; each rule is compiled when a claim first meets it.

    Args:
        selection: the rules that run together.
        tables: the loaded tables; one that is not among them is not loaded, and every question of it not checked.
        known: where each of the rules is filed, if that is known.
    """
    compiler = Compiler(tables, compile_condition, compile_value)
    rules = selection.rules
    drawers = filed(rules) if known is None else known
    heads = heads_of(rules)
    return Plan(
        selection=selection,
        rules=OnDemand(len(rules), lambda place: plan_of_rule(rules[place], place, compiler)),
        filed=drawers,
        triggers=OnDemandMapping(SETTINGS, lambda setting: _triggers(drawers, setting)),
        idle={setting: _idle_in(setting, rules, drawers) for setting in SETTINGS},
        ids=tuple(head.id for head in heads),
        phases=tuple(head.phase.place for head in heads),
        compiler=compiler,
    )


def _triggers(drawers: Sequence[Filed], setting: str) -> Triggers:
    under: list[tuple[int, Kind, Within]] = []
    always: list[int] = []
    for place, one in enumerate(drawers):
        if not one.runs or setting not in one.settings:
            continue
        if one.steps is None:
            always.append(place)
        else:
            under.extend((place, kind, within) for kind, within in one.steps)
    return Triggers(under, always)


def _idle_in(setting: str, rules: Sequence[Rule], drawers: Sequence[Filed]) -> OnDemand[Verdict]:
    return OnDemand(len(rules), lambda place: _idle(rules[place], drawers[place], setting))


def _idle(rule: Rule, drawer: Filed, setting: str) -> Verdict:
    """The verdict of a rule that nothing on a claim in a setting concerns."""
    if setting not in drawer.settings:
        return _nothing(rule, NotApplicable.SETTING)
    return _nothing(rule, NotApplicable.NO_SUBJECT) if drawer.runs else _never_runs(rule)


def _never_runs(rule: Rule) -> Verdict:
    return _nothing(rule, NotApplicable.DISABLED if is_always_disabled(rule) else NotApplicable.PERIOD)


def _nothing(rule: Rule, reason: NotApplicable) -> Verdict:
    return Verdict(rule=rule, segment=None, status=Status.NOT_APPLICABLE, reason=reason, count=0)


def plan_of_rule(rule: Rule, place: int, compiler: Compiler) -> RulePlan:
    """One rule, compiled, to stand at a place among the others."""
    versions: dict[int, VersionPlan] = {}
    segments = []
    for segment in rule.segments:
        found = versions.get(id(segment.version))
        if found is None:
            found = versions[id(segment.version)] = _version(segment.version, compiler)
        segments.append(_segment(segment, found))
    alike: list[list[SegmentPlan]] = []
    for one in segments:
        for group in alike:
            if group[0].segment.version.subjects == one.segment.version.subjects:
                group.append(one)
                break
        else:
            alike.append([one])
    consequences = [version.consequence for version in versions.values()]
    consequences.extend(one.consequence for version in versions.values() for one in version.requirements)
    return RulePlan(
        rule=rule,
        place=place,
        governing_date=_governing_date(rule, bindings_of(rule.segments[0].version.subjects) if rule.segments else ()),
        segments=tuple(segments),
        alike=tuple(tuple(group) for group in alike),
        slots=max((segment.version.slots for segment in segments), default=0),
        certain=rule.covers_every_date,
        counts_against_lines=any(
            strikes_lines(one.outcome)
            and any(bound.kind in (Kind.LINE, Kind.GROUP, Kind.SERVICE) for bound in one.about)
            for one in consequences
        ),
        idle=_nothing(rule, NotApplicable.NO_SUBJECT),
    )


def _segment(segment: Segment, version: VersionPlan) -> SegmentPlan:
    return SegmentPlan(
        segment=segment,
        first=FIRST_DAY if segment.first is None else segment.first.toordinal(),
        last=LAST_DAY if segment.last is None else segment.last.toordinal(),
        version=version,
        disabled=segment.disabled is not None,
    )


def _version(version: RuleVersion, compiler: Compiler) -> VersionPlan:
    unless = [compiler.step(one.condition) for one in version.unless]
    return VersionPlan(
        combinations=compile_subjects(version.subjects, compiler),
        dated_sets=dated_sets(version.subjects, compiler),
        bindings=bindings_of(version.subjects),
        look_ups=tuple(_look_up(one, compiler) for one in version.look_ups if not one.late),
        when=compiler.step(version.when.condition) if version.when is not None else None,
        witnesses=tuple(
            WitnessPlan(
                slot=witness.binding.slot,
                members=compiler.matching(witness.some.over),
                where=_optional(witness.some.over.where, compiler),
            )
            for witness in version.witnesses
        ),
        late_look_ups=tuple(_look_up(one, compiler) for one in version.look_ups if one.late),
        unless=any_of(unless) if unless else None,
        requirements=tuple(
            RequirementPlan(holds=_holds(one, compiler), consequence=one.consequence or version.consequence)
            for one in version.requirements
        ),
        bypass=compiler.step(version.bypass.condition) if version.bypass is not None else None,
        consequence=version.consequence,
        if_unknown=version.if_unknown,
        slots=version.slots,
    )


def _optional(condition: Condition | None, compiler: Compiler) -> Step | None:
    return compiler.step(condition) if condition is not None else None


def _look_up(one: LookUp, compiler: Compiler) -> LookUpPlan:
    return LookUpPlan(
        binding=one.binding,
        table=compiler.tables.get(one.table.key),
        complete=one.table.shape.complete,
        keys=tuple(compiler.key(key) for key in one.keys),
        on=compiler.value(one.on) if one.on is not None else None,
    )


def _holds(requirement: Requirement, compiler: Compiler) -> Step:
    if requirement.condition is None:
        holds: Step = _never
    else:
        holds = compiler.step(requirement.condition)
        if requirement.forbidden:
            holds = negated(holds)
    if requirement.only_when is None:
        return holds
    return any_of([negated(compiler.step(requirement.only_when)), holds])


def _never(frame: Frame, context: Context) -> int:
    return FALSE


def _governing_date(rule: Rule, bindings: tuple[Binding, ...]) -> GoverningDate:
    match rule.date_basis:
        case DateBasis.DISCHARGE:
            return lambda frame, context: context.view.encounter.discharged
        case DateBasis.ADMISSION:
            return lambda frame, context: context.view.encounter.admitted
        case DateBasis.STATEMENT:
            return lambda frame, context: context.view.encounter.statement_from
        case DateBasis.RECEIVED:
            return lambda frame, context: context.view.encounter.received
        case DateBasis.DEFAULT | DateBasis.LINE:
            pass
    line_date = field_of(Kind.LINE, "date")
    assert line_date is not None
    read = line_date.read
    for binding in bindings:
        slot = binding.slot
        if binding.kind is Kind.LINE:

            def of_line(frame: Frame, context: Context, slot: int = slot) -> date | None:
                line = frame[slot]
                found: date | None = read(line) if line.__class__ is Member else None
                return found

            return of_line
        if binding.kind is Kind.GROUP:

            def of_group(
                frame: Frame, context: Context, slot: int = slot, by: tuple[Field, ...] = binding.by
            ) -> date | None:
                return day_of(frame[slot], by)[0]

            return of_group
    return lambda frame, context: context.view.default_date()
