"""Lists to look things up: the rules of a payer, and the codes of a set.

In:   checked rules, a set, the loaded tables.        Out: rows for people, ready to be laid out.
Uses: rules, nodes, show_rows, tables, vocabulary.    Used by: show.
Not here: one rule with all its clauses, and how rows are laid out (show.py).
"""

from collections.abc import Iterator, Mapping
from datetime import date
from functools import cache
from itertools import product
from math import prod
from typing import Final

from attrs import frozen

from sequela.engine.model.nodes import FromTableSet, SetDefinition
from sequela.engine.model.rules import SETTINGS, Rule, RuleSelection, Segment
from sequela.engine.model.show_rows import TakenCodes, taken_codes
from sequela.engine.tables.catalogue import Catalogue, catalogue_of
from sequela.engine.tables.codes import LETTERED, CodeRange, Entry, ExactCode, KnownCodes, TextSet
from sequela.engine.tables.model import Table
from sequela.engine.vocabulary.systems import System, accepts, has_shape, printed

# ---------------------------------------------------------------- rules


@frozen(kw_only=True)
class RuleRow:
    """One rule as `sequela rules` lists it. `authority` is empty for a rule without a citation."""

    id: str
    title: str
    phase: str
    settings: str
    period: str
    authority: str
    changed_by: str


def rule_rows(selection: RuleSelection) -> tuple[RuleRow, ...]:
    """The rules that run for a payer (or of the rulesets alone), by phase, then id; the latest version speaks."""
    return tuple(_row(rule) for rule in selection.rules)


def _row(rule: Rule) -> RuleRow:
    version = rule.segments[-1].version
    cites = dict.fromkeys(
        cite.authority.name if cite.section is None else f"{cite.authority.name} {cite.section}"
        for cite in version.cites
    )
    payers = dict.fromkeys(change.payer for segment in rule.segments for change in segment.version.changes)
    return RuleRow(
        id=rule.id,
        title=version.title,
        phase=rule.phase.value,
        settings=", ".join(one for one in SETTINGS if one in rule.settings),
        period=_period(rule),
        authority=", ".join(cites),
        changed_by=", ".join(payers),
    )


def _period(rule: Rule) -> str:
    """When a rule is in force: stretches that touch are one, disabled ones are said apart."""
    stretches = [_words(part) for part in _joined(segment for segment in rule.segments if segment.disabled is None)]
    if not stretches:
        return "disabled"
    off = [_words(part) for part in _joined(segment for segment in rule.segments if segment.disabled is not None)]
    said = "; ".join(stretches)
    return f"{said} (disabled {'; '.join(off)})" if off else said


def _joined(segments: Iterator[Segment]) -> list[list[Segment]]:
    """Segments by runs in which each begins on the day after the one before it ends."""
    runs: list[list[Segment]] = []
    for segment in segments:
        before = runs[-1][-1].last if runs else None
        if before is not None and segment.first is not None and (segment.first - before).days == 1:
            runs[-1].append(segment)
        else:
            runs.append([segment])
    return runs


def _words(run: list[Segment]) -> str:
    first, last = run[0].first, run[-1].last
    if first is None:
        return "always" if last is None else f"up to {last}"
    return f"{first} onward" if last is None else f"{first} to {last}"


# ---------------------------------------------------------------- codes


@frozen(kw_only=True)
class EntryRow:
    """One entry of a set as written, with how many codes it holds; None where that is not known."""

    written: str
    count: int | None
    subtracts: bool


@frozen(kw_only=True)
class Expansion:
    """A set in full: its entries with their counts, and its codes as people write them.

    `complete` says whether these are all of its codes. Without a catalogue of the system (`by_form`) codes are listed
    that stand alone, in a table, or in a range whose codes all have one form, whether or not they exist.
    """

    name: str
    system: System
    entries: tuple[EntryRow, ...]
    codes: tuple[str, ...]
    complete: bool
    by_form: bool


def codes_of(definition: SetDefinition, tables: Mapping[str, Table], on: date | None = None) -> Expansion:
    """The codes of a set, by the order of the catalogue where a table defines the system.

    Args:
        definition: the set.
        tables: the loaded tables, by key.
        on: the day for which tables are asked, the catalogue too; None takes a code that a table holds on any day.
    """
    catalogue = catalogue_for(definition.system, tables)
    asked = _Asked(tables, on, {})
    candidates = catalogue.codes if catalogue is not None else tuple(dict.fromkeys(_named(definition, asked)))
    if catalogue is not None and on is not None:
        candidates = tuple(code for code in candidates if catalogue.on(code, on))
    added = _Part(definition.text, definition.others, definition.tables)
    taken = _Part(definition.except_text, definition.except_others, definition.except_tables)
    codes = tuple(printed(definition.system, code) for code in candidates if _contains(definition, code, asked))
    return Expansion(
        name=definition.name,
        system=definition.system,
        entries=(
            *_rows(added, catalogue, candidates, asked, subtracts=False),
            *_rows(taken, catalogue, candidates, asked, subtracts=True),
        ),
        codes=codes,
        complete=_is_certain(definition, asked) and (catalogue is not None or _can_be_listed(definition, asked)),
        by_form=catalogue is None,
    )


def catalogue_for(system: System, tables: Mapping[str, Table]) -> Catalogue | None:
    """The catalogue of a system, of which CPT has that of HCPCS; None where no table defines it."""
    for table in tables.values():
        defines = table.shape.defines
        if defines is not None and accepts(defines, system):
            return catalogue_of(table)
    return None


@frozen
class _Asked:
    """The tables, the day, and what was found for each `from TABLE`."""

    tables: Mapping[str, Table]
    on: date | None
    found: dict[int, TakenCodes]

    def codes(self, one: FromTableSet) -> TakenCodes:
        """What `from TABLE` brings in, looked for once."""
        if id(one) not in self.found:
            self.found[id(one)] = taken_codes(one, self.tables, self.on)
        return self.found[id(one)]


@frozen
class _Part:
    """What a set adds, or what it takes away."""

    text: TextSet | None
    others: tuple[SetDefinition, ...]
    from_tables: tuple[FromTableSet, ...]


def _rows(
    part: _Part, catalogue: KnownCodes | None, candidates: tuple[str, ...], asked: _Asked, *, subtracts: bool
) -> Iterator[EntryRow]:
    if part.text is not None:
        for counted in part.text.counts(catalogue):
            by_form = _of_form(counted.entry) if catalogue is None else None
            count = counted.count if by_form is None else len(by_form)
            if catalogue is not None and asked.on is not None:
                count = sum(counted.entry.holds(code) for code in candidates)
            yield EntryRow(written=counted.written, count=count, subtracts=subtracts)
    for other in part.others:
        known = catalogue is not None or _can_be_listed(other, asked)
        count = sum(_contains(other, code, asked) for code in candidates) if known else None
        yield EntryRow(written=other.name, count=count, subtracts=subtracts)
    for one in part.from_tables:
        codes = asked.codes(one)
        known = codes.certain if catalogue is not None else codes.can_be_listed
        count = sum(codes.holds(code) for code in candidates) if known else None
        yield EntryRow(written=" ".join(one.span.text.split()), count=count, subtracts=subtracts)


def _contains(definition: SetDefinition, code: str, asked: _Asked) -> bool:
    """Whether a code is certainly in a set on the day asked about."""
    if not (
        definition.text.contains(code)
        or any(_contains(other, code, asked) for other in definition.others)
        or any(asked.codes(one).holds(code) for one in definition.tables)
    ):
        return False
    return not (
        (definition.except_text is not None and definition.except_text.contains(code))
        or any(_contains(other, code, asked) for other in definition.except_others)
        or any(asked.codes(one).holds(code) for one in definition.except_tables)
    )


def _is_certain(definition: SetDefinition, asked: _Asked) -> bool:
    """Whether every table that has a say could be asked."""
    return all(asked.codes(one).certain for one in (*definition.tables, *definition.except_tables)) and all(
        _is_certain(other, asked) for other in (*definition.others, *definition.except_others)
    )


def _can_be_listed(definition: SetDefinition, asked: _Asked) -> bool:
    """Whether, without a catalogue, every code of a set can be listed."""
    return (
        all(_of_form(entry) is not None for entry in definition.text.entries)
        and all(_can_be_listed(other, asked) for other in definition.others)
        and all(asked.codes(one).can_be_listed for one in definition.tables)
    )


def _named(definition: SetDefinition, asked: _Asked) -> Iterator[str]:
    """The codes of a set that can be listed without a catalogue, those of the sets and tables that it names too."""
    for entry in definition.text.entries:
        yield from _of_form(entry) or ()
    for other in definition.others:
        yield from _named(other, asked)
    for one in definition.tables:
        yield from asked.codes(one).codes


_MOST_OF_FORM: Final = 20_000
_CHARACTERS: Final = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"


@cache
def _of_form(entry: Entry) -> tuple[str, ...] | None:
    """The texts that an entry holds and that have the form of a code; None where they are too many to list.

    A code alone; a range of whole codes in a system whose codes all have one length: `99202 .. 99205` is four texts.
    """
    if isinstance(entry, ExactCode):
        return (entry.code,)
    if not isinstance(entry, CodeRange) or entry.system in _OF_MANY_LENGTHS or len(entry.low) != len(entry.high):
        return None
    places = []
    apart = False
    for one, other in zip(entry.low, entry.high, strict=True):
        apart = apart or one != other
        only_digits = one.isdigit() and (entry.system in LETTERED or other.isdigit())
        places.append((_CHARACTERS[:10] if only_digits else _CHARACTERS) if apart else one)
    if prod(map(len, places)) > _MOST_OF_FORM:
        return None
    texts = map("".join, product(*places))
    return tuple(text for text in texts if entry.holds(text) and has_shape(entry.system, text))


_OF_MANY_LENGTHS: Final = frozenset({System.ICD10CM, System.ICD10PCS, System.SPECIALTY, System.TAXONOMY})
