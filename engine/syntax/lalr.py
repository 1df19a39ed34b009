"""The parser's tables, made from the grammar once, and which terminal a token is in a state of the parser.

In:   the grammar, tokens.                     Out: `begin`, `choose`, `feed_all`.
Uses: grammar, lark, build, reserved, scan.    Used by: parse, template, mend, mistakes.
"""

from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from itertools import chain, islice
from typing import Any, Final, cast

from attrs import frozen
from lark import Lark
from lark import Token as LarkToken
from lark.exceptions import UnexpectedInput
from lark.lexer import Lexer, PatternStr
from lark.parsers.lalr_analysis import Shift
from lark.parsers.lalr_interactive_parser import InteractiveParser

from sequela.engine.syntax.build import Build
from sequela.engine.syntax.build_cases import SaidTwiceError
from sequela.engine.syntax.reserved import NOT_SAID, RESERVED
from sequela.engine.syntax.scan import Token
from sequela.grammar import GRAMMAR

# fmt: off
STARTS: Final = (
    "header", "declaration", "clause", "condition", "hole", "rule_head", "codes_head", "entry", "source_head",
    "source_clause", "table_head", "table_clause", "test_head", "case_head", "item", "expectation", "disable_head",
    "relax_head", "tighten_head", "override_head",
)
"""The parts of a file that can be parsed by themselves."""
# fmt: on

CLOSED_LISTS: Final = ("SETTING", "PHASE_NAME", "SEX", "WHICH")
"""The terminals that are lists of words."""


class _Fed(Lexer):
    """Stands where Lark's own lexer would: tokens come from scan, and `choose` says what they are."""

    __future_interface__ = 2

    def __init__(self, lexer_conf: Any, comparator: Any = None) -> None:
        """Nothing to prepare."""

    def lex(self, lexer_state: Any, parser_state: Any) -> Any:
        """Nothing: tokens are fed."""
        return iter(())


@frozen
class Tables:
    """What was made from the grammar: the parser, and the terminals of the words of the language.

    `keywords` maps a word to its terminal (`rule` to RULE); `lists` maps a word of a closed list (settings,
    phases) to the terminals that hold it; `closed` maps such a terminal to its words.
    """

    lark: Lark
    keywords: dict[str, str]
    lists: dict[str, tuple[str, ...]]
    closed: dict[str, tuple[str, ...]]


@cache
def tables() -> Tables:
    """The tables, made when they are first asked for."""
    lark = Lark(
        GRAMMAR,
        parser="lalr",
        lexer=_Fed,
        start=list(STARTS),
        transformer=cast("Any", Build()),
        keep_all_tokens=True,
        maybe_placeholders=False,
    )
    keywords: dict[str, str] = {}
    lists: dict[str, tuple[str, ...]] = {}
    closed: dict[str, tuple[str, ...]] = {}
    for terminal in lark.terminals:
        if isinstance(terminal.pattern, PatternStr):
            keywords[terminal.pattern.value] = terminal.name
        elif terminal.name in CLOSED_LISTS:
            words = terminal.pattern.value.removeprefix("(?:").removesuffix(")").replace("\\-", "-").split("|")
            closed[terminal.name] = tuple(sorted(words))
            for word in words:
                lists[word] = (*lists.get(word, ()), terminal.name)
    return Tables(lark, keywords, lists, closed)


def begin(start: str) -> InteractiveParser:
    """A parser that expects the part of a file called `start`, one of `STARTS`."""
    return tables().lark.parse_interactive(start=start)


def choose(token: Token, following: Token | None, choices: Mapping[str, Any]) -> str | None:
    """The terminal that `token` is where the parser accepts `choices`; None where it does not fit.

    A word of the language comes before a name, and no reserved word is a name, but for the column of a set's `where`,
    which stands before `is`.
    """
    text = token.text
    known = tables()
    keyword = known.keywords.get(text)
    if keyword is not None and keyword in choices:
        return keyword
    for name in known.lists.get(text, ()):
        if name in choices:
            return name
    for name in token.fits:
        if name in choices:
            if name == "WORD" and text in NOT_SAID:
                return None
            if text in RESERVED and (
                name == "NEW" or (name == "NAME" and (following is None or following.text != "is"))
            ):
                return None
            return name
    return None


def feed_all(start: str, tokens: Sequence[Token]) -> Any | None:
    """The node built from `tokens` read as a `start`, or None where they are none."""
    state = begin(start).parser_state
    table = state.parse_conf.parse_table.states
    stack = state.state_stack
    following: Iterator[Token | None] = chain(islice(tokens, 1, None), (None,))
    try:
        for token, after in zip(tokens, following, strict=True):
            kind = choose(token, after, table[stack[-1]])
            if kind is None:
                return None
            token.kind = kind
            if kind == "TEMPLATE" and token.value is None:
                return None
            state.feed_token(cast("Any", token))
        return state.feed_token(LarkToken("$END", ""), True)
    except (UnexpectedInput, SaidTwiceError):
        return None


Stack = list[int]
"""The states of the parser, the current one last."""


def first_stack(start: str) -> Stack:
    """The stack of a parser that expects a `start` and has read nothing."""
    return [_table().start_states[start]]


def choices(stack: Stack) -> Mapping[str, Any]:
    """What the state of the parser has an action for; `advance` says what it accepts."""
    return cast("Mapping[str, Any]", _table().states[stack[-1]])


def advance(stack: Stack, terminal: str) -> Stack | None:
    """The stack after `terminal`, or None where the parser does not accept it. Builds nothing."""
    states = _table().states
    moved = list(stack)
    while True:
        entry = states[moved[-1]].get(terminal)
        if entry is None:
            return None
        action, target = entry
        if action is Shift:
            moved.append(target)
            return moved
        _reduce(moved, target)


def ends(stack: Stack, start: str) -> bool:
    """Whether what was read is a whole `start`."""
    states, end = _table().states, _table().end_states[start]
    moved = list(stack)
    while True:
        entry = states[moved[-1]].get("$END")
        if entry is None:
            return False
        _reduce(moved, entry[1])
        if moved[-1] == end:
            return True


def accepted(stack: Stack) -> frozenset[str]:
    """Every terminal that may come next."""
    return frozenset(name for name in choices(stack) if name.isupper() and advance(stack, name) is not None)


def _reduce(stack: Stack, rule: Any) -> None:
    size = len(rule.expansion)
    if size:
        del stack[-size:]
    stack.append(_table().states[stack[-1]][rule.origin.name][1])


@cache
def _table() -> Any:
    return begin("header").parser_state.parse_conf.parse_table
