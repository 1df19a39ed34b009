"""Source: a rule text and the places in it.

In:   a file's name and text.    Out: `Source`, `Span`, `Placed`, line and column.
Uses: nothing.                   Used by: every room that speaks about rule text.
"""

import re
from bisect import bisect_right
from functools import cached_property
from typing import Final

from msgspec import Struct

_NEWLINE: Final = re.compile("\n")


class Source(Struct, frozen=True, eq=False, dict=True):
    """One rule file: its name as the user gave it and its text, after every line end was made a newline.

    Offsets count characters from 0; lines and columns count from 1, as people do. A source is the same as itself only.
    """

    name: str
    text: str

    def __repr__(self) -> str:
        return f"Source(name={self.name!r})"

    @cached_property
    def _starts(self) -> tuple[int, ...]:
        """Where each line begins; found when a place is first asked for."""
        return (0, *(found.end() for found in _NEWLINE.finditer(self.text)))

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


class Span(Struct, frozen=True):
    """A stretch of one source, from `start` up to but not including `end`, in characters."""

    source: Source
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


class Placed(Struct, frozen=True, eq=False):
    """What was written somewhere. Two are equal when they say the same, wherever they stand: the place is no part of it."""

    span: Span

    def __eq__(self, other: object) -> bool:
        return self.__class__ is other.__class__ and self._said() == other._said()

    def __ne__(self, other: object) -> bool:
        return not self == other

    def __hash__(self) -> int:
        return hash(self._said())

    def __repr__(self) -> str:
        parts = (f"{name}={getattr(self, name)!r}" for name in self.__struct_fields__ if name != "span")
        return f"{self.__class__.__name__}({', '.join(parts)})"

    def _said(self) -> tuple[object, ...]:
        """All that it says, without where."""
        return tuple(getattr(self, name) for name in self.__struct_fields__ if name != "span")
