"""Version: one version of a rule, payer changes applied, with every name resolved and every kind checked.

In:   an `EffectiveRule`, and what each file sees.    Out: `Resolved`: a `RuleVersion`, or None with the reasons said.
Uses: subjects, look_ups, conditions, witnesses, consequences, suggestions.    Used by: families.
Not here: segments and rules (families.py); how changes are applied (overlay.py).

Clauses are resolved in the order of their meaning, whatever their place: what `for` binds, rows, `when`, rows that wait
for what `when` finds, exceptions, what must hold, what follows. A clause that a payer brought sees its payer's names.
That a rule has `for`, something that must hold and `if fail` is the parser's word.
"""

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define, field, frozen

from sequela.engine.model.conditions import clause_condition, condition
from sequela.engine.model.consequences import about, adjustment, citations, message, outcome
from sequela.engine.model.effective import Addition, EffectiveRule
from sequela.engine.model.findings import Findings
from sequela.engine.model.look_ups import late_ones, look_up, promised
from sequela.engine.model.names import FileNames
from sequela.engine.model.overlay_change import word_of
from sequela.engine.model.rules import (
    SETTINGS,
    Change,
    Clause,
    Consequence,
    DateBasis,
    ForGroups,
    LookUp,
    Outcome,
    Phase,
    Requirement,
    RuleVersion,
    Subjects,
    Witness,
)
from sequela.engine.model.scope import Frame, Role, Scope
from sequela.engine.model.subjects import holds_a_line, subjects
from sequela.engine.model.suggestions import suggestion, with_free
from sequela.engine.model.values import value
from sequela.engine.model.witnesses import with_witnesses, witnessed
from sequela.engine.model.written import roots_used
from sequela.engine.syntax import declarations as d
from sequela.engine.syntax.conditions import Condition

C = TypeVar("C", bound=d.RuleClause)


@frozen(eq=False, kw_only=True)
class Resolved:
    """What was made of one version: with what all versions of a rule share, and what was found."""

    version: RuleVersion | None
    phase: Phase
    settings: frozenset[str]
    basis: DateBasis
    frame: Frame


@define(eq=False)
class _Work:
    """One version while it is resolved."""

    rule: EffectiveRule
    scope: Scope
    payers: Mapping[str, FileNames]
    _by_kind: dict[type[object], list[Any]] = field(init=False)

    def __attrs_post_init__(self) -> None:
        self._by_kind = {}
        for one in self.rule.clauses:
            self._by_kind.setdefault(type(one.clause), []).append((one.clause, one.change))

    def all(self, kind: type[C]) -> list[tuple[C, Change | None]]:
        """Every clause of a kind, with the change that brought it."""
        return self._by_kind.get(kind, [])

    def one(self, kind: type[C]) -> tuple[C | None, Change | None]:
        """The clause of a kind that stands at most once."""
        found = self.all(kind)
        return found[0] if found else (None, None)

    def seen_by(self, change: Change | None, scope: Scope) -> Scope:
        """A scope as the file of a clause sees it: the payer's, or the rule's own."""
        return scope if change is None else scope.seen_by(self.payers[change.payer])

    def condition(self, written: Condition, change: Change | None, scope: Scope) -> Clause | None:
        """The condition of a clause."""
        found = clause_condition(written, self.seen_by(change, scope))
        return None if found is None else Clause(span=written.span, condition=found, change=change)


def resolve_version(rule: EffectiveRule, own: FileNames, payers: Mapping[str, FileNames]) -> Resolved:
    """One version of a rule, resolved; `own` is the file of the rule, `payers` those of the payers that change it."""
    frame = Frame(Findings(), condition=condition, value=value)
    work = _Work(rule, Scope(frame, own), payers)
    phase = _phase(work, own)
    settings = _settings(work, own)
    found, scope = _subjects(work)
    basis = _basis(work, found)
    version = _rest(work, found, scope)
    if frame.payable is not None and phase is Phase.VALIDITY:
        frame.is_broken = True
        frame.findings.error(
            "SEQ317",
            "`is payable` asks what earlier phases denied, and `validity` is the first phase.",
            frame.payable,
            hint="Give the rule a later phase, such as `phase add-ons`.",
        )
    sound = version if not frame.is_broken and not frame.findings.has_errors else None
    return Resolved(version=sound, phase=phase, settings=settings, basis=basis, frame=frame)


def _phase(work: _Work, own: FileNames) -> Phase:
    clause, _ = work.one(d.Phase)
    header = own.file.header
    name = clause.name if clause is not None else header.phase if header is not None else None
    return Phase.VALIDITY if name is None else Phase(name.text)


def _settings(work: _Work, own: FileNames) -> frozenset[str]:
    """The settings of the rule's own clause, else those of the header, else all."""
    clause, _ = work.one(d.Settings)
    header = own.file.header
    names = clause.names if clause is not None else header.settings if header is not None else ()
    return frozenset(name.text for name in names) or frozenset(SETTINGS)


def _subjects(work: _Work) -> tuple[Subjects | None, Scope]:
    written, change = next(
        (one.clause, one.change)
        for one in work.rule.clauses
        if isinstance(one.clause, d.ForEach | d.ForFirstDiagnosis | d.ForClaim)
    )
    found, scope = subjects(written, work.seen_by(change, work.scope))
    return found, scope.seen_by(work.scope.file)


def _basis(work: _Work, found: Subjects | None) -> DateBasis:
    clause, change = work.one(d.Effective)
    if clause is None or clause.by is None:
        return DateBasis.DEFAULT
    basis = DateBasis(clause.by)
    if basis is DateBasis.LINE and found is not None and not holds_a_line(found):
        work.seen_by(change, work.scope).error(
            "SEQ322",
            "`by line date` needs a bound line, and this rule binds none.",
            clause.span,
            hint="Bind the line first, `for each line l, diagnosis dx of l`, or leave `by line date` away.",
        )
    return DateBasis.DEFAULT if isinstance(found, ForGroups) and basis is DateBasis.LINE else basis


# ---------------------------------------------------------------- clauses in the order of their meaning


def _rest(work: _Work, found: Subjects | None, scope: Scope) -> RuleVersion | None:
    rule = work.rule
    when_clause, when_change = work.one(d.When)
    some = [] if when_clause is None else witnessed(when_clause.condition)
    look_ups, waiting, inner = _early_rows(work, {one.over.name.text for one in some}, scope)
    before_when = inner
    when = None
    witnesses: tuple[Witness, ...] = ()
    if when_clause is not None:
        when = work.condition(when_clause.condition, when_change, inner)
        inner, bound = with_witnesses(inner, when_clause.condition)
        witnesses = tuple(Witness(binding=binding, some=by) for binding, by in bound)
    late, inner = _late_rows(work, waiting, inner)
    unless = _unless(work, inner, before_when, {one.over.name.text for one in some})
    requirements, required = _requirements(work, inner)
    bypass_clause, bypass_change = work.one(d.Bypass)
    bypass = None if bypass_clause is None else work.condition(bypass_clause.condition, bypass_change, inner)
    consequence = _consequence(work, inner)
    added = _added(work, inner, required)
    fail_unknown, _ = work.one(d.IfUnknown)
    if_unknown = Outcome.WARN if fail_unknown is None else outcome(fail_unknown, inner)
    suggest, suggest_change = work.one(d.Suggest)
    suggested = None
    if suggest is not None:
        suggested = suggestion(suggest, with_free(required, work.seen_by(suggest_change, inner)))
    adjust, adjust_change = work.one(d.Adjustment)
    adjusted = None if adjust is None else adjustment(adjust, work.seen_by(adjust_change, inner))
    cites = citations([cite for cite, _ in work.all(d.Cite)], work.scope)
    if found is None or consequence is None or if_unknown is None or inner.frame.is_broken:
        return None
    return RuleVersion(
        span=rule.declaration.span,
        id=rule.declaration.name.text,
        title=rule.declaration.title.value,
        subjects=found,
        look_ups=(*look_ups, *late),
        when=when,
        unless=(*unless, *added[0]),
        witnesses=witnesses,
        requirements=(*requirements, *added[1]),
        bypass=bypass,
        consequence=consequence,
        if_unknown=if_unknown,
        suggestion=suggested,
        adjustment=adjusted,
        cites=cites,
        changes=rule.changes,
        clause_origins=_origins(rule),
        slots=inner.frame.slots,
    )


_Waiting = list[tuple[d.LookUp, Change | None]]


def _early_rows(work: _Work, witnesses: set[str], scope: Scope) -> tuple[list[LookUp], _Waiting, Scope]:
    """The rows that do not wait for `when`, those that do, and the scope of `when`."""
    written = work.all(d.LookUp)
    late = late_ones([clause for clause, _ in written], witnesses)
    waiting = [one for place, one in enumerate(written) if place in late]
    early = [one for place, one in enumerate(written) if place not in late]
    for clause, _ in early:
        scope = promised(clause.name, Role.LATER, scope)
    found: list[LookUp] = []
    for clause, change in early:
        row, wider = look_up(clause, work.seen_by(change, scope), late=False)
        scope = wider.seen_by(scope.file)
        if row is not None:
            found.append(row)
    for clause, _ in waiting:
        scope = promised(clause.name, Role.LATE_ROW, scope)
    return found, waiting, scope


def _late_rows(work: _Work, waiting: _Waiting, scope: Scope) -> tuple[list[LookUp], Scope]:
    found: list[LookUp] = []
    for clause, change in waiting:
        row, wider = look_up(clause, work.seen_by(change, scope), late=True)
        scope = wider.seen_by(scope.file)
        if row is not None:
            found.append(row)
    return found, scope


def _unless(work: _Work, scope: Scope, before: Scope, witnesses: set[str]) -> list[Clause]:
    """The exceptions; one that stands above `when` may not use what `when` finds."""
    when, when_change = work.one(d.When)
    found: list[Clause] = []
    for clause, change in work.all(d.Unless):
        seen = scope
        above = when is not None and change is None and when_change is None and clause.span.start < when.span.start
        if when is not None and above and witnesses & roots_used(clause.condition):
            seen = before
            for some in witnessed(when.condition):
                seen = promised(some.over.name, Role.LATER, seen)
        exception = work.condition(clause.condition, change, seen)
        if exception is not None:
            found.append(exception)
    return found


def _requirements(work: _Work, scope: Scope) -> tuple[list[Requirement], list[Condition]]:
    """What must hold, and the conditions of each `require` as written."""
    found: list[Requirement] = []
    required: list[Condition] = []
    for one in work.rule.clauses:
        clause = one.clause
        if not isinstance(clause, d.Require | d.Forbidden):
            continue
        forbidden = isinstance(clause, d.Forbidden)
        resolved = None
        if clause.condition is not None:
            if not forbidden:
                required.append(clause.condition)
            resolved = clause_condition(clause.condition, work.seen_by(one.change, scope))
            if resolved is None:
                continue
        found.append(Requirement(span=clause.span, condition=resolved, forbidden=forbidden, change=one.change))
    return found, required


def _consequence(work: _Work, scope: Scope) -> Consequence | None:
    clause, change = work.one(d.IfFail)
    say, say_change = work.one(d.Say)
    text = message(say, work.seen_by(say_change, scope))
    assert clause is not None, "a rule without `if fail` is not parsed"
    seen = work.seen_by(change, scope)
    names, word = about(clause, seen), outcome(clause, seen)
    return None if word is None else Consequence(outcome=word, about=names, message=text)


def _added(work: _Work, scope: Scope, required: list[Condition]) -> tuple[list[Clause], list[Requirement]]:
    """What payers add: exceptions and requirements."""
    unless: list[Clause] = []
    requirements: list[Requirement] = []
    for addition in work.rule.additions:
        seen = work.seen_by(addition.change, scope)
        if addition.unless_also is not None:
            exception = work.condition(addition.unless_also, addition.change, scope)
            unless += [] if exception is None else [exception]
        only_when = None if addition.only_when is None else clause_condition(addition.only_when, seen)
        consequence = _own_consequence(work, addition, scope, seen)
        for written in addition.require_also:
            required.append(written)
            resolved = clause_condition(written, seen)
            if resolved is not None:
                requirements.append(
                    Requirement(
                        span=written.span,
                        condition=resolved,
                        only_when=only_when,
                        consequence=consequence,
                        change=addition.change,
                    )
                )
    return unless, requirements


def _own_consequence(work: _Work, addition: Addition, scope: Scope, seen: Scope) -> Consequence | None:
    """The consequence of what a `tighten` adds; what it leaves out is the rule's."""
    if addition.if_fail is None and addition.say is None:
        return None
    of_rule, of_change = work.one(d.IfFail)
    clause, clause_scope = (addition.if_fail, seen) if addition.if_fail else (of_rule, work.seen_by(of_change, scope))
    text = message(addition.say, seen)
    if addition.say is None:
        say, say_change = work.one(d.Say)
        text = message(say, work.seen_by(say_change, scope))
    if clause is None:
        return None
    word = outcome(clause, clause_scope)
    return None if word is None else Consequence(outcome=word, about=about(clause, clause_scope), message=text)


def _origins(rule: EffectiveRule) -> tuple[tuple[str, Change], ...]:
    """The words of the clauses that changes brought."""
    found: dict[tuple[str, Change], None] = {}
    for one in rule.clauses:
        if one.change is not None:
            found[word_of(one.clause), one.change] = None
    for addition in rule.additions:
        said = {
            "unless also": addition.unless_also,
            "require also": addition.require_also,
            "only when": addition.only_when,
            "if fail": addition.if_fail,
            "say": addition.say,
        }
        for word, part in said.items():
            if part:
                found[word, addition.change] = None
    return tuple(found)


def key_of_version(rule: EffectiveRule) -> tuple[object, ...]:
    """What makes two effective rules one version, whatever their dates; the parts live as long as the files."""
    if not rule.changes and not rule.additions:
        return (id(rule.declaration),)
    return (
        id(rule.declaration),
        tuple((id(one.clause), one.change) for one in rule.clauses),
        tuple(_key_of_addition(one) for one in rule.additions),
        rule.changes,
    )


def _key_of_addition(addition: Addition) -> tuple[object, ...]:
    parts = (addition.unless_also, *addition.require_also, addition.only_when, addition.if_fail, addition.say)
    return (addition.change, *(id(part) for part in parts))
