"""Rendering: a diagnostic as people read it (a frame with the author's line and a caret) and as programs do (JSON).

In:   diagnostics and input problems.    Out: text, or objects that JSON can hold.
Uses: model, frame.                      Used by: the command line, the tests of every message.
Not here: the frame itself (frame.py); where the text is printed, and whether in colour (the command line).
"""

from collections.abc import Iterable, Sequence

from sequela.engine.diagnostics.frame import Mark, frame, painted
from sequela.engine.diagnostics.model import Diagnostic, InputProblem, Label, Severity
from sequela.engine.source import Span

_INK = {Severity.ERROR: "1;31", Severity.WARNING: "1;33", Severity.LINT: "1;34"}
_LONGEST_ID = 80
_PLACE_INK, _ALSO_INK, _HINT_INK = "2", "1;34", "1;36"


def render(diagnostic: Diagnostic, colour: bool = False) -> str:
    """One diagnostic: code and sentence, place, the author's line with a caret, further places, hint, consequence.

    No newline at the end. A warning and a lint say so after the code; an error needs no word.
    """
    ink = _INK[diagnostic.severity]
    weight = "" if diagnostic.is_error else f"{diagnostic.severity.value}: "
    lines = [f"{_paint(diagnostic.code, ink, colour)}  {weight}{_one_line(diagnostic.message)}"]
    for labels in _by_source((diagnostic.at, *diagnostic.also)):
        lines.append(_paint(f"  {_place(labels[0].span)}", _PLACE_INK, colour))
        lines.extend(frame([_mark(label, label is diagnostic.at, ink, colour) for label in labels]))
    if diagnostic.hint:
        lines.append(f"  {_paint('hint:', _HINT_INK, colour)} {_indented(_sentence(diagnostic.hint))}")
    if diagnostic.consequence:
        lines.append(f"  {_indented(diagnostic.consequence)}")
    return "\n".join(lines)


def render_problem(problem: InputProblem, colour: bool = False) -> str:
    """One problem of an input: code and sentence, file and place, the claim where it is known, hint."""
    weight = "" if problem.fatal else "warning: "
    ink = _INK[Severity.ERROR if problem.fatal else Severity.WARNING]
    place = problem.place if problem.place.startswith(problem.file) else f"{problem.file}: {problem.place}"
    claim = f" (claim {_short(problem.claim)})" if problem.claim else ""
    lines = [
        f"{_paint(problem.code, ink, colour)}  {weight}{_one_line(problem.message)}",
        _paint(f"  {place.rstrip(': ')}{claim}", _PLACE_INK, colour),
    ]
    if problem.hint:
        lines.append(f"  {_paint('hint:', _HINT_INK, colour)} {_indented(_sentence(problem.hint))}")
    return "\n".join(lines)


def _short(claim: str) -> str:
    """A claim's id, which a broken input may make as long as itself."""
    return claim if len(claim) <= _LONGEST_ID else f"{claim[:_LONGEST_ID]}…"


def render_all(diagnostics: Iterable[Diagnostic], colour: bool = False) -> str:
    """Every diagnostic by file and place, a blank line between them, and the count below; empty when there are none."""
    ordered = in_order(diagnostics)
    if not ordered:
        return ""
    return "\n\n".join([*(render(diagnostic, colour) for diagnostic in ordered), summary(ordered)])


def in_order(diagnostics: Iterable[Diagnostic]) -> list[Diagnostic]:
    """The diagnostics by file, place and code."""
    return sorted(diagnostics, key=lambda d: (d.at.span.source.name, d.at.span.start, d.at.span.end, d.code, d.message))


def as_json(diagnostic: Diagnostic) -> dict[str, object]:
    """A diagnostic as a JSON object; lines and columns count from 1, an end column is that after the last character."""
    return {
        "code": diagnostic.code,
        "severity": diagnostic.severity.value,
        "message": diagnostic.message,
        **_label_as_json(diagnostic.at),
        "also": [_label_as_json(label) for label in diagnostic.also],
        "hint": diagnostic.hint,
        "consequence": diagnostic.consequence,
    }


def problem_as_json(problem: InputProblem) -> dict[str, object]:
    """An input problem as a JSON object."""
    return {
        "code": problem.code,
        "severity": (Severity.ERROR if problem.fatal else Severity.WARNING).value,
        "message": problem.message,
        "file": problem.file,
        "place": problem.place,
        "claim": problem.claim,
        "hint": problem.hint,
    }


def summary(findings: Iterable[Diagnostic | InputProblem]) -> str:
    """The count of findings in words: "3 errors, 1 warning"; "no findings" when there are none.

    >>> summary([])
    'no findings'
    """
    counts = dict.fromkeys(Severity, 0)
    for finding in findings:
        if isinstance(finding, Diagnostic):
            counts[finding.severity] += 1
        else:
            counts[Severity.ERROR if finding.fatal else Severity.WARNING] += 1
    words = [f"{count} {severity.value}{'s' * (count != 1)}" for severity, count in counts.items() if count]
    return ", ".join(words) or "no findings"


def _label_as_json(label: Label) -> dict[str, object]:
    span = label.span
    end_line, end_column = span.source.position(max(span.start, span.end))
    return {
        "file": span.source.name,
        "line": span.line,
        "column": span.column,
        "end_line": end_line,
        "end_column": end_column,
        "words": label.words,
    }


def _by_source(labels: Sequence[Label]) -> list[list[Label]]:
    """The labels by their file, the file of the first one first; equal places in equal files are shown once."""
    groups: dict[int, list[Label]] = {}
    for label in labels:
        groups.setdefault(id(label.span.source), []).append(label)
    return list(groups.values())


def _place(span: Span) -> str:
    return f"{span.source.name}:{span.line}:{span.column}" if span.source.text else span.source.name


def _mark(label: Label, is_first: bool, ink: str, colour: bool) -> Mark:
    if not colour:
        return Mark(label.span, label.words, "^" if is_first else "-")
    return Mark(label.span, label.words, "^" if is_first else "-", ink if is_first else _ALSO_INK, _PLACE_INK)


def _paint(text: str, ink: str, colour: bool) -> str:
    return painted(text, ink if colour else None)


def _one_line(text: str) -> str:
    return " ".join(text.split("\n"))


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:]


def _indented(text: str) -> str:
    return text.replace("\n", "\n  ")
