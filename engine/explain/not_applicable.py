"""Not applicable: why a rule does not apply, on each combination of subjects, or why there was none.

In:   a verdict *not applicable*, the record of its encounter.    Out: reasons, `Section`s.
Uses: tree, wording, evaluate.walk, replay.                       Used by: entries, explanation.
Not here: rules that apply (reasons, tree).
"""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from typing import Final

from sequela.engine.encounter.view import Member, View
from sequela.engine.evaluate.evidence import Scope
from sequela.engine.evaluate.trace import Trace
from sequela.engine.evaluate.tracing import traced
from sequela.engine.evaluate.verdict import NotApplicable, Verdict
from sequela.engine.evaluate.walk import each_combination
from sequela.engine.explain.fact_words import fact_says, joined, period_words
from sequela.engine.explain.labels import code_text, named, pointers_of
from sequela.engine.explain.record import Record
from sequela.engine.explain.sentences import sentences
from sequela.engine.explain.tree import Section, Step, sections_of
from sequela.engine.explain.wording import cut, folded
from sequela.engine.model.nodes import SetDefinition, SetUse
from sequela.engine.model.rules import (
    SETTINGS,
    Binder,
    Change,
    ForClaim,
    ForFirstDiagnosis,
    ForGroups,
    ForMembers,
    Rule,
    RuleVersion,
)
from sequela.engine.vocabulary.kinds import PLURALS, Kind

_PLURAL: Final = {kind: noun for noun, kind in PLURALS.items()}


def combinations_of(verdict: Verdict, record: Record, touching: Sequence[str] = ()) -> Iterator[Verdict]:
    """Each combination for which the rule does not apply for the verdict's reason; `touching` these pointers.

    They are judged as they are asked for: a pair rule on a long claim has more of them than anyone reads.
    """
    scope = Scope(record.view, record.tables, record.earlier.payments(verdict.rule, record.tables, record.view))
    for judged in each_combination(verdict.rule, scope):
        one = judged.verdict
        if one.reason is verdict.reason and one.frame and all(_touches(one, at) for at in touching):
            yield one


def _touches(verdict: Verdict, pointer: str) -> bool:
    return any(pointer in pointers_of(subject) for subject in verdict.subjects)


def reason_of(verdict: Verdict, first: Verdict | None, count: int, record: Record) -> str:
    """Why a rule does not apply, in one line: on the first of `count` combinations, or why there is none."""
    match verdict.reason:
        case NotApplicable.SETTING:
            return _setting(verdict.rule, record.view)
        case NotApplicable.NO_SUBJECT:
            return nothing_there(verdict.rule, record.view)
        case _ if first is None:
            return _everywhere(verdict)
        case _:
            said, rest = _one(traced(record.replayed(first)), record.view), count - 1
            return said if rest < 1 or verdict.reason is NotApplicable.DISABLED else f"{said} (and so for {rest} more)"


def _everywhere(verdict: Verdict) -> str:
    """Why nothing was asked at all: disabled on every date, or without a version."""
    change = next((one.disabled for one in verdict.rule.segments if one.disabled is not None), None)
    if verdict.reason is NotApplicable.DISABLED and change is not None:
        return disabled(change)
    return _in_force(verdict.rule)


def _one(trace: Trace, view: View) -> str:
    match trace.reason:
        case NotApplicable.DISABLED:
            change = trace.segment.disabled if trace.segment is not None else None
            return disabled(change) if change is not None else "disabled by the payer"
        case NotApplicable.PERIOD:
            return f"{_in_force(trace.rule)}; its date is {_day(trace.governing_date)}"
        case NotApplicable.NO_ROW:
            return joined(_no_row(trace))
        case NotApplicable.WHEN if trace.when is not None:
            return "; ".join(sentences(trace.when.node, view)[:3])
        case NotApplicable.UNLESS:
            met = [clause.node for clause in trace.unless if clause.node.value is True]
            return "an exception holds: " + "; ".join(said for node in met for said in sentences(node, view)[:3])
        case _:
            return "it does not apply"


def disabled(change: Change) -> str:
    """Which payer disabled a rule, and why."""
    return f"disabled by {change.payer}: {change.reason}"


def _no_row(trace: Trace) -> Iterator[str]:
    for one in trace.look_ups:
        if one.found is False:
            none = [fact for fact in one.node.facts if fact.state == "none"]
            if none:
                yield joined(fact_says(fact) for fact in none)
            else:
                keys = joined(f"{fact.value} ({fact.of})" if fact.of else fact.value for fact in one.node.facts)
                yield f"{one.table} has no row for {keys}"


def _setting(rule: Rule, view: View) -> str:
    kinds = joined(setting for setting in SETTINGS if setting in rule.settings)
    return f"it is for {kinds} claims; this one is {view.encounter.setting}"


def _in_force(rule: Rule) -> str:
    if not rule.segments:
        return "it is in force on no date"
    spans: list[tuple[date | None, date | None]] = []
    for segment in rule.segments:
        if spans and spans[-1][1] is not None and segment.first == spans[-1][1] + timedelta(days=1):
            spans[-1] = (spans[-1][0], segment.last)
        else:
            spans.append((segment.first, segment.last))
    return f"it is in force {joined(period_words(first, last) for first, last in spans)}"


def _day(on: date | None) -> str:
    return on.isoformat() if on is not None else "not known"


# ---------------------------------------------------------------- no subject


def nothing_there(rule: Rule, view: View) -> str:
    """Why a rule has no subject on a claim, naming what was there."""
    subjects = rule.segments[0].version.subjects
    match subjects:
        case ForFirstDiagnosis():
            return "the claim has no diagnosis"
        case ForGroups():
            return "the claim has no line"
        case ForClaim():
            return "there is no claim"
        case ForMembers(binders=binders):
            return _no_member(binders, subjects.same_names, view)


def _no_member(binders: Sequence[Binder], same: Sequence[str], view: View) -> str:
    for binder in binders:
        members = view.members(binder.kind) if binder.kind is not Kind.MODIFIER else _marks(view)
        noun = binder.kind.value
        if not members:
            return f"the claim has no {noun}"
        within = binder.within
        if isinstance(within, SetDefinition) and not any(_by_text(within, member) for member in members):
            return f"no {noun} is in {cut(set_says(within), 90)}: {cut(_listed(members), 110)}"
    if len(binders) == 1:
        return f"no {binders[0].kind.value} of the claim is one that it speaks about"
    nouns = joined(f"{'another' if binder.excluded else 'a'} {binder.kind.value}" for binder in binders)
    alike = f" with the same {joined(same)}" if same else ""
    return f"the claim has not {nouns}{alike}" if alike else f"the claim has not {nouns} as it asks"


def _marks(view: View) -> tuple[Member, ...]:
    return tuple(mark for line in view.lines() for mark in view.modifiers(line))


def _by_text(within: SetDefinition, member: Member) -> bool:
    """Whether a member could be in a set, as far as the text of its code says."""
    if not within.is_text_only or not isinstance(member.code, str):
        return not isinstance(member.code, str) and member.code is None
    code = member.code
    held = within.text.contains(code) or any(_by_text(other, member) for other in within.others)
    taken = within.except_text is not None and within.except_text.contains(code)
    return held and not taken and not any(_by_text(other, member) for other in within.except_others)


def set_says(within: SetUse) -> str:
    """A set with what it is made of: "visits (office-visits: 99202 .. 99205, 99211 .. 99215; except 99211)"."""
    if not isinstance(within, SetDefinition):
        return folded(within.span.text)
    parts = [within.text.written] if within.text.entries else []
    others = ((other.name, other.text) for other in within.others)
    parts.extend(f"{name}: {text.written}" if text.entries else name for name, text in others)
    parts.extend(f"from {source.table.name}" for source in within.tables)
    exceptions = [within.except_text.written] if within.except_text is not None else []
    exceptions.extend(other.name for other in within.except_others)
    exceptions.extend(f"from {source.table.name}" for source in within.except_tables)
    if exceptions:
        parts.append(f"except {', '.join(exceptions)}")
    return f"{within.name} ({'; '.join(parts)})"


def _listed(members: Sequence[Member]) -> str:
    return ", ".join(f"{member.view.label(member)}: {code_text(member) or 'no code'}" for member in members)


# ---------------------------------------------------------------- as sections


def sections_for(verdict: Verdict, combinations: Sequence[Verdict], count: int, record: Record) -> tuple[Section, ...]:
    """What kept a rule from applying: on each combination, or before there was any."""
    if not combinations:
        version = verdict.rule.segments[0].version if verdict.rule.segments else None
        return (Section(part="applies", value="no", steps=(_nothing(verdict, version, record),)),)
    if verdict.reason is NotApplicable.DISABLED:
        return (Section(part="applies", value="no", steps=(_nothing(verdict, None, record),)),)
    steps = tuple(_combination(one, record) for one in combinations)
    if count > len(combinations):
        rest = f"and {count - len(combinations)} more, for the same reason"
        steps = (*steps, Step(kind="more", value="no", words=rest))
    return (Section(part="applies", value="no", steps=steps),)


def _nothing(verdict: Verdict, version: RuleVersion | None, record: Record) -> Step:
    reason = reason_of(verdict, None, 0, record)
    match verdict.reason:
        case NotApplicable.NO_SUBJECT if version is not None:
            return Step(
                kind="for", value="no", words=folded(version.subjects.span.text), fact=reason, span=version.span
            )
        case NotApplicable.SETTING:
            settings = ", ".join(sorted(verdict.rule.settings))
            return Step(
                kind="settings",
                value="no",
                words=f"settings {settings}",
                fact=f"this claim is {record.view.encounter.setting}",
            )
        case _:
            return Step(kind="period", value="no", words=reason)


def _combination(verdict: Verdict, record: Record) -> Step:
    words = ", ".join(named(one.bound, one.kind) for one in verdict.subjects) or "the claim"
    reason = _one(traced(record.replayed(verdict)), record.view)
    return Step(kind="combination", value="no", words=words, fact=reason, children=_steps(verdict, record))


def _steps(verdict: Verdict, record: Record) -> tuple[Step, ...]:
    """Of one combination, what kept the rule from applying."""
    trace = traced(record.replayed(verdict))
    if trace.reason in (NotApplicable.PERIOD, NotApplicable.DISABLED):
        return (Step(kind="period", value="no", words=_one(trace, record.view)),)
    applying = next(iter(sections_of(trace, record.view)))
    deciding = "yes" if trace.reason is NotApplicable.UNLESS else "no"
    return tuple(step for step in applying.steps if step.value == deciding and _is_clause(step, trace))


def _is_clause(step: Step, trace: Trace) -> bool:
    return trace.reason is not NotApplicable.UNLESS or step.words.startswith("unless ")
