"""X12 facts: values laid beside the places where they were written, and the answer to where one was.

In:   values with their segments.    Out: keyword arguments of the model; `SegmentOrigins`.
Uses: facts_noted, origin, x12_segment.    Used by: the readers of loops.
"""

from typing import Any, TypeAlias

from attrs import frozen

from sequela.engine.encounter.facts_noted import FactsNoted
from sequela.engine.encounter.origin import Origin, nearest_place
from sequela.engine.encounter.x12_segment import Segment, origin_in

Place: TypeAlias = "tuple[Segment, int, int]"
Places: TypeAlias = "dict[str, Place | Places] | list[Place | Places]"


class Facts(FactsNoted):
    """The facts of one object, with their places in segments."""

    __slots__ = ()

    def __init__(self, segment: Segment | None = None) -> None:
        super().__init__(None if segment is None else (segment, 0, 0))

    def put(self, name: str, value: object, segment: Segment, element: int, component: int = 0) -> None:
        """Note a fact and where it stands; nothing when it was not sent (None)."""
        if value is not None:
            self.values[name] = value
            self.places[name] = (segment, element, component)


@frozen
class SegmentOrigins:
    """Where the values of one claim stand in its 837; places become `Origin`s when they are asked for."""

    file: str
    places: dict[str, Any]
    separator: str

    def origin_of(self, pointer: str) -> Origin | None:
        """The place of the value at a JSON pointer of the encounter; of the nearest object that holds it, else None."""
        found = nearest_place(self.places, pointer)
        if found is None:
            return None
        segment, element, component = found
        return origin_in(self.file, segment, element, component, self.separator)
