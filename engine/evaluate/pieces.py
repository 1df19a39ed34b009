"""Pieces: of a verdict that was decided the parts that its reason is made of, judged alone.

In:   a failure, or what a bypass let through, and the scope it was decided in.    Out: a `Trace` of these parts, and no others.
Uses: walk_rule, tracing, replay.                                                  Used by: explain.record.
Not here: the whole verdict judged again (replay); what is open (missing).

Whether the rule applies is certain, and told by the verdict: the rows stand in its slots. So a reason needs what is required, or
where nothing is required but that it does not happen, the row that was found, else `when`, else how the subjects belong together.
"""

from collections.abc import Mapping, Sequence

from sequela.engine.encounter.view import View
from sequela.engine.evaluate.evidence import Scope, leaf, row_decider
from sequela.engine.evaluate.payments import Payments
from sequela.engine.evaluate.trace import ClauseTrace, LookUpTrace, Trace
from sequela.engine.evaluate.tracing import requirement_traced
from sequela.engine.evaluate.tree import tree
from sequela.engine.evaluate.verdict import Bound, Status, Verdict
from sequela.engine.evaluate.walk_conditions import settle
from sequela.engine.evaluate.walk_rule import ask, ask_required, read_keys
from sequela.engine.evaluate.walk_subjects import governing_date, pairing
from sequela.engine.model.rules import Clause, LookUp, RuleVersion
from sequela.engine.tables.model import Row, Table

_DECIDED = (Status.FAIL, Status.BYPASSED)


def scope_of(verdict: Verdict, tables: Mapping[str, Table], view: View, payments: Payments) -> Scope | None:
    """In what a verdict that names its version was decided, for judging it again with the whole evidence; None for others."""
    segment, rule = verdict.segment, verdict.rule
    if segment is None or not verdict.frame:
        return None
    on, asks = governing_date(rule, segment.version.subjects, list(verdict.frame), view)
    if on is None and not rule.covers_every_date:
        return None
    return Scope(view, tables, payments, on, asks, thorough=True)


def pieces(verdict: Verdict, scope: Scope) -> Trace | None:
    """Of a failure what is required, or what is forbidden; of what was let through the bypass. None for any other status."""
    segment = verdict.segment
    if segment is None or verdict.status not in _DECIDED:
        return None
    version, frame = segment.version, list(verdict.frame)
    found = _Found(verdict, scope)
    if verdict.status is Status.BYPASSED:
        return found.trace(bypass=_clause(version.bypass, frame, scope))
    if all(one.condition is not None for one in version.requirements):
        return found.trace(version=version, frame=frame)
    if version.look_ups:
        return found.trace(version=version, frame=frame, look_ups=_rows(version, frame, scope))
    if version.when is not None:
        return found.trace(version=version, frame=frame, when=_clause(version.when, frame, scope))
    return found.trace(version=version, frame=frame, paired=True)


class _Found:
    """Makes the trace of some parts of a verdict."""

    def __init__(self, verdict: Verdict, scope: Scope) -> None:
        self._verdict = verdict
        self._scope = scope

    def trace(
        self,
        *,
        version: RuleVersion | None = None,
        frame: Sequence[Bound] = (),
        look_ups: tuple[LookUpTrace, ...] = (),
        when: ClauseTrace | None = None,
        bypass: ClauseTrace | None = None,
        paired: bool = False,
    ) -> Trace:
        verdict, scope = self._verdict, self._scope
        required = () if version is None else version.requirements
        judged = [ask_required(one, list(frame), scope) for one in required]
        pairs = zip(required, judged, strict=True)
        setting = scope.view.encounter.setting
        return Trace(
            rule=verdict.rule,
            status=verdict.status,
            reason=verdict.reason,
            setting=setting,
            in_settings=setting in verdict.rule.settings,
            governing_date=scope.on,
            segment=verdict.segment,
            pairing=tree(pairing(version.subjects, list(frame), scope)) if paired and version is not None else None,
            look_ups=look_ups,
            when=when,
            requirements=tuple(requirement_traced(requirement, one) for requirement, one in pairs),
            bypass=bypass,
        )


def _clause(clause: Clause | None, frame: list[Bound], scope: Scope) -> ClauseTrace | None:
    if clause is None:
        return None
    return ClauseTrace(node=tree(ask(clause.condition, list(frame), scope)), change=clause.change)


def _rows(version: RuleVersion, frame: list[Bound], scope: Scope) -> tuple[LookUpTrace, ...]:
    """The rows that were found, in the order in which they are looked up."""
    ordered = sorted(version.look_ups, key=lambda one: one.late)
    return tuple(_row(one, frame, scope) for one in ordered)


def _row(look_up: LookUp, frame: list[Bound], scope: Scope) -> LookUpTrace:
    row = frame[look_up.binding.slot]
    assert isinstance(row, Row)
    keys = settle(read_keys(look_up, frame, scope), scope)
    name = look_up.table.name
    seen = tuple(one for key in keys for one in key.seen)
    found = leaf("look up", look_up, True, seen=seen, deciders=(row_decider(name, row),))
    return LookUpTrace(name=look_up.binding.name, table=name, found=True, unchecked=False, node=tree(found))
