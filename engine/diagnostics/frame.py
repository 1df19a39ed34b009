"""The frame: an author's lines with a gutter of line numbers, and carets with words below what they mark.

In:   marks (a span, words, a sign) of one source.    Out: lines of text.
Uses: source.                                         Used by: render.
Not here: which marks there are, and in which colours (render.py).
"""

import unicodedata
from collections.abc import Iterator, Sequence

from msgspec import Struct

from sequela.engine.source import Source, Span

GUTTER = 7
WIDTH = 100
"""The columns of a terminal that an author's line may take; a longer one is cut around its mark."""

TAB = 4
NEAR = 3
"""A mark over at most so many lines shows each of them; a longer one its first and its last."""


class Mark(Struct, frozen=True):
    """A place to point at: the words beside the carets, the sign these are drawn with, and two colours.

    `ink` paints carets and words, `gutter_ink` the line numbers; None leaves them plain.
    """

    span: Span
    words: str
    sign: str
    ink: str | None = None
    gutter_ink: str | None = None


class _Underline(Struct, frozen=True):
    """The part of a mark that stands on one line: characters `start` to `end` of it, from 0."""

    line: int
    start: int
    end: int
    words: str
    mark: Mark


def frame(marks: Sequence[Mark]) -> list[str]:
    """The lines that `marks` (of one source) stand on, in order, each with its carets below; gaps are shown by `…`."""
    source = marks[0].span.source
    if not source.text:
        return []
    gutter_ink = marks[0].gutter_ink
    underlines = sorted((u for mark in marks for u in _underlines(mark)), key=lambda u: (u.line, u.mark.sign != "^"))
    rows: list[str] = []
    shown = 0
    for line in dict.fromkeys(u.line for u in underlines):
        if shown and line > shown + 1:
            rows.append(painted("…".rjust(GUTTER), gutter_ink))
        shown = line
        here = [u for u in underlines if u.line == line]
        rows.extend(_line_rows(source, line, here, gutter_ink))
    return rows


def _underlines(mark: Mark) -> Iterator[_Underline]:
    """One underline for each shown line of the mark; the words stand by the last."""
    source, span = mark.span.source, mark.span
    first, start = source.position(min(span.start, len(source.text)))
    last = max(first, source.position(min(max(span.start, span.end - 1), len(source.text)))[0])
    if first == last:
        stop = start + max(1, min(span.end, len(source.text)) - span.start)
        yield _Underline(first, start - 1, min(stop - 1, max(start, len(source.line_text(first)))), mark.words, mark)
        return
    lines = range(first, last + 1) if last - first < NEAR else (first, last)
    for line in lines:
        text = source.line_text(line)
        begin = start - 1 if line == first else len(text) - len(text.lstrip())
        end = source.position(span.end - 1)[1] if line == last else len(text.rstrip())
        if text.strip() or line == last:
            yield _Underline(line, begin, max(end, begin + 1), mark.words if line == last else "", mark)


def _line_rows(source: Source, line: int, underlines: Sequence[_Underline], gutter_ink: str | None) -> Iterator[str]:
    cells = _cells(source.line_text(line))
    low, high = _window(cells, min(u.start for u in underlines), max(u.end for u in underlines))
    head = "…" if low else ""
    tail = "…" if high < len(cells) else ""
    text = head + "".join(text for text, _ in cells[low:high]) + tail
    number = painted(f"{line:>{GUTTER}} │", gutter_ink)
    yield f"{number} {text}".rstrip()
    empty = painted(f"{'│':>{GUTTER + 2}}", gutter_ink)
    for underline in underlines:
        start, end = min(max(underline.start, low), high), min(underline.end, high)
        before = len(head) + _columns(cells[low:start])
        wide = max(1, _columns(cells[start:end]))
        words = f" {underline.words}" if underline.words else ""
        yield f"{empty} {' ' * before}{painted(underline.mark.sign * wide + words, underline.mark.ink)}"


def _cells(text: str) -> list[tuple[str, int]]:
    """Each character as printed and the columns it takes: a combining mark none, a tab those to the next stop."""
    cells: list[tuple[str, int]] = []
    column = 0
    for character in text:
        cell = _cell(character, column)
        cells.append(cell)
        column += cell[1]
    return cells


def _cell(character: str, column: int) -> tuple[str, int]:
    if character == "\t":
        width = TAB - column % TAB
        return " " * width, width
    if character.isspace():
        return " ", 1
    category = unicodedata.category(character)
    if category in {"Mn", "Me"}:
        return character, 0
    if category in {"Cc", "Cf", "Cs", "Co", "Cn"}:  # could steer a terminal or turn the reading order
        return "\N{REPLACEMENT CHARACTER}", 1
    return character, 2 if unicodedata.east_asian_width(character) in {"W", "F"} else 1


def _columns(cells: Sequence[tuple[str, int]]) -> int:
    return sum(width for _, width in cells)


def _window(cells: Sequence[tuple[str, int]], start: int, end: int) -> tuple[int, int]:
    """The stretch of a long line to show: all that is marked where it fits, and what stands around it."""
    if _columns(cells) <= WIDTH:
        return 0, len(cells)
    start, end = min(start, len(cells)), min(end, len(cells))
    low, high = start, min(end, start + WIDTH - 2)
    room = WIDTH - 2 - _columns(cells[low:high])
    while room > 0 and (low > 0 or high < len(cells)):
        if low > 0:
            low -= 1
            room -= cells[low][1]
        if high < len(cells) and room > 0:
            room -= cells[high][1]
            high += 1
    return low, high


def painted(text: str, ink: str | None) -> str:
    """The text in a colour of the terminal (`1;31` is bold red), or as it is where `ink` is None."""
    return text if ink is None else f"\x1b[{ink}m{text}\x1b[0m"
