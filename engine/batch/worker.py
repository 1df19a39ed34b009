"""Worker: one of the processes that decide: opens the rulebook once, then turns chunks into parts until nobody asks.

In:   `Hello` and `Task`s on standard input.       Out: `Ready`, `Made` or `Failed` on standard output; drafts of parts.
Uses: pipeline.opening, batch.rows, batch.parts.   Used by: batch.crew, which starts it by way of cli.py.
Not here: what happens when it dies (crew).

It says at which claim it is in a few bytes of a file that outlive it. It ends when the process that started it does.
"""

import gc
import mmap
import os
import signal
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import BinaryIO

from attrs import frozen

from sequela.engine.batch.chunks import InputChanged, reads_of
from sequela.engine.batch.parts import write_parts
from sequela.engine.batch.rows import LOST, At, Rows, decide
from sequela.engine.batch.wire import IDLE, PLACE, WRITING, Failed, Hello, Made, Ready, Task, receive, send
from sequela.engine.diagnostics.model import InputProblem
from sequela.engine.pipeline.opening import open_rulebook
from sequela.engine.pipeline.rulebook import Rulebook


class Orphaned(Exception):
    """The process that started this one is gone."""


@frozen
class Desk:
    """What a worker works with."""

    rulebook: Rulebook
    hello: Hello
    note: Callable[[int], None]
    """Notes at which claim it is."""


def run() -> int:
    """Work until standard input ends; the exit status is of no meaning to anybody but a person who looks."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # whatever is printed is not to be taken for an answer
    with answers, closing(sys.stdin.buffer) as tasks:
        try:
            _work(tasks, answers)
        except Orphaned:
            return 2
    return 0


def _work(tasks: BinaryIO, answers: BinaryIO) -> None:
    hello = receive(tasks)
    if hello is None:
        return
    rulebook = open_rulebook(hello.rules, data=hello.data, use_cache=hello.use_cache)
    gc.collect()
    gc.freeze()
    with hello.place.open("r+b") as file, mmap.mmap(file.fileno(), PLACE.size) as place:

        def note(at: int) -> None:
            PLACE.pack_into(place, 0, at)

        desk = Desk(rulebook, hello, note)
        send(answers, Ready(rulebook.rules_digest, rulebook.tables_digest))
        while (task := receive(tasks)) is not None:
            try:
                made: Made | Failed = decided(task, desk)
            except OSError as error:
                made = Failed(error.strerror or str(error), error.errno)
            except InputChanged as error:
                made = Failed(str(error))
            note(IDLE)
            send(answers, made)


def decided(task: Task, desk: Desk) -> Made:
    """Decide a chunk, and write its parts. Raises: OSError where they cannot be written, InputChanged, Orphaned."""
    rows = Rows()
    parent = os.getppid()
    without = frozenset(task.without)
    for place, (source, number, read) in enumerate(reads_of(task.chunk)):
        desk.note(place)
        at = At(source, number)
        if place in without:
            rows.reject(_lost(source, number), at)
            rows.tally.lost += 1
            continue
        decide(read(), at, desk.rulebook, desk.hello.asked, rows)
        if os.getppid() != parent:
            raise Orphaned
    desk.note(WRITING)
    return Made(write_parts(rows, task.chunk.index, Path(desk.hello.drafts)), rows.tally)


def _lost(source: str, number: int) -> InputProblem:
    return InputProblem(
        code=LOST,
        message="The process that decided this claim ended while it did so, twice. The claim was left out.",
        file=source,
        place=f"claim {number} of the file",
        hint="Is there enough memory? Check the claim alone with `sequela check`, and report it.",
    )
