"""Source: a rule text and the places in it.

In:   a file's name and text.    Out: `Source`, `Span`, line and column.
Uses: nothing.                   Used by: every room that speaks about rule text.
"""

from bisect import bisect_right

from attrs import field, frozen


def _line_starts(text: str) -> tuple[int, ...]:
    starts = [0]
    starts.extend(index + 1 for index, character in enumerate(text) if character == "\n")
    return tuple(starts)


@frozen(eq=False)
class Source:
    """One rule file: its name as the user gave it and its text, after every line end was made a newline.

    Offsets count characters from 0; lines and columns count from 1, as people do.
    """

    name: str
    text: str = field(repr=False)
    _starts: tuple[int, ...] = field(init=False, repr=False)

    def __attrs_post_init__(self) -> None:
        object.__setattr__(self, "_starts", _line_starts(self.text))

    def position(self, offset: int) -> tuple[int, int]:
        """Line and column, both from 1, of the character at `offset`."""
        line = bisect_right(self._starts, offset)
        return line, offset - self._starts[line - 1] + 1

    def line_text(self, line: int) -> str:
        """The text of a line (from 1), without its newline."""
        start = self._starts[line - 1]
        end = self._starts[line] - 1 if line < len(self._starts) else len(self.text)
        return self.text[start:end]

    @property
    def line_count(self) -> int:
        """How many lines the text has; 1 for an empty text."""
        return len(self._starts)


@frozen
class Span:
    """A stretch of one source, from `start` up to but not including `end`, in characters."""

    source: Source = field(repr=False)
    start: int
    end: int

    @property
    def text(self) -> str:
        """The author's own words."""
        return self.source.text[self.start : self.end]

    @property
    def line(self) -> int:
        """The line (from 1) where the stretch begins."""
        return self.source.position(self.start)[0]

    @property
    def column(self) -> int:
        """The column (from 1) where the stretch begins."""
        return self.source.position(self.start)[1]

    @property
    def end_line(self) -> int:
        """The line (from 1) that holds the last character."""
        return self.source.position(max(self.start, self.end - 1))[0]

    def to(self, other: "Span") -> "Span":
        """The stretch from the start of this one to the end of `other`, in the same source."""
        return Span(self.source, self.start, max(self.end, other.end))


NOWHERE = Span(Source("<none>", ""), 0, 0)
