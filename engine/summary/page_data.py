"""Page data: what the page's own program needs to filter, sort and open the figures: counts by rule, payer, provider and month.

In:   a `Summary`.                              Out: plain values; the text that stands in the page.
Uses: summary.figures, summary.kept, msgspec.   Used by: summary.as_html.
Not here: tables as they stand without the program (page_tables.py).

The counts are kept small: where there would be too many, providers with few failures are counted together, then payers.
"""

from collections import defaultdict
from collections.abc import Callable
from typing import Any, Final

import msgspec
from attrs import frozen

from sequela.engine.summary.figures import Summary
from sequela.engine.summary.kept import KeptFinding

MOST_ROWS: Final = 40_000
"""So many rows of counts a page holds, about a megabyte."""

_STATUSES: Final = ("unknown", "not checked", "error", "bypassed")
_SAFE: Final = {"<": "\\u003c", ">": "\\u003e", "&": "\\u0026", "\u2028": "\\u2028", "\u2029": "\\u2029"}


def script_text(plain: Any) -> str:
    """Plain values as JSON that may stand in an element `script`: nothing in it ends the element or begins another."""
    text = msgspec.json.encode(plain).decode()
    for sign, safe in _SAFE.items():
        text = text.replace(sign, safe)
    return text


def page_data(summary: Summary) -> dict[str, Any]:
    """The counts and the findings that are kept, with names as numbers into lists."""
    coarse = _coarse(summary)
    cells = _Numbered()
    rules = _Numbered()
    failed = _added(
        summary.tally.failures.by_rule.items(), lambda key: (rules(key[0]), cells(coarse(key[1]))), _of_failed
    )
    opened = _added(
        (((rule, cell), (status, count)) for (status, rule, cell), count in summary.tally.open.items()),
        lambda key: (rules(key[0]), cells(coarse(key[1]))),
        lambda one: tuple(one[1] if one[0] == status else 0 for status in _STATUSES),
    )
    claims = _added(summary.tally.claims.items(), lambda cell: (cells(coarse(cell)),), _of_claims)
    touched, hard = (
        _added(found.items(), lambda cell: (cells(coarse(cell)),), lambda cents: (cents,))
        for found in (summary.tally.failures.cents, summary.tally.failures.hard)
    )
    outcomes = [one for one, _ in summary.outcomes]
    facts = {one.pointer: place for place, one in enumerate(summary.facts)}
    tables = {one.table: place for place, one in enumerate(summary.tables)}
    alone = summary.tally.alone
    kept = [_of_kept(one, rules(one.rule), cells(coarse(one.cell))) for one in summary.tally.kept()]
    data = {
        "claims": [[*key, *row, *touched.get(key, (0,)), *hard.get(key, (0,))] for key, row in claims.items()],
        "outcomes": _rows(
            summary.tally.outcomes.items(),
            lambda key: (outcomes.index(key[0]), cells(coarse(key[1]))),
            lambda one: (one,),
        ),
        "failed": [[*key, *row] for key, row in failed.items()],
        "open": [[*key, *row] for key, row in opened.items()],
        "facts": _rows(
            ((key, (count, alone[key])) for key, count in summary.tally.facts.items()),
            lambda key: (facts[key[0]], cells(coarse(key[1]))),
            lambda one: one,
        ),
        "gaps": _rows(
            summary.tally.gaps.items(), lambda key: (tables[key[0]], cells(coarse(key[1]))), lambda one: (one,)
        ),
        "kept": kept,
    }
    axes = summary.tally.axes
    names = {"payer": axes.payer_names(), "provider": axes.provider_names(), "month": axes.month_names()}
    return {
        "names": names,
        "raw": {"payer": list(axes.payers.names), "provider": list(axes.providers.names)},
        "cells": [list(coarse.parts(one)) for one in cells.names],
        "rules": [_rule(summary, rule) for rule in rules.names],
        "outcomeNames": outcomes,
        **data,
    }


@frozen
class _Coarse:
    """Cells as they are counted on the page: payers and providers behind the first so many are others."""

    summary: Summary
    payers: int
    providers: int

    def __call__(self, cell: int) -> int:
        """The cell in which a cell is counted."""
        axes = self.summary.tally.axes
        payer, provider, month = self.parts(cell)
        payer = payer if payer < self.payers else axes.payers.others
        provider = provider if provider < self.providers else axes.providers.others
        return (payer * axes.providers.size + provider) * axes.months.size + month

    def parts(self, cell: int) -> tuple[int, int, int]:
        return self.summary.tally.axes.parts_of(cell)


def _coarse(summary: Summary) -> _Coarse:
    """As fine as a page can hold."""
    axes = summary.tally.axes
    keys = set(summary.tally.failures.by_rule) | {(rule, cell) for _, rule, cell in summary.tally.open}
    made = _Coarse(summary, axes.payers.size, axes.providers.size)
    while len({(rule, made(cell)) for rule, cell in keys}) > MOST_ROWS and made.payers + made.providers > 0:
        if made.providers > 1:
            made = _Coarse(summary, made.payers, made.providers // 2)
        else:
            made = _Coarse(summary, made.payers // 2, 0)
    return made


class _Numbered:
    """Gives names numbers, in the order in which they come."""

    def __init__(self) -> None:
        self.names: list[Any] = []
        self._numbers: dict[Any, int] = {}

    def __call__(self, name: Any) -> int:
        number = self._numbers.get(name)
        if number is None:
            number = self._numbers[name] = len(self.names)
            self.names.append(name)
        return number


def _added(
    items: Any, key: Callable[[Any], tuple[int, ...]], row: Callable[[Any], tuple[int, ...]]
) -> dict[tuple[int, ...], tuple[int, ...]]:
    """Rows of counts by a coarser key; rows with the same key are added up."""
    made: defaultdict[tuple[int, ...], tuple[int, ...]] = defaultdict(tuple)
    for name, one in items:
        place = key(name)
        before, more = made[place], row(one)
        made[place] = tuple(a + b for a, b in zip(before, more, strict=True)) if before else more
    return made


def _rows(items: Any, key: Callable[[Any], tuple[int, ...]], row: Callable[[Any], tuple[int, ...]]) -> list[list[int]]:
    return [[*place, *counts] for place, counts in _added(items, key, row).items()]


def _rule(summary: Summary, rule: str) -> list[str]:
    """What a rule is called, and what mostly follows from its failures."""
    one = summary.tally.rules[rule]
    outcome, adjustment = (
        min(found, key=lambda name: (-found[name], name), default="") for found in (one.outcomes, one.adjustments)
    )
    return [rule, one.title, outcome, adjustment]


def _of_failed(one: Any) -> tuple[int, ...]:
    return one.findings, one.claims, one.cents


def _of_claims(one: Any) -> tuple[int, ...]:
    return one.claims, one.judged, one.clean, one.failing, one.open, one.cents


def _of_kept(one: KeptFinding, rule: int, cell: int) -> list[Any]:
    day = one.service_date.isoformat() if one.service_date else ""
    return [
        rule, cell, one.status, one.claim_id, one.payer or "", one.provider or "", day, one.outcome or "",
        one.adjustment or "", one.about, one.cents, one.message, one.reason,
    ]  # fmt: skip
