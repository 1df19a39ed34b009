"""Lint of settings: a rule for one kind of claim that asks for what only the other kind carries.

In:   rules as they run.                          Out: diagnostics.
Uses: nodes, rules, the catalogue's X12 places.   Used by: lint.
Not here: what a fact means (encounter.fields).

What a kind of claim carries is read from the catalogue: a place in the 837P alone, or in the 837I alone. History is
left out, for it may hold claims of either kind.
"""

from collections.abc import Iterator
from typing import Any, Final

from msgspec import Struct

from sequela.engine.diagnostics.model import Diagnostic, Label, Severity
from sequela.engine.encounter.fields import Field
from sequela.engine.model.nodes import (
    Call,
    ConditionDefinition,
    Domain,
    Fact,
    GroupFact,
    SetDefinition,
    TableDefinition,
)
from sequela.engine.model.rules import Binder, Change, Citation, Rule, RuleVersion
from sequela.engine.source import Span
from sequela.engine.vocabulary.kinds import Kind

_PROFESSIONAL: Final = frozenset({"professional"})
_INSTITUTIONAL_KINDS: Final = {
    Kind.PROCEDURE: "ICD-10-PCS procedures",
    Kind.ADMITTING_DIAGNOSIS: "admitting diagnoses",
    Kind.REASON_DIAGNOSIS: "reason-for-visit diagnoses",
    Kind.OCCURRENCE: "occurrence codes",
    Kind.VALUE_CODE: "value codes",
}
_PAST: Final = frozenset({Kind.HISTORY_LINE, Kind.SERVICE})
_LEAVES: Final = (TableDefinition, SetDefinition, Field, Span, Change, Citation)


def lint_settings(rule: Rule, version: RuleVersion) -> Iterator[Diagnostic]:
    """What a version of a rule asks for that no claim of its settings carries; each once."""
    professional = rule.settings <= _PROFESSIONAL
    if not professional and "professional" in rule.settings:
        return
    told: set[str] = set()
    for node in _walk(version):
        said = _missing_kind(node) if professional else None
        if said is None and isinstance(node, Fact | GroupFact):
            said = _missing_fact(node, professional=professional)
        if said is not None and said not in told:
            told.add(said)
            yield Diagnostic(
                code="SEQ615",
                severity=Severity.LINT,
                message=f"`{rule.id}` is for {_words(rule)} claims, which carry no {said}.",
                at=Label(node.span),
                hint="Check `settings`, or what is asked for here.",
            )


def _words(rule: Rule) -> str:
    return " and ".join(sorted(rule.settings))


def _missing_kind(node: Any) -> str | None:
    return _INSTITUTIONAL_KINDS.get(node.kind) if isinstance(node, Binder | Domain) else None


def _missing_fact(node: Fact | GroupFact, *, professional: bool) -> str | None:
    fact = node.fact
    if fact.owner in _PAST or fact.owner in _INSTITUTIONAL_KINDS:
        return None
    if professional and fact.x12.startswith("837I:") and not fact.cms1500:
        return f"`{fact.name}`"
    if not professional and fact.x12.startswith("837P:") and not fact.ub04:
        return f"`{fact.name}`"
    return None


def _walk(node: Any) -> Iterator[Any]:
    """Every node of a rule, those of the named conditions that it calls left out: they may be there for other rules."""
    if isinstance(node, tuple):
        for part in node:
            yield from _walk(part)
    elif isinstance(node, _LEAVES) or not isinstance(node, Struct) or isinstance(node, Call | ConditionDefinition):
        return
    else:
        yield node
        for name in node.__struct_fields__:
            yield from _walk(getattr(node, name))
