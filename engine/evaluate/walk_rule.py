"""Walk, one rule: look-ups, `when`, exceptions, requirements and bypass on one combination of subjects.

In:   a segment of a rule, a combination.           Out: `Judgement`s, one for each combination of rows.
Uses: walk_conditions, walk_values, walk_subjects, verdict.    Used by: walk, trace, missing.
Not here: all rules of a claim, and verdicts (walk).
"""

from collections.abc import Sequence

from msgspec import Struct, field

from sequela.engine.evaluate.evidence import (
    Ask,
    Evidence,
    Gap,
    Joint,
    Reading,
    Scope,
    Steps,
    leaf,
    negation,
    no_row_decider,
    row_decider,
    some,
)
from sequela.engine.evaluate.values import NOT_COVERED, Logic, all_of, because, opposite
from sequela.engine.evaluate.verdict import Bound, NotApplicable, Status, UnknownRow
from sequela.engine.evaluate.walk_conditions import settle
from sequela.engine.evaluate.walk_subjects import Combination
from sequela.engine.evaluate.walk_values import read
from sequela.engine.model.nodes import AllOf, Condition
from sequela.engine.model.rules import Clause, LookUp, Requirement, Segment, Witness
from sequela.engine.tables.model import MatchState, Row

Frame = list[Bound]


class FoundRow(Struct, eq=False):
    """What one look-up found: a row, a row that cannot be told, or None: there is certainly none."""

    look_up: LookUp
    row: Row | UnknownRow | None
    evidence: Evidence


class Judgement(Struct, eq=False, kw_only=True):
    """How one combination of subjects and rows came out under one segment of a rule, with the evidence of every clause.

    What was not asked, because something before it was certain, is not there. `undated` stands where the governing date
    is unknown and another segment, or none, could be the one.
    """

    segment: Segment
    combination: Combination
    frame: Frame
    undated: Evidence | None
    look_ups: list[FoundRow] = field(default_factory=list)
    when: Evidence | None = None
    unless: list[Evidence] = field(default_factory=list)
    requirements: list[Evidence] = field(default_factory=list)
    bypass: Evidence | None = None
    status: Status = Status.NOT_APPLICABLE
    reason: NotApplicable | None = None

    @property
    def applies(self) -> Logic:
        """Whether the rule applies: pairing, look-ups, `when`, and no exception."""
        conjuncts = [self.combination.pairing.value, *(one.evidence.value for one in self.look_ups)]
        if self.undated is not None:
            conjuncts.append(self.undated.value)
        if self.when is not None:
            conjuncts.append(self.when.value)
        conjuncts.extend(opposite(one.value) for one in self.unless)
        return all_of(conjuncts)

    @property
    def holds(self) -> Logic:
        """Whether all that the rule asks holds."""
        return all_of([one.value for one in self.requirements])

    @property
    def bypassed(self) -> Logic:
        """Whether a failure is let through."""
        return False if self.bypass is None else self.bypass.value


def status_of(applies: Logic, holds: Logic, bypassed: Logic) -> Status:
    """The status of a rule on a subject: it fails when it applies, not all holds, and no bypass is true.

    Source: the table in the language, section "Status of a rule on a subject"; tests/truth/status.csv.
    """
    if applies is False:
        return Status.NOT_APPLICABLE
    fails = all_of((applies, opposite(holds), opposite(bypassed)))
    if fails is True:
        return Status.FAIL
    if fails is not False:
        return Status.NOT_CHECKED if fails is NOT_COVERED else Status.UNKNOWN
    if applies is True and holds is False and bypassed is True:
        return Status.BYPASSED
    return Status.PASS


def judge_combination(
    segment: Segment, combination: Combination, scope: Scope, undated: Evidence | None
) -> list[Judgement]:
    """How a combination comes out under a segment: one judgement for each combination of the rows that it looks up."""
    version = segment.version
    early = [one for one in version.look_ups if not one.late]
    late = [one for one in version.look_ups if one.late]
    frame: Frame = [None] * version.slots
    frame[: len(combination.frame)] = combination.frame[: version.slots]
    opened = Judgement(segment=segment, combination=combination, frame=frame, undated=undated)
    judged: list[Judgement] = []
    for one in _with_rows(opened, early, scope):
        if one.reason is not None or not _met(one, version.when, version.witnesses, scope):
            judged.append(one)
            continue
        for other in _with_rows(one, late, scope):
            if other.reason is None:
                _decide(other, scope)
            judged.append(other)
    return judged


def _copy(judgement: Judgement, frame: Frame, look_ups: list[FoundRow]) -> Judgement:
    return Judgement(
        segment=judgement.segment,
        combination=judgement.combination,
        frame=frame,
        undated=judgement.undated,
        look_ups=look_ups,
        when=judgement.when,
    )


# ---------------------------------------------------------------- look-ups


def _with_rows(judgement: Judgement, look_ups: Sequence[LookUp], scope: Scope) -> list[Judgement]:
    """A judgement for each combination of the rows that are found; the one that has none, where none is left."""
    found = [judgement]
    for look_up in look_ups:
        grown: list[Judgement] = []
        absent: list[Judgement] = []
        for one in found:
            for row in settle(rows_of(look_up, one.frame, scope), scope):
                frame = list(one.frame)
                frame[look_up.binding.slot] = row.row
                (absent if row.row is None else grown).append(_copy(one, frame, [*one.look_ups, row]))
        if not grown:
            absent[0].reason = NotApplicable.NO_ROW
            return absent[:1]
        found = grown
    return found


def rows_of(look_up: LookUp, frame: Frame, scope: Scope) -> Steps[list[FoundRow]]:
    """What a look-up finds: each row, or one entry for a row that cannot be told, or one for none at all."""
    keys = yield from read_keys(look_up, frame, scope)
    on, asks = scope.on, scope.on_asks
    if look_up.on is not None:
        on, asks = (keys[-1].value if keys[-1].value else None), ()  # type: ignore[assignment]
    seen = tuple(one for key in keys for one in key.seen)
    name = look_up.table.name
    table = scope.tables.get(look_up.table.key)
    if table is None:
        gaps = (Gap(table=name, on=on, loaded=False),)
        unloaded = leaf("look up", look_up, NOT_COVERED, seen=seen, gaps=gaps)
        return [FoundRow(look_up, UnknownRow.NOT_COVERED, unloaded)]
    matches = table.look_up([key.key for key in keys[: len(look_up.keys)]], on)  # type: ignore[misc]
    if matches.state is MatchState.NOT_COVERED:
        gaps = (Gap(table=name, on=on, loaded=True),)
        uncovered = leaf("look up", look_up, NOT_COVERED, seen=seen, gaps=gaps)
        return [FoundRow(look_up, UnknownRow.NOT_COVERED, uncovered)]
    if matches.rows:
        return [
            FoundRow(look_up, row, leaf("look up", look_up, True, seen=seen, deciders=(row_decider(name, row),)))
            for row in matches.rows
        ]
    absent = matches.state is MatchState.CERTAIN
    value = because(matches.found, uncovered=any(key.uncovered for key in keys))
    evidence = leaf("look up", look_up, value, seen=seen, beyond_facts=absent)
    if absent:
        evidence.deciders = (no_row_decider(name, table, on),)
    elif on is None and table.asks_date:
        evidence.asks = asks or None
    return [FoundRow(look_up, None if value is False else UnknownRow.POSSIBLE, evidence)]


def read_keys(look_up: LookUp, frame: Frame, scope: Scope) -> Steps[list[Reading]]:
    """The keys of a look-up, and last its date, where it has one of its own."""
    keys: list[Reading] = []
    for key in (*look_up.keys, *(() if look_up.on is None else (look_up.on,))):
        reading = yield from read(key, frame, scope)
        keys.append(reading)
    return keys


# ---------------------------------------------------------------- clauses


def _met(judgement: Judgement, when: Clause | None, witnesses: Sequence[Witness], scope: Scope) -> bool:
    """Ask `when` and bind its witnesses; whether the rule may apply still."""
    if when is None:
        return True
    judgement.when = ask(when.condition, judgement.frame, scope)
    if judgement.when.value is False:
        judgement.reason = NotApplicable.WHEN
        return False
    for witness in witnesses:
        judgement.frame[witness.binding.slot] = _witness(witness, judgement.when)
    return True


def _witness(witness: Witness, when: Evidence) -> Bound:
    """The first member that satisfied a `some` of the top `and` with certainty."""
    parts = [when]
    while parts:
        part = parts.pop()
        if part.node is witness.some:
            return part.witness
        if isinstance(part.node, AllOf):
            parts.extend(part.parts)
    return None


def _decide(judgement: Judgement, scope: Scope) -> None:
    """Ask what stands after `when`, and settle the status."""
    version, frame = judgement.segment.version, judgement.frame
    for clause in version.unless:
        judgement.unless.append(ask(clause.condition, frame, scope))
        if judgement.unless[-1].value is True and not scope.thorough:
            break
    if any(one.value is True for one in judgement.unless):
        judgement.reason = NotApplicable.UNLESS
        return
    _ask_what_is_required(judgement, scope)
    judgement.status = status_of(judgement.applies, judgement.holds, judgement.bypassed)


def judge_required(segment: Segment, combination: Combination, frame: Sequence[Bound], scope: Scope) -> Judgement:
    """What a segment asks of a combination that it applies to: what is required, and the bypass; not why it applies.

    `frame` is what the slots of an earlier verdict held: rows and witnesses, too.
    """
    judgement = Judgement(segment=segment, combination=combination, frame=list(frame), undated=None)
    _ask_what_is_required(judgement, scope)
    return judgement


def _ask_what_is_required(judgement: Judgement, scope: Scope) -> None:
    version, frame = judgement.segment.version, judgement.frame
    judgement.requirements = [ask_required(one, frame, scope) for one in version.requirements]
    if version.bypass is not None and (scope.thorough or judgement.holds is not True):
        judgement.bypass = ask(version.bypass.condition, frame, scope)


def ask_required(requirement: Requirement, frame: Frame, scope: Scope) -> Evidence:
    """Whether what is required holds: the condition, or not what is forbidden, or that it is not asked for here."""
    if requirement.condition is None:
        found = leaf("forbidden", requirement, False)
    else:
        found = ask(requirement.condition, frame, scope)
        if requirement.forbidden:
            found = negation("forbidden", requirement, found)
    if requirement.only_when is not None:
        asked = negation("only when", requirement, ask(requirement.only_when, frame, scope))
        return some("require", requirement, [asked, found])
    return Evidence(kind="require", node=requirement, value=found.value, joint=Joint.SAME, parts=(found,))


def ask(condition: Condition, frame: Frame, scope: Scope) -> Evidence:
    """The evidence for a condition."""
    return settle(_only(condition, frame), scope)


def _only(condition: Condition, frame: Frame) -> Steps[Evidence]:
    return (yield Ask(condition, frame))
