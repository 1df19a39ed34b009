"""Editions: which release a published file is, and the dates for which it speaks, from its name and from what users write.

In:   file names and texts.    Out: `Quarter`, `ncci_version`, `date_in_name`, `quarter_in_name`, `parse_covers`, `julian_day`.
Uses: tables.model (`Covers`).    Used by: the importers, the command.
"""

import calendar
import re
from datetime import date, timedelta

from attrs import frozen

from sequela.engine.tables.model import Covers

_NCCI = re.compile(r"v(\d{2})([0-3])r(\d)", re.IGNORECASE)
_US_DATE = re.compile(r"(?<!\d)(\d{1,2})[-_](\d{1,2})[-_](\d{4})(?!\d)")
_QUARTER = re.compile(r"(?<!\d)(20\d{2})[-_ ]?Q([1-4])(?!\d)", re.IGNORECASE)
_MONTH = re.compile(
    r"(?<![a-z])(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*[-_ ]?(20\d{2})|"
    r"(20\d{2})[-_ ]?(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)",
    re.IGNORECASE,
)
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_JULIAN = re.compile(r"(\d{4})(\d{3})(?:\.0+)?")
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})(?:\.0+)?")
_FIRST_NCCI_YEAR = 1994
"""Version 32 of the NCCI is that of 2026: CMS counts one version a year, and a point for each quarter (32.0 to 32.3)."""


@frozen(order=True)
class Quarter:
    """A quarter of a year."""

    year: int
    number: int

    @property
    def name(self) -> str:
        """As a release is called: `2026q4`."""
        return f"{self.year}q{self.number}"

    @property
    def start(self) -> date:
        """Its first day."""
        return date(self.year, 3 * self.number - 2, 1)

    @property
    def end(self) -> date:
        """Its last day."""
        return month_end(self.year, 3 * self.number)

    @property
    def covers(self) -> Covers:
        """From its first to its last day."""
        return Covers(self.start, self.end)

    @classmethod
    def of(cls, on: date) -> "Quarter":
        """The quarter in which a day lies."""
        return cls(on.year, (on.month + 2) // 3)


def month_end(year: int, month: int) -> date:
    """The last day of a month."""
    return date(year, month, calendar.monthrange(year, month)[1])


def ncci_version(name: str) -> tuple[str, Quarter] | None:
    """The version in the name of an NCCI file and its quarter: `ccipra-v322r0-f1.txt` is v32.2 of 2026q3.

    >>> ncci_version("ccipra-v322r0-f1.txt")[0], ncci_version("ccipra-v322r0-f1.txt")[1].name
    ('v32.2', '2026q3')
    """
    found = _NCCI.search(name)
    if found is None:
        return None
    replacement = f"r{found[3]}" if found[3] != "0" else ""
    return f"v{found[1]}.{found[2]}{replacement}", Quarter(_FIRST_NCCI_YEAR + int(found[1]), int(found[2]) + 1)


def date_in_name(name: str) -> date | None:
    """The day in a file name that is written as CMS does: `MCR_MUE_…_Eff_10-01-2026.csv`; None where there is none."""
    for month, day, year in _US_DATE.findall(name):
        try:
            return date(int(year), int(month), int(day))
        except ValueError:
            continue
    return None


def quarter_in_name(name: str) -> Quarter | None:
    """The quarter in a file name: `AOC_V2026Q2-MCR.txt`, or that of a month in it, `PPRRVU2026_Jul`; None for none."""
    found = _QUARTER.search(name)
    if found is not None:
        return Quarter(int(found[1]), int(found[2]))
    month = _MONTH.search(name)
    if month is None:
        return None
    year, short = (month[2], month[1]) if month[1] else (month[3], month[4])
    return Quarter.of(date(int(year), _MONTHS.index(short.lower()[:3]) + 1, 1))


def parse_covers(text: str) -> Covers | None:
    """What a user writes after `--covers`: `2026-01-01..2026-03-31`, an end may be left out; None where it is not that.

    >>> parse_covers("2026-01-01..").start
    datetime.date(2026, 1, 1)
    """
    first, dots, last = text.partition("..")
    if not dots or not (first.strip() or last.strip()):
        return None
    try:
        start = date.fromisoformat(first.strip()) if first.strip() else None
        end = date.fromisoformat(last.strip()) if last.strip() else None
    except ValueError:
        return None
    return None if start is not None and end is not None and end < start else Covers(start, end)


def julian_day(text: str) -> str:
    """A day written `YYYYDDD` (the day of the year) as a table file writes it; what is not that stays as it is.

    >>> julian_day("2026032"), julian_day(""), julian_day("soon")
    ('2026-02-01', '', 'soon')
    """
    found = _JULIAN.fullmatch(text)
    if found is None:
        return text
    year, day = int(found[1]), int(found[2])
    if not 1 <= day <= 365 + calendar.isleap(year) or year < 1:
        return text
    return (date(year, 1, 1) + timedelta(days=day - 1)).isoformat()


def compact_day(text: str) -> str:
    """A day written `YYYYMMDD` as a table file writes it; what is not that stays as it is.

    >>> compact_day("20260301"), compact_day("20260231")
    ('2026-03-01', '20260231')
    """
    found = _COMPACT.fullmatch(text)
    if found is None:
        return text
    written = f"{found[1]}-{found[2]}-{found[3]}"
    try:
        date.fromisoformat(written)
    except ValueError:
        return text
    return written
