"""Writer: the text of the code that decides one shape of rule, and what it is parted from: its parameters.

In:   statements, constants.            Out: `Writer`: a source text and its parameters; `Unwritten`.
Uses: nothing of the engine but kinds.  Used by: plan.certain.values, conditions, shape.

Rules that differ in their constants only have the same text: it is compiled once, and each rule is a call of `make` with its own
parameters. A name that was read stays known for the statements that stand below it at its own depth or deeper.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Final

from msgspec import Struct, field

from sequela.engine.model.nodes import Binding
from sequela.engine.vocabulary.kinds import Kind

INDENT: Final = "    "
LEAVE: Final = "return"
"""How a rule is left that does not apply."""
BAIL: Final = "return claim.bail(rule)"
"""How a rule is left of which a fact is not known."""


class Unwritten(Exception):
    """No code is written for this: the compiled steps decide it."""


class Place(Struct, eq=False):
    """How the written code names what is in a slot of the frame.

    `data` is what was sent (for a modifier its code), `code` its main code, `at` its place in its list; `line` the place of the
    line of a modifier, `sent` the code of a line as it was sent. For a row `data` is the row, and `cell` gives an expression for
    the cell in a column, where the row comes with its cells.
    """

    kind: Kind
    data: str
    code: str
    at: str
    line: str = ""
    sent: str = ""
    cell: Callable[[str], str] | None = None


class Writer(Struct, eq=False):
    """Writes the body of one function. `slots` says where the bound members are found."""

    professional: bool
    """Whether the code is for professional claims, whose lines point to diagnoses of their own."""
    standard: bool = False
    """Whether the codes of the claim are in standard form, see `Claim.standard`."""
    slots: dict[int, Place] = field(default_factory=dict)
    slot_count: int = 2
    day: str | None = None
    """How the governing date is read; None where it is the claim's."""
    pairs: int | None = None
    """Where `pairs` leads to the function, the slot of the look-up that is asked there: that table speaks for the day of every
    line, and every line's code is known."""
    leave: str = LEAVE
    """How the first member is left: `return`, or `continue` where the function goes through all of them."""
    begun: dict[int, str] = field(default_factory=dict)
    """What is known to go on from the first key of a look-up, by the look-up's slot."""
    parameters: list[Any] = field(default_factory=list)
    lines: list[str] = field(default_factory=list)
    _depth: int = 2
    _loops: int = 0
    _names: int = 0
    _known: list[dict[str, str]] = field(default_factory=lambda: [{}])
    _by_value: dict[Any, str] = field(default_factory=dict)

    def write(self, statement: str) -> None:
        """One statement at the present depth."""
        self.lines.append(INDENT * self._depth + statement)

    def name(self) -> str:
        """A name that nothing has yet."""
        self._names += 1
        return f"v{self._names}"

    def parameter(self, value: Any) -> str:
        """The name of a constant of the rule; one constant has one name."""
        key = (type(value), value) if isinstance(value, (str, int, bool)) else id(value)
        found = self._by_value.get(key)
        if found is None:
            found = self._by_value[key] = f"p{len(self.parameters)}"
            self.parameters.append(value)
        return found

    @contextmanager
    def block(self, head: str) -> Iterator[None]:
        """Statements below `head`; what becomes known there is forgotten after it."""
        self.write(head)
        self._depth += 1
        self._loops += head.startswith("for ")
        self._known.append({})
        before = len(self.lines)
        yield
        if len(self.lines) == before:
            self.write("pass")
        self._known.pop()
        self._loops -= head.startswith("for ")
        self._depth -= 1

    def once(self, expression: str, *, unknown: bool, none: bool = False) -> str:
        """The name of what an expression gives, read once.

        With `unknown` the rule bails where it is None, with `none` also where it is known that there is none.
        """
        for known in self._known:
            if expression in known and (not none or known.get(f"{expression} # some")):
                return known[expression]
        name = next((known[expression] for known in self._known if expression in known), None)
        if name is None:
            name = expression if expression.isidentifier() else self.name()
            if name is not expression:
                self.write(f"{name} = {expression}")
            if unknown and not none:
                self.bail_when(f"{name} is None")
        if none:
            self.bail_when(f"{name} is None or {name} is NONE")
            self._known[-1][f"{expression} # some"] = name
        self._known[-1][expression] = name
        return name

    def know(self, what: str, name: str) -> None:
        """Note under which name something is known for the statements that stand below, at this depth or deeper."""
        self._known[-1][what] = name

    def known(self, what: str) -> str | None:
        """The name under which something is known; None where it is not."""
        return next((known[what] for known in self._known if what in known), None)

    def bail_when(self, test: str) -> None:
        """Leave the rule to the compiled steps where `test` holds."""
        self.write(f"if {test}:")
        self.write(f"{INDENT}{BAIL}")

    @property
    def leave_this(self) -> str:
        """How what stands below the innermost loop is left."""
        return "continue" if self._loops else self.leave

    def codes_known(self) -> None:
        """Leave the rule to the compiled steps where the code of some line is unknown."""
        if not any("line_codes # known" in known for known in self._known):
            self._known[-1]["line_codes # known"] = ""
            self.bail_when("line_codes and claim.has_unknown_codes")

    def governing_date(self) -> str:
        """The name of the governing date, which must be known."""
        return self.once(self.day or "claim.day()", unknown=True)

    def governing_date_or_unknown(self) -> str:
        """An expression for the governing date, known or not."""
        return self.day or "claim.day()"

    def aside(self, slots: dict[int, Place], slot_count: int) -> "Writer":
        """Another writer, whose text is thrown away: to see whether something can be written."""
        return Writer(self.professional, self.standard, slots=dict(slots), slot_count=slot_count, day=self.day)

    def bound(self, binding: Binding) -> Place:
        """Where a bound member is found. Raises Unwritten where it is nowhere."""
        found = self.slots.get(binding.slot)
        if found is None:
            raise Unwritten(f"`{binding.name}`, which is bound elsewhere")
        return found

    def member(self, place: Place) -> str:
        """An expression for a bound thing as the compiled steps bind it."""
        if place.kind is Kind.ROW:
            return place.data
        if place.kind is Kind.MODIFIER:
            return f"claim.modifier({place.line}, {place.at})"
        return f"claim.member({self.parameter(place.kind)}, {place.at})"

    def frame(self) -> str:
        """An expression for the frame of the compiled steps, with all that is bound."""
        bound = {slot: self.member(place) for slot, place in self.slots.items()}
        parts = ["claim.view.claim", "claim.view.patient"]
        parts.extend(bound.get(slot, "None") for slot in range(2, self.slot_count))
        return self.once(f"[{', '.join(parts)}]", unknown=False)
