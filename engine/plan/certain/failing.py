"""Failing: which rules a claim fails, without a record of what was decided.

In:   the written code of rules.                         Out: `Failing`; `of_failing`.
Uses: plan.certain.triggered, grouped, claim.            Used by: plan.certain.dispatch, pipeline.rulebook (through it).
Not here: claims of which the compiled steps decide anything, and rules that every claim meets (dispatch).

The code is that of the records, but where a record is written there, the id of a rule that fails is noted here.
"""

import re
from collections.abc import Mapping
from typing import Any, Final

from sequela.engine.encounter.model import Encounter
from sequela.engine.encounter.sound_at_once import codes_are_sound
from sequela.engine.plan.certain.claim import Claim
from sequela.engine.plan.certain.grouped import Written
from sequela.engine.plan.certain.triggered import Triggered

_RECORD: Final = re.compile(r"( *)add\(\(rule, (?:([012])|[02] if (.*) else 1)((?:, \w+)*)\)\)")


def of_failing(written: Written, rule: str) -> Written | None:
    """The code that notes the id of a rule where it fails; None where what it records is not understood."""
    lines: list[str] = []
    for line in written.body.split("\n"):
        if "add(" not in line:
            lines.append(line)
            continue
        found = _RECORD.fullmatch(line)
        if found is None:
            return None
        indent, came, passes = found[1], found[2], found[3]
        if passes is not None:
            lines.append(f"{indent}if not ({passes}): add(rule)")
        else:
            lines.append(f"{indent}add(rule)" if came == "1" else f"{indent}pass")
    return Written("\n".join(lines), (rule, *written.parameters[1:]))


class Failing:
    """Which rules fail, where all rules are triggered by codes and none is left to the compiled steps.

    What has not the form of a code is never remembered: of a claim about which something is said, all codes have it.
    """

    def __init__(self, triggered: Triggered) -> None:
        self._triggered = triggered
        self._lines: Mapping[str | None, Any] = triggered.lines
        self._diagnoses: Mapping[str | None, Any] = triggered.diagnoses

    def rules(self, encounter: Encounter, met: bool = False) -> set[str] | None:
        """The ids of the rules that a claim fails; None where the written code does not decide all of them.

        `met` says that all its codes were met before.
        """
        failed: set[Any] = set()
        claim: Claim | None = None
        each: Any  # the place of a member is asked for only where something is triggered
        try:
            of, each = self._diagnoses, iter(encounter.diagnoses)
            for one in each:
                if of[one.code] is not None:
                    if claim is None:
                        claim = Claim(encounter, encounter.lines, [], True)
                        if claim.order() is not None:
                            return None
                    at = len(encounter.diagnoses) - each.__length_hint__() - 1
                    of[one.code](one, at, claim, failed.add)
            of, each = self._lines, iter(encounter.lines)
            for line in each:
                if of[line.code] is not None:
                    if claim is None:
                        claim = Claim(encounter, encounter.lines, [], True)
                    at = len(encounter.lines) - each.__length_hint__() - 1
                    of[line.code](line, at, claim, failed.add)
        except KeyError:  # a code that was not met before
            if met:
                raise
            if not codes_are_sound(encounter):
                return None
            return self.rules(self._triggered.meet(encounter), True)
        return failed if claim is None or claim.bailed is None else None
