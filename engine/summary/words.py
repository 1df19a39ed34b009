"""Words: amounts, shares and outcomes as people write them.

In:   figures.      Out: texts.
Uses: nothing.      Used by: summary.as_text, as_html, page_*.
"""

from decimal import Decimal
from typing import Final

OUTCOME_WORDS: Final = {
    "clean": "Clean",
    "reject": "Rejected: the claim goes back",
    "deny": "Denied: a line is not payable",
    "review": "To be reviewed by a person",
    "query": "The provider is asked",
    "warn": "With a warning",
    "note": "With a note",
    "undecided": "Undecided: not known, or not checked",
    "pass": "Passed, with something let through",
    "none": "Not checked: no rule ran",
}


def share(part: int, whole: int) -> str:
    """A share in percent with one decimal; 100.0% and 0.0% are said only where that is exact.

    >>> share(9999, 10000)
    '99.9%'
    >>> share(1, 100000)
    '<0.1%'
    """
    if not whole:
        return "–"
    tenths = part * 1000 // whole
    if part and not tenths:
        return "<0.1%"
    if part < whole and (part * 2000 + whole) // (2 * whole) < 1000:
        tenths = (part * 2000 + whole) // (2 * whole)
    return f"{tenths // 10}.{tenths % 10}%"


def dollars(cents: int) -> str:
    """An amount in whole dollars, rounded half up: `$1,235`; cents where it is below a hundred dollars.

    >>> dollars(123450)
    '$1,235'
    """
    if abs(cents) < 10_000:
        return f"${cents // 100}.{cents % 100:02}" if cents else "$0"
    return f"${(cents + 50) // 100:,}"


def decimal_text(cents: int) -> str:
    """An amount as a decimal with two places, as in JSON."""
    return str(Decimal(cents).scaleb(-2))


def many(count: int, noun: str, plural: str | None = None) -> str:
    """A count with its noun: "1 claim", "2,000 claims"."""
    return f"{count:,} {noun if count == 1 else plural or noun + 's'}"
