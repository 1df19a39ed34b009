"""X12 composites: the components of an element, also where the file uses another separator than it declares.

In:   an element as sent.       Out: its components.
Uses: x12_values, x12_notes.    Used by: the readers of loops.
Not here: whether a component has the form of a code (x12_shapes).

ISA16 names the component separator. Some files declare one and use another, and then a silent reader finds neither
diagnosis nor procedure. So whoever splits an element says what its first component may be; where that is not found, the
character behind it is taken as the separator, and this is said.
"""

import re
from collections.abc import Callable
from typing import Final

from attrs import define

from sequela.engine.encounter.x12_notes import Notes
from sequela.engine.encounter.x12_segment import Delimiters, Segment
from sequela.engine.encounter.x12_values import text_of

_OTHER_SEPARATOR: Final = re.compile(r"([A-Z0-9]{1,3})([^A-Za-z0-9\s.])(.*)", re.DOTALL)


@define
class Composites:
    """Splits the composites of one claim. `separator` is the one in use, `declared` the one of ISA16."""

    notes: Notes
    separator: str
    declared: str
    repetition: str
    is_declared: bool

    @classmethod
    def of(cls, delimiters: Delimiters, notes: Notes) -> "Composites":
        """For a claim of an interchange with these separators."""
        return cls(notes, delimiters.component, delimiters.component, delimiters.repetition, delimiters.declared)

    def split(self, value: str, segment: Segment, element: int, is_first: Callable[[str], bool]) -> list[str]:
        """The components of an element; `is_first` says whether a text can be the first of them."""
        parts = value.split(self.separator)
        if is_first(parts[0]):
            return parts
        found = _OTHER_SEPARATOR.match(value)
        if found is None or not is_first(found.group(1)):
            return parts
        used = found.group(2)
        if used != self.separator:
            self._say_used(value, used, segment, element)
            self.separator = used
        return value.split(used)

    def repetitions(self, value: str) -> list[str]:
        """The repetitions of an element; one where the interchange declares no repetition separator."""
        if not self.repetition or self.repetition not in value:
            return [value]
        return [part for part in value.split(self.repetition) if part.strip()]

    def _say_used(self, value: str, used: str, segment: Segment, element: int) -> None:
        name = f"{segment.id}{element:02d}"
        says = f"ISA16 declares `{self.declared}`" if self.is_declared else f"the file otherwise uses `{self.declared}`"
        self.notes.warn(
            "SEQ755",
            f"{name} holds `{text_of(value)}` and no `{self.separator}`; {says}; the file seems to use `{used}`, "
            "which is taken.",
            segment,
            element,
            hint="Put the component separator into ISA16 that the segments use.",
        )
