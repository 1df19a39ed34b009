"""As JSON: the ledger and its explanations as the documents that are promised to users.

In:   ledgers, entries, explanations.     Out: values for JSON, and bytes.
Uses: tree_json, labels, entries.         Used by: ledger, explanation, commands.
Not here: how they look as text (as_text). The shapes are ledger.schema.json and explanation.schema.json.
"""

from datetime import date
from hashlib import sha256
from typing import TYPE_CHECKING, Final

import msgspec

from sequela.engine import __version__
from sequela.engine.encounter.from_json import canonical_bytes
from sequela.engine.encounter.view import Member
from sequela.engine.evaluate.verdict import Group, Status, Subject, UnknownMember, UnknownRow
from sequela.engine.explain.entries import OPEN, Entry
from sequela.engine.explain.labels import subject_label
from sequela.engine.explain.repairs import TriedChange
from sequela.engine.explain.tree_json import Json, place_json, section_json
from sequela.engine.explain.wording import file_name
from sequela.engine.model.rules import Adjustment, Change, Citation
from sequela.engine.tables.model import Row, Table

if TYPE_CHECKING:
    from sequela.engine.explain.explanation import Explanation
    from sequela.engine.explain.ledger import Ledger

LEDGER: Final = "sequela.ledger/1"
EXPLANATION: Final = "sequela.explanation/1"


def to_bytes(document: Json) -> bytes:
    """A document as JSON text, its keys in the order in which they are promised."""
    return msgspec.json.encode(document)


def ledger_json(ledger: "Ledger", entries: tuple[Entry, ...]) -> Json:
    """`sequela.ledger/1` with these entries."""
    found: Json = {
        "schema": LEDGER,
        "encounter": ledger.encounter_id,
        "payer": payer_json(ledger),
        "outcome": ledger.outcome,
    }
    if ledger.outcome == "undecided":
        found["open"] = ledger.open
    return found | {
        "clean": ledger.clean,
        "counts": ledger.counts,
        "entries": [entry_json(entry) for entry in entries],
        "receipt": receipt_json(ledger),
    }


def receipt_json(ledger: "Ledger") -> Json:
    """By what the verdicts were reached: the engine, and digests of the rules, the tables and the claim."""
    digest = sha256(canonical_bytes(ledger.view.encounter)).hexdigest()
    return {
        "engine": __version__,
        "rules": ledger.rules_digest,
        "tables": ledger.tables_digest,
        "encounter": f"sha256:{digest}",
    }


def entry_json(entry: Entry) -> Json:
    """One entry."""
    applies = entry.verdict.status is not Status.NOT_APPLICABLE
    found: Json = {
        "rule": entry.rule,
        "status": entry.status,
        "outcome": entry.outcome,
        "phase": entry.phase,
        "subjects": [subject_json(one, entry) for one in entry.subjects] if applies else entry.verdict.count,
        "about": list(entry.about),
        "governing_date": day(entry.governing_date),
        "message": entry.message,
        "reason": entry.reason,
    }
    if entry.verdict.status in OPEN:
        found["missing"] = [list(one) for one in entry.missing]
    return found | {
        "adjustment": adjustment_json(entry.adjustment),
        "cites": [citation_json(one, entry.governing_date) for one in entry.cites],
        "defined": place_json(entry.defined),
        "changed_by": [change_json(one) for one in entry.changed_by],
    }


def payer_json(ledger: "Ledger") -> Json:
    """The payer id of the claim, whose rules ran, and the payers that were passed over for the claim's setting, if any."""
    found: Json = {"id": ledger.payer_id, "rules": ledger.payer_rules}
    return found | {"passed_over": list(ledger.passed_over)} if ledger.passed_over else found


def subject_json(subject: Subject, entry: Entry) -> Json:
    """One subject: where it stands in the claim, or which row of which table it is."""
    found: Json = {"name": subject.name, "kind": subject.kind.value}
    match subject.bound:
        case Member() as member:
            return found | {"at": member.pointer, "label": subject_label(subject)}
        case Group() as group:
            at = [line.pointer for line in group.lines]
            perhaps = {"perhaps": [line.pointer for line in group.possible]} if group.possible else {}
            return found | {"at": at, **perhaps, "label": subject_label(subject)}
        case UnknownMember():
            return found | {"at": None, "label": subject_label(subject)}
        case Row() as row:
            file = {"file": file_name(row.file), "release": row.table.release}
            return found | {"table": row.table.shape.name, **file, "row": row.number}
        case UnknownRow():
            look_ups = entry.version.look_ups if entry.version is not None else ()
            definition = next((one.table for one in look_ups if one.binding.name == subject.name), None)
            name, key = (definition.name, definition.key) if definition is not None else (subject.name, "")
            return found | {"table": name, **_file_of(entry.record.tables.get(key)), "row": None}


def _file_of(table: Table | None) -> Json:
    """The file of a table, without its folders, and its release; None each where it is not loaded."""
    return {"file": file_name(table.file) if table else None, "release": table.release if table else None}


def adjustment_json(adjustment: Adjustment | None) -> Json | None:
    """What a payer would answer with."""
    if adjustment is None:
        return None
    return {"group": adjustment.group, "carc": adjustment.carc, "rarc": list(adjustment.rarcs)}


def citation_json(citation: Citation, on: date | None) -> Json:
    """An authority, and whether it is in force on the governing date (None where the date is not known)."""
    authority = citation.authority
    return {
        "source": authority.name,
        "edition": authority.edition,
        "section": citation.section,
        "in_force": in_force(citation, on),
    }


def in_force(citation: Citation, on: date | None) -> bool | None:
    """Whether an authority is in force on a day; None where the day is not known and it matters."""
    first, last = citation.authority.first, citation.authority.last
    if first is None and last is None:
        return True
    if on is None:
        return None
    return (first is None or first <= on) and (last is None or on <= last)


def change_json(change: Change) -> Json:
    """A payer's change of the rule."""
    return {
        "payer": change.payer,
        "change": change.verb,
        "reason": change.reason,
        "defined": place_json(change.span),
    }


def day(on: date | None) -> str | None:
    """A date as it is written."""
    return on.isoformat() if on is not None else None


# ---------------------------------------------------------------- explanations


def explanation_bytes(explanation: "Explanation") -> bytes:
    """An explanation as JSON text."""
    return to_bytes(explanation_json(explanation))


def explanation_json(explanation: "Explanation") -> Json:
    """`sequela.explanation/1`: an entry with its tree and what would change it."""
    ledger = explanation.ledger
    origins = ledger.view.encounter.origins
    found: Json = {
        "schema": EXPLANATION,
        "encounter": ledger.encounter_id,
        "payer": payer_json(ledger),
        "title": explanation.entry.title,
    }
    return found | {
        **entry_json(explanation.entry),
        "tree": [section_json(one, origins) for one in explanation.sections],
        "changes": [tried_json(one) for one in explanation.changes],
        "receipt": receipt_json(ledger),
    }


def tried_json(change: TriedChange) -> Json:
    """A suggested change, tried: its class, what it settles and what it creates."""
    what: Json = {"change": change.change}
    if change.code is not None:
        what["code" if change.change == "replace" else "modifier"] = change.code
    if change.by is not None:
        what["by"] = change.by
    what["at"] = change.subject.pointer
    if change.target is not None:
        side = "to" if change.before is None else "before" if change.before else "after"
        what[side] = change.target.pointer
    return what | {
        "text": change.text,
        "class": change.kind,
        "only_if": change.only_if,
        "helps": change.helps,
        "settles": list(change.settles),
        "creates": list(change.creates),
        "of": change.of,
    }
