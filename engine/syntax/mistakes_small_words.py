"""Mistakes of small words and signs that join things: left out, too many, or another in their place.

In:   a fault.      Out: the mistake, where it is one of these.
Uses: fault.        Used by: mistakes.
"""

import re
from collections.abc import Callable
from typing import Final

from sequela.engine.syntax.fault import Fault, Mistake
from sequela.engine.syntax.mistakes_modifiers import left_side
from sequela.engine.syntax.reserved import OPENERS
from sequela.engine.syntax.scan import Token

_CHANGES: Final = frozenset(("disable", "relax", "tighten", "override"))
_GROUPS: Final = ("CO", "PR", "OA", "PI")
_COMPUTED: Final = frozenset(("total", "number", "days", "months", "years", "full", "character", "characters"))
_FORMS: Final = {
    "total": "(total x.units over lines x)",
    "number": "(number of lines x)",
    "full": "(full months between A and B)",
    "character": "(character 7 of dx.code)",
    "characters": "(characters 1 to 3 of dx.code)",
}


def small_words(fault: Fault) -> Mistake | None:
    """The mistake in a small word or sign, at the fault."""
    for recognise in _RECOGNISERS:
        mistake = recognise(fault)
        if mistake is not None:
            return mistake
    return None


def _missing(fault: Fault, word: str, hint: str, *, before: str = "") -> Mistake:
    """`word` is missing where the fault is."""
    return fault.mistake(
        "SEQ180",
        f"`{word}` is missing before `{before or fault.said(0, 1)}`.",
        hint=hint,
        last=0,
        at=fault.span(),
        by=(word,),
    )


# ---------------------------------------------------------------- declarations


def _header(fault: Fault) -> Mistake | None:
    """`ruleset a "A" over b`: only a payer stands over another."""
    if fault.word != "ruleset" or fault.text() not in ("over", "extends", "on"):
        return None
    base = fault.text(1)
    return fault.mistake(
        "SEQ177",
        f"`{fault.text()}` does not belong in the header of a ruleset: only a payer stands over another.",
        hint=f"Write `use {base}` below the header, or open the file with `payer`.",
        at=fault.span(),
        last=2,
        by=(),
    )


def _declared(fault: Fault) -> Mistake | None:
    """`source MANUAL "Manual"`, `codes sides LT`."""
    text, before = fault.text(), fault.text(-1)
    if fault.start == "source_head" and text.startswith('"'):
        return fault.mistake(
            "SEQ180",
            f"`title` is missing before `{text}`.",
            hint=f"Write `title {text}`.",
            last=0,
            at=fault.span(),
            opens="title",
        )
    if fault.can("OF") and fault.start == "codes_head" and text.isupper():
        return _missing(fault, "of", f"Write `codes {before} of {text}`.")
    if fault.can("OF") and fault.start == "codes_head":
        return fault.mistake(
            "SEQ180",
            f"The set `{before}` does not say of which code system its codes are.",
            hint=f"Write `codes {before} of HCPCS`, or another system.",
            last=0,
            at=fault.span(-1, 0),
            by=("of", "HCPCS"),
        )
    return None


# ---------------------------------------------------------------- clauses


def _joined(fault: Fault) -> Mistake | None:
    """`with same date`, `cite MANUAL "I.D"`, `bypass visit …`, `add 25 to visit`, `add modifier 25` alone."""
    text, before = fault.text(), fault.text(-1)
    if fault.can("SECTION") and text.startswith('"'):
        return _missing(fault, "section", f"Write `cite {before} section {fault.said(0, 1)}`.")
    if fault.can("THE") and before == "with" and text == "same":
        return _missing(fault, "the", f"Write `with the same {fault.text(1) or 'date'}`.")
    if before == "bypass" and fault.can("WHEN") and text:
        return _missing(fault, "when", "Write `bypass when …`.")
    if before in ("add", "remove") and fault.can("MODIFIER") and re.fullmatch(r"[0-9A-Z]{2}", text):
        return _missing(fault, "modifier", f"Write `{before} modifier {text}`.")
    if fault.can("TO") and fault.texts(-3, -1) == ("add", "modifier") and (fault.is_end or text == "only"):
        return fault.mistake(
            "SEQ180",
            "The suggestion does not say to which line.",
            hint=f"Write `{fault.said(-3, 0)} to visit`, with the name of a line bound here.",
            last=0,
            at=fault.span(-3, 0),
            by=("to", "visit"),
        )
    return None


def _look_up(fault: Fault) -> Mistake | None:
    """`look up limits by …`, `look up limit in limits with …`."""
    if fault.tokens[0].text != "look":
        return None
    text, before = fault.text(), fault.text(-1)
    if fault.can("IN") and text == "by":
        return fault.mistake(
            "SEQ180",
            "The row that is looked up has no name.",
            hint=f"Write `look up row in {before} by …`; its columns are then `row.…`.",
            first=-1,
            last=0,
            by=("row", "in", before),
        )
    if fault.can("BY") and text in ("with", "on", "using", "where", "for", "from", "when"):
        return fault.mistake(
            "SEQ180",
            f"After the table stands `by`, and the values of its keys; not `{text}`.",
            hint=f"Write `look up {fault.said(2 - fault.index, 0)} by visit.code`.",
            by=("by",),
            unsure=True,
        )
    return None


def _several_rules(fault: Fault) -> Mistake | None:
    """`disable A, B`: a change is about one rule."""
    if fault.text() != "," or not fault.start.endswith("_head") or fault.word not in _CHANGES:
        return None
    return fault.mistake(
        "SEQ177",
        f"One `{fault.word}` is about one rule.",
        hint=f"Write a `{fault.word}` for each rule.",
        last=2,
        by=(),
    )


def _same(fault: Fault) -> Mistake | None:
    """`where same provider`."""
    if fault.text(-1) != "same" or not fault.can("IS") or not fault.text()[:1].isalpha():
        return None
    fact = fault.text()
    return fault.mistake(
        "SEQ153",
        f"`same {fact}` is asked with `is`.",
        hint=f"Write `work.{fact} is visit.{fact}`, with the names that are bound here.",
        first=-1,
        at=fault.span(-1, 1),
    )


def _too_many(fault: Fault) -> Mistake | None:
    """`require that …`, `when all of …`."""
    word, opener = fault.text(-1), fault.text(-2)
    if opener not in OPENERS | {"also"}:
        return None
    if word in ("that", "both", "either") and fault.text() != "is":
        return fault.mistake(
            "SEQ187",
            f"No `{word}` stands after `{opener}`.",
            hint=f"Write `{opener} {fault.said(0, fault.line_end())}`.",
            first=-1,
            last=0,
            by=(),
        )
    if word in ("all", "any") and fault.text() == "of":
        join = "and" if word == "all" else "or"
        return fault.mistake(
            "SEQ147",
            f"Conditions are joined by `and` or `or`, not by `{word} of`.",
            hint=f"Leave `{word} of` away, and write `{join}` between them.",
            first=-1,
            by=(),
        )
    return None


def _or_equal(fault: Fault) -> Mistake | None:
    """`is less than or equal to 2`."""
    end = 3 if fault.text(2) == "to" else 2
    opposite = {"less": "at most", "more": "at least"}.get(fault.text(-2))
    if opposite is None or fault.texts(-1, 2) != ("than", "or", "equal"):
        return None
    right = fault.said(end, end + 1) or "…"
    return fault.mistake(
        "SEQ166",
        f"`is {fault.said(-2, end)}` is written `is {opposite}`.",
        hint=f"Write `{left_side(fault, -4)} is {opposite} {right}`.",
        first=-2,
        last=end,
        by=opposite.split(),
    )


def _article(fault: Fault) -> Mistake | None:
    """`require the visit.place is known`."""
    before, text = fault.text(-1), fault.text()
    if before not in ("the", "a", "an") or not text[:1].isalpha() or "." not in text:
        return None
    said = f"No `{before}` stands before `{text}`."
    return fault.mistake("SEQ101", said, hint=f"Leave `{before}` away.", first=-1, last=0, at=fault.span(-1, 0), by=())


def _adjustment(fault: Fault) -> Mistake | None:
    """`adjustment 97, M15`, `adjustment CO-97`: the group stands first, by itself."""
    if fault.tokens[0].text != "adjustment" or fault.index > 2 or len(fault.tokens) < 2:
        return None
    code = fault.tokens[1].text
    group, _, reason = code.partition("-")
    if reason and group in _GROUPS:
        return fault.mistake(
            "SEQ188",
            "Group and code of an adjustment stand apart, without a hyphen.",
            hint=f"Write `adjustment {group} {reason}`.",
            first=1 - fault.index,
            last=2 - fault.index,
            by=(group, reason),
        )
    if code not in _GROUPS and fault.index == 2:
        return fault.mistake(
            "SEQ188",
            "An adjustment opens with its group.",
            hint=f"Write `adjustment CO {code}`; the groups are {', '.join(_GROUPS)}.",
            first=-1,
            last=-1,
            at=fault.span(-1, 0),
            by=("CO",),
        )
    return None


# ---------------------------------------------------------------- conditions and values


def _lists(fault: Fault) -> Mistake | None:
    """`limits lists visit.code`, `visit.code is listed in limits`."""
    if fault.text(-1) == "lists" and fault.can("LPAR"):
        end = 0
        while _is_value(fault.at(end)) or (fault.text(end) == "," and end):
            end += 1
        values = fault.said(0, end) or "visit.code"
        return fault.mistake(
            "SEQ180",
            "After `lists` the values stand in parentheses.",
            hint=f"Write `{fault.text(-2)} lists ({values})`.",
            last=end,
            at=fault.span(0, max(end, 1)),
            by=("(", *fault.texts(0, end), ")") if end else None,
        )
    if fault.text(-1) == "listed" and fault.text() == "in":
        left, table = left_side(fault, -3), fault.text(1)
        return fault.mistake(
            "SEQ180",
            "A table is asked with `lists`.",
            hint=f"Write `{table} lists ({left})`.",
            first=-3,
            last=2,
            at=fault.span(-2, 2),
            by=(table, "lists", "(", left, ")"),
        )
    return None


def _is_value(token: Token | None) -> bool:
    return token is not None and not token.opens_line and bool({"PATH", "CODE", "QUOTED", "DATE"} & set(token.fits))


def _computed(fault: Fault) -> Mistake | None:
    """`total x.units over lines x is …`: what is computed stands in parentheses."""
    word = fault.text(-1)
    if word not in _COMPUTED or fault.text(-2) == "(" or not fault.can("IS"):
        return None
    form = _FORMS.get(word, f"({word} from A to B)")
    return fault.mistake(
        "SEQ180",
        f"`{word} …` stands in parentheses.",
        hint=f"Write `{form} is …`.",
        at=fault.span(-1, 0),
    )


def _units_after_number(fault: Fault) -> Mistake | None:
    """`patient.age is at least 18 years`: a number stands alone."""
    text = fault.text()
    if text not in ("years", "year", "days", "day", "months", "units", "unit", "dollars", "minutes", "old"):
        return None
    if not fault.can_any(("AND", "OR")) or not fault.text(-1)[:1].isdigit():
        return None
    if fault.text(1) in ("before", "after", "of"):
        return fault.mistake(
            "SEQ180",
            f"`within` is missing before `{fault.said(-1, 1)}`.",
            hint=f"Write `within {fault.said(-1, 3)}`.",
            first=-1,
            last=-1,
            at=fault.span(-1, 1),
            by=("within",),
        )
    end = 2 if fault.text(1) == "old" else 1
    about = "; `patient.age` is in completed years, `patient.age-in-days` in days" if text[:3] in ("yea", "day") else ""
    return fault.mistake(
        "SEQ137", f"A number that is compared has no unit{about}.", hint=f"Leave `{text}` away.", last=end, by=()
    )


def _within(fault: Fault) -> Mistake | None:
    """`within 30 days patient.birth-date`."""
    token = fault.at()
    if fault.text(-1) == "within" and fault.text() in ("the", "last", "past", "previous"):
        end = 1
        while fault.text(end) in ("last", "past", "previous"):
            end += 1
        return fault.mistake(
            "SEQ180",
            "`within` counts from a date that is named.",
            hint=f"Write `within {fault.said(end, end + 2)} before visit.date`, or another date.",
            last=end,
            at=fault.span(0, end),
        )
    if not fault.can("BEFORE", "AFTER", "OF"):
        return None
    if fault.is_end or fault.text() in OPENERS | {"and", "or", ")"}:
        return fault.mistake(
            "SEQ180",
            "`within` counts from a date that is named.",
            hint=f"Write `{fault.said(-3, 0)} before visit.date`, or another date.",
            last=0,
            at=fault.span(-3, 0),
        )
    if token is None or not {"PATH", "DATE"} & set(token.fits):
        return None
    return fault.mistake(
        "SEQ180",
        f"`before`, `after` or `of` is missing before `{token.text}`.",
        hint=f"Write `{fault.said(-3, 0)} after {token.text}`.",
        last=0,
        at=token.span,
        by=("after",),
    )


def _quote_inside(fault: Fault) -> Mistake | None:
    """`say "the "new" visit"`: a text that holds double quotes."""
    before, token = fault.at(-1), fault.at()
    if before is None or token is None or not before.text.startswith('"') or before.end != token.start:
        return None
    end = fault.line_end()
    return fault.mistake(
        "SEQ112",
        "A text cannot hold double quotes.",
        hint="Write single quotes inside of it: `'…'`.",
        first=-1,
        last=end,
        by=('"…"',),
    )


_RECOGNISERS: Final[tuple[Callable[[Fault], Mistake | None], ...]] = (
    *(
        _quote_inside,
        _header,
        _declared,
        _several_rules,
        _joined,
        _look_up,
        _too_many,
        _adjustment,
    ),
    *(_or_equal, _article, _same, _lists, _computed, _units_after_number, _within),
)
