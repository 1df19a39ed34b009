"""The report of `sequela test`: what each failing case expected and what came, and how far the rules were seen.

In:   `Results`.    Out: a text.
Uses: cases.run.    Used by: the command `test`.
"""

from collections import defaultdict
from typing import Final

from sequela.engine.cases.run import CaseResult, Results

_GREEN: Final = "\x1b[32m"
_RED: Final = "\x1b[31m"
_PLAIN: Final = "\x1b[0m"


def render_results(results: Results, *, colour: bool, verbose: bool) -> str:
    """Each case that failed (all with `verbose`), then one line with the numbers."""
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
    if verbose and results.cases:
        lines.extend(_coverage(results))
    return "\n".join(lines)


def _failed(case: CaseResult, colour: bool) -> list[str]:
    lines = [f"{_painted('FAILED', _RED, colour)}  {case.file}:{case.line}  {case.title}"]
    for miss in case.misses:
        expected = " ".join(miss.expectation.span.text.split())
        lines += [f"    {expected}", f"      but {miss.instead}"]
    return lines


def _coverage(results: Results) -> list[str]:
    """The statuses in which the cases have shown each rule that they name."""
    seen: dict[str, set[str]] = defaultdict(set)
    for case in results.cases:
        for rule, status in case.seen:
            seen[rule].add(status)
    order = ("fail", "pass", "not applicable", "bypassed", "unknown", "not checked")
    return ["", "Seen by the cases:"] + [
        f"  {rule:<28} {', '.join(one for one in order if one in seen[rule])}" for rule in sorted(seen)
    ]


def _painted(text: str, ink: str, colour: bool) -> str:
    return f"{ink}{text}{_PLAIN}" if colour else text
