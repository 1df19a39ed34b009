"""The compiler's memory: tables, and what was compiled already.

In:   the tables of a rulebook.    Out: `Compiler`.
Uses: plan.sets, plan.members, plan.narrowing.     Used by: plan.values, plan.predicates, plan.build.

Values, conditions and collections refer to each other; each asks the compiler for the others.
"""

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from sequela.engine.model.nodes import Condition, ConditionDefinition, Domain, NumberOf, SetDefinition, Total, Value
from sequela.engine.model.rules import Binder
from sequela.engine.plan.intervals import as_key
from sequela.engine.plan.logic import Reader, Step
from sequela.engine.plan.members import Members, compile_members
from sequela.engine.plan.narrowing import Alike, equalities, fact_of
from sequela.engine.plan.sets import Membership, compile_set
from sequela.engine.tables.beginnings import Beginnings, Normal
from sequela.engine.tables.model import Table
from sequela.engine.tables.stored_columns import BoundedMemo

Kept = TypeVar("Kept")


class Compiler:
    """Compiles nodes once: a set or a named condition that many rules use becomes one function."""

    def __init__(
        self,
        tables: Mapping[str, Table],
        compile_condition: "Callable[[Condition, Compiler], Step]",
        compile_value: "Callable[[Value, Compiler], Reader]",
    ) -> None:
        self.tables = tables
        self._compile_condition = compile_condition
        self._compile_value = compile_value
        self._sets: dict[int, tuple[SetDefinition, Membership]] = {}
        self._named: dict[int, tuple[ConditionDefinition, Step]] = {}
        self._beginnings: dict[tuple[str, tuple[Normal, ...]], tuple[Beginnings, BoundedMemo]] = {}
        self._kept: dict[tuple[int, object], tuple[object, Any]] = {}

    def beginnings(self, key: str, normal: tuple[Normal, ...]) -> tuple[Beginnings, BoundedMemo]:
        """Of a loaded table the rows by keys that were met, and whether it speaks for a day, which may be unknown.

        One that does not ask for the day speaks for any.
        """
        found = self._beginnings.get((key, normal))
        if found is None:
            table = self.tables[key]
            speaks = BoundedMemo(lambda day: not table.asks_date or (day is not None and table.covers_date(day)))
            found = self._beginnings[key, normal] = Beginnings(table, normal), speaks
        return found

    def step(self, condition: Condition) -> Step:
        """The step of a condition."""
        return self._compile_condition(condition, self)

    def value(self, value: Value) -> Reader:
        """The reader of a value."""
        return self._compile_value(value, self)

    def key(self, value: Value) -> Reader:
        """The reader of a value as a key of a table."""
        read = self.value(value)
        if not isinstance(value, Total | NumberOf):
            return read
        return lambda frame, context: as_key(read(frame, context))

    def set(self, definition: SetDefinition) -> Membership:
        """The membership function of a set, made once."""
        found = self._sets.get(id(definition))
        if found is None:
            found = self._sets[id(definition)] = (definition, compile_set(definition, self.tables, self.step))
        return found[1]

    def kept(self, definition: Kept, make: Callable[[Kept], Any]) -> Any:
        """What `make` makes of a part of the rules (a set, a version), made once."""
        found = self._kept.get((id(definition), make))
        if found is None:
            found = self._kept[id(definition), make] = (definition, make(definition))
        return found[1]

    def named(self, definition: ConditionDefinition) -> Step:
        """The step of a named condition, made once."""
        found = self._named.get(id(definition))
        if found is None:
            found = self._named[id(definition)] = (definition, self.step(definition.body))
        return found[1]

    def members(self, domain: Domain | Binder, alike: Alike | None = None) -> Members:
        """What a domain or a binder ranges over, without those that are certainly not `alike`."""
        return compile_members(domain, self.set, self.value, alike)

    def matching(self, domain: Domain) -> Members:
        """What a domain ranges over, without those of which its `where` is certainly no."""
        equal = equalities(domain)
        if not equal:
            return self.members(domain)
        facts = tuple(fact_of(field) for field, _ in equal)
        return self.members(domain, Alike(facts, tuple(self.value(value) for _, value in equal)))
