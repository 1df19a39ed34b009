"""Keeping: checked rules become the file that the next start reads.

In:   checked rules, or pieces of which some were kept before.    Out: `Pieces`, `pieces_of`, `file_of`.
Uses: packed, kept, plan.filing.                                  Used by: pipeline.anew, pipeline.changed.
Not here: what stands where in the file (kept.py); where the file lies (cache.py).
"""

from array import array
from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from pickle import PicklingError
from typing import Any, Final

import msgspec
from msgspec import Struct

from sequela.engine.diagnostics.model import Diagnostic
from sequela.engine.model.nodes import SetDefinition
from sequela.engine.model.rules import CheckedRules, Rule, RuleSelection
from sequela.engine.model.tables_asked import Known, tables_asked
from sequela.engine.pipeline.kept import KINDS, SETTINGS_BY_NUMBER, Cut, FiledAs, Index, Selected
from sequela.engine.pipeline.packed import Packer, Place
from sequela.engine.pipeline.stretches import Stretch
from sequela.engine.plan.filing import Drawers, Filed, filed
from sequela.engine.source import Source

_NUMBERS: Final = {kind: number for number, kind in enumerate(KINDS)}
_SETTINGS: Final = {settings: number for number, settings in enumerate(SETTINGS_BY_NUMBER)}
_ENCODE: Final = msgspec.msgpack.Encoder()


class Piece(Struct):
    """What is declared at a place, as bytes; `whole` when it names no other place."""

    place: Place
    packed: bytes | memoryview
    whole: bool


class RulePiece(Struct):
    """A rule as bytes, and what is known of it without reading it."""

    piece: Piece
    id: str
    phase: int
    settings: int
    ruleset: str
    asks: tuple[str, ...]
    filed: FiledAs


class Pieces(Struct):
    """All pieces of a file: what is declared by its key, every rule once, and of each selection which they are."""

    declared: dict[str, Piece]
    rules: list[RulePiece]
    selections: list[Selected]


def pieces_of(rules: CheckedRules, cut: Sequence[Sequence[Stretch]]) -> Pieces:
    """The pieces of checked rules, each at the place of the stretch of text in which it is declared.

    Raises: PicklingError, RecursionError, of rules that cannot be kept.
    """
    keys = _keys(rules)
    packer = Packer(rules.sources, {id(one): key for key, one in keys.items()})
    numbers = {id(source): number for number, source in enumerate(rules.sources)}

    asked: Known = {}
    starts = [[one.start for one in each] for each in cut]

    def piece(one: Any) -> Piece:
        span = one.span
        source = numbers[id(span.source)]
        at = bisect_right(starts[source], span.start) - 1
        place = (
            Place(source, span.start, span.end) if at < 0 else Place(source, cut[source][at].start, cut[source][at].end)
        )
        return Piece(place, packer.pack(one, place), packer.is_whole)

    several, selections = _each_once(rules.selections.values())
    sets = {id(one): key for key, one in keys.items() if isinstance(one, SetDefinition)}
    return Pieces(
        {key: piece(one) for key, one in keys.items()},
        [
            RulePiece(
                piece(rule),
                rule.id,
                rule.phase.place,
                _SETTINGS[rule.settings],
                rule.ruleset,
                tuple(sorted(tables_asked(rule, asked))) if rules.tables else (),
                _filed_as(drawer, sets),
            )
            for rule, drawer in zip(several, filed(several), strict=True)
        ],
        selections,
    )


def file_of(
    pieces: Pieces,
    sources: Sequence[Source],
    warnings: Sequence[Diagnostic],
    *,
    cut: list[Cut],
    quiet: bool,
    texts: str,
    tables: str,
) -> bytes:
    """The file of these pieces.

    Args:
        pieces: all that is kept.
        sources: the texts of which the rules were made.
        warnings: what was said about them.
        cut: the stretches of the texts.
        quiet: whether none of the warnings is about the texts.
        texts: a digest of the texts.
        tables: a digest of the tables.
    Raises: PicklingError, of warnings that cannot be kept.
    """
    places, ends, whole = array("I"), array("I"), bytearray()
    end = 0
    ordered = [*pieces.declared.values(), *[rule.piece for rule in pieces.rules]]
    for one in ordered:
        end += len(one.packed)
        places.extend(one.place)
        ends.append(end)
        whole.append(one.whole)
    index = Index(
        texts=texts,
        tables=tables,
        quiet=quiet,
        cut=cut,
        warnings=Packer(sources, {}).pack(tuple(warnings)),
        keys=list(pieces.declared),
        places=places.tobytes(),
        ends=ends.tobytes(),
        whole=bytes(whole),
        ids=[rule.id for rule in pieces.rules],
        phases=bytes([rule.phase for rule in pieces.rules]),
        settings=bytes([rule.settings for rule in pieces.rules]),
        rulesets=[rule.ruleset for rule in pieces.rules],
        asks=[rule.asks for rule in pieces.rules],
        filed=[rule.filed for rule in pieces.rules],
        selections=pieces.selections,
    )
    head = _ENCODE.encode(index)
    return b"".join([len(head).to_bytes(4, "little"), head, *[one.packed for one in ordered]])


def _keys(rules: CheckedRules) -> dict[str, Any]:
    """All that is declared, by a key that says what it is, too."""
    return {
        f"{of} {key}": one
        for of, several in (
            ("set", rules.sets),
            ("condition", rules.conditions),
            ("authority", rules.authorities),
            ("table", rules.tables),
        )
        for key, one in several.items()
    }


def _each_once(selections: Iterable[RuleSelection]) -> tuple[list[Rule], list[Selected]]:
    """Every rule once, though several payers have it, and of each selection which they are."""
    numbers: dict[tuple[Any, ...], int] = {}
    rules: list[Rule] = []
    selected: list[Selected] = []
    for one in selections:
        chosen: list[int] = []
        for rule in one.rules:
            segments = tuple([(part.first, part.last, id(part.version), id(part.disabled)) for part in rule.segments])
            alike = (rule.id, rule.phase, rule.settings, rule.date_basis, rule.ruleset, id(rule.span.source), segments)
            number = numbers.setdefault(alike, len(rules))
            if number == len(rules):
                rules.append(rule)
            chosen.append(number)
        selected.append(Selected(one.payer, one.title, one.matches, one.settings, chosen))
    return rules, selected


def _filed_as(one: Filed, sets: Mapping[int, str]) -> FiledAs:
    return one.runs, _drawers_as(one.steps, sets), _drawers_as(one.written, sets)


def _drawers_as(drawers: Drawers | None, sets: Mapping[int, str]) -> list[tuple[int, str]] | None:
    if drawers is None:
        return None
    found: list[tuple[int, str]] = []
    for kind, within in drawers:
        key = " ".join(within) if isinstance(within, tuple) else sets.get(id(within))
        if key is None:
            raise PicklingError("a set that is not declared")
        found.append((_NUMBERS[kind], key))
    return found
