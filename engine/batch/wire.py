"""Wire: what the process that cuts and those that decide say to each other, over pipes.

In:   messages.      Out: bytes on a pipe, and messages again.
Uses: batch.chunks, batch.rows, batch.tally.    Used by: batch.crew, batch.worker.

A message is a pickle between processes of one command: nobody else writes into these pipes.
"""

import pickle
from pathlib import Path
from struct import Struct
from typing import Any, BinaryIO, Final

from attrs import frozen

from sequela.engine.batch.chunks import Chunk
from sequela.engine.batch.layout import Part
from sequela.engine.batch.rows import Asked
from sequela.engine.batch.tally import ChunkTally

_LENGTH: Final = Struct("<Q")

PLACE: Final = Struct("<q")
"""In the file that a worker shares: the claim of its chunk that it is at, from 0; or one of these."""
IDLE: Final = -1
WRITING: Final = -2


@frozen(kw_only=True)
class Hello:
    """The first word to a worker: by what it decides, and where it writes."""

    rules: tuple[Path, ...]
    data: tuple[Path, ...]
    use_cache: bool
    asked: Asked
    drafts: Path
    place: Path


@frozen
class Ready:
    """A worker's first word: by which rules and tables it decides."""

    rules: str
    tables: str


@frozen
class Task:
    """A chunk to be decided; the claims at the places `without`, from 0, ended a process before, and are not tried again."""

    chunk: Chunk
    without: tuple[int, ...] = ()


@frozen
class Made:
    """What a worker made of a chunk."""

    parts: tuple[Part, ...]
    tally: ChunkTally


@frozen
class Failed:
    """Why the work cannot go on. With `errno` it is that the results cannot be written; `reason` is then the system's word."""

    reason: str
    errno: int | None = None


def send(stream: BinaryIO, message: Any) -> None:
    """Send a message. Raises OSError where the other side is gone."""
    data = pickle.dumps(message, protocol=5)
    stream.write(_LENGTH.pack(len(data)))
    stream.write(data)
    stream.flush()


def receive(stream: BinaryIO) -> Any:
    """The next message; None where the other side is gone, even in the middle of one."""
    head = _read(stream, _LENGTH.size)
    if head is None:
        return None
    data = _read(stream, _LENGTH.unpack(head)[0])
    return None if data is None else pickle.loads(data)


def _read(stream: BinaryIO, length: int) -> bytes | None:
    try:
        data = stream.read(length)
    except OSError:
        return None
    return data if len(data) == length else None
