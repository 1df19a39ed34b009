"""Table files on disk: loading the tables that rule files declare.

In:   table definitions and the rule files that hold them.       Out: loaded tables, and what is wrong with the others.
Uses: pipeline.table_places, tables, model.nodes, diagnostics.    Used by: pipeline.compile, pipeline.opening.
Not here: where a file lies (table_places); how it is read and indexed (tables.load, tables.releases).
"""

from collections.abc import Mapping, Sequence
from hashlib import sha256
from pathlib import Path

from msgspec import Struct

from sequela.engine.diagnostics.model import Diagnostic, InputProblem, Label, Severity
from sequela.engine.diagnostics.suggest import did_you_mean, listed
from sequela.engine.model.nodes import TableDefinition
from sequela.engine.pipeline.table_places import SHIPPED_TABLES, Places, find_tables, looked_in
from sequela.engine.tables.load import load_file, load_rows
from sequela.engine.tables.model import Table
from sequela.engine.tables.receipt import receipt_path
from sequela.engine.tables.releases import open_releases
from sequela.engine.tables.store_format import FOLDER_SUFFIX, digest_of


class LoadedTables(Struct, frozen=True):
    """The tables that could be loaded, by key; one that could not is absent, and every question of it is *not checked*."""

    tables: Mapping[str, Table]
    diagnostics: tuple[Diagnostic, ...]


def load_tables(
    definitions: Mapping[str, TableDefinition], data: Sequence[Path], *, for_cases: bool = False
) -> LoadedTables:
    """Load every table; a file that is not there is a warning (its rules answer *not checked*), a faulty one an error."""
    places = find_tables(definitions, data, for_cases=for_cases)
    loaded = load_found(definitions, places)
    absent = [one for key, one in definitions.items() if one.file is not None and places[key] is None]
    return LoadedTables(loaded.tables, (*(_not_found(one, data) for one in absent), *loaded.diagnostics))


def load_found(definitions: Mapping[str, TableDefinition], places: Places) -> LoadedTables:
    """Load the tables that lie in known places, without a word on those that lie nowhere."""
    tables: dict[str, Table] = {}
    diagnostics: list[Diagnostic] = []
    for key, definition in definitions.items():
        place = places[key]
        loaded: Table | tuple[InputProblem, ...]
        if definition.file is None:
            loaded = load_rows(definition.shape, definition.rows, file=definition.span.source.name)
        elif place is None:
            continue
        elif place.file is not None:
            loaded = load_file(definition.shape, place.file)
        else:
            loaded = open_releases(definition.shape, place.releases)
        if isinstance(loaded, Table):
            tables[key] = loaded
        else:
            diagnostics.extend(_as_diagnostic(definition, problem) for problem in loaded)
    return LoadedTables(tables, tuple(diagnostics))


def files_digest(places: Places) -> str:
    """A digest of the content of every table file, for the key of the cache; an imported table has its own in its header."""
    digest = sha256()
    for key, place in sorted(places.items()):
        digest.update(key.encode())
        if place is None:
            continue
        for release in place.releases:
            digest.update(f"{release.name}\0{digest_of(release)}\0".encode())
        for file in () if place.file is None else (place.file, receipt_path(place.file)):
            if file.is_file():
                with file.open("rb") as stream:
                    while block := stream.read(1 << 20):
                        digest.update(block)
    return digest.hexdigest()


def _not_found(definition: TableDefinition, data: Sequence[Path]) -> Diagnostic:
    named = [folder for folder in looked_in(definition, data) if folder != SHIPPED_TABLES]
    looked = listed(["." if folder == Path() else str(folder) for folder in named])
    wanted = Path(str(definition.file))
    folders = [folder / wanted.parent for folder in (*named, SHIPPED_TABLES)]
    there = {_shown(path, wanted) for folder in folders if folder.is_dir() for path in folder.iterdir()}
    meant = did_you_mean(wanted.name, sorted(there - {""}), n=1)
    put = "Put the file there, or name its folder with --data."
    return Diagnostic(
        code="SEQ450",
        severity=Severity.WARNING,
        message=f"The file `{definition.file}` of table `{definition.name}` is not there.",
        at=Label(definition.span, "declared here"),
        hint=f"{meant} It was looked for in {looked}." if meant else f"It was looked for in {looked}. {put}",
        consequence="What the table decides is not checked.",
    )


def _shown(path: Path, wanted: Path) -> str:
    """What a rule file would call what lies at `path`, with a suffix where the name wanted has one; empty for no table."""
    if path.suffix == FOLDER_SUFFIX:
        return path.stem + wanted.suffix
    if not path.is_file():
        return ""
    return path.name if wanted.suffix else path.stem


def _with_place(problem: InputProblem) -> str:
    """What is wrong with the file and where, for a frame that shows the rule file and not the table's."""
    name = Path(problem.file).name
    if name in problem.message or problem.file in problem.message:
        return problem.message
    place = f", {problem.place}" if problem.place and not problem.place.startswith(name) else ""
    return f"{name}{place}: {problem.message}"


def _as_diagnostic(definition: TableDefinition, problem: InputProblem) -> Diagnostic:
    return Diagnostic(
        code=problem.code,
        message=_with_place(problem),
        at=Label(definition.span, "declared here"),
        hint=problem.hint,
        consequence=f"Table {definition.name} was not loaded; the rulebook cannot be used.",
    )
