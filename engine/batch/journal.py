"""Journal: the folder that a batch writes: what it is of, which chunks are done, and how a chunk becomes done.

In:   what the batch is of; parts of a chunk.     Out: `Folder`: files in their places, a line in the journal for each chunk.
Uses: batch.layout, batch.tally, msgspec.         Used by: batch.run.
Not here: what the files hold (parts, rows).

A chunk is done when its line stands whole in the journal, and its files are as large as the line says. The line is written when
the files are in their places, so that a stop at any moment loses at most the work on chunks that are not done.
"""

import errno
import os
import shutil
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, BinaryIO, Final

import msgspec
from attrs import field, frozen

from sequela.engine.batch.inputs import Refusal
from sequela.engine.batch.layout import JOURNAL, MANIFEST, TABLES, WORK, Part, draft_name, part_path
from sequela.engine.batch.tally import ChunkTally

if sys.platform != "win32":
    import fcntl

SCHEMA: Final = "sequela.batch/2"
_TO_PLAIN: Final = msgspec.json.Decoder(dict[str, Any])
_OTHERS: Final = 3


@frozen(kw_only=True)
class Done:
    """A chunk that is done: how many claims it holds, its files, the bytes of input read for it, and what was counted."""

    index: int
    count: int
    read: int
    parts: tuple[Part, ...]
    tally: ChunkTally

    def to_line(self) -> bytes:
        """Its line in the journal."""
        plain = {
            "chunk": self.index,
            "claims": self.count,
            "read": self.read,
            "parts": {part.table: {"rows": part.rows, "bytes": part.size} for part in self.parts},
            "tally": self.tally.to_json(),
        }
        return msgspec.json.encode(plain) + b"\n"

    @classmethod
    def from_line(cls, line: bytes) -> "Done | None":
        """What a line of a journal says; None for one that is not whole."""
        try:
            plain = _TO_PLAIN.decode(line)
            return cls(
                index=plain["chunk"],
                count=plain["claims"],
                read=plain["read"],
                parts=tuple(
                    Part(table=table, rows=one["rows"], size=one["bytes"]) for table, one in plain["parts"].items()
                ),
                tally=ChunkTally.from_json(plain["tally"]),
            )
        except (msgspec.MsgspecError, ValueError, KeyError, TypeError, AttributeError):
            return None


@frozen(eq=False)
class Folder:
    """The folder of a batch that is open for work. Nobody else works in it until it is closed."""

    out: Path
    identity: Mapping[str, Any]
    is_complete: bool
    done: dict[int, Done] = field(repr=False)
    _journal: BinaryIO = field(repr=False)

    @property
    def drafts(self) -> Path:
        """Where parts are written before they are put in their places."""
        return self.out / WORK

    def commit(self, done: Done) -> None:
        """Put the files of a chunk in their places, and note that it is done. Raises OSError."""
        for part in done.parts:
            os.replace(self.drafts / draft_name(part.table, done.index), part_path(self.out, part.table, done.index))
        self._journal.write(done.to_line())
        self._journal.flush()
        os.fsync(self._journal.fileno())
        self.done[done.index] = done

    def finish(self) -> None:
        """Note that every chunk is done, with the counts of all. Raises OSError."""
        total = {"chunks": len(self.done), "rows": self.rows(), "tally": self.tally().to_json()}
        write_manifest(self.out, {**self.identity, "complete": True, **total})

    def tally(self) -> ChunkTally:
        """The counts of all that is done."""
        total = ChunkTally()
        for index in sorted(self.done):
            total.merge(self.done[index].tally)
        return total

    def rows(self) -> dict[str, int]:
        """How many rows each table has by now."""
        found = dict.fromkeys(TABLES, 0)
        for one in self.done.values():
            for part in one.parts:
                found[part.table] += part.rows
        return found

    def close(self) -> None:
        """Leave the folder: drafts are removed, and others may work in it."""
        shutil.rmtree(self.drafts, ignore_errors=True)
        self._journal.close()


def open_folder(out: Path, identity: Mapping[str, Any], *, restart: bool = False) -> Folder | Refusal:
    """Open the folder of a batch: a new one, or one in which the same batch was begun.

    Args:
        out: the folder.
        identity: what decides what the files will hold: inputs, digests, options; plain values.
        restart: whether what another batch wrote there is removed.
    Returns: the folder with the chunks that are done, or why it cannot be worked in.
    """
    journal: BinaryIO | None = None
    opened: Folder | Refusal
    try:
        stranger = _stranger(out)
        if stranger is not None:
            return stranger
        for folder in (out, *(out / table for table in TABLES)):
            folder.mkdir(parents=True, exist_ok=True)
        journal = (out / JOURNAL).open("ab")
        opened = _opened(out, identity, journal, restart=restart)
    except OSError as error:
        opened = cannot_write(out, error)
    if journal is not None and isinstance(opened, Refusal):
        journal.close()
    return opened


def _opened(out: Path, identity: Mapping[str, Any], journal: BinaryIO, *, restart: bool) -> Folder | Refusal:
    if not _locked(journal):
        return Refusal(f"Another batch is at work in {out}.", "Wait until it is done, or name another folder.")
    before = None if restart else _manifest(out)
    if before is None:
        _clear(out, journal)
        write_manifest(out, {**identity, "complete": False})
    elif differing := _differing(before, identity):
        return Refusal(
            f"{out} holds a batch of something else: {'; '.join(differing)}.",
            "Name another folder; or take --restart, which removes what is there and begins anew.",
        )
    shutil.rmtree(out / WORK, ignore_errors=True)
    (out / WORK).mkdir(exist_ok=True)
    done = _done(out, journal)
    complete = before is not None and before.get("complete") is True and before.get("chunks") == len(done)
    return Folder(out, identity, complete, done, journal)


def cannot_write(out: Path, error: OSError) -> Refusal:
    """That the folder cannot be written to, and why."""
    reason = (error.strerror or str(error) or "no reason is given").lower()
    hint = None
    if error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
        hint = "Make room and give the same command again: it goes on where it stopped."
    return Refusal(f"{out} cannot be written to: {reason}.", hint)


def write_manifest(out: Path, plain: Mapping[str, Any]) -> None:
    """Write the manifest, whole or not at all."""
    draft = out / f"{MANIFEST}.draft"
    with draft.open("wb") as stream:
        stream.write(msgspec.json.format(msgspec.json.encode({"schema": SCHEMA, **plain}), indent=2) + b"\n")
        stream.flush()
        os.fsync(stream.fileno())
    os.replace(draft, out / MANIFEST)


def _stranger(out: Path) -> Refusal | None:
    """Why a folder is none to work in: it is no folder, or holds what no batch wrote."""
    if not out.exists():
        return None
    if not out.is_dir():
        return Refusal(f"{out} is a file, not a folder.", "Name a folder that is new, or empty.")
    ours = {MANIFEST, f"{MANIFEST}.draft", JOURNAL, WORK, *TABLES}
    there = sorted(one.name for one in out.iterdir())
    if JOURNAL in there or not there:
        return None
    others = [name for name in there if name not in ours]
    if not others and MANIFEST in there:
        return None
    shown = ", ".join(there[:_OTHERS]) + (", …" if len(there) > _OTHERS else "")
    return Refusal(f"{out} holds files that no batch wrote: {shown}.", "Name a folder that is new, or empty.")


def _locked(journal: BinaryIO) -> bool:
    """Whether the journal is ours alone until it is closed; also true where the file system knows no locks."""
    if sys.platform == "win32":
        return True
    try:
        fcntl.flock(journal.fileno(), fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        return error.errno not in (errno.EWOULDBLOCK, errno.EAGAIN, errno.EACCES)
    return True


def _manifest(out: Path) -> Mapping[str, Any] | None:
    """The manifest of what was begun in the folder; None where there is none that can be read."""
    try:
        plain = _TO_PLAIN.decode((out / MANIFEST).read_bytes())
    except FileNotFoundError:
        return None
    except (msgspec.MsgspecError, UnicodeDecodeError):
        return {}
    return plain


def _clear(out: Path, journal: BinaryIO) -> None:
    """Remove what a batch wrote: the journal first, so that nothing counts as done that is gone."""
    journal.truncate(0)
    for table in TABLES:
        for path in (out / table).glob("part-*.parquet"):
            path.unlink()


def _differing(before: Mapping[str, Any], now: Mapping[str, Any]) -> Sequence[str]:
    """What is not as it was when the batch was begun, in words."""
    if str(before.get("schema")).startswith("sequela.batch/") and before["schema"] != SCHEMA:
        return [_WORDS["engine"]]
    if before.get("schema") != SCHEMA or not now.keys() <= before.keys():
        return ["its manifest cannot be read"]
    words: list[str] = []
    for key in now:
        here = _plain(now[key])
        if key == "options" and isinstance(before[key], dict):
            words.extend(f"{_option(one)} is another" for one in here if here[one] != before[key].get(one))
        elif here != before[key]:
            words.append(_WORDS.get(key, f"another {key}"))
    return words


def _option(name: str) -> str:
    """An option as it is given on the command line."""
    return f"--{name.replace('_', '-')}"


_WORDS: Final = {
    "inputs": "the inputs are others, or have changed",
    "rules": "the rules have changed",
    "tables": "the tables have changed",
    "engine": "it was begun by another version of Sequela",
    "cut": "it was begun by another version of Sequela",
}


def _plain(value: Any) -> Any:
    return msgspec.json.decode(msgspec.json.encode(value))


def _done(out: Path, journal: BinaryIO) -> dict[int, Done]:
    """The chunks that are done; the journal is cut off behind the last whole line."""
    found: dict[int, Done] = {}
    whole = 0
    with (out / JOURNAL).open("rb") as stream:
        for line in stream:
            one = Done.from_line(line) if line.endswith(b"\n") else None
            if one is None:
                break
            whole += len(line)
            if all(_is_there(out, one.index, part) for part in one.parts):
                found[one.index] = one
    journal.truncate(whole)
    return found


def _is_there(out: Path, index: int, part: Part) -> bool:
    try:
        return part_path(out, part.table, index).stat().st_size == part.size
    except OSError:
        return False
