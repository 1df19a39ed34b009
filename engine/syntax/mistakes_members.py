"""Mistakes in what a condition ranges over: `some line`, `number of lines`.

In:   a fault.                           Out: the mistake, where it is one of these.
Uses: fault, expected, suggest.          Used by: mistakes.
"""

from collections.abc import Callable
from typing import Final

from sequela.engine.diagnostics.suggest import nearest
from sequela.engine.syntax.expected import CONDITION_START, PLURAL_KINDS
from sequela.engine.syntax.fault import Fault, Mistake
from sequela.engine.syntax.nouns import OTHER_NOUNS, PLURAL, SINGULAR, kind_words, name_after, noun_of
from sequela.engine.syntax.reserved import RESERVED

_SOME: Final = frozenset(("any", "exists", "exist", "a", "an", "has-any", "another", "contains"))
_EVERY: Final = frozenset(("all", "each", "always", "only"))
_NONE: Final = frozenset(("none", "never", "zero", "without"))
_WHERE: Final = frozenset(("when", "that", "which", "having", "with", "whose", "if", "such", "who"))


def members(fault: Fault) -> Mistake | None:
    """The mistake in what is ranged over, at the fault."""
    if fault.is_end:
        return None
    for recognise in _RECOGNISERS:
        mistake = recognise(fault)
        if mistake is not None:
            return mistake
    return None


# ---------------------------------------------------------------- nouns


def _nouns(fault: Fault) -> Mistake | None:
    if fault.text(-1) == "history" and fault.text() in ("line", "lines"):
        meant = "lines" if fault.can("LINES") else "line"
        code, number = ("SEQ158", "plural") if meant == "lines" else ("SEQ157", "singular")
        message = f"`history {fault.text()}` stands in the {number} here: `history {meant}`."
        return fault.mistake(code, message, hint=f"Write `history {meant} …`.", at=fault.span(-1, 1), by=(meant,))
    singular, plural = fault.can("LINE", "DIAGNOSIS") and not fault.can("DX"), fault.can_any(PLURAL_KINDS)
    if not (singular or plural) or fault.text() in RESERVED - {"line", "modifier", "value"}:
        return None
    text = fault.text()
    forms = kind_words(fault, plural)
    if text in ("the", "a", "an", "of"):
        return fault.mistake("SEQ187", f"No `{text}` stands here.", hint=f"Leave `{text}` away.", by=())
    if not plural and text in SINGULAR:
        opener = fault.text(-1)
        return fault.mistake(
            "SEQ157",
            f"After `{opener}` a kind stands in the singular: `{SINGULAR[text]}`.",
            hint=f"Write `{opener} {SINGULAR[text]} …`.",
            by=(SINGULAR[text],),
        )
    if plural and text in PLURAL:
        opener = fault.text(-1)
        return fault.mistake(
            "SEQ158",
            f"After `{opener}` a kind stands in the plural: `{PLURAL[text]}`.",
            hint=f"Write `{opener} {PLURAL[text]} …`.",
            by=(PLURAL[text],),
        )
    if not text[0].isalpha():
        return None
    return _unknown_noun(fault, text, plural, forms)


def _unknown_noun(fault: Fault, text: str, plural: bool, forms: tuple[str, ...]) -> Mistake:
    meant = OTHER_NOUNS.get(text.lower(), "")
    meant = (PLURAL.get(meant, meant) if plural else meant) or next(iter(nearest(text, forms)), "")
    hint = f"Did you mean `{meant}`?" if meant else f"The kinds are {', '.join(f'`{form}`' for form in forms)}."
    following = fault.text(1)
    if text == "claim" and fault.text(-1) == "each":
        return fault.mistake(
            "SEQ156",
            "There is one claim: `for the claim`.",
            hint="Write `for the claim`.",
            first=-1,
            by=("the", "claim"),
        )
    if noun_of(following) == following and nearest(text, ("other", "later", "history")):
        meant = nearest(text, ("other", "later", "history"))[0]
        return fault.mistake("SEQ101", f"`{text}` does not fit here.", hint=f"Did you mean `{meant}`?", by=(meant,))
    if text in ("prior", "previous", "past", "earlier", "former") and following in ("line", "lines", "claim", "claims"):
        return fault.mistake(
            "SEQ187",
            f"`{text} {following}` is written `history line`.",
            hint=f"Write `history line {name_after(fault, 2)} …`.",
            last=2,
            by=("history", "lines" if plural else "line"),
        )
    names_itself = not following or following in RESERVED or not following[0].islower()
    if names_itself and not plural and text.islower():
        kind = OTHER_NOUNS.get(text)
        hint = f"Write `{fault.text(-1)} {kind or 'line'} {text} …`{'' if kind else ', if a line is meant'}."
        return fault.mistake(
            "SEQ187",
            f"`{text}` is no kind of thing; the kind stands before the name.",
            hint=hint,
            by=((kind or "line").split()[0], text),
        )
    words = (meant or ("lines" if plural else "line")).split()
    if names_itself:
        words = [*words, "item"]
    return fault.mistake("SEQ187", f"`{text}` is no kind of thing.", hint=hint, by=words, unsure=names_itself)


# ---------------------------------------------------------------- quantifiers


def _quantifier(fault: Fault) -> Mistake | None:
    """`any line`, `there is a line`, `not any line`: known by the kind that follows."""
    token = fault.at()
    if token is None or (noun_of(token.text) is None and token.text not in ("other", "later", "of")):
        return None
    if not (fault.can("IS") or fault.text(-2) == "is" or fault.text(-1) in ("a", "an")):
        return None
    back = -1
    while fault.text(back) in ("a", "an", "any", "is", "are", "exists", "there", "no", "the") and -back <= 3:
        back -= 1
    said = fault.texts(back + 1, 0) if back < -1 else fault.texts(-1, 0)
    first = back + 1 if back < -1 else -1
    word = (
        "some"
        if set(said) & (_SOME | {"there"})
        else "every"
        if set(said) & _EVERY
        else "no"
        if set(said) & _NONE
        else None
    )
    if "no" in said:
        word = "no"
    if fault.text() == "of":
        return _counted(fault)
    if fault.text(-1) in ("count", "sum") and noun_of(token.text) is not None:
        form = "number of lines x" if fault.text(-1) == "count" else "total x.units over lines x"
        return fault.mistake(
            "SEQ159", f"There is no `{fault.text(-1)}`.", hint=f"Write `({form})`.", first=-1, at=fault.span(-1, 1)
        )
    if word is None:
        return None
    noun = noun_of(token.text) or token.text
    negated = fault.text(first - 1) == "not" and word == "some"
    first, word = (first - 1, "no") if negated else (first, word)
    which = 1 if token.text in ("other", "later") else 0
    kind = fault.text(which)
    noun = SINGULAR.get(kind, kind) if which else noun
    shown = f"{token.text} {noun}" if which else noun
    return fault.mistake(
        "SEQ159",
        f"`{fault.said(first, 0)}` is written `{word}`.",
        hint=f"Write `{word} {shown} {name_after(fault, which + 1)} …`.",
        first=first,
        last=which + 1 if kind in SINGULAR else 0,
        at=fault.span(first, 0),
        by=(word, *shown.split()) if kind in SINGULAR else (word,),
    )


def _counted(fault: Fault) -> Mistake | None:
    """`count of lines`, `sum of x.units`."""
    word = {"count": "number", "sum": "total", "quantity": "number", "amount": "number", "amounts": "total"}.get(
        fault.text(-1)
    )
    if word is None:
        return None
    hint = "Write `(number of lines x)`." if word == "number" else "Write `(total x.units over lines x)`."
    return fault.mistake(
        "SEQ159",
        f"`{fault.text(-1)} of` is written `{word}{' of' if word == 'number' else ''}`.",
        hint=hint,
        first=-1,
        last=1 if word == "total" else 0,
        by=(word,),
    )


def _exactly(fault: Fault) -> Mistake | None:
    if fault.text(-1) not in ("exactly", "only") or not fault.text().isdigit() or not fault.can("IS"):
        return None
    noun = PLURAL.get(noun_of(fault.text(1)) or "line", "lines")
    return fault.mistake(
        "SEQ159",
        "`exactly` is asked with `number of`.",
        hint=f"Write `(number of {noun} x where …) is {fault.text()}`.",
        first=-1,
        last=1,
        by=("at", "least", fault.text()),
    )


def _where(fault: Fault) -> Mistake | None:
    if not fault.can("WHERE") or fault.text() not in _WHERE:
        return None
    end = 2 if fault.texts(0, 2) == ("such", "that") else 1
    if fault.text() == "with" and fault.text(1) == "the":
        return None
    if fault.text() in ("with", "having") and fault.text(1) == "modifier":
        name = fault.text(-1)
        return fault.mistake(
            "SEQ159",
            f"`{fault.said(0, 2)}` is written `where {name} has modifier`.",
            hint=f"Write `where {name} has modifier {fault.said(2, 3) or '25'}`.",
            last=2,
            by=("where", name, "has", "modifier"),
        )
    return fault.mistake(
        "SEQ159",
        f"`{fault.said(0, end)}` is written `where`.",
        hint="`where` takes one test, or a condition in parentheses.",
        last=end,
        by=("where",),
    )


def _asked_of_each(fault: Fault) -> Mistake | None:
    """`some other line work on the same day`: what is asked of a member, without `where`."""
    if not fault.can("WHERE") or fault.text() not in ("on", "at", "by", "for", "from", "before", "after", "within"):
        return None
    name = fault.text(-1)
    return fault.mistake(
        "SEQ159",
        f"What is asked of `{name}` stands after `where`.",
        hint=f"Write `where {name}.date is …`, with the fact that is meant.",
        at=fault.span(0, fault.line_end()),
    )


def _and_for_comma(fault: Fault) -> Mistake | None:
    """`for each line visit and other line work`, `with the same date and provider`."""
    if fault.text() not in ("and", "or", "&") or not fault.can("COMMA") or fault.can_any(("AND", "OR")):
        return None
    return fault.mistake(
        "SEQ164", f"Things in a row are parted by commas, not by `{fault.text()}`.", hint="Write a comma.", by=(",",)
    )


def _quantifier_alone(fault: Fault) -> Mistake | None:
    """`for each` in a condition, `for all`."""
    if fault.text() != "for" or not fault.can_any(CONDITION_START):
        return None
    end = 2 if fault.text(1) in ("each", "every", "all", "any") else 1
    return fault.mistake(
        "SEQ159",
        f"`{fault.said(0, end)}` is written `every` in a condition.",
        hint="Write `every line x where …`.",
        last=end,
        by=("every",),
    )


_RECOGNISERS: Final[tuple[Callable[[Fault], Mistake | None], ...]] = (
    *(
        _quantifier,
        _exactly,
        _where,
        _asked_of_each,
        _and_for_comma,
        _quantifier_alone,
        _nouns,
    ),
)
