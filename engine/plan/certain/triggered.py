"""Triggered: the function that a code triggers, found once for each code as it is sent.

In:   rules filed under codes, and what makes functions of rules.    Out: `Triggered`.
Uses: plan.index, plan.certain.claim.                                Used by: plan.certain.dispatch, failing.
Not here: what is done with a claim (dispatch, failing).
"""

from collections.abc import Callable, Iterable, Sequence
from typing import Any, Final

from sequela.engine.encounter.model import Encounter
from sequela.engine.plan.certain.claim import (
    Claim,
    Record,
    diagnosis_code,
    in_standard_form,
    is_standard,
    service_code,
)
from sequela.engine.plan.certain.grouped import Decide
from sequela.engine.plan.index import CodeIndex, Within

_MOST_MET: Final = 65_536
"""Codes as sent of which it is remembered what they trigger."""


class ByCode:
    """Rules under the codes that trigger them, of lines and of diagnoses."""

    def __init__(self, lines: Sequence[tuple[int, Within]], diagnoses: Sequence[tuple[int, Within]]) -> None:
        self.lines, self.diagnoses = CodeIndex(lines), CodeIndex(diagnoses)


class Triggered:
    """For every code that was met: the function of what it triggers, None where that is nothing.

    Codes stand here as they were sent, in a standard form (see `Claim.standard`); None is that of a line without a code. A code
    that is not here was not met, or is sent in another form: then `meet` is asked, for claims whose codes have the form of codes.
    """

    def __init__(self, filed: ByCode, decide: Callable[[Sequence[int]], Decide | None]) -> None:
        """`decide` gives the function that decides the rules at some places."""
        self.lines: dict[str | None, Any] = {}
        self.diagnoses: dict[str | None, Any] = {}
        self._filed = filed
        self._decide = decide
        self._by_places: dict[tuple[int, ...], Decide | None] = {}

    def meet(self, encounter: Encounter) -> Encounter:
        """Find what the codes of a claim trigger. Gives the claim with all its codes in standard form."""
        for one in encounter.diagnoses:
            if not is_standard(one.code, diagnosis_code(one.code)):
                return self.meet(in_standard_form(encounter))
        for line in encounter.lines:
            if line.code is not None and line.code != service_code(line.code):
                return self.meet(in_standard_form(encounter))
        self._learn(self.diagnoses, {one.code for one in encounter.diagnoses}, self._of_diagnosis)
        self._learn(self.lines, {line.code for line in encounter.lines}, self._of_line)
        return encounter

    def _learn(self, met: dict[str | None, Any], sent: set[Any], of: Callable[[Any], Decide | None]) -> None:
        new = {code: of(code) for code in sent.difference(met)}
        if len(met) + len(new) > _MOST_MET:
            met.clear()
            new = {code: of(code) for code in sent}
        met.update(new)

    def _of_diagnosis(self, sent: str) -> Decide | None:
        return self.of(self._filed.diagnoses.rules(diagnosis_code(sent)))

    def _of_line(self, sent: str | None) -> Decide | None:
        if sent is not None:
            return self.of(self._filed.lines.rules(service_code(sent)))
        every = self._filed.lines.everyone
        return without_code(every) if every else None

    def of(self, places: Iterable[int]) -> Decide | None:
        """The function that decides some rules; the same for all codes that trigger the same ones."""
        key = tuple(sorted(places))
        if key not in self._by_places:
            self._by_places[key] = self._decide(key)
        return self._by_places[key]


def left(places: Sequence[int]) -> Decide:
    """The function of rules for which no code is written: it leaves them to the compiled steps."""

    def leave(data: Any, at: int, claim: Claim, add: Callable[[Record], None]) -> None:
        claim.bail_all(places)

    return leave


def without_code(places: Sequence[int]) -> Decide:
    """The function of a line without a procedure code: where it is not certain that it has none, any rule might be meant."""

    def leave(line: Any, at: int, claim: Claim, add: Callable[[Record], None]) -> None:
        if line.revenue is None:
            claim.bail_all(places)

    return leave
