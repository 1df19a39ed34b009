"""The clauses of rules, and of what a payer changes, as the author wrote them.

In:   nothing.              Out: the nodes of clauses.
Uses: node, conditions.     Used by: declarations, build, layout, model.
"""

from datetime import date

from attrs import frozen

from sequela.engine.syntax.conditions import CodeLiteral, Condition, Path, Value
from sequela.engine.syntax.node import Name, Node, Text


@frozen(kw_only=True)
class Period(Node):
    """`2026-01-01 to 2026-12-31`, `2026-01-01 onward`: both ends included; `last` None is onward."""

    first: date
    last: date | None


# ---------------------------------------------------------------- rules: where it applies


@frozen(kw_only=True)
class Effective(Node):
    """`effective 2026-01-01 onward by line date`; `by` is line, discharge, admission, statement, received or None."""

    period: Period
    by: str | None


@frozen(kw_only=True)
class Settings(Node):
    """`settings professional, outpatient`."""

    names: tuple[Name, ...]


@frozen(kw_only=True)
class Phase(Node):
    """`phase pairs`."""

    name: Name


@frozen(kw_only=True)
class Binder(Node):
    """One thing after `for each`: `other line work of visit in SET with the same date, provider`.

    `which` is None, "other" or "later"; `of` names the line of a modifier or of the diagnoses it points to.
    """

    which: str | None
    kind: str
    name: Name
    of: Name | None
    within: Path | None


@frozen(kw_only=True)
class GroupBinder(Node):
    """`group day of lines by code, date, provider`."""

    name: Name
    by: tuple[Name, ...]


@frozen(kw_only=True)
class ForEach(Node):
    """`for each …`; `same` are the facts of `with the same …`."""

    binders: tuple[Binder, ...] | GroupBinder
    same: tuple[Name, ...] = ()


@frozen(kw_only=True)
class ForFirstDiagnosis(Node):
    """`for the first diagnosis dx`."""

    name: Name


@frozen(kw_only=True)
class ForClaim(Node):
    """`for the claim`."""


@frozen(kw_only=True)
class LookUp(Node):
    """`look up edit in ptp by major.code, part.code on visit.date`."""

    name: Name
    table: Name
    keys: tuple[Value, ...]
    on: Value | None


@frozen(kw_only=True)
class When(Node):
    """`when C`."""

    condition: Condition


@frozen(kw_only=True)
class Unless(Node):
    """`unless C`."""

    condition: Condition


# ---------------------------------------------------------------- rules: what must hold


@frozen(kw_only=True)
class Require(Node):
    """`require C`."""

    condition: Condition


@frozen(kw_only=True)
class Forbidden(Node):
    """`forbidden`, or `forbidden when C`."""

    condition: Condition | None


@frozen(kw_only=True)
class Bypass(Node):
    """`bypass when C`."""

    condition: Condition


# ---------------------------------------------------------------- rules: what follows


@frozen(kw_only=True)
class IfFail(Node):
    """`if fail deny visit`: the outcome and the bound things it is about; none for the claim."""

    outcome: Name
    about: tuple[Name, ...]


@frozen(kw_only=True)
class IfUnknown(Node):
    """`if unknown warn`."""

    outcome: Name


@frozen(kw_only=True)
class CodesNear(Node):
    """`codes near dx.code`, in a text: the valid codes that are nearest to a code."""

    value: Path


@frozen(kw_only=True)
class Hole(Node):
    """`{visit.code}` in a text: a value without its outer parentheses, `codes near dx.code`, or `governing date` (None)."""

    value: Value | CodesNear | None


@frozen(kw_only=True)
class Template(Node):
    """The text of `say`, cut at its holes; `{{` and `}}` are already braces."""

    parts: tuple[Text | Hole, ...]


@frozen(kw_only=True)
class Say(Node):
    """`say "…"`."""

    template: Template


@frozen(kw_only=True)
class AddModifier(Node):
    """`add modifier 25 to visit`."""

    modifier: CodeLiteral
    line: Name


@frozen(kw_only=True)
class RemoveModifier(Node):
    """`remove modifier 59 from part`; the modifier may be a bound modifier or a path to one."""

    modifier: CodeLiteral | Path
    line: Name


@frozen(kw_only=True)
class ReplaceModifier(Node):
    """`replace modifier 59 on part by XS`; the modifier to go may be a bound one, either may be a path to one."""

    modifier: CodeLiteral | Path
    line: Name
    by: CodeLiteral | Path


@frozen(kw_only=True)
class MoveDiagnosis(Node):
    """`move cause before dx`; `move cause first` has no anchor."""

    diagnosis: Name
    before: bool
    anchor: Name | None


@frozen(kw_only=True)
class PointLine(Node):
    """`point assay to dx`."""

    line: Name
    diagnosis: Name


@frozen(kw_only=True)
class ReplaceDiagnosis(Node):
    """`replace dx by E11.22`."""

    diagnosis: Name
    code: CodeLiteral | Path


SuggestedChange = AddModifier | RemoveModifier | ReplaceModifier | MoveDiagnosis | PointLine | ReplaceDiagnosis


@frozen(kw_only=True)
class Suggest(Node):
    """`suggest CHANGE only if "what the record must show"`."""

    change: SuggestedChange
    only_if: Text | None


@frozen(kw_only=True)
class Adjustment(Node):
    """`adjustment CO 97, M15`: group, CARC, RARCs."""

    group: str
    carc: str
    rarcs: tuple[str, ...]


@frozen(kw_only=True)
class Citation(Node):
    """`NCCI-MANUAL section "I.D"`."""

    source: Name
    section: Text | None


@frozen(kw_only=True)
class Cite(Node):
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


@frozen(kw_only=True)
class UnlessAlso(Node):
    """`unless also C`, in `relax`."""

    condition: Condition


@frozen(kw_only=True)
class RequireAlso(Node):
    """`require also C`, in `tighten`."""

    condition: Condition


@frozen(kw_only=True)
class OnlyWhen(Node):
    """`only when C`, in `tighten`."""

    condition: Condition


@frozen(kw_only=True)
class Reason(Node):
    """`reason "…"`."""

    text: Text


ChangeClause = RuleClause | UnlessAlso | RequireAlso | OnlyWhen | Reason
