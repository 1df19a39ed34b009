"""Changes: what the model keeps of a payer's `disable`, `relax`, `tighten` and `override`.

In:   changes as written, and what their file sees.    Out: `Layer`.
Uses: consequences (citations), declared_tables (periods), effective.    Used by: check.
Not here: what a change does to a rule (overlay.py).
"""

from sequela.engine.model.conditions import condition
from sequela.engine.model.consequences import citations
from sequela.engine.model.declared_tables import reversed_period
from sequela.engine.model.effective import Layer, PlacedChange
from sequela.engine.model.findings import Findings
from sequela.engine.model.names import FileNames
from sequela.engine.model.overlay_dates import effective_of
from sequela.engine.model.rules import Change
from sequela.engine.model.scope import Frame, Scope
from sequela.engine.model.values import value
from sequela.engine.syntax.declarations import ChangeDeclaration, Cite, Reason


def layer_of(names: FileNames) -> Layer:
    """The changes of one payer; what is wrong with their periods and citations is in the findings of its file."""
    return Layer(payer=names.name, changes=tuple(_placed(one, names) for one in names.changes))


def _placed(written: ChangeDeclaration, names: FileNames) -> PlacedChange:
    findings = Findings()
    scope = Scope(Frame(findings, condition=condition, value=value), names)
    effective = effective_of(written.clauses)
    if effective is not None:
        reversed_period(effective.period, findings)
    cites = citations([clause for clause in written.clauses if isinstance(clause, Cite)], scope)
    for diagnostic in findings.said(f"The change of rule {written.rule.text} by `{names.name}` was not made."):
        names.findings.add(diagnostic)
    change = Change(
        verb=written.verb,
        payer=names.name,
        rule=written.rule.text,
        reason=next((one.text.value for one in written.clauses if isinstance(one, Reason)), ""),
        first=None if effective is None else effective.period.first,
        last=None if effective is None else effective.period.last,
        cites=cites,
        span=written.span,
    )
    return PlacedChange(declaration=written, change=change)
