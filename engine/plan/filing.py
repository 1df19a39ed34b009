"""Filing: where a rule is filed in the index of a plan, known without compiling the rule.

In:   a `Rule`.                                    Out: `Filed`.
Uses: plan.index, plan.certain.shape, plan.asked.  Used by: plan.build, plan.certain.dispatch, pipeline (which keeps it).
Not here: the index itself (index.py).
"""

from collections.abc import Iterable, Sequence

from msgspec import Struct

from sequela.engine.model.nodes import SetDefinition
from sequela.engine.model.rules import Rule
from sequela.engine.plan.asked import asks_payable, is_always_disabled
from sequela.engine.plan.certain import shape
from sequela.engine.plan.index import Within, plain_codes, trigger_of
from sequela.engine.vocabulary.kinds import Kind

Drawers = tuple[tuple[Kind, Within], ...]
"""A kind of member, and the codes of which it must have one: for each version of a rule."""


class Filed(Struct, frozen=True):
    """What leads a claim to one rule.

    `runs` is whether any claim does. `steps` is under what the compiled steps file it, None where every claim meets it.
    `written` is the same for the code that is written for it: None where none is, empty where every claim meets it.
    """

    settings: frozenset[str]
    runs: bool
    steps: Drawers | None
    written: Drawers | None


def filed(rules: Iterable[Rule]) -> Sequence[Filed]:
    """Where each rule is filed."""
    return tuple(_filed(rule) for rule in rules)


def _filed(rule: Rule) -> Filed:
    runs = bool(rule.segments) and not is_always_disabled(rule)
    return Filed(
        settings=rule.settings,
        runs=runs,
        steps=_by_steps(rule) if runs else None,
        written=_by_written_code(rule) if runs else None,
    )


def _by_steps(rule: Rule) -> Drawers | None:
    found: list[tuple[Kind, Within]] = []
    for segment in rule.segments:
        trigger = trigger_of(segment.version.subjects)
        if trigger is None:
            return None
        found.append((trigger[0], _within(trigger[1])))
    return tuple(found) if len({kind for kind, _ in found}) == 1 else None


def _by_written_code(rule: Rule) -> Drawers | None:
    found: list[tuple[Kind, Within]] = []
    kinds: set[Kind] = set()
    for segment in rule.segments:
        trigger = shape.trigger_of(segment.version)
        if trigger is None:
            return None
        kinds.add(trigger.kind)
        if trigger.within is not None:
            found.append((trigger.kind, _within(trigger.within)))
    if len(kinds) != 1 or any(asks_payable(segment.version) for segment in rule.segments):
        return None
    return tuple(found) if len(found) == len(rule.segments) else ()


def _within(asked: SetDefinition | str) -> Within:
    if isinstance(asked, str):
        return (asked,)
    plain = plain_codes(asked)
    return asked if plain is None else plain
