"""The report of `sequela test`: what each failing case expected and what came, and how far the rules were seen.

In:   `Results`, `RuleSeen`s.     Out: a text.
Uses: cases.run, cases.seen.      Used by: the command `test`.
"""

from collections.abc import Sequence
from typing import Final

from sequela.engine.cases.run import CaseResult, Results
from sequela.engine.cases.seen import BYPASSED, FAIL, NOT_APPLICABLE, PASS, RuleSeen

_GREEN: Final = "\x1b[32m"
_RED: Final = "\x1b[31m"
_PLAIN: Final = "\x1b[0m"


def render_results(
    results: Results, seen: Sequence[RuleSeen] = (), *, colour: bool, verbose: bool, lacking: bool = False
) -> str:
    """Each case that failed (all with `verbose`), one line with the numbers, one with how many rules were seen in every way.

    With `lacking` (and with `verbose`) the rules follow that were not.
    """
    lines: list[str] = []
    for case in results.cases:
        if case.misses:
            lines.extend(_failed(case, colour))
        elif verbose:
            lines.append(f"{_painted('passed', _GREEN, colour)}  {case.file}:{case.line}  {case.title}")
    if lines:
        lines.append("")
    failed, unrun = len(results.failed), len({one.at.span.start for one in results.diagnostics})
    passed = len(results.cases) - failed
    numbers = f"{passed} case{'' if passed == 1 else 's'} passed, {failed} failed"
    if unrun:
        numbers += f", {unrun} could not be run"
    lines.append(_painted(numbers, _RED if failed or unrun else _GREEN, colour))
    if seen:
        lines.extend(_coverage(seen, named=lacking or verbose))
    return "\n".join(lines)


def _failed(case: CaseResult, colour: bool) -> list[str]:
    lines = [f"{_painted('FAILED', _RED, colour)}  {case.file}:{case.line}  {case.title}"]
    for miss in case.misses:
        expected = " ".join(miss.expectation.span.text.split())
        lines += [f"    {expected}", f"      but {miss.instead}"]
    return lines


_VERBS: Final = {FAIL: "fail", PASS: "pass", NOT_APPLICABLE: "not apply", BYPASSED: "be bypassed"}


def _coverage(seen: Sequence[RuleSeen], *, named: bool) -> list[str]:
    """How many rules the cases have seen in every way in which they can answer, and those that they have not."""
    whole = sum(one.in_three_ways for one in seen)
    bypassed = sum(BYPASSED in one.seen for one in seen)
    bypasses = sum(BYPASSED in (*one.seen, *one.lacking) for one in seen)
    said = f"rules seen to fail, pass and not apply: {whole} of {len(seen)}"
    lines = [said + (f"; to be bypassed: {bypassed} of {bypasses}" if bypasses else "")]
    lacking = [one for one in seen if one.lacking]
    if named and lacking:
        width = max(len(one.rule) for one in lacking)
        lines.extend(f"  {one.rule:<{width}}  {_never(one)}  {one.file}:{one.line}" for one in lacking)
    return lines


def _never(one: RuleSeen) -> str:
    if not one.seen:
        return "has no case"
    *most, last = [_VERBS[status] for status in one.lacking]
    return f"never seen to {', '.join(most)} or {last}" if most else f"never seen to {last}"


def _painted(text: str, ink: str, colour: bool) -> str:
    return f"{ink}{text}{_PLAIN}" if colour else text
