"""`sequela explain`: why a claim was flagged, or was not.

In:   a claim file, a claim id, perhaps a rule and a line.    Out: explanations on standard output; the exit status.
Uses: encounter.read, pipeline, explain.                      Used by: cli.
"""

import sys
from pathlib import Path

from attrs import frozen
from sequela.engine.commands.check import rules_are_known
from sequela.engine.commands.rulebooks import open_rules, payer_is_known
from sequela.engine.commands.screen import CLEAN, FAILED, note, out, wants_colour
from sequela.engine.diagnostics.render import render_problem
from sequela.engine.diagnostics.suggest import nearest
from sequela.engine.encounter.model import Encounter
from sequela.engine.encounter.read import read
from sequela.engine.explain.as_json import explanation_bytes
from sequela.engine.explain.as_text import render_explanation
from sequela.engine.explain.ledger import Entry, Ledger


@frozen(kw_only=True)
class Wanted:
    """What the user asked for."""

    file: str
    claim: str | None = None
    rule: str | None = None
    line: int | None = None
    rules: tuple[Path, ...] = ()
    data: tuple[Path, ...] = ()
    payer: str | None = None
    style: str = "text"
    use_cache: bool = True


def run(**options: object) -> int:
    """Explain the findings of a claim, or one rule on it; see `Wanted` for the options. Returns the exit status."""
    wanted = Wanted(**options)  # type: ignore[arg-type]
    rulebook = open_rules(wanted.rules, wanted.data, use_cache=wanted.use_cache)
    if rulebook is None or not payer_is_known(rulebook, wanted.payer):
        return FAILED
    if wanted.rule is not None and not rules_are_known(rulebook, (wanted.rule,)):
        return FAILED
    claim = _find(wanted)
    if claim is None:
        return FAILED
    ledger = rulebook.check(claim, payer=wanted.payer)
    entries = _entries(ledger, wanted)
    if entries is None:
        return FAILED
    if not entries and wanted.style == "text":
        out(
            f"Nothing was found on claim {ledger.encounter_id}: every rule that applies passed. Name one with --rule to see why."
        )
    for entry in entries:
        explanation = ledger.explain(entry)
        if wanted.style == "json":
            out(explanation_bytes(explanation).decode())
        else:
            out(render_explanation(explanation, colour=wants_colour(sys.stdout)) + "\n")
    return CLEAN


def _find(wanted: Wanted) -> Encounter | None:
    """The claim of that id (or the only one of the file); says what is there when it is not."""
    ids: list[str] = []
    only: Encounter | None = None
    for found in read(sys.stdin.buffer if wanted.file == "-" else Path(wanted.file)):
        claim = found.encounter
        if claim is None or claim.id == wanted.claim:
            for problem in found.problems:
                note(render_problem(problem, colour=wants_colour(sys.stderr)))
        if claim is None:
            continue
        if wanted.claim is not None and claim.id == wanted.claim:
            return claim
        only = claim
        ids.append(claim.id)
    if wanted.claim is None and len(ids) == 1:
        return only
    if wanted.claim is None:
        note(
            f"{wanted.file} holds {len(ids)} claims: say which with --claim. The first: {', '.join(ids[:10]) or 'none'}."
        )
        return None
    close = nearest(wanted.claim, ids, 3)
    hint = (
        f" Did you mean {' or '.join(close)}?"
        if close
        else f" The first of {len(ids)}: {', '.join(ids[:5]) or 'none'}."
    )
    note(f"There is no claim {wanted.claim} in {wanted.file}.{hint}")
    return None


def _entries(ledger: Ledger, wanted: Wanted) -> tuple[Entry, ...] | None:
    if wanted.rule is None and wanted.line is None:
        return tuple(ledger.entries)
    lines = [member.number for member in ledger.view.lines()]
    if wanted.line is not None and wanted.line not in lines:
        note(f"Claim {ledger.encounter_id} has no line {wanted.line}; it has {', '.join(map(str, lines)) or 'none'}.")
        return None
    if wanted.rule is None:
        pointer = f"/lines/{lines.index(wanted.line or 0)}"
        return tuple(entry for entry in ledger.entries if entry.concerns(pointer))
    entries = ledger.entry(wanted.rule, line=wanted.line)
    if not entries:
        note(
            f"Rule {wanted.rule} is not among the rules that run for this claim ({ledger.payer_rules or 'the rulesets alone'})."
        )
        return None
    return tuple(entries)
