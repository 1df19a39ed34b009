"""Reading: what a reader hands back for one claim of an input.

In:   an encounter, or what kept it from being read.    Out: `Read`, `EncounterError`.
Uses: model, diagnostics.                               Used by: the readers, read, pipeline.
"""

from msgspec import Struct

from sequela.engine.diagnostics.model import InputProblem
from sequela.engine.encounter.model import Encounter


class Read(Struct, frozen=True):
    """One claim as read, or the problems that kept it from being read.

    Problems with `fatal` false are warnings that accompany a claim that was read. A fatal one stands where a claim
    (or, when `problem.claim` is None, the rest of the file) could not be read; then `encounter` is None.
    """

    encounter: Encounter | None
    problems: tuple[InputProblem, ...] = ()


class EncounterError(ValueError):
    """An encounter handed in by a program that cannot be read; holds every problem found in it."""

    def __init__(self, problems: tuple[InputProblem, ...]) -> None:
        super().__init__(problems)
        self.problems = problems

    def __str__(self) -> str:
        return "\n".join(
            f"{problem.code} {problem.message} [{problem.place}]" + (f" {problem.hint}" if problem.hint else "")
            for problem in self.problems
        )
