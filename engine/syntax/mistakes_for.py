"""Mistakes of `for each` and of the parameters of a condition; a kind where a name is asked for.

In:   a fault.                      Out: the mistake, where it is one of these.
Uses: fault, nouns, suggest.        Used by: mistakes.
Not here: collections in conditions (mistakes_members).
"""

from sequela.engine.diagnostics.suggest import nearest
from sequela.engine.syntax.fault import Fault, Mistake
from sequela.engine.syntax.nouns import PLURAL, kind_words, name_after, noun_of
from sequela.engine.syntax.reserved import RESERVED


def for_each(fault: Fault) -> Mistake | None:
    """The mistake in what is bound, at the fault."""
    if fault.is_end:
        return None
    return _parameters(fault) or _in_for_each(fault) or _kind_for_name(fault) or _for(fault)


def _for(fault: Fault) -> Mistake | None:
    text = fault.text()
    if not (fault.text(-1) == "for" and fault.can("EACH", "THE")):
        if fault.text(-1) == "the" and fault.can("CLAIM", "FIRST"):
            return _for_the(fault)
        return None
    noun = noun_of(fault.text(1)) or "line"
    if text in ("claim", "first"):
        rest = "" if text == "claim" else f" {fault.said(1, 3)}"
        return fault.mistake(
            "SEQ156",
            f"`the` is missing before `{text}`.",
            hint=f"Write `for the {text}{rest}`.",
            last=0,
            at=fault.span(),
            by=("the",),
        )
    if text in ("every", "all", "any", "eachh"):
        return fault.mistake(
            "SEQ156",
            f"`for {text}` is written `for each`.",
            hint=f"Write `for each {noun} {name_after(fault, 2)}`.",
            by=("each",),
        )
    if text in ("a", "an", "one"):
        return fault.mistake(
            "SEQ156", f"`for {text}` is written `for each`.", hint=f"Write `for each {noun} …`.", by=("each",)
        )
    kind = noun_of(text)
    if kind is not None or text in ("group", "other", "later", "admitting", "reason-for-visit"):
        return fault.mistake(
            "SEQ156",
            "`each` is missing after `for`.",
            hint=f"Write `for each {kind or text} …`.",
            last=0,
            at=fault.span(-1, 1),
            by=("each",),
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
    noun = noun_of(text)
    if noun is None:
        return None
    return fault.mistake(
        "SEQ156",
        f"`for the {text}` is written `for each {noun}`.",
        hint=f"Write `for each {noun} {name_after(fault, 1)}`.",
        first=-1,
        by=("each", noun),
    )


def _in_for_each(fault: Fault) -> Mistake | None:
    """`for each line visit where …`, a group beside something else."""
    if fault.tokens[0].text != "for":
        return None
    text = fault.text()
    if text in ("where", "when", "if") and fault.can("COMMA"):
        return fault.mistake(
            "SEQ156",
            f"No `{text}` stands in `for each`.",
            hint=f"Write `in` with the name of a set, or ask it in `when`: `when {fault.said(1, fault.line_end())}`.",
            last=1,
            opens="when",
        )
    if fault.tokens[2:3] and fault.tokens[2].text == "group" and (text in PLURAL or text in ("other", "later")):
        return fault.mistake(
            "SEQ156",
            "A group stands alone in `for each`: nothing else is bound beside it.",
            hint="Ask about other lines in `when`, with `some line x where …`.",
        )
    return None


def _parameters(fault: Fault) -> Mistake | None:
    """`condition alone (lien a)`: after the parenthesis stands a kind, and what was written is none."""
    if fault.tokens[0].text == "condition" and fault.index == 2 and fault.text() in PLURAL:
        return fault.mistake(
            "SEQ118",
            "What a condition is about stands in parentheses.",
            hint=f"Write `({fault.said(0, 2)}, …)`.",
            last=0,
            at=fault.span(0, 2),
            by=("(",),
        )
    if fault.tokens[0].text != "condition" or fault.index != 4 or fault.text(-2) != "(":
        return None
    text = fault.text(-1)
    if fault.text() in (",", ")") and text.islower() and noun_of(text) is None:
        return fault.mistake(
            "SEQ187",
            f"`{text}` stands there without its kind.",
            hint=f"Write `line {text}`, or another kind.",
            first=-1,
            last=0,
            at=fault.span(-1, 0),
            by=("line", text),
        )
    if not fault.text()[:1].isalpha() or noun_of(text) == text or "." in text:
        return None
    forms = kind_words(fault, plural=False)
    meant = noun_of(text) or next(iter(nearest(text, forms)), "")
    hint = f"Did you mean `{meant}`?" if meant else f"The kinds are {', '.join(f'`{form}`' for form in forms)}."
    return fault.mistake(
        "SEQ187", f"`{text}` is no kind of thing.", hint=hint, first=-1, last=0, by=(meant or "line",), unsure=True
    )


def _kind_for_name(fault: Fault) -> Mistake | None:
    """`deny line`, `line has modifier 25`: a kind where the name of what is bound is asked for."""
    text, following = fault.text(), fault.text(1)
    if text not in PLURAL or not fault.can("NAME") or fault.can_any(("NEW", "LINE")):
        return None
    if fault.start not in ("clause", "condition", "declaration"):
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
