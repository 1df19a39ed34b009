"""Charges: how much money several findings of one claim are about, when each line counts once.

In:   of each finding the lines it is about, and the charge of these.    Out: cents.
Uses: nothing.                                                         Used by: summary.failures.

A finding says the charge of its lines together; what one line costs is known where a finding is about it alone, or follows from
others.
"""

from collections.abc import Sequence
from functools import lru_cache

from attrs import frozen

Lines = frozenset[int]
"""Places of lines in the claim, from 0; empty: the whole claim."""

WHOLE: Lines = frozenset()


@frozen
class Touched:
    """Cents that findings are about. `is_known` is false where a charge was not sent: then it is what is known of it.

    `is_exact` is false where findings share lines of which no charge alone can be told: then a line may count twice.
    """

    cents: int
    is_known: bool = True
    is_exact: bool = True


@lru_cache(maxsize=10_000)
def lines_of(about: tuple[str, ...]) -> Lines:
    """The lines among JSON pointers; WHOLE where there is none, or one is of no line.

    >>> sorted(lines_of(("/lines/0", "/lines/2/modifiers/1")))
    [0, 2]
    >>> lines_of(("/diagnoses/0",)) == WHOLE
    True
    """
    found: set[int] = set()
    for pointer in about:
        if pointer.startswith("/lines/"):
            number = pointer.split("/", 3)[2]
            if number.isdigit():
                found.add(int(number))
    return frozenset(found)


def touched(findings: Sequence[tuple[Lines, int | None]], total: int | None = None) -> Touched:
    """What findings of one claim are about, each line once.

    Args:
        findings: of each one its lines, and the cents of these together (None: not known).
        total: the charge of the whole claim in cents, above which a sum that is not exact does not go.
    >>> touched([(frozenset({0}), 12000), (frozenset({0, 1}), 20000), (frozenset({1}), 8000)]).cents
    20000
    """
    if len(findings) == 1:
        return Touched(findings[0][1] or 0, findings[0][1] is not None)
    whole = [cents for lines, cents in findings if not lines]
    if whole:
        known = next((cents for cents in whole if cents is not None), None)
        if known is not None:
            return Touched(known)
        rest = touched([one for one in findings if one[0]], total) if len(whole) < len(findings) else Touched(0)
        return Touched(rest.cents, False, rest.is_exact)
    sets = {lines: cents for lines, cents in findings if cents is not None}
    left = {line for lines, _ in findings for line in lines} - {line for lines in sets for line in lines}
    cents, exact = _sum(sets)
    if not exact and total is not None:
        cents = min(cents, max(total, *sets.values()))
    return Touched(cents, not left, exact)


def _sum(sets: dict[Lines, int]) -> tuple[int, bool]:
    """The charge of all lines in the sets, and whether it is exact."""
    alone = {next(iter(lines)): cents for lines, cents in sets.items() if len(lines) == 1}
    priced: dict[Lines, int] = {}
    for lines in sorted((one for one in sets if len(one) > 1), key=lambda one: (len(one), sorted(one))):
        known = lines & alone.keys()
        _add(lines - known, sets[lines] - sum(alone[line] for line in known), alone, priced)
    exact = True
    covered: set[int] = set()
    cents = sum(alone.values())
    for lines, more in priced.items():
        rest = lines - alone.keys()
        if rest and not rest <= covered:
            exact = exact and rest == lines and not rest & covered
            covered |= rest
            cents += more
    return cents, exact


def _add(lines: Lines, cents: int, alone: dict[int, int], priced: dict[Lines, int]) -> None:
    """Note the charge of lines, less that of the sets within them whose charge is known already."""
    for inner in [one for one in priced if one <= lines]:
        if inner <= lines:
            lines, cents = lines - inner, cents - priced[inner]
    if len(lines) == 1:
        alone[next(iter(lines))] = max(cents, 0)
    elif lines:
        priced[lines] = max(cents, 0)
