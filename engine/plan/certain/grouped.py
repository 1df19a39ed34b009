"""Grouped: the functions of rules: one for each, or one for all rules of a shape that the same codes trigger.

In:   versions of rules as `Written` code.            Out: `Decide` functions.
Uses: plan.certain.writer, plan.certain.claim.        Used by: plan.certain.shape, dispatch, shown.
Not here: what the code says (shape, conditions).

What differs between the rules is asked in a loop over them, which stands as late as it can: what is read before is read once.

    def run(data, at, claim, add):
        v1 = data.units
        if v1 is None:
            return claim.bail_all(rules)
        for rule, p0 in rows:
            v2 = (v1 <= p0)
            add((rule, 0 if v2 else 1, at))
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any, Final

from msgspec import Struct

from sequela.engine.plan.certain.claim import Claim, Record
from sequela.engine.plan.certain.writer import BAIL, INDENT, LEAVE

Decide = Callable[[Any, int, Claim, Callable[[Record], None]], None]
"""Decides rules on a member and its place, and adds a record for each combination to which one applies."""

_NAME: Final = re.compile(r"(?<![.\w])[a-z]\w*")
_ASSIGNED: Final = re.compile(r"(\w+)(?: \+?= |\.append\()")
_PLAIN: Final = (str, int, date, Decimal)


class Written(Struct, frozen=True, eq=False):
    """A version of a rule as code: the statements that all rules of its shape share, and the rule's own parameters.

    The first parameter is the place of the rule, `rule`; the others are named `p0`, `p1` and so on.
    """

    body: str
    parameters: tuple[Any, ...]

    @property
    def text(self) -> str:
        """The code of this rule alone."""
        return _function(_names(range(len(self.parameters))), self.body)


class Functions:
    """Makes functions of written code; what was compiled for a shape is kept, and shared by all its rules."""

    def __init__(self, names: Mapping[str, Any]) -> None:
        self._names = names
        self._texts: dict[tuple[str, int, tuple[int, ...]], str | None] = {}
        self._compiled: dict[str, Callable[..., Decide]] = {}

    def of(self, written: Iterable[Written]) -> tuple[Decide, ...]:
        """The functions that decide versions of rules: one for all of the same shape."""
        by_shape: dict[str, list[Written]] = {}
        for one in written:
            by_shape.setdefault(one.body, []).append(one)
        return tuple(function for alike in by_shape.values() for function in self._of_alike(alike))

    def _of_alike(self, alike: list[Written]) -> Sequence[Decide]:
        first = alike[0]
        if len(alike) > 1:
            count = len(first.parameters)
            varying = tuple(at for at in range(count) if not at or _differ([one.parameters[at] for one in alike]))
            key = first.body, count, varying
            if key not in self._texts:
                self._texts[key] = text_of_all(*key)
            text = self._texts[key]
            if text is not None:
                rules = tuple(one.parameters[0] for one in alike)
                rows = tuple(tuple(one.parameters[at] for at in varying) for one in alike)
                shared = (value for at, value in enumerate(first.parameters) if at not in varying)
                return (self._make(text)(rules, rows, *shared),)
        return tuple(self._make(one.text)(*one.parameters) for one in alike)

    def _make(self, text: str) -> Callable[..., Decide]:
        make = self._compiled.get(text)
        if make is None:
            names = dict(self._names)
            exec(compile(text, "<written code>", "exec"), names)
            make = self._compiled[text] = names["make"]
        return make


def all_of_them(functions: Sequence[Decide]) -> Decide | None:
    """One function that does what several do; None where there is none."""
    if len(functions) < 2:
        return functions[0] if functions else None
    if len(functions) == 2:
        first, second = functions

        def both(data: Any, at: int, claim: Claim, add: Callable[[Record], None]) -> None:
            first(data, at, claim, add)
            second(data, at, claim, add)

        return both

    def each(data: Any, at: int, claim: Claim, add: Callable[[Record], None]) -> None:
        for one in functions:
            one(data, at, claim, add)

    return each


def _differ(values: list[Any]) -> bool:
    """Whether rules have different constants: not the same thing, nor equal ones of a plain type."""
    first = values[0]
    return not all(
        one is first or (one.__class__ is first.__class__ and isinstance(one, _PLAIN) and one == first)
        for one in values
    )


def _names(places: Iterable[int]) -> list[str]:
    return [f"p{at - 1}" if at else "rule" for at in places]


def _function(parameters: Sequence[str], body: str) -> str:
    return f"def make({', '.join(parameters)}):\n{INDENT}def run(data, at, claim, add):\n{body}\n{INDENT}return run\n"


# ---------------------------------------------------------------- the loop over the rules


def text_of_all(body: str, count: int, varying: tuple[int, ...]) -> str | None:
    """The code for several rules of a shape with so many parameters, of which some vary; None where no loop can be placed."""
    lines = body.split("\n")
    names = _names(varying)
    begun = _where(lines, frozenset(names))
    looped = _looped(lines[begun:])
    if looped is None:
        return None
    head = f"{INDENT * _depth(lines[begun])}for {', '.join(names)}{',' if len(names) == 1 else ''} in rows:"
    before = [one.replace(BAIL, "return claim.bail_all(rules)") for one in lines[:begun]]
    shared = _names(at for at in range(count) if at not in varying)
    return _function(["rules", "rows", *shared], "\n".join([*before, head, *looped]))


def _depth(line: str) -> int:
    return (len(line) - len(line.lstrip())) // len(INDENT)


def _where(lines: list[str], names: frozenset[str]) -> int:
    """The line at which the loop begins: all from there on is done for each rule.

    What it assigns must not have been assigned before: it would go on from one rule to the next.
    """
    begun = _first_mention(lines, names)
    while True:
        assigned = {found[1] for one in lines[begun:] if (found := _ASSIGNED.match(one.strip()))}
        before = [
            at
            for at, one in enumerate(lines[:begun])
            if (found := _ASSIGNED.match(one.strip())) and found[1] in assigned
        ]
        if not before:
            return begun
        begun = before[0]
        while min(map(_depth, lines[begun:])) < _depth(lines[begun]):
            begun -= 1


def _first_mention(lines: list[str], names: frozenset[str]) -> int:
    """The first statement that speaks of what varies, as deep as nothing follows what it stands in."""
    first, last, depth = 0, len(lines), _depth(lines[0])
    while True:
        statements = [at for at in range(first, last) if _depth(lines[at]) == depth]
        ends = [*statements[1:], last]
        for at, end in zip(statements, ends, strict=True):
            if any(_speaks(one, names) for one in lines[at:end]):
                break
        if lines[at].strip() == "else:":
            return statements[statements.index(at) - 1]
        if _speaks(lines[at], names) or end != last:
            return at
        first, depth = at + 1, depth + 1


def _speaks(line: str, names: frozenset[str]) -> bool:
    return not line.endswith(BAIL) and not names.isdisjoint(_NAME.findall(line))


def _looped(lines: list[str]) -> list[str] | None:
    """Statements as they stand in the loop over the rules: what left the function goes on with the next rule."""
    found: list[str] = []
    loops: list[int] = []
    for line in lines:
        depth = _depth(line)
        while loops and loops[-1] >= depth:
            loops.pop()
        if line.endswith(BAIL):
            indent = INDENT * (depth + 1)
            found += [f"{indent}claim.bail(rule)", f"{indent}{'break' if loops else 'continue'}"]
            continue
        leaves = line.endswith(LEAVE)
        if (leaves and loops) or (line.endswith("break") and not loops):
            return None
        found.append(INDENT + (f"{line[: -len(LEAVE)]}continue" if leaves else line))
        if line.lstrip().startswith("for "):
            loops.append(depth)
    return found
