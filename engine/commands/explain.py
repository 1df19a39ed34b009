"""`sequela explain`: why a claim was flagged, or was not.

In:   a claim file, a claim id, perhaps a rule and a line.    Out: explanations on standard output; the exit status.
Uses: encounter.read, pipeline, explain.                      Used by: cli.
"""

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from msgspec import Struct

from sequela.engine.commands.check import rules_are_known
from sequela.engine.commands.rulebooks import open_rules, payer_is_known, say_which_payer
from sequela.engine.commands.screen import CLEAN, FAILED, note, out, out_bytes, wants_colour
from sequela.engine.diagnostics.model import InputProblem
from sequela.engine.diagnostics.render import render_problem
from sequela.engine.diagnostics.suggest import nearest
from sequela.engine.encounter.model import Encounter
from sequela.engine.encounter.read import read
from sequela.engine.explain.as_json import explanation_bytes
from sequela.engine.explain.as_text import render_explanation
from sequela.engine.explain.ledger import Entry, Ledger
from sequela.engine.explain.ledger_text import left_open_alike, waiting_alike
from sequela.engine.explain.text_layout import WIDTH, wrapped
from sequela.engine.pipeline.rulebook import PayerAmbiguous


class Wanted(Struct, frozen=True, kw_only=True):
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
    members: Path | None = None
    columns: Path | None = None


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
    try:
        ledger = rulebook.check_once(claim, payer=wanted.payer)
    except PayerAmbiguous as error:
        note(f"{error} {say_which_payer(error)}")
        return FAILED
    entries = _entries(ledger, wanted)
    if entries is None:
        return FAILED
    if not entries:
        (out if wanted.style == "text" else note)(_nothing(ledger, wanted))
    together = _alike(entries, wanted)
    told = {id(entry) for group in together for entry in group}
    for entry in entries:
        if id(entry) in told:
            continue
        explanation = ledger.explain(entry)
        if wanted.style == "json":
            out_bytes(explanation_bytes(explanation))
        else:
            out(render_explanation(explanation, colour=wants_colour(sys.stdout)) + "\n")
    for group in together:
        names = ", ".join(dict.fromkeys(entry.rule for entry in group))
        out(left_open_alike(group, wants_colour(sys.stdout), "--rule explains one").strip())
        out("\n".join(wrapped(names, WIDTH, 4)) + "\n")
    return CLEAN


def _alike(entries: Sequence[Entry], wanted: Wanted) -> list[list[Entry]]:
    """Entries that wait for one and the same thing, which a reader who asks for no rule and no line need not see one by one."""
    if wanted.style == "json" or wanted.rule is not None or wanted.line is not None:
        return []
    return [group for group in waiting_alike(entries) if len({entry.rule for entry in group}) > 1]


def _nothing(ledger: Ledger, wanted: Wanted) -> str:
    """Why there is nothing to explain."""
    claim = f"claim {ledger.encounter_id}"
    if not ledger.selection.rules:
        return (
            f"No rule ran on {claim}: no payer's rules match its payer id, and there are no rulesets among the rules."
        )
    where = claim if wanted.line is None else f"line {wanted.line} of {claim}"
    return f"Nothing was found on {where}: every rule that applies passed. Name one with --rule to see why."


def _find(wanted: Wanted) -> Encounter | None:
    """The claim of that id (or the only one of the file); says what is there when it is not."""
    ids: list[str] = []
    found: Encounter | None = None
    problems: list[InputProblem] = []
    source = sys.stdin.buffer if wanted.file == "-" else Path(wanted.file)
    for one in read(source, members=wanted.members, columns=wanted.columns):
        claim = one.encounter
        if claim is None or wanted.claim in (None, claim.id):
            problems.extend(one.problems)
        if claim is None:
            continue
        ids.append(claim.id)
        if wanted.claim in (None, claim.id):
            found = claim
    asked = [one for one in problems if wanted.claim in (None, one.claim)]
    alone = wanted.claim is None and len(ids) == 1
    if found is not None and (alone or ids.count(wanted.claim or "") == 1):
        _say(asked)
        return found
    count = ids.count(wanted.claim or "")
    if wanted.claim is None:
        _say([one for one in problems if one.fatal])
        first = f" The first: {', '.join(ids[:10])}." if ids else ""
        note(f"{wanted.file} holds {len(ids):,} claims: say which with --claim.{first}")
    elif count:
        note(f"{wanted.file} holds {count:,} claims called {wanted.claim}. Give each an id of its own.")
    elif any(one.fatal for one in asked):
        _say(asked)
        note(f"Claim {wanted.claim} could not be read, so there is nothing to explain.")
    else:
        _say([one for one in problems if one.fatal])
        note(f"There is no claim {wanted.claim} in {wanted.file}.{_claims_there(wanted.claim, ids)}")
    return None


def _claims_there(claim: str, ids: list[str]) -> str:
    close = nearest(claim, ids, 3)
    if close:
        return f" Did you mean {' or '.join(close)}?"
    return f" The first of {len(ids):,}: {', '.join(ids[:5])}." if ids else ""


def _say(problems: Sequence[InputProblem]) -> None:
    for problem in problems:
        note(render_problem(problem, colour=wants_colour(sys.stderr)))


_FIRST: Final = ("fail", "error", "bypassed", "unknown", "not checked", "pass", "not applicable")


def _what_was_flagged(entry: Entry) -> int:
    """What failed is what somebody asks about; what is left open stands below it, each in the order of the ledger."""
    return _FIRST.index(entry.status)


def _entries(ledger: Ledger, wanted: Wanted) -> tuple[Entry, ...] | None:
    if wanted.rule is None and wanted.line is None:
        return tuple(sorted(ledger.entries, key=_what_was_flagged))
    lines = [member.number for member in ledger.view.lines()]
    if wanted.line is not None and wanted.line not in lines:
        note(f"Claim {ledger.encounter_id} has no line {wanted.line}; it has {', '.join(map(str, lines)) or 'none'}.")
        return None
    if wanted.rule is None:
        pointer = f"/lines/{lines.index(wanted.line or 0)}"
        return tuple(entry for entry in ledger.entries if entry.concerns(pointer))
    entries = ledger.entry(wanted.rule, line=wanted.line)
    if not entries and ledger.entry(wanted.rule):
        note(f"Rule {wanted.rule} has nothing to do with line {wanted.line}; leave out --line to see what it says.")
        return None
    if not entries:
        note(
            f"Rule {wanted.rule} is not among the rules that run for this claim ({ledger.payer_rules or 'the rulesets alone'})."
        )
        return None
    return tuple(entries)
