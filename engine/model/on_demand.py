"""On demand: sequences and mappings of which each part is made when it is first asked for.

In:   how many there are, or the keys, and what makes one.    Out: `OnDemand`, `OnDemandMapping`.
Uses: nothing.                                                Used by: plan.build, pipeline.cache.

Two threads that ask for the same part at once may both make it; they get the same one.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Generic, TypeVar, overload

T = TypeVar("T")
K = TypeVar("K")


class OnDemand(Sequence[T]):
    """A sequence whose parts `make` makes, given their places."""

    __slots__ = ("_made", "_make")

    def __init__(self, count: int, make: Callable[[int], T]) -> None:
        self._made: list[T | None] = [None] * count
        self._make = make

    def __len__(self) -> int:
        return len(self._made)

    @overload
    def __getitem__(self, at: int) -> T: ...
    @overload
    def __getitem__(self, at: slice) -> tuple[T, ...]: ...
    def __getitem__(self, at: int | slice) -> T | tuple[T, ...]:
        """The part at a place, or those of a stretch."""
        if isinstance(at, slice):
            return tuple(self._at(place) for place in range(*at.indices(len(self._made))))
        found = self._made[at]
        return self._at(at + len(self._made) if at < 0 else at) if found is None else found

    def __iter__(self) -> Iterator[T]:
        return (self._at(place) for place in range(len(self._made)))

    def _at(self, place: int) -> T:
        found = self._made[place]
        if found is None:
            made = self._make(place)
            found = self._made[place]
            if found is None:
                found = self._made[place] = made
        return found


class OnDemandMapping(Mapping[K, T], Generic[K, T]):
    """A mapping whose values `make` makes, given their keys."""

    __slots__ = ("_keys", "_made", "_make")

    def __init__(self, keys: Sequence[K], make: Callable[[K], T]) -> None:
        self._keys = dict.fromkeys(keys)
        self._made: dict[K, T] = {}
        self._make = make

    def __len__(self) -> int:
        return len(self._keys)

    def __iter__(self) -> Iterator[K]:
        return iter(self._keys)

    def __contains__(self, key: object) -> bool:
        return key in self._keys

    def __getitem__(self, key: K) -> T:
        """The value of a key. Raises KeyError for any other."""
        if key in self._made:
            return self._made[key]
        if key not in self._keys:
            raise KeyError(key)
        return self._made.setdefault(key, self._make(key))
