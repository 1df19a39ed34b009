"""The cache of checked rulebooks: the next start does not parse.

In:   the files of a run, and what was kept of them.    Out: what was kept of the same files in an earlier run, or None.
Uses: pipeline.kept, pipeline.files.                    Used by: pipeline.opening.
Not here: claims. No claim is ever written to the cache.

There is one entry for the files of a run, whatever they say: a later one takes its place. It lies in a folder that only its owner
can write. A damaged or foreign entry is no entry.
"""

import os
import stat
import sys
from collections.abc import Sequence
from hashlib import sha256
from pathlib import Path
from typing import Final

import msgspec

import sequela
from sequela.engine.model.long_lived import collector_paused
from sequela.engine.pipeline.files import Found
from sequela.engine.pipeline.kept import Kept

_MAGIC: Final = b"sequela-rulebook-2\n"
_DIGEST: Final = 32


def cache_folder() -> Path:
    """`$SEQUELA_CACHE`, else the user's cache folder."""
    given = os.environ.get("SEQUELA_CACHE")
    if given:
        return Path(given)
    base = os.environ.get("XDG_CACHE_HOME") or str(Path.home() / ".cache")
    return Path(base) / "sequela"


def path_of(found: Found, data: Sequence[Path]) -> Path:
    """Where the entry lies of a run with these files and data folders: of this engine, in this Python."""
    digest = sha256(f"{sequela.__version__}\0{sys.version}\0{_stamp()}".encode())
    for text in (*found.given, None, *found.used):
        places = ("",) if text is None else (text.source.name, "" if text.path is None else os.path.abspath(text.path))
        for part in places:
            digest.update(part.encode("utf-8", "surrogatepass") + b"\0")
    for folder in data:
        digest.update(b"\1" + os.path.abspath(folder).encode("utf-8", "surrogatepass"))
    return cache_folder() / f"{digest.hexdigest()}.rulebook"


def texts_digest(found: Found) -> str:
    """What the files of a run say, as a digest."""
    digest = sha256()
    for text in (*found.given, *found.used):
        digest.update(text.source.text.encode("utf-8", "surrogatepass") + b"\0")
    return digest.hexdigest()


@collector_paused
def read(path: Path) -> Kept | None:
    """The entry at a path, or None where there is none that can be trusted."""
    try:
        if not _is_private(path.parent):
            return None
        data = path.read_bytes()
    except OSError:
        return None
    start = len(_MAGIC) + _DIGEST
    body = memoryview(data)[start:]
    if not data.startswith(_MAGIC) or sha256(body).digest() != data[len(_MAGIC) : start]:
        return None
    try:
        return Kept(body)
    except (msgspec.DecodeError, ValueError, IndexError):
        return None


def write(path: Path, body: bytes) -> None:
    """Keep an entry; a cache that cannot be written is no fault."""
    temporary = path.with_suffix(f".{os.getpid()}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        if not _is_private(path.parent):
            return
        with temporary.open("wb") as stream:
            stream.writelines((_MAGIC, sha256(body).digest(), body))
        temporary.replace(path)
    except OSError:
        return


def _is_private(folder: Path) -> bool:
    state = folder.stat()
    if hasattr(os, "getuid") and state.st_uid != os.getuid():
        return False
    return not state.st_mode & (stat.S_IWGRP | stat.S_IWOTH)


def _stamp() -> str:
    """Changes when the engine's own code does, so that a checkout under work never reads its own past."""
    root = os.path.dirname(os.path.abspath(sequela.__file__))
    rooms = (
        "engine",
        "engine/diagnostics",
        "engine/model",
        "engine/syntax",
        "engine/tables",
        "engine/encounter",
        "engine/vocabulary",
        "engine/plan",
        "engine/plan/certain",
        "engine/pipeline",
        "grammar",
    )
    files: list[str] = []
    for room in rooms:
        with os.scandir(os.path.join(root, room)) as there:
            found = [(file.name, file.stat()) for file in there if file.name.endswith((".py", ".lark", ".json"))]
        files.extend(f"{name}:{state.st_size}:{state.st_mtime_ns}" for name, state in sorted(found))
    return ",".join(files)
