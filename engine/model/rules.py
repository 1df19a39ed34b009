"""Rules as they run: each id with the versions and payer changes that hold on each date.

In:   resolved clauses and payer changes.    Out: `Rule`, `RuleVersion`, `RuleSelection`, `Rulebook`.
Uses: nodes, tables.                         Used by: plan, evaluate, explain, pipeline.
Not here: how changes are applied (overlay.py).
"""

from collections.abc import Mapping, Sequence
from datetime import date
from enum import Enum

from msgspec import Struct

from sequela.engine.encounter.fields import Field
from sequela.engine.model.nodes import (
    Binding,
    Condition,
    ConditionDefinition,
    Node,
    Quantified,
    SetDefinition,
    SetUse,
    TableDefinition,
    Value,
)
from sequela.engine.source import Placed, Source
from sequela.engine.vocabulary.kinds import Kind
from sequela.engine.vocabulary.systems import System


class Phase(Enum):
    """The phases in the order in which they run."""

    VALIDITY = "validity"
    CONVENTIONS = "conventions"
    MODIFIERS = "modifiers"
    UNITS = "units"
    PAIRS = "pairs"
    COVERAGE = "coverage"
    ADD_ONS = "add-ons"
    HISTORY = "history"

    def __init__(self, name: str) -> None:
        self.place: int = len(type(self).__members__)
        """0 for the first phase."""


class Outcome(Enum):
    """What a failure leads to, strongest first."""

    REJECT = "reject"
    DENY = "deny"
    REVIEW = "review"
    QUERY = "query"
    WARN = "warn"
    NOTE = "note"

    def __init__(self, name: str) -> None:
        self.place: int = len(type(self).__members__)
        """0 for the strongest."""


class DateBasis(Enum):
    """What the governing date is; DEFAULT is the first bound line's, else the claim's."""

    DEFAULT = "default"
    LINE = "line"
    DISCHARGE = "discharge"
    ADMISSION = "admission"
    STATEMENT = "statement"
    RECEIVED = "received"


SETTINGS = ("professional", "outpatient", "inpatient")


class Authority(Placed, frozen=True):
    """A declared source."""

    name: str
    title: str
    edition: str | None
    first: date | None
    last: date | None


class Citation(Struct, frozen=True):
    """`cite NCCI-MANUAL section "I.D"`."""

    authority: Authority
    section: str | None


class Change(Placed, frozen=True):
    """A payer's change of a rule: what, whose, why, when (None = open end)."""

    verb: str  # disable | relax | tighten | override
    payer: str
    rule: str
    reason: str
    first: date | None
    last: date | None
    cites: tuple[Citation, ...]


# ---------------------------------------------------------------- where it applies


class Binder(Node, frozen=True):
    """One thing of `for each`: as nodes.Domain, without `where`."""

    binding: Binding
    kind: Kind
    of: Binding | None
    within: SetUse | None
    excluded: tuple[Binding, ...]
    later: bool


class ForMembers(Node, frozen=True):
    """`for each …`: every combination of the binders, in order; `same` are facts compared among all that is bound."""

    binders: tuple[Binder, ...]
    same: tuple[Field, ...]  # of Kind.LINE etc.: read by name on each bound member; see `same_names`
    same_names: tuple[str, ...] = ()


class ForGroups(Node, frozen=True):
    """`for each group day of lines by code, date, provider`; the grouping fields are `binding.by`."""

    binding: Binding


class ForFirstDiagnosis(Node, frozen=True):
    """`for the first diagnosis dx`."""

    binding: Binding


class ForClaim(Node, frozen=True):
    """`for the claim`."""


Subjects = ForMembers | ForGroups | ForFirstDiagnosis | ForClaim


class LookUp(Node, frozen=True):
    """`look up row in TABLE by K on D`; `late` when a key or the date is read through a witness of `when`."""

    binding: Binding
    table: TableDefinition
    keys: tuple[Value, ...]
    on: Value | None
    late: bool = False


class Clause(Node, frozen=True):
    """`when`, `unless`, `bypass when`: a condition, and the change that brought it (None: the rule's own)."""

    condition: Condition
    change: Change | None = None


class Witness(Struct, frozen=True):
    """A name bound by a `some` in the top `and` of `when`."""

    binding: Binding
    some: Quantified


# ---------------------------------------------------------------- what must hold, what follows


class CodesNear(Node, frozen=True):
    """`codes near dx.code`: the codes nearest to `value` that are valid on the governing date.

    `catalogues` are the tables that define its system, by the system: of HCPCS perhaps one for each level.
    """

    value: Value
    catalogues: tuple[tuple[System, str], ...]


class Hole(Struct, frozen=True):
    """A value in a text."""

    value: Value | CodesNear


Template = tuple[str | Hole, ...]


class Consequence(Struct, frozen=True):
    """`if fail deny visit` and its `say`; `about` empty is the claim; `message` empty is the title."""

    outcome: Outcome
    about: tuple[Binding, ...]
    message: Template


class Requirement(Node, frozen=True):
    """One thing that must hold: `require C`; `forbidden when C` (`forbidden` set); bare `forbidden` (condition None).

    A `tighten` may limit what it adds (`only_when`), and give it a consequence of its own.
    """

    condition: Condition | None
    forbidden: bool = False
    only_when: Condition | None = None
    consequence: Consequence | None = None  # None: the rule's
    change: Change | None = None


class AddModifier(Node, frozen=True):
    """`add modifier 25 to visit`."""

    modifier: str
    line: Binding


class RemoveModifier(Node, frozen=True):
    """`remove modifier 59 from part`; `modifier` is a constant or a bound modifier or a value."""

    modifier: "str | Binding | Value"
    line: Binding


class ReplaceModifier(Node, frozen=True):
    """`replace modifier 59 on part by XS`; `modifier` as in RemoveModifier, `by` a constant or a value."""

    modifier: "str | Binding | Value"
    line: Binding
    by: "str | Value"


class MoveDiagnosis(Node, frozen=True):
    """`move cause before dx`; without an anchor, to the first place."""

    diagnosis: Binding
    before: bool
    anchor: Binding | None


class PointLine(Node, frozen=True):
    """`point assay to dx`."""

    line: Binding
    diagnosis: Binding


class ReplaceDiagnosis(Node, frozen=True):
    """`replace dx by CODE`; the code is a constant in normal form, or a value."""

    diagnosis: Binding
    code: "str | Value"


SuggestedChange = AddModifier | RemoveModifier | ReplaceModifier | MoveDiagnosis | PointLine | ReplaceDiagnosis


class Suggestion(Node, frozen=True):
    """`suggest CHANGE only if "…"`. `free` are names bound only by a `some` that failed: they range over the claim."""

    change: SuggestedChange
    only_if: str | None
    free: tuple[Binding, ...]


class Adjustment(Struct, frozen=True):
    """Group, CARC and RARCs."""

    group: str
    carc: str
    rarcs: tuple[str, ...]


class RuleVersion(Node, frozen=True):
    """What a rule says on the dates of one segment, payer changes applied."""

    id: str
    title: str
    subjects: Subjects
    look_ups: tuple[LookUp, ...]
    when: Clause | None
    unless: tuple[Clause, ...]
    witnesses: tuple[Witness, ...]
    requirements: tuple[Requirement, ...]
    bypass: Clause | None
    consequence: Consequence
    if_unknown: Outcome
    suggestion: Suggestion | None
    adjustment: Adjustment | None
    cites: tuple[Citation, ...]
    changes: tuple[Change, ...]  # that are in force on the segment
    clause_origins: tuple[tuple[str, Change], ...]  # words of clauses that a change brought, for `show`
    slots: int


class Segment(Struct, frozen=True):
    """The dates `first` to `last` (None: open, both included) on which one version holds; `disabled` by a payer then.

    Segments of a rule do not overlap; between and outside them the rule is out of its period.
    """

    first: date | None
    last: date | None
    version: RuleVersion
    disabled: Change | None = None


class Rule(Placed, frozen=True):
    """One rule id. Versions share phase, settings, the kinds in `for` and the kind of governing date."""

    id: str
    phase: Phase
    settings: frozenset[str]
    date_basis: DateBasis
    segments: tuple[Segment, ...]  # by date
    ruleset: str  # declared name of the file that holds it

    @property
    def covers_every_date(self) -> bool:
        """Whether one segment holds on every date, so that the governing date need not be known to pick it."""
        return len(self.segments) == 1 and self.segments[0].first is None and self.segments[0].last is None


class RuleSelection(Struct, frozen=True):
    """The rules that run for a payer, or (`payer` None) the rulesets alone; by phase, then id.

    A payer stands for claims in its `settings` only.
    """

    payer: str | None
    title: str
    matches: tuple[str, ...]  # payer ids on a claim, lower case, its own name included
    rules: Sequence[Rule]
    settings: frozenset[str] = frozenset(SETTINGS)


class CheckedRules(Struct, frozen=True):
    """What the checker hands on: everything but the tables' rows.

    `selections` holds one entry per payer, in the order given, and the rulesets alone under None. `tests` stay with the
    files.
    """

    selections: Mapping[str | None, RuleSelection]
    tables: Mapping[str, TableDefinition]  # by TableDefinition.key
    sets: Mapping[str, SetDefinition]  # by "ruleset/name"
    conditions: Mapping[str, ConditionDefinition]  # by "ruleset/name"
    authorities: Mapping[str, Authority]
    sources: tuple[Source, ...]
