"""Kept: the file of checked rules, each of which is read when it is first asked for.

In:   the bytes of a file.                  Out: `Kept`, `Opened`; `Index`, what a file begins with.
Uses: packed, model, plan.filing.           Used by: pipeline.cache, pipeline.opening, pipeline.keeping, pipeline.changed.
Not here: the bytes of one rule (packed.py); writing a file (keeping.py); where it lies and whether it can be trusted (cache.py).

The file is an index, which is read as a whole, and after it the pieces: sets, conditions, authorities, tables, rules. A rule that
several payers share is one piece.
"""

from array import array
from collections.abc import Mapping, Sequence
from typing import Any, Final

import msgspec
from msgspec import Struct

from sequela.engine.diagnostics.model import Diagnostic
from sequela.engine.model.heads import RuleHead, RulesOnDemand
from sequela.engine.model.nodes import TableDefinition
from sequela.engine.model.on_demand import OnDemandMapping
from sequela.engine.model.rules import SETTINGS, CheckedRules, Phase, Rule, RuleSelection
from sequela.engine.pipeline.packed import Place, Unpacker
from sequela.engine.plan.filing import Drawers, Filed
from sequela.engine.source import Source
from sequela.engine.vocabulary.kinds import Kind

PHASES: Final = tuple(Phase)
KINDS: Final = tuple(Kind)
SETTINGS_BY_NUMBER: Final = tuple(
    frozenset(name for at, name in enumerate(SETTINGS) if mask >> at & 1) for mask in range(1 << len(SETTINGS))
)
"""The settings by the number that stands for them in the file."""

FiledAs = tuple[bool, list[tuple[int, str]] | None, list[tuple[int, str]] | None]
"""A `Filed` in the file: codes with blanks between, or the key of a set."""


class Selected(Struct, array_like=True):
    """A selection in the file; `rules` are the numbers of its rules."""

    payer: str | None
    title: str
    matches: tuple[str, ...]
    settings: frozenset[str]
    rules: list[int]


class Cut(Struct, array_like=True):
    """The stretches of a source: where they begin, their digests, the numbers of the words that open them, what these declare."""

    starts: bytes
    digests: bytes
    words: bytes
    names: str


class Index(Struct, array_like=True):
    """What a file of kept rules begins with.

    `keys` are those of all that is declared, in the order of the pieces; after these pieces come the rules.
    `places` holds three numbers for each piece, `ends` where in the file it ends; `whole` whether it names no place elsewhere.
    `cut` are the stretches of each source; `quiet` says whether nothing was said about the texts.
    """

    texts: str
    tables: str
    quiet: bool
    cut: list[Cut]
    warnings: bytes
    keys: list[str]
    places: bytes
    ends: bytes
    whole: bytes
    ids: list[str]
    phases: bytes
    settings: bytes
    rulesets: list[str]
    asks: list[tuple[str, ...]]
    filed: list[FiledAs]
    selections: list[Selected]


_DECODE: Final = msgspec.msgpack.Decoder(Index)


class Kept:
    """A file of kept rules, opened: nothing but the index is read."""

    def __init__(self, data: bytes | memoryview) -> None:
        """Raises: ValueError of what is no such file."""
        start = 4 + int.from_bytes(data[:4], "little")
        self._data = memoryview(data)
        self.index = _DECODE.decode(self._data[4:start])
        self._start = start
        self._places = array("I", self.index.places)
        self._ends = array("I", self.index.ends)

    def piece(self, number: int) -> memoryview:
        """The bytes of a piece."""
        begin = self._ends[number - 1] if number else 0
        return self._data[self._start + begin : self._start + self._ends[number]]

    def place(self, number: int) -> Place:
        """Where a piece is declared."""
        places, at = self._places, number * 3
        return Place(places[at], places[at + 1], places[at + 2])

    def number_of_rule(self, rule: int) -> int:
        """The number of the piece of a rule."""
        return len(self.index.keys) + rule

    def open(self, sources: Sequence[Source]) -> "Opened":
        """The rules, over the sources of which they were made."""
        return Opened(self, sources)


class Opened:
    """Rules out of a file, each read when it is first asked for."""

    def __init__(self, kept: Kept, sources: Sequence[Source]) -> None:
        index = kept.index
        self._kept = kept
        self._unpacker = Unpacker(sources, self._declared)
        self._numbers = {key: number for number, key in enumerate(index.keys)}
        self._first_rule = len(index.keys)
        self._known: dict[str, Any] = {}
        self._read: dict[int, Rule] = {}
        self._heads = [
            RuleHead(name, PHASES[phase], SETTINGS_BY_NUMBER[settings], ruleset, asks)
            for name, phase, settings, ruleset, asks in zip(
                index.ids, index.phases, index.settings, index.rulesets, index.asks, strict=True
            )
        ]
        by_kind: dict[str, list[str]] = {"set": [], "condition": [], "authority": [], "table": []}
        for key in index.keys:
            of, _, name = key.partition(" ")
            by_kind[of].append(name)
        self.rules = CheckedRules(
            selections={one.payer: self._selection(one) for one in index.selections},
            tables={name: self._declared(f"table {name}") for name in by_kind["table"]},
            sets=OnDemandMapping(by_kind["set"], lambda name: self._declared(f"set {name}")),
            conditions=OnDemandMapping(by_kind["condition"], lambda name: self._declared(f"condition {name}")),
            authorities=OnDemandMapping(by_kind["authority"], lambda name: self._declared(f"authority {name}")),
            sources=tuple(sources),
        )

    @property
    def definitions(self) -> Mapping[str, TableDefinition]:
        """The tables that are declared."""
        return self.rules.tables

    @property
    def warnings(self) -> tuple[Diagnostic, ...]:
        """What was said about the texts."""
        found: tuple[Diagnostic, ...] = self._unpacker.unpack(self._kept.index.warnings)
        return found

    def filed(self, payer: str | None) -> Sequence[Filed]:
        """Where each rule of a selection is filed."""
        found = next(one for one in self._kept.index.selections if one.payer == payer)
        return tuple([self._filed(number) for number in found.rules])

    def _filed(self, number: int) -> Filed:
        runs, steps, written = self._kept.index.filed[number]
        return Filed(self._heads[number].settings, runs, self._drawers(steps), self._drawers(written))

    def _drawers(self, drawers: list[tuple[int, str]] | None) -> Drawers | None:
        if drawers is None:
            return None
        return tuple(
            [
                (KINDS[kind], self._declared(within) if within.startswith("set ") else tuple(within.split()))
                for kind, within in drawers
            ]
        )

    def _selection(self, one: Selected) -> RuleSelection:
        heads, numbers, rule = [self._heads[number] for number in one.rules], one.rules, self._rule
        rules = RulesOnDemand(heads, lambda place: rule(numbers[place]))
        return RuleSelection(one.payer, one.title, one.matches, rules, one.settings)

    def _rule(self, number: int) -> Rule:
        found = self._read.get(number)
        if found is None:
            at = self._first_rule + number
            made: Rule = self._unpacker.unpack(self._kept.piece(at), self._kept.place(at))
            found = self._read.setdefault(number, made)
        return found

    def _declared(self, key: str) -> Any:
        found = self._known.get(key)
        if found is None:
            at = self._numbers[key]
            made = self._unpacker.unpack(self._kept.piece(at), self._kept.place(at))
            found = self._known.setdefault(key, made)
        return found
