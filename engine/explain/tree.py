"""Tree: the steps of an explanation: what was asked, whether it was so, and what decided it.

In:   a `Trace`.               Out: `Section`s of `Step`s.
Uses: wording, evaluate.trace.    Used by: explanation, as_json, as_text.
Not here: rules that do not apply (not_applicable); layout (as_text).

A step keeps everything that was asked below it; which of it a reader sees at once is for the layout.
"""

from collections.abc import Iterable, Iterator
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from sequela.engine.encounter.view import View
from sequela.engine.evaluate.evidence import Decider, Gap
from sequela.engine.evaluate.trace import (
    ClauseTrace,
    FactRead,
    LookUpTrace,
    MemberTrace,
    RequirementTrace,
    Trace,
    TraceNode,
)
from sequela.engine.evaluate.verdict import Status
from sequela.engine.explain.fact_words import fact_says, joined, period_words, set_words
from sequela.engine.explain.wording import coded, cut, deciding_fact, folded, gap_says, is_piece, row_says
from sequela.engine.model.rules import Change
from sequela.engine.source import Span

DEEPEST: Final = 60
"""How many conditions inside conditions a tree shows; a chain of parentheses may be longer than any stack."""

_LONGEST_CELL: Final = 60
"""So many characters of a row's cell are shown: some hold the text of a whole note."""


class Step(Struct, frozen=True, kw_only=True):
    """One condition of an explanation.

    `value` is yes, no, unknown or not checked. `words` are the author's own, in one line; of a piece that an author
    does not spell out, ours. `fact` is what decided, in words. `role` is that of a member of a collection: witness,
    counterexample, possible or nearest. `says` is what it answers to the question of its section: of an exception and
    of what is forbidden the opposite of its value. `change` is the payer's that brought the clause.
    """

    kind: str
    value: str
    words: str
    fact: str = ""
    span: Span | None = None
    name: str | None = None
    role: str | None = None
    at: str | None = None
    facts: tuple[FactRead, ...] = ()
    decided_by: tuple[Decider, ...] = ()
    gaps: tuple[Gap, ...] = ()
    says: str = ""
    change: Change | None = None
    children: "tuple[Step, ...]" = ()


class Section(Struct, frozen=True, kw_only=True):
    """The steps of one question: `part` is applies, requires or bypass; `value` its answer.

    `period` stands where the governing date is not known and several versions of the rule could be in force: it says
    which one is asked.
    """

    part: str
    value: str
    steps: tuple[Step, ...]
    period: str | None = None


_OPPOSITE: Final = {"yes": "no", "no": "yes"}


def answer(value: bool | None, unchecked: bool = False) -> str:
    """Yes, no, unknown, or not checked where a table that does not cover the date is among the causes."""
    if value is None:
        return "not checked" if unchecked else "unknown"
    return "yes" if value else "no"


def sections_of(trace: Trace, view: View) -> tuple[Section, ...]:
    """Whether the rule applies, whether what it asks holds, and whether a failure is let through; of each version."""
    if not trace.others:
        return _of_version(trace, view)
    found: list[Section] = []
    for one in (trace, *trace.others):
        assert one.segment is not None
        period = period_words(one.segment.first, one.segment.last)
        found.extend(replace(section, period=period) for section in _of_version(one, view))
    return tuple(found)


def _of_version(trace: Trace, view: View) -> tuple[Section, ...]:
    found = [Section(part="applies", value=_applies(trace), steps=tuple(_applying(trace, view)))]
    if trace.requirements:
        steps = tuple(step for one in trace.requirements for step in _requirement(one, view))
        found.append(Section(part="requires", value=_all(step_values(trace.requirements)), steps=steps))
    if trace.bypass is not None:
        steps = tuple(_clause(trace.bypass, "bypass when ", view))
        found.append(Section(part="bypass", value=_value(trace.bypass.node), steps=steps))
    return tuple(found)


def step_values(requirements: Iterable[RequirementTrace]) -> list[str]:
    """The answers of requirements."""
    return [answer(one.value, one.unchecked) for one in requirements]


def _all(values: Iterable[str]) -> str:
    found = set(values)
    return next((one for one in ("no", "not checked", "unknown") if one in found), "yes")


def _applies(trace: Trace) -> str:
    if trace.status is Status.NOT_APPLICABLE:
        return "no"
    nodes = [one for one in (trace.period, trace.pairing) if one is not None]
    values = [_value(node) for node in nodes]
    values.extend(answer(one.found, one.unchecked) for one in trace.look_ups)
    if trace.when is not None:
        values.append(_value(trace.when.node))
    values.extend(_OPPOSITE.get(_value(one.node), _value(one.node)) for one in trace.unless)
    return _all(values)


def _value(node: TraceNode) -> str:
    return answer(node.value, node.unchecked)


# ---------------------------------------------------------------- whether it applies


def _applying(trace: Trace, view: View) -> Iterator[Step]:
    if trace.period is not None:
        assert trace.segment is not None
        words = f"in force {period_words(trace.segment.first, trace.segment.last)}"
        asked = set_words(view, trace.date_asks)
        yield replace(step_of(trace.period, view, words=words), fact=f"not known: {asked}" if asked else "not known")
    if trace.pairing is not None:
        yield from _pairing(trace, trace.pairing, view)
    for one in trace.look_ups:
        yield look_up_step(one, view)
    if trace.when is not None:
        yield from _clause(trace.when, "", view)
    for clause in trace.unless:
        yield _whole(clause, "unless ", view)


def _pairing(trace: Trace, pairing: TraceNode, view: View) -> Iterator[Step]:
    """What must hold for the subjects to be met: their sets, and the facts that are to be the same."""
    pieces = [piece for one in pairing.children if one.kind == "belongs" for piece in one.children]
    for piece in pieces:
        if not is_of_the_unsent(piece):
            yield step_of(piece, view, words=_named_piece(piece, trace))
    same = [one for one in pairing.children if one.kind == "same"]
    if same and all(one.value for one in same):
        names = joined(dict.fromkeys(one.facts[0].label.partition(".")[2] for one in same))
        values = ", ".join(dict.fromkeys(one.facts[0].value for one in same))
        facts = tuple(fact for one in same for fact in one.facts)
        yield Step(
            kind="same", value="yes", words=f"with the same {names}", fact=values, facts=facts, span=pairing.span
        )
    else:
        for one in same:
            if is_of_the_unsent(one):
                continue
            yield step_of(one, view, words=f"with the same {one.facts[0].label.partition('.')[2]}")
    if not pieces and not same and pairing.span is not None:
        labels = ", ".join(
            coded(view, one.label, one.pointers[0]) if one.pointers else one.label for one in trace.subjects
        )
        yield Step(kind="for", value="yes", words=folded(pairing.text), fact=labels, span=pairing.span)


def _named_piece(piece: TraceNode, trace: Trace) -> str:
    """The words of a piece; with what it is asked of where the rule binds several things."""
    words = piece_words(piece)
    named = piece.kind == "in set" and len(trace.subjects) > 1 and piece.facts[0].of is not None
    return f"{piece.facts[0].of}: {words}" if named else words


def is_of_the_unsent(piece: TraceNode) -> bool:
    """Whether a piece asks something of a member that was not sent: unknown, and not worth a word."""
    return piece.value is None and any(fact.of is None and fact.table is None for fact in piece.facts)


def piece_words(piece: TraceNode) -> str:
    """Words for what `for` or a quantifier asks of a member without spelling it out as a condition."""
    match piece.kind:
        case "in set":
            code = piece.facts[0]
            said = code.value if code.state == "known" else code.label
            return f"{said} is in {piece.within}"
        case "pointed to":
            return f"{piece.facts[0].of or 'the line'} points to {piece.of}"
        case "counts as a service":
            return f"{piece.of} still counts as a service"
        case "listed":
            return "there is one that was not sent"
        case "of the group":
            return f"{piece.of} is of the group"
        case "other than the group":
            return f"{piece.of} is not of the group"
        case _:
            return folded(piece.text) or piece.kind


def look_up_step(found: LookUpTrace, view: View) -> Step:
    """A look-up with the row that it found, the table that has none, or the one that does not speak for the date."""
    node = found.node
    fact = deciding_fact(node, view)
    if node.gaps:
        fact = joined(map(gap_says, node.gaps))
    elif found.columns:
        cells = ", ".join(
            f"{one.label.partition('.')[2]} {cut(one.value, _LONGEST_CELL)}"
            for one in found.columns
            if one.state != "none"
        )
        fact = f"{row_says(node.decided_by[0])}: {cells}"
    elif found.found is None:
        fact = _row_not_told(found)
    elif found.found is False:
        absent = next((one for one in node.decided_by if one.kind == "no row"), None)
        keys = ", ".join(one.value for one in node.facts)
        where = f"in {found.table}" + (f" ({source(absent)})" if absent is not None else "")
        fact = f"no row for {keys} {where}"
    facts = (*node.facts, *found.columns)
    value = answer(found.found, found.unchecked)
    return replace(step_of(node, view), kind="look up", value=value, fact=fact, facts=facts)


def _row_not_told(found: LookUpTrace) -> str:
    """Why it cannot be told which row there is: a key is not known, a partial table has none, or the date."""
    unknown = [one for one in found.node.facts if one.state == "unknown"]
    if unknown:
        return joined(fact_says(one) for one in unknown)
    absent = next((one for one in found.node.decided_by if one.kind == "no row"), None)
    if absent is not None:
        keys = ", ".join(one.value for one in found.node.facts)
        return f"no row for {keys} in {found.table} ({source(absent)}), which is not complete"
    return f"which row of {found.table} is in force is not known without the date"


def source(decider: Decider) -> str:
    """The file of a table, without its folders, and its release."""
    return row_says(decider).partition(" (")[2].removesuffix(")")


# ---------------------------------------------------------------- clauses


def _clause(clause: ClauseTrace, opening: str, view: View) -> Iterator[Step]:
    """The conditions of a clause: those of its outermost `and`, each on its own."""
    parts = clause.node.children if clause.node.kind == "all" else (clause.node,)
    for place, part in enumerate(parts):
        step = step_of(part, view)
        words = f"{opening if place == 0 else ''}{step.words}"
        yield replace(step, words=words, says=step.value, change=clause.change)


def _whole(clause: ClauseTrace, opening: str, view: View) -> Step:
    """A clause that speaks against: an exception, or what is forbidden."""
    step = step_of(clause.node, view)
    return replace(
        step, words=f"{opening}{step.words}", says=_OPPOSITE.get(step.value, step.value), change=clause.change
    )


def _requirement(found: RequirementTrace, view: View) -> Iterator[Step]:
    if found.only_when is not None:
        limit = step_of(found.only_when, view)
        says = answer(found.value, found.unchecked)
        yield replace(limit, words=f"only when {limit.words}", says=says, change=found.change)
        if found.only_when.value is False:
            return
    if found.node is None:
        words = "what applies here is forbidden"
        yield Step(kind="forbidden", value="yes", words=words, says="no", span=found.span, change=found.change)
    elif found.forbidden:
        yield _whole(ClauseTrace(node=found.node, change=found.change), "forbidden when ", view)
    else:
        yield from _clause(ClauseTrace(node=found.node, change=found.change), "", view)


# ---------------------------------------------------------------- one condition


def step_of(node: TraceNode, view: View, *, words: str | None = None, depth: int = 0) -> Step:
    """A condition with everything below it, down to a depth that a reader could still follow."""
    shown = node
    if node.kind == "not" and not node.children[0].children and not node.children[0].members:
        shown = replace(node.children[0], value=node.value, span=node.span)
    fact = deciding_fact(node.children[0] if shown is not node else node, view)
    children: tuple[Step, ...] = ()
    if depth < DEEPEST:
        parts = [step_of(part, view, depth=depth + 1) for part in shown.children]
        children = (*parts, *(_member(one, view, depth + 1) for one in shown.members))
    return Step(
        kind=shown.kind,
        value=_value(node),
        words=words or folded(node.text) or piece_words(node),
        fact=fact,
        span=node.span,
        name=node.name,
        facts=shown.facts,
        decided_by=shown.decided_by,
        gaps=shown.gaps,
        children=children,
    )


def _member(member: MemberTrace, view: View, depth: int) -> Step:
    pieces = [
        step_of(part, view, words=piece_words(part) if is_piece(part) else None, depth=depth)
        for part in member.node.children
    ]
    return Step(
        kind="member",
        value=_value(member.node),
        words=coded(view, member.label, member.pointer),
        role=member.role,
        at=member.pointer,
        children=tuple(pieces),
    )
