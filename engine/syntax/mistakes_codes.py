"""Mistakes of codes, sets, dates and numbers.

In:   a fault.                Out: the mistake, where it is one of these.
Uses: fault, scan.            Used by: mistakes.
"""

import re
from calendar import monthrange
from collections.abc import Callable
from datetime import date
from typing import Final

from sequela.engine.diagnostics.suggest import distance
from sequela.engine.syntax.fault import Fault, Mistake
from sequela.engine.syntax.mistakes_signs import DASHES
from sequela.engine.syntax.reserved import OPENERS
from sequela.engine.syntax.scan import is_date

_LOWER_CODE: Final = re.compile(r"(?=[^a-z]*[a-z])[A-Za-z]?[0-9][0-9A-Za-z]{0,2}[0-9A-Za-z]*(\.[0-9A-Za-z]{1,4})?")
_QUOTED_CODE: Final = re.compile(r'"([A-Z0-9]+(?:\.[A-Z0-9]+)?)"')
_JOINED_CODES: Final = re.compile(r"([A-Z0-9.]{2,})[-/]([A-Z0-9.]{2,})")
_MONTHS: Final = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_NUMBERS: Final = {word: str(n) for n, word in enumerate(
    ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")
)} | {"once": "1", "twice": "2", "thirty": "30", "sixty": "60", "ninety": "90"}  # fmt: skip
_UNITS: Final = {
    "week": "7 days",
    "weeks": "7 days",
    "hour": "days",
    "hours": "days",
    "quarter": "3 months",
    "quarters": "3 months",
}
_TO: Final = frozenset(("to", "through", "thru", "until", "up", "till", ":", "~")) | DASHES


def codes(fault: Fault) -> Mistake | None:
    """The mistake in a code, a set, a date or a number, at the fault."""
    for recognise in _RECOGNISERS:
        mistake = recognise(fault)
        if mistake is not None:
            return mistake
    return None


# ---------------------------------------------------------------- dates


def _dates(fault: Fault) -> Mistake | None:
    text = fault.text()
    if re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text) and not is_date(text):
        return _no_day(fault, text)
    end, candidates = _other_date(fault)
    if not candidates or not (fault.can("DATE") or not getattr(fault.at(), "fits", ())):
        return None
    said = fault.said(0, end)
    hint = " or ".join(f"`{day.isoformat()}` ({day:%B} {day.day})" for day in candidates)
    return fault.mistake(
        "SEQ132",
        f"A date is written year, month, day, as in 2026-03-02; `{said}` is not.",
        hint=f"Write {hint}.",
        last=end,
        by=(candidates[0].isoformat(),),
    )


def _no_day(fault: Fault, text: str) -> Mistake:
    year, month, day = (int(part) for part in text.split("-"))
    if not 1 <= month <= 12:
        why = f"there is no month {month}"
    elif year == 0:
        why = "there is no year 0"
    else:
        why = f"{date(2000, month, 1):%B} {year} has {monthrange(year, month)[1]} days" if day else "there is no day 0"
    return fault.mistake("SEQ133", f"`{text}` is no day of the calendar: {why}.", by=("2026-01-01",))


def _other_date(fault: Fault) -> tuple[int, list[date]]:
    """The offset after a date in another form, and the days that it may mean."""
    text = fault.text()
    if match := re.fullmatch(r"([0-9]{1,4})[-/.]([0-9]{1,2})[-/.]([0-9]{1,4})", text):
        one, two, three = match.groups()
        if len(one) > 2:
            return 1, _days((one, two, three))
        return 1, _days((three, one, two), (three, two, one)) if len(three) in (2, 4) else []
    if re.fullmatch(r"(19|20)[0-9]{6}", text) and fault.can("DATE"):
        return 1, _days((text[:4], text[4:6], text[6:]))
    if match := re.fullmatch(r"([0-9]{4}-[0-9]{2}-[0-9]{2})T[0-9]+", text):
        end = 1
        while fault.text(end) == ":" or (fault.text(end - 1) == ":" and fault.text(end)[:1].isdigit()):
            end += 1
        return end, _days(tuple(match[1].split("-")))
    words = [fault.text(offset).lower() for offset in range(4)]
    if words[0][:3] in _MONTHS and words[0].isalpha() and len(words[0]) in range(3, 10) and words[1].isdigit():
        at = 3 if words[2] == "," else 2
        return at + 1, _days((words[at] if at < 4 else "", str(_MONTHS.index(words[0][:3]) + 1), words[1]))
    if words[0].isdigit() and words[1][:3] in _MONTHS and words[2].isdigit() and fault.can("DATE"):
        return 3, _days((words[2], str(_MONTHS.index(words[1][:3]) + 1), words[0]))
    return 1, []


def _days(*forms: tuple[str, ...]) -> list[date]:
    found: list[date] = []
    for year, month, day in forms:
        if not (year.isdigit() and month.isdigit() and day.isdigit()):
            continue
        full = f"20{year}" if len(year) == 2 else year
        text = f"{full}-{month:0>2}-{day:0>2}"
        if len(text) == 10 and is_date(text) and date.fromisoformat(text) not in found:
            found.append(date.fromisoformat(text))
    return found


def _period(fault: Fault) -> Mistake | None:
    """`effective 2026-01-01` alone, `effective from 2026-01-01`."""
    text = fault.text()
    if (
        fault.can("DATE")
        and re.fullmatch(r"(19|20)[0-9]{2}", text)
        and fault.text(-1) in ("covers", "effective", "force")
    ):
        return fault.mistake(
            "SEQ198",
            "A period goes from a day to a day.",
            hint=f"Write `{text}-01-01 to {text}-12-31`.",
            by=(f"{text}-01-01", "to", f"{text}-12-31"),
        )
    if fault.can("DATE") and text in ("from", "since", "starting", "as", "beginning", "on", "after", "before", "until"):
        end = 1
        while fault.text(end) in ("of", "on"):
            end += 1
        return fault.mistake(
            "SEQ198",
            f"No `{fault.said(0, end)}` stands before the first day.",
            hint="Write `2026-01-01 onward`, or `2026-01-01 to 2026-12-31`.",
            last=end,
            by=(),
        )
    if fault.can("ONWARD"):
        day = fault.said(-1, 0)
        if distance(text, "onward", 2) is not None or text in (
            "onwards",
            "on",
            "forward",
            "present",
            "ongoing",
            "forever",
            "open",
            "after",
            "later",
        ):
            return fault.mistake(
                "SEQ198", f"`{text}` is written `onward`.", hint=f"Write `{day} onward`.", by=("onward",)
            )
        if text in _TO - {"to"} or text in ("and", ".."):
            return fault.mistake(
                "SEQ198",
                f"`{text}` is written `to` in a period.",
                hint=f"Write `{day} to {fault.said(1, 2) or '…'}`.",
                by=("to",),
            )
        if fault.at(0) is not None and "DATE" in getattr(fault.at(0), "fits", ()):
            return fault.mistake(
                "SEQ198", "`to` is missing between two days.", hint=f"Write `{day} to {text}`.", last=0, by=("to",)
            )
        return fault.mistake(
            "SEQ198",
            f"The period that begins on {day} has no end.",
            hint=f"Write `{day} onward`, or `{day} to …`.",
            last=0,
            at=fault.span(-1, 0),
            by=("onward",),
        )
    if fault.text(-1) == "to" and fault.can("DATE") and text in ("present", "onward", "now", "date", "open", "ongoing"):
        return fault.mistake(
            "SEQ198", f"`to {text}` is written `onward`.", hint="Write `… onward`.", by=("9999-12-31",)
        )
    return None


# ---------------------------------------------------------------- numbers


def _numbers(fault: Fault) -> Mistake | None:
    text = fault.text()
    if fault.can_any(("WHOLE", "AMOUNT")):
        if text.lower() in _NUMBERS:
            return fault.mistake(
                "SEQ136", f"A number is written in digits: `{_NUMBERS[text.lower()]}`.", by=(_NUMBERS[text.lower()],)
            )
        if "AMOUNT" in getattr(fault.at(), "fits", ()) or re.fullmatch(r"-[0-9.]+", text):
            whole = re.sub(r"\..*|-", "", text) or "1"
            return fault.mistake(
                "SEQ136", f"A whole number stands here, and `{text}` is none.", hint=f"Write `{whole}`.", by=(whole,)
            )
    if text == "," and fault.text(-1).isdigit() and re.fullmatch(r"[0-9]{3}(\.[0-9]+)?", fault.text(1)):
        comma, before, after = fault.at(), fault.at(-1), fault.at(1)
        if (
            comma
            and before
            and after
            and before.end == comma.start
            and comma.end == after.start
            and not fault.can("COMMA")
        ):
            whole = before.text + after.text
            return fault.mistake(
                "SEQ134", "A number stands without commas.", hint=f"Write `{whole}`.", first=-1, last=2, by=(whole,)
            )
    if fault.can("DAYS") or fault.can("DAY"):
        return _units(fault)
    return None


def _units(fault: Fault) -> Mistake | None:
    text, amount = fault.text(), fault.text(-1)
    if text in ("day", "month", "year"):
        return fault.mistake(
            "SEQ137", f"After {amount} stands `{text}s`.", hint=f"Write `{amount} {text}s`.", by=(f"{text}s",)
        )
    if text in ("days", "months", "years") and amount == "1":
        return fault.mistake(
            "SEQ137", f"After 1 stands `{text[:-1]}`.", hint=f"Write `1 {text[:-1]}`.", by=(text[:-1],)
        )
    unit = "day" if amount == "1" else "days"
    if text in ("calendar", "business", "working", "consecutive"):
        return fault.mistake("SEQ137", f"There are no {text} days, only `days`.", hint=f"Leave `{text}` away.", by=())
    if text in _UNITS:
        return fault.mistake(
            "SEQ137", f"`{text}` is no unit of time here.", hint="Count in `days`, `months` or `years`.", by=(unit,)
        )
    if text in ("before", "after", "of"):
        return fault.mistake(
            "SEQ137",
            f"A unit is missing after {amount}.",
            hint=f"Write `{amount} {unit}`, or months, or years.",
            last=0,
            at=fault.span(-1, 0),
            by=(unit,),
        )
    return None


# ---------------------------------------------------------------- codes


def _codes(fault: Fault) -> Mistake | None:
    token = fault.at()
    if token is None or not (fault.can("CODE") or fault.can("LINE_CODE")):
        return None
    text = token.text
    if match := _QUOTED_CODE.fullmatch(text):
        return fault.mistake("SEQ131", "A code stands without quotes.", hint=f"Write `{match[1]}`.", by=(match[1],))
    if _LOWER_CODE.fullmatch(text):
        return fault.mistake("SEQ130", f"A code is written in capitals: `{text.upper()}`.", by=(text.upper(),))
    if (match := _JOINED_CODES.fullmatch(text)) and fault.tokens[0].text != "adjustment":
        low, high = match.groups()
        if fault.word == "codes" or fault.start == "table_clause":
            return fault.mistake(
                "SEQ161",
                "A range of codes is written with two dots.",
                hint=f"Write `{low} .. {high}`.",
                by=(low, "..", high),
            )
        return fault.mistake(
            "SEQ161",
            f"`{text}` is no code.",
            hint=f"A modifier is asked for by itself: `visit has modifier {high}`.",
            by=(low,),
        )
    return None


def _ranges(fault: Fault) -> Mistake | None:
    text = fault.text()
    if text.startswith("...") or (text and set(text) == {"…"} and len(text) > 1):
        alone = fault.index == 0 and fault.at(1) is None
        by = ("A00",) if alone else ("..",)
        return fault.mistake("SEQ161", "A range of codes is written with two dots.", hint="Write `..`.", by=by)
    if fault.can("DOTS") and text in _TO and not (fault.can("TO") or fault.can("COLUMN")):
        low, high = fault.said(-1, 0), fault.said(1, 2) or "…"
        return fault.mistake(
            "SEQ161", "A range of codes is written with two dots.", hint=f"Write `{low} .. {high}`.", by=("..",)
        )
    if text in ("..", "…") and fault.can("CODE", "UNDER"):
        high = fault.said(1, 2) or "E13"
        return fault.mistake(
            "SEQ160",
            "A range of codes has two ends, and this one has no first.",
            hint=f"Write `E08 .. {high}`.",
            last=0,
            by=("A00",),
        )
    if fault.text(-1) in ("..", "…") and fault.can("CODE"):
        low = fault.said(-2, -1)
        return fault.mistake(
            "SEQ160",
            "A range of codes has two ends, and this one has no last.",
            hint=f"Write `{low} .. …`, or `under {low}`.",
            last=0,
            at=fault.span(-2, 0),
            by=("Z99",),
        )
    return None


def _wildcards(fault: Fault) -> Mistake | None:
    """`E11*`, `E11.-`, `E11.x`."""
    before, text = fault.at(-1), fault.text()
    if before is None or "CODE" not in before.fits or text not in ("*", "?", ".", "%", "#") or not fault.can("DOTS"):
        return None
    here = fault.at()
    if here is None or before.end != here.start:
        return None
    end = 1
    while (
        (token := fault.at(end)) is not None
        and token.start == fault.tokens[fault.index + end - 1].end
        and not token.fits
    ):
        end += 1
    return fault.mistake(
        "SEQ162",
        f"`{fault.said(-1, end)}` is no code.",
        hint=f'Every code below it is `under {before.text}`; a pattern is `like "{before.text}.?"`.',
        first=-1,
        last=end,
        by=("under", before.text),
    )


# ---------------------------------------------------------------- sets


def _entries(fault: Fault) -> Mistake | None:
    token = fault.at()
    if fault.start != "entry" or token is None:
        return None
    if token.text in ("not", "excluding", "without", "minus", "but", "exclude", "excludes"):
        return fault.mistake(
            "SEQ165",
            f"`{token.text}` is written `except`; it stands once, after the last entry.",
            opens="except",
            hint="Write `except …`.",
        )
    if token.text.startswith('"') and fault.index:
        return fault.mistake(
            "SEQ199",
            "No description stands beside a code.",
            hint="What a code means stands in a table; a remark stands after `#`.",
            by=(),
        )
    if fault.index and (token.fits[:1] == ("CODE",) or "CODE" in token.fits or token.text in ("under", "like", "from")):
        return fault.mistake(
            "SEQ164",
            f"A comma is missing before `{fault.said(0, 1)}`.",
            hint="The entries of a set are parted by commas.",
            last=0,
            at=token.span,
            opens=",",
        )
    if token.text in ("and", "or", "&", "+"):
        return fault.mistake(
            "SEQ164",
            f"The entries of a set are parted by commas, not by `{token.text}`.",
            hint="Write a comma.",
            opens=",",
            last=1,
        )
    if token.text in ("codes", "code", "all", "any", "everything") and token.text not in OPENERS - {"codes"}:
        return fault.mistake(
            "SEQ164",
            f"`{token.text}` is no entry of a set.",
            hint="Write a code, `under` a code, a range or the name of a set.",
            by=("A00",) if fault.index == 0 and fault.at(1) is None else (),
        )
    return None


_RECOGNISERS: Final[tuple[Callable[[Fault], Mistake | None], ...]] = (
    *(_dates, _period, _numbers, _wildcards, _ranges, _codes, _entries),
)
