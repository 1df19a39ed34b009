"""Names: what the files of a run declare, and what each file can see.

In:   parsed rule files.    Out: `FileNames` for each, with its `Declared` sets, tables, conditions and sources.
Uses: syntax, findings, suggest.    Used by: reach (which links files), scope, the modules that resolve declarations.
Not here: which file sees which, and names declared twice (reach.py); bound names (scope.py); rule ids (overlay).

Sets, tables and named conditions share one space of names; sources have their own. A file sees its own names, those
of the rulesets that it uses, and those of the payers that it stands over, through any number of steps.
"""

from collections.abc import Iterator, Mapping
from typing import ClassVar, Final, TypeVar

from attrs import define, field

from sequela.engine.diagnostics.suggest import did_you_mean, nearest
from sequela.engine.model.catalogues import Catalogues
from sequela.engine.model.findings import Findings
from sequela.engine.model.nodes import ConditionDefinition, Literal, SetDefinition, TableDefinition
from sequela.engine.model.rules import Authority
from sequela.engine.source import Span
from sequela.engine.syntax.declarations import (
    ChangeDeclaration,
    CodesDeclaration,
    ConditionDeclaration,
    RuleDeclaration,
    RuleFile,
    SourceDeclaration,
    TableDeclaration,
)
from sequela.engine.syntax.node import Name
from sequela.engine.tables.catalogue import Catalogue
from sequela.engine.vocabulary.systems import System


@define(eq=False, kw_only=True)
class Declared:
    """A declared name: where, and what there is to say about it.

    `causes` are the declarations whose faults make this one unusable (itself, where the fault is its own); `rules` are
    the ids of rules that could not be loaded because of it; `uses` is what it is built on, `codes` the codes that stand
    in its conditions.
    """

    noun: ClassVar[str] = "name"

    name: Name
    home: "FileNames" = field(repr=False)
    findings: Findings = field(factory=Findings, repr=False)
    causes: "dict[Declared, None]" = field(factory=dict, repr=False)
    rules: dict[str, None] = field(factory=dict, repr=False)
    uses: "dict[Declared, None]" = field(factory=dict, repr=False)
    codes: list[Literal] = field(factory=list, repr=False)

    @property
    def key(self) -> str:
        """`ruleset/name`."""
        return f"{self.home.name}/{self.name.text}"

    @property
    def place(self) -> str:
        """Where it is declared, in words: `line 18`, or `professional.rules, line 18` seen from another file."""
        return f"{self.name.span.source.name}, line {self.name.span.line}"


@define(eq=False, kw_only=True)
class DeclaredCodes(Declared):
    """A set of codes."""

    noun: ClassVar[str] = "set of codes"
    node: CodesDeclaration = field(repr=False)
    definition: SetDefinition | None = field(default=None, repr=False)


@define(eq=False, kw_only=True)
class DeclaredTable(Declared):
    """A table."""

    noun: ClassVar[str] = "table"
    node: TableDeclaration = field(repr=False)
    definition: TableDefinition | None = field(default=None, repr=False)


@define(eq=False, kw_only=True)
class DeclaredCondition(Declared):
    """A named condition. `payable` says whether it asks `is payable`, itself or through what it calls; `asks` is how many
    conditions it asks, itself and all that it names counted, and `height` how many stand one on the other in it.
    """

    noun: ClassVar[str] = "condition"
    node: ConditionDeclaration = field(repr=False)
    definition: ConditionDefinition | None = field(default=None, repr=False)
    payable: bool = False
    asks: int = 1
    height: int = 1


@define(eq=False, kw_only=True)
class DeclaredSource(Declared):
    """A source."""

    noun: ClassVar[str] = "source"
    node: SourceDeclaration = field(repr=False)
    definition: Authority | None = field(default=None, repr=False)


D = TypeVar("D", bound=Declared)

_DECLARED_BY: Final = {
    DeclaredCodes.noun: "codes {} of SYSTEM",
    DeclaredTable.noun: 'table {} "title"',
    DeclaredCondition.noun: "condition {}",
    DeclaredSource.noun: "source {}",
}


@define(eq=False)
class FileNames:
    """One file: what it declares, and what it can see.

    `reach` is every file that it sees, itself first; `incomplete` says that something it uses was not found, so that a
    name that is nowhere may have been declared there. `world` are all files of the run, which share their `strangers`:
    stand-ins of names that nothing bears.
    """

    file: RuleFile = field(repr=False)
    name: str
    is_payer: bool
    own: dict[str, Declared] = field(factory=dict, repr=False)
    sources: dict[str, DeclaredSource] = field(factory=dict, repr=False)
    repeated: list[Declared] = field(factory=list, repr=False)
    rules: list[RuleDeclaration] = field(factory=list, repr=False)
    changes: list[ChangeDeclaration] = field(factory=list, repr=False)
    uses: "list[FileNames]" = field(factory=list, repr=False)
    over: "FileNames | None" = field(default=None, repr=False)
    incomplete: bool = False
    reach: "tuple[FileNames, ...]" = field(default=(), repr=False)
    world: "tuple[FileNames, ...]" = field(default=(), repr=False)
    findings: Findings = field(factory=Findings, repr=False)
    catalogues: Catalogues = field(factory=lambda: Catalogues({}), repr=False)
    _known: dict[str, Declared | None] = field(factory=dict, repr=False)
    strangers: dict[tuple[str, str], Declared] = field(factory=dict, repr=False)
    _defined: dict[System, str] | None = field(default=None, repr=False)

    def find(self, name: str) -> Declared | None:
        """The set, table or condition that a name means in this file."""
        if name not in self._known:
            self._known[name] = next((file.own[name] for file in self.reach if name in file.own), None)
        return self._known[name]

    def find_source(self, name: str) -> DeclaredSource | None:
        """The source that an id means in this file."""
        return next((file.sources[name] for file in self.reach if name in file.sources), None)

    def may_be_broken(self, name: str) -> bool:
        """Whether a name that is not found may have been declared where a text could not be read: no fault then."""
        return any(file.incomplete or name in file.file.broken for file in self.reach)

    def visible(self, sort: type[D]) -> Iterator[D]:
        """Everything of one sort that this file sees."""
        for file in self.reach:
            for declared in (*file.own.values(), *file.sources.values()):
                if isinstance(declared, sort):
                    yield declared

    def defined(self) -> Mapping[System, str]:
        """The keys of the tables that this file sees and that define a system; asked only once tables are defined."""
        if self._defined is None:
            self._defined = {}
            for table in self.visible(DeclaredTable):
                if table.definition is not None and table.definition.shape.defines is not None:
                    self._defined.setdefault(table.definition.shape.defines, table.key)
        return self._defined

    def catalogue(self, system: System, code: str) -> Catalogue | None:
        """The catalogue that speaks about a code that is written in this file."""
        return self.catalogues.of(system, code, self.defined())

    def nearest_codes(self, system: System, code: str) -> str | None:
        """A hint that names the codes nearest to one that is written in this file, where a catalogue knows them."""
        return self.catalogues.nearest(system, code, self.defined())

    def undeclared(self, name: str, span: Span, sort: type[Declared], hint: str | None = None) -> Declared:
        """The stand-in of a name that nothing bears: it is reported once for the run, with every rule that uses it."""
        key = (sort.noun, name)
        if key not in self.strangers:
            stand_in = Declared(name=Name(text=name, span=span), home=self)
            hint = hint or self.hint_for(name, sort) or f"Declare it with `{_DECLARED_BY[sort.noun].format(name)}`."
            stand_in.findings.error("SEQ203", f"No {sort.noun} is called `{name}`.", span, "unknown name", hint=hint)
            self.strangers[key] = stand_in
        return self.strangers[key]

    def hint_for(self, name: str, sort: type[Declared]) -> str | None:
        """What to try when nothing of `sort` is called `name` here: the nearest name, or the ruleset that has it."""
        elsewhere = [
            file
            for file in self.world
            if file not in self.reach and isinstance(file.own.get(name) or file.sources.get(name), sort)
        ]
        if elsewhere and not elsewhere[0].is_payer:
            return f"`{name}` is declared in ruleset `{elsewhere[0].name}`: add `use {elsewhere[0].name}`."
        known = {declared.name.text: declared for declared in self.visible(sort)}
        found = nearest(name, known)
        if not found:
            return None
        return f"Did you mean `{found[0]}`, declared in {known[found[0]].place}?"


def names_of(file: RuleFile) -> FileNames:
    """What one file declares; of a name declared twice the first stays, the others are `repeated`."""
    header = file.header
    names = FileNames(
        file=file,
        name=header.name.text if header else "",
        is_payer=header.is_payer if header else False,
        incomplete=header is None,
    )
    for node in file.declarations:
        match node:
            case CodesDeclaration():
                _declare(names, DeclaredCodes(name=node.name, home=names, node=node))
            case TableDeclaration():
                _declare(names, DeclaredTable(name=node.name, home=names, node=node))
            case ConditionDeclaration():
                _declare(names, DeclaredCondition(name=node.name, home=names, node=node))
            case SourceDeclaration():
                source = DeclaredSource(name=node.name, home=names, node=node)
                if node.name.text in names.sources:
                    names.repeated.append(source)
                else:
                    names.sources[node.name.text] = source
            case RuleDeclaration():
                names.rules.append(node)
            case ChangeDeclaration():
                names.changes.append(node)
            case _:  # `use` is read by reach; tests are for the runner of cases
                pass
    return names


def _declare(names: FileNames, declared: Declared) -> None:
    if declared.name.text in names.own:
        names.repeated.append(declared)
    else:
        names.own[declared.name.text] = declared


def nearest_word(word: str, words: tuple[str, ...]) -> str:
    """A hint for one of a few fixed words: the nearest, or all of them."""
    return did_you_mean(word, words) or f"It is one of {', '.join(words)}."
