"""Folding: making something of a tree of evidence, from its leaves up, without a call inside a call.

In:   `Evidence`.        Out: whatever is made of it.
Uses: evidence.          Used by: tree, families, gaps.

A condition may be nested to any depth, and Python's own stack has an end.
"""

from collections.abc import Callable, Sequence
from typing import TypeVar

from sequela.engine.evaluate.evidence import Evidence, MemberEvidence

Made = TypeVar("Made")


def fold(
    root: Evidence, parts_of: Callable[[Evidence], Sequence[Evidence]], make: Callable[[Evidence, list[Made]], Made]
) -> Made:
    """Make something of a tree from its leaves up, without a call inside a call."""
    waiting: list[tuple[Evidence, Sequence[Evidence], list[Made]]] = [(root, parts_of(root), [])]
    while True:
        evidence, parts, made = waiting[-1]
        if len(made) < len(parts):
            part = parts[len(made)]
            waiting.append((part, parts_of(part), []))
            continue
        waiting.pop()
        result = make(evidence, made)
        if not waiting:
            return result
        waiting[-1][2].append(result)


def parts_of_member(member: MemberEvidence) -> list[Evidence]:
    """Everything that was asked of a member: whether it belongs, piece by piece, and `where`."""
    return [*member.belongs.parts, *([] if member.where is None else [member.where])]
