"""`sequela format`, `lint` and `test`: what authors do with rule files.

In:   rule files and folders.    Out: findings, formatted files, results of cases; the exit status.
Uses: pipeline.files, pipeline.compile, syntax.format, model.lint, cases.    Used by: cli.
"""

import difflib
import sys
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Final

from sequela.engine.cases.report import render_results
from sequela.engine.cases.run import run_cases
from sequela.engine.cases.seen import rules_seen
from sequela.engine.commands.absent import of_errors, say_absent
from sequela.engine.commands.rulebooks import show_diagnostics
from sequela.engine.commands.screen import CLEAN, FAILED, FOUND, note, out, wants_colour
from sequela.engine.model.cost import costs
from sequela.engine.model.lint import lint as find_lints
from sequela.engine.pipeline.compile import compile_found
from sequela.engine.pipeline.files import SHIPPED, Found, find_rule_files
from sequela.engine.pipeline.shipped_catalogue import shipped_catalogue
from sequela.engine.source import Source
from sequela.engine.syntax.format import format_file
from sequela.engine.syntax.parse import parse
from sequela.engine.tables.model import Table
from sequela.engine.vocabulary.systems import System

_JUDGED: Final = (System.ICD10CM,)
"""The systems whose whole catalogue ships."""


def format_files(paths: Sequence[Path], *, check: bool, diff: bool) -> int:
    """Bring rule files into the one layout; with `check`, only say which are not in it."""
    if tuple(paths) == (Path("-"),):
        return _format_stream()
    found = find_rule_files(paths or (Path(),))
    show_diagnostics(found.diagnostics)
    status = FAILED if found.diagnostics else CLEAN
    for text in found.given:
        assert text.path is not None
        tree, diagnostics = parse(text.source)
        faults = [one for one in diagnostics if one.is_error]
        if faults:
            show_diagnostics(faults)
            note(f"{text.path} was left as it is.")
            status = FAILED
            continue
        layout = format_file(tree)
        if layout == text.path.read_text("utf-8"):
            continue
        if diff:
            before, after = text.source.text.splitlines(True), layout.splitlines(True)
            sys.stdout.writelines(difflib.unified_diff(before, after, str(text.path), f"{text.path} formatted"))
        if check or diff:
            out(f"would format {text.path}")
            status = max(status, FOUND)
        else:
            text.path.write_text(layout, "utf-8", newline="\n")
            out(f"formatted {text.path}")
    return status


def _format_stream() -> int:
    tree, diagnostics = parse(Source("-", sys.stdin.read().replace("\r\n", "\n")))
    faults = [one for one in diagnostics if one.is_error]
    if faults:
        show_diagnostics(faults)
        return FAILED
    sys.stdout.write(format_file(tree))
    return CLEAN


def lint(paths: Sequence[Path], data: Sequence[Path], *, cost: bool, on: date | None) -> int:
    """Say what is sound but doubtful in rule files; errors too, where there are any."""
    found = find_rule_files(paths or SHIPPED)
    compiled = compile_found(found, data, beside=_beside(found, data))
    diagnostics = of_errors(compiled.diagnostics)
    if compiled.is_sound:
        diagnostics = list(say_absent(compiled.rules, compiled.tables, diagnostics))
        diagnostics.extend(find_lints(compiled.rules, compiled.files, compiled.given, compiled.tables, on=on))
    show_diagnostics(diagnostics)
    if cost and compiled.is_sound:
        out(costs(compiled.rules))
    if not compiled.is_sound:
        return FAILED
    if not diagnostics:
        count = len(compiled.given)
        out(f"{count} rule file{'' if count == 1 else 's'}, nothing to say.")
    return FOUND if diagnostics else CLEAN


def _beside(found: Found, data: Sequence[Path]) -> dict[System, Table]:
    """The catalogues that ship, of the systems that are named in the files: a file may see none of its own."""
    named = {one for one in _JUDGED if any(one.value in text.source.text for text in found.given)}
    tables = {one: shipped_catalogue(one, data) for one in named}
    return {one: table for one, table in tables.items() if table is not None}


def test(paths: Sequence[Path], data: Sequence[Path], *, verbose: bool, only: Sequence[str], seen: bool) -> int:
    """Run the cases in rule files; every case is named that does not give what it expects.

    With `seen` every rule is named, too, that its cases have not seen in each way in which it can answer, and counts as found.
    """
    compiled = compile_found(find_rule_files(paths or SHIPPED), data, for_cases=True)
    if not compiled.is_sound:
        show_diagnostics(of_errors(compiled.diagnostics))
        return FAILED
    results = run_cases(compiled, only=tuple(only))
    show_diagnostics(results.diagnostics)
    rules = [one for one in rules_seen(compiled, results) if not only or one.rule in only]
    out(render_results(results, rules, colour=wants_colour(sys.stdout), verbose=verbose, lacking=seen))
    if any(one.is_error for one in results.diagnostics):
        return FAILED
    lacking = seen and any(one.lacking for one in rules)
    return FOUND if results.failed or lacking else CLEAN
