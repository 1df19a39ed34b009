"""The grammar room: what a rule file may look like.

In:   nothing.    Out: `GRAMMAR` (the text of sequela.lark), `LANGUAGE_VERSION`.
Uses: nothing.    Used by: engine.syntax.lalr.
Not here: what the phrases mean (LANGUAGE.md, engine.model).
"""

from importlib.resources import files
from typing import Final

LANGUAGE_VERSION: Final = 1
"""The version of the rule language that this grammar describes."""

GRAMMAR: Final = (files(__package__) / "sequela.lark").read_text(encoding="utf-8")
"""The Lark grammar: LALR, fit for the contextual lexer and for Lark's strict mode."""
