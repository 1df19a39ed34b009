"""Opening a rulebook: from the cache where it can be, else by compiling.

In:   paths of rule files and data folders.    Out: `Rulebook`, or `RulesError` with every diagnostic.
Uses: files, cache, table_files, compile.      Used by: the public door, the command line, cases.
"""

import importlib
from collections.abc import Iterable, Mapping, Sequence
from hashlib import sha256
from pathlib import Path
from types import ModuleType

from sequela.engine.diagnostics.model import RulesError
from sequela.engine.pipeline import cache
from sequela.engine.pipeline.files import SHIPPED, Found, declared_name, find_rule_files, texts_of
from sequela.engine.pipeline.rulebook import Rulebook
from sequela.engine.pipeline.table_files import files_digest, load_found
from sequela.engine.pipeline.table_places import find_tables


def load(*paths: str | Path, data: Sequence[str | Path] = (), use_cache: bool = True) -> Rulebook:
    """The rulebook of rule files and folders of them; of all that ships with Sequela where none is named.

    Args:
        paths: rule files; a folder stands for every `.rules` file below it.
        data: folders in which a table file is looked for after the folder of its rule file.
        use_cache: whether the checked rules of an earlier run with the same content may be used, and are kept.
    Raises: RulesError, holding every diagnostic, when any of them is an error.
    """
    return open_rulebook(
        [Path(path) for path in paths] or SHIPPED, data=[Path(one) for one in data], use_cache=use_cache
    )


def open_rulebook(paths: Iterable[Path], *, data: Sequence[Path] = (), use_cache: bool = True) -> Rulebook:
    """The rulebook of rule files and folders of them.

    Args:
        paths: rule files; a folder stands for every `.rules` file below it.
        data: folders in which a table file is looked for after the folder of its rule file.
        use_cache: whether the checked rules of an earlier run with the same content may be used, and are kept.
    Raises: RulesError, holding every diagnostic, when any of them is an error.
    """
    return _open(find_rule_files(paths), data, use_cache)


def open_texts(texts: Mapping[str, str], *, data: Sequence[Path] = ()) -> Rulebook:
    """The same for rule texts in memory, by name."""
    return _open(texts_of(texts), data, use_cache=False)


def _open(found: Found, data: Sequence[Path], use_cache: bool) -> Rulebook:
    if use_cache and not found.diagnostics:
        key = cache.key_of(found)
        entry = cache.load(key)
        places = {} if entry is None else find_tables(entry.definitions, data)
        if entry is not None and entry.tables_digest == files_digest(places):
            return Rulebook(
                rules=entry.rules,
                tables=load_found(entry.definitions, places).tables,
                warnings=entry.warnings,
                single_payer=_single_payer(found),
                rules_digest=_digest(found),
            )
    compiled = _compiler().compile_found(found, data)
    if not compiled.is_sound:
        raise RulesError(compiled.diagnostics)
    if use_cache:
        digest = files_digest(find_tables(compiled.definitions, data))
        cache.store(
            cache.key_of(found), cache.Entry(compiled.rules, compiled.definitions, compiled.diagnostics, digest)
        )
    return Rulebook(
        rules=compiled.rules,
        tables=compiled.tables,
        warnings=compiled.diagnostics,
        single_payer=_single_payer(found),
        rules_digest=_digest(found),
    )


def _compiler() -> ModuleType:
    """The compiler brings the parser along, which a start from the cache does not need: it is imported on demand."""
    return importlib.import_module("sequela.engine.pipeline.compile")


def _single_payer(found: Found) -> str | None:
    """The payer whose file was given, when just one was: it then decides which rules run."""
    payers = [
        name
        for text in found.given
        if (name := declared_name(text.source.text)) is not None and _is_payer(text.source.text)
    ]
    return payers[0] if len(payers) == 1 else None


def _is_payer(text: str) -> bool:
    body = (line.strip() for line in text.lstrip("\ufeff").split("\n"))
    return next((line for line in body if line and not line.startswith("#")), "").startswith("payer")


def _digest(found: Found) -> str:
    digest = sha256()
    for text in sorted((*found.given, *found.used), key=lambda one: declared_name(one.source.text) or one.source.name):
        digest.update(text.source.text.encode("utf-8", "surrogatepass"))
        digest.update(b"\0")
    return f"sha256:{digest.hexdigest()}"
