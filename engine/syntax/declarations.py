"""Declarations as the author wrote them: header, sources, sets, tables, conditions, rules, payer changes.

In:   nothing.              Out: the nodes of a rule file but for its tests (cases.py).
Uses: node, conditions.     Used by: build, format, walk, model.
"""

from typing import ClassVar

from msgspec import Struct

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


class Header(Node, frozen=True, kw_only=True):
    """`ruleset NAME "title"` or `payer NAME "title" over NAME`, with `matches`, `settings` and `phase` where they stand."""

    places: ClassVar[frozenset[str]] = frozenset({"span", "clauses"})
    is_payer: bool
    name: Name
    title: Text
    over: Name | None = None
    matches: tuple[Text, ...] = ()
    settings: tuple[Name, ...] = ()
    phase: Name | None = None
    clauses: tuple[tuple[str, Span], ...] = ()  # their words, and where they stood


class Use(Node, frozen=True, kw_only=True):
    """`use professional, ncci`."""

    names: tuple[Name, ...]


class SourceDeclaration(Node, frozen=True, kw_only=True):
    """`source NCCI-MANUAL`: an authority with title, edition and the period in which it is in force."""

    places: ClassVar[frozenset[str]] = frozenset({"span", "clauses"})
    name: Name
    title: Text | None
    edition: Text | None
    in_force: Period | None
    clauses: tuple[tuple[str, Span], ...] = ()  # their words, and where they stood


# ---------------------------------------------------------------- sets


class ThisCode(Node, frozen=True, kw_only=True):
    """A code alone."""

    code: CodeLiteral


class Under(Node, frozen=True, kw_only=True):
    """`under E11`."""

    code: CodeLiteral


class Range(Node, frozen=True, kw_only=True):
    """`E08 .. E13`."""

    low: CodeLiteral
    high: CodeLiteral


class Like(Node, frozen=True, kw_only=True):
    """`like "S52.???A"`."""

    pattern: Text


class OtherSet(Node, frozen=True, kw_only=True):
    """The name of another set."""

    name: Name


class FromTable(Node, frozen=True, kw_only=True):
    """`from icd10cm where billable is yes`: in the condition a bare word on the left of a predicate is a column."""

    table: Name
    where: Condition | None


SetEntry = ThisCode | Under | Range | Like | OtherSet | FromTable


class CodesDeclaration(Node, frozen=True, kw_only=True):
    """`codes visits of HCPCS` with its entries and, once and last, what is subtracted."""

    name: Name
    system: Name
    entries: tuple[SetEntry, ...]
    exceptions: tuple[SetEntry, ...] = ()


# ---------------------------------------------------------------- tables


class ColumnType(Node, frozen=True, kw_only=True):
    """`text`, `number`, `money`, `date`, `yes-no`; or `code`/`codes` with a system."""

    word: str  # "text" | "number" | "money" | "date" | "yes-no" | "code" | "codes"
    system: Name | None = None


class KeyColumn(Node, frozen=True, kw_only=True):
    """`code of HCPCS` (exact), `plan as text` (exact), `owner under ICD10CM`, `excluded in codes of ICD10CM`."""

    name: Name
    match: str  # "exact" | "under" | "in"
    type: ColumnType


class ValueColumn(Node, frozen=True, kw_only=True):
    """`units as number`, `primaries as codes of HCPCS`."""

    name: Name
    type: ColumnType


class Row(Node, frozen=True, kw_only=True):
    """One row in place; a cell is the text between the bars, trimmed, with its quotes taken off a quoted text."""

    cells: tuple[Text, ...]


class TableDeclaration(Node, frozen=True, kw_only=True):
    """`table ptp "title"` with its clauses; None or empty where a clause is not there."""

    places: ClassVar[frozenset[str]] = frozenset({"span", "clause_spans"})
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
    clause_spans: tuple[Span, ...] = ()  # where each of them stood


# ---------------------------------------------------------------- named conditions


class Parameter(Node, frozen=True, kw_only=True):
    """`line a`: a kind (singular noun) and a name."""

    kind: str
    name: Name


class ConditionDeclaration(Node, frozen=True, kw_only=True):
    """`condition same-session (line a, line b)` and what it says."""

    name: Name
    parameters: tuple[Parameter, ...]
    body: Condition


# ---------------------------------------------------------------- rules and changes


class RuleDeclaration(Node, frozen=True, kw_only=True):
    """`rule ID "title"` and its clauses in the author's order."""

    name: Name
    title: Text
    clauses: tuple[RuleClause, ...]


class ChangeDeclaration(Node, frozen=True, kw_only=True):
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


class Comment(Struct, frozen=True):
    """A comment with its `#`; `alone` when nothing else stands on its line."""

    span: Span
    text: str
    alone: bool


class RuleFile(Struct, frozen=True):
    """One parsed file: its header (None where it could not be read), its declarations in order, its comments.

    `broken` are the names and ids of declarations that could not be read: what uses one is not reported again.
    """

    source: Source
    header: Header | None
    declarations: tuple[Declaration, ...]
    comments: tuple[Comment, ...] = ()
    broken: frozenset[str] = frozenset()
