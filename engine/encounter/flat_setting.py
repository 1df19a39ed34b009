"""Flat setting: whether a claim of a flat table is professional, outpatient or inpatient.

In:   the facts of the claim, its claim type, its rows.    Out: `Setting`, or why nobody can tell.
Uses: x12_setting (which types of bill are stays), flat_layout.    Used by: flat_claim.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from sequela.engine.encounter.fault import shown
from sequela.engine.encounter.flat_cells import BadCell
from sequela.engine.encounter.flat_layout import Layout
from sequela.engine.encounter.flat_rows import Cells
from sequela.engine.encounter.model import Setting
from sequela.engine.encounter.x12_setting import STAYS

_SETTINGS: Final[dict[str, Setting]] = {
    "professional": "professional",
    "outpatient": "outpatient",
    "inpatient": "inpatient",
}
_STAY: Final = ("drg", "admitted", "procedures")
_ROOMS: Final = ("0100", "0219")


def setting_of(claim: Mapping[str, Any], kind: object, rows: Sequence[Cells], layout: Layout) -> Setting | BadCell:
    """The setting that the table says, else the one that claim type and type of bill say.

    A table without a claim type has professional claims where it has places of service, and institutional ones where it has
    types of bill. An institutional claim without a type of bill is inpatient where it has what only a stay has: a DRG, an
    admission, an ICD-10-PCS procedure, or room and board.
    """
    said = claim.get("setting")
    if said is not None:
        return _SETTINGS.get(str(said)) or BadCell(
            f"{shown(said)} is no setting.", f"It can be {', '.join(_SETTINGS)}."
        )
    bill_type = str(claim.get("bill_type", ""))
    if kind is None:
        if bill_type:
            kind = "institutional"
        elif _has(rows, layout, "place"):
            kind = "professional"
    if kind == "professional":
        return "professional"
    if kind != "institutional":
        return BadCell(
            "Nothing tells whether the claim is professional or institutional."
            if kind is None
            else f"{shown(kind)} is a kind of claim that is not read.",
            "[words.type] in the file of --columns says which words mean professional and institutional.",
        )
    if len(bill_type) == 4:
        return "inpatient" if bill_type[1:3] in STAYS else "outpatient"
    if any(claim.get(one) for one in _STAY) or any(
        _ROOMS[0] <= one <= _ROOMS[1] for one in _has(rows, layout, "revenue")
    ):
        return "inpatient"
    return BadCell(
        "The institutional claim has no type of bill, and nothing else tells whether it is inpatient or outpatient.",
        "A type of bill has three digits and perhaps a leading zero, such as 0131.",
    )


def _has(rows: Sequence[Cells], layout: Layout, fact: str) -> list[str]:
    """What the lines of a claim say of a fact, padded to four digits."""
    column = next((one for one in layout.line if one.fact == fact), None)
    return [] if column is None else [text.zfill(4) for cells in rows if (text := cells[column.at].strip())]
