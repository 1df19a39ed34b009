"""Running a plan on a claim: the fast path from a view to its verdicts.

In:   a `Plan` and a `View`.                 Out: `Verdict`s, by phase, rule and subjects: all, or what was found.
Uses: plan.steps, plan.run_rule, plan.payable.    Used by: pipeline, cases.
Not here: why (evaluate.walk answers that, for one verdict, on demand).
"""

from collections.abc import Collection, Iterator, Sequence
from pathlib import PurePath
from traceback import extract_tb

from msgspec import Struct

from sequela.engine.encounter.view import View
from sequela.engine.evaluate.verdict import NotApplicable, Status, Verdict
from sequela.engine.plan.certain.claim import BYPASSED, PASS
from sequela.engine.plan.certain.dispatch import Records
from sequela.engine.plan.logic import Context
from sequela.engine.plan.payable import Struck
from sequela.engine.plan.run_rule import decisions_of, run_combinations, run_rule
from sequela.engine.plan.steps import Plan, RulePlan


class Findings(Struct, frozen=True, eq=False):
    """What was found of a claim: the verdicts of the rules that the written code left or did not pass, each with its place.

    `left` are the places of the rules that the written code left and that the claim concerns: all their verdicts are there.
    """

    parts: Sequence[tuple[int, Sequence[Verdict]]]
    left: frozenset[int]

    @property
    def verdicts(self) -> Iterator[Verdict]:
        """All of them, in the order of the ledger."""
        return (verdict for _, verdicts in self.parts for verdict in verdicts)


def run_findings(plan: Plan, view: View, records: Records) -> Findings:
    """The verdicts of the rules that the written code left, and of the combinations of which it did not say that they pass.

    Those that it says pass change nothing for the others: they leave every line as payable as it was.
    """
    failed: dict[int, dict[tuple[int, ...], None]] = {}
    open_ones: set[int] = set()
    for record in records.records:
        if record[1] != PASS:
            failed.setdefault(record[0], {})[record[2:]] = None
            if record[1] > BYPASSED:  # what is bound may not even exist
                open_ones.add(record[0])
    left: frozenset[int] = frozenset()
    if records.slow:
        left = frozenset(records.slow).intersection(plan.triggers[view.encounter.setting].concerned(view))
    found: list[tuple[int, Sequence[Verdict]]] = []
    phase = -1
    struck = Struck()
    context = Context(view)
    context.payable = struck.payable
    for place in sorted(left.union(failed)):
        if plan.phases[place] != phase:
            phase = plan.phases[place]
            struck.next_phase()
        bound = None if place in left else failed[place]
        found.append((place, ran(plan.rules[place], context, struck, bound, certain=place not in open_ones)))
    return Findings(found, left)


def run(plan: Plan, view: View) -> tuple[Verdict, ...]:
    """The verdicts of every rule of a plan on a claim, in the order of the ledger.

    A rule that nothing on the claim concerns has one verdict, *not applicable*, shared by all claims. A fault of the
    engine inside one rule becomes an *error* verdict of that rule, without claim content; the other rules are decided
    all the same.
    """
    setting = view.encounter.setting
    idle = plan.idle[setting]
    found: list[Verdict] = []
    done = 0
    phase = -1
    struck = Struck()
    context = Context(view)
    context.payable = struck.payable
    for place in plan.triggers[setting].concerned(view):
        if plan.phases[place] != phase:
            phase = plan.phases[place]
            struck.next_phase()
        found.extend(idle[done:place])
        done = place + 1
        found.extend(ran(plan.rules[place], context, struck))
    found.extend(idle[done:])
    return tuple(found)


def ran(
    rule: RulePlan,
    context: Context,
    struck: Struck,
    bound: Collection[tuple[int, ...]] | None = None,
    *,
    certain: bool = True,
) -> Sequence[Verdict]:
    """The verdicts of a rule; only those on what is bound, where that is said; `certain`, whether that is there for certain.

    A fault of the engine becomes one *error* verdict of the rule, with nothing of the claim in its words.
    """
    try:
        found = None if bound is None else run_combinations(rule, bound, context, struck, certain=certain)
        return run_rule(rule, context, struck) if found is None else found
    except Exception as fault:  # whatever it is, it is ours: the rule is named as not decided, the others go on
        if rule.counts_against_lines:
            struck.broken()
        return [Verdict(rule=rule.rule, segment=None, status=Status.ERROR, about=("",), fault=_words(fault))]


def reasons_met(rule: RulePlan, context: Context, most: int) -> int:
    """For how many reasons, of so many at most, a rule does not apply; 0 where the engine has a fault over it."""
    met: set[NotApplicable | None] = set()
    try:
        for _, decision in decisions_of(rule, context):
            met.add(decision.reason)
            if len(met) - (None in met) == most:
                break
    except Exception:  # whatever it is, it is ours, and told where the rule is run for what it found
        return 0
    return len(met) - (None in met) if met else 1


def _words(fault: Exception) -> str:
    """What kind of fault it was and where in the engine: nothing of the claim."""
    place = extract_tb(fault.__traceback__)[-1]
    return f"{type(fault).__name__} in {PurePath(place.filename).name}, line {place.lineno}"
