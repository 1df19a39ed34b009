"""Sentences: what one condition found, stated as what is there on the claim: "line 1 has no modifier 25".

In:   nodes of a trace.        Out: texts, for reasons.
Uses: wording, fact_words, evaluate.trace.    Used by: reasons, not_applicable.
Not here: the fact beside an author's words (wording); statuses (reasons).

A sentence says what is so, so that it stands under `not` as well as without.
"""

import re
from typing import Final

from sequela.engine.encounter.view import View
from sequela.engine.evaluate.trace import MemberTrace, SideRead, TraceNode
from sequela.engine.explain.fact_words import fact_name, is_main_code, joined, to_be
from sequela.engine.explain.wording import (
    coded,
    collection_says,
    counted_says,
    cut,
    deciding_fact,
    deciding_parts,
    folded,
    is_quantified,
    leaves_of,
    side_says,
    witness_says,
)

_NEAR: Final = re.compile(r"is (?:not )?within (.+?) (before|after|of)\b")
_MODIFIER: Final = re.compile(r"has modifier (\S+)")


def sentences(node: TraceNode, view: View) -> list[str]:
    """What made a node yes, no or unknown, stated as what is there on the claim."""
    said: list[str] = []
    waiting = [node]
    while waiting:
        one = waiting.pop()
        parts = () if is_quantified(one) else deciding_parts(one)
        if parts:
            waiting.extend(reversed(parts))
        else:
            said.append(_quantified_sentence(one, view) if is_quantified(one) else _leaf_sentence(one, view))
    return [one for one in said if one]


def _leaf_sentence(node: TraceNode, view: View) -> str:
    if node.gaps or node.value is None:
        return deciding_fact(node, view)
    if node.sides:
        return _comparison(node)
    match node.kind:
        case "has modifier":
            return _modifier_sentence(node)
        case "in set":
            return _set_sentence(node, view)
        case _:
            return deciding_fact(node, view)


def _modifier_sentence(node: TraceNode) -> str:
    line = node.facts[0].of or "it"
    wanted = _MODIFIER.search(folded(node.text))
    code = node.facts[1].value if len(node.facts) > 1 else wanted[1].strip("()") if wanted else ""
    if node.within is None:
        return f"{line} has modifier {code}" if node.value else f"{line} has no modifier {code}"
    if node.value:
        return f"{line} has modifier {node.facts[0].value}, in {node.within}"
    return f"{line} has no modifier in {node.within} (modifiers: {node.facts[0].value})"


def _set_sentence(node: TraceNode, view: View) -> str:
    code = node.facts[0]
    is_not = "is" if node.value else "is not"
    within = node.within or "the set"
    if code.state == "none":
        return f"{fact_name(code)}: none"
    if is_main_code(code):
        return f"{code.of} · {code.value} {is_not} in {within}"
    name = fact_name(code)
    return f"{name} {to_be(name)} {code.value}, {'' if node.value else 'not '}in {within}"


def _comparison(node: TraceNode) -> str:
    left, right = node.sides
    said = side_says(left)
    asked = right.value if right.kind == "constant" else f"{right.value} ({side_name(right)})"
    if node.kind == "is":
        return said if node.value else f"{said}, not {asked}"
    relation = node.kind
    if node.kind == "within":
        found = _NEAR.search(folded(node.text))
        relation = f"within {found[1]} {found[2]}" if found else "within reach of"
    return f"{said}, {'' if node.value else 'not '}{relation} {asked}"


def side_name(side: SideRead) -> str:
    """What one side of a comparison is called: "date of line 1", "units in mue"."""
    if side.kind in ("total", "number"):
        return counted_says(side)
    return joined(fact_name(fact) for fact in side.facts)


def _quantified_sentence(node: TraceNode, view: View) -> str:
    words = folded(node.text)
    rest = words.removeprefix(node.kind).strip()
    shown = [one for one in node.members if one.role in ("witness", "counterexample")]
    if node.value is None:
        return f"{cut(words)}: {collection_says(node, view)}"
    if node.kind in ("some", "no") and not shown:
        nearest = next((one for one in node.members if one.role == "nearest"), None)
        lacking = _lacking(nearest, view) if nearest is not None else ""
        return f"there is no {cut(rest)}" + (f"; nearest: {lacking}" if lacking else "")
    if node.kind in ("some", "no"):
        return f"there is {witness_says(shown[0], view)}"
    if node.kind == "every":
        lacking = "; ".join(_lacking(one, view) for one in shown[:3])
        more = "; and others" if len(shown) > 3 else ""
        return f"every {cut(rest)}" if node.value else f"not so for {lacking}{more}"
    return f"there is {collection_says(node, view)}; asked is {cut(words)}"


def _lacking(member: MemberTrace, view: View) -> str:
    """A member with what keeps it from being as asked."""
    label = coded(view, member.label, member.pointer)
    said = [one for leaf in leaves_of(member.node) if leaf.value is False for one in sentences(leaf, view)]
    return f"{label} ({joined(said[:3])})" if said else label
