"""The clauses of rules, and of what a payer changes, as the author wrote them.

In:   nothing.              Out: the nodes of clauses.
Uses: node, conditions.     Used by: declarations, build, layout, model.
"""

from datetime import date

from sequela.engine.syntax.conditions import CodeLiteral, Condition, Path, Value
from sequela.engine.syntax.node import Name, Node, Text


class Period(Node, frozen=True, kw_only=True):
    """`2026-01-01 to 2026-12-31`, `2026-01-01 onward`: both ends included; `last` None is onward."""

    first: date
    last: date | None


# ---------------------------------------------------------------- rules: where it applies


class Effective(Node, frozen=True, kw_only=True):
    """`effective 2026-01-01 onward by line date`; `by` is line, discharge, admission, statement, received or None."""

    period: Period
    by: str | None


class Settings(Node, frozen=True, kw_only=True):
    """`settings professional, outpatient`."""

    names: tuple[Name, ...]


class Phase(Node, frozen=True, kw_only=True):
    """`phase pairs`."""

    name: Name


class Binder(Node, frozen=True, kw_only=True):
    """One thing after `for each`: `other line work of visit in SET with the same date, provider`.

    `which` is None, "other" or "later"; `of` names the line of a modifier or of the diagnoses it points to.
    """

    which: str | None
    kind: str
    name: Name
    of: Name | None
    within: Path | None


class GroupBinder(Node, frozen=True, kw_only=True):
    """`group day of lines by code, date, provider`."""

    name: Name
    by: tuple[Name, ...]


class ForEach(Node, frozen=True, kw_only=True):
    """`for each …`; `same` are the facts of `with the same …`."""

    binders: tuple[Binder, ...] | GroupBinder
    same: tuple[Name, ...] = ()


class ForFirstDiagnosis(Node, frozen=True, kw_only=True):
    """`for the first diagnosis dx`."""

    name: Name


class ForClaim(Node, frozen=True, kw_only=True):
    """`for the claim`."""


class LookUp(Node, frozen=True, kw_only=True):
    """`look up edit in ptp by major.code, part.code on visit.date`."""

    name: Name
    table: Name
    keys: tuple[Value, ...]
    on: Value | None


class When(Node, frozen=True, kw_only=True):
    """`when C`."""

    condition: Condition


class Unless(Node, frozen=True, kw_only=True):
    """`unless C`."""

    condition: Condition


# ---------------------------------------------------------------- rules: what must hold


class Require(Node, frozen=True, kw_only=True):
    """`require C`."""

    condition: Condition


class Forbidden(Node, frozen=True, kw_only=True):
    """`forbidden`, or `forbidden when C`."""

    condition: Condition | None


class Bypass(Node, frozen=True, kw_only=True):
    """`bypass when C`."""

    condition: Condition


# ---------------------------------------------------------------- rules: what follows


class IfFail(Node, frozen=True, kw_only=True):
    """`if fail deny visit`: the outcome and the bound things it is about; none for the claim."""

    outcome: Name
    about: tuple[Name, ...]


class IfUnknown(Node, frozen=True, kw_only=True):
    """`if unknown warn`."""

    outcome: Name


class CodesNear(Node, frozen=True, kw_only=True):
    """`codes near dx.code`, in a text: the valid codes that are nearest to a code."""

    value: Path


class Hole(Node, frozen=True, kw_only=True):
    """`{visit.code}` in a text: a value without its outer parentheses, `codes near dx.code`, or `governing date` (None)."""

    value: Value | CodesNear | None


class Template(Node, frozen=True, kw_only=True):
    """The text of `say`, cut at its holes; `{{` and `}}` are already braces."""

    parts: tuple[Text | Hole, ...]


class Say(Node, frozen=True, kw_only=True):
    """`say "…"`."""

    template: Template


class AddModifier(Node, frozen=True, kw_only=True):
    """`add modifier 25 to visit`."""

    modifier: CodeLiteral
    line: Name


class RemoveModifier(Node, frozen=True, kw_only=True):
    """`remove modifier 59 from part`; the modifier may be a bound modifier or a path to one."""

    modifier: CodeLiteral | Path
    line: Name


class ReplaceModifier(Node, frozen=True, kw_only=True):
    """`replace modifier 59 on part by XS`; the modifier to go may be a bound one, either may be a path to one."""

    modifier: CodeLiteral | Path
    line: Name
    by: CodeLiteral | Path


class MoveDiagnosis(Node, frozen=True, kw_only=True):
    """`move cause before dx`; `move cause first` has no anchor."""

    diagnosis: Name
    before: bool
    anchor: Name | None


class PointLine(Node, frozen=True, kw_only=True):
    """`point assay to dx`."""

    line: Name
    diagnosis: Name


class ReplaceDiagnosis(Node, frozen=True, kw_only=True):
    """`replace dx by E11.22`."""

    diagnosis: Name
    code: CodeLiteral | Path


SuggestedChange = AddModifier | RemoveModifier | ReplaceModifier | MoveDiagnosis | PointLine | ReplaceDiagnosis


class Suggest(Node, frozen=True, kw_only=True):
    """`suggest CHANGE only if "what the record must show"`."""

    change: SuggestedChange
    only_if: Text | None


class Adjustment(Node, frozen=True, kw_only=True):
    """`adjustment CO 97, M15`: group, CARC, RARCs."""

    group: str
    carc: str
    rarcs: tuple[str, ...]


class Citation(Node, frozen=True, kw_only=True):
    """`NCCI-MANUAL section "I.D"`."""

    source: Name
    section: Text | None


class Cite(Node, frozen=True, kw_only=True):
    """`cite A section "…", B section "…"`."""

    items: tuple[Citation, ...]


RuleClause = (
    Effective
    | Settings
    | Phase
    | ForEach
    | ForFirstDiagnosis
    | ForClaim
    | LookUp
    | When
    | Unless
    | Require
    | Forbidden
    | Bypass
    | IfFail
    | IfUnknown
    | Say
    | Suggest
    | Adjustment
    | Cite
)


# ---------------------------------------------------------------- payer changes


class UnlessAlso(Node, frozen=True, kw_only=True):
    """`unless also C`, in `relax`."""

    condition: Condition


class RequireAlso(Node, frozen=True, kw_only=True):
    """`require also C`, in `tighten`."""

    condition: Condition


class OnlyWhen(Node, frozen=True, kw_only=True):
    """`only when C`, in `tighten`."""

    condition: Condition


class Reason(Node, frozen=True, kw_only=True):
    """`reason "…"`."""

    text: Text


ChangeClause = RuleClause | UnlessAlso | RequireAlso | OnlyWhen | Reason
