"""Condition size: how much a named condition asks, counting all that it names.

In:   declared conditions, called ones first.    Out: whether each can be used; one that is too large is an error.
Uses: names, written.                            Used by: check.
Not here: circles (order.py); how deep one condition is nested (scope.py).

A condition that asks another one twice, which asks a third one twice, doubles its work at every step: twenty such steps ask
a million conditions. It would be read by nobody and decided by nothing.
"""

from collections.abc import Iterator
from typing import Final

from sequela.engine.model.names import DeclaredCondition
from sequela.engine.model.written import declared_used

MOST_ASKED: Final = 10_000
"""Conditions that one named condition may ask, counting those that the conditions that it names ask."""

HIGHEST: Final = 40
"""Named conditions that may stand for one another, one below the other."""


def is_too_large(declared: DeclaredCondition) -> bool:
    """Whether a condition asks too much or too deep, which is an error; notes what it asks, for those that name it."""
    called = list(_called(declared))
    if any(used.causes for used in called):  # it cannot be used in any case
        return False
    for used in called:
        declared.asks += used.asks
        declared.height = max(declared.height, used.height + 1)
    name = f"The condition `{declared.name.text}`"
    if declared.asks > MOST_ASKED:
        said = f"{name} asks {declared.asks:,} conditions, counting all that it names; {MOST_ASKED:,} are the most."
        hint = "Ask a condition once where it is asked twice."
    elif declared.height > HIGHEST:
        said = f"{name} stands on {declared.height - 1} others, one on the other; {HIGHEST - 1} are the most."
        hint = "Write what the lowest of them ask where it is needed."
    else:
        return False
    declared.findings.error("SEQ332", said, declared.name.span, hint=hint)
    declared.causes[declared] = None
    return True


def _called(declared: DeclaredCondition) -> Iterator[DeclaredCondition]:
    for name in declared_used(declared.node):
        used = declared.home.find(name.text)
        if isinstance(used, DeclaredCondition):
            yield used
