"""Split: where each declaration of a file begins.

In:   the tokens of a file.    Out: runs of tokens, one for the header and each declaration.
Uses: reserved, scan.          Used by: parse.
Not here: how a run that does not parse is divided further (mend).
"""

import re
from collections.abc import Sequence
from typing import Final

from sequela.engine.syntax.reserved import DECLARATION_WORDS, RESERVED
from sequela.engine.syntax.scan import Token

_CODE: Final = re.compile(r"[0-9A-Z]{2}")


def split(tokens: Sequence[Token]) -> list[Sequence[Token]]:
    """The tokens in runs that begin with a word that opens a declaration; what stands before the first is a run too.

    A column or fact may bear such a word (`value rule as text`), but then a sign or a word of the language follows,
    while what a declaration opens with is a name of the author's.
    """
    starts = [0]
    for index, token in enumerate(tokens):
        if token.text in DECLARATION_WORDS and index and _opens(tokens[index + 1 : index + 3]):
            before = tokens[index - 1]
            if not token.opens_line and before.opens_line and before.text in DECLARATION_WORDS:
                continue  # `disable rule MOD-25`: the second word is a mistake of the first one's declaration
            if is_condition_code(token, tokens[index + 1]):
                continue
            if not token.opens_line and token.text == "codes" and before.text in ("in", "as"):
                continue  # `excluded in codes ICD10CM`: the type of a column, without its `of`
            starts.append(index)
    ends = [*starts[1:], len(tokens)]
    return [tokens[start:end] for start, end in zip(starts, ends, strict=True) if start < end]


def is_condition_code(token: Token, following: Token) -> bool:
    """Whether `condition 44` stands where a case means `condition-code 44`: no name has capitals or begins with a digit."""
    return token.text == "condition" and not following.opens_line and _CODE.fullmatch(following.text) is not None


def _opens(following: Sequence[Token]) -> bool:
    if not following or following[0].text in RESERVED or not following[0].text[0].isalnum():
        return False
    is_column = following[0].text in ("as", "to") and len(following) > 1 and following[1].text[0].islower()
    return not is_column or following[1].text == "of"
