"""Header: which column of a file is which declared column.

In:   a table's shape and the first line of its file.    Out: `find_columns`, `FoundColumns`.
Uses: diagnostics, tables.model.                         Used by: tables.load.
Not here: the cells (cells).

A name counts as the same when it differs in case, or has blanks or underscores for hyphens. Other columns are ignored.
"""

import re
from collections.abc import Sequence

from msgspec import Struct

from sequela.engine.diagnostics.model import InputProblem
from sequela.engine.diagnostics.suggest import did_you_mean, listed

_MOST_NAMES = 12


class FoundColumns(Struct, frozen=True):
    """The place in the header of each column wanted, and one problem for each that is missing or there twice."""

    places: tuple[int, ...]
    problems: tuple[InputProblem, ...]


def find_columns(file: str, header: Sequence[str], line: int | None, wanted: Sequence[str]) -> FoundColumns:
    """Where the `wanted` columns stand in `header`, which is line `line` of `file`."""
    place = "" if line is None else f"line {line}"
    bare = [name.strip() for name in header]
    folded = [_folded(name) for name in header]
    places: list[int] = []
    problems: list[InputProblem] = []
    for name in wanted:
        found = [at for at, given in enumerate(bare) if given == name]
        found = found or [at for at, given in enumerate(folded) if given == _folded(name)]
        if not found:
            problems.append(_missing(file, bare, place, name))
        elif len(found) > 1:
            message = f"{file} has {len(found)} columns called `{name}`."
            hint = "Leave one, or give the others a name of their own."
            problems.append(InputProblem(code="SEQ461", message=message, file=file, place=place, hint=hint))
        else:
            places.append(found[0])
    return FoundColumns(tuple(places), tuple(problems))


def _folded(name: str) -> str:
    return re.sub(r"[\s_]+", "-", name.strip().lower())


def _missing(file: str, header: Sequence[str], place: str, name: str) -> InputProblem:
    if len(header) == 1 and header[0].count(";") >= 1:
        hint = "Its columns are parted by semicolons: save it with commas."
    elif len(header) == 1 and "\t" in header[0]:
        hint = "Its columns are parted by tabs: name the file `.tsv`."
    else:
        shown = [given for given in header if given]
        more = f" and {len(shown) - _MOST_NAMES} more" if len(shown) > _MOST_NAMES else ""
        near = did_you_mean(name, shown)
        hint = f"{f'{near} ' if near else ''}It has {listed(shown[:_MOST_NAMES])}{more}."
    message = f"{file} has no column `{name}`."
    return InputProblem(code="SEQ460", message=message, file=file, place=place, hint=hint)
