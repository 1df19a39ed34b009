"""Flat lines: the rows of a claim become its lines, with their charges and dates.

In:   the rows of a claim, the layout.    Out: `FlatLine`s; what follows for the claim.
Uses: flat_layout, flat_cells.            Used by: flat_claim.

A row of revenue code 0001 is the total line of a UB-04, no service: its charge is that of the claim. Some warehouses have
only the amount of the whole claim, and write it in each of its rows; where that shows, the charge of a line is not known.
"""

from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Any, Final

from attrs import define, field

from sequela.engine.encounter.fault import shown
from sequela.engine.encounter.flat_layout import Column, Layout
from sequela.engine.encounter.flat_rows import Cells

TOTAL: Final = "0001"
_LETTERS: Final = "ABCDEFGHIJKL"
"""How a CMS-1500 names the diagnoses that a line points to."""

_Read = Callable[[Column, str, Cells], Any]


@define
class FlatLine:
    """One line: the row that it stands in, its keys in the JSON form, and whether it is the total."""

    row: int
    keys: dict[str, Any] = field(factory=dict)
    is_total: bool = False


def lines_of(rows: Sequence[tuple[int, Cells]], layout: Layout, read: _Read) -> list[FlatLine]:
    """The rows of a claim as lines, by number where all have one, else as they stand; the total line is among them.

    `read` gives what a cell says, and notes what cannot be read at a pointer.
    """
    number = next((one for one in layout.line if one.fact == "number"), None)
    if number is not None and all(cells[number.at].strip().isdecimal() for _, cells in rows):
        rows = sorted(rows, key=lambda one: int(one[1][number.at]))
    found: list[FlatLine] = []
    place = 0
    for row, cells in rows:
        line = FlatLine(row)
        pointer = f"/lines/{place}"
        for column in layout.line:
            if not cells[column.at]:
                continue
            value = read(column, f"{pointer}/{column.fact.replace('.', '/')}", cells)
            if value is None:
                continue
            at = line.keys
            *above, last = column.fact.split(".")
            for key in above:
                at = at.setdefault(key, {})
            at[last] = value
        line.is_total = line.keys.get("revenue") == TOTAL
        if not line.is_total:
            place += 1
        modifiers = [str(value) for one in layout.modifiers for value in _several(one, pointer, cells, read)]
        if modifiers:
            line.keys["modifiers"] = modifiers
        if layout.pointers is not None:
            pointed = _pointers(str(read(layout.pointers, f"{pointer}/diagnoses", cells) or ""))
            if pointed:
                line.keys["diagnoses"] = pointed
        found.append(line)
    return found


def _several(column: Column, pointer: str, cells: Cells, read: _Read) -> list[Any]:
    """The modifiers of a cell: one, or several parted by blanks, commas or hyphens."""
    text = cells[column.at].strip()
    if not text:
        return []
    if len(text) <= 2:
        value = read(column, f"{pointer}/modifiers", cells)
        return [] if value is None else [value]
    for sign in ",;|^-":
        text = text.replace(sign, " ")
    return [one.upper() for one in text.split()]


def _pointers(text: str) -> list[Any]:
    """`1, 2`, `12` of letters (`AB`), or one of both: places of diagnoses, from 1; what is none stays, to be found."""
    for sign in ",;|^-":
        text = text.replace(sign, " ")
    found: list[Any] = []
    for word in text.upper().split():
        if word.isdecimal():
            found.append(int(word))
        elif all(letter in _LETTERS for letter in word):
            found.extend(_LETTERS.index(letter) + 1 for letter in word)
        else:
            found.append(word)
    return found


def dated(lines: Sequence[FlatLine], claim: dict[str, Any]) -> None:
    """The day of lines that have none, on a claim of one day; a professional claim has no statement of its own."""
    first, last = claim.get("statement_from"), claim.get("statement_to")
    if first is not None and first == last:
        for line in lines:
            line.keys.setdefault("date", first)
    if claim.get("setting") == "professional" and all("date" in line.keys for line in lines):
        claim.pop("statement_from", None)
        claim.pop("statement_to", None)


@define
class Charges:
    """What the charges of the rows are: of the lines, or of the claim; see [reading] charge of the mapping."""

    reading: str
    is_institutional: bool
    warning: tuple[str, str, str | None] | None = None

    def settle(self, lines: list[FlatLine], claim: dict[str, Any]) -> None:
        """Take the total line out, and the charges from the lines where they are not theirs."""
        totals = [one for one in lines if one.is_total] if self.is_institutional else []
        for one in totals:
            lines.remove(one)
        total = next((one.keys["charge"] for one in totals if "charge" in one.keys), None)
        if total is not None:
            claim.setdefault("total_charge", total)
        charges = [one.keys["charge"] for one in lines if "charge" in one.keys]
        if self.reading == "line" or len(set(charges)) > 1 or not charges:
            return
        (amount,) = set(charges)
        if self.reading == "claim":
            claim.setdefault("total_charge", amount)
            self._unknown(lines)
        elif not self.is_institutional or len(lines) < 2 or len(charges) < len(lines) or not amount:
            return
        elif total is not None:
            if sum(map(Decimal, charges)) != total and amount == total:
                self._unknown(lines)
        else:
            self._unknown(lines)
            self.warning = (
                f"Every row of the claim has the same charge, {shown(amount)}: it may be that of the whole claim, so that of a "
                "line is not known.",
                "/lines/0/charge",
                'Say in the file of --columns what it is: [reading] charge = "line" or "claim".',
            )

    def _unknown(self, lines: Sequence[FlatLine]) -> None:
        if len(lines) > 1:
            for one in lines:
                one.keys.pop("charge", None)
