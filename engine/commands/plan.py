"""`sequela plan`: what runs for a rule.

In:   the id of a rule, rules, a payer, a setting.    Out: a text on standard output; the exit status.
Uses: plan.certain.shown, pipeline.                   Used by: cli.
"""

from collections.abc import Sequence
from pathlib import Path

from sequela.engine.commands.check import rules_are_known
from sequela.engine.commands.rulebooks import open_rules, payer_is_known
from sequela.engine.commands.screen import CLEAN, FAILED, note, out
from sequela.engine.model.rules import SETTINGS
from sequela.engine.plan.certain.shown import shown


def run(rule: str, rules: Sequence[Path], data: Sequence[Path], payer: str | None, setting: str | None) -> int:
    """Print the code that is written for a rule, what triggers it and what it looks up, or why the compiled steps decide it.

    Without `setting`, as it runs on claims in the first setting that the rule is for.
    """
    rulebook = open_rules(rules, data)
    if rulebook is None or not payer_is_known(rulebook, payer) or not rules_are_known(rulebook, (rule,)):
        return FAILED
    names = rulebook.payers_named(payer) if payer else (rulebook.single_payer,)
    texts = []
    for name in names:
        plan = rulebook.plan(name)
        place = next((one.place for one in plan.rules if one.rule.id == rule), None)
        if place is None:
            continue
        settings = plan.rules[place].rule.settings & plan.selection.settings
        asked = setting or next((one for one in SETTINGS if one in settings), SETTINGS[0])
        texts.append(shown(plan, place, asked))
    if not texts:
        note(f"Rule {rule} is not among the rules of {', '.join(name or 'the rulesets' for name in names)}.")
        return FAILED
    out("\n\n".join(texts))
    return CLEAN
