"""Show: a rule as it stands for a payer, with the origin of every clause; and the lists, laid out as text.

In:   a rule id and the rules of a payer; a set and its tables.    Out: text for people.
Uses: syntax (parse, format), overlay_change, rules, show_lists.   Used by: the command line (`show`, `rules`, `codes`).
Not here: which rules a payer has (check); what stands in the lists (show_lists.py).

The rule is read again from its own sources, and the changes that are in force are made once more: what is printed are
the author's clauses in the one layout, not a rendering of the resolved rule. It is rule text; its comments say where
each clause comes from.
"""

import textwrap
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import PurePath
from typing import Final

from attrs import field, frozen
from msgspec.structs import replace

from sequela.engine.model.effective import Addition, EffectiveRule, PlacedChange, PlacedClause
from sequela.engine.model.nodes import SetDefinition
from sequela.engine.model.overlay_change import applied, word_of
from sequela.engine.model.rules import SETTINGS, Change, Rule, RuleSelection, Segment
from sequela.engine.model.show_lists import RuleRow, codes_of, rule_rows
from sequela.engine.source import Source, Span
from sequela.engine.syntax.conditions import AllOf, AnyOf, Condition, Not, Parenthesised
from sequela.engine.syntax.declarations import (
    ChangeDeclaration,
    Effective,
    Header,
    Require,
    RuleClause,
    RuleDeclaration,
    RuleFile,
    Unless,
)
from sequela.engine.syntax.format import format_file
from sequela.engine.syntax.node import Name, Text
from sequela.engine.syntax.parse import parse
from sequela.engine.tables.model import Table

_WHERE_IT_APPLIES: Final = ("effective", "settings", "phase", "for", "look up", "when", "unless")
_WHAT_MUST_HOLD: Final = ("require", "forbidden", "bypass")
_WIDEST: Final = 76
"""Comments stand in one column after the clauses, but never further right than this unless the clause itself is."""


def show(rule_id: str, selection: RuleSelection, on: date | None = None) -> str:
    """A rule as it stands for a payer, as rule text with comments.

    Args:
        rule_id: the id of a rule of `selection`.
        selection: the rules of a payer, or the rulesets alone.
        on: a governing date; None shows every stretch of dates on which the rule says something of its own.
    Returns: one block for each stretch, or a comment that the rule is not in force on that date.
    Raises: KeyError when the selection has no such rule.
    """
    rule = next((one for one in selection.rules if one.id == rule_id), None)
    if rule is None:
        raise KeyError(rule_id)
    read = _Sources()
    segments = [one for one in rule.segments if on is None or _holds(one, on)]
    if not segments:
        return f"# {rule_id} is not in force on {on}; its period: {_period_of(rule)}."
    return "\n\n".join(_block(segment, selection, read) for segment in segments)


def _holds(segment: Segment, on: date) -> bool:
    return (segment.first is None or segment.first <= on) and (segment.last is None or on <= segment.last)


def _period_of(rule: Rule) -> str:
    first, last = rule.segments[0].first, rule.segments[-1].last
    return f"{first or 'the beginning'} to {last}" if last is not None else f"{first} onward"


# ---------------------------------------------------------------- the rule, read again


@frozen
class _Sources:
    """The files that a rule and its changes stand in, each parsed once."""

    _files: dict[int, RuleFile] = field(factory=dict, init=False)

    def file(self, source: Source) -> RuleFile:
        """The parsed file."""
        if id(source) not in self._files:
            self._files[id(source)] = parse(source)[0]
        return self._files[id(source)]

    def rule(self, span: Span) -> RuleDeclaration:
        """The rule that is declared at a place."""
        found = self.file(span.source).declarations
        return next(one for one in found if isinstance(one, RuleDeclaration) and one.span.start == span.start)

    def change(self, change: Change) -> PlacedChange:
        """A change as it is written."""
        found = self.file(change.span.source).declarations
        written = next(
            one for one in found if isinstance(one, ChangeDeclaration) and one.span.start == change.span.start
        )
        return PlacedChange(declaration=written, change=change)


def _read_again(segment: Segment, read: _Sources) -> EffectiveRule:
    """The clauses of a segment as written, the changes that are in force made from the base upward."""
    declaration = read.rule(segment.version.span)
    clauses = tuple(PlacedClause(clause=clause, change=None) for clause in declaration.clauses)
    rule = EffectiveRule(declaration=declaration, clauses=clauses, additions=(), first=segment.first, last=segment.last)
    for change in segment.version.changes:
        if change.verb != "disable":
            rule = applied(rule, read.change(change))
    return rule


# ---------------------------------------------------------------- one block


@frozen
class _Line:
    """A clause to be printed, where it comes from, and what is to be said above it."""

    clause: RuleClause
    origin: Span
    above: tuple[str, ...] = ()


def _block(segment: Segment, selection: RuleSelection, read: _Sources) -> str:
    rule = _read_again(segment, read)
    header = read.file(rule.declaration.span.source).header
    heading = [f"# {rule.declaration.name.text}, {_who(selection)}: {_dates(segment)}"]
    if header is not None and header.phase is not None and not _has_word(rule, "phase"):
        heading.append(f"# phase {header.phase.text} ({_place(header.phase.span)}, for the whole file)")
    if header is not None and header.settings and not _has_word(rule, "settings"):
        names = ", ".join(name.text for name in header.settings)
        heading.append(f"# settings {names} ({_place(header.settings[0].span)}, for the whole file)")
    lines = sorted(_lines(rule, segment), key=lambda line: _group(line.clause))
    text = _laid_out(rule.declaration, lines)
    if segment.disabled is None:
        return "\n".join((*heading, text))
    heading.extend(_because(segment.disabled, "disabled"))
    heading.append("# What stands below is not in force.")
    return "\n".join((*heading, textwrap.indent(text, "# ")))


def _who(selection: RuleSelection) -> str:
    return "the rulesets alone" if selection.payer is None else f"for {selection.payer}"


def _dates(segment: Segment) -> str:
    if segment.first is None:
        return "on every date" if segment.last is None else f"up to {segment.last}"
    return f"{segment.first} onward" if segment.last is None else f"{segment.first} to {segment.last}"


def _has_word(rule: EffectiveRule, word: str) -> bool:
    return any(word_of(placed.clause) == word for placed in rule.clauses)


def _group(clause: RuleClause) -> int:
    word = word_of(clause)
    return 0 if word in _WHERE_IT_APPLIES else 1 if word in _WHAT_MUST_HOLD else 2


def _lines(rule: EffectiveRule, segment: Segment) -> Iterator[_Line]:
    told: set[int] = set()
    for placed in rule.clauses:
        clause = placed.clause
        if isinstance(clause, Effective):
            clause = _cut(clause, segment)
        above: tuple[str, ...] = ()
        if placed.change is not None:
            above = _because(placed.change, "overridden")
        yield _Line(clause, clause.span, above)
    for addition in rule.additions:
        first = id(addition.change) not in told
        told.add(id(addition.change))
        yield from _added(addition, first=first)


def _cut(effective: Effective, segment: Segment) -> Effective:
    """The period of the rule, as the segment has it."""
    if segment.first is None:
        return effective
    return replace(effective, period=replace(effective.period, first=segment.first, last=segment.last))


def _added(addition: Addition, *, first: bool) -> Iterator[_Line]:
    """What a `relax` or `tighten` adds, as the clauses of a rule that say the same."""
    if addition.unless_also is not None:
        above = _because(addition.change, "relaxed") if first else ()
        yield _Line(
            Unless(span=addition.unless_also.span, condition=addition.unless_also), addition.unless_also.span, above
        )
    above = _because(addition.change, "tightened")
    own = [" ".join(part.span.text.split()) for part in (addition.if_fail, addition.say) if part is not None]
    if own:
        above = (*above, f"# a failure of this has its own: {'; '.join(own)}")
    for condition in addition.require_also:
        asked = condition if addition.only_when is None else _only_when(addition.only_when, condition)
        yield _Line(Require(span=condition.span, condition=asked), condition.span, above)
        above = ()


def _only_when(limit: Condition, condition: Condition) -> Condition:
    """`require also C only when W`: W does not hold, or C does."""
    inner = limit.inner if isinstance(limit, Parenthesised) else limit
    other = Parenthesised(span=condition.span, inner=condition) if isinstance(condition, AllOf | AnyOf) else condition
    return AnyOf(
        span=condition.span,
        parts=(Not(span=limit.span, part=Parenthesised(span=limit.span, inner=inner)), other),
    )


def _because(change: Change, done: str) -> tuple[str, ...]:
    """Who changed it, where, why, and on whose authority."""
    cites = ", ".join(
        one.authority.name + (f" section {one.section}" if one.section is not None else "") for one in change.cites
    )
    said = f"{done} by {change.payer} ({_place(change.span)}): {change.reason}" + (f"; cites {cites}" if cites else "")
    return tuple(textwrap.wrap(said, 96, initial_indent="# ", subsequent_indent="#   "))


def _place(span: Span) -> str:
    """The file without its folders, and the line."""
    return f"{PurePath(span.source.name).name}:{span.line}"


# ---------------------------------------------------------------- layout


def _laid_out(declaration: RuleDeclaration, lines: list[_Line]) -> str:
    """The rule in the one layout, each clause with its origin at the end of its first line."""
    rule = replace(declaration, clauses=tuple(line.clause for line in lines))
    header = Header(
        span=declaration.span,
        is_payer=False,
        name=Name(span=declaration.span, text="shown"),
        title=Text(span=declaration.span, value="shown"),
    )
    printed = format_file(RuleFile(source=Source("", ""), header=header, declarations=(rule,)))
    shown, _ = parse(Source("", printed))
    (again,) = shown.declarations
    assert isinstance(again, RuleDeclaration)
    rows = printed.splitlines()[again.span.line - 1 : again.span.end_line]
    origins = {again.span.line: _place(declaration.span)}
    above: dict[int, tuple[str, ...]] = {}
    for line, clause in zip(lines, again.clauses, strict=True):
        origins[clause.span.line] = _place(line.origin)
        above[clause.span.line] = line.above
    column = min(max(len(row) for row in rows), _WIDEST)
    text: list[str] = []
    for number, row in enumerate(rows, start=again.span.line):
        text.extend(f"  {comment}" for comment in above.get(number, ()))
        text.append(f"{row:{column}}  # {origins[number]}" if number in origins else row)
    return "\n".join(text)


# ---------------------------------------------------------------- lists


def rules_table(selection: RuleSelection) -> str:
    """The rules of a payer, or of the rulesets alone: two lines for each, by phase, then id."""
    rows = rule_rows(selection)
    count = f"{len(rows)} rule{'' if len(rows) == 1 else 's'}"
    title = selection.title if selection.payer is None else f"{selection.payer} · {selection.title}"
    settings = [name for name in SETTINGS if name in selection.settings]
    if len(settings) < len(SETTINGS):
        title = f"{title} · {', '.join(settings)} claims"
    width = max((len(row.id) for row in rows), default=0)
    lines = [f"{title}: {count}"]
    for row in rows:
        lines.append(f"  {row.id:{width}}  {row.title}")
        lines.append(f"  {'':{width}}  {_facts(row)}")
    return "\n".join(lines)


def _facts(row: RuleRow) -> str:
    facts = [row.phase, row.settings, row.period, row.authority]
    if row.changed_by:
        facts.append(f"changed by {row.changed_by}")
    return " · ".join(fact for fact in facts if fact)


def codes_expansion(key: str, definition: SetDefinition, tables: Mapping[str, Table], on: date | None = None) -> str:
    """A set in full: each entry with the number of codes that it holds, then the codes.

    Args:
        key: what to call the set, `ruleset/name`.
        definition: the set.
        tables: the loaded tables, by key; one that `defines` the set's system is its catalogue.
        on: the day for which tables are asked; None takes a code that a table holds on any day.
    """
    found = codes_of(definition, tables, on)
    labels = [f"{'except ' if row.subtracts else ''}{row.written}" for row in found.entries]
    counts = ["not known" if row.count is None else str(row.count) for row in found.entries]
    labels.append("in all")
    counts.append(str(len(found.codes)) if found.complete else f"{len(found.codes)} known")
    wide, long = max(map(len, labels)), max(map(len, counts))
    lines = [f"{key} · codes of {found.system.value}"]
    lines.extend(f"  {label:{wide}}  {count:>{long}}" for label, count in zip(labels, counts, strict=True))
    if not found.complete:
        lines.append(
            f"  Some codes cannot be listed: no table here defines {found.system.value}, or a table is missing."
        )
    elif found.by_form and any(".." in label for label in labels):
        lines.append(f"  No table here defines {found.system.value}: ranges are listed by the form of their codes.")
    if found.codes:
        lines.append("")
        lines.append(textwrap.fill("  ".join(found.codes), 98, initial_indent="  ", subsequent_indent="  "))
    return "\n".join(lines)
