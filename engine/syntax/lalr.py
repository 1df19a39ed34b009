"""The parser: which terminal a token is in a state of the parser, and the nodes that tokens make.

In:   the parser's tables, tokens.                         Out: `choose`, `feed_all`, and what mends asks of the tables.
Uses: grammar, build, reserved, scan; lalr_tables where the grammar was changed.    Used by: parse, template, mend, mistakes.
Not here: how the tables are made (lalr_tables).
"""

import importlib
import json
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from hashlib import sha256
from typing import Any, Final

from msgspec import Struct

from sequela.engine.syntax.build import Build
from sequela.engine.syntax.build_cases import SaidTwiceError
from sequela.engine.syntax.reserved import NOT_SAID, RESERVED
from sequela.engine.syntax.scan import Token
from sequela.grammar import GRAMMAR, TABLES

_END: Final = "$END"


class Found(Struct):
    """A rule of the grammar: its name, how many parts it has, which of them are lists whose parts are its own, what builds it.

    `build` is None of a rule that is such a list itself; `alone` says that one part stands for itself.
    """

    name: str
    size: int
    spread: tuple[int, ...]
    build: Callable[[list[Any]], Any] | None
    alone: bool


class Tables(Struct):
    """What was made from the grammar: the parser, and the terminals of the words of the language.

    `states` maps in each state a terminal or the name of a rule to the next state, or, below 0, to the rule that is found (-1 is
    the first). `keywords` maps a word to its terminal (`rule` to RULE); `lists` maps a word of a closed list (settings, phases)
    to the terminals that hold it; `closed` maps such a terminal to its words. `words` are all of the language; `chosen` remembers
    in each state the terminal of one of them, or of a form of token.
    """

    states: list[dict[str, int]]
    rules: list[Found]
    starts: dict[str, int]
    ends: dict[str, int]
    keywords: dict[str, str]
    lists: dict[str, tuple[str, ...]]
    closed: dict[str, tuple[str, ...]]
    words: frozenset[str]
    chosen: list[dict[str | tuple[str, ...], str | None]]


@cache
def tables() -> Tables:
    """The tables, read when they are first asked for; made anew where those beside the grammar are of another."""
    data = json.loads(TABLES)
    if data.get("grammar") != sha256(GRAMMAR.encode()).hexdigest():
        data = importlib.import_module("sequela.engine.syntax.lalr_tables").made()
    build = Build()
    rules = [
        Found(name, size, tuple(spread), getattr(build, builder, _nothing) if builder else None, alone)
        for name, size, spread, builder, alone in data["rules"]
    ]
    keywords: dict[str, str] = data["keywords"]
    lists = {word: tuple(names) for word, names in data["lists"].items()}
    return Tables(
        states=data["states"],
        rules=rules,
        starts=data["starts"],
        ends=data["ends"],
        keywords=keywords,
        lists=lists,
        closed={name: tuple(words) for name, words in data["closed"].items()},
        words=frozenset((*keywords, *lists, *RESERVED, *NOT_SAID)),
        chosen=[{} for _ in data["states"]],
    )


def _nothing(children: list[Any]) -> Any:
    """A rule that stands for its one part is never built."""
    raise AssertionError("the grammar has a rule that nothing builds")


def choose(token: Token, following: Token | None, choices: Mapping[str, Any]) -> str | None:
    """The terminal that `token` is where the parser accepts `choices`; None where it does not fit.

    A word of the language comes before a name, and no reserved word is a name, but for the column of a set's `where`,
    which stands before `is`.
    """
    return _choose(token.text, token.fits, choices, stands_before_is=following is not None and following.text == "is")


def _choose(text: str, fits: tuple[str, ...], choices: Mapping[str, Any], *, stands_before_is: bool) -> str | None:
    known = tables()
    keyword = known.keywords.get(text)
    if keyword is not None and keyword in choices:
        return keyword
    for name in known.lists.get(text, ()):
        if name in choices:
            return name
    for name in fits:
        if name in choices:
            if name == "WORD" and text in NOT_SAID:
                return None
            if text in RESERVED and (name == "NEW" or (name == "NAME" and not stands_before_is)):
                return None
            return name
    return None


def feed_all(start: str, tokens: Sequence[Token]) -> Any | None:
    """The node built from `tokens` read as a `start`, or None where they are none."""
    known = tables()
    states, chosen, words = known.states, known.chosen, known.words
    stack = [known.starts[start]]
    values: list[Any] = []
    try:
        for at, token in enumerate(tokens):
            text = token.text
            form = text if text in words else token.fits
            state = stack[-1]
            kind = chosen[state].get(form)
            if kind is None:
                kind = _first_chosen(known, state, tokens, at, form)
                if kind is None:
                    return None
            token.kind = kind
            if kind == "TEMPLATE" and token.value is None:
                return None
            action = states[state][kind]
            while action < 0:
                _found(known.rules[~action], stack, values, states)
                action = states[stack[-1]][kind]
            stack.append(action)
            values.append(token)
        end = known.ends[start]
        while True:
            action = states[stack[-1]][_END]
            if action >= 0:
                return None
            _found(known.rules[~action], stack, values, states)
            if stack[-1] == end:
                return values[-1]
    except (KeyError, SaidTwiceError):
        return None


def _first_chosen(
    known: Tables, state: int, tokens: Sequence[Token], at: int, form: str | tuple[str, ...]
) -> str | None:
    """The terminal of a token, kept for all of its form where what follows makes no difference."""
    token, choices = tokens[at], known.states[state]
    kind = _choose(token.text, token.fits, choices, stands_before_is=False)
    other = _choose(token.text, token.fits, choices, stands_before_is=True)
    if kind == other:
        if kind is not None:
            known.chosen[state][form] = kind
        return kind
    return other if at + 1 < len(tokens) and tokens[at + 1].text == "is" else kind


def _found(rule: Found, stack: list[int], values: list[Any], states: list[dict[str, int]]) -> None:
    """A rule was found: its parts give way to what is built of them."""
    size = rule.size
    if size:
        children = values[-size:]
        del values[-size:], stack[-size:]
        if rule.spread:
            children = _spread(rule.spread, children)
    else:
        children = []
    stack.append(states[stack[-1]][rule.name])
    if rule.build is None:
        values.append(children)
    elif rule.alone and len(children) == 1:
        values.append(children[0])
    else:
        values.append(rule.build(children))


def _spread(places: tuple[int, ...], children: list[Any]) -> list[Any]:
    """The parts of a rule, with the parts of its lists in their place."""
    first = children[0]
    if places[0] == 0:  # a list that grows by its end stays the same list
        spread: list[Any] = first
        rest = 1
    else:
        spread, rest = [], 0
    for at in range(rest, len(children)):
        if at in places:
            spread += children[at]
        else:
            spread.append(children[at])
    return spread


Stack = list[int]
"""The states of the parser, the current one last."""


def first_stack(start: str) -> Stack:
    """The stack of a parser that expects a `start` and has read nothing."""
    return [tables().starts[start]]


def choices(stack: Stack) -> Mapping[str, Any]:
    """What the state of the parser has an action for; `advance` says what it accepts."""
    return tables().states[stack[-1]]


def advance(stack: Stack, terminal: str) -> Stack | None:
    """The stack after `terminal`, or None where the parser does not accept it. Builds nothing."""
    states = tables().states
    moved = list(stack)
    while True:
        action = states[moved[-1]].get(terminal)
        if action is None:
            return None
        if action >= 0:
            moved.append(action)
            return moved
        _reduce(moved, ~action)


def ends(stack: Stack, start: str) -> bool:
    """Whether what was read is a whole `start`."""
    states, end = tables().states, tables().ends[start]
    moved = list(stack)
    while True:
        action = states[moved[-1]].get(_END)
        if action is None or action >= 0:
            return False
        _reduce(moved, ~action)
        if moved[-1] == end:
            return True


def accepted(stack: Stack) -> frozenset[str]:
    """Every terminal that may come next."""
    return frozenset(name for name in choices(stack) if name.isupper() and advance(stack, name) is not None)


def _reduce(stack: Stack, number: int) -> None:
    known = tables()
    rule = known.rules[number]
    if rule.size:
        del stack[-rule.size :]
    stack.append(known.states[stack[-1]][rule.name])
