"""Labels: what people call the things that a rule speaks about: "line 1", "dx 2 · E11.9", "lines 1, 2".

In:   what a slot holds.       Out: texts.
Uses: encounter, tables, vocabulary, evaluate.verdict.    Used by: entries, reasons, tree, as_json, as_text.
Not here: printing a fact's value (values_text); sentences (wording).
"""

from sequela.engine.encounter.member import Member
from sequela.engine.evaluate.tree import label
from sequela.engine.evaluate.verdict import Bound, Group, Subject, UnknownMember, UnknownRow
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
    if isinstance(bound, UnknownMember) and kind in _NOT_SENT:
        return _NOT_SENT[kind]
    return "a row that cannot be told" if isinstance(bound, UnknownRow) else label(bound)


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
    words = bound_label(bound, kind)
    if isinstance(bound, Member):
        code = code_text(bound)
    elif isinstance(bound, Group):
        codes = dict.fromkeys(line.code for line in bound.lines if isinstance(line.code, str))
        code = ", ".join(codes) or None
    else:
        code = None
    return words if code is None else f"{words} · {code}"


def pointers_of(subject: Subject) -> tuple[str, ...]:
    """The JSON pointers of a subject: of each line of a group; none for a row or what was not sent."""
    match subject.bound:
        case Member() as member:
            return (member.pointer,)
        case Group(lines=lines, possible=possible):
            return tuple(line.pointer for line in (*lines, *possible))
        case _:
            return ()
