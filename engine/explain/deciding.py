"""Deciding: the author's words of every condition that decided a status.

In:   an entry.                Out: texts.
Uses: entries, evaluate.trace. Used by: explanation (and so the `because` of cases).
Not here: what is shown to a reader (tree).

What decided: of a failure, all that made it apply and what does not hold; of a pass, what made it apply and all that
holds; of what is let through, the bypass as well; of what does not apply, the first clause that said so; of what is
open, whatever is not known.
"""

from collections.abc import Iterable, Iterator

from sequela.engine.evaluate.trace import Trace, TraceNode
from sequela.engine.evaluate.tracing import traced
from sequela.engine.evaluate.verdict import NotApplicable, Status
from sequela.engine.explain.entries import Entry
from sequela.engine.explain.wording import folded, is_piece, is_quantified


def deciding_words(entry: Entry) -> tuple[str, ...]:
    """The author's words, each in one line and once, of the conditions that decided."""
    status = entry.verdict.status
    if status is Status.ERROR:
        return ()
    if status is Status.NOT_APPLICABLE:
        traces = [traced(entry.record.replayed(one)) for one in entry.combinations]
        return _words(node for trace in traces for node in _unmet(trace))
    return _words(node for trace in (entry.trace, *entry.trace.others) for node in _decided(trace, status))


def _unmet(trace: Trace) -> Iterator[TraceNode]:
    if trace.reason is NotApplicable.WHEN and trace.when is not None:
        yield trace.when.node
    elif trace.reason is NotApplicable.UNLESS:
        yield from (clause.node for clause in trace.unless if clause.node.value is True)
    elif trace.reason is NotApplicable.NO_ROW:
        yield from (one.node for one in trace.look_ups if one.found is False)


def _decided(trace: Trace, status: Status) -> Iterator[TraceNode]:
    applying = [one.node for one in trace.look_ups]
    applying.extend(clause.node for clause in (trace.when, *trace.unless) if clause is not None)
    asked = [node for one in trace.requirements for node in (one.only_when, one.node) if node is not None]
    bypass = [trace.bypass.node] if trace.bypass is not None else []
    if status in (Status.UNKNOWN, Status.NOT_CHECKED):
        yield from (node for node in (*applying, *asked, *bypass) if node.value is None)
        return
    yield from (node for node in applying if node.value is not None)
    failing = status in (Status.FAIL, Status.BYPASSED)
    for one in trace.requirements:
        if one.node is not None and (one.value is False) is failing:
            yield one.node
            if one.only_when is not None:
                yield one.only_when
    if failing or any(one.value is not True for one in trace.requirements):
        yield from bypass


def _words(nodes: Iterable[TraceNode]) -> tuple[str, ...]:
    said: dict[str, None] = {}
    waiting = list(nodes)
    waiting.reverse()
    while waiting:
        node = waiting.pop()
        if node.span is not None and node.kind != "member" and not is_piece(node):
            said.setdefault(folded(node.text))
        waiting.extend(reversed(list(_below(node))))
    return tuple(said)


def _below(node: TraceNode) -> Iterator[TraceNode]:
    """The parts that made the value of a node; of a collection those of the members that are shown."""
    if node.kind == "not":
        yield from node.children
        return
    yield from (part for part in node.children if part.value is node.value)
    if is_quantified(node):
        for member in node.members:
            yield from (part for part in member.node.children if part.value is member.node.value)
