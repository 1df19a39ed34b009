"""`sequela tables`: which tables there are, with their releases, and which ones rules ask for that are not there.

In:   data folders, rules.    Out: a list on standard output; the exit status.
Uses: tables.store_format, imports.registry, pipeline.absent.    Used by: cli.
"""

import sys
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Final

import msgspec
from attrs import frozen

from sequela.engine.commands.absent import GENERIC, by_their_kind, of_errors
from sequela.engine.commands.import_files import period, size_words
from sequela.engine.commands.rulebooks import show_diagnostics
from sequela.engine.commands.screen import CLEAN, FAILED, note, out, out_bytes, styled, wants_colour
from sequela.engine.diagnostics.model import InputProblem, RulesError
from sequela.engine.diagnostics.render import render_problem
from sequela.engine.imports.registry import kind_named
from sequela.engine.pipeline.absent import Absent, absent_tables, table_name
from sequela.engine.pipeline.files import SHIPPED
from sequela.engine.pipeline.opening import open_rulebook
from sequela.engine.pipeline.rulebook import Rulebook
from sequela.engine.pipeline.table_places import SHIPPED_TABLES, data_folders
from sequela.engine.tables.store_format import FOLDER_SUFFIX, SUFFIX, Manifest, read_manifest, verify

_RULES_NAMED: Final = 6


@frozen
class Release:
    """One release of an imported table: its file, what it says of itself, the folder it was found in."""

    path: Path
    manifest: Manifest
    folder: Path


def run(*, rules: Sequence[Path], data: Sequence[Path], check: bool, style: str) -> int:
    """List every table; with `check`, hold each to its digest. Returns the exit status."""
    folders = data_folders(data)
    releases, problems = find_releases(folders)
    if check:
        problems = [*problems, *_verified(releases)]
    status = FAILED if problems else CLEAN
    rulebook: Rulebook | None = None
    try:
        rulebook = open_rulebook(rules or SHIPPED, data=data)
    except RulesError as error:
        show_diagnostics(of_errors(error.diagnostics))
        note("Which tables the rules ask for is not known before that is mended.\n")
        status = FAILED
    absent = () if rulebook is None else absent_tables(rulebook.rules, rulebook.tables)
    if style == "json":
        out_bytes(msgspec.json.encode(_as_json(releases, absent, problems)))
    else:
        _print_releases(releases, folders)
        if check and not problems:
            out(f"{len(releases)} releases read whole: every digest is as it was written.\n")
        if rulebook is not None:
            _print_files(rulebook, releases)
            _print_absent(absent)
    for problem in problems:
        note(render_problem(problem, colour=wants_colour(sys.stderr)) + "\n")
    return status


def find_releases(folders: Iterable[Path]) -> tuple[list[Release], list[InputProblem]]:
    """Every release in the folders, by table and period, and what is wrong with those that cannot be read."""
    found: list[Release] = []
    problems: list[InputProblem] = []
    for folder in folders:
        for path in sorted(folder.glob(f"**/*{FOLDER_SUFFIX}/*{SUFFIX}")):
            if any(part.startswith(".") for part in path.relative_to(folder).parts):
                continue
            manifest = read_manifest(path)
            if isinstance(manifest, InputProblem):
                problems.append(manifest)
            else:
                found.append(Release(path, manifest, folder))
    found.sort(key=lambda one: (one.manifest.table, _end(one.manifest), one.manifest.release))
    return found, problems


def _end(manifest: Manifest) -> str:
    covers = manifest.covers
    return "9999" if covers is None or covers.end is None else covers.end.isoformat()


def _verified(releases: Sequence[Release]) -> list[InputProblem]:
    found = (verify(one.path) for one in releases)
    return [problem for problem in found if problem is not None]


def _print_releases(releases: Sequence[Release], folders: Sequence[Path]) -> None:
    colour = wants_colour(sys.stdout)
    if not releases:
        places = ", ".join(str(folder) for folder in folders if folder != SHIPPED_TABLES) or "no folder named"
        out(f"No imported tables ({places}). `sequela import --list` says what can be imported.\n")
        return
    rows = [("table", "release", "rows", "left out", "covers", "size", "in")]
    for one in releases:
        made = one.manifest
        place = "shipped" if one.folder == SHIPPED_TABLES else str(one.folder)
        size = size_words(one.path.stat().st_size)
        rows.append((made.table, made.release, f"{made.rows:,}", f"{made.rejects:,}", period(made.covers), size, place))
    widths = [max(len(row[at]) for row in rows) for at in range(len(rows[0]))]
    for number, row in enumerate(rows):
        cells = [
            cell.rjust(width) if at in (2, 3, 5) else cell.ljust(width) for at, (cell, width) in _sized(row, widths)
        ]
        out(styled("  ".join(cells).rstrip(), "quiet", colour and number == 0))
        if number and _remarks(releases[number - 1].manifest):
            out(f"    {_remarks(releases[number - 1].manifest)}")
    out("")


def _sized(row: Sequence[str], widths: Sequence[int]) -> Iterable[tuple[int, tuple[str, int]]]:
    return enumerate(zip(row, widths, strict=True))


def _remarks(manifest: Manifest) -> str:
    """What an importer noted of a release that a user must know: parts that are missing."""
    return ", ".join(name for name in manifest.notes if "missing" in name)


def _print_files(rulebook: Rulebook, releases: Sequence[Release]) -> None:
    """The tables that are read from a file of one's own."""
    imported = {one.manifest.table for one in releases}
    own = [
        (definition, rulebook.tables[key])
        for key, definition in sorted(rulebook.rules.tables.items())
        if definition.file is not None and key in rulebook.tables and table_name(definition) not in imported
    ]
    if not own:
        return
    out("Files that rules read as they are:")
    for definition, _ in own:
        out(f"  {definition.file}  as `{definition.name}` of {definition.ruleset}")
    out("")


def _print_absent(absent: Sequence[Absent]) -> None:
    if not absent:
        out("Every table that the rules ask for is there.")
        return
    out("Asked for by rules, and not there:")
    for kind, ones in by_their_kind(absent).items():
        for table, rules in _joined(ones).items():
            out(f"  {table}  {_rules(rules)}")
        for line in _command(kind, ones):
            out(f"      {line}")
    out("What these tables decide is not checked.")


def _joined(ones: Sequence[Absent]) -> Mapping[str, tuple[str, ...]]:
    """The rules that ask each table, which several rulesets may declare."""
    found: dict[str, tuple[str, ...]] = {}
    for one in ones:
        found[one.table] = tuple(dict.fromkeys((*found.get(one.table, ()), *one.rules)))
    return found


def _rules(rules: Sequence[str]) -> str:
    if not rules:
        return "no rule of these asks it"
    more = f" and {len(rules) - _RULES_NAMED} more" if len(rules) > _RULES_NAMED else ""
    return f"{len(rules)} rule{'s' if len(rules) > 1 else ''}: {', '.join(rules[:_RULES_NAMED])}{more}"


def _command(name: str, ones: Sequence[Absent]) -> Iterable[str]:
    kind = kind_named(name)
    if name == GENERIC or kind is None:
        for one in ones:
            span = one.definition.span
            yield f"`{one.definition.name}`, declared in {Path(span.source.name).name}, line {span.line}: a list of your own"
        yield "sequela import generic FILE --table NAME --release EDITION --into tables"
        yield "or put a CSV of that name into a data folder"
        return
    yield f"sequela import {kind.example}"
    yield f"{kind.publisher}: {', '.join(kind.files)}"
    yield f"{kind.licence[:1].upper()}{kind.licence[1:].removesuffix('.')}."


def _as_json(releases: Sequence[Release], absent: Sequence[Absent], problems: Sequence[InputProblem]) -> object:
    kinds = {id(one): kind for kind, ones in by_their_kind(absent).items() for one in ones}
    return {
        "tables": [
            {
                "table": one.manifest.table,
                "release": one.manifest.release,
                "title": one.manifest.title,
                "publisher": one.manifest.publisher,
                "source": one.manifest.source,
                "rows": one.manifest.rows,
                "rejects": one.manifest.rejects,
                "covers_from": one.manifest.covers.start if one.manifest.covers else None,
                "covers_to": one.manifest.covers.end if one.manifest.covers else None,
                "bytes": one.path.stat().st_size,
                "sha256": one.manifest.sha256,
                "notes": one.manifest.notes,
                "file": str(one.path),
            }
            for one in releases
        ],
        "absent": [
            {
                "table": one.table,
                "ruleset": one.definition.ruleset,
                "rules": one.rules,
                "import": kind if (kind := kinds[id(one)]) != GENERIC else None,
            }
            for one in absent
        ],
        "problems": [{"code": one.code, "message": one.message, "file": one.file} for one in problems],
    }
