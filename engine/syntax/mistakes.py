"""Mistakes: what a person did at the place where the parser could not go on, and what to say to them.

In:   a fault.                                          Out: a mistake, always.
Uses: the recognisers of each subject, expected.        Used by: pieces.
"""

from typing import Final

from sequela.engine.diagnostics.suggest import nearest
from sequela.engine.syntax.expected import expected
from sequela.engine.syntax.fault import Fault, Mistake, said
from sequela.engine.syntax.lalr import tables
from sequela.engine.syntax.mistakes_cases import cases
from sequela.engine.syntax.mistakes_clauses import clauses
from sequela.engine.syntax.mistakes_codes import codes
from sequela.engine.syntax.mistakes_columns import columns
from sequela.engine.syntax.mistakes_conditions import conditions
from sequela.engine.syntax.mistakes_for import for_each
from sequela.engine.syntax.mistakes_members import members
from sequela.engine.syntax.mistakes_names import names, would_do
from sequela.engine.syntax.mistakes_signs import signs
from sequela.engine.syntax.mistakes_small_words import small_words
from sequela.engine.syntax.mistakes_tests import tests
from sequela.engine.syntax.nouns import PLURAL
from sequela.engine.syntax.reserved import RESERVED

_RECOGNISERS: Final = (small_words, cases, for_each, conditions, tests, members, codes, columns, clauses, names, signs)


def recognise(fault: Fault) -> Mistake:
    """The mistake at a fault: the first that a recogniser knows, else what stands there and what could."""
    for recogniser in (_doubled, _last_comma, *_RECOGNISERS):
        mistake = recogniser(fault)
        if mistake is not None:
            return mistake
    return _misspelt(fault) or _nameless(fault)


def _doubled(fault: Fault) -> Mistake | None:
    """`value value units as number`: a word written twice."""
    text, before = fault.text(), fault.text(-1)
    token = fault.at()
    if token is None or token.opens_line:
        return None
    if text and text == before == fault.span(-1, 0).text and text not in ("(", ")", "not", "|"):
        return fault.mistake("SEQ101", f"`{said(fault.span())}` stands twice.", hint="Leave one of them away.", by=())
    is_word = before in RESERVED or before in PLURAL
    if is_word and before == fault.text(-2) == fault.span(-1, 0).text:
        return fault.mistake(
            "SEQ101",
            f"`{before}` stands twice.",
            hint="Leave one of them away.",
            first=-1,
            last=0,
            at=fault.span(-1, 0),
            by=(),
        )
    return None


def _last_comma(fault: Fault) -> Mistake | None:
    """`settings professional,` and nothing more."""
    if not fault.is_end or fault.text(-1) != "," or fault.index < 2:
        return None
    return fault.mistake(
        "SEQ164",
        f"A comma stands after `{fault.text(-2)}`, and nothing after it.",
        hint="Leave it away.",
        first=-1,
        last=0,
        by=(),
    )


def _misspelt(fault: Fault) -> Mistake | None:
    """A word of the language with a slip in it, here or just before, where it may have been taken for a name."""
    for offset in (0, -1):
        text = fault.text(offset)
        if not text.replace("-", "").isalpha() or text in RESERVED:
            continue
        fitting = [word for word in tables().keywords if would_do(fault, offset, word)]
        meant = nearest(text, fitting)
        if meant:
            return fault.mistake(
                "SEQ101",
                f"`{text}` does not fit here.",
                hint=f"Did you mean `{meant[0]}`?",
                first=offset,
                last=offset + 1,
                by=meant,
            )
    return None


def _nameless(fault: Fault) -> Mistake:
    before = fault.before()
    phrase = expected(fault.accepts)
    after = f"after `{before}` comes {phrase}" if before and phrase else f"here comes {phrase}" if phrase else ""
    if fault.is_end:
        message = f"Something is missing: {after}." if after else f"Something is missing after `{before}`."
        return fault.mistake("SEQ102", message, first=-1, last=0, unsure=True)
    words = fault.said(0, 1)
    message = f"`{words}` does not fit here: {after}." if after else f"`{words}` does not fit here."
    return fault.mistake("SEQ101", message, unsure=True)
