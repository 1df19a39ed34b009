"""Table files on disk: finding the file that a table declares, and loading it.

In:   table definitions and the rule files that hold them.    Out: loaded tables, and what is wrong with the others.
Uses: tables, model.nodes, diagnostics.                      Used by: pipeline.compile.
Not here: how a file is read and indexed (tables.load).
"""

from collections.abc import Mapping, Sequence
from hashlib import sha256
from pathlib import Path
from typing import Final

from attrs import frozen

from sequela.engine.diagnostics.model import Diagnostic, InputProblem, Label, Severity
from sequela.engine.diagnostics.suggest import did_you_mean, listed
from sequela.engine.model.nodes import TableDefinition
from sequela.engine.tables.load import load_file, load_rows
from sequela.engine.tables.model import Table
from sequela.engine.tables.receipt import receipt_path


@frozen
class LoadedTables:
    """The tables that could be loaded, by key; one that could not is absent, and every question of it is *not checked*."""

    tables: Mapping[str, Table]
    diagnostics: tuple[Diagnostic, ...]


CASES: Final = "cases"
"""The folder beside a rule file that holds the small tables with which its cases are run."""


def table_path(definition: TableDefinition, data: Sequence[Path], *, for_cases: bool = False) -> Path | None:
    """Where the file of a table lies: beside its rule file, else in the first data folder that has it; None if nowhere.

    For running cases the folder `cases` beside the rule file comes first, so that a case gives the same result whatever
    tables a user has brought.
    """
    if definition.file is None:
        return None
    beside = Path(definition.span.source.name).parent
    folders = [*([beside / CASES] if for_cases else []), beside, *data]
    return next((path for folder in folders if (path := folder / definition.file).exists()), None)


def load_tables(
    definitions: Mapping[str, TableDefinition], data: Sequence[Path], *, for_cases: bool = False
) -> LoadedTables:
    """Load every table; a file that is not there is a warning (its rules answer *not checked*), a faulty one an error."""
    tables: dict[str, Table] = {}
    diagnostics: list[Diagnostic] = []
    for key, definition in definitions.items():
        loaded: Table | tuple[InputProblem, ...]
        if definition.file is None:
            loaded = load_rows(definition.shape, definition.rows, file=definition.span.source.name)
        else:
            path = table_path(definition, data, for_cases=for_cases)
            if path is None:
                diagnostics.append(_not_found(definition, data))
                continue
            loaded = load_file(definition.shape, path)
        if isinstance(loaded, Table):
            tables[key] = loaded
        else:
            diagnostics.extend(_as_diagnostic(definition, problem) for problem in loaded)
    return LoadedTables(tables, tuple(diagnostics))


def files_digest(definitions: Mapping[str, TableDefinition], data: Sequence[Path]) -> str:
    """A digest of the content of every table file, for the key of the cache."""
    digest = sha256()
    for key, definition in sorted(definitions.items()):
        path = table_path(definition, data)
        digest.update(key.encode())
        for file in () if path is None else (path, receipt_path(path)):
            if file.is_file():
                with file.open("rb") as stream:
                    while block := stream.read(1 << 20):
                        digest.update(block)
    return digest.hexdigest()


def _not_found(definition: TableDefinition, data: Sequence[Path]) -> Diagnostic:
    beside = Path(definition.span.source.name).parent
    looked = listed(["." if folder == Path() else str(folder) for folder in (beside, *data)])
    wanted = Path(str(definition.file))
    folders = [folder / wanted.parent for folder in (beside, *data)]
    there = {path.name for folder in folders if folder.is_dir() for path in folder.iterdir() if path.is_file()}
    meant = did_you_mean(wanted.name, sorted(there), n=1)
    put = "Put the file there, or name its folder with --data."
    return Diagnostic(
        code="SEQ450",
        severity=Severity.WARNING,
        message=f"The file `{definition.file}` of table `{definition.name}` is not there.",
        at=Label(definition.span, "declared here"),
        hint=f"{meant} It was looked for in {looked}." if meant else f"It was looked for in {looked}. {put}",
        consequence="What the table decides is not checked.",
    )


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
