"""Anew: a rulebook whose texts are not those of the last run: compiled, as far as need be, and kept for the next.

In:   found rule files, data folders, what was kept of earlier texts.    Out: `Compiled`, or a file of kept rules.
Uses: compile, changed, keeping, cache.     Used by: pipeline.opening (only when the cache has no answer).
"""

from collections.abc import Sequence
from pathlib import Path
from pickle import PicklingError

from sequela.engine.diagnostics.model import RulesError
from sequela.engine.model.long_lived import collector_paused
from sequela.engine.pipeline import cache
from sequela.engine.pipeline.changed import changed, is_cut_by_declarations
from sequela.engine.pipeline.compile import Compiled, compile_found
from sequela.engine.pipeline.concerned import Texts
from sequela.engine.pipeline.files import Found
from sequela.engine.pipeline.keeping import file_of, pieces_of
from sequela.engine.pipeline.kept import Kept
from sequela.engine.pipeline.table_files import files_digest
from sequela.engine.pipeline.table_places import find_tables


def compiled(found: Found, data: Sequence[Path]) -> Compiled:
    """All of it, compiled. Raises: RulesError, holding every diagnostic, when any of them is an error."""
    made = compile_found(found, data)
    if not made.is_sound:
        raise RulesError(made.diagnostics)
    return made


@collector_paused
def keep(path: Path, made: Compiled, digest: str, data: Sequence[Path]) -> Kept | None:
    """Leave what was compiled of texts with this digest to the next run; None of rules that cannot be kept."""
    texts = Texts.of(made.rules.sources)
    try:
        body = file_of(
            pieces_of(made.rules, texts.cut),
            texts.sources,
            made.diagnostics,
            cut=texts.cuts(),
            quiet=made.quiet and all(map(is_cut_by_declarations, texts.cut, made.files)),
            texts=digest,
            tables=files_digest(find_tables(made.definitions, data)),
        )
    except (PicklingError, RecursionError):
        return None
    cache.write(path, body)
    return Kept(body)


@collector_paused
def mended(kept: Kept, path: Path, found: Found, digest: str, data: Sequence[Path]) -> Kept | None:
    """What was kept, after as much was compiled as the change of the texts concerns; None where all has to be."""
    try:
        made = changed(kept, found, data)
        if made is None:
            return None
        body = file_of(
            made.pieces,
            made.texts.sources,
            made.diagnostics,
            cut=made.texts.cuts(),
            quiet=True,
            texts=digest,
            tables=kept.index.tables,
        )
    except (PicklingError, RecursionError):
        return None
    cache.write(path, body)
    return Kept(body)
