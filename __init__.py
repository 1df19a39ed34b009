"""Sequela: a rule engine with its own language for clinical coding and payer rules.

    rules = sequela.load("payers/medicare-professional.rules")    # raises RulesError holding every diagnostic
    for found in sequela.read("claims.837"):                      # one claim at a time, with what is wrong with it
        if found.encounter is not None:
            ledger = rules.check(found.encounter)
            for entry in ledger.failures:
                print(ledger.explain(entry))

This is the public door: what is named in `__all__`, and nothing else, is a promise. Each name is loaded when it is first used,
so that `sequela --help` does not wait for an engine.
"""

import importlib
from typing import TYPE_CHECKING, Any

from sequela.engine import __version__ as __version__

if TYPE_CHECKING:
    from sequela.engine.diagnostics.model import Diagnostic, InputProblem, RulesError
    from sequela.engine.encounter.model import Encounter
    from sequela.engine.encounter.read import read
    from sequela.engine.encounter.reading import EncounterError, Read
    from sequela.engine.explain.explanation import Explanation
    from sequela.engine.explain.ledger import Entry, Ledger
    from sequela.engine.pipeline.opening import load
    from sequela.engine.pipeline.rulebook import PayerAmbiguous, PayerUnknown, Rulebook

__all__ = [
    "Diagnostic",
    "Encounter",
    "EncounterError",
    "Entry",
    "Explanation",
    "InputProblem",
    "Ledger",
    "PayerAmbiguous",
    "PayerUnknown",
    "Read",
    "Rulebook",
    "RulesError",
    "load",
    "read",
]

_ROOMS = {
    "Diagnostic": "diagnostics.model",
    "Encounter": "encounter.model",
    "EncounterError": "encounter.reading",
    "Entry": "explain.ledger",
    "Explanation": "explain.explanation",
    "InputProblem": "diagnostics.model",
    "Ledger": "explain.ledger",
    "PayerAmbiguous": "pipeline.rulebook",
    "PayerUnknown": "pipeline.rulebook",
    "Read": "encounter.reading",
    "Rulebook": "pipeline.rulebook",
    "RulesError": "diagnostics.model",
    "load": "pipeline.opening",
    "read": "encounter.read",
}


def __getattr__(name: str) -> Any:
    room = _ROOMS.get(name)
    if room is None:
        raise AttributeError(f"module 'sequela' has no attribute {name!r}")
    value = getattr(importlib.import_module(f"sequela.engine.{room}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
