"""Mistakes in the words of a test: `is`, `has`, and what other languages say instead.

In:   a fault.                  Out: the mistake, where it is one of these.
Uses: fault.                    Used by: mistakes.
Not here: how tests are joined (mistakes_conditions); quantifiers (mistakes_quantifiers).
"""

import re
from collections.abc import Callable
from typing import Final

from sequela.engine.syntax.fault import Fault, Mistake
from sequela.engine.syntax.mistakes_modifiers import has, left_side, without

_AFTER_IS: Final = {
    "IN": "in", "AT": "at", "KNOWN": "known", "MISSING": "missing", "PAYABLE": "payable", "MORE": "more", "LESS": "less",
    "BEFORE": "before", "AFTER": "after", "ON": "on", "WITHIN": "within",
}  # fmt: skip
_SHORTENED: Final = {
    "isn't": "is not", "aren't": "is not", "wasn't": "is not", "weren't": "is not", "hasn't": "not", "haven't": "not",
    "doesn't": "not", "don't": "not", "can't": "not", "cannot": "not", "mustn't": "not", "shouldn't": "not", "it's": "is",
}  # fmt: skip
_MORE: Final = frozenset(("greater", "higher", "larger", "bigger", "above", "over", "older"))
_LESS: Final = frozenset(("smaller", "lower", "fewer", "below", "under", "younger"))
_OPPOSITES: Final = {
    ("at", "most"): "more than", ("at", "least"): "less than", ("more", "than"): "at most", ("less", "than"): "at least",
    ("before",): "on or after", ("after",): "on or before", ("known",): "missing", ("missing",): "known",
}  # fmt: skip
_ABSENT: Final = frozenset(("null", "nil", "empty", "blank", "absent", "none", "nothing", "unspecified"))


def tests(fault: Fault) -> Mistake | None:
    """The mistake in the words of a test, at the fault."""
    if fault.is_end:
        return _fact_alone(fault)
    for recognise in _RECOGNISERS:
        mistake = recognise(fault)
        if mistake is not None:
            return mistake
    return None


def _shortened(fault: Fault) -> Mistake | None:
    text = fault.text().replace("’", "'").lower()
    whole = _SHORTENED.get(text)
    if whole is None:
        return None
    if whole == "not":
        return without(fault, 2 if fault.text(1) in ("have", "has") else 1)
    end = 3 if fault.text(1) == "in" else 2
    hint = f"Write `{left_side(fault)} {whole} {fault.said(1, end) or '…'}`."
    return fault.mistake("SEQ148", f"`{fault.text()}` is written `{whole}`.", hint=hint, by=whole.split())


# ---------------------------------------------------------------- not


def _not(fault: Fault) -> Mistake | None:
    following = fault.text(1)
    left = left_side(fault)
    if fault.text() == "not" and fault.text(-1) == "not":
        return fault.mistake(
            "SEQ149", "`not` stands twice, and the two cancel each other.", hint="Leave both away.", first=-1, by=()
        )
    if fault.text() == "not" and fault.can("IS"):
        if following == "in":
            return fault.mistake(
                "SEQ149",
                "`not in` is written `is not in`.",
                hint=f"Write `{left} is not in …`.",
                last=2,
                by=("is", "not", "in"),
            )
        if following == "is":
            return fault.mistake(
                "SEQ149", "`not is` is written `is not`.", hint=f"Write `{left} is not …`.", last=2, by=("is", "not")
            )
        return fault.mistake(
            "SEQ150", "`is` is missing before `not`.", hint=f"Write `{left} is not …`.", last=0, by=("is",)
        )
    if fault.text() == "not" and fault.text(-1) == "in":
        return fault.mistake(
            "SEQ149", "`in not` is written `not in`.", hint="Write `… is not in …`.", first=-1, by=("not", "in")
        )
    if fault.text(-1) == "not" and fault.text(-2) == "is":
        return _turned_round(fault)
    return None


def _turned_round(fault: Fault) -> Mistake | None:
    for words, opposite in _OPPOSITES.items():
        if fault.texts(0, len(words)) == words:
            said = " ".join(words)
            right = "" if said in ("known", "missing") else f" {fault.said(len(words), len(words) + 1) or '…'}"
            return fault.mistake(
                "SEQ139",
                f"`is not {said}` is written `is {opposite}`.",
                hint=f"Write `{left_side(fault, -3)} is {opposite}{right}`.",
                first=-1,
                last=len(words),
                by=opposite.split(),
            )
    if fault.text() == "payable":
        line = left_side(fault, -3)
        return fault.mistake(
            "SEQ139",
            "`is not payable` is written with `not` before the line.",
            hint=f"Write `not {line} is payable`.",
            first=-1,
            by=("payable",),
        )
    if fault.text() in ("on", "within"):
        return fault.mistake(
            "SEQ139",
            "`not` stands before the whole test, not after `is`.",
            hint=f"Write `not {left_side(fault, -3)} is {fault.text()} …`.",
            first=-1,
            last=0,
            by=(),
        )
    return None


# ---------------------------------------------------------------- is


def _missing_is(fault: Fault) -> Mistake | None:
    token = fault.at()
    if token is None or not fault.can("IS"):
        return None
    left = left_side(fault)
    is_value = bool({"CODE", "QUOTED", "DATE"} & set(token.fits)) and fault.text(-1)[:1].islower()
    before = fault.at(-1)
    is_fact = before is not None and bool({"PATH", "NAME"} & set(before.fits))
    if token.text in _AFTER_IS.values() or (is_value and is_fact and not token.opens_line):
        return fault.mistake(
            "SEQ150",
            f"`is` is missing before `{fault.said(0, 1)}`.",
            hint=f"Write `{left} is {fault.said(0, _test_end(fault))}`.",
            last=0,
            at=token.span,
            by=("is",),
        )
    return None


def _fact_alone(fault: Fault) -> Mistake | None:
    """`when visit.units`: a fact, and nothing that is asked of it."""
    before, token = fault.at(-1), fault.at()
    ends_here = token is None or token.opens_line or token.text in ("and", "or", ")")
    if before is None or before.fits[:1] != ("PATH",) or not fault.can("IS") or not ends_here:
        return None
    return fault.mistake(
        "SEQ150",
        f"`{before.text}` by itself asks nothing.",
        hint=f"Write `{before.text} is …`, or `{before.text} is known`.",
        last=0,
        at=fault.span(-1, 0),
        by=("is", "known"),
    )


def _test_end(fault: Fault) -> int:
    """The offset after the value of a test whose words begin here, without the `is` before them."""
    if fault.text() == "within":
        return 5
    for end in range(5):
        token = fault.at(end)
        if token is None or (end and token.opens_line):
            return max(end, 1)
        if fault.text(end - 1) == "in" or {"CODE", "QUOTED", "DATE", "PATH"} & set(token.fits):
            return end + 1
    return 1


def _other_words(fault: Fault) -> Mistake | None:
    """`equals`, `contains`, `exceeds` in the place of `is …`."""
    text, left, right = fault.text(), left_side(fault), fault.said(1, 2) or "…"
    if not fault.can("IS"):
        return None
    if text in ("equals", "equal", "eq", "are", "was", "be", "being", "matches", "=="):
        end = 2 if fault.text(1) in ("to", "is") else 1
        right = fault.said(end, end + 1) or "…"
        return fault.mistake(
            "SEQ153",
            f"`{fault.said(0, end)}` is written `is`.",
            hint=f"Write `{left} is {right}`.",
            last=end,
            by=("is",),
        )
    if text in ("contains", "contain", "includes", "include", "including", "like", "starts", "begins", "startswith"):
        end = 2 if fault.text(1) in ("with", "modifier") else 1
        hint = (
            f"A set is asked about its member: `visit.code is in visits`. Part of a code is "
            f"`(characters 1 to 3 of {left}) is …`; codes that begin alike are a set with `under` or `like`."
        )
        if left.endswith((".modifiers", ".modifier")):
            hint = f"Write `{left.split('.')[0]} has modifier {fault.said(end, end + 1) or '25'}`."
        return fault.mistake(
            "SEQ151", f"There is no test `{fault.said(0, end)}`.", hint=hint, last=end, by=("is",), unsure=True
        )
    if text in ("exceeds", "exceed"):
        return fault.mistake(
            "SEQ166",
            f"`{text}` is written `is more than`.",
            hint=f"Write `{left} is more than {right}`.",
            by=("is", "more", "than"),
        )
    if text == "between":
        return _between(fault, ("is",))
    if text in ("exists", "present"):
        return fault.mistake(
            "SEQ167", f"`{text}` is written `is known`.", hint=f"Write `{left} is known`.", by=("is", "known")
        )
    return None


def _between(fault: Fault, lead: tuple[str, ...]) -> Mistake:
    left = left_side(fault, -2 if fault.text(-1) == "is" else -1)
    low, high = fault.said(1, 2) or "…", fault.said(3, 4) or "…"
    is_day = "DATE" in getattr(fault.at(1), "fits", ())
    first, second = ("on or after", "on or before") if is_day else ("at least", "at most")
    whole = fault.text(2) in ("and", "to", "..")
    return fault.mistake(
        "SEQ152",
        "`between` does not say whether the ends are included.",
        hint=f"Write `{left} is {first} {low} and {left} is {second} {high}`.",
        last=4 if whole else 2,
        by=(*lead, *first.split(), fault.text(1) or "1"),
        at=fault.span(0, 1),
    )


# ---------------------------------------------------------------- what follows is


def _after_is(fault: Fault) -> Mistake | None:
    if fault.text(-1) not in ("is", "not") or fault.text(-2 if fault.text(-1) == "not" else -1) != "is":
        return None
    text, negated = fault.text(), fault.text(-1) == "not"
    lead = -1 if negated else 0
    left = left_side(fault, lead - 2)
    if text in _ABSENT or text in ("unknown", "present", "exists"):
        missing = (text in _ABSENT or text == "unknown") is not negated
        word = "missing" if missing else "known"
        return fault.mistake(
            "SEQ167",
            f"`is {fault.said(lead, 1)}` is written `is {word}`.",
            hint=f"Write `{left} is {word}`.",
            first=lead,
            by=(word,),
        )
    if text in ("true", "false"):
        word = "yes" if text == "true" else "no"
        return fault.mistake(
            "SEQ170",
            f"`{text}` is written `{word}`.",
            hint=f"Write `{left} is {fault.said(lead, 0)} {word}`.".replace("  ", " "),
            by=(word,),
        )
    if text in ("one", "any", "either", "all", "each", "both"):
        end = 2 if fault.text(1) in ("of", "in") else 1
        listed = end
        while (token := fault.at(listed)) is not None and (token.text in ("(", ",", ")") or "CODE" in token.fits):
            listed += 1
        return fault.mistake(
            "SEQ169",
            f"`is {fault.said(0, end)}` is written `is in`, with the name of a set.",
            hint=f"Declare the codes as a set, `codes some-name of …`, and write `{left} is in some-name`.",
            last=listed,
            at=fault.span(0, end),
            by=("in", "some-name") if listed > end else ("in",),
        )
    if text == "between":
        return _between(fault, ())
    if text == "like":
        return fault.mistake(
            "SEQ151",
            "There is no test `is like`.",
            hint=f"`like` stands in sets: declare `codes some-name of …` with `like {fault.said(1, 2) or '…'}`, "
            f"and write `{left} is in some-name`.",
            by=(),
            unsure=True,
        )
    if text in ("equal", "exactly"):
        end = 2 if fault.text(1) == "to" else 1
        return fault.mistake(
            "SEQ153", f"`is {fault.said(0, end)}` is written `is`.", hint="Leave the rest away.", last=end, by=()
        )
    if text in ("a", "an") and fault.text(-2) == "there":
        return fault.mistake(
            "SEQ159", "`there is` is written `some`.", hint="Write `some line x where …`.", first=-2, by=("some",)
        )
    if text == "same" or (text == "the" and fault.text(1) == "same"):
        end = 2 if text == "the" else 1
        rest = 1 if fault.text(end) in ("as", "with") else 0
        right = fault.said(end + rest, end + rest + 1) if rest else "visit.date"
        return fault.mistake(
            "SEQ153",
            f"`is {fault.said(0, end + rest)}` is written `is`, with the other fact.",
            hint=f"Write `{left} is {right}`.",
            last=end + rest,
            by=() if rest else None,
        )
    if text in ("the", "a", "an"):
        return fault.mistake("SEQ101", f"No `{text}` stands after `is`.", hint=f"Leave `{text}` away.", by=())
    return _compared(fault, left, negated)


def _compared(fault: Fault, left: str, negated: bool) -> Mistake | None:
    """`is greater than 5`, `is not more than 5`, `is since 2026-01-01`."""
    text = fault.text()
    words = None
    end = 1
    if text in ("no", "not") and fault.texts(1, 3) in (("more", "than"), ("less", "than")):
        words, end = ("at most" if fault.text(1) == "more" else "at least"), 3
    elif text == "under" and re.fullmatch(r"[A-Z][0-9A-Z.]*", fault.text(1)):
        return fault.mistake(
            "SEQ169",
            "A test takes one code or a set, and `under` stands in sets.",
            hint=f"Declare a set, `codes some-name of … under {fault.text(1)}`, and write `{left} is in some-name`.",
            by=(),
        )
    elif text in _MORE or text in _LESS:
        end = 2 if fault.text(1) in ("than", "then") else 1
        words = "more than" if text in _MORE else "less than"
        if fault.texts(end, end + 3) == ("or", "equal", "to"):
            words, end = ("at least" if text in _MORE else "at most"), end + 3
        words = {"more than": "at most", "less than": "at least"}.get(words, words) if negated else words
    elif text in ("least", "minimum"):
        words = "at least"
    elif text in ("most", "maximum") or (text == "up" and fault.text(1) == "to"):
        words, end = "at most", 2 if text == "up" else 1
    if words is not None:
        first = -1 if negated else 0
        said = fault.said(first, end)
        return fault.mistake(
            "SEQ166",
            f"`is {said}` is written `is {words}`.",
            hint=f"Write `{left} is {words} {fault.said(end, end + 1) or '…'}`.",
            first=first,
            last=end,
            by=words.split(),
        )
    days = {
        "since": "on or after",
        "until": "on or before",
        "by": "on or before",
        "prior": "before",
        "earlier": "before",
        "later": "after",
        "from": "on or after",
        "through": "on or before",
    }.get(text)
    if days is None:
        return None
    end = 2 if fault.text(1) in ("to", "than") else 1
    return fault.mistake(
        "SEQ168",
        f"`is {fault.said(0, end)}` is written `is {days}`.",
        hint=f"Write `{left} is {days} {fault.said(end, end + 1) or '…'}`.",
        last=end,
        by=days.split(),
    )


def _unfinished_words(fault: Fault) -> Mistake | None:
    """`is more then`, `is before or on`, `is on DATE`."""
    text = fault.text()
    if fault.can("THAN"):
        end = 1 if text in ("then", "that") else 0
        return fault.mistake(
            "SEQ166",
            f"After `{fault.text(-1)}` stands `than`.",
            hint=f"Write `{fault.text(-1)} than …`.",
            last=end,
            by=("than",),
            at=None if end else fault.span(-1, 0),
        )
    if fault.text(-1) == "on" and fault.can("OR") and "DATE" not in fault.accepts:
        return fault.mistake(
            "SEQ168", "`is on` is written `is`.", hint=f"Write `is {fault.said(0, 1)}`.", first=-1, last=0, by=()
        )
    if text == "or" and fault.text(-1) in ("before", "after") and fault.text(1) == "on":
        word = fault.text(-1)
        return fault.mistake(
            "SEQ168",
            f"`{word} or on` is written `on or {word}`.",
            hint=f"Write `is on or {word} …`.",
            first=-1,
            last=2,
            by=("on", "or", word),
        )
    return None


_RECOGNISERS: Final[tuple[Callable[[Fault], Mistake | None], ...]] = (
    *(_shortened, _not, _fact_alone, _missing_is, _other_words, _after_is, _unfinished_words, has),
)
