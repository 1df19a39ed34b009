"""X12 claim ids: every claim of a file under a name of its own.

In:   CLM01 of each claim in turn.    Out: the id of its encounter.
Uses: nothing.                        Used by: from_x12.

A file may say one CLM01 twice. The first claim keeps it; the next are called `C-17#2`, `C-17#3`. To know, eight bytes
of each id are remembered (a hash of it, in a table at most two thirds full), not the ids.
"""

from array import array

from attrs import define, field

_SMALLEST = 1024


def _empty(size: int) -> "array[int]":
    return array("q", bytes(8 * size))


@define
class ClaimIds:
    """Hands out ids; `given` is how many."""

    given: int = 0
    _table: "array[int]" = field(factory=lambda: _empty(_SMALLEST))
    _repeated: dict[str, int] = field(factory=dict)

    def name(self, claim: str) -> tuple[str, int]:
        """The id for a claim that calls itself `claim`, and how many of that name there are so far, with this one.

        >>> ids = ClaimIds()
        >>> ids.name("C-17"), ids.name("C-17")
        (('C-17', 1), ('C-17#2', 2))
        """
        if self._add(claim):
            return claim, 1
        count = self._repeated.get(claim, 1) + 1
        while not self._add(f"{claim}#{count}"):
            count += 1
        self._repeated[claim] = count
        return f"{claim}#{count}", count

    def _add(self, name: str) -> bool:
        """Remember a name; false when it is there."""
        if self.given * 3 >= len(self._table) * 2:
            self._grow()
        if not _insert(self._table, hash(name) or 1):
            return False
        self.given += 1
        return True

    def _grow(self) -> None:
        table = _empty(len(self._table) * 2)
        for value in self._table:
            if value:
                _insert(table, value)
        self._table = table


def _insert(table: "array[int]", value: int) -> bool:
    """Put a value that is not 0 into an open table whose size is a power of two; false when it is there."""
    mask = len(table) - 1
    index = value & mask
    while table[index]:
        if table[index] == value:
            return False
        index = (index + 1) & mask
    table[index] = value
    return True
