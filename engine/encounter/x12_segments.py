"""X12 segments: a file cut into segments as it is read, with flat memory.

In:   a binary stream.                        Out: `Segment`s in order, each with number, byte and line.
Uses: x12_delimiters, x12_repair, x12_notes.  Used by: from_x12.
Not here: which segments belong together (x12_loops); what a damaged stretch holds (x12_repair).

A file is read in blocks. Bytes become characters one to one, so that places can be counted; text is decoded where it
is used. Separators are taken anew from every ISA.
"""

import re
from collections.abc import Iterator
from typing import BinaryIO, Final

from sequela.engine.encounter.x12_delimiters import LOOK_AHEAD, begins_like_x12, delimiters_of, find_isa, guessed
from sequela.engine.encounter.x12_known import MOST_ELEMENTS
from sequela.engine.encounter.x12_notes import Notes
from sequela.engine.encounter.x12_repair import Counter, segments_in
from sequela.engine.encounter.x12_segment import WHITE, Delimiters, Segment, without_blanks

BLOCK: Final = 65_536
LONGEST: Final = 1_048_576
"""A megabyte without a segment terminator is no segment."""

_FILE_END: Final = "\x1a\x00 \t\r\n"
"""What old systems put behind the last segment."""
_BYTE_MARK: Final = "\xef\xbb\xbf"
_PLAIN: Final = bytes([*range(0x20, 0x7F), 0x09, 0x0A, 0x0B, 0x0C, 0x0D, 0x1A, 0x1C, 0x1D, 0x1E, 0x1F])
_CONTROL: Final = re.compile(rb"[\x00-\x08\x0e-\x19\x1b\x7f]")


class SegmentReader:
    """Iterates over the segments of one stream. `delimiters` are those in force; `cut` is a segment without an end.

    `in_other_set` is set by who follows the transactions: then unknown segments are nothing to speak of.
    """

    def __init__(self, stream: BinaryIO, notes: Notes) -> None:
        self.delimiters = Delimiters()
        self.cut: Segment | None = None
        self.readable = False
        self.in_other_set = False
        self._stream = stream
        self._notes = notes
        self._counter = Counter()
        self._position = 0
        self._text = ""
        self._byte = 0
        self._line = 1
        self._pending = b""
        self._isa_byte = -1

    def __iter__(self) -> Iterator[Segment]:
        if not self._open():
            return
        self.readable = True
        while True:
            isa = self._next_isa()
            pieces = (self._text if isa < 0 else self._text[:isa]).split(self.delimiters.terminator)
            tail = pieces.pop()
            yield from self._plain(pieces)
            if isa >= 0:
                yield from self._before_isa(tail)
                self._text = self._text[isa:]
                self._take_delimiters()
                continue
            self._text = tail
            if len(tail) > LONGEST:
                self._notes.warn_at(
                    "SEQ750",
                    "There is no segment terminator in a megabyte of text; the file is not read from here on.",
                    f"byte {self._byte}",
                    fatal=True,
                )
                return
            if not self._more():
                break
        yield from self._last()

    def _more(self) -> bool:
        """Read one more block; false at the end of the file."""
        block = self._stream.read(BLOCK)
        if not block:
            self._look_at(b"", last=True)
            return False
        self._look_at(block, last=False)
        self._text += block.decode("latin-1")
        return True

    def _look_at(self, block: bytes, *, last: bool) -> None:
        """Say, once each, that the file holds control characters, or bytes that are not UTF-8."""
        start, self._position = self._position, self._position + len(block)
        if not self._pending and (last or (block.isascii() and not block.translate(None, _PLAIN))):
            return
        control = _CONTROL.search(block)
        if control is not None and self._notes.first("control"):
            self._notes.warn_at(
                "SEQ752",
                f"Byte {start + control.start()} is a control character (0x{control.group()[0]:02X}).",
                f"byte {start + control.start()}",
                hint="The segment that holds it may be damaged. This is said once.",
            )
        joined = self._pending + block
        at = start - len(self._pending)
        self._pending = b""
        try:
            joined.decode("utf-8")
        except UnicodeDecodeError as fault:
            if fault.end == len(joined) and not last and len(joined) - fault.start < 4:
                self._pending = joined[fault.start :]
            elif self._notes.first("encoding"):
                self._notes.warn_at(
                    "SEQ752",
                    f"Byte {at + fault.start} (0x{joined[fault.start]:02X}) is not UTF-8; it is read as Latin-1.",
                    f"byte {at + fault.start}",
                    hint="An 837 should hold ASCII only. This is said once.",
                )

    def _open(self) -> bool:
        """Find the first segment and the separators; false when the file holds no X12."""
        while len(self._text) < BLOCK and self._more():
            pass
        if self._text.startswith(_BYTE_MARK):
            self._skip(len(_BYTE_MARK))
        text = self._text
        self._skip(len(text) - len(text.lstrip(WHITE)))
        if begins_like_x12(self._text):
            if not self._text.startswith("ISA"):
                self._guess_delimiters()
            return True
        if "\x00" in self._text[:200] and _wide(self._text):
            self._notes.take()
            self._notes.warn_at(
                "SEQ750",
                "The file is written as UTF-16 text, two bytes to a character; X12 has one byte to a character.",
                "byte 0",
                hint="Save it as ASCII or UTF-8 and read it again.",
                fatal=True,
            )
            return False
        isa = find_isa(self._text)
        if isa < 0:
            self._say_not_x12()
            return False
        self._notes.warn_at(
            "SEQ753", f"{isa} characters before the first ISA are left out.", f"byte {self._byte}", hint=None
        )
        self._skip(isa)
        return True

    def _say_not_x12(self) -> None:
        if not self._text.strip(WHITE):
            self._notes.warn_at("SEQ750", "The file is empty.", "byte 0", fatal=True)
            return
        shown = self._text[:20].encode("unicode_escape").decode("ascii")
        self._notes.warn_at(
            "SEQ750",
            f"The file does not begin with an X12 segment (ISA, GS, ST); it begins with `{shown}`.",
            f"byte {self._byte}",
            hint="An 837 begins with ISA.",
            fatal=True,
        )

    def _guess_delimiters(self) -> None:
        self.delimiters = guessed(self._text)
        found = self.delimiters
        self._notes.warn_at(
            "SEQ753",
            f"The file has no ISA, which names the separators; it seems to use `{found.element}` between elements, "
            f"`{found.component}` between components and {_named(found.terminator)} after a segment.",
            f"byte {self._byte}, line {self._line}",
            hint="Send the whole interchange, from ISA to IEA.",
        )

    def _next_isa(self) -> int:
        """Where in the text at hand an ISA begins whose separators are not in force yet; -1 when there is none."""
        text = self._text
        at = text.find("ISA")
        while at >= 0:
            before = text[:at].rstrip(WHITE) if at < LOOK_AHEAD else text[at - LOOK_AHEAD : at].rstrip(WHITE)
            apart = not before or before.endswith(self.delimiters.terminator) or text[at - 1] == "\n"
            after = text[at + 3 : at + 4]
            if apart and after and not (after.isalnum() or after in WHITE) and self._byte + at != self._isa_byte:
                break
            at = text.find("ISA", at + 3)
        while at >= 0 and len(self._text) - at < LOOK_AHEAD and self._more():
            pass
        return at

    def _take_delimiters(self) -> None:
        """Put the separators of the ISA in force with which the text begins."""
        self._isa_byte = self._byte
        self.delimiters, fault = delimiters_of(self._text)
        if fault is None:
            return
        found = self.delimiters
        self._notes.warn_at(
            "SEQ754",
            f"The separators cannot be taken from the ISA: {fault}. The file seems to use `{found.element}` between "
            f"elements, `{found.component}` between components and {_named(found.terminator)} after a segment.",
            f"byte {self._byte}, line {self._line}",
            hint="An ISA has sixteen elements; ISA16 is the component separator, and the terminator follows it.",
        )

    def _plain(self, pieces: list[str]) -> Iterator[Segment]:
        """The segments of stretches that each end with the terminator."""
        element, newline = self.delimiters.element, self.delimiters.terminator == "\n"
        behind, before = f" {element}", f"{element} "
        counter, byte, line = self._counter, self._byte, self._line
        for piece in pieces:
            start, begun = byte, line
            byte += len(piece) + 1
            body = piece.lstrip(WHITE)
            white = len(piece) - len(body)
            if newline:
                body = body.rstrip(WHITE)
            if white:
                begun += piece.count("\n", 0, white)
                start += white
                if body and piece[white - 1] in " \t":
                    self._say_indented(start, begun)
            line = begun + newline
            if not body:
                continue
            elements = body.split(element)
            most = MOST_ELEMENTS.get(elements[0])
            if most is not None and len(elements) <= most + 1 and "\n" not in body:
                counter.number += 1
                if (" " in body and (behind in body or before in body or body[-1] == " ")) or "\t" in body:
                    yield Segment(elements[0], without_blanks(elements), counter.number, start, begun, whole=False)
                else:
                    yield Segment(elements[0], elements, counter.number, start, begun)
                continue
            line += body.count("\n")
            yield from segments_in(
                body.rstrip(WHITE), start, begun, element, counter, self._notes, other_sets=self.in_other_set
            )
        self._byte, self._line = byte, line

    def _before_isa(self, tail: str) -> Iterator[Segment]:
        """What stands between the last terminator and an ISA: blanks, or a segment without its terminator."""
        body = tail.strip(WHITE)
        if body:
            white = len(tail) - len(tail.lstrip(WHITE))
            line = self._line + tail.count("\n", 0, white)
            self._notes.warn_at(
                "SEQ760",
                f"The segment before an ISA does not end with {_named(self.delimiters.terminator)}.",
                f"byte {self._byte + white}, line {line}",
            )
            yield from segments_in(
                body, self._byte + white, line, self.delimiters.element, self._counter, self._notes, other_sets=True
            )
        self._byte += len(tail)
        self._line += tail.count("\n")

    def _last(self) -> Iterator[Segment]:
        """What stands behind the last terminator: nothing, a trailer that lacks its own, or a segment cut short."""
        body = self._text.strip(WHITE).rstrip(_FILE_END)
        if not body:
            return
        white = len(self._text) - len(self._text.lstrip(WHITE))
        line = self._line + self._text.count("\n", 0, white)
        found = list(
            segments_in(
                body, self._byte + white, line, self.delimiters.element, self._counter, self._notes, other_sets=True
            )
        )
        last = found[-1]
        yield from found[:-1]
        if last.id in ("SE", "GE", "IEA") and len(last.elements) > MOST_ELEMENTS[last.id] and last.elements[-1]:
            yield last
        else:
            self.cut = last

    def _skip(self, count: int) -> None:
        """Leave out characters at the beginning of the text at hand."""
        self._line += self._text.count("\n", 0, count)
        self._byte += count
        self._text = self._text[count:]

    def _say_indented(self, byte: int, line: int) -> None:
        if self._notes.first("indented"):
            self._notes.warn_at(
                "SEQ758",
                "A segment begins with blanks; blanks before a segment id are left out.",
                f"byte {byte}, line {line}",
                hint="Nothing stands between a terminator and the next id but a line break. This is said once.",
            )


def _named(terminator: str) -> str:
    return "the end of the line" if terminator == "\n" else f"`{terminator}`"


def _wide(text: str) -> bool:
    """Whether every other character of the beginning is NUL, as in UTF-16."""
    sample = text[:200]
    return max(sample[0::2].count("\x00"), sample[1::2].count("\x00")) * 3 > len(sample)
