"""Payable lines: which lines rules of earlier phases denied or rejected, or perhaps did.

In:   verdicts of earlier phases.    Out: `Struck`, which answers for a line.
Uses: plan.logic, plan.decide.       Used by: plan.run.
"""

from collections.abc import Iterable, Sequence
from typing import Any, Final

from sequela.engine.encounter.view import Member
from sequela.engine.evaluate.verdict import Group
from sequela.engine.model.rules import Consequence
from sequela.engine.plan.decide import strikes_lines
from sequela.engine.plan.logic import FALSE, TRUE, UNCHECKED, UNKNOWN
from sequela.engine.vocabulary.kinds import Kind

_MAY_HOLD_LINES: Final = frozenset({Kind.LINE, Kind.SERVICE, Kind.GROUP})
_BY_DISPOSITION: Final = {"paid": TRUE, "denied": FALSE, "void": FALSE}


class Struck:
    """Lines that are not payable, or of which that is unknown. What a phase strikes counts in the phases after it."""

    __slots__ = ("_coming", "_everything", "_lines")

    def __init__(self) -> None:
        self._lines: dict[int, int] = {}
        self._coming: list[tuple[int, int]] = []
        self._everything = TRUE

    def payable(self, line: Member) -> int:
        """Whether a line is payable; a history line by its own disposition."""
        if line.kind is Kind.HISTORY_LINE:
            return _BY_DISPOSITION.get(line.data.disposition, UNKNOWN)
        found = self._lines.get(line.index, TRUE)
        return max(found, self._everything) if found != FALSE else FALSE

    def next_phase(self) -> None:
        """What was struck so far counts from now on."""
        for index, state in self._coming:
            if index < 0:
                self._everything = max(self._everything, state)
                continue
            have = self._lines.get(index, TRUE)
            self._lines[index] = FALSE if FALSE in (have, state) else max(have, state)
        self._coming.clear()

    def failed(self, consequences: Iterable[Consequence], frame: Sequence[Any]) -> None:
        """A failure: its lines are struck; a line that a group perhaps holds is struck perhaps."""
        for consequence in consequences:
            if strikes_lines(consequence.outcome):
                self._strike(consequence, frame, FALSE)

    def in_doubt(self, consequences: Iterable[Consequence], frame: Sequence[Any], *, unchecked: bool) -> None:
        """What is unknown or not checked: the lines that a failure would strike are struck perhaps."""
        for consequence in consequences:
            if strikes_lines(consequence.outcome):
                self._strike(consequence, frame, UNCHECKED if unchecked else UNKNOWN)

    def broken(self) -> None:
        """A rule that could not be run and might have struck any line."""
        self._coming.append((-1, UNKNOWN))

    def _strike(self, consequence: Consequence, frame: Sequence[Any], state: int) -> None:
        for binding in consequence.about:
            bound = frame[binding.slot]
            if bound.__class__ is Member:
                if bound.kind is Kind.LINE:
                    self._coming.append((bound.index, state))
            elif bound.__class__ is Group:
                self._coming.extend((line.index, state) for line in bound.lines)
                self._coming.extend((line.index, UNKNOWN if state == FALSE else state) for line in bound.possible)
            elif bound is None and state != FALSE and binding.kind in _MAY_HOLD_LINES:
                self._coming.append((-1, state))
