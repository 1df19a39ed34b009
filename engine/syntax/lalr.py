"""The parser's tables, made from the grammar once, and which terminal a token is in a state of the parser.

In:   the grammar, tokens.                     Out: `begin`, `choose`, `feed_all`.
Uses: grammar, lark, build, reserved, scan.    Used by: parse, template, mend, mistakes.
"""

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any, Final, cast

from lark import Lark, Token as LarkToken
from lark.lexer import Lexer
from lark.lexer import PatternStr
from lark.parsers.lalr_interactive_parser import InteractiveParser

from sequela.engine.syntax.build import Build
from sequela.engine.syntax.reserved import OPENERS, RESERVED
from sequela.engine.syntax.scan import Token
from sequela.grammar import GRAMMAR

STARTS: Final = (
    ("header", "declaration", "clause", "condition", "hole", "rule_head", "codes_head", "entry", "source_head")
    + ("source_clause", "table_head", "table_clause", "test_head", "case_head", "item", "expectation")
)
"""The parts of a file that can be parsed by themselves."""


class _Fed(Lexer):
    """Stands where Lark's own lexer would: tokens come from scan, and `choose` says what they are."""

    __future_interface__ = 2

    def __init__(self, lexer_conf: Any, comparator: Any = None) -> None:
        """Nothing to prepare."""

    def lex(self, lexer_state: Any, parser_state: Any) -> Any:
        """Nothing: tokens are fed."""
        return iter(())


@cache
def _lark() -> Lark:
    return Lark(
        GRAMMAR,
        parser="lalr",
        lexer=_Fed,
        start=list(STARTS),
        transformer=cast("Any", Build()),
        keep_all_tokens=True,
        maybe_placeholders=False,
    )


@cache
def keywords() -> Mapping[str, str]:
    """The terminal of every word of the language: `{"rule": "RULE", "yes-no": "YES_NO"}`."""
    words: dict[str, str] = {}
    for terminal in _lark().terminals:
        if isinstance(terminal.pattern, PatternStr):
            words[terminal.pattern.value] = terminal.name
    return words


@cache
def _closed_lists() -> Mapping[str, tuple[str, ...]]:
    """For each word of a closed list (settings, phases, outcomes, systems) the terminals that hold it."""
    found: dict[str, tuple[str, ...]] = {}
    for name in ("SYSTEM", "SETTING", "PHASE_NAME", "OUTCOME", "SEX", "WHICH"):
        for word in closed_list(name):
            found[word] = (*found.get(word, ()), name)
    return found


@cache
def closed_list(terminal: str) -> tuple[str, ...]:
    """The words of a terminal that is a list of words: `closed_list("SEX")` is female, male, undetermined."""
    pattern = next(t.pattern for t in _lark().terminals if t.name == terminal)
    return tuple(sorted(pattern.value.removeprefix("(?:").removesuffix(")").replace("\\-", "-").split("|")))


def begin(start: str) -> InteractiveParser:
    """A parser that expects the part of a file called `start`, one of `STARTS`."""
    return _lark().parse_interactive(start=start)


def choose(token: Token, following: Token | None, choices: Mapping[str, Any]) -> str | None:
    """The terminal that `token` is where the parser accepts `choices`; None where it does not fit.

    A word of the language comes before a name. A word that opens a declaration or clause is no name, but for the
    column of a set's `where`, which stands before `is`; and no reserved word is a name where one is declared.
    """
    text = token.text
    keyword = _KEYWORDS.get(text)
    if keyword is not None and keyword in choices:
        return keyword
    lists = _LISTS.get(text)
    if lists is not None:
        for name in lists:
            if name in choices:
                return name
    for name in token.fits:
        if name in choices:
            if name == "NAME" and text in OPENERS and (following is None or following.text != "is"):
                return None
            if name == "NEW" and text in RESERVED:
                return None
            if name == "SYSTEM":
                continue
            return name
    return None


def end_token() -> Any:
    """The token that says that nothing follows."""
    return LarkToken("$END", "")


def feed_all(start: str, tokens: Sequence[Token]) -> Any | None:
    """The node built from `tokens` read as a `start`, or None where they are none."""
    parser = begin(start)
    state = parser.parser_state
    tables = state.parse_conf.parse_table.states
    stack = state.state_stack
    last = len(tokens) - 1
    for index, token in enumerate(tokens):
        kind = choose(token, tokens[index + 1] if index < last else None, tables[stack[-1]])
        if kind is None:
            return None
        token.kind = kind
        state.feed_token(cast("Any", token))
    return None


_KEYWORDS: Final = keywords()
_LISTS: Final = _closed_lists()
