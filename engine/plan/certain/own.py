"""Own: what of a rule can be told from one line, or one diagnosis, without looking at the rest of the claim.

In:   a rule's version, and which lists of the claim are empty.      Out: `Reading`: whether a condition reads nothing else.
Uses: model.nodes, model.rules, tables.                             Used by: plan.certain.alone.
Not here: the decision (alone); which facts make two lines alike (alike reads exactly those that are named here).

A condition is *own* when it reads facts of the line that make lines alike, its modifiers, rows that are looked up by those, facts
of the claim that make claims alike, and nothing else. Where it asks for other lines in a set, it is own on claims of which no
other line can be in that set: the set is noted in `others`.
"""

from collections.abc import Mapping
from enum import Enum
from typing import Final, assert_never

from msgspec import Struct, field

from sequela.engine.model.nodes import (
    AllOf,
    AnyOf,
    Binding,
    Call,
    Cell,
    Characters,
    ComesBefore,
    Compares,
    Condition,
    DateCompares,
    Domain,
    Fact,
    FromTableSet,
    FullMonths,
    GroupFact,
    HasModifier,
    InSet,
    Is,
    IsPayable,
    IsWithin,
    Known,
    Lists,
    Literal,
    Negated,
    NumberOf,
    Quantified,
    SetDefinition,
    SetUse,
    TimeBetween,
    Total,
    Value,
)
from sequela.engine.plan.certain.days import MOST_ROWS
from sequela.engine.plan.sets import inside_out
from sequela.engine.syntax.comparisons import Quantifier
from sequela.engine.tables.model import Table
from sequela.engine.vocabulary.kinds import Kind

OWN_FACTS: Final = {
    Kind.LINE: frozenset({"code", "revenue", "units", "units-per-day", "place", "specialty", "taxonomy"}),
    Kind.DIAGNOSIS: frozenset({"code", "poa"}),
}
"""Facts of a member that make it like another one."""

CLAIM_FACTS: Final = frozenset(
    {
        "setting",
        "bill-type",
        "frequency",
        "discharge-status",
        "facility.state",
        "facility.taxonomy",
        "billing.state",
        "billing.taxonomy",
    }
)
"""Facts of a claim that make it like another one; its condition codes and the patient's sex are among them, too."""

KNOWN_CLAIM_FACTS: Final = frozenset({"original-claim", "delay-reason", "onset-date", "received"})
"""Facts of a claim that make it like another one by being there, whatever they say."""


CONDITION_CODES: Final = "condition codes"
"""What is noted where the condition codes of a claim are read."""


class Asked(Struct):
    """What rules read besides the member: the keys of tables, and facts of the claim and the patient by their names."""

    tables: set[str] = field(default_factory=set)
    facts: set[str] = field(default_factory=set)


class What(Enum):
    """What a slot of the frame holds, for one who knows one member alone."""

    CLAIM = "the claim"
    PATIENT = "the patient"
    FIRST = "the member"
    GROUP = "the group of the line alone"
    MARK = "a modifier of the line"
    CODE = "a condition code of the claim"
    ROW = "a row that was looked up by what is own"
    NOTHING = "nothing: a member of which nothing is known, or none"


class Apart(Enum):
    """What else a member must be apart from to be alone."""

    OTHERS = "every other member of the claim"
    SAME_CODE = "every other one with the same code"


Other = SetDefinition | Apart
"""A set in which no other member of the claim may be, or what a member must be apart from."""


def asked_of(binding: Binding, condition: Condition | None) -> SetDefinition | None:
    """The set that the top `and` of a condition asks of the code of a bound member; None where there is none."""
    if isinstance(condition, AllOf):
        return next((found for part in condition.parts if (found := asked_of(binding, part)) is not None), None)
    if (
        isinstance(condition, InSet)
        and isinstance(condition.left, Fact)
        and isinstance(condition.within, SetDefinition)
        and condition.left.binding == binding
        and condition.left.fact.name == "code"
    ):
        return condition.within
    return None


class Reading:
    """Reads conditions of one version; they are own where the member is apart from `others`."""

    def __init__(self, kind: Kind, empty: frozenset[Kind], tables: Mapping[str, Table], asked: Asked) -> None:
        """The tables and facts of the claim that are read are added to `asked`."""
        self._kind = kind
        self._empty = empty
        self._tables = tables
        self._asked = asked
        self.others: list[Other] = []
        self.slots: dict[int, What] = {0: What.CLAIM, 1: What.PATIENT}

    # ------------------------------------------------------------ values

    def value(self, value: Value) -> bool:
        """Whether a value is own."""
        match value:
            case Literal():
                return True
            case Fact(binding=binding, fact=fact):
                match self.slots.get(binding.slot):
                    case What.CLAIM:
                        self._asked.facts.add(fact.name)
                        return fact.name in CLAIM_FACTS or (fact.name.startswith("tags.") and Kind.CLAIM in self._empty)
                    case What.PATIENT:
                        self._asked.facts.add(fact.name)
                        return fact.name == "sex"
                    case What.FIRST:
                        return fact.name in OWN_FACTS.get(self._kind, ())
                    case What.MARK | What.CODE:
                        return fact.name == "code"
                    case What.NOTHING:
                        return True
                    case _:
                        return False
            case GroupFact(binding=binding, fact=fact):
                return self.slots.get(binding.slot) is What.GROUP and fact.name == "code"
            case Cell(binding=binding):
                return self.slots.get(binding.slot) is What.ROW
            case Characters(of=of):
                return self.value(of)
            case TimeBetween(start=start, end=end) | FullMonths(start=start, end=end):
                return self.value(start) and self.value(end)
            case NumberOf(over=over):
                return self.domain(over)
            case Total(of=of, over=over):
                return self.domain(over) and self.value(of)
            case _:
                return False

    def _nothing(self, value: Value) -> bool:
        """Whether a value is a fact of a member of which nothing is known, so that every comparison with it is unknown."""
        return isinstance(value, Fact) and self.slots.get(value.binding.slot) is What.NOTHING

    def _both(self, left: Value, right: Value) -> bool:
        if (self._nothing(left) and isinstance(right, Fact)) or (self._nothing(right) and isinstance(left, Fact)):
            return True
        return self.value(left) and self.value(right)

    # ------------------------------------------------------------ sets and tables

    def table(self, key: str) -> bool:
        """Whether what a table says changes on few days, which can be found; a table that is not loaded says nothing."""
        table = self._tables.get(key)
        if table is None or not table.asks_date:
            return True
        self._asked.tables.add(key)
        return table.count <= MOST_ROWS

    def covered(self, key: str) -> bool:
        """Whether a table is loaded, and complete, so that it is certain that it has no row."""
        table = self._tables.get(key)
        if table is None or not table.shape.complete:
            return False
        if table.asks_date:
            self._asked.tables.add(key)
        return True

    def set(self, definition: SetDefinition) -> bool:
        """Whether a set holds a code or not, whatever the claim."""
        return definition.is_text_only or all(
            self._from_table(one) for each in inside_out(definition) for one in (*each.tables, *each.except_tables)
        )

    def _from_table(self, one: FromTableSet) -> bool:
        if not self.table(one.table.key):
            return False
        return one.where is None or self._inside({0: What.CLAIM, 1: What.PATIENT, one.row.slot: What.ROW}, one.where)

    def within(self, use: SetUse | None) -> bool:
        """Whether it is own that a code is in a set, or in a list of codes."""
        return use is None or (self.set(use) if isinstance(use, SetDefinition) else self.value(use))

    def _inside(self, slots: dict[int, What], condition: Condition) -> bool:
        """Whether a condition with a frame of its own is own."""
        outside, self.slots = self.slots, slots
        try:
            return self.condition(condition)
        finally:
            self.slots = outside

    # ------------------------------------------------------------ conditions

    def condition(self, condition: Condition) -> bool:
        """Whether a condition is own."""
        match condition:
            case AllOf(parts=parts) | AnyOf(parts=parts):
                return all(self.condition(part) for part in parts)
            case Negated(part=part):
                return self.condition(part)
            case (
                Is(left=left, right=right)
                | Compares(left=left, right=right)
                | DateCompares(left=left, right=right)
                | IsWithin(left=left, right=right)
            ):
                return self._both(left, right)
            case InSet(left=left, within=within):
                return self.value(left) and self.within(within)
            case Known(value=value):
                return self.value(value) or self._is_there(value)
            case HasModifier(line=line, modifier=modifier, within=within):
                return self._has_modifier(line, modifier, within)
            case IsPayable(line=line):
                return self.slots.get(line.slot) is What.NOTHING
            case ComesBefore(first=first, second=second):
                return self.slots.get(first.slot) is self.slots.get(second.slot) is What.MARK
            case Lists(table=table, keys=keys):
                return self.table(table.key) and all(self.value(key) for key in keys)
            case Quantified(quantifier=quantifier, over=over):
                return self.domain(over, every=quantifier is Quantifier.EVERY)
            case Call():
                return self._call(condition)
            case _:
                assert_never(condition)

    def _is_there(self, value: Value) -> bool:
        """Whether a value is a fact of the claim that claims which are alike all have, or all have not."""
        if not isinstance(value, Fact) or self.slots.get(value.binding.slot) is not What.CLAIM:
            return False
        self._asked.facts.add(value.fact.name)
        return value.fact.name in KNOWN_CLAIM_FACTS

    def _has_modifier(self, line: Binding, modifier: Value | None, within: SetUse | None) -> bool:
        match self.slots.get(line.slot):
            case What.NOTHING:
                return True
            case What.FIRST:
                return self._kind is Kind.LINE and (modifier is None or self.value(modifier)) and self.within(within)
            case _:
                return False

    def _call(self, call: Call) -> bool:
        slots = {0: What.CLAIM, 1: What.PATIENT}
        for parameter, argument in zip(call.condition.parameters, call.arguments, strict=True):
            found = self.slots.get(argument.slot)
            if found is not None:
                slots[parameter.slot] = found
        return self._inside(slots, call.condition.body)

    # ------------------------------------------------------------ collections

    def domain(self, over: Domain, *, every: bool = False) -> bool:
        """Whether what a collection holds, and what `where` says of it, is own; its members are bound from then on.

        With `every` those of which `where` is no are met, too.
        """
        found = self._members(over, every)
        if found is None:
            return False
        self.slots[over.binding.slot] = found
        if not self.within(over.within):
            return False
        if found is What.NOTHING and over.kind is self._kind and over.of is None:
            return True  # no member is there: nothing is asked of one
        return over.where is None or self.condition(over.where)

    def _members(self, over: Domain, every: bool) -> What | None:
        """What a collection holds, for one who knows one member alone; None where that cannot be told."""
        if over.of is not None:
            return self._part(over)
        match over.kind:
            case Kind.CONDITION_CODE:
                self._asked.facts.add(CONDITION_CODES)
                return What.CODE
            case Kind.HISTORY_LINE | Kind.DOCUMENT if over.kind in self._empty:
                return What.NOTHING
            case Kind.LINE | Kind.SERVICE if self._kind is Kind.LINE:
                return self._others(over, every)
            case Kind.DIAGNOSIS if self._kind is Kind.DIAGNOSIS:
                return self._others(over, every)
            case _:
                return None

    def _part(self, over: Domain) -> What | None:
        assert over.of is not None
        match self.slots.get(over.of.slot):
            case What.NOTHING if over.kind is Kind.MODIFIER:
                return What.NOTHING
            case What.FIRST if over.kind is Kind.MODIFIER:
                return What.MARK
            case What.GROUP if over.kind is Kind.LINE:
                self.others.append(Apart.SAME_CODE)
                return What.FIRST
            case _:
                return None

    def _others(self, over: Domain, every: bool) -> What | None:
        """Other members of the kind: none but the one that is known, where no other one can be in the set."""
        if over.kind is Kind.SERVICE and Kind.HISTORY_LINE not in self._empty:
            return None
        within = over.within if isinstance(over.within, SetDefinition) else None
        if within is None and not every:
            within = asked_of(over.binding, over.where)
        self.others.append(Apart.OTHERS if within is None or not self.set(within) else within)
        if any(self.slots.get(one.slot) in (What.FIRST, What.GROUP) for one in over.excluded):
            return What.NOTHING
        return What.FIRST if over.kind is self._kind else None
