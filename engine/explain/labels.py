"""Labels: what people call the things that a rule speaks about: "line 1", "dx 2 · E11.9", "lines 1, 2".

In:   what a slot holds.       Out: texts.
Uses: encounter, tables, vocabulary, evaluate.verdict.    Used by: entries, reasons, tree, as_json, as_text.
Not here: printing a fact's value (values_text); sentences (wording).
"""

from collections.abc import Sequence

from sequela.engine.encounter.member import Member, label_of
from sequela.engine.evaluate.verdict import Bound, Group, Subject, UnknownMember, UnknownRow
from sequela.engine.tables.model import Row
from sequela.engine.vocabulary.absent import Nothing
from sequela.engine.vocabulary.kinds import DIAGNOSIS_LIKE, LINE_LIKE, Kind
from sequela.engine.vocabulary.systems import System, printed

_NOT_SENT = {
    Kind.HISTORY_LINE: "a history line not sent",
    Kind.SERVICE: "a history line not sent",
    Kind.DOCUMENT: "a document not sent",
    Kind.DIAGNOSIS: "a diagnosis not sent",
}


def subject_label(subject: Subject) -> str:
    """What people call a subject: "line 1", "lines 1, 2", "row 12 of ptp", "a history line not sent"."""
    return bound_label(subject.bound, subject.kind)


def bound_label(bound: Bound, kind: Kind | None = None) -> str:
    """What people call what a slot holds; `kind` says what a member that was not sent would be."""
    match bound:
        case Member():
            return label_of(bound)
        case Group():
            return group_label(bound)
        case Row():
            return f"row {bound.number} of {bound.table.shape.name}"
        case UnknownMember():
            return _NOT_SENT.get(kind, "one that was not sent") if kind is not None else "one that was not sent"
        case UnknownRow():
            return "a row that cannot be told"
        case None:
            return "nothing"


def group_label(group: Group) -> str:
    """The lines of a group, and those that may be of it: "lines 1, 3, perhaps line 4"."""
    certain = lines_label(group.lines)
    return f"{certain}, perhaps {lines_label(group.possible)}" if group.possible else certain


def lines_label(lines: Sequence[Member]) -> str:
    """The numbers of lines: `line 1`, `lines 1, 2`."""
    numbers = ", ".join(str(line.number) for line in lines)
    return f"line {numbers}" if len(lines) == 1 else f"lines {numbers}"


def code_text(member: Member) -> str | None:
    """The code that tells a member apart, as printed: `99213-25`, `revenue 0450`, `E11.9`; None where it has none."""
    if member.kind in LINE_LIKE:
        return _service_text(member)
    if isinstance(member.code, Nothing) or member.code is None:
        kind = member.data.kind if member.kind is Kind.DOCUMENT else None
        return str(kind) if kind is not None else None
    if member.kind in DIAGNOSIS_LIKE:
        return printed(System.ICD10CM, member.code)
    return None if member.kind is Kind.MODIFIER else member.code


def _service_text(line: Member) -> str | None:
    if isinstance(line.code, str):
        modifiers = (str(mark.code) for mark in line.view.modifiers(line))
        return "-".join((line.code, *modifiers))
    revenue = line.data.revenue
    return f"revenue {revenue}" if revenue is not None else None


def named(bound: Bound, kind: Kind | None = None) -> str:
    """A label with the code: "line 1 · 99213", "dx 2 · E11.9", "lines 1, 2 · 0001U"."""
    label = bound_label(bound, kind)
    if isinstance(bound, Member):
        code = code_text(bound)
    elif isinstance(bound, Group):
        codes = dict.fromkeys(line.code for line in bound.lines if isinstance(line.code, str))
        code = ", ".join(codes) or None
    else:
        code = None
    return label if code is None else f"{label} · {code}"
