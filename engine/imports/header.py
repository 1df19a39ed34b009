"""Header: where in a published file the header stands, and in which column each thing is.

In:   a `Grid` and the columns wanted.    Out: `Column`, `Header`, `find_header`, `body`.
Uses: imports.grid, diagnostics.          Used by: the importers of files with rows.
Not here: the header of a table file of one's own (tables.header).

A header is known by its words and not by its line or the order of its columns: notices of several lines stand above it, it
may be wrapped over several rows, and columns come and go from year to year.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from attrs import frozen

from sequela.engine.diagnostics.model import InputProblem
from sequela.engine.diagnostics.suggest import listed
from sequela.engine.imports.grid import Grid, Rows
from sequela.engine.imports.kinds import refused

_DEEPEST: Final = 40
_WORDS: Final = re.compile(r"[a-z0-9*=/]+")


@frozen
class Column:
    """A column that is wanted: our name for it, and a pattern that its header has, in lower case with single blanks."""

    name: str
    pattern: str
    needed: bool = True

    def fits(self, words: str) -> bool:
        """Whether a header cell is this column's."""
        return re.fullmatch(self.pattern, words) is not None


@frozen
class Header:
    """A header that was found.

    `places` are the columns by our name; `width` is how many cells a row has; `last` the number of the last row (line)
    of the header, so that the rows after it are data.
    """

    places: Mapping[str, int]
    width: int
    last: int
    names: tuple[str, ...]


def plain_words(cell: str) -> str:
    r"""A header cell in lower case, its line breaks and underscores as single blanks.

    >>> plain_words("HCPCS/\nCPT_Code")
    'hcpcs/ cpt code'
    """
    return " ".join(re.sub(r"[\s_]+", " ", cell).lower().split())


def find_header(
    grid: Grid, wanted: Sequence[Column], *, wrapped: bool = False, kind: str = ""
) -> Header | InputProblem:
    """The header among the first rows of a grid, or what is missing of it.

    `wrapped`: rows below it whose first cell is empty go on with it. `kind` is what the file should be, for the message.
    """
    found = grid.first(_DEEPEST)
    if isinstance(found, InputProblem):
        return found
    if not found.rows:
        return refused("SEQ483", f"{grid.name} is empty.", grid.input.name, hint="Fetch it anew from its publisher.")
    best: tuple[int, list[str], int] = (0, [], 0)
    for at, row in enumerate(found.rows):
        words, last = _joined(found, at) if wrapped else ([plain_words(cell) for cell in row], at)
        places = _places(words, wanted)
        missing = [column.name for column in wanted if column.needed and column.name not in places]
        if not missing:
            return Header(places, len(row), found.lines[last], tuple(words))
        if len(places) > best[0]:
            best = len(places), missing, found.lines[at]
    return _not_found(grid, wanted, best, found, kind)


def _places(words: Sequence[str], wanted: Sequence[Column]) -> dict[str, int]:
    places: dict[str, int] = {}
    for column in wanted:
        at = next((at for at, cell in enumerate(words) if at not in places.values() and column.fits(cell)), None)
        if at is not None:
            places[column.name] = at
    return places


def _joined(found: Rows, at: int) -> tuple[list[str], int]:
    """The cells of the row at `at` with those of the rows below it whose first cell is empty, and the last such row."""
    parts = [[cell] for cell in found.rows[at]]
    last = at
    while last + 1 < len(found.rows) and not found.rows[last + 1][0]:
        last += 1
        for place, cell in enumerate(found.rows[last][: len(parts)]):
            parts[place].append(cell)
    return [plain_words(" ".join(cells)) for cells in parts], last


def _not_found(
    grid: Grid, wanted: Sequence[Column], best: tuple[int, list[str], int], found: Rows, kind: str
) -> InputProblem:
    count, missing, line = best
    what = f" of {kind}" if kind else ""
    where = "row" if grid.is_sheet else "line"
    if count > 1:
        message = f"{grid.name}: the header in {where} {line} has no column {listed(missing, last='or')}."
        hint = f"A file{what} has the columns {listed(column.name for column in wanted if column.needed)}."
        return refused("SEQ481", message, grid.input.name, place=f"{where} {line}", hint=hint)
    shown = " | ".join(cell for cell in found.rows[0] if cell)[:60]
    message = f"{grid.name} has no header{what}; it begins with `{shown}`."
    hint = f"A file{what} has the columns {listed(column.name for column in wanted if column.needed)}."
    return refused("SEQ481", message, grid.input.name, hint=hint)


def body(grid: Grid, header: Header) -> Iterator[Rows | InputProblem]:
    """The rows below a header, batch by batch."""
    for found in grid.batches():
        if isinstance(found, InputProblem) or not found.lines or found.lines[0] > header.last:
            yield found
            continue
        start = sum(line <= header.last for line in found.lines)
        if start < len(found.lines):
            yield Rows(found.lines[start:], found.rows[start:])
