"""Tree JSON: the steps of an explanation as values for JSON.

In:   sections and steps.      Out: values for JSON.
Uses: tree, encounter.origin.    Used by: as_json.
Not here: the entry itself (as_json).
"""

from sequela.engine.encounter.origin import Origins
from sequela.engine.evaluate.evidence import Decider, Gap
from sequela.engine.evaluate.trace import FactRead
from sequela.engine.explain.tree import Section, Step
from sequela.engine.explain.wording import file_name
from sequela.engine.source import Span

Json = dict[str, object]


def section_json(section: Section, origins: Origins) -> Json:
    """A question about the rule, its answer, and the steps to it."""
    return {
        "part": section.part,
        "value": section.value,
        "period": section.period,
        "steps": [step_json(step, origins) for step in section.steps],
    }


def step_json(step: Step, origins: Origins) -> Json:
    """One condition with everything below it."""
    return {
        "kind": step.kind,
        "name": step.name,
        "words": step.words,
        "value": step.value,
        "fact": step.fact,
        "place": place_json(step.span) if step.span is not None else None,
        "role": step.role,
        "at": step.at,
        "facts": [fact_json(fact, origins) for fact in step.facts],
        "decided_by": [decider_json(one) for one in step.decided_by],
        "not_covered": [gap_json(gap) for gap in step.gaps],
        "changed_by": step.change.payer if step.change is not None else None,
        "children": [step_json(one, origins) for one in step.children],
    }


def fact_json(fact: FactRead, origins: Origins) -> Json:
    """A fact that was read: where it stands in the claim and in the file it came from, or in which row of a table."""
    origin = origins.origin_of(fact.pointer) if fact.pointer is not None and fact.state != "unknown" else None
    found: Json = {
        "fact": fact.label,
        "of": fact.of,
        "value": fact.value,
        "state": fact.state,
        "at": fact.pointer,
        "origin": {"file": file_name(origin.file), "place": origin.place} if origin is not None else None,
    }
    if fact.table is None:
        return found
    row: Json = {
        "table": fact.table,
        "file": file_name(fact.file) if fact.file is not None else None,
        "release": fact.release,
        "row": fact.row,
    }
    return found | {"row": row}


def decider_json(decider: Decider) -> Json:
    """What decided: an entry of a set or an exception from it, a row of a table or that there is none, a rule."""
    match decider.kind:
        case "entry" | "exception":
            return {"kind": decider.kind, "set": decider.name, "written": decider.written}
        case "rule":
            return {"kind": decider.kind, "rule": decider.name}
        case _:
            return {
                "kind": decider.kind,
                "table": decider.name,
                "file": file_name(decider.file),
                "release": decider.release,
                "row": decider.row,
            }


def gap_json(gap: Gap) -> Json:
    """A table that is not loaded, or does not speak for a date."""
    return {"table": gap.table, "date": gap.on.isoformat() if gap.on is not None else None, "loaded": gap.loaded}


def place_json(span: Span) -> Json:
    """Where something stands in a rule file, without its folders; lines count from 1."""
    return {"file": file_name(span.source.name), "line": span.line, "end_line": span.end_line}
