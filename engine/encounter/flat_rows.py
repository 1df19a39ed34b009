"""Flat rows: what a reader of a table gives: a header, and rows of text that can be gone through again.

In:   nothing.            Out: `Rows`, `Spoiled`, `is_nested`.
Uses: diagnostics.        Used by: flat_csv, flat_parquet, flat_grouping, from_flat.
"""

from collections.abc import Iterator, Sequence
from typing import Final, Protocol

from attrs import frozen

from sequela.engine.diagnostics.model import InputProblem

NOT_TEXT: Final = 0
"""The count of cells of a row whose id is no UTF-8 text."""


@frozen
class Spoiled:
    """A row that cannot be read: it has another number of cells (`count`) than the header, so that they cannot be told apart.

    Where `count` is NOT_TEXT, the claim's id holds bytes that are no UTF-8. `id` is what stands where that id should, as far as
    it can be said.
    """

    count: int
    id: str = ""


Cells = Sequence[str]
FlatRow = tuple[int, Cells | Spoiled]
"""A row with its number: the header is row 1 of a text, and the first row is row 1 of a Parquet file."""


class Rows(Protocol):
    """The rows of one table."""

    @property
    def name(self) -> str:
        """What messages call the file."""
        ...

    @property
    def header(self) -> Sequence[str]:
        """The names of the columns."""
        ...

    @property
    def size(self) -> int:
        """About how many bytes the rows are, as text."""
        ...

    def rows(self, kept: Sequence[int], id_at: int = 0) -> Iterator[FlatRow | InputProblem]:
        """The rows from the first on, in the columns at these places of the header; a problem ends them.

        `id_at` says which of these columns holds the id by which rows belong together.
        """
        ...
