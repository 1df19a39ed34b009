"""Opening a rulebook: from the cache where it can be, else by compiling.

In:   paths of rule files and data folders.    Out: `Rulebook`, or `RulesError` with every diagnostic.
Uses: files, cache, table_files, anew.         Used by: the public door, the command line, cases.
"""

import importlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from hashlib import sha256
from pathlib import Path
from types import ModuleType

from sequela.engine.diagnostics.model import Diagnostic
from sequela.engine.model.long_lived import collector_paused
from sequela.engine.model.rules import CheckedRules
from sequela.engine.pipeline import cache
from sequela.engine.pipeline.files import SHIPPED, Found, declared_name, find_rule_files, texts_of
from sequela.engine.pipeline.kept import Kept
from sequela.engine.pipeline.rulebook import Rulebook
from sequela.engine.pipeline.table_files import files_digest, load_found
from sequela.engine.pipeline.table_places import find_tables
from sequela.engine.plan.filing import Filed
from sequela.engine.tables.model import Table


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


@collector_paused
def _open(found: Found, data: Sequence[Path], use_cache: bool) -> Rulebook:
    path = cache.path_of(found, data) if use_cache and not found.diagnostics else None
    kept = None if path is None else cache.read(path)
    if path is not None and kept is not None:
        opened = _from_kept(kept, path, found, data)
        if opened is not None:
            return opened
    made = _compiler().compiled(found, data)
    kept = None if path is None else _compiler().keep(path, made, cache.texts_digest(found), data)
    if kept is None:
        return _rulebook(found, made.rules, made.tables, made.diagnostics)
    opened = kept.open(made.rules.sources)  # what is kept is small, and says where each rule is filed
    return _rulebook(found, opened.rules, made.tables, made.diagnostics, opened.filed)


def _from_kept(kept: Kept, path: Path, found: Found, data: Sequence[Path]) -> Rulebook | None:
    """The rulebook as an earlier run left it, mended where texts have changed since."""
    sources = [text.source for text in (*found.given, *found.used)]
    texts = cache.texts_digest(found)
    if kept.index.texts != texts:
        mended = _compiler().mended(kept, path, found, texts, data)
        if mended is None:
            return None
        kept = mended
    opened = kept.open(sources)
    places = find_tables(opened.rules.tables, data)
    if kept.index.tables != files_digest(places):
        return None
    loaded = load_found(opened.rules.tables, places)
    if any(one.is_error for one in loaded.diagnostics):  # a file that was changed, or taken away, this very moment
        return None
    return _rulebook(found, opened.rules, loaded.tables, opened.warnings, opened.filed)


def _rulebook(
    found: Found,
    rules: CheckedRules,
    tables: Mapping[str, Table],
    warnings: tuple[Diagnostic, ...],
    filed: Callable[[str | None], Sequence[Filed]] | None = None,
) -> Rulebook:
    return Rulebook(
        rules=rules,
        tables=tables,
        warnings=warnings,
        single_payer=_single_payer(found),
        rules_digest=_digest(found),
        filed=filed,
    )


def _compiler() -> ModuleType:
    """The compiler brings the parser along, which a start from the cache does not need: it is imported on demand."""
    return importlib.import_module("sequela.engine.pipeline.anew")


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
