"""X12 shapes: whether a code or NPI looks like one of its kind, and what to say when it does not.

In:   codes as sent.                         Out: the same codes; a problem where one has not its shape.
Uses: soundness (shapes in words), x12_notes.    Used by: the readers of loops.
Not here: whether a code exists (tables, rules).

A code is kept as sent whatever its shape: it was sent, and a rule about valid codes has to see it.
"""

import re
from collections.abc import Callable
from functools import lru_cache
from typing import Final

from attrs import frozen

from sequela.engine.encounter.normal_codes import REMEMBERED, shape_check
from sequela.engine.encounter.soundness import SHAPES_IN_WORDS
from sequela.engine.encounter.x12_notes import Notes
from sequela.engine.encounter.x12_segment import Segment
from sequela.engine.encounter.x12_values import text_of
from sequela.engine.vocabulary.systems import System


@frozen(eq=False)
class Shape:
    """The shape of one kind of code, what a code of it is called, and the shape in words."""

    fits: Callable[[str], bool]
    name: str
    words: str

    def check(self, code: str, segment: Segment, element: int, component: int, notes: Notes) -> str:
        """The code as sent; said, when it has not this shape."""
        if not self.fits(code):
            notes.warn(
                "SEQ775",
                f"`{text_of(code)}` is not in the form of {self.name}; it is kept as sent.",
                segment,
                element,
                component,
                hint=f"The form is {self.words}.",
            )
        return code


def _shape(system: System, name: str) -> Shape:
    return Shape(shape_check(system), name, SHAPES_IN_WORDS[system])


_NPI: Final = re.compile(r"[0-9]{10}")


@lru_cache(REMEMBERED)
def _is_npi(value: str) -> bool:
    return _NPI.fullmatch(value) is not None


DIAGNOSIS: Final = _shape(System.ICD10CM, "an ICD-10-CM code")
PROCEDURE: Final = _shape(System.ICD10PCS, "an ICD-10-PCS code")
HCPCS: Final = _shape(System.HCPCS, "an HCPCS code")
MODIFIER: Final = _shape(System.MODIFIER, "a modifier")
REVENUE: Final = _shape(System.REVENUE, "a revenue code")
NDC: Final = _shape(System.NDC, "an NDC")
PLACE: Final = _shape(System.POS, "a place of service")
DRG: Final = _shape(System.DRG, "a DRG")
TAXONOMY: Final = _shape(System.TAXONOMY, "a taxonomy code")
CONDITION: Final = _shape(System.CONDITION, "a condition code")
OCCURRENCE: Final = _shape(System.OCCURRENCE, "an occurrence code")
VALUE: Final = _shape(System.VALUE, "a value code")
ADMIT_TYPE: Final = _shape(System.ADMIT_TYPE, "an admission type")
DISCHARGE_STATUS: Final = _shape(System.DISCHARGE_STATUS, "a patient status")
NPI: Final = Shape(_is_npi, "an NPI", "ten digits, such as 1234567893")
