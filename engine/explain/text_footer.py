"""Text footer: what stands below the steps of an explanation: what is open, what would change it, on what authority.

In:   explanations.                Out: lines.
Uses: text_layout, wording, fact_words.    Used by: as_text.
Not here: the steps (as_text).
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from msgspec.structs import replace

from sequela.engine.encounter.origin import Origin
from sequela.engine.evaluate.evidence import Gap
from sequela.engine.explain.as_json import in_force
from sequela.engine.explain.entries import OPEN, Entry
from sequela.engine.explain.fact_words import fact_name, set_words
from sequela.engine.explain.text_layout import styled, wrapped
from sequela.engine.explain.wording import file_name, gap_says
from sequela.engine.model.rules import Citation

if TYPE_CHECKING:
    from sequela.engine.explain.explanation import Explanation

_MOST_PLACES: Final = 12


def what_is_open(explanation: "Explanation", colour: bool, width: int) -> Iterator[str]:
    """The tables that do not cover the date, and the facts of which an answer would settle it."""
    entry = explanation.entry
    if entry.verdict.status not in OPEN:
        return
    if entry.waits_for.gaps:
        yield "  " + styled("It could not be checked because", "strong", colour)
        for gap in entry.waits_for.gaps:
            yield from wrapped(gap_says(gap) + _covers(gap, entry), width, 4)
    if entry.missing:
        title = "Any of these would settle it" if len(entry.missing) > 1 else "This would settle it"
        yield "  " + styled(title, "strong", colour)
        for one in entry.missing:
            yield from wrapped(set_words(entry.record.view, one), width, 4)


def _covers(gap: Gap, entry: Entry) -> str:
    """The dates for which a table does speak."""
    tables = [one for one in entry.record.tables.values() if one.shape.name == gap.table and gap.loaded]
    covers = tables[0].covers if len(tables) == 1 else None
    if covers is None:
        return ""
    first = f" from {covers.start.isoformat()}" if covers.start is not None else ""
    last = f" to {covers.end.isoformat()}" if covers.end is not None else " on" if first else ""
    return f"; it covers{first}{last} ({file_name(tables[0].file)})"


def what_would_change(explanation: "Explanation", colour: bool, width: int) -> Iterator[str]:
    """The changes that the rule suggests, numbered, with what each settles and creates."""
    if not explanation.changes:
        return
    yield ""
    yield "  " + styled("What would change it", "strong", colour)
    column = min(max(len(one.text) for one in explanation.changes), 40)
    for number, one in enumerate(explanation.changes, 1):
        settles = f"settles {len(one.settles)}" if one.helps else "does not settle it by itself"
        counts = f"{settles}, creates {len(one.creates)} of {one.of} rule{'' if one.of == 1 else 's'}"
        created = f": {', '.join(one.creates)}" if one.creates else ""
        why = f"{one.kind}: {one.only_if}" if one.only_if else one.kind
        said = wrapped(f"{why} · {counts}{created}", width, 7 + column + 3)
        yield f"    {number}  {one.text:<{column}}   {said[0].strip()}"
        yield from said[1:]


def on_what_authority(explanation: "Explanation", colour: bool, width: int) -> Iterator[str]:
    """Adjustment codes, payer changes, authorities, the place of the rule, and where its facts were read."""
    entry = explanation.entry
    rows: list[tuple[str, str]] = []
    if entry.adjustment is not None:
        codes = ", ".join((entry.adjustment.carc, *entry.adjustment.rarcs))
        rows.append(("Adjustment", f"{entry.adjustment.group} {codes}"))
    for change in entry.changed_by:
        place = f"{file_name(change.span.source.name)}, line {change.span.line}"
        rows.append(("Payer", f"{change.payer} {change.verb}s it: {change.reason} ({place})"))
    rows.extend(("Authority", _authority(citation, entry)) for citation in entry.cites)
    span = entry.defined
    rows.append(("Rule", f"{file_name(span.source.name)}, lines {span.line} to {span.end_line}"))
    places = _read_from(explanation)
    rows.extend(("Read from", f"{file}: {'; '.join(said)}") for file, said in places.items())
    yield ""
    column = max(len(title) for title, _ in rows)
    last = ""
    for title, words in rows:
        said = wrapped(words, width, 2 + column + 2)
        shown = title if title != last else ""
        last = title
        yield f"  {styled(f'{shown:<{column}}', 'strong', colour)}  {said[0].strip()}"
        yield from said[1:]


def _authority(citation: Citation, entry: Entry) -> str:
    authority = citation.authority
    words = ", ".join(one for one in (authority.title, authority.edition, citation.section) if one)
    if in_force(citation, entry.governing_date) is False:
        spans = (day.isoformat() if day else "" for day in (authority.first, authority.last))
        return f"{words} (in force {' to '.join(spans).strip()}, not on {entry.governing_date})"
    return words


def _read_from(explanation: "Explanation") -> dict[str, list[str]]:
    """Where the facts of the steps stand in the file that the claim came from, each once; by file."""
    origins = explanation.ledger.view.encounter.origins
    found: dict[str, dict[str, None]] = {}
    waiting = [step for section in reversed(explanation.sections) for step in reversed(section.steps)]
    seen: set[str] = set()
    while waiting and len(seen) < _MOST_PLACES:
        step = waiting.pop()
        waiting.extend(reversed(step.children))
        for fact in step.facts:
            if fact.pointer is None or fact.state == "unknown" or fact.pointer in seen:
                continue
            origin = origins.origin_of(fact.pointer)
            if origin is not None:
                seen.add(fact.pointer)
                found.setdefault(file_name(origin.file), {}).setdefault(f"{fact_name(fact)} in {_place(origin)}")
    return {file: list(said) for file, said in found.items()}


def _place(origin: Origin) -> str:
    """A place in a file; of a JSON file its line and column rather than the pointer."""
    by_line = origin.pointer is not None and origin.line is not None
    return (replace(origin, pointer=None) if by_line else origin).place or "the file"
