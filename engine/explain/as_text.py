"""As text: explanations for a terminal or a file.

In:   explanations.               Out: texts.
Uses: tree, labels, wording, text_layout, text_footer.    Used by: commands, explanation.
Not here: what is said (wording, reasons, tree); a claim's ledger (ledger_text).
"""

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Final

from msgspec.structs import replace

from sequela.engine.evaluate.verdict import Status, UnknownRow
from sequela.engine.explain.entries import Entry
from sequela.engine.explain.labels import named
from sequela.engine.explain.ledger_text import render_ledger
from sequela.engine.explain.text_footer import on_what_authority, what_is_open, what_would_change
from sequela.engine.explain.text_layout import WIDTH, Row, columns_of, headline, laid_out, sentence, styled, wrapped
from sequela.engine.explain.tree import Section, Step
from sequela.engine.tables.model import Row as TableRow

if TYPE_CHECKING:
    from sequela.engine.explain.explanation import Explanation

__all__ = ["render_explanation", "render_ledger"]

_MOST_MEMBERS: Final = 3


def render_explanation(explanation: "Explanation", colour: bool = False, width: int = WIDTH) -> str:
    """An explanation as `explain` prints it; no newline at the end.

    `colour` marks words with the colours of a terminal; `width` is the characters of a line, from 60 on.
    """
    width = max(width, 60)
    entry = explanation.entry
    lines = [headline(entry, colour, width, *_rules_named(explanation))]
    lines.extend(wrapped(sentence(entry.title), width, 2))
    if entry.verdict.status is Status.FAIL and sentence(entry.message) != sentence(entry.title):
        lines.extend(wrapped(sentence(entry.message), width, 2))
    lines.extend(_who_is_who(entry, width))
    lines.append("")
    if entry.verdict.status is Status.ERROR:
        lines.extend(wrapped(sentence(entry.reason[:1].upper() + entry.reason[1:]), width, 2))
    lines.extend(_sections(explanation, colour, width))
    lines.extend(what_is_open(explanation, colour, width))
    lines.extend(what_would_change(explanation, colour, width))
    lines.extend(on_what_authority(explanation, colour, width))
    return "\n".join(line.rstrip() for line in lines)


def _sections(explanation: "Explanation", colour: bool, width: int) -> Iterator[str]:
    titled = [(one, _title(one, explanation.entry.verdict.status), list(_rows(one))) for one in explanation.sections]
    shown = [(section, title, rows) for section, title, rows in titled if title and rows]
    columns = columns_of([row for _, _, rows in shown for row in rows], width)
    period = None
    for section, title, rows in shown:
        if section.period != period:
            period = section.period
            yield "  " + styled(f"In the version that is in force {period}", "quiet", colour)
        yield "  " + styled(title, "strong", colour)
        yield from laid_out(rows, columns, colour)


def _rules_named(explanation: "Explanation") -> tuple[str, ...]:
    """Whose rule it is, longer and shorter."""
    ruleset, payer = explanation.entry.verdict.rule.ruleset, explanation.ledger.payer_rules
    return (ruleset,) if payer in (None, ruleset) else (f"{ruleset} for {payer}", ruleset)


def _who_is_who(entry: Entry, width: int) -> Iterator[str]:
    """What the names in the author's words stand for, where there are several; rows are told where they are looked up."""
    things = [one for one in entry.subjects if not isinstance(one.bound, TableRow | UnknownRow)]
    members = [f"{one.name} is {named(one.bound, one.kind)}" for one in things]
    if len(members) > 1:
        yield from wrapped(", ".join(members), width, 2)


# ---------------------------------------------------------------- sections


def _title(section: Section, status: Status) -> str:
    match section.part, section.value:
        case "applies", "yes":
            return "It applies because"
        case "applies", "no":
            return "It does not apply because"
        case "applies", _:
            return "Whether it applies is not known"
        case "requires", "yes":
            return "It passes because" if status is Status.PASS else "It would pass because"
        case "requires", "no":
            return "It fails because" if status is Status.FAIL else "It would fail because"
        case "requires", _:
            return "Whether what it asks holds is not known"
        case "bypass", "yes":
            return "It is let through because" if status is Status.BYPASSED else "It would be let through because"
        case "bypass", "no":
            return "Nothing lets it through" if status is not Status.PASS else ""
        case _:
            return "Whether it is let through is not known"


def _rows(section: Section) -> Iterator[Row]:
    """The steps of a section that a reader needs: of what is decided, those that decided it."""
    steps = section.steps
    if section.part != "applies" and section.value != "yes":
        steps = tuple(step for step in steps if step.says == section.value) or steps
    if len(steps) == 1 and steps[0].kind == "combination":
        yield Row("no", steps[0].words, "" if steps[0].children else steps[0].fact, 0)
        for step in steps[0].children:
            yield from _of_step(step, 1)
        return
    for step in steps:
        yield from _of_step(step, 0)


def _of_step(step: Step, depth: int) -> Iterator[Row]:
    fact = step.fact
    below = list(_shown_below(step))
    if not fact and not below:
        fact = _facts_below(step)
    if step.change is not None:
        fact = f"{fact} ({step.change.payer})" if fact else f"({step.change.payer})"
    yield Row(step.value, step.words, fact, depth)
    for one in below:
        yield from _of_step(one, depth + 1)


def _shown_below(step: Step) -> Iterator[Step]:
    """The parts of a step that a reader needs beside its own fact."""
    members = [one for one in step.children if one.kind == "member"]
    if members:
        yield from _members(members)
    elif step.kind == "member":
        yield from step.children
    elif step.kind == "call" and step.value == "yes":
        return
    elif step.kind in ("all", "any", "call", "not"):
        parts = step.children
        if step.kind != "not":
            parts = tuple(one for one in parts if one.value == step.value)
        for part in parts:
            yield from (_shown_below(part) if part.kind in ("all", "any") and step.kind == "call" else (part,))


def _members(members: list[Step]) -> Iterator[Step]:
    """The nearest member with all that was asked of it; of those that may count what is not known."""
    for member in members[:_MOST_MEMBERS]:
        if member.role in ("nearest", "counterexample") and len(members) == 1:
            yield from _unchained(member.children)
        elif member.role == "counterexample":
            yield replace(member, children=tuple(one for one in _unchained(member.children) if one.value == "no"))
        elif member.role == "possible" and member.at is not None:
            open_parts = tuple(one for one in _unchained(member.children) if one.value not in ("yes", "no"))
            yield from open_parts if len(members) == 1 else (replace(member, children=open_parts),)


def _unchained(steps: Iterable[Step]) -> Iterator[Step]:
    """Conditions of an outermost `and`, each on its own."""
    for step in steps:
        yield from step.children if step.kind == "all" else (step,)


def _facts_below(step: Step) -> str:
    """The facts of a named condition that holds, in a row."""
    said: dict[str, None] = {}
    waiting = [step]
    while waiting:
        one = waiting.pop()
        if one.fact and one is not step:
            said.setdefault(one.fact)
        else:
            waiting.extend(part for part in reversed(one.children) if part.value == one.value or one.kind == "not")
    return ", ".join(list(said)[:4])
