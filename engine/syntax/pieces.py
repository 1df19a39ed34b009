"""Pieces: a run of tokens that is no declaration is cut into its clauses, and each is read past its own mistakes.

In:   the tokens of a run.                          Out: `Section`s: for each declaration in it, what came of it.
Uses: section, set_pieces, lalr, rule_shape.        Used by: parse.
Not here: mistakes within a piece (mend, mistakes); where a run begins (split).
"""

from collections.abc import Sequence
from itertools import pairwise
from typing import Final

from sequela.engine.diagnostics.model import Label
from sequela.engine.diagnostics.suggest import distance
from sequela.engine.source import Span
from sequela.engine.syntax.fault import Mistake, token_of
from sequela.engine.syntax.lalr import feed_all
from sequela.engine.syntax.mistakes_signs import in_small_letters
from sequela.engine.syntax.reserved import DECLARATION_WORDS, RULE_CLAUSE_WORDS
from sequela.engine.syntax.rule_shape import Seen, faults_of_change, faults_of_rule, misplaced_in_rule
from sequela.engine.syntax.scan import Token
from sequela.engine.syntax.section import Section, read_piece
from sequela.engine.syntax.set_pieces import read_set

CHANGES: Final = frozenset(("disable", "relax", "tighten", "override"))
_ITEM_WORDS: Final = frozenset(
    (
        *("case", "expect", "patient", "dx", "procedure", "condition-code", "occurrence", "value-code", "document"),
        *("documents", "line", "history", "fact"),
    )
)
_TABLE_WORDS: Final = frozenset(("file", "key", "value", "in", "covers", "defines", "complete", "partial", "rows"))
_SOURCE_WORDS: Final = frozenset(("title", "edition", "in"))
_NOUNS: Final = frozenset(("line", "diagnosis", "procedure", "document", "modifier", "service", "occurrence"))
_WANTS_MORE: Final = frozenset(
    (",", "same", "by", "as", "to", "is", "without", "asking", "key", "value", "(", "and", "or", "of")
)
"""After one of these a word that could open a clause is a column or fact."""


def read_section(word: str, tokens: Sequence[Token]) -> Section:
    """What came of the tokens of one declaration, whose first word is `word`."""
    section = Section(word, list(tokens))
    body, outside = _inside(word, _in_small_letters(section))
    if word == "rule" or word in CHANGES:
        _rule(section, body)
    elif word == "codes":
        read_set(section, body)
    elif word == "table":
        _parts(section, body, "table_head", "table_clause", _TABLE_WORDS)
    elif word == "source":
        _parts(section, body, "source_head", "source_clause", _SOURCE_WORDS)
    elif word == "test":
        _test(section, body)
    else:
        start = "header" if word in ("ruleset", "payer") else "declaration"
        _whole(section, start, body)
    if outside:
        section.mistakes.append(_outside(word, outside))
    return section


def _in_small_letters(section: Section) -> list[Token]:
    """The tokens, with the capitals of words that open a line put right: `When`, `REQUIRE`."""
    words = _TABLE_WORDS | _SOURCE_WORDS | _ITEM_WORDS | RULE_CLAUSE_WORDS
    tokens = []
    for token in section.tokens:
        word = token.text.lower()
        if not token.opens_line or word == token.text or word not in words or section.word == "codes":
            tokens.append(token)
            continue
        section.mistakes.append(in_small_letters(token))
        tokens.append(token_of(word, token.span, opens_line=True))
    return tokens


# ---------------------------------------------------------------- what does not belong


def _inside(word: str, tokens: list[Token]) -> tuple[list[Token], list[Token]]:
    """The tokens of a declaration that is no rule, and those from the first clause of a rule on."""
    if word in ("rule", "test", "") or word in CHANGES:
        return tokens, []
    for index, token in enumerate(tokens):
        if not index or not token.opens_line or token.text not in RULE_CLAUSE_WORDS:
            continue
        if tokens[index - 1].text in _WANTS_MORE or (
            token.text in ("phase", "settings") and word in ("ruleset", "payer")
        ):
            continue
        return tokens[:index], tokens[index:]
    return tokens, []


def _outside(word: str, tokens: Sequence[Token]) -> Mistake:
    first = tokens[0]
    return Mistake(
        code="SEQ177",
        message=f"`{first.text}` stands outside of a rule.",
        at=Label(first.span),
        hint=f'It is a clause of a rule, and `{word}` is none: a rule begins with `rule ID "…"`.',
    )


# ---------------------------------------------------------------- reading


def _whole(section: Section, start: str, tokens: Sequence[Token]) -> None:
    mended = read_piece(section, start, tokens)
    if mended.whole:
        section.node = feed_all(start, mended.tokens)


def _cut(tokens: Sequence[Token], starts: Sequence[int]) -> list[list[Token]]:
    bounds = [0, *starts, len(tokens)]
    return [list(tokens[low:high]) for low, high in pairwise(bounds) if low < high]


def _with(word: str, tokens: list[Token], at: Span) -> list[Token]:
    """Tokens for the words of an opener, before others."""
    return [*(token_of(one, at, opens_line=True) for one in word.split()), *tokens]


# ---------------------------------------------------------------- rules and changes


def _rule(section: Section, tokens: Sequence[Token]) -> None:
    pieces = _cut(tokens, _clause_starts(tokens, RULE_CLAUSE_WORDS))
    clauses: list[Seen] = []
    lost = False
    head = "rule_head" if section.word == "rule" else f"{section.word}_head"
    queue = [(head, pieces[0]), *(("clause", piece) for piece in pieces[1:])]
    while queue:
        start, piece = queue.pop(0)
        mended = read_piece(section, start, piece)
        if start == "clause":
            found = _clause_seen(mended.tokens or piece)
            clauses.extend(found)
            lost = lost or not found
        if mended.opens:
            at = mended.mistakes[-1].at.span if mended.mistakes else piece[0].span
            queue.insert(0, ("clause", _with(mended.opens, mended.left, at)))
        elif mended.opens == "":
            lost = True
    name = section.names[0].span if section.names else section.tokens[0].span
    if section.word == "rule":
        section.mistakes.extend(faults_of_rule(name, clauses, lost))
        section.mistakes.extend(misplaced_in_rule(clauses))
    else:
        section.mistakes.extend(faults_of_change(section.word, clauses))


def _clause_starts(tokens: Sequence[Token], words: frozenset[str]) -> list[int]:
    return [index for index in range(1, len(tokens)) if _opens_clause(tokens, index, words)]


def _opens_clause(tokens: Sequence[Token], index: int, words: frozenset[str]) -> bool:
    token, before = tokens[index], tokens[index - 1].text
    if token.text not in words or (before == token.text and not token.opens_line):
        return False
    if not token.opens_line and before in _NOUNS:
        return False
    if token.opens_line and token.text != "only":
        return (
            before not in _WANTS_MORE
            or token.text
            in (
                "when",
                "require",
                "forbidden",
                "unless",
                "if",
                "say",
                "suggest",
                "cite",
            )
            or _is_opener(tokens, index)
        )
    following = tokens[index + 1].text if index + 1 < len(tokens) else ""
    match token.text:
        case "when":
            is_part = before in ("forbidden", "bypass") or distance(before, "only", 1) is not None
            return not is_part and not _after_bound(tokens, index)
        case "if":
            return before != "only" and following in ("fail", "unknown")
        case "only":
            return following == "when"
        case "look":
            return following == "up"
        case "for":
            return following in ("each", "the")
        case "phase" | "settings" | "effective" | "reason" | "cite" | "adjustment":
            return before not in _WANTS_MORE and following not in ("is", "has")
        case _:
            return before not in _WANTS_MORE


def _is_opener(tokens: Sequence[Token], index: int) -> bool:
    """Whether two words open a clause beyond doubt: `for each`, `look up`."""
    pair = tokens[index].text, tokens[index + 1].text if index + 1 < len(tokens) else ""
    return pair in (("for", "each"), ("for", "the"), ("look", "up"), ("bypass", "when"))


def _after_bound(tokens: Sequence[Token], index: int) -> bool:
    """Whether a name that `some line x` binds stands just before: a `when` there was meant as `where`."""
    return any(tokens[place].text in _NOUNS for place in range(max(0, index - 4), index - 1))


def _clause_seen(tokens: Sequence[Token]) -> list[Seen]:
    """The clause that tokens are, by its first words; none where they open no clause."""
    first = tokens[0].text if tokens else ""
    second = tokens[1].text if len(tokens) > 1 else ""
    pairs = {
        ("look", "up"),
        ("if", "fail"),
        ("if", "unknown"),
        ("unless", "also"),
        ("require", "also"),
        ("only", "when"),
    }
    if (first, second) in pairs:
        return [Seen(f"{first} {second}", tokens[0].span.to(tokens[1].span))]
    if first in RULE_CLAUSE_WORDS - {"look", "if", "only"}:
        return [Seen(first, tokens[0].span)]
    return []


# ---------------------------------------------------------------- tables and sources


def _parts(section: Section, tokens: list[Token], head: str, start: str, words: frozenset[str]) -> None:
    starts = [
        index
        for index in range(1, len(tokens))
        if tokens[index].text in words
        and (tokens[index - 1].text not in _WANTS_MORE or _type_is_missing(tokens, index))
        and (tokens[index].text != "in" or _follows(tokens, index, "force"))
        and (tokens[index].opens_line or not _follows(tokens, index, "as", "of", "under", "in", ","))
    ]
    pieces = _cut(tokens, starts)
    read: list[Token] = []
    whole = True
    queue = [(head, pieces[0]), *((start, piece) for piece in pieces[1:])]
    while queue:
        kind, piece = queue.pop(0)
        mended = read_piece(section, kind, piece)
        read.extend(mended.tokens)
        whole = whole and mended.whole
        if mended.opens:
            at = mended.mistakes[-1].at.span if mended.mistakes else piece[0].span
            queue.insert(0, (start, _with(mended.opens, mended.left, at)))
    if whole:
        section.node = feed_all("declaration", read)


def _type_is_missing(tokens: Sequence[Token], index: int) -> bool:
    """Whether a clause begins on its own line after `as` or `of` with nothing behind it."""
    return tokens[index].opens_line and tokens[index - 1].text in ("as", "of", "under")


def _follows(tokens: Sequence[Token], index: int, *texts: str) -> bool:
    return index + 1 < len(tokens) and tokens[index + 1].text in texts


# ---------------------------------------------------------------- tests


def _test(section: Section, tokens: list[Token]) -> None:
    starts = [index for index in range(1, len(tokens)) if _opens_item(tokens, index)]
    pieces = _cut(tokens, starts)
    read: list[Token] = []
    whole = True
    expected: Token | None = None
    for number, piece in enumerate(pieces):
        word = piece[0].text
        start = {"case": "case_head", "expect": "expectation"}.get(word, "item") if number else "test_head"
        mended = read_piece(section, start, piece)
        while mended.left:
            read.extend(mended.tokens)
            left = _with(mended.opens or "", mended.left, mended.left[0].span)
            start = {"case": "case_head", "expect": "expectation"}.get(left[0].text, "item")
            mended = read_piece(section, start, left)
        read.extend(mended.tokens)
        whole = whole and mended.whole
        section.mistakes.extend(_said_twice(mended.tokens))
        if start == "item" and expected is not None:
            section.mistakes.append(_after_expect(piece[0], expected))
        expected = piece[0] if start == "expectation" else None if start == "case_head" else expected
    if whole:
        section.node = feed_all("declaration", read)


def _opens_item(tokens: Sequence[Token], index: int) -> bool:
    token, before = tokens[index], tokens[index - 1].text
    if token.text in ("case", "expect"):
        return token.opens_line or before not in (token.text, "without", "asking", "line", "fact")
    return token.opens_line and token.text in _ITEM_WORDS and before not in ("but", "and", "with", "without", "at", ",")


def _said_twice(tokens: Sequence[Token]) -> list[Mistake]:
    """What the shorthand of a line or claim says twice."""
    first: dict[str, Token] = {}
    found = []
    for token in tokens:
        if token.kind in ("AND", "WITH", "BUT"):
            first = {}
        if token.kind not in ("X", "ON", "AT", "FOR", "BY", "CHARGE", "RECEIVED", "ADMITTED", "DISCHARGED"):
            continue
        if tokens[0].text == "expect":
            break
        if token.kind in first:
            found.append(
                Mistake(
                    code="SEQ195",
                    message=f"`{token.text}` is said twice.",
                    at=Label(token.span),
                    also=(Label(first[token.kind].span, "the first one"),),
                    hint="Keep one of them.",
                )
            )
        first.setdefault(token.kind, token)
    return found


def _after_expect(token: Token, expected: Token) -> Mistake:
    return Mistake(
        code="SEQ196",
        message=f"`{token.text}` belongs to the claim, and stands after `expect`.",
        at=Label(token.span),
        also=(Label(expected.span, "the claim ends here"),),
        hint="Write the whole claim first, then what is expected of it.",
    )


def opening_word(tokens: Sequence[Token]) -> str:
    """The word that opens the declaration that a run of tokens is; empty where it opens with none."""
    return tokens[0].text if tokens[0].text in DECLARATION_WORDS else ""
