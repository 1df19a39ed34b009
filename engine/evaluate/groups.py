"""Groups: lines that share grouping facts, and the lines of which that is unknown.

In:   the lines of a view, the grouping facts.    Out: `groups_of`, `could_share`, `day_of`.
Uses: encounter, verdict.                         Used by: walk_subjects and the fast path.
Not here: what a rule asks of a group.
"""

from collections.abc import Sequence
from datetime import date

from sequela.engine.encounter.fields import Field
from sequela.engine.encounter.view import Member
from sequela.engine.evaluate.verdict import Group
from sequela.engine.vocabulary.absent import NONE

Facts = tuple[object, ...]


def groups_of(lines: Sequence[Member], by: Sequence[Field]) -> tuple[Group, ...]:
    """The groups of `lines` by the facts `by`, in the order of each one's first line.

    Lines whose facts are all known and equal make one group. None equals nothing: a line with a fact that is none
    stands alone. A line with an unknown fact, and none that is none, may belong to every group whose facts agree with
    those of its facts that are known; and it has a group of its own, to which every other line that could agree may
    belong.
    """
    shared: dict[Facts, list[Member]] = {}
    unsure: list[tuple[Facts, Member]] = []
    alone: list[tuple[Facts, Member]] = []
    for line in lines:
        facts = tuple(field.read(line) for field in by)
        if any(fact is NONE for fact in facts):
            alone.append((facts, line))
        elif any(fact is None for fact in facts):
            unsure.append((facts, line))
        else:
            shared.setdefault(facts, []).append(line)
    made_by = tuple(by)
    groups = [Group(facts, (line,), (), made_by) for facts, line in alone]
    for facts, members in shared.items():
        possible = tuple(line for known, line in unsure if could_share(facts, known))
        groups.append(Group(facts, tuple(members), possible, made_by))
    for facts, line in unsure:
        others = [other for known, members in shared.items() if could_share(facts, known) for other in members]
        others.extend(other for known, other in unsure if other is not line and could_share(facts, known))
        groups.append(Group(facts, (line,), tuple(sorted(others, key=_place)), made_by))
    groups.sort(key=lambda group: group.lines[0].index)
    return tuple(groups)


def could_share(one: Facts, other: Facts) -> bool:
    """Whether two lines with these facts could be of one group: where both facts are known, they are equal."""
    return all(mine is None or theirs is None or mine == theirs for mine, theirs in zip(one, other, strict=True))


def day_of(group: Group, by: Sequence[Field]) -> tuple[date | None, tuple[str, ...]]:
    """The day of a group's earliest line, and where the facts stand that would settle it where it is unknown (None).

    A line that the group may hold makes it unknown when that line could be earlier; it could not where the lines are
    grouped by their date.
    """
    dates: list[date] = [line.data.date for line in group.lines if line.data.date is not None]
    if len(dates) < len(group.lines):
        return None, tuple(f"{line.pointer}/date" for line in group.lines if line.data.date is None)
    first = min(dates)
    if any(field.name == "date" for field in by):
        return first, ()
    earlier = [line for line in group.possible if line.data.date is None or line.data.date < first]
    if not earlier:
        return first, ()
    unknown = [field.sources(line) for line in (*group.lines, *earlier) for field in by if field.read(line) is None]
    return None, tuple(dict.fromkeys(pointer for sources in unknown for pointer in sources))


def _place(line: Member) -> int:
    return line.index
