"""Mistakes in conditions: signs for words, commas for `and`, `and` mixed with `or`, parentheses.

In:   a fault.                                 Out: the mistake, where it is one of these.
Uses: fault.                                   Used by: mistakes.
Not here: the words of the tests themselves (mistakes_tests).
"""

import re
from collections.abc import Callable
from itertools import pairwise
from typing import Final

from sequela.engine.diagnostics.model import Label
from sequela.engine.syntax.fault import Fault, Mistake, said
from sequela.engine.syntax.nouns import PLURAL, SINGULAR
from sequela.engine.syntax.reserved import OPENERS
from sequela.engine.syntax.scan import Token

_EQUAL: Final = frozenset(("=", "==", "≡"))
_UNEQUAL: Final = frozenset(("!=", "<>", "≠", "=!"))
_ORDERS: Final = {
    **dict.fromkeys((">=", "=>", "≥"), ("at least", "on or after")),
    **dict.fromkeys(("<=", "=<", "≤"), ("at most", "on or before")),
    ">": ("more than", "after"),
    "<": ("less than", "before"),
}
_ARITHMETIC: Final = frozenset("+*/×÷^")
_JOINS: Final = frozenset(("AND", "OR"))


def conditions(fault: Fault) -> Mistake | None:
    """The mistake in how a condition is put together, at the fault."""
    for recognise in _RECOGNISERS:
        mistake = recognise(fault)
        if mistake is not None:
            return mistake
    return None


# ---------------------------------------------------------------- signs


def _operators(fault: Fault) -> Mistake | None:
    token = fault.at()
    if token is None or token.fits:
        return None
    sign, left = token.text, fault.said(-1, 0)
    after_is = fault.text(-1) == "is"
    right = fault.said(1, 2) if fault.at(1) is not None else "…"
    if not (fault.can("IS") or after_is):
        return None
    if sign in _EQUAL:
        words: tuple[str, ...] = () if after_is else ("is",)
        return fault.mistake("SEQ140", f"`{sign}` is written `is`.", hint=_write(left, "is", right, after_is), by=words)
    if sign in _UNEQUAL:
        words = ("not",) if after_is else ("is", "not")
        hint = _write(left, "is not", right, after_is)
        return fault.mistake("SEQ141", f"`{sign}` is written `is not`.", hint=hint, by=words)
    if sign in _ORDERS:
        number, day = _ORDERS[sign]
        is_day = "DATE" in getattr(fault.at(1), "fits", ()) or left.endswith("date")
        phrase = f"is {day if is_day else number}"
        words = tuple(phrase.split())[1 if after_is else 0 :]
        return fault.mistake(
            "SEQ142", f"`{sign}` is written `{phrase}`.", hint=_write(left, phrase, right, after_is), by=words
        )
    return None


def _write(left: str, phrase: str, right: str, after_is: bool) -> str:
    return f"Write `{phrase} {right}`." if after_is else f"Write `{left} {phrase} {right}`."


def _joining_signs(fault: Fault) -> Mistake | None:
    token = fault.at()
    if token is None or (token.fits and token.text != "|"):
        return None
    joins = fault.can_any(_JOINS)
    if token.text in ("&&", "&") and joins:
        return fault.mistake("SEQ143", f"`{token.text}` is written `and`.", by=("and",))
    if token.text in ("||", "|") and joins:
        return fault.mistake("SEQ144", f"`{token.text}` is written `or`.", by=("or",))
    if token.text == "!" and fault.can("NOT"):
        return fault.mistake(
            "SEQ145", "`!` is written `not`.", hint="`not` takes one test or a condition in parentheses.", by=("not",)
        )
    if token.text in _ARITHMETIC or token.text in ("-", "−"):
        if not (joins or fault.can("IS")) or fault.at(1) is None:
            return None
        return fault.mistake(
            "SEQ138",
            f"Rules do not calculate: `{token.text}` is no sign of the language.",
            hint="Totals, numbers of things and times between dates can be asked for: `(days from item.date to "
            "encounter.received)`. Any other figure is a fact that your system supplies.",
            last=2,
            by=(),
        )
    return None


# ---------------------------------------------------------------- commas


def _comma(fault: Fault) -> Mistake | None:
    if fault.text() != "," or not fault.can_any(_JOINS):
        return None
    following = fault.at(1)
    if (
        fault.text(-1).isdigit()
        and re.fullmatch(r"[0-9]{3}([.][0-9]+)?", fault.text(1))
        and not fault.said(0, 2).count(" ")
    ):
        return None
    if following is not None and following.text in ("and", "or") and fault.can(following.text.upper()):
        return fault.mistake(
            "SEQ147", f"No comma stands before `{following.text}`.", hint="Leave the comma away.", by=()
        )
    if following is not None and following.fits and following.fits[0] not in ("NAME", "PATH") and fault.text(2) != "is":
        end = 1
        while _is_listed(fault.at(end)) and fault.text(end) not in OPENERS:
            end += 1
        return _one_value(fault, end)
    joined = "and" if fault.can("AND") else "or"
    return fault.mistake(
        "SEQ147",
        "Conditions are joined by `and` or `or`, not by a comma.",
        hint="Write `and` for the comma, if both must hold.",
        by=(joined,),
    )


def _is_listed(token: Token | None) -> bool:
    return token is not None and (
        token.text in (",", "or", "and", "..") or bool({"CODE", "QUOTED", "DATE", "LINE_CODE"} & set(token.fits))
    )


def _one_value(fault: Fault, end: int) -> Mistake:
    test = f"{_subject(fault, -1)} is in some-name"
    if fault.text(-2) == "modifier":
        test = f"{fault.text(-4) or 'visit'} has modifier in some-name"
    return fault.mistake(
        "SEQ169",
        "A test compares with one value, not with several.",
        hint=f"Declare them as a set, `codes some-name of …`, and write `{test}`.",
        last=end,
        at=fault.span(-1, end),
        by=(),
    )


def _subject(fault: Fault, offset: int) -> str:
    """The left side of the test that holds the token at `offset`: the nearest fact before it, in the author's words."""
    for place in range(offset, offset - 10, -1):
        token = fault.at(place)
        if token is None or token.text in ("and", "or", "(") or token.text in OPENERS:
            break
        if token.fits[:1] == ("PATH",):
            return said(token.span)
    return "visit.code"


def _bare_alternative(fault: Fault) -> Mistake | None:
    """`is 99213 or 99214`: a value alone after `or`."""
    value, join = fault.at(-1), fault.text(-2)
    if value is None or join not in ("or", "and") or not fault.can("IS") or fault.can("HAS"):
        return None
    if not {"CODE", "QUOTED", "DATE"} & set(value.fits):
        return None
    is_modifier = fault.text(-4) == "modifier"
    negated = fault.text(-4) == "not"
    left = fault.text(-6) or "visit" if is_modifier else _subject(fault, -3)
    test, among = ("has modifier", "has modifier in") if is_modifier else ("is", "is in")
    first = fault.said(-3, -2) or "…"
    both = "and" if negated else join
    if negated:
        test, among = "is not", "is not in"
    return fault.mistake(
        "SEQ169",
        f"`{join}` joins tests, and `{value.text}` alone is none.",
        hint=f"Write `{left} {test} {first} {both} {left} {test} {value.text}`, "
        f"or declare a set and write `{left} {among} some-name`.",
        first=-2,
        last=0,
        by=(),
    )


def _half_test(fault: Fault) -> Mistake | None:
    """`is 11 or is 22`, `is at least 1 and at most 4`: a test without its left side after `and` or `or`."""
    text = fault.text()
    if text in ("is", "has") and fault.text(-1) in ("and", "or") and fault.can("SOME"):
        left = _subject(fault, -2) if text == "is" else _line_before(fault)
        return fault.mistake(
            "SEQ169",
            f"After `{fault.text(-1)}` stands a whole test.",
            hint=f"Write `{left} {text} …` there too.",
            last=0,
            at=fault.span(-1, 1),
            by=(left,),
        )
    number = fault.texts(-4, -2)
    if number and number[0] in ("and", "or") and number[1] == "at" and fault.text(-2) in ("least", "most"):
        if not fault.can("LINE") or text in PLURAL or text in SINGULAR:
            return None
        left = _subject(fault, -5)
        return fault.mistake(
            "SEQ169",
            f"After `{number[0]}` stands a whole test.",
            hint=f"Write `{left} is {fault.said(-3, 0)}`.",
            first=-3,
            last=0,
            at=fault.span(-4, 0),
            by=(left, "is", *fault.texts(-3, 0)),
        )
    return None


def _line_before(fault: Fault) -> str:
    """The line of the `has modifier` before the fault."""
    for place in range(-2, -10, -1):
        if fault.text(place) == "has":
            return fault.text(place - 1) or "visit"
    return "visit"


def _range_for_value(fault: Fault) -> Mistake | None:
    """`is 99211 .. 99215`: a range where one value stands."""
    if fault.text() not in ("..", "...", "…") or not fault.can_any(_JOINS):
        return None
    end = 2 if fault.at(1) is not None and not fault.at(1).opens_line else 1  # type: ignore[union-attr]
    return _one_value(fault, end)


def _list_for_set(fault: Fault) -> Mistake | None:
    """`is in (99213, 99214)`: a list where a set is named."""
    token = fault.at()
    if token is None or fault.text(-1) != "in" or not fault.can("NAME", "PATH"):
        return None
    if token.text not in ("(", "[", "{") and "CODE" not in token.fits and "QUOTED" not in token.fits:
        return None
    end = 1
    if token.text in ("(", "[", "{"):
        while fault.at(end) is not None and fault.text(end) not in (")", "]", "}") and fault.text(end) not in OPENERS:
            end += 1
        end += fault.at(end) is not None and fault.text(end) not in OPENERS
    else:
        while _is_listed(fault.at(end)) and not (
            fault.text(end) in ("and", "or") and not _is_listed(fault.at(end + 1))
        ):
            end += 1
    return fault.mistake(
        "SEQ169",
        "After `in` stands the name of a set.",
        at=fault.span(0, end),
        hint=f"Declare the codes as a set, `codes some-name of …`, and write `{_subject(fault, -1)} is in some-name`.",
        last=end,
        by=("some-name",),
    )


# ---------------------------------------------------------------- and, or


def _mixed(fault: Fault) -> Mistake | None:
    here = fault.text()
    other = {"and": "or", "or": "and"}.get(here)
    if other is None or not fault.can(other.upper()):
        return None
    parts, first = _chain(fault, other)
    if len(parts) < 2:
        return None
    last_part, _ = _next_part(fault)
    start = f" {other} ".join(parts)
    one = f"({start}) {here} {last_part}"
    two = f"{f' {other} '.join(parts[:-1])} {other} ({parts[-1]} {here} {last_part})"
    return fault.mistake(
        "SEQ146",
        "`and` and `or` stand together without parentheses, and could be read in two ways.",
        hint=f"Write `{one}`, or `{two}`.",
        words=f"after `{other}`",
        by=(other,),
        unsure=True,
        also=(Label(fault.span(first, first + 1), f"the first `{other}`"),),
    )


def _chain(fault: Fault, join: str) -> tuple[list[str], int]:
    """The parts of the chain before the fault, in the author's words, and the offset of its first `join`."""
    depth, ends, place = 0, [0], -1
    first = 0
    while (token := fault.at(place)) is not None:
        depth += {")": 1, "(": -1}.get(token.text, 0)
        opens = token.text in OPENERS or token.text in ("also", "where") or depth < 0
        if opens and not (token.text == "where" and _holds_whole(fault, place)):
            break
        if depth == 0 and token.text == join:
            ends.append(place)
            first = place
        place -= 1
    begin = place + 1
    bounds = sorted({begin - 1, *ends})
    return [fault.said(low + 1, high) for low, high in pairwise(bounds)], first


def _holds_whole(fault: Fault, place: int) -> bool:
    """Whether the `where` at `place` is that of a quantifier: its condition ends before the next `and` or `or`."""
    return fault.start != "entry"


def _next_part(fault: Fault) -> tuple[str, int]:
    """The part after the fault, up to the next `and`, `or` or the end of the condition."""
    depth, end = 0, 1
    while (token := fault.at(end)) is not None:
        if depth == 0 and (token.text in ("and", "or", ")", ",") or token.text in OPENERS):
            break
        depth += {"(": 1, ")": -1}.get(token.text, 0)
        end += 1
    return fault.said(1, end) or "…", end


# ---------------------------------------------------------------- parentheses


def _parentheses(fault: Fault) -> Mistake | None:
    token = fault.at()
    if token is not None and token.text == ")" and not fault.can("RPAR"):
        depth = sum({"(": 1, ")": -1}.get(fault.text(-back), 0) for back in range(1, fault.index + 1))
        if depth > 0:
            return None
        return fault.mistake(
            "SEQ119", "This parenthesis closes nothing.", hint="Leave it away, or open one before it.", by=()
        )
    if not fault.can("RPAR") or not (token is None or token.text in OPENERS):
        return None
    depth = 0
    for back in range(1, fault.index + 1):
        depth += {")": 1, "(": -1}.get(fault.text(-back), 0)
        if depth < 0:
            return fault.mistake(
                "SEQ118",
                "This parenthesis is not closed.",
                hint="Put `)` where the condition in it ends.",
                last=0,
                at=fault.span(-back, 1 - back),
                by=(")",),
            )
    return None


_RECOGNISERS: Final[tuple[Callable[[Fault], Mistake | None], ...]] = (
    *(
        _operators,
        _joining_signs,
        _comma,
        _half_test,
        _range_for_value,
        _list_for_set,
        _mixed,
        _bare_alternative,
        _parentheses,
    ),
)
