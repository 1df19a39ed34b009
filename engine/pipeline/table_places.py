"""Table places: where the file of a table lies, or the releases of an imported one.

In:   the file that a declaration names, the folders to look in.    Out: `data_folders`, `find_table`, `TablePlace`.
Uses: tables.store_format (names of files), model.nodes.             Used by: pipeline.table_files; commands.
Not here: reading any of it (table_files).

The name in a rule file needs no suffix: `ncci/ptp-practitioner` is looked for, folder by folder, as the imported table
`ncci/ptp-practitioner.table/`, then as a CSV, TSV or Parquet file. With a suffix that very file comes first. The first
folder that has either decides which it is; of an imported table the releases in the folders after it count too.
"""

import os
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Final

from msgspec import Struct

import sequela
from sequela.engine.model.nodes import TableDefinition
from sequela.engine.tables.store_format import FOLDER_SUFFIX, SUFFIX

CASES: Final = "cases"
"""The folder beside a rule file that holds the small tables with which its cases are run."""

SHIPPED_TABLES: Final = Path(sequela.__file__).parent / "rulesets" / "tables"
"""The imported tables that ship with Sequela; looked in last."""

VARIABLE: Final = "SEQUELA_DATA"
"""Names folders of tables, parted as those of PATH are; looked in after those given."""

SUFFIXES: Final = (".csv", ".tsv", ".tab", ".parquet")


class TablePlace(Struct, frozen=True):
    """Where a table lies: one file, or the releases of an imported table."""

    file: Path | None = None
    releases: tuple[Path, ...] = ()


def data_folders(given: Iterable[Path]) -> tuple[Path, ...]:
    """The folders in which tables are looked for: those given, those of SEQUELA_DATA, the one that ships."""
    named = (Path(one) for one in os.environ.get(VARIABLE, "").split(os.pathsep) if one.strip())
    return tuple(dict.fromkeys((*given, *named, SHIPPED_TABLES)))


def looked_in(definition: TableDefinition, data: Sequence[Path], *, for_cases: bool = False) -> tuple[Path, ...]:
    """Every folder in which the file of a table is looked for, in order.

    For running cases the folder `cases` beside the rule file comes first, so that a case gives the same result whatever
    tables a user has brought.
    """
    beside = Path(definition.span.source.name).parent
    return (*([beside / CASES] if for_cases else []), beside, *data_folders(data))


def find_table(definition: TableDefinition, data: Sequence[Path], *, for_cases: bool = False) -> TablePlace | None:
    """Where the table of a declaration lies; None if nowhere, or if its rows stand in the rule file."""
    if definition.file is None:
        return None
    folders = looked_in(definition, data, for_cases=for_cases)
    for at, folder in enumerate(folders):
        found = _in_folder(folder, definition.file)
        if found is None:
            continue
        if found.file is None and not (for_cases and at == 0):
            return TablePlace(releases=_gathered(folders[at:], definition.file))
        return found
    return None


def _in_folder(folder: Path, name: str) -> TablePlace | None:
    path = folder / name
    if path.suffix.lower() in SUFFIXES:
        if path.exists():
            return TablePlace(file=path)
        releases = _releases(path.with_suffix(""))
        return TablePlace(releases=releases) if releases else None
    releases = _releases(path)
    if releases:
        return TablePlace(releases=releases)
    if not path.name:
        return None
    files = (*(path.with_name(path.name + suffix) for suffix in SUFFIXES), path)
    found = next((file for file in files if file.is_file()), None)
    return None if found is None else TablePlace(file=found)


def _releases(stem: Path) -> tuple[Path, ...]:
    if not stem.name:
        return ()
    return tuple(sorted(stem.with_name(stem.name + FOLDER_SUFFIX).glob(f"[!.]*{SUFFIX}")))


def _gathered(folders: Sequence[Path], name: str) -> tuple[Path, ...]:
    """The releases of a table in several folders; of one that lies in two of them the first counts."""
    stem = name if Path(name).suffix.lower() not in SUFFIXES else str(Path(name).with_suffix(""))
    found: dict[str, Path] = {}
    for folder in folders:
        for path in _releases(folder / stem):
            found.setdefault(path.name, path)
    return tuple(found.values())
