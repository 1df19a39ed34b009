"""Lints of lists: `every` over a list that may be empty, a table that never says no, a pair met twice.

In:   rules as they run.                        Out: diagnostics.
Uses: nodes, rules, lint_logic, diagnostics.    Used by: lint.
Not here: tests that exclude each other (lint_conditions).
"""

from collections import Counter
from collections.abc import Iterator

from sequela.engine.diagnostics.model import Diagnostic, Label, Severity
from sequela.engine.model.lint_logic import rename
from sequela.engine.model.nodes import (
    AllOf,
    AnyOf,
    Binding,
    Call,
    Compares,
    Condition,
    Domain,
    Is,
    Lists,
    Negated,
    NumberOf,
    Quantified,
    SetDefinition,
)
from sequela.engine.model.rules import (
    Binder,
    ForFirstDiagnosis,
    ForGroups,
    ForMembers,
    Outcome,
    Requirement,
    RuleVersion,
)
from sequela.engine.syntax.comparisons import Order, Quantifier
from sequela.engine.vocabulary.kinds import Kind


def lint_lists(version: RuleVersion) -> Iterator[Diagnostic]:
    """What can be said about the lists and tables that one version of a rule asks."""
    for requirement in version.requirements:
        if requirement.forbidden and requirement.condition is not None:
            yield from _empty_every(requirement.condition, version)
        if version.if_unknown.place >= Outcome.WARN.place:  # else the author counts on not knowing
            yield from _never_refused(requirement)
    others = [(version.when, "the rule never applies")]
    others.extend((unless, "this exception never applies") for unless in version.unless)
    others.append((version.bypass, "nothing is ever bypassed"))
    for clause, consequence in others:
        if clause is not None and not _may_be_true(clause.condition):
            yield from _never_no(clause.condition, consequence)
    yield from _met_twice(version)


# ---------------------------------------------------------------- every, of an empty list


def _empty_every(condition: Condition, version: RuleVersion) -> Iterator[Diagnostic]:
    guards = [*_parts(condition), *(() if version.when is None else _parts(version.when.condition))]
    for part in _parts(condition):
        if isinstance(part, AnyOf):
            for alternative in part.parts:
                yield from _empty_every(alternative, version)
        every = _open_every(part, version)
        if every is not None and not any(_guards(guard, every.over) for guard in guards):
            yield _unguarded(every)


def _open_every(part: Condition, version: RuleVersion) -> Quantified | None:
    """The part, where it says `every` of a list that may be empty."""
    if isinstance(part, Quantified) and part.quantifier is Quantifier.EVERY and _may_be_empty(part.over, version):
        return part
    return None


def _parts(condition: Condition) -> Iterator[Condition]:
    if isinstance(condition, AllOf):
        for part in condition.parts:
            yield from _parts(part)
    elif isinstance(condition, Call):
        yield from _parts(rename(condition.condition.body, _arguments(condition)))
    else:
        yield condition


def _arguments(call: Call) -> dict[Binding, Binding]:
    return dict(zip(call.condition.parameters, call.arguments, strict=True))


def _may_be_empty(over: Domain, version: RuleVersion) -> bool:
    if over.excluded or over.within is not None:
        return True
    if over.of is not None and over.of.kind is Kind.GROUP:
        return False
    return not any(_is_member(binder, over) for binder in _bound(version))


def _bound(version: RuleVersion) -> list[tuple[Kind, Binding | None]]:
    """The kinds of the subjects that are there whenever the rule is decided, and what each is `of`."""
    subjects = version.subjects
    if isinstance(subjects, ForGroups):
        return [(Kind.LINE, None)]
    if isinstance(subjects, ForFirstDiagnosis):
        return [(Kind.DIAGNOSIS, None)]
    return [(one.kind, one.of) for one in subjects.binders] if isinstance(subjects, ForMembers) else []


def _is_member(bound: tuple[Kind, Binding | None], over: Domain) -> bool:
    kind, of = bound
    if over.of is not None:
        return kind is over.kind and of == over.of
    return kind is over.kind or (over.kind is Kind.SERVICE and kind is Kind.LINE)


def _guards(part: Condition, over: Domain) -> bool:
    """Whether a test that is true says that the list is not empty."""
    if isinstance(part, Quantified):
        some = part.quantifier is Quantifier.SOME or (part.quantifier is Quantifier.AT_LEAST and part.number > 0)
        return some and _same_list(part.over, over)
    if isinstance(part, Compares) and isinstance(part.left, NumberOf):
        return part.order in (Order.AT_LEAST, Order.MORE_THAN) and _same_list(part.left.over, over)
    return False


def _same_list(one: Domain, other: Domain) -> bool:
    return (one.kind, one.of, one.within, one.excluded, one.later) == (
        other.kind,
        other.of,
        other.within,
        other.excluded,
        other.later,
    )


def _unguarded(part: Quantified) -> Diagnostic:
    members = _members(part.over)
    return Diagnostic(
        code="SEQ601",
        severity=Severity.WARNING,
        message=f"`every {members} …` is also true where there is no {part.over.kind.value} of that kind.",
        at=Label(part.span, "forbids an empty list too"),
        hint=f"Add a guard, that there is one: `some {_members(part.over, 'one')} and every {members} …`.",
    )


def _members(over: Domain, name: str | None = None) -> str:
    words = [over.kind.value, name or over.binding.name]
    if over.excluded:
        words.insert(0, "later" if over.later else "other")
    if over.of is not None:
        words.extend(("of", over.of.name))
    if over.within is not None:
        words.extend(("in", over.within.name if isinstance(over.within, SetDefinition) else over.within.span.text))
    return " ".join(words)


# ---------------------------------------------------------------- a partial table never says no


def _may_be_true(condition: Condition) -> bool:
    return _may_be(condition, True)


def _may_be(condition: Condition, wanted: bool) -> bool:
    """Whether a condition can be true (or false), as far as partial tables have a say."""
    match condition:
        case Lists(table=table):
            return wanted or table.shape.complete
        case Negated(part=part):
            return _may_be(part, not wanted)
        case AllOf(parts=parts):
            return (all if wanted else any)(_may_be(part, wanted) for part in parts)
        case AnyOf(parts=parts):
            return (any if wanted else all)(_may_be(part, wanted) for part in parts)
        case Call():
            return _may_be(condition.condition.body, wanted)
        case Quantified(quantifier=Quantifier.SOME, over=over) if wanted:
            return over.where is None or _may_be(over.where, True)
        case Quantified(quantifier=Quantifier.EVERY, over=over) if not wanted:
            return over.where is None or _may_be(over.where, False)
        case Quantified(quantifier=Quantifier.NO, over=over) if not wanted:
            return over.where is None or _may_be(over.where, True)
        case _:
            return True


def _never_refused(requirement: Requirement) -> Iterator[Diagnostic]:
    if requirement.condition is None or _may_be(requirement.condition, requirement.forbidden):
        return
    yield from _never_no(requirement.condition, "the rule never fails by it")


def _never_no(condition: Condition, consequence: str) -> Iterator[Diagnostic]:
    lists = next(_partial(condition), None)
    if lists is None:
        return
    table = lists.table
    yield Diagnostic(
        code="SEQ614",
        severity=Severity.LINT,
        message=f"Table `{table.name}` is partial: it never says that something is not listed.",
        at=Label(lists.span),
        also=(Label(table.span, "declared here"),),
        hint="Declare the table `complete` if a row that is not there means no.",
        consequence=f"As it stands, {consequence}.",
    )


def _partial(condition: Condition) -> Iterator[Lists]:
    match condition:
        case Lists(table=table):
            if not table.shape.complete:
                yield condition
        case Negated(part=part):
            yield from _partial(part)
        case AllOf(parts=parts) | AnyOf(parts=parts):
            for part in parts:
                yield from _partial(part)
        case Call():
            yield from _partial(condition.condition.body)
        case Quantified(over=over):
            if over.where is not None:
                yield from _partial(over.where)
        case _:
            return


# ---------------------------------------------------------------- a pair met in either order


def _met_twice(version: RuleVersion) -> Iterator[Diagnostic]:
    subjects = version.subjects
    if not isinstance(subjects, ForMembers) or len(subjects.binders) != 2 or version.look_ups or version.suggestion:
        return
    first, second = subjects.binders
    if not _alike(first, second) or not _either_way(version, first.binding, second.binding):
        return
    yield Diagnostic(
        code="SEQ616",
        severity=Severity.LINT,
        message=f"Each pair of {first.binding.name} and {second.binding.name} is met twice, and judged alike.",
        at=Label(second.span, "in either order"),
        hint="Write `later` for `other`, and a pair is met once.",
    )


def _alike(first: Binder, second: Binder) -> bool:
    return (
        first.kind is second.kind
        and second.excluded == (first.binding,)
        and not second.later
        and first.of == second.of
        and first.within == second.within
        and first.kind is not Kind.MODIFIER
    )


def _either_way(version: RuleVersion, one: Binding, other: Binding) -> bool:
    """Whether the rule says the same of a pair in either order."""
    swap = {one: other, other: one}
    conditions = [(clause.condition, "when") for clause in (version.when,) if clause is not None]
    conditions.extend((clause.condition, "unless") for clause in version.unless)
    conditions.extend((clause.condition, "bypass") for clause in (version.bypass,) if clause is not None)
    for requirement in version.requirements:
        if requirement.only_when is not None or requirement.consequence is not None:
            return False
        if requirement.condition is not None:
            conditions.append((requirement.condition, str(requirement.forbidden)))
    about = set(version.consequence.about)
    if {swap.get(binding, binding) for binding in about} != about:
        return False
    as_written = Counter(f"{word} {_plain(condition)}" for condition, word in conditions)
    swapped = Counter(f"{word} {_plain(rename(condition, swap))}" for condition, word in conditions)
    return as_written == swapped


def _plain(condition: Condition) -> str:
    """A condition as a text that does not depend on the order of its parts."""
    match condition:
        case AllOf(parts=parts) | AnyOf(parts=parts):
            return f"{type(condition).__name__}({', '.join(sorted(_plain(part) for part in parts))})"
        case Negated(part=part):
            return f"not ({_plain(part)})"
        case Is(left=left, right=right):
            return f"Is({', '.join(sorted((repr(left), repr(right))))})"
        case Call() if not isinstance(condition.condition.body, Quantified):
            return _plain(rename(condition.condition.body, _arguments(condition)))
        case _:
            return repr(condition)
