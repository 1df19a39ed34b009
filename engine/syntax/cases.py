"""Tests as the author wrote them: cases in a coder's shorthand.

In:   nothing.              Out: the nodes of `test` blocks.
Uses: node, conditions.     Used by: declarations, build, format, the runner of cases.
"""

from datetime import date

from sequela.engine.syntax.conditions import Condition, Path, Value
from sequela.engine.syntax.node import Name, Node, Text

# ---------------------------------------------------------------- what a claim is made of


class ClaimPart(Node, frozen=True, kw_only=True):
    """`professional claim on DATE at POS for PAYER, received DATE, admitted DATE, discharged DATE`.

    As a change (`same as above but claim on DATE`) `setting` may be None. `payer` may be a name or a quoted id.
    """

    setting: str | None
    on: date | None = None
    at: str | None = None
    payer: str | None = None
    received: date | None = None
    admitted: date | None = None
    discharged: date | None = None


class PatientPart(Node, frozen=True, kw_only=True):
    """`patient female born 1950-06-01`."""

    sex: str | None
    born: date | None


class DiagnosisPart(Node, frozen=True, kw_only=True):
    """`dx E11.9 poa Y`."""

    code: str
    poa: str | None = None


class ProcedurePart(Node, frozen=True, kw_only=True):
    """`procedure 0DTJ4ZZ on 2026-03-02`."""

    code: str
    on: date | None = None


class CodedPart(Node, frozen=True, kw_only=True):
    """`condition-code 44`, `occurrence 11 on 2026-03-01`, `occurrence 74 on DATE to DATE`, `value-code 80 amount 3`."""

    kind: str  # "condition-code" | "occurrence" | "value-code"
    code: str
    on: date | None = None
    to: date | None = None
    amount: str | None = None


class DocumentPart(Node, frozen=True, kw_only=True):
    """`document "progress note" supports L57.0, I10`."""

    kind: Text
    supports: tuple[str, ...]


class LineDetails(Node, frozen=True, kw_only=True):
    """What may follow a line: `x 2 on DATE at POS for 1, 2 by "NPI" charge 120.00`; None where not said."""

    code: str | None = None
    modifiers: tuple[str, ...] | None = None
    units: str | None = None
    on: date | None = None
    at: str | None = None
    pointers: tuple[int, ...] | None = None
    by: str | None = None
    charge: str | None = None


class LinePart(Node, frozen=True, kw_only=True):
    """`line 99213-25 …`, or `history line …` when `history` is set."""

    details: LineDetails
    history: bool = False


class Completeness(Node, frozen=True, kw_only=True):
    """`history is complete`, `documents are complete`."""

    what: str  # "history" | "documents"


class FactOwner(Node, frozen=True, kw_only=True):
    """Whose fact: `line 1`, `dx 2`, `history line 1`, `procedure 1`, `document 1`; for a path, `encounter` or `patient`.

    `number` is None for those two.
    """

    kind: str
    number: int | None


class FactPart(Node, frozen=True, kw_only=True):
    """`fact line 1 authorization is "A-1"`, `fact encounter.drg is 470`.

    `path` is the fact's name: `authorization`, `drg`, `provider.npi`.
    """

    owner: FactOwner
    path: Path
    value: Value


ClaimItem = PatientPart | DiagnosisPart | ProcedurePart | CodedPart | DocumentPart | LinePart | Completeness | FactPart

# ---------------------------------------------------------------- what a variation changes


class ChangeLine(Node, frozen=True, kw_only=True):
    """`line 2 is 99213-25` (code and modifiers set) or `line 2 at 23` (any part of the shorthand)."""

    number: int
    details: LineDetails
    replaces_code: bool


class LineWithout(Node, frozen=True, kw_only=True):
    """`line 2 without provider`."""

    number: int
    fact: Path


class WithoutMember(Node, frozen=True, kw_only=True):
    """`without line 2`, `without dx 1`, `without procedure 1`, `without condition-code 1`."""

    kind: str  # "line" | "dx" | "procedure" | "condition-code" | "occurrence" | "value-code"
    number: int


class WithItem(Node, frozen=True, kw_only=True):
    """`with dx G30.9 before dx 1`, or any item of a full claim."""

    item: ClaimItem
    before: bool | None = None  # None: at the end
    anchor: int | None = None


class ChangePatient(Node, frozen=True, kw_only=True):
    """`patient male born …`."""

    patient: PatientPart


class ChangeClaim(Node, frozen=True, kw_only=True):
    """`claim at 23 received 2026-04-01`: any part of the claim shorthand."""

    claim: ClaimPart


CaseChange = ChangeLine | LineWithout | WithoutMember | WithItem | ChangePatient | ChangeClaim

# ---------------------------------------------------------------- what is expected


class Place(Node, frozen=True, kw_only=True):
    """`at line 1`, `at dx 2`; kind is line, dx, procedure, history line or document."""

    kind: str
    number: int


class ExpectStatus(Node, frozen=True, kw_only=True):
    """`expect MOD-25 fail at line 1 because C asking line 2 provider`; `rule` None is the first rule named."""

    rule: Name | None
    status: str
    at: Place | None = None
    because: Condition | None = None
    asking_owner: FactOwner | None = None
    asking: Path | None = None


class ExpectSuggestion(Node, frozen=True, kw_only=True):
    """`expect suggests add modifier 25 to line 1`; numbers are places in the claim of the case.

    `change` is one of "add modifier", "remove modifier", "replace modifier", "move", "point", "replace"; `subject` and
    `target` are places; `before` goes with move (without a target: to the first place); `code` with modifiers and
    replace, `by` with replace modifier.
    """

    rule: Name | None
    change: str
    code: str | None = None
    subject: Place | None = None
    target: Place | None = None
    before: bool | None = None
    by: str | None = None


class ExpectNothingFails(Node, frozen=True, kw_only=True):
    """`expect nothing fails`."""


Expectation = ExpectStatus | ExpectSuggestion | ExpectNothingFails


class Case(Node, frozen=True, kw_only=True):
    """One case: a full claim (`claim` and `items`), or `changes` of the nearest full claim above; then expectations."""

    title: Text
    claim: ClaimPart | None
    items: tuple[ClaimItem, ...]
    changes: tuple[CaseChange, ...]
    expects: tuple[Expectation, ...]

    @property
    def is_variation(self) -> bool:
        """Whether the case says `same as above`."""
        return self.claim is None


class TestDeclaration(Node, frozen=True, kw_only=True):
    """`test MOD-25, MOD-50` and its cases."""

    __test__ = False

    rules: tuple[Name, ...]
    cases: tuple[Case, ...]
