"""Order: sets after the sets that they name, conditions after those that they call; and circles among them.

In:   declared sets or conditions.    Out: the same, each after what it is built from.
Uses: names, written.                 Used by: check.
Not here: what is in a set or a condition (sets.py, declared_conditions.py).
"""

from collections.abc import Iterator, Sequence
from typing import TypeVar

from sequela.engine.diagnostics.model import Label
from sequela.engine.model.names import DeclaredCodes, DeclaredCondition
from sequela.engine.model.written import declared_used
from sequela.engine.syntax.node import Name

Built = TypeVar("Built", DeclaredCodes, DeclaredCondition)


def in_order(several: Sequence[Built]) -> list[Built]:
    """Each after what it is built from; those in a circle are reported, marked unusable and left out."""
    done: dict[Built, bool] = {}  # False while what it is built from is being visited
    circular: set[Built] = set()
    ordered: list[Built] = []
    for first in several:
        if first in done:
            continue
        path: list[tuple[Built, Name, Iterator[tuple[Name, Built]]]] = [(first, first.name, _built_from(first))]
        done[first] = False
        while path:
            declared, _, rest = path[-1]
            name, used = next(rest, (None, None))
            if name is None or used is None:
                path.pop()
                done[declared] = True
                if declared not in circular:
                    ordered.append(declared)
            elif used not in done:
                done[used] = False
                path.append((used, name, _built_from(used)))
            elif not done[used]:
                _circle([(one, at) for one, at, _ in path], used, name, circular)
    return ordered


def _built_from(declared: Built) -> Iterator[tuple[Name, Built]]:
    for name in declared_used(declared.node):
        used = declared.home.find(name.text)
        if isinstance(used, type(declared)):
            yield name, used


def _circle(path: list[tuple[Built, Name]], used: Built, name: Name, circular: set[Built]) -> None:
    """Report the circle that `name`, a use of something on the path, closes."""
    start = next(place for place, (one, _) in enumerate(path) if one is used)
    round_trip: list[tuple[Built, Name]] = path[start:]
    if any(one in circular for one, _ in round_trip):
        return
    root = used
    through = [one.name.text for one, _ in round_trip[1:]]
    by_way = f", by way of {', '.join(f'`{one}`' for one in through)}" if through else ""
    root.findings.error(
        "SEQ214",
        f"The {root.noun} `{root.name.text}` is made of itself{by_way}.",
        root.name.span,
        also=(*(Label(at.span, "uses it") for _, at in round_trip[1:]), Label(name.span, "and back again")),
        hint="Take one of these uses out.",
    )
    for one, _ in round_trip:
        one.causes[root] = None
        circular.add(one)
