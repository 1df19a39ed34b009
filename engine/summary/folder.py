"""Folder: what a batch left in its folder: which parts count, and what the manifest says of them.

In:   a folder.                                 Out: `BatchFolder`, or an `InputProblem`.
Uses: batch.layout, batch.journal, pyarrow.     Used by: summary.survey, summary.tally, commands.summary.
Not here: what stands in the parts (parts.py).

While a batch is not finished, only parts of which the journal says that they are done are read. A folder without a journal
is read as well, as a cluster writes it: all Parquet files of its three tables.
"""

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, Final

import msgspec
from attrs import field, frozen

from sequela.engine.batch.journal import Done
from sequela.engine.batch.layout import JOURNAL, MANIFEST, TABLES, part_path
from sequela.engine.diagnostics.model import InputProblem

NO_BATCH: Final = "SEQ840"
"""The folder is not there, or no batch wrote it."""

DAMAGED: Final = "SEQ841"
"""A part is missing, or cannot be read."""

UNFINISHED: Final = "SEQ842"
"""The batch is not finished."""


@frozen(kw_only=True)
class Parts:
    """Files that hold the same claims: a chunk of a batch; of a folder that a cluster wrote, all of them."""

    findings: tuple[Path, ...] = ()
    claims: tuple[Path, ...] = ()
    rejects: tuple[Path, ...] = ()


@frozen(kw_only=True)
class BatchFolder:
    """A folder that a batch wrote: its parts in order, whether they are all there will be, and its manifest."""

    path: Path
    is_complete: bool
    parts: tuple[Parts, ...] = field(repr=False)
    manifest: Mapping[str, Any] = field(factory=dict, repr=False)

    @property
    def only_failures(self) -> bool:
        """Whether the batch was told to write failures alone."""
        options = self.manifest.get("options")
        return isinstance(options, dict) and options.get("only_failures") is True

    @property
    def inputs(self) -> tuple[str, ...]:
        """The names of what was read, as they were given; none where there is no manifest."""
        found = self.manifest.get("inputs")
        named = found if isinstance(found, list) else []
        return tuple(str(one["name"]) for one in named if isinstance(one, dict) and "name" in one)


def open_batch(path: Path) -> BatchFolder | InputProblem:
    """The folder of a batch, or why it is none. No part is opened; each is looked for where the journal names it."""
    try:
        if not path.is_dir():
            there = f"{path} is a file, not the folder of a batch." if path.exists() else f"There is no folder {path}."
            return _problem(NO_BATCH, there, path, "Name the folder that `sequela batch … --out DIR` wrote.")
        manifest = _manifest(path)
        if isinstance(manifest, InputProblem):
            return manifest
        if (path / JOURNAL).is_file():
            return _journaled(path, manifest)
        return _as_found(path, manifest)
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        return _problem(NO_BATCH, f"The folder {path} cannot be read: {reason}.", path)


def unfinished(folder: BatchFolder) -> InputProblem | None:
    """That the batch is not finished, as a warning; None where it is."""
    if folder.is_complete:
        return None
    return InputProblem(
        code=UNFINISHED,
        message="The batch is not finished: the summary is of what was decided so far.",
        file=str(folder.path),
        place="",
        hint="Give the command `sequela batch` again: it goes on where it stopped.",
        fatal=False,
    )


def damaged(path: Path, why: str) -> InputProblem:
    """That a part cannot be read."""
    hint = "Give the command `sequela batch` again: it makes anew what is missing, and keeps the rest."
    return _problem(DAMAGED, f"The part {path.parent.name}/{path.name} {why}.", path, hint)


def _problem(code: str, message: str, path: Path, hint: str | None = None) -> InputProblem:
    return InputProblem(code=code, message=message, file=str(path), place="", hint=hint)


def _manifest(path: Path) -> Mapping[str, Any] | InputProblem:
    try:
        text = (path / MANIFEST).read_bytes()
    except FileNotFoundError:
        return {}
    try:
        found: Mapping[str, Any] = msgspec.json.decode(text, type=dict[str, Any])
    except (msgspec.MsgspecError, UnicodeDecodeError):
        hint = "Give the command `sequela batch` again with --restart, or restore the file."
        return _problem(NO_BATCH, f"{MANIFEST} is not the manifest of a batch.", path / MANIFEST, hint)
    return found


def _journaled(path: Path, manifest: Mapping[str, Any]) -> BatchFolder | InputProblem:
    done: dict[int, Done] = {}
    for one in _lines(path / JOURNAL):
        done[one.index] = one
    made: list[Parts] = []
    for index in sorted(done):
        files: dict[str, tuple[Path, ...]] = {}
        for part in done[index].parts:
            file = part_path(path, part.table, index)
            if not file.is_file():
                return damaged(file, "is not there")
            if file.stat().st_size != part.size:
                return damaged(file, f"has {file.stat().st_size:,} bytes instead of {part.size:,}")
            files[part.table] = (file,)
        made.append(Parts(**files))
    complete = manifest.get("complete") is True and manifest.get("chunks", len(done)) == len(done)
    return BatchFolder(path=path, is_complete=complete, parts=tuple(made), manifest=manifest)


def _lines(path: Path) -> Iterator[Done]:
    """The whole lines of a journal; what stands behind one that is not whole was never done."""
    with path.open("rb") as stream:
        for line in stream:
            one = Done.from_line(line) if line.endswith(b"\n") else None
            if one is None:
                return
            yield one


def _as_found(path: Path, manifest: Mapping[str, Any]) -> BatchFolder | InputProblem:
    """The Parquet files that lie there: by their names where the three tables have the same ones, else all as one."""
    files = {table: {one.name: one for one in _parquet(path / table)} for table in TABLES}
    if not files["claims"]:
        hint = "Name the folder that `sequela batch … --out DIR` wrote; it holds manifest.json, findings, claims and rejects."
        return _problem(NO_BATCH, f"{path} holds no claims that a batch decided.", path, hint)
    if files["findings"].keys() <= files["claims"].keys() and files["rejects"].keys() <= files["claims"].keys():
        parts = tuple(
            Parts(**{table: (found[name],) for table, found in files.items() if name in found})
            for name in files["claims"]
        )
    else:
        parts = (Parts(**{table: tuple(found.values()) for table, found in files.items()}),)
    return BatchFolder(path=path, is_complete=manifest.get("complete", True) is True, parts=parts, manifest=manifest)


def _parquet(folder: Path) -> Iterable[Path]:
    return sorted(folder.glob("*.parquet")) if folder.is_dir() else ()
