"""Schemas: the JSON Schemas of `sequela.ledger/1` and `sequela.explanation/1`.

In:   nothing.                 Out: `ledger_schema`, `explanation_schema`; the files *.schema.json.
Uses: nothing.                 Used by: users' own tools; a test keeps the files as this module makes them.
Not here: making the documents (as_json, tree_json).

Run as a program it writes the files: `python -m sequela.engine.explain.schemas`.
"""

from pathlib import Path
from typing import Any, Final

import msgspec

from sequela.engine.evaluate.verdict import Status
from sequela.engine.model.rules import Outcome, Phase
from sequela.engine.vocabulary.kinds import Kind

Schema = dict[str, Any]

LEDGER_FILE: Final = "ledger.schema.json"
EXPLANATION_FILE: Final = "explanation.schema.json"
_DRAFT: Final = "https://json-schema.org/draft/2020-12/schema"
_TEXT: Final[Schema] = {"type": "string"}
_TEXT_OR_NONE: Final[Schema] = {"type": ["string", "null"]}
_NUMBER: Final[Schema] = {"type": "integer", "minimum": 1}
_DATE_OR_NONE: Final[Schema] = {"type": ["string", "null"], "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"}
_POINTER: Final[Schema] = {
    "type": "string",
    "pattern": "^(/[^/]+)*$",
    "description": "A JSON pointer; '' is the claim.",
}
_DIGEST: Final[Schema] = {"type": "string", "pattern": "^(sha256:[0-9a-f]{64})?$"}
_OUTCOMES: Final = [outcome.value for outcome in Outcome]
_ANSWER: Final[Schema] = {"enum": ["yes", "no", "unknown", "not checked"]}


def _object(properties: Schema, optional: tuple[str, ...] = (), **more: Any) -> Schema:
    """An object with these keys and no others; all are required but the optional ones."""
    required = [key for key in properties if key not in optional]
    return {"type": "object", "properties": properties, "required": required, "additionalProperties": False, **more}


def _list(items: Schema, **more: Any) -> Schema:
    return {"type": "array", "items": items, **more}


def _or_none(schema: Schema) -> Schema:
    return {"anyOf": [schema, {"type": "null"}]}


def _ref(name: str) -> Schema:
    return {"$ref": f"#/$defs/{name}"}


# ---------------------------------------------------------------- entries


def _entry() -> Schema:
    """The keys of an entry."""
    cited = _object(
        {"source": _TEXT, "edition": _TEXT_OR_NONE, "section": _TEXT_OR_NONE, "in_force": {"type": ["boolean", "null"]}}
    )
    changed = _object({"payer": _TEXT, "change": _TEXT, "reason": _TEXT, "defined": _ref("place")})
    return {
        "rule": _TEXT,
        "status": {"enum": [status.value for status in Status]},
        "outcome": {"enum": [*_OUTCOMES, None]},
        "phase": {"enum": [phase.value for phase in Phase]},
        "subjects": {
            "anyOf": [_list(_ref("subject")), {"type": "integer", "minimum": 0}],
            "description": "What the rule was asked of; for not applicable, how many combinations there were.",
        },
        "about": _list(_POINTER, description="What a failure is about."),
        "governing_date": _DATE_OR_NONE,
        "message": {**_TEXT, "description": "What the rule's author says of a failure; of any other status the title."},
        "reason": {**_TEXT, "description": "Why, in one line."},
        "missing": _list(
            _list(_POINTER, minItems=1),
            maxItems=5,
            description="Sets of facts; some answer for all facts of one set decides the status.",
        ),
        "adjustment": _or_none(_object({"group": _TEXT, "carc": _TEXT, "rarc": _list(_TEXT)})),
        "cites": _list(cited),
        "defined": _ref("place"),
        "changed_by": _list(changed),
    }


def _subject() -> Schema:
    kinds = [kind.value for kind in Kind]
    thing = _object(
        {
            "name": _TEXT,
            "kind": {"enum": [kind for kind in kinds if kind != "row"]},
            "at": {
                "anyOf": [_POINTER, _list(_POINTER), {"type": "null"}],
                "description": "Where it stands; of a group where its lines stand; null for what was not sent.",
            },
            "perhaps": _list(_POINTER, description="Lines that may be of the group."),
            "label": _TEXT,
        },
        optional=("perhaps",),
    )
    row = _object(
        {
            "name": _TEXT,
            "kind": {"const": "row"},
            "table": _TEXT,
            "file": _TEXT_OR_NONE,
            "release": _TEXT_OR_NONE,
            "row": _or_none(_NUMBER),
        }
    )
    return {"anyOf": [thing, row]}


def _place() -> Schema:
    return _object(
        {"file": _TEXT, "line": _NUMBER, "end_line": _NUMBER},
        description="A place in a rule file, which is named without its folders; lines count from 1.",
    )


def _receipt() -> Schema:
    return _object({"engine": _TEXT, "rules": _DIGEST, "tables": _DIGEST, "encounter": _DIGEST})


_PAYER: Final[Schema] = {
    "payer": _object(
        {
            "id": _TEXT_OR_NONE,
            "rules": _TEXT_OR_NONE,
            "passed_over": _list(
                _TEXT, minItems=1, description="Payers that this id means, but for claims in other settings only."
            ),
        },
        optional=("passed_over",),
    ),
}


def ledger_schema() -> Schema:
    """The JSON Schema of a ledger."""
    counted = ("pass", "bypassed", "fail", "not applicable", "unknown", "not checked", "error")
    top = _object(
        {
            "schema": {"const": "sequela.ledger/1"},
            "encounter": _TEXT,
            **_PAYER,
            "outcome": {"enum": [*_OUTCOMES, "undecided", "pass"]},
            "open": {"enum": [*_OUTCOMES, None], "description": "While undecided: the strongest outcome left open."},
            "clean": {"type": "boolean"},
            "counts": _object({status: {"type": "integer", "minimum": 0} for status in counted}),
            "entries": _list(_object(_entry(), optional=("missing",))),
            "receipt": _receipt(),
        },
        optional=("open",),
    )
    definitions = {"subject": _subject(), "place": _place()}
    return {"$schema": _DRAFT, "$id": "urn:sequela:ledger:1", "title": "sequela.ledger/1", **top, "$defs": definitions}


# ---------------------------------------------------------------- explanations


def _step() -> Schema:
    return _object(
        {
            "kind": _TEXT,
            "name": {**_TEXT_OR_NONE, "description": "The name of a named condition."},
            "words": {**_TEXT, "description": "The author's own words, in one line."},
            "value": _ANSWER,
            "fact": {**_TEXT, "description": "What decided, in words."},
            "place": _or_none(_ref("place")),
            "role": {"enum": ["witness", "counterexample", "possible", "nearest", None]},
            "at": _or_none(_POINTER),
            "facts": _list(_ref("fact")),
            "decided_by": _list(_ref("decider")),
            "not_covered": _list(_object({"table": _TEXT, "date": _DATE_OR_NONE, "loaded": {"type": "boolean"}})),
            "changed_by": {**_TEXT_OR_NONE, "description": "The payer whose change brought the clause."},
            "children": _list(_ref("step")),
        }
    )


def _fact() -> Schema:
    return _object(
        {
            "fact": {**_TEXT, "description": "What the language calls it."},
            "of": _TEXT_OR_NONE,
            "value": _TEXT,
            "state": {"enum": ["known", "unknown", "none"]},
            "at": _or_none(_POINTER),
            "origin": _or_none(_object({"file": _TEXT, "place": _TEXT})),
            "row": _row(),
        },
        optional=("row",),
    )


def _row() -> Schema:
    row = {"table": _TEXT, "file": _TEXT_OR_NONE, "release": _TEXT_OR_NONE, "row": _or_none(_NUMBER)}
    return _object(row)


def _decider() -> Schema:
    of_set = _object({"kind": {"enum": ["entry", "exception"]}, "set": _TEXT, "written": _TEXT})
    of_table = _object({"kind": {"enum": ["row", "no row"]}, **_row()["properties"]})
    return {"anyOf": [of_set, of_table, _object({"kind": {"const": "rule"}, "rule": _TEXT})]}


def _change() -> Schema:
    places = ("modifier", "code", "by", "to", "before", "after")
    return _object(
        {
            "change": {"enum": ["add modifier", "remove modifier", "replace modifier", "move", "point", "replace"]},
            "modifier": _TEXT,
            "code": _TEXT,
            "by": {**_TEXT, "description": "The modifier that replaces `modifier`."},
            "at": _POINTER,
            "to": _POINTER,
            "before": _POINTER,
            "after": _POINTER,
            "text": _TEXT,
            "class": {"enum": ["needs documentation", "clerical", "needs coding review"]},
            "only_if": {**_TEXT_OR_NONE, "description": "What the record must show."},
            "helps": {"type": "boolean", "description": "Whether the rule no longer fails."},
            "settles": _list(_TEXT),
            "creates": _list(_TEXT),
            "of": {"type": "integer", "minimum": 0, "description": "How many rules were asked."},
        },
        optional=places,
    )


def explanation_schema() -> Schema:
    """The JSON Schema of an explanation."""
    section = _object(
        {
            "part": {"enum": ["applies", "requires", "bypass"]},
            "value": _ANSWER,
            "period": {**_TEXT_OR_NONE, "description": "Which version, where the date is not known."},
            "steps": _list(_ref("step")),
        }
    )
    top = _object(
        {
            "schema": {"const": "sequela.explanation/1"},
            "encounter": _TEXT,
            **_PAYER,
            "title": _TEXT,
            **_entry(),
            "tree": _list(section),
            "changes": _list(_change()),
            "receipt": _receipt(),
        },
        optional=("missing",),
    )
    definitions = {
        "subject": _subject(),
        "place": _place(),
        "step": _step(),
        "fact": _fact(),
        "decider": _decider(),
    }
    name = "sequela.explanation/1"
    return {"$schema": _DRAFT, "$id": "urn:sequela:explanation:1", "title": name, **top, "$defs": definitions}


def schema_text(schema: Schema) -> str:
    """A schema as it stands in the package's file."""
    return msgspec.json.format(msgspec.json.encode(schema), indent=2).decode() + "\n"


if __name__ == "__main__":
    here = Path(__file__).parent
    here.joinpath(LEDGER_FILE).write_text(schema_text(ledger_schema()), encoding="utf-8")
    here.joinpath(EXPLANATION_FILE).write_text(schema_text(explanation_schema()), encoding="utf-8")
