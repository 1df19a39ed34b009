"""`sequela batch`: decide very many claims with several processes, and write what came of them as Parquet.

In:   claim files, rules, options.                 Out: a folder of files; a summary on standard output; the exit status.
Uses: batch (needs the extra `batch`), pipeline.   Used by: cli.
"""

import importlib
import importlib.util
import os
import sys
from pathlib import Path, PurePath
from traceback import extract_tb, print_exception
from types import TracebackType
from typing import TYPE_CHECKING, Final

from attrs import frozen

from sequela.engine.batch.rows import Asked
from sequela.engine.commands.rulebooks import open_rules, payer_is_known
from sequela.engine.commands.screen import CLEAN, FAILED, FOUND, Progress, note, out, wants_colour
from sequela.engine.commands.tally import Tally
from sequela.engine.evaluate.verdict import Status
from sequela.engine.pipeline.rulebook import Rulebook

if TYPE_CHECKING:
    from sequela.engine.batch.run import Finished

_TOP: Final = 20
"""So many rules are named in the summary; all of them stand in the findings."""


@frozen(kw_only=True)
class Wanted:
    """What the user asked for."""

    inputs: tuple[str, ...]
    out: Path
    rules: tuple[Path, ...] = ()
    data: tuple[Path, ...] = ()
    payer: str | None = None
    jobs: int | None = None
    members: Path | None = None
    columns: Path | None = None
    only_failures: bool = False
    counts: bool = False
    restart: bool = False
    use_cache: bool = True


def run(**options: object) -> int:
    """Do a batch, or what is left of one; see `Wanted` for the options. Returns the exit status."""
    wanted = Wanted(**options)  # type: ignore[arg-type]
    if importlib.util.find_spec("pyarrow") is None:
        note("A batch writes Parquet files, which needs the package pyarrow; it is not installed.")
        note("Install it with `pip install 'sequela[batch]'`. `sequela check` decides claims without it.")
        return FAILED
    rulebook = open_rules(wanted.rules, wanted.data, use_cache=wanted.use_cache)
    if rulebook is None or not payer_is_known(rulebook, wanted.payer):
        return FAILED
    batch = importlib.import_module("sequela.engine.batch.run")
    job = batch.Job(
        inputs=wanted.inputs,
        out=wanted.out,
        rules=wanted.rules,
        data=wanted.data,
        asked=Asked(payer=wanted.payer, only_failures=wanted.only_failures, counts=wanted.counts),
        members=wanted.members,
        columns=wanted.columns,
        jobs=wanted.jobs,
        restart=wanted.restart,
        use_cache=wanted.use_cache,
    )
    bar = _Bar()
    try:
        finished = batch.run(job, rulebook, batch.Watch(begin=bar.begin, step=bar.step))
    except KeyboardInterrupt:
        bar.clear()
        note("Interrupted. What is done is kept: the same command goes on from there.")
        return FAILED
    bar.clear()
    if isinstance(finished, batch.Refusal):
        note(str(finished))
        return FAILED
    _say(finished, rulebook, wanted)
    return _status(finished, wanted)


def work() -> int:
    """Be one of the processes of a batch; see batch.worker. A fault ends it, and is said without the claim."""
    sys.excepthook = _process_ended
    worker = importlib.import_module("sequela.engine.batch.worker")
    status: int = worker.run()
    return status


def _process_ended(kind: type[BaseException], fault: BaseException, trace: TracebackType | None) -> None:
    if os.environ.get("SEQUELA_TRACEBACK"):
        print_exception(kind, fault, trace)
    place = extract_tb(trace)[-1] if trace is not None else None
    where = f" in {PurePath(place.filename).name}, line {place.lineno}" if place is not None else ""
    note(f"A process of the batch ended: {kind.__name__}{where}. Its claims are given to another one.")


class _Bar:
    """How far the batch is, on a terminal."""

    def __init__(self) -> None:
        self._progress = Progress("claims", 0)
        self._at = 0

    def begin(self, total: int, before: int) -> None:
        self._progress = Progress("claims", total, before)
        self._at = before

    def step(self, claims: int, read: int) -> None:
        self._at += read
        self._progress.step(self._at, claims)

    def clear(self) -> None:
        self._progress.clear()


def _say(finished: "Finished", rulebook: Rulebook, wanted: Wanted) -> None:
    """The summary: how the claims came out, how long it took, and what was written."""
    tally = Tally(rulebook, only_failures=wanted.only_failures)
    tally.take(finished.tally)
    out(tally.table(colour=wants_colour(sys.stdout), most=_TOP))
    warned = [f"{code} ({count:,})" for code, count in sorted(finished.tally.warnings.items())]
    if warned:
        out(
            f"\nWarnings about inputs: {', '.join(warned)}. `sequela help CODE` says what each means; the rejects say where."
        )
    out("")
    if finished.here:
        rate = finished.here / max(finished.seconds, 1e-3)
        many = "1 process" if finished.jobs == 1 else f"{finished.jobs} processes"
        out(f"{finished.here:,} claims in {finished.seconds:,.1f} s with {many}: {rate:,.0f} a second.")
    before = finished.tally.claims + finished.tally.rejected - finished.here
    if before > 0:
        out(f"{before:,} claims were done before, and were not decided again.")
    if finished.deaths:
        ended = "1 process" if finished.deaths == 1 else f"{finished.deaths:,} processes"
        out(f"{ended} ended on the way; what was lost was done again.")
    rows = ", ".join(f"{count:,} {table}" for table, count in finished.rows.items())
    out(f"Written to {wanted.out}: {rows}.")


def _status(finished: "Finished", wanted: Wanted) -> int:
    """0 all clean, 1 something was found, 2 a claim could not be read or decided."""
    tally = finished.tally
    if tally.rejected or tally.count_of(Status.ERROR):
        return FAILED
    if tally.count_of(Status.FAIL) or tally.without_rules:
        return FOUND
    return CLEAN if wanted.only_failures or tally.outcomes["clean"] == tally.claims else FOUND
