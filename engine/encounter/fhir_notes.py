"""FHIR notes: what is said about a FHIR resource while it is read, gathered for the claim that it is about.

In:   a code, a sentence, a place.    Out: `InputProblem`s.
Uses: diagnostics, fhir_source.       Used by: every FHIR module that finds something to say.
"""

from attrs import define, field
from msgspec.structs import replace

from sequela.engine.diagnostics.model import InputProblem
from sequela.engine.encounter.fhir_source import Place, Source


@define
class Notes:
    """The problems found in one claim; `source` is its resource, in which places without one of their own stand."""

    source: Source
    claim: str | None = None
    problems: list[InputProblem] = field(factory=list)
    _said: set[str] = field(factory=set)

    def warn(self, code: str, message: str, place: Place = "", *, hint: str | None = None) -> None:
        """Something to know about a claim that is read all the same."""
        self._add(code, message, place, hint, fatal=False)

    def fatal(self, code: str, message: str, place: Place = "", *, hint: str | None = None) -> None:
        """What kept the claim from being read."""
        self._add(code, message, place, hint, fatal=True)

    def add_softly(self, problem: InputProblem) -> None:
        """A problem of a resource that the claim refers to: the claim is read all the same."""
        self.problems.append(replace(problem, fatal=False))

    def first(self, topic: str) -> bool:
        """True the first time that it is asked about `topic` in this claim: for what would else be said too often."""
        if topic in self._said:
            return False
        self._said.add(topic)
        return True

    def _add(self, code: str, message: str, place: Place, hint: str | None, *, fatal: bool) -> None:
        source, path = (self.source, place) if isinstance(place, str) else place
        self.problems.append(
            InputProblem(
                code=code,
                message=message,
                file=source.file,
                place=source.origin(path).place,
                claim=self.claim,
                hint=hint,
                fatal=fatal,
            )
        )
