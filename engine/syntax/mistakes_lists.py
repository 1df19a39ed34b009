"""Mistakes of closed lists: a word that is no phase, no setting, and no date that a rule goes by.

In:   a fault.                        Out: the mistake, where it is one of these.
Uses: fault, reserved, suggest.       Used by: mistakes_clauses.
"""

from typing import Final

from sequela.engine.diagnostics.suggest import nearest
from sequela.engine.syntax.fault import Fault, Mistake
from sequela.engine.syntax.lalr import tables
from sequela.engine.syntax.reserved import RESERVED

PHASES: Final = ("validity", "conventions", "modifiers", "units", "pairs", "coverage", "add-ons", "history")
"""The phases, in the order in which they run."""


def lists(fault: Fault) -> Mistake | None:
    """The mistake of a word where only those of a closed list can stand."""
    text = fault.text().strip('"')
    if fault.is_end or not text[:1].isalpha():
        return None
    if fault.can("PHASE_NAME"):
        return _not_listed(fault, "SEQ184", "phase", PHASES)
    if fault.can("SETTING") and not fault.can("LINE") and fault.start in ("clause", "declaration", "header"):
        others = {
            "office": "professional",
            "physician": "professional",
            "facility": "outpatient",
            "hospital": "inpatient",
            "institutional": "inpatient",
            "ambulatory": "outpatient",
            "all": "professional",
        }
        return _not_listed(fault, "SEQ185", "setting", tables().closed["SETTING"], others)
    if fault.can("DISCHARGE", "STATEMENT") and text == fault.text():
        if text == "date":
            return fault.mistake(
                "SEQ198",
                "Which date it goes by is missing before `date`.",
                hint="Write `line date`, or `discharge`, `admission`, `statement`, `received`.",
                last=0,
                at=fault.span(),
                by=("line",),
            )
        meant = next(iter(nearest(text, ("line", "discharge", "admission", "statement", "received"))), "line")
        return fault.mistake(
            "SEQ198",
            f"A rule does not go by the `{text}` date.",
            by=(meant,),
            hint="It goes by the `line`, `discharge`, `admission`, `statement` or `received` date.",
        )
    return None


def _not_listed(
    fault: Fault, code: str, noun: str, words: tuple[str, ...], others: dict[str, str] | None = None
) -> Mistake:
    token = fault.at()
    text = fault.text().strip('"')
    if token is not None and token.opens_line and text in RESERVED:
        return fault.mistake(
            code,
            f"After `{fault.text(-1)}` stands a {noun}.",
            hint=f"The {noun}s are {', '.join(f'`{word}`' for word in words)}.",
            last=0,
            at=fault.span(-1, 0),
            by=(words[0],),
        )
    if text in words:
        return fault.mistake(code, f"A {noun} stands without quotes.", hint=f"Write `{text}`.", by=(text,))
    meant = (others or {}).get(text.lower()) or next(iter(nearest(text, words)), "")
    hint = f"Did you mean `{meant}`?" if meant else f"The {noun}s are {', '.join(f'`{word}`' for word in words)}."
    return fault.mistake(code, f"`{text}` is no {noun}.", hint=hint, by=(meant or words[0],))
