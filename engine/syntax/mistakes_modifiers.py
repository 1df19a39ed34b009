"""Mistakes of `has modifier`: other words for it, and `not` in the wrong place.

In:   a fault.      Out: the mistake, where it is one of these.
Uses: fault.        Used by: mistakes_tests.
"""

import re
from typing import Final

from sequela.engine.diagnostics.suggest import distance
from sequela.engine.syntax.fault import Fault, Mistake

_MODIFIER: Final = frozenset(("mod", "mods", "modifiers", "modifer", "modifier", "modifiier", "modfier"))


def left_side(fault: Fault, offset: int = -1) -> str:
    """What stands on the left of a test and ends at the offset: the author's fact, or the words in parentheses."""
    first, depth = offset, 0
    while fault.text(offset) == ")" and fault.at(first) is not None:
        depth += {")": 1, "(": -1}.get(fault.text(first), 0)
        if depth == 0:
            break
        first -= 1
    return fault.said(first, offset + 1) or "visit.code"


def has(fault: Fault) -> Mistake | None:
    """The mistake in `has modifier`, at the fault."""
    text, left = fault.text(), left_side(fault)
    if fault.text(-1) == "has" and fault.can("MODIFIER"):
        line = left_side(fault, -2)
        if text in ("no", "not"):
            end = 2 if fault.text(1) in _MODIFIER else 1
            return without(fault, end, first=-1)
        if re.fullmatch(r"-[0-9A-Z]{2}", text):
            return None
        end = (
            1
            if text in _MODIFIER
            or distance(text, "modifier", 2) is not None
            or (text in ("a", "the", "any") and fault.text(1) in _MODIFIER)
            else 0
        )
        end = 2 if end and text in ("a", "the", "any") else end
        value = fault.said(end, end + 1) or "25"
        said = fault.said(-1, end) if end else "has"
        return fault.mistake(
            "SEQ154",
            f"`{said}` is written `has modifier`.",
            hint=f"Write `{line} has modifier {value}`.",
            last=end,
            by=("modifier",),
            at=fault.span(-1, end),
        )
    if fault.text(-2) == "has" and fault.text(-1) == "modifier" and re.fullmatch(r"-[0-9A-Z]{2}", text):
        return fault.mistake(
            "SEQ154",
            "A modifier stands without its hyphen.",
            hint=f"Write `{left_side(fault, -3)} has modifier {text[1:]}`.",
            by=(text[1:],),
        )
    if not fault.can("HAS"):
        return None
    if text in ("have", "with", "had", "carries", "bears", "having") and fault.text(1) in _MODIFIER:
        return fault.mistake(
            "SEQ154",
            f"`{fault.said(0, 2)}` is written `has modifier`.",
            hint=f"Write `{left} has modifier {fault.said(2, 3) or '25'}`.",
            last=2,
            by=("has", "modifier"),
        )
    if text in ("does", "do", "without", "lacks", "misses"):
        end = 1
        while fault.text(end) in ("not", "have", "has"):
            end += 1
        return without(fault, end)
    return None


def without(fault: Fault, end: int, first: int = 0) -> Mistake:
    """`visit does not have modifier 25`: the `not` belongs before the line."""
    while fault.text(end) in _MODIFIER:
        end += 1
    line, value = left_side(fault, first - 1), fault.said(end, end + 1) or "25"
    return fault.mistake(
        "SEQ155",
        "`not` stands before the whole test.",
        hint=f"Write `not {line} has modifier {value}`.",
        first=first,
        last=end,
        by=("has", "modifier"),
        unsure=True,
    )
