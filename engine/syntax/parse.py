"""Parse: the text of a rule file becomes nodes, and everything there is to say about its form. Never raises.

In:   a `Source`.                                              Out: `RuleFile`, diagnostics.
Uses: normalise, plain_sets, scan, split, lalr, divide, pieces.    Used by: pipeline, and tests of every room above.
Not here: what names mean and whether kinds agree (model).
"""

from collections import deque
from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import Any, Final

from attrs import define, field

from sequela.engine.diagnostics.model import Diagnostic, Label
from sequela.engine.source import Source, Span
from sequela.engine.syntax.case_shape import faults_of_test
from sequela.engine.syntax.cases import TestDeclaration
from sequela.engine.syntax.conditions import Condition
from sequela.engine.syntax.declarations import (
    Comment,
    Declaration,
    Header,
    RuleDeclaration,
    RuleFile,
    SourceDeclaration,
    Use,
)
from sequela.engine.syntax.divide import Part, divide
from sequela.engine.syntax.fault import Mistake
from sequela.engine.syntax.lalr import feed_all
from sequela.engine.syntax.normalise import normalise
from sequela.engine.syntax.pieces import CHANGES, read_section
from sequela.engine.syntax.plain_sets import PlainSet, plain_sets
from sequela.engine.syntax.rule_shape import Seen, faults_of_rule, repeated, seen
from sequela.engine.syntax.scan import Token, scan
from sequela.engine.syntax.section import Section
from sequela.engine.syntax.split import split
from sequela.engine.syntax.template import read_template
from sequela.engine.syntax.unreadable import most_nested, unreadable

HEADERS: Final = ("ruleset", "payer")


@define
class _Reading:
    """What has been read of a file so far."""

    source: Source
    header: Header | None = None
    has_header: bool = False
    declarations: list[Declaration] = field(factory=list)
    broken: set[str] = field(factory=set)
    faults: list[Diagnostic] = field(factory=list)

    def say(self, mistakes: Iterable[Mistake], consequence: str | None = None) -> None:
        """Report mistakes in the order of the text; what follows from them stands with the first."""
        for mistake in sorted(mistakes, key=lambda one: one.at.span.start):
            self.faults.append(
                Diagnostic(
                    code=mistake.code,
                    message=mistake.message,
                    at=mistake.at,
                    also=mistake.also,
                    hint=mistake.hint,
                    consequence=consequence,
                )
            )
            consequence = None


def parse(source: Source, parts: Sequence[tuple[int, int]] | None = None) -> tuple[RuleFile, tuple[Diagnostic, ...]]:
    """The rule file that `source` holds, and its faults of form, in the order of the text.

    With `parts`, stretches of the text from one place to another, as if nothing but these were there.

    A declaration with a fault is left out of the file and named in `broken`; the others are kept. A header and a `use`
    are kept where they could be read past their faults, so that what hangs on them is no second fault.
    """
    refused = unreadable(source)
    if refused is not None:
        return RuleFile(source, None, ()), (refused,)
    text = normalise(source.text)
    parts = [(0, len(text))] if parts is None else parts
    plain = [one for start, end in parts for one in plain_sets(source, text, start, end)]
    if plain:
        file, faults = _read(source, text, _without(parts, plain), plain)
        if not faults:
            return file, faults
    return _read(source, text, parts, ())  # what there is to say is found in all of the text


def _without(parts: Sequence[tuple[int, int]], plain: Sequence[PlainSet]) -> list[tuple[int, int]]:
    """The parts of a text that are left without the sets that were read."""
    left: list[tuple[int, int]] = []
    sets = deque((one.node.span.start, one.end) for one in plain)
    for begin, end in parts:
        start = begin
        while sets and sets[0][0] < end:
            first, last = sets.popleft()
            left.append((start, first))
            start = last
        left.append((start, end))
    return [(start, end) for start, end in left if start < end]


def _read(
    source: Source, text: str, parts: Sequence[tuple[int, int]], plain: Sequence[PlainSet]
) -> tuple[RuleFile, tuple[Diagnostic, ...]]:
    """The rule file of some parts of a text, with the sets that were read already, each in its place."""
    tokens: list[Token] = []
    comments: list[Comment] = []
    for start, end in parts:
        found, beside = scan(source, text[start:end], start)
        tokens += found
        comments += beside
    _read_templates(tokens)
    reading = _Reading(source)
    sets = deque(plain)
    for run in split(tokens):
        while sets and sets[0].node.span.start < run[0].start:
            reading.declarations.append(sets.popleft().node)
        _read_run(reading, run)
    reading.declarations.extend(one.node for one in sets)
    if not reading.has_header:
        reading.say([_no_header(source, tokens)])
    faults = tuple(sorted(reading.faults, key=lambda fault: (fault.at.span.start, fault.code)))
    file = RuleFile(source, reading.header, tuple(reading.declarations), tuple(comments), frozenset(reading.broken))
    return file, faults


def parse_condition(text: str) -> Condition | None:
    """The condition that `text` is, or None where it is none; for tests and tools."""
    source = Source("<condition>", text)
    tokens, _ = scan(source, normalise(text))
    found: Condition | None = feed_all("condition", tokens) if tokens else None
    return found


def _read_templates(tokens: Sequence[Token]) -> None:
    """Cut the text of every `say` at its holes; one with a bad hole keeps no template, so that its rule is mended."""
    for before, token in pairwise(tokens):
        if before.text == "say" and "TEMPLATE" in token.fits:
            template, faults = read_template(token)
            token.value = None if faults else template


def _read_run(reading: _Reading, run: Sequence[Token]) -> None:
    nested = most_nested(run)
    if nested is not None:
        reading.say([nested], consequence(run[0].text, run[1:2]))
        reading.broken.update(token.text for token in run[1:2])
        return
    is_header = run[0].text in HEADERS
    node: Any = feed_all("header" if is_header else "declaration", run)
    if node is None:
        for part in divide(run):
            _read_part(reading, part)
        return
    mistakes = _shape(node)
    if is_header:
        reading.say(mistakes)
        _head(reading, node, run[0].span)
    elif mistakes:
        _drop(reading, Section(run[0].text, list(run), mistakes))
    else:
        reading.declarations.append(node)


def _shape(node: Declaration | Header) -> list[Mistake]:
    """What is wrong with a declaration that the grammar lets pass."""
    match node:
        case RuleDeclaration(name=name, clauses=clauses):
            return faults_of_rule(name.span, [seen(clause) for clause in clauses])
        case TestDeclaration():
            return faults_of_test(node)
        case Header(clauses=parts):
            return repeated([Seen(word, span) for word, span in parts], "the header")
        case SourceDeclaration(clauses=parts, name=name):
            return repeated([Seen(word, span) for word, span in parts], f"source `{name.text}`")
        case _:
            return []


def _read_part(reading: _Reading, part: Part) -> None:
    """A declaration that did not parse: its mistakes are reported, and what is left of it is kept or dropped."""
    if not part.word:
        reading.say([*part.mistakes, *_before_all(part.tokens)])
        return
    if not part.mistakes and part.word not in HEADERS:
        node = feed_all("declaration", part.tokens)
        if node is not None and not _shape(node):
            reading.declarations.append(node)
            return
    section = read_section(part.word, part.tokens)
    section.mistakes.extend(part.mistakes)
    if part.word in HEADERS:
        reading.say(section.mistakes)
        _head(reading, section.node, part.tokens[0].span)
    elif not section.mistakes and section.node is not None and not _shape(section.node):
        reading.declarations.append(section.node)
    else:
        if section.node is not None:
            section.mistakes.extend(_shape(section.node))
        if isinstance(section.node, Use):
            reading.declarations.append(section.node)
        _drop(reading, section)


def _drop(reading: _Reading, section: Section) -> None:
    reading.broken.update(token.text for token in section.names)
    reading.say(section.mistakes, consequence(section.word, section.names))


def consequence(word: str, names: Sequence[Token]) -> str | None:
    """What was not done because a declaration could not be read."""
    name = ", ".join(token.text for token in names)
    if not name or word in (*HEADERS, "use"):
        return None
    if word == "rule":
        return f"Rule {name} was not loaded; no claim was checked against it."
    if word in CHANGES:
        return f"`{word} {name}` was not loaded; the rule stays as it was below."
    if word == "test":
        return f"The cases of {name} were not run."
    noun = {"codes": "set", "table": "table", "condition": "condition", "source": "source"}.get(word)
    return None if noun is None else f"The {noun} {name} was not loaded, nor any rule that uses it."


# ---------------------------------------------------------------- the header


def _head(reading: _Reading, header: Header | None, at: Span) -> None:
    if reading.has_header or reading.declarations or reading.broken:
        already = "A file has one header." if reading.has_header else "The header stands before everything else."
        hint = (
            "Put the second ruleset into a file of its own."
            if reading.has_header
            else "Move it to the top of the file."
        )
        reading.say([Mistake(code="SEQ104", message=already, at=Label(at), hint=hint)])
    if not reading.has_header:
        reading.header = header
    reading.has_header = True


def _no_header(source: Source, tokens: Sequence[Token]) -> Mistake:
    at = tokens[0].span if tokens else Span(source, 0, 0)
    what = "The file says nothing" if not tokens else "The file has no header"
    return Mistake(
        code="SEQ103",
        message=f"{what}: a rule file opens with `ruleset` or `payer`.",
        at=Label(at),
        hint='Write `ruleset my-rules "What these rules are about"` as its first line.',
    )


def _before_all(tokens: Sequence[Token]) -> list[Mistake]:
    """What stands before the first declaration, or where one should begin."""
    first = tokens[0]
    return [
        Mistake(
            code="SEQ105",
            message=f"`{first.text}` opens no declaration.",
            at=Label(first.span),
            hint="A declaration begins with `use`, `source`, `codes`, `table`, `condition`, `rule`, `test`, or in a payer's "
            "file `disable`, `relax`, `tighten` or `override`.",
        )
    ]
