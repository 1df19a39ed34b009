"""Format: a rule file in the one canonical layout, with its comments where they stood.

In:   a parsed file.                 Out: its text.
Uses: layout, layout_cases.          Used by: the command line, model.show.
Law:  parse(format(x)) == parse(x), and format(format(x)) == format(x).
"""

from bisect import bisect_left
from collections.abc import Sequence
from typing import assert_never

from attrs import define

from sequela.engine.syntax import declarations as d
from sequela.engine.syntax import layout as rows_of
from sequela.engine.syntax import phrases as p
from sequela.engine.syntax.cases import TestDeclaration
from sequela.engine.syntax.layout import INDENT, Commented, Row
from sequela.engine.syntax.layout_cases import test_rows


def format_file(file: d.RuleFile) -> str:
    """The text of a rule file in the canonical layout; ends with a newline.

    Comments keep their order and their place: on a line of their own before what they stood before, or at the end of
    the line of what they stood beside. One in the middle of something that is written on one line moves before it.
    """
    parts: list[d.Header | d.Declaration] = [*file.declarations]
    if file.header is not None:
        parts.insert(0, file.header)
    comments = sorted(file.comments, key=lambda comment: comment.span.start)
    lines: list[str] = []
    taken = 0
    for number, part in enumerate(parts):
        following = parts[number + 1].span.start if number + 1 < len(parts) else None
        between = [one for one in comments[taken:] if one.span.start < part.span.start]
        taken += len(between)
        end = len(comments) if following is None else bisect_left(comments, following, key=lambda one: one.span.start)
        inside = _belonging(comments[taken:end], part)
        taken += len(inside)
        _between(lines, between, part.span.start)
        _write(lines, _rows(part, _commented(inside)), inside)
    _between(lines, comments[taken:], None)
    return "\n".join(lines) + "\n" if lines else ""


# ---------------------------------------------------------------- lines


def _rows(part: d.Header | d.Declaration, commented: Commented) -> list[Row]:
    match part:
        case d.Header():
            return rows_of.header_rows(part)
        case d.Use(names=names):
            return [rows_of.row(f"use {p.names(names)}", part)]
        case d.SourceDeclaration():
            return rows_of.source_rows(part)
        case d.CodesDeclaration():
            return rows_of.codes_rows(part, commented)
        case d.TableDeclaration():
            return rows_of.table_rows(part)
        case d.ConditionDeclaration():
            return rows_of.condition_declaration_rows(part, commented)
        case d.RuleDeclaration():
            return rows_of.rule_rows(part, commented)
        case d.ChangeDeclaration():
            return rows_of.change_rows(part, commented)
        case TestDeclaration():
            return test_rows(part, commented)
        case _:
            assert_never(part)


# ---------------------------------------------------------------- comments


def _belonging(comments: Sequence[d.Comment], part: d.Header | d.Declaration) -> list[d.Comment]:
    """The comments that are a declaration's own: in it, beside its last line, or indented below it."""
    found = []
    for comment in comments:
        if comment.span.start > part.span.end and comment.alone and comment.span.column == 1:
            break
        found.append(comment)
    return found


@define
class _Comments:
    """The comments of a declaration, asked whether one stands between the parts of something."""

    alone: list[int]
    beside: list[int]

    def between(self, start: int, end_of_first: int, start_of_last: int, stop: int) -> bool:
        """As `Commented` says. A comment within the first part moves before the whole, and takes those before it along."""
        within = bisect_left(self.alone, end_of_first) - 1
        stays = max(start, self.alone[within]) if within >= 0 else start
        return _any_in(self.beside, stays, start_of_last) or _any_in(self.alone, end_of_first, stop)


def _any_in(places: Sequence[int], start: int, stop: int) -> bool:
    found = bisect_left(places, start)
    return found < len(places) and places[found] < stop


def _commented(comments: Sequence[d.Comment]) -> Commented:
    return _Comments(
        alone=[comment.span.start for comment in comments if comment.alone],
        beside=[comment.span.start for comment in comments if not comment.alone],
    ).between


def _write(lines: list[str], rows: list[Row], comments: Sequence[d.Comment]) -> None:
    """Add the lines of a declaration, with its own comments."""
    below: list[str] = []
    starts = [one.start for one in rows]
    number = 0  # of the line that the last comment went to: the next goes to none before it
    for comment in comments:
        number = max(number, bisect_left(starts, comment.span.start + 1) - 1)
        here = rows[number]
        if not comment.alone:
            if here.beside is not None:
                here.above.append(here.beside)
            here.beside = comment.text
        elif comment.span.start < here.stop:
            if here.beside is not None:
                here.above.append(here.beside)
                here.beside = None
            here.above.append(comment.text)
        elif number + 1 < len(rows):
            number += 1
            rows[number].above.append(comment.text)
        else:
            below.append(comment.text)
    for one in rows:
        indent = one.text[: len(one.text) - len(one.text.lstrip())] or ("" if one is rows[0] else INDENT)
        lines.extend(f"{indent}{text}" for text in one.above)
        lines.append(one.text if one.beside is None else f"{one.text}  {one.beside}")
    lines.extend(f"{INDENT}{text}" for text in below)


def _between(lines: list[str], comments: Sequence[d.Comment], following: int | None) -> None:
    """Add the comments between declarations, with the blank lines that part them; one blank line goes before them."""
    if lines and (comments or following is not None):
        lines.append("")
    for number, comment in enumerate(comments):
        lines.append(comment.text)
        after = comments[number + 1].span.start if number + 1 < len(comments) else following
        if after is not None and comment.span.source.text.count("\n", comment.span.end, after) > 1:
            lines.append("")
