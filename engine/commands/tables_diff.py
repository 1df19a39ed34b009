"""`sequela tables diff`: what changed between two releases of a table, and which claims hold the codes of what changed.

In:   two releases, claim files.    Out: a list on standard output; the exit status.
Uses: pipeline.table_diff, pipeline.table_claims, encounter.read.    Used by: cli.
"""

import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final

import msgspec
from attrs import define, field

from sequela.engine.commands.import_files import period
from sequela.engine.commands.screen import CLEAN, FAILED, FOUND, Progress, note, out, out_bytes, styled, wants_colour
from sequela.engine.diagnostics.render import render_problem
from sequela.engine.diagnostics.suggest import listed
from sequela.engine.encounter.read import read
from sequela.engine.pipeline.table_claims import ChangeIndex, Touched
from sequela.engine.pipeline.table_diff import Difference, RowChange, difference
from sequela.engine.pipeline.table_places import data_folders
from sequela.engine.tables.model import RowTable
from sequela.engine.tables.store_format import FOLDER_SUFFIX, SUFFIX

_CODES_NAMED: Final = 4
_SORTS: Final = {"added": "+", "removed": "-", "changed": "~"}


@define
class _Claims:
    """What came of the claims: how many were read, and those that hold codes of changed rows."""

    count: int = 0
    unread: int = 0
    touched: dict[str, list[Touched]] = field(factory=dict)


def run(*, old: Path, new: Path, data: Sequence[Path], claims: Sequence[str], show: int, style: str) -> int:
    """Compare two releases. Returns 0 where nothing changed, 1 where something did, 2 where they cannot be compared."""
    paths = [_found(one, data) for one in (old, new)]
    if None in paths:
        return FAILED
    progress = Progress("rows", 0)
    try:
        made = difference(paths[0] or old, paths[1] or new, lambda more: progress.step(0, more))
    finally:
        progress.clear()
    if isinstance(made, tuple):
        for problem in made:
            note(render_problem(problem, colour=wants_colour(sys.stderr)))
        return FAILED
    held = _held(made, claims)
    if style == "json":
        out_bytes(msgspec.json.encode(_as_json(made, held)))
    else:
        _print(made, show)
        if claims:
            _print_claims(made, held, show)
    if held.unread:
        return FAILED
    return FOUND if made.all else CLEAN


def _found(name: Path, data: Sequence[Path]) -> Path | None:
    """The file of a release: a path, or `TABLE@RELEASE` in a data folder; None after saying that there is none."""
    if name.is_file():
        return name
    table, at, release = str(name).rpartition("@")
    folders = data_folders(data)
    if at:
        for folder in folders:
            path = folder / f"{table}{FOLDER_SUFFIX}" / f"{release}{SUFFIX}"
            if path.is_file():
                return path
        there = [path.stem for folder in folders for path in folder.glob(f"{table}{FOLDER_SUFFIX}/*{SUFFIX}")]
        have = f"There are {listed(there)}." if there else "`sequela tables` lists what there is."
        note(f"There is no release {release} of {table}. {have}")
    else:
        note(
            f"There is no release {name}. Name a file of a data folder, or TABLE@RELEASE as in ncci/ptp-hospital@v32.3."
        )
    return None


def _held(made: Difference, files: Sequence[str]) -> _Claims:
    """The claims of the files, held to what changed."""
    held = _Claims()
    index = ChangeIndex(made)
    if files and not index.has_codes:
        note(f"The rows of {made.shape.name} are not found by codes: no claim can be held to them.")
        return held
    for file in files:
        for found in read(sys.stdin.buffer if file == "-" else Path(file)):
            claim = found.encounter
            if claim is None:
                held.unread += 1
                for problem in found.problems:
                    note(render_problem(problem, colour=wants_colour(sys.stderr)))
                continue
            held.count += 1
            touched = index.touched(claim)
            if touched:
                held.touched.setdefault(claim.id, []).extend(touched)
    return held


def _print(made: Difference, show: int) -> None:
    colour = wants_colour(sys.stdout)
    out(styled(f"{made.shape.name}: {made.shape.title}", "strong", colour))
    for word, table in (("old", made.old), ("new", made.new)):
        out(f"  {word}  {table.release}  {table.count:,} rows, {period(table.covers)}")
    for name, sign in _SORTS.items():
        changes = _sort(made, name)
        out(f"\n{name}: {len(changes):,}")
        for change in changes[:show]:
            out(f"  {sign} {_row_words(made, change)}")
        if len(changes) > show:
            out(f"    … and {len(changes) - show:,} more (--show N, or --as json for all)")


def _sort(made: Difference, name: str) -> tuple[RowChange, ...]:
    return {"added": made.added, "removed": made.removed, "changed": made.changed}[name]


def _row_words(made: Difference, change: RowChange) -> str:
    """A change in one line: its keys, its values, and of a changed row what it was and what it is."""
    keys = [key.name for key in made.shape.keys]
    if change.old is not None and change.new is not None:
        was, now = made.cells(made.old, change.old), made.cells(made.new, change.new)
        said = [f"{name} {was[name] or 'none'} → {now[name] or 'none'}" for name in made.differing(change)]
        return f"{' '.join(now[name] for name in keys)}  {', '.join(said)}"
    cells = _cells(made, change)
    rest = [f"{name} {cell}" for name, cell in cells.items() if name not in keys and cell]
    return f"{' '.join(cells[name] for name in keys)}  {', '.join(rest)}"


def _cells(made: Difference, change: RowChange) -> Mapping[str, str]:
    table, row = _side(made, change)
    return made.cells(table, row)


def _side(made: Difference, change: RowChange) -> tuple[RowTable, int]:
    """The release that a row is shown from: the new one where it is in it."""
    if change.new is not None:
        return made.new, change.new
    assert change.old is not None
    return made.old, change.old


def _print_claims(made: Difference, held: _Claims, show: int) -> None:
    out(f"\nclaims: {len(held.touched):,} of {held.count:,} hold the codes of a changed row on a day where it matters")
    for claim, touched in list(held.touched.items())[:show]:
        codes = list(dict.fromkeys(" with ".join(one.codes) for one in touched))
        more = f", … and {len(codes) - _CODES_NAMED:,} more" if len(codes) > _CODES_NAMED else ""
        out(
            f"  {claim}  {len(touched):,} row{'s' if len(touched) > 1 else ''}: {', '.join(codes[:_CODES_NAMED])}{more}"
        )
    if len(held.touched) > show:
        out(f"    … and {len(held.touched) - show:,} more")


def _as_json(made: Difference, held: _Claims) -> dict[str, object]:
    return {
        "table": made.shape.name,
        "old": _release_json(made.old),
        "new": _release_json(made.new),
        **{name: list(_rows_json(made, _sort(made, name))) for name in _SORTS},
        "claims": {
            "checked": held.count,
            "unread": held.unread,
            "touched": [
                {"claim": claim, "rows": [{"codes": one.codes, "keys": _keys(made, one.change)} for one in touched]}
                for claim, touched in held.touched.items()
            ],
        },
    }


def _release_json(table: RowTable) -> dict[str, object]:
    return {
        "release": table.release,
        "rows": table.count,
        "covers_from": table.covers.start if table.covers else None,
        "covers_to": table.covers.end if table.covers else None,
        "sha256": table.sha256,
    }


def _rows_json(made: Difference, changes: Sequence[RowChange]) -> Iterator[dict[str, object]]:
    for change in changes:
        row: dict[str, object] = {}
        if change.old is not None:
            row["old"] = made.cells(made.old, change.old)
        if change.new is not None:
            row["new"] = made.cells(made.new, change.new)
        if change.old is not None and change.new is not None:
            row["columns"] = made.differing(change)
        yield row


def _keys(made: Difference, change: RowChange) -> list[str]:
    cells = _cells(made, change)
    return [cells[key.name] for key in made.shape.keys]
