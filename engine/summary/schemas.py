"""Schemas: the JSON Schema of `sequela.summary/1`.

In:   nothing.              Out: `summary_schema`; the file summary.schema.json.
Uses: nothing.              Used by: users' own tools; a test keeps the file as this module makes it.
Not here: making the document (as_json).

Run as a program it writes the file: `python -m sequela.engine.summary.schemas`.
"""

from pathlib import Path
from typing import Any, Final

import msgspec

Schema = dict[str, Any]

FILE: Final = "summary.schema.json"
_DRAFT: Final = "https://json-schema.org/draft/2020-12/schema"
_TEXT: Final[Schema] = {"type": "string"}
_TEXT_OR_NONE: Final[Schema] = {"type": ["string", "null"]}
_COUNT: Final[Schema] = {"type": "integer", "minimum": 0}
_AMOUNT: Final[Schema] = {"type": "string", "pattern": "^-?[0-9]+\\.[0-9]{2}$"}
_YES_NO: Final[Schema] = {"type": "boolean"}


def _object(properties: Schema) -> Schema:
    return {"type": "object", "properties": properties, "required": list(properties), "additionalProperties": False}


def _list(items: Schema) -> Schema:
    return {"type": "array", "items": items}


def _split() -> Schema:
    return {
        "claims": {**_COUNT, "description": "Claims that were decided."},
        "judged": {**_COUNT, "description": "Of these, claims on which rules ran."},
        "clean": _COUNT,
        "clean_rate": {
            "type": ["number", "null"],
            "minimum": 0,
            "maximum": 1,
            "description": "Clean by judged; null where none was judged.",
        },
        "failing": {**_COUNT, "description": "Claims on which some rule failed."},
        "open": {**_COUNT, "description": "Claims on which nothing failed, but something was left open."},
        "findings": {**_COUNT, "description": "Failed findings."},
        "charged": {**_AMOUNT, "description": "The charges of all these claims."},
        "touched": {**_AMOUNT, "description": "What failed findings are about, each line of a claim once."},
        "touched_rejected_or_denied": _AMOUNT,
    }


def summary_schema() -> Schema:
    """The JSON Schema of a summary."""
    rule = {
        "rule": _TEXT,
        "title": _TEXT,
        "ruleset": _TEXT,
        "phase": _TEXT,
        "outcome": {**_TEXT_OR_NONE, "description": "The most frequent one of its failures."},
        "adjustment": {**_TEXT_OR_NONE, "description": "The most frequent one of its failures: `CO 97`."},
        "findings": {**_COUNT, "description": "How often it failed."},
        "claims": {**_COUNT, "description": "On how many claims it failed."},
        "touched": _AMOUNT,
        **dict.fromkeys(("unknown", "not_checked", "bypassed", "error"), _COUNT),
    }
    fact = {"fact": _TEXT, "name": _TEXT, "findings": _COUNT, "decided_by_it_alone": _COUNT, "rules": _list(_TEXT)}
    table = {"table": _TEXT, "findings": _COUNT, "rules": _COUNT, "days": _list(_TEXT)}
    reject = {
        "code": _TEXT,
        "fatal": _YES_NO,
        "rows": _COUNT,
        "claims": _COUNT,
        "example": _TEXT,
        "hint": _TEXT_OR_NONE,
    }
    top = _object(
        {
            "schema": {"const": "sequela.summary/1"},
            "complete": {**_YES_NO, "description": "Whether the batch is finished."},
            "only_failures": {**_YES_NO, "description": "Whether the batch wrote failures alone."},
            "inputs": _list(_TEXT),
            "receipts": _list(_object({"engine": _TEXT, "rules": _TEXT, "tables": _TEXT})),
            "claims": _object({**_split(), "rejected": _COUNT, "without_payer_rules": _COUNT, "not_checked": _COUNT}),
            "not_exact": _object({"claims_without_charge": _COUNT, "claims_with_shared_charges": _COUNT}),
            "outcomes": {"type": "object", "additionalProperties": _COUNT},
            "rules": _list(_object(rule)),
            "payers": _list(_object({"payer": _TEXT, **_split()})),
            "providers": _list(_object({"provider": _TEXT, **_split()})),
            "months": _list(_object({"month": _TEXT, **_split()})),
            "not_known": _list(_object(fact)),
            "tables_not_checked": _list(_object(table)),
            "rejects": _list(_object(reject)),
        }
    )
    return {"$schema": _DRAFT, "$id": "urn:sequela:summary:1", "title": "sequela.summary/1", **top}


def schema_text() -> str:
    """The schema as it stands in the package's file."""
    return msgspec.json.format(msgspec.json.encode(summary_schema()), indent=2).decode() + "\n"


if __name__ == "__main__":
    Path(__file__).with_name(FILE).write_text(schema_text(), encoding="utf-8")
