"""Carried: rules and tables on their way to other machines, and opened there as they were here.

In:   paths of rule files and data folders.          Out: an archive of what they need; `Packing`; the rulebook in a worker.
Uses: pipeline, tables.receipt.                      Used by: batch.on_spark.
Not here: how an archive gets to another machine.

What is carried is what the rulebook reads and nothing beside it: the rule files, those that they use, the files and releases of
their tables, each under the path that it has here, so that what lies beside a file still does. What ships with Sequela is not
carried: it is there where Sequela is.
"""

import os
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from typing import Final
from zipfile import ZIP_DEFLATED, ZipFile

from attrs import frozen

from sequela.engine import __version__
from sequela.engine.pipeline.compile import compile_found
from sequela.engine.pipeline.files import SHIPPED, find_rule_files
from sequela.engine.pipeline.opening import load
from sequela.engine.pipeline.rulebook import Rulebook
from sequela.engine.pipeline.table_places import SHIPPED_TABLES, data_folders, find_table
from sequela.engine.tables.receipt import receipt_path

KEPT: Final = 4
"""So many rulebooks stay open in a worker."""


class RulebookDiffers(RuntimeError):
    """A worker would decide by another engine, other rules or other tables than the process that sent it the work."""


@frozen
class Packing:
    """What is told to a worker: the paths to open, the archive in which they are (None: they are there), and the receipt.

    `receipt` holds the engine's version and the digests of rules and tables, as the receipt of a claim does.
    """

    rules: tuple[str, ...] = ()
    data: tuple[str, ...] = ()
    archive: str | None = None
    receipt: tuple[str, str, str] = ("", "", "")


def receipt_of(rulebook: Rulebook) -> tuple[str, str, str]:
    """By what a rulebook decides: the engine's version, the digests of its rules and of its tables."""
    return __version__, rulebook.rules_digest, rulebook.tables_digest


def data_named(given: Iterable[str | Path]) -> tuple[Path, ...]:
    """The folders of tables that are named, here or by SEQUELA_DATA; without the one that ships."""
    return tuple(one for one in data_folders([Path(path) for path in given]) if one != SHIPPED_TABLES)


def needed(rules: Iterable[Path], data: Sequence[Path]) -> tuple[Path, ...]:
    """The files that a rulebook reads beside what ships with Sequela, as absolute paths, sorted.

    Args:
        rules: rule files and folders of them; none: those that ship.
        data: folders of tables.
    """
    found = find_rule_files(list(rules) or SHIPPED)
    given = list(rules) and [text.path for text in found.given if text.path is not None]
    used = [text.path for text in found.used if text.path is not None and not _ships(text.path)]
    tables = [
        file
        for definition in compile_found(found, data).definitions.values()
        if (place := find_table(definition, data)) is not None
        for file in (place.releases if place.file is None else (place.file, receipt_path(place.file)))
        if file.is_file() and not _ships(file)
    ]
    return tuple(sorted({Path(os.path.abspath(path)) for path in (*given, *used, *tables)}))


def pack(files: Sequence[Path], folder: Path) -> Path:
    """Write files into an archive in a folder, named for what is in it; equal files give equal archives.

    Raises: OSError, where a file cannot be read or the archive not written.
    """
    folder.mkdir(parents=True, exist_ok=True)
    draft = folder / f"draft-{os.getpid()}.zip"
    digest = sha256()
    with ZipFile(draft, "w", ZIP_DEFLATED, compresslevel=1) as archive:
        for file in files:
            name = packed_name(file)
            data = file.read_bytes()
            digest.update(f"{name}\0{len(data)}\0".encode())
            digest.update(data)
            archive.writestr(name, data)
    made = folder / f"sequela-{digest.hexdigest()[:16]}.zip"
    draft.replace(made)
    return made


def packed_name(path: str | Path) -> str:
    """The path of a file or folder within an archive: its absolute path here, without the root."""
    return "/".join(Path(os.path.abspath(path)).parts[1:])


def rulebook_at(packing: Packing, root: str | None) -> Rulebook:
    """The rulebook of a packing, in a worker: opened when it is first asked for, and kept.

    Args:
        packing: what was told to the worker.
        root: the folder that holds the content of the archive; None where there is no archive.
    Raises: RulebookDiffers; RulesError, where a file is missing or faulty here.
    """
    return _opened(packing, root)


@lru_cache(maxsize=KEPT)
def _opened(packing: Packing, root: str | None) -> Rulebook:
    rulebook = load(*_placed(packing.rules, root), data=list(_placed(packing.data, root)), use_cache=False)
    here = receipt_of(rulebook)
    if here != packing.receipt:
        pairs = zip(("engine", "rules", "tables"), packing.receipt, here, strict=True)
        differing = "; ".join(f"{what}: {there} there, {mine} here" for what, there, mine in pairs if there != mine)
        raise RulebookDiffers(
            f"This worker would decide otherwise than the driver ({differing}). Install the same version of Sequela on "
            "every node, and give every node the same files."
        )
    return rulebook


def _placed(paths: Iterable[str], root: str | None) -> Iterator[str]:
    for path in paths:
        yield path if root is None else os.path.join(root, path)


def _ships(path: Path) -> bool:
    return any(path.resolve().is_relative_to(folder.resolve()) for folder in SHIPPED)
