"""The shape of a test: whether every case expects something, and every variation has a claim to vary.

In:   a test.           Out: mistakes.
Uses: cases, fault.     Used by: parse.
"""

from sequela.engine.diagnostics.model import Label
from sequela.engine.syntax.cases import TestDeclaration
from sequela.engine.syntax.fault import Mistake


def faults_of_test(test: TestDeclaration) -> list[Mistake]:
    """What is wrong with the cases of a test."""
    found = []
    has_claim = False
    for case in test.cases:
        has_claim = has_claim or not case.is_variation
        if not has_claim:
            found.append(
                Mistake(
                    code="SEQ194",
                    message="There is no case above that this one could vary.",
                    at=Label(case.title.span),
                    hint="Write the first case in full: `professional claim on 2026-03-02`, and the lines of the claim.",
                )
            )
        if not case.expects:
            found.append(
                Mistake(
                    code="SEQ193",
                    message="The case does not say what is expected.",
                    at=Label(case.title.span),
                    hint="Write `expect fail at line 1`, or another status.",
                )
            )
    return found
