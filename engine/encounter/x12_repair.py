"""X12 repair: what to make of a stretch between two terminators that is not one plain segment.

In:   the stretch and where it stands.    Out: the segments in it, and what was wrong.
Uses: x12_segment, x12_known, x12_notes.  Used by: x12_segments, for the rare stretch only.
Not here: cutting at terminators (x12_segments).

Four things happen in real files: lines are broken at a fixed width, so that a line break stands inside a segment; a
terminator is lost, so that two segments run together; a segment has no id; and its id is none that an 837 has.
"""

import re
from collections.abc import Iterator
from typing import Final

from attrs import define

from sequela.engine.encounter.x12_known import MOST_ELEMENTS
from sequela.engine.encounter.x12_notes import Notes
from sequela.engine.encounter.x12_segment import WHITE, Segment, without_blanks

_RUN_TOGETHER: Final = ("HL", "CLM", "LX", "SE", "ST", "SBR", "NM1", "PAT", "PRV", "DTP", "REF", "HI", "SV1", "SV2")
_SHOWN: Final = 24


@define
class Counter:
    """How many segments the file had so far."""

    number: int = 0

    def next(self) -> int:
        """The number of the next segment."""
        self.number += 1
        return self.number


def segments_in(
    stretch: str, byte: int, line: int, element: str, counter: Counter, notes: Notes, *, other_sets: bool = False
) -> Iterator[Segment]:
    """The segments in a stretch of text that starts at `byte` and `line`, without blanks at its ends.

    `other_sets` is true inside a transaction that is no 837, whose segments need not be known.
    """
    pieces = _at_line_breaks(stretch, byte, line, element)
    for index, (text, at_byte, at_line) in enumerate(pieces):
        joined = text.replace("\r", "").replace("\n", "")
        segment = _made(joined, element, counter, at_byte, at_line, whole=joined == text)
        if index:
            _say_lost_terminator(segment, notes)
        if joined != text and notes.first("wrapped"):
            notes.warn(
                "SEQ758",
                "A line break stands inside a segment; line breaks inside segments are taken out.",
                segment,
                hint="The file seems to be broken into lines of a fixed width. This is said once.",
            )
        yield from _run_together(segment, counter, notes, other_sets=other_sets)
        _say_unknown(segment, notes, other_sets=other_sets)


def _made(text: str, element: str, counter: Counter, byte: int, line: int, *, whole: bool) -> Segment:
    sent = text.split(element)
    elements = without_blanks(sent)
    return Segment(elements[0], elements, counter.next(), byte, line, whole and elements == sent)


def _at_line_breaks(stretch: str, byte: int, line: int, element: str) -> list[tuple[str, int, int]]:
    """The stretch cut where a line begins like a segment, each piece with its byte and line."""
    pattern = rf"\n[ \t]*(?=(?:{'|'.join(MOST_ELEMENTS)}){re.escape(element)})"
    pieces: list[tuple[str, int, int]] = []
    start = 0
    for found in re.finditer(pattern, stretch):
        pieces.append((stretch[start : found.start()].rstrip(WHITE), byte + start, line))
        line += stretch.count("\n", start, found.end())
        start = found.end()
    pieces.append((stretch[start:], byte + start, line))
    return pieces


def _run_together(segment: Segment, counter: Counter, notes: Notes, *, other_sets: bool) -> Iterator[Segment]:
    """The segment; or the two that a lost terminator made of it, when it has more elements than it can have."""
    most = MOST_ELEMENTS.get(segment.id)
    if most is None or len(segment.elements) <= most + 1:
        yield segment
        return
    for index in range(1, min(most + 1, len(segment.elements) - 1)):
        value = segment.elements[index]
        following = next((name for name in _RUN_TOGETHER if value.endswith(name) and value != name), None)
        if following is None or len(segment.elements) - index - 1 > MOST_ELEMENTS[following]:
            continue
        kept = value[: -len(following)]
        first = Segment(
            segment.id, [*segment.elements[:index], kept], segment.number, segment.byte, segment.line, segment.whole
        )
        byte = segment.byte + sum(len(part) + 1 for part in first.elements[:-1]) + len(kept)
        second = Segment(
            following, [following, *segment.elements[index + 1 :]], counter.next(), byte, segment.line, segment.whole
        )
        _say_lost_terminator(second, notes)
        yield first
        yield second
        return
    if not other_sets:
        notes.warn(
            "SEQ782",
            f"The segment has {len(segment.elements) - 1} elements; {segment.id} has {most} at most, and the rest is "
            "left out.",
            segment,
            most + 1,
        )
    yield segment


def _say_lost_terminator(segment: Segment, notes: Notes) -> None:
    notes.warn(
        "SEQ760",
        f"The segment before this {segment.id} does not end; the two are read as two segments.",
        segment,
        hint="Put the segment terminator back between them.",
    )


def _say_unknown(segment: Segment, notes: Notes, *, other_sets: bool) -> None:
    if segment.id in MOST_ELEMENTS or other_sets:
        return
    shown = segment.id[:_SHOWN].encode("unicode_escape").decode("ascii")
    if not segment.id:
        notes.warn("SEQ759", "A segment has no id; it is left out.", segment)
    else:
        notes.warn("SEQ759", f"`{shown}` is not the id of a segment of an 837; the segment is left out.", segment)
