"""What every node of a parsed rule file has: the place where it was written, which is not part of its meaning.

In:   nothing.    Out: `Node`, `Name`, `Text`.
Uses: source.     Used by: conditions, declarations, cases.
"""

from typing import ClassVar

from sequela.engine.source import Placed


class Node(Placed, frozen=True):
    """A piece of a rule file. Two nodes are equal when they say the same, wherever they stand."""

    places: ClassVar[frozenset[str]] = frozenset({"span"})
    """The parts that say where something stands, and so are no part of what the node says."""

    def _said(self) -> tuple[object, ...]:
        places = self.places
        return tuple([getattr(self, name) for name in self.__struct_fields__ if name not in places])


class Name(Node, frozen=True, kw_only=True):
    """A name as written: `visits`, `ptp`, `dx`; a rule or source id: `MOD-25`."""

    text: str


class Text(Node, frozen=True, kw_only=True):
    """A quoted text, without its quotes."""

    value: str
