"""Declarations as the author wrote them: header, sources, sets, tables, conditions, rules, payer changes.

In:   nothing.              Out: the nodes of a rule file but for its tests (cases.py).
Uses: node, conditions.     Used by: build, format, walk, model.
"""

from attrs import field, frozen

from sequela.engine.source import Source, Span
from sequela.engine.syntax.cases import TestDeclaration
from sequela.engine.syntax.clauses import (
    AddModifier,
    Adjustment,
    Binder,
    Bypass,
    ChangeClause,
    Citation,
    Cite,
    CodesNear,
    Effective,
    Forbidden,
    ForClaim,
    ForEach,
    ForFirstDiagnosis,
    GroupBinder,
    Hole,
    IfFail,
    IfUnknown,
    LookUp,
    MoveDiagnosis,
    OnlyWhen,
    Period,
    Phase,
    PointLine,
    Reason,
    RemoveModifier,
    ReplaceDiagnosis,
    ReplaceModifier,
    Require,
    RequireAlso,
    RuleClause,
    Say,
    Settings,
    Suggest,
    SuggestedChange,
    Template,
    Unless,
    UnlessAlso,
    When,
)
from sequela.engine.syntax.conditions import CodeLiteral, Condition
from sequela.engine.syntax.node import Name, Node, Text

# fmt: off
__all__ = [
    "AddModifier", "Adjustment", "Binder", "Bypass", "ChangeClause", "ChangeDeclaration", "Citation", "Cite",
    "CodesDeclaration", "CodesNear", "ColumnType", "Comment", "ConditionDeclaration", "Declaration", "Effective", "ForClaim",
    "ForEach", "ForFirstDiagnosis", "Forbidden", "FromTable", "GroupBinder", "Header", "Hole", "IfFail",
    "IfUnknown", "KeyColumn", "Like", "LookUp", "MoveDiagnosis", "OnlyWhen", "OtherSet", "Parameter", "Period",
    "Phase", "PointLine", "Range", "Reason", "RemoveModifier", "ReplaceDiagnosis", "ReplaceModifier", "Require",
    "RequireAlso", "Row",
    "RuleClause", "RuleDeclaration", "RuleFile", "Say", "SetEntry", "Settings", "SourceDeclaration", "Suggest",
    "SuggestedChange", "TableDeclaration", "Template", "ThisCode", "Under", "Unless", "UnlessAlso", "Use",
    "ValueColumn", "When",
]
# fmt: on


@frozen(kw_only=True)
class Header(Node):
    """`ruleset NAME "title"` or `payer NAME "title" over NAME`, with `matches`, `settings` and `phase` where they stand."""

    is_payer: bool
    name: Name
    title: Text
    over: Name | None = None
    matches: tuple[Text, ...] = ()
    settings: tuple[Name, ...] = ()
    phase: Name | None = None
    clauses: tuple[tuple[str, Span], ...] = field(default=(), eq=False, repr=False)  # their words, and where they stood


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
    clauses: tuple[tuple[str, Span], ...] = field(default=(), eq=False, repr=False)  # their words, and where they stood


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
    """`text`, `number`, `money`, `date`, `yes-no`; or `code`/`codes` with a system."""

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


# ---------------------------------------------------------------- rules and changes


@frozen(kw_only=True)
class RuleDeclaration(Node):
    """`rule ID "title"` and its clauses in the author's order."""

    name: Name
    title: Text
    clauses: tuple[RuleClause, ...]


@frozen(kw_only=True)
class ChangeDeclaration(Node):
    """`disable`, `relax`, `tighten` or `override` of a rule id, with its clauses in the author's order."""

    verb: str
    rule: Name
    clauses: tuple[ChangeClause, ...]


Declaration = (
    Use
    | SourceDeclaration
    | CodesDeclaration
    | TableDeclaration
    | ConditionDeclaration
    | RuleDeclaration
    | ChangeDeclaration
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
