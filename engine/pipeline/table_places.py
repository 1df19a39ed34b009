"""Table places: where the file of a table lies, or the releases of an imported one.

In:   the file that a declaration names, the folders to look in.    Out: `data_folders`, `find_tables`, `TablePlace`.
Uses: tables.store_format (names of files), model.nodes.             Used by: pipeline.table_files; commands.
Not here: reading any of it (table_files).

The name in a rule file needs no suffix: `ncci/ptp-practitioner` is looked for, folder by folder, as the imported table
`ncci/ptp-practitioner.table/`, then as a CSV, TSV or Parquet file. With a suffix that very file comes first. The first
folder that has either decides which it is; of an imported table the releases in the folders after it count too.
"""

import os
from collections.abc import Iterable, Mapping, Sequence
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


Places = Mapping[str, TablePlace | None]
"""Where tables lie, by their keys."""


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
    folders = [str(folder) for folder in looked_in(definition, data, for_cases=for_cases)]
    name = definition.file.rstrip("/")
    for at, folder in enumerate(folders):
        found = _in_folder(folder, name)
        if found is None:
            continue
        if found.file is None and not (for_cases and at == 0):
            return TablePlace(releases=_gathered(folders[at:], name))
        return found
    return None


def find_tables(definitions: Mapping[str, TableDefinition], data: Sequence[Path], *, for_cases: bool = False) -> Places:
    """The same for each of several declarations, by their keys."""
    return {key: find_table(definition, data, for_cases=for_cases) for key, definition in definitions.items()}


def _in_folder(folder: str, name: str) -> TablePlace | None:
    path = os.path.join(folder, name)
    if not os.path.isdir(os.path.dirname(path)):
        return None
    stem, suffix = os.path.splitext(path)
    if suffix.lower() in SUFFIXES:
        if os.path.exists(path):
            return TablePlace(file=Path(path))
        releases = _releases(stem)
        return TablePlace(releases=releases) if releases else None
    releases = _releases(path)
    if releases:
        return TablePlace(releases=releases)
    if not os.path.basename(path):
        return None
    files = (*(path + end for end in SUFFIXES), path)
    found = next((file for file in files if os.path.isfile(file)), None)
    return None if found is None else TablePlace(file=Path(found))


def _releases(stem: str) -> tuple[Path, ...]:
    folder = stem + FOLDER_SUFFIX
    if not os.path.basename(stem):
        return ()
    try:
        names = os.listdir(folder)
    except (OSError, ValueError):
        return ()
    return tuple(Path(folder, name) for name in sorted(names) if name.endswith(SUFFIX) and not name.startswith("."))


def _gathered(folders: Sequence[str], name: str) -> tuple[Path, ...]:
    """The releases of a table in several folders; of one that lies in two of them the first counts."""
    stem, suffix = os.path.splitext(name)
    found: dict[str, Path] = {}
    for folder in folders:
        for path in _releases(os.path.join(folder, stem if suffix.lower() in SUFFIXES else name)):
            found.setdefault(path.name, path)
    return tuple(found.values())
