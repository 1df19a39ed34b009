"""Codes: written sets of codes of one system, decided by text alone.

In:   codes in normal form (vocabulary.systems).    Out: `TextSet`, its entries, and what is wrong with an entry.
Uses: vocabulary, tables.faults.    Used by: tables.notation, tables.index, tables.catalogue; model, plan, explain.
Not here: the notation of a cell (notation); whether a code exists (catalogue); sets taken `from TABLE` (model).

Order and prefix are those of the normal form: `E11.9` is `E119`. A set never asks a catalogue.
"""

import re
from bisect import bisect_right
from collections.abc import Iterable
from functools import cached_property
from operator import contains
from typing import Final, Protocol

from msgspec import Struct

from sequela.engine.tables.faults import CellFault, FaultKind
from sequela.engine.vocabulary.systems import System, dot_fits, has_shape, normal, printed

LETTERED: Final = frozenset({System.HCPCS, System.CPT})
"""Systems where every code of a range has its letters in the same places as both ends."""

PARTLY: Final = frozenset({System.ICD10PCS, System.TAXONOMY})
"""Systems of one length where the end of a range may be the beginning of codes: `0210 .. 0213`."""

EXAMPLES: Final[dict[System, str]] = {
    System.ICD10CM: "E119",
    System.ICD10PCS: "0DTJ4ZZ",
    System.HCPCS: "99213",
    System.CPT: "99213",
    System.MODIFIER: "25",
    System.POS: "11",
    System.REVENUE: "0450",
    System.DRG: "470",
    System.NDC: "00002322730",
    System.TAXONOMY: "207Q00000X",
    System.SPECIALTY: "08",
    System.CONDITION: "44",
    System.OCCURRENCE: "11",
    System.VALUE: "80",
    System.BILL_TYPE: "0111",
    System.ADMIT_TYPE: "1",
    System.DISCHARGE_STATUS: "01",
}
"""One well-formed code of each system, in normal form, for hints."""

BEYOND: Final = "\U0010ffff"
"""Sorts after every character of a code: what is below `E13` are the texts from `E13` to `E13` + BEYOND."""

_FEW = 3  # entries that are quicker asked one by one
_CHARACTERS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_PLACES = str.maketrans(_CHARACTERS, "9" * 10 + "A" * 26)
_PATTERN = re.compile(r"(?:[0-9A-Z?]|\[(?:[0-9A-Z](?:-[0-9A-Z])?)+\])+")
_PLACE = re.compile(r"\[[^\]]*\]|.")
_SPAN = re.compile(r"([0-9A-Z])-([0-9A-Z])")


def letter_places(code: str) -> str:
    """Where the letters of a code stand: `9999A` for `0001T`.

    >>> letter_places("J0120")
    'A9999'
    """
    return code.translate(_PLACES)


class ExactCode(Struct, frozen=True):
    """`E11.9`: that code alone. `code` is in normal form."""

    code: str
    system: System

    @property
    def written(self) -> str:
        """As an author writes it, with the dot of ICD-10-CM."""
        return printed(self.system, self.code)

    def holds(self, code: str) -> bool:
        """Whether `code`, in normal form, is this code."""
        return code == self.code


class UnderCode(Struct, frozen=True):
    """`under E11`: that code and every code below it. `code` is in normal form."""

    code: str
    system: System

    @property
    def written(self) -> str:
        """As an author writes it."""
        return f"under {printed(self.system, self.code)}"

    def holds(self, code: str) -> bool:
        """Whether `code`, in normal form, is this code or below it."""
        return code.startswith(self.code)


class CodeRange(Struct, frozen=True):
    """`E08 .. E13`: every code that sorts from `low` up to `high`, and all below `high`; both in normal form."""

    low: str
    high: str
    system: System

    @property
    def written(self) -> str:
        """As an author writes it."""
        return f"{printed(self.system, self.low)} .. {printed(self.system, self.high)}"

    def holds(self, code: str) -> bool:
        """Whether `code`, in normal form, is in the range; for HCPCS its letters stand where those of the ends do.

        >>> CodeRange("0001T", "0010T", System.HCPCS).holds("00051")
        False
        """
        if not self.low <= code <= self.high + BEYOND:
            return False
        return self.system not in LETTERED or letter_places(code) == letter_places(self.low)


class LikePattern(Struct, frozen=True, dict=True):
    """`like "S52.???A"`: every code of that form; `pattern` is upper case and without the dot."""

    pattern: str
    system: System

    @cached_property
    def _allowed(self) -> tuple[str, ...]:
        """The characters that may stand in each place."""
        return tuple(_characters(place) for place in self.places)

    @property
    def places(self) -> tuple[str, ...]:
        """The pattern place by place: `S`, `5`, `[12]`, `?`."""
        return tuple(_PLACE.findall(self.pattern))

    @property
    def beginning(self) -> str:
        """What every code of that form begins with: `S52`; may be empty."""
        return re.split(r"[?\[]", self.pattern, maxsplit=1)[0]

    @property
    def written(self) -> str:
        """As an author writes it, with the dot of ICD-10-CM after the third place."""
        places = self.places
        dot = "." if self.system is System.ICD10CM and len(places) > 3 else ""
        return f'like "{"".join(places[:3])}{dot}{"".join(places[3:])}"'

    def holds(self, code: str) -> bool:
        """Whether the whole of `code`, in normal form, has this form."""
        return len(code) == len(self._allowed) and all(map(contains, self._allowed, code))


def _characters(place: str) -> str:
    """The characters that a place of a pattern allows; none where a range in it stands the wrong way round."""
    if place == "?":
        return _CHARACTERS
    if not place.startswith("["):
        return place
    spans = _SPAN.findall(place)
    within = "".join(character for low, high in spans for character in _CHARACTERS if low <= character <= high)
    return within + _SPAN.sub("", place[1:-1])


Entry = ExactCode | UnderCode | CodeRange | LikePattern


class KnownCodes(Protocol):
    """What `expand` needs to know of a catalogue: its codes in normal form, each once, in its order."""

    @property
    def codes(self) -> tuple[str, ...]:
        """The codes in normal form."""
        ...


class EntryCount(Struct, frozen=True):
    """One entry of a set as written, with how many codes of a catalogue it holds; None where no catalogue is there."""

    entry: Entry
    written: str
    count: int | None
    subtracts: bool


class _Members:
    """Entries made ready for a quick yes or no: one set probe, one bisect, few patterns."""

    __slots__ = ("_exact", "_patterns", "_spans", "_spans_by_places")

    def __init__(self, entries: Iterable[Entry]) -> None:
        exact: set[str] = set()
        spans: list[tuple[str, str]] = []
        by_places: dict[str, list[tuple[str, str]]] = {}
        patterns: list[LikePattern] = []
        for entry in entries:
            match entry:
                case ExactCode():
                    exact.add(entry.code)
                case UnderCode():
                    spans.append((entry.code, entry.code + BEYOND))
                case CodeRange() if entry.system in LETTERED:
                    by_places.setdefault(letter_places(entry.low), []).append((entry.low, entry.high + BEYOND))
                case CodeRange():
                    spans.append((entry.low, entry.high + BEYOND))
                case LikePattern():
                    patterns.append(entry)
        self._exact = frozenset(exact)
        self._spans = _merged(spans)
        self._spans_by_places = {places: _merged(found) for places, found in by_places.items()}
        self._patterns = tuple(patterns)

    def hold(self, code: str) -> bool:
        if code in self._exact:
            return True
        if self._spans[0] and _within(self._spans, code):
            return True
        if self._spans_by_places:
            spans = self._spans_by_places.get(letter_places(code))
            if spans is not None and _within(spans, code):
                return True
        return any(pattern.holds(code) for pattern in self._patterns)


def _merged(spans: list[tuple[str, str]]) -> tuple[list[str], list[str]]:
    """Lows and highs, in order, of the spans with overlapping ones made one."""
    lows: list[str] = []
    highs: list[str] = []
    for low, high in sorted(spans):
        if highs and low <= highs[-1]:
            highs[-1] = max(highs[-1], high)
        else:
            lows.append(low)
            highs.append(high)
    return lows, highs


def _within(spans: tuple[list[str], list[str]], code: str) -> bool:
    at = bisect_right(spans[0], code) - 1
    return at >= 0 and code <= spans[1][at]


class TextSet(Struct, frozen=True, dict=True):
    """A written set of codes of one system: what its entries hold, less what its exceptions hold."""

    system: System
    entries: tuple[Entry, ...]
    exceptions: tuple[Entry, ...] = ()

    @property
    def written(self) -> str:
        """The set in its own notation, with dots: `under E11, E12.9 except E11.0`."""
        held = ", ".join(entry.written for entry in self.entries)
        if not self.exceptions:
            return held
        return f"{held} except {', '.join(entry.written for entry in self.exceptions)}"

    def contains(self, code: str) -> bool:
        """Whether `code`, in normal form, is in the set."""
        if len(self.entries) <= _FEW and not self.exceptions:
            return any(entry.holds(code) for entry in self.entries)
        held, excepted = self._ready
        return held.hold(code) and not excepted.hold(code)

    @cached_property
    def _ready(self) -> tuple[_Members, _Members]:
        """Most lists of a large table are never asked: what makes the answer quick is made at the first question."""
        return _Members(self.entries), _Members(self.exceptions)

    def entry_of(self, code: str) -> Entry | None:
        """The first entry, as written, that holds `code`, whether or not an exception takes it out again."""
        return next((entry for entry in self.entries if entry.holds(code)), None)

    def exception_of(self, code: str) -> Entry | None:
        """The first exception, as written, that takes `code` out."""
        return next((entry for entry in self.exceptions if entry.holds(code)), None)

    def expand(self, catalogue: KnownCodes | None) -> tuple[str, ...]:
        """The codes in the set, in normal form: those of the catalogue, in its order.

        Without a catalogue only the codes that stand alone can be listed, in the order written.
        """
        if catalogue is not None:
            return tuple(code for code in catalogue.codes if self.contains(code))
        alone = dict.fromkeys(entry.code for entry in self.entries if isinstance(entry, ExactCode))
        return tuple(code for code in alone if self.contains(code))

    def counts(self, catalogue: KnownCodes | None) -> tuple[EntryCount, ...]:
        """Each entry, then each exception, with the number of the catalogue's codes that it holds by itself.

        Without a catalogue the count is 1 for a code that stands alone and None for everything else.
        """
        return tuple(
            EntryCount(entry, entry.written, _count(entry, catalogue), subtracts)
            for entries, subtracts in ((self.entries, False), (self.exceptions, True))
            for entry in entries
        )


def _count(entry: Entry, catalogue: KnownCodes | None) -> int | None:
    if catalogue is None:
        return 1 if isinstance(entry, ExactCode) else None
    return sum(entry.holds(code) for code in catalogue.codes)


def begins_code(system: System, beginning: str) -> bool:
    """Whether a code of `system` can begin with `beginning`; ICD-10-CM codes are counted from the category on.

    >>> begins_code(System.REVENUE, "045"), begins_code(System.ICD10CM, "E1")
    (True, False)
    """
    if system is System.ICD10CM:
        return has_shape(system, beginning)
    return bool(beginning) and has_shape(system, beginning + EXAMPLES[system][len(beginning) :])


def code_fault(system: System, code: str, *, beginning: bool = False) -> CellFault | None:
    """What is wrong with `code`, in normal form, as a code of `system` or as the beginning of one; None if nothing."""
    if begins_code(system, code) if beginning else has_shape(system, code):
        return None
    padded = code.zfill(len(EXAMPLES[system]))
    hint = f"A code of {system.value} looks like {printed(system, EXAMPLES[system])}."
    if code.isdigit() and len(code) < len(padded) and system is not System.HCPCS and has_shape(system, padded):
        hint = f"Leading zeros belong to a code: was `{padded}` meant?"
    of_others = [other for other in (System.ICD10CM, System.HCPCS) if has_shape(other, code)]
    if len(of_others) == 1:
        hint = f"It has the form of a code of {of_others[0].value}. {hint}"
    shown = printed(system, code) if code[:1].isalpha() else code
    return CellFault(FaultKind.NOT_A_CODE, f"`{shown}` is not a code of {system.value}.", hint)


def entry_fault(entry: Entry) -> CellFault | None:
    """What is wrong with one entry of a written set; None if nothing.

    A code that is not of the system's form; a range whose ends stand the wrong way round, are not whole codes, or, in
    HCPCS, do not have their letters in the same places; a pattern that is not one, or of a length that no code has.
    """
    match entry:
        case ExactCode(code=code, system=system):
            return code_fault(system, code)
        case UnderCode(code=code, system=system):
            return code_fault(system, code, beginning=True)
        case CodeRange():
            return _range_fault(entry)
        case LikePattern():
            return _pattern_fault(entry)


def _range_fault(entry: CodeRange) -> CellFault | None:
    system = entry.system
    for end in (entry.low, entry.high):
        fault = code_fault(system, end, beginning=system in PARTLY)
        if fault is not None:
            return fault
    low, high = printed(system, entry.low), printed(system, entry.high)
    if entry.low > entry.high:
        hint = f"Write `{high} .. {low}`."
        return CellFault(FaultKind.NOT_A_RANGE, f"The range `{low} .. {high}` stands the wrong way round.", hint)
    if system in LETTERED and letter_places(entry.low) != letter_places(entry.high):
        message = f"The ends of the range `{low} .. {high}` do not have their letters in the same places."
        return CellFault(FaultKind.NOT_A_RANGE, message, "Write one range for each form of code.")
    return None


def _pattern_fault(entry: LikePattern) -> CellFault | None:
    system, shown = entry.system, entry.written
    lengths = (3, 7) if system is System.ICD10CM else (len(EXAMPLES[system]),) * 2
    if system is System.SPECIALTY:
        lengths = (2, 3)
    if not lengths[0] <= len(entry.places) <= lengths[1]:
        message = f"No code of {system.value} has {len(entry.places)} characters, as `{shown}` asks."
        return CellFault(FaultKind.NOT_A_PATTERN, message, "`?` stands for exactly one character.")
    for low, high in _SPAN.findall(entry.pattern):
        if low > high or low.isdigit() != high.isdigit():
            message = f"`{low}-{high}` in `{shown}` does not run from a lower to a higher character."
            return CellFault(FaultKind.NOT_A_PATTERN, message, "Write `[1-4]`, `[A-D]` or `[1A]`.")
    return None


def like_pattern(system: System, text: str) -> LikePattern | CellFault:
    """The pattern that `text`, without its quotes, writes: `S52.???A`; or what is wrong with it."""
    pattern = normal(system, text)
    head = _PLACE.findall(normal(system, text.partition(".")[0]))
    if _PATTERN.fullmatch(pattern) is None or ("." in text and not dot_fits(system, f"{'?' * len(head)}.")):
        hint = 'Use letters, digits, `?` for one character and `[1-4]` for one of a range: like "S52.???A".'
        return CellFault(FaultKind.NOT_A_PATTERN, f'`like "{text}"` is not a pattern of codes.', hint)
    entry = LikePattern(pattern, system)
    return _pattern_fault(entry) or entry
