"""Survey: the first walk through a batch: which payers, providers and months there are, and which of them are looked at by name.

In:   the claims of a batch.                    Out: `Survey` with its `Axes`.
Uses: summary.parts, summary.axes, pyarrow.     Used by: summary.tally.
Not here: what was found (tally.py).
"""

from collections import Counter
from collections.abc import Iterable
from typing import Any, Final

import pyarrow.compute as pc
from attrs import define, field

from sequela.engine.summary.axes import MONTHS, PAYERS, PROVIDERS, Axes, Axis
from sequela.engine.summary.folder import Parts
from sequela.engine.summary.parts import batches_of, months_of

_COLUMNS: Final = ("payer", "provider", "service_date", "n_fail", "receipt")


@define
class Survey:
    """How many claims each payer, provider and month has; of providers also those with a failure; all receipts."""

    payers: Counter[str | None] = field(factory=Counter)
    months: Counter[int | None] = field(factory=Counter)
    providers: Counter[str | None] = field(factory=Counter)
    failing: Counter[str | None] = field(factory=Counter)
    receipts: Counter[tuple[str | None, ...]] = field(factory=Counter)

    def axes(self) -> Axes:
        """The names with figures of their own: payers and months with the most claims, providers with the most failures."""
        return Axes(
            payers=Axis(tuple(_most(self.payers, PAYERS))),
            providers=Axis(tuple(self._providers())),
            months=Axis(tuple(sorted(_most(self.months, MONTHS), key=lambda one: (one is None, one)))),
        )

    def _providers(self) -> list[str | None]:
        ranked = sorted(self.providers, key=lambda one: (-self.failing[one], -self.providers[one], one or ""))
        return ranked[:PROVIDERS]


def survey(parts: Iterable[Parts]) -> Survey:
    """Walk through the claims once. Raises: PartUnreadable."""
    made = Survey()
    for part in parts:
        for rows in batches_of(part, "claims", _COLUMNS):
            _count(made.payers, rows.column("payer"))
            _count(made.months, months_of(rows.column("service_date")))
            _count(made.providers, rows.column("provider"))
            _count(made.failing, rows.column("provider").filter(pc.greater(rows.column("n_fail"), 0)))
            for one in pc.unique(_text_of(rows.column("receipt"))).to_pylist():
                made.receipts[tuple(one.split("\x00"))] += 1
    return made


def _count(counted: Counter[Any], column: Any) -> None:
    for one in pc.value_counts(column).to_pylist():
        counted[one["values"]] += one["counts"]


def _text_of(receipts: Any) -> Any:
    texts = [pc.fill_null(pc.struct_field(receipts, name), "") for name in ("engine", "rules", "tables")]
    return pc.binary_join_element_wise(*texts, "\x00")


def _most(counted: Counter[Any], most: int) -> list[Any]:
    return sorted(counted, key=lambda one: (-counted[one], one is None, one))[:most]
