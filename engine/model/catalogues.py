"""Catalogues: the tables that define a system, found by the file in which a code is written.

In:   loaded tables, and what each file sees.    Out: the catalogue that speaks about a code; the codes nearest to one.
Uses: names, tables.catalogue.                   Used by: literals, sets (for hints), catalogue_checks.
Not here: what a catalogue has against a code (judged_codes.py).

A catalogue of HCPCS without a single code of level I (CPT) says nothing about those. One that is `partial` does not
know what never was, and says nothing at all. Where a file sees no catalogue of a system, one `beside` may speak: it is not the
author's, so it can only warn.
"""

from collections.abc import Mapping
from typing import Final

from msgspec import Struct, field

from sequela.engine.diagnostics.suggest import listed
from sequela.engine.tables.catalogue import Catalogue, catalogue_of
from sequela.engine.tables.model import Table
from sequela.engine.vocabulary.systems import System, printed

MOST_NEAREST: Final = 25
"""For how many codes the nearest ones are looked for: a catalogue is large."""

_LEVELS: Final = frozenset({System.HCPCS, System.CPT})


class Catalogues(Struct, eq=False):
    """The loaded catalogues of a run, each made when it is first asked."""

    tables: Mapping[str, Table]
    beside: Mapping[System, Table] = field(default_factory=dict)
    looked_for: int = 0
    _made: dict[str, Catalogue] = field(default_factory=dict)

    def any(self) -> bool:
        """Whether there is a catalogue at all."""
        return bool(self.beside) or any(_speaks(table) for table in self.tables.values())

    def of(self, system: System, code: str, seen: Mapping[System, str]) -> Catalogue | None:
        """The catalogue that speaks about a code, of those `seen`: table keys by the system that they define; else one beside."""
        if system in self.beside and system not in seen:
            return catalogue_of(self.beside[system])
        if system not in _LEVELS:
            return self._get(seen.get(system))
        if not code[:1].isdigit():
            return self._get(seen.get(System.HCPCS))
        own = self._get(seen.get(System.CPT))
        if own is not None:
            return own
        found = self._get(seen.get(System.HCPCS))
        return found if found is not None and found.has_level_one else None

    def nearest(self, system: System, code: str, seen: Mapping[System, str]) -> str | None:
        """A hint that names the codes nearest to `code`, in normal form; None where no catalogue speaks about it."""
        catalogue = self.of(system, code, seen)
        if catalogue is None or self.looked_for >= MOST_NEAREST:
            return None
        self.looked_for += 1
        near = catalogue.nearest(code)
        if not near:
            return None
        shown = listed([printed(system, one) for one in near], last="or")
        return f"The nearest are {shown}." if len(near) > 1 else f"The nearest is {shown}."

    def _get(self, key: str | None) -> Catalogue | None:
        table = None if key is None else self.tables.get(key)
        if key is None or table is None or not _speaks(table):
            return None
        if key not in self._made:
            self._made[key] = catalogue_of(table)
        return self._made[key]


def _speaks(table: Table) -> bool:
    return table.shape.defines is not None and table.shape.complete
