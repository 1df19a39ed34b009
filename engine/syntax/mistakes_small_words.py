"""Mistakes of what is left out: small words, the group of an adjustment; and `over` where a ruleset cannot have it.

In:   a fault.      Out: the mistake, where it is one of these.
Uses: fault.        Used by: mistakes.
"""

from typing import Final

from sequela.engine.syntax.fault import Fault, Mistake

_GROUPS: Final = ("CO", "PR", "OA", "PI")


def left_out(fault: Fault) -> Mistake | None:
    """What is left out, at the fault."""
    return _header(fault) or _adjustment(fault) or _small_words(fault)


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


def _small_words(fault: Fault) -> Mistake | None:
    """A small word left out: `cite MANUAL "I.D"`, `with same date`, `codes sides LT`, `add modifier 25` alone."""
    text, before = fault.text(), fault.text(-1)
    if fault.can("SECTION") and text.startswith('"'):
        return fault.mistake(
            "SEQ180",
            "`section` is missing before the text.",
            hint=f"Write `cite {before} section {fault.said(0, 1)}`.",
            last=0,
            at=fault.span(),
            by=("section",),
        )
    if fault.can("THE") and before == "with" and text == "same":
        return fault.mistake(
            "SEQ180",
            "`the` is missing before `same`.",
            hint=f"Write `with the same {fault.text(1) or 'date'}`.",
            last=0,
            at=fault.span(),
            by=("the",),
        )
    if fault.can("OF") and fault.start == "codes_head" and not text.isupper():
        return fault.mistake(
            "SEQ180",
            f"The set `{before}` does not say of which code system its codes are.",
            hint=f"Write `codes {before} of HCPCS`, or another system.",
            last=0,
            at=fault.span(-1, 0),
            by=("of", "HCPCS"),
        )
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
