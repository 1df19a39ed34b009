"""Running a plan on a claim: the fast path from a view to its verdicts.

In:   a `Plan` and a `View`.                 Out: `Verdict`s, by phase, rule and subjects: all, or what was found.
Uses: plan.steps, plan.run_rule, plan.payable.    Used by: pipeline, cases.
Not here: why (evaluate.walk answers that, for one verdict, on demand).
"""

from collections.abc import Sequence
from pathlib import PurePath
from traceback import extract_tb

from sequela.engine.encounter.view import View
from sequela.engine.evaluate.verdict import Status, Verdict
from sequela.engine.plan.certain.claim import PASS
from sequela.engine.plan.certain.dispatch import Records
from sequela.engine.plan.logic import Context
from sequela.engine.plan.payable import Struck
from sequela.engine.plan.run_rule import run_rule
from sequela.engine.plan.steps import Plan, RulePlan


def run_findings(plan: Plan, view: View, records: Records) -> tuple[Verdict, ...]:
    """The verdicts of the rules that the written code left, or of which it did not say that they pass, in the same order.

    Those that it says pass change nothing for the others: they leave every line as payable as it was.
    """
    places = {record[0] for record in records.records if record[1] != PASS}
    if records.slow:
        concerned = plan.triggers[view.encounter.setting].concerned(view)
        places.update(set(records.slow).intersection(concerned))
    found: list[Verdict] = []
    phase = -1
    struck = Struck()
    context = Context(view)
    context.payable = struck.payable
    for place in sorted(places):
        if plan.phases[place] != phase:
            phase = plan.phases[place]
            struck.next_phase()
        found.extend(_ran(plan.rules[place], context, struck))
    return tuple(found)


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
        found.extend(_ran(plan.rules[place], context, struck))
    found.extend(idle[done:])
    return tuple(found)


def _ran(rule: RulePlan, context: Context, struck: Struck) -> Sequence[Verdict]:
    try:
        return run_rule(rule, context, struck)
    except Exception as fault:  # whatever it is, it is ours: the rule is named as not decided, the others go on
        if rule.counts_against_lines:
            struck.broken()
        return [Verdict(rule=rule.rule, segment=None, status=Status.ERROR, about=("",), fault=_words(fault))]


def _words(fault: Exception) -> str:
    """What kind of fault it was and where in the engine: nothing of the claim."""
    place = extract_tb(fault.__traceback__)[-1]
    return f"{type(fault).__name__} in {PurePath(place.filename).name}, line {place.lineno}"
