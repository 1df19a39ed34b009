"""Run: from files to releases in a data folder, whole or not at all.

In:   a kind, paths, what the user says, a data folder.    Out: `run_import`, `Outcome`.
Uses: imports.inputs, imports.kinds, tables.store_write.    Used by: the command.
Not here: what a published layout means (the importers); what is printed (the command).

The releases of one import are written into a folder of their own inside the data folder, and take their places when the last
of them is done: an import that fails leaves every table as it was.
"""

import hashlib
import re
import shutil
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from tempfile import mkdtemp
from typing import Final

from attrs import define, field, frozen

from sequela.engine.diagnostics.model import InputProblem
from sequela.engine.imports.inputs import open_inputs
from sequela.engine.imports.kinds import Asked, Draft, Kind, Reading, refused, warned
from sequela.engine.tables.delimited import Batch
from sequela.engine.tables.store_format import Manifest
from sequela.engine.tables.store_gather import Reject
from sequela.engine.tables.store_write import Written, write_release

FEW_REJECTS: Final = 20
"""So many rows may be left out, whatever the size of the file."""
SHARE_OF_REJECTS: Final = 200
"""Above `FEW_REJECTS`, one row of so many may be left out: half a percent."""

_SHOWN: Final = 5
_BLOCK: Final = 1 << 20
_RELEASE: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")

READ: Final = -1
"""In the place of the bytes that were read: all of them were; the table is being written."""

Step = Callable[[str, int, int, int], None]
"""What is told how far an import is: the table, rows so far, bytes read and bytes in all (0: not known)."""


@frozen
class Outcome:
    """What came of an import: the releases that were written (none where it failed), and what there is to say."""

    written: tuple[Written, ...] = ()
    problems: tuple[InputProblem, ...] = ()
    failed_rejects: tuple[Path, ...] = ()

    @property
    def is_done(self) -> bool:
        """Whether the releases are in their places."""
        return bool(self.written)


class _StoppedError(Exception):
    """The rows of a draft ended in a problem."""

    def __init__(self, problem: InputProblem) -> None:
        super().__init__(problem.code)
        self.problem = problem


@define
class _Course:
    """How an import goes."""

    kind: Kind
    allowed: int | None
    step: Step
    problems: list[InputProblem] = field(factory=list)
    rejects: int = 0


def run_import(
    kind: Kind,
    paths: Sequence[Path],
    into: Path,
    asked: Asked,
    *,
    allow_rejects: int | None = None,
    step: Step = lambda *_: None,
    kinds: Sequence[Kind] = (),
) -> Outcome:
    """Import files of one kind into a data folder.

    Args:
        kind: what the files are.
        paths: the files, or archives of them.
        into: the data folder; made where it is not there.
        asked: what the user says of the release.
        allow_rejects: how many rows of a table may be left out, in the place of the rule: 20, or half a percent.
        step: is told how far the work is.
        kinds: all that there are, to say which kind a file is where it is another.
    """
    if asked.release is not None and not _RELEASE.fullmatch(asked.release):
        hint = "Write letters, digits, points and hyphens, as in 2026q4 or v32.3."
        return Outcome(
            problems=(refused("SEQ484", f"`{asked.release}` cannot be the name of a release.", "", hint=hint),)
        )
    inputs, problems = open_inputs(paths)
    if problems or not inputs:
        return Outcome(problems=problems)
    reading = kind.read(inputs, asked)
    if not reading.is_sound:
        return Outcome(problems=tuple(_better_known(kind, kinds, reading, inputs)))
    course = _Course(kind, allow_rejects, step, list(reading.problems))
    staging: Path | None = None
    try:
        into.mkdir(parents=True, exist_ok=True)
        staging = Path(mkdtemp(prefix=".import-", dir=into))
        digest = _digest(paths)
        written = tuple(_write(draft, staging, digest, course) for draft in reading.drafts)
        return _placed(written, staging, into, course)
    except _StoppedError as stopped:
        return Outcome(problems=(*course.problems, stopped.problem))
    except OSError as error:
        message = f"{into} cannot be written: {error.strerror or error}."
        return Outcome(problems=(*course.problems, refused("SEQ492", message, str(into))))
    finally:
        if staging is not None:
            shutil.rmtree(staging, ignore_errors=True)


def too_many(rows: int, rejects: int, allowed: int | None) -> bool:
    """Whether an import loses more rows than it may: more than `allowed`, by default more than 20 and half a percent."""
    if allowed is not None:
        return rejects > allowed
    return rejects > FEW_REJECTS and rejects * SHARE_OF_REJECTS > rows + rejects


def _write(draft: Draft, staging: Path, digest: str, course: _Course) -> Written:
    table = draft.shape.name
    seen = 0

    def on_reject(reject: Reject) -> None:
        nonlocal seen
        seen += 1
        if seen <= _SHOWN:
            course.problems.append(_said(reject, draft))

    def manifest() -> Manifest:
        covers = draft.covers() if callable(draft.covers) else draft.covers
        return Manifest(
            table=table,
            title=draft.title or draft.shape.title,
            source=", ".join(dict.fromkeys(one.name for one in draft.inputs)),
            publisher=course.kind.publisher,
            release=draft.release,
            covers=covers,
            sha256=digest,
            made_by=course.kind.name,
            missing=draft.missing,
            notes=dict(sorted((name, count) for name, count in draft.notes.items() if count)),
        )

    written = write_release(
        staging,
        draft.shape,
        _batches(draft, course),
        manifest,
        on_reject=on_reject,
        approve=lambda one: one.rows > 0 and not too_many(one.rows, one.rejects, course.allowed),
    )
    if seen > _SHOWN:
        course.problems.append(_more(seen - _SHOWN, draft))
    if written.path is None:
        course.problems.append(_lost(written, draft))
    return written


def _batches(draft: Draft, course: _Course) -> Iterator[Batch]:
    """The rows of a draft; a problem among them is kept, and ends them where it is fatal."""
    total = sum(one.size for one in draft.inputs) if all(one.size for one in draft.inputs) else 0
    rows = 0
    for made in draft.rows():
        if isinstance(made, InputProblem):
            if made.fatal:
                raise _StoppedError(made)
            course.problems.append(made)
            continue
        rows += len(made.columns[0])
        course.step(draft.shape.name, rows, sum(one.done for one in draft.inputs), total)
        yield made
    course.step(draft.shape.name, rows, READ, total)


def _placed(written: Sequence[Written], staging: Path, into: Path, course: _Course) -> Outcome:
    """Puts the releases in their places where all of them are good; else keeps only the lists of what was left out."""
    if all(one.path is not None for one in written):
        moved = []
        for one in written:
            path, rejects = one.path, one.rejects
            assert path is not None
            place = into / path.relative_to(staging)
            place.parent.mkdir(parents=True, exist_ok=True)
            beside = place.with_name(f"{one.manifest.release}.rejects.csv")
            if rejects is None:
                beside.unlink(missing_ok=True)
            else:
                rejects.replace(beside)
            path.replace(place)
            moved.append(Written(path=place, manifest=one.manifest, rejects=beside if rejects is not None else None))
        return Outcome(tuple(moved), tuple(course.problems))
    kept: list[Path] = []
    for one in written:
        if one.path is None and one.rejects is not None:
            place = (into / one.rejects.relative_to(staging)).with_name(f"{one.manifest.release}.failed.rejects.csv")
            place.parent.mkdir(parents=True, exist_ok=True)
            one.rejects.replace(place)
            kept.append(place)
    return Outcome((), tuple(course.problems), tuple(kept))


def _said(reject: Reject, draft: Draft) -> InputProblem:
    """A row that is left out, as a warning with its place in the published file."""
    first = reject.problems[0]
    file = reject.file or draft.inputs[0].name
    column = f", column {first.column}" if first.column else ""
    shown = " | ".join(cell for cell in reject.cells if cell)[:100]
    message = f"A row is left out: {first.message}"
    return warned(
        "SEQ488", message, file, place=f"line {reject.row}{column}", hint=f"It holds {shown}." if shown else None
    )


def _more(count: int, draft: Draft) -> InputProblem:
    many = f"{count:,} more row{'s are' if count > 1 else ' is'} left out"
    message = f"{many} of {draft.shape.name}; all of them are in the list of rejects."
    return warned("SEQ488", message, draft.inputs[0].name)


def _lost(written: Written, draft: Draft) -> InputProblem:
    """Why a table was not approved."""
    made = written.manifest
    file = draft.inputs[0].name
    if made.rows == 0 and made.rejects == 0:
        message = f"There is no row for {made.table} in {made.source}."
        return refused("SEQ483", message, file, hint="The table stays as it was. Is it the whole file?")
    share = made.rejects / (made.rows + made.rejects)
    message = f"{made.rejects:,} of {made.rows + made.rejects:,} rows of {made.table} cannot be read ({share:.1%})."
    hint = (
        "Nothing was replaced. The layout may have changed: look at the first rows above. "
        f"Where they may be missed, say so: --allow-rejects {made.rejects}."
    )
    return refused("SEQ487", message, file, hint=hint)


def _better_known(
    kind: Kind, kinds: Sequence[Kind], reading: Reading, inputs: Sequence[object]
) -> Iterator[InputProblem]:
    """The problems of a reading; where a file has no such header and is of another kind, that is said in its place."""
    by_name = {getattr(one, "name", ""): one for one in inputs}
    for problem in reading.problems:
        one = by_name.get(problem.file)
        other = next((other for other in kinds if other is not kind and one is not None and _knows(other, one)), None)
        if problem.code != "SEQ481" or other is None:
            yield problem
            continue
        message = f"{problem.file} is no file for {kind.name}; it looks like one for {other.name}."
        yield refused("SEQ480", message, problem.file, hint=f"Import it with `sequela import {other.name} …`.")


def _knows(kind: Kind, one: object) -> bool:
    return kind.knows(getattr(one, "file", "").lower()) or kind.knows(words_of(getattr(one, "head", b"")))


def words_of(head: bytes) -> str:
    """The beginning of a file as `Kind.marks` are looked for in it."""
    return " ".join(head.decode("latin-1").replace("_", " ").lower().split())


def _digest(paths: Sequence[Path]) -> str:
    """The SHA-256 of the files as the user gave them, one after the other."""
    digest = hashlib.sha256()
    for path in paths:
        with path.open("rb") as stream:
            while block := stream.read(_BLOCK):
                digest.update(block)
    return digest.hexdigest()
