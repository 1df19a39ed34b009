"""Origin: where in an input a value of the claim was written.

In:   what a reader notes while it reads.    Out: `Origin`, `Origins`, `nearest_place`.
Uses: nothing.                               Used by: the readers, model, explain.
"""

from collections.abc import Mapping
from typing import Any, Protocol

from msgspec import Struct, field


class Origin(Struct, frozen=True, kw_only=True):
    """The place of one value in an input file. What a format does not have is None.

    `segment` counts the segments of the file from 1 and `element` those of the segment from 1 (X12: SV1-03 is 3);
    `component` counts from 1 inside the element; `repeat` from 1 where an element repeats. `byte` counts from 0,
    `line` and `column` from 1. `pointer` is the JSON pointer in a JSON file; `path` the FHIRPath in a FHIR resource and
    `entry` the number of the Bundle's entry that holds it, from 1; `row` is a row of a table, from 1, and `name` the name
    of its column.
    """

    file: str
    segment: int | None = None
    segment_id: str | None = None
    element: int | None = None
    repeat: int | None = None
    component: int | None = None
    pointer: str | None = None
    path: str | None = None
    entry: int | None = None
    row: int | None = None
    name: str | None = None
    byte: int | None = None
    line: int | None = None
    column: int | None = None

    @property
    def place(self) -> str:
        """The place as people say it, without the file.

        >>> Origin(file="a.837", segment=42, segment_id="SV1", element=1, component=2, line=42).place
        'segment 42 (SV1), element 1, component 2, line 42'
        """
        parts: list[str] = []
        if self.pointer is not None:
            parts.append(self.pointer or "the whole claim")
        if self.path is not None:
            parts.append(self.path)
        if self.segment is not None:
            parts.append(f"segment {self.segment}" + (f" ({self.segment_id})" if self.segment_id else ""))
        for word, said in (
            ("element", self.element),
            ("repetition", self.repeat),
            ("component", self.component),
            ("entry", self.entry),
            ("row", self.row),
            ("column", self.name),
            ("line", self.line),
            ("column", self.column),
        ):
            if said is not None:
                parts.append(f"{word} {said}")
        if self.line is None and self.byte is not None:
            parts.append(f"byte {self.byte}")
        return ", ".join(parts)

    def __str__(self) -> str:
        place = self.place
        return f"{self.file}, {place}" if place else self.file


def nearest_place(places: Any, pointer: str) -> Any:
    """What is noted for the value at a JSON pointer, in dicts and lists nested like the encounter; of the nearest object
    that holds it, else None. The place of an object itself stands under the empty name.

    >>> nearest_place({"lines": [{"": "LX", "units": "SV1"}]}, "/lines/0/charge")
    'LX'
    """
    node, found = places, None
    for name in pointer.split("/"):
        if isinstance(node, dict):
            node = node.get(name) if name else node
        elif isinstance(node, list):
            node = node[int(name)] if name.isdecimal() and int(name) < len(node) else None
        else:
            break
        if isinstance(node, dict):
            found = node.get("", found)
        elif node is not None and not isinstance(node, list):
            found = node
    return found


class Origins(Protocol):
    """Answers where the value at a JSON pointer of the encounter (`/lines/0/units`) was written."""

    def origin_of(self, pointer: str) -> Origin | None:
        """The place of the value at `pointer`; of the nearest object that holds it, else None."""
        ...


class MappedOrigins(Struct, frozen=True):
    """Origins kept as a mapping from JSON pointers to places."""

    places: Mapping[str, Origin] = field(default_factory=dict)

    def origin_of(self, pointer: str) -> Origin | None:
        """The place noted for `pointer`, else for the nearest pointer above it."""
        while True:
            found = self.places.get(pointer)
            if found is not None or not pointer:
                return found
            pointer = pointer.rpartition("/")[0]


NO_ORIGINS = MappedOrigins()
