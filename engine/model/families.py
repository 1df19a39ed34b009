"""Families: the segments of a rule id as one `Rule`, each version resolved once however many payers have it.

In:   `EffectiveFamily`s.    Out: `Rule`s, and what was found on the way.
Uses: version, findings.     Used by: check.
Not here: which version holds when (overlay.py); what a version says (version.py).
"""

from collections.abc import Mapping

from attrs import define, field
from msgspec.structs import replace

from sequela.engine.diagnostics.model import Diagnostic, Label
from sequela.engine.model.effective import EffectiveFamily, EffectiveRule
from sequela.engine.model.findings import Findings
from sequela.engine.model.names import Declared, FileNames
from sequela.engine.model.overlay_dates import Days
from sequela.engine.model.rules import SETTINGS, DateBasis, Rule, RuleVersion, Segment
from sequela.engine.model.subjects import holds_a_line, kinds_bound
from sequela.engine.model.version import Resolved, key_of_version, resolve_version
from sequela.engine.syntax import declarations as d


@define(eq=False)
class Families:
    """Makes rules; remembers versions, so that payers that leave a rule alone share it."""

    home: Mapping[int, FileNames]
    """The file of each rule declaration, by its identity."""
    payers: Mapping[str, FileNames]
    findings: Findings = field(factory=Findings)
    _versions: dict[tuple[object, ...], Resolved] = field(factory=dict)
    _dates: dict[tuple[object, ...], "Days"] = field(factory=dict)

    def rule_of(self, family: EffectiveFamily) -> Rule | None:
        """One rule with its segments; None where one of its versions has a fault, or none is in force on any date."""
        if not family.segments:
            return None
        resolved = [self._resolved(one) for one in family.segments]
        first, first_resolved = family.segments[0], resolved[0]
        shared = self._agree(family, resolved)
        segments: list[Segment] = []
        for one, made in zip(family.segments, resolved, strict=True):
            if made.version is None or not shared:
                return None
            segments.append(Segment(first=one.first, last=one.last, version=made.version, disabled=one.disabled))
        return Rule(
            id=family.id,
            phase=first_resolved.phase,
            settings=first_resolved.settings,
            date_basis=first_resolved.basis,
            segments=tuple(segments),
            ruleset=self.home[id(first.declaration)].name,
            span=first.declaration.span,
        )

    def _resolved(self, rule: EffectiveRule) -> Resolved:
        key = key_of_version(rule)
        days, known = _days(rule), self._dates.get(key)
        self._dates[key] = days if known is None else Days(min(days.low, known.low), max(days.high, known.high))
        found = self._versions.get(key)
        if found is None:
            found = resolve_version(rule, self.home[id(rule.declaration)], self.payers)
            self._versions[key] = found
            name = rule.declaration.name.text
            for diagnostic in found.frame.findings.said(
                f"Rule {name} was not loaded; no claim was checked against it."
            ):
                self.findings.add(_as_changed(diagnostic, rule) if rule.changes else diagnostic)
            if found.version is None:
                for cause in found.frame.causes:
                    cause.rules[name] = None
        return found

    def periods(self) -> list[tuple[Resolved, Days]]:
        """Every version that was made, with the days from the first to the last on which it holds."""
        return [(self._versions[key], days) for key, days in self._dates.items()]

    def _agree(self, family: EffectiveFamily, resolved: list[Resolved]) -> bool:
        """Whether the segments of a rule share what one rule has; says so where they do not."""
        in_force = [
            (one, made, made.version)
            for one, made in zip(family.segments, resolved, strict=True)
            if made.version is not None and one.disabled is None
        ]
        agree = True
        for one, made, version in in_force[1:]:
            first, first_made, first_version = in_force[0]
            pairs = (
                ("phase", first_made.phase.value, made.phase.value, d.Phase),
                ("settings", _settings(first_made), _settings(made), d.Settings),
                ("subjects", _subjects(first_version), _subjects(version), d.ForEach),
                ("governing date", _basis(first_made), _basis(made), d.Effective),
            )
            for what, said_first, said, clause in pairs:
                if said_first != said:
                    agree = False
                    self.findings.add(_differ(what, (first, said_first), (one, said), clause))
        return agree


def _days(rule: EffectiveRule) -> Days:
    low = Days().low if rule.first is None else rule.first.toordinal()
    return Days(low, Days().high if rule.last is None else rule.last.toordinal())


def _as_changed(diagnostic: Diagnostic, rule: EffectiveRule) -> Diagnostic:
    """A fault of a rule that payers change, with the other half of it: the rule, or the change."""
    at = diagnostic.at.span
    here = [one for one in rule.changes if one.span.source is at.source and one.span.start <= at.start < one.span.end]
    if here:
        name = Label(rule.declaration.name.span, "the rule that is changed")
        return replace(diagnostic, also=(*diagnostic.also, name))
    changes = tuple(Label(one.span, f"as `{one.payer}` changes the rule") for one in rule.changes)
    return replace(diagnostic, also=(*diagnostic.also, *changes))


def _subjects(version: RuleVersion) -> str:
    return ", ".join(kinds_bound(version.subjects))


def _settings(made: Resolved) -> str:
    return ", ".join(name for name in SETTINGS if name in made.settings)


def _basis(made: Resolved) -> str:
    """The kind of governing date in words; that of a rule about lines is the line's, whether or not it says so."""
    if made.basis is DateBasis.DEFAULT and made.version is not None and holds_a_line(made.version.subjects):
        return "by line date"
    return "the claim's own date" if made.basis is DateBasis.DEFAULT else f"by {made.basis.value} date"


def _differ(
    what: str, first: tuple[EffectiveRule, str], other: tuple[EffectiveRule, str], clause: type[object]
) -> Diagnostic:
    name = other[0].declaration.name.text
    verb = "differ" if what in ("settings", "subjects") else "differs"
    return Diagnostic(
        code="SEQ540",
        message=f"The {what} of rule `{name}` {verb} from one date to another: {first[1]}, then {other[1]}.",
        at=_place(other[0], clause, other[1]),
        also=(_place(first[0], clause, first[1]),) if first[0].declaration is not other[0].declaration else (),
        hint="Versions of one rule share phase, settings, subjects and kind of governing date. Give one another id.",
        consequence=f"Rule {name} was not loaded; no claim was checked against it.",
    )


def _place(rule: EffectiveRule, clause: type[object], words: str) -> Label:
    """The clause that says it, where there is one; else the rule's name."""
    found = next((one.clause for one in rule.clauses if isinstance(one.clause, clause)), None)
    return Label(rule.declaration.name.span if found is None else found.span, words)


def home_of(world: tuple[FileNames, ...]) -> dict[int, FileNames]:
    """The file of each rule declaration."""
    return {id(rule): names for names in world for rule in names.rules}


def with_consequences(declared: Declared) -> tuple[Diagnostic, ...]:
    """What was found in a declaration, with the rules that could not be loaded because of it."""
    rules = list(declared.rules)
    if not rules:
        return declared.findings.said()
    shown = ", ".join(rules[:5]) + (f" and {len(rules) - 5} more" if len(rules) > 5 else "")
    if len(rules) == 1:
        return declared.findings.said(f"Rule {shown} was not loaded; no claim was checked against it.")
    return declared.findings.said(f"Rules {shown} were not loaded; no claim was checked against them.")
