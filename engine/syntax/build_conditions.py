"""Build, the conditions and values: what the parser found becomes nodes, as soon as it is found.

In:   the children of a grammar rule: tokens and nodes, in the order of the text.    Out: nodes of conditions.py.
Uses: conditions, scan.                                                              Used by: build.
"""

from datetime import date
from typing import Any

from sequela.engine.source import Span
from sequela.engine.syntax import conditions as c
from sequela.engine.syntax.comparisons import DateOrder, Order, Quantifier
from sequela.engine.syntax.node import Name, Node, Text
from sequela.engine.syntax.scan import Token
from sequela.engine.vocabulary.kinds import PLURALS

Children = list[Any]


def span_of(children: Children) -> Span:
    """From the first child to the last; each is a token, a node, or a pair whose first part is a span."""
    first, last = children[0], children[-1]
    start = first.start if type(first) is Token else _span(first).start
    if type(last) is Token:
        return Span(last.source, start, last.end)
    span = _span(last)
    return Span(span.source, start, span.end)


def _span(child: Any) -> Span:
    return child.span if isinstance(child, Node) else child[0]


def name_of(token: Token) -> Name:
    """A name or word."""
    return Name(span=Span(token.source, token.start, token.end), text=token.text)


def text_of(token: Token) -> Text:
    """A quoted text."""
    return Text(span=Span(token.source, token.start, token.end), value=token.text[1:-1])


def code_of(token: Token) -> c.CodeLiteral:
    """A code or number."""
    return c.CodeLiteral(span=Span(token.source, token.start, token.end), text=token.text)


def path_of(token: Token) -> c.Path:
    """A path, or a bare word."""
    return c.Path(span=Span(token.source, token.start, token.end), parts=tuple(token.text.split(".")))


def day_of(token: Token) -> date:
    """The day that a date token names; scan has seen that it is one."""
    return date.fromisoformat(token.text)


def literal_of(token: Token) -> c.Value:
    """The value that one token says."""
    match token.kind:
        case "DATE":
            return c.DateLiteral(span=token.span, value=day_of(token))
        case "QUOTED":
            return text_of(token)
        case "NAME" | "WORD" | "PATH":
            return path_of(token)
        case _:
            return code_of(token)


def words_of(tokens: list[Token]) -> str:
    """The words of several tokens, with a blank between."""
    return " ".join(token.text for token in tokens)


class BuildConditions:
    """One method for every grammar rule of conditions and values."""

    # ------------------------------------------------------------ combinations

    def all_of(self, children: Children) -> c.AllOf:
        """`A and B`."""
        return c.AllOf(span=span_of(children), parts=tuple(children[::2]))

    def any_of(self, children: Children) -> c.AnyOf:
        """`A or B`."""
        return c.AnyOf(span=span_of(children), parts=tuple(children[::2]))

    def negation(self, children: Children) -> c.Not:
        """`not A`."""
        return c.Not(span=span_of(children), part=children[1])

    def parenthesised(self, children: Children) -> c.Parenthesised:
        """`(A)`."""
        return c.Parenthesised(span=span_of(children), inner=children[1])

    # ------------------------------------------------------------ predicates

    def comparison(self, children: Children) -> Node:
        """A left side and an `is …` that waits for it."""
        left, (end, make) = children
        value = self._operand(left)
        return make(left=value, span=value.span.to(end))  # type: ignore[no-any-return]

    def _operand(self, left: Any) -> Any:
        if type(left) is Token:
            return path_of(left)
        if isinstance(left, Name):
            return c.Path(span=left.span, parts=(left.text,))
        return left

    # `is …` by itself is a pair: its span, and what makes the node once the left side is known.

    def is_value(self, children: Children) -> tuple[Span, Any]:
        """`is V`, `is not V`."""
        negated = len(children) == 3
        right = children[-1]
        return span_of(children), lambda left, span: c.Is(span=span, left=left, right=right, negated=negated)

    def is_in(self, children: Children) -> tuple[Span, Any]:
        """`is in SET`, `is not in SET`."""
        negated = len(children) == 4
        within = path_of(children[-1])
        return span_of(children), lambda left, span: c.IsIn(span=span, left=left, within=within, negated=negated)

    def is_known(self, children: Children) -> tuple[Span, Any]:
        """`is known`, `is missing`."""
        known = children[1].text == "known"
        return span_of(children), lambda left, span: c.IsKnown(span=span, value=left, known=known)

    def compares(self, children: Children) -> tuple[Span, Any]:
        """`is at most N` and its kin."""
        order = Order(words_of(children[1:3]))
        right = children[3]
        return span_of(children), lambda left, span: c.Compares(span=span, left=left, order=order, right=right)

    def date_compares(self, children: Children) -> tuple[Span, Any]:
        """`is on or after D` and its kin."""
        order = DateOrder(words_of(children[1:-1]))
        right = children[-1]
        return span_of(children), lambda left, span: c.DateCompares(span=span, left=left, order=order, right=right)

    def is_within(self, children: Children) -> tuple[Span, Any]:
        """`is within N days before D`."""
        _, _, amount, unit, relation, right = children
        unit_text = unit.text if unit.text.endswith("s") else f"{unit.text}s"
        return span_of(children), lambda left, span: c.IsWithin(
            span=span, left=left, amount=int(amount.text), unit=unit_text, relation=relation.text, right=right
        )

    def payable(self, children: Children) -> c.IsPayable:
        """`L is payable`."""
        return c.IsPayable(span=span_of(children), line=children[0])

    def has_modifier(self, children: Children) -> c.HasModifier:
        """`L has modifier M`."""
        modifier: Any = literal_of(children[3])
        return c.HasModifier(span=span_of(children), line=children[0], modifier=modifier)

    def has_modifier_in(self, children: Children) -> c.HasModifierIn:
        """`L has modifier in SET`."""
        return c.HasModifierIn(span=span_of(children), line=children[0], within=path_of(children[4]))

    def comes(self, children: Children) -> c.Comes:
        """`A comes before B`."""
        first, _, place, second = children
        return c.Comes(span=span_of(children), first=first, before=place.text == "before", second=name_of(second))

    def lists(self, children: Children) -> c.Lists:
        """`TABLE lists (a, b)`."""
        return c.Lists(span=span_of(children), table=children[0], keys=tuple(children[3:-1:2]))

    def called(self, children: Children) -> c.Called:
        """A named condition."""
        arguments = tuple(name_of(token) for token in children[2:-1:2])
        return c.Called(span=span_of(children), name=children[0], arguments=arguments)

    def quantified(self, children: Children) -> c.Quantified:
        """`some …`, `at least 2 …`."""
        domain = children[-1][1]
        number = int(children[2].text) if len(children) == 4 else None
        quantifier = Quantifier(words_of(children[: 1 if number is None else 2]))
        return c.Quantified(span=span_of(children), quantifier=quantifier, number=number, over=domain)

    # ------------------------------------------------------------ collections

    def domain(self, children: Children) -> tuple[Span, c.Domain]:
        """What a quantifier ranges over."""
        return self.many(children)

    def many(self, children: Children) -> tuple[Span, c.Domain]:
        """What `number of` and `total … over` range over."""
        which: str | None = None
        of: Name | None = None
        within: c.Path | None = None
        where: Any = None
        kind = ""
        name: Name | None = None
        for index, child in enumerate(children):
            match child:
                case Token(kind="WHICH", text=text):
                    which = text
                case Token(kind="NEW"):
                    name = name_of(child)
                case Token(kind="WHERE"):
                    where = children[index + 1]
                case Name():
                    of = child
                case c.Path():
                    within = child
                case (_, str(text)):
                    kind = text
                case (_, Node() as condition):
                    where = condition
                case _:
                    continue
        assert name is not None
        span = span_of(children)
        return span, c.Domain(span=span, which=which, kind=kind, name=name, of=of, within=within, where=where)

    def where(self, children: Children) -> tuple[Span, Node]:
        """`where C` of a quantifier."""
        return span_of(children), children[1]

    def kind(self, children: Children) -> tuple[Span, str]:
        """A noun in the singular."""
        return span_of(children), words_of(children)

    claim_kind = kind
    group_kind = kind

    def kinds(self, children: Children) -> tuple[Span, str]:
        """A noun in the plural, given in the singular."""
        return span_of(children), PLURALS[words_of(children)].value

    def of(self, children: Children) -> Name:
        """`of NAME`."""
        return name_of(children[1])

    def within(self, children: Children) -> c.Path:
        """`in SET`."""
        return path_of(children[1])

    # ------------------------------------------------------------ values

    def path(self, children: Children) -> c.Path:
        """A path or bare word."""
        return path_of(children[0])

    def literal(self, children: Children) -> c.Value:
        """A code, number, date or text."""
        return literal_of(children[0])

    def soft_name(self, children: Children) -> Name:
        """A name at the start of a predicate."""
        return name_of(children[0])

    def computed(self, children: Children) -> Node:
        """A value in its parentheses, which belong to its place."""
        _, make = children[1]
        return make(span_of(children))  # type: ignore[no-any-return]

    # A value without its parentheses is a pair: its span, and what makes the node for a span.

    def total(self, children: Children) -> tuple[Span, Any]:
        """`total x.units over lines x`."""
        of, over = path_of(children[1]), children[3][1]
        return span_of(children), lambda span: c.Total(span=span, of=of, over=over)

    def number_of(self, children: Children) -> tuple[Span, Any]:
        """`number of lines x`."""
        over = children[2][1]
        return span_of(children), lambda span: c.NumberOf(span=span, over=over)

    def time_between(self, children: Children) -> tuple[Span, Any]:
        """`days from A to B`."""
        unit, _, start, _, end = children
        return span_of(children), lambda span: c.TimeBetween(span=span, unit=unit.text, start=start, end=end)

    def full_months(self, children: Children) -> tuple[Span, Any]:
        """`full months between A and B`."""
        start, end = children[3], children[5]
        return span_of(children), lambda span: c.FullMonthsBetween(span=span, start=start, end=end)

    def characters(self, children: Children) -> tuple[Span, Any]:
        """`character 7 of X`, `characters 1 to 3 of X`."""
        first = int(children[1].text)
        last = int(children[3].text) if len(children) == 6 else None
        of = children[-1]
        return span_of(children), lambda span: c.Characters(span=span, first=first, last=last, of=of)
