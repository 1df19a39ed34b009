"""X12 delimiters: the separators of an interchange, counted off in its ISA or guessed from its segments.

In:   the text from an ISA (or from the first segment) on.    Out: `Delimiters`, and what was wrong with the ISA.
Uses: x12_segment.                                            Used by: x12_segments.
Not here: a component separator that the file declares but does not use (x12_composites).

The ISA has sixteen elements, so the character before the first one is the element separator, the one after the
sixteenth separator is the component separator, and the next ends each segment. Counting finds them where elements
have the wrong width, too. ISA11 is the repetition separator unless it is a letter or digit, as before version 00402.
"""

import re
from collections import Counter
from typing import Final

from sequela.engine.encounter.x12_segment import WHITE, Delimiters

ISA_ELEMENTS: Final = 16
LOOK_AHEAD: Final = 4096
"""How many characters from the ISA on are enough to read its separators."""

_MARK: Final = r"[^A-Za-z0-9 \t\r\n\v\f]"
_SEGMENT_ID: Final = re.compile(r"[A-Z][A-Z0-9]{1,2}")
_SEGMENT_NAMES: Final = (
    "ISA|GS|ST|BHT|SE|GE|IEA|HL|NM1|N1|N3|N4|PER|REF|PRV|SBR|PAT|DMG|CLM|DTP|CL1|HI|LX|"
    "SV1|SV2|SV3|AMT|OI|TA1|BPR|TRN|CLP"
)
_BEGINNING: Final = re.compile(rf"(?:{_SEGMENT_NAMES})({_MARK})")
_COMPONENT: Final = re.compile(
    rf"(?:HC|ABK|ABF|BK|BF)(?![.])({_MARK})[A-Z0-9]|[0-9]{{2}}(?![.])({_MARK})[AB]\2[0-9A-Z]"
)


def begins_like_x12(text: str) -> bool:
    """Whether a text, from its first visible character on, begins with a segment that health care files begin with."""
    return _BEGINNING.match(text.lstrip(WHITE)) is not None


def find_isa(text: str) -> int:
    """Where the first ISA begins that follows other text; -1 when there is none."""
    found = re.search(rf"(?<![A-Za-z0-9])ISA({_MARK})[^\n]{{2,12}}\1", text)
    return found.start() if found else -1


def delimiters_of(text: str) -> tuple[Delimiters, str | None]:
    """The separators that the ISA at the beginning of `text` declares, and what is wrong with it (None: nothing)."""
    element = text[3]
    parts = text.split(element, ISA_ELEMENTS)
    if len(parts) <= ISA_ELEMENTS:
        count = "1 element" if len(parts) == 2 else f"{len(parts) - 1} elements"
        return guessed(text), f"the ISA has {count} instead of 16"
    if any(re.search(r"[^A-Za-z0-9 ]\s*GS$", part) for part in parts[1:ISA_ELEMENTS]):
        return guessed(text), "the ISA has fewer than 16 elements"
    after = parts[ISA_ELEMENTS]
    repetition = parts[11].strip() if parts[12].strip() >= "00402" else ""
    if len(repetition) != 1 or repetition.isalnum() or repetition in (element, after[:1]):
        repetition = ""
    component, terminator = after[:1], after[1:2]
    if not after.strip(WHITE):
        return Delimiters(element, ":", repetition, after[:1] or "~"), "ISA16, the component separator, is empty"
    if _sixteenth_is_empty(after, element):
        found = guessed(text)
        return Delimiters(element, found.component, repetition, component), "ISA16, the component separator, is empty"
    if terminator == "\r":
        terminator = "\n"
    if component.isalnum() or component in WHITE or not _goes_on(after[2:], element):
        return guessed(text), f"ISA16 and the end of the ISA cannot be told apart in `{_shown(after)}`"
    return Delimiters(element, component, repetition, terminator or "~"), None


def guessed(text: str) -> Delimiters:
    """The separators that the segments at the beginning of `text` evidently use."""
    first = _BEGINNING.match(text.lstrip(WHITE))
    element = first.group(1) if first else "*"
    sample = text[:65_536]
    ends: Counter[str] = Counter()
    pattern = rf"({_MARK}?)([ \t\r\n]*)(?<![A-Za-z0-9])(?:{_SEGMENT_NAMES}){re.escape(element)}"
    for found in re.finditer(pattern, sample):
        visible, white = found.group(1), found.group(2)
        if found.start() and (visible or "\n" in white):
            ends[visible or "\n"] += 1
    ends.pop(element, None)
    terminator = ends.most_common(1)[0][0] if ends else "~" if "~" in sample else "\n"
    components = Counter(found.group(1) or found.group(2) for found in _COMPONENT.finditer(sample))
    for taken in (element, terminator):
        components.pop(taken, None)
    component = components.most_common(1)[0][0] if components else ":"
    return Delimiters(element, component, "", terminator, declared=False)


def _sixteenth_is_empty(after: str, element: str) -> bool:
    """Whether what follows the sixteenth separator is the terminator, so that no component separator is declared."""
    following = after[1:].lstrip(WHITE)
    if not _SEGMENT_ID.match(following):
        return False
    if after[1:2] not in "\r\n":
        return _begins_segment(following, element)
    first_line = following.split("\n", 1)[0].rstrip()
    return first_line.endswith(after[0])


def _goes_on(rest: str, element: str) -> bool:
    """Whether a segment, or nothing, follows the terminator."""
    following = rest.lstrip(WHITE)
    return not following or _begins_segment(following, element)


def _begins_segment(text: str, element: str) -> bool:
    found = _SEGMENT_ID.match(text)
    return found is not None and text[found.end() : found.end() + 1] == element


def _shown(text: str) -> str:
    return text[:8].encode("unicode_escape").decode("ascii")
