"""Mend: a piece of a file that does not parse is read on past each of its mistakes, so that each is found, and once.

In:   tokens and what they should be.       Out: the tokens as they should have been, and the mistakes.
Uses: lalr, fault, mistakes, template.      Used by: pieces.
Not here: how a declaration is cut into pieces (pieces); which mistakes there are (mistakes).
"""

from collections.abc import Callable, Iterable, Sequence
from typing import Final

from attrs import define, field

from sequela.engine.source import Span
from sequela.engine.syntax.fault import Fault, Mistake, token_of
from sequela.engine.syntax.lalr import Stack, advance, choices, choose, ends, first_stack
from sequela.engine.syntax.scan import Token

MOST_REPAIRS: Final = 200
"""A piece with more mistakes than this is given up."""

GENERIC: Final = frozenset(("SEQ101", "SEQ102"))
"""The codes of faults for which there is no better name."""

Recognise = Callable[[Fault], Mistake]


@define
class Mended:
    """What came of a piece.

    `tokens` are those that were read, after repairs; `whole` when they are what the piece should be; `left` are the
    tokens after them, where another piece begins: its first word is then `opens`.
    """

    tokens: list[Token]
    whole: bool
    mistakes: list[Mistake] = field(factory=list)
    left: list[Token] = field(factory=list)
    opens: str | None = None


def mend(start: str, word: str, tokens: Sequence[Token], recognise: Recognise) -> Mended:
    """Read `tokens`, a piece of a declaration that opens with `word`, as a `start`."""
    reading = list(tokens)
    stacks: list[Stack] = [first_stack(start)]
    mended = Mended(reading, whole=False)
    unsure = False
    while len(mended.mistakes) < MOST_REPAIRS:
        index = _read_on(reading, stacks)
        if index == len(reading) and ends(stacks[index], start):
            mended.whole = True
            return mended
        before = stacks[index - 1] if index else None
        fault = Fault(tokens=reading, index=index, stack=stacks[index], start=start, word=word, stack_before=before)
        mistake = recognise(fault)
        if mistake in mended.mistakes:
            return mended
        if not (unsure and mistake.code in GENERIC):
            mended.mistakes.append(mistake)
        unsure = unsure or mistake.unsure
        if mistake.opens is not None:
            mended.whole = ends(stacks[index], start)
            mended.left, mended.opens = reading[mistake.last :], mistake.opens
            del reading[index:]
            return mended
        if mistake.by is None:
            return mended
        first, last = min(mistake.first, index), min(mistake.last, len(reading))
        reading[first:last] = _standing_for(mistake.by, reading, first, last)
        del stacks[first + 1 :]
        if not reading:
            return mended
    return mended


def _read_on(tokens: Sequence[Token], stacks: list[Stack]) -> int:
    """Read as far as the tokens fit; `stacks[i]` becomes the parser's stack before token i. The first that does not fit."""
    last = len(tokens) - 1
    while (index := len(stacks) - 1) <= last:
        token = tokens[index]
        kind = choose(token, tokens[index + 1] if index < last else None, choices(stacks[index]))
        stack = None if kind is None else advance(stacks[index], kind)
        if kind is None or stack is None:
            return index
        token.kind = kind
        stacks.append(stack)
    return index


def _standing_for(texts: Iterable[str], tokens: Sequence[Token], first: int, last: int) -> list[Token]:
    """New tokens in the place of `tokens[first:last]`, or before `tokens[first]` where that is none."""
    if first < last:
        place = Span(tokens[first].source, tokens[first].start, tokens[last - 1].end)
    else:
        beside = tokens[min(first, len(tokens) - 1)]
        place = Span(beside.source, beside.start, beside.end)
    return [token_of(text, place) for text in texts]
