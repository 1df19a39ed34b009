"""Run: a batch from its inputs to its last chunk.

In:   what is asked for, an open rulebook.              Out: `Finished`, or a `Refusal`.
Uses: batch.inputs, batch.chunks, batch.journal, batch.crew.    Used by: commands.batch.
Not here: options and words on a screen (commands.batch).
"""

import os
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from attrs import field, frozen

from sequela.engine import __version__
from sequela.engine.batch.chunks import CUT, Chunk, InputChanged, cut
from sequela.engine.batch.crew import Crew, CrewFailed
from sequela.engine.batch.inputs import Input, Refusal, digest_of, find_inputs
from sequela.engine.batch.journal import Done, Folder, cannot_write, open_folder
from sequela.engine.batch.rows import Asked
from sequela.engine.batch.tally import ChunkTally
from sequela.engine.batch.wire import Failed, Hello, Made
from sequela.engine.pipeline.files import SHIPPED
from sequela.engine.pipeline.rulebook import Rulebook

Progress = Callable[[int, int], None]
"""Called with the claims that were just done, and the bytes of input read for them."""


@frozen(kw_only=True)
class Job:
    """What is asked for. `rules` and `data` are those of which the rulebook was made; no rules: all that ship."""

    inputs: tuple[str, ...]
    out: Path
    rules: tuple[Path, ...] = ()
    data: tuple[Path, ...] = ()
    asked: Asked = field(factory=Asked)
    members: Path | None = None
    columns: Path | None = None
    jobs: int | None = None
    restart: bool = False
    use_cache: bool = True


@frozen(kw_only=True)
class Finished:
    """A batch that is done: the counts of all of it, and what this run did of it.

    `rows` counts the rows of each table, `here` the claims that were done now, in `seconds`, by `jobs` processes, of which
    `deaths` died and were replaced.
    """

    tally: ChunkTally
    rows: Mapping[str, int]
    chunks: int
    here: int
    seconds: float
    jobs: int
    deaths: int


@frozen
class Watch:
    """Who is told how far it is: once where it begins (bytes of all inputs, bytes done before), then after each chunk."""

    begin: Callable[[int, int], None]
    step: Progress


def cores() -> int:
    """How many processes work at once where nothing is said: as many as this one may use processors."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def run(job: Job, rulebook: Rulebook, watch: Watch) -> Finished | Refusal:
    """Do a batch, or what is left of it.

    Returns: the counts, or why it cannot be done. Where it stops on the way (a full disk, an interrupt, which is raised), the
    same call goes on where it stopped.
    """
    inputs = find_inputs(job.inputs)
    if isinstance(inputs, Refusal):
        return inputs
    identity = _identity(job, inputs, rulebook)
    if isinstance(identity, Refusal):
        return identity
    folder = open_folder(job.out, identity, restart=job.restart)
    if isinstance(folder, Refusal):
        return folder
    try:
        return _run(job, inputs, rulebook, folder, watch)
    except CrewFailed as stop:
        return _stopped(job, stop.failed)
    except InputChanged as change:
        return _stopped(job, Failed(str(change)))
    except OSError as error:
        return _stopped(job, Failed(error.strerror or str(error), error.errno))
    finally:
        folder.close()


def _run(job: Job, inputs: tuple[Input, ...], rulebook: Rulebook, folder: Folder, watch: Watch) -> Finished:
    started = time.monotonic()
    before = sum(one.count for one in folder.done.values())
    jobs = max(1, job.jobs or cores())
    deaths = 0
    if not folder.is_complete:
        watch.begin(sum(one.size for one in inputs), sum(one.read for one in folder.done.values()))

        def on_done(chunk: Chunk, made: Made) -> None:
            folder.commit(
                Done(index=chunk.index, count=chunk.count, read=chunk.read, parts=made.parts, tally=made.tally)
            )
            watch.step(chunk.count, chunk.read)

        digests = rulebook.rules_digest, rulebook.tables_digest
        with Crew(
            hello=lambda number: _hello(job, folder, number), digests=digests, jobs=jobs, on_done=on_done
        ) as crew:
            for chunk in cut(inputs, job.members, job.columns):
                if chunk.index not in folder.done:
                    crew.give(chunk)
            crew.finish()
            deaths = crew.deaths
        folder.finish()
    return Finished(
        tally=folder.tally(),
        rows=folder.rows(),
        chunks=len(folder.done),
        here=sum(one.count for one in folder.done.values()) - before,
        seconds=time.monotonic() - started,
        jobs=jobs,
        deaths=deaths,
    )


def _hello(job: Job, folder: Folder, number: int) -> Hello:
    return Hello(
        rules=job.rules or SHIPPED,
        data=job.data,
        use_cache=job.use_cache,
        asked=job.asked,
        drafts=folder.drafts,
        place=folder.drafts / f"worker-{number}",
    )


def _identity(job: Job, inputs: tuple[Input, ...], rulebook: Rulebook) -> Mapping[str, Any] | Refusal:
    """All that decides what the files will hold; nothing that does not."""
    beside: dict[str, str | None] = {}
    for name, path in (("members", job.members), ("columns", job.columns)):
        try:
            beside[name] = None if path is None else digest_of(path)
        except OSError as error:
            reason = (error.strerror or "no reason is given").lower()
            return Refusal(f"The file of {name}, {path}, cannot be read: {reason}.")
    return {
        "engine": __version__,
        "cut": CUT,
        "inputs": [{"name": one.name, "size": one.size, "sha256": one.sha256} for one in inputs],
        "rules": rulebook.rules_digest,
        "tables": rulebook.tables_digest,
        "options": {
            "payer": job.asked.payer,
            "only_failures": job.asked.only_failures,
            "counts": job.asked.counts,
            **beside,
        },
    }


def _stopped(job: Job, failed: Failed) -> Refusal:
    """Why the work stopped, and that it can go on."""
    again = "What is done is kept: the same command goes on from there."
    if failed.errno is not None:
        refusal = cannot_write(job.out, OSError(failed.errno, failed.reason))
        return Refusal(refusal.message, refusal.hint or again)
    return Refusal(f"The batch stopped: {failed.reason}.", again)
