"""Axes: by what figures are split: payers, providers and months of service, each with the most frequent ones by name.

In:   how often each name occurs.       Out: `Axis`, `Axes`.
Uses: summary.parts.                    Used by: summary.survey, summary.tally, summary.figures.
Not here: the counting (survey.py, tally.py).

What is not among the names is counted together as "others", so that a summary stays as small for a million claims as for ten.
"""

from collections.abc import Mapping
from typing import Any, Final

import pyarrow as pa
import pyarrow.compute as pc
from attrs import field, frozen

from sequela.engine.summary.parts import month_text

NONE_NAMED: Final = "none named"
NOT_KNOWN: Final = "not known"

PAYERS: Final = 40
PROVIDERS: Final = 60
MONTHS: Final = 36
"""So many of each have figures of their own."""


@frozen
class Axis:
    """Names in order; None stands for what names none. `others` is the number of all that is not among them."""

    names: tuple[Any, ...]
    numbers: Mapping[Any, int] = field(init=False, repr=False, eq=False)

    def __attrs_post_init__(self) -> None:
        """Number the names."""
        object.__setattr__(self, "numbers", {name: number for number, name in enumerate(self.names)})

    @property
    def others(self) -> int:
        """The number of what is not among the names."""
        return len(self.names)

    @property
    def size(self) -> int:
        """How many numbers there are."""
        return len(self.names) + 1

    def number(self, name: Any) -> int:
        """The number of a name."""
        return self.numbers.get(name, self.others)

    def of(self, column: Any) -> Any:
        """The numbers of a column of names (int32)."""
        encoded = column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column
        encoded = encoded.dictionary_encode()
        known = pa.array([self.number(name) for name in encoded.dictionary.to_pylist()], pa.int32())
        return pc.fill_null(pc.take(known, encoded.indices), self.number(None))


@frozen(kw_only=True)
class Axes:
    """The three axes. A cell is one payer, one provider and one month, as one number."""

    payers: Axis
    providers: Axis
    months: Axis

    def cells(self, payers: Any, providers: Any, months: Any) -> Any:
        """The cells of rows, from their columns (months as numbers, see `parts.months_of`)."""
        by_payer = pc.multiply(self.payers.of(payers), self.providers.size)
        both = pc.multiply(pc.add(by_payer, self.providers.of(providers)), self.months.size)
        return pc.add(both, self.months.of(months))

    def parts_of(self, cell: int) -> tuple[int, int, int]:
        """The numbers of a cell's payer, provider and month."""
        rest, month = divmod(cell, self.months.size)
        payer, provider = divmod(rest, self.providers.size)
        return payer, provider, month

    def payer_names(self) -> list[str]:
        """What the payers are called, the others last."""
        return _called(self.payers.names, NONE_NAMED, "other payers")

    def provider_names(self) -> list[str]:
        """What the providers are called, the others last."""
        return _called(self.providers.names, NONE_NAMED, "other providers")

    def month_names(self) -> list[str]:
        """What the months are called, the others last."""
        return [NOT_KNOWN if one is None else month_text(one) for one in self.months.names] + ["other months"]


def _called(names: tuple[Any, ...], none: str, others: str) -> list[str]:
    return [none if one is None else str(one) for one in names] + [others]
