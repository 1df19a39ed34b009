"""FHIR facts: values laid beside the places where they were written, and the answer to where one was.

In:   values with their places.    Out: keyword arguments of the model; `FhirOrigins`.
Uses: facts_noted, fhir_source, origin.    Used by: the readers of parts.
"""

from typing import Any

from attrs import frozen

from sequela.engine.encounter.facts_noted import FactsNoted
from sequela.engine.encounter.fhir_source import Place, Source
from sequela.engine.encounter.origin import Origin, nearest_place


class Facts(FactsNoted):
    """The facts of one object, with their places in a resource."""

    __slots__ = ()

    def put(self, name: str, value: object, place: Place) -> None:
        """Note a fact and where it stands; nothing when it was not sent (None)."""
        if value is not None:
            self.values[name] = value
            self.places[name] = place

    def put_first(self, name: str, value: object, place: Place) -> None:
        """The same for a fact that may be said in several places: the first one is kept."""
        if value is not None and name not in self.values:
            self.values[name] = value
            self.places[name] = place

    def add(self, other: "Facts") -> None:
        """Note the facts of another object beside those that are there, which are kept."""
        for name, value in other.values.items():
            if name not in self.values:
                self.values[name] = value
                self.places[name] = other.places[name]


@frozen(eq=False)
class FhirOrigins:
    """Where the values of one claim stand in its FHIR resource and those that it refers to; worked out when asked for."""

    source: Source
    places: dict[str, Any]

    def origin_of(self, pointer: str) -> Origin | None:
        """The place of the value at a JSON pointer of the encounter; of the nearest object that holds it, else None."""
        found = nearest_place(self.places, pointer)
        if found is None:
            return None
        source, path = (self.source, found) if isinstance(found, str) else found
        return source.origin(path)
