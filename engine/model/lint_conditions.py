"""Lints of conditions: tests that are never or always true where they stand, and tests asked twice.

In:   rules as they run, named conditions, sets.    Out: diagnostics.
Uses: nodes, rules, lint_logic, diagnostics.        Used by: lint.
Not here: when two tests exclude each other (lint_logic); quantifiers over empty lists (lint_quantifiers).

A test is read with what else is certain where it stands: the sets that the subjects are taken from, `when`, and the
tests beside it. A named condition is read by itself, and again at each place that calls it.
"""

from collections.abc import Iterator
from itertools import combinations

from sequela.engine.diagnostics.model import Diagnostic, Label, Severity
from sequela.engine.encounter.fields import main_code
from sequela.engine.model.lint_logic import Test, asks_presence, conflict, self_compared, tests_of
from sequela.engine.model.nodes import (
    AllOf,
    AnyOf,
    Binding,
    Call,
    Condition,
    Domain,
    Fact,
    FromTableSet,
    InSet,
    Negated,
    NumberOf,
    Quantified,
    SetUse,
    Total,
)
from sequela.engine.model.rules import ForMembers, RuleVersion
from sequela.engine.source import Span

Certain = tuple[Test, ...]


def lint_version(version: RuleVersion) -> Iterator[Diagnostic]:
    """The tests of one version of a rule, each where it stands."""
    certain = _subjects(version)
    if version.when is not None:
        yield from _read(version.when.condition, certain, "the rule never applies")
        certain = (*certain, *_certain_in(version.when.condition))
    for unless in version.unless:
        yield from _read(unless.condition, certain, "this exception never applies")
    told: list[Test] = []
    for requirement in version.requirements:
        known = certain
        if requirement.only_when is not None:
            yield from _read(requirement.only_when, certain, "nothing is asked here")
            known = (*certain, *_certain_in(requirement.only_when))
        if requirement.condition is None:
            continue
        consequence = "the rule never fails by it" if requirement.forbidden else "this can never hold"
        yield from _read(requirement.condition, known, consequence)
        if not requirement.forbidden and requirement.only_when is None:
            own = [test for test in tests_of(requirement.condition) if isinstance(test, Test)]
            yield from _twice(told, own)
            told.extend(own)
    if version.bypass is not None:
        yield from _read(version.bypass.condition, certain, "nothing is ever bypassed")


def lint_named(body: Condition) -> Iterator[Diagnostic]:
    """The tests of a named condition, by itself."""
    yield from _read(body, (), "the condition never holds")


def lint_where(part: FromTableSet) -> Iterator[Diagnostic]:
    """The tests after `from TABLE where`."""
    if part.where is not None:
        yield from _read(part.where, (), "no row is taken")


def _subjects(version: RuleVersion) -> Certain:
    subjects = version.subjects
    if not isinstance(subjects, ForMembers):
        return ()
    taken = (_taken_from(binder.binding, binder.within, binder.span) for binder in subjects.binders)
    return tuple(test for test in taken if test is not None)


def _taken_from(binding: Binding, within: SetUse | None, span: Span) -> Test | None:
    """The test that `line visit in visits` makes of each visit."""
    code = main_code(binding.kind)
    if within is None or code is None:
        return None
    fact = Fact(span=span, binding=binding, fact=code)
    return Test(InSet(span=span, left=fact, within=within), True, span)


def _certain_in(condition: Condition) -> Certain:
    return tuple(test for test in tests_of(condition) if isinstance(test, Test) and not asks_presence(test))


# ---------------------------------------------------------------- reading one condition


def _read(condition: Condition, certain: Certain, consequence: str) -> Iterator[Diagnostic]:
    """What can be said about a condition, given what is certain where it stands."""
    here: list[Test] = []
    alternatives: list[AnyOf] = []
    for part in tests_of(condition):
        if isinstance(part, AnyOf):
            alternatives.append(part)
        else:
            here.append(part)
    yield from _twice((), here)
    excluded = list(_never(here, certain, consequence))
    yield from excluded
    if not excluded:
        yield from _always(here, certain)
    around = (*certain, *(test for test in here if not asks_presence(test)))
    for alternative in alternatives:
        yield from _any_of(alternative, around)
    for inner in _direct_parts(condition):
        yield from _inside(inner, around)


def _direct_parts(condition: Condition) -> Iterator[Condition]:
    """The parts of a conjunction that hold conditions of their own, as written: a named condition is read elsewhere."""
    match condition:
        case AllOf(parts=parts):
            for part in parts:
                yield from _direct_parts(part)
        case AnyOf() | Call():
            return
        case _:
            yield condition


def _inside(part: Condition, around: Certain) -> Iterator[Diagnostic]:
    """Conditions within a quantifier, a number, a total or a `not`."""
    match part:
        case Quantified(over=over):
            yield from _domain(over, around)
        case Negated(part=AllOf() | AnyOf() as inner):
            yield from _read(inner, (), "it is never so")
        case Negated(part=inner):
            yield from _inside(inner, around)
        case _:
            for value in (getattr(part, "left", None), getattr(part, "right", None), getattr(part, "value", None)):
                if isinstance(value, Total | NumberOf):
                    yield from _domain(value.over, around)


def _domain(over: Domain, around: Certain) -> Iterator[Diagnostic]:
    if over.where is None:
        return
    taken = _taken_from(over.binding, over.within, over.span)
    known = around if taken is None else (*around, taken)
    yield from _read(over.where, known, f"no {over.kind.value} is ever meant")


def _any_of(condition: AnyOf, around: Certain) -> Iterator[Diagnostic]:
    """Alternatives: two that leave nothing out, the same one twice, and each by itself."""
    single: list[Test] = []
    for part in condition.parts:
        own = list(tests_of(part))
        if len(own) == 1 and isinstance(own[0], Test):
            single.append(own[0])
    yield from _twice((), single, "or")
    for one, other in combinations(single, 2):
        if not (one.predicate == other.predicate and one.positive is other.positive) and _leaves_nothing(one, other):
            yield _diagnostic_always(other, one, "one of the two is always so", beside=True)
            break
    for part in condition.parts:
        yield from _read(part, around, "this alternative is never so")


def _leaves_nothing(one: Test, other: Test) -> bool:
    return conflict(one.denied, other.denied) is not None


# ---------------------------------------------------------------- what is said


def _never(here: list[Test], certain: Certain, consequence: str) -> Iterator[Diagnostic]:
    known = [test for test in certain if not asks_presence(test)]
    for test in here:
        if self_compared(test.predicate) and not test.positive:
            yield _diagnostic_never(test, None, "a value is always itself", consequence)
            return
        for other in known:
            reason = conflict(other, test)
            if reason is not None:
                beside = other in here
                yield _diagnostic_never(test, other, reason, consequence, beside=beside)
                return
        known.append(test)


def _always(here: list[Test], certain: Certain) -> Iterator[Diagnostic]:
    for test in here:
        if self_compared(test.predicate):
            yield _diagnostic_always(test, None, "it compares a value with itself")
            continue
        if asks_presence(test):
            continue
        given = next((other for other in certain if _follows(test, other)), None)
        if given is not None:
            yield _diagnostic_always(test, given, "it follows from what is certain here")


def _follows(test: Test, given: Test) -> bool:
    """Whether a test is certain once another is."""
    return conflict(given, test.denied) is not None


def _twice(before: "tuple[Test, ...] | list[Test]", here: list[Test], word: str = "and") -> Iterator[Diagnostic]:
    seen = list(before)
    for test in here:
        first = next((one for one in seen if one.predicate == test.predicate and one.positive is test.positive), None)
        if first is None:
            seen.append(test)
        elif first.span != test.span:
            again = "asked" if word == "and" else "offered"
            yield Diagnostic(
                code="SEQ607",
                severity=Severity.LINT,
                message=f"`{test.text}` is {again} twice.",
                at=Label(test.span, "the second time"),
                also=(Label(first.span, "the first time"),),
                hint="Leave one of them out, or write what the other one was meant to be.",
            )


def _diagnostic_never(
    test: Test, other: Test | None, reason: str, consequence: str, *, beside: bool = False
) -> Diagnostic:
    hint = "Was `or` meant, or another code, set or value?" if beside else "Was another code, set or value meant?"
    return Diagnostic(
        code="SEQ605",
        severity=Severity.WARNING,
        message=f"`{test.text}` is never true here: {reason}.",
        at=Label(test.span),
        also=() if other is None else (Label(other.span, "given this"),),
        hint=hint if other is not None else None,
        consequence=f"As it stands, {consequence}.",
    )


def _diagnostic_always(test: Test, other: Test | None, reason: str, *, beside: bool = False) -> Diagnostic:
    hint = "Was `and` meant, or another code, set or value?" if beside else "Was another code, set or value meant?"
    return Diagnostic(
        code="SEQ606",
        severity=Severity.WARNING,
        message=f"`{test.text}` decides nothing: {reason}.",
        at=Label(test.span),
        also=() if other is None else (Label(other.span, "given this"),),
        hint=hint if other is not None else None,
    )
