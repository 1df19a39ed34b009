"""The grammar room: what a rule file may look like.

In:   nothing.    Out: `GRAMMAR` (the text of sequela.lark), `TABLES` (of the parser, made from it), `LANGUAGE_VERSION`.
Uses: nothing.    Used by: engine.syntax.lalr.
Not here: what the phrases mean (LANGUAGE.md, engine.model).
"""

from importlib.resources import files
from typing import Final

LANGUAGE_VERSION: Final = 1
"""The version of the rule language that this grammar describes."""

GRAMMAR: Final = (files(__package__) / "sequela.lark").read_text(encoding="utf-8")
"""The Lark grammar: LALR, fit for the contextual lexer and for Lark's strict mode."""

TABLES: Final = (files(__package__) / "tables.json").read_bytes()
"""The parser's tables: `python -m sequela.engine.syntax.lalr_tables` writes them anew when the grammar is changed."""
