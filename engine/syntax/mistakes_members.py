"""Mistakes in what a rule or test ranges over: `for each`, `some line`, `number of lines`.

In:   a fault.                           Out: the mistake, where it is one of these.
Uses: fault, expected, suggest.          Used by: mistakes.
"""

from collections.abc import Callable
from typing import Final

from sequela.engine.diagnostics.suggest import nearest
from sequela.engine.syntax.expected import CONDITION_START, PLURAL_KINDS
from sequela.engine.syntax.fault import Fault, Mistake
from sequela.engine.syntax.reserved import RESERVED

SINGULAR: Final = {
    "lines": "line", "modifiers": "modifier", "diagnoses": "diagnosis", "procedures": "procedure", "documents": "document",
    "services": "service", "condition-codes": "condition-code", "occurrences": "occurrence", "value-codes": "value-code",
}  # fmt: skip
PLURAL: Final = {one: many for many, one in SINGULAR.items()}
_OTHER_NOUNS: Final = {
    "dx": "diagnosis", "dxs": "diagnosis", "diag": "diagnosis", "code": "diagnosis", "codes": "diagnosis", "px": "procedure",
    "claim-line": "line", "service-line": "line", "charge": "line", "item": "line", "lineitem": "line", "line-item": "line",
    "detail": "line", "mod": "modifier", "mods": "modifier", "note": "document", "record": "document", "visit": "line",
    "encounter": "line", "proc": "procedure", "claim": "line", "history": "history line",
}  # fmt: skip
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


# ---------------------------------------------------------------- for each


def _for(fault: Fault) -> Mistake | None:
    text = fault.text()
    if not (fault.text(-1) == "for" and fault.can("EACH", "THE")):
        if fault.text(-1) == "the" and fault.can("CLAIM", "FIRST"):
            return _for_the(fault)
        return None
    noun = _noun(fault.text(1)) or "line"
    if text in ("every", "all", "any", "eachh"):
        return fault.mistake(
            "SEQ156",
            f"`for {text}` is written `for each`.",
            hint=f"Write `for each {noun} {_name_after(fault, 2)}`.",
            by=("each",),
        )
    if text in ("a", "an", "one"):
        return fault.mistake(
            "SEQ156", f"`for {text}` is written `for each`.", hint=f"Write `for each {noun} …`.", by=("each",)
        )
    kind = _noun(text)
    if kind is not None or text in ("group", "other", "later", "admitting", "reason-for-visit"):
        return fault.mistake(
            "SEQ156",
            "`each` is missing after `for`.",
            hint=f"Write `for each {kind or text} …`.",
            last=0,
            at=fault.span(-1, 1),
            by=("each",),
        )
    if text == "claim":
        return fault.mistake(
            "SEQ156", "`for claim` is written `for the claim`.", last=0, at=fault.span(-1, 1), by=("the",)
        )
    return fault.mistake(
        "SEQ156",
        "After `for` stands `each`, `the first diagnosis` or `the claim`.",
        hint="Write `for each line item`, or another kind than `line`.",
    )


def _for_the(fault: Fault) -> Mistake | None:
    text = fault.text()
    if text in ("principal", "primary", "main", "1st"):
        return fault.mistake("SEQ156", f"`the {text} diagnosis` is written `the first diagnosis`.", by=("first",))
    if text in ("diagnosis", "principal-diagnosis"):
        return fault.mistake(
            "SEQ156",
            "One diagnosis is `the first diagnosis`; all of them are `each diagnosis`.",
            hint="Write `for the first diagnosis dx`, or `for each diagnosis dx`.",
            by=("first", "diagnosis"),
        )
    noun = _noun(text)
    if noun is None:
        return None
    return fault.mistake(
        "SEQ156",
        f"`for the {text}` is written `for each {noun}`.",
        hint=f"Write `for each {noun} {_name_after(fault, 1)}`.",
        first=-1,
        by=("each", noun),
    )


def _name_after(fault: Fault, offset: int) -> str:
    text = fault.text(offset)
    return text if text and text not in RESERVED and text[0].islower() else "item"


def _noun(text: str) -> str | None:
    """The kind, in the singular, that a word may mean."""
    word = text.lower()
    if word in PLURAL:
        return word
    return SINGULAR.get(word) or _OTHER_NOUNS.get(word)


# ---------------------------------------------------------------- nouns


def _parameters(fault: Fault) -> Mistake | None:
    """`condition alone (lien a)`: after the parenthesis stands a kind, and what was written is none."""
    if fault.tokens[0].text != "condition" or fault.index != 4 or fault.text(-2) != "(":
        return None
    text = fault.text(-1)
    if not fault.text()[:1].isalpha() or _noun(text) == text or "." in text:
        return None
    forms = _kind_words(fault, plural=False)
    meant = _noun(text) or next(iter(nearest(text, forms)), "")
    hint = f"Did you mean `{meant}`?" if meant else f"The kinds are {', '.join(f'`{form}`' for form in forms)}."
    return fault.mistake(
        "SEQ187", f"`{text}` is no kind of thing.", hint=hint, first=-1, last=0, by=(meant or "line",), unsure=True
    )


def _kind_for_name(fault: Fault) -> Mistake | None:
    """`deny line`, `line has modifier 25`: a kind where the name of what is bound is asked for."""
    text, following = fault.text(), fault.text(1)
    if text not in PLURAL or not fault.can("NAME") or fault.can_any(("NEW", "LINE")):
        return None
    if fault.can("SOME") and following not in ("has", "is", "comes"):
        if not following or following in RESERVED:
            return None
        return fault.mistake(
            "SEQ159",
            f"`some`, `every` or `no` is missing before `{text}`.",
            hint=f"Write `some {text} {following} …`.",
            last=0,
            at=fault.span(),
            by=("some",),
        )
    return fault.mistake(
        "SEQ187",
        f"`{text}` is a kind of thing; the name of one that is bound is asked for here.",
        hint=f"Write the name that follows `{text}` in `for each {text} …`.",
        by=(f"the-{text}",),
    )


def _nouns(fault: Fault) -> Mistake | None:
    singular, plural = fault.can("LINE", "DIAGNOSIS") and not fault.can("DX"), fault.can_any(PLURAL_KINDS)
    if not (singular or plural) or fault.text() in RESERVED - {"line", "modifier", "value"}:
        return None
    text = fault.text()
    forms = _kind_words(fault, plural)
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
    meant = _OTHER_NOUNS.get(text.lower(), "")
    meant = (PLURAL.get(meant, meant) if plural else meant) or next(iter(nearest(text, forms)), "")
    hint = f"Did you mean `{meant}`?" if meant else f"The kinds are {', '.join(f'`{form}`' for form in forms)}."
    following = fault.text(1)
    names_itself = not following or following in RESERVED or not following[0].islower()
    if names_itself and not plural and text.islower() and text not in _OTHER_NOUNS:
        hint = f"Write `{fault.text(-1)} line {text} …`, if a line is meant."
        return fault.mistake(
            "SEQ187", f"`{text}` is no kind of thing; the kind stands before the name.", hint=hint, by=("line", text)
        )
    words = (meant or ("lines" if plural else "line")).split()
    if names_itself:
        words = [*words, "item"]
    return fault.mistake("SEQ187", f"`{text}` is no kind of thing.", hint=hint, by=words, unsure=names_itself)


def _kind_words(fault: Fault, plural: bool) -> tuple[str, ...]:
    if plural:
        return ("lines", "modifiers", "diagnoses", "procedures", "documents", "history lines", "services")
    kinds = ("line", "modifier", "diagnosis", "procedure", "document", "history line", "service")
    return (*kinds, "condition-code", "occurrence", "value-code") if fault.can("OCCURRENCE") else kinds


# ---------------------------------------------------------------- quantifiers


def _quantifier(fault: Fault) -> Mistake | None:
    """`any line`, `there is a line`, `not any line`: known by the kind that follows."""
    token = fault.at()
    if token is None or (_noun(token.text) is None and token.text not in ("other", "later", "of")):
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
    if word is None:
        return None
    noun = _noun(token.text) or token.text
    negated = fault.text(first - 1) == "not" and word == "some"
    first, word = (first - 1, "no") if negated else (first, word)
    which = 1 if token.text in ("other", "later") else 0
    kind = fault.text(which)
    noun = SINGULAR.get(kind, kind) if which else noun
    shown = f"{token.text} {noun}" if which else noun
    return fault.mistake(
        "SEQ159",
        f"`{fault.said(first, 0)}` is written `{word}`.",
        hint=f"Write `{word} {shown} {_name_after(fault, which + 1)} …`.",
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
    noun = PLURAL.get(_noun(fault.text(1)) or "line", "lines")
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
    return fault.mistake(
        "SEQ159",
        f"`{fault.said(0, end)}` is written `where`.",
        hint="`where` takes one test, or a condition in parentheses.",
        last=end,
        by=("where",),
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
    *(_parameters, _kind_for_name, _for, _quantifier, _exactly, _where, _and_for_comma, _quantifier_alone, _nouns),
)
