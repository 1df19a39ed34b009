"""Rows: what was decided of claims, as the rows of the three tables.

In:   reads (a claim, or why there is none), a rulebook.    Out: `Rows`: tuples in the order of the schemas' columns.
Uses: pipeline, explain, batch.tally.                       Used by: batch.seam, batch.worker.
Not here: what the columns are called and of which type they are (schemas.py).

No name, birth date or address of a patient, and no diagnosis in a column of its own: messages hold codes, as a ledger does.
"""

from collections import Counter
from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache
from pathlib import PurePath
from traceback import extract_tb
from typing import Any, Final

from attrs import define, field, frozen

from sequela.engine import __version__
from sequela.engine.batch.tally import ChunkTally
from sequela.engine.diagnostics.model import InputProblem
from sequela.engine.encounter.derived import default_date
from sequela.engine.encounter.model import Encounter
from sequela.engine.encounter.reading import Read
from sequela.engine.evaluate.verdict import Status
from sequela.engine.explain.entries import OPEN, Entry
from sequela.engine.explain.labels import pointers_of
from sequela.engine.explain.ledger import FAILURES, FINDINGS, Ledger
from sequela.engine.model.rules import Citation
from sequela.engine.pipeline.rulebook import PayerAmbiguous, PayerUnknown, Rulebook

_CENT: Final = Decimal("0.01")
_MOST: Final = Decimal(10) ** 16
"""An amount of so many is no amount: the column cannot hold it, and it is left empty."""

AMBIGUOUS: Final = "SEQ517"
"""Several payers match the id on a claim."""

LOST: Final = "SEQ901"
"""Deciding a claim ended in a fault of the engine's own, or ended the process that did it, twice."""

Row = tuple[Any, ...]


@frozen(kw_only=True)
class Asked:
    """What is asked for: whose rules run; failures alone; also the counts that cost as much as deciding."""

    payer: str | None = None
    only_failures: bool = False
    counts: bool = False


@frozen
class At:
    """Where a claim stands: its input, and its number there, from 1."""

    source: str | None = None
    number: int | None = None


@define
class Rows:
    """Rows of the three tables, in the order of the claims, and what was counted of them."""

    findings: list[Row] = field(factory=list)
    claims: list[Row] = field(factory=list)
    rejects: list[Row] = field(factory=list)
    tally: ChunkTally = field(factory=ChunkTally)

    def reject(self, problem: InputProblem, at: At, place: str | None = None) -> None:
        """Add a row to the rejects. `place` leads to where the problem's own place begins."""
        where = ", ".join(one for one in (place, problem.place) if one)
        self.rejects.append(
            (at.source, where, at.number, problem.code, problem.message, problem.fatal, problem.claim, problem.hint)
        )
        if not problem.fatal:
            self.tally.warnings[problem.code] += 1


def decide(read: Read, at: At, rulebook: Rulebook, asked: Asked, rows: Rows, place: str | None = None) -> None:
    """Decide a claim, and add what came of it to the rows.

    Args:
        read: the claim, or what kept it from being read.
        at: where it stands.
        rulebook: by what it is decided.
        asked: what is asked for. An unknown payer raises PayerUnknown.
        rows: what is added to.
        place: what leads to the places of its problems, where these are only places within the claim.
    """
    for problem in read.problems:
        rows.reject(problem, at, place)
    if read.encounter is None:
        rows.tally.unread += 1
        return
    try:
        ledger = rulebook.check(read.encounter, payer=asked.payer)
    except PayerAmbiguous as error:
        rows.reject(_ambiguous(error, read.encounter, at), at, place)
        rows.tally.undecided += 1
        return
    rows.claims.append(_claim_row(ledger, at, asked))
    shown = FAILURES if asked.only_failures else FINDINGS
    claim = ledger.encounter
    head = claim.id, at.source, at.number, claim.payer, ledger.payer_rules, claim.setting
    rows.findings.extend(
        (*head, *_finding_row(entry, ledger)) for entry in ledger.entries if entry.verdict.status in shown
    )
    rows.tally.add(ledger, shown)


def decide_or_leave_out(
    read: Read, at: At, rulebook: Rulebook, asked: Asked, rows: Rows, place: str | None = None
) -> None:
    """As `decide`; but a claim over which the engine has a fault of its own is left out, and stands among the rejects.

    For where a fault would end more than this claim: the work of a cluster, the notebook of a person.
    """
    before = len(rows.findings), len(rows.claims), len(rows.rejects)
    try:
        decide(read, at, rulebook, asked, rows, place)
    except PayerUnknown:
        raise
    except Exception as fault:  # whatever it is, it is ours: the claim is named as not decided, the others go on
        for part, length in zip((rows.findings, rows.claims, rows.rejects), before, strict=True):
            del part[length:]
        claim = None if read.encounter is None else read.encounter.id
        rows.reject(_left_out(fault, claim, at), at, place)
        rows.tally.lost += 1


def _left_out(fault: Exception, claim: str | None, at: At) -> InputProblem:
    """What kind of fault it was and where in the engine: nothing of the claim but its id."""
    where = extract_tb(fault.__traceback__)[-1]
    said = f"{type(fault).__name__} in {PurePath(where.filename).name}, line {where.lineno}"
    return InputProblem(
        code=LOST,
        message=f"A fault of Sequela's own ended the work on this claim ({said}). The claim was left out.",
        file=at.source or "",
        place="",
        claim=claim,
        hint="Check the claim alone with `sequela check`, and report it.",
    )


def _ambiguous(error: PayerAmbiguous, claim: Encounter, at: At) -> InputProblem:
    hint = f"Say whose rules run: {' or '.join(error.payers)}."
    return InputProblem(
        code=AMBIGUOUS, message=str(error), file=at.source or "", place="/payer", claim=claim.id, hint=hint
    )


def _claim_row(ledger: Ledger, at: At, asked: Asked) -> Row:
    claim = ledger.encounter
    if asked.counts:
        counts = ledger.counts
        passed: int | None = counts["pass"]
        idle: int | None = counts["not applicable"]
    else:
        passed = idle = None
    found = Counter(one.status for one in ledger.found)
    return (
        claim.id,
        at.source,
        at.number,
        claim.payer,
        ledger.payer_rules,
        claim.setting,
        claim.billing.npi or claim.provider.npi,
        default_date(claim),
        claim.received,
        _money(claim.total_charge),
        ledger.outcome if ledger.selection.rules else None,
        ledger.clean if ledger.selection.rules else None,
        found[Status.FAIL],
        found[Status.UNKNOWN],
        found[Status.NOT_CHECKED],
        found[Status.BYPASSED],
        passed,
        idle,
        found[Status.ERROR],
        {"engine": __version__, "rules": ledger.rules_digest, "tables": ledger.tables_digest},
    )


def _finding_row(entry: Entry, ledger: Ledger) -> Row:
    """A finding, without the columns of its claim."""
    verdict = entry.verdict
    adjustment = entry.adjustment
    is_open = verdict.status in OPEN
    gaps = entry.waits_for.gaps if is_open else ()
    return (
        verdict.rule.id,
        verdict.rule.ruleset,
        entry.title,
        entry.phase,
        entry.status,
        entry.outcome,
        [pointer for subject in verdict.subjects for pointer in pointers_of(subject)],
        list(verdict.about),
        verdict.governing_date,
        entry.message,
        entry.reason,
        adjustment.carc if adjustment else None,
        adjustment.group if adjustment else None,
        list(adjustment.rarcs) if adjustment else [],
        [_cited(one) for one in entry.cites],
        _amount(ledger.encounter, verdict.about),
        [list(one) for one in entry.missing] if is_open else [],
        list(dict.fromkeys(gap.table for gap in gaps if not gap.loaded)),
        [{"table": gap.table, "day": gap.on} for gap in gaps if gap.loaded],
    )


def _cited(citation: Citation) -> str:
    """An authority in one text: its name, its edition and the section: `NCCI-MANUAL 2026, I.D`."""
    authority = citation.authority
    name = f"{authority.name} {authority.edition}" if authority.edition else authority.name
    return f"{name}, {citation.section}" if citation.section else name


def _amount(claim: Encounter, about: Sequence[str]) -> Decimal | None:
    """The charge of the lines that a finding is about, else of the claim; None where it is not known."""
    lines: set[int] = set()
    for pointer in about:
        parts = pointer.split("/")
        if len(parts) > 2 and parts[1] == "lines":
            lines.add(int(parts[2]))
    if not lines:
        return _money(claim.total_charge)
    charges = [claim.lines[place].charge for place in lines]
    return None if None in charges else _money(sum(Decimal(charge) for charge in charges if charge is not None))


@lru_cache(4096)
def _money(amount: int | Decimal | None) -> Decimal | None:
    if amount is None or not -_MOST < amount < _MOST:
        return None
    return Decimal(amount).quantize(_CENT, ROUND_HALF_UP)
