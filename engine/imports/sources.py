"""Sources: which of the files given hold a table of a kind, and where in them it stands.

In:   inputs, the columns that are looked for.    Out: what was made of each input; a grid with its header.
Uses: imports.grid, imports.header.               Used by: imports.ncci_ptp, ncci_mue, ncci_add_on, generic.
Not here: what stands in the rows (the modules of the kinds).
"""

from collections.abc import Callable, Sequence
from typing import TypeVar

from sequela.engine.diagnostics.model import InputProblem
from sequela.engine.imports.grid import Grid, open_grids
from sequela.engine.imports.header import Column, Header, find_header
from sequela.engine.imports.inputs import Input
from sequela.engine.imports.kinds import refused

Source = TypeVar("Source")


def sources_of(
    inputs: Sequence[Input], read: Callable[[Input], Source | InputProblem]
) -> tuple[list[Source], list[InputProblem]]:
    """What `read` made of the inputs, and why it made nothing of others.

    An archive may hold other files, too: where there is a source, a packed file without the header (SEQ481) is not spoken of.
    """
    problems: list[InputProblem] = []
    sources: list[Source] = []
    for one in inputs:
        found = read(one)
        if isinstance(found, InputProblem):
            problems.append(found)
        else:
            sources.append(found)
    if sources:
        packed = {one.name for one in inputs if one.packed}
        problems = [problem for problem in problems if problem.file not in packed or problem.code != "SEQ481"]
    return sources, problems


def grid_with(one: Input, wanted: Sequence[Column], *, kind: str) -> tuple[Grid, Header] | InputProblem:
    """The first grid of an input that has the columns, with its header; else what the first grid lacks.

    `kind` is what a message calls the table.
    """
    grids = open_grids(one)
    if isinstance(grids, InputProblem):
        return grids
    missing: InputProblem | None = None
    for grid in grids:
        found = find_header(grid, wanted, kind=kind)
        if isinstance(found, Header):
            return grid, found
        missing = missing or found
    return missing or refused("SEQ483", f"{one.name} has no sheet.", one.name)
