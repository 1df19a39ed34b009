"""Page tables: the tables of the page: their columns, their rows, and how they stand in HTML without the page's program.

In:   a `Summary`.                                  Out: `PageTable`s; HTML.
Uses: summary.figures, summary.words.               Used by: summary.as_html.
Not here: filtered rows: page.js makes them, in the same columns.
"""

from collections.abc import Sequence
from html import escape
from typing import Any, Final

from attrs import field, frozen

from sequela.engine.summary.as_text import why_not_there
from sequela.engine.summary.figures import Split, Summary
from sequela.engine.summary.words import OUTCOME_WORDS, dollars, share

SHOWN: Final = 12
"""So many rows of a ranking stand there at first, where the page's program runs; the rest is a button away."""


@frozen
class Column:
    """A column: its key in the rows, its heading, how a cell looks, and whether narrow screens leave it out.

    Looks: `name` (heads the row, with the row's `title` below it), `text`, `code`, `count`, `money` (cents), `percent` (part and
    whole), `bar` (a number, against the largest of the column).
    """

    key: str
    label: str
    look: str
    wide: bool = False


@frozen(kw_only=True)
class PageTable:
    """A table. `axis` is what a click on a row narrows the page to: payer, provider, month or rule."""

    name: str
    columns: tuple[Column, ...]
    rows: list[dict[str, Any]] = field(repr=False)
    axis: str | None = None
    empty: str = "None."
    left_out: int = 0

    def to_data(self) -> dict[str, Any]:
        """Its columns and rows for the page's program."""
        columns = [{"key": one.key, "label": one.label, "look": one.look, "wide": one.wide} for one in self.columns]
        return {"columns": columns, "rows": self.rows, "axis": self.axis, "empty": self.empty}


_SPLIT: Final = (
    Column("claims", "Claims", "count", wide=True),
    Column("clean", "Clean", "percent"),
    Column("failing", "Failing", "count"),
    Column("failingBar", "", "bar", wide=True),
    Column("touched", "Charges", "money"),
)


def page_tables(summary: Summary, top: int) -> dict[str, PageTable]:
    """The tables by name; rankings hold `top` rows."""
    made = (
        _outcomes(summary),
        _rules(summary, top),
        _split("payers", "payer", "Payer id", summary.payers, top),
        _split("providers", "provider", "Billing NPI", summary.providers, top),
        _split("months", "month", "Month", summary.months, len(summary.months)),
        _facts(summary, top),
        _gaps(summary, top),
        _rejects(summary, top),
    )
    return {one.name: one for one in made}


def _outcomes(summary: Summary) -> PageTable:
    columns = (
        Column("name", "Outcome", "name"),
        Column("claims", "Claims", "count"),
        Column("share", "Share", "percent"),
    )
    whole = summary.total.claims
    rows = [
        {"key": one, "name": OUTCOME_WORDS.get(one, one), "claims": count, "share": [count, whole]}
        for one, count in summary.outcomes
    ]
    return PageTable(name="outcomes", columns=columns, rows=rows, empty="No claim was decided.")


def _rules(summary: Summary, top: int) -> PageTable:
    columns = (
        Column("name", "Rule", "name"),
        Column("findings", "Failures", "count"),
        Column("bar", "", "bar", wide=True),
        Column("claims", "Claims", "count", wide=True),
        Column("touched", "Charges", "money"),
        Column("outcome", "Outcome", "text", wide=True),
        Column("adjustment", "CARC", "code", wide=True),
    )
    failed = summary.failed_rules
    rows = [
        {
            "key": one.rule,
            "name": one.rule,
            "title": one.title,
            "findings": one.findings,
            "bar": one.findings,
            "claims": one.claims,
            "touched": one.touched,
            "outcome": one.outcome or "",
            "adjustment": one.adjustment or "",
        }
        for one in failed[:top]
    ]
    left = max(0, len(failed) - top)
    return PageTable(name="rules", axis="rule", columns=columns, rows=rows, empty="Nothing failed.", left_out=left)


def _facts(summary: Summary, top: int) -> PageTable:
    columns = (
        Column("name", "Fact", "name"),
        Column("findings", "Findings", "count"),
        Column("bar", "", "bar", wide=True),
        Column("alone", "By it alone", "count"),
        Column("where", "Where it stands", "text", wide=True),
        Column("rules", "Rules", "text", wide=True),
    )
    rows = [
        {
            "key": one.pointer,
            "name": one.name.name,
            "findings": one.findings,
            "bar": one.findings,
            "alone": one.alone,
            "where": _where(one.name),
            "rules": _few(one.rules),
        }
        for one in summary.facts[:top]
    ]
    left = max(0, len(summary.facts) - top)
    return PageTable(name="facts", columns=columns, rows=rows, empty="Nothing was left unknown.", left_out=left)


def _gaps(summary: Summary, top: int) -> PageTable:
    columns = (
        Column("name", "Table", "name"),
        Column("findings", "Not checked", "count"),
        Column("bar", "", "bar", wide=True),
        Column("rules", "Rules", "count", wide=True),
        Column("why", "Why", "text"),
    )
    rows = [
        {
            "key": one.table,
            "name": one.table,
            "findings": one.findings,
            "bar": one.findings,
            "rules": one.rules,
            "why": why_not_there(one.days),
        }
        for one in summary.tables[:top]
    ]
    left = max(0, len(summary.tables) - top)
    empty = "Every table that a rule asked was there."
    return PageTable(name="gaps", columns=columns, rows=rows, empty=empty, left_out=left)


def _rejects(summary: Summary, top: int) -> PageTable:
    columns = (
        Column("name", "Code", "name"),
        Column("claims", "Claims", "count"),
        Column("rows", "Rows", "count"),
        Column("message", "For example", "text"),
        Column("hint", "What to try", "text", wide=True),
    )
    rows = [
        {
            "key": one.code,
            "name": one.code,
            "claims": one.found.claims,
            "rows": one.found.rows,
            "message": one.found.message,
            "hint": one.found.hint or "",
        }
        for one in summary.rejects[:top]
    ]
    left = max(0, len(summary.rejects) - top)
    empty = "Every claim could be read."
    return PageTable(name="rejects", columns=columns, rows=rows, empty=empty, left_out=left)


def _split(name: str, axis: str, label: str, rows: Sequence[Split], top: int) -> PageTable:
    return PageTable(
        name=name,
        axis=axis,
        columns=(Column("name", label, "name"), *_SPLIT),
        rows=[
            {
                "key": one.name,
                "name": one.name,
                "claims": one.claims,
                "clean": [one.clean, one.judged],
                "failing": one.failing,
                "failingBar": one.failing,
                "touched": one.touched,
            }
            for one in rows[:top]
        ],
        empty="No claim was decided.",
        left_out=max(0, len(rows) - top),
    )


def _where(name: Any) -> str:
    places = (("CMS-1500", name.cms1500), ("UB-04", name.ub04), ("837", name.x12))
    return "; ".join(f"{form} {place}" for form, place in places if place)


def _few(rules: Sequence[str], most: int = 4) -> str:
    more = f" and {len(rules) - most} more" if len(rules) > most else ""
    return ", ".join(rules[:most]) + more


# ---------------------------------------------------------------- HTML


def table_html(table: PageTable) -> str:
    """A table with all its rows, as it stands where no program runs."""
    if not table.rows:
        return f'<div class="scroll" id="t-{table.name}"><p class="quiet">{escape(table.empty)}</p></div>'
    head = "".join(f'<th scope="col"{_class(one)}>{escape(one.label)}</th>' for one in table.columns)
    largest = {
        one.key: max((_number(row[one.key]) for row in table.rows), default=0)
        for one in table.columns
        if one.look == "bar"
    }
    body = "\n".join(f"<tr>{''.join(_cell(one, row, largest) for one in table.columns)}</tr>" for row in table.rows)
    more = (
        f'<p class="quiet">… and {table.left_out:,} more: <code>--top N</code> puts more of them here.</p>'
        if table.left_out
        else ""
    )
    return (
        f'<div class="scroll" id="t-{table.name}"><table aria-labelledby="h-{table.name}">'
        f"<thead><tr>{head}</tr></thead><tbody>\n{body}\n</tbody></table></div>{more}"
    )


def _cell(column: Column, row: dict[str, Any], largest: dict[str, float]) -> str:
    value = row[column.key]
    match column.look:
        case "name":
            title = f'<span class="title">{escape(row["title"])}</span>' if row.get("title") else ""
            return f'<th scope="row">{escape(str(value))}{title}</th>'
        case "count":
            text = f"{value:,}"
        case "money":
            text = dollars(value)
        case "percent":
            text = share(*value)
        case "bar":
            width = 100 * _number(value) / largest[column.key] if largest[column.key] else 0
            bar = f'<svg aria-hidden="true" focusable="false"><rect width="{width:.1f}%" height="100%"></rect></svg>'
            return f"<td{_class(column)}>{bar}</td>"
        case _:
            text = str(value)
    return f"<td{_class(column)}>{escape(text)}</td>"


def _class(column: Column) -> str:
    names = [column.look if column.look != "name" else "", "wide" if column.wide else ""]
    said = " ".join(one for one in names if one)
    return f' class="{said}"' if said else ""


def _number(value: Any) -> float:
    return float(value)
