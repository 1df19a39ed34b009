"""Divide: a run of tokens that is no declaration may be several, of which the later ones open with a misspelt word.

In:   the tokens of a run.                     Out: for each declaration its first word, its tokens and its mistakes.
Uses: mistakes_signs, reserved, suggest.       Used by: parse.
Not here: the mistakes within a declaration (pieces).
"""

from collections.abc import Sequence
from typing import Final

from attrs import define, field

from sequela.engine.diagnostics.model import Label
from sequela.engine.diagnostics.suggest import distance
from sequela.engine.source import Span
from sequela.engine.syntax.fault import Mistake, token_of
from sequela.engine.syntax.mistakes_signs import foreign_letters, in_small_letters
from sequela.engine.syntax.reserved import DECLARATION_WORDS, OTHER_CLAUSE_WORDS, RESERVED, RULE_CLAUSE_WORDS
from sequela.engine.syntax.scan import Token
from sequela.engine.syntax.split import is_condition_code

_OTHER_WORDS: Final = {
    "rules": "rule", "policy": "rule", "edit": "rule", "check": "rule", "define": "condition", "set": "codes", "code": "codes",
    "codeset": "codes", "code-set": "codes", "valueset": "codes", "value-set": "codes", "list": "codes", "import": "use",
    "include": "use", "uses": "use", "using": "use", "tables": "table", "sources": "source", "authority": "source",
    "tests": "test", "testing": "test", "conditions": "condition", "function": "condition", "macro": "condition",
    "disables": "disable", "overrides": "override", "replace": "override", "ruleset-name": "ruleset", "module": "ruleset",
    "package": "ruleset", "library": "ruleset", "plan": "payer", "insurer": "payer",
}  # fmt: skip
_WANTS_MORE: Final = frozenset(
    (",", "as", "in", "by", "same", "to", "key", "value", "without", "asking", "is", "of", "over", "from")
)
_CLAUSES: Final = RULE_CLAUSE_WORDS | OTHER_CLAUSE_WORDS


@define
class Part:
    """The tokens of one declaration; `word` is the one that opens it, empty where none does."""

    word: str
    tokens: list[Token]
    mistakes: list[Mistake] = field(factory=list)


def divide(run: Sequence[Token]) -> list[Part]:
    """The declarations in a run of tokens; the letters of other scripts in it are put right, and reported."""
    tokens, mistakes = foreign_letters(run)
    if not tokens:
        return [Part("", list(run), mistakes)]
    parts: list[Part] = []
    for index, token in enumerate(tokens):
        before = tokens[index - 1] if index else None
        following = tokens[index + 1] if index + 1 < len(tokens) else None
        word = _opened(token, before, following) or (_unopened(token, following) if index else None)
        if word is None and (parts or index):
            parts[-1].tokens.append(token)
            continue
        if word is None or word == token.text:
            parts.append(Part(word or "", [token]))
            continue
        if word.endswith(" "):  # the word itself is left out
            opener = token_of(word.strip(), Span(token.source, token.start, token.start), opens_line=True)
            parts.append(Part(word.strip(), [opener, token], [_left_out(token, word.strip())]))
            continue
        parts.append(Part(word, [token_of(word, token.span, opens_line=True)], [_misspelt(token, word)]))
    for mistake in mistakes:
        home = [part for part in parts if part.tokens[0].start <= mistake.at.span.start] or parts[:1]
        home[-1].mistakes.append(mistake)
    return parts


def _opened(token: Token, before: Token | None, following: Token | None) -> str | None:
    """The word of the declaration that a token opens, as it should be written; None where it opens none."""
    text = token.text
    if before is None:
        if text in DECLARATION_WORDS:
            return text
    elif not token.opens_line or before.text in _WANTS_MORE:
        return None
    if following is not None and is_condition_code(token, following):
        return None
    if text in DECLARATION_WORDS:
        is_column = following is not None and following.text in ("as", "under", "is", ",", ")", "in")
        return None if is_column else text
    if not _could_open(token, following):
        return None
    lower = text.lower()
    if lower in DECLARATION_WORDS:
        return lower
    if lower in _CLAUSES or (lower == text and text in RESERVED):
        return None
    if lower in _OTHER_WORDS:
        return _OTHER_WORDS[lower]
    slips = 1 if len(lower) < 6 else 2
    near = [word for word in sorted(DECLARATION_WORDS) if distance(lower, word, slips) is not None]
    return near[0] if near and len(lower) >= 3 else None


def _unopened(token: Token, following: Token | None) -> str | None:
    """The word of the declaration that begins here without it, and a blank: `MOD-25 "A visit …"`, `sides of MODIFIER`."""
    line_start = token.source.text.rfind("\n", 0, token.start) + 1
    if not token.opens_line or token.start > line_start + 1 or following is None:
        return None
    if token.text in RESERVED or not token.text[0].isalpha():
        return None
    if following.opens_line:
        return "source " if token.text.isupper() and following.text in ("title", "edition") else None
    if following.text.startswith('"'):
        return "rule " if token.text.isupper() else "table " if token.text.islower() else None
    if following.text == "of" and token.text.islower():
        return "codes "
    return "condition " if following.text == "(" and token.text.islower() else None


def _left_out(token: Token, word: str) -> Mistake:
    return Mistake(
        code="SEQ105",
        message=f"`{token.text}` stands where a declaration begins.",
        at=Label(token.span),
        hint=f"Write `{word} {token.text}`, if that is meant.",
    )


def _could_open(token: Token, following: Token | None) -> bool:
    """Whether the place is that of a declaration's first word: at the margin, before a name, an id or a text."""
    if not token.text.isalpha() and "-" not in token.text:
        return False
    line_start = token.source.text.rfind("\n", 0, token.start) + 1
    at_margin = token.start == line_start or not token.source.text[line_start : token.start].strip("\ufeff")
    if not at_margin or following is None or following.opens_line:
        return False
    return following.text not in RESERVED and (following.text[0].isalnum() or following.text[0] == '"')


def _misspelt(token: Token, word: str) -> Mistake:
    if token.text.lower() == word:
        return in_small_letters(token)
    return Mistake(
        code="SEQ105",
        message=f"`{token.text}` opens no declaration.",
        at=Label(token.span),
        hint=f"Did you mean `{word}`?",
    )
