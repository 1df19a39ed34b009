"""Mistakes in tests: the shorthand of a claim, its changes and what is expected.

In:   a fault.                        Out: the mistake, where it is one of these.
Uses: fault, suggest.                 Used by: mistakes.
"""

import re
from collections.abc import Callable
from typing import Final

from sequela.engine.diagnostics.suggest import distance, nearest
from sequela.engine.syntax.fault import Fault, Mistake

_STATUSES: Final = {
    "fails": "fail", "failed": "fail", "failure": "fail", "deny": "fail", "denied": "fail", "reject": "fail", "rejected": "fail",
    "error": "fail", "passes": "pass", "passed": "pass", "ok": "pass", "clean": "pass", "success": "pass", "bypass": "bypassed",
    "bypasses": "bypassed", "not-applicable": "not applicable", "na": "not applicable", "n/a": "not applicable",
    "skip": "not applicable", "skipped": "not applicable", "inapplicable": "not applicable", "review": "fail", "warn": "fail",
    "missing": "unknown", "unchecked": "not checked", "not-checked": "not checked", "undecided": "unknown", "query": "fail",
}  # fmt: skip
_STATUS_WORDS: Final = ("fail", "pass", "bypassed", "not applicable", "unknown", "not checked")
_LINE_WORDS: Final = {
    "units": "x", "unit": "x", "qty": "x", "quantity": "x", "times": "x", "pos": "at", "place": "at", "dos": "on", "date": "on",
    "dated": "on", "dx": "for", "diagnosis": "for", "diagnoses": "for", "pointing": "for", "pointers": "for", "points": "for",
    "npi": "by", "provider": "by", "rendering": "by", "from": "by", "charges": "charge", "charged": "charge", "price": "charge",
    "amount": "charge", "cost": "charge", "in": "at", "with": "", "and": "", "to": "for",
}  # fmt: skip
_ITEM_WORDS: Final = {
    "diagnosis": "dx", "diag": "dx", "icd": "dx", "proc": "procedure", "px": "procedure", "pt": "patient", "doc": "document",
    "note": "document", "service": "line", "hx": "history line", "expects": "expect", "expected": "expect", "assert": "expect",
    "should": "expect", "then": "expect", "cases": "case", "scenario": "case", "example": "case",
    "condition": "condition-code", "occurrence-code": "occurrence", "span": "occurrence", "value": "value-code",
}  # fmt: skip
_OPENING: Final = (
    *(
        "case",
        "expect",
        "patient",
        "procedure",
        "condition-code",
        "occurrence",
        "value-code",
        "document",
        "line",
        "history",
    ),
    "fact",
)
_CLAIM_WORDS: Final = {
    "dos": "on", "dated": "on", "date": "on", "from": "on", "pos": "at", "place": "at", "in": "at", "payer": "for", "to": "for",
    "with": "for", "submitted": "received", "filed": "received", "admit": "admitted", "discharge": "discharged",
}  # fmt: skip


def cases(fault: Fault) -> Mistake | None:
    """The mistake in the shorthand of a test, at the fault."""
    if fault.word != "test":
        return None
    if fault.start == "condition" or _in_because(fault):
        return None
    for recognise in _RECOGNISERS:
        mistake = recognise(fault)
        if mistake is not None:
            return mistake
    return None


def _in_because(fault: Fault) -> bool:
    """Whether the fault stands in the condition after `because`."""
    return fault.can_any(("AND", "OR", "IS")) and any(token.text == "because" for token in fault.tokens[: fault.index])


# ---------------------------------------------------------------- expectations


def _status(fault: Fault) -> Mistake | None:
    if fault.start != "expectation":
        return None
    text = fault.text()
    if fault.can("FAIL", "PASS"):
        if fault.is_end:
            return fault.mistake(
                "SEQ186",
                "After `expect` stands what is expected.",
                hint="Write `expect fail at line 1`.",
                first=-1,
                last=0,
            )
        if text in ("at", "because", "asking"):
            return fault.mistake(
                "SEQ186",
                "After `expect` stands what is expected.",
                hint=f"Write `expect fail {text} …`.",
                last=0,
                at=fault.span(-1, 0),
                by=("fail",),
            )
        if text in ("to", "a", "rule", "that", "status", "=", "is"):
            return fault.mistake("SEQ186", f"No `{text}` stands after `expect`.", hint=f"Leave `{text}` away.", by=())
        if fault.text(1) in ("applicable", "checked"):
            return fault.mistake(
                "SEQ186", f"`{text}` is no status.", hint=f"Did you mean `not {fault.text(1)}`?", by=("not",)
            )
        meant = _STATUSES.get(text.lower()) or next(iter(nearest(text, (*_STATUS_WORDS, "suggests", "nothing"))), "")
        hint = (
            f"Did you mean `{meant}`?" if meant else f"A status is {', '.join(f'`{word}`' for word in _STATUS_WORDS)}."
        )
        return fault.mistake("SEQ186", f"`{text}` is no status.", hint=hint, by=(meant or "fail").split())
    if fault.can("APPLICABLE", "CHECKED"):
        meant = {"fail": "pass", "pass": "fail"}.get(text, "not applicable")
        return fault.mistake(
            "SEQ186",
            f"`not {text}` is no status.".replace(" `", " `"),
            hint=f"Did you mean `{meant}`?",
            first=-1,
            last=0 if fault.is_end else 1,
            by=meant.split(),
        )
    if fault.can("AT") and text in ("on", "for", "in", "of"):
        return fault.mistake("SEQ196", f"Here stands `at`, not `{text}`.", hint="Write `at line 1`.", by=("at",))
    if fault.can("AT") and text in ("line", "dx", "history", "procedure", "document"):
        return fault.mistake(
            "SEQ196",
            f"`at` is missing before `{text}`.",
            hint=f"Write `at {text} …`.",
            last=0,
            at=fault.span(),
            by=("at",),
        )
    if fault.can("FAILS") and text in ("fail", "failing", "failed"):
        return fault.mistake("SEQ186", f"`nothing {text}` is written `nothing fails`.", by=("fails",))
    if fault.can("BECAUSE") and text in ("since", "as", "when", "if", "where"):
        return fault.mistake(
            "SEQ196",
            f"`{text}` is written `because`.",
            hint="Write `because …`, with a condition of the rule.",
            by=("because",),
        )
    if fault.can("ASKING") and text in ("asks", "ask", "missing", "needs", "needing"):
        return fault.mistake(
            "SEQ196", f"`{text}` is written `asking`.", hint="Write `asking line 2 provider`.", by=("asking",)
        )
    return None


# ---------------------------------------------------------------- claims and lines


def _claim(fault: Fault) -> Mistake | None:
    text = fault.text()
    if fault.start != "case_head":
        return None
    if fault.can("SETTING", "SAME"):
        if fault.is_end or text in ("claim", "a", "patient", "dx", "line"):
            return fault.mistake(
                "SEQ195",
                "A case begins with its setting.",
                hint="Write `professional claim on 2026-03-02`, or `same as above but …`.",
                last=0,
                at=fault.span(-2, 0),
                by=("professional",) if text == "claim" else ("professional", "claim"),
            )
        meant = {
            "physician": "professional",
            "facility": "outpatient",
            "hospital": "inpatient",
            "institutional": "inpatient",
            "as": "same",
            "like": "same",
        }.get(text) or next(iter(nearest(text, ("professional", "outpatient", "inpatient", "same"))), "")
        hint = (
            f"Did you mean `{meant}`?"
            if meant
            else "Write `professional claim on 2026-03-02`, or `same as above but …`."
        )
        return fault.mistake(
            "SEQ195", f"A case does not begin with `{text}`.", hint=hint, by=(meant,) if meant else None
        )
    if fault.can("CLAIM") and distance(text, "claim", 2) is not None:
        return None
    if fault.can("CLAIM") and fault.text(-1) in ("professional", "outpatient", "inpatient"):
        return fault.mistake(
            "SEQ195",
            f"`claim` is missing after `{fault.text(-1)}`.",
            hint=f"Write `{fault.text(-1)} claim …`.",
            last=0,
            at=fault.span(-1, 0),
            by=("claim",),
        )
    for terminal, word, others in (
        ("AS", "as", ("than", "like")),
        ("ABOVE", "above", ("before", "last", "previous", "the")),
        ("BUT", "but", ("except", "with", "without", "and", "where", "however")),
    ):
        if fault.can(terminal) and fault.text(-1) in ("same", "as", "above"):
            is_slip = distance(text, word, 2) is not None
            keeps = text in ("with", "without") or not (text in others or is_slip)
            return fault.mistake(
                "SEQ195",
                "A variation begins with `same as above but`.",
                hint="Write `same as above but line 1 at 23`.",
                last=0 if keeps else 1,
                at=fault.span(-1, 1),
                by=(word,),
            )
    if fault.can("AND") and text == ",":
        return fault.mistake("SEQ195", "Changes are joined by `and`, not by a comma.", hint="Write `and`.", by=("and",))
    return _part(fault, _CLAIM_WORDS) if fault.can("FOR", "AT") else None


def _line(fault: Fault) -> Mistake | None:
    token = fault.at()
    if token is None:
        return None
    text = token.text
    if fault.can("X", "CHARGE"):
        if text.lower() in ("modifier", "mod", "modifiers", "mods"):
            value, code = fault.text(1), fault.text(-1)
            return fault.mistake(
                "SEQ195",
                "Modifiers stand after the code, joined by hyphens.",
                hint=f"Write `{code}-{value}`.",
                first=-1,
                last=2,
                by=(f"{code}-{value}",),
            )
        if re.fullmatch(r"[0-9A-Z]{2}", text) and fault.text(-2) == "line":
            code = fault.text(-1)
            return fault.mistake(
                "SEQ195",
                "Modifiers stand after the code, joined by hyphens.",
                hint=f"Write `{code}-{text}`.",
                first=-1,
                by=(f"{code}-{text}",),
            )
        if match := re.fullmatch(r"[x×]([0-9]+)|([0-9]+)x", text):
            units = match[1] or match[2]
            return fault.mistake(
                "SEQ195", "Units stand after `x` and a blank.", hint=f"Write `x {units}`.", by=("x", units)
            )
        return _part(fault, _LINE_WORDS)
    if fault.can("QUOTED") and fault.text(-1) == "by":
        return fault.mistake("SEQ195", "An NPI stands in quotes.", hint=f'Write `by "{text}"`.', by=(f'"{text}"',))
    if fault.can("WHOLE") and fault.text(-1) in ("for", "dx", ",") and text in ("dx", "diagnosis", "#"):
        return fault.mistake(
            "SEQ195", f"No `{text}` stands before the numbers of the diagnoses.", hint="Write `for 1, 2`.", by=()
        )
    return None


def _modifiers(fault: Fault) -> Mistake | None:
    """`line 99213-25, 59`: modifiers parted by commas."""
    if fault.text() != "," or "-" not in fault.text(-1) or not re.fullmatch(r"[0-9A-Z]{2}", fault.text(1)):
        return None
    whole = f"{fault.text(-1)}-{fault.text(1)}"
    return fault.mistake(
        "SEQ195",
        "Modifiers stand after the code, joined by hyphens.",
        hint=f"Write `{whole}`.",
        first=-1,
        last=2,
        by=(whole,),
    )


def _part(fault: Fault, others: dict[str, str]) -> Mistake | None:
    text = fault.text().lower()
    if text not in others:
        return None
    word = others[text]
    if not word:
        return fault.mistake("SEQ195", f"No `{text}` stands here.", hint=f"Leave `{text}` away.", by=())
    return fault.mistake(
        "SEQ195",
        f"`{text}` is written `{word}` in a case.",
        hint=f"Write `{word} {fault.said(1, 2) or '…'}`.",
        by=(word,),
    )


def _case(fault: Fault) -> Mistake | None:
    """A title at the start of a line, after an expectation or an item: a case without its first word."""
    token = fault.at()
    if token is None or not token.opens_line or not token.text.startswith('"') or not fault.index:
        return None
    if fault.start not in ("expectation", "item", "case_head") or fault.can("QUOTED"):
        return None
    return fault.mistake(
        "SEQ180",
        f"`case` is missing before `{token.text}`.",
        hint=f"Write `case {token.text}`.",
        last=0,
        at=token.span,
        opens="case",
    )


def _items(fault: Fault) -> Mistake | None:
    text = fault.text().lower()
    if fault.can("SEX"):
        sexes = {
            "f": "female",
            "m": "male",
            "woman": "female",
            "man": "male",
            "girl": "female",
            "boy": "male",
            "x": "undetermined",
            "unknown": "undetermined",
            "women": "female",
            "men": "male",
        }
        meant = sexes.get(text, "")
        if meant:
            return fault.mistake("SEQ195", f"`{fault.text()}` is written `{meant}`.", by=(meant,))
    if fault.can("BORN") and text in ("age", "aged", "dob", "birth", "birthdate", "birth-date", "date"):
        if text in ("age", "aged"):
            return fault.mistake(
                "SEQ195",
                "A case states the day of birth, not the age.",
                hint="Write `born 1986-01-01`.",
                last=2,
                by=("born", "1986-01-01"),
            )
        return fault.mistake(
            "SEQ195", f"`{text}` is written `born`.", hint=f"Write `born {fault.said(1, 2) or '…'}`.", by=("born",)
        )
    if fault.can("SUPPORTS") and text in ("support", "supporting", "for", "with", "documents"):
        return fault.mistake("SEQ195", f"`{text}` is written `supports`.", by=("supports",))
    if fault.can("POA") and re.fullmatch(r"[YNUW]", fault.text()):
        return fault.mistake(
            "SEQ195", "`poa` is missing.", hint=f"Write `poa {fault.text()}`.", last=0, at=fault.span(), by=("poa",)
        )
    token = fault.at()
    if token is not None and token.opens_line and text.replace("-", "").isalpha() and fault.index:
        meant = _ITEM_WORDS.get(text) or next(iter(nearest(text, _OPENING)), "")
        if meant:
            return fault.mistake("SEQ195", f"`{fault.text()}` is written `{meant}` in a case.", opens=meant)
    return None


_RECOGNISERS: Final[tuple[Callable[[Fault], Mistake | None], ...]] = (
    *(_case, _status, _claim, _modifiers, _line, _items),
)
