"""Reasons: why an entry has its status, in one line.

In:   a trace, what is missing.    Out: texts of one line.
Uses: wording, fact_words, not_applicable.    Used by: entries.
Not here: the whole tree (tree); the author's message (messages).
"""

from collections.abc import Iterable

from sequela.engine.encounter.view import View
from sequela.engine.evaluate.missing import Missing
from sequela.engine.evaluate.trace import LookUpTrace, RequirementTrace, Trace
from sequela.engine.explain.fact_words import OPEN_LISTS, joined, set_words
from sequela.engine.explain.sentences import sentences
from sequela.engine.explain.wording import gap_says

_MOST = 3

_WHOLE_LISTS = {((pointer,),): f"not known: {words}" for pointer, words in OPEN_LISTS.items()}
"""What is said where nothing is missing but whether a list is complete: of every claim that was sent without its history."""


def failure(trace: Trace, view: View) -> str:
    """What does not hold: "line 1 has no modifier 25"."""
    said: list[str] = []
    for one in trace.requirements:
        if one.value is not False:
            continue
        said.extend(sentences(one.node, view) if one.node is not None else _forbidden(trace, view))
    return _several(said) or "what it speaks about is forbidden"


def _forbidden(trace: Trace, view: View) -> list[str]:
    """What makes a bare `forbidden` hit: the row that was found, else the set, else `when`."""
    if trace.look_ups:
        return [f"row {one.node.decided_by[0].row} of {one.table} names {_keys(one)}" for one in trace.look_ups]
    if trace.when is not None:
        return sentences(trace.when.node, view)
    return [] if trace.pairing is None else sentences(trace.pairing, view)


def _keys(found: LookUpTrace) -> str:
    return joined(f"{one.value} ({one.of})" if one.of else one.value for one in found.node.facts)


def holding(trace: Trace, view: View) -> str:
    """Why it passes: what holds; or that it is right whatever is not known."""
    if trace.others:
        return "right in each version that could be in force, whatever its date"
    if all(one.value is True for one in trace.requirements):
        said = _several(one for requirement in trace.requirements for one in _held(requirement, view))
        return said or "all that it asks holds"
    let_through = _several(sentences(trace.bypass.node, view)) if trace.bypass is not None else ""
    return f"right either way: it holds, does not apply, or is let through ({let_through})"


def _held(requirement: RequirementTrace, view: View) -> list[str]:
    limit = requirement.only_when
    if limit is not None and limit.value is False:
        return sentences(limit, view)
    return [] if requirement.node is None else sentences(requirement.node, view)


def let_through(trace: Trace, view: View) -> str:
    """What let a failure through."""
    said = sentences(trace.bypass.node, view) if trace.bypass is not None else []
    return f"let through: {_several(said)}"


def left_open(missing: Missing, view: View) -> str:
    """What is not known: facts of the claim, tables that do not cover the date; empty where neither would settle it."""
    gaps = joined(map(gap_says, missing.gaps))
    if not gaps and missing.sets in _WHOLE_LISTS:
        return _WHOLE_LISTS[missing.sets]
    facts = joined((set_words(view, one) for one in missing.sets), "or")
    if gaps:
        return f"{gaps}; not known: {facts}" if facts else gaps
    return f"not known: {facts}" if facts else ""


def no_fact(trace: Trace, view: View) -> str:
    """What is open, where no fact of the claim would settle it."""
    return _several(_open_parts(trace, view)) or "no fact of the claim would settle it"


def _open_parts(trace: Trace, view: View) -> Iterable[str]:
    clauses = (one for one in (trace.when, *trace.unless, trace.bypass) if one is not None)
    nodes = [one.node for one in clauses if one.node.value is None]
    absent = [found for found in trace.look_ups if found.found is None]
    if not absent:  # what is required of a row that was not found says nothing more
        nodes.extend(one.node for one in trace.requirements if one.value is None and one.node is not None)
    for found in absent:
        yield f"{found.table} has no row for {_keys(found)}, and is not complete"
    for node in nodes:
        yield from sentences(node, view)


def _several(said: Iterable[str]) -> str:
    found = list(dict.fromkeys(said))
    more = f"; and {len(found) - _MOST} more" if len(found) > _MOST else ""
    return "; ".join(found[:_MOST]) + more
