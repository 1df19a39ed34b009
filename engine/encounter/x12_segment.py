"""X12 segment: one segment with its place, the separators it was cut by, and how its parts are reached.

In:   what the tokenizer cut.     Out: `Segment`, `Delimiters`, `at`, `origin_in`.
Uses: origin.                     Used by: every other x12 module.
Not here: cutting a file into segments (x12_segments); what a segment means (x12_loops and the readers of loops).
"""

from typing import Final

import msgspec
from attrs import frozen

from sequela.engine.encounter.origin import Origin

WHITE: Final = " \t\r\n\v\f"


@frozen
class Delimiters:
    """The separators of one interchange, each one character; `repetition` is empty where ISA11 names none.

    `declared` is false where they were guessed from the segments, because no ISA names them.
    """

    element: str = "*"
    component: str = ":"
    repetition: str = ""
    terminator: str = "~"
    declared: bool = True


class Segment(msgspec.Struct, frozen=True, gc=False):
    """One segment. `elements[0]` is the id, so that `elements[3]` is what people call SV1-03; no element has blanks
    around it.

    Every character of `elements` stands for one byte of the file (text is decoded by `x12_values.text_of`). `number`
    and `line` count from 1 in the file, `byte` from 0. `whole` is false where characters were mended, so
    that the byte of an element inside it is not known.
    """

    id: str
    elements: list[str]
    number: int
    byte: int
    line: int
    whole: bool = True


def at(segment: Segment, element: int) -> str:
    """The element as sent, without the blanks around it; empty when it is not there."""
    elements = segment.elements
    return elements[element] if len(elements) > element else ""


def without_blanks(elements: list[str]) -> list[str]:
    """The elements without the blanks around them. Only those of ASCII: others may be bytes of a UTF-8 character."""
    return [element.strip(WHITE) for element in elements]


def origin_in(
    file: str, segment: Segment, element: int = 0, component: int = 0, separator: str = ":", repeat: int = 0
) -> Origin:
    """The place of an element or component (from 1; 0 stands for the whole) of a segment."""
    byte = segment.byte
    if element and segment.whole and element < len(segment.elements):
        byte += sum(len(value) + 1 for value in segment.elements[:element])
        if component > 1:
            parts = segment.elements[element].split(separator)
            byte += sum(len(part) + 1 for part in parts[: component - 1])
    return Origin(
        file=file,
        segment=segment.number,
        segment_id=segment.id,
        element=element or None,
        repeat=repeat or None,
        component=component or None,
        byte=byte,
        line=segment.line,
    )
