"""The cache of checked rulebooks: the next start does not parse.

In:   the texts of a run.    Out: the checked rules of an earlier run with the same texts and table files, or None.
Uses: model.                 Used by: pipeline.opening.
Not here: claims. No claim is ever written to the cache.

An entry is a pickle that is read back by an unpickler which knows the engine's own data classes and nothing else, from a folder
that only its owner can write. A damaged, foreign or outdated entry is no entry.
"""

import io
import os
import pickle
import re
import stat
import sys
from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path
from typing import Any, Final

from attrs import frozen

import sequela
from sequela.engine.diagnostics.model import Diagnostic
from sequela.engine.model.long_lived import collector_paused
from sequela.engine.model.nodes import TableDefinition
from sequela.engine.model.rules import CheckedRules
from sequela.engine.pipeline.files import Found

_MAGIC: Final = b"sequela-rulebook-1\n"
_PLAIN: Final = {
    *(("builtins", name) for name in ("frozenset", "set", "list", "dict", "tuple", "slice", "range", "bytearray")),
    *(("pathlib", name) for name in ("PosixPath", "WindowsPath", "PurePosixPath")),
    ("array", "_array_reconstructor"),
    ("array", "array"),
    ("collections", "OrderedDict"),
    ("copyreg", "__newobj__"),
    ("datetime", "date"),
    ("decimal", "Decimal"),
    ("re", "_compile"),
    ("sequela.engine.encounter.fields", "field_of"),
}
"""The classes and makers beside the engine's own that may stand in an entry; none of them runs what it is given."""


@frozen
class Entry:
    """What is kept: checked rules, table definitions, the warnings that the check gave, and the digest of the table files."""

    rules: CheckedRules
    definitions: Mapping[str, TableDefinition]
    warnings: tuple[Diagnostic, ...]
    tables_digest: str


def cache_folder() -> Path:
    """`$SEQUELA_CACHE`, else the user's cache folder."""
    given = os.environ.get("SEQUELA_CACHE")
    if given:
        return Path(given)
    base = os.environ.get("XDG_CACHE_HOME") or str(Path.home() / ".cache")
    return Path(base) / "sequela"


def key_of(found: Found) -> str:
    """The content hash of a run: engine and Python version, then each file's name and text, in order."""
    digest = sha256(f"{sequela.__version__}\0{sys.version}\0{_stamp()}".encode())
    for text in (*found.given, None, *found.used):
        if text is None:
            digest.update(b"\1")
            continue
        for part in (text.source.name, text.source.text):
            digest.update(part.encode("utf-8", "surrogatepass"))
            digest.update(b"\0")
    return digest.hexdigest()


@collector_paused
def load(key: str) -> Entry | None:
    """The entry of that key, or None where there is none that can be trusted."""
    path = _path(key)
    try:
        if not _is_private(path.parent):
            return None
        data = path.read_bytes()
    except OSError:
        return None
    if not data.startswith(_MAGIC):
        return None
    body = data[len(_MAGIC) + 32 :]
    if sha256(body).digest() != data[len(_MAGIC) : len(_MAGIC) + 32]:
        return None
    try:
        entry = _Reader(io.BytesIO(body)).load()
    except (
        pickle.UnpicklingError,
        EOFError,
        AttributeError,
        ImportError,
        IndexError,
        KeyError,
        TypeError,
        ValueError,
        RecursionError,
    ):
        return None
    return entry if isinstance(entry, Entry) else None


def store(key: str, entry: Entry) -> None:
    """Keep an entry; a cache that cannot be written is no fault."""
    path = _path(key)
    try:
        body = pickle.dumps(entry, protocol=5)
    except RecursionError:  # names that stand for names, some hundreds deep: they are read anew each time
        return
    temporary = path.with_suffix(f".{os.getpid()}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        if not _is_private(path.parent):
            return
        temporary.write_bytes(_MAGIC + sha256(body).digest() + body)
        temporary.replace(path)
    except OSError:
        return


def _path(key: str) -> Path:
    return cache_folder() / f"{key}.rulebook"


def _is_private(folder: Path) -> bool:
    state = folder.stat()
    if hasattr(os, "getuid") and state.st_uid != os.getuid():
        return False
    return not state.st_mode & (stat.S_IWGRP | stat.S_IWOTH)


def _stamp() -> str:
    """Changes when the engine's own code does, so that a checkout under work never reads its own past."""
    root = Path(sequela.__file__).parent
    rooms = ("engine/model", "engine/syntax", "engine/tables", "engine/encounter", "engine/vocabulary", "grammar")
    files = [
        file for room in rooms for file in sorted((root / room).iterdir()) if re.fullmatch(r".*\.(py|lark)", file.name)
    ]
    return ",".join(f"{file.name}:{(state := file.stat()).st_size}:{state.st_mtime_ns}" for file in files)


class _Reader(pickle.Unpickler):
    """Knows the data classes of the engine and a few plain ones; anything else is refused."""

    def find_class(self, module: str, name: str) -> Any:
        """The class of that name where it may stand in an entry."""
        if (module, name) in _PLAIN:
            return super().find_class(module, name)
        if module.startswith("sequela.engine."):
            found = super().find_class(module, name)
            if isinstance(found, type) and not issubclass(found, pickle.Unpickler):
                return found
        raise pickle.UnpicklingError(f"{module}.{name} has no place in a rulebook")
