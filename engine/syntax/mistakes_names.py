"""Mistakes of names, ids and texts: capitals, underscores, reserved words, missing titles and quotes.

In:   a fault.                         Out: the mistake, where it is one of these.
Uses: fault, reserved, lalr.           Used by: mistakes.
"""

import re
from collections.abc import Callable
from typing import Final

from sequela.engine.syntax.fault import Fault, Mistake
from sequela.engine.syntax.lalr import advance, choices, choose, tables
from sequela.engine.syntax.reserved import OPENERS, RESERVED
from sequela.engine.syntax.scan import Token

_CODE_LIKE: Final = re.compile(r"[A-Za-z]?[0-9][0-9A-Za-z]*(\.[0-9A-Za-z]+)?")
_NOUNS: Final = {
    "rule": "a rule id",
    "source": "the id of a source",
    "test": "a rule id",
    "cite": "the id of a source",
    "expect": "a rule id",
}
_EXAMPLES: Final = {"source": "NCCI-MANUAL", "cite": "NCCI-MANUAL", "of": "HCPCS"}


def names(fault: Fault) -> Mistake | None:
    """The mistake in a name, an id or a text at the fault."""
    for recognise in _RECOGNISERS:
        mistake = recognise(fault)
        if mistake is not None:
            return mistake
    return None


def plain_name(text: str) -> str:
    """The name that was meant: `Minor_Procedures` and `minorProcedures` are `minor-procedures`; may be empty."""
    parted = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "-", text.strip('"'))
    return re.sub(r"[^a-z0-9]+", "-", parted.lower()).strip("-").lstrip("0123456789-")


# ---------------------------------------------------------------- words of the language


def _capitals(fault: Fault) -> Mistake | None:
    """`AND`, `When`: a word of the language in capitals, here or just before."""
    for offset in (0, -1):
        token = fault.at(offset)
        if token is None or token.text == token.text.lower() or not token.text.isalpha():
            continue
        word = token.text.lower()
        if word not in tables().keywords or not would_do(fault, offset, word):
            continue
        return fault.mistake(
            "SEQ128",
            f"The words of the language are written in small letters: `{word}`, not `{token.text}`.",
            hint=f"Write `{word}`.",
            first=offset,
            last=offset + 1,
            by=(word,),
        )
    return None


def would_do(fault: Fault, offset: int, word: str) -> bool:
    """Whether `word` in the place of a token lets the parser go on: here, or for the token before as far as here."""
    if offset == 0:
        return fault.can(tables().keywords[word])
    stack = fault.stack_before
    if stack is None:
        return False
    moved = advance(stack, tables().keywords[word])
    here = fault.at()
    if moved is None:
        return False
    if here is None:
        return False
    kind = choose(here, fault.at(1), choices(moved))
    return kind is not None and advance(moved, kind) is not None


# ---------------------------------------------------------------- ids


def _ids(fault: Fault) -> Mistake | None:
    if not fault.can("UPPER"):
        return None
    token = fault.at()
    opener = fault.text(-1)
    noun = _NOUNS.get(opener, "a rule id")
    if token is not None and not token.text[0].isalnum() and token.text[0] not in '",(':
        return None
    if (
        token is not None
        and token.text in ("rule", "source")
        and opener in _NOUNS | {"disable": "", "relax": "", "tighten": "", "override": ""}
    ):
        return fault.mistake(
            "SEQ187", f"No `{token.text}` stands after `{opener}`.", hint=f"Write `{opener} {fault.said(1, 2)}`.", by=()
        )
    unnamed = fault.tokens[0].text == "cite" and fault.text() == "section"
    if token is None or unnamed or token.text in RESERVED or not token.text[0].isalnum():
        if fault.can("FAIL") or fault.index == 0:
            return None
        what = {"of": "the system of its codes", "under": "the system of its codes", "defines": "a code system"}.get(
            opener
        )
        example = "HCPCS" if what else _EXAMPLES.get(opener, "MOD-25")
        return fault.mistake(
            "SEQ125",
            f"After `{opener}` stands {what or noun}.",
            hint=f"Write `{opener} {example}`.",
            last=0,
            at=fault.span(-1, 0),
            by=(example, "section") if opener == "cite" and fault.text().startswith('"') else (example,),
        )
    if fault.can("FAIL") and token.text.islower() and "-" not in token.text:
        return None
    meant = re.sub(r"[^A-Z0-9]+", "-", token.text.upper()).strip("-")
    if not meant or not meant[0].isalpha():
        return fault.mistake(
            "SEQ121",
            f"`{token.text}` is no id: an id begins with a letter.",
            hint=f"Write `{opener} R-{meant}`.",
            by=(f"R-{meant or 1}",),
        )
    what = "A code system" if opener in ("of", "under", "defines") else f"{noun.capitalize()}"
    why = "has hyphens, no underscores" if "_" in token.text else "is written in capitals"
    return fault.mistake("SEQ121", f"{what} {why}: `{meant}`.", hint=f"Write `{meant}`.", by=(meant,))


# ---------------------------------------------------------------- names


def _names(fault: Fault) -> Mistake | None:
    token = fault.at()
    declares = fault.can("NEW")
    if not declares and not fault.can_any(("NAME", "PATH", "COLUMN", "WORD")):
        return None
    if token is not None and not token.text[0].isalnum() and token.text[0] not in '",()':
        return None
    if declares and (token is None or token.text in RESERVED or token.text[0] in ",()"):
        return _reserved(fault, token)
    if token is not None and fault.start == "header" and fault.index == 1 and token.text in RESERVED:
        return fault.mistake(
            "SEQ124",
            f"`{token.text}` is a word of the language and cannot be a name.",
            hint=f"Choose another, such as `the-{token.text}`.",
            by=(f"the-{token.text}",),
        )
    if token is not None and not declares and _is_other_name(fault, token):
        return _misspelt(fault, token)
    if token is None or (token.fits and not declares and not _is_capital_name(fault, token)):
        return None
    if not declares and not token.text[0].isalpha():
        return None
    return _misspelt(fault, token)


def _is_other_name(fault: Fault, token: Token) -> bool:
    """A text in quotes or the name of a file, where only a name can stand."""
    if not fault.can("NAME") or fault.can_any(("QUOTED", "PATH", "CODE")):
        return False
    return token.text.startswith('"') or token.text.endswith(".rules")


def _is_capital_name(fault: Fault, token: Token) -> bool:
    return token.text.isupper() and not fault.can("CODE") and "NAME" in fault.accepts and token.fits[0] != "DATE"


def _misspelt(fault: Fault, token: Token) -> Mistake | None:
    text = token.text
    if not (text[0].isalnum() or text[0] == '"') or (text[0] == '"' and fault.can_any(("QUOTED", "TEMPLATE"))):
        return None
    if text.endswith(".rules") and fault.can("NAME"):
        meant = plain_name(text.rsplit("/", 1)[-1].removesuffix(".rules"))
        return fault.mistake(
            "SEQ122", "A ruleset is called by its name, not by its file.", hint=f"Write `{meant}`.", by=(meant or "x",)
        )
    if "." in text and fault.can("PATH"):
        return _path(fault, text)
    meant = plain_name(text)
    if text[0] == '"' and fault.start in ("header", "table_head") and not fault.text(1).startswith('"'):
        return fault.mistake(
            "SEQ125",
            f"The {fault.text(-1)} has a title and no name.",
            hint=f"Write `{fault.text(-1)} {meant or 'my-rules'} {text}`.",
            last=0,
            at=fault.span(),
            by=(meant or "x",),
        )
    if text[0] == '"':
        return fault.mistake(
            "SEQ122", "A name stands without quotes.", hint=f"Write `{meant or 'visits'}`.", by=(meant or "x",)
        )
    if not meant or _CODE_LIKE.fullmatch(text):
        if not fault.can("NEW"):
            return None
        return fault.mistake("SEQ122", f"`{text}` is no name: a name begins with a small letter.", by=(meant or "x",))
    if "_" in text:
        return fault.mistake(
            "SEQ123",
            f"The parts of a name are joined by hyphens: `{meant}`, not `{text}`.",
            hint=f"Write `{meant}`.",
            by=(meant,),
        )
    if text.lower() != text:
        return fault.mistake(
            "SEQ122",
            f"A name is written in small letters: `{meant}`, not `{text}`.",
            hint=f"Write `{meant}`.",
            by=(meant,),
        )
    return fault.mistake(
        "SEQ122",
        f"`{text}` is no name: a name is made of small letters, digits and hyphens.",
        hint=f"Write `{meant}`.",
        by=(meant,),
    )


def _path(fault: Fault, text: str) -> Mistake | None:
    meant = ".".join(plain_name(part) for part in text.split("."))
    if not all(meant.split(".")) or _CODE_LIKE.fullmatch(text):
        return None
    if "_" in text:
        return fault.mistake(
            "SEQ123",
            f"The parts of a name are joined by hyphens: `{meant}`, not `{text}`.",
            hint=f"Write `{meant}`.",
            by=(meant,),
        )
    return fault.mistake(
        "SEQ122", f"A name is written in small letters: `{meant}`, not `{text}`.", hint=f"Write `{meant}`.", by=(meant,)
    )


def _reserved(fault: Fault, token: Token | None) -> Mistake | None:
    """A word of the language where a name is declared: no name was given, or the word is taken for one."""
    before = fault.text(-1)
    moved = advance(fault.stack, "NEW")
    if token is not None and token.text[0].isalpha():
        kind = None if moved is None else choose(token, fault.at(1), choices(moved))
        goes_on = kind is not None and moved is not None and advance(moved, kind) is not None
        following = fault.at(1)
        if not goes_on or (following is not None and following.text == token.text):
            return fault.mistake(
                "SEQ124",
                f"`{token.text}` is a word of the language and cannot be a name.",
                hint=f"Choose another, such as `the-{token.text}`.",
                by=(f"the-{token.text}",),
            )
    if fault.index == 0 or (token is not None and token.text.startswith('"') and moved is None):
        return None
    example = {"codes": "visits", "table": "limits", "condition": "same-day", "up": "row", "diagnosis": "dx"}.get(
        before, "item"
    )
    return fault.mistake(
        "SEQ125",
        f"After `{before}` stands a name.",
        hint=f"Write `{before} {example}`.",
        last=0,
        at=fault.span(-1, 0),
        by=(example,),
    )


# ---------------------------------------------------------------- texts


def _texts(fault: Fault) -> Mistake | None:
    if not fault.can_any(("QUOTED", "TEMPLATE")) or fault.can_any(("CODE", "WORD", "NAME")):
        return None
    token = fault.at()
    if token is not None and not token.text[0].isalnum():
        return None
    head = fault.start in ("header", "rule_head", "table_head", "case_head")
    ends_here = token is None or (token.opens_line and (head or token.text in RESERVED))
    ends_here = ends_here or (token is not None and token.text in ("over", "section", "same"))
    if ends_here or (token is not None and token.text in OPENERS and not _is_wordy(fault)):
        before = fault.before(2)
        if head:
            example = f'{before} "one sentence that a coder understands"' if fault.word == "rule" else f'{before} "…"'
            return fault.mistake(
                "SEQ126",
                f"`{before}` has no title.",
                hint=f"Write `{example}`.",
                last=0,
                at=fault.span(-1, 0),
                by=('"…"',),
                unsure=True,
            )
        return fault.mistake(
            "SEQ127",
            f"After `{fault.text(-1)}` stands a text in quotes.",
            hint=f'Write `{fault.text(-1)} "…"`.',
            last=0,
            at=fault.span(-1, 0),
            by=('"…"',),
        )
    if fault.word == "rule" and fault.start == "rule_head" and fault.index == 2:
        several = _id_of_several_words(fault)
        if several is not None:
            return several
    end = _end_of_text(fault)
    words = fault.span(0, end).text.replace('"', "").strip()
    code, what = ("SEQ126", "A title") if head and fault.index <= 2 else ("SEQ127", "A text")
    return fault.mistake(
        code, f"{what} stands in quotes.", hint=f'Write `"{words}"`.', last=end, by=(f'"{words}"',), unsure=True
    )


def _id_of_several_words(fault: Fault) -> Mistake | None:
    """`rule MOD 25 "A title"`."""
    end = next((at for at in range(fault.line_end()) if fault.text(at).startswith('"')), 0)
    if not end or end > _LONGEST_ID:
        return None
    name = "-".join(fault.texts(-1, end)).upper()
    return fault.mistake(
        "SEQ126",
        f"The id of a rule is one word, and its title stands after it: `{fault.said(-1, end)}` is {end + 1} words.",
        hint=f"Write `rule {name}`.",
        first=-1,
        last=end,
        at=fault.span(-1, end),
        by=(name,),
    )


_LONGEST_ID: Final = 3
"""Words behind the first one that are taken for a part of a rule's id."""


def _is_wordy(fault: Fault) -> bool:
    """Whether the words from here to the end of the line read like a text, not like a clause."""
    return not fault.at().opens_line and fault.line_end() > 2  # type: ignore[union-attr]


def _end_of_text(fault: Fault) -> int:
    """The offset after the words that should have been a text: at most the line, but a known clause ends it."""
    end = fault.line_end()
    if fault.start == "item":
        return 1
    for offset in range(1, end):
        text = fault.text(offset)
        if text in ("over", "section") or (text == "same" and fault.text(offset + 1) == "as"):
            return offset
        if text == "only" and fault.text(offset + 1) == "if":
            return offset
    return end


_RECOGNISERS: Final[tuple[Callable[[Fault], Mistake | None], ...]] = (_capitals, _ids, _texts, _names)
