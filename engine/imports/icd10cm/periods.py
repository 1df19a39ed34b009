"""Periods: what codes are valid when, and what that says of their headings and of codes that are not valid as written.

In:   for each billable code the periods in which it is valid.    Out: `Period`, `merged`, `headings`, `incomplete_codes`.
Uses: nothing.        Used by: imports.icd10cm.drafts; tests/rebuild.
Not here: where the periods come from (an edition, or the editor's own dates).

Whatever a valid code begins with is a heading on that day, or the code without its placeholder; it needs more characters. Where
only the seventh is missing, that is said; and a seventh character that stands too early (T15.02A) lacks its X (T15.02XA).
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import Final

from attrs import frozen

MORE: Final = "needs more characters"
SEVENTH: Final = "needs a 7th character"
PLACEHOLDER: Final = "needs the placeholder X"
ENDED: Final = "has ended"
NOT_YET: Final = "is not valid yet"

_FEW: Final = 8
"""Of the codes below a heading, so many of the nearest (the shortest, then by text) are named."""
_MOST: Final = 16
"""Where the seventh character is missing, all are named: a fracture has sixteen."""
_DAY: Final = timedelta(days=1)
_FULL: Final = 7
_CATEGORY: Final = 3


@frozen(order=True)
class Period:
    """From a first to a last day, both included; no last day is open."""

    start: date
    end: date | None = None

    def includes(self, other: "Period") -> bool:
        """Whether it holds every day of another period."""
        return self.start <= other.start and (self.end is None or (other.end is not None and other.end <= self.end))


Periods = Mapping[str, Sequence[Period]]


@frozen
class Incomplete:
    """A code as some write it, why it is not valid during a period, and the nearest valid ones, in normal form.

    `day` is the last day on which an ended code was valid, or the first of one that is not valid yet.
    """

    written: str
    why: str
    codes: tuple[str, ...]
    period: Period
    day: date | None = None


def merged(periods: Iterable[Period]) -> tuple[Period, ...]:
    """Periods in order, with those that touch or overlap made one."""
    found: list[Period] = []
    for period in sorted(periods, key=lambda one: one.start):
        last = found[-1] if found else None
        if last is not None and (last.end is None or period.start <= last.end + _DAY):
            ends = None if last.end is None or period.end is None else max(last.end, period.end)
            found[-1] = Period(last.start, ends)
        else:
            found.append(period)
    return tuple(found)


def without(periods: Sequence[Period], taken: Sequence[Period]) -> tuple[Period, ...]:
    """What is left of periods when others are taken out of them."""
    left = list(merged(periods))
    for cut in taken:
        rest: list[Period] = []
        for one in left:
            if (cut.end is not None and cut.end < one.start) or (one.end is not None and one.end < cut.start):
                rest.append(one)
                continue
            if one.start < cut.start:
                rest.append(Period(one.start, cut.start - _DAY))
            if cut.end is not None and (one.end is None or cut.end < one.end):
                rest.append(Period(cut.end + _DAY, one.end))
        left = rest
    return tuple(left)


def headings(valid: Periods) -> dict[str, tuple[Period, ...]]:
    """For whatever valid codes begin with, from three characters on: when it was a beginning and no valid code itself."""
    found: dict[str, list[Period]] = {}
    for code, periods in valid.items():
        for length in range(_CATEGORY, len(code)):
            found.setdefault(code[:length], []).extend(periods)
    left = {code: without(periods, valid.get(code, ())) for code, periods in found.items()}
    return {code: periods for code, periods in left.items() if periods}


def incomplete_codes(valid: Periods, known: Period) -> Iterator[Incomplete]:
    """Every beginning of a valid code, every seventh character that stands too early, and every code before and after the
    periods in which it is valid, in order of text; `known` is the time of which the periods speak.
    """
    beginnings = headings(valid)
    below: dict[str, list[str]] = {}
    for code in sorted(valid):
        for length in range(_CATEGORY, len(code)):
            below.setdefault(code[:length], []).append(code)
    early: dict[str, str] = {}
    for code in valid:
        early.update((written, code) for written in _too_early(code) if written not in valid and written not in below)
    for written in sorted({*beginnings, *early, *valid}):
        if written in early:
            code = early[written]
            yield from (Incomplete(written, PLACEHOLDER, (code,), period) for period in merged(valid[code]))
            continue
        if written in beginnings:
            yield from _of_beginning(written, below[written], valid, beginnings[written])
        if written in valid:
            yield from _before_and_after(written, valid[written], beginnings.get(written, ()), known)


def _before_and_after(
    code: str, periods: Sequence[Period], headed: Sequence[Period], known: Period
) -> Iterator[Incomplete]:
    """A row for each time in which a code was valid once, or will be; where it is a heading meanwhile, that is said."""
    for gap in without([known], [*periods, *headed]):
        before = [period.end for period in periods if period.end is not None and period.end < gap.start]
        after = [period.start for period in periods if period.start > gap.start]
        if before:
            yield Incomplete(code, ENDED, (), gap, max(before))
        elif after:
            yield Incomplete(code, NOT_YET, (), gap, min(after))


def _of_beginning(
    written: str, below: Sequence[str], valid: Periods, periods: Sequence[Period]
) -> Iterator[Incomplete]:
    """A row for each stretch of time in which the nearest codes are the same."""
    current: Incomplete | None = None
    for stretch in _stretches(below, valid, periods):
        codes = [code for code in below if any(period.includes(stretch) for period in valid[code])]
        why, named = _nearest(written, codes)
        if current is not None and (current.why, current.codes) == (why, named) and _touch(current.period, stretch):
            current = Incomplete(written, why, named, Period(current.period.start, stretch.end))
            continue
        if current is not None:
            yield current
        current = Incomplete(written, why, named, stretch)
    if current is not None:
        yield current


def _stretches(below: Sequence[str], valid: Periods, periods: Sequence[Period]) -> Iterator[Period]:
    """Periods cut wherever a code below begins or ends."""
    cuts = {period.start for code in below for period in valid[code]}
    cuts |= {period.end + _DAY for code in below for period in valid[code] if period.end is not None}
    for period in periods:
        inside = sorted(cut for cut in cuts if period.start < cut and (period.end is None or cut <= period.end))
        starts = [period.start, *inside]
        ends = [*(cut - _DAY for cut in inside), period.end]
        yield from map(Period, starts, ends)


def _nearest(written: str, codes: Sequence[str]) -> tuple[str, tuple[str, ...]]:
    filled = written.ljust(_FULL - 1, "X")
    if codes and all(len(code) == _FULL and code.startswith(filled) for code in codes):
        return SEVENTH, tuple(codes[:_MOST])
    return MORE, tuple(sorted(codes, key=lambda code: (len(code), code))[:_FEW])


def _too_early(code: str) -> Iterator[str]:
    """The code with its seventh character in the place of an X: `T1502A` for `T1502XA`, `T07A` and `T07XA` for `T07XXXA`."""
    if len(code) != _FULL:
        return
    base = code[: _FULL - 1].rstrip("X")
    for filled in range(max(len(base), _CATEGORY), _FULL - 1):
        yield base.ljust(filled, "X") + code[-1]


def _touch(first: Period, second: Period) -> bool:
    return first.end is not None and first.end + _DAY == second.start
