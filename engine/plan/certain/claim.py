"""Claim: an encounter as the written code reads it: its lists in order, their codes in normal form.

In:   an Encounter.                     Out: `Claim`, `Listing`.
Uses: encounter, plan.logic, tables.    Used by: plan.certain.shape (the code that it writes), plan.certain.dispatch.
Not here: what is asked of it (shape).

Members, which carry a view with them, are made only for what the written code hands on to the compiled steps.
"""

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any, Final, TypeVar

from msgspec import Struct

from sequela.engine.encounter.derived import default_date
from sequela.engine.encounter.fields_party import completed_years
from sequela.engine.encounter.model import Encounter, replace
from sequela.engine.encounter.normal_codes import normaliser
from sequela.engine.encounter.usual import in_full
from sequela.engine.encounter.view import READERS, Member, View
from sequela.engine.plan.logic import Context
from sequela.engine.tables.stored_columns import BoundedMemo
from sequela.engine.vocabulary.absent import NONE
from sequela.engine.vocabulary.kinds import Kind
from sequela.engine.vocabulary.systems import System, printed

T = TypeVar("T")

Record = tuple[int, ...]
"""The place of a rule, what came of it (PASS, FAIL, …), then the place in its list of each member that is bound.

For a modifier that is its place among those of its line, for a group the place of its first line.
"""

PASS: Final = 0
FAIL: Final = 1
BYPASSED: Final = 2
UNKNOWN: Final = 3
NOT_CHECKED: Final = 4

diagnosis_code: Final = normaliser(System.ICD10CM)
service_code: Final = normaliser(System.HCPCS)
modifier_code: Final = normaliser(System.MODIFIER)
place_code: Final = normaliser(System.POS)


def _or_none(normalise: Callable[[str], str]) -> Callable[[str | None], str | None]:
    return lambda sent: None if sent is None else normalise(sent)


normal_diagnosis: Final = BoundedMemo(diagnosis_code)
normal_service: Final = BoundedMemo(_or_none(service_code))
normal_place: Final = BoundedMemo(_or_none(place_code))
normal_modifiers: Final = BoundedMemo(lambda sent: tuple(map(modifier_code, sent)))
"""Codes as sent, in normal form, remembered: a look into a dictionary. What is unknown stays unknown."""

NO_DIAGNOSIS: Final = frozenset({"admitting", "reason-for-visit"})
"""Roles of what is never met as `diagnosis`."""
_ELSEWHERE: Final = frozenset({"admitting", "reason-for-visit", "principal"})
"""Roles that can put a diagnosis elsewhere than where it was sent."""


class Claim(Struct, eq=False, gc=False):
    """One encounter being decided. `bailed` holds the rules of which some fact was not there."""

    encounter: Encounter
    lines: Sequence[Any]
    records: list[Record]
    standard: bool = False
    """Whether codes are in standard form: those of lines in normal form, those of diagnoses with or without their dot."""
    _order: Sequence[int] | bool | None = False
    """`order()`; False while it is not known."""
    known_codes: Sequence[str] | None = None
    """`codes()`, once they are known."""
    known_listed: Sequence[str] | None = None
    """`listed()`, once they are known."""
    known_line_codes: Sequence[Any] | None = None
    """`line_codes()`, once they are known."""
    has_unknown_codes: bool = False
    """Whether the procedure code of some line is unknown; to be asked after `line_codes()`."""
    bailed: set[int] | None = None
    _view: View | None = None
    _context: Context | None = None
    _day: date | bool | None = False

    def codes(self) -> Sequence[str]:
        """The codes of the diagnoses in normal form, the principal one first."""
        found = self.known_codes
        if found is None:
            found = [normal_diagnosis[one.code] for one in self.encounter.diagnoses]
            order = self.order()
            if order is not None:
                found = [found[index] for index in order]
            self.known_codes = found
        return found

    def listed(self) -> Sequence[str]:
        """The codes of the diagnoses as sets are asked for them: in standard form, the principal one first."""
        found = self.known_listed
        if found is None:
            if not self.standard or self.order() is not None:
                found = self.codes()
            else:
                found = [one.code for one in self.encounter.diagnoses]
            self.known_listed = found
        return found

    def line_codes(self) -> Sequence[Any]:
        """The codes of the lines in normal form; None where it is unknown, NONE where there is none."""
        found = self.known_line_codes
        if found is None:
            lines = self.lines
            found = [one.code for one in lines] if self.standard else [normal_service[one.code] for one in lines]
            if None in found:
                pairs = zip(found, lines, strict=True)
                found = [NONE if code is None and line.revenue is not None else code for code, line in pairs]
                self.has_unknown_codes = None in found
            self.known_line_codes = found
        return found

    # ------------------------------------------------------------ what is not known

    def bail(self, place: int) -> None:
        """The rule at `place` met a fact that is not known: the compiled steps decide it."""
        if self.bailed is None:
            self.bailed = {place}
        else:
            self.bailed.add(place)

    def bail_all(self, places: Sequence[int]) -> None:
        """The same of the rules at several places."""
        if self.bailed is None:
            self.bailed = set(places)
        else:
            self.bailed.update(places)

    # ------------------------------------------------------------ members, when a step asks for them

    @property
    def view(self) -> View:
        """The claim as the compiled steps meet it."""
        if self._view is None:
            self._view = View(in_full(self.encounter))
        return self._view

    def member(self, kind: Kind, place: int) -> Member:
        """The member at `place` in the list of a kind."""
        return READERS[kind](self.view)[place]

    def modifier(self, line: int, place: int) -> Member:
        """A modifier of a line."""
        return self.view.modifiers(self.view.lines()[line])[place]

    def context(self, day: date | None) -> Context:
        """What compiled steps read besides their frame, on a governing date."""
        if self._context is None:
            self._context = Context(self.view)
        self._context.date = day
        return self._context

    # ------------------------------------------------------------ facts of the whole claim

    def day(self) -> date | None:
        """The governing date of every subject but lines."""
        day = self._day
        if day is False:
            day = self._day = default_date(self.encounter)
        return day  # type: ignore[return-value]

    def age(self, day: date) -> int | None:
        """The patient's age in completed years on a day."""
        born = self.encounter.patient.birth_date
        return None if born is None else completed_years(born, day)

    def provider(self, line: Any) -> str | None:
        """The NPI of a line's provider: its own, else the claim's, else who bills."""
        if line.provider is not None:
            return line.provider  # type: ignore[no-any-return]
        return self.encounter.provider.npi or self.encounter.billing.npi

    def pointed(self, line: Any) -> tuple[int, ...] | range | None:
        """The places, among the diagnoses, of those that a line points to; None when its pointers were not sent."""
        encounter = self.encounter
        if encounter.setting != "professional":
            return range(len(self.codes()))
        sent = line.diagnoses
        if sent is None:
            return None
        order = self.order()
        if order is None:
            count = len(self.encounter.diagnoses)
            return tuple([number - 1 for number in sent if number <= count])
        places = {index: place for place, index in enumerate(order)}
        return tuple([places[number - 1] for number in sent if number - 1 in places])

    def order(self) -> Sequence[int] | None:
        """The places as sent of the diagnoses, the principal one first; None where that is the order in which they were sent."""
        found = self._order
        if found is False:
            found, first = None, True
            for one in self.encounter.diagnoses:
                role = one.role
                if role is not None and role in (NO_DIAGNOSIS if first else _ELSEWHERE):
                    found = [member.index for member in self.view.diagnoses()]
                    break
                first = False
            self._order = found
        return found  # type: ignore[return-value]


def code_of(line: Any) -> Any:
    """The code in normal form of a line; None where it is unknown, NONE where there is none."""
    code = normal_service[line.code]
    return NONE if code is None and line.revenue is not None else code


def is_standard(sent: str, normal: str) -> bool:
    """Whether a code of a diagnosis is sent in one of its two standard forms."""
    return sent in (normal, printed(System.ICD10CM, normal))


def in_standard_form(encounter: Encounter) -> Encounter:
    """A copy of an encounter of which the codes of lines and diagnoses are in normal form."""
    diagnoses = [replace(one, code=diagnosis_code(one.code)) for one in encounter.diagnoses]
    lines = [line if line.code is None else replace(line, code=service_code(line.code)) for line in encounter.lines]
    return replace(encounter, diagnoses=tuple(diagnoses), lines=tuple(lines))
