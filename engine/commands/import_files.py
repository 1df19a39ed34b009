"""`sequela import`: published files, and lists of one's own, become tables of a data folder.

In:   a kind, files, options.    Out: what was written, on standard output; the exit status.
Uses: imports, pipeline (for the declaration of a table of one's own).    Used by: cli.
"""

import os
import sys
import textwrap
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from attrs import frozen
from msgspec.structs import replace

from sequela.engine.commands.rulebooks import show_diagnostics
from sequela.engine.commands.screen import CLEAN, FAILED, FOUND, Progress, note, out, wants_colour
from sequela.engine.diagnostics.render import render_problem
from sequela.engine.diagnostics.suggest import did_you_mean, listed
from sequela.engine.imports.editions import parse_covers
from sequela.engine.imports.kinds import Asked, Kind
from sequela.engine.imports.registry import KINDS, kind_named
from sequela.engine.imports.run import READ, run_import
from sequela.engine.model.nodes import TableDefinition
from sequela.engine.pipeline.absent import table_name
from sequela.engine.pipeline.compile import compile_found
from sequela.engine.pipeline.files import SHIPPED, find_rule_files
from sequela.engine.tables.model import Covers, TableShape
from sequela.engine.tables.store_write import Written

_WIDTH: Final = 100


@frozen(kw_only=True)
class Wanted:
    """What the user asked for."""

    kind: str | None
    files: tuple[Path, ...] = ()
    into: Path | None = None
    release: str | None = None
    covers: str | None = None
    setting: str | None = None
    table: str | None = None
    rules: tuple[Path, ...] = ()
    columns: tuple[str, ...] = ()
    allow_rejects: int | None = None
    list_kinds: bool = False


def run(**options: object) -> int:
    """Import files; see `Wanted` for the options. Returns the exit status."""
    wanted = Wanted(**options)  # type: ignore[arg-type]
    if wanted.list_kinds or wanted.kind is None:
        return list_kinds(KINDS)
    kind = kind_named(wanted.kind)
    if kind is None:
        names = [one.name for one in KINDS]
        note(f"There is no kind of import `{wanted.kind}`. {did_you_mean(wanted.kind, names) or ''}".rstrip())
        note(f"The kinds are {listed(names)}; `sequela import --list` says what each is.")
        return FAILED
    if not wanted.files:
        _describe(kind)
        note("Name the files to import.")
        return FAILED
    into = wanted.into or _default_folder()
    asked = _asked(wanted)
    if into is None:
        note("Say where the tables go: --into DIR, or name a folder in SEQUELA_DATA.")
    if into is None or asked is None:
        return FAILED
    return _import(kind, wanted, into, asked)


def list_kinds(kinds: Sequence[Kind]) -> int:
    """Print every kind with its sentence, the publisher's file names and whose the content is."""
    for kind in kinds:
        _describe(kind)
    out("Each is imported with `sequela import KIND FILE… --into DIR`, and used with `--data DIR`.")
    return CLEAN


def _describe(kind: Kind) -> None:
    by = f"  ({kind.publisher})" if kind.publisher else ""
    out(f"{kind.name}{by}")
    for label, text in (
        ("", _sentence(kind.title)),
        ("files    ", ", ".join(kind.files)),
        ("tables   ", ", ".join(kind.tables)),
        ("licence  ", _sentence(kind.licence)),
        ("example  ", f"sequela import {kind.example}" if kind.example else ""),
    ):
        if text:
            out(textwrap.fill(text, _WIDTH, initial_indent=f"    {label}", subsequent_indent="    " + " " * len(label)))
    out("")


def _sentence(text: str) -> str:
    return f"{text[:1].upper()}{text[1:].removesuffix('.')}."


def _default_folder() -> Path | None:
    """The first folder of SEQUELA_DATA."""
    first = os.environ.get("SEQUELA_DATA", "").split(os.pathsep)[0].strip()
    return Path(first) if first else None


def _asked(wanted: Wanted) -> Asked | None:
    """What the user says of the files; None after saying what cannot be understood."""
    covers: Covers | None = None
    if wanted.covers is not None:
        covers = parse_covers(wanted.covers)
        if covers is None:
            note(f"`{wanted.covers}` is not a period. Write it as 2026-01-01..2026-03-31; an open end is left out.")
            return None
    headers: dict[str, str] = {}
    for text in wanted.columns:
        name, is_there, header = text.partition("=")
        if not is_there or not name.strip() or not header.strip():
            note(f"`{text}` does not map a column. Write --column DECLARED=HEADER, as in --column code='HCPCS Code'.")
            return None
        headers[name.strip()] = header.strip()
    shape: TableShape | None = None
    if wanted.table is not None:
        shape = _declared(wanted)
        if shape is None:
            return None
    return Asked(release=wanted.release, covers=covers, setting=wanted.setting, shape=shape, headers=headers)


def _declared(wanted: Wanted) -> TableShape | None:
    """The shape of the table asked for, with the name under which it is stored; None after saying what is wrong."""
    compiled = compile_found(find_rule_files(wanted.rules or SHIPPED))
    if not compiled.is_sound:
        show_diagnostics([one for one in compiled.diagnostics if one.is_error])
        return None
    definitions = [one for one in compiled.definitions.values() if one.file is not None]
    found = [one for one in definitions if wanted.table in (one.name, one.key, table_name(one), one.file)]
    names = {table_name(one) for one in found}
    if len(names) == 1:
        return replace(found[0].shape, name=names.pop())
    note(_no_such_table(wanted, definitions, found))
    return None


def _no_such_table(wanted: Wanted, definitions: Sequence[TableDefinition], found: Sequence[TableDefinition]) -> str:
    where = listed(str(path) for path in wanted.rules) or "the rule files that ship with Sequela"
    if found:
        files = listed(sorted(str(one.file) for one in found), last="or")
        return f"Several tables in {where} are called `{wanted.table}`. Name the file of the one meant: {files}."
    names = sorted({one.name for one in definitions})
    meant = did_you_mean(str(wanted.table), names) or (f"There are {listed(names[:12])}." if names else "")
    return f"No table `{wanted.table}` with a file is declared in {where}. {meant}".rstrip()


def _import(kind: Kind, wanted: Wanted, into: Path, asked: Asked) -> int:
    progress = Progress("rows", 0)
    shown = ""
    before = 0

    def step(table: str, rows: int, done: int, total: int) -> None:
        nonlocal shown, before
        if table != shown:
            shown, before = table, 0
            progress.restart(total)
        if done == READ:
            progress.say(f"{rows:,} rows were read; {table} is being written …")
        else:
            progress.step(done, rows - before)
        before = rows

    try:
        outcome = run_import(
            kind, wanted.files, into, asked, allow_rejects=wanted.allow_rejects, step=step, kinds=KINDS
        )
    finally:
        progress.clear()
    for problem in outcome.problems:
        note(render_problem(problem, colour=wants_colour(sys.stderr)) + "\n")
    for path in outcome.failed_rejects:
        note(f"The rows that cannot be read are in {path}.")
    for one in outcome.written:
        out("\n".join(_said(one)))
    if not outcome.is_done:
        note("Nothing was imported: every table is as it was.")
        return FAILED
    out(f"Use {'it' if len(outcome.written) == 1 else 'them'} with --data {into}")
    return FOUND if outcome.problems else CLEAN


def _said(one: Written) -> list[str]:
    """A release that was written, in a few lines."""
    made = one.manifest
    assert one.path is not None
    lines = [f"{made.table}  {made.release}  {made.rows:,} rows, {period(made.covers)}"]
    for name, count in made.notes.items():
        lines.append(f"    {name}: {count:,}" if isinstance(count, int) else f"    {name}: {count}")
    if made.rejects:
        lines.append(f"    left out: {made.rejects:,}, listed in {one.rejects}")
    lines.append(f"    {one.path}  ({size_words(one.path.stat().st_size)})")
    return lines


def period(covers: Covers | None) -> str:
    """The dates for which a release speaks, in words."""
    if covers is None or (covers.start is None and covers.end is None):
        return "for every date"
    if covers.end is None:
        return f"from {covers.start} on"
    return f"up to {covers.end}" if covers.start is None else f"from {covers.start} to {covers.end}"


def size_words(count: int) -> str:
    """A size in bytes as people say it: `4.2 MB`."""
    if count < 1_000_000:
        return f"{max(1, round(count / 1000)):,} kB"
    return f"{count / 1_000_000:,.1f} MB"
