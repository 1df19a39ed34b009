"""A worker that ends over some claims, for the tests: `python deadly_worker.py FOLDER`.

A claim whose id begins with DEADLY ends it each time; one with ONCE the first time, which a file in the folder remembers; with
FAULT it raises. WRITING ends it while it writes, the first time.
"""

import os
import signal
import sys
from pathlib import Path

from sequela.engine.batch import worker
from sequela.engine.commands.batch import work

FOLDER = Path(sys.argv[1])
decide, write_parts = worker.decide, worker.write_parts


def die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def once(name: str) -> bool:
    """Whether this is the first time."""
    try:
        (FOLDER / name).touch(exist_ok=False)
    except FileExistsError:
        return False
    return True


def deadly(read, at, rulebook, asked, rows, place=None):
    name = read.encounter.id if read.encounter is not None else ""
    if name.startswith("DEADLY") or (name.startswith("ONCE") and once(name)):
        die()
    if name.startswith("FAULT"):
        raise ZeroDivisionError(name)
    decide(read, at, rulebook, asked, rows, place)


def writing(rows, index, folder):
    parts = write_parts(rows, index, folder)
    if (FOLDER / "dies-writing").exists() and once(f"writing-{index}"):
        die()
    return parts


worker.decide, worker.write_parts = deadly, writing
raise SystemExit(work())
