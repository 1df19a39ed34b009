"""Wording: the fact, set member, range or table row that decided a condition, in a few words beside the author's own.

In:   nodes of a trace.        Out: texts.
Uses: fact_words, labels, evaluate.trace.    Used by: sentences, reasons, tree.
Not here: what authors say (rule files); whole sentences (sentences); how it is laid out (as_text).
"""

import re
from collections.abc import Iterator
from typing import Final

from sequela.engine.encounter.view import View
from sequela.engine.evaluate.evidence import Decider, Gap
from sequela.engine.evaluate.trace import FactRead, MemberTrace, SideRead, TraceNode
from sequela.engine.explain.fact_words import fact_name, fact_says, is_main_code, joined, member_at, short_name, to_be
from sequela.engine.explain.labels import code_text
from sequela.engine.vocabulary.kinds import Kind

QUANTIFIERS: Final = frozenset({"some", "every", "no", "at least", "at most"})
_UNITS: Final = {"days": "days", "months": "months", "years": "years", "full months": "full months"}
_NOUN: Final = re.compile(
    r"(?:some|every|no|at (?:least|most) \d+) ((?:other |later )?(?:"
    + "|".join(sorted((re.escape(kind.value) for kind in Kind), key=len, reverse=True))
    + r"))\b"
)
_MOST: Final = 100


def folded(text: str) -> str:
    """The author's words in one line."""
    return " ".join(text.split())


def cut(text: str, most: int = _MOST) -> str:
    """The words, ended with … where they are longer than `most`: at a blank, and not inside the last word."""
    if len(text) <= most:
        return text
    short = text[: most - 1]
    return (short[: short.rindex(" ")] if " " in short[most // 2 :] else short).rstrip(" (,") + " …"


def is_quantified(node: TraceNode) -> bool:
    """Whether a node tests a collection; comparisons share the words "at least" and "at most" with it."""
    return node.kind in QUANTIFIERS and not node.sides


def is_piece(node: TraceNode) -> bool:
    """Whether a condition is asked by the words of `for` or of a quantifier, and has no words of its own."""
    if node.kind == "in set":
        return " is " not in folded(node.text).partition(" where ")[0]
    return node.kind in ("pointed to", "counts as a service", "listed", "of the group", "other than the group")


def coded(view: View, label: str, pointer: str | None) -> str:
    """A label with the code of what it is: "line 2: 17000"."""
    member = None if pointer is None else member_at(view, pointer)
    code = None if member is None else code_text(member)
    return label if code is None else f"{label}: {code}"


# ---------------------------------------------------------------- the fact beside the words


def deciding_fact(node: TraceNode, view: View) -> str:
    """The fact, set member, range or table row that decided a condition, in a few words."""
    if node.gaps:
        return joined(map(gap_says, node.gaps))
    if node.sides:
        return _compared(node)
    if is_quantified(node):
        return collection_says(node, view)
    match node.kind:
        case "in set":
            return _in_set_fact(node)
        case "payable":
            return _payable(node)
        case "lists":
            return _lists_fact(node)
        case "same":
            return _same(node.facts)
        case "listed":
            return _unlisted(node)
        case "counts as a service":
            return "it may be void, or of the claim that this one replaces"
        case "pointed to" | "period":
            return joined(fact_says(fact) for fact in node.facts) or "not known"
        case "comes before":
            return _order(node)
        case "known":
            return known_says(node)
        case "call" | "all" | "any" | "not":
            return ""
        case _:
            return joined(fact_says(fact) for fact in node.facts)


def _unlisted(node: TraceNode) -> str:
    """Which list may hold more than was sent."""
    words = folded(node.text).partition(" where ")[0]
    if "document" in words.split():
        return "there may be documents that were not sent"
    if "diagnosis" in words.split():
        return "its diagnoses were not sent"
    return "the history may hold lines that were not sent"


def gap_says(gap: Gap) -> str:
    """A table that does not speak for a date: "table mue does not cover 2026-11-02"."""
    if not gap.loaded:
        return f"table {gap.table} is not loaded"
    return f"table {gap.table} does not cover {gap.on.isoformat() if gap.on else 'the date'}"


def row_says(decider: Decider) -> str:
    """A row of a table with its file and release: "row 12 of ptp (ptp-practitioner.csv, release 2026Q3)"."""
    return f"row {decider.row} of {decider.name} ({source_says(decider)})"


def source_says(decider: Decider) -> str:
    """The file of a table, without its folders, and its release."""
    name = file_name(decider.file)
    return f"{name}, release {decider.release}" if decider.release else name


def file_name(file: str) -> str:
    """A file's name without its folders: the same wherever the rules are kept."""
    return file.replace("\\", "/").rpartition("/")[2]


def _in_set_fact(node: TraceNode) -> str:
    entries = [one for one in node.decided_by if one.kind == "entry"]
    exceptions = [one for one in node.decided_by if one.kind == "exception"]
    rows = [one for one in node.decided_by if one.kind == "row"]
    if node.value is True:
        by = [*(f"{one.name}: {one.written}" for one in entries[:1]), *(row_says(one) for one in rows[:1])]
        decided = ", ".join(by)
        return decided if is_piece(node) else f"{fact_says(node.facts[0])} ({decided})"
    said = joined(fact_says(fact) for fact in node.facts)
    if exceptions:
        return f"{said}: {exceptions[0].name} leaves out {exceptions[0].written}"
    if rows and node.value is False:
        return f"{said}: {row_says(rows[0])}"
    absent = next((one for one in node.decided_by if one.kind == "no row"), None)
    return said if absent is None else f"{said}: {absent.name} has no row for it then ({source_says(absent)})"


def known_says(node: TraceNode) -> str:
    """Facts that are there, or missing: "authorization of line 1 is missing"."""
    return joined(
        fact_says(fact) if fact.state == "known" else f"{fact_name(fact)} {to_be(fact_name(fact))} missing"
        for fact in node.facts
    )


def _payable(node: TraceNode) -> str:
    if node.facts:
        return joined(fact_says(fact) for fact in node.facts)
    if node.of is None:
        return "whether it is paid is not known"
    rules = joined(one.name for one in node.decided_by)
    if node.value is False:
        return f"{rules} fails on {node.of}"
    return (
        f"no earlier rule denies {node.of}"
        if node.value
        else f"{rules or 'an earlier rule'} is not settled for {node.of}"
    )


def _lists_fact(node: TraceNode) -> str:
    rows = [one for one in node.decided_by if one.kind == "row"]
    if rows:
        return joined(row_says(one) for one in rows[:3])
    absent = next((one for one in node.decided_by if one.kind == "no row"), None)
    if absent is not None:
        return f"no row for {keys_say(node)} in {absent.name} ({source_says(absent)})"
    return joined(fact_says(fact) for fact in node.facts if fact.state == "unknown")


def keys_say(node: TraceNode) -> str:
    """What was looked up: "83036, L57.0"."""
    return ", ".join(fact.value for fact in node.facts) or "it"


def _order(node: TraceNode) -> str:
    if len(node.facts) != 2 or any(fact.of is None for fact in node.facts):
        return "not known"
    first, second = node.facts
    return f"{first.of} stands {'before' if node.value else 'after'} {second.of}"


def _same(facts: tuple[FactRead, ...]) -> str:
    """Two facts that are to be the same: "same date: 2026-03-02", or both with their values."""
    if _is_same(facts):
        return f"same {short_name(facts[0])}: {facts[0].value}"
    unknown = [fact for fact in facts if fact.state == "unknown"]
    return joined(fact_says(fact) for fact in unknown or facts)


def _is_same(facts: tuple[FactRead, ...]) -> bool:
    """Whether one fact of two things is known and the same."""
    if len(facts) != 2 or short_name(facts[0]) != short_name(facts[1]):
        return False
    return facts[0].value == facts[1].value and facts[0].state == facts[1].state == "known"


def _compared(node: TraceNode) -> str:
    left, right = node.sides
    if left.kind == right.kind == "fact" and node.kind == "is":
        return _same((*left.facts, *right.facts))
    return "; ".join(side_says(side) for side in (left, right) if side.kind != "constant")


def side_says(side: SideRead) -> str:
    """One side of a comparison with what it was made of: "units of line 1 1 + line 2 1 = 2"."""
    if side.kind in ("total", "number"):
        return counted_says(side)
    facts = joined(fact_says(fact) for fact in side.facts)
    if side.kind in _UNITS and side.state == "known":
        return f"{side.value} {_UNITS[side.kind]} ({facts})"
    if side.kind == "characters" and side.state == "known":
        return f"“{side.value}” ({facts})"
    return facts or side.value


def counted_says(side: SideRead) -> str:
    """A total or a number with its members: "units (line 1: 1 + line 2: 1) = 2"."""
    if side.kind == "number":
        said = ", ".join(f"{'' if one.certain else 'perhaps '}{one.label}" for one in side.counted)
        return f"the number is {side.value} ({said or 'there is none'})"
    if not side.counted:
        return f"the total is {side.value} (there is none)"
    name = next((short_name(one.amount) for one in side.counted if one.amount is not None), "amount")
    first = side.counted[0]
    if len(side.counted) == 1 and first.certain and first.amount is not None:
        return fact_says(first.amount)
    parts = " + ".join(
        f"{'' if one.certain else 'perhaps '}{one.label}: {one.amount.value if one.amount else 'not known'}"
        for one in side.counted
    )
    return f"{name} ({parts}) = {side.value}"


# ---------------------------------------------------------------- collections


def collection_says(node: TraceNode, view: View) -> str:
    """The members of a collection that decided, or might: "line 2: 17000, same date", "nearest: dx 2: E11.9"."""
    shown = [one for one in node.members if one.role in ("witness", "counterexample")]
    if shown and node.value is not None:
        first = witness_says(shown[0], view)
        return first if len(shown) == 1 else joined(coded(view, one.label, one.pointer) for one in shown)
    nearest = next((one for one in node.members if one.role == "nearest"), None)
    if nearest is not None:
        return f"nearest: {coded(view, nearest.label, nearest.pointer)}"
    possible = [_possible(one, node, view) for one in node.members if one.role == "possible"]
    if possible:
        return f"perhaps {joined(possible, 'or')}"
    if node.kind == "every" and node.met:
        return f"so for all {node.met}"
    return f"there is no {noun_of(node)}"


def _possible(member: MemberTrace, node: TraceNode, view: View) -> str:
    return (
        coded(view, member.label, member.pointer)
        if member.pointer is not None
        else f"{_one_of(noun_of(node))} not sent"
    )


def _one_of(noun: str) -> str:
    """A noun with its article: "a history line", "an occurrence code", "another service"."""
    if noun.startswith("other "):
        return f"an{noun}"
    return f"an {noun}" if noun[0] in "aeiou" else f"a {noun}"


def noun_of(node: TraceNode) -> str:
    """What a quantifier ranges over, as its author wrote it: "other line", "history line"."""
    found = _NOUN.match(folded(node.text))
    return found[1] if found else "one"


def witness_says(member: MemberTrace, view: View) -> str:
    """A member with what makes it count: "line 2: 17000, same date, same provider"."""
    said = [coded(view, member.label, member.pointer)]
    leaves = (
        one for one in leaves_of(member.node) if one.value is member.node.value or member.role == "counterexample"
    )
    said.extend(_in_brief(leaf, member, view) for leaf in leaves)
    return ", ".join(dict.fromkeys(part for part in said[:5] if part))


def leaves_of(node: TraceNode) -> Iterator[TraceNode]:
    """The conditions below a node that made its value, down to those that have no parts."""
    waiting = [node]
    while waiting:
        one = waiting.pop()
        below = deciding_parts(one)
        if below:
            waiting.extend(reversed(below))
        elif one is not node:
            yield one


def deciding_parts(node: TraceNode) -> tuple[TraceNode, ...]:
    """The parts of a node that made its value: of a chain those of its own value, of `not` the one."""
    if node.kind == "not":
        return node.children
    return tuple(part for part in node.children if part.value is node.value)


def _in_brief(node: TraceNode, member: MemberTrace, view: View) -> str:
    """What one condition found of a member that is named already."""
    if node.kind == "in set" and node.facts and is_main_code(node.facts[0]):
        return ""
    if _is_same(node.facts) and node.sides:
        return f"same {short_name(node.facts[0])}"
    mine = [fact for fact in node.facts if fact.of == member.label]
    if node.sides and mine and all(side.kind in ("constant", "fact") for side in node.sides):
        return joined(f"{short_name(fact)} {fact.value}" for fact in mine)
    return deciding_fact(node, view)
