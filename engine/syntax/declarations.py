"""Declarations as the author wrote them: header, sources, sets, tables, conditions, rules, payer changes.

In:   nothing.              Out: the nodes of a rule file but for its tests (cases.py).
Uses: node, conditions.     Used by: build, format, walk, model.
"""

from datetime import date

from attrs import field, frozen
from sequela.engine.source import Source, Span
from sequela.engine.syntax.cases import TestDeclaration
from sequela.engine.syntax.conditions import CodeLiteral, Condition, Path, Value
from sequela.engine.syntax.node import Name, Node, Text


@frozen(kw_only=True)
class Period(Node):
    """`2026-01-01 to 2026-12-31`, `2026-01-01 onward`, `2026-01-01 to 2026-03-31`: both ends included; `last` None is onward."""

    first: date
    last: date | None


@frozen(kw_only=True)
class Header(Node):
    """`ruleset NAME "title"` or `payer NAME "title" over NAME`, with `matches` and `phase` where they stand."""

    is_payer: bool
    name: Name
    title: Text
    over: Name | None = None
    matches: tuple[Text, ...] = ()
    phase: Name | None = None


@frozen(kw_only=True)
class Use(Node):
    """`use professional, ncci`."""

    names: tuple[Name, ...]


@frozen(kw_only=True)
class SourceDeclaration(Node):
    """`source NCCI-MANUAL`: an authority with title, edition and the period in which it is in force."""

    name: Name
    title: Text | None
    edition: Text | None
    in_force: Period | None


# ---------------------------------------------------------------- sets


@frozen(kw_only=True)
class ThisCode(Node):
    """A code alone."""

    code: CodeLiteral


@frozen(kw_only=True)
class Under(Node):
    """`under E11`."""

    code: CodeLiteral


@frozen(kw_only=True)
class Range(Node):
    """`E08 .. E13`."""

    low: CodeLiteral
    high: CodeLiteral


@frozen(kw_only=True)
class Like(Node):
    """`like "S52.???A"`."""

    pattern: Text


@frozen(kw_only=True)
class OtherSet(Node):
    """The name of another set."""

    name: Name


@frozen(kw_only=True)
class FromTable(Node):
    """`from icd10cm where billable is yes`: in the condition a bare word on the left of a predicate is a column."""

    table: Name
    where: Condition | None


SetEntry = ThisCode | Under | Range | Like | OtherSet | FromTable


@frozen(kw_only=True)
class CodesDeclaration(Node):
    """`codes visits of HCPCS` with its entries and, once and last, what is subtracted."""

    name: Name
    system: Name
    entries: tuple[SetEntry, ...]
    exceptions: tuple[SetEntry, ...] = ()


# ---------------------------------------------------------------- tables


@frozen(kw_only=True)
class ColumnType(Node):
    """`text`, `number`, `money`, `date`, `yes-no`; or `code`/`codes` with a system. `relation` is of, under, in or as (a key column's word)."""

    word: str  # "text" | "number" | "money" | "date" | "yes-no" | "code" | "codes"
    system: Name | None = None


@frozen(kw_only=True)
class KeyColumn(Node):
    """`code of HCPCS` (exact), `plan as text` (exact), `owner under ICD10CM`, `excluded in codes of ICD10CM`."""

    name: Name
    match: str  # "exact" | "under" | "in"
    type: ColumnType


@frozen(kw_only=True)
class ValueColumn(Node):
    """`units as number`, `primaries as codes of HCPCS`."""

    name: Name
    type: ColumnType


@frozen(kw_only=True)
class Row(Node):
    """One row in place; a cell is the text between the bars, trimmed, with its quotes taken off a quoted text."""

    cells: tuple[Text, ...]


@frozen(kw_only=True)
class TableDeclaration(Node):
    """`table ptp "title"` with its clauses; None or empty where a clause is not there."""

    name: Name
    title: Text
    file: Text | None
    rows: tuple[Row, ...]
    keys: tuple[KeyColumn, ...]
    values: tuple[ValueColumn, ...]
    in_force: tuple[Name, Name] | None
    covers: Period | None
    defines: Name | None
    complete: bool | None
    clause_order: tuple[str, ...]  # the words of the clauses as they stood, for the formatter
    clause_spans: tuple[Span, ...] = field(default=(), eq=False, repr=False)  # where each of them stood


# ---------------------------------------------------------------- named conditions


@frozen(kw_only=True)
class Parameter(Node):
    """`line a`: a kind (singular noun) and a name."""

    kind: str
    name: Name


@frozen(kw_only=True)
class ConditionDeclaration(Node):
    """`condition same-session (line a, line b)` and what it says."""

    name: Name
    parameters: tuple[Parameter, ...]
    body: Condition


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
class Hole(Node):
    """`{visit.code}` in a text: a value without its outer parentheses, or `governing date` (value None)."""

    value: Value | None


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
class MoveDiagnosis(Node):
    """`move cause before dx`."""

    diagnosis: Name
    before: bool
    anchor: Name


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


SuggestedChange = AddModifier | RemoveModifier | MoveDiagnosis | PointLine | ReplaceDiagnosis


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
    Effective | Settings | Phase | ForEach | ForFirstDiagnosis | ForClaim | LookUp | When | Unless | Require | Forbidden | Bypass
    | IfFail | IfUnknown | Say | Suggest | Adjustment | Cite
)


@frozen(kw_only=True)
class RuleDeclaration(Node):
    """`rule ID "title"` and its clauses in the author's order."""

    name: Name
    title: Text
    clauses: tuple[RuleClause, ...]


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


@frozen(kw_only=True)
class ChangeDeclaration(Node):
    """`disable`, `relax`, `tighten` or `override` of a rule id, with its clauses in the author's order."""

    verb: str
    rule: Name
    clauses: tuple[ChangeClause, ...]


Declaration = (
    Use | SourceDeclaration | CodesDeclaration | TableDeclaration | ConditionDeclaration | RuleDeclaration | ChangeDeclaration
    | TestDeclaration
)


@frozen
class Comment:
    """A comment with its `#`; `alone` when nothing else stands on its line."""

    span: Span
    text: str
    alone: bool


@frozen
class RuleFile:
    """One parsed file: its header (None where it could not be read), its declarations in order, its comments.

    `broken` are the names and ids of declarations that could not be read: what uses one is not reported again.
    """

    source: Source
    header: Header | None
    declarations: tuple[Declaration, ...]
    comments: tuple[Comment, ...] = ()
    broken: frozenset[str] = frozenset()
