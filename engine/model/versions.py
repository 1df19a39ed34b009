"""Versions: the declarations of one rule id, side by side in time.

In:   the versions of a rule id, as written.    Out: the days of each, and what is wrong between them.
Uses: syntax, diagnostics, overlay_dates, effective.    Used by: overlay.
Not here: what payers change in them (overlay.py); whether they agree in phase, settings and subjects (the checker).
"""

from sequela.engine.diagnostics.model import Diagnostic, Label, Severity
from sequela.engine.model.effective import RuleFamily
from sequela.engine.model.overlay_dates import Days, days_of, effective_of
from sequela.engine.source import Span
from sequela.engine.syntax.declarations import RuleDeclaration


def version_days(declaration: RuleDeclaration) -> Days | None:
    """The days on which a version holds: every day without `effective`; None where its period ends before it begins."""
    effective = effective_of(declaration.clauses)
    return days_of(None if effective is None else effective.period)


def versions_in_time(family: RuleFamily) -> tuple[tuple[tuple[Days, RuleDeclaration], ...], tuple[Diagnostic, ...]]:
    """The versions of a rule by date, without overlap, and the overlaps (errors) and gaps (warnings) between them.

    Of two versions that overlap the one that begins first is kept; one whose period ends before it begins is left out
    in silence (the checker speaks about the period).
    """
    dated = [(days, version) for version in family.versions if (days := version_days(version)) is not None]
    dated.sort(key=lambda pair: pair[0].low)  # stable: of two that begin together the first declared is kept
    kept: list[tuple[Days, RuleDeclaration]] = []
    found: list[Diagnostic] = []
    overlapped = False
    for days, version in dated:
        if kept:
            earlier_days, earlier = kept[-1]
            shared = earlier_days.shared(days)
            if shared is not None:
                found.append(_overlap(earlier, version, shared))
                overlapped = True
                continue
            if days.low - earlier_days.high > 1 and not overlapped:
                found.append(_gap(earlier, version, Days(earlier_days.high + 1, days.low - 1)))
            overlapped = False
        kept.append((days, version))
    return tuple(kept), tuple(found)


def _dated_at(version: RuleDeclaration) -> Span:
    effective = effective_of(version.clauses)
    return version.name.span if effective is None else effective.span


def _overlap(earlier: RuleDeclaration, later: RuleDeclaration, shared: Days) -> Diagnostic:
    rule = later.name.text
    undated = next((one for one in (earlier, later) if effective_of(one.clauses) is None), None)
    if undated is not None:
        hint = (
            "A rule without `effective` holds on every date. Give each version a period of its own; "
            "if this is another rule, give it another id."
        )
    elif shared.first is not None and version_days(earlier) != version_days(later):
        hint = f"Both ends of a period are included: let the earlier version end before {shared.first}."
    else:
        hint = "Give each version a period of its own, or another id."
    if earlier.span.source is not later.span.source:
        hint += f" A payer that only changes a rule below it writes `override {rule}`."
    return Diagnostic(
        code="SEQ500",
        message=f"Two versions of rule `{rule}` are in force {shared.words}.",
        at=Label(_dated_at(later), "one version"),
        also=(Label(_dated_at(earlier), "another version"),),
        hint=hint,
    )


def _gap(earlier: RuleDeclaration, later: RuleDeclaration, between: Days) -> Diagnostic:
    return Diagnostic(
        code="SEQ501",
        severity=Severity.WARNING,
        message=f"No version of rule `{later.name.text}` is in force {between.words}.",
        at=Label(_dated_at(later), "the next version begins here"),
        also=(Label(_dated_at(earlier), "the version before it ends here"),),
        hint="Let one version begin on the day after the other ends, unless the rule was not in force in between.",
    )
