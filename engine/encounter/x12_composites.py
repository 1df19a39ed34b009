"""X12 composites: the components of an element, also where the file uses another separator than it declares.

In:   an element as sent.       Out: its components; whether a code has its shape.
Uses: x12_values, normal_codes. Used by: the readers of loops.

ISA16 names the component separator. Some files declare one and use another, and then a silent reader finds neither
diagnosis nor procedure. So whoever splits an element says what its first component may be; where that is not found, the
character behind it is taken as the separator, and this is said.
"""

import re
from collections.abc import Callable
from functools import lru_cache
from typing import Final

from attrs import define
from sequela.engine.encounter.normal_codes import shape_check
from sequela.engine.encounter.x12_notes import Notes
from sequela.engine.encounter.x12_segment import Delimiters, Segment
from sequela.engine.encounter.x12_values import text_of
from sequela.engine.vocabulary.systems import System

_OTHER_SEPARATOR: Final = re.compile(r"([A-Z0-9]{1,3})([^A-Za-z0-9\s.])(.*)", re.DOTALL)
_SHAPES: Final = {
    System.ICD10CM: "three to seven characters, a letter first",
    System.ICD10PCS: "seven characters",
    System.HCPCS: "five characters",
    System.MODIFIER: "two characters",
    System.REVENUE: "four digits",
    System.NDC: "eleven digits",
    System.POS: "two digits",
    System.DRG: "three digits",
    System.BILL_TYPE: "four characters",
    System.TAXONOMY: "ten characters, an X last",
}
_CHECKS: Final = {system: shape_check(system) for system in System}
_NPI: Final = re.compile(r"[0-9]{10}")


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


def check_shape(
    system: System, code: str, name: str, segment: Segment, element: int, component: int, notes: Notes
) -> str:
    """The code as sent; said, when it does not have the shape of a code of its system."""
    if not _CHECKS[system](code):
        notes.warn(
            "SEQ775",
            f"`{text_of(code)}` has not the shape of {name} ({_SHAPES.get(system, 'two characters')}); it is kept as "
            "sent.",
            segment,
            element,
            component,
        )
    return code


def check_npi(value: str, who: str, segment: Segment, element: int, notes: Notes) -> str:
    """The NPI as sent; said, when it has not ten digits."""
    if not _is_npi(value):
        notes.warn(
            "SEQ775",
            f"`{text_of(value)}` ({who}) has not the shape of an NPI (ten digits); it is kept as sent.",
            segment,
            element,
        )
    return value


@lru_cache(32_768)
def _is_npi(value: str) -> bool:
    return _NPI.fullmatch(value) is not None
