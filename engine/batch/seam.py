"""Seam: a batch of claims in, what was decided of them out: what a process, a cluster and a notebook call alike.

In:   `pyarrow.RecordBatch`es of encounters, a rulebook.    Out: `Evaluated`: findings, claims, rejects.
Uses: batch.rows, batch.schemas, pyarrow.                   Used by: batch.worker, and by any engine that maps Arrow batches.
Not here: files, processes, what was done already (batch.run).

A pure function of the batch and the rulebook: the same rows, in the same order, wherever it is called.
"""

from collections.abc import Iterator
from typing import Any

import pyarrow as pa
from attrs import frozen

from sequela.engine.batch.rows import Asked, At, Rows, decide_or_leave_out
from sequela.engine.batch.schemas import CLAIMS, FINDINGS, REJECTS, as_batch
from sequela.engine.encounter.from_json import read_encounter
from sequela.engine.pipeline.rulebook import Rulebook


@frozen
class Evaluated:
    """What was decided of a batch: three `pyarrow.RecordBatch`es in the schemas FINDINGS, CLAIMS and REJECTS."""

    findings: Any
    claims: Any
    rejects: Any


def evaluate_batch(batch: pa.RecordBatch, rulebook: Rulebook, *, payer: str | None = None) -> pa.RecordBatch:
    """The findings of a batch of claims, in the schema FINDINGS.

    Args:
        batch: one row for each claim; see `evaluate`.
        rulebook: by what they are decided, as from `sequela.load`.
        payer: whose rules run; by default as each claim's payer id says.
    Raises: PayerUnknown, where the rulebook has no such payer; KeyError without a column `encounter`.
    """
    return evaluate(batch, rulebook, payer=payer).findings


def evaluate(
    batch: pa.RecordBatch,
    rulebook: Rulebook,
    *,
    payer: str | None = None,
    only_failures: bool = False,
    counts: bool = False,
) -> Evaluated:
    """What is decided of a batch of claims.

    Args:
        batch: one row for each claim. Column `encounter` (text or bytes) holds the JSON of `sequela.encounter/1`. Where they are
            there, `source` and `claim_number` are copied into the results, and `place` leads the places of rejects.
        rulebook: by what they are decided, as from `sequela.load`.
        payer: whose rules run; by default as each claim's payer id says.
        only_failures: whether the findings are only what failed.
        counts: whether `n_pass` and `n_not_applicable` are counted, which costs as much as deciding.
    Returns: findings in the order of claims and, of a claim, of its ledger; a row for each claim that was decided; a row
        for each thing wrong with one. A claim is among the claims, or has a fatal row among the rejects; so has one over
        which the engine has a fault of its own (SEQ901).
    Raises: PayerUnknown, where the rulebook has no such payer; KeyError without a column `encounter`.
    """
    asked = Asked(payer=payer, only_failures=only_failures, counts=counts)
    if payer is not None and not rulebook.payers_named(payer):
        rulebook.selection(payer)  # raises PayerUnknown, even where the batch holds no claim
    rows = Rows()
    for raw, source, place, number in _rows_of(batch):
        read = read_encounter(raw if raw is not None else b"", source or "-")
        decide_or_leave_out(read, At(source, number), rulebook, asked, rows, place)
    return as_evaluated(rows)


def as_evaluated(rows: Rows) -> Evaluated:
    """Rows that were decided already, as record batches."""
    return Evaluated(
        findings=as_batch(FINDINGS, rows.findings),
        claims=as_batch(CLAIMS, rows.claims),
        rejects=as_batch(REJECTS, rows.rejects),
    )


def _rows_of(batch: pa.RecordBatch) -> Iterator[tuple[Any, Any, Any, Any]]:
    """The rows of a batch: the claim's text, and what is known of where it stands."""
    names = ("encounter", "source", "place", "claim_number")
    there = set(batch.schema.names)
    nothing = [None] * batch.num_rows
    columns = [batch.column(name).to_pylist() if name in there or name == "encounter" else nothing for name in names]
    return zip(*columns, strict=True)
