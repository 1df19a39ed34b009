"""As JSON: a summary as `sequela.summary/1`.

In:   a `Summary`.           Out: plain values that JSON can hold.
Uses: summary.figures.       Used by: commands.summary.
Not here: single findings: those stand in the batch's own files.
"""

from typing import Any, Final

from sequela.engine.summary.figures import FactRow, RejectRow, RuleRow, Split, Summary, TableRow
from sequela.engine.summary.words import decimal_text

SCHEMA: Final = "sequela.summary/1"


def as_json(summary: Summary, top: int | None = None) -> dict[str, Any]:
    """The summary as plain values; rankings hold `top` rows, or all. Amounts are decimal texts, shares numbers from 0 to 1."""
    whole = summary.total
    return {
        "schema": SCHEMA,
        "complete": summary.folder.is_complete,
        "only_failures": summary.folder.only_failures,
        "inputs": list(summary.folder.inputs),
        "receipts": [
            {"engine": engine, "rules": rules, "tables": tables}
            for engine, rules, tables in sorted(summary.survey.receipts)
        ],
        "claims": {
            **_split(whole),
            "rejected": summary.rejected,
            "without_payer_rules": summary.tally.without_payer,
            "not_checked": summary.tally.unchecked,
        },
        "not_exact": {
            "claims_without_charge": summary.tally.failures.no_charge,
            "claims_with_shared_charges": summary.tally.failures.inexact,
        },
        "outcomes": dict(summary.outcomes),
        "rules": [_rule(one) for one in summary.rules[:top]],
        "payers": [{"payer": one.name, **_split(one)} for one in summary.payers[:top]],
        "providers": [{"provider": one.name, **_split(one)} for one in summary.providers[:top]],
        "months": [{"month": one.name, **_split(one)} for one in summary.months],
        "not_known": [_fact(one) for one in summary.facts[:top]],
        "tables_not_checked": [_table(one) for one in summary.tables[:top]],
        "rejects": [_reject(one) for one in summary.rejects[:top]],
    }


def _split(one: Split) -> dict[str, Any]:
    return {
        "claims": one.claims,
        "judged": one.judged,
        "clean": one.clean,
        "clean_rate": None if one.rate is None else round(one.rate, 6),
        "failing": one.failing,
        "open": one.open,
        "findings": one.findings,
        "charged": decimal_text(one.cents),
        "touched": decimal_text(one.touched),
        "touched_rejected_or_denied": decimal_text(one.hard),
    }


def _rule(one: RuleRow) -> dict[str, Any]:
    return {
        "rule": one.rule,
        "title": one.title,
        "ruleset": one.ruleset,
        "phase": one.phase,
        "outcome": one.outcome,
        "adjustment": one.adjustment,
        "findings": one.findings,
        "claims": one.claims,
        "touched": decimal_text(one.touched),
        "unknown": one.unknown,
        "not_checked": one.not_checked,
        "bypassed": one.bypassed,
        "error": one.error,
    }


def _fact(one: FactRow) -> dict[str, Any]:
    return {
        "fact": one.pointer,
        "name": one.name.name,
        "findings": one.findings,
        "decided_by_it_alone": one.alone,
        "rules": list(one.rules),
    }


def _table(one: TableRow) -> dict[str, Any]:
    return {"table": one.table, "findings": one.findings, "rules": one.rules, "days": list(one.days)}


def _reject(one: RejectRow) -> dict[str, Any]:
    return {
        "code": one.code,
        "fatal": one.fatal,
        "rows": one.found.rows,
        "claims": one.found.claims,
        "example": one.found.message,
        "hint": one.found.hint,
    }
