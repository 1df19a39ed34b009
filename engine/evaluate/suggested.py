"""Suggested: the frames on which a suggested change could be made, where a name in it ranges over the claim.

In:   a failed verdict and its suggestion.    Out: frames.
Uses: encounter, model, verdict.              Used by: explain.
Not here: making the change and judging the claim again (explain).
"""

from collections.abc import Iterator
from itertools import product
from typing import assert_never

from sequela.engine.encounter.view import Member, View
from sequela.engine.evaluate.verdict import Bound, Verdict
from sequela.engine.model.nodes import Binding
from sequela.engine.model.rules import (
    AddModifier,
    MoveDiagnosis,
    PointLine,
    RemoveModifier,
    ReplaceDiagnosis,
    ReplaceModifier,
    SuggestedChange,
    Suggestion,
)
from sequela.engine.vocabulary.kinds import Kind


def suggested_frames(verdict: Verdict, suggestion: Suggestion, view: View) -> Iterator[tuple[Bound, ...]]:
    """The frames of a failed verdict on which its suggestion could be tried.

    A name that only a `some` bound which failed ranges over the claim's members of its kind, in order; modifiers over
    those of the line that the change is about. Names of one change never mean the same thing. Without such a name there
    is one frame: what the slots of the verdict held.
    """
    slots = max([len(verdict.frame), *(binding.slot + 1 for binding in suggestion.free)])
    held = [*verdict.frame, *[None] * (slots - len(verdict.frame))]
    named = bindings_of_change(suggestion.change)
    for members in product(*(_range(binding, suggestion.change, held, view) for binding in suggestion.free)):
        frame = list(held)
        for binding, member in zip(suggestion.free, members, strict=True):
            frame[binding.slot] = member
        bound = [frame[binding.slot] for binding in named]
        if all(one is not None for one in bound) and len(set(map(_identity, bound))) == len(bound):
            yield tuple(frame)


def bindings_of_change(change: SuggestedChange) -> tuple[Binding, ...]:
    """The names that stand in a suggested change as things of the claim."""
    match change:
        case AddModifier(line=line):
            return (line,)
        case RemoveModifier(modifier=modifier, line=line) | ReplaceModifier(modifier=modifier, line=line):
            return (line, modifier) if isinstance(modifier, Binding) else (line,)
        case MoveDiagnosis(diagnosis=diagnosis, anchor=anchor):
            return (diagnosis,) if anchor is None else (diagnosis, anchor)
        case PointLine(line=line, diagnosis=diagnosis):
            return line, diagnosis
        case ReplaceDiagnosis(diagnosis=diagnosis):
            return (diagnosis,)
        case _:
            assert_never(change)


def _range(binding: Binding, change: SuggestedChange, frame: list[Bound], view: View) -> tuple[Member, ...]:
    if binding.kind is not Kind.MODIFIER:
        return view.members(binding.kind)
    line = frame[change.line.slot] if isinstance(change, RemoveModifier | ReplaceModifier) else None
    lines = (line,) if isinstance(line, Member) else view.members(Kind.LINE)
    return tuple(mark for one in lines for mark in view.modifiers(one))


def _identity(bound: Bound) -> object:
    return bound.pointer if isinstance(bound, Member) else bound
