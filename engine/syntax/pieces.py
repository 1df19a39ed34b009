"""Pieces: a run of tokens that is no declaration is cut into its clauses, and each is read past its own mistakes.

In:   the tokens of a run.                          Out: `Section`s: for each declaration in it, what came of it.
Uses: mend, mistakes, lalr, rule_shape.             Used by: parse.
Not here: mistakes within a piece (mend, mistakes); where a run begins (split).
"""

from collections.abc import Sequence
from typing import Any, Final

from attrs import define, field
from sequela.engine.diagnostics.model import Label
from sequela.engine.source import Span
from sequela.engine.syntax.fault import Mistake, token_of
from sequela.engine.syntax.lalr import feed_all
from sequela.engine.syntax.mend import Mended, mend
from sequela.engine.syntax.mistakes import recognise
from sequela.engine.syntax.mistakes_signs import in_small_letters
from sequela.engine.syntax.reserved import DECLARATION_WORDS, RESERVED, RULE_CLAUSE_WORDS
from sequela.engine.syntax.rule_shape import Seen, faults_of_change, faults_of_rule, misplaced_in_rule
from sequela.engine.syntax.scan import Token
from sequela.engine.syntax.template import read_template

CHANGES: Final = frozenset(("disable", "relax", "tighten", "override"))
_ITEM_WORDS: Final = frozenset(
    ("case", "expect", "patient", "dx", "procedure", "document", "documents", "line", "history", "fact")
)
_TABLE_WORDS: Final = frozenset(("file", "key", "value", "in", "covers", "defines", "complete", "partial", "rows"))
_SOURCE_WORDS: Final = frozenset(("title", "edition", "in"))
_NOUNS: Final = frozenset(("line", "diagnosis", "procedure", "document", "modifier", "service", "occurrence"))
_WANTS_MORE: Final = frozenset(
    (",", "same", "by", "as", "to", "is", "without", "asking", "key", "value", "(", "and", "or", "of")
)
"""After one of these a word that could open a clause is a column or fact."""
_BULLETS: Final = frozenset("-*•–")


@define
class Section:
    """A declaration with mistakes: its first word, its mistakes, and the node where it could be read past them."""

    word: str
    tokens: list[Token]
    mistakes: list[Mistake] = field(factory=list)
    node: Any = None

    @property
    def names(self) -> tuple[Token, ...]:
        """What it declares, or the rules it is about."""
        named = self.tokens[1:2] if self.word != "test" else [t for t in self.tokens[1:] if t.text != ","]
        found = []
        for token in named:
            if not token.text[0].isalnum() or token.text in RESERVED:
                break
            found.append(token)
        return tuple(found)


def read_section(word: str, tokens: Sequence[Token]) -> Section:
    """What came of the tokens of one declaration, whose first word is `word`."""
    section = Section(word, list(tokens))
    body, outside = _inside(word, _in_small_letters(section))
    if word == "rule" or word in CHANGES:
        _rule(section, body)
    elif word == "codes":
        _codes(section, body)
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
        if tokens[index - 1].text in _WANTS_MORE or (token.text == "phase" and word in ("ruleset", "payer")):
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


def _read(section: Section, start: str, tokens: Sequence[Token]) -> Mended:
    mended = mend(start, section.word, tokens, recognise)
    section.mistakes.extend(mended.mistakes)
    section.mistakes.extend(_bad_holes(mended.tokens))
    return mended


def _whole(section: Section, start: str, tokens: Sequence[Token]) -> None:
    mended = _read(section, start, tokens)
    if mended.whole:
        section.node = feed_all(start, mended.tokens)


def _cut(tokens: Sequence[Token], starts: Sequence[int]) -> list[list[Token]]:
    bounds = [0, *starts, len(tokens)]
    return [list(tokens[low:high]) for low, high in zip(bounds, bounds[1:], strict=False) if low < high]


def _with(word: str, tokens: list[Token], at: Span) -> list[Token]:
    """Tokens for the words of an opener, before others."""
    return [*(token_of(one, at, opens_line=True) for one in word.split()), *tokens]


def _bad_holes(tokens: Sequence[Token]) -> list[Mistake]:
    found: list[Mistake] = []
    for token in tokens:
        if token.kind != "TEMPLATE" or token.value is not None:
            continue
        token.value, faults = read_template(token)
        found.extend(_bad_hole(fault.words, fault.span, fault.stray) for fault in faults)
    return found


def _bad_hole(words: str, span: Span, stray: bool) -> Mistake:
    if stray:
        return Mistake(
            code="SEQ189",
            message=f"The brace `{words}` stands alone.",
            at=Label(span),
            hint=f"Between braces stands a value, `{{visit.code}}`; a brace itself is written `{words * 2}`.",
        )
    if not words:
        message, hint = "Nothing stands between the braces.", "Write a value, `{visit.code}`."
    elif words.startswith("("):
        message, hint = "Between braces a value stands without its parentheses.", f"Write `{{{words.strip('()')}}}`."
    else:
        message = f"`{words}` is no value."
        hint = "Between braces stands a fact (`{visit.code}`), a calculation (`{number of lines x}`) or `{governing date}`."
    return Mistake(code="SEQ189", message=message, at=Label(span), hint=hint)


# ---------------------------------------------------------------- rules and changes


def _rule(section: Section, tokens: Sequence[Token]) -> None:
    pieces = _cut(tokens, _clause_starts(tokens, RULE_CLAUSE_WORDS))
    clauses: list[Seen] = []
    lost = False
    head = "rule_head" if section.word == "rule" else f"{section.word}_head"
    queue = [(head, pieces[0]), *(("clause", piece) for piece in pieces[1:])]
    while queue:
        start, piece = queue.pop(0)
        mended = _read(section, start, piece)
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
    if token.text not in words:
        return False
    if not token.opens_line and before in _NOUNS:
        return False
    if token.opens_line and token.text != "only":
        return before not in _WANTS_MORE or token.text in (
            "when",
            "require",
            "forbidden",
            "unless",
            "if",
            "say",
            "suggest",
            "cite",
        )
    following = tokens[index + 1].text if index + 1 < len(tokens) else ""
    match token.text:
        case "when":
            return before not in ("forbidden", "bypass", "only") and not _after_bound(tokens, index)
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


# ---------------------------------------------------------------- sets


def _codes(section: Section, tokens: list[Token]) -> None:
    head, entries = _codes_head(tokens)
    opened = _read(section, "codes_head", head)
    if opened.left:
        entries = [*opened.left, *entries]
    if not any(token.text not in (",", "except") for token in entries):
        if opened.whole:
            section.mistakes.append(_empty_set(section, tokens))
        return
    for group in _excepted(section, _without_bullets(section, entries)):
        for piece in _entry_pieces(section, group):
            _entry(section, piece)


def _codes_head(tokens: list[Token]) -> tuple[list[Token], list[Token]]:
    """The tokens of `codes NAME of SYSTEM`, or what stands for them, and the rest."""
    for index, token in enumerate(tokens[:5]):
        if token.text == "of" and index:
            return tokens[: index + 2], tokens[index + 2 :]
    end = next((index for index, token in enumerate(tokens) if index and token.opens_line), min(3, len(tokens)))
    return tokens[:end], tokens[end:]


def _empty_set(section: Section, tokens: Sequence[Token]) -> Mistake:
    name = tokens[1].span if len(tokens) > 1 else tokens[0].span
    return Mistake(
        code="SEQ163",
        message=f"The set `{tokens[1].text}` has no entries.",
        at=Label(name),
        hint="Write its codes, parted by commas: `99202 .. 99205, 99211`.",
    )


def _excepted(section: Section, entries: Sequence[Token]) -> list[list[Token]]:
    """What is in the set, and what is taken out; `except` stands once and last."""
    places = [index for index, token in enumerate(entries) if token.text == "except"]
    for place in places[1:]:
        section.mistakes.append(
            Mistake(
                code="SEQ165",
                message="`except` stands twice in the set.",
                at=Label(entries[place].span),
                also=(Label(entries[places[0]].span, "the first one"),),
                hint="It stands once, after the last entry, and takes out all that follows: `except 99211, 99215`.",
            )
        )
    groups: list[list[Token]] = [[]]
    for token in entries:
        if token.text == "except":
            groups.append([])
        else:
            groups[-1].append(token)
    if places and places[0] == 0:
        section.mistakes.append(
            Mistake(
                code="SEQ165",
                message="`except` stands before what it takes from.",
                at=Label(entries[0].span),
                hint="Write the entries first, then `except …`.",
            )
        )
        return []
    if places and not groups[-1]:
        section.mistakes.append(
            Mistake(
                code="SEQ165",
                message="Nothing stands after `except`.",
                at=Label(entries[places[-1]].span),
                hint="Write what is taken out, or leave `except` away.",
            ),
        )
    return groups


def _without_bullets(section: Section, entries: Sequence[Token]) -> list[Token]:
    """The entries with commas for the signs that open their lines, as in YAML; the first such sign is a mistake."""
    bullets = [token for token in entries if token.opens_line and token.text in _BULLETS]
    if not bullets:
        return list(entries)
    section.mistakes.append(
        Mistake(
            code="SEQ117",
            message=f"No entry begins with `{bullets[0].text}`.",
            at=Label(bullets[0].span),
            hint="Write the codes alone, parted by commas.",
        )
    )
    parted: list[Token] = []
    for token in entries:
        if token not in bullets:
            parted.append(token)
        elif parted and parted[-1].text not in (",", "except"):
            parted.append(token_of(",", token.span))
    return parted


def _entry_pieces(section: Section, tokens: Sequence[Token]) -> list[list[Token]]:
    """The entries between the commas; a comma with nothing before or after it is a mistake."""
    pieces: list[list[Token]] = [[]]
    commas: list[Token] = []
    depth = 0
    for token in tokens:
        depth += {"(": 1, ")": -1}.get(token.text, 0)
        if token.text == "," and depth <= 0:
            commas.append(token)
            pieces.append([])
        else:
            pieces[-1].append(token)
    for index, comma in enumerate(commas):
        empty_before = not pieces[index]
        empty_last = index == len(commas) - 1 and not pieces[-1]
        if empty_before or empty_last:
            where = "after the last entry" if empty_last and not empty_before else "where no entry stands before it"
            section.mistakes.append(
                Mistake(code="SEQ164", message=f"A comma stands {where}.", at=Label(comma.span), hint="Leave it away.")
            )
    return [piece for piece in pieces if piece]


def _entry(section: Section, piece: list[Token]) -> None:
    left = piece
    for _ in range(len(piece)):
        mended = _read(section, "entry", left)
        if mended.opens is None or not mended.left:
            return
        left = mended.left


# ---------------------------------------------------------------- tables and sources


def _parts(section: Section, tokens: list[Token], head: str, start: str, words: frozenset[str]) -> None:
    starts = [
        index
        for index in range(1, len(tokens))
        if tokens[index].text in words
        and tokens[index - 1].text not in _WANTS_MORE
        and (tokens[index].text != "in" or _follows(tokens, index, "force"))
        and (tokens[index].opens_line or not _follows(tokens, index, "as", "of", "under", "in", ","))
    ]
    pieces = _cut(tokens, starts)
    read: list[Token] = []
    whole = True
    queue = [(head, pieces[0]), *((start, piece) for piece in pieces[1:])]
    while queue:
        kind, piece = queue.pop(0)
        mended = _read(section, kind, piece)
        read.extend(mended.tokens)
        whole = whole and mended.whole
        if mended.opens:
            at = mended.mistakes[-1].at.span if mended.mistakes else piece[0].span
            queue.insert(0, (start, _with(mended.opens, mended.left, at)))
    if whole:
        section.node = feed_all("declaration", read)


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
        mended = _read(section, start, piece)
        while mended.left:
            read.extend(mended.tokens)
            left = _with(mended.opens or "", mended.left, mended.left[0].span)
            start = {"case": "case_head", "expect": "expectation"}.get(left[0].text, "item")
            mended = _read(section, start, left)
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
        return token.opens_line or before not in ("without", "asking", "line", "fact")
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
