"""Scope: the names that stand in reach at one place of a rule, a named condition or a set's `where`.

In:   binders, and paths as written.    Out: `Scope`, `Frame`, `Bound`; the binding that a name means.
Uses: names, nodes, findings, suggest.  Used by: values, conditions, domains, version.
Not here: declared names (names.py); facts and their types (values.py).

A scope is never changed: `with_name` gives a wider one. What a whole rule shares (slots, names whose quantifier has
ended, what it depends on) is in its `Frame`.
"""

from collections.abc import Callable, Mapping
from enum import Enum
from typing import Final

from attrs import define, field, frozen

from sequela.engine.diagnostics.model import Label
from sequela.engine.diagnostics.suggest import nearest
from sequela.engine.model import nodes
from sequela.engine.model.findings import Findings
from sequela.engine.model.kinds import kind_words
from sequela.engine.model.names import D, Declared, DeclaredSource, FileNames
from sequela.engine.model.nodes import CLAIM_SLOT, FIRST_SLOT, PATIENT_SLOT, Binding, TableDefinition
from sequela.engine.model.other_words import name_hint
from sequela.engine.source import NOWHERE, Span
from sequela.engine.syntax.conditions import Condition, Parenthesised, Value
from sequela.engine.syntax.conditions import Quantified as WrittenQuantified
from sequela.engine.syntax.node import Name
from sequela.engine.vocabulary.kinds import Kind

CLAIM_NAME = "encounter"
PATIENT_NAME = "patient"


DEEPEST: Final = 40
"""How deep conditions and values may stand inside each other."""


class Role(Enum):
    """How a name came to be bound."""

    CLAIM = "claim"
    SUBJECT = "for"
    PARAMETER = "parameter"
    ROW = "look up"
    LATE_ROW = "late look up"
    """Looked up by what `when` finds: `when` itself cannot read it."""
    LATER = "further down"
    """Bound by a clause that stands further down."""
    QUANTIFIER = "quantifier"
    WITNESS = "witness"
    FREE = "free"
    BROKEN = "broken"
    """Bound by words with a fault of their own: what is read through it is not judged."""


_NO_USE: Final = frozenset({Role.LATE_ROW, Role.LATER, Role.BROKEN})


@frozen(eq=False)
class Bound:
    """A bound name: what it means, where it was bound, and the line or group that it is `of`."""

    binding: Binding
    span: Span
    role: Role
    of: Binding | None = None


@frozen(eq=False)
class Ended:
    """A name whose quantifier has ended: `clause` is the condition in which it stood."""

    name: Name
    by: WrittenQuantified | None  # None: a `number of` or `total`
    clause: Condition | None


@define(eq=False)
class Frame:
    """What one rule version, named condition or `where` shares: slots, ended names, and what it depends on.

    `condition` and `value` resolve what stands inside something else (values, collections and conditions hold each
    other, and meet here). `is_broken` says that something could not be resolved, whether or not there was anything new
    to say about it. `found` are the quantifiers resolved, each with the one as written; `uses` the declarations that
    are built on, `codes` the codes written.
    """

    findings: Findings
    condition: "Callable[[Condition, Scope], nodes.Condition | None]"
    value: "Callable[[Value, Scope], nodes.Value | None]"
    is_broken: bool = False
    slots: int = FIRST_SLOT
    ended: list[Ended] = field(factory=list)
    causes: dict[Declared, None] = field(factory=dict)
    payable: Span | None = None
    clause: Condition | None = None
    parts: list[Condition] = field(factory=list)
    depth: int = 0
    found: list[tuple[WrittenQuantified, nodes.Quantified]] = field(factory=list)
    uses: dict[Declared, None] = field(factory=dict)
    codes: list[nodes.Literal] = field(factory=list)

    def next_slot(self) -> int:
        """A slot of its own for the next thing bound."""
        self.slots += 1
        return self.slots - 1

    def blame(self, declared: Declared) -> None:
        """Note that a declaration that cannot be used was used."""
        for cause in declared.causes or {declared: None}:
            self.causes.setdefault(cause)


_INSTEAD: Final = {
    ("set of codes", "condition"): "Ask whether a code is in it: `visit.code is in {}`.",
    ("set of codes", "table"): "Ask whether a code is in it: `visit.code is in {}`.",
    ("table", "set of codes"): "Ask it with `{0} lists (…)`, or make a set of it: `codes NAME of SYSTEM from {0}`.",
    ("table", "condition"): "Ask it with `{} lists (…)`.",
    ("condition", "set of codes"): "A condition stands by itself: `{}(…)`.",
}
"""What to write when a name of one sort stands where one of another is asked for."""

_CLAIM = Bound(Binding(slot=CLAIM_SLOT, name=CLAIM_NAME, kind=Kind.CLAIM), NOWHERE, Role.CLAIM)
_PATIENT = Bound(Binding(slot=PATIENT_SLOT, name=PATIENT_NAME, kind=Kind.PATIENT), NOWHERE, Role.CLAIM)
_EVERYWHERE: Mapping[str, Bound] = {CLAIM_NAME: _CLAIM, PATIENT_NAME: _PATIENT}


@frozen(eq=False)
class Scope:
    """The names in reach; in a set's `where` also the row whose columns are read as bare words."""

    frame: Frame
    file: FileNames
    names: Mapping[str, Bound] = _EVERYWHERE
    columns: TableDefinition | None = None
    row: Binding | None = None

    @property
    def findings(self) -> Findings:
        """Where to say what is wrong."""
        return self.frame.findings

    def error(
        self,
        code: str,
        message: str,
        at: Span,
        words: str = "",
        *,
        also: tuple[Label, ...] = (),
        hint: str | None = None,
    ) -> None:
        """Say what is wrong; what is being resolved cannot be used."""
        self.frame.is_broken = True
        self.findings.error(code, message, at, words, also=also, hint=hint)

    def too_deep(self, span: Span) -> bool:
        """Whether one more thing inside the others is one too many, which is an error."""
        if self.frame.depth < DEEPEST:
            return False
        self.error(
            "SEQ330",
            f"Conditions and values stand inside each other more than {DEEPEST} deep here.",
            span,
            hint="Give a part of it a name: `condition NAME (line a) …`.",
        )
        return True

    def with_name(self, bound: Bound) -> "Scope":
        """The same names and one more."""
        return Scope(self.frame, self.file, {**self.names, bound.binding.name: bound}, self.columns, self.row)

    def seen_by(self, file: FileNames) -> "Scope":
        """The same names as another file sees them: its own sets, tables and conditions stand beside them."""
        return self if file is self.file else Scope(self.frame, file, self.names, self.columns, self.row)

    def bind(
        self, name: Name, kind: Kind, role: Role, *, of: Binding | None = None, table: TableDefinition | None = None
    ) -> tuple[Binding, "Scope"]:
        """Bind a name to a slot of its own; one that repeats a name in reach is an error, and bound all the same."""
        role = Role.BROKEN if self.refuse_repeated(name) else role
        binding = Binding(slot=self.frame.next_slot(), name=name.text, kind=kind, table=table)
        return binding, self.with_name(Bound(binding, name.span, role, of))

    def refuse_repeated(self, name: Name) -> bool:
        """Whether a name to be bound repeats another name in reach, which is an error."""
        bound = self.names.get(name.text)
        if bound is not None and bound.role is Role.CLAIM:
            self.error(
                "SEQ208",
                f"`{name.text}` always means {kind_words(bound.binding.kind)}, and cannot be bound.",
                name.span,
                hint="Choose another name.",
            )
        elif bound is not None and bound.role not in (Role.LATE_ROW, Role.LATER):
            self._repeats(name, bound.span, "bound here")
        elif (declared := self.file.find(name.text)) is not None:
            self._repeats(name, declared.name.span, f"a {declared.noun} of that name")
        else:
            return False
        return True

    def _repeats(self, name: Name, other: Span, words: str) -> None:
        self.error(
            "SEQ208",
            f"`{name.text}` repeats a name that already means something here.",
            name.span,
            "bound again",
            also=(Label(other, words),),
            hint="Choose another name.",
        )

    def with_broken(self, name: str) -> "Scope":
        """The same names, one of them not to be judged: what binds it has a fault."""
        bound = self.names[name]
        return self.with_name(Bound(bound.binding, bound.span, Role.BROKEN, bound.of))

    @property
    def has_broken(self) -> bool:
        """Whether a name in reach is not to be judged."""
        return any(bound.role is Role.BROKEN for bound in self.names.values())

    def members(self) -> list[Bound]:
        """What is bound here but the claim, the patient and rows."""
        return [one for one in self.names.values() if one.binding.kind not in (Kind.CLAIM, Kind.PATIENT, Kind.ROW)]

    def find(self, name: str, span: Span) -> Bound | None:
        """What a bound name means; None, with the reason said, when it means nothing here.

        `span` is where the name stands, or a path that begins with it.
        """
        bound = self.names.get(name)
        if bound is not None and bound.role not in _NO_USE:
            return bound
        span = Span(span.source, span.start, min(span.end, span.start + len(name)))
        if bound is not None and bound.role is Role.BROKEN:
            self.frame.is_broken = True
        elif bound is not None:
            self._not_yet(name, span, bound)
        elif (ended := self._ended(name)) is not None:
            self._out_of_reach(name, span, ended)
        else:
            self._unknown(name, span)
        return None

    def declared(self, name: str, span: Span, sort: type[D], hint: str | None = None) -> D | None:
        """The declared set, table, condition or source that a name means; None, with the reason said, if it is none."""
        found = self.file.find_source(name) if sort is DeclaredSource else self.file.find(name)
        if isinstance(found, sort):
            if found.causes:
                self.frame.is_broken = True
                self.frame.blame(found)
                return None
            self.frame.uses[found] = None
            return found
        if found is not None:
            also = (Label(found.name.span, "declared here"),)
            hint = _INSTEAD.get((found.noun, sort.noun))
            hint = None if hint is None else hint.format(name)
            self.error("SEQ205", f"`{name}` is a {found.noun}, not a {sort.noun}.", span, also=also, hint=hint)
        else:
            self.frame.is_broken = True
            if not self.file.may_be_broken(name):
                self.frame.blame(self.file.undeclared(name, span, sort, hint))
        return None

    def _ended(self, name: str) -> Ended | None:
        """The quantifier that bound a name and has ended; the one of this clause, where there are several."""
        several = [one for one in self.frame.ended if one.name.text == name]
        own = [one for one in several if one.clause is self.frame.clause]
        return next(reversed(own or several), None)

    def _unknown(self, name: str, span: Span) -> None:
        if self.columns is not None:
            self.error(
                "SEQ331",
                f"A set is the same for every claim: its `where` cannot ask about `{name}`.",
                span,
                hint="It asks about the columns of a row, each a bare word: `where billable is yes`.",
            )
            return
        declared = self.file.find(name)
        if declared is not None:
            self.error(
                "SEQ204",
                f"`{name}` is a {declared.noun}; the name of something bound is asked for here.",
                span,
                also=(Label(declared.name.span, "declared here"),),
                hint=self._row_hint(name) or "Bind something with `for each`, `look up` or `some`, and use its name.",
            )
            return
        known = [one for one, bound in self.names.items() if bound.role not in (Role.LATE_ROW, Role.LATER)]
        hint = name_hint(name, [(one, self.names[one].binding.kind) for one in known])
        if hint is None:
            found = nearest(name, known)
            hint = f"Did you mean `{found[0]}`?" if found else f"Bound here: {', '.join(f'`{one}`' for one in known)}."
        self.error("SEQ204", f"Nothing is called `{name}` here.", span, "unknown name", hint=hint)

    def _row_hint(self, table: str) -> str | None:
        """The name of the row that is looked up in a table."""
        tables = ((one, bound.binding.table) for one, bound in self.names.items())
        row = next((one for one, found in tables if found is not None and found.name == table), None)
        return None if row is None else f"The row that is looked up in it is called `{row}` here."

    def _not_yet(self, name: str, span: Span, bound: Bound) -> None:
        if bound.role is Role.LATER:
            self.error(
                "SEQ212",
                f"`{name}` is bound further down.",
                span,
                also=(Label(bound.span, "bound here"),),
                hint="Put this clause below the one that binds it.",
            )
            return
        self.error(
            "SEQ212",
            f"The row `{name}` is looked up by what `when` finds, so `when` cannot read it.",
            span,
            also=(Label(bound.span, "looked up here"),),
            hint="Ask about the row in `unless`, or in what the rule requires or forbids.",
        )

    def _out_of_reach(self, name: str, span: Span, ended: Ended) -> None:
        also = (Label(ended.name.span, "bound here"),)
        if ended.by is not None and ended.clause is self.frame.clause:
            mended = self._mended(ended.by, span)
            word = ended.by.quantifier.value
            self.error(
                "SEQ210",
                f"`{name}` is known only inside its `{word} …`, which ends before this.",
                span,
                also=also,
                hint=f"Put all that is asked of it into parentheses: `{mended}`."
                if mended
                else "Put all that is asked of it into the parentheses after `where`.",
            )
            return
        hint = "Ask about it inside the parentheses after its `where`."
        if ended.by is not None:
            hint = (
                "Only what a `some` finds that stands by itself in the `and` of `when` can be used in later clauses; "
                "anything else is asked inside the parentheses after `where`."
            )
        message = f"`{name}` is known only inside the words that bind it."
        self.error("SEQ211", message, span, also=also, hint=hint)

    def _mended(self, quantified: WrittenQuantified, span: Span) -> str | None:
        """The author's own words with the missing parentheses put in."""
        domain = quantified.over
        part = next((one for one in self.frame.parts if one.span.start >= quantified.span.end), None)
        if part is None or part.span.source is not quantified.span.source or not part.span.start <= span.start:
            return None
        source = quantified.span.source
        if domain.where is None:
            head, asked = quantified.span.text, part.span.text
        else:
            head = source.text[quantified.span.start : domain.where.span.start].rstrip().removesuffix("where").rstrip()
            where = domain.where.inner if isinstance(domain.where, Parenthesised) else domain.where
            asked = f"{where.span.text}{source.text[domain.where.span.end : part.span.end]}"
        flat = " ".join(f"{head} where ({asked})".split())
        return flat if flat.count("(") == flat.count(")") else None
