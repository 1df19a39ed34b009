"""X12 notes: what is said about an 837 while it is read, gathered for the claim that it is about.

In:   a code, a sentence, a place.    Out: `InputProblem`s.
Uses: diagnostics, x12_segment.       Used by: every x12 module that finds something to say.
"""

from attrs import define, field

from sequela.engine.diagnostics.model import InputProblem
from sequela.engine.encounter.x12_segment import Segment, origin_in


@define
class Notes:
    """The problems found since they were last taken; `claim` is the id of the claim being read."""

    file: str
    claim: str | None = None
    problems: list[InputProblem] = field(factory=list)
    _said: set[str] = field(factory=set)
    _said_of_claim: set[str] = field(factory=set)
    _end: int = 0

    def begin_claim(self, claim: str | None) -> None:
        """From here on the problems are about this claim; None: about none."""
        self.claim = claim
        self._said_of_claim.clear()

    def warn(
        self,
        code: str,
        message: str,
        segment: Segment | None = None,
        element: int = 0,
        component: int = 0,
        *,
        hint: str | None = None,
    ) -> None:
        """Something to know about a claim, or a file, that is read all the same."""
        self._add(code, message, self._place(segment, element, component), hint, fatal=False)

    def fatal(
        self, code: str, message: str, segment: Segment | None = None, element: int = 0, *, hint: str | None = None
    ) -> None:
        """What kept a claim, or a stretch of the file, from being read."""
        self._add(code, message, self._place(segment, element, 0), hint, fatal=True)

    def warn_at(self, code: str, message: str, place: str, *, hint: str | None = None, fatal: bool = False) -> None:
        """The same for a place that no segment holds (a byte of the file)."""
        self._add(code, message, place, hint, fatal=fatal)

    def first(self, topic: str) -> bool:
        """True the first time that it is asked about `topic` in this file: for what would else be said too often."""
        if topic in self._said:
            return False
        self._said.add(topic)
        return True

    def first_of_claim(self, topic: str) -> bool:
        """The same for the claim that is read."""
        if topic in self._said_of_claim:
            return False
        self._said_of_claim.add(topic)
        return True

    def end_claim(self) -> None:
        """A claim ends here: what is said from now on is about what follows it."""
        self.claim = None
        self._end = len(self.problems)

    def take_before(self) -> tuple[list[InputProblem], list[InputProblem]]:
        """The problems said up to `end_claim`, and those said since; all are then forgotten."""
        if not self.problems:
            return [], []
        before, since = self.problems[: self._end], self.problems[self._end :]
        self.problems.clear()
        self._end = 0
        return before, since

    def take(self) -> tuple[InputProblem, ...]:
        """The problems gathered so far, which are then forgotten."""
        if not self.problems:
            return ()
        taken = tuple(self.problems)
        self.problems.clear()
        return taken

    def _add(self, code: str, message: str, place: str, hint: str | None, *, fatal: bool) -> None:
        self.problems.append(
            InputProblem(
                code=code, message=message, file=self.file, place=place, claim=self.claim, hint=hint, fatal=fatal
            )
        )

    def _place(self, segment: Segment | None, element: int, component: int) -> str:
        if segment is None:
            return ""
        return origin_in(self.file, segment, element, component).place
