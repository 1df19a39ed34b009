"""Overlay: what a rule says on each stretch of dates, once the changes of a payer and of those below it are in.

In:   rule ids with their versions; layers of changes, base first.     Out: `EffectiveFamily`s, and what is wrong.
Uses: syntax, diagnostics, versions, overlay_change, overlay_dates.    Used by: check, show.
Not here: which payer stands over which (overlay_chain.py); what the clauses mean (check).

A version's period is cut wherever a change begins or ends. Within one payer no two changes of a rule hold on one date,
so a layer needs no order; layers are laid on from the base upward. No change moves the ends of a version's period.
"""

from collections.abc import Collection, Mapping, Sequence

from attrs import evolve, frozen

from sequela.engine.diagnostics.model import Diagnostic, Label, Severity
from sequela.engine.diagnostics.suggest import did_you_mean
from sequela.engine.model.effective import (
    EffectiveFamily,
    EffectiveRule,
    Layer,
    PlacedChange,
    PlacedClause,
    RuleFamily,
)
from sequela.engine.model.overlay_change import applied, faults_of, replacing
from sequela.engine.model.overlay_dates import Days, days_of, effective_of
from sequela.engine.model.versions import versions_in_time
from sequela.engine.syntax.declarations import ChangeDeclaration, Forbidden, Require, RuleDeclaration


@frozen
class _Stretch:
    """A rule on some days, as the layers laid on so far leave it."""

    days: Days
    rule: EffectiveRule


@frozen
class _Dated:
    """A change that is sound by itself, and the days on which it holds."""

    days: Days
    placed: PlacedChange


def effective_rules(
    families: Sequence[RuleFamily], layers: Sequence[Layer], broken: Collection[str]
) -> tuple[tuple[EffectiveFamily, ...], tuple[Diagnostic, ...]]:
    """What each rule says on each stretch of dates.

    Args:
        families: one entry per rule id.
        layers: the payer chain, base first; empty for the rulesets alone.
        broken: ids that were declared but could not be read; a change of one is passed over in silence.
    Returns: one family per entry of `families`, in their order, its segments by date, without overlap, covering the
        periods of its versions exactly; and every fault of versions and changes. A change with a fault is not applied.
    """
    found: list[Diagnostic] = []
    dated: dict[str, list[tuple[Layer, list[_Dated]]]] = {}
    known = {family.id: family for family in families}
    for layer in layers:
        for rule, changes in _by_rule(layer, known, broken, found).items():
            dated.setdefault(rule, []).append((layer, changes))
    results: list[EffectiveFamily] = []
    for family in families:
        versions, faults = versions_in_time(family)
        found.extend(faults)
        stretches = [_Stretch(days, _as_declared(version)) for days, version in versions]
        for layer, changes in dated.get(family.id, ()):
            stretches = _laid_on(stretches, changes, layer, found)
        results.append(EffectiveFamily(id=family.id, segments=tuple(_segment(stretch) for stretch in stretches)))
    return tuple(results), tuple(found)


def _as_declared(version: RuleDeclaration) -> EffectiveRule:
    clauses = tuple(PlacedClause(clause=clause, change=None) for clause in version.clauses)
    return EffectiveRule(declaration=version, clauses=clauses, additions=(), first=None, last=None)


def _segment(stretch: _Stretch) -> EffectiveRule:
    return evolve(stretch.rule, first=stretch.days.first, last=stretch.days.last)


# ---------------------------------------------------------------- the changes of one layer


def _by_rule(
    layer: Layer, known: Mapping[str, RuleFamily], broken: Collection[str], found: list[Diagnostic]
) -> dict[str, list[_Dated]]:
    """The sound changes of a layer, by the rule that they change; says what is wrong with the others."""
    by_rule: dict[str, list[_Dated]] = {}
    for placed in layer.changes:
        change = placed.declaration
        rule = change.rule.text
        faults = faults_of(change)
        found.extend(faults)
        if rule not in known:
            if rule not in broken:
                found.append(_unknown_rule(change, layer, known))
            continue
        if all(version.span.source is change.span.source for version in known[rule].versions):
            found.append(_own_rule(change, known[rule]))
        effective = effective_of(change.clauses)
        days = days_of(None if effective is None else effective.period)
        if days is None or faults:  # a period that ends before it begins is the checker's to report
            continue
        others = by_rule.setdefault(rule, [])
        meeting = next(((other, shared) for other in others if (shared := other.days.shared(days)) is not None), None)
        if meeting is not None:
            found.append(_two_changes(meeting[0].placed.declaration, change, meeting[1], layer))
            continue
        others.append(_Dated(days, placed))
    return by_rule


# ---------------------------------------------------------------- laying a layer on


def _laid_on(stretches: list[_Stretch], changes: list[_Dated], layer: Layer, found: list[Diagnostic]) -> list[_Stretch]:
    """The stretches as one layer leaves them, by date."""
    for change in changes:
        declaration = change.placed.declaration
        laid: list[_Stretch] = []
        refused: Diagnostic | None = None
        meets = effects = False
        for stretch in stretches:
            shared = stretch.days.shared(change.days)
            if shared is None:
                laid.append(stretch)
                continue
            meets = True
            fault = _refusal(declaration, stretch.rule, shared, layer)
            refused = refused or fault
            effects = effects or stretch.rule.disabled is not None or bool(replacing(declaration))
            rule = applied(stretch.rule, change.placed) if fault is None else stretch.rule
            uncut = stretch.rule
            parts = ((stretch.days.before(shared), uncut), (shared, rule), (stretch.days.after(shared), uncut))
            laid.extend(_Stretch(days, part) for days, part in parts if days is not None)
        if refused is not None:
            found.append(refused)
        elif stretches and not meets:
            found.append(_meets_nothing(declaration, change.days))
        elif stretches and declaration.verb == "override" and not effects:
            found.append(_replaces_nothing(declaration))
        stretches = laid
    return stretches


def _refusal(change: ChangeDeclaration, rule: EffectiveRule, shared: Days, layer: Layer) -> Diagnostic | None:
    """Why a change cannot be made of the rule as the layers below left it; None where it can."""
    if change.verb != "override" and rule.disabled is not None:
        return _disabled_below(change, rule, shared, layer)
    bare = next(
        (one.clause for one in rule.clauses if isinstance(one.clause, Forbidden) and one.clause.condition is None), None
    )
    if bare is None:
        return None
    if change.verb == "tighten":
        return _nothing_to_add_to(change, "require also", bare)
    brought = replacing(change)
    if "require" in brought and "forbidden" not in brought:
        clause = next(clause for clause in change.clauses if isinstance(clause, Require))
        return _nothing_to_add_to(change, "require", bare, at=Label(clause.span))
    return None


# ---------------------------------------------------------------- what is said


def _unknown_rule(change: ChangeDeclaration, layer: Layer, known: Mapping[str, RuleFamily]) -> Diagnostic:
    hint = did_you_mean(change.rule.text, known)
    return Diagnostic(
        code="SEQ506",
        message=f"`{change.verb} {change.rule.text}` changes a rule that `{layer.payer}` neither uses nor stands over.",
        at=Label(change.rule.span, "no rule has this id"),
        hint=hint or "`use` the ruleset that holds the rule, or stand over a payer that does.",
    )


def _own_rule(change: ChangeDeclaration, family: RuleFamily) -> Diagnostic:
    return Diagnostic(
        code="SEQ507",
        severity=Severity.WARNING,
        message=f"`{change.verb} {change.rule.text}` changes a rule that stands in the same file.",
        at=Label(change.rule.span),
        also=(Label(family.versions[0].name.span, "the rule"),),
        hint="Write what the rule says into the rule itself; a second version of it may hold from a date on.",
    )


def _two_changes(first: ChangeDeclaration, second: ChangeDeclaration, shared: Days, layer: Layer) -> Diagnostic:
    return Diagnostic(
        code="SEQ513",
        message=f"`{layer.payer}` changes rule `{second.rule.text}` twice {shared.words}.",
        at=Label(second.span, f"`{second.verb}` here"),
        also=(Label(first.span, f"`{first.verb}` here"),),
        hint="Give the two changes periods that do not overlap (both ends are included), or make them one.",
    )


def _disabled_below(change: ChangeDeclaration, rule: EffectiveRule, shared: Days, layer: Layer) -> Diagnostic:
    disabled = rule.disabled
    assert disabled is not None
    return Diagnostic(
        code="SEQ514",
        message=f"`{change.verb} {change.rule.text}` changes a rule that `{disabled.payer}` disables {shared.words}.",
        at=Label(change.rule.span),
        also=(Label(disabled.span, "disabled here"),),
        hint=f"Limit its `effective` to other dates, or bring the rule back with `override {change.rule.text}`.",
        consequence=f"The change by `{layer.payer}` has no effect on those dates.",
    )


def _nothing_to_add_to(change: ChangeDeclaration, word: str, bare: Forbidden, at: Label | None = None) -> Diagnostic:
    return Diagnostic(
        code="SEQ515",
        message=f"`{word}` adds nothing to rule `{change.rule.text}`: all that it applies to is forbidden already.",
        at=at or Label(change.rule.span),
        also=(Label(bare.span, "forbidden here"),),
        hint=f"`override {change.rule.text}` with `forbidden when …` says what is forbidden from now on.",
    )


def _meets_nothing(change: ChangeDeclaration, days: Days) -> Diagnostic:
    return Diagnostic(
        code="SEQ516",
        severity=Severity.WARNING,
        message=f"`{change.verb} {change.rule.text}` has no effect: no version of the rule is in force {days.words}.",
        at=Label(change.rule.span),
        hint="Compare its `effective` with the rule's; no change alters a rule's own period.",
    )


def _replaces_nothing(change: ChangeDeclaration) -> Diagnostic:
    return Diagnostic(
        code="SEQ516",
        severity=Severity.WARNING,
        message=f"`override {change.rule.text}` has no effect: it replaces no clause and brings no disabled rule back.",
        at=Label(change.rule.span),
        hint="Write the clauses that are to be replaced, or take the change out.",
    )
