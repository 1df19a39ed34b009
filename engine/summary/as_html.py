"""As HTML: a summary as one page that opens from a disk, without a server, and asks for nothing from anywhere.

In:   a `Summary`.                                                          Out: the text of an HTML file.
Uses: summary.page_tables, page_chart, page_claims, page_data; page.html, page.css, *.js.    Used by: commands.summary.
Not here: what the figures are (figures.py); what happens on a click (page.js).

The page says by its own Content-Security-Policy that nothing may be loaded and no other program may run. Texts of claims and
rules are escaped here, and set as text there. The same summary gives the same bytes.
"""

import base64
import hashlib
import re
from html import escape
from importlib.resources import files
from typing import Any, Final

from sequela.engine.summary.as_text import notes
from sequela.engine.summary.failures import HARD
from sequela.engine.summary.figures import Split, Summary
from sequela.engine.summary.folder import unfinished
from sequela.engine.summary.page_chart import dated, month_label, trend_svg, trend_words
from sequela.engine.summary.page_claims import claims_html, claims_shown, query
from sequela.engine.summary.page_data import page_data, script_text
from sequela.engine.summary.page_tables import SHOWN, page_tables, table_html
from sequela.engine.summary.words import dollars, many, share

_SCRIPTS: Final = ("page_words.js", "page_counts.js", "page_chart.js", "page_tables.js", "page.js")
_HOLE: Final = re.compile(r"\{([a-z_]+)\}")
_SAID_INPUTS: Final = 3


def as_html(summary: Summary, top: int) -> str:
    """The page; rankings hold `top` rows."""
    tables = page_tables(summary, top)
    style = _file("page.css")
    script = "(() => {\n'use strict';\n" + "\n".join(_file(name) for name in _SCRIPTS) + "\n})();\n"
    data = {
        **page_data(summary),
        "tables": {name: one.to_data() for name, one in tables.items()},
        "shown": SHOWN,
        "rejected": summary.rejected,
        "top": top,
        "total": {"trend": trend_words(summary.months)},
    }
    holes = {
        **{name: table_html(one) for name, one in tables.items()},
        "style": style,
        "style_hash": _hash(style),
        "script": script,
        "script_hash": _hash(script),
        "data": script_text(data),
        "title": f"Sequela: {many(summary.total.claims, 'claim')}, {escape(_period(summary))}",
        "claims_words": escape(many(summary.total.claims, "claim")),
        "lead": escape(_lead(summary)),
        "warnings": _warnings(summary),
        "tiles": _tiles(summary),
        "trend": trend_svg(summary.months),
        "trend_words": escape(trend_words(summary.months) or "There are too few months to draw a line."),
        "claims": claims_html(summary),
        "claims_shown": escape(claims_shown(summary)),
        "query": escape(query()),
        "notes": "".join(f"<dt>Note</dt><dd>{escape(one)}</dd>" for one in notes(summary)),
        "receipts": _receipts(summary),
    }
    return _HOLE.sub(lambda hole: holes[hole[1]], _file("page.html"))


def _file(name: str) -> str:
    return files("sequela.engine.summary").joinpath(name).read_text(encoding="utf-8")


def _hash(text: str) -> str:
    """A text as a Content-Security-Policy names what may run."""
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


def _period(summary: Summary) -> str:
    shown = dated(summary.months)
    if not shown:
        return "no month of service"
    first, last = month_label(shown[0].name), month_label(shown[-1].name)
    return first if first == last else f"{first} to {last}"


def _lead(summary: Summary) -> str:
    inputs = summary.folder.inputs
    named = ", ".join(inputs[:_SAID_INPUTS]) + (
        f" and {len(inputs) - _SAID_INPUTS} more" if len(inputs) > _SAID_INPUTS else ""
    )
    read = f"Read from {named}. " if named else ""
    return f"{read}Services of {_period(summary)}. Written by sequela summary."


def _warnings(summary: Summary) -> str:
    problem = unfinished(summary.folder)
    said = [problem.message] if problem is not None else []
    if not summary.total.claims:
        said.append("No claim was decided.")
    if summary.tally.unchecked:
        said.append(
            f"For {many(summary.tally.unchecked, 'claim')} some table could not be asked. What it decides was not checked, so "
            "none of them counts as clean; the tables are named below."
        )
    return "".join(f'<p class="warning"><strong>Note.</strong> {escape(one)}</p>' for one in said)


def _tiles(summary: Summary) -> str:
    total = summary.total
    tiles = (
        (
            "clean",
            "Clean-claim rate",
            share(total.clean, total.judged),
            f"{total.clean:,} of {many(total.judged, 'claim')}",
        ),
        (
            "failing",
            "Claims with a failure",
            f"{total.failing:,}",
            f"{_part(total.failing, total)}, {_hard(summary):,} rejected or denied",
        ),
        ("touched", "Charges touched by failures", dollars(total.touched), f"{dollars(total.hard)} rejected or denied"),
        ("open", "Claims left open", f"{total.open:,}", _part(total.open, total)),
        ("rejected", "Not read or decided", f"{summary.rejected:,}", "not among the claims"),
    )
    return "".join(
        f'<div{_chief(name)} data-tile="{name}"><dt>{label}</dt>'
        f'<dd class="figure">{figure}</dd><dd class="more">{more}</dd></div>'
        for name, label, figure, more in tiles
    )


def _chief(name: str) -> str:
    return ' class="chief"' if name == "clean" else ""


def _part(count: int, total: Split) -> str:
    return f"{share(count, total.judged)} of claims"


def _hard(summary: Summary) -> int:
    """How many claims are rejected or denied."""
    return sum(count for outcome, count in summary.outcomes if outcome in HARD)


def _receipts(summary: Summary) -> str:
    def said(receipt: tuple[Any, ...]) -> str:
        engine, rules, tables = receipt
        return f"<li>Sequela {escape(engine)}; rules <code>{escape(rules)}</code>; tables <code>{escape(tables)}</code></li>"

    return "".join(said(one) for one in sorted(summary.survey.receipts)) or "<li>No claim was decided.</li>"
