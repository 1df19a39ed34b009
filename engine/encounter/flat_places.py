"""Flat places: where in a table the value at a JSON pointer of a claim was written.

In:   the layout and the rows of a claim.    Out: `FlatPlaces`, an `Origins`.
Uses: flat_layout, origin.                   Used by: flat_claim, and through the encounter explain.

Nothing is noted while a claim is read: the place is worked out from the pointer when somebody asks.
"""

import re
from collections.abc import Mapping, Sequence

from attrs import field, frozen

from sequela.engine.encounter.flat_layout import Column, Layout
from sequela.engine.encounter.flat_mapping import LISTS
from sequela.engine.encounter.origin import Origin

_LINE = re.compile(r"/lines/([0-9]+)(?:/(.+))?")
_LISTED = re.compile(r"/([a-z_]+)/([0-9]+)(?:/(.+))?")
_SECTIONS = {key: section for section, key in LISTS.items()}


@frozen(kw_only=True)
class FlatPlaces:
    """The places of one claim. `lines` are the rows of its lines in order; `listed` the columns of what it lists, by section.

    `elsewhere` holds the pointers of facts that stand in another file or row: those of the table of members.
    """

    file: str
    layout: Layout = field(repr=False)
    first: int
    lines: Sequence[int]
    listed: Mapping[str, Sequence[Sequence[Column]]] = field(factory=dict, repr=False)
    elsewhere: Mapping[str, Origin] = field(factory=dict, repr=False)

    def origin_of(self, pointer: str) -> Origin | None:
        """The place of the value at `pointer`; of the row of its line or claim where it has no column."""
        if pointer in self.elsewhere:
            return self.elsewhere[pointer]
        line = _LINE.match(pointer)
        if line is not None:
            place = int(line[1])
            row = self.lines[place] if place < len(self.lines) else self.first
            return self._at(row, self._of_line(line[2] or ""))
        listed = _LISTED.fullmatch(pointer)
        if listed is not None and listed[1] in _SECTIONS:
            columns = self.listed.get(_SECTIONS[listed[1]], ())
            place = int(listed[2])
            if place < len(columns):
                fact = listed[3] or "code"
                found = next((one for one in columns[place] if one.fact == fact), columns[place][0])
                return self._at(self.first, found)
        return self._at(self.first, self.layout.claim_column(pointer[1:].replace("/", ".")))

    def _of_line(self, below: str) -> Column | None:
        if below.startswith("modifiers"):
            place = int(below.rpartition("/")[2]) if below[-1].isdigit() else 0
            return self.layout.modifiers[min(place, len(self.layout.modifiers) - 1)] if self.layout.modifiers else None
        if below.startswith("diagnoses"):
            return self.layout.pointers
        return next((one for one in self.layout.line if one.fact == below.replace("/", ".")), None)

    def _at(self, row: int, column: Column | None) -> Origin:
        return Origin(file=self.file, row=row, name=None if column is None else column.name)

    def said(self, pointer: str) -> str:
        """The place in words, for a problem."""
        found = self.origin_of(pointer)
        return found.place if found is not None else f"row {self.first}"
