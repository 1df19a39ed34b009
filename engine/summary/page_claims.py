"""Page claims: the findings that the page shows one by one, how many there are, and how to get the rest.

In:   a `Summary`.                          Out: HTML, sentences, a query.
Uses: summary.figures, summary.words.       Used by: summary.as_html.
Not here: which findings are kept (kept.py).
"""

from html import escape
from typing import Final

from sequela.engine.summary.figures import Summary
from sequela.engine.summary.kept import KeptFinding
from sequela.engine.summary.words import dollars, many

_FIRST: Final = 25
"""So many rows stand there where the page's program does not run."""


def claims_html(summary: Summary) -> str:
    """The first failed findings as a table."""
    rows = [one for one in summary.tally.kept() if one.status == "fail"][:_FIRST]
    if not rows:
        return '<p class="quiet">Nothing failed.</p>'
    heads = (("Claim", ""), ("Rule", "wide"), ("About", "wide"), ("Charge", "money"), ("What was found", ""), ("Payer", "wide"),
             ("Billing NPI", "wide"), ("Service", "wide"))  # fmt: skip
    head = "".join(
        f'<th scope="col" class="{name}">{label}</th>' if name else f'<th scope="col">{label}</th>'
        for label, name in heads
    )
    body = "\n".join(_row(one) for one in rows)
    return f'<table aria-labelledby="h-claims"><thead><tr>{head}</tr></thead><tbody>\n{body}\n</tbody></table>'


def _row(one: KeptFinding) -> str:
    amount = dollars(one.cents) if one.cents is not None else "not sent"
    day = one.service_date.isoformat() if one.service_date else "not known"
    meta = ", ".join((one.rule, amount, one.about, one.payer or "no payer named", one.provider or "no NPI", day))
    said = f'{escape(one.message)}<span class="why">{escape(_why(one))}</span><span class="meta">{escape(meta)}</span>'
    return (
        f'<tr><th scope="row">{escape(one.claim_id)}</th><td class="wide rule">{escape(one.rule)}</td>'
        f'<td class="wide">{escape(one.about)}</td>'
        f'<td class="money">{amount}</td><td class="found">{said}</td><td class="wide">{escape(one.payer or "none named")}</td>'
        f'<td class="wide nowrap">{escape(one.provider or "none named")}</td><td class="wide nowrap">{day}</td></tr>'
    )


def _why(one: KeptFinding) -> str:
    """What follows, and why: "deny, CO 97: line 1 has no modifier 25"."""
    follows = ", ".join(part for part in (one.outcome, one.adjustment) if part)
    return f"{follows}: {one.reason}" if follows else one.reason


def claims_shown(summary: Summary) -> str:
    """How many of the failed findings are on the page, in a sentence or two."""
    every = summary.total.findings
    kept = sum(one.status == "fail" for one in summary.tally.kept())
    if not every:
        return "Nothing failed."
    if kept == every:
        return f"{many(every, 'failed finding')}, the highest charges first."
    return (
        f"This page holds {kept:,} of {every:,} failed findings: of each rule those with the highest charges. "
        "The figures above are of all of them."
    )


def query() -> str:
    """How DuckDB finds all failed findings of a batch, in its folder."""
    return (
        "SELECT claim_id, rule, outcome, amount, message, reason\n"
        "FROM 'findings/*.parquet'\nWHERE status = 'fail'\nORDER BY amount DESC NULLS LAST, claim_id, rule;"
    )
