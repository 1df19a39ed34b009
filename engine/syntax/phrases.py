"""Phrases: a condition, value, binder or case part as one line of text, in the language's spacing.

In:   a node.                                    Out: `words`, and the phrases of the parts that lines are made of.
Uses: conditions, declarations, cases.           Used by: format, and whoever quotes a rule.
Not here: where lines break, and the comments (layout, format).
"""

from collections.abc import Mapping
from typing import Final, assert_never

from sequela.engine.syntax import conditions as c
from sequela.engine.syntax import declarations as d
from sequela.engine.syntax.node import Name, Node, Text
from sequela.engine.vocabulary.kinds import PLURALS

PLURAL_OF: Final[Mapping[str, str]] = {kind.value: plural for plural, kind in PLURALS.items()}
"""The plural of each noun."""

Phrase = c.Condition | c.Value
_Pieces = list["str | Phrase"]


def words(node: Phrase, standing_for: Mapping[int, str] | None = None) -> str:
    """A condition or value as one line.

    `standing_for` gives, by the identity of a node, a text to print in its place. No depth of nesting is too much.

    >>> from sequela.engine.syntax.parse import parse_condition
    >>> words(parse_condition("visit.code   is in visits"))
    'visit.code is in visits'
    """
    said: list[str] = []
    left: _Pieces = [node]
    while left:
        piece = left.pop()
        if isinstance(piece, str):
            said.append(piece)
        elif standing_for is not None and id(piece) in standing_for:
            said.append(standing_for[id(piece)])
        else:
            left.extend(reversed(pieces(piece)))
    return "".join(said)


def pieces(node: Phrase) -> _Pieces:
    """The texts and nodes that a node is made of, in order."""
    match node:
        case c.Not(part=part):
            return ["not ", part]
        case c.AllOf(parts=parts):
            return _joined(parts, " and ")
        case c.AnyOf(parts=parts):
            return _joined(parts, " or ")
        case c.Parenthesised(inner=inner):
            return ["(", inner, ")"]
        case c.CodeLiteral(text=text):
            return [text]
        case c.DateLiteral(value=value):
            return [value.isoformat()]
        case Text(value=text):
            return [f'"{text}"']
        case c.Path(parts=names):
            return [".".join(names)]
        case c.Characters() | c.TimeBetween() | c.FullMonthsBetween() | c.Total() | c.NumberOf():
            return ["(", *bare(node), ")"]
        case _:
            return _predicate(node)


def _joined(parts: tuple[c.Condition, ...], by: str) -> _Pieces:
    found: _Pieces = []
    for part in parts:
        found += [by, part]
    return found[1:]


def bare(node: c.Value) -> _Pieces:
    """The pieces of a value without its parentheses."""
    match node:
        case c.Characters(first=first, last=None, of=of):
            return [f"character {first} of ", of]
        case c.Characters(first=first, last=last, of=of):
            return [f"characters {first} to {last} of ", of]
        case c.TimeBetween(unit=unit, start=start, end=end):
            return [f"{unit} from ", start, " to ", end]
        case c.FullMonthsBetween(start=start, end=end):
            return ["full months between ", start, " and ", end]
        case c.Total(of=of, over=over):
            return ["total ", of, " over ", *_domain(over, plural=True)]
        case c.NumberOf(over=over):
            return ["number of ", *_domain(over, plural=True)]
        case _:
            return pieces(node)


def _predicate(node: c.Predicate) -> _Pieces:
    match node:
        case c.Is(left=left, right=right, negated=negated):
            return [left, " is not " if negated else " is ", right]
        case c.IsIn(left=left, within=within, negated=negated):
            return [left, " is not in " if negated else " is in ", within]
        case c.IsKnown(value=value, known=known):
            return [value, " is known" if known else " is missing"]
        case c.Compares(left=left, order=order, right=right):
            return [left, f" is {order.value} ", right]
        case c.DateCompares(left=left, order=day_order, right=right):
            return [left, f" is {day_order.value} ", right]
        case c.IsWithin(left=left, amount=amount, unit=unit, relation=relation, right=right):
            return [left, f" is within {amount} {unit.removesuffix('s') if amount == 1 else unit} {relation} ", right]
        case c.HasModifier(line=line, modifier=modifier):
            return [f"{line.text} has modifier ", modifier]
        case c.HasModifierIn(line=line, within=within):
            return [f"{line.text} has modifier in ", within]
        case c.IsPayable(line=line):
            return [f"{line.text} is payable"]
        case c.Comes(first=first, before=before, second=second):
            return [f"{first.text} comes {'before' if before else 'after'} {second.text}"]
        case c.Lists(table=table, keys=keys):
            found: _Pieces = [f"{table.text} lists ("]
            for key in keys:
                found += [key, ", "]
            return [*found[:-1], ")"]
        case c.Quantified(quantifier=quantifier, number=number, over=over):
            amount_words = "" if number is None else f"{number} "
            return [f"{quantifier.value} {amount_words}", *_domain(over, plural=False)]
        case c.Called(name=name, arguments=arguments):
            return [f"{name.text}({names(arguments)})" if arguments else name.text]
        case _:
            assert_never(node)


def _domain(domain: c.Domain, plural: bool) -> _Pieces:
    which = "" if domain.which is None else f"{domain.which} "
    noun = PLURAL_OF[domain.kind] if plural else domain.kind
    found: _Pieces = [f"{which}{noun} {domain.name.text}"]
    if domain.of is not None:
        found.append(f" of {domain.of.text}")
    if domain.within is not None:
        found += [" in ", domain.within]
    if domain.where is not None:
        found += [" where ", domain.where]
    return found


# ---------------------------------------------------------------- parts of clauses


def names(found: tuple[Name, ...]) -> str:
    """Names with commas."""
    return ", ".join(name.text for name in found)


def quoted(text: Text) -> str:
    """A text in its quotes."""
    return f'"{text.value}"'


def period(found: d.Period) -> str:
    """`2026-01-01 onward`."""
    last = "onward" if found.last is None else f"to {found.last.isoformat()}"
    return f"{found.first.isoformat()} {last}"


def template(found: d.Template) -> str:
    """The text of a `say`, with its holes, in quotes."""
    said = []
    for part in found.parts:
        if isinstance(part, Text):
            said.append(part.value.replace("{", "{{").replace("}", "}}"))
        elif part.value is None:
            said.append("{governing date}")
        elif isinstance(part.value, d.CodesNear):
            said.append(f"{{codes near {words(part.value.value)}}}")
        else:
            inner = "".join(piece if isinstance(piece, str) else words(piece) for piece in bare(part.value))
            said.append(f"{{{inner}}}")
    return f'"{"".join(said)}"'


def binders(found: d.ForEach) -> str:
    """`line visit in visits, other line work with the same date`."""
    if isinstance(found.binders, d.GroupBinder):
        return f"group {found.binders.name.text} of lines by {names(found.binders.by)}"
    said = ", ".join(_binder(binder) for binder in found.binders)
    return f"{said} with the same {names(found.same)}" if found.same else said


def _binder(found: d.Binder) -> str:
    which = "" if found.which is None else f"{found.which} "
    of = "" if found.of is None else f" of {found.of.text}"
    within = "" if found.within is None else f" in {'.'.join(found.within.parts)}"
    return f"{which}{found.kind} {found.name.text}{of}{within}"


def look_up(found: d.LookUp) -> str:
    """`row in TABLE by K on D`."""
    keys = ", ".join(words(key) for key in found.keys)
    on = "" if found.on is None else f" on {words(found.on)}"
    return f"{found.name.text} in {found.table.text} by {keys}{on}"


def suggestion(change: d.SuggestedChange) -> str:
    """`add modifier 25 to visit`."""
    match change:
        case d.AddModifier(modifier=modifier, line=line):
            return f"add modifier {modifier.text} to {line.text}"
        case d.RemoveModifier(modifier=some_modifier, line=line):
            return f"remove modifier {words(some_modifier)} from {line.text}"
        case d.ReplaceModifier(modifier=some_modifier, line=line, by=by):
            return f"replace modifier {words(some_modifier)} on {line.text} by {words(by)}"
        case d.MoveDiagnosis(diagnosis=moved, before=before, anchor=anchor):
            where = "first" if anchor is None else f"{'before' if before else 'after'} {anchor.text}"
            return f"move {moved.text} {where}"
        case d.PointLine(line=line, diagnosis=diagnosis):
            return f"point {line.text} to {diagnosis.text}"
        case d.ReplaceDiagnosis(diagnosis=replaced, code=code):
            return f"replace {replaced.text} by {words(code)}"
        case _:
            assert_never(change)


def cited(found: d.Cite) -> str:
    """`A section "…", B`."""
    return ", ".join(
        item.source.text if item.section is None else f"{item.source.text} section {quoted(item.section)}"
        for item in found.items
    )


def entry(found: d.SetEntry) -> str:
    """One entry of a set."""
    match found:
        case d.ThisCode(code=code):
            return code.text
        case d.Under(code=code):
            return f"under {code.text}"
        case d.Range(low=low, high=high):
            return f"{low.text} .. {high.text}"
        case d.Like(pattern=pattern):
            return f"like {quoted(pattern)}"
        case d.OtherSet(name=name):
            return name.text
        case d.FromTable(table=table, where=where):
            return f"from {table.text}" if where is None else f"from {table.text} where {words(where)}"
        case _:
            assert_never(found)


def key_column(found: d.KeyColumn) -> str:
    """`code of HCPCS`, `owner under ICD10CM`."""
    name, kind = found.name.text, column_type(found.type)
    system = "" if found.type.system is None else found.type.system.text
    match found.match:
        case "under":
            return f"{name} under {system}"
        case "in":
            return f"{name} in codes of {system}"
        case _:
            return f"{name} of {system}" if found.type.word == "code" else f"{name} as {kind}"


def value_column(found: d.ValueColumn) -> str:
    """`units as number`."""
    return f"{found.name.text} as {column_type(found.type)}"


def column_type(found: d.ColumnType) -> str:
    """`number`, `codes of HCPCS`."""
    return found.word if found.system is None else f"{found.word} of {found.system.text}"


def chain_of(node: c.Condition) -> tuple[str, tuple[c.Condition, ...]] | None:
    """The joining word and the parts of an `and` or `or`; None for anything else."""
    match node:
        case c.AllOf(parts=parts):
            return "and", parts
        case c.AnyOf(parts=parts):
            return "or", parts
        case _:
            return None


def only_parenthesis(node: c.Condition) -> c.Condition | None:
    """The chain inside the only parenthesis of a condition that is itself no chain; None where there is none or several.

    Counted are the parentheses around conditions, and those of `number of` and `total` whose `where` is a chain; not
    what stands within another.
    """
    found: list[c.Condition] = []
    left: list[Node] = [node]
    while left:
        part = left.pop()
        if isinstance(part, c.Parenthesised):
            found.append(part.inner)
        elif isinstance(part, c.Total | c.NumberOf) and part.over.where is not None and chain_of(part.over.where):
            found.append(part.over.where)
        elif isinstance(part, c.Quantified) and part.over.where is not None:
            left.append(part.over.where)
        elif isinstance(part, c.Not):
            left.append(part.part)
        elif isinstance(part, c.Is | c.Compares | c.DateCompares | c.IsWithin):
            left += [part.left, part.right]
        elif isinstance(part, c.IsIn):
            left.append(part.left)
        elif isinstance(part, c.IsKnown):
            left.append(part.value)
    return found[0] if len(found) == 1 and chain_of(found[0]) is not None else None
