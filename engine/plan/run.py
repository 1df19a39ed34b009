"""Running a plan on a claim: the fast path from a view to its verdicts.

In:   a `Plan` and a `View`.                 Out: `Verdict`s, by phase, rule and subjects.
Uses: plan.steps, plan.run_rule, plan.payable.    Used by: pipeline, cases.
Not here: why (evaluate.walk answers that, for one verdict, on demand).
"""

from pathlib import PurePath
from traceback import extract_tb

from sequela.engine.encounter.view import View
from sequela.engine.evaluate.verdict import Status, Verdict
from sequela.engine.plan.logic import Context
from sequela.engine.plan.payable import Struck
from sequela.engine.plan.run_rule import run_rule
from sequela.engine.plan.steps import Plan


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
        rule = plan.rules[place]
        try:
            found.extend(run_rule(rule, context, struck))
        except Exception as fault:  # whatever it is, it is ours: the rule is named as not decided, the others go on
            error = Verdict(rule=rule.rule, segment=None, status=Status.ERROR, about=("",), fault=_words(fault))
            found.append(error)
            if rule.counts_against_lines:
                struck.broken()
    found.extend(idle[done:])
    return tuple(found)


def _words(fault: Exception) -> str:
    """What kind of fault it was and where in the engine: nothing of the claim."""
    place = extract_tb(fault.__traceback__)[-1]
    return f"{type(fault).__name__} in {PurePath(place.filename).name}, line {place.lineno}"
