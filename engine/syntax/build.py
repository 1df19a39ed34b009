"""Build, the declarations: header, sources, sets, tables, conditions, rules and what a payer changes.

In:   the children of a grammar rule: tokens and nodes, in the order of the text.    Out: nodes of declarations.py.
Uses: build_conditions, build_cases, declarations.                                   Used by: lalr.
Not here: whether the clauses of a rule are all there and in order (clauses).
"""

from typing import Any

from sequela.engine.source import Span
from sequela.engine.syntax import declarations as d
from sequela.engine.syntax.build_cases import BuildCases
from sequela.engine.syntax.build_conditions import (
    BuildConditions,
    Children,
    code_of,
    day_of,
    name_of,
    span_of,
    text_of,
)
from sequela.engine.syntax.build_rules import BuildRules
from sequela.engine.syntax.node import Name, Node, Text


class _Part:
    """A piece of a header or table on its way into it: its word, its span and what it says."""

    __slots__ = ("said", "span", "word")

    def __init__(self, word: str, span: Span, said: Any) -> None:
        self.word = word
        self.span = span
        self.said = said


def _names(children: Children) -> tuple[Name, ...]:
    return tuple(name_of(token) for token in children[1::2])


class Build(BuildRules, BuildConditions, BuildCases):
    """One method for every rule of the grammar; the parser calls it as soon as the rule is found."""

    # ------------------------------------------------------------ header

    def ruleset(self, children: Children) -> d.Header:
        """`ruleset NAME "title"` and what follows."""
        return self._header(children, over=None)

    def payer(self, children: Children) -> d.Header:
        """`payer NAME "title" over NAME` and what follows."""
        over = children[3] if len(children) > 3 and isinstance(children[3], Name) else None
        return self._header(children, over=over)

    def _header(self, children: Children, over: Name | None) -> d.Header:
        matches: tuple[Text, ...] = ()
        settings: tuple[Name, ...] = ()
        phase: Name | None = None
        clauses: list[tuple[str, Span]] = []
        for part in children[3:]:
            match part:
                case d.Phase(name=name, span=span):
                    phase = name
                    clauses.append(("phase", span))
                case d.Settings(names=names, span=span):
                    settings = names
                    clauses.append(("settings", span))
                case (span, texts):
                    matches = texts
                    clauses.append(("matches", span))
                case _:
                    continue
        return d.Header(
            span=span_of(children),
            is_payer=children[0].text == "payer",
            name=name_of(children[1]),
            title=text_of(children[2]),
            over=over,
            matches=matches,
            settings=settings,
            phase=phase,
            clauses=tuple(clauses),
        )

    def over(self, children: Children) -> Name:
        """`over NAME`."""
        return name_of(children[1])

    def matches(self, children: Children) -> tuple[Span, tuple[Text, ...]]:
        """`matches "ID", …`."""
        return span_of(children), tuple(text_of(token) for token in children[1::2])

    def use(self, children: Children) -> d.Use:
        """`use NAME, …`."""
        return d.Use(span=span_of(children), names=_names(children))

    # ------------------------------------------------------------ sources

    def source(self, children: Children) -> d.SourceDeclaration:
        """`source ID` with its clauses."""
        said = {part[1]: part[2] for part in children[1:]}
        return d.SourceDeclaration(
            span=span_of(children),
            name=children[0][1],
            title=said.get("title"),
            edition=said.get("edition"),
            in_force=said.get("in force"),
            clauses=tuple((word, span) for span, word, _ in children[1:]),
        )

    def _head(self, children: Children) -> tuple[Span, Name]:
        return span_of(children), name_of(children[1])

    source_head = _head
    disable_head = _head
    relax_head = _head
    tighten_head = _head
    override_head = _head

    def source_title(self, children: Children) -> tuple[Span, str, Text]:
        """`title "…"`."""
        return span_of(children), "title", text_of(children[1])

    def source_edition(self, children: Children) -> tuple[Span, str, Text]:
        """`edition "…"`."""
        return span_of(children), "edition", text_of(children[1])

    def source_in_force(self, children: Children) -> tuple[Span, str, d.Period]:
        """`in force DATE to DATE`."""
        return span_of(children), "in force", children[2]

    def period(self, children: Children) -> d.Period:
        """`DATE to DATE`, `DATE onward`."""
        last = day_of(children[2]) if len(children) == 3 else None
        return d.Period(span=span_of(children), first=day_of(children[0]), last=last)

    # ------------------------------------------------------------ sets of codes

    def codes(self, children: Children) -> d.CodesDeclaration:
        """`codes NAME of SYSTEM` with its entries."""
        (_, name, system), (_, entries) = children[:2]
        exceptions = children[2][1] if len(children) == 3 else ()
        return d.CodesDeclaration(
            span=span_of(children), name=name, system=system, entries=entries, exceptions=exceptions
        )

    def codes_head(self, children: Children) -> tuple[Span, Name, Name]:
        """`codes NAME of SYSTEM`."""
        return span_of(children), name_of(children[1]), name_of(children[3])

    def entries(self, children: Children) -> tuple[Span, tuple[Node, ...]]:
        """Entries with their commas."""
        return span_of(children), tuple(children[::2])

    def exceptions(self, children: Children) -> tuple[Span, tuple[Node, ...]]:
        """`except` and entries."""
        return span_of(children), tuple(children[1::2])

    def this_code(self, children: Children) -> d.ThisCode:
        """A code alone."""
        return d.ThisCode(span=span_of(children), code=code_of(children[0]))

    def under(self, children: Children) -> d.Under:
        """`under E11`."""
        return d.Under(span=span_of(children), code=code_of(children[1]))

    def range(self, children: Children) -> d.Range:
        """`E08 .. E13`."""
        return d.Range(span=span_of(children), low=code_of(children[0]), high=code_of(children[2]))

    def like(self, children: Children) -> d.Like:
        """`like "S52.???A"`."""
        return d.Like(span=span_of(children), pattern=text_of(children[1]))

    def other_set(self, children: Children) -> d.OtherSet:
        """The name of another set."""
        return d.OtherSet(span=span_of(children), name=name_of(children[0]))

    def from_table(self, children: Children) -> d.FromTable:
        """`from TABLE where C`."""
        where = children[3] if len(children) == 4 else None
        return d.FromTable(span=span_of(children), table=name_of(children[1]), where=where)

    # ------------------------------------------------------------ tables

    def table(self, children: Children) -> d.TableDeclaration:
        """`table NAME "title"` with its clauses."""
        _, name, title = children[0]
        parts: list[_Part] = children[1:]
        said = {part.word: part.said for part in parts}
        complete = True if "complete" in said else False if "partial" in said else None
        return d.TableDeclaration(
            span=Span(title.span.source, children[0][0].start, (parts[-1].span if parts else title.span).end),
            name=name,
            title=title,
            file=said.get("file"),
            rows=said.get("rows", ()),
            keys=said.get("key", ()),
            values=said.get("value", ()),
            in_force=said.get("in force"),
            covers=said.get("covers"),
            defines=said.get("defines"),
            complete=complete,
            clause_order=tuple(part.word for part in parts),
            clause_spans=tuple(part.span for part in parts),
        )

    def table_head(self, children: Children) -> tuple[Span, Name, Text]:
        """`table NAME "title"`."""
        return span_of(children), name_of(children[1]), text_of(children[2])

    def table_file(self, children: Children) -> _Part:
        """`file "…"`."""
        return _Part("file", span_of(children), text_of(children[1]))

    def table_key(self, children: Children) -> _Part:
        """`key …`."""
        return _Part("key", span_of(children), tuple(children[1::2]))

    def table_value(self, children: Children) -> _Part:
        """`value …`."""
        return _Part("value", span_of(children), tuple(children[1::2]))

    def table_in_force(self, children: Children) -> _Part:
        """`in force A to B`."""
        return _Part("in force", span_of(children), (name_of(children[2]), name_of(children[4])))

    def table_covers(self, children: Children) -> _Part:
        """`covers DATE to DATE`."""
        return _Part("covers", span_of(children), children[1])

    def table_defines(self, children: Children) -> _Part:
        """`defines SYSTEM`."""
        return _Part("defines", span_of(children), name_of(children[1]))

    def table_complete(self, children: Children) -> _Part:
        """`complete`."""
        return _Part("complete", span_of(children), True)

    def table_partial(self, children: Children) -> _Part:
        """`partial`."""
        return _Part("partial", span_of(children), True)

    def table_rows(self, children: Children) -> _Part:
        """`rows` and the rows."""
        return _Part("rows", span_of(children), tuple(children[1:]))

    def key_of(self, children: Children) -> d.KeyColumn:
        """`code of HCPCS`."""
        return self._key(children, "exact", self._code_type("code", children[1:]))

    def key_as(self, children: Children) -> d.KeyColumn:
        """`plan as text`."""
        return self._key(children, "exact", children[2])

    def key_under(self, children: Children) -> d.KeyColumn:
        """`owner under ICD10CM`."""
        return self._key(children, "under", self._code_type("code", children[1:]))

    def key_in(self, children: Children) -> d.KeyColumn:
        """`excluded in codes of ICD10CM`."""
        return self._key(children, "in", self._code_type("codes", children[2:]))

    def _key(self, children: Children, match: str, column_type: d.ColumnType) -> d.KeyColumn:
        return d.KeyColumn(span=span_of(children), name=name_of(children[0]), match=match, type=column_type)

    def _code_type(self, word: str, children: Children) -> d.ColumnType:
        return d.ColumnType(span=span_of(children), word=word, system=name_of(children[-1]))

    def value_column(self, children: Children) -> d.ValueColumn:
        """`units as number`."""
        return d.ValueColumn(span=span_of(children), name=name_of(children[0]), type=children[2])

    def column_type(self, children: Children) -> d.ColumnType:
        """`number`, `code of HCPCS`."""
        system = name_of(children[2]) if len(children) == 3 else None
        return d.ColumnType(span=span_of(children), word=children[0].text, system=system)

    def row(self, children: Children) -> d.Row:
        """Cells with bars between."""
        return d.Row(span=span_of(children), cells=tuple(children[::2]))

    def cell(self, children: Children) -> Text:
        """One cell: a lone quoted text without its quotes, else its words in the formatter's spacing."""
        tokens = [token for child in children for token in (child if type(child) is list else (child,))]
        span = span_of(tokens)
        if len(tokens) == 1 and tokens[0].kind == "QUOTED":
            return Text(span=span, value=tokens[0].text[1:-1])
        words = " ".join(token.text for token in tokens)
        return Text(span=span, value=words.replace(" ,", ",").replace("…", ".."))

    def cell_entry(self, children: Children) -> Children:
        """One entry of a cell."""
        return children

    # ------------------------------------------------------------ named conditions

    def named_condition(self, children: Children) -> d.ConditionDeclaration:
        """`condition NAME (line a, line b)` and what it says."""
        parameters = children[2][1] if len(children) == 4 else ()
        return d.ConditionDeclaration(
            span=span_of(children), name=name_of(children[1]), parameters=parameters, body=children[-1]
        )

    def parameters(self, children: Children) -> tuple[Span, tuple[d.Parameter, ...]]:
        """`(line a, line b)`."""
        return span_of(children), tuple(children[1:-1:2])

    def parameter(self, children: Children) -> d.Parameter:
        """`line a`."""
        return d.Parameter(span=span_of(children), kind=children[0][1], name=name_of(children[1]))
