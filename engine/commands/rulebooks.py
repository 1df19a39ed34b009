"""Opening the rules that a command asks for, and saying what is wrong with them.

In:   the options --rules, --data, --payer.    Out: a `Rulebook`, or None after the faults were shown.
Uses: pipeline.opening, diagnostics.render.    Used by: every command that needs rules.
"""

import sys
from collections.abc import Sequence
from pathlib import Path

from sequela.engine.commands.absent import of_errors, say_absent
from sequela.engine.commands.screen import note, wants_colour
from sequela.engine.diagnostics.model import Diagnostic, RulesError
from sequela.engine.diagnostics.render import in_order, render, summary
from sequela.engine.diagnostics.suggest import listed
from sequela.engine.model.rules import SETTINGS
from sequela.engine.pipeline.files import SHIPPED
from sequela.engine.pipeline.opening import open_rulebook
from sequela.engine.pipeline.rulebook import PayerAmbiguous, PayerUnknown, Rulebook


def open_rules(rules: Sequence[Path], data: Sequence[Path], *, use_cache: bool = True) -> Rulebook | None:
    """The rulebook of `rules`, or of all that ships with Sequela where none is named; None after its errors were shown."""
    try:
        rulebook = open_rulebook(rules or SHIPPED, data=data, use_cache=use_cache)
    except RulesError as error:
        show_diagnostics(of_errors(error.diagnostics))
        return None
    show_diagnostics(say_absent(rulebook.rules, rulebook.tables, rulebook.warnings))
    return rulebook


def show_diagnostics(diagnostics: Sequence[Diagnostic]) -> None:
    """Every diagnostic, by file and place, on standard error, with their number at the end."""
    colour = wants_colour(sys.stderr)
    for diagnostic in in_order(diagnostics):
        note(render(diagnostic, colour=colour) + "\n")
    if diagnostics:
        note(summary(diagnostics))


def payer_is_known(rulebook: Rulebook, payer: str | None) -> bool:
    """Whether the payer asked for, by its name or by an id that it matches, is among the rules; says so where it is not."""
    if payer is None or payer in rulebook.payers:
        return True
    found = rulebook.payers_named(payer)
    if not found:
        note(str(PayerUnknown(payer, rulebook.payers)))
        return False
    for setting in SETTINGS:
        meant = [name for name in found if setting in rulebook.selection(name).settings]
        if len(meant) > 1:
            error = PayerAmbiguous(payer, meant)
            note(f"{error} {say_which_payer(error)}")
            return False
    return True


def say_which_payer(error: PayerAmbiguous) -> str:
    """What to do where several payers match."""
    return f"Say with --payer whose rules run: {listed(error.payers, last='or')}."
