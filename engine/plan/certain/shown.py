"""Shown: what runs for a rule, in words: what triggers it, its look-ups, and the code that is written for it.

In:   a plan, a rule and a setting.                Out: `shown`: a text.
Uses: plan.certain.shape, model.rules, tables.     Used by: commands.plan.
"""

from typing import Any, Final

from sequela.engine.model.nodes import SetDefinition
from sequela.engine.model.rules import Rule, RuleVersion, Segment
from sequela.engine.plan.certain.listed import Listing
from sequela.engine.plan.certain.shape import all_of, attempt, pair_of_lines, trigger_of
from sequela.engine.plan.steps import Plan
from sequela.engine.tables.beginnings import Beginnings
from sequela.engine.tables.stored_columns import BoundedMemo
from sequela.engine.vocabulary.kinds import Kind

_MOST_CODES: Final = 6
_MEMBERS: Final = {Kind.LINE: "line", Kind.DIAGNOSIS: "diagnosis"}


def shown(plan: Plan, place: int, setting: str) -> str:
    """What runs for the rule at a place on claims in a setting: one part for each of its versions."""
    rule = plan.rules[place].rule
    title = f" \u00b7 {rule.segments[0].version.title}" if rule.segments else ""
    parts = [rule.id + title, f"On {setting} claims."]
    if setting not in rule.settings:
        return "\n".join([parts[0], f"The rule is not for {setting} claims: nothing runs."])
    if plan.rules[place].asks_payable:
        parts.append("The compiled steps decide it: `is payable` asks what earlier phases said.")
    for segment in rule.segments:
        parts.append("")
        parts.extend(_version(plan, rule, place, segment, setting))
    return "\n".join(parts)


def _version(plan: Plan, rule: Rule, place: int, segment: Segment, setting: str) -> list[str]:
    version = segment.version
    first = segment.first.isoformat() if segment.first is not None else "the first day"
    last = segment.last.isoformat() if segment.last is not None else "the last day"
    lines = [f"From {first} to {last}:"]
    if segment.disabled is not None:
        return [*lines, "  It is disabled: nothing runs."]
    lines.append(f"  Triggered by {_trigger(plan, rule, version)}.")
    lines.extend(f"  Looks up {_look_up(plan, one.table.key, one.table.name)}." for one in version.look_ups)
    found = attempt(rule, segment, place, setting, plan.compiler)
    if isinstance(found, str):
        return [*lines, f"  The compiled steps decide it: no code is written for {found}."]
    if plan.rules[place].asks_payable:
        return lines
    lines.append("  Written code; where a fact that it reads is not known, the compiled steps decide.")
    lines.append("  With other rules of this form that a code triggers it runs as one loop over them:")
    lines.append("")
    lines.extend(f"    # {words}" for words in version.span.text.splitlines())
    lines.extend(f"    {name} = {_said(value)}" for name, value in _parameters(found.parameters))
    body = found.text.split("\n", 1)[1].rsplit("    return run", 1)[0]
    lines.extend(body.rstrip().splitlines())
    return lines


def _parameters(values: tuple[Any, ...]) -> list[tuple[str, Any]]:
    return [("rule", values[0]), *((f"p{number}", value) for number, value in enumerate(values[1:]))]


def _trigger(plan: Plan, rule: Rule, version: RuleVersion) -> str:
    of_lines = pair_of_lines(rule, plan.compiler)
    if of_lines is not None:
        return f"a line of which a row of `{of_lines.table.name}` has the code together with that of another line"
    found = trigger_of(version)
    if found is None:
        return "every claim: its subjects are bound by the compiled steps"
    if found.kind is Kind.CLAIM:
        return "every claim"
    member = _MEMBERS[found.kind]
    if all_of(rule) is not None:
        return f"every {member} of a claim"
    if isinstance(found.within, SetDefinition):
        return f"a {member} with a code of `{found.within.name}`"
    return f"a {member} with the code {found.within}"


def _look_up(plan: Plan, key: str, name: str) -> str:
    table = plan.compiler.tables.get(key)
    if table is None:
        return f"`{name}`, which is not loaded: what it decides is not checked"
    release = f", release {table.release}" if table.release else ""
    return f"`{name}`, {table.count:,} rows{release}"


def _said(value: Any) -> str:
    """A constant of the written code."""
    if isinstance(value, frozenset):
        some = ", ".join(sorted(value)[:_MOST_CODES])
        return f"{{{some}}}" if len(value) <= _MOST_CODES else f"{{{some}, \u2026}}  # {len(value):,} codes"
    if isinstance(value, Listing):
        return "...  # a set of which text says what it holds; what was asked is remembered"
    if isinstance(value, Beginnings):
        return "...  # the rows of the table by the keys that were met"
    if isinstance(value, dict) and not isinstance(value, BoundedMemo):
        return "...  # of the codes that were met, what tells that no row has them beside some others"
    if isinstance(value, BoundedMemo):
        return "...  # whether the table speaks for a day"
    if callable(value):
        return f"...  # {getattr(value, '__qualname__', type(value).__name__).split('.<locals>')[0]}: a compiled step"
    return repr(value) if isinstance(value, (str, int)) else str(value)
