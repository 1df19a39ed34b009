"""Seen: whether the cases have shown every rule of the files given in each way in which it can answer.

In:   compiled rule files and the results of their cases.    Out: `RuleSeen`s.
Uses: cases.run, model.rules.                                Used by: report, the command `test`, the project's own tests.
Not here: rules of the files that are only used, whose cases stand beside them.

A rule is seen to answer something when a case expects just that of it, and it comes: what only happens to come would not be
missed by anyone.
"""

from collections import defaultdict
from collections.abc import Iterator
from typing import Final

from attrs import frozen

from sequela.engine.cases.run import Results
from sequela.engine.model.rules import SETTINGS, ForClaim, Rule, RuleVersion
from sequela.engine.pipeline.compile import Compiled

FAIL: Final = "fail"
PASS: Final = "pass"
NOT_APPLICABLE: Final = "not applicable"
BYPASSED: Final = "bypassed"
OTHERS: Final = ("unknown", "not checked")
"""What a rule need not be seen to answer: many cannot."""


@frozen(kw_only=True)
class RuleSeen:
    """One rule: where it stands, what its cases saw it answer, and what they should have seen and did not."""

    rule: str
    file: str
    line: int
    seen: tuple[str, ...]
    lacking: tuple[str, ...]

    @property
    def in_three_ways(self) -> bool:
        """Whether it was seen to fail, pass and not apply, as far as it can."""
        return not any(one in self.lacking for one in (FAIL, PASS, NOT_APPLICABLE))


def rules_seen(compiled: Compiled, results: Results) -> tuple[RuleSeen, ...]:
    """Every rule of the files given that can be in force on some day, by file and place."""
    seen: dict[str, set[str]] = defaultdict(set)
    for case in results.cases:
        for name, status in case.seen:
            seen[name].add(status)
    found: list[RuleSeen] = []
    for rule in _declared(compiled):
        wanted = _wanted(rule)
        if wanted:
            order = (FAIL, PASS, NOT_APPLICABLE, BYPASSED, *OTHERS)
            found.append(
                RuleSeen(
                    rule=rule.id,
                    file=rule.span.source.name,
                    line=rule.span.line,
                    seen=tuple(one for one in order if one in seen[rule.id]),
                    lacking=tuple(one for one in wanted if one not in seen[rule.id]),
                )
            )
    return tuple(sorted(found, key=lambda one: (one.file, one.line)))


def _declared(compiled: Compiled) -> Iterator[Rule]:
    """The rules that stand in the files given, each once, as they are before other payers change them."""
    given = {one.header.name.text: one.header for one in compiled.given if one.header is not None}
    for name, header in given.items():
        selection = compiled.rules.selections[name if header.is_payer else None]
        yield from (rule for rule in selection.rules if rule.ruleset == name)


def _wanted(rule: Rule) -> tuple[str, ...]:
    """What the cases of a rule should have seen: all that it can answer of a claim of which everything is known."""
    versions = [segment.version for segment in rule.segments if segment.disabled is None]
    if not versions:
        return ()
    can_pass = any(one.condition is not None for version in versions for one in version.requirements)
    always = len(rule.settings) == len(SETTINGS) and rule.covers_every_date and _always_applies(versions[0])
    bypass = any(version.bypass is not None for version in versions)
    return (
        FAIL,
        *([PASS] if can_pass else []),
        *([] if always else [NOT_APPLICABLE]),
        *([BYPASSED] if bypass else []),
    )


def _always_applies(version: RuleVersion) -> bool:
    """Whether a rule has a subject on every claim, and no condition."""
    is_for_claim = isinstance(version.subjects, ForClaim)
    return is_for_claim and version.when is None and not version.unless and not version.look_ups
