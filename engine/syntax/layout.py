"""Layout: the lines of a declaration, each with the place in the source from which its comments find it.

In:   a declaration.                      Out: `Row`s.
Uses: phrases.                            Used by: format.
Not here: tests (layout_cases); comments and blank lines (format).
"""

from collections.abc import Callable, Iterable, Sequence
from typing import Final, assert_never

from attrs import define, field

from sequela.engine.source import Span
from sequela.engine.syntax import declarations as d
from sequela.engine.syntax import phrases as p
from sequela.engine.syntax.conditions import Condition
from sequela.engine.syntax.node import Node, Text

WIDTH: Final = 100
"""A clause that would be longer breaks before every `and` or `or` of a chain."""

FILL: Final = 70
"""The entries of a set fill lines of so many characters."""

INDENT: Final = "  "
COLUMN: Final = 10
"""What a clause says begins so many characters after its word, where the word leaves room."""

UNDER: Final = " " * (len(INDENT) + COLUMN)


@define
class Row:
    """A line of text; `start` is the offset in the source of its first word, `stop` that after its last."""

    text: str
    start: int
    stop: int
    above: list[str] = field(factory=list)
    beside: str | None = None


Commented = Callable[[int, int, int, int], bool]
"""Whether a comment stands between the parts of something: beside one but the last, or on a line after the first.

Its arguments: where the first part begins and ends, where the last one begins and ends.
"""


def row(text: str, node: Node) -> Row:
    """A line that says a whole node."""
    return Row(text.rstrip(), node.span.start, node.span.end)


def clause(word: str, said: str, node: Node) -> Row:
    """A clause on one line."""
    return row(f"{INDENT}{_padded(word)}{said}", node)


def _padded(word: str) -> str:
    return f"{word:<{COLUMN}}" if len(word) < COLUMN else f"{word} "


# ---------------------------------------------------------------- conditions


def condition_rows(lead: str, condition: Condition, node: Node, under: str, commented: Commented) -> list[Row]:
    """A condition after `lead`, on one line where it fits, else one for each part of its outermost chain."""
    whole = f"{lead}{p.words(condition)}"
    inner = condition if p.chain_of(condition) is not None else p.only_parenthesis(condition)
    chain = None if inner is None else p.chain_of(inner)
    if inner is None or chain is None:
        return [row(whole, node)]
    join, parts = chain
    first, last = parts[0].span, parts[-1].span
    if len(whole) <= WIDTH and not commented(node.span.start, first.end, last.start, node.span.end):
        return [row(whole, node)]
    before, _, after = "", "", ""
    if inner is not condition:
        before, _, after = p.words(condition, {id(inner): "\0"}).partition("\0")
    rows = [Row(f"{lead}{before}{p.words(parts[0])}", node.span.start, first.end)]
    rows += [Row(f"{under}{join} {p.words(part)}", part.span.start, part.span.end) for part in parts[1:]]
    rows[-1].text += after
    rows[-1].stop = node.span.end
    return rows


def conditional(word: str, condition: Condition, node: Node, commented: Commented, more: str = "") -> list[Row]:
    """A clause that is a condition; `more` stands between its word and the condition."""
    return condition_rows(f"{INDENT}{_padded(word)}{more}", condition, node, UNDER, commented)


# ---------------------------------------------------------------- declarations


def header_rows(header: d.Header) -> list[Row]:
    """`ruleset NAME "title"` and the lines below it."""
    word = "payer" if header.is_payer else "ruleset"
    over = "" if header.over is None else f" over {header.over.text}"
    head = f"{word} {header.name.text} {p.quoted(header.title)}{over}"
    last = header.title if header.over is None else header.over
    rows = [Row(head, header.span.start, last.span.end)]
    if header.matches:
        said = ", ".join(p.quoted(text) for text in header.matches)
        rows.append(_spanning("matches", said, header.matches))
    if header.settings:
        rows.append(_spanning("settings", ", ".join(name.text for name in header.settings), header.settings))
    if header.phase is not None:
        rows.append(clause("phase", header.phase.text, header.phase))
    return sorted(rows, key=lambda one: one.start)


def _spanning(word: str, said: str, nodes: Sequence[Node]) -> Row:
    return Row(f"{INDENT}{_padded(word)}{said}".rstrip(), nodes[0].span.start, nodes[-1].span.end)


def source_rows(source: d.SourceDeclaration) -> list[Row]:
    """`source ID` and its clauses."""
    rows = [Row(f"source {source.name.text}", source.span.start, source.name.span.end)]
    if source.title is not None:
        rows.append(clause("title", p.quoted(source.title), source.title))
    if source.edition is not None:
        rows.append(clause("edition", p.quoted(source.edition), source.edition))
    if source.in_force is not None:
        rows.append(clause("in force", p.period(source.in_force), source.in_force))
    return sorted(rows, key=lambda one: one.start)


def codes_rows(codes: d.CodesDeclaration, commented: Commented) -> list[Row]:
    """`codes NAME of SYSTEM` and its entries, filled."""
    head = f"codes {codes.name.text} of {codes.system.text}"
    rows = [Row(head, codes.span.start, codes.system.span.end)]
    rows += _filled(INDENT, codes.entries, commented)
    if codes.exceptions:
        rows += _filled(f"{INDENT}except ", codes.exceptions, commented)
    return rows


def _filled(lead: str, entries: Sequence[d.SetEntry], commented: Commented) -> list[Row]:
    rows: list[Row] = []
    under = " " * len(lead)
    for number, entry in enumerate(entries):
        said = p.entry(entry) + ("," if number < len(entries) - 1 else "")
        joined = f"{rows[-1].text} {said}" if rows else ""
        before = entries[number - 1].span if number else entry.span
        breaks = (
            not rows or len(joined) > FILL or commented(before.start, before.end, entry.span.start, entry.span.start)
        )
        if breaks:
            rows.append(Row(f"{under if rows else lead}{said}", entry.span.start, entry.span.end))
        else:
            rows[-1].text, rows[-1].stop = joined, entry.span.end
    return rows


def condition_declaration_rows(found: d.ConditionDeclaration, commented: Commented) -> list[Row]:
    """`condition NAME (line a)` and what it says."""
    parameters = ", ".join(f"{one.kind} {one.name.text}" for one in found.parameters)
    head = f"condition {found.name.text}" + (f" ({parameters})" if parameters else "")
    last = found.parameters[-1] if found.parameters else found.name
    rows = [Row(head, found.span.start, last.span.end)]
    return [*rows, *condition_rows(INDENT, found.body, found.body, INDENT, commented)]


# ---------------------------------------------------------------- tables


def table_rows(table: d.TableDeclaration) -> list[Row]:
    """`table NAME "title"` and its clauses, in the author's order."""
    rows = [Row(f"table {table.name.text} {p.quoted(table.title)}", table.span.start, table.title.span.end)]
    spans: list[Span | None] = [*table.clause_spans] or [None] * len(table.clause_order)
    for word, span in zip(table.clause_order, spans, strict=True):
        found = _table_clause(word, table)
        if span is not None:
            found[0].start = span.start
            found[0].stop = max(found[0].stop, span.start + len(word))
        rows += found
    return rows


def _table_clause(word: str, table: d.TableDeclaration) -> list[Row]:
    match word:
        case "file" if table.file is not None:
            return [clause(word, p.quoted(table.file), table.file)]
        case "key" if table.keys:
            return [_spanning(word, ", ".join(p.key_column(key) for key in table.keys), table.keys)]
        case "value" if table.values:
            return [_spanning(word, ", ".join(p.value_column(value) for value in table.values), table.values)]
        case "in force" if table.in_force is not None:
            start, end = table.in_force
            return [_spanning(word, f"{start.text} to {end.text}", table.in_force)]
        case "covers" if table.covers is not None:
            return [clause(word, p.period(table.covers), table.covers)]
        case "defines" if table.defines is not None:
            return [clause(word, table.defines.text, table.defines)]
        case "rows" if table.rows:
            return [Row(f"{INDENT}rows", 0, 0), *_cell_rows(table)]
        case _:
            return [Row(f"{INDENT}{word}", 0, 0)]


def _cell_rows(table: d.TableDeclaration) -> list[Row]:
    """The rows in place, their bars in columns; the keys stand a blank apart from the values."""
    types = [key.type.word for key in table.keys] + [value.type.word for value in table.values]
    said = [
        [_cell(cell, types[place] if place < len(types) else "") for place, cell in enumerate(one.cells)]
        for one in table.rows
    ]
    widths = [max(len(cells[place]) for cells in said if place < len(cells)) for place in range(max(map(len, said)))]
    apart = len(table.keys) - 1
    rows = []
    for one, cells in zip(table.rows, said, strict=True):
        padded = [f"{cell:<{widths[place] + (place == apart)}}" for place, cell in enumerate(cells)]
        rows.append(row(f"{INDENT}{INDENT}{' | '.join(padded)}", one))
    return rows


def _cell(cell: Text, word: str) -> str:
    written = cell.span.text.strip()
    is_quoted = (
        written[:1] in ('"', "“", "”", "„", "‟", "«", "»") and '"' not in cell.value if written else word == "text"
    )
    return p.quoted(cell) if is_quoted else cell.value


# ---------------------------------------------------------------- rules and changes


def rule_rows(rule: d.RuleDeclaration, commented: Commented) -> list[Row]:
    """`rule ID "title"` and its clauses, in the author's order."""
    rows = [Row(f"rule {rule.name.text} {p.quoted(rule.title)}", rule.span.start, rule.title.span.end)]
    return [*rows, *_clauses(rule.clauses, commented)]


def change_rows(change: d.ChangeDeclaration, commented: Commented) -> list[Row]:
    """`disable ID` and its kin, with their clauses in the author's order."""
    rows = [Row(f"{change.verb} {change.rule.text}", change.span.start, change.rule.span.end)]
    return [*rows, *_clauses(change.clauses, commented)]


def _clauses(clauses: Iterable[d.ChangeClause], commented: Commented) -> list[Row]:
    return [one for found in clauses for one in clause_rows(found, commented)]


def clause_rows(found: d.ChangeClause, commented: Commented) -> list[Row]:
    """The lines of one clause of a rule or change."""
    match found:
        case d.Effective(period=period, by=by):
            return [clause("effective", p.period(period) + ("" if by is None else f" by {by} date"), found)]
        case d.Settings(names=names):
            return [clause("settings", p.names(names), found)]
        case d.Phase(name=name):
            return [clause("phase", name.text, found)]
        case d.ForEach():
            return [clause("for each", p.binders(found), found)]
        case d.ForFirstDiagnosis(name=name):
            return [clause("for", f"the first diagnosis {name.text}", found)]
        case d.ForClaim():
            return [clause("for", "the claim", found)]
        case d.LookUp():
            return [clause("look up", p.look_up(found), found)]
        case d.When(condition=condition):
            return conditional("when", condition, found, commented)
        case d.Unless(condition=condition):
            return conditional("unless", condition, found, commented)
        case d.Require(condition=condition):
            return conditional("require", condition, found, commented)
        case d.Forbidden(condition=None):
            return [clause("forbidden", "", found)]
        case d.Forbidden(condition=condition):
            assert condition is not None
            return conditional("forbidden", condition, found, commented, "when ")
        case d.Bypass(condition=condition):
            return conditional("bypass", condition, found, commented, "when ")
        case d.UnlessAlso(condition=condition):
            return conditional("unless also", condition, found, commented)
        case d.RequireAlso(condition=condition):
            return conditional("require also", condition, found, commented)
        case d.OnlyWhen(condition=condition):
            return conditional("only when", condition, found, commented)
        case _:
            return _consequence(found)


def _consequence(
    found: d.IfFail | d.IfUnknown | d.Say | d.Suggest | d.Adjustment | d.Cite | d.Reason,
) -> list[Row]:
    match found:
        case d.IfFail(outcome=outcome, about=about):
            return [clause("if fail", f"{outcome.text} {p.names(about)}", found)]
        case d.IfUnknown(outcome=outcome):
            return [clause("if unknown", outcome.text, found)]
        case d.Say(template=template):
            return [clause("say", p.template(template), found)]
        case d.Suggest(change=change, only_if=only_if):
            first = clause("suggest", p.suggestion(change), found)
            if only_if is None:
                return [first]
            first.stop = change.span.end
            return [first, row(f"{UNDER}only if {p.quoted(only_if)}", only_if)]
        case d.Adjustment(group=group, carc=carc, rarcs=rarcs):
            return [clause("adjustment", ", ".join((f"{group} {carc}", *rarcs)), found)]
        case d.Cite():
            return [clause("cite", p.cited(found), found)]
        case d.Reason(text=text):
            return [clause("reason", p.quoted(text), found)]
        case _:
            assert_never(found)
