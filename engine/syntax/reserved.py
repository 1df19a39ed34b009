"""The words of the language that cannot be names.

In:   nothing.      Out: sets of words.
Uses: nothing.      Used by: scan, split, lalr, mistakes.
Source: language.md, "Shape of a file": words that open a declaration or a clause, or stand in the table of predicates.
"""

from typing import Final

# fmt: off
DECLARATION_WORDS: Final = frozenset((
    "ruleset", "payer", "use", "source", "codes", "table", "condition", "rule", "disable", "relax", "tighten",
    "override", "test",
))
"""The words that open a declaration or the header."""

RULE_CLAUSE_WORDS: Final = frozenset((
    "effective", "settings", "phase", "for", "look", "when", "unless", "require", "forbidden", "bypass", "if", "say",
    "suggest", "adjustment", "cite", "only", "reason",
))
"""The first words of the clauses of rules and of what a payer changes."""

OTHER_CLAUSE_WORDS: Final = frozenset((
    "title", "edition", "file", "key", "value", "covers", "defines", "complete", "partial", "rows", "matches", "over",
    "except", "under", "like", "from", "case", "expect",
))
"""The first words of the clauses of sources, tables, sets, headers and tests."""

PREDICATE_WORDS: Final = frozenset((
    "is", "not", "in", "known", "missing", "at", "most", "least", "more", "less", "than", "before", "after", "on", "or",
    "and", "within", "days", "months", "years", "of", "has", "modifier", "payable", "comes", "lists", "some", "every",
    "no", "other", "later", "line", "where", "also", "with",
))
"""The words of the table of predicates, and those that join them."""
# fmt: on

OPENERS: Final = DECLARATION_WORDS | RULE_CLAUSE_WORDS | frozenset(("except", "case", "expect"))
"""Words at which the clause before them has ended."""

RESERVED: Final = DECLARATION_WORDS | RULE_CLAUSE_WORDS | OTHER_CLAUSE_WORDS | PREDICATE_WORDS
"""The words that cannot name a set, table, condition or bound thing."""

# fmt: off
NO_VALUES: Final = frozenset((
    "true", "false", "null", "nil", "empty", "blank", "absent", "present", "none", "nothing", "unspecified", "exists",
    "greater", "higher", "larger", "bigger", "above", "over", "smaller", "lower", "fewer", "below", "under", "between",
    "equal", "exactly", "earlier", "until", "since", "prior", "one", "any", "either", "all", "each", "both", "the", "a",
    "an", "by", "then", "older", "younger", "like", "same", "where", "within", "than", "up", "down", "minimum", "maximum",
    "least", "most",
))
"""Words that stand for no fact, and are never a value: after `is` they are a slip."""
# fmt: on

NOT_SAID: Final = (
    OPENERS | NO_VALUES | PREDICATE_WORDS - {"no", "other", "line", "modifier", "days", "months", "years"} | {"unknown"}
)
"""Words that are no value."""
