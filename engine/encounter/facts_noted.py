"""Facts noted: the values of one object of a claim, and beside them where they were written.

In:   values with their places.    Out: `FactsNoted`: keyword arguments of the model, and their places.
Uses: nothing.                     Used by: x12_facts, fhir_facts.
Not here: what a place is, which differs by format.
"""

from typing import Any


class FactsNoted:
    """The facts of one object: `values` by the names of the model, `places` where they were written.

    The place of the object itself stands under the empty name.
    """

    __slots__ = ("places", "values")

    def __init__(self, place: object | None = None) -> None:
        self.values: dict[str, Any] = {}
        self.places: dict[str, Any] = {"": place} if place is not None else {}

    def put_all(self, name: str, values: tuple[object, ...], places: list[Any]) -> None:
        """Note a list of facts and the place of each."""
        if values:
            self.values[name] = values
            self.places[name] = places

    def put_part(self, name: str, value: object, part: "FactsNoted") -> None:
        """Note an object of its own facts; nothing when it has none."""
        if part.values:
            self.values[name] = value
            self.places[name] = part.places
