"""Index: from keys to the numbers of the rows that they match, without a look at the other rows.

In:   columns of key cells.         Out: `build_index`, `find_rows`, `all_rows`, `HOLDS`.
Uses: tables.codes, tables.spans.    Used by: tables.model.
Not here: dates, and what an absent row or an unknown key means (model).

The index is a tree with a level for each key column: exact ones first (a dict), then hierarchical ones (one probe for
each length that an owner has, and a search among the ranges), then lists (by code, by beginning, by range; verified).
"""

from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from typing import Any, Literal, cast

from sequela.engine.tables.codes import BEYOND, CodeRange, ExactCode, LikePattern, TextSet, UnderCode
from sequela.engine.tables.spans import SpanIndex

KeyMatch = Literal["exact", "under", "in"]
"""How a key column is matched; see model.KeyColumn."""

Column = tuple[int, KeyMatch, Sequence[Any]]
"""A key column: its place among the keys, how it is matched, its cells in file order."""

Owner = str | CodeRange
"""A hierarchical cell: a code, in normal form, or a range; it speaks for itself and all below it."""

_ORDER: dict[KeyMatch, int] = {"exact": 0, "under": 1, "in": 2}
_FEW = 8  # rows that are quicker tried one by one than found through an index


class ExactNode:
    """A level of exact keys."""

    __slots__ = ("children", "position")

    def __init__(self, position: int, children: "dict[Hashable, Node]") -> None:
        self.position = position
        self.children = children


class OwnerNode:
    """A level of hierarchical keys: owners that are codes, by text, and owners that are ranges."""

    __slots__ = ("codes", "lengths", "position", "ranges")

    def __init__(self, position: int, children: "dict[Owner, Node]") -> None:
        self.position = position
        self.codes = {owner: child for owner, child in children.items() if isinstance(owner, str)}
        self.lengths = sorted({len(owner) for owner in self.codes})
        self.ranges = SpanIndex(
            (owner.low, owner.high + BEYOND, (owner, child))
            for owner, child in children.items()
            if isinstance(owner, CodeRange)
        )

    def holding(self, code: str) -> "list[Node]":
        """What stands below each owner that speaks for `code`."""
        found = []
        for length in self.lengths:
            if length > len(code):
                break
            child = self.codes.get(code[:length])
            if child is not None:
                found.append(child)
        if len(self.ranges):
            found.extend(child for owner, child in self.ranges.holding(code) if owner.holds(code))
        return found

    def children(self) -> "Iterator[Node]":
        """What stands below any owner."""
        yield from self.codes.values()
        yield from (child for _, child in self.ranges.items())


class ListNode:
    """The last level: rows whose keys are lists of codes, one column or several."""

    __slots__ = ("_beginnings", "_columns", "_exact", "_lengths", "_ranges", "rows")

    def __init__(self, rows: Sequence[int], columns: Sequence[Column]) -> None:
        self.rows = rows
        self._columns = [(position, cells) for position, _, cells in columns]
        self._exact: dict[str, list[int]] | None = None
        if len(rows) > _FEW:
            self._build(columns[0][2])

    def _build(self, cells: Sequence[Any]) -> None:
        exact: dict[str, list[int]] = {}
        beginnings: dict[str, list[int]] = {}
        ranges: list[tuple[str, str, int]] = []
        for row in self.rows:
            for entry in cast("TextSet", cells[row]).entries:
                match entry:
                    case ExactCode(code=code):
                        exact.setdefault(code, []).append(row)
                    case UnderCode(code=code):
                        beginnings.setdefault(code, []).append(row)
                    case CodeRange(low=low, high=high):
                        ranges.append((low, high + BEYOND, row))
                    case LikePattern():
                        beginnings.setdefault(entry.beginning, []).append(row)
        self._exact = exact
        self._beginnings = beginnings
        self._lengths = sorted({len(beginning) for beginning in beginnings})
        self._ranges = SpanIndex(ranges)

    def find(self, keys: Sequence[Any]) -> list[int]:
        """The rows, in file order, whose lists hold the keys."""
        rows = self.rows if self._exact is None else self._candidates(keys[self._columns[0][0]])
        for position, cells in self._columns:
            key = keys[position]
            rows = [row for row in rows if cells[row].contains(key)]
        return list(rows)

    def _candidates(self, code: str) -> list[int]:
        assert self._exact is not None
        found = list(self._exact.get(code, ()))
        for length in self._lengths:
            if length > len(code):
                break
            found.extend(self._beginnings.get(code[:length], ()))
        if len(self._ranges):
            found.extend(self._ranges.holding(code))
        return sorted(set(found))


Node = ExactNode | OwnerNode | ListNode | list[int] | int
"""A level of the tree, or the rows at its end (one row stands bare)."""


def build_index(rows: Iterable[int], columns: Iterable[Column]) -> Node:
    """The tree that finds, among `rows` (ascending numbers from 0), those that keys match in `columns`."""
    return _build(list(rows), sorted(columns, key=lambda column: _ORDER[column[1]]))


def _build(rows: list[int], columns: Sequence[Column]) -> Node:
    if not columns:
        return rows[0] if len(rows) == 1 else rows
    position, how, cells = columns[0]
    if how == "in":
        return ListNode(rows, columns)
    groups: dict[Any, list[int]] = {}
    for row in rows:
        cell = cells[row]
        group = groups.get(cell)
        if group is None:
            groups[cell] = [row]
        else:
            group.append(row)
    rest = columns[1:]
    children: dict[Any, Node]
    if rest:
        children = {cell: _build(group, rest) for cell, group in groups.items()}
    else:
        children = {cell: group[0] if len(group) == 1 else group for cell, group in groups.items()}
    return ExactNode(position, children) if how == "exact" else OwnerNode(position, children)


def find_rows(node: Node, keys: Sequence[Any]) -> Sequence[int]:
    """The rows, in file order, that `keys` match; every key is a value of its column's kind."""
    while type(node) is ExactNode:
        child = node.children.get(keys[node.position])
        if child is None:
            return ()
        node = child
    if type(node) is int:
        return (node,)
    if type(node) is list:
        return node
    if type(node) is ListNode:
        return node.find(keys)
    assert type(node) is OwnerNode
    children = node.holding(keys[node.position])
    if len(children) == 1:
        return find_rows(children[0], keys)
    return sorted(row for child in children for row in find_rows(child, keys))


def all_rows(node: Node) -> Iterator[int]:
    """Every row below a level, in no order."""
    match node:
        case int():
            yield node
        case list():
            yield from node
        case ListNode():
            yield from node.rows
        case ExactNode():
            for child in node.children.values():
                yield from all_rows(child)
        case OwnerNode():
            for child in node.children():
                yield from all_rows(child)


def _equals(cell: Any, key: Any) -> bool:
    return bool(cell == key)


def _speaks_for(cell: Owner, key: str) -> bool:
    return key.startswith(cell) if isinstance(cell, str) else cell.holds(key)


def _lists(cell: TextSet, key: str) -> bool:
    return cell.contains(key)


HOLDS: dict[KeyMatch, Callable[[Any, Any], bool]] = {"exact": _equals, "under": _speaks_for, "in": _lists}
"""For each way of matching, whether a cell matches a key: what the index must agree with."""
