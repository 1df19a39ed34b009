"""`sequela check`: decide every claim of the files given, and end with a table.

In:   claim files, rules, options.          Out: results on standard output; the exit status.
Uses: encounter.read, pipeline, explain.    Used by: cli.
"""

import sys
from collections import Counter
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import BinaryIO, Final

from msgspec import Struct

from sequela.engine.commands.rulebooks import open_rules, payer_is_known, say_which_payer
from sequela.engine.commands.screen import CLEAN, FAILED, FOUND, Progress, note, out, out_bytes, wants_colour
from sequela.engine.commands.tally import Tally
from sequela.engine.diagnostics.model import InputProblem
from sequela.engine.diagnostics.render import render_problem
from sequela.engine.diagnostics.suggest import listed, nearest
from sequela.engine.encounter.model import Encounter
from sequela.engine.encounter.read import read
from sequela.engine.evaluate.verdict import Status
from sequela.engine.explain.ledger import Ledger
from sequela.engine.explain.ledger_text import render_ledger
from sequela.engine.model.heads import heads_of
from sequela.engine.pipeline.rulebook import PayerAmbiguous, Rulebook

_SMALL: Final = 50
"""A first claim of more lines than this is worth the writing of code for its rules."""

_SHOWN: Final = 3
"""Warnings of one code that are shown for one file; the others are counted."""


class Wanted(Struct, frozen=True, kw_only=True):
    """What the user asked for."""

    files: tuple[str, ...]
    rules: tuple[Path, ...] = ()
    data: tuple[Path, ...] = ()
    payer: str | None = None
    style: str = "text"
    everything: bool = False
    only: tuple[str, ...] = ()
    only_failures: bool = False
    use_cache: bool = True
    members: Path | None = None
    columns: Path | None = None


class _Course(Struct):
    """How the run went so far."""

    tally: Tally
    status: int = CLEAN

    def worse(self, status: int) -> None:
        self.status = max(self.status, status)


def run(**options: object) -> int:
    """Check every claim; see `Wanted` for the options. Returns the exit status."""
    wanted = Wanted(**options)  # type: ignore[arg-type]
    rulebook = open_rules(wanted.rules, wanted.data, use_cache=wanted.use_cache)
    if rulebook is None or not payer_is_known(rulebook, wanted.payer) or not rules_are_known(rulebook, wanted.only):
        return FAILED
    course = _Course(Tally(rulebook, wanted.only, only_failures=wanted.only_failures))
    try:
        for file in wanted.files:
            _check_file(file, rulebook, wanted, course)
    except KeyboardInterrupt:
        note("\nInterrupted: what was finished stands above and is counted below.")
        course.worse(FAILED)
    if wanted.style == "text":
        out(course.tally.table(colour=wants_colour(sys.stdout)))
    else:
        for sentence in course.tally.says():
            note(sentence)
    return course.status


def rules_are_known(rulebook: Rulebook, ids: Sequence[str]) -> bool:
    """Whether every rule id asked for is among the rules; says so where one is not."""
    if not ids:
        return True
    known = {head.id for selection in rulebook.rules.selections.values() for head in heads_of(selection.rules)}
    for name in ids:
        if name not in known:
            close = nearest(name, sorted(known))
            note(f"There is no rule {name} among the rules." + (f" Did you mean {close[0]}?" if close else ""))
            return False
    return True


def _check_file(file: str, rulebook: Rulebook, wanted: Wanted, course: _Course) -> None:
    warned: Counter[str] = Counter()
    with ExitStack() as stack:
        source, total = _opened(file, stack)
        progress = Progress("claims", total if len(wanted.files) == 1 else 0)
        stack.callback(_more_warnings, file, warned)
        stack.callback(progress.clear)
        name = file if file != "-" else None
        for found in read(source, name, members=wanted.members, columns=wanted.columns):
            _problems(found.problems, course, warned, progress)
            if found.encounter is None:
                course.tally.unreadable()
            else:
                progress.begin(found.encounter.id, len(found.encounter.lines))
                _check_claim(found.encounter, file, rulebook, wanted, course, progress)
            progress.step(source.tell() if total and not isinstance(source, Path) else 0)


def _opened(file: str, stack: ExitStack) -> tuple[Path | BinaryIO, int]:
    """What the claims are read from, and its size in bytes (0: not known). What cannot be opened is left to the reader."""
    if file == "-":
        return sys.stdin.buffer, 0
    path = Path(file)
    if not path.is_file():
        return path, 0
    try:
        stream = stack.enter_context(path.open("rb"))
        return stream, path.stat().st_size
    except OSError:
        return path, 0


def _check_claim(
    claim: Encounter, file: str, rulebook: Rulebook, wanted: Wanted, course: _Course, progress: Progress
) -> None:
    try:
        alone = not course.tally.any and len(claim.lines) <= _SMALL
        decide = rulebook.check_once if alone else rulebook.check
        ledger = decide(claim, payer=wanted.payer)
    except PayerAmbiguous as error:
        progress.clear()
        hint = say_which_payer(error)
        problem = InputProblem(code="SEQ517", message=str(error), file=file, place="/payer", claim=claim.id, hint=hint)
        note(render_problem(problem, colour=wants_colour(sys.stderr)))
        course.worse(FAILED)
        course.tally.undecidable()
        return
    course.worse(_status(ledger, wanted))
    course.tally.add(ledger)
    _print(ledger, wanted, progress)


def _problems(problems: Sequence[InputProblem], course: _Course, warned: Counter[str], progress: Progress) -> None:
    """Say what is wrong with an input: everything that loses a claim, and the first few warnings of each kind."""
    for problem in problems:
        if not problem.fatal:
            warned[problem.code] += 1
            if warned[problem.code] > _SHOWN:
                continue
        progress.clear()
        note(render_problem(problem, colour=wants_colour(sys.stderr)))
        if problem.fatal:
            course.worse(FAILED)


def _more_warnings(file: str, warned: Counter[str]) -> None:
    more = [f"{count - _SHOWN:,} {code}" for code, count in sorted(warned.items()) if count > _SHOWN]
    if more:
        note(f"{file}: {listed(more)} more; `sequela help CODE` says what each means.")


def _status(ledger: Ledger, wanted: Wanted) -> int:
    found = {one.status for one in ledger.found}
    if Status.ERROR in found:
        return FAILED
    if Status.FAIL in found or not ledger.selection.rules:
        return FOUND
    return CLEAN if ledger.clean or wanted.only_failures else FOUND


def _print(ledger: Ledger, wanted: Wanted, progress: Progress) -> None:
    if wanted.style == "json":
        line = ledger.to_bytes(all=wanted.everything, only=wanted.only, only_failures=wanted.only_failures)
        progress.make_room()
        out_bytes(line)
        return
    text = render_ledger(
        ledger,
        colour=wants_colour(sys.stdout),
        all=wanted.everything,
        only=wanted.only,
        only_failures=wanted.only_failures,
    )
    progress.make_room()
    if text:
        out(text + "\n")
